//! The store against facts from outside it: hand-computed counts, hashes from Python's hashlib,
//! and raw SQL on the file behind its back.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic here is a failing test")]
#![expect(clippy::print_stdout, reason = "the child's answers, and what could not be run")]

mod backup;
mod bind;
mod cut;
mod draw;
mod erased;
mod events;
mod flush;
mod golden;
mod holds;
mod kept;
mod keys;
mod latest;
mod ledger;
mod linked;
mod offers;
mod parquet;
mod pilot;
mod query;
mod registers;
mod roster;
mod tamper;
mod upload;
mod vault;

use std::path::Path;

use lodd_store::{
    Clock, Pilot, Stamp,
    pilot::{
        Assignment, Atom, DrawImport, DrawnKind, Family, Linking, Member, Month, Occasion, Office,
        Origin, RecordStatus, Role, RosterRows, Snapshot, Source, UnitKind, Upload, Value,
    },
};
use rusqlite::Connection;

/// 2015-08-20T09:00:00Z.
const START_US: i64 = 1_440_061_200_000_000;
/// 2015-08-20 as days since 1970-01-01.
const START_DAY: i32 = 16_667;
/// The bytes 00 01 02 … 1f.
const KEY: [u8; 32] = {
    let mut key = [0; 32];
    let mut byte = 0;
    while byte < 32 {
        key[byte as usize] = byte;
        byte += 1;
    }
    key
};

/// A stamp `minutes` after the start.
fn at(minutes: i64) -> Stamp {
    let at_us = START_US + minutes * 60_000_000;
    Stamp { at_us, clock: Clock::Scripted, actor: "forsker".into() }
}

/// A digest-like name for a file.
fn sha(byte: u8) -> String {
    format!("{byte:02x}").repeat(32)
}

/// Two families of Ringerike, one of Hadsel; RIN-AAA has two adults and a child.
fn roster() -> RosterRows {
    let office = |id: &str, municipality: &str| Office {
        office_id: id.into(),
        name: format!("Nav {id}"),
        municipality: municipality.into(),
    };
    let family = |id: &str, office: &str| Family {
        family_id: id.into(),
        office_id: office.into(),
        registered_on: START_DAY - 30,
    };
    RosterRows {
        offices: vec![office("ringerike", "0605"), office("hadsel", "1866")],
        families: vec![
            family("RIN-AAA", "ringerike"),
            family("RIN-BBB", "ringerike"),
            family("RIN-CCC", "hadsel"),
        ],
        members: vec![
            member("RIN-AAA-A1", Role::Parent, 1980),
            member("RIN-AAA-A2", Role::Partner, 1979),
            member("RIN-AAA-B1", Role::Child, 2008),
            member("RIN-BBB-A1", Role::Parent, 1985),
        ],
        ..RosterRows::default()
    }
}

fn member(id: &str, role: Role, birth_year: i32) -> Member {
    let family_id = id[..7].into();
    Member { member_id: id.into(), family_id, role, birth_year, sex: None }
}

fn month(family: &str, month: i64, register: Option<&str>, grant: Option<i64>) -> Month {
    Month {
        family_id: family.into(),
        month,
        register: register.map(Into::into),
        assistance_grant: grant,
        assistance_loan: None,
    }
}

/// A pilot with that roster, in a folder of its own.
fn pilot() -> (tempfile::TempDir, Pilot) {
    let dir = tempfile::tempdir().unwrap();
    let mut pilot = Pilot::create(dir.path(), &KEY).unwrap();
    pilot.import_roster(&at(0), &roster(), &[sha(0xaa)]).unwrap();
    (dir, pilot)
}

/// An adult's planned, observed status by the caseworker.
fn adult(id: &str, values: &[(&str, Value)]) -> Snapshot {
    Snapshot {
        unit_kind: UnitKind::Adult,
        unit_id: id.into(),
        source: Source::Caseworker,
        register: None,
        occasion: Occasion::Planned,
        record_status: RecordStatus::Observed,
        reason_code: None,
        values: values.iter().map(|(name, value)| ((*name).into(), value.clone())).collect(),
    }
}

fn code(code: &str) -> Value {
    Value::Code(code.into())
}

/// One file of Ringerike with one adult of RIN-AAA at the start date.
fn upload(file: u8, values: &[(&str, Value)]) -> Upload {
    let snapshots = vec![adult("RIN-AAA-A1", values)];
    let family_id = "RIN-AAA".into();
    Upload {
        office_id: "ringerike".into(),
        file_sha256: sha(file),
        atoms: vec![Atom { family_id, status_date: START_DAY, snapshots }],
        ..Upload::default()
    }
}

fn assignment(family: &str, arm: &str) -> Assignment {
    Assignment {
        unit_kind: DrawnKind::Family,
        unit_id: family.into(),
        block: "ringerike".into(),
        ordinal: None,
        ticket: None,
        rank: None,
        arm: arm.into(),
        probability: Some("1/2".into()),
    }
}

/// An assignment made elsewhere, 20 days before the start.
fn import(draw: i64) -> DrawImport {
    DrawImport {
        draw,
        origin: Origin::Imported,
        beacon: None,
        arms: vec!["follow-up".into(), "ordinary".into()],
        drawn_on: START_DAY - 20,
        shown_at_us: None,
        announcement_sha256: None,
        plan_sha256: None,
        reveal_sha256: None,
        result_sha256: sha(0xd0),
        linking: Linking::default(),
    }
}

/// The file behind the store's back.
fn raw(dir: &Path) -> Connection {
    Connection::open(dir.join("pilot.sqlite")).unwrap()
}

fn count(dir: &Path, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table}");
    raw(dir).query_row(&sql, [], |row| row.get(0)).unwrap()
}
