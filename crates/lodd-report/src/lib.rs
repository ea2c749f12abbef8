//! The report: tables, figures and sentences, in three languages.
//!
//! [`render`] takes a [`Report`], plain values that the program has read from the Parquet files:
//! the sections build one document from it in one language, and a renderer shows that. Same report, same bytes: nothing here reads a file, a clock
//! or the environment.
//!
//! | to change … | open |
//! |---|---|
//! | a sentence or a word | `src/locale/nb.rs`, `nn.rs`, `en.rs`, and one file a topic beside them |
//! | when a sentence is said | `src/wording.rs` |
//! | how a number or a date is written | `src/format.rs` |
//! | the order of the sections | `ORDER` in `src/sections.rs` |
//! | what a section holds | `src/sections/` |
//! | what a document is made of | `src/document.rs`, `src/table.rs`, `src/figures.rs` |
//! | the record of a draw for the archive | `src/record.rs`, its words in `src/record/words.rs` |
//! | the checks after a draw | `src/checks.rs` |
//! | the receipt for a delivered file | `src/receipt.rs` |
//! | what the page looks like | `src/html.rs`, `templates/` |
//! | what the PDF looks like | `templates/report.typ`, `src/pdf/widths.rs` |
//! | what the workbook looks like | `src/xlsx.rs`, `src/xlsx/` |
//! | what is refused | `src/check.rs` |

mod check;
mod checks;
mod document;
mod figures;
pub mod format;
mod html;
mod instant;
mod locale;
mod model;
mod pdf;
mod printed;
mod receipt;
mod record;
mod sections;
mod table;
mod wording;
mod xlsx;

pub use check::ReportError;
pub use checks::{Characteristic, Checks, Order, render_checks};
pub use model::{
    Arm, Beacon, Block, Cell, Contrast, Cost, Cover, CurveMonth, DataFile, Deviation,
    DeviationKind, Domain, Draw, Effect, EffectPath, Eligibility, Fate, FileKind, FlowRow, Horizon,
    Lang, Legal, Measure, MonthlyCurve, MonthlyCurves, Origin, Outcome, Pair, Part, PathPoint,
    Plan, Planned, Population, PowerCurve, PowerCurves, Profile, Protocol, Reason, Received,
    Report, Robustness, RuleCount, Stage, Status, StatusColumn, StatusHorizon, StatusTable,
    Subgroups, Text, Unit,
};
pub use model::{
    Bound, ContextFigure, Counted, Descriptive, DescriptiveColumn, DescriptiveRow, Number,
    ProfileCell, ProfileColumn, ProfileRow, ProfileTable, RowKind, Rows, Subject, Term, Title,
    Value,
};
pub use receipt::{Receipt, render_receipt};
pub use record::{DrawnUnit, Record, RecordBeacon, RecordBlock, render_record};
pub use sections::{CHECKLIST_ITEMS, PROSE_SECTIONS};

/// What the report calls a code of the tables, an estimator or an adjustment; the code itself where it
/// has no word for it.
pub fn word_of(code: &str, lang: Lang) -> &str {
    locale::of(lang).code(code)
}

/// The formats a report can have. The same numbers stand in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// One page that needs no other file, no script and no network.
    Html,
    /// Tagged pages for print, screen readers and archives: PDF/UA-1 and PDF/A-2a.
    Pdf,
    /// A workbook with one sheet a table.
    Xlsx,
}

impl Format {
    /// Every format, in the order of files.
    pub const ALL: [Self; 3] = [Self::Html, Self::Pdf, Self::Xlsx];

    /// The ending of its files: `html`, `pdf` or `xlsx`.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
        }
    }
}

/// The report in one language and format.
///
/// # Errors
///
/// If a table mixes units or lacks its control column, if counts contradict each other, if a number
/// is not finite, if a table's file is not named, or if the format can't hold what is in it.
///
/// # Panics
///
/// The libraries behind PDF and XLSX do, where the system refuses them a thread.
pub fn render(report: &Report, lang: Lang, format: Format) -> Result<Vec<u8>, ReportError> {
    check::check(report)?;
    let document = sections::document(wording::Words::new(lang), report)?;
    match format {
        Format::Html => Ok(html::render(&document)?.into_bytes()),
        Format::Pdf => pdf::render(&document),
        Format::Xlsx => xlsx::render(&document),
    }
}

/// A cell of one of the report's tables, as a table of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed {
    /// The table's number.
    pub table: u32,
    /// What the table is called.
    pub caption: String,
    /// The row's head, with what stands smaller under it.
    pub row: String,
    /// The heads of the column, from the top.
    pub column: String,
    /// The number, unrounded; `None` where the cell has none.
    pub value: Option<f64>,
    /// What the cell shows: the rounded number with what stands beside it, a symbol, or words.
    pub shown: String,
}

/// Every cell of every table of the report in one language, in the order of the document.
///
/// # Errors
///
/// As [`render`].
pub fn printed(report: &Report, lang: Lang) -> Result<Vec<Printed>, ReportError> {
    check::check(report)?;
    Ok(printed::cells(&sections::document(wording::Words::new(lang), report)?))
}

/// How many figures are drawn of these tables: of balance and of transitions. A figure whose numbers
/// may not all be shown is not drawn.
pub fn figures_of(tables: &[Descriptive]) -> usize {
    sections::descriptive::figures(tables)
}

/// What the report says of one effect, in whole sentences.
///
/// The effect need not be in the report; its arm and significance level are looked up there.
pub fn finding(report: &Report, effect: &Effect, lang: Lang) -> String {
    wording::Words::new(lang).finding(effect, report)
}
