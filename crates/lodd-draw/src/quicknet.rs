//! The public randomness beacon of section 3: drand's network `quicknet`, pinned.
//!
//! Whether a signature is quicknet's is checked outside this crate ([`CheckSignature`]).

/// The chain's hash, as announcements name it.
pub const CHAIN: &str = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
/// The chain's public key on G2, hexadecimal.
pub const PUBLIC_KEY: &str = "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a";
/// Unix time of round 1, seconds.
pub const GENESIS: u64 = 1_692_803_367;
/// Seconds between rounds.
pub const PERIOD: u64 = 3;
/// Bytes of a signature, a compressed point on G1.
pub const SIGNATURE_BYTES: usize = 48;

/// A round's signature.
pub type Signature = [u8; SIGNATURE_BYTES];

/// Whether a signature is quicknet's for a round: BLS on G1 (RFC 9380) over SHA256(BE64(round)).
/// It must be `false`, never a crash, for any bytes that are no such signature.
pub type CheckSignature<'a> = &'a dyn Fn(u64, &Signature) -> bool;

/// Unix time in seconds at which a round appears; `None` for round 0, and where it overflows.
pub fn time_of(round: u64) -> Option<u64> {
    round.checked_sub(1)?.checked_mul(PERIOD)?.checked_add(GENESIS)
}

/// The first round that appears at a Unix time in seconds, or after it.
pub fn first_at(time: u64) -> u64 {
    time.saturating_sub(GENESIS).div_ceil(PERIOD) + 1
}
