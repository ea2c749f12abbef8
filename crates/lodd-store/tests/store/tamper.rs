//! Rows changed, taken away and put in behind the store's back, in every table that holds what was
//! recorded; and files beside the store.

use std::{fs, path::Path};

use lodd_store::{
    Pilot,
    ledger::{Fault, LedgerFault},
    pilot::{
        Amendment, Announcement, Assignment, Atom, Beacon, Claim, DrawResult, DrawUnit, DrawVoid,
        DrawnKind, EndedPart, Fact, HeldAtom, LastContact, Linking, LookedUp, Mark, MarkKind,
        OfferAnswer, Origin, RegisterFile, Registers, Release, ReleaseKind, RuleVerdict, Screening,
        ScreeningRow, Strike, Upload,
    },
};
use rusqlite::Connection;

use crate::{
    START_DAY, adult, at, code,
    ledger::{behind, sha256},
    month, raw, roster, sha,
};

/// Tables that hold the ledger itself; `ledger.rs` tampers with those.
const LEDGER: [&str; 3] = ["ledger", "ledger_payloads", "row_commitments"];

/// A pilot with rows in every table: draws, files, offers, uploads, events, registers' files, an
/// erased family, a plan, a run, a release and an amended protocol.
pub(crate) fn full() -> (tempfile::TempDir, Pilot) {
    let dir = tempfile::tempdir().unwrap();
    let mut pilot = Pilot::create(dir.path(), &crate::KEY).unwrap();
    let mut rows = roster();
    rows.months = vec![month("RIN-AAA", 24_180, None, Some(9_000))];
    rows.facts = vec![Fact {
        family_id: "RIN-AAA".into(),
        criterion: "husleie".into(),
        observed_on: START_DAY - 40,
        value: "J".into(),
        source: None,
    }];
    rows.marks = vec![Mark {
        unit_id: "RIN-AAA-A1".into(),
        kind: MarkKind::PersonKey,
        value: Some(sha(0xfe)),
    }];
    pilot.import_roster(&at(0), &rows, &[sha(0xaa)]).unwrap();
    screen(&mut pilot);
    draw(dir.path(), &mut pilot);
    offers(&mut pilot);
    uploads(&mut pilot);
    let plan = "alpha = 0.05\n";
    fs::write(dir.path().join("analysis.toml"), plan).unwrap();
    pilot.lock_plan(&at(60), &sha256(plan), plan).unwrap();
    let cut = pilot.cut_default().unwrap();
    pilot.record_run(&at(61), &sha256(plan), cut, "0.1.0").unwrap();
    amend(dir.path(), &mut pilot);
    crate::events::record_one_of_each(&mut pilot, 63);
    let release = Release {
        cut_us: cut,
        name: "effects".into(),
        kind: ReleaseKind::Report,
        contents: "{\"numbers\":[]}".into(),
    };
    pilot.record_release(&at(64), &release).unwrap();
    pilot.erase_family(&at(65), "RIN-CCC", "SAMTYKKE_TRUKKET").unwrap();
    (dir, pilot)
}

/// The protocol changed with a reason: the new file is the one that is bound.
fn amend(dir: &Path, pilot: &mut Pilot) {
    let (before, after) = ("version = 1\n", "version = 1\n# later\n");
    fs::write(dir.join("pilot.toml"), after).unwrap();
    let amendment = Amendment {
        replaced_sha256: sha256(before),
        amended_sha256: sha256(after),
        text: after.into(),
        reason: "a slip of the pen".into(),
    };
    pilot.amend(&at(62), &amendment).unwrap();
}

fn screen(pilot: &mut Pilot) {
    let row = |family: &str| ScreeningRow {
        family_id: family.into(),
        office_id: "ringerike".into(),
        eligible: true,
        rules: vec![RuleVerdict { rule: "barn".into(), passed: Some(true), reasons: None }],
    };
    let rows = vec![row("RIN-AAA"), row("RIN-BBB")];
    let screening = Screening { as_of: START_DAY, rule_hash: sha(0x01), rows };
    pilot.record_screening(&at(1), &screening).unwrap();
}

fn unit(family: &str) -> DrawUnit {
    let (unit_id, block) = (family.into(), "ringerike".into());
    DrawUnit { unit_kind: DrawnKind::Family, unit_id, block }
}

/// A list that is given up, and one that is drawn, with files of the names that lodd writes.
fn draw(dir: &Path, pilot: &mut Pilot) {
    let protocol = "version = 1\n";
    fs::write(dir.join("pilot.toml"), protocol).unwrap();
    let put = |draw: i64, names: &'static [&'static str]| {
        let dir = dir.to_owned();
        move || {
            for name in names {
                let path = dir.join(format!("{}/{draw:04}/{}", folder(name), name));
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                let text = if *name == "plan.toml" { "version = 1\n" } else { name };
                fs::write(path, text).unwrap();
            }
            Ok(())
        }
    };
    for number in [1, 2] {
        let linking = Linking {
            families: [("RIN-CCC".to_owned(), "RIN-AAA".to_owned())].into(),
            members: [("RIN-AAA-B1".to_owned(), "RIN-AAA-A2".to_owned())].into(),
            ..Linking::default()
        };
        let announcement = Announcement {
            draw: number,
            origin: Origin::Rehearsal,
            beacon: Beacon::Fixed,
            arms: vec!["follow-up".into(), "ordinary".into()],
            announcement_sha256: sha(0x0a),
            plan_sha256: sha256(protocol),
            units: vec![unit("RIN-AAA"), unit("RIN-BBB")],
            linking,
        };
        let names = &["announcement.json", "plan.toml", "leaves.csv", "private.csv", "secret"];
        pilot.record_announcement(&at(2 + number), &announcement, put(number, names)).unwrap();
        if number == 1 {
            let void = DrawVoid { draw: 1, reason: "twice".into(), void_sha256: sha(0x0b) };
            pilot.record_void(&at(3), &void, put(1, &["void.json"])).unwrap();
        }
    }
    let fact_on = START_DAY - 50;
    pilot.strike(&at(5), Strike { unit_id: "RIN-BBB", fact_on, reason: "flyttet" }).unwrap();
    let assigned = |family: &str, arm: &str, rank| Assignment {
        ordinal: Some(rank - 1),
        ticket: Some(sha(0x0c)),
        rank: Some(rank),
        ..crate::assignment(family, arm)
    };
    let rows = [assigned("RIN-AAA", "follow-up", 1), assigned("RIN-BBB", "ordinary", 2)];
    let result =
        DrawResult { draw: 2, drawn_on: None, reveal_sha256: sha(0x0d), result_sha256: sha(0x0e) };
    pilot.record_draw(&at(6), &result, &rows, put(2, &["reveal.json", "result.csv"])).unwrap();
}

fn folder(name: &str) -> &'static str {
    if matches!(name, "private.csv" | "secret") { "private" } else { "draws" }
}

fn offers(pilot: &mut Pilot) {
    let yes = lodd_store::pilot::GivenAnswer {
        family_id: "RIN-AAA",
        answer: OfferAnswer::Yes,
        reason: None,
    };
    pilot.answer_offer(&at(10), 2, yes).unwrap();
    let ended = EndedPart { family_id: "RIN-AAA", ended_on: START_DAY, reason: "flyttet" };
    pilot.end_participation(&at(11), 2, ended).unwrap();
    pilot.close_offers(&at(12), 2, "ringerike", "full").unwrap();
}

/// What a register's file states: of itself, of a family that was looked up, of a member.
fn registers() -> Registers {
    let register = "KOSTRA_11F".to_owned();
    let file = RegisterFile { municipality: "0605".into(), register, year: 2014, complete: true };
    let contact = LastContact {
        member_id: "RIN-AAA-A1".into(),
        family_id: "RIN-AAA".into(),
        year: 2014,
        register: file.register.clone(),
        values: [("INNTEKT".to_owned(), ("LONN".to_owned(), "1".to_owned()))].into(),
    };
    let families = vec![LookedUp { family_id: "RIN-AAA".into(), file: file.clone() }];
    Registers { files: vec![file], families, contacts: vec![contact] }
}

fn uploads(pilot: &mut Pilot) {
    let mut resolves = Vec::new();
    for (file, hours) in [(1, "HELTID"), (2, "DELTID")] {
        let snapshots =
            vec![adult("RIN-AAA-A1", &[("ARBEID", code(hours)), ("INNTEKT", code("LONN"))])];
        let family_id = "RIN-AAA".into();
        let held = HeldAtom {
            family_id: "RIN-BBB".into(),
            status_date: Some(START_DAY),
            codes: vec!["D01".into()],
            rows: "[]".into(),
        };
        let upload = Upload {
            office_id: "ringerike".into(),
            file_sha256: sha(file),
            atoms: vec![Atom { family_id, status_date: START_DAY, snapshots }],
            months: vec![month("RIN-AAA", 24_190, Some("KOSTRA_11F"), Some(i64::from(file)))],
            registers: registers(),
            held: vec![held],
            resolves: std::mem::take(&mut resolves),
            ..Upload::default()
        };
        let receipt = pilot.upload(&at(20 + i64::from(file)), &upload).unwrap();
        resolves.push((receipt.upload_id, 1));
    }
}

/// Every table of the schema that holds rows, but the ledger's own.
fn tables(raw: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let names: Vec<String> = raw
        .prepare(sql)
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    names.into_iter().filter(|it| !LEDGER.contains(&it.as_str())).collect()
}

/// Name, declared type, and whether it is in the primary key.
type Column = (String, String, bool);

fn columns(raw: &Connection, table: &str) -> Vec<Column> {
    let sql = format!("SELECT name, type, pk FROM pragma_table_info('{table}')");
    let mut select = raw.prepare(&sql).unwrap();
    let columns =
        select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)? > 0)));
    columns.unwrap().map(Result::unwrap).collect()
}

fn changed(column: &str, kind: &str) -> String {
    match kind {
        "INTEGER" => format!("coalesce({column}, 0) + 1"),
        "BLOB" => format!("CAST(coalesce({column}, x'') || x'00' AS BLOB)"),
        _ => format!("coalesce({column}, '') || 'x'"),
    }
}

/// Whether a finding names the table's rows; or, since a key or a time may be what was changed, the
/// keys that no longer open or the rows that point nowhere.
fn names(found: &[LedgerFault], table: &str) -> bool {
    found.iter().any(|it| match &it.what {
        Fault::Table { table: named, .. } => named == table,
        Fault::Key { .. } => table == "family_keys",
        Fault::File { .. } => table == "office_keys",
        _ => false,
    })
}

/// Runs SQL behind the store's back, verifies, and takes it back.
pub(crate) fn found_after(dir: &Path, sql: &str) -> Vec<LedgerFault> {
    let store = dir.join("pilot.sqlite");
    let before = fs::read(&store).unwrap();
    let connection = raw(dir);
    connection.execute_batch("PRAGMA journal_mode = DELETE").unwrap();
    behind(&connection, sql);
    drop(connection);
    let pilot = Pilot::open(dir).unwrap();
    let found = pilot.verify().unwrap();
    drop(pilot);
    fs::write(&store, before).unwrap();
    found
}

#[test]
fn a_full_pilot_verifies_and_has_rows_in_every_table() {
    let (dir, pilot) = full();
    assert_eq!(pilot.verify().unwrap(), []);
    let audit = pilot.audit().unwrap();
    assert_eq!(audit.erased, ["RIN-CCC"]);
    assert_eq!((audit.unchecked, audit.unknown_files), (vec![], vec![]));
    let tables = tables(&raw(dir.path()));
    assert!(tables.len() > 35, "{}", tables.len());
    for table in tables {
        assert_ne!(crate::count(dir.path(), &table), 0, "{table}");
    }
}

/// Each table and its columns.
fn schema(dir: &Path) -> Vec<(String, Vec<Column>)> {
    let connection = raw(dir);
    tables(&connection).iter().map(|it| (it.clone(), columns(&connection, it))).collect()
}

/// Tables that say whose the rows of others are: changed alone. The others are changed together, and
/// each must be named.
const ALONE: [&str; 3] = ["families", "family_keys", "office_keys"];

/// Statements, each with the table it changes, in the groups that are run together.
fn found_in(dir: &Path, groups: &[Vec<(String, String)>]) {
    for group in groups.iter().filter(|it| !it.is_empty()) {
        let sql: String = group.iter().map(|(_, sql)| format!("{sql};")).collect();
        let found = found_after(dir, &sql);
        for (table, sql) in group {
            assert!(names(&found, table), "{table}: {sql}: {found:?}");
        }
    }
}

/// One group of all that can be changed together, and one for each other.
fn grouped(all: Vec<(String, String)>) -> Vec<Vec<(String, String)>> {
    let (alone, together): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|it| ALONE.contains(&it.0.as_str()));
    alone.into_iter().map(|it| vec![it]).chain([together]).collect()
}

/// Each column of a row of each table.
#[test]
fn a_changed_value_is_found_and_its_table_named() {
    let (dir, pilot) = full();
    drop(pilot);
    let schema = schema(dir.path());
    let columns = |i: usize| {
        let of = |(table, columns): &(String, Vec<Column>)| {
            let (column, kind, _) = columns.get(i)?;
            let to = changed(column, kind);
            let last = format!("rowid = (SELECT max(rowid) FROM {table})");
            Some((table.clone(), format!("UPDATE {table} SET {column} = {to} WHERE {last}")))
        };
        schema.iter().filter_map(of).collect::<Vec<_>>()
    };
    let most = schema.iter().map(|it| it.1.len()).max().unwrap();
    assert!(schema.len() > 20 && most > 10, "{} {most}", schema.len());
    for i in 0..most {
        found_in(dir.path(), &grouped(columns(i)));
    }
}

#[test]
fn a_row_taken_away_or_put_in_is_found_and_its_table_named() {
    let (dir, pilot) = full();
    drop(pilot);
    let (mut gone, mut more) = (Vec::new(), Vec::new());
    for (table, columns) in schema(dir.path()) {
        let last = format!("rowid = (SELECT max(rowid) FROM {table})");
        gone.push((table.clone(), format!("DELETE FROM {table} WHERE {last}")));
        // The same row once more, under another key, at the same entry.
        let kept = ["recorded_at", "screening_id", "received_at", "locked_at"];
        let to = |(column, kind, key): &Column| match kind.as_str() {
            _ if kept.contains(&column.as_str()) => column.clone(),
            "TEXT" => changed(column, kind),
            "INTEGER" if *key => format!("{column} + 1000"),
            _ => column.clone(),
        };
        let values: Vec<String> = columns.iter().map(to).collect();
        let values = values.join(", ");
        let sql = format!("INSERT INTO {table} SELECT {values} FROM {table} LIMIT 1");
        more.push((table, sql));
    }
    found_in(dir.path(), &grouped(gone));
    found_in(dir.path(), &grouped(more));
}

#[test]
fn a_trigger_index_or_table_that_is_not_ours_is_named() {
    let (dir, pilot) = full();
    drop(pilot);
    let trigger = "DROP TRIGGER snapshots_no_update";
    for (sql, name) in [
        (trigger, "trigger snapshots_no_update"),
        ("DROP INDEX members_of_family", "index members_of_family"),
        ("CREATE TABLE more (x)", "table more"),
        ("PRAGMA user_version = 1000", ""),
    ] {
        let before = fs::read(dir.path().join("pilot.sqlite")).unwrap();
        raw(dir.path()).execute_batch(&format!("PRAGMA journal_mode = DELETE; {sql}")).unwrap();
        match Pilot::open(dir.path()) {
            Ok(pilot) => {
                let found = pilot.verify().unwrap();
                let what = Fault::Schema { name: name.to_owned() };
                assert!(found.iter().any(|it| it.what == what), "{sql}: {found:?}");
            }
            Err(error) => assert!(name.is_empty() && error.is_damage(), "{sql}: {error}"),
        }
        fs::write(dir.path().join("pilot.sqlite"), before).unwrap();
    }
}

/// Commitments are keyed, and their list is hashed: one can't be taken away, nor made without key.
#[test]
fn the_list_of_commitments_is_bound() {
    let (dir, pilot) = full();
    drop(pilot);
    for sql in [
        "DELETE FROM row_commitments WHERE of_table = 'snapshots'",
        "UPDATE row_commitments SET rows = rows + 1 WHERE of_table = 'facts'",
        "UPDATE row_commitments SET commitment = zeroblob(32) WHERE of_table = 'plans'",
        "INSERT INTO row_commitments SELECT seq, 'X', of_table, rows, commitment \
         FROM row_commitments LIMIT 1",
    ] {
        let found = found_after(dir.path(), sql);
        assert!(found.iter().any(|it| it.what == Fault::List), "{sql}: {found:?}");
    }
    let key = found_after(
        dir.path(),
        "UPDATE ledger_payloads SET payload = replace(payload, '\"rows\":\"', '\"rows\":\"0')",
    );
    assert!(key.iter().any(|it| it.what == Fault::List), "{key:?}");
}

#[test]
fn a_changed_or_missing_file_is_named() {
    let (dir, pilot) = full();
    let root = dir.path();
    for path in [
        "pilot.toml",
        "analysis.toml",
        "draws/0001/void.json",
        "draws/0002/result.csv",
        "draws/0002/leaves.csv",
        "private/0002/private.csv",
        "private/0002/secret",
    ] {
        let bytes = fs::read(root.join(path)).unwrap();
        let what = [Fault::File { path: path.to_owned() }];
        let found =
            || -> Vec<Fault> { pilot.verify().unwrap().into_iter().map(|it| it.what).collect() };
        fs::write(root.join(path), [&bytes[..], b" "].concat()).unwrap();
        assert_eq!(found(), what, "{path}");
        fs::remove_file(root.join(path)).unwrap();
        assert_eq!(found(), what, "{path}");
        fs::write(root.join(path), bytes).unwrap();
        assert_eq!(found(), []);
    }
    fs::write(root.join("draws/0002/more.txt"), "x").unwrap();
    assert_eq!(pilot.audit().unwrap().unknown_files, ["draws/0002/more.txt"]);
}

/// The receipt of the first of two uploads, against ledgers that were cut after it, rolled back and
/// gone on with, or written anew by someone who has the key.
#[test]
fn one_older_receipt_finds_what_the_chain_can_not() {
    let (dir, mut pilot) = crate::pilot();
    let file = |n: u8| {
        crate::upload(n, &[("STILLINGSPROSENT", lodd_store::pilot::Value::Number(n.into()))])
    };
    pilot.upload(&at(1), &file(1)).unwrap();
    let receipt = pilot.upload(&at(2), &file(2)).unwrap();
    let claim = Claim {
        sequence: receipt.seq,
        hash: receipt.hash.clone(),
        ledger_head: receipt.ledger_head.clone(),
        recorded_at_us: receipt.recorded_at_us,
        office_id: "ringerike".into(),
        file_sha256: sha(2),
        counts: vec![("delivered", 1), ("new", 0), ("corrected", 1)],
    };
    assert_eq!(pilot.check_receipt(&claim).unwrap(), []);
    pilot.upload(&at(3), &file(3)).unwrap();
    assert_eq!(pilot.check_receipt(&claim).unwrap(), []);
    drop(pilot);
    // Cut back to the entry before, by someone who leaves nothing hanging: it verifies.
    let cut = "DELETE FROM row_commitments WHERE seq > 2; \
               DELETE FROM monthly WHERE upload_id > 2; \
               DELETE FROM snapshots WHERE upload_id > 2; DELETE FROM uploads WHERE upload_id > 2; \
               DELETE FROM ledger WHERE seq > 2; DELETE FROM ledger_payloads WHERE seq > 2";
    behind(&raw(dir.path()), cut);
    let mut pilot = Pilot::open(dir.path()).unwrap();
    assert_eq!(pilot.verify().unwrap(), []);
    let fields =
        |found: Vec<LedgerFault>| -> Vec<Fault> { found.into_iter().map(|it| it.what).collect() };
    let receipt = |field| Fault::Receipt { field };
    let found = fields(pilot.check_receipt(&claim).unwrap());
    assert_eq!(found, [receipt("sequence"), receipt("ledger_head")]);
    // Gone on with: other entries under the same numbers.
    pilot.upload(&at(2), &file(7)).unwrap();
    pilot.upload(&at(3), &file(8)).unwrap();
    assert_eq!(pilot.verify().unwrap(), []);
    let found = fields(pilot.check_receipt(&claim).unwrap());
    assert_eq!(found, [receipt("hash"), receipt("file_sha256"), receipt("ledger_head")]);
}
