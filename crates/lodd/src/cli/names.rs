//! `lodd office …` and `lodd ids …`: what can be typed.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Office {
    /// Print the lines that add an office to pilot.toml, which is written by hand
    #[command(
        after_help = "Example:\n  lodd office add nes --name \"Nav Nes\" --municipality 3228 \
                            >> pilot.toml"
    )]
    Add {
        /// Its id
        id: String,
        /// Its name
        #[arg(long, value_name = "TEXT")]
        name: String,
        /// Its municipality, four digits
        #[arg(long, value_name = "NNNN")]
        municipality: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Ids {
    /// Make ids with check symbols at random; nothing is stored
    #[command(after_help = "Example:\n  lodd ids new 60 --prefix RIN")]
    New {
        /// How many
        count: u32,
        /// The first three letters [default: the pilot's]
        #[arg(long, value_name = "RIN")]
        prefix: Option<String>,
    },
}
