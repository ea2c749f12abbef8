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
    bytes.iter().flat_map(|byte| digits(*byte)).map(char::from).collect()
}

/// Appends lower-case hexadecimal digits.
pub(crate) fn push_hex<const N: usize>(bytes: &[u8; N], out: &mut Vec<u8>) {
    out.extend_from_slice(bytes.map(digits).as_flattened());
}

/// The two digits of a byte.
fn digits(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 15].map(|it| b'0' + it + if it < 10 { 0 } else { b'a' - b'0' - 10 })
}

/// Reads exactly `2 N` lower-case hexadecimal digits; anything else is `None`.
pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let mut hash = [0; N];
    let mut wrong = 0;
    for (to, &[high, low]) in hash.iter_mut().zip(pairs) {
        let (high, low) = (digit(high), digit(low));
        wrong |= high | low;
        *to = high << 4 | low;
    }
    (wrong < 16).then_some(hash)
}

/// The value of a lower-case hexadecimal digit; 16 or more for any other byte.
fn digit(byte: u8) -> u8 {
    let (digit, letter) = (byte.wrapping_sub(b'0'), byte.wrapping_sub(b'a'));
    let high = if letter < 6 { letter + 10 } else { 255 };
    if digit < 10 { digit } else { high }
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

/// The RFC 9162 Merkle tree hash over entries `from` to `from + count` − 1, whose hashes `entry`
/// gives by number.
pub(crate) fn merkle_root(
    from: usize,
    count: usize,
    entry: &(impl Fn(usize) -> Hash + Sync),
) -> Hash {
    let half = |from, count| merkle_root(from, count, entry);
    match count {
        0 => sha256(&[]),
        1 => entry(from),
        _ => {
            let left = left(count);
            let (one, other) = (|| half(from, left), || half(from + left, count - left));
            // Large halves on two threads: the hash is the same.
            let (one, other) =
                if count > 1 << 14 { rayon::join(one, other) } else { (one(), other()) };
            node(&one, &other)
        }
    }
}

/// An inner node's hash.
pub(crate) fn node(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// Number of entries in the left part: the largest power of two smaller than `count`, from 2 on.
pub(crate) fn left(count: usize) -> usize {
    count.next_power_of_two() / 2
}

/// K, from which a whole draw follows; `randomness` is R of section 3.
pub(crate) fn draw_key(secret: &Hash, announcement: &Hash, randomness: &Hash) -> Hash {
    hmac(secret, &[b"lodd/1 seed\0", announcement, randomness])
}

/// K(a), the key of attempt number `attempt` of a constrained draw.
pub(crate) fn attempt_key(draw_key: &Hash, attempt: u32) -> Hash {
    hmac(draw_key, &[b"lodd/1 attempt\0", &attempt.to_be_bytes()])
}

/// Kb, the key of one block's tickets.
pub(crate) fn block_key(draw_key: &Hash, block: &str) -> Hash {
    hmac(draw_key, &[b"lodd/1 block\0", block.as_bytes()])
}

/// The `ChaCha20` key stream of a key.
pub(crate) fn key_stream(key: Hash) -> ChaCha20Rng {
    ChaCha20Rng::from_seed(key)
}

/// A whole number from 0 to `bound` − 1, each equally likely (Lemire 2019): section 5.
pub(crate) fn below(stream: &mut impl Rng, bound: u64) -> u64 {
    let threshold = bound.wrapping_neg().checked_rem(bound).unwrap_or(0);
    loop {
        let mut bytes = [0; 8];
        stream.fill_bytes(&mut bytes);
        let product = u128::from(u64::from_le_bytes(bytes)) * u128::from(bound);
        let low = product & u128::from(u64::MAX);
        if low >= u128::from(threshold) {
            return u64::try_from(product >> 64).unwrap_or(0);
        }
    }
}

/// The tickets of a block in the order of ordinals; `units` of them.
///
/// A ticket is 16 bytes; as a big-endian number it is ordered as its bytes are.
pub(crate) fn tickets(draw_key: &Hash, block: &str, units: u32) -> Vec<(u128, u32)> {
    let mut stream = key_stream(block_key(draw_key, block));
    let mut ticket = || {
        let mut bytes = [0; 16];
        stream.fill_bytes(&mut bytes);
        u128::from_be_bytes(bytes)
    };
    (0..units).map(|ordinal| (ticket(), ordinal)).collect()
}

/// The chances of a replay: a key stream.
pub(crate) struct Stream(ChaCha20Rng);

impl Stream {
    pub(crate) fn new(key: Hash) -> Self {
        Self(key_stream(key))
    }

    pub(crate) fn wide(&mut self) -> &mut impl Rng {
        &mut self.0
    }

    /// Whole numbers from 0 to each of `bounds` − 1, all equally likely, from one word of 64 bits
    /// (Brackett-Rozinsky and Lemire 2024). The product of `bounds` must be below 2^64.
    pub(crate) fn below_each<const N: usize>(&mut self, bounds: [u32; N]) -> [u32; N] {
        let product = bounds.iter().fold(1_u64, |all, it| all.wrapping_mul(u64::from(*it)));
        let mut drawn = [0; N];
        loop {
            let mut word = self.0.next_u64();
            for (to, bound) in drawn.iter_mut().zip(bounds) {
                let wide = u128::from(word) * u128::from(bound);
                *to = u32::try_from(wide >> 64).unwrap_or(0);
                word = u64::try_from(wide & u128::from(u64::MAX)).unwrap_or(0);
            }
            // The remainder is dear and nearly never needed.
            if word >= product || word >= product.wrapping_neg().checked_rem(product).unwrap_or(0) {
                return drawn;
            }
        }
    }
}
