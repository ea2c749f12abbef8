//! The ledger's bytes against Python, and every way to tamper with it.

use lodd_store::{Pilot, ledger::Fault};
use rusqlite::Connection;

use crate::{START_US, at, code, count, pilot, raw, sha, upload};

/// SHA-256 of a text, not by the store.
pub(crate) fn sha256(text: &str) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Computed with Python's hashlib, hmac and struct from the documented bytes.
#[test]
fn an_entry_hashes_to_what_python_says() {
    let dir = tempfile::tempdir().unwrap();
    let mut pilot = Pilot::create(dir.path(), &crate::KEY).unwrap();
    let plan = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    pilot.lock_plan(&at(0), plan, "abc").unwrap();
    let entry = &pilot.ledger().unwrap()[0];
    let rows = "288e6961e90a3dabce1d0a6ce419424c2570a230b25089636139bfaa6922eab1";
    let payload = format!("{{\"plan\":\"{plan}\",\"rows\":\"{rows}\"}}");
    assert_eq!(entry.payload.as_deref(), Some(&*payload));
    assert_eq!((entry.seq, entry.at_us, &*entry.clock), (1, START_US, "scripted"));
    assert_eq!((&*entry.actor, &*entry.event), ("forsker", "plan"));
    assert_eq!(
        entry.commitment,
        "d934241b44bccb7463150928d789ac5a1403b5ac02e54876093778113c1177fa"
    );
    assert_eq!(entry.hash, "4ad27c87687c65c8e0f47dc4bb4a782a75fd9af9463e3dcf0b0e3e658ff690bb");
}

#[test]
fn a_plan_is_locked_once_and_its_hash_must_be_its_own() {
    let (dir, mut pilot) = pilot();
    let text = "alpha = 0.05\n";
    assert!(pilot.lock_plan(&at(1), &sha(1), text).is_err());
    let first = pilot.lock_plan(&at(1), &sha256(text), text).unwrap();
    let again = pilot.lock_plan(&at(2), &sha256(text), text).unwrap();
    assert_eq!(first, again);
    assert_eq!(pilot.locked_plans().unwrap(), [first]);
    assert_eq!(count(dir.path(), "ledger"), 2);
}

#[test]
fn runs_are_counted_by_plan_cut_and_release() {
    let (dir, mut pilot) = pilot();
    let mut run = |plan: u8, cut: i64, release: &str| {
        pilot.record_run(&at(1), &sha(plan), cut, release).unwrap()
    };
    assert_eq!(run(1, START_US, "0.1.0"), 1);
    assert_eq!(run(1, START_US, "0.1.0"), 1);
    assert_eq!(run(1, START_US - 1, "0.1.0"), 2);
    assert_eq!(run(1, START_US, "0.2.0"), 3);
    assert_eq!(run(2, START_US, "0.1.0"), 1);
    assert_eq!(count(dir.path(), "ledger"), 1 + 4);
}

#[test]
fn time_never_runs_backwards() {
    let (_dir, mut pilot) = pilot();
    let early = at(-60);
    let receipt = pilot.upload(&early, &upload(1, &[("ARBEID", code("HELTID"))])).unwrap();
    assert_eq!(receipt.recorded_at_us, START_US + 1);
    assert_eq!(pilot.cut_default().unwrap(), START_US + 1);
}

/// Five entries, an open file without its triggers, and a change to it: what is found in the ledger
/// itself?
fn tampered(sql: &str) -> Vec<(i64, Fault)> {
    use Fault::{Chain, Gap, Hash, Order, Payload, Rows, Unmatched};
    let (dir, mut pilot) = pilot();
    for file in 1..=4 {
        let values = [("STILLINGSPROSENT", lodd_store::pilot::Value::Number(i64::from(file)))];
        pilot.upload(&at(i64::from(file)), &upload(file, &values)).unwrap();
    }
    assert_eq!(pilot.verify().unwrap(), []);
    drop(pilot);
    behind(&raw(dir.path()), sql);
    let found = Pilot::open(dir.path()).unwrap().verify().unwrap();
    let own = |it: &Fault| matches!(it, Gap | Order | Chain | Hash | Payload | Unmatched | Rows);
    found.into_iter().map(|it| (it.seq, it.what)).filter(|(_, it)| own(it)).collect()
}

/// Runs SQL without the triggers and checks that would refuse it, and puts the triggers back.
pub(crate) fn behind(raw: &Connection, sql: &str) {
    let triggers: Vec<(String, String)> = raw
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    raw.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
    for (name, _) in &triggers {
        raw.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    raw.execute_batch(sql).unwrap();
    for (_, sql) in &triggers {
        raw.execute_batch(sql).unwrap();
    }
}

#[test]
fn an_edited_entry_is_found() {
    use Fault::{Chain, Gap, Hash, Order, Payload, Rows};
    for column in ["actor = 'x'", "event = 'x'", "clock = 'system'"] {
        assert_eq!(tampered(&format!("UPDATE ledger SET {column} WHERE seq = 3")), [(3, Hash)]);
    }
    // Rows point to the time, so a changed one leaves them hanging too.
    let moved = "UPDATE ledger SET at = at + 1 WHERE seq = 3";
    assert_eq!(tampered(moved), [(3, Hash), (5, Rows), (5, Rows)]);
    let late = tampered("UPDATE ledger SET at = at + 3600000000 WHERE seq = 3");
    assert_eq!(late[..2], [(3, Hash), (4, Order)]);
    let zeros = format!("'{}'", "0".repeat(64));
    let commitment = tampered(&format!("UPDATE ledger SET commitment = {zeros} WHERE seq = 3"));
    assert_eq!(commitment, [(3, Hash), (3, Payload)]);
    let previous = tampered(&format!("UPDATE ledger SET previous_hash = {zeros} WHERE seq = 3"));
    assert_eq!(previous, [(3, Chain), (3, Hash)]);
    let hash = tampered(&format!("UPDATE ledger SET hash = {zeros} WHERE seq = 3"));
    assert_eq!(hash, [(3, Hash), (4, Chain)]);
    let number = tampered("UPDATE ledger SET seq = 9 WHERE seq = 5");
    assert_eq!(number[..2], [(9, Gap), (9, Hash)]);
}

#[test]
fn an_edited_payload_is_found() {
    use Fault::{Payload, Unmatched};
    let edited = "UPDATE ledger_payloads SET payload = replace(payload, '\"new\":1', '\"new\":2') \
                  WHERE seq = 2";
    assert_eq!(tampered(edited), [(2, Payload)]);
    assert_eq!(tampered("DELETE FROM ledger_payloads WHERE seq = 3"), [(3, Unmatched)]);
    assert_eq!(tampered("INSERT INTO ledger_payloads VALUES (7, '{}')"), [(7, Unmatched)]);
}

#[test]
fn a_deleted_entry_is_found() {
    use Fault::{Chain, Gap, Rows, Unmatched};
    let middle = tampered("DELETE FROM ledger WHERE seq = 3");
    assert_eq!(middle[..3], [(4, Gap), (4, Chain), (3, Unmatched)]);
    let first = tampered("DELETE FROM ledger WHERE seq = 1");
    assert_eq!(first[..2], [(2, Gap), (2, Chain)]);
    // The last with its payload: the rows it recorded still point to it.
    let end = "DELETE FROM ledger WHERE seq = 5; DELETE FROM ledger_payloads WHERE seq = 5";
    assert_eq!(tampered(end), [(4, Rows), (4, Rows), (4, Rows)]);
}

#[test]
fn inserted_and_reordered_entries_are_found() {
    use Fault::{Chain, Gap, Hash, Payload};
    let z = "0".repeat(64);
    let inserted = tampered(&format!(
        "INSERT INTO ledger SELECT 6, at + 1, clock, actor, event, commitment, hash, '{z}' \
         FROM ledger WHERE seq = 5; INSERT INTO ledger_payloads VALUES (6, '{{}}')"
    ));
    assert_eq!(inserted, [(6, Hash), (6, Payload)]);
    let reordered = tampered(
        "UPDATE ledger SET seq = seq + 100 WHERE seq IN (3, 4); \
         UPDATE ledger SET seq = 107 - seq WHERE seq > 100; \
         UPDATE ledger_payloads SET seq = seq + 100 WHERE seq IN (3, 4); \
         UPDATE ledger_payloads SET seq = 107 - seq WHERE seq > 100",
    );
    assert!(reordered.contains(&(3, Hash)) && reordered.contains(&(4, Hash)), "{reordered:?}");
    assert!(reordered.contains(&(3, Chain)) && reordered.contains(&(4, Fault::Order)));
    assert!(!reordered.iter().any(|it| matches!(it.1, Gap | Payload)), "{reordered:?}");
}

/// An outsider who re-signs the whole chain lacks the key, and the last receipt no longer fits.
#[test]
fn a_chain_made_anew_fits_no_receipt() {
    let (dir, mut pilot) = pilot();
    let receipt = pilot.upload(&at(1), &upload(1, &[("ARBEID", code("HELTID"))])).unwrap();
    drop(pilot);
    let mut entries = Pilot::open(dir.path()).unwrap().ledger().unwrap();
    entries[0].actor = "someone else".into();
    entries[0].hash = entries[0].computed_hash();
    entries[1].previous_hash = entries[0].hash.clone();
    entries[1].hash = entries[1].computed_hash();
    let raw = raw(dir.path());
    for it in &entries {
        let (seq, actor, previous, hash) = (it.seq, &it.actor, &it.previous_hash, &it.hash);
        let set = format!("actor = '{actor}', previous_hash = '{previous}', hash = '{hash}'");
        behind(&raw, &format!("UPDATE ledger SET {set} WHERE seq = {seq}"));
    }
    let pilot = Pilot::open(dir.path()).unwrap();
    assert_eq!(pilot.verify().unwrap(), []);
    assert_ne!(pilot.ledger().unwrap()[1].hash, receipt.hash);
}
