//! What estimates cost, in release, beside numpy and R's estimatr in the same run; prints the ratio
//! of each part that both have.

use std::process::Command;

use super::{printed, seconds, seconds_of};
use crate::{Outcome, cargo, root};

/// Runs ours, then each peer that is there.
pub(crate) fn all() -> Outcome {
    let ours =
        printed(&mut cargo(&["bench", "--package", "lodd-estimate", "--bench", "estimate"]))?;
    let benches = root().join("crates/lodd-estimate/benches");
    let python = root().join(".venv/bin/python");
    let mut numpy = Command::new(python);
    numpy.arg(benches.join("peer.py"));
    let mut estimatr = Command::new("Rscript");
    estimatr.arg(benches.join("peer.R"));
    for (name, peer) in [("numpy", &mut numpy), ("estimatr", &mut estimatr)] {
        match printed(peer) {
            Ok(text) => ratios(name, &ours, &text),
            Err(error) => println!("no peer: {error}"),
        }
    }
    Ok(())
}

fn ratios(name: &str, ours: &str, peer: &str) {
    for (part, seconds) in seconds(ours) {
        if let Some((_, theirs)) = seconds_of(peer, &part) {
            println!("ratio {part:<12} {:>8.1}   ({name}'s seconds over ours)", theirs / seconds);
        }
    }
}
