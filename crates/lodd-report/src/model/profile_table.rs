//! Tables of the evaluator's own, counted from micro-data as `report.toml` describes them, and figures
//! from elsewhere that stand beside them.

use super::{Cell, Horizon, RowKind, Text};

/// What a table of the evaluator's own counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Counted {
    Family,
    Adult,
    Child,
    /// Children and young people together.
    Person,
    /// A referral, which a family may have several of.
    Case,
    /// Something that happened, such as a move into a job: each is counted.
    Move,
}

impl Counted {
    /// What can be counted, by the word of `report.toml`.
    pub const ALL: [(&'static str, Self); 6] = [
        ("families", Self::Family),
        ("adults", Self::Adult),
        ("children", Self::Child),
        ("persons", Self::Person),
        ("cases", Self::Case),
        ("moves", Self::Move),
    ];

    /// The word of `report.toml` and of the Parquet file.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(_, it)| *it == self).map_or("", |(code, _)| code)
    }
}

/// A column: the only one, or one of an arm at a horizon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileColumn {
    /// The horizon, where there are arms.
    pub horizon: Option<Horizon>,
    /// The arm's label, where there are arms.
    pub arm: Option<String>,
}

/// One number of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum ProfileCell {
    /// A count; with a whole, its share of that is shown too.
    Count {
        /// How many.
        n: Cell,
        /// Of how many.
        whole: Option<u64>,
    },
    /// A mean.
    Mean(f64),
    /// Growth, a fraction: 0.27 is 27 per cent.
    Growth(f64),
    /// A number that is known only from one side. It is never added to, subtracted from or divided.
    Bound(u64, Bound),
}

/// From which side a number is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Whether it is at least the number; else at most.
    pub is_lower: bool,
    /// What is said of it, with `{n}` for the number: `godt over {n}`. Left out: `minst {n}` or
    /// `høyst {n}`.
    pub words: Option<Text>,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileRow {
    /// How it stands out. A part is one of the row above that is no part.
    pub kind: RowKind,
    /// Its head; not read in a row of the total, which the report has words for.
    pub label: Text,
    /// One a column.
    pub cells: Vec<ProfileCell>,
}

/// How the rows of a table go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// No unit is in two of them.
    Apart,
    /// A staircase: each unit is counted once, in the last row it has reached.
    Highest,
    /// A unit may be in several; they are never summed.
    Overlapping,
}

/// A table of the evaluator's own. Everything in it is of one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileTable {
    /// Its id in `report.toml`.
    pub id: String,
    /// The section it stands in, one of [`crate::PROSE_SECTIONS`].
    pub section: String,
    /// What is above it.
    pub title: Text,
    /// What is counted.
    pub counted: Counted,
    /// Where the micro-data are from.
    pub source: Text,
    /// The year or years.
    pub period: Text,
    /// How the rows go together.
    pub together: Rows,
    /// The table of another unit that it stands beside, and is never subtracted from.
    pub beside: Option<String>,
    /// A remark of the evaluator's.
    pub note: Option<Text>,
    /// The Parquet file that holds its numbers, one of the report's.
    pub file: String,
    /// The columns.
    pub columns: Vec<ProfileColumn>,
    /// The rows.
    pub rows: Vec<ProfileRow>,
}

/// A figure from elsewhere, told with its source and year. Nothing is computed from it.
#[derive(Clone, Debug, PartialEq)]
pub struct ContextFigure {
    /// The section it stands in.
    pub section: String,
    /// What it is of.
    pub label: Text,
    /// The figure: a count, or per cent.
    pub value: f64,
    /// Whether it is per cent.
    pub percent: bool,
    /// Where it is known only from one side.
    pub bound: Option<Bound>,
    /// Where it is from.
    pub source: Text,
    /// The year it is of.
    pub year: i64,
}
