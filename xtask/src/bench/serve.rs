//! What the pages cost: 64 files at once, each page, memory.

use std::{fs, process::Command};

use super::{
    printed, released,
    store::{AT_ONCE, Made, ROUNDS},
};
use crate::{Outcome, cargo, root, run};

/// Builds once, for release, and prints each figure beside its goal.
pub(crate) fn all() -> Outcome {
    run(&mut cargo(&["build", "--release", "--package", "lodd"]))?;
    let dir = root().join("target/bench-serve");
    let _ = fs::remove_dir_all(&dir);
    Made::new(&dir)?;
    let mut load = Command::new("node");
    load.arg("verifier/test/load.mjs").arg(released()).arg(&dir);
    printed(load.args([AT_ONCE.to_string(), ROUNDS.to_string()]))?;
    fs::remove_dir_all(&dir).map_err(|error| error.to_string())
}
