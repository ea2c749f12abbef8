//! Keys of offices and families: where they lie, what goes without them, and what is refused.

use std::{collections::BTreeSet, fs, path::Path};

use lodd_store::{
    Pilot, StoreError,
    pilot::{Family, RosterRows},
    vault::{FamilyKey, PILOT, Place, VaultError, keyfile},
};

use crate::{KEY, START_DAY, at, pilot, raw, roster};

fn place() -> Place {
    Place::of("facts").text("husleie").number(16_667)
}

fn family(id: &str, office: &str) -> RosterRows {
    let family_id = id.into();
    let families = vec![Family { family_id, office_id: office.into(), registered_on: START_DAY }];
    RosterRows { families, ..RosterRows::default() }
}

fn key(pilot: &Pilot, family: &str) -> FamilyKey {
    pilot.family_key(family).unwrap().unwrap()
}

fn names(folder: &Path) -> BTreeSet<String> {
    let names = fs::read_dir(folder).map(|it| it.map(|it| it.unwrap().file_name()));
    names.map_or_else(|_| BTreeSet::new(), |it| it.map(|it| it.into_string().unwrap()).collect())
}

/// A family has one key for as long as it is there, whoever opens the store.
#[test]
fn every_family_has_a_key_of_its_own() {
    let (dir, pilot) = pilot();
    let sealed = key(&pilot, "RIN-AAA").seal(&place(), b"9500");
    let commit = key(&pilot, "RIN-AAA").commit_key();
    drop(pilot);
    let again = Pilot::open(dir.path()).unwrap();
    let opened = again.unseal("RIN-AAA", &place(), &sealed).unwrap().unwrap();
    assert_eq!(opened.as_slice(), b"9500");
    assert_eq!(key(&again, "RIN-AAA").commit_key(), commit);
    assert!(again.unseal("RIN-BBB", &place(), &sealed).is_err(), "another family's");
    let keys = ["RIN-AAA", "RIN-BBB", "RIN-CCC"].map(|it| key(&again, it).commit_key());
    assert_eq!(BTreeSet::from(keys.map(|it| it.to_vec())).len(), 3);
    assert!(again.family_key("RIN-ZZZ").unwrap().is_none());
    assert!(again.unseal("RIN-ZZZ", &place(), &sealed).unwrap().is_none());
}

#[cfg(unix)]
#[test]
fn key_files_are_the_owners_only_and_outside_the_store() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, _pilot) = pilot();
    let keys = keyfile::default_folder(dir.path());
    assert_eq!(keys, dir.path().join("private/keys"));
    assert_eq!(fs::metadata(&keys).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(names(&keys), BTreeSet::from(["hadsel.key".into(), "ringerike.key".into()]));
    for name in ["hadsel.key", "ringerike.key"] {
        assert_eq!(fs::metadata(keys.join(name)).unwrap().permissions().mode() & 0o777, 0o600);
        let line = fs::read_to_string(keys.join(name)).unwrap();
        assert_eq!(line.len(), 65, "64 digits and a newline");
    }
}

#[test]
fn keys_can_lie_on_another_disk() {
    let (dir, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let keys = elsewhere.path().join("keys");
    let mut pilot = Pilot::create_with(dir.path(), &KEY, &keys).unwrap();
    pilot.import_roster(&at(0), &roster(), &[]).unwrap();
    assert!(keys.join("ringerike.key").exists());
    assert!(!dir.path().join("private/keys").exists());
    let sealed = key(&pilot, "RIN-AAA").seal(&place(), b"9500");
    drop(pilot);
    let without = Pilot::open(dir.path()).unwrap();
    let found = without.unseal("RIN-AAA", &place(), &sealed).unwrap_err();
    assert!(matches!(found, StoreError::Vault(VaultError::KeyMissing { .. })), "{found}");
    let with = Pilot::open_with(dir.path(), &keys).unwrap();
    assert!(with.unseal("RIN-AAA", &place(), &sealed).unwrap().is_some());
}

/// What is refused makes no key, neither in a file nor in the store.
#[test]
fn a_refused_import_leaves_no_key() {
    let dir = tempfile::tempdir().unwrap();
    let mut pilot = Pilot::create(dir.path(), &KEY).unwrap();
    let mut rows = roster();
    rows.families.extend(family("RIN-DDD", "nowhere").families);
    pilot.import_roster(&at(0), &rows, &[]).unwrap_err();
    assert!(names(&keyfile::default_folder(dir.path())).is_empty());
    assert_eq!(crate::count(dir.path(), "family_keys"), 0);
    // The connection goes on with keys that are in their files, not with those it dropped.
    pilot.import_roster(&at(1), &roster(), &[]).unwrap();
    let sealed = key(&pilot, "RIN-AAA").seal(&place(), b"9500");
    let again = Pilot::open(dir.path()).unwrap();
    assert!(again.unseal("RIN-AAA", &place(), &sealed).unwrap().is_some());
}

/// A key file without an entry in the store is from a write that was cut off: it is taken.
#[test]
fn a_key_that_lies_there_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keyfile::default_folder(dir.path());
    fs::create_dir_all(&keys).unwrap();
    let line = format!("{}\n", "ab".repeat(32));
    fs::write(keys.join("ringerike.key"), &line).unwrap();
    let mut pilot = Pilot::create(dir.path(), &KEY).unwrap();
    pilot.import_roster(&at(0), &roster(), &[]).unwrap();
    assert_eq!(fs::read_to_string(keys.join("ringerike.key")).unwrap(), line);
    assert!(Pilot::open(dir.path()).unwrap().family_key("RIN-AAA").unwrap().is_some());
}

#[test]
fn without_the_key_file_nothing_is_read_or_written() {
    let (dir, pilot) = pilot();
    drop(pilot);
    let path = keyfile::default_folder(dir.path()).join("ringerike.key");
    let line = fs::read_to_string(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let mut pilot = Pilot::open(dir.path()).unwrap();
    let message = pilot.family_key("RIN-AAA").unwrap_err().to_string();
    assert!(message.contains("ringerike.key") && message.contains("missing"), "{message}");
    let before = pilot.head().unwrap();
    let refused = pilot.import_roster(&at(1), &family("RIN-DDD", "ringerike"), &[]).unwrap_err();
    assert!(matches!(refused, StoreError::Vault(VaultError::KeyMissing { .. })), "{refused}");
    assert_eq!(pilot.head().unwrap(), before);
    assert!(!path.exists(), "no other key takes its place");
    assert!(pilot.family_key("RIN-CCC").unwrap().is_some(), "the other office goes on");

    fs::write(&path, format!("{}\n", "cd".repeat(32))).unwrap();
    let wrong = pilot.family_key("RIN-AAA").unwrap_err();
    assert!(matches!(wrong, StoreError::Vault(VaultError::OtherKey { .. })), "{wrong}");
    assert!(!wrong.to_string().contains("cdcd"), "no key in a message");
    fs::write(&path, &line[..60]).unwrap();
    let short = pilot.family_key("RIN-AAA").unwrap_err();
    assert!(matches!(short, StoreError::Vault(VaultError::BadKeyFile { .. })), "{short}");
    fs::write(&path, line).unwrap();
    assert!(pilot.family_key("RIN-AAA").unwrap().is_some());
}

/// Wrapped keys behind the store's back: a family's under another's name, and each byte turned.
#[test]
fn a_wrapped_key_that_was_moved_or_changed_is_found() {
    let (dir, pilot) = pilot();
    drop(pilot);
    let raw = raw(dir.path());
    raw.execute_batch("DROP TRIGGER family_keys_no_update").unwrap();
    let wrapped: Vec<u8> = raw
        .query_row("SELECT wrapped FROM family_keys WHERE family_id = 'RIN-AAA'", [], |r| r.get(0))
        .unwrap();
    let put = |bytes: &[u8]| {
        let sql = "UPDATE family_keys SET wrapped = ? WHERE family_id = 'RIN-BBB'";
        raw.execute(sql, [bytes]).unwrap();
        Pilot::open(dir.path()).unwrap().family_key("RIN-BBB")
    };
    let own: Vec<u8> = raw
        .query_row("SELECT wrapped FROM family_keys WHERE family_id = 'RIN-BBB'", [], |r| r.get(0))
        .unwrap();
    assert!(put(&own).unwrap().is_some());
    let found = put(&wrapped).unwrap_err();
    assert!(matches!(found, StoreError::Vault(VaultError::Unwrapped { .. })), "{found}");
    for at in 0..own.len() {
        let mut changed = own.clone();
        changed[at] ^= 1;
        assert!(put(&changed).is_err(), "byte {at}");
    }
}

/// What stands for the pilot itself has no office.
#[test]
fn the_pilots_own_key_is_made_when_it_is_asked_for() {
    let (dir, pilot) = pilot();
    assert!(pilot.family_key(PILOT).unwrap().is_none());
    assert!(!keyfile::path_of(&keyfile::default_folder(dir.path()), PILOT).exists());
}
