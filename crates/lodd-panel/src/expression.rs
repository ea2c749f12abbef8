//! The portable subset of SQL in which a protocol states rules, columns and outcomes.
//!
//! Allowed: names, whole numbers, `'text'`, parameters `:name`, `AND OR NOT`, `= <> < <= > >=`,
//! `IN`, `BETWEEN`, `IS [NOT] NULL`, `CASE`, `+ - *` and brackets. Nothing else: no function, no
//! decimal, no subquery, so an expression means the same on `SQLite`, DuckDB and `DataFusion`.
//! It is checked for types too, since engines disagree on what `'7' < 10` means.
//!
//! ```
//! use lodd_panel::expression::{Expression, Name, Parameter, Type};
//!
//! let names = [Name::new("children", Type::Integer)];
//! let parameters = [("most".to_owned(), Parameter::Integer(4))].into();
//! let rule = Expression::parse("children BETWEEN 1 AND :most", &names, &parameters)?;
//! assert_eq!(rule.sql(&|name| format!("c.\"{name}\"")), r#"(c."children" BETWEEN 1 AND 4)"#);
//!
//! let refused = Expression::parse("children >= 1.5", &names, &parameters).unwrap_err();
//! assert_eq!(refused[0].offset, 13);
//! # Ok::<(), Vec<lodd_panel::expression::Refusal>>(())
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::{codes::Text, mistake::did_you_mean};

mod lower;
mod node;
mod words;

use node::Node;
pub(crate) use node::quoted;
pub(crate) use words::is_reserved;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A whole number.
    Integer,
    /// Text.
    Text,
    /// 1, 0 or NULL: a number that may also stand as a condition.
    Flag,
}

/// A name that an expression may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As written; upper and lower case differ.
    pub name: String,
    /// What it holds.
    pub kind: Type,
    /// The only values it can take, if these are known: other texts are refused as misspelt.
    pub codes: Option<Vec<Text>>,
}

impl Name {
    /// A name without a code list.
    pub fn new(name: impl Into<String>, kind: Type) -> Self {
        Self { name: name.into(), kind, codes: None }
    }
}

/// The value that `:name` is replaced with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// A whole number of at most nine digits.
    Integer(i64),
    /// A text.
    Text(String),
    /// Texts, for `IN :name`.
    Texts(Vec<String>),
}

/// The parameters of an expression, by name.
pub type Parameters = BTreeMap<String, Parameter>;

/// Why an expression is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// The character where it starts, counted from 1 through all lines.
    pub offset: usize,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong at that place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum Reason {
    #[error("the expression must not be empty")]
    Empty,
    #[error("`{found}` can't be used; {ALLOWED}")]
    NotAllowed { found: String },
    #[error("there is no `{name}`{}", did_you_mean(.candidates))]
    UnknownName { name: String, candidates: Vec<String> },
    #[error("there is no parameter `:{name}`{}", did_you_mean(.candidates))]
    UnknownParameter { name: String, candidates: Vec<String> },
    #[error("`{name}` can't be `{code}`{}", did_you_mean(.candidates))]
    UnknownCode { name: String, code: String, candidates: Vec<String> },
    #[error("a whole number must have at most nine digits, not `{found}`")]
    Number { found: String },
    #[error("{message}")]
    Syntax { message: String },
    #[error("must be {expected}, not {found}")]
    Mismatch { expected: &'static str, found: &'static str },
    #[error("the expression is too long or too deeply nested")]
    TooLarge,
}

/// What the subset holds, said in every refusal.
pub const ALLOWED: &str = "allowed are names, whole numbers, 'text', :parameters, AND, OR, NOT, \
                           = <> < <= > >=, IN, BETWEEN, IS NULL, CASE, + - * and brackets";

/// A checked expression. Invariant: every name and parameter is known, every operand has the
/// type its operator asks for, and the whole is a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    root: Node,
    parameters: BTreeSet<String>,
}

impl Expression {
    /// Reads a condition that may use `names` and `parameters`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, in the order of its place. Never panics, on any text.
    pub fn parse(
        text: &str,
        names: &[Name],
        parameters: &Parameters,
    ) -> Result<Self, Vec<Refusal>> {
        let words = words::read(text, names, parameters)?;
        let used = words.parameters.clone();
        let root = lower::lower(words, names)?;
        Ok(Self { root, parameters: used })
    }

    /// The canonical text, every operation in brackets, with `column` saying what stands for a
    /// name (already quoted as need be).
    pub fn sql(&self, column: &dyn Fn(&str) -> String) -> String {
        self.root.sql(column)
    }

    /// The names it uses.
    pub fn names(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        self.root.names(&mut names);
        names
    }

    /// The parameters it uses.
    pub fn parameters(&self) -> &BTreeSet<String> {
        &self.parameters
    }
}
