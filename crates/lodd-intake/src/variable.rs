//! The variables a snapshot can carry: what they are about, and what may stand in them.

use crate::text::Phrase;

/// What a snapshot, and so a variable, is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnitKind {
    /// `FAMILIE`: a family.
    Family,
    /// `VOKSEN`: an adult.
    Adult,
    /// `BARN`: a child.
    Child,
}

impl UnitKind {
    /// The code in the tables: `FAMILIE`, `VOKSEN` or `BARN`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Family => "FAMILIE",
            Self::Adult => "VOKSEN",
            Self::Child => "BARN",
        }
    }
}

/// One code of a list, with its labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable code, upper-case ASCII.
    pub code: String,
    /// Label in Norwegian bokmål.
    pub nb: String,
    /// Label in Norwegian nynorsk.
    pub nn: String,
    /// Label in English.
    pub en: String,
}

impl Code {
    /// A code with its labels; the nynorsk one is the bokmål one until it is given.
    pub fn new(code: impl Into<String>, nb: impl Into<String>, en: impl Into<String>) -> Self {
        let nb = nb.into();
        Self { code: code.into(), nn: nb.clone(), nb, en: en.into() }
    }

    /// With this label in nynorsk.
    #[must_use]
    pub fn in_nynorsk(mut self, nn: impl Into<String>) -> Self {
        self.nn = nn.into();
        self
    }

    /// Its labels in every language.
    pub fn labels(&self) -> [&str; 3] {
        [&self.nb, &self.nn, &self.en]
    }
}

/// What may stand in a variable, the missing codes apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of these codes.
    Code(Vec<Code>),
    /// `J` or `N`.
    YesNo,
    /// A whole number in this range, both ends included.
    Integer {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// Any of these options, with commas between, or `INGEN`. Stored as one yes/no variable an
    /// option, named variable`_`option.
    Several(Vec<Code>),
}

/// A variable: a column of an office's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name, upper-case ASCII; the column's header, in any case.
    pub name: String,
    /// What it is about.
    pub unit: UnitKind,
    /// What may stand in it.
    pub kind: Kind,
    /// What the forms call it.
    pub label: Phrase,
}

/// What a cell of a variable says. An empty cell says nothing and is no value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A code; `J` or `N` of a yes/no variable.
    Code(String),
    /// A whole number.
    Number(i64),
    /// An answer that tells why there is none: `UKJENT`, `IKKE_SPURT`, `VIL_IKKE_SVARE` or
    /// `IKKE_AKTUELT`.
    Missing(String),
    /// `#SLETT`: an earlier value is taken away.
    Clear,
}

/// Clears an earlier value.
pub const CLEAR: &str = "#SLETT";
