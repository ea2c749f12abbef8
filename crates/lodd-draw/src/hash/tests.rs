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
        let entries: Vec<Hash> =
            (0..*leaves).map(|n| sha256(&[&[0], &[u8::try_from(n).unwrap()]])).collect();
        assert_eq!(hex(&merkle_root(&entries)), text(&case, "root"), "{leaves} leaves");
    }
}

/// `chacha20.json`: eight tickets are the first 128 bytes of the stream, sorted.
#[test]
fn tickets_are_the_key_stream() {
    let case = vector(include_bytes!("../../tests/vectors/chacha20.json"));
    let key = unhex(text(&case, "key")).unwrap();
    let mut tickets = ranked(&mut key_stream(key), 8);
    assert!(tickets.is_sorted());
    tickets.sort_by_key(|&(_, ordinal)| ordinal);
    let stream: String = tickets.iter().map(|(ticket, _)| format!("{ticket:032x}")).collect();
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
        assert_eq!(unhex(&bad), None, "{bad}");
    }
}
