//! A scheduler and executors as processes on this machine.

use std::{
    collections::BTreeSet,
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    made::{Made, register},
    run::{Folder, as_lodd_writes, by_sqlite, said},
};

/// Far above what anything here takes; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_mins(4);

/// Processes that end with the test.
struct Cluster {
    scheduler: Child,
    executors: Vec<Child>,
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
    fn start(folder: &Folder, executors: &[&str]) -> Self {
        let port = free_port();
        let log = folder.path("events").display().to_string();
        let shown = port.to_string();
        let words =
            ["scheduler", "--port", &shown, "--event-log", &log, "--executor-timeout", "20"];
        let scheduler = start(&words);
        let mut cluster = Self { scheduler, executors: Vec::new(), port };
        cluster.wait(|it| it.get("/healthz").is_some());
        for name in executors {
            cluster.add(folder, name);
        }
        cluster
            .wait(|it| it.json("/api/executors").as_array().map(Vec::len) == Some(executors.len()));
        cluster
    }

    fn add(&mut self, folder: &Folder, name: &str) {
        let scheduler = format!("127.0.0.1:{}", self.port);
        let (port, grpc) = (free_port().to_string(), free_port().to_string());
        let work = folder.path(&format!("work-{name}"));
        fs::create_dir(&work).unwrap();
        let work = work.display().to_string();
        self.executors.push(start(&[
            "executor",
            "--scheduler",
            &scheduler,
            "--port",
            &port,
            "--grpc-port",
            &grpc,
            "--cores",
            "1",
            "--name",
            name,
            "--work-dir",
            &work,
        ]));
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

    fn json(&self, path: &str) -> Value {
        self.get(path).and_then(|it| serde_json::from_str(&it).ok()).unwrap_or(Value::Null)
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
        for child in self.executors.iter_mut().chain([&mut self.scheduler]) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The executors that did a task with success, by the scheduler's log of events.
fn who_worked(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for event in text.lines().filter_map(|it| serde_json::from_str::<Value>(it).ok()) {
            let (kind, task) = (&event["ev"], &event["data"]);
            if kind == "TaskEnd" && task["status"] == "Successful" {
                found.extend(task["executor_id"].as_str().map(str::to_owned));
            }
        }
    }
    found
}

fn expected(made: &Made) -> Vec<u8> {
    as_lodd_writes(&by_sqlite(made))
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
fn two_executors_give_the_same_bytes_and_both_work() {
    let made = register(21, 10);
    let folder = in_two_files(&made);
    let cluster = Cluster::start(&folder, &["one", "two"]);
    let bytes = folder.panel(&["part-*.parquet"], &["--engine", &cluster.engine()]);
    assert!(bytes == expected(&made), "other bytes than lodd's");
    let both: BTreeSet<String> = ["one".to_owned(), "two".to_owned()].into();
    assert_eq!(who_worked(&folder.path("events")), both);
}

#[test]
fn the_loss_of_an_executor_in_the_middle_changes_nothing() {
    let made = register(22, 20);
    let folder = in_two_files(&made);
    let mut cluster = Cluster::start(&folder, &["one", "two"]);
    let engine = cluster.engine();
    let mut running =
        folder.command(&["part-*.parquet"], "out", &["--engine", &engine]).spawn().unwrap();
    // In the middle: some stages have been done, and some have not.
    cluster.wait(|it| {
        it.json("/api/jobs").as_array().is_some_and(|jobs| {
            jobs.iter().any(|job| {
                let count = |key: &str| job.get(key).and_then(Value::as_u64).unwrap_or(0);
                count("completed_stages") > 0 && count("completed_stages") < count("num_stages")
            })
        })
    });
    let mut lost = cluster.executors.remove(0);
    lost.kill().unwrap();
    lost.wait().unwrap();
    assert!(running.try_wait().unwrap().is_none(), "it was over before the executor was lost");
    let status = running.wait().unwrap();
    assert!(status.success(), "{status}");
    let bytes = fs::read(folder.path("out/panel.parquet")).unwrap();
    assert!(bytes == expected(&made), "other bytes than lodd's");
}

#[test]
fn a_cluster_without_executors_is_an_error_after_seconds() {
    let made = register(23, 5);
    let folder = in_two_files(&made);
    let cluster = Cluster::start(&folder, &[]);
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
