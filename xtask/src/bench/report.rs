//! What a report in three formats and three languages costs, in release: of a pilot of 3,000 families,
//! and of the example pilot with the longest plan.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::released;
use super::{median, timed};
use crate::{Outcome, cargo, root, run};

const SCRIPT: &str = "xtask/src/bench/report.py";
const FAMILIES: &str = "3000";
const RUNS: usize = 5;
/// After the last command of both pilots.
const CLOCK: &str = "2027-02-01T09:30:00Z";

/// Builds for release, makes both pilots, and prints the median of each format.
pub(crate) fn all() -> Outcome {
    run(&mut cargo(&["build", "--release", "--package", "lodd"]))?;
    let dir = root().join("target/bench-report");
    let large = made(&dir, "large")?.join("kast");
    println!("3,000 families:");
    measure(&large, "(goal <= 3)")?;
    let data = root().join("data");
    let examples = demo(&data, &dir.join("examples"))?;
    println!("the example `ringerike`, 26 analyses:");
    measure(&examples.join("ringerike"), "")
}

/// A pilot of 3,000 families up to its estimates.
fn made(dir: &Path, name: &str) -> Result<PathBuf, String> {
    let from = dir.join("from");
    let mut script = Command::new(root().join(".venv/bin/python"));
    run(script.current_dir(root()).arg(SCRIPT).arg(&from).arg(FAMILIES))?;
    demo(&from, &dir.join(name))
}

fn demo(from: &Path, to: &Path) -> Result<PathBuf, String> {
    let _ = fs::remove_dir_all(to);
    timed(
        Command::new(released()).arg("demo").arg(to).arg("--from").arg(from).current_dir(root()),
    )?;
    Ok(to.to_owned())
}

fn measure(pilot: &Path, goal: &str) -> Outcome {
    for (formats, goal) in [("html", ""), ("xlsx", ""), ("pdf", ""), ("html,pdf,xlsx", goal)] {
        let report = || {
            timed(
                Command::new(released())
                    .args(["--clock", CLOCK, "report", "--format", formats])
                    .current_dir(pilot),
            )
        };
        let times = (0..RUNS).map(|_| report()).collect::<Result<Vec<_>, _>>()?;
        println!("report {formats:<14} {:>8.2} s    {goal}", median(times).as_secs_f64());
    }
    Ok(())
}
