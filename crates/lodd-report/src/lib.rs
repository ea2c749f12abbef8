//! The report: tables, figures and sentences, as one self-contained page of HTML.
//!
//! [`render`] takes a [`Report`], plain values that the program has read from the Parquet files,
//! and gives the page in one language. Same report, same bytes: nothing here reads a file, a clock
//! or the environment.
//!
//! | to change … | open |
//! |---|---|
//! | a sentence or a word | `src/locale/nb.rs`, `src/locale/en.rs` |
//! | when a sentence is said | `src/wording.rs` |
//! | how a number or a date is written | `src/format.rs` |
//! | what a section holds | `src/sections/` |
//! | the record of a draw for the archive | `src/record.rs`, its words in `src/record/words.rs` |
//! | the checks after a draw | `src/checks.rs` |
//! | the receipt for a delivered file | `src/receipt.rs` |
//! | what the page looks like | `templates/` |
//! | what is refused | `src/check.rs` |

mod check;
mod checks;
mod figures;
pub mod format;
mod locale;
mod model;
mod page;
mod receipt;
mod record;
mod sections;
mod table;
mod wording;

use askama::Template;

pub use check::ReportError;
pub use checks::{Characteristic, Checks, Order, render_checks};
pub use model::{
    Arm, Beacon, Block, Cell, DataFile, Draw, Effect, Eligibility, FileKind, FlowRow, Horizon,
    Lang, Legal, Measure, Origin, Pair, Plan, Protocol, Reason, Report, RuleCount, Stage, Status,
    StatusColumn, StatusHorizon, StatusTable, Text, Unit,
};
pub use receipt::{Receipt, render_receipt};
pub use record::{DrawnUnit, Record, RecordBeacon, RecordBlock, RecordLang, render_record};

/// The report as one page of HTML that needs no other file, no script and no network.
///
/// # Errors
///
/// If a table mixes units or lacks its control column, if counts contradict each other, if a number
/// is not finite, or if a table's file is not named.
pub fn render(report: &Report, lang: Lang) -> Result<String, ReportError> {
    check::check(report)?;
    Ok(page::Page::new(wording::Words::new(lang), report).render()?)
}

/// What the report says of one effect, in whole sentences.
///
/// The effect need not be in the report; its arm and significance level are looked up there.
pub fn finding(report: &Report, effect: &Effect, lang: Lang) -> String {
    wording::Words::new(lang).finding(effect, report)
}
