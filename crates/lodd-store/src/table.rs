//! A table in memory: named columns of one kind each, every value optional.
//!
//! This is what goes into a query and comes out of it, and what a Parquet file holds. Arrow stays
//! behind it.

/// The kind of a column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// UTF-8 text.
    Text,
    /// Whole numbers.
    Int,
    /// Double precision numbers.
    Real,
    /// Truth values.
    Bool,
    /// Calendar dates, in days since 1970-01-01.
    Date,
    /// Instants, in µs since 1970-01-01T00:00:00Z.
    Instant,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Int => "integer",
            Self::Real => "number",
            Self::Bool => "truth value",
            Self::Date => "date",
            Self::Instant => "instant",
        })
    }
}

/// The values of one column, `None` where there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// UTF-8 text.
    Text(Vec<Option<String>>),
    /// Whole numbers.
    Int(Vec<Option<i64>>),
    /// Double precision numbers.
    Real(Vec<Option<f64>>),
    /// Truth values.
    Bool(Vec<Option<bool>>),
    /// Days since 1970-01-01.
    Date(Vec<Option<i32>>),
    /// µs since 1970-01-01T00:00:00Z.
    Instant(Vec<Option<i64>>),
}

impl Values {
    /// No values yet, of this kind.
    pub const fn empty(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(Vec::new()),
            Kind::Int => Self::Int(Vec::new()),
            Kind::Real => Self::Real(Vec::new()),
            Kind::Bool => Self::Bool(Vec::new()),
            Kind::Date => Self::Date(Vec::new()),
            Kind::Instant => Self::Instant(Vec::new()),
        }
    }

    /// What these values are.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Int(_) => Kind::Int,
            Self::Real(_) => Kind::Real,
            Self::Bool(_) => Kind::Bool,
            Self::Date(_) => Kind::Date,
            Self::Instant(_) => Kind::Instant,
        }
    }

    /// How many there are, missing ones included.
    pub const fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Int(values) | Self::Instant(values) => values.len(),
            Self::Real(values) => values.len(),
            Self::Bool(values) => values.len(),
            Self::Date(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first row (from 0) that holds no value.
    pub fn first_missing(&self) -> Option<usize> {
        match self {
            Self::Text(values) => values.iter().position(Option::is_none),
            Self::Int(values) | Self::Instant(values) => values.iter().position(Option::is_none),
            Self::Real(values) => values.iter().position(Option::is_none),
            Self::Bool(values) => values.iter().position(Option::is_none),
            Self::Date(values) => values.iter().position(Option::is_none),
        }
    }
}

/// A named column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name, unique in its table.
    pub name: String,
    /// Its values, one a row.
    pub values: Values,
}

impl Column {
    /// A column of any kind.
    pub fn new(name: impl Into<String>, values: Values) -> Self {
        Self { name: name.into(), values }
    }

    /// A column of text.
    pub fn text<T: Into<String>>(name: &str, values: impl IntoIterator<Item = Option<T>>) -> Self {
        Self::new(name, Values::Text(values.into_iter().map(|it| it.map(Into::into)).collect()))
    }

    /// A column of whole numbers.
    pub fn int(name: &str, values: impl IntoIterator<Item = Option<i64>>) -> Self {
        Self::new(name, Values::Int(values.into_iter().collect()))
    }

    /// A column of numbers.
    pub fn real(name: &str, values: impl IntoIterator<Item = Option<f64>>) -> Self {
        Self::new(name, Values::Real(values.into_iter().collect()))
    }

    /// A column of truth values.
    pub fn bool(name: &str, values: impl IntoIterator<Item = Option<bool>>) -> Self {
        Self::new(name, Values::Bool(values.into_iter().collect()))
    }

    /// A column of dates, in days since 1970-01-01.
    pub fn date(name: &str, values: impl IntoIterator<Item = Option<i32>>) -> Self {
        Self::new(name, Values::Date(values.into_iter().collect()))
    }

    /// A column of instants, in µs since the epoch, UTC.
    pub fn instant(name: &str, values: impl IntoIterator<Item = Option<i64>>) -> Self {
        Self::new(name, Values::Instant(values.into_iter().collect()))
    }
}

/// Why a table can't be built, or a column not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum TableError {
    #[error("table `{table}` must have each column once: `{column}` stands twice")]
    DuplicateColumn { table: String, column: String },
    #[error("column `{column}` of table `{table}` must have {expected} rows, it has {found}")]
    UnequalLength { table: String, column: String, expected: usize, found: usize },
    #[error("table `{table}` has no column `{column}`")]
    NoColumn { table: String, column: String },
    #[error("column `{column}` of table `{table}` must be {expected}, it is {found}")]
    OtherKind { table: String, column: String, expected: Kind, found: Kind },
}

/// Columns of equal length under unique names. [`Table::new`] checks both.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    name: String,
    columns: Vec<Column>,
}

/// Defines the typed accessors.
macro_rules! accessors {
    ($($(#[$doc:meta])* $name:ident: $variant:ident($type:ty);)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        ///
        /// If there is no such column, or it is of another kind.
        pub fn $name(&self, column: &str) -> Result<&[Option<$type>], TableError> {
            match self.values(column)? {
                Values::$variant(values) => Ok(values),
                other => Err(TableError::OtherKind {
                    table: self.name.clone(),
                    column: column.to_owned(),
                    expected: Kind::$variant,
                    found: other.kind(),
                }),
            }
        }
    )*};
}

impl Table {
    /// Builds a table.
    ///
    /// # Errors
    ///
    /// If two columns share a name, or their lengths differ.
    pub fn new(name: impl Into<String>, columns: Vec<Column>) -> Result<Self, TableError> {
        let table = name.into();
        let rows = columns.first().map_or(0, |it| it.values.len());
        let mut names = std::collections::BTreeSet::new();
        for Column { name, values } in &columns {
            if !names.insert(name) {
                return Err(TableError::DuplicateColumn { table, column: name.clone() });
            }
            if values.len() != rows {
                let (column, expected, found) = (name.clone(), rows, values.len());
                return Err(TableError::UnequalLength { table, column, expected, found });
            }
        }
        Ok(Self { name: table, columns })
    }

    /// The table's name, under which a query finds it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The columns, in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |it| it.values.len())
    }

    /// The same columns under another name.
    #[must_use]
    pub fn renamed(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// A column's values.
    ///
    /// # Errors
    ///
    /// If there is no such column.
    pub fn values(&self, column: &str) -> Result<&Values, TableError> {
        let found = self.columns.iter().find(|it| it.name == column).map(|it| &it.values);
        found.ok_or_else(|| TableError::NoColumn {
            table: self.name.clone(),
            column: column.to_owned(),
        })
    }

    accessors! {
        /// The values of a column of text.
        text: Text(String);
        /// The values of a column of whole numbers.
        int: Int(i64);
        /// The values of a column of numbers.
        real: Real(f64);
        /// The values of a column of truth values.
        bool: Bool(bool);
        /// The values of a column of dates, in days since 1970-01-01.
        date: Date(i32);
        /// The values of a column of instants, in µs since the epoch, UTC.
        instant: Instant(i64);
    }
}
