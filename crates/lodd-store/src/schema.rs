//! The Parquet files a pilot gives out, column by column.
//!
//! One file below a table. These texts are the documentation: [`markdown`] makes the page of it,
//! and [`crate::parquet::write`] holds every file to it.

mod assignments;
mod balance;
mod concordance;
mod descriptives;
mod estimates;
mod flow;
mod list;
mod offers;
mod order;
mod outcomes;
mod panel;
mod profile_tables;
mod screening;
mod spells;
mod stock;
mod tables;
mod transitions;

pub use assignments::ASSIGNMENTS;
pub use balance::BALANCE;
pub use concordance::CONCORDANCE;
pub use descriptives::DESCRIPTIVES;
pub use estimates::ESTIMATES;
pub use flow::FLOW;
pub use list::List;
pub use offers::OFFERS;
pub use order::ORDER;
pub use outcomes::OUTCOMES;
pub use panel::PANEL;
pub use profile_tables::PROFILE_TABLES;
pub use screening::SCREENING;
pub use spells::SPELLS;
pub use stock::STOCK;
pub use tables::TABLES;
pub use transitions::TRANSITIONS;

use crate::Kind;

/// Every table, in the order of the chain.
pub const SCHEMAS: &[&Schema] = &[
    &SCREENING,
    &ASSIGNMENTS,
    &BALANCE,
    &ORDER,
    &OFFERS,
    &PANEL,
    &OUTCOMES,
    &SPELLS,
    &TRANSITIONS,
    &STOCK,
    &FLOW,
    &CONCORDANCE,
    &ESTIMATES,
    &DESCRIPTIVES,
    &PROFILE_TABLES,
    &TABLES,
];

/// A table: its name (the file is `out/NAME.parquet`), what a row is, its columns in order.
#[derive(Debug, PartialEq, Eq)]
pub struct Schema {
    /// The table's name.
    pub name: &'static str,
    /// What one row is.
    pub row: &'static str,
    /// The columns, in order.
    pub fields: &'static [Field],
}

/// A column of a table.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// At most 32 ASCII characters, Stata's limit.
    pub name: &'static str,
    /// Its type in the file.
    pub physical: Physical,
    /// Whether a value may be missing.
    pub nullable: bool,
    /// What it means, in one line.
    pub meaning: &'static str,
}

/// A column's type in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Physical {
    /// UTF-8 string.
    Text,
    /// A code or a name that many rows share: an Arrow dictionary of UTF-8 strings.
    Code(List),
    /// 32-bit integer; from [`crate::Values::Int`], refused where it does not fit.
    Int32,
    /// 64-bit integer.
    Int64,
    /// Double; never NaN nor infinite.
    Double,
    /// Boolean.
    Bool,
    /// `date32`.
    Date,
    /// `timestamp[us, UTC]`.
    Timestamp,
}

impl Physical {
    /// The kind of values it is written from and read into.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Text | Self::Code(_) => Kind::Text,
            Self::Int32 | Self::Int64 => Kind::Int,
            Self::Double => Kind::Real,
            Self::Bool => Kind::Bool,
            Self::Date => Kind::Date,
            Self::Timestamp => Kind::Instant,
        }
    }

    /// Its name in the documentation.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Code(_) => "code",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Double => "double",
            Self::Bool => "bool",
            Self::Date => "date",
            Self::Timestamp => "timestamp µs UTC",
        }
    }
}

impl Field {
    /// A column that always has a value.
    const fn required(name: &'static str, physical: Physical, meaning: &'static str) -> Self {
        Self { name, physical, nullable: false, meaning }
    }

    /// A column whose value may be missing.
    const fn optional(name: &'static str, physical: Physical, meaning: &'static str) -> Self {
        Self { name, physical, nullable: true, meaning }
    }
}

impl Schema {
    /// The names and kinds of the columns, in the form a query's result is declared in.
    pub fn kinds(&self) -> Vec<(&'static str, Kind)> {
        self.fields.iter().map(|it| (it.name, it.physical.kind())).collect()
    }

    /// This table's section of the documentation.
    pub fn markdown(&self) -> String {
        let head = format!("## `{}.parquet`\n\n{}\n\n", self.name, self.row);
        let rows: String = self.fields.iter().map(Field::markdown).collect();
        format!("{head}| column | type | null | meaning |\n|---|---|---|---|\n{rows}")
    }
}

impl Field {
    fn markdown(&self) -> String {
        let null = if self.nullable { "yes" } else { "" };
        format!("| `{}` | {} | {null} | {} |\n", self.name, self.physical.name(), self.meaning)
    }
}

/// All tables as Markdown, one section each.
pub fn markdown() -> String {
    SCHEMAS.iter().map(|it| it.markdown()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
