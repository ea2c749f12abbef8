//! The variables a snapshot can hold and the codes they take: the one place to change a code.
//!
//! `lodd` hands these on to intake (what may stand in a cell) and to the report (what a code is
//! called). A pilot's own variables have the same type, so both lists are read alike.
//! The code lists are KOSTRA 11F's (KLASS 751, 752, 511), under stable codes of our own.

use std::borrow::Cow;

mod lists;

pub use lists::{
    AKU_GROUPS, MISSING_CODES, OCCASIONS, RECORD_STATUSES, SOURCES, VARIABLES, YES_NO,
};

/// Text that is either part of the program or read from a pilot's protocol.
pub type Text = Cow<'static, str>;

/// The unit a variable or an outcome describes. Numbers of different units are never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnitKind {
    /// `FAMILIE`: what is drawn.
    Family,
    /// `VOKSEN`: an adult of a drawn family.
    Adult,
    /// `BARN`: a child of a drawn family.
    Child,
}

impl UnitKind {
    /// Every unit, families first.
    pub const ALL: [Self; 3] = [Self::Family, Self::Adult, Self::Child];

    /// The unit's code in every table and in `pilot.toml`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Family => "FAMILIE",
            Self::Adult => "VOKSEN",
            Self::Child => "BARN",
        }
    }

    /// The unit with that code.
    ///
    /// ```
    /// use lodd_panel::codes::UnitKind;
    /// assert_eq!(UnitKind::of("VOKSEN"), Some(UnitKind::Adult));
    /// assert_eq!(UnitKind::of("KONTOR"), None);
    /// ```
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.code() == code)
    }
}

/// One answer: its stable code and what people call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Upper-case ASCII, as stored.
    pub code: Text,
    /// Bokmål.
    pub nb: Text,
    /// Nynorsk.
    pub nn: Text,
    /// English.
    pub en: Text,
    /// The code of a coarser list that this one belongs to, as [`AKU_GROUPS`] for `ARBEID`.
    pub group: Option<Text>,
}

/// What a variable's cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One code of a list.
    Code(Cow<'static, [Code]>),
    /// `J` or `N`.
    YesNo,
    /// A whole number, both ends included.
    Integer {
        /// The least allowed.
        min: i64,
        /// The greatest allowed.
        max: i64,
    },
    /// Any number of options; each is stored as a yes/no variable of its own.
    Several(Cow<'static, [Code]>),
}

/// A variable as it stands in an office's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The column's name, upper-case ASCII.
    pub name: Text,
    /// Whom it describes.
    pub unit: UnitKind,
    /// What a cell may hold.
    pub kind: Kind,
    /// Bokmål.
    pub label_nb: Text,
    /// Nynorsk.
    pub label_nn: Text,
    /// English.
    pub label_en: Text,
}

/// A variable as it is stored: an option of a [`Kind::Several`] has become one of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The name in `snapshot_values` and in the panel, as `TILLEGG_BARNETRYGD`.
    pub name: String,
    /// Whom it describes.
    pub unit: UnitKind,
    /// The codes it may take; `None` for a whole number.
    pub codes: Option<Vec<Text>>,
}

impl Variable {
    /// The variables this one is stored as: itself, or one an option.
    pub fn stored(&self) -> Vec<Stored> {
        let stored = |name: String, codes| Stored { name, unit: self.unit, codes };
        let list = |codes: &[Code]| Some(codes.iter().map(|it| it.code.clone()).collect());
        match &self.kind {
            Kind::Code(codes) => vec![stored(self.name.to_string(), list(codes))],
            Kind::YesNo => vec![stored(self.name.to_string(), list(YES_NO))],
            Kind::Integer { .. } => vec![stored(self.name.to_string(), None)],
            Kind::Several(options) => options
                .iter()
                .map(|it| stored(format!("{}_{}", self.name, it.code), list(YES_NO)))
                .collect(),
        }
    }
}
