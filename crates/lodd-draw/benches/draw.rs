//! What a draw costs: time and memory of each part, in a process of its own.
//!
//! `cargo xtask bench draw` runs this in release and a loop in R beside it.

#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program for developers, which measures the crate from outside"
)]

use std::{
    collections::BTreeMap, env, fs, hint::black_box, path::PathBuf, process::Command, time::Instant,
};

use lodd_draw::{
    Announce, Beacon, BeaconValue, Block, Constrain, Design, DrawFiles, Evidence, Fraction, Limit,
    Secret, Shares, Signature, Unit, announce, compute, reveal, verify,
};

/// Units of the large draw; `LODD_BENCH_UNITS` sets fewer, to profile.
const UNITS: u32 = 5_500_000;
const BLOCKS: u32 = 357;
const PARTS: [(&str, &str); 6] = [
    ("announce", "lock 5,500,000 units in 357 blocks: leaves, root"),
    ("draw", "draw them: check root, tickets, ranks, result.csv   (goal <= 5 s, <= 2 GB)"),
    ("verify", "verify that draw                                    (goal <= 5 s, <= 2 GB)"),
    ("replays", "10,000 replays, 3,000 families in 29 blocks         (goal <= 0.1 s)"),
    ("attempts", "100,000 constrained attempts, 57 families           (goal <= 1 s)"),
    ("slip", "a slip among 5,500,000"),
];

fn main() {
    let part = env::args().skip(1).find(|it| !it.starts_with("--"));
    if let Some(part) = part {
        let (seconds, cpu) = run(&part);
        println!("{seconds:.3} {cpu:.2} {}", peak_megabytes());
        return;
    }
    for (part, what) in PARTS {
        let child = Command::new(env::current_exe().unwrap()).arg(part).output().unwrap();
        let text = String::from_utf8_lossy(&child.stdout);
        let mut fields = text.split_whitespace();
        let mut field = || fields.next().unwrap_or("failed");
        let (seconds, cpu, megabytes) = (field(), field(), field());
        println!("ours {part:<9} {seconds:>8} s {cpu:>7} CPU s {megabytes:>6} MB  {what}");
    }
    fs::remove_dir_all(folder()).unwrap();
}

/// Highest resident memory of this process so far (Linux), in MB.
fn peak_megabytes() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|it| it.trim().split(' ').next()?.parse::<f64>().ok());
    kilobytes.map_or_else(|| "?".into(), |it| format!("{:.0}", it / 1e3))
}

fn folder() -> PathBuf {
    env::temp_dir().join("lodd-bench-draw")
}

/// CPU seconds of this process so far (Linux: hundredths in fields 14 and 15).
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    fields.skip(11).take(2).filter_map(|it| it.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Wall and CPU seconds of one part.
fn run(part: &str) -> (f64, f64) {
    match part {
        "announce" => lock(),
        "draw" => draw(),
        "verify" => check(),
        "replays" => replays(),
        "attempts" => attempts(),
        "slip" => slip(),
        other => panic!("no part is called {other}"),
    }
}

fn is_signature(_: u64, _: &Signature) -> bool {
    false
}

fn timed<T>(work: impl FnOnce() -> T) -> ((f64, f64), T) {
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let made = black_box(work());
    ((start.elapsed().as_secs_f64(), cpu_seconds() - cpu), made)
}

fn salt(n: u32) -> Secret {
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    Secret(bytes)
}

fn half() -> Fraction {
    Fraction::new(1, 2).unwrap()
}

fn two_arms() -> Vec<String> {
    vec!["follow-up".into(), "ordinary".into()]
}

fn announcing(units: Vec<Unit>, blocks: Vec<(String, Shares)>) -> Announce<'static> {
    Announce {
        pilot: "bench-rehearsal",
        draw: 1,
        previous: None,
        plan: b"version = 1\n",
        secret: Secret([9; 32]),
        beacon: Beacon::Fixed,
        arms: two_arms(),
        blocks,
        constraint: None,
        units,
    }
}

fn lock() -> (f64, f64) {
    let block = |n: u32| format!("kommune-{:03}", n % BLOCKS);
    let unit = |n: u32| Unit { block: block(n), id: format!("FAM-{n:07}"), salt: salt(n) };
    let fewer = env::var("LODD_BENCH_UNITS").ok().and_then(|it| it.parse().ok());
    let units: Vec<Unit> = (0..fewer.unwrap_or(UNITS)).map(unit).collect();
    let shares = || Shares::Probabilities(vec![half(), half()]);
    let blocks = (0..BLOCKS).map(|n| (block(n), shares())).collect();
    let draw = announcing(units, blocks);
    let (seconds, made) = timed(|| announce(draw).unwrap());
    let reveal = reveal(
        &made.announcement,
        &Secret([9; 32]),
        BeaconValue::Seed([5; 32]),
        None,
        &is_signature,
    );
    fs::create_dir_all(folder()).unwrap();
    for (name, bytes) in [
        ("announcement.json", &made.announcement),
        ("leaves.csv", &made.leaves),
        ("reveal.json", &reveal.unwrap()),
    ] {
        fs::write(folder().join(name), bytes).unwrap();
    }
    seconds
}

fn read(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap()
}

fn draw() -> (f64, f64) {
    let (announcement, leaves, reveal) =
        (read("announcement.json"), read("leaves.csv"), read("reveal.json"));
    let draw = || compute(&announcement, &leaves, &reveal, &is_signature).unwrap().csv();
    let (seconds, csv) = timed(draw);
    fs::write(folder().join("result.csv"), csv).unwrap();
    seconds
}

fn check() -> (f64, f64) {
    let (announcement, leaves, reveal, result) =
        (read("announcement.json"), read("leaves.csv"), read("reveal.json"), read("result.csv"));
    let files = DrawFiles {
        announcement: Some(&announcement),
        plan: Some(b"version = 1\n"),
        leaves: Some(&leaves),
        reveal: Some(&reveal),
        result: Some(&result),
        ..DrawFiles::default()
    };
    let evidence =
        Evidence { previous: None, roster: None, covariates: None, check: &is_signature };
    let (seconds, verdict) = timed(|| verify(&files, &evidence));
    assert!(verdict.ok, "{:?}", verdict.findings);
    seconds
}

fn slip() -> (f64, f64) {
    let (announcement, leaves, reveal) =
        (read("announcement.json"), read("leaves.csv"), read("reveal.json"));
    let files = DrawFiles {
        announcement: Some(&announcement),
        leaves: Some(&leaves),
        reveal: Some(&reveal),
        ..DrawFiles::default()
    };
    let slip = || lodd_draw::slip(&files, "FAM-0000042", &salt(42), &is_signature).unwrap();
    timed(slip).0
}

fn replays() -> (f64, f64) {
    let block = |n: u32| {
        let units = 3000 / 29 + u32::from(n < 3000 % 29);
        let seats = vec![units / 2, units - units / 2];
        Block { label: format!("office-{n:02}"), units, shares: Shares::Seats(seats) }
    };
    let design = Design::new(two_arms(), (0..29).map(block).collect()).unwrap();
    let mut arms = vec![0; 3000];
    let all = || (0..10_000).for_each(|i| design.replay(&[3; 32], i, black_box(&mut arms)));
    timed(all).0
}

fn attempts() -> (f64, f64) {
    let id = |n: u32| format!("FAM-{n:03}");
    let units = (0..57).map(|n| Unit { block: "office".into(), id: id(n), salt: salt(n) });
    let blocks = vec![("office".to_owned(), Shares::Seats(vec![15, 42]))];
    let limit = |name: &str| Limit { name: name.into(), max_difference: Fraction::ZERO };
    // No assignment of 15 and 42 has equal means of these: every attempt is made.
    let values = |n: u32| vec![i64::from(n * n % 7), 1 << (n % 31)];
    let mut draw = announcing(units.collect(), blocks);
    draw.constraint = Some(Constrain {
        limits: vec![limit("children"), limit("months")],
        max_attempts: 100_000,
        covariates: (0..57).map(|n| (id(n), values(n))).collect::<BTreeMap<_, _>>(),
    });
    let made = announce(draw).unwrap();
    let covariates = made.covariates.unwrap();
    let reveal = || {
        let seed = BeaconValue::Seed([5; 32]);
        reveal(&made.announcement, &Secret([9; 32]), seed, Some(&covariates), &is_signature)
    };
    let (seconds, outcome) = timed(reveal);
    assert!(outcome.is_err(), "an attempt was accepted: fewer than 100,000 were made");
    seconds
}
