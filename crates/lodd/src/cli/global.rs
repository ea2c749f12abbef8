//! The options that every command takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::text::Lang;

/// Options that every command takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// The pilot folder
    #[arg(
        long,
        global = true,
        help_heading = "Options of every command",
        value_name = "DIR",
        default_value = ".",
        hide_default_value = true
    )]
    pub(crate) pilot: PathBuf,
    /// Where the offices' keys lie [default: `LODD_KEYS`, else private/keys in the pilot's folder]
    #[arg(long, global = true, help_heading = "Options of every command", value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    /// Language of messages and reports [default: from the locale, else nb]
    #[arg(long, global = true, help_heading = "Options of every command", value_enum)]
    pub(crate) lang: Option<Lang>,
    /// Print the result as JSON on stdout; messages stay on stderr
    #[arg(long, global = true, help_heading = "Options of every command")]
    pub(crate) json: bool,
    /// Print no result and no progress, only problems
    #[arg(long, short, global = true, help_heading = "Options of every command")]
    pub(crate) quiet: bool,
    /// Say more about what is done
    #[arg(long, short, global = true, help_heading = "Options of every command")]
    pub(crate) verbose: bool,
    /// Colours in messages
    #[arg(
        long,
        global = true,
        help_heading = "Options of every command",
        value_enum,
        default_value = "auto",
        hide_default_value = true
    )]
    pub(crate) color: Color,
    /// Threads for estimation [default: all]; results do not depend on it
    #[arg(long, global = true, help_heading = "Options of every command", value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// A scripted clock (2015-08-31T10:00:00Z) for demonstrations; the ledger says so
    #[arg(
        long,
        global = true,
        help_heading = "Options of every command",
        value_name = "TIME",
        hide_short_help = true
    )]
    pub(crate) clock: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}
