//! What can be wrong with the part of a protocol that this crate reads.

use crate::expression::Refusal;

/// One mistake, with its place. A protocol's mistakes are given all at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {kind}")]
pub struct Mistake {
    /// The key in `pilot.toml`; list items count from 0, as `screening.rule[2].sql`.
    pub path: String,
    /// Inside an expression: the character, counted from 1 through all its lines.
    pub offset: Option<usize>,
    /// What is wrong.
    pub kind: MistakeKind,
}

/// What is wrong, without its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum MistakeKind {
    #[error(transparent)]
    Expression(#[from] Refusal),
    #[error(
        "`{name}` must be 1 to 32 {letters} letters, digits and `_`, a letter first, and no word \
         that expressions use"
    )]
    BadName { name: String, letters: &'static str },
    #[error("`{name}` must stand once; `{first}` has it already")]
    DuplicateName { name: String, first: String },
    #[error("parameter `{name}` is not used in the expression")]
    UnusedParameter { name: String },
    #[error("there is no outcome `{id}`{}", did_you_mean(.candidates))]
    UnknownOutcome { id: String, candidates: Vec<String> },
    #[error("`{id}` has definitions up to version {max}; there is no version {found}")]
    UnknownVersion { id: String, max: i32, found: i32 },
    #[error("`{id}` must be a yes/no outcome of {expected}: it is {found}")]
    WrongOutcome { id: String, expected: &'static str, found: &'static str },
    #[error("the unit must be FAMILIE: this is computed over a family")]
    OnlyFamilies,
    #[error("the expression must use at least one variable or outcome")]
    UsesNothing,
    #[error("must hold at least one item")]
    Empty,
    #[error("must be from {min} to {max}, not {found}")]
    OutOfRange { min: i64, max: i64, found: i64 },
    #[error("horizon `{horizon}` has no default window: `low_days` and `high_days` must be given")]
    NoDefaultWindow { horizon: String },
    #[error("horizon `0` must end on the draw's date: `high_days` can't be above 0")]
    BaselineAfterDraw,
    #[error("horizons `{first}` and `{second}` must not overlap: {when}")]
    Overlap { first: String, second: String, when: String },
    #[error("horizon `{horizon}` must come after the draw on {drawn_on}")]
    BeforeDraw { horizon: String, drawn_on: String },
    #[error("the date lies outside the calendar")]
    DateOutOfRange,
}

impl Mistake {
    pub(crate) fn new(path: impl Into<String>, kind: impl Into<MistakeKind>) -> Self {
        Self { path: path.into(), offset: None, kind: kind.into() }
    }

    pub(crate) fn of_expression(path: &str, refusal: Refusal) -> Self {
        Self { path: path.to_owned(), offset: Some(refusal.offset), kind: refusal.into() }
    }
}

/// `; did you mean `a`, `b`?`, or nothing.
pub(crate) fn did_you_mean(candidates: &[String]) -> String {
    if candidates.is_empty() {
        return String::new();
    }
    let quoted: Vec<String> = candidates.iter().map(|it| format!("`{it}`")).collect();
    format!("; did you mean {}?", quoted.join(", "))
}

/// The names most like `written`, the likest first, at most three.
pub(crate) fn likest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let written = written.to_lowercase();
    let mut scored: Vec<(f64, &str)> = names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&written, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= LIKENESS_MIN)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

/// Below this a name is no suggestion: two unrelated words of our vocabulary reach about 0.6.
const LIKENESS_MIN: f64 = 0.7;

/// Whether `name` may be a column, rule, variable or outcome: an identifier of every engine.
pub(crate) fn is_name(name: &str, is_letter: fn(&u8) -> bool) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| is_letter(&first))
        && bytes.all(|it| is_letter(&it) || it.is_ascii_digit() || it == b'_')
        && name.len() <= 32
        && !crate::expression::is_reserved(name)
}
