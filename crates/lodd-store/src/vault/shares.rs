//! A key in shares: any `threshold` of them bring it back, fewer say nothing of it.
//!
//! Shamir's scheme over GF(256). A share is a short text to print and lock away: whose key it is a
//! share of, its number, its bytes, and a check of all that, so that a misread digit is found.

use blahaj::{Share as Point, Sharks};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use zeroize::Zeroizing;

use super::{VaultError, keyfile::OfficeKey};
use crate::{
    ledger::{hex, sha256_hex},
    random,
};

const TITLE: &str = "lodd share/1";
/// More than this nobody keeps apart.
const SHARES_MAX: u8 = 20;

/// Why shares can't be made or put together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum ShareError {
    #[error(
        "a key must be given in 2 to {SHARES_MAX} shares, and need 2 of them or more: not {threshold} of {shares}"
    )]
    Numbers { shares: u8, threshold: u8 },
    #[error(
        "file {place} must be a share, a text that begins with `{TITLE}`: its line `{line}` can't be read"
    )]
    NotAShare { place: usize, line: &'static str },
    #[error("the check of file {place} must fit: a digit was misread, or the text was changed")]
    Check { place: usize },
    #[error("all shares must be from one export of one key: file {place} is from another")]
    Mixed { place: usize },
    #[error("share {number} must be given once")]
    Twice { number: u8 },
    #[error("{needed} shares are needed, {found} are given")]
    TooFew { needed: u8, found: usize },
    #[error("the shares must give the key that this pilot was written with: they give another")]
    OtherKey,
}

/// Of which key a share is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedKey {
    /// Its office; empty for the pilot itself.
    pub office_id: String,
    /// Its version.
    pub version: i64,
    /// What it is known by.
    pub key_id: String,
    /// What this export is known by.
    set: String,
    /// How many shares there are.
    of: u8,
    /// How many bring the key back.
    threshold: u8,
}

struct Share {
    key: SharedKey,
    number: u8,
    bytes: Zeroizing<Vec<u8>>,
}

/// The texts of a key's shares, in order.
pub(crate) fn split(
    (office_id, version, key): (&str, i64, &OfficeKey),
    (shares, threshold): (u8, u8),
) -> Result<Vec<Zeroizing<String>>, VaultError> {
    if !(2..=SHARES_MAX).contains(&shares) || !(2..=shares).contains(&threshold) {
        return Err(ShareError::Numbers { shares, threshold }.into());
    }
    let mut generator = ChaCha20Rng::from_seed(*random::bytes()?);
    let set = hex(random::bytes()?.first_chunk::<4>().map_or(&[], |it| it.as_slice()));
    let (office_id, key_id) = (office_id.to_owned(), key.id());
    let shared = SharedKey { office_id, version, key_id, set, of: shares, threshold };
    let points = Sharks(threshold).dealer_rng(key.bytes(), &mut generator);
    let text = |(number, point): (u8, Point)| {
        let bytes = Zeroizing::new(Vec::from(&point));
        Share { key: shared.clone(), number, bytes }.text()
    };
    Ok((1..=shares).zip(points).map(text).collect())
}

/// The key that shares give, and which it is.
pub(crate) fn join(texts: &[Zeroizing<String>]) -> Result<(SharedKey, OfficeKey), VaultError> {
    let mut shares: Vec<Share> = Vec::new();
    for (place, text) in (1..).zip(texts) {
        let share = Share::parse(text, place)?;
        if shares.first().is_some_and(|first| first.key != share.key) {
            return Err(ShareError::Mixed { place }.into());
        }
        if shares.iter().any(|it| it.number == share.number) {
            return Err(ShareError::Twice { number: share.number }.into());
        }
        shares.push(share);
    }
    let Some(first) = shares.first() else {
        return Err(ShareError::TooFew { needed: 2, found: 0 }.into());
    };
    let key = first.key.clone();
    if shares.len() < usize::from(key.threshold) {
        let (needed, found) = (key.threshold, shares.len());
        return Err(ShareError::TooFew { needed, found }.into());
    }
    let points: Result<Vec<Point>, _> =
        shares.iter().map(|it| Point::try_from(it.bytes.as_slice())).collect();
    let points = points.map_err(|_| ShareError::OtherKey)?;
    let joined = Sharks(key.threshold).recover(&points).map_err(|_| ShareError::OtherKey)?;
    let joined = Zeroizing::new(joined);
    let bytes = joined.as_slice().try_into().map_err(|_| ShareError::OtherKey)?;
    let office = OfficeKey::new(Zeroizing::new(bytes));
    if office.id() == key.key_id { Ok((key, office)) } else { Err(ShareError::OtherKey.into()) }
}

impl Share {
    fn head(&self) -> Zeroizing<String> {
        let Self { key, number, bytes } = self;
        let SharedKey { office_id, version, key_id, set, of, threshold } = key;
        let digits = Zeroizing::new(hex(bytes));
        let groups: Vec<&str> = (0..digits.len())
            .step_by(6)
            .filter_map(|from| digits.get(from..(from + 6).min(digits.len())))
            .collect();
        let data = Zeroizing::new(groups.join(" "));
        Zeroizing::new(format!(
            "{TITLE}\noffice: {office_id}\nkey: {key_id}\nversion: {version}\nset: {set}\n\
             share: {number}\nof: {of}\nneeded: {threshold}\ndata: {}\n",
            *data
        ))
    }

    fn text(&self) -> Zeroizing<String> {
        let head = self.head();
        Zeroizing::new(format!("{}check: {}\n", *head, check(&head)))
    }

    fn parse(text: &str, place: usize) -> Result<Self, ShareError> {
        let lines: Vec<&str> =
            text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let wrong = |line| ShareError::NotAShare { place, line };
        if lines.first() != Some(&TITLE) {
            return Err(wrong(TITLE));
        }
        let field = |name: &'static str| {
            let found = lines.iter().find_map(|it| it.strip_prefix(name)?.strip_prefix(':'));
            found.map(str::trim).ok_or_else(|| wrong(name))
        };
        let number = |name| field(name)?.parse::<u8>().map_err(|_| wrong(name));
        let key = SharedKey {
            office_id: field("office")?.to_owned(),
            version: field("version")?.parse().map_err(|_| wrong("version"))?,
            key_id: field("key")?.to_owned(),
            set: field("set")?.to_owned(),
            of: number("of")?,
            threshold: number("needed")?,
        };
        let bytes = unhex(field("data")?).ok_or_else(|| wrong("data"))?;
        let share = Self { key, number: number("share")?, bytes };
        let found = field("check")?.to_lowercase();
        if found == check(&share.head()) { Ok(share) } else { Err(ShareError::Check { place }) }
    }
}

/// The first 16 digits of the SHA-256 of the lines before.
fn check(head: &str) -> String {
    sha256_hex(head.as_bytes()).chars().take(16).collect()
}

/// Bytes from digits, however they are grouped.
fn unhex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digits: Zeroizing<Vec<u8>> =
        Zeroizing::new(text.bytes().filter(|it| !it.is_ascii_whitespace()).collect());
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let pair = |it: &[u8]| u8::from_str_radix(std::str::from_utf8(it).ok()?, 16).ok();
    digits.chunks_exact(2).map(pair).collect::<Option<Vec<u8>>>().map(Zeroizing::new)
}
