//! The checked tree, and its canonical text.

use std::collections::BTreeSet;

/// One operation of the subset. Deep only where the source is: chains of `AND`, `OR` are flat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Name(String),
    Integer(i64),
    Text(String),
    /// A flag standing as a condition.
    IsOne(Box<Self>),
    Not(Box<Self>),
    /// `AND` or `OR` of two or more.
    Logic(&'static str, Vec<Self>),
    /// A comparison or an arithmetic operation.
    Binary(&'static str, Box<Self>, Box<Self>),
    IsNull {
        of: Box<Self>,
        negated: bool,
    },
    In {
        of: Box<Self>,
        list: Vec<Self>,
        negated: bool,
    },
    Between {
        of: Box<Self>,
        low: Box<Self>,
        high: Box<Self>,
        negated: bool,
    },
    Case {
        whens: Vec<(Self, Self)>,
        otherwise: Option<Box<Self>>,
    },
}

impl Node {
    pub(super) fn sql(&self, column: &dyn Fn(&str) -> String) -> String {
        let not = |negated: &bool| if *negated { "NOT " } else { "" };
        match self {
            Self::Name(name) => column(name),
            Self::Integer(value) if *value < 0 => format!("({value})"),
            Self::Integer(value) => value.to_string(),
            Self::Text(text) => quoted(text),
            Self::IsOne(of) => format!("({} = 1)", of.sql(column)),
            Self::Not(of) => format!("(NOT {})", of.sql(column)),
            Self::Logic(word, parts) => {
                format!("({})", joined(parts, &format!(" {word} "), column))
            }
            Self::Binary(sign, left, right) => {
                format!("({} {sign} {})", left.sql(column), right.sql(column))
            }
            Self::IsNull { of, negated } => format!("({} IS {}NULL)", of.sql(column), not(negated)),
            Self::In { of, list, negated } => {
                format!("({} {}IN ({}))", of.sql(column), not(negated), joined(list, ", ", column))
            }
            Self::Between { of, low, high, negated } => {
                let (low, high) = (low.sql(column), high.sql(column));
                format!("({} {}BETWEEN {low} AND {high})", of.sql(column), not(negated))
            }
            Self::Case { whens, otherwise } => case_sql(whens, otherwise.as_deref(), column),
        }
    }

    pub(super) fn names<'a>(&'a self, into: &mut BTreeSet<&'a str>) {
        if let Self::Name(name) = self {
            into.insert(name);
        }
        for part in self.parts() {
            part.names(into);
        }
    }

    /// The operands, in the order they are written.
    fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Name(_) | Self::Integer(_) | Self::Text(_) => Vec::new(),
            Self::IsOne(of) | Self::Not(of) | Self::IsNull { of, .. } => vec![of],
            Self::Logic(_, parts) => parts.iter().collect(),
            Self::Binary(_, left, right) => vec![left, right],
            Self::In { of, list, .. } => std::iter::once(of.as_ref()).chain(list).collect(),
            Self::Between { of, low, high, .. } => vec![of, low, high],
            Self::Case { whens, otherwise } => {
                let both = whens.iter().flat_map(|(when, then)| [when, then]);
                both.chain(otherwise.as_deref()).collect()
            }
        }
    }
}

/// A text literal: standard SQL, an apostrophe doubled.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn joined(parts: &[Node], between: &str, column: &dyn Fn(&str) -> String) -> String {
    parts.iter().map(|it| it.sql(column)).collect::<Vec<_>>().join(between)
}

fn case_sql(
    whens: &[(Node, Node)],
    otherwise: Option<&Node>,
    column: &dyn Fn(&str) -> String,
) -> String {
    let whens: String = whens
        .iter()
        .map(|(when, then)| format!(" WHEN {} THEN {}", when.sql(column), then.sql(column)))
        .collect();
    let otherwise = otherwise.map(|it| format!(" ELSE {}", it.sql(column))).unwrap_or_default();
    format!("(CASE{whens}{otherwise} END)")
}
