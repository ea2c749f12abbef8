//! The reference values again: every script of R and Python beside the estimators' tests is run in a
//! folder of its own, and what it writes is compared with what is stored.

mod entries;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{Outcome, cargo, root, run};

const FOLDER: &str = "crates/lodd-estimate/tests/reference";

/// Scripts in the order in which they need each other, and the file that is what a script prints; the others
/// write their files themselves.
const SCRIPTS: [(&str, Option<&str>); 13] = [
    ("trials.R", None),
    ("linear.R", None),
    ("regression.R", None),
    ("ranks.R", None),
    ("binary.R", None),
    ("survival.R", None),
    ("attrition.R", None),
    ("repeated.R", None),
    ("redraws.R", None),
    ("balance.R", Some("balance.json")),
    ("models.R", Some("models.json")),
    ("waitlist.py", None),
    ("expected.R", None),
];

/// What the scripts take from R, each Debian's `r-cran-…` in small letters.
const PACKAGES: [&str; 16] = [
    "clubSandwich",
    "coin",
    "estimatr",
    "exactRankTests",
    "geepack",
    "jsonlite",
    "lme4",
    "lmerTest",
    "MASS",
    "mice",
    "mvtnorm",
    "nnet",
    "numDeriv",
    "ordinal",
    "sandwich",
    "survival",
];

/// How the names of the files end that the scripts write. They are not there when the scripts begin, so
/// that one that is no longer written is missed.
const WRITTEN: [&str; 7] = [
    "_cases.csv",
    "_values.csv",
    "lee_errors.csv",
    "balance.json",
    "models.json",
    "waitlist.csv",
    "waitlist.json",
];

/// Numbers may differ by this share of the stored one: rounding, by another BLAS, after an iteration.
const TOLERANCE: f64 = 1e-9;
/// Below this a number's own size says nothing, as of a variance that is 0.
const SMALL: f64 = 1e-3;
/// Differences that are shown of each file.
const SHOWN: usize = 5;

/// Runs all scripts, compares, and then runs the tests that read what they wrote.
pub(crate) fn all() -> Outcome {
    ready()?;
    let stored = root().join(FOLDER);
    let fresh = root().join("target/reference");
    copy(&stored, &fresh)?;
    let mut wrong = Vec::new();
    for (script, printed) in SCRIPTS {
        eprintln!("$ {script}");
        let output = command(script).current_dir(&fresh).stderr(Stdio::inherit()).output();
        let output = output.map_err(|error| format!("can't run {script}: {error}"))?;
        if !output.status.success() {
            return Err(format!("failed ({}): {script}", output.status));
        }
        if let Some(file) = printed {
            fs::write(fresh.join(file), &output.stdout).map_err(|error| error.to_string())?;
        }
    }
    for name in names(&stored)?.into_iter().filter(|it| is_written(it)) {
        let text = |folder: &Path| fs::read_to_string(folder.join(&name));
        let (Ok(old), Ok(new)) = (text(&stored), text(&fresh)) else {
            wrong.push(format!("{name} (not written)"));
            continue;
        };
        let differ = differences(&old, &new);
        for it in differ.iter().take(SHOWN) {
            eprintln!("{name}: {it}");
        }
        if !differ.is_empty() {
            wrong.push(format!("{name} ({} differences)", differ.len()));
        }
    }
    let differ = entries::differences(&fresh)?;
    for it in &differ {
        eprintln!("{it}");
    }
    if !differ.is_empty() {
        wrong.push(format!("entries ({} differences)", differ.len()));
    }
    if !wrong.is_empty() {
        return Err(format!("not what is stored: {}", wrong.join(", ")));
    }
    eprintln!(
        "all that the scripts write is as stored, numbers within {TOLERANCE:e} of themselves, \
         and every entry within its own tolerance"
    );
    let tests = "package(lodd-estimate) & (test(/^peers::/) + test(/^linear::/))";
    run(&mut cargo(&["nextest", "run", "--workspace", "-E", tests]))
}

fn command(script: &str) -> Command {
    let program = if Path::new(script).extension().is_some_and(|it| it == "R") {
        "Rscript"
    } else {
        "python3"
    };
    let mut command = Command::new(program);
    command.arg(script);
    command
}

/// Says which packages of R are missing.
fn ready() -> Outcome {
    let words: Vec<String> = PACKAGES.iter().map(|it| format!("'{it}'")).collect();
    let asked = format!("cat(setdiff(c({}), rownames(installed.packages())))", words.join(", "));
    let output = Command::new("Rscript").args(["-e", &asked]).output();
    let output = output.map_err(|error| {
        format!(
            "can't run Rscript: {error}; Debian's r-base-core has it, and r-cran-… its packages"
        )
    })?;
    let missing = String::from_utf8_lossy(&output.stdout).trim().to_lowercase();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<String> = missing.split(' ').map(|it| format!("r-cran-{it}")).collect();
    Err(format!("missing packages of R: apt-get install {}", packages.join(" ")))
}

/// The names of the files of a folder, in order.
fn names(folder: &Path) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    let mut names: Vec<String> =
        entries.filter_map(|it| it.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    Ok(names)
}

fn is_written(name: &str) -> bool {
    WRITTEN.iter().any(|it| name.ends_with(it))
}

/// Copies what the scripts read.
fn copy(from: &Path, to: &PathBuf) -> Outcome {
    let fail = |error: std::io::Error| error.to_string();
    if to.exists() {
        fs::remove_dir_all(to).map_err(fail)?;
    }
    fs::create_dir_all(to).map_err(fail)?;
    for name in names(from)?.into_iter().filter(|it| !is_written(it)) {
        fs::copy(from.join(&name), to.join(&name)).map_err(fail)?;
    }
    Ok(())
}

/// Where two texts differ, word by word: numbers by their size, all else by its letters.
fn differences(old: &str, new: &str) -> Vec<String> {
    let words = |text: &str| -> Vec<(usize, String)> {
        let of = |(at, line): (usize, &str)| {
            let words = line.split([',', ':', '"', ' ', '[', ']', '{', '}']);
            words.filter(|it| !it.is_empty()).map(|it| (at + 1, it.to_owned())).collect::<Vec<_>>()
        };
        text.lines().enumerate().flat_map(of).collect()
    };
    let (old, new) = (words(old), words(new));
    let mut found: Vec<String> = old
        .iter()
        .zip(&new)
        .filter(|((_, a), (_, b))| !same(a, b))
        .map(|((line, a), (_, b))| format!("line {line}: stored {a}, now {b}"))
        .collect();
    if old.len() != new.len() {
        found.push(format!("stored {} words, now {}", old.len(), new.len()));
    }
    found
}

fn same(old: &str, new: &str) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= TOLERANCE * a.abs().max(SMALL);
    old == new || matches!((old.parse(), new.parse()), (Ok(a), Ok(b)) if near(a, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_no_difference_and_a_digit_is_one() {
        assert!(differences("a,1.5,2e-9", "a,1.5000000001,2.0001e-9").is_empty());
        assert_eq!(differences("2e-9", "2.1e-9"), ["line 1: stored 2e-9, now 2.1e-9"]);
        assert_eq!(differences("a,1.5", "a,1.6"), ["line 1: stored 1.5, now 1.6"]);
        assert_eq!(differences("{\"p\": 1}", "{\"q\": 1}").len(), 1);
        assert_eq!(differences("1,2", "1"), ["stored 2 words, now 1"]);
    }
}
