//! Files made to do harm, through the real program: each is refused with a reason, in bounded time and
//! memory, by a child process that can reach nothing; nothing is written.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use crate::support::{copied, lodd, lodd_in, python, root};

const CHILD: &str = "__read-office-file";

/// The throw-away pilot with its roster read.
fn pilot() -> tempfile::TempDir {
    let dir = copied(&root().join("data/kast"));
    lodd_in(dir.path(), "--clock 2026-08-20T08:10:00Z roster import familier.csv medlemmer.csv")
        .ok();
    dir
}

/// The last line of a script's output: how many files there were, and how many were not as they
/// should be. Those are printed before it.
#[track_caller]
fn none_bad(script: &str) -> Value {
    let dir = pilot();
    let lodd = Path::new(env!("CARGO_BIN_EXE_lodd"));
    let ran = python(script, &[lodd, dir.path()]).ok();
    let (_, last) = ran.stdout.trim_end().rsplit_once('\n').unwrap();
    let summary: Value = serde_json::from_str(last).unwrap();
    assert_eq!(summary["bad"], 0, "{}", ran.stdout);
    summary
}

/// Every kind of harm there must be a file of, with the beginning of its name.
const KINDS: [(&str, &str); 22] = [
    ("cells far apart", "far.xlsx"),
    ("columns far apart", "far-columns.xlsx"),
    ("a cell of 1 GiB", "cell-1gib.xlsx"),
    ("a part that lies about its size", "cell-1gib-small.xlsx"),
    ("a million rows", "million-rows.xlsx"),
    ("a zip bomb", "blanks.xlsx"),
    ("a zip of zips as the workbook", "bomb.xlsx"),
    ("a zip of zips inside it", "nested.xlsx"),
    ("1,000 parts", "thousand-parts.xlsx"),
    ("parts that overlap", "overlapping.xlsx"),
    ("an XML bomb", "laughs.xlsx"),
    ("XXE", "xxe-"),
    ("zip-slip", "slip-"),
    ("duplicate parts", "twice"),
    ("truncated", "cut-"),
    ("bits flipped", "flipped-"),
    ("NUL in a csv", "nul.csv"),
    ("a line of 2 GB", "line-2gib.csv"),
    ("unclosed quotes", "unclosed.csv"),
    ("1e400", "number-1e400."),
    ("NaN", "number-nan."),
    ("−0", "number-minus-zero."),
];

#[test]
fn hostile_and_odd_files_are_refused_in_bounded_time_and_memory() {
    let summary = none_bad("hostile_files.py");
    let names: Vec<&str> =
        summary["files"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert!(names.len() > 100, "{summary}");
    for (kind, start) in KINDS {
        assert!(names.iter().any(|it| it.starts_with(start)), "no file of {kind}");
    }
}

#[test]
fn a_national_identity_number_is_nowhere_afterwards() {
    let summary = none_bad("personal_files.py");
    assert!(summary["files"].as_u64().unwrap() > 120, "{summary}");
}

fn child() -> Child {
    Command::new(env!("CARGO_BIN_EXE_lodd"))
        .arg(CHILD)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The kernel's own word for what the child has given up before it read anything.
#[test]
#[cfg(target_os = "linux")]
fn the_child_is_confined_before_it_reads() {
    let mut child = child();
    let mut stdin = child.stdin.take().unwrap();
    let name = b"a.csv";
    stdin.write_all(&u32::try_from(name.len()).unwrap().to_le_bytes()).unwrap();
    stdin.write_all(name).unwrap();
    // More than a pipe holds: it has begun to read when this is written.
    stdin.write_all(&b"a;b\n".repeat(100_000)).unwrap();
    let about = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap();
    let status = about("status");
    let line = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").to_owned()
    };
    assert_eq!(line("Seccomp:"), "2");
    assert_eq!(line("NoNewPrivs:"), "1");
    assert_eq!(line("Threads:"), "1");
    let limits = about("limits");
    let limit = |name: &str| -> Vec<String> {
        let line = limits.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().take(2).map(str::to_owned).collect()
    };
    assert_eq!(limit("Max cpu time"), ["10", "11"]);
    assert_eq!(limit("Max file size"), ["0", "0"]);
    assert_eq!(limit("Max core file size"), ["0", "0"]);
    // 512 MiB more than was mapped at the start, which is what is mapped now but for what it read.
    let address: u64 = limit("Max address space")[0].parse().unwrap();
    let mapped = line("VmSize:").parse::<u64>().unwrap() << 10;
    let more = address - mapped;
    assert!((500 << 20..=512 << 20).contains(&more), "{more} of {address}");
    assert!(about("environ").is_empty());
    drop(stdin);
    assert!(child.wait_with_output().unwrap().status.success());
}

/// Whatever the child is fed, it ends; and it says nothing but what a reader says.
#[test]
fn a_child_that_is_fed_nonsense_ends() {
    for fed in [&b""[..], b"\xff", b"\xff\xff\xff\xff", b"\x05\0\0\0a.cs", b"\x01\0\0\0\xff"] {
        let mut child = child();
        child.stdin.take().unwrap().write_all(fed).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{fed:?}");
        assert!(output.stdout.is_empty(), "{fed:?}");
    }
}

#[test]
fn the_version_says_what_holds_here() {
    let ran = lodd(Path::new("."), &["--version", "--verbose"]).ok();
    let confined =
        cfg!(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")));
    assert_eq!(ran.stdout.contains("512 MiB"), confined, "{}", ran.stdout);
    assert!(ran.stdout.starts_with("lodd "), "{}", ran.stdout);
    assert_eq!(lodd(Path::new("."), &["--version"]).ok().stdout.lines().count(), 1);
}
