//! `lodd kostra`: what can be typed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Turn a KOSTRA file (11F, 11CF) into monthly assistance, without numbers of persons (no pilot)
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "Run it on the office's own machine; only the two files it writes leave it.\n\n\
                        Example:\n  lodd kostra 11F_2024.dat --key KEY.csv --out levering --complete"
)]
pub(crate) struct Kostra {
    /// The file as it was delivered to Statistics Norway
    pub(crate) file: PathBuf,
    /// The office's key: a csv file with the columns `member_id`, `id_type` (FNR, DNR, DUF,
    /// JOURNAL) and `id_value`. Keep it outside the pilot folder
    #[arg(long, value_name = "KEY.csv")]
    pub(crate) key: PathBuf,
    /// Where to write `monthly.csv` and `last_contact.csv`
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// The year it must be of [default: what its records say]
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(u16).range(2022..=2026))]
    pub(crate) year: Option<u16>,
    /// The form it must be [default: what its records look like]
    #[arg(long, value_enum)]
    pub(crate) form: Option<Form>,
    /// It is the municipality's whole 11F of a year that is over: who is absent got nothing
    #[arg(long)]
    pub(crate) complete: bool,
}

/// The forms that are read.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Form {
    /// Økonomisk sosialhjelp
    #[value(name = "11F")]
    Assistance,
    /// Kvalifiseringsprogrammet
    #[value(name = "11CF")]
    Programme,
}
