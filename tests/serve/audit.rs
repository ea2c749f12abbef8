//! The auditor's pages: everything is checked, and no family, person or arm is named.

use std::{fs, path::Path};

use sha2::{Digest, Sha256};

use super::{
    Served,
    evaluate::{browsed, ids, sent},
};
use crate::{
    demo::demo,
    support::{Ran, copied, lodd_in, root},
};

const PAGES: &[&str] = &["/bevis", "/journal", "/kvitteringer", "/innsyn"];

fn whole(name: &str) -> tempfile::TempDir {
    copied(&demo().join(name))
}

fn served(pilot: &str) -> Served {
    Served::at("2027-02-01T10:00:00Z", whole(pilot), &["--as", "auditor"])
}

/// The receipt of the last delivery.
fn receipt(dir: &Path) -> serde_json::Value {
    let all = fs::read_dir(dir.join("out/receipts")).unwrap().map(|it| it.unwrap().path());
    let last = all.filter(|it| it.extension().is_some_and(|it| it == "json")).max().unwrap();
    serde_json::from_slice(&fs::read(last).unwrap()).unwrap()
}

#[test]
fn an_auditor_checks_everything() {
    let served = served("kast");
    let dir = served.dir.path();
    let genuine = receipt(dir);
    fs::write(dir.join("kvittering.json"), genuine.to_string()).unwrap();
    let mut other = genuine;
    other["file_sha256"] = "0".repeat(64).into();
    fs::write(dir.join("endret.json"), other.to_string()).unwrap();
    Ran::new(&browsed(&served, "auditor")).ok();
    let said = lodd_in(dir, "--json ledger verify").ok().json();
    assert_eq!(said["ok"], true);
}

/// What must stand on no page: every id, and what the arms are called.
fn forbidden(dir: &Path) -> Vec<String> {
    let mut all = ids(dir);
    let text = fs::read_to_string(dir.join("pilot.toml")).unwrap();
    let arms = text.split("[[draw.arm]]").skip(1).map(|it| it.split("\n[").next().unwrap());
    for line in arms.flat_map(str::lines).filter(|it| it.contains(" = \"")) {
        all.push(line.split('"').nth(1).unwrap().to_owned());
    }
    assert!(all.iter().any(|it| it == "ordinary"));
    all
}

fn names_nobody(page: &str, forbidden: &[String], at: &str) {
    // The pilots' own titles have words that their arms have too.
    let titles = [
        "Oppfølging av lavinntektsfamilier i",
        "Follow-up of low-income families in",
        "Rent certificates for",
        "Husleiebevis til",
    ];
    let page = titles.iter().fold(page.to_owned(), |page, it| page.replace(it, "")).to_lowercase();
    for it in forbidden {
        assert!(!page.contains(&it.to_lowercase()), "{at} says `{it}`");
    }
}

#[test]
fn no_page_of_the_auditor_names_a_family_a_person_or_an_arm() {
    for pilot in ["kast", "ringerike", "housing"] {
        let served = served(pilot);
        let forbidden = forbidden(served.dir.path());
        let cookie = served.enter();
        for lang in ["nb", "nn", "en"] {
            assert_eq!(served.get(&format!("/sprak/{lang}"), &cookie).0, 303);
            for path in PAGES.iter().chain(&["/journal/journal.csv"]) {
                let (status, _, page) = served.get(path, &cookie);
                assert_eq!(status, 200, "{path}: {page}");
                names_nobody(&page, &forbidden, path);
                assert!(page.len() < 100_000, "{path}: {}", page.len());
            }
        }
        let (status, page) = sent(&served, &cookie, "/gjor/journalsjekk", &[]);
        assert!(status == 200, "{page}");
        names_nobody(&page, &forbidden, "the check");
    }
}

/// An arm exchanged, a row taken away, a family's key spoilt: each is found, and nobody is named.
#[test]
fn what_is_found_names_nobody() {
    for (at, sql) in [
        ("arm", "UPDATE assignments SET arm = CASE arm WHEN 'ordinary' THEN 'follow-up' ELSE 'ordinary' END
                 WHERE unit_id = (SELECT MIN(unit_id) FROM assignments)"),
        ("member", "DELETE FROM members WHERE member_id = (SELECT MAX(member_id) FROM members)"),
        ("all", "UPDATE assignments SET rank = rank + 1"),
    ] {
        let served = served("kast");
        let dir = served.dir.path();
        let forbidden = forbidden(dir);
        let store = rusqlite::Connection::open(dir.join("pilot.sqlite")).unwrap();
        let triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'";
        let names: Vec<String> = {
            let mut all = store.prepare(triggers).unwrap();
            all.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        store.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        for name in names {
            store.execute_batch(&format!("DROP TRIGGER \"{name}\"")).unwrap();
        }
        assert!(store.execute(sql, []).unwrap() > 0);
        drop(store);
        // The command line, which is the operator's, names whom it is about.
        let said = lodd_in(dir, "--json ledger verify");
        assert!(said.code == 1 && said.stdout.contains("KAS-"), "{at}: {}", said.stdout);
        let cookie = served.enter();
        let (status, page) = sent(&served, &cookie, "/gjor/journalsjekk", &[]);
        assert!(status == 409 && page.contains("journalen stemmer ikke"), "{at}: {page}");
        names_nobody(&page, &forbidden, at);
    }
}

/// A public file that is changed is seen at once.
#[test]
fn a_changed_proof_is_seen() {
    let served = served("kast");
    let cookie = served.enter();
    let page = || served.get("/bevis", &cookie).2;
    let hashes = [
        ("announcement.json", "Kunngjøringen"),
        ("reveal.json", "Avsløringen"),
        ("result.csv", "Resultatet"),
    ];
    let first = page();
    assert!(first.contains("som da de ble ført") && !first.contains("en annen"), "{first}");
    assert!(first.contains("href=\"/apent/1\""));
    for (name, what) in hashes {
        let path = served.dir.path().join("draws/0001").join(name);
        let bytes = fs::read(&path).unwrap();
        assert!(first.contains(&hex(&Sha256::digest(&bytes))) && first.contains(what), "{name}");
        fs::write(&path, [bytes.as_slice(), b" "].concat()).unwrap();
        assert!(page().contains("ikke som da de ble ført"), "{name}");
        fs::remove_file(&path).unwrap();
        assert!(page().contains("borte"), "{name}");
        fs::write(&path, bytes).unwrap();
    }
    assert!(page() == first);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

/// The chain, computed from the file alone as `docs/ledger.md` writes it, ends in the ledger's head.
#[test]
fn the_chain_is_computed_again_from_the_file() {
    let served = served("ringerike");
    let cookie = served.enter();
    let (status, head, text) = served.get("/journal/journal.csv", &cookie);
    assert!(status == 200 && head.contains("attachment; filename=\"journal.csv\""), "{head}");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let mut previous = "0".repeat(64);
    let mut entries = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let number = |at: usize| row[at].parse::<i64>().unwrap().to_be_bytes();
        let mut bytes = b"lodd ledger/1\0".to_vec();
        bytes.extend(number(0));
        bytes.extend(number(1));
        // Clock, actor, event, commitment, previous hash.
        for at in [3, 4, 5, 6, 7] {
            bytes.extend(u32::try_from(row[at].len()).unwrap().to_be_bytes());
            bytes.extend(row[at].as_bytes());
        }
        assert_eq!((&row[7], &row[8]), (previous.as_str(), hex(&Sha256::digest(&bytes)).as_str()));
        previous = row[8].to_owned();
        entries += 1;
    }
    let said = lodd_in(served.dir.path(), "--json ledger verify").ok().json();
    assert_eq!(
        (said["entries"].as_u64(), said["head"].as_str()),
        (Some(entries), Some(&*previous))
    );
    let (_, _, page) = served.get("/journal", &cookie);
    assert!(page.contains(&previous));
    for path in ["/journal/pilot.sqlite", "/journal/..%2fpilot.sqlite", "/journal/JOURNAL.CSV"] {
        assert_eq!(served.get(path, &cookie).0, 404, "{path}");
    }
}

/// More entries than a page shows: the newest are there, and the page stays small.
#[test]
fn the_newest_entries_are_shown() {
    let dir = copied(&root().join("data/kast"));
    lodd_in(dir.path(), "--clock 2026-08-20T08:10:00Z roster import familier.csv medlemmer.csv")
        .ok();
    let mut store = lodd_store::Pilot::open(dir.path()).unwrap();
    for at in 0..210 {
        let at_us = 1_790_000_000_000_000 + at;
        let stamp =
            lodd_store::Stamp { at_us, clock: lodd_store::Clock::Scripted, actor: "test".into() };
        let text = format!("plan {at}");
        store.lock_plan(&stamp, &hex(&Sha256::digest(&text)), &text).unwrap();
    }
    let last = store.head().unwrap().unwrap();
    drop(store);
    let served = Served::at("2027-02-01T10:00:00Z", dir, &["--as", "auditor"]);
    let cookie = served.enter();
    let (status, _, page) = served.get("/journal", &cookie);
    assert_eq!((status, page.matches("<th scope=\"row\"").count()), (200, 200), "{page}");
    let first = page.find(&last.hash).unwrap();
    assert!(first < page.len() / 4 && page.len() < 100_000, "{}", page.len());
    let lines = served.get("/journal/journal.csv", &cookie).2.lines().count();
    assert_eq!(i64::try_from(lines).unwrap(), last.seq + 1);
}
