use super::*;
use crate::json::Json;

/// The objects of a vector file, as `(key, value)` pairs in file order.
fn vector(bytes: &[u8]) -> Json {
    Json::parse(bytes).unwrap()
}

fn text<'a>(object: &'a Json, key: &str) -> &'a str {
    let Json::Object(pairs) = object else { panic!("an object") };
    match pairs.iter().find(|(name, _)| name == key) {
        Some((_, Json::Text(text))) => text,
        other => panic!("{other:?}"),
    }
}

/// `merkle.json`: the entries are the one-byte strings 0, 1, …, n − 1.
#[test]
fn merkle_roots_are_those_of_rfc_9162() {
    let Json::Array(cases) = vector(include_bytes!("../../tests/vectors/merkle.json")) else {
        panic!("a list")
    };
    assert!(cases.len() > 10);
    for case in cases {
        let Json::Object(pairs) = &case else { panic!("an object") };
        let Some((_, Json::Integer(leaves))) = pairs.first() else { panic!("leaves") };
        let entry = |n: usize| sha256(&[&[0], &[u8::try_from(n).unwrap()]]);
        let count = usize::try_from(*leaves).unwrap();
        assert_eq!(hex(&merkle_root(0, count, &entry)), text(&case, "root"), "{leaves} leaves");
    }
}

/// No entry is doubled where their number is odd: CVE-2012-2459 can't happen.
#[test]
fn the_last_entry_is_not_repeated() {
    let root = |text: &[u8]| merkle_root(0, text.len(), &|n| sha256(&[&[0], &text[n..=n]]));
    assert_ne!(root(b"abc"), root(b"abcc"));
    assert_eq!(root(b""), sha256(&[]));
}

/// `below.json`: with rejections.
#[test]
fn bounded_numbers_are_those_of_the_vectors() {
    let Json::Array(cases) = vector(include_bytes!("../../tests/vectors/below.json")) else {
        panic!("a list")
    };
    assert!(cases.len() > 5);
    for case in cases {
        let bound: u64 = text(&case, "s").parse().unwrap();
        let drawn = below(&mut key_stream(unhex(text(&case, "key")).unwrap()), bound);
        assert_eq!(drawn.to_string(), text(&case, "below"), "below({bound})");
    }
}

/// A bound of 2^63 + 1 rejects nearly half of all words: the first that is kept is used.
#[test]
fn rejected_words_are_read_past() {
    let bound = (1 << 63) + 1;
    let (mut rejected, mut seen) = (0, 0);
    for n in 0..200_u8 {
        let mut words = key_stream([n; 32]);
        let mut word = || {
            let mut bytes = [0; 8];
            words.fill_bytes(&mut bytes);
            u64::from_le_bytes(bytes)
        };
        // 2^64 mod s = 2^63 − 1 words too many: those whose low product lies under it.
        let kept = |x: u64| u128::from(x) * u128::from(bound) % (1 << 64) >= (1 << 63) - 1;
        let first = std::iter::repeat_with(&mut word).inspect(|_| seen += 1).find(|x| kept(*x));
        let expected = (u128::from(first.unwrap()) * u128::from(bound)) >> 64;
        rejected += seen - 1;
        seen = 0;
        assert_eq!(u128::from(below(&mut key_stream([n; 32]), bound)), expected);
    }
    assert!(rejected > 50);
}

/// `chacha20.json`: the key stream of the zero key.
#[test]
fn tickets_are_the_key_stream() {
    let case = vector(include_bytes!("../../tests/vectors/chacha20.json"));
    let key = unhex(text(&case, "key")).unwrap();
    let mut bytes = [0; 128];
    key_stream(key).fill_bytes(&mut bytes);
    let stream = hex(&bytes);
    assert_eq!(stream, text(&case, "first_128_bytes"));
}

/// RFC 4231, test case 2, with its key "Jefe" written out to 32 bytes: HMAC pads with zeros.
#[test]
fn hmac_is_that_of_rfc_4231() {
    let mut key = ZERO;
    key[..4].copy_from_slice(b"Jefe");
    assert_eq!(
        hex(&hmac(&key, &[b"what do ya want ", b"for nothing?"])),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
}

#[test]
fn hexadecimal_is_lower_case_and_of_one_length() {
    let good = "ab".repeat(32);
    assert_eq!(unhex(&good), Some([0xab; 32]));
    for bad in [good.to_uppercase(), good[1..].into(), format!("{good}a"), "g".repeat(64)] {
        assert_eq!(unhex::<32>(&bad), None, "{bad}");
    }
}
