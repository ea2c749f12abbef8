//! `lodd ledger`, `lodd backup`, `lodd restore`: what can be typed.

use std::path::PathBuf;

use clap::Subcommand;

use crate::{
    answer::Answer,
    problem::Failure,
    steps::{self, Context},
};

#[derive(Debug, Subcommand)]
pub(crate) enum Ledger {
    /// Check everything in the pilot's folder against the ledger: store, draws, keys, results
    #[command(after_help = "It finds what was changed behind the program's back: every stored \
                            row, every file that lodd wrote. An older receipt also finds a ledger \
                            that was cut, forked or rolled back.\n\nExamples:\n  lodd ledger \
                            verify\n  lodd ledger verify --receipt kvittering.json")]
    Verify {
        /// A receipt that an office holds; may be given several times
        #[arg(long = "receipt", value_name = "FILE")]
        receipts: Vec<PathBuf>,
    },
    /// Check an office's receipt: its entry is there, as it was, and so is all that followed
    #[command(after_help = "Example:\n  lodd ledger receipt kvittering.json")]
    Receipt {
        /// The receipt that `lodd upload` gave (JSON)
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Copies {
    /// Copy the pilot into a new folder while others go on writing, and verify the copy
    #[command(
        after_help = "The offices' keys are left out unless asked for: keep them apart from \
                            the copy.\n\nExamples:\n  lodd backup /mnt/kopi/2026-11-22\n  lodd \
                            backup /mnt/kopi/2026-11-22 --with-keys"
    )]
    Backup {
        /// The folder to make
        dir: PathBuf,
        /// Also copy the offices' keys: whoever has the copy can then read what families said
        #[arg(long)]
        with_keys: bool,
    },
    /// Bring a backup back into an empty folder, verified first; never over a pilot
    #[command(after_help = "Example:\n  lodd restore /mnt/kopi/2026-11-22 --pilot prosjekt")]
    Restore {
        /// The folder that `lodd backup` made
        dir: PathBuf,
    },
}

/// Calls the step of a copy.
pub(super) fn copies(context: &Context, command: &Copies) -> Result<Answer, Failure> {
    match command {
        Copies::Backup { dir, with_keys } => steps::backup::back_up(context, dir, *with_keys),
        Copies::Restore { dir } => steps::backup::restore(context, dir),
    }
}

/// Calls the step of a command.
pub(super) fn run(context: &Context, command: &Ledger) -> Result<Answer, Failure> {
    match command {
        Ledger::Verify { receipts } => steps::ledger::verify(context, receipts),
        Ledger::Receipt { file } => steps::ledger::receipt(context, file),
    }
}
