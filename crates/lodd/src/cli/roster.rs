//! `lodd roster …`: what can be typed.

use std::path::PathBuf;

use clap::Subcommand;

use crate::{
    answer::Answer,
    problem::Failure,
    steps::{self, Context},
};

#[derive(Debug, Subcommand)]
pub(crate) enum Roster {
    /// Read families, members, months and facts from xlsx or csv files, all together
    #[command(after_help = "Examples:\n  lodd roster import roster.xlsx\n  lodd roster import \
                            familier.csv medlemmer.csv")]
    Import {
        /// .xlsx or .csv files; a csv file is one sheet, recognised by its columns
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Write the empty form of the roster: its sheets, with answers to choose from and a guide
    #[command(after_help = "Examples:\n  lodd roster template familieliste.xlsx\n  lodd roster \
                            template familieliste.xlsx --lang nn")]
    Template {
        /// The .xlsx file to write; it must not be there yet
        file: PathBuf,
    },
}

/// Calls the step of a command.
pub(super) fn run(context: &Context, command: &Roster) -> Result<Answer, Failure> {
    match command {
        Roster::Import { files } => steps::roster::import(context, files),
        Roster::Template { file } => steps::template::roster(context, file),
    }
}
