//! What a report is made from: plain values, filled by the program from the Parquet files.
//!
//! Nothing here is formatted. Dates are ISO text, shares are fractions in [0, 1], and a number that
//! does not exist is `None` or [`Cell::Missing`], never NaN and never 0.

mod descriptive;
mod draw;
mod effect;
mod over_time;
mod plan;
mod profile;
mod profile_table;
mod tables;

pub use descriptive::{
    Descriptive, DescriptiveColumn, DescriptiveRow, Number, RowKind, Subject, Term, Title, Value,
};
pub use draw::{Beacon, Block, Draw, Origin, Protocol};
pub use effect::{
    Contrast, Domain, Effect, Measure, Pair, Part, Population, Received, Robustness, Status,
    Subgroups,
};
pub use over_time::{
    CurveMonth, EffectPath, MonthlyCurve, MonthlyCurves, PathPoint, PowerCurve, PowerCurves,
};
pub use plan::{Deviation, DeviationKind, Fate, Outcome, Planned};
pub use profile::{Cost, Cover, Profile};
pub use profile_table::{
    Bound, ContextFigure, Counted, ProfileCell, ProfileColumn, ProfileRow, ProfileTable, Rows,
};
pub use tables::{
    Cell, Eligibility, FlowRow, Reason, RuleCount, Stage, StatusColumn, StatusHorizon, StatusTable,
};

/// A language the report is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// Norwegian bokmål.
    Nb,
    /// Norwegian nynorsk.
    Nn,
    /// English.
    En,
}

impl Lang {
    /// Every language, in the order of files.
    pub const ALL: [Self; 3] = [Self::Nb, Self::Nn, Self::En];

    /// The language tag, as in the `lang` attribute and in file names: `nb`, `nn` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nb => "nb",
            Self::Nn => "nn",
            Self::En => "en",
        }
    }
}

/// A text in each of the report's languages, such as an outcome's label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named by their language")]
pub struct Text {
    pub nb: String,
    pub nn: String,
    pub en: String,
}

impl Text {
    /// A text whose nynorsk is its bokmål, until [`Text::nn`] says otherwise.
    pub fn new(nb: impl Into<String>, en: impl Into<String>) -> Self {
        let nb = nb.into();
        Self { nn: nb.clone(), nb, en: en.into() }
    }

    /// With its nynorsk.
    #[must_use]
    pub fn nn(self, nn: impl Into<String>) -> Self {
        Self { nn: nn.into(), ..self }
    }

    /// A text that is the same in all languages, such as the name of an office.
    pub fn same(text: impl Into<String>) -> Self {
        let nb = text.into();
        Self { nn: nb.clone(), en: nb.clone(), nb }
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nb => &self.nb,
            Lang::Nn => &self.nn,
            Lang::En => &self.en,
        }
    }
}

/// Whom a number counts. Numbers of different units never share a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Unit {
    Office,
    Family,
    Adult,
    Child,
}

impl Unit {
    /// Whom outcomes describe, in the order the report shows them.
    pub const ALL: [Self; 3] = [Self::Family, Self::Adult, Self::Child];

    /// What the flow counts, in the order the report shows it.
    pub const FLOW: [Self; 4] = [Self::Office, Self::Family, Self::Adult, Self::Child];

    /// Reads the code of the Parquet files: `KONTOR` or `office`, `FAMILIE` or `family`, `VOKSEN` or
    /// `adult`, `BARN` or `child`.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "KONTOR" | "office" => Some(Self::Office),
            "FAMILIE" | "family" => Some(Self::Family),
            "VOKSEN" | "adult" => Some(Self::Adult),
            "BARN" | "child" => Some(Self::Child),
            _ => None,
        }
    }
}

/// When a status is measured.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Horizon {
    /// Months after the draw; 0 is at the start.
    Months(u32),
    /// On a calendar date, ISO.
    Date(String),
}

impl Horizon {
    /// Reads the code of the Parquet files: `12`, or `2016-12-31`.
    pub fn from_code(code: &str) -> Self {
        code.parse().map_or_else(|_| Self::Date(code.to_owned()), Self::Months)
    }
}

/// One arm of the draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arm {
    /// The label of the protocol, as in the Parquet files.
    pub label: String,
    /// The name readers see.
    pub name: Text,
}

/// The analysis plan that was locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// SHA-256 of the plan as locked, hex.
    pub sha256: String,
    /// When it was locked, ISO.
    pub locked_at: String,
    /// Whether the ledger shows it was locked before any outcome was opened.
    pub before_outcomes: bool,
    /// Its text as locked, byte for byte.
    pub text: String,
}

/// The pilot's legal basis, as its protocol file states it. An empty text is shown as missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of `[legal]` in `pilot.toml`")]
pub struct Legal {
    pub processing_basis: String,
    pub confidentiality: String,
    pub trial_authority: String,
    pub dpia: String,
    pub ethics: String,
    pub information: String,
    pub objection: String,
    pub deletion_date: String,
}

/// Which table a Parquet file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of the files")]
pub enum FileKind {
    Screening,
    Assignments,
    Panel,
    Outcomes,
    Flow,
    Estimates,
    Stock,
    Power,
    Descriptives,
    ProfileTables,
    Balance,
    Order,
    Transitions,
}

/// A Parquet file beside the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFile {
    /// What it holds.
    pub kind: FileKind,
    /// Its name, relative to the report.
    pub name: String,
    /// SHA-256 of its bytes, hex, when known.
    pub sha256: Option<String>,
}

/// Everything one report says. See [`crate::render`] for what is refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The pilot's title.
    pub title: Text,
    /// The pilot's label, as in `pilot.toml`.
    pub pilot: String,
    /// Names of the offices.
    pub offices: Vec<String>,
    /// The arms in the order of the protocol; the last is the control. None in a project without a
    /// draw: then nothing is compared and no effect is estimated.
    pub arms: Vec<Arm>,
    /// The cut all numbers are made at: an ISO instant, with `Z` or an offset.
    pub cut: String,
    /// Whether it may be published: then every number has gone through disclosure control.
    pub public: bool,
    /// Made before every unit of the analysed draws was due.
    pub interim: bool,
    /// The locked analysis plan; `None` while none is.
    pub plan: Option<Plan>,
    /// Significance level of the plan, in (0, 1). Intervals have level 1 − alpha.
    pub alpha: f64,
    /// How many times the analysis was run, counted in the ledger.
    pub runs: u64,
    /// Whether the clock was scripted, as in the demo.
    pub scripted_clock: bool,
    /// The draws, by number.
    pub draws: Vec<Draw>,
    /// How eligibility was judged; `None` where it was judged elsewhere.
    pub eligibility: Option<Eligibility>,
    /// The rows of `flow.parquet` that the report shows.
    pub flow: Vec<FlowRow>,
    /// Who lives in the families drawn, at the start and at each horizon: `Drawn`, and the stages
    /// that [`Stage::reconciles`] tells.
    pub reconciliation: Vec<FlowRow>,
    /// Status at each horizon, one table an outcome.
    pub status: Vec<StatusTable>,
    /// The outcomes that the plan or a table uses, in the protocol's order.
    pub outcomes: Vec<Outcome>,
    /// The descriptive tables, those of a subject in the order they are shown.
    pub descriptives: Vec<Descriptive>,
    /// The evaluator's own tables, in the order of `report.toml`.
    pub profile_tables: Vec<ProfileTable>,
    /// Figures from elsewhere.
    pub context: Vec<ContextFigure>,
    /// Harms that nobody was asked about.
    pub harms_not_measured: Vec<Text>,
    /// Effects, in the order of the plan: one an outcome, horizon, source and arm.
    pub effects: Vec<Effect>,
    /// Effects of one outcome at several horizons, in the order of the plan.
    pub paths: Vec<EffectPath>,
    /// Families with assistance, month by month: one set of curves a register.
    pub months: Vec<MonthlyCurves>,
    /// The design's power by simulation: one set of curves an analysis.
    pub power: Vec<PowerCurves>,
    /// Effects of taking part.
    pub received: Vec<Received>,
    /// Effects in subgroups.
    pub subgroups: Vec<Subgroups>,
    /// The same effects by other methods.
    pub robustness: Vec<Robustness>,
    /// Every analysis of the plan, and what came of it.
    pub planned: Vec<Planned>,
    /// What did not go as the locked protocol says, from the ledger.
    pub deviations: Vec<Deviation>,
    /// Remarks on the data, one paragraph each.
    pub notes: Vec<Text>,
    /// What the evaluator gives: words, costs, references.
    pub profile: Profile,
    /// The legal basis.
    pub legal: Legal,
    /// The Parquet files beside the report.
    pub files: Vec<DataFile>,
    /// The program and its version, such as `lodd 0.1.0`.
    pub program: String,
}

impl Report {
    /// The reference arm: the last.
    pub fn control(&self) -> Option<&Arm> {
        self.arms.last()
    }

    /// The arm with this label.
    pub fn arm(&self, label: &str) -> Option<&Arm> {
        self.arms.iter().find(|arm| arm.label == label)
    }

    /// Whether any draw or effect comes from a rehearsal.
    pub fn is_rehearsal(&self) -> bool {
        self.has_origin(Origin::Rehearsal)
    }

    /// Whether any assignment was made elsewhere.
    pub fn is_imported(&self) -> bool {
        self.has_origin(Origin::Imported)
    }

    /// Whether anything in it is interim.
    pub fn is_interim(&self) -> bool {
        self.interim || self.effects.iter().any(|effect| effect.status == Status::Interim)
    }

    fn has_origin(&self, origin: Origin) -> bool {
        self.draws.iter().any(|draw| draw.origin == origin)
            || self.effects.iter().any(|effect| effect.origin == origin)
    }
}
