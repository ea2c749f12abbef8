//! The twelve-month panel with eight variables over 1, 10 and 100 million rows of snapshots:
//! `lodd-cluster` beside DuckDB and polars, which run the same definition; `SQLite` beside it at one
//! million. Then Ballista with two executors on the same file.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::{Outcome, cluster, root, run};

const SCRIPT: &str = "xtask/src/bench/panel.py";
const CUT: &str = "2021-06-01T00:00:00Z";
/// A peer that takes so many times our time is stopped.
const PATIENCE: f64 = 2.0;
/// But not before so many seconds have passed.
const AT_LEAST: f64 = 60.0;
/// A limit that ends nothing: a day.
const NO_LIMIT: f64 = 86_400.0;

/// A run: seconds and MB of resident memory at most.
#[derive(Clone, Copy)]
struct Cost {
    seconds: f64,
    megabytes: f64,
}

/// Builds once, for release, and runs each size (in millions of rows), smallest first.
pub(crate) fn all(millions: &[u64]) -> Outcome {
    run(&mut cluster(&["build", "--release"]))?;
    let mut before: Option<(u64, f64)> = None;
    for &size in millions {
        let dir = root().join(format!("target/bench-panel/{size}"));
        let bench = Bench { dir };
        bench.make(size * 1_000_000)?;
        let seconds = bench.compare(size)?;
        if let Some((smaller, then)) = before {
            let growth = (seconds / then) / (size as f64 / smaller as f64);
            println!(
                "growth from {smaller} to {size} M    {growth:>8.2}   (goal <= 1: no worse than linear)"
            );
        }
        before = Some((size, seconds));
    }
    Ok(())
}

/// A folder with a register and the peers' results.
struct Bench {
    dir: PathBuf,
}

fn program() -> PathBuf {
    root().join("target/release/lodd-cluster")
}

fn python() -> PathBuf {
    root().join(".venv/bin/python")
}

fn script() -> Command {
    let mut command = Command::new(python());
    command.current_dir(root()).arg(SCRIPT);
    command
}

impl Bench {
    fn script(&self, job: &str) -> Command {
        let mut command = script();
        command.arg(job).arg(&self.dir);
        command
    }

    /// The register, once: it takes longer than the panel.
    fn make(&self, rows: u64) -> Outcome {
        fs::create_dir_all(&self.dir).map_err(|error| error.to_string())?;
        if !self.dir.join("rules.toml").exists() {
            run(self.script("make").arg(rows.to_string()))?;
        }
        let output = Command::new(program())
            .args(["panel", "--print-sql", "--out", ".", "--cut", CUT, "--snapshots", "-"])
            .args(["--assignments", "-", "--rules"])
            .arg(self.dir.join("rules.toml"))
            .output()
            .map_err(|error| error.to_string())?;
        fs::write(self.dir.join("panel.sql"), output.stdout).map_err(|error| error.to_string())
    }

    /// Runs a command under the script's watch, for at most `limit` seconds.
    fn watched(limit: f64, words: &[String]) -> Result<(Cost, String), String> {
        let mut command = script();
        command.args(["watched", &limit.to_string()]).args(words).stderr(Stdio::inherit());
        let output = command.output().map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !output.status.success() {
            return Err(format!("failed: {}", words.join(" ")));
        }
        let mut fields = text.splitn(3, ' ');
        let mut number = || fields.next().and_then(|it| it.parse().ok());
        let (Some(seconds), Some(megabytes)) = (number(), number()) else {
            return Err(format!("no seconds: {text}"));
        };
        Ok((Cost { seconds, megabytes }, fields.next().unwrap_or_default().to_owned()))
    }

    fn ours(&self, engine: &str) -> Result<Cost, String> {
        let words = ["panel", "--quiet", "--cut", CUT, "--engine", engine, "--snapshots"];
        let mut all = vec![program().display().to_string()];
        all.extend(words.map(str::to_owned));
        let path = |name: &str| self.dir.join(name).display().to_string();
        all.push(path("snapshots-*.parquet"));
        for (option, name) in
            [("--assignments", "assignments.parquet"), ("--rules", "rules.toml"), ("--out", "out")]
        {
            all.extend([option.to_owned(), path(name)]);
        }
        Ok(Self::watched(NO_LIMIT, &all)?.0)
    }

    /// A peer prints its own seconds: without starting, and for `SQLite` without loading. Says
    /// whether it was stopped after `limit` seconds.
    fn peer(&self, name: &str, limit: f64) -> Result<(Cost, bool), String> {
        let result = format!("{name}.parquet");
        for left in ["duck.db", "duck.db.wal", &result] {
            let _ = fs::remove_file(self.dir.join(left));
        }
        let words = [python().display().to_string(), SCRIPT.to_owned(), name.to_owned()];
        let mut words = words.to_vec();
        words.push(self.dir.display().to_string());
        let (cost, text) = Self::watched(limit, &words)?;
        if text == "stopped" {
            // A table half written is none to compare with.
            let _ = fs::remove_file(self.dir.join(&result));
            let _ = fs::remove_dir_all(self.dir.join("duck.tmp"));
            return Ok((cost, true));
        }
        let own = text.split(' ').next().and_then(|it| it.parse().ok());
        Ok((Cost { seconds: own.ok_or("no seconds")?, ..cost }, false))
    }

    fn compare(&self, size: u64) -> Result<f64, String> {
        println!("\n{size} million rows");
        let ours = self.ours("local")?;
        line("lodd-cluster", ours, "goal <= 2048 MB");
        for name in ["duckdb-all-memory", "duckdb", "polars"] {
            match self.peer(name, (PATIENCE * ours.seconds).max(AT_LEAST)) {
                Ok((peer, stopped)) => {
                    let ratio = ours.seconds / peer.seconds;
                    let words = if stopped {
                        "not ended: ours over theirs less than"
                    } else {
                        "ours over theirs"
                    };
                    line(name, peer, &format!("{words} {ratio:.2}"));
                }
                Err(error) => println!("{name:<18} {error}"),
            }
        }
        // Rows that differ from the peers': none may.
        run(&mut self.script("compare"))?;
        if size == 1 {
            let (sqlite, _) = self.peer("sqlite", NO_LIMIT)?;
            line("sqlite", sqlite, "the query alone, from memory");
        }
        if size < 100 {
            self.cluster(ours)?;
        }
        Ok(ours.seconds)
    }

    /// A scheduler and two executors on this machine.
    fn cluster(&self, local: Cost) -> Outcome {
        let before = fs::read(self.dir.join("out/panel.parquet")).map_err(|it| it.to_string())?;
        let cluster = Processes::start(&self.dir)?;
        let cost = self.ours(&format!("ballista://127.0.0.1:{}", cluster.port))?;
        drop(cluster);
        let after = fs::read(self.dir.join("out/panel.parquet")).map_err(|it| it.to_string())?;
        if before != after {
            return Err("Ballista gave other bytes".to_owned());
        }
        let words = format!(
            "same bytes; {:.1} times one process. Two executors on one machine show overhead, not speed-up",
            cost.seconds / local.seconds
        );
        line("ballista", cost, &words);
        Ok(())
    }
}

fn line(name: &str, cost: Cost, words: &str) {
    println!("{name:<18} {:>8.1} s {:>8.0} MB   ({words})", cost.seconds, cost.megabytes);
}

/// Processes that end with the measurement.
struct Processes {
    port: u16,
    all: Vec<Child>,
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.local_addr().map(|it| it.port()).map_err(|error| error.to_string())
}

impl Processes {
    fn start(dir: &Path) -> Result<Self, String> {
        let port = free_port()?;
        let mut started = Self { port, all: Vec::new() };
        started.add(&["scheduler", "--port", &port.to_string()])?;
        for name in ["one", "two"] {
            let work = dir.join(format!("work-{name}"));
            fs::create_dir_all(&work).map_err(|error| error.to_string())?;
            let words = [
                "executor".to_owned(),
                "--scheduler".to_owned(),
                format!("127.0.0.1:{port}"),
                "--port".to_owned(),
                free_port()?.to_string(),
                "--grpc-port".to_owned(),
                free_port()?.to_string(),
                "--cores".to_owned(),
                "1".to_owned(),
                "--work-dir".to_owned(),
                work.display().to_string(),
            ];
            started.add(&words.iter().map(String::as_str).collect::<Vec<_>>())?;
        }
        Ok(started)
    }

    fn add(&mut self, words: &[&str]) -> Outcome {
        let child = Command::new(program()).args(words).stdout(Stdio::null()).spawn();
        self.all.push(child.map_err(|error| error.to_string())?);
        Ok(())
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        for child in &mut self.all {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
