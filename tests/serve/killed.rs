//! The server is killed again and again while 64 offices deliver, some by machine and some on the page, and
//! lines break in the middle: every receipt that was given is honoured, and nothing is stored twice.

use std::{collections::BTreeMap, process::Command};

use crate::{
    concurrent::pilot,
    faults,
    support::{Ran, lodd_in, root},
};

const OFFICES: usize = 64;
const FILES: usize = 3;

#[test]
fn receipts_outlive_the_server() {
    let dir = pilot::of_offices(OFFICES, FILES);
    let seed = faults::seed();
    let output = Command::new("node")
        .current_dir(root().join("verifier"))
        .args(["test/killed.mjs", env!("CARGO_BIN_EXE_lodd")])
        .arg(dir.path())
        .args([OFFICES.to_string(), FILES.to_string(), (seed % 1_000_000).to_string()])
        .output()
        .unwrap();
    let said = Ran::new(&output).ok().json();
    let (killed, p50, p99) = (&said["killed"], &said["p50"], &said["p99"]);
    println!("seed {seed}: killed {killed} times; acknowledged after p50 {p50} ms, p99 {p99} ms");
    assert!(killed.as_u64().unwrap() >= 3, "{killed}");
    // One receipt a file, however often it was sent.
    let mut of_files: BTreeMap<(u64, u64), i64> = BTreeMap::new();
    for receipt in said["receipts"].as_array().unwrap() {
        let [office, file] = [0, 1].map(|at| receipt[at].as_u64().unwrap());
        let number = receipt[2].as_i64().unwrap();
        let first = *of_files.entry((office, file)).or_insert(number);
        assert_eq!(first, number, "office {office}, file {file}");
    }
    assert_eq!(of_files.len(), OFFICES * FILES);
    let verified = lodd_in(dir.path(), "--json ledger verify").ok().json();
    assert_eq!(verified["ok"], true);
    let store = rusqlite::Connection::open(dir.path().join("pilot.sqlite")).unwrap();
    let uploads = "SELECT l.seq, u.office_id FROM uploads u JOIN ledger l ON l.seq = u.upload_id WHERE l.event = 'upload'";
    let mut select = store.prepare(uploads).unwrap();
    let rows = select.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)));
    let stored: BTreeMap<i64, String> = rows.unwrap().map(Result::unwrap).collect();
    let given: BTreeMap<i64, String> =
        of_files.iter().map(|((office, _), number)| (*number, format!("k{office:02}"))).collect();
    assert_eq!(stored, given, "in the ledger, and acknowledged");
}
