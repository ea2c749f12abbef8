//! What our files say of themselves: one key, with JSON under it.

use serde_json::{Map, Value};

use super::Metadata;
use crate::schema::{Physical, Schema};

/// The key of a file's metadata that is ours: a JSON object with `format` (1), `table` (its name),
/// `codes` (by column of codes the name of its list, null where it has none) and `of` (texts by name:
/// the program's version, the cut, hashes of what the table was made from).
pub const KEY: &str = "lodd";

/// The version of the object's form.
const FORMAT: u64 = 1;

/// The text under [`KEY`].
pub(super) fn packed(schema: &Schema, metadata: &[(String, String)]) -> String {
    let coded = schema.fields.iter().filter_map(|it| match it.physical {
        Physical::Code(list) => Some((it.name.to_owned(), Value::from(list.name()))),
        _ => None,
    });
    let of = metadata.iter().map(|(key, value)| (key.clone(), Value::from(value.as_str())));
    let mut all = Map::new();
    all.insert("format".to_owned(), FORMAT.into());
    all.insert("table".to_owned(), schema.name.into());
    all.insert("codes".to_owned(), Value::Object(coded.collect()));
    all.insert("of".to_owned(), Value::Object(of.collect()));
    Value::Object(all).to_string()
}

/// The texts under `of`, in the file's order; `None` where this is no text of [`packed`].
pub(super) fn unpacked(text: &str) -> Option<Metadata> {
    let all: Value = serde_json::from_str(text).ok()?;
    let pairs = all.get("of")?.as_object()?.iter();
    pairs.map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}
