//! Losing power: what a command has acknowledged is on the disk, and at no moment before is there
//! less than was acknowledged earlier.
//!
//! `kill -9` can't show this, since the system still writes what a dead program left. So the calls
//! of a run are played on a model of a disk that keeps only what was flushed: a file's bytes by
//! `fsync` of the file, its name by `fsync` of the folder. Of the rest it may keep any part.

mod disk;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use disk::{Disk, Kept};

use crate::{
    faults::{self, Random},
    support::{Ran, copied, lodd_in, root, snapshot},
    traced::{self, Call},
};

/// The calls that change what is on a disk. Those that the model doesn't know fail the test.
const TRACE: &str = "trace=openat,open,creat,write,writev,pwrite64,pwritev,pwritev2,ftruncate,\
                     truncate,fallocate,fsync,fdatasync,sync_file_range,msync,rename,renameat,\
                     renameat2,link,linkat,symlink,unlink,unlinkat,mkdir,mkdirat,rmdir,\
                     copy_file_range,sendfile,splice,close";

const SEED: &str = "6b6173742d72656865617273616c2d736565642d666f722d7468652d64656d6f";

const UPLOAD: &str = "--clock 2026-09-01T07:00:00Z upload start.csv --office kast --json";

/// Runs a command and gives the disk as it was before, the calls, and the answer.
fn recorded(dir: &Path, options: &[&str], words: &str) -> (Disk, Vec<Call>, Ran) {
    let disk = Disk::of(dir);
    let all: Vec<&str> = ["-e", TRACE].into_iter().chain(options.iter().copied()).collect();
    let (ran, calls) = traced::log_of(dir, &all, words);
    (disk, calls, ran)
}

/// The files that a loss of power right after the command would take or change; nothing is what a
/// promise needs. `SQLite` may leave its log and index behind: opening the store sees to them.
fn lost(disk: &Disk, dir: &Path) -> Vec<PathBuf> {
    let passes = |path: &Path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.ends_with(".tmp") || name.ends_with("-wal") || name.ends_with("-shm")
    };
    let real = snapshot(dir);
    let kept = disk.files(&mut Kept::Flushed);
    let missing = real.iter().filter(|(path, bytes)| kept.get(path) != Some(bytes));
    let left = kept.keys().filter(|path| real.iter().all(|(it, _)| it != *path));
    let all = missing.map(|it| &it.0).chain(left);
    all.filter(|path| !passes(path)).cloned().collect()
}

/// The commands that leave files, each after those before it.
const COMMANDS: &[(&str, &str)] = &[
    ("2026-08-20T08:10:00Z", "roster import familier.csv medlemmer.csv"),
    ("2026-08-20T08:20:00Z", "screen"),
    ("2026-09-01T08:00:00Z", "draw announce --rehearsal"),
    ("2026-09-01T12:00:00Z", "draw reveal --seed SEED"),
    ("2026-09-01T13:00:00Z", "draw slip KAS-QXKD-N"),
    ("2026-09-02T07:00:00Z", "upload start.csv --office kast"),
    ("2026-12-10T07:00:00Z", "upload tre-maneder.csv --office kast"),
    ("2027-02-01T09:00:00Z", "plan lock"),
    ("2027-02-01T09:00:00Z", "panel"),
    ("2027-02-01T09:00:00Z", "estimate"),
    ("2027-02-01T09:00:00Z", "report --format html"),
];

/// After each command everything it left is flushed, and no flush of our own could be left out: the
/// same run without it, for each of them in turn, loses something.
#[test]
fn what_a_command_leaves_outlives_a_loss_of_power() {
    if let Some(why) = traced::no_tracing() {
        println!("not run: {why}");
        return;
    }
    let pilot = copied(&root().join("data/kast"));
    let dir = pilot.path();
    for (clock, words) in COMMANDS {
        let words = format!("--clock {clock} {}", words.replace("SEED", SEED));
        let names = names_in(dir);
        let (before, calls, ran) = recorded(dir, &[], &words);
        ran.ok();
        let now = names_in(dir);
        let flushes = |call: &Call, path: &Path| call.name == "fsync" && call.file(0) == path;
        let played = |left_out: Option<&Path>| {
            let mut disk = before.clone();
            let calls = calls.iter().filter(|it| !left_out.is_some_and(|path| flushes(it, path)));
            calls.for_each(|call| disk.play(call));
            lost(&disk, dir)
        };
        assert_eq!(played(None), Vec::<PathBuf>::new(), "{words}: not flushed");
        let flushed: BTreeSet<PathBuf> =
            calls.iter().filter(|it| it.name == "fsync").map(|it| it.file(0)).collect();
        for path in &flushed {
            // SQLite's own, and folders that have no new name: SQLite flushes one for its log.
            // The list of what is derived is written again after each file: only the last counts.
            let theirs = path.to_string_lossy().contains("pilot.sqlite")
                || path.to_string_lossy().contains("SHA256SUMS")
                || (path.is_dir() && now.get(path) == names.get(path));
            let missed = !played(Some(path)).is_empty();
            assert!(missed || theirs, "{words}: nothing is lost without {}", path.display());
        }
    }
}

/// How many names there are in each folder.
fn names_in(dir: &Path) -> BTreeMap<PathBuf, usize> {
    let entries: Vec<_> = fs::read_dir(dir).unwrap().map(|it| it.unwrap().path()).collect();
    let below = entries.iter().filter(|it| it.is_dir()).flat_map(|it| names_in(it));
    below.chain([(dir.to_owned(), entries.len())]).collect()
}

/// Salts and secret are on the disk before the announcement they belong to can be: else a list is
/// public that nobody can reveal.
#[test]
fn an_announcement_never_outlives_its_secret() {
    if let Some(why) = traced::no_tracing() {
        println!("not run: {why}");
        return;
    }
    let pilot = copied(&root().join("data/kast"));
    let dir = pilot.path();
    let steps = COMMANDS.iter().take(3).map(|(clock, words)| format!("--clock {clock} {words}"));
    let steps: Vec<String> = steps.collect();
    lodd_in(dir, &steps[0]).ok();
    lodd_in(dir, &steps[1]).ok();
    let (mut disk, calls, ran) = recorded(dir, &[], &steps[2]);
    ran.ok();
    let mut random = Random::new(faults::seed());
    let mut seen = 0;
    for call in &calls {
        disk.play(call);
        for _ in 0..4 {
            let found = disk.files(&mut Kept::Any(&mut random));
            if found.contains_key(&dir.join("draws/0001/announcement.json")) {
                seen += 1;
                for file in ["private/0001/secret", "private/0001/private.csv"] {
                    let there = fs::read(dir.join(file)).unwrap();
                    assert_eq!(found.get(&dir.join(file)), Some(&there), "{file}");
                }
            }
        }
    }
    assert!(seen > 0);
}

/// Whenever the power goes, the store opens, verifies, and has the upload whole or not at all; once
/// the receipt is printed, it has it.
#[test]
fn a_receipt_outlives_a_loss_of_power() {
    if let Some(why) = traced::no_tracing() {
        println!("not run: {why}");
        return;
    }
    let pilot = copied(&root().join("data/kast"));
    let dir = pilot.path();
    lodd_in(dir, &format!("--clock {} {}", COMMANDS[0].0, COMMANDS[0].1)).ok();
    let (mut disk, calls, ran) = recorded(dir, &[], UPLOAD);
    ran.ok();
    let seed = faults::seed();
    let mut random = Random::new(seed);
    let mut acknowledged = false;
    for (i, call) in calls.iter().enumerate() {
        disk.play(call);
        let own = call.process == calls[0].process;
        acknowledged |= own && call.name == "write" && call.arguments[0].starts_with("1<");
        if matches!(call.name.as_str(), "fsync" | "fdatasync" | "unlink" | "write")
            || i.is_multiple_of(8)
        {
            let kept = [Kept::Flushed, Kept::Any(&mut Random::new(seed)), Kept::Any(&mut random)];
            for mut kept in kept {
                let found = entries_found(&disk, &mut kept);
                assert!(
                    found == 2 || (found == 1 && !acknowledged),
                    "seed {seed}, call {i}: {found}"
                );
            }
        }
    }
    assert!(acknowledged, "no receipt was seen");
}

/// How many entries the ledger has on what is found of a disk; it must verify.
fn entries_found(disk: &Disk, kept: &mut Kept<'_>) -> i64 {
    let found = tempfile::tempdir().unwrap();
    disk.write_to(found.path(), kept);
    lodd_in(found.path(), "ledger verify --json").ok().json()["entries"].as_i64().unwrap()
}

/// A program dies after writing an upload and before flushing it. The next one finds the upload,
/// and must flush it before it says that it is there, also when it is not the last to close.
#[test]
fn what_another_left_unflushed_is_flushed_before_it_is_confirmed() {
    if let Some(why) = traced::no_tracing() {
        println!("not run: {why}");
        return;
    }
    let pilot = copied(&root().join("data/kast"));
    let dir = pilot.path();
    lodd_in(dir, &format!("--clock {} {}", COMMANDS[0].0, COMMANDS[0].1)).ok();
    // Which flush follows the last frame is SQLite's affair: try each, until one leaves the upload
    // behind. (`strace` counts by the call's name, and SQLite may use either.)
    for (name, n) in ["fdatasync", "fsync"].iter().flat_map(|name| (1..=3).map(move |n| (name, n)))
    {
        let copy = copied(dir);
        let kill = format!("inject={name}:signal=SIGKILL:when={n}");
        let (mut disk, calls, ran) = recorded(copy.path(), &["-e", &kill], UPLOAD);
        for call in &calls {
            disk.play(call);
        }
        if ran.code == 0 || entries_found(&disk, &mut Kept::Flushed) != 1 {
            continue;
        }
        // Open elsewhere, so that closing does not tidy up.
        let reader = rusqlite::Connection::open(copy.path().join("pilot.sqlite")).unwrap();
        let count = "SELECT COUNT(*) FROM ledger";
        let left: i64 = reader.query_row(count, [], |row| row.get(0)).unwrap();
        if left != 2 {
            continue;
        }
        let (_, calls, ran) = recorded(copy.path(), &[], UPLOAD);
        assert_eq!(ran.ok().json()["receipt"]["already"], true);
        for call in &calls {
            disk.play(call);
        }
        assert_eq!(entries_found(&disk, &mut Kept::Flushed), 2, "confirmed and lost: {name} {n}");
        return;
    }
    panic!("no kill left an unflushed upload behind");
}
