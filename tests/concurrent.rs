//! Many programs on one pilot at once: every upload that is acknowledged is there once, in a ledger
//! without a gap; who comes in between another's reading and writing loses nothing; and a store
//! that stays busy says so.

pub(crate) mod pilot;

use std::{
    collections::BTreeMap,
    env, fs,
    path::Path,
    process::{Child, Output, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    faults::{self, Random, killed_after},
    support::{Ran, copied, lodd_in, root},
};

const UPLOADERS: usize = 64;
const FILES: usize = 20;
/// Of a hundred runs this many are killed.
const KILLED: usize = 30;
const SEED: &str = "6b6173742d72656865617273616c2d736565642d666f722d7468652d64656d6f";

/// Starts the program in a folder, and does not wait for it.
fn begin(dir: &Path, words: &str) -> Child {
    faults::program(dir, words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Runs two commands at once.
fn both(dir: &Path, words: [&str; 2]) -> [Ran; 2] {
    let started = words.map(|words| begin(dir, words));
    started.map(|it| Ran::new(&it.wait_with_output().unwrap()))
}

/// What the uploaders did.
#[derive(Default)]
struct Done {
    /// Of each office and file: the receipts that were given for it.
    receipts: BTreeMap<(usize, usize), Vec<(i64, String)>>,
    /// How long each took that was not killed.
    took: Vec<Duration>,
    killed: usize,
    /// How many gave up waiting and were tried again.
    busy: usize,
}

/// Uploads one file until it is acknowledged; some runs are killed on the way.
fn deliver(dir: &Path, office: usize, file: usize, random: &mut Random, done: &Mutex<Done>) {
    static ALIVE: AtomicUsize = AtomicUsize::new(0);
    loop {
        let words = format!(
            "--clock 2026-09-01T07:00:00Z upload {} --office {} --json",
            pilot::file(office, file),
            pilot::office(office)
        );
        let mut command = faults::program(dir, &words);
        ALIVE.fetch_add(1, Ordering::Relaxed);
        let start = Instant::now();
        let doomed = random.below(100) < KILLED;
        let output: Output = if doomed {
            // Up to twice what a run takes when nobody else runs, times those that do.
            let most = 40 * ALIVE.load(Ordering::Relaxed);
            killed_after(&mut command, Duration::from_millis(random.below(most) as u64))
        } else {
            command.output().unwrap()
        };
        let took = start.elapsed();
        ALIVE.fetch_sub(1, Ordering::Relaxed);
        let ran = Ran::new(&output);
        let mut done = done.lock().unwrap();
        if output.status.code().is_none() {
            assert!(doomed, "died: {}", ran.stderr);
            done.killed += 1;
            continue;
        }
        if ran.code == 2 && ran.stderr.contains("the store is busy") {
            done.busy += 1;
            continue;
        }
        done.took.push(took);
        assert_eq!(ran.code, 0, "after {took:?}: {}", ran.stderr);
        let receipt = ran.json()["receipt"].clone();
        let receipt =
            (receipt["sequence"].as_i64().unwrap(), receipt["hash"].as_str().unwrap().to_owned());
        done.receipts.entry((office, file)).or_default().push(receipt);
        return;
    }
}

/// Sixty-four uploaders, each with twenty files, three of ten runs killed and tried again.
/// `LODD_ROUNDS` repeats it on new pilots.
#[test]
fn many_uploaders_lose_nothing_and_double_nothing() {
    let rounds = env::var("LODD_ROUNDS").map_or(1, |it| it.parse::<u64>().unwrap());
    let seed = faults::seed();
    println!("seed {seed}");
    for round in 0..rounds {
        uploaders(seed.wrapping_add(round * 1_000));
    }
}

fn uploaders(seed: u64) {
    let pilot = pilot::of_offices(UPLOADERS, FILES);
    let dir = pilot.path();
    let done = Mutex::new(Done::default());
    let start = Instant::now();
    thread::scope(|scope| {
        for office in 0..UPLOADERS {
            let done = &done;
            let mut random = Random::new(seed + office as u64);
            scope.spawn(move || {
                (0..FILES).for_each(|file| deliver(dir, office, file, &mut random, done));
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.took.sort();
    let at = |part: usize| done.took[(done.took.len() - 1) * part / 100].as_secs_f64();
    println!(
        "{} acknowledged, {} killed, {} busy in {:.0} s; acknowledged after p50 {:.2} s, p99 {:.2} s, at most {:.2} s",
        done.took.len(),
        done.killed,
        done.busy,
        start.elapsed().as_secs_f64(),
        at(50),
        at(99),
        at(100)
    );
    assert_eq!(done.receipts.len(), UPLOADERS * FILES);
    // On a machine that has much else to do, some wait their 20 seconds in vain.
    assert!(done.busy * 10 <= UPLOADERS * FILES, "{} were told to try again", done.busy);
    assert!(done.killed > UPLOADERS * FILES / 20, "only {} were killed", done.killed);
    in_the_ledger(dir, &done, seed);
}

/// Every file is in the ledger once, under the number and hash of its receipt; no number is missing.
fn in_the_ledger(dir: &Path, done: &Done, seed: u64) {
    lodd_in(dir, "ledger verify").ok();
    let store = rusqlite::Connection::open(dir.join("pilot.sqlite")).unwrap();
    let number = |sql: &str| store.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let files = i64::try_from(UPLOADERS * FILES).unwrap();
    assert_eq!(number("SELECT COUNT(*) FROM uploads"), files, "seed {seed}");
    assert_eq!(number("SELECT COUNT(*) FROM ledger"), files + 1);
    assert_eq!(number("SELECT MAX(seq) FROM ledger"), files + 1);
    assert_eq!(
        number("SELECT COUNT(*) FROM snapshots"),
        files * i64::try_from(pilot::FAMILIES).unwrap()
    );
    let sql = "SELECT office_id, hash, file_sha256 FROM uploads JOIN ledger ON seq = upload_id \
               WHERE seq = ?";
    let mut entry = store.prepare(sql).unwrap();
    for ((office, file), receipts) in &done.receipts {
        assert_eq!(receipts.len(), 1);
        let (seq, hash) = &receipts[0];
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let (stored, found, sha256): (String, String, String) =
            entry.query_row([seq], row).unwrap();
        assert_eq!((&stored, &found), (&pilot::office(*office), hash), "{file}");
        assert_eq!(sha256, pilot::sha256(&dir.join(pilot::file(*office, *file))));
    }
}

/// Whoever holds the store too long: a clear message, in both languages, and nothing is stored.
#[test]
fn a_busy_store_says_so() {
    let dir = copied(&root().join("data/kast"));
    let dir = dir.path();
    lodd_in(dir, "--clock 2026-08-20T08:10:00Z roster import familier.csv medlemmer.csv").ok();
    let holder = rusqlite::Connection::open(dir.join("pilot.sqlite")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let upload = "--clock 2026-09-01T07:00:00Z upload start.csv --office kast --lang";
    let [nb, en] = both(dir, [&format!("{upload} nb"), &format!("{upload} en")]);
    for (ran, words) in [
        (&nb, ["lageret er opptatt", "prøv igjen; ingenting er lagret"]),
        (&en, ["the store is busy", "try again; nothing was written"]),
    ] {
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
        assert!(words.iter().all(|it| ran.stderr.contains(it)), "{}", ran.stderr);
    }
    // Reading goes on meanwhile, and nothing was stored.
    let json = lodd_in(dir, "ledger verify --json").ok().json();
    assert_eq!(json["entries"], 1);
    holder.execute_batch("ROLLBACK").unwrap();
    lodd_in(dir, &format!("{upload} nb")).ok();
}

/// Two offices' programs correct one snapshot at the same time, each another answer: both
/// corrections stand, one after the other.
#[test]
fn two_corrections_at_once_both_stand() {
    let dir = copied(&root().join("data/kast"));
    let dir = dir.path();
    lodd_in(dir, "--clock 2026-08-20T08:10:00Z roster import familier.csv medlemmer.csv").ok();
    lodd_in(dir, "--clock 2026-09-01T07:00:00Z upload start.csv --office kast").ok();
    let unit = "KAS-QXKD-N-A1;2026-08-25";
    for (round, (income, work)) in
        [("SOSIALHJELP", "LEDIG_REG"), ("LONN", "DELTID")].iter().cycle().take(8).enumerate()
    {
        let write = |name: &str, columns: &str, values: &str| {
            fs::write(dir.join(name), format!("{columns}\n{values}\n{}", "\n".repeat(round)))
                .unwrap();
        };
        write("a.csv", "voksen_id;statusdato;inntekt", &format!("{unit};{income}"));
        write("b.csv", "voksen_id;statusdato;arbeid", &format!("{unit};{work}"));
        write("ab.csv", "voksen_id;statusdato;inntekt;arbeid", &format!("{unit};{income};{work}"));
        let upload =
            |file: &str| format!("--clock 2026-09-02T07:00:00Z upload {file} --office kast --json");
        for ran in both(dir, [&upload("a.csv"), &upload("b.csv")]) {
            assert_eq!(ran.ok().json()["corrected"], 1);
        }
        let json = lodd_in(dir, &format!("{} --dry-run", upload("ab.csv"))).ok().json();
        assert_eq!(json["unchanged"], 1, "a correction was lost: {json}");
    }
    lodd_in(dir, "ledger verify").ok();
}

/// Other commands that meet: each is done or refused in words, and the ledger verifies.
#[test]
fn commands_that_meet_are_done_or_refused() {
    let at = |clock: &str, words: &str| format!("--clock {clock} {words}");
    let announce = at("2026-09-01T08:00:00Z", "draw announce --rehearsal");
    let reveal = at("2026-09-01T12:00:00Z", &format!("draw reveal --seed {SEED}"));
    let upload = at("2026-09-02T07:00:00Z", "upload start.csv --office kast");
    let import = at("2026-08-20T09:00:00Z", "roster import familier.csv medlemmer.csv");
    let (lock, panel) =
        (at("2027-02-01T09:00:00Z", "plan lock"), at("2027-02-01T09:00:00Z", "panel"));
    for _ in 0..3 {
        let dir = copied(&root().join("data/kast"));
        let dir = dir.path();
        // Who makes the store first, makes it; then nothing is new.
        meet(dir, [&import, &import], &[1, 2]);
        meet(dir, [&at("2026-08-20T08:20:00Z", "screen"), &import], &[2]);
        meet(dir, [&announce, &announce], &[1]);
        meet(dir, [&reveal, &upload], &[2]);
        lodd_in(dir, "draw verify draws/0001").ok();
        let later = upload.replace("start", "tre-maneder").replace("2026-09-02", "2026-12-10");
        meet(dir, [&import, &later], &[1, 2]);
        meet(dir, [&lock, &panel], &[1, 2]);
        lodd_in(dir, &panel).ok();
    }
}

/// Runs two at once; so many of them must be done, the others refused or busy.
fn meet(dir: &Path, words: [&str; 2], done: &[usize]) {
    let rans = both(dir, words);
    let all: Vec<String> = rans.iter().map(|it| format!("{}: {}", it.code, it.stderr)).collect();
    assert!(rans.iter().all(|it| (0..=2).contains(&it.code)), "{words:?}: {all:?}");
    let count = rans.iter().filter(|it| it.code == 0).count();
    assert!(done.contains(&count), "{words:?}: {all:?}");
    lodd_in(dir, "ledger verify").ok();
}
