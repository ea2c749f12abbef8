//! A bit is flipped at a random place of a pilot's folder: the check of the pilot names it, or
//! nothing that anybody could read has changed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use lodd_store::{
    Pilot,
    pilot::{Audit, opening_fault},
};
use rusqlite::{Connection, OpenFlags, types::Value};

use crate::{
    demo::demo,
    faults::in_memory,
    support::{copy, snapshot},
};

/// So many in the test command; `cargo xtask flips` asks for more.
const FLIPS: u64 = 300;

/// `SplitMix64` (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |it| it.parse().unwrap())
}

/// What is found, each as `file: place`; nothing where all is well.
fn found(dir: &Path) -> Vec<String> {
    let checked = Pilot::open(dir).and_then(|it| it.audit());
    let faults = match checked {
        Ok(Audit { faults, .. }) => faults,
        Err(error) => {
            let fault = opening_fault(dir, &error);
            vec![fault.unwrap_or_else(|| panic!("could not run: {error}"))]
        }
    };
    faults.iter().map(|it| format!("{}: {}", it.file(), it.field())).collect()
}

/// Everything that can be read from the store: schema, settings, rows with their numbers.
fn dump(dir: &Path) -> rusqlite::Result<Vec<Vec<Value>>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let store = Connection::open_with_flags(dir.join("pilot.sqlite"), flags)?;
    let mut all = Vec::new();
    let mut read = |sql: &str| -> rusqlite::Result<()> {
        let mut select = store.prepare(sql)?;
        let columns = select.column_count();
        let rows = select.query_map([], |row| (0..columns).map(|i| row.get(i)).collect())?;
        for row in rows {
            all.push(row?);
        }
        Ok(())
    };
    for setting in ["application_id", "user_version", "encoding"] {
        read(&format!("PRAGMA {setting}"))?;
    }
    read("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name")?;
    let tables: Vec<String> = store
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for table in tables {
        let rowid = if table == "row_commitments" { "" } else { "rowid, " };
        read(&format!("SELECT {rowid}* FROM \"{table}\" NOT INDEXED"))?;
    }
    Ok(all)
}

/// The files that lodd wrote or locked.
fn ours(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let parts = ["pilot.sqlite", "pilot.toml", "analysis.toml", "draws", "private", "out"];
    let of = |path: &Path| {
        let below = path.strip_prefix(dir).unwrap();
        parts.iter().any(|part| below.starts_with(part))
    };
    snapshot(dir).into_iter().filter(|(path, bytes)| of(path) && !bytes.is_empty()).collect()
}

/// Half of the flips fall on a random byte of all, half on a random file, so that small ones have
/// their share.
fn place(random: &mut Random, all: &[(PathBuf, Vec<u8>)]) -> (usize, usize) {
    let bytes: usize = all.iter().map(|it| it.1.len()).sum();
    if random.below(2) == 0 {
        let file = random.below(all.len());
        return (file, random.below(all[file].1.len()));
    }
    let mut at = random.below(bytes);
    for (file, (_, bytes)) in all.iter().enumerate() {
        if at < bytes.len() {
            return (file, at);
        }
        at -= bytes.len();
    }
    unreachable!()
}

/// Takes away what `SQLite` has beside the store while it is open.
fn forget(dir: &Path) {
    for file in ["pilot.sqlite-wal", "pilot.sqlite-shm", "pilot.sqlite-journal"] {
        let _ = fs::remove_file(dir.join(file));
    }
}

#[test]
fn flips_are_named_or_change_nothing() {
    let (flips, seed) = (number("LODD_FLIPS", FLIPS), number("LODD_SEED", 20_261_122));
    let dir = in_memory();
    let dir = dir.path();
    copy(&demo().join("kast"), dir);
    assert_eq!(found(dir), [""; 0]);
    let all = ours(dir);
    assert!(all.len() > 15 && !dir.join("pilot.sqlite-wal").exists(), "{}", all.len());
    let whole = dump(dir).unwrap();
    let mut random = Random(seed);
    let (mut named, mut dead) = (0, 0);
    for n in 0..flips {
        let (file, at) = place(&mut random, &all);
        let (path, bytes) = &all[file];
        let bit = random.below(8);
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << bit;
        fs::write(path, &flipped).unwrap();
        let name = path.strip_prefix(dir).unwrap().to_str().unwrap().replace('\\', "/");
        let shown = format!("seed {seed}, flip {n}: {name}, byte {at}, bit {bit}");
        let is_store = name == "pilot.sqlite";
        let found = found(dir);
        // A list of others is named, or one of those that it lists.
        let list = name.ends_with("SHA256SUMS") || name.ends_with(".sha256");
        let says =
            |it: &String| it.starts_with(&format!("{name}:")) || list && it.starts_with("out/");
        // All is read only where the flip was not named, of the file as it was flipped.
        let unchanged = || {
            forget(dir);
            fs::write(path, &flipped).unwrap();
            is_store && dump(dir).is_ok_and(|it| it == whole)
        };
        assert!(found.iter().any(says) || unchanged(), "{shown}: {found:?}");
        let one = if found.is_empty() { &mut dead } else { &mut named };
        *one += 1;
        forget(dir);
        fs::write(path, bytes).unwrap();
    }
    assert_eq!(found(dir), [""; 0]);
    assert_eq!(named + dead, flips, "seed {seed}");
}
