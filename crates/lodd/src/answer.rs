//! What a command that succeeded gives back: words for a person, JSON for a script.

use serde_json::Value;

use crate::{problem::Problem, text::Text};

/// The result of a step. `text` goes to stdout, or `json` does; `problems` (warnings, held
/// families) go to stderr.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) text: Text,
    pub(crate) json: Value,
    pub(crate) problems: Vec<Problem>,
    /// Bytes for stdout instead of `text`, such as a result file.
    pub(crate) raw: Option<Vec<u8>>,
}

impl Answer {
    pub(crate) fn new(text: Text, json: Value) -> Self {
        Self { text, json, ..Self::default() }
    }
}
