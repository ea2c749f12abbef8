//! A scheduler as a process on this machine.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    made::{Made, register},
    run::{Folder, said},
};

/// Far above what anything here takes; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_mins(2);

/// Processes that end with the test.
struct Cluster {
    scheduler: Child,
    port: u16,
}

/// A port that nobody has.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn start(words: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_lodd-cluster"))
        .args(words)
        // Debug builds take much stack for a plan of this depth.
        .env("RUST_MIN_STACK", "33554432")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

impl Cluster {
    fn start(folder: &Folder) -> Self {
        let port = free_port();
        let log = folder.path("events").display().to_string();
        let shown = port.to_string();
        let words = ["scheduler", "--port", &shown, "--event-log", &log, "--executor-timeout", "6"];
        let scheduler = start(&words);
        let cluster = Self { scheduler, port };
        cluster.wait(|it| it.get("/healthz").is_some());
        cluster
    }

    fn engine(&self) -> String {
        format!("ballista://127.0.0.1:{}", self.port)
    }

    /// The body of an answer, if there is one.
    fn get(&self, path: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let ask = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");
        stream.write_all(ask.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer.split_once("\r\n\r\n")?.1.to_owned())
    }

    /// Asks until it holds.
    fn wait(&self, holds: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < PATIENCE, "the cluster does not come about");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.scheduler.kill();
        let _ = self.scheduler.wait();
    }
}

fn in_two_files(made: &Made) -> Folder {
    let folder = Folder::empty();
    folder.assignments(&made.units);
    let (first, second) = made.rows.split_at(made.rows.len() / 2);
    folder.snapshots("part-0.parquet", first);
    folder.snapshots("part-1.parquet", second);
    folder
}

#[test]
fn a_cluster_without_executors_is_an_error_after_seconds() {
    let made = register(23, 5);
    let folder = in_two_files(&made);
    let cluster = Cluster::start(&folder);
    let engine = cluster.engine();
    let start = Instant::now();
    let output =
        folder.command(&["part-0.parquet"], "out", &["--engine", &engine]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("has no executors"), "{}", said(&output));
    assert!(said(&output).contains("lodd-cluster executor --scheduler"), "{}", said(&output));
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
    assert!(!folder.path("out").exists());
    drop(cluster);
    let output =
        folder.command(&["part-0.parquet"], "out", &["--engine", &engine]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("no Ballista scheduler answers"), "{}", said(&output));
}
