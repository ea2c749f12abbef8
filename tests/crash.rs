//! An upload that is killed, or whose disk fails, at any call it makes: what was acknowledged is
//! there after a restart, what was not is there whole or not at all, and sending it again is safe.
//!
//! A slice in the test command, by time; `cargo xtask crash N` puts in N faults. `LODD_SEED` repeats a run.

use std::{
    env, fs,
    ops::AddAssign,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    faults::{self, Fault},
    support::{self, Ran, copied, lodd_in, root},
    traced,
};

/// How long the slice in the test command goes on.
const SLICE: Duration = Duration::from_secs(40);

/// What a file does to a pilot, undisturbed.
pub(crate) struct Scenario {
    name: &'static str,
    /// The pilot before.
    pilot: tempfile::TempDir,
    /// Rows of each table and names of the files, before and after.
    before: State,
    after: State,
    /// The calls that the upload makes, and how many of each at most in one process.
    pub(crate) calls: Vec<(String, usize)>,
    /// How long it takes.
    pub(crate) takes: Duration,
}

#[derive(Debug, PartialEq)]
struct State {
    rows: Vec<(String, i64)>,
    files: Vec<String>,
}

/// The pilot with its roster, and with what `prepare` does to it; the file is `sent.csv`, and
/// `again.csv` says the same in another order.
fn scenario(name: &'static str, prepare: impl FnOnce(&Path)) -> Scenario {
    let pilot = copied(&root().join("data/kast"));
    let dir = pilot.path();
    lodd_in(dir, "--clock 2026-08-20T08:10:00Z roster import familier.csv medlemmer.csv").ok();
    prepare(dir);
    let text = fs::read_to_string(dir.join("sent.csv")).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().rev().collect();
    fs::write(dir.join("again.csv"), format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    let before = state(dir);
    let done = copied(dir);
    let start = Instant::now();
    lodd_in(done.path(), UPLOAD).ok();
    let takes = start.elapsed();
    let after = state(done.path());
    assert_ne!(before.rows, after.rows, "{name}");
    let calls = match traced::no_tracing() {
        None => faults::calls_of(copied(dir).path(), UPLOAD),
        Some(_) => Vec::new(),
    };
    Scenario { name, pilot, before, after, calls, takes }
}

const UPLOAD: &str = "--clock 2026-09-01T07:00:00Z upload sent.csv --office kast --json";

fn scenarios() -> Vec<Scenario> {
    let start = fs::read_to_string(root().join("data/kast/start.csv")).unwrap();
    let first = |dir: &Path| {
        lodd_in(dir, "--clock 2026-08-31T07:00:00Z upload start.csv --office kast").ok();
    };
    vec![
        scenario("new", |dir| fs::write(dir.join("sent.csv"), &start).unwrap()),
        scenario("corrected", |dir| {
            first(dir);
            fs::write(dir.join("sent.csv"), start.replace("DELTID", "HELTID")).unwrap();
        }),
        scenario("held", |dir| {
            first(dir);
            let text = start.replacen("DELTID", "DELTDI", 1).replacen("LEDIG_REG", "HELTID", 2);
            fs::write(dir.join("sent.csv"), text).unwrap();
        }),
    ]
}

/// How many rows each table has, behind the program's back, and which files there are.
fn state(dir: &Path) -> State {
    let store = rusqlite::Connection::open(dir.join("pilot.sqlite")).unwrap();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut select = store.prepare(tables).unwrap();
    let names = select.query_map([], |row| row.get(0)).unwrap();
    let names: Vec<String> = names.collect::<Result<_, _>>().unwrap();
    let count = |name: &String| {
        let sql = format!("SELECT COUNT(*) FROM {name}");
        (name.clone(), store.query_row(&sql, [], |row| row.get(0)).unwrap())
    };
    let rows = names.iter().map(count).collect();
    drop(select);
    store.close().unwrap();
    State { rows, files: files(dir) }
}

/// All names below a folder but those that every command passes over: temporary files of one that
/// died.
fn files(dir: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            all.extend(files(&entry.path()).iter().map(|it| format!("{name}/{it}")));
        } else if !(name.starts_with('.')
            && Path::new(&name).extension().is_some_and(|it| it == "tmp"))
        {
            all.push(name);
        }
    }
    all.sort();
    all
}

/// What came of the faults.
#[derive(Debug, Default)]
struct Tally {
    faults: usize,
    acknowledged: usize,
    killed: usize,
    failed: usize,
    /// Not acknowledged, but stored.
    stored: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.faults += other.faults;
        self.acknowledged += other.acknowledged;
        self.killed += other.killed;
        self.failed += other.failed;
        self.stored += other.stored;
    }
}

/// Runs the upload with a fault, restarts, looks, sends it again, and looks again.
fn survive(scenario: &Scenario, fault: &Fault) -> Result<Tally, String> {
    let place = fault.place(scenario.pilot.path());
    let dir = place.path();
    let output = fault.run(dir, UPLOAD);
    let (ran, killed) = (Ran::new(&output), output.status.code().is_none());
    let wrong = |what: &str| {
        Err(format!("{}, {fault:?}: {what}\n{}\n{}", scenario.name, ran.stdout, ran.stderr))
    };
    // Rust's own start-up panics without memory, before there is anything of ours.
    if ran.stderr.contains("panicked") && !ran.stderr.contains("an alternative stack") {
        return wrong("panicked");
    }
    let receipt = receipt_of(&ran);
    if ran.code == 0 && receipt.is_none() {
        return wrong("done without a receipt");
    }
    place.mend();
    let verified = lodd_in(dir, "ledger verify");
    if verified.code != 0 {
        return wrong(&format!("the ledger does not verify: {}", verified.stderr));
    }
    let there = state(dir).rows;
    let stored = there == scenario.after.rows;
    if !stored && there != scenario.before.rows {
        return wrong(&format!("stored in part: {there:?}"));
    }
    if receipt.is_some() && !stored {
        return wrong("acknowledged and lost");
    }
    let again = lodd_in(dir, UPLOAD);
    let Some((hash, already)) = receipt_of(&again) else {
        return wrong(&format!("could not be sent again: {}", again.stderr));
    };
    if already != stored || receipt.as_ref().is_some_and(|(first, _)| *first != hash) {
        return wrong(&format!("another receipt the second time: {}", again.stdout));
    }
    let now = state(dir);
    if now != scenario.after {
        return wrong(&format!("not as an undisturbed upload: {now:?}, {:?}", scenario.after));
    }
    let same = lodd_in(dir, &UPLOAD.replace("sent.csv", "again.csv --dry-run")).ok().json();
    if (&same["new"], &same["corrected"]) != (&0.into(), &0.into()) {
        return wrong(&format!("other values than were sent: {same}"));
    }
    let acknowledged = usize::from(receipt.is_some());
    Ok(Tally {
        faults: 1,
        acknowledged,
        killed: usize::from(killed),
        failed: 1 - acknowledged - usize::from(killed && receipt.is_none()),
        stored: usize::from(stored) - acknowledged,
    })
}

/// The receipt's hash, and whether it says that the file was there already; only of a run that
/// says it is done.
fn receipt_of(ran: &Ran) -> Option<(String, bool)> {
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).ok()?;
    let receipt = &json["receipt"];
    let hash = receipt["hash"].as_str()?.to_owned();
    (ran.code == 0).then_some((hash, receipt["already"].as_bool()?))
}

/// A workbook's sheets are written by threads: with none to be had, the file to mend is what is missing.
#[test]
fn an_upload_that_gets_no_thread_is_stored() {
    if traced::no_tracing().is_some() {
        return;
    }
    let scenarios = scenarios();
    let held = scenarios.last().unwrap();
    let calls = held.calls.iter().find(|it| it.0 == "clone3").unwrap().1;
    for n in 1..=calls {
        let fault = Fault::Fail {
            call: "clone3".to_owned(),
            n,
            onwards: n % 2 == 0,
            outcome: "error=EAGAIN",
        };
        survive(held, &fault).unwrap();
    }
}

#[test]
fn an_acknowledged_upload_survives_any_fault() {
    let count = env::var("LODD_FAULTS").ok().map(|it| it.parse::<usize>().unwrap());
    let seed = faults::seed();
    let scenarios = scenarios();
    if let Some(why) = traced::no_tracing() {
        println!("only kills at random times and full files: {why}");
    }
    let (next, all, wrong) =
        (AtomicUsize::new(0), Mutex::new(Tally::default()), Mutex::new(Vec::new()));
    let start = Instant::now();
    let go_on = |i| count.map_or_else(|| start.elapsed() < SLICE, |count| i < count);
    let work = || loop {
        let i = next.fetch_add(1, Ordering::Relaxed);
        if !go_on(i) || !wrong.lock().unwrap().is_empty() {
            return;
        }
        let mut random = faults::Random::new(seed.wrapping_add(i as u64));
        let scenario = &scenarios[random.below(scenarios.len())];
        match survive(scenario, &Fault::any(&mut random, scenario)) {
            Ok(tally) => *all.lock().unwrap() += tally,
            Err(what) => wrong.lock().unwrap().push(format!("seed {seed}, fault {i}: {what}")),
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let (all, wrong) = (all.into_inner().unwrap(), wrong.into_inner().unwrap());
    println!("seed {seed}: {all:?} in {:.0} s", start.elapsed().as_secs_f64());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(all.acknowledged > 0 && all.killed > 0, "the faults hit nothing: {all:?}");
}

/// A disk that is full, or fails, while derived files are written anew: each file is whole, as it was
/// or as it is to be, and with room again all are as they are to be.
#[test]
fn a_full_disk_leaves_earlier_results_whole() {
    let pilot = copied(&root().join("data/kast"));
    let dir = pilot.path();
    for words in [
        "--clock 2026-08-20T08:10:00Z roster import familier.csv medlemmer.csv",
        "--clock 2026-08-20T08:20:00Z screen",
        "--clock 2026-09-01T08:00:00Z draw announce --rehearsal",
        "--clock 2026-09-01T12:00:00Z draw reveal --seed 6b6173742d72656865617273616c2d736565642d666f722d7468652d64656d6f",
        "--clock 2026-09-02T07:00:00Z upload start.csv --office kast",
        "--clock 2026-12-10T07:00:00Z upload tre-maneder.csv --office kast",
        "--clock 2027-02-01T09:00:00Z plan lock",
        "--clock 2027-02-01T09:00:00Z panel",
        "--clock 2027-02-01T09:00:00Z estimate",
        "--clock 2027-02-01T09:00:00Z report --format html,xlsx",
    ] {
        lodd_in(dir, words).ok();
    }
    let text = fs::read_to_string(dir.join("tre-maneder.csv")).unwrap();
    fs::write(dir.join("sent.csv"), text.replace("IKKE_SOKER", "DELTID")).unwrap();
    lodd_in(dir, "--clock 2026-12-20T07:00:00Z upload sent.csv --office kast --correction").ok();
    let seed = faults::seed();
    let mut random = faults::Random::new(seed);
    for command in ["panel", "estimate", "report --format html,xlsx"] {
        let words = format!("--clock 2027-02-02T09:00:00Z {command}");
        let done = copied(dir);
        lodd_in(done.path(), &words).ok();
        let (old, new) = (results(dir), results(done.path()));
        assert_ne!(old, new, "{command} writes nothing new");
        for i in 0..16 {
            let fault = match i % 4 {
                0 => Fault::FullDisk { free: 8 + random.below(12) },
                1 | 2 => Fault::FileSize { blocks: random.below(40), kills: i % 4 == 1 },
                _ => Fault::Fail {
                    call: ["write", "fsync", "rename", "openat"][i / 4].to_owned(),
                    n: 1 + random.below(8),
                    onwards: true,
                    outcome: "error=ENOSPC",
                },
            };
            if !fault.can_be() {
                continue;
            }
            let place = fault.place(dir);
            let ran = Ran::new(&fault.run(place.path(), &words));
            let told = format!("seed {seed}, {command}, {fault:?}: {}", ran.stderr);
            assert!(!ran.stderr.contains("panicked") && ran.code != 1, "{told}");
            let found = results(place.path());
            assert_each_is_whole(&found, [&old, &new], &told);
            for (name, _) in &old {
                assert!(found.iter().any(|(it, _)| it == name), "{told}: {name} is gone");
            }
            place.mend();
            lodd_in(place.path(), &words).ok();
            assert!(results(place.path()) == new, "{told}");
        }
        support::copy(done.path(), dir);
    }
}

/// Each file is as it was or as it is to be. The list of them has a line a file, written after it:
/// each line is of before or of after.
fn assert_each_is_whole(found: &[Output], known: [&[Output]; 2], told: &str) {
    for (name, bytes) in found {
        let parts = |bytes: &[u8]| match name.as_str() {
            "SHA256SUMS" => bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect(),
            _ => vec![bytes.to_vec()],
        };
        let known: Vec<Vec<u8>> = (known.iter().copied().flatten())
            .filter(|(other, _)| other == name)
            .flat_map(|(_, bytes)| parts(bytes))
            .collect();
        assert!(parts(bytes).iter().all(|it| known.contains(it)), "{told}: {name} is neither");
    }
}

/// The name of a file in `out/`, and its bytes.
type Output = (String, Vec<u8>);

/// The files of `out/`.
fn results(dir: &Path) -> Vec<Output> {
    let out = dir.join("out");
    files(&out).into_iter().map(|name| (name.clone(), fs::read(out.join(name)).unwrap())).collect()
}
