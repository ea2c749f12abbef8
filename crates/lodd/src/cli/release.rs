//! `lodd release`.

use std::path::PathBuf;

use clap::Args;

/// Audit tables together with everything published before, and register them as published
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  lodd release public --label \"Rapport 2027\"\n  \
                        lodd release slides.toml --elsewhere\n  lodd release --list")]
pub(crate) struct Release {
    /// public/, or a file in it; with --elsewhere a file of numbers, as docs/disclosure.md has it
    #[arg(required_unless_present = "list", value_name = "TABLE")]
    pub(crate) tables: Vec<PathBuf>,
    /// What it is called [default: the cut; of a file, its own label]
    #[arg(long, value_name = "TEXT")]
    pub(crate) label: Option<String>,
    /// The tables were published by others, such as an office's own slides
    #[arg(long)]
    pub(crate) elsewhere: bool,
    /// Print what is registered
    #[arg(long, conflicts_with_all = ["tables", "label", "elsewhere"])]
    pub(crate) list: bool,
}
