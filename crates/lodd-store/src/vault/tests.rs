use zeroize::Zeroizing;

use super::{
    FamilyKey, Place, VaultError,
    cipher::Cipher,
    keyfile::{Bound, OfficeKey, path_of, read, write},
};
use crate::ledger::hex;

/// The bytes 00 01 02 … 1f, or those from `first`.
fn bytes(first: u8) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(std::array::from_fn(|i| first + u8::try_from(i).unwrap()))
}

fn place() -> Place {
    Place::of("facts").text("husleie").number(16_667).number(1_440_061_200_000_000)
}

/// Every literal here is printed by `tests/python/vault.py`, which shares no code with us and
/// checks itself against the draft's own test vector.
#[test]
fn sealed_bytes_are_those_of_the_python_reader() {
    let key = FamilyKey::new("RIN-AAA", bytes(0));
    let sealed = "0112dbbe770935e879113c13eb8f1ecd5397587199614395a9ed97ba887b5402da344586fa3d29a6\
                  105ce2ecf1cfc185515d6ba4cd6c7671ddcc95850ebd78cc1bcd835773cc537dfe78192718d6a27f\
                  cd73204061393b82dde3049cae84eb1e705dc3c985fbb4e158";
    assert_eq!(hex(&key.seal(&place(), b"9500")), sealed);
    let empty = "018ad34ed8fbb43cfa2e88c5edfae5c1e4a7588d4f629a02892b18b0407e2735433e7b000a6801b4\
                 1f0163160c0bf8eecf7cdd9c348e87ba4e3f35b6b448da9209dd06267f74d59b7b83791ad835b978\
                 fc92c246d9a2a8ad707e6c33d14e34bd00d8c943e268faf4b7";
    assert_eq!(hex(&Cipher::new(&bytes(0)).seal(b"", b"")), empty);
    let commit = "64c205966d59f288d4e1d86ff684b36d1bac5d6ac0bda3e14ea7e46a6ab91fbd";
    assert_eq!(hex(key.commit_key().as_slice()), commit);
    let content = "8f28c1f9e5bca048c035dd136039cfe3940995c593bcdc38cfb17ccb50991f5c";
    assert_eq!(key.content(b"abc"), content);
    let office = OfficeKey::new(bytes(0));
    assert_eq!(office.id(), "734f9d2b0d9303c879c2b41037044d94");
    let wrapped = "01e3e17231560303499bf00bc815e388c80fb84236928267cf34d5d3f07b430ff015f7627d1a69a0\
                   6607890ab53185e5bcbba1b7285930d14093eabeb036bcd0af31767365545c13c741a0ad76f24e36\
                   a0786deb50aeb6a78747fb91f66096f17c04608d4390e608a1";
    let bound = Bound { family_id: "RIN-AAA", office_id: "ringerike", version: 1 };
    assert_eq!(hex(&office.wrap(&bound, &bytes(32))), wrapped);
}

/// Texts about the padding's block come back as they were.
#[test]
fn what_is_sealed_opens_again() {
    let key = FamilyKey::new("RIN-AAA", bytes(0));
    for length in (0..=130).chain([4_000]) {
        let plain: Vec<u8> = (0..length).map(|i| u8::try_from(i % 129).unwrap()).collect();
        let sealed = key.seal(&place(), &plain);
        assert_eq!((sealed.len() - 41) % 64, 0, "a length says little");
        assert_eq!(*key.open(&place(), &sealed).unwrap(), plain);
    }
}

/// Each of a sealed text's bits turned, every length cut off, and a byte more.
#[test]
fn every_changed_byte_is_found() {
    let key = FamilyKey::new("RIN-AAA", bytes(0));
    let sealed = key.seal(&place(), b"HELTID");
    for at in 0..sealed.len() {
        for bit in 0..8 {
            let mut changed = sealed.clone();
            changed[at] ^= 1 << bit;
            let found = key.open(&place(), &changed);
            assert!(matches!(found, Err(VaultError::Unopened { .. })), "{at} {bit}");
        }
        assert!(key.open(&place(), &sealed[..at]).is_err(), "{at}");
    }
    assert!(key.open(&place(), &[&sealed[..], &[0]].concat()).is_err());
    assert!(key.open(&place(), &sealed).is_ok());
}

/// Moved to another table, row, date or version; to another family, under its key or its name.
#[test]
fn a_sealed_text_opens_in_its_own_place_alone() {
    let key = FamilyKey::new("RIN-AAA", bytes(0));
    let sealed = key.seal(&place(), b"HELTID");
    let at = |table, row, date, version| Place::of(table).text(row).number(date).number(version);
    let (date, version) = (16_667, 1_440_061_200_000_000);
    assert_eq!(at("facts", "husleie", date, version), place());
    for other in [
        at("monthly", "husleie", date, version),
        at("facts", "husleif", date, version),
        at("facts", "husleie", date + 1, version),
        at("facts", "husleie", date, version + 1),
        Place::of("facts").text("husleie").number(date),
    ] {
        assert!(key.open(&other, &sealed).is_err(), "{other:?}");
    }
    assert!(FamilyKey::new("RIN-AAA", bytes(1)).open(&place(), &sealed).is_err());
    assert!(FamilyKey::new("RIN-BBB", bytes(0)).open(&place(), &sealed).is_err());
}

/// The same text at the same place is sealed alike; anything else looks unlike.
#[test]
fn equal_texts_look_unlike_at_other_dates() {
    let key = FamilyKey::new("RIN-AAA", bytes(0));
    assert_eq!(key.seal(&place(), b"JA"), key.seal(&place(), b"JA"));
    let later = Place::of("facts").text("husleie").number(16_668).number(1_440_061_200_000_000);
    let (one, two) = (key.seal(&place(), b"JA"), key.seal(&later, b"JA"));
    let alike = one.iter().zip(&two).skip(1).filter(|(a, b)| a == b).count();
    assert!(alike < 8, "{alike} of {} bytes alike", one.len());
}

#[test]
fn a_wrapped_key_is_bound_to_family_office_and_version() {
    let office = OfficeKey::new(bytes(0));
    let bound = |family_id, office_id, version| Bound { family_id, office_id, version };
    let wrapped = office.wrap(&bound("RIN-AAA", "ringerike", 1), &bytes(7));
    assert_eq!(office.unwrap(&bound("RIN-AAA", "ringerike", 1), &wrapped), Some(bytes(7)));
    for other in [
        bound("RIN-BBB", "ringerike", 1),
        bound("RIN-AAA", "o", 1),
        bound("RIN-AAA", "ringerike", 2),
    ] {
        assert_eq!(office.unwrap(&other, &wrapped), None);
    }
    assert_eq!(OfficeKey::new(bytes(1)).unwrap(&bound("RIN-AAA", "ringerike", 1), &wrapped), None);
}

/// Any id gives a file in the folder, each another.
#[test]
fn key_files_have_names_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let ids = ["", "pilot", "ringerike", "../b", "a/b", "a%2fb", "a.b", "nes å", "con:"];
    let paths: std::collections::BTreeSet<_> = ids.map(|it| path_of(dir.path(), it)).into();
    assert_eq!(paths.len(), ids.len());
    assert!(paths.iter().all(|it| it.parent() == Some(dir.path())), "{paths:?}");
    assert_eq!(path_of(dir.path(), ""), dir.path().join("pilot.key"));
    for path in paths {
        write(&path, &OfficeKey::new(bytes(3))).unwrap();
        assert_eq!(read(&path).unwrap().unwrap().id(), OfficeKey::new(bytes(3)).id());
        std::fs::write(&path, "00ff\n").unwrap();
        assert!(matches!(read(&path), Err(VaultError::BadKeyFile { .. })));
    }
}
