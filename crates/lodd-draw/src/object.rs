//! Reading the objects of a JSON file: each key is asked for once, and what is left is unknown.

use crate::{
    File,
    finding::{Findings, Kind},
    hash::{Hash, unhex},
    is_label,
    json::Json,
};

/// One object of a file, at its path.
pub(crate) struct Object<'a> {
    file: File,
    path: String,
    pairs: Vec<(String, Json)>,
    findings: &'a mut Findings,
}

impl<'a> Object<'a> {
    /// Reads a file that holds one object.
    pub(crate) fn of_file(file: File, bytes: &[u8], findings: &'a mut Findings) -> Option<Self> {
        if findings.too_large(file, bytes) {
            return None;
        }
        match Json::parse(bytes) {
            Ok(json) => Self::of(file, String::new(), json, findings),
            Err(error) => {
                let at = (file, Some(error.line()), "");
                findings.add(at, Kind::Json, "", &error.to_string());
                None
            }
        }
    }

    /// Reads a value that must be an object.
    pub(crate) fn of(
        file: File,
        path: String,
        json: Json,
        findings: &'a mut Findings,
    ) -> Option<Self> {
        if let Json::Object(pairs) = json {
            return Some(Self { file, path, pairs, findings });
        }
        findings.add((file, None, &path), Kind::NotObject, "", &shown(&json));
        None
    }

    fn path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(crate) fn add(&mut self, key: &str, kind: Kind, expected: &str, found: &str) {
        let path = self.path(key);
        self.findings.add((self.file, None, &path), kind, expected, found);
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.pairs.iter().any(|(name, _)| name == key)
    }

    /// The value of a key that must stand once.
    fn take(&mut self, key: &str) -> Option<Json> {
        let at = self.pairs.iter().position(|(name, _)| name == key);
        let Some(at) = at else {
            self.add(key, Kind::KeyMissing, "", "");
            return None;
        };
        let (_, value) = self.pairs.remove(at);
        if self.has(key) {
            self.add(key, Kind::KeyRepeated, "", "");
            self.pairs.retain(|(name, _)| name != key);
            return None;
        }
        Some(value)
    }

    /// A key that this release knows but can't use.
    pub(crate) fn unsupported(&mut self, key: &str) {
        if self.has(key) {
            self.pairs.retain(|(name, _)| name != key);
            self.add(key, Kind::Unsupported, "", "");
        }
    }

    pub(crate) fn text(&mut self, key: &str) -> Option<String> {
        match self.take(key)? {
            Json::Text(text) => Some(text),
            other => {
                self.add(key, Kind::NotText, "", &shown(&other));
                None
            }
        }
    }

    pub(crate) fn label(&mut self, key: &str) -> Option<String> {
        let text = self.text(key)?;
        if is_label(&text) {
            return Some(text);
        }
        self.add(key, Kind::NotLabel, "", &text);
        None
    }

    pub(crate) fn hash(&mut self, key: &str) -> Option<Hash> {
        let text = self.text(key)?;
        let hash = unhex(&text);
        if hash.is_none() {
            self.add(key, Kind::NotHex, "", &text);
        }
        hash
    }

    pub(crate) fn protocol(&mut self) {
        if let Some(text) = self.text("protocol")
            && text != crate::PROTOCOL
        {
            self.add("protocol", Kind::Protocol, crate::PROTOCOL, &text);
        }
    }

    pub(crate) fn integer(&mut self, key: &str, min: u32, max: u32) -> Option<u32> {
        let value = self.take(key)?;
        let n = number(&value, min, max);
        if n.is_none() {
            self.add(key, not_integer(min, max), "", &shown(&value));
        }
        n
    }

    pub(crate) fn list(&mut self, key: &str) -> Option<Vec<Json>> {
        match self.take(key)? {
            Json::Array(items) => Some(items),
            other => {
                self.add(key, Kind::NotList, "", &shown(&other));
                None
            }
        }
    }

    /// A list whose items are read one by one; `None` if one of them can't be.
    fn items<T>(
        &mut self,
        key: &str,
        kind: &Kind,
        read: impl Fn(&Json) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut items = Vec::new();
        let values = self.list(key)?;
        for (n, value) in values.iter().enumerate() {
            match read(value) {
                Some(item) => items.push(item),
                None => self.add(&format!("{key}[{n}]"), kind.clone(), "", &shown(value)),
            }
        }
        (items.len() == values.len()).then_some(items)
    }

    pub(crate) fn labels(&mut self, key: &str) -> Option<Vec<String>> {
        self.items(key, &Kind::NotLabel, |value| match value {
            Json::Text(text) => Some(text.clone()).filter(|it| is_label(it)),
            _ => None,
        })
    }

    pub(crate) fn integers(&mut self, key: &str, min: u32, max: u32) -> Option<Vec<u32>> {
        self.items(key, &not_integer(min, max), |value| number(value, min, max))
    }

    /// The objects of a list, each read by `read`.
    pub(crate) fn objects<T>(
        &mut self,
        key: &str,
        read: impl Fn(&mut Object<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let values = self.list(key)?;
        let count = values.len();
        let mut items = Vec::new();
        for (n, value) in values.into_iter().enumerate() {
            let path = self.path(&format!("{key}[{n}]"));
            items.extend(Self::inner(self.file, path, value, self.findings, &read));
        }
        (items.len() == count).then_some(items)
    }

    pub(crate) fn object<T>(
        &mut self,
        key: &str,
        read: impl Fn(&mut Object<'_>) -> Option<T>,
    ) -> Option<T> {
        let value = self.take(key)?;
        let path = self.path(key);
        Self::inner(self.file, path, value, self.findings, &read)
    }

    fn inner<T>(
        file: File,
        path: String,
        value: Json,
        findings: &mut Findings,
        read: &impl Fn(&mut Object<'_>) -> Option<T>,
    ) -> Option<T> {
        let mut object = Object::of(file, path, value, findings)?;
        let item = read(&mut object);
        object.finish();
        item
    }

    /// Says which keys are left that nobody asked for.
    pub(crate) fn finish(mut self) {
        for (key, _) in std::mem::take(&mut self.pairs) {
            self.add(&key, Kind::KeyUnknown, "", "");
        }
    }
}

fn number(value: &Json, min: u32, max: u32) -> Option<u32> {
    let Json::Integer(n) = value else { return None };
    u32::try_from(*n).ok().filter(|n| (min..=max).contains(n))
}

fn not_integer(min: u32, max: u32) -> Kind {
    Kind::NotInteger { min: min.into(), max: max.into() }
}

/// A value in a message.
fn shown(json: &Json) -> String {
    match json {
        Json::Null => "null".into(),
        Json::Integer(n) => n.to_string(),
        Json::Text(text) => text.clone(),
        Json::Array(_) => "a list".into(),
        Json::Object(_) => "an object".into(),
    }
}
