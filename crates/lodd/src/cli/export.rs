//! `lodd export`: what can be typed.

use std::path::PathBuf;

use clap::Args;

use crate::steps::export::Program;

/// Write the tables of out/ as csv with a Data Package, and scripts for Stata, SPSS and R
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "The scripts read the csv files with types, labels of variables and labels of values in the \
                        language of --lang; datapackage.json says what each column is. What is written is \
                        pseudonymous personal data and stays below the pilot's out/. See \
                        docs/export.md.\n\nExamples:\n  lodd export\n  lodd export --to stata --lang en\n  lodd \
                        export --to csv,r out/til-analysen"
)]
pub(crate) struct Export {
    /// For which programs; the csv files always [default: all]
    #[arg(long, value_name = "PROGRAM", value_delimiter = ',')]
    pub(crate) to: Vec<Program>,
    /// A folder below the pilot's out/ [default: out/export]
    pub(crate) dir: Option<PathBuf>,
}
