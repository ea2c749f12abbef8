//! What the first impression costs: start-up, the demo, a cold build. Printed, never asserted.

pub(crate) mod estimate;
pub(crate) mod intake;
pub(crate) mod panel;
pub(crate) mod report;
pub(crate) mod serve;
pub(crate) mod store;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{Outcome, cargo, root, run};

const RUNS: usize = 21;

/// Runs every measurement and prints it beside its goal.
pub(crate) fn all() -> Outcome {
    run(&mut cargo(&["build", "--workspace"]))?;
    start_up()?;
    demo()?;
    draw()?;
    intake::all()?;
    cold_build()
}

/// What a draw costs, in release, beside loops in R that draw the same and check nothing; prints
/// the ratio of each part that both have.
pub(crate) fn draw() -> Outcome {
    let ours = printed(&mut cargo(&["bench", "--package", "lodd-draw", "--bench", "draw"]))?;
    let peer = match printed(Command::new("Rscript").arg("crates/lodd-draw/benches/peer.R")) {
        Ok(peer) => peer,
        Err(error) => {
            println!("no peer: {error}");
            return Ok(());
        }
    };
    for (part, seconds) in seconds(&ours) {
        if let Some((_, theirs)) = seconds_of(&peer, &part) {
            println!("ratio {part:<8} {:>8.1}   (R's seconds over ours)", theirs / seconds);
        }
    }
    Ok(())
}

/// What suppression costs, in release.
pub(crate) fn disclosure() -> Outcome {
    let bench = ["bench", "--package", "lodd-disclosure", "--bench", "disclosure"];
    printed(&mut cargo(&bench)).map(|_| ())
}

/// Runs a command in the workspace, prints what it prints, and gives it.
fn printed(command: &mut Command) -> Result<String, String> {
    let output = command.current_dir(root()).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("{command:?}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    print!("{text}");
    if output.status.success() { Ok(text) } else { Err(format!("{command:?} failed")) }
}

/// Name and seconds of each line `ours NAME SECONDS s …`.
fn seconds(text: &str) -> Vec<(String, f64)> {
    let part = |line: &str| {
        let mut fields = line.split_whitespace().skip(1);
        Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
    };
    text.lines().filter_map(part).collect()
}

fn seconds_of(text: &str, part: &str) -> Option<(String, f64)> {
    seconds(text).into_iter().find(|(name, _)| name == part)
}

/// The program as it is given to others.
fn released() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("release/lodd")
}

fn lodd() -> Command {
    Command::new(root().join("target/debug/lodd"))
}

fn timed(command: &mut Command) -> Result<Duration, String> {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    let took = start.elapsed();
    match status {
        Ok(status) if status.success() => Ok(took),
        Ok(status) => Err(format!("{command:?} failed: {status}")),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}

/// Median of `RUNS` runs of `lodd --help`, beside `true`, which costs a process and nothing else.
fn start_up() -> Outcome {
    let mut ours = Vec::with_capacity(RUNS);
    let mut nothing = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        ours.push(timed(lodd().arg("--help"))?);
        nothing.push(timed(&mut Command::new("true"))?);
    }
    let (ours, nothing) = (median(ours), median(nothing));
    println!(
        "lodd --help         {:>8.1} ms   (goal < 20; a process that does nothing {:.1} ms)",
        milliseconds(ours),
        milliseconds(nothing)
    );
    Ok(())
}

fn demo() -> Outcome {
    let dir = root().join("target/bench-demo");
    let mut times = Vec::new();
    for _ in 0..3 {
        let _ = fs::remove_dir_all(&dir);
        times.push(timed(lodd().arg("demo").arg(&dir).current_dir(root()))?);
    }
    println!("lodd demo           {:>8.1} s    (goal < 10)", median(times).as_secs_f64());
    Ok(())
}

/// Builds the default build from nothing in a folder of its own.
fn cold_build() -> Outcome {
    let dir = root().join("target/bench-cold");
    let _ = fs::remove_dir_all(&dir);
    let before = children_cpu_seconds();
    let start = Instant::now();
    let mut build = cargo(&["build", "--workspace", "--timings"]);
    build.env("CARGO_TARGET_DIR", &dir).stderr(Stdio::null()).stdout(Stdio::null());
    run(&mut build)?;
    let wall = start.elapsed().as_secs_f64();
    match (before, children_cpu_seconds()) {
        (Some(before), Some(after)) => {
            println!(
                "cold build          {:>8.0} CPU s (goal <= 500; {wall:.0} s wall)",
                after - before
            );
        }
        _ => println!("cold build          {wall:>8.0} s wall"),
    }
    println!("tree size           {:>8.0} MB", folder_bytes(&dir) as f64 / 1e6);
    heaviest(&dir);
    fs::remove_dir_all(&dir).map_err(|error| error.to_string())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// CPU seconds of finished children, from the process table where there is one (Linux: fields
/// 16 and 17 of `/proc/self/stat`, in hundredths).
fn children_cpu_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let after_name = stat.rsplit(") ").next()?;
    let fields: Vec<&str> = after_name.split(' ').collect();
    let ticks = |i: usize| fields.get(i).and_then(|it| it.parse::<f64>().ok());
    Some((ticks(13)? + ticks(14)?) / 100.0)
}

fn folder_bytes(dir: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(dir) else { return 0 };
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => folder_bytes(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}

/// The five units that took longest, from cargo's own timing report.
fn heaviest(dir: &Path) {
    let report =
        fs::read_to_string(dir.join("cargo-timings/cargo-timing.html")).unwrap_or_default();
    let units = report.split("UNIT_DATA = ").nth(1).unwrap_or_default();
    let units = units.split("];").next().unwrap_or_default();
    let field = |unit: &str, name: &str| -> Option<String> {
        let rest = unit.split(&format!("\"{name}\":")).nth(1)?;
        Some(rest.split(',').next()?.trim().trim_matches('"').to_owned())
    };
    let mut weights: Vec<(f64, String)> = units
        .split('}')
        .filter_map(|unit| Some((field(unit, "duration")?.parse().ok()?, field(unit, "name")?)))
        .collect();
    weights.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!(
        "weighs most         {}",
        weights
            .iter()
            .take(5)
            .map(|(s, name)| format!("{name} {s:.0} s"))
            .collect::<Vec<_>>()
            .join(", ")
    );
}
