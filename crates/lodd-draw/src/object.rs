//! Reading JSON files: each key is asked for once, what is left is unknown, and reading goes on
//! after a finding.

use crate::{
    File, Fraction,
    finding::{Findings, Kind},
    hash::{Hash, unhex},
    is_label,
    json::Json,
};

/// A place in a file: `blocks[2].units`.
pub(crate) struct Reader<'a> {
    file: File,
    path: String,
    findings: &'a mut Findings,
}

/// An object there, with the keys that nobody asked for yet.
pub(crate) struct Object<'r, 'a> {
    at: &'r mut Reader<'a>,
    pairs: Vec<(String, Json)>,
}

impl<'a> Reader<'a> {
    /// Reads a file that holds one object of this protocol.
    pub(crate) fn file<T>(
        file: File,
        bytes: &[u8],
        findings: &'a mut Findings,
        read: impl FnOnce(&mut Object<'_, '_>) -> Option<T>,
    ) -> Option<T> {
        if findings.too_large(file, bytes) {
            return None;
        }
        match Json::parse(bytes) {
            Ok(json) => Self { file, path: String::new(), findings }.object(json, |object| {
                object.get("protocol", Reader::protocol);
                read(object)
            }),
            Err(error) => {
                findings.add((file, Some(error.line()), ""), Kind::Json, "", &error.to_string());
                None
            }
        }
    }

    /// Adds a finding here; the value can't be used.
    pub(crate) fn refuse<T>(&mut self, kind: Kind, expected: &str, found: &str) -> Option<T> {
        self.findings.add((self.file, None, &self.path), kind, expected, found);
        None
    }

    fn within<T>(&mut self, step: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push_str(step);
        let value = read(self);
        self.path.truncate(length);
        value
    }

    pub(crate) fn text(&mut self, json: Json) -> Option<String> {
        match json {
            Json::Text(text) => Some(text),
            other => self.refuse(Kind::NotText, "", &other.shown()),
        }
    }

    pub(crate) fn label(&mut self, json: Json) -> Option<String> {
        let text = self.text(json)?;
        if is_label(&text) { Some(text) } else { self.refuse(Kind::NotLabel, "", &text) }
    }

    pub(crate) fn hash(&mut self, json: Json) -> Option<Hash> {
        self.hex(json)
    }

    /// `N` bytes as lower-case hexadecimal digits.
    pub(crate) fn hex<const N: usize>(&mut self, json: Json) -> Option<[u8; N]> {
        let text = self.text(json)?;
        unhex(&text).or_else(|| self.refuse(Kind::NotHex { digits: 2 * N }, "", &text))
    }

    /// A salt, which no message shows.
    pub(crate) fn salt(&mut self, json: Json) -> Option<Hash> {
        let read = if let Json::Text(text) = json { unhex(&text) } else { None };
        read.or_else(|| self.refuse(Kind::NotHex { digits: 64 }, "", ""))
    }

    fn protocol(&mut self, json: Json) -> Option<()> {
        let text = self.text(json)?;
        if text == crate::PROTOCOL {
            return Some(());
        }
        self.refuse(Kind::Protocol, crate::PROTOCOL, &text)
    }

    /// An integer from `min` to `max`.
    pub(crate) fn integer<N: Copy + TryFrom<u64> + Into<u64>>(
        min: N,
        max: N,
    ) -> impl Fn(&mut Self, Json) -> Option<N> {
        let (min, max) = (min.into(), max.into());
        move |at, json| {
            let n = if let Json::Integer(n) = json { Some(n) } else { None };
            n.filter(|n| (min..=max).contains(n)).and_then(|n| N::try_from(n).ok()).or_else(|| {
                let kind = Kind::NotInteger { min, max };
                at.refuse(kind, "", &json.shown())
            })
        }
    }

    /// An exact fraction in lowest terms.
    pub(crate) fn fraction(&mut self, json: Json) -> Option<Fraction> {
        let text = self.text(json)?;
        text.parse().ok().or_else(|| self.refuse(Kind::NotFraction, "", &text))
    }

    /// A list of what `read` reads; `None` if one item can't be read.
    pub(crate) fn list<T>(
        read: impl Fn(&mut Self, Json) -> Option<T>,
    ) -> impl Fn(&mut Self, Json) -> Option<Vec<T>> {
        move |at, json| {
            let Json::Array(items) = json else {
                return at.refuse(Kind::NotList, "", &json.shown());
            };
            let read = |(n, item)| at.within(&format!("[{n}]"), |at| read(at, item));
            let items: Vec<Option<T>> = items.into_iter().enumerate().map(read).collect();
            items.into_iter().collect()
        }
    }

    /// An object of which `read` asks for every key.
    pub(crate) fn object<T>(
        &mut self,
        json: Json,
        read: impl FnOnce(&mut Object<'_, 'a>) -> Option<T>,
    ) -> Option<T> {
        let Json::Object(pairs) = json else {
            return self.refuse(Kind::NotObject, "", &json.shown());
        };
        let mut object = Object { at: self, pairs };
        let value = read(&mut object);
        for (key, _) in std::mem::take(&mut object.pairs) {
            object.refuse::<()>(&key, Kind::KeyUnknown, "", "");
        }
        value
    }
}

impl<'a> Object<'_, 'a> {
    /// Adds a finding at a key.
    pub(crate) fn refuse<T>(
        &mut self,
        key: &str,
        kind: Kind,
        expected: &str,
        found: &str,
    ) -> Option<T> {
        self.within(key, |at| at.refuse(kind, expected, found))
    }

    fn within<T>(&mut self, key: &str, read: impl FnOnce(&mut Reader<'a>) -> T) -> T {
        let dot = if self.at.path.is_empty() { "" } else { "." };
        self.at.within(&format!("{dot}{key}"), read)
    }

    /// Reads the value of a key that must stand once.
    pub(crate) fn get<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut Reader<'a>, Json) -> Option<T>,
    ) -> Option<T> {
        let mut values = self.pairs.extract_if(.., |(name, _)| name == key);
        let (value, more) = (values.next(), values.next());
        drop(values);
        self.pairs.retain(|(name, _)| name != key);
        match (value, more) {
            (Some((_, value)), None) => self.within(key, |at| read(at, value)),
            (None, _) => self.refuse(key, Kind::KeyMissing, "", ""),
            (Some(_), Some(_)) => self.refuse(key, Kind::KeyRepeated, "", ""),
        }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.pairs.iter().any(|(name, _)| name == key)
    }

    /// Reads the value of a key that may be absent: `Some(None)` then.
    #[expect(clippy::option_option, reason = "absent is not unreadable")]
    pub(crate) fn optional<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut Reader<'a>, Json) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.has(key) { self.get(key, read).map(Some) } else { Some(None) }
    }
}
