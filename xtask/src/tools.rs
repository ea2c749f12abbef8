//! What the tests need beside Rust: cargo-nextest, and Python with the packages that read Parquet.

use std::{path::PathBuf, process::Command};

use crate::{Outcome, cargo, root, run};

const NEXTEST: &str = "0.9.143";
const REQUIREMENTS: &str = "tests/python/requirements.txt";

/// Checks that everything is there, and installs what is missing when asked to.
pub(crate) fn ready(install: bool) -> Outcome {
    let mut missing = Vec::new();
    if !succeeds(cargo(&["nextest", "--version"])) {
        missing.push("cargo-nextest, the test runner");
        if install {
            install_nextest()?;
        }
    }
    if !python_is_current() {
        missing.push("Python packages in .venv (tests/python/requirements.txt)");
        if install {
            install_python()?;
        }
    }
    if install || missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "can't run the tests, missing:\n  {}\n`cargo xtask test --install` gets it",
        missing.join("\n  ")
    ))
}

fn succeeds(mut command: Command) -> bool {
    command.current_dir(root()).output().is_ok_and(|output| output.status.success())
}

/// Unoptimised: the runner does little but wait, and builds in half the time.
fn install_nextest() -> Outcome {
    run(&mut cargo(&["install", "cargo-nextest", "--locked", "--debug", "--version", NEXTEST]))
}

fn venv_python() -> PathBuf {
    let below = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    root().join(".venv").join(below)
}

/// The file that says which requirements the environment was made from.
fn stamp() -> PathBuf {
    root().join(".venv/requirements.txt")
}

fn python_is_current() -> bool {
    let read = |path: PathBuf| std::fs::read(path).ok();
    venv_python().exists()
        && read(stamp()).is_some_and(|it| Some(it) == read(root().join(REQUIREMENTS)))
}

fn install_python() -> Outcome {
    let venv = || {
        let mut command = Command::new("python3");
        command.args(["-m", "venv", ".venv"]);
        command
    };
    if !succeeds(venv()) {
        run(Command::new("apt-get").arg("update"))?;
        run(Command::new("apt-get").args(["install", "--yes", "python3-venv"]))?;
        run(&mut venv())?;
    }
    run(Command::new(venv_python()).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        REQUIREMENTS,
    ]))?;
    std::fs::copy(root().join(REQUIREMENTS), stamp()).map_err(|error| error.to_string())?;
    Ok(())
}
