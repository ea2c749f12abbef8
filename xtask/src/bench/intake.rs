//! What reading an office's file costs: 100,000 rows with all checks, beside readers that check
//! nothing.

use std::process::Command;

use super::printed;
use crate::{Outcome, cargo, root, tools};

/// Our parts, each with a peer and how many times as fast we should be.
const PAIRS: [(&str, &str, &str); 5] = [
    ("xlsx", "openpyxl", "goal >= 20"),
    ("xlsx", "pandas-xlsx", ""),
    ("xlsx", "calamine", "no check, and below ours"),
    ("csv", "pandas-csv", "no check"),
    ("csv", "polars", "no check, all processors"),
];

/// Runs ours in release and the peers over the same files; prints ratios of wall time and of
/// processor time, which other work on the machine disturbs less.
pub(crate) fn all() -> Outcome {
    let folder = root().join("target/bench-intake");
    let mut bench = cargo(&["bench", "--package", "lodd-intake", "--bench", "intake", "--"]);
    let ours = printed(bench.arg(&folder))?;
    let mut python = Command::new(tools::venv_python());
    let peers = python.arg("crates/lodd-intake/benches/intake/peer.py").arg(&folder);
    let peers = printed(peers).unwrap_or_else(|error| {
        println!("no peer in Python (needs .venv with pandas): {error}");
        String::new()
    });
    let lines = ours + &peers;
    for (own, peer, what) in PAIRS {
        let (ours, theirs) = (seconds(&lines, "ours", own), seconds(&lines, "peer", peer));
        if let (Some((wall, cpu)), Some((peer_wall, peer_cpu))) = (ours, theirs) {
            let (wall, cpu) = (peer_wall / wall, peer_cpu / cpu);
            println!(
                "ratio {own:<5} to {peer:<12} {wall:>8.2} by wall time, {cpu:>8.2} by processor time   {what}"
            );
        }
    }
    std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())
}

/// Wall and processor seconds of the line `WHO PART WALL s CPU CPU s …`.
fn seconds(lines: &str, who: &str, part: &str) -> Option<(f64, f64)> {
    let fields =
        |line: &str| -> Vec<String> { line.split_whitespace().map(str::to_owned).collect() };
    let line = lines
        .lines()
        .map(fields)
        .find(|it| it.get(..2) == Some(&[who.to_owned(), part.to_owned()]))?;
    Some((line.get(2)?.parse().ok()?, line.get(4)?.parse().ok()?))
}
