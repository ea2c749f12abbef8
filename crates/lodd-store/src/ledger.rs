//! The ledger: an append-only chain of hashes over everything that was done.
//!
//! An entry says when, who and what ([`Entry`]); its payload (JSON) is kept beside the chain and
//! bound to it by a *commitment*, HMAC-SHA-256(ledger key, payload bytes). So the chain can be
//! shown to anyone without its payloads, and verifies on when a payload has been erased.
//!
//! # The bytes that are hashed
//!
//! `hash` is the SHA-256 of
//!
//! ```text
//! "lodd ledger/1" 00
//! BE64(seq) BE64(at)
//! text(clock) text(actor) text(event) text(commitment) text(previous_hash)
//! ```
//!
//! where `BE64` is eight bytes, big-endian, and `text(x)` is the length of x in bytes (four bytes,
//! big-endian) and then its UTF-8 bytes. `commitment` and `previous_hash` enter as their 64 lower-case
//! hexadecimal digits; the first entry's `previous_hash` is 64 zeros.

mod verify;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

pub(crate) use verify::verify;
pub use verify::{Fault, LedgerFault};

/// The `previous_hash` of the first entry.
pub const NO_PREVIOUS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An entry of the ledger, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1, without a gap.
    pub seq: i64,
    /// When it was recorded, µs since the epoch; later than every entry before it.
    pub at_us: i64,
    /// `system`, or `scripted` where the time was given by a script.
    pub clock: String,
    /// Who did it.
    pub actor: String,
    /// What was done, such as `upload`.
    pub event: String,
    /// HMAC-SHA-256 of the payload under the pilot's ledger key, hexadecimal.
    pub commitment: String,
    /// The hash of the entry before.
    pub previous_hash: String,
    /// SHA-256 over all of the above, hexadecimal.
    pub hash: String,
    /// The payload, JSON; `None` once erased.
    pub payload: Option<String>,
}

/// Where the ledger stands after an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The entry's number.
    pub seq: i64,
    /// When it was recorded, µs since the epoch.
    pub at_us: i64,
    /// Its hash.
    pub hash: String,
}

impl Entry {
    /// The hash that the entry's other columns give. Frozen: receipts hold such hashes.
    pub fn computed_hash(&self) -> String {
        let mut bytes = b"lodd ledger/1\0".to_vec();
        bytes.extend(self.seq.to_be_bytes());
        bytes.extend(self.at_us.to_be_bytes());
        let texts = [&self.clock, &self.actor, &self.event, &self.commitment, &self.previous_hash];
        for text in texts {
            push_text(&mut bytes, text);
        }
        sha256_hex(&bytes)
    }
}

/// Appends a text with its length before it, so that no two lists of texts give the same bytes.
pub(crate) fn push_text(bytes: &mut Vec<u8>, text: &str) {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    bytes.extend(length.to_be_bytes());
    bytes.extend(text.as_bytes());
}

/// The commitment to a payload.
pub(crate) fn commitment(key: &[u8; 32], payload: &str) -> String {
    hex(&hmac_sha256(key, payload.as_bytes()))
}

pub(crate) fn hmac_sha256(key: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    // HMAC fills a key shorter than the hash's block with zeros; done here, it can't fail.
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

/// SHA-256 as 64 lower-case hexadecimal digits.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads exactly 32 bytes from hexadecimal digits.
pub(crate) fn unhex_32(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let pairs = digits.chunks_exact(2).map(|it| std::str::from_utf8(it).ok());
    let bytes: Option<Vec<u8>> =
        pairs.map(|it| it.and_then(|it| u8::from_str_radix(it, 16).ok())).collect();
    bytes?.try_into().ok()
}
