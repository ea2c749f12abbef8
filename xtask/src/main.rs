//! Chores of the project: `cargo xtask test`, `cargo xtask lint`, `cargo xtask bench`.
//!
//! The standard library only, so that a chore costs no build of its own.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for developers")]

mod bench;
mod reference;
mod tools;

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

const HELP: &str = "\
Usage: cargo xtask CHORE

  test [--install]   run all tests; says what is missing, or installs it
  lint               formatting and clippy, warnings are errors
  attack [N]         attack N (10000) suppressed tables, linked sets and sequences of releases
  bench [draw|intake|store|estimate|disclosure|report|serve]
                     start-up, the demo, a draw of millions, a file of 100,000 rows, a cold build:
                     time and size; a store of 100 offices and five years, estimates,
                     suppression and the report in its formats, only when named
  bench panel [M]    the panel over 1 and 10 million rows of snapshots, or over M million, beside
                     DuckDB, polars, SQLite and on two executors of Ballista
  crash [N]          uploads under N faults (10000), and 64 uploaders with kills, N/100 times over
  flips [N]          flip N bits (10,000) of a pilot's folder: each is named, or changes nothing
  docs               write docs/estimators.md and docs/formats.md from the program
  fuzz [N]           N mutated office files (default 100000) through the reader, other ones each time
  page               build docs/kontroller-trekning.html from verifier/
  reference          run the scripts of R and Python behind the estimators' tests again, compare
                     what they give with what is stored, and the estimators with their peers
";

type Outcome = Result<(), String>;

/// How the variables begin that cargo sets for the program that it runs.
const OF_THIS_PROGRAM: [&str; 4] =
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_NAME", "CARGO_BIN_NAME"];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match args.as_slice() {
        ["test"] => test(false),
        ["test", "--install"] => test(true),
        ["lint"] => lint(),
        ["bench"] => bench::all(),
        ["bench", "draw"] => bench::draw(),
        ["bench", "intake"] => bench::intake::all(),
        ["bench", "estimate"] => bench::estimate::all(),
        ["bench", "disclosure"] => bench::disclosure(),
        ["bench", "report"] => bench::report::all(),
        ["bench", "serve"] => bench::serve::all(),
        ["attack"] => attack("10000"),
        ["attack", n] => attack(n),
        ["flips"] => flips("10000"),
        ["flips", n] => flips(n),
        ["bench", "store"] => bench::store::all(),
        ["bench", "panel"] => bench::panel::all(&[1, 10]),
        ["bench", "panel", millions] => match millions.parse() {
            Ok(millions) => bench::panel::all(&[millions]),
            Err(_) => Err(HELP.to_owned()),
        },
        ["crash"] => crash(10_000),
        ["crash", faults] => match faults.parse() {
            Ok(faults) => crash(faults),
            Err(_) => Err(HELP.to_owned()),
        },
        ["docs"] => docs(),
        ["page"] => page(),
        ["reference"] => reference::all(),
        ["fuzz"] => fuzz("100000"),
        ["fuzz", files] => fuzz(files),
        _ => Err(HELP.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}

/// Runs a command in the workspace and fails when it fails.
fn run(command: &mut Command) -> Outcome {
    let shown = format!("{command:?}").replace('"', "");
    eprintln!("$ {shown}");
    match command.current_dir(root()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("failed ({status}): {shown}")),
        Err(error) => Err(format!("can't run {shown}: {error}")),
    }
}

/// Cargo, without what the cargo that runs this program says of it: build scripts that look at such
/// variables would run again, and all that is built on them, each time a chore follows a build by hand.
fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let said =
            name.to_str().is_some_and(|name| OF_THIS_PROGRAM.iter().any(|it| name.starts_with(it)));
        if said {
            command.env_remove(name);
        }
    }
    command.args(args);
    command
}

/// Cargo on `lodd-cluster`, which is a workspace of its own, into the same folder of results.
fn cluster(words: &[&str]) -> Command {
    let mut command = cargo(words);
    command.args(["--manifest-path", "crates/lodd-cluster/Cargo.toml", "--target-dir", "target"]);
    command
}

/// All tests. The demo runs once for those that look at what it made; the doc examples and the tests
/// of `lodd-cluster` come before the rest, so that the last line is the workspace's.
fn test(install: bool) -> Outcome {
    tools::ready(install)?;
    formatting()?;
    let demo = root().join("target/test-demo");
    run(cargo(&["run", "--quiet", "--", "demo", "--quiet", "--lang", "en"]).arg(&demo))?;
    run(&mut cargo(&["test", "--quiet", "--workspace", "--doc"]))?;
    let cluster = run(&mut cluster(&["nextest", "run", "--no-fail-fast"]));
    run(cargo(&["nextest", "run", "--workspace", "--no-fail-fast"]).env("LODD_TEST_DEMO", &demo))?;
    cluster
}

fn lint() -> Outcome {
    formatting()?;
    run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))?;
    run(cluster(&["clippy", "--all-targets"]).args(["--", "--deny", "warnings"]))
}

fn formatting() -> Outcome {
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    run(&mut cargo(&["fmt", "--check", "--manifest-path", "crates/lodd-cluster/Cargo.toml"]))
}

/// Bits flipped at random places of the demo's pilot; `LODD_SEED` chooses other places.
fn flips(n: &str) -> Outcome {
    let words = ["nextest", "run", "--workspace", "--no-capture", "-E", "test(flips_are_named)"];
    run(cargo(&words).env("LODD_FLIPS", n))
}

/// The tests of `tests/crash.rs` and `tests/concurrent.rs` that take as long as they are given.
fn crash(faults: usize) -> Outcome {
    let tests = "test(an_acknowledged_upload_survives_any_fault) + test(many_uploaders)";
    run(cargo(&["nextest", "run", "--workspace", "--no-capture", "-E", tests])
        .env("LODD_FAULTS", faults.to_string())
        .env("LODD_ROUNDS", faults.div_ceil(100).to_string()))
}

/// What the test command does with a part of the tables and sets, with all of them.
fn attack(n: &str) -> Outcome {
    let n: u64 = n.parse().map_err(|_| format!("`{n}` is no number of tables"))?;
    let tests = "package(lodd-disclosure) & test(gives_a_count_away)";
    run(cargo(&["nextest", "run", "--workspace", "--no-capture", "-E", tests])
        .env("LODD_ATTACKS", n.to_string()))
}

/// Pages that follow from the program's own registries.
fn docs() -> Outcome {
    run(cargo(&["nextest", "run", "--workspace", "-E", "test(docs_are_current)"])
        .env("LODD_WRITE_DOCS", "1"))
}

/// What the test command does with 2,000 mutated files, with more and others. A failure prints the
/// seed; `LODD_FUZZ_SEED` repeats it.
fn fuzz(files: &str) -> Outcome {
    const IN_A_TEST_RUN: u64 = 2_000;
    let files: u64 = files.parse().map_err(|_| format!("`{files}` is no number of files"))?;
    let now = std::time::UNIX_EPOCH.elapsed().map_err(|error| error.to_string())?;
    let seed = std::env::var("LODD_FUZZ_SEED").unwrap_or_else(|_| now.as_secs().to_string());
    eprintln!("LODD_FUZZ_SEED={seed}");
    run(cargo(&["nextest", "run", "--workspace", "-E", "package(lodd-intake) & test(never_panic)"])
        .env("LODD_FUZZ_SEED", seed)
        .env("LODD_FUZZ_TIMES", files.div_ceil(IN_A_TEST_RUN).to_string()))
}

/// The page that checks a draw, as one file.
fn page() -> Outcome {
    tools::packages()?;
    run(Command::new("node").arg("verifier/build.mjs"))
}
