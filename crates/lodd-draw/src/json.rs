//! Strict JSON: only what the public files need, read without loss and written in one form.

use std::fmt::{self, Formatter};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A JSON value without fractions, signs and truth values, which no file of a draw has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Integer(u64),
    Text(String),
    Array(Vec<Self>),
    /// Pairs as they stand, repeated keys included: the reader names them.
    Object(Vec<(String, Self)>),
}

impl Json {
    /// Reads one JSON value that fills the whole input.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn object<'k>(pairs: impl IntoIterator<Item = (&'k str, Self)>) -> Self {
        Self::Object(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// The value in a message.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Integer(n) => n.to_string(),
            Self::Text(text) => text.clone(),
            Self::Array(_) => "a list".into(),
            Self::Object(_) => "an object".into(),
        }
    }

    /// The bytes of a file: the one form of section 2, with its final LF.
    pub(crate) fn to_file(&self) -> Vec<u8> {
        let mut out = String::new();
        self.write(&mut out, 0);
        out.push('\n');
        out.into_bytes()
    }

    fn write(&self, out: &mut String, depth: usize) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Integer(n) => out.push_str(&n.to_string()),
            Self::Text(text) => write_text(text, out),
            Self::Array(items) => write_list(out, depth, "[]", items, Self::write),
            Self::Object(pairs) => {
                write_list(out, depth, "{}", pairs, |(key, value), out, depth| {
                    write_text(key, out);
                    out.push_str(": ");
                    value.write(out, depth);
                });
            }
        }
    }
}

/// One item a line, two spaces of indentation a level.
fn write_list<T>(
    out: &mut String,
    depth: usize,
    brackets: &str,
    items: &[T],
    write: impl Fn(&T, &mut String, usize),
) {
    let (open, close) = brackets.split_at(1);
    out.push_str(open);
    for (n, item) in items.iter().enumerate() {
        out.push_str(if n == 0 { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(depth + 1));
        write(item, out, depth + 1);
    }
    if !items.is_empty() {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    }
    out.push_str(close);
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..' ' => {
                let code = format!("\\u{:04x}", u32::from(c));
                out.push_str(&code);
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("an object, list, text, null, or integer without point, sign or exponent")
    }
    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }
    fn visit_u64<E: Error>(self, n: u64) -> Result<Json, E> {
        Ok(Json::Integer(n))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        Ok(Json::text(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = access.next_entry()? {
            pairs.push(pair);
        }
        Ok(Json::Object(pairs))
    }
}
