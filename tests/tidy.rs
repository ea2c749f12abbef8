//! Checks on the code base itself.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::support::root;

/// The allowed edges between our crates. Read top to bottom, this is the architecture.
const LAYERS: &[(&str, &[&str])] = &[
    ("lodd-draw", &[]),
    ("lodd-estimate", &[]),
    ("lodd-disclosure", &[]),
    ("lodd-panel", &[]),
    ("lodd-intake", &[]),
    ("lodd-store", &[]),
    ("lodd-report", &[]),
    ("lodd-server", &[]),
    (
        "lodd",
        &[
            "lodd-draw",
            "lodd-estimate",
            "lodd-disclosure",
            "lodd-panel",
            "lodd-intake",
            "lodd-store",
            "lodd-report",
            "lodd-server",
        ],
    ),
    ("lodd-cluster", &["lodd-panel", "lodd-store"]),
];

/// Pure crates touch no disk, clock, environment or random source; each bans them by name.
const PURE: &[&str] = &["lodd-draw", "lodd-estimate", "lodd-disclosure", "lodd-panel"];

const FILE_LINES_MAX: usize = 400;

fn files(dir: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_str().unwrap().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The names under `[dependencies]` (not `[dev-dependencies]`) of a manifest.
fn dependencies(manifest: &Path) -> Vec<String> {
    let text = fs::read_to_string(manifest).unwrap();
    let section = text.split("\n[dependencies]").nth(1).unwrap_or("");
    let section = section.split("\n[").next().unwrap();
    let name = |line: &str| Some(line.split(['.', ' ', '=']).next()?.to_owned());
    section.lines().filter(|line| !line.trim().is_empty()).filter_map(name).collect()
}

#[test]
fn crates_depend_only_downwards() {
    for (name, allowed) in LAYERS {
        let found = dependencies(&root().join("crates").join(name).join("Cargo.toml"));
        assert!(!found.is_empty(), "{name}: its dependencies were not read");
        for dep in found {
            let ours = LAYERS.iter().any(|(it, _)| *it == dep);
            assert!(!ours || allowed.contains(&dep.as_str()), "{name} must not depend on {dep}");
        }
    }
}

#[test]
fn every_crate_has_a_layer() {
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(LAYERS.iter().any(|(it, _)| *it == name), "add {name} to LAYERS");
    }
}

#[test]
fn pure_crates_ban_the_outside_and_know_no_arrow() {
    for name in PURE {
        let folder = root().join("crates").join(name);
        let lints = fs::read_to_string(folder.join("clippy.toml")).unwrap();
        for banned in
            ["std::time::SystemTime::now", "std::env::var", "std::fs::read", "std::fs::File::open"]
        {
            assert!(lints.contains(banned), "{name}/clippy.toml must ban {banned}");
        }
        for dep in dependencies(&folder.join("Cargo.toml")) {
            assert!(
                !dep.starts_with("arrow") && dep != "rusqlite" && dep != "getrandom",
                "{name}: {dep}"
            );
        }
        for path in files(&folder.join("src"), ".rs") {
            let text = fs::read_to_string(&path).unwrap();
            let product = text.split("#[cfg(test)]").next().unwrap();
            let is_test = path.ends_with("tests.rs");
            for word in
                ["std::fs", "std::env", "SystemTime", "Instant::now", "std::net", "std::process"]
            {
                assert!(is_test || !product.contains(word), "{}: {word}", path.display());
            }
        }
    }
}

#[test]
fn source_files_are_tidy() {
    for path in ["crates", "xtask"].iter().flat_map(|dir| files(&root().join(dir), ".rs")) {
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().count();
        let is_test =
            path.ends_with("tests.rs") || path.components().any(|it| it.as_os_str() == "tests");
        assert!(
            is_test || text.starts_with("//!"),
            "{}: say what this file is for",
            path.display()
        );
        assert!(is_test || lines <= FILE_LINES_MAX, "{}: {lines} lines, split it", path.display());
        for word in ["todo!(", "unimplemented!(", "TODO", "FIXME"] {
            assert!(is_test || !text.contains(word), "{}: {word}", path.display());
        }
    }
}

/// What differs between systems, starts a process, or meets an office's bytes: each where it belongs.
#[test]
fn platforms_processes_and_parsers_have_their_places() {
    let places: &[(&[&str], &[&str])] = &[
        (
            &["cfg(unix", "cfg(windows", "target_os", "std::os::"],
            &["lodd-store/src/files.rs", "lodd/src/reading/confine.rs", "lodd-server/src/stop.rs"],
        ),
        (&["process::Command", "Command::new(", "Command, Stdio"], &["lodd/src/reading/parent.rs"]),
        (
            &["lodd_intake::read(", "intake::snapshots(", "intake::roster(", "intake::assignment("],
            &["lodd/src/reading.rs"],
        ),
        (&["getrandom::"], &["lodd/src/steps/mod.rs", "lodd-store/src/random.rs"]),
    ];
    for path in files(&root().join("crates"), ".rs") {
        let shown = path.display().to_string().replace('\\', "/");
        if shown.contains("/tests/") || shown.ends_with("tests.rs") || shown.contains("/benches/") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let product = text.split("#[cfg(test)]").next().unwrap();
        for (words, allowed) in places {
            let here = allowed.iter().any(|it| shown.ends_with(it));
            let found = words.iter().find(|word| product.contains(**word));
            assert!(here || found.is_none(), "{shown}: {}", found.unwrap());
        }
    }
}

/// No crate knows a pilot: what the demo runs stands in files under `data/` alone.
#[test]
fn no_crate_names_a_pilot() {
    let labels: Vec<String> = fs::read_dir(root().join("data"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert!(labels.len() >= 3, "{labels:?}");
    for path in files(&root().join("crates"), ".rs") {
        let text = fs::read_to_string(&path).unwrap();
        let is_test =
            path.ends_with("tests.rs") || path.components().any(|it| it.as_os_str() == "tests");
        let product = text.split("#[cfg(test)]").next().unwrap();
        for label in &labels {
            let named = product.lines().find(|line| names(line, label));
            assert!(
                is_test || named.is_none(),
                "{}: names a pilot: {}",
                path.display(),
                named.unwrap()
            );
        }
    }
}

/// Whether a line of code, not a comment or a help example, names a pilot.
fn names(line: &str, label: &str) -> bool {
    let code = line.trim_start();
    let comment = code.starts_with("//");
    let path = format!("data/{label}");
    line.contains(&path) || (!comment && line.contains(&format!("\"{label}\"")))
}

#[test]
fn nothing_names_a_machine_or_reads_outside_the_project() {
    let text_files = ["", "crates", "xtask", "tests", "docs", "data", "notebooks", ".ci", ".cargo"];
    let endings = [".rs", ".toml", ".md", ".py", ".txt", ".ipynb", ".html", "run"];
    let mut seen = BTreeSet::new();
    for dir in text_files {
        let dir = root().join(dir);
        let list = if dir == root() {
            fs::read_dir(&dir)
                .unwrap()
                .map(|it| it.unwrap().path())
                .filter(|it| it.is_file())
                .collect()
        } else {
            endings.iter().flat_map(|ending| files(&dir, ending)).collect::<Vec<_>>()
        };
        for path in list {
            let Ok(text) = fs::read_to_string(&path) else { continue };
            let words =
                [["/work", "/"].concat(), ["shared", "/spec"].concat(), ["/tmp", "/py"].concat()];
            for word in words {
                assert!(!text.contains(&word), "{} names {word}", path.display());
            }
            seen.insert(path);
        }
    }
    assert!(seen.len() > 50, "{}", seen.len());
}

/// `cargo run -- demo` and the tests build every dependency with the same features, so that the second
/// does not build the tree again.
#[test]
fn the_demo_and_the_tests_share_one_build() {
    let features = |edges: &str| -> BTreeSet<String> {
        let words = ["tree", "--workspace", "--offline", "--prefix", "none", "--format", "{p} {f}"];
        let mut cargo = std::process::Command::new(env!("CARGO"));
        let output =
            cargo.current_dir(root()).args(words).args(["--edges", edges]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect()
    };
    let (demo, tests) = (features("normal,build"), features("normal,build,dev"));
    assert!(demo.len() > 100, "{}", demo.len());
    let only: Vec<&String> = demo.difference(&tests).collect();
    assert!(only.is_empty(), "built otherwise for the tests: {only:?}");
}
