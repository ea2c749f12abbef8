//! Sealing under one key: `XChaCha20-Poly1305` with a nonce made of what is sealed.
//!
//! # The bytes
//!
//! A key of 32 bytes gives others by their labels: `HMAC-SHA-256(key, label)`. A sealed text is
//!
//! ```text
//! 01  nonce (24 bytes)  XChaCha20-Poly1305(key "lodd seal/1", nonce, padded text, bound to)
//! nonce = HMAC-SHA-256(key "lodd nonce/1", BE64(length of bound to) ‖ bound to ‖ padded text), first 24 bytes
//! ```
//!
//! The padding is a byte 80 and zeros up to a multiple of 64, so that a length says little of a
//! short answer. The nonce comes from the text and its place, not from a generator: no two texts
//! share one, whatever a generator, a copied machine or a restored backup does, and the same text
//! at the same place (table, unit, date and time of recording) is all that looks the same.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const NONCE: usize = 24;
const BLOCK: usize = 64;

/// 32 secret bytes, wiped from memory when they are dropped.
pub(super) type Secret = Zeroizing<[u8; 32]>;

/// Seals and opens under one key.
pub(super) struct Cipher {
    aead: XChaCha20Poly1305,
    nonces: Secret,
}

impl Cipher {
    /// The cipher of a root key.
    pub(super) fn new(root: &Secret) -> Self {
        let key = derive(root, "lodd seal/1");
        Self { aead: XChaCha20Poly1305::new((&*key).into()), nonces: derive(root, "lodd nonce/1") }
    }

    /// Seals a text, bound to other bytes.
    pub(super) fn seal(&self, bound_to: &[u8], plain: &[u8]) -> Vec<u8> {
        let padded = pad(plain);
        let nonce = self.nonce(bound_to, &padded);
        let payload = Payload { msg: &padded, aad: bound_to };
        let mut sealed = Vec::with_capacity(1 + NONCE + padded.len() + 16);
        sealed.push(VERSION);
        sealed.extend(nonce);
        // Refused for texts of 256 GiB and more only: then nothing is sealed, and nothing opens.
        sealed.extend(self.aead.encrypt(&XNonce::from(nonce), payload).unwrap_or_default());
        sealed
    }

    /// Opens a sealed text; `None` if one of its bytes, or of those it is bound to, is another.
    pub(super) fn open(&self, bound_to: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, text) = sealed.strip_prefix(&[VERSION])?.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: text, aad: bound_to };
        let mut plain = Zeroizing::new(self.aead.decrypt(&XNonce::from(*nonce), payload).ok()?);
        let end = plain.iter().rposition(|byte| *byte != 0)?;
        if plain.get(end) != Some(&0x80) {
            return None;
        }
        plain.truncate(end);
        Some(plain)
    }

    fn nonce(&self, bound_to: &[u8], padded: &[u8]) -> [u8; NONCE] {
        let length = (bound_to.len() as u64).to_be_bytes();
        let mac = mac(&self.nonces, &[&length, bound_to, padded]);
        let mut nonce = [0; NONCE];
        nonce.iter_mut().zip(mac.iter()).for_each(|(to, from)| *to = *from);
        nonce
    }
}

fn pad(plain: &[u8]) -> Zeroizing<Vec<u8>> {
    let length = (plain.len() / BLOCK + 1) * BLOCK;
    let mut padded = Zeroizing::new(Vec::with_capacity(length));
    padded.extend(plain);
    padded.push(0x80);
    padded.resize(length, 0);
    padded
}

/// The key of a label.
pub(super) fn derive(root: &Secret, label: &str) -> Secret {
    mac(root, &[label.as_bytes()])
}

/// HMAC-SHA-256 over parts put together.
pub(super) fn mac(key: &Secret, parts: &[&[u8]]) -> Secret {
    // HMAC fills a key shorter than the hash's block with zeros; done here, it can't fail.
    let mut block = Zeroizing::new([0; 64]);
    block.iter_mut().zip(key.iter()).for_each(|(to, from)| *to = *from);
    let mut mac = <Hmac<Sha256> as KeyInit>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    Zeroizing::new(mac.finalize().into_bytes().into())
}
