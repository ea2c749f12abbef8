//! Why nothing was done, with its place. Nothing has been written then.

use std::fmt::Display;

use serde_json::{Value, json};

use crate::text::{Lang, Text, say};

/// Where a problem is; whatever is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) column: Option<String>,
    /// From 0, as Parquet's tools count.
    pub(crate) row_group: Option<usize>,
    /// From 1, through the file.
    pub(crate) row: Option<u64>,
    /// Line and column of a text file, from 1.
    pub(crate) line: Option<(usize, usize)>,
    /// A key of a text file.
    pub(crate) key: Option<String>,
}

/// One thing that must be mended. Holds nothing about a unit but its pseudonym.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) place: Place,
    pub(crate) message: Text,
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The input is refused: exit 1.
    Refused { summary: Text, problems: Vec<Problem> },
    /// Disk, network or usage: exit 2.
    CouldNotRun { message: Text, hint: Option<Text> },
}

impl Place {
    pub(crate) fn file(name: impl Into<String>) -> Self {
        Self { file: name.into(), ..Self::default() }
    }

    pub(crate) fn column(mut self, name: &str) -> Self {
        self.column = Some(name.to_owned());
        self
    }

    pub(crate) fn key(mut self, key: String) -> Self {
        self.key = Some(key);
        self
    }

    /// `part-1.parquet, column source, row group 3, row 3145999`.
    fn words(&self) -> Text {
        let line = self.line.map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default();
        let file = format!("{}{line}", self.file);
        let mut text = say!("{file}", "{file}");
        let mut add = |nb: &str, en: &str, value: Option<String>| {
            if let Some(value) = value {
                let (before_nb, before_en) = (text.get(Lang::Nb), text.get(Lang::En));
                text = say!("{before_nb}, {nb} {value}", "{before_en}, {en} {value}");
            }
        };
        add("nøkkel", "key", self.key.as_ref().map(|it| format!("`{it}`")));
        add("kolonne", "column", self.column.as_ref().map(|it| format!("`{it}`")));
        add("radgruppe", "row group", self.row_group.map(|it| it.to_string()));
        add("rad", "row", self.row.map(|it| it.to_string()));
        text
    }
}

impl Problem {
    pub(crate) fn new(place: Place, message: Text) -> Self {
        Self { place, message }
    }

    fn to_json(&self, lang: Lang) -> Value {
        let place = &self.place;
        let (line, line_column) = place.line.unzip();
        json!({
            "file": place.file,
            "column": place.column,
            "row_group": place.row_group,
            "row": place.row,
            "line": line,
            "line_column": line_column,
            "field": place.key,
            "message": self.message.get(lang),
        })
    }
}

impl Failure {
    pub(crate) fn refused(problems: Vec<Problem>) -> Self {
        let summary = say!(
            "inndata kan ikke brukes; ingenting er skrevet",
            "the input can't be used; nothing has been written"
        );
        Self::Refused { summary, problems }
    }

    /// A refusal of one sentence.
    pub(crate) fn one(place: Place, message: Text) -> Self {
        Self::refused(vec![Problem::new(place, message)])
    }

    pub(crate) fn could_not(message: Text) -> Self {
        Self::CouldNotRun { message, hint: None }
    }

    /// A file, folder or address that can't be reached.
    pub(crate) fn io(what: &str, error: impl Display) -> Self {
        Self::could_not(say!(
            "`{what}` kan ikke brukes: {error}",
            "`{what}` can't be used: {error}"
        ))
    }

    /// Something inside that should not happen; said as it is, never hidden.
    pub(crate) fn internal(what: &str, error: impl Display) -> Self {
        Self::could_not(say!("{what}: {error}", "{what}: {error}"))
    }

    /// Lines for a person.
    pub(crate) fn lines(&self, lang: Lang) -> Vec<String> {
        let en = lang == Lang::En;
        let (error, hint_word) = if en { ("error", "hint") } else { ("feil", "slik") };
        match self {
            Self::Refused { summary, problems } => {
                let head = format!("{error}: {}", summary.get(lang));
                let line = |it: &Problem| {
                    format!("  {error} {}: {}", it.place.words().get(lang), it.message.get(lang))
                };
                std::iter::once(head).chain(problems.iter().map(line)).collect()
            }
            Self::CouldNotRun { message, hint } => {
                let head = format!("{error}: {}", message.get(lang));
                let hint = hint.as_ref().map(|it| format!("  {hint_word}: {}", it.get(lang)));
                std::iter::once(head).chain(hint).collect()
            }
        }
    }

    /// `{error, findings}`, as `lodd --json` gives it.
    pub(crate) fn to_json(&self, lang: Lang) -> Value {
        let (message, problems) = match self {
            Self::Refused { summary, problems } => (summary, problems.as_slice()),
            Self::CouldNotRun { message, .. } => (message, [].as_slice()),
        };
        let findings: Vec<Value> = problems.iter().map(|it| it.to_json(lang)).collect();
        json!({ "error": message.get(lang), "findings": findings })
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Refused { .. } => 1,
            Self::CouldNotRun { .. } => 2,
        }
    }
}
