//! Descriptive tables: who was listed, drawn, balanced, followed, and what each arm got.
//!
//! One shape for all of them: columns of one unit, rows of plain values. What a table is about is its
//! [`Subject`], from which follow its caption and its notes.

use super::{Cell, Horizon, Stage, Text, Unit};

/// What a descriptive table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// List and draw per office (T1).
    Offices,
    /// Balance of all drawn (T2).
    Balance,
    /// The same facts among the analysed (T2).
    BalanceAnalysed,
    /// The order of the list held against the draw (T2).
    Order,
    /// Attrition by arm and reason, one source a table (T3).
    Attrition,
    /// What each arm got (T4).
    Received,
    /// Profile of eligible, drawn, consented, started and analysed (T4b).
    Profile,
    /// What the design could detect (T10).
    Power,
    /// Transitions between statuses (T11).
    Transitions,
    /// Response by office, horizon and arm (T12).
    Response,
    /// Draw and due calendar (T12).
    Calendar,
    /// Harms (T13).
    Harms,
}

impl Subject {
    /// Whether it compares arms: then every group of columns must have all of them, the control
    /// last. A before and after is one of these.
    pub fn compares_arms(self) -> bool {
        match self {
            Self::Offices
            | Self::Balance
            | Self::BalanceAnalysed
            | Self::Attrition
            | Self::Received
            | Self::Transitions
            | Self::Response
            | Self::Harms => true,
            Self::Order | Self::Profile | Self::Power | Self::Calendar => false,
        }
    }
}

/// A number that may be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// The number, finite.
    Known(f64),
    /// Missing: `..`
    Missing,
    /// May not be published: `:`
    Suppressed,
    /// Cannot occur: `.`
    Impossible,
}

impl Number {
    /// The number, where there is one.
    pub fn known(self) -> Option<f64> {
        match self {
            Self::Known(x) => Some(x),
            Self::Missing | Self::Suppressed | Self::Impossible => None,
        }
    }
}

impl From<Option<f64>> for Number {
    fn from(x: Option<f64>) -> Self {
        x.map_or(Self::Missing, Self::Known)
    }
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A count.
    Count(Cell),
    /// A count with its share of a whole.
    Share {
        /// How many.
        part: Cell,
        /// Of how many.
        whole: Cell,
    },
    /// A mean with its standard deviation.
    Mean {
        /// The mean.
        mean: Number,
        /// The standard deviation.
        sd: Number,
    },
    /// A fraction of units, such as the mean of yes and no.
    Fraction(Number),
    /// A difference of shares, a fraction; shown in percentage points.
    Points(Number),
    /// A number with two decimals.
    Decimal(Number),
    /// A p-value.
    P(Number),
    /// An ISO date; `None` where there is none.
    Date(Option<String>),
    /// Nothing belongs here.
    Empty,
}

/// Words of the report's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words stand in the locale files")]
pub enum Term {
    OnList,
    Reserve,
    AllDrawn,
    StdDifference,
    AllFacts,
    PReplay,
    Statistic,
    FirstTenth,
    Expected,
    Families,
    Total,
    /// The arm less the control.
    Contrast,
    ObservedOnce,
    InMeasure,
    InProgramme,
    FollowedUp,
    Met,
    Meetings,
    HasCoordinator,
    CrossedOver,
    ControlFollowed,
    OtherDeviation,
    BaseRate,
    Formula,
    DrawDate,
    Target,
    WindowLow,
    WindowHigh,
    Deadline,
    Ever,
}

/// What a row or a column is called.
#[derive(Clone, Debug, PartialEq)]
pub enum Title {
    /// The pilot's own words, or those of a code.
    Text(Text),
    /// An arm's label.
    Arm(String),
    /// A step of the flow.
    Stage(Stage),
    /// A code of the data model, such as `IKKE_NADD`, or an estimator's name.
    Code(String),
    /// An estimator that was simulated.
    Simulated(String),
    /// A horizon.
    Horizon(Horizon),
    /// From one status to another; `None` where it is not known.
    Move(Option<Text>, Option<Text>),
    /// A share, such as a base rate.
    Share(f64),
    /// One of the report's own words.
    Term(Term),
    /// The same of an arm, where several are compared with the control.
    Versus(Term, String),
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct DescriptiveColumn {
    /// What it counts.
    pub unit: Unit,
    /// What stands above it and its neighbours with the same.
    pub group: Option<Title>,
    /// Its own head.
    pub title: Title,
}

/// How a row stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum RowKind {
    Plain,
    Base,
    Part,
    Total,
}

/// A row: one value a column.
#[derive(Clone, Debug, PartialEq)]
pub struct DescriptiveRow {
    /// How it stands out.
    pub kind: RowKind,
    /// Its head.
    pub title: Title,
    /// One a column.
    pub cells: Vec<Value>,
}

/// A descriptive table of one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Descriptive {
    /// What it is about.
    pub subject: Subject,
    /// What is counted. Every column must have this unit.
    pub unit: Unit,
    /// The draw, where it is one draw's.
    pub draw: Option<u32>,
    /// The variable or outcome, where it is of one.
    pub label: Option<Text>,
    /// Source code, such as `VEILEDER`, and register code.
    pub source: Option<(String, Option<String>)>,
    /// The horizon, where the table is of one.
    pub horizon: Option<Horizon>,
    /// Replays of the draw behind p-values, where there are any.
    pub replays: Option<u64>,
    /// The Parquet file that holds its numbers, one of the report's.
    pub file: String,
    /// The columns.
    pub columns: Vec<DescriptiveColumn>,
    /// The rows.
    pub rows: Vec<DescriptiveRow>,
}
