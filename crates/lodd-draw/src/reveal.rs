//! `reveal.json` and `void.json`: how a draw ends.
//!
//! No hash protects these two files until the next draw is announced, so they have one form only.

use unicode_normalization::UnicodeNormalization;

use crate::{
    Announcement, Beacon, Constrained, File, Refused,
    constraint::first_accepted,
    finding::{Findings, Kind},
    hash::{Hash, attempt_key, commitment, draw_key, hex, sha256},
    json::Json,
    object::{Object, Reader},
    quicknet::{CheckSignature, Signature},
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
    /// A round of drand.
    Drand {
        /// The round, from 1.
        round: u64,
        /// Its signature; whether it is one is checked where it is used.
        signature: Signature,
    },
}

impl BeaconValue {
    /// The kind of beacon that gives such a value.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Seed(_) => "fixed",
            Self::Witnessed(_) => "witnessed",
            Self::Drand { .. } => "drand",
        }
    }

    /// The key under `beacon` in which the value stands.
    pub(crate) fn field(&self) -> &'static str {
        match self {
            Self::Seed(_) => "beacon.seed",
            Self::Witnessed(_) => "beacon.value",
            Self::Drand { .. } => "beacon.signature",
        }
    }

    /// R of section 3.
    fn randomness(&self) -> Hash {
        match self {
            Self::Seed(seed) => *seed,
            Self::Witnessed(value) => sha256(&[value.as_bytes()]),
            Self::Drand { signature, .. } => sha256(&[signature]),
        }
    }

    fn to_json(&self) -> Json {
        let kind = ("kind", Json::text(self.kind()));
        match self {
            Self::Seed(seed) => Json::object([kind, ("seed", Json::text(hex(seed)))]),
            Self::Witnessed(value) => Json::object([kind, ("value", Json::text(value))]),
            Self::Drand { round, signature } => Json::object([
                kind,
                ("round", Json::Integer(*round)),
                ("signature", Json::text(hex(signature))),
            ]),
        }
    }

    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        match object.get("kind", Reader::text)?.as_str() {
            "fixed" => object.get("seed", Reader::hash).map(Self::Seed),
            "witnessed" => object.get("value", plain_text).map(Self::Witnessed),
            "drand" => {
                let round = object.get("round", Reader::integer(1, u64::MAX));
                let signature = object.get("signature", Reader::hex);
                Some(Self::Drand { round: round?, signature: signature? })
            }
            other => object.refuse("kind", Kind::BeaconKind, "drand, witnessed, fixed", other),
        }
    }
}

/// `reveal.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reveal {
    pub(crate) announcement: Hash,
    pub(crate) secret: Hash,
    pub(crate) beacon: BeaconValue,
    /// The attempt of a constrained draw.
    pub(crate) attempt: Option<u32>,
}

impl Reveal {
    pub(crate) fn read(bytes: &[u8], findings: &mut Findings) -> Option<Self> {
        let reveal = Reader::file(File::Reveal, bytes, findings, |object| {
            let [announcement, secret] =
                ["announcement", "secret"].map(|key| object.get(key, Reader::hash));
            let beacon = object.get("beacon", |at, json| at.object(json, BeaconValue::read));
            let attempt = object.optional("attempt", Reader::integer(0, u32::MAX));
            Some(Self {
                announcement: announcement?,
                secret: secret?,
                beacon: beacon?,
                attempt: attempt?,
            })
        })?;
        check_form(File::Reveal, bytes, &reveal.to_file(), findings);
        Some(reveal)
    }

    pub(crate) fn to_file(&self) -> Vec<u8> {
        let mut pairs = vec![
            ("protocol", Json::text(crate::PROTOCOL)),
            ("announcement", Json::text(hex(&self.announcement))),
            ("secret", Json::text(hex(&self.secret))),
            ("beacon", self.beacon.to_json()),
        ];
        pairs.extend(self.attempt.map(|attempt| ("attempt", Json::Integer(attempt.into()))));
        Json::object(pairs).to_file()
    }

    /// K of section 3.
    pub(crate) fn draw_key(&self) -> Hash {
        draw_key(&self.secret, &self.announcement, &self.beacon.randomness())
    }

    /// The key that stands for K everywhere in sections 4 and 5: K, or K(a) with a constraint.
    pub(crate) fn key(&self) -> Hash {
        let key = self.draw_key();
        self.attempt.map_or(key, |attempt| attempt_key(&key, attempt))
    }
}

/// `void.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Void {
    pub(crate) announcement: Hash,
    pub(crate) reason: String,
    /// `None` only under drand, before the round is known.
    pub(crate) secret: Option<Hash>,
}

impl Void {
    pub(crate) fn read(bytes: &[u8], findings: &mut Findings) -> Option<Self> {
        let void = Reader::file(File::Void, bytes, findings, |object| {
            let announcement = object.get("announcement", Reader::hash);
            let secret = object.get("secret", |at, json| match json {
                Json::Null => Some(None),
                json => at.hash(json).map(Some),
            });
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
            ("secret", self.secret.map_or(Json::Null, |secret| Json::text(hex(&secret)))),
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
pub(crate) fn check_form(file: File, bytes: &[u8], form: &[u8], findings: &mut Findings) {
    if bytes != form {
        let differs = bytes.iter().zip(form).position(|(a, b)| a != b);
        let at = differs.unwrap_or(bytes.len().min(form.len()));
        let line = 1 + form.iter().take(at).filter(|&&byte| byte == b'\n').count();
        let shown = |bytes: &[u8]| {
            // A slip holds a salt, which no message shows.
            let shown = if file == File::Slip { &[][..] } else { bytes };
            let line = shown.split(|&byte| byte == b'\n').nth(line - 1);
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
    #[error("the value must be of round {expected}, which was announced, not of round {found}")]
    Round { expected: u64, found: u64 },
    #[error("the signature is not the beacon's for round {round}")]
    Signature { round: u64 },
    #[error("a constrained draw needs the values that were locked with it")]
    CovariatesMissing,
    #[error("the values of the constraint can't be used")]
    Covariates(Refused),
    #[error(
        "none of {max_attempts} attempts is accepted by the constraint: the draw must be voided"
    )]
    NoneAccepted { max_attempts: u64 },
    #[error("only a draw by drand can be voided without its secret")]
    SecretMissing,
    #[error("the value that was read out can't be empty")]
    EmptyValue,
    #[error("a void draw must have a reason")]
    EmptyReason,
    #[error("the text can't be longer than {} bytes", File::Reveal.bytes_max() / 8)]
    TooLong,
}

/// The bytes of `reveal.json`; a witnessed value is trimmed and put in NFC first. `covariates`: the
/// private file of a constrained draw, whose first accepted attempt is searched for.
///
/// # Errors
///
/// If the secret or the beacon's value is not of what was announced, or no attempt is accepted.
pub fn reveal(
    announcement: &[u8],
    secret: &Secret,
    value: BeaconValue,
    covariates: Option<&[u8]>,
    check: CheckSignature<'_>,
) -> Result<Vec<u8>, RevealError> {
    let announced = committed(announcement, secret)?;
    let beacon = announced_value(&announced.beacon, value, check)?;
    let announcement = sha256(&[announcement]);
    let mut reveal = Reveal { announcement, secret: secret.0, beacon, attempt: None };
    if let Some(constraint) = &announced.constraint {
        let covariates = covariates.ok_or(RevealError::CovariatesMissing)?;
        let constrained =
            Constrained::read(&announced, covariates).map_err(RevealError::Covariates)?;
        let max_attempts = constraint.max_attempts;
        let accepted = first_accepted(&constrained, &reveal.draw_key(), max_attempts);
        reveal.attempt = Some(accepted.ok_or(RevealError::NoneAccepted { max_attempts })?);
    }
    Ok(reveal.to_file())
}

/// The value, if it is what the announced beacon gave.
fn announced_value(
    beacon: &Beacon,
    value: BeaconValue,
    check: CheckSignature<'_>,
) -> Result<BeaconValue, RevealError> {
    match (beacon, value) {
        (Beacon::Fixed, value @ BeaconValue::Seed(_)) => Ok(value),
        (Beacon::Witnessed { .. }, BeaconValue::Witnessed(text)) => {
            Ok(BeaconValue::Witnessed(said(&text, RevealError::EmptyValue)?))
        }
        (Beacon::Drand { round: expected }, BeaconValue::Drand { round, signature }) => {
            if round != *expected {
                Err(RevealError::Round { expected: *expected, found: round })
            } else if check(round, &signature) {
                Ok(BeaconValue::Drand { round, signature })
            } else {
                Err(RevealError::Signature { round })
            }
        }
        (beacon, value) => {
            Err(RevealError::BeaconKind { expected: beacon.kind(), found: value.kind() })
        }
    }
}

/// The bytes of `void.json`; the reason is trimmed and put in NFC. `secret` is `None` only under
/// drand, before the round is known.
///
/// # Errors
///
/// If the secret is not the announced one, or there is no reason.
pub fn void(
    announcement: &[u8],
    secret: Option<&Secret>,
    reason: &str,
) -> Result<Vec<u8>, RevealError> {
    match secret {
        Some(secret) => drop(committed(announcement, secret)?),
        None => match Announcement::parse(announcement)?.beacon {
            Beacon::Drand { .. } => {}
            _ => return Err(RevealError::SecretMissing),
        },
    }
    let reason = said(reason, RevealError::EmptyReason)?;
    let announcement = sha256(&[announcement]);
    Ok(Void { announcement, reason, secret: secret.map(|it| it.0) }.to_file())
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
