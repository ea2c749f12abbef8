//! The hashes, keys and tickets of the protocol: sections 1 to 4, and nothing else.

use hmac::{Hmac, KeyInit, Mac};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use sha2::{Digest, Sha256};

#[cfg(test)]
mod tests;

/// 32 bytes: a SHA-256, a key, a secret or a salt.
pub type Hash = [u8; 32];

pub(crate) const ZERO: Hash = [0; 32];

/// SHA-256 of the parts joined.
pub(crate) fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// HMAC-SHA-256 of the parts joined.
pub(crate) fn hmac(key: &Hash, parts: &[&[u8]]) -> Hash {
    // HMAC pads its key with zeros to the block length of the hash, so this is the key itself.
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads exactly 64 lower-case hexadecimal digits; anything else is `None`.
pub(crate) fn unhex(text: &str) -> Option<Hash> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != 32 || !rest.is_empty() {
        return None;
    }
    let mut hash = ZERO;
    for (to, &[high, low]) in hash.iter_mut().zip(pairs) {
        *to = digit(high)? * 16 + digit(low)?;
    }
    Some(hash)
}

/// What the announcement says of the secret before it is revealed.
pub(crate) fn commitment(secret: &Hash) -> Hash {
    sha256(&[b"lodd/1 secret\0", secret])
}

/// What stands for a unit on the locked list; `id` in NFC.
pub(crate) fn leaf(salt: &Hash, id: &str) -> Hash {
    sha256(&[b"lodd/1 leaf\0", salt, id.as_bytes()])
}

/// The hash of one entry of the tree: the row of a unit.
pub(crate) fn entry(block: &str, leaf: &Hash) -> Hash {
    sha256(&[&[0], block.as_bytes(), &[0], leaf])
}

/// The RFC 9162 Merkle tree hash over the hashes of its entries.
pub(crate) fn merkle_root(entries: &[Hash]) -> Hash {
    match entries {
        [] => sha256(&[]),
        [one] => *one,
        _ => {
            // The largest power of two smaller than the number of entries.
            let half = entries.len().next_power_of_two() / 2;
            let (left, right) = entries.split_at(half);
            sha256(&[&[1], &merkle_root(left), &merkle_root(right)])
        }
    }
}

/// K, from which a whole draw follows; `randomness` is R of section 3.
pub(crate) fn draw_key(secret: &Hash, announcement: &Hash, randomness: &Hash) -> Hash {
    hmac(secret, &[b"lodd/1 seed\0", announcement, randomness])
}

/// Kb, the key of one block's tickets.
pub(crate) fn block_key(draw_key: &Hash, block: &str) -> Hash {
    hmac(draw_key, &[b"lodd/1 block\0", block.as_bytes()])
}

/// The `ChaCha20` key stream of a key.
pub(crate) fn key_stream(key: Hash) -> ChaCha20Rng {
    ChaCha20Rng::from_seed(key)
}

/// The next `units` tickets of a stream as `(ticket, ordinal)`, lowest first: the ranks 1, 2, ….
///
/// A ticket is 16 bytes; as a big-endian number it is ordered as its bytes are.
pub(crate) fn ranked(stream: &mut ChaCha20Rng, units: u32) -> Vec<(u128, u32)> {
    let mut ticket = || {
        let mut bytes = [0; 16];
        stream.fill_bytes(&mut bytes);
        u128::from_be_bytes(bytes)
    };
    let mut tickets: Vec<(u128, u32)> = (0..units).map(|ordinal| (ticket(), ordinal)).collect();
    tickets.sort_unstable();
    tickets
}
