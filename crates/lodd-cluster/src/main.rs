//! `lodd-cluster`: the panel at register scale. The same text as `lodd panel`, on DataFusion over
//! Parquet files, on this machine or on a Ballista cluster.

mod assigned;
mod check;
mod cli;
mod cluster;
mod files;
mod layout;
mod local;
mod output;
mod panel;
mod part;
mod problem;
mod progress;
mod query;
mod read;
mod rules;
mod runs;
mod scatter;
mod schema;
mod serve;
mod stored;
mod stores;
mod tables;
mod text;
mod whole_keys;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;

use crate::{
    cli::{Cli, Command, Global},
    problem::Failure,
    text::Lang,
};

/// Windows and joins ask for small pieces of memory all the time, at which the system's allocator is slow.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Plans of the panel are deep; their recursion needs room in debug builds.
const STACK: usize = 32 << 20;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come as errors too, with exit code 0.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(dispatch(&cli)),
        Err(error) => Err(Failure::internal("threads", error)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => ExitCode::from(report(&failure, cli.global)),
    }
}

async fn dispatch(cli: &Cli) -> Result<(), Failure> {
    match &cli.command {
        Command::Panel(words) => {
            let answer = Box::pin(panel::run(words, cli.global)).await?;
            let lang = lang(cli.global);
            let line = if cli.global.json {
                answer.json.to_string()
            } else {
                answer.text.get(lang).to_owned()
            };
            if cli.global.quiet && !cli.global.json && !words.print_sql {
                return Ok(());
            }
            writeln!(io::stdout(), "{line}").map_err(|error| Failure::io("stdout", error))
        }
        Command::Scheduler(words) => serve::scheduler(words).await,
        Command::Executor(words) => serve::executor(words).await,
    }
}

fn lang(global: Global) -> Lang {
    global.lang.unwrap_or_else(Lang::from_environment)
}

/// Says why nothing was done. Gives the exit code.
fn report(failure: &Failure, global: Global) -> u8 {
    let lang = lang(global);
    for line in failure.lines(lang) {
        let _ = writeln!(io::stderr(), "{line}");
    }
    if global.json {
        let _ = writeln!(io::stdout(), "{}", failure.to_json(lang));
    }
    failure.exit_code()
}
