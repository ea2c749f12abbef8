//! `reveal.json` and `void.json`: how a draw ends.
//!
//! No hash protects these two files until the next draw is announced, so they have one form only.

use unicode_normalization::UnicodeNormalization;

use crate::{
    Announcement, File, Refused,
    finding::{Findings, Kind},
    hash::{Hash, commitment, draw_key, hex, sha256},
    json::Json,
    object::{Object, Reader},
    secret::Secret,
};

/// What the beacon gave.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BeaconValue {
    /// The seed of a `fixed` beacon.
    Seed(Hash),
    /// The text that was read out before witnesses.
    Witnessed(String),
}

impl BeaconValue {
    /// The kind of beacon that gives such a value.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Seed(_) => "fixed",
            Self::Witnessed(_) => "witnessed",
        }
    }

    /// The key under `beacon` in which the value stands.
    pub(crate) fn field(&self) -> &'static str {
        match self {
            Self::Seed(_) => "beacon.seed",
            Self::Witnessed(_) => "beacon.value",
        }
    }

    /// R of section 3.
    fn randomness(&self) -> Hash {
        match self {
            Self::Seed(seed) => *seed,
            Self::Witnessed(value) => sha256(&[value.as_bytes()]),
        }
    }

    fn to_json(&self) -> Json {
        let kind = ("kind", Json::text(self.kind()));
        match self {
            Self::Seed(seed) => Json::object([kind, ("seed", Json::text(hex(seed)))]),
            Self::Witnessed(value) => Json::object([kind, ("value", Json::text(value))]),
        }
    }

    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        match object.get("kind", Reader::text)?.as_str() {
            "fixed" => object.get("seed", Reader::hash).map(Self::Seed),
            "witnessed" => object.get("value", plain_text).map(Self::Witnessed),
            other => object.beacon(other, ["round", "signature"]),
        }
    }
}

/// `reveal.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reveal {
    pub(crate) announcement: Hash,
    pub(crate) secret: Hash,
    pub(crate) beacon: BeaconValue,
}

impl Reveal {
    pub(crate) fn read(bytes: &[u8], findings: &mut Findings) -> Option<Self> {
        let reveal = Reader::file(File::Reveal, bytes, findings, |object| {
            object.unsupported("attempt");
            let [announcement, secret] =
                ["announcement", "secret"].map(|key| object.get(key, Reader::hash));
            let beacon = object.get("beacon", |at, json| at.object(json, BeaconValue::read));
            Some(Self { announcement: announcement?, secret: secret?, beacon: beacon? })
        })?;
        check_form(File::Reveal, bytes, &reveal.to_file(), findings);
        Some(reveal)
    }

    pub(crate) fn to_file(&self) -> Vec<u8> {
        Json::object([
            ("protocol", Json::text(crate::PROTOCOL)),
            ("announcement", Json::text(hex(&self.announcement))),
            ("secret", Json::text(hex(&self.secret))),
            ("beacon", self.beacon.to_json()),
        ])
        .to_file()
    }

    /// K of section 3, for an announcement whose hash is `announcement`.
    pub(crate) fn key(&self) -> Hash {
        draw_key(&self.secret, &self.announcement, &self.beacon.randomness())
    }
}

/// `void.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Void {
    pub(crate) announcement: Hash,
    pub(crate) reason: String,
    pub(crate) secret: Hash,
}

impl Void {
    pub(crate) fn read(bytes: &[u8], findings: &mut Findings) -> Option<Self> {
        let void = Reader::file(File::Void, bytes, findings, |object| {
            let [announcement, secret] =
                ["announcement", "secret"].map(|key| object.get(key, Reader::hash));
            let reason = object.get("reason", |at, json| match at.text(json)? {
                blank if blank.trim().is_empty() => at.refuse(Kind::Empty, "", ""),
                reason => Some(reason),
            });
            Some(Self { announcement: announcement?, reason: reason?, secret: secret? })
        })?;
        check_form(File::Void, bytes, &void.to_file(), findings);
        Some(void)
    }

    fn to_file(&self) -> Vec<u8> {
        Json::object([
            ("protocol", Json::text(crate::PROTOCOL)),
            ("announcement", Json::text(hex(&self.announcement))),
            ("reason", Json::text(&self.reason)),
            ("secret", Json::text(hex(&self.secret))),
        ])
        .to_file()
    }
}

/// A text in NFC, without white space at its ends, and not empty.
fn plain_text(at: &mut Reader<'_>, json: Json) -> Option<String> {
    let text = at.text(json)?;
    match plain(&text) {
        plain if plain.is_empty() => at.refuse(Kind::Empty, "", ""),
        plain if plain != text => at.refuse(Kind::NotPlain, &plain, &text),
        plain => Some(plain),
    }
}

/// NFC, without white space at the ends.
pub(crate) fn plain(text: &str) -> String {
    text.trim().nfc().collect()
}

/// Refuses any other bytes than the one form of what was read.
fn check_form(file: File, bytes: &[u8], form: &[u8], findings: &mut Findings) {
    if bytes != form {
        let differs = bytes.iter().zip(form).position(|(a, b)| a != b);
        let at = differs.unwrap_or(bytes.len().min(form.len()));
        let line = 1 + form.iter().take(at).filter(|&&byte| byte == b'\n').count();
        let shown = |bytes: &[u8]| {
            let line = bytes.split(|&byte| byte == b'\n').nth(line - 1);
            String::from_utf8_lossy(line.unwrap_or_default()).into_owned()
        };
        findings.add((file, Some(line), ""), Kind::Form, &shown(form), &shown(bytes));
    }
}

/// Why a draw can't be ended so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum RevealError {
    #[error(transparent)]
    Announcement(#[from] Refused),
    #[error("the secret must be the one the announcement committed to")]
    Secret,
    #[error("the value must be of the beacon announced: expected `{expected}`, found `{found}`")]
    BeaconKind { expected: &'static str, found: &'static str },
    #[error("the value that was read out can't be empty")]
    EmptyValue,
    #[error("a void draw must have a reason")]
    EmptyReason,
    #[error("the text can't be longer than {} bytes", File::Reveal.bytes_max() / 8)]
    TooLong,
}

/// The bytes of `reveal.json`; a witnessed value is trimmed and put in NFC first.
///
/// # Errors
///
/// If the secret or the kind of beacon is not the announced one, or the value is empty.
pub fn reveal(
    announcement: &[u8],
    secret: &Secret,
    value: BeaconValue,
) -> Result<Vec<u8>, RevealError> {
    let announced = committed(announcement, secret)?;
    let (expected, found) = (announced.beacon.kind(), value.kind());
    if expected != found {
        return Err(RevealError::BeaconKind { expected, found });
    }
    let beacon = match value {
        BeaconValue::Witnessed(text) => {
            BeaconValue::Witnessed(said(&text, RevealError::EmptyValue)?)
        }
        BeaconValue::Seed(_) => value,
    };
    let announcement = sha256(&[announcement]);
    Ok(Reveal { announcement, secret: secret.0, beacon }.to_file())
}

/// The bytes of `void.json`; the reason is trimmed and put in NFC.
///
/// # Errors
///
/// If the secret is not the announced one, or there is no reason.
pub fn void(announcement: &[u8], secret: &Secret, reason: &str) -> Result<Vec<u8>, RevealError> {
    committed(announcement, secret)?;
    let reason = said(reason, RevealError::EmptyReason)?;
    Ok(Void { announcement: sha256(&[announcement]), reason, secret: secret.0 }.to_file())
}

fn committed(announcement: &[u8], secret: &Secret) -> Result<Announcement, RevealError> {
    let announced = Announcement::parse(announcement)?;
    if announced.commitment == commitment(&secret.0) {
        Ok(announced)
    } else {
        Err(RevealError::Secret)
    }
}

/// The text as it is written; an escape takes six bytes at most.
fn said(text: &str, empty: RevealError) -> Result<String, RevealError> {
    let text = plain(text);
    if text.is_empty() {
        Err(empty)
    } else if text.len() > File::Reveal.bytes_max() / 8 {
        Err(RevealError::TooLong)
    } else {
        Ok(text)
    }
}
