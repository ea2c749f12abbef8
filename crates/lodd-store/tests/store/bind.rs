//! A store from before rows were bound: bound once, as it stands, when it is opened.

use hmac::{Hmac, KeyInit, Mac};
use lodd_store::{Pilot, ledger::Fault};
use serde_json::Value;

use crate::{
    KEY, at, count,
    ledger::behind,
    raw,
    tamper::{found_after, full},
    upload,
};

/// The format before.
const BEFORE: i64 = 8;

/// The tables that later formats added.
const LATER: [&str; 6] = [
    "release_contents",
    "row_commitments",
    "files",
    "register_families",
    "last_contact",
    "register_files",
];

fn commitment(payload: &str) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&KEY).unwrap();
    mac.update(payload.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A full pilot as the format before would have written it: no commitments, no hash of them in the
/// payloads, and a chain that verifies.
fn older() -> tempfile::TempDir {
    let (dir, pilot) = full();
    let mut entries = pilot.ledger().unwrap();
    drop(pilot);
    let mut previous = "0".repeat(64);
    let mut sql = Vec::new();
    for entry in &mut entries {
        let mut payload: Value = serde_json::from_str(entry.payload.as_ref().unwrap()).unwrap();
        payload.as_object_mut().unwrap().remove("rows").unwrap();
        let payload = payload.to_string();
        entry.commitment = commitment(&payload);
        entry.previous_hash.clone_from(&previous);
        entry.hash = entry.computed_hash();
        previous.clone_from(&entry.hash);
        let (seq, hash, commitment) = (entry.seq, &entry.hash, &entry.commitment);
        let before = &entry.previous_hash;
        sql.push(format!(
            "UPDATE ledger SET commitment = '{commitment}', previous_hash = '{before}', \
             hash = '{hash}' WHERE seq = {seq}; \
             UPDATE ledger_payloads SET payload = '{payload}' WHERE seq = {seq};"
        ));
    }
    let raw = raw(dir.path());
    behind(&raw, &sql.concat());
    let indexes: Vec<String> = raw
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'index' AND (name LIKE '%\\_at' ESCAPE '\\' \
             OR name LIKE '%\\_of\\_upload' ESCAPE '\\')",
        )
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for index in indexes {
        raw.execute_batch(&format!("DROP INDEX {index}")).unwrap();
    }
    for table in LATER {
        raw.execute_batch(&format!("DROP TABLE {table}")).unwrap();
    }
    raw.pragma_update(None, "user_version", BEFORE).unwrap();
    dir
}

#[test]
fn an_older_store_is_bound_as_it_stands() {
    let dir = older();
    let before = count(dir.path(), "ledger");
    let pilot = Pilot::open(dir.path()).unwrap();
    let audit = pilot.audit().unwrap();
    assert_eq!((audit.faults, audit.bound_by), (vec![], Some(before + 1)));
    let entries = pilot.ledger().unwrap();
    let (last, bind) = (&entries[entries.len() - 2], &entries[entries.len() - 1]);
    assert_eq!((&*bind.event, bind.seq, bind.at_us), ("bind", before + 1, last.at_us + 1));
    drop(pilot);
    // Once: the next opening adds nothing, and later entries bind their own.
    let mut pilot = Pilot::open(dir.path()).unwrap();
    assert_eq!(pilot.head().unwrap().unwrap().seq, before + 1);
    let values = [("ARBEID", lodd_store::pilot::Value::Code("UTDANNING".into()))];
    pilot.upload(&at(90), &upload(9, &values)).unwrap();
    assert_eq!(pilot.verify().unwrap(), []);
    drop(pilot);
    // What was there before is bound by that entry from then on.
    let sql = "UPDATE offices SET name = 'another' WHERE office_id = 'hadsel'";
    let found = found_after(dir.path(), sql);
    let what = Fault::Table { table: "offices".into(), family_id: None };
    assert_eq!(
        found.iter().map(|it| (it.seq, &it.what)).collect::<Vec<_>>(),
        [(before + 1, &what)]
    );
}
