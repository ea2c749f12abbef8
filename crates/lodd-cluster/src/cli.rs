//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::text::Lang;

/// The panel at register scale: twelve-month outcomes over Parquet files
#[derive(Debug, Parser)]
#[command(name = "lodd-cluster", version, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: Global,
}

/// Options of every command.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Global {
    /// Language of messages [default: from the locale, else nb]
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<Lang>,
    /// Print the result as JSON on stdout; messages stay on stderr
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print no result and no progress, only problems
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Build panel.parquet from snapshots and assignments, as `lodd panel` does from a pilot
    Panel(Panel),
    /// Start a scheduler of a Ballista cluster
    Scheduler(Scheduler),
    /// Start an executor of a Ballista cluster
    Executor(Executor),
}

/// Inputs and output of the panel.
#[derive(Args, Debug)]
pub(crate) struct Panel {
    /// Snapshots in long form: Parquet files, folders, patterns or object store URLs
    #[arg(long, required = true, num_args = 1.., value_name = "FILES")]
    pub(crate) snapshots: Vec<String>,
    /// Who was drawn: a Parquet file, or several
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub(crate) assignments: Vec<String>,
    /// The [followup] part of a pilot.toml, or a whole one
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: PathBuf,
    /// What was recorded by then counts, such as 2016-10-01T00:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) cut: String,
    /// Where panel.parquet is written
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// local, or ballista://HOST:PORT
    #[arg(long, default_value = "local", value_name = "ENGINE")]
    pub(crate) engine: String,
    /// Parts worked on at once, on this machine [default: all processors]; the file does not depend on it
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Memory for queries on this machine, in MB; what does not fit goes to disk, in DIR
    #[arg(long, default_value_t = 1200, value_name = "MB")]
    pub(crate) memory: usize,
    /// Rows of snapshots that a part holds, on this machine; the file does not depend on it
    #[arg(long, default_value_t = 400_000, value_name = "N")]
    pub(crate) part_rows: usize,
    /// On a cluster: give up after so many seconds
    #[arg(long, default_value_t = 14_400, value_name = "SECONDS")]
    pub(crate) deadline: u64,
    /// Print the query and stop
    #[arg(long)]
    pub(crate) print_sql: bool,
}

/// Where a scheduler listens.
#[derive(Args, Debug)]
pub(crate) struct Scheduler {
    /// Address to listen on; there is no log-in, so keep other machines out but by a closed network
    #[arg(long, default_value = "127.0.0.1", value_name = "HOST")]
    pub(crate) bind: String,
    /// Port to listen on
    #[arg(long, default_value_t = 50050, value_name = "PORT")]
    pub(crate) port: u16,
    /// The name by which executors and clients reach it [default: the address it listens on]
    #[arg(long, value_name = "HOST")]
    pub(crate) external_host: Option<String>,
    /// Seconds without a sign of life after which an executor counts as lost; one that works gives a
    /// sign every five seconds
    #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(10..))]
    pub(crate) executor_timeout: u64,
    /// Write which executor ran which task to DIR, a file a job
    #[arg(long, value_name = "DIR")]
    pub(crate) event_log: Option<PathBuf>,
}

/// Where an executor listens, and its scheduler.
#[derive(Args, Debug)]
pub(crate) struct Executor {
    /// The scheduler, HOST:PORT
    #[arg(long, default_value = "127.0.0.1:50050", value_name = "HOST:PORT")]
    pub(crate) scheduler: String,
    /// Address to listen on; there is no log-in, so keep other machines out but by a closed network
    #[arg(long, default_value = "127.0.0.1", value_name = "HOST")]
    pub(crate) bind: String,
    /// Port that gives rows to others
    #[arg(long, default_value_t = 50051, value_name = "PORT")]
    pub(crate) port: u16,
    /// Port on which the scheduler calls it
    #[arg(long, default_value_t = 50052, value_name = "PORT")]
    pub(crate) grpc_port: u16,
    /// The name by which others reach it [default: the address it listens on]
    #[arg(long, value_name = "HOST")]
    pub(crate) external_host: Option<String>,
    /// Tasks at once [default: all processors]
    #[arg(long, value_name = "N")]
    pub(crate) cores: Option<usize>,
    /// Memory for queries, in MB; what does not fit goes to disk
    #[arg(long, default_value_t = 1200, value_name = "MB")]
    pub(crate) memory: u64,
    /// Where rows on their way are kept [default: the system's folder for such files]
    #[arg(long, value_name = "DIR")]
    pub(crate) work_dir: Option<PathBuf>,
    /// Its name in the scheduler's log [default: a new one]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
}
