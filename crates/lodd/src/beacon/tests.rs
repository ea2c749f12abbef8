//! Signatures of quicknet: known ones, and everything that is not one.

use super::*;

/// Published by drand: round, signature, randomness.
pub(super) const ROUND_1000: (&str, &str) = (
    "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
    "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
);
const ROUND_123: &str = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92";

fn known(round: u64) -> Signature {
    unhex(if round == 123 { ROUND_123 } else { ROUND_1000.0 }).unwrap()
}

fn refused(json: &str) -> (String, String, String) {
    let Err(Failure::Refused { problems, .. }) = read("runde.json", json.as_bytes(), 1000) else {
        panic!("taken: {json}")
    };
    let it = &problems[0];
    (it.place.words(crate::text::Lang::Nb), it.message.nb.clone(), it.message.en.clone())
}

#[test]
fn published_rounds_are_signed_and_no_other_pair_is() {
    assert!(is_signature(1000, &known(1000)));
    assert!(is_signature(123, &known(123)));
    for (round, of) in
        [(123, 1000), (1000, 123), (999, 1000), (1001, 1000), (0, 1000), (u64::MAX, 123)]
    {
        assert!(!is_signature(round, &known(of)), "{round} by the signature of {of}");
    }
}

/// Every bit of the signature, one at a time: most are no point of the curve, a few are a point.
#[test]
fn a_flipped_bit_is_an_invalid_signature() {
    for at in 0..8 * SIGNATURE_BYTES {
        let mut changed = known(1000);
        changed[at / 8] ^= 1 << (at % 8);
        assert!(!is_signature(1000, &changed), "bit {at}");
    }
}

/// Infinity, the generator, x = 0 (on the curve, outside the subgroup), x ≥ the field's size, no
/// compression, and bytes of no meaning.
#[test]
fn points_that_are_no_signature_never_crash() {
    let mut infinity = [0; SIGNATURE_BYTES];
    infinity[0] = 0xc0;
    let mut odd_infinity = infinity;
    odd_infinity[47] = 1;
    let generator: Signature = unhex("97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb").unwrap();
    let mut outside = [0; SIGNATURE_BYTES];
    outside[0] = 0x80;
    let mut large = [0xff; SIGNATURE_BYTES];
    large[0] = 0x9f;
    let mut uncompressed = known(1000);
    uncompressed[0] &= 0x7f;
    for bytes in
        [infinity, odd_infinity, generator, outside, large, uncompressed, [0; 48], [0xff; 48]]
    {
        assert!(!is_signature(1000, &bytes), "{bytes:02x?}");
    }
}

#[test]
fn a_round_is_read_as_drand_gives_it() {
    let (signature, randomness) = ROUND_1000;
    for json in [
        format!(r#"{{"round":1000,"randomness":"{randomness}","signature":"{signature}"}}"#),
        format!("\u{feff}\n {{\"signature\":\"{}\",\n\"round\":1000}}\n", signature.to_uppercase()),
        format!(r#"{{"round":1000,"signature":"{signature}","previous_signature":""}}"#),
    ] {
        let round = read("runde.json", json.as_bytes(), 1000).unwrap();
        assert_eq!((round.round, round.signature), (1000, known(1000)));
    }
}

#[test]
fn another_round_chain_or_byte_is_refused_with_its_place() {
    let (signature, randomness) = ROUND_1000;
    let changed = signature.replacen("b44679", "b44678", 1);
    let mainnet = "82f5d3d2de4db19d40a6980e8aa37842a0e55d1df06bd68bddc8d60002e8e959eb9cfa368b3c1b77d18f02a54fe047b80f0989315f83b12a74fd8679c4f12aae86eaf6ab5690b34f1fddd50ee3cc6f6cdf59e95526d5a5d82aaa84fa6f181e42";
    let cases = [
        (
            format!(r#"{{"round":123,"signature":"{ROUND_123}"}}"#),
            "(round)",
            "is not the announced round",
        ),
        (
            format!(r#"{{"round":1000,"signature":"{ROUND_123}"}}"#),
            "(signature)",
            "not quicknet's signature of this round",
        ),
        (
            format!(r#"{{"round":1000,"signature":"{changed}"}}"#),
            "(signature)",
            "not quicknet's signature of this round",
        ),
        (format!(r#"{{"round":1000,"signature":"{mainnet}"}}"#), "(signature)", "another chain?"),
        (
            format!(r#"{{"round":1000,"signature":"{}"}}"#, &signature[..94]),
            "(signature)",
            "must be 96 hexadecimal digits",
        ),
        (
            format!(r#"{{"round":1000,"signature":"{}g"}}"#, &signature[..95]),
            "(signature)",
            "must be hexadecimal digits",
        ),
        (
            format!(
                r#"{{"round":1000,"randomness":"{}","signature":"{signature}"}}"#,
                randomness.replacen('f', "e", 1)
            ),
            "(randomness)",
            "is not the SHA-256 of the signature",
        ),
        (r#"{"round":1000}"#.to_owned(), "(signature)", "must be 96 hexadecimal digits"),
        (
            format!(r#"{{"round":"1000","signature":"{signature}"}}"#),
            "(round)",
            "must be the round's number",
        ),
        (
            format!(r#"{{"round":1e3,"signature":"{signature}"}}"#),
            "(round)",
            "must be the round's number",
        ),
        ("[]".to_owned(), "runde.json", "must be a round as JSON"),
        (String::new(), "runde.json", "must be a round as JSON"),
        ("[".repeat(4000), "runde.json", "must be a round as JSON"),
        (" ".repeat(5000), "runde.json", "must be a round as JSON"),
    ];
    for (json, place, words) in cases {
        let (at, nb, en) = refused(&json);
        assert!(at.starts_with("runde.json") && at.contains(place), "{at}: {json}");
        assert!(en.contains(words) && !nb.is_empty() && nb != en, "{en}: {json}");
    }
}
