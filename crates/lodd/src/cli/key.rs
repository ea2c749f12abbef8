//! `lodd key …`: what can be typed.

use std::path::PathBuf;

use clap::Subcommand;

use crate::{
    answer::Answer,
    problem::Failure,
    steps::{Context, key},
};

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Where the keys are, and whether they are there
    Status,
    /// Make the key of an office that has none; without --office the pilot's own
    #[command(after_help = "An office gets its key with its first rows: this is for one that is \
                            wanted before.\n\nExample:\n  lodd key new --office ringerike")]
    New {
        /// The office
        #[arg(long, value_name = "ID")]
        office: Option<String>,
    },
    /// Put a new key in an old one's place; without --office in that of every one
    #[command(
        after_help = "The old key stays in a file beside, for backups from its time: delete it \
                            when they are gone.\n\nExample:\n  lodd key rotate --office ringerike"
    )]
    Rotate {
        /// The office
        #[arg(long, value_name = "ID")]
        office: Option<String>,
    },
    /// Write a key in shares, to print and lock away in different places
    #[command(after_help = "Any K of them bring the key back, fewer say nothing of it. Delete \
                            the files when they are printed.\n\nExample:\n  lodd key export \
                            --office ringerike --shares 5 --threshold 3 andeler")]
    Export {
        /// The office; without it the pilot's own key
        #[arg(long, value_name = "ID")]
        office: Option<String>,
        /// How many shares, 2 to 20
        #[arg(long, value_name = "N")]
        shares: u8,
        /// How many of them bring the key back
        #[arg(long, value_name = "K")]
        threshold: u8,
        /// Where to write them; must not be in the pilot's folder
        dir: PathBuf,
    },
    /// Bring a lost key back from its shares
    #[command(after_help = "Example:\n  lodd key import andel-1.txt andel-3.txt andel-4.txt")]
    Import {
        /// Files with a share each
        #[arg(required = true, value_name = "SHARE")]
        shares: Vec<PathBuf>,
    },
}

/// Calls the step of a command.
pub(super) fn run(context: &Context, command: &Key) -> Result<Answer, Failure> {
    match command {
        Key::Status => key::status(context),
        Key::New { office } => key::new(context, office.as_deref()),
        Key::Rotate { office } => key::rotate(context, office.as_deref()),
        Key::Export { office, shares, threshold, dir } => {
            key::export(context, (office.as_deref(), *shares, *threshold), dir)
        }
        Key::Import { shares } => key::import(context, shares),
    }
}
