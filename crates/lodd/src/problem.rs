//! What a command says when it does not do what it was asked: located problems, in plain words.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::text::{Lang, Text, say};

/// One thing that must be mended, with its place. Holds nothing about a family but its pseudonym.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problem {
    /// Catalogue code, when it has one.
    pub(crate) code: Option<String>,
    /// `stop`, `hold`, `warning` or `info`.
    pub(crate) severity: Severity,
    pub(crate) place: Place,
    pub(crate) message: Text,
    pub(crate) value: Option<Text>,
    pub(crate) expected: Option<Text>,
    pub(crate) fix: Option<Text>,
    /// How many like it there are, this one included; 0 counts as 1.
    pub(crate) count: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Severity {
    #[default]
    Stop,
    Hold,
    Warning,
    Info,
}

impl Severity {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Hold => "hold",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// Where a problem is; whatever is known of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    pub(crate) file: Option<String>,
    pub(crate) sheet: Option<String>,
    pub(crate) cell: Option<String>,
    pub(crate) row: Option<usize>,
    pub(crate) column: Option<String>,
    pub(crate) unit: Option<String>,
    /// Line and column in a text file, from 1.
    pub(crate) line: Option<(usize, usize)>,
    /// A key of a TOML or JSON file.
    pub(crate) field: Option<String>,
}

impl Place {
    pub(crate) fn file(path: &Path) -> Self {
        Self { file: Some(path.display().to_string()), ..Self::default() }
    }

    /// `pilot.toml:12:5 (draw.block[1].seats)`, `status.xlsx, Voksne!C7`.
    pub(crate) fn words(&self, lang: Lang) -> String {
        let row_word = if lang == Lang::En { "row" } else { "rad" };
        let position = self.line.map(|(line, column)| format!(":{line}:{column}"));
        let inside = match (&self.sheet, &self.cell, self.row) {
            (Some(sheet), Some(cell), _) => Some(format!("{sheet}!{cell}")),
            (Some(sheet), None, Some(row)) => Some(format!("{sheet}, {row_word} {row}")),
            (Some(sheet), None, None) => Some(sheet.clone()),
            (None, Some(cell), _) => Some(cell.clone()),
            (None, None, Some(row)) => Some(format!("{row_word} {row}")),
            (None, None, None) => None,
        };
        let file = self.file.clone().unwrap_or_default() + &position.unwrap_or_default();
        let places: Vec<String> =
            [Some(file), inside].into_iter().flatten().filter(|it| !it.is_empty()).collect();
        let field = self.field.as_ref().map(|field| format!(" ({field})"));
        places.join(", ") + &field.unwrap_or_default()
    }
}

impl Problem {
    pub(crate) fn new(place: Place, message: Text) -> Self {
        Self { place, message, ..Self::default() }
    }

    pub(crate) fn expected(
        mut self,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        (self.expected, self.value) = (Some(Text::same(expected)), Some(Text::same(found)));
        self
    }

    pub(crate) fn fix(mut self, fix: Text) -> Self {
        self.fix = Some(fix);
        self
    }

    pub(crate) fn to_json(&self, lang: Lang) -> Value {
        let place = &self.place;
        let (line, line_column) = place.line.map_or((None, None), |(l, c)| (Some(l), Some(c)));
        let all = [
            ("code", json!(self.code)),
            ("severity", json!(self.severity.name())),
            ("file", json!(place.file)),
            ("line", json!(line)),
            ("line_column", json!(line_column)),
            ("field", json!(place.field)),
            ("sheet", json!(place.sheet)),
            ("cell", json!(place.cell)),
            ("row", json!(place.row)),
            ("column", json!(place.column)),
            ("unit", json!(place.unit)),
            ("value", json!(self.value.as_ref().map(|it| it.get(lang)))),
            ("expected", json!(self.expected.as_ref().map(|it| it.get(lang)))),
            ("message", json!(self.message.get(lang))),
            ("fix", json!(self.fix.as_ref().map(|fix| fix.get(lang)))),
            ("count", json!(self.count.max(1))),
        ];
        Value::Object(
            all.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>(),
        )
    }
}

/// Why a command did not do what it was asked. Nothing has been written.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Input, verification or policy: exit 1.
    Refused {
        summary: Text,
        problems: Vec<Problem>,
        /// What `--json` prints instead of the default `{"error", "problems"}`.
        json: Option<Box<Value>>,
    },
    /// I/O or usage: exit 2.
    CouldNotRun { message: Text, hint: Option<Text> },
}

impl Failure {
    pub(crate) fn refused(summary: Text, problems: Vec<Problem>) -> Self {
        Self::Refused { summary, problems, json: None }
    }

    /// A refusal that is one sentence.
    pub(crate) fn policy(message: Text) -> Self {
        Self::refused(message, Vec::new())
    }

    pub(crate) fn policy_with(message: Text, fix: Text) -> Self {
        let problem = Problem::new(Place::default(), message.clone()).fix(fix);
        Self::refused(message, vec![problem])
    }

    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Self {
        let path = path.display().to_string();
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => {
                Text::new("finnes ikke", "does not exist").nn("finst ikkje")
            }
            std::io::ErrorKind::PermissionDenied => {
                Text::new("kan ikke åpnes (mangler tilgang)", "can't be opened (no permission)")
                    .nn("kan ikkje opnast (manglar tilgang)")
            }
            std::io::ErrorKind::AlreadyExists => {
                Text::new("finnes fra før", "already exists").nn("finst frå før")
            }
            _ => Text::same(error.to_string()),
        };
        Self::CouldNotRun {
            message: Text::new(format!("`{path}` {}", why.nb), format!("`{path}` {}", why.en)),
            hint: None,
        }
    }

    /// Something inside that should not happen; said as it is, never hidden.
    pub(crate) fn internal(what: &str, error: impl std::fmt::Display) -> Self {
        let error = error.to_string();
        Self::CouldNotRun { message: say!("{what}: {error}", "{what}: {error}"), hint: None }
    }
}
