//! The command line: what can be typed, and which step each command calls.

mod export;
mod family;
mod global;
mod key;
mod kostra;
mod ledger;
mod names;
mod offer;
mod power;
mod release;
mod report;
mod roster;
mod run;
mod serve;

use std::{num::NonZero, path::PathBuf};

use clap::{Parser, Subcommand};

pub(crate) use export::Export;
pub(crate) use family::Family;
pub(crate) use global::{Color, Global};
pub(crate) use key::Key;
pub(crate) use kostra::{Form as KostraForm, Kostra};
pub(crate) use ledger::{Copies, Ledger};
pub(crate) use names::{Ids, Office};
pub(crate) use offer::Offer;
pub(crate) use power::Power;
pub(crate) use release::Release;
pub(crate) use report::{Report, ReportFormat};
pub(crate) use roster::Roster;
pub(crate) use run::run;
pub(crate) use serve::Serve;

use crate::steps::announce::OtherLists;

/// Draws places by lot, follows families up, and reports the effect: one folder a pilot.
///
/// lodd (Norwegian for lot) works on a pilot folder that holds the protocol file, pilot.toml. The usual
/// order: roster import, screen, draw announce, draw reveal, upload, plan lock, panel, estimate, report.
#[derive(Debug, Parser)]
#[command(
    name = "lodd",
    version,
    verbatim_doc_comment,
    max_term_width = 100,
    after_help = "Try `lodd demo` first: it runs the whole chain on the example pilots and prints \
                  every command.\nExit codes: 0 done, 1 refused (nothing was written), 2 could \
                  not run."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the whole chain on the example pilots and show every command
    #[command(after_help = "Examples:\n  lodd demo\n  lodd demo /tmp/prove --lang en")]
    Demo {
        /// Where to run it; must not exist yet, or be an earlier demo
        #[arg(default_value = "lodd-demo")]
        dir: PathBuf,
        /// The folder with the example pilots and their list, demo.toml
        #[arg(long, value_name = "DIR", default_value = "data")]
        from: PathBuf,
    },
    /// Begin a pilot: a folder with a protocol file to complete
    #[command(after_help = "Example:\n  lodd new prosjekt --template holf")]
    New {
        /// The folder to make
        dir: PathBuf,
        /// What to begin from; an unknown name lists those there are
        #[arg(long, value_name = "NAME")]
        template: String,
    },
    /// Check the protocol file: every mistake at once, with line and column; prints the design
    #[command(after_help = "Example:\n  lodd check --pilot ringerike")]
    Check,
    /// Read the roster: families, members and the facts that eligibility is judged on
    Roster {
        #[command(subcommand)]
        command: Roster,
    },
    /// Judge who is eligible: writes out/screening.parquet, prints counts by reason
    Screen,
    /// Lock the list, draw, and verify a draw
    Draw {
        #[command(subcommand)]
        command: Draw,
    },
    /// What happens to a family after its list was locked
    Family {
        #[command(subcommand)]
        command: Family,
    },
    /// Take a protocol file that was changed after the locking; both texts are kept
    #[command(
        after_help = "Titles, legal texts and offices' names may change; offices, outcomes and \
                            variables may be added. What the draw was locked with, and what is \
                            measured, can't change.\n\nExample:\n  lodd amend --reason \"nytt \
                            kontor for en familie som flyttet\""
    )]
    Amend {
        /// Why, without anything that points at a person
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Offices of the pilot
    Office {
        #[command(subcommand)]
        command: Office,
    },
    /// Ids of families
    Ids {
        #[command(subcommand)]
        command: Ids,
    },
    /// Check and store a file of statuses or monthly assistance from an office
    #[command(after_help = "A family and date with a wrong value is held; with more than 20 % \
                            held the file is refused. The same file again changes nothing. The \
                            receipt is written to out/receipts.\n\nExamples:\n  lodd upload status.xlsx \
                            --office ringerike --dry-run\n  lodd upload status.xlsx --office \
                            ringerike")]
    Upload {
        /// An .xlsx or .csv file; from a system, .parquet
        file: PathBuf,
        /// The office that delivers
        #[arg(long, value_name = "ID")]
        office: String,
        /// Only say what would be stored
        #[arg(long)]
        dry_run: bool,
        /// Store the families in order even when more than 20 % are held
        #[arg(long)]
        accept_good: bool,
        /// The file is meant to change more than 20 % of what it tells of
        #[arg(long)]
        correction: bool,
    },
    /// Write an office's form: its families, what is due and when, answers to choose from
    #[command(after_help = "It asks the same of every family in the draw and shows no arm; the \
                            coordinators' log (--log) is only for those who follow families up.\n\nExamples:\n  lodd template status.xlsx --office \
                            ringerike\n  lodd template status.xlsx --office ringerike --lang \
                            nn\n  lodd template logg.xlsx --office ringerike --log")]
    Template {
        /// The .xlsx file to write; it must not be there yet
        file: PathBuf,
        /// The office whose form it is
        #[arg(long, value_name = "ID")]
        office: String,
        /// The coordinators' log of the families they follow instead
        #[arg(long)]
        log: bool,
    },
    /// List who owes what by when: families and horizons, with the window and the deadline
    #[command(
        after_help = "Both arms are followed alike, and none is shown.\n\nExamples:\n  lodd \
                            due\n  lodd due --office ringerike --json"
    )]
    Due {
        /// Only this office's families
        #[arg(long, value_name = "ID")]
        office: Option<String>,
    },
    Kostra(Kostra),
    /// Build the panel at the horizons, the outcomes and the flow: out/*.parquet
    #[command(after_help = "Examples:\n  lodd panel\n  lodd panel --cut 2016-10-01T00:00:00Z\n  \
                            lodd panel --print-sql > panel.sql")]
    Panel {
        /// What was known at this time [default: the ledger's last entry]
        #[arg(long, value_name = "TIME")]
        cut: Option<String>,
        /// Print the queries that run, and run nothing
        #[arg(long)]
        print_sql: bool,
    },
    /// Lock or show the analysis plan, analysis.toml
    Plan {
        #[command(subcommand)]
        command: Plan,
    },
    /// Run the locked plan: out/estimates.parquet
    #[command(
        after_help = "What stands in --exploratory was not planned: its rows stand after the \
                            plan's, each marked exploratory, and the run is kept. With --data the \
                            same runs on any trial's table; see \
                            docs/analysis-toml.md.\n\nExamples:\n  lodd estimate\n  lodd estimate \
                            --exploratory undergrupper.toml\n  lodd estimate --data trial.csv \
                            --plan plan.toml --json"
    )]
    Estimate {
        /// Also when some families are not due yet; every output then says interim
        #[arg(long)]
        interim: bool,
        /// Analyses that are not in the locked plan, in a file like it
        #[arg(long, value_name = "FILE", conflicts_with = "data")]
        exploratory: Option<PathBuf>,
        /// Any trial's table instead of the pilot, csv or Parquet
        #[arg(long, value_name = "FILE", requires = "plan", conflicts_with = "interim")]
        data: Option<PathBuf>,
        /// The plan of that table: how units were assigned, and the analyses
        #[arg(long, value_name = "FILE", requires = "data")]
        plan: Option<PathBuf>,
        /// Write that table's numbers to this Parquet file
        #[arg(long, value_name = "FILE", requires = "data")]
        out: Option<PathBuf>,
    },
    Power(Power),
    Report(Report),
    Serve(Serve),
    Export(Export),
    Release(Release),
    /// The keys that offices' values are kept under: where they are, new ones, shares for loss
    Key {
        #[command(subcommand)]
        command: Key,
    },
    /// Check the whole pilot against its ledger, or an office's receipt
    Ledger {
        #[command(subcommand)]
        command: Ledger,
    },
    #[command(flatten)]
    Copies(Copies),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Draw {
    /// Lock the list of eligible families and announce the draw
    #[command(after_help = "A round of drand must be at least an hour ahead ([draw] lead_minutes \
                            in pilot.toml), and at most a year. If the program was stopped before \
                            it had recorded an announcement, the same command takes that one \
                            up.\n\nExamples:\n  lodd draw announce --at \"2026-12-01 12:00\"\n  \
                            lodd draw announce --witnessed \"six dice before two witnesses\"\n  \
                            lodd draw announce --rehearsal")]
    Announce {
        /// The round of drand quicknet that decides
        #[arg(long, value_name = "N", group = "decides")]
        round: Option<NonZero<u64>>,
        /// The first round at or after this time: Oslo time, or with an offset (RFC 3339)
        #[arg(long, value_name = "TIME", group = "decides")]
        at: Option<String>,
        /// What will be read out before witnesses
        #[arg(long, value_name = "TEXT", group = "decides")]
        witnessed: Option<String>,
        /// A rehearsal: the pilot's label must end in -rehearsal; alone, its seed is given by hand
        #[arg(long, required_unless_present = "decides")]
        rehearsal: bool,
        #[command(flatten)]
        others: OtherLists,
    },
    /// Reveal the beacon's value and draw
    #[command(after_help = "The file of a round is what \
                            https://api.drand.sh/52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971/public/N \
                            shows. Its signature is checked here, wherever it came \
                            from.\n\nExamples:\n  lodd draw reveal --beacon runde.json\n  lodd draw \
                            reveal --beacon - < runde.json\n  lodd draw reveal --fetch\n  lodd draw \
                            reveal --value \"4-2-6-1-1-5\"\n  lodd draw reveal --seed 00…00 (64 hex \
                            digits, rehearsals only)")]
    Reveal {
        /// A file with the round as drand gives it ({\"round\", \"signature\"}); - for standard input
        #[arg(long, value_name = "FILE", group = "gives")]
        beacon: Option<PathBuf>,
        /// Get the round from drand's public relays
        #[arg(long, group = "gives")]
        fetch: bool,
        /// Get it from this relay instead (https, or http to 127.0.0.1)
        #[arg(long, value_name = "URL", requires = "fetch")]
        relay: Option<String>,
        /// The text that was read out before witnesses
        #[arg(long, value_name = "TEXT", group = "gives")]
        value: Option<String>,
        /// The seed of a rehearsal, 64 hex digits
        #[arg(long, value_name = "HEX", group = "gives")]
        seed: Option<String>,
    },
    /// Give an open draw up, for everyone to see: its number is used, its families are free
    #[command(
        after_help = "The reason is public, and so is the secret once the round has come.\n\n\
                            Example:\n  lodd draw void --reason \"two families were on the list \
                            twice\""
    )]
    Void {
        /// Why: it will be published
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Write a family's slip: JSON that proves its place and its ticket, and a page to print
    #[command(after_help = "The slip is the family's own: whoever has it can tell which row is \
                            theirs.\n\nExamples:\n  lodd draw slip RIN-ABC > slip.json\n  lodd draw \
                            slip RIN-ABC --out lapper")]
    Slip {
        /// The family's (or office's) id
        unit: String,
        /// The draw [default: the last one that has the unit on its list]
        #[arg(long, value_name = "N")]
        draw: Option<i64>,
        /// Write the JSON and the page in nb, nn and en into this folder
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Compute result.csv of any draw folder to stdout (needs no pilot)
    #[command(
        after_help = "Example:\n  lodd draw compute draws/0001 | diff - draws/0001/result.csv"
    )]
    Compute {
        /// The folder with announcement, leaves and reveal
        dir: PathBuf,
    },
    /// Print the exact probabilities of an announced draw as csv (needs no pilot)
    #[command(
        after_help = "A constrained draw is counted: over all its assignments while they are \
                            at most --enumerate-max, else over --replays draws; the column `how` \
                            says which.\n\nExamples:\n  lodd draw probabilities draws/0001\n  \
                            lodd draw probabilities draws/0001 --pairs\n  lodd draw probabilities \
                            draws/0001 --covariates private/0001/covariates.csv"
    )]
    Probabilities {
        /// The folder with the announcement
        dir: PathBuf,
        /// The private values of a constrained draw
        #[arg(long, value_name = "FILE")]
        covariates: Option<PathBuf>,
        /// Of two different units rather than of one
        #[arg(long)]
        pairs: bool,
        /// Count all assignments while they are at most so many
        #[arg(long, value_name = "N", default_value_t = 1_000_000)]
        enumerate_max: u64,
        /// Draw so many times where they are more
        #[arg(long, value_name = "N", default_value_t = 100_000)]
        replays: u64,
    },
    /// Verify a draw folder from anyone (needs no pilot)
    #[command(after_help = "Examples:\n  lodd draw verify draws/0001\n  lodd draw verify \
                            draws/0001 --roster private/0001/private.csv\n  lodd draw verify \
                            draws/0001 --slip slip.json")]
    Verify {
        /// The folder of the draw, such as draws/0001
        dir: PathBuf,
        /// The folder of the draw before [default: the sibling folder, if it is there]
        #[arg(long, value_name = "DIR")]
        previous: Option<PathBuf>,
        /// The private list (block,leaf,salt,id) to check against the leaves
        #[arg(long, value_name = "FILE")]
        roster: Option<PathBuf>,
        /// The private values of a constrained draw, to check that no earlier attempt would pass
        #[arg(long, value_name = "FILE")]
        covariates: Option<PathBuf>,
        /// A family's slip to check against the draw
        #[arg(long, value_name = "FILE")]
        slip: Option<PathBuf>,
    },
    /// Take over an assignment made elsewhere, or a finished lodd/1 folder
    #[command(after_help = "Examples:\n  lodd draw import assignment.csv\n  lodd draw import \
                            draw/0001 --private draw/private.csv --drawn-on 2015-08-31")]
    Import {
        /// A csv file (unit,block,arm,date,probability) or a lodd/1 draw folder
        from: PathBuf,
        /// The private list of a lodd/1 folder (block,leaf,salt,id)
        #[arg(long, value_name = "FILE")]
        private: Option<PathBuf>,
        /// The date of a lodd/1 folder's draw
        #[arg(long, value_name = "DATE", requires = "private")]
        drawn_on: Option<String>,
    },
    /// Log offers and answers; offer free places down the ranked list
    Offer {
        #[command(subcommand)]
        command: Offer,
    },
    /// Write the balance table, the checks and the record of a draw again: out/draw-NNNN
    #[command(after_help = "`draw reveal` and `draw import` write them too.\n\nExample:\n  lodd \
                            draw report 1")]
    Report {
        /// The draw's number [default: the last that was made]
        draw: Option<u32>,
    },
    /// Where the draws stand
    Status,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Plan {
    /// Lock analysis.toml: its hash goes into the ledger before outcomes can be opened
    Lock,
    /// Show the plan with its hash
    Show,
    /// Write what the plan needs of registers' data: population, variables, period, why
    #[command(
        after_help = "Writes out/application-nb.md, -nn.md and -en.md, the pack that goes with \
                            an application for data.\n\nExample:\n  lodd plan application"
    )]
    Application,
}
