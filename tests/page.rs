//! The page that checks a draw, `docs/kontroller-trekning.html`, in a real browser.
//!
//! The tests themselves are JavaScript, in `verifier/test/`; each opens the page from its file.

use std::{path::Path, process::Command};

use crate::support::{python, root};

pub(crate) fn node(script: &str, args: &[&Path]) {
    let verifier = root().join("verifier");
    assert!(
        verifier.join("node_modules").exists(),
        "no packages: run `cargo xtask test --install`"
    );
    let output =
        Command::new("node").current_dir(&verifier).arg(script).args(args).output().unwrap();
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}\n{stderr}");
}

/// What is published is what the sources give.
#[test]
fn the_page_is_what_its_sources_build() {
    node("build.mjs", &[Path::new("--check")]);
}

#[test]
fn the_page_has_the_same_numbers_and_trees_as_the_vectors() {
    node("test/parts.mjs", &[]);
}

#[test]
fn the_page_verifies_every_vector_and_sees_every_changed_byte() {
    node("test/vectors.mjs", &[]);
}

/// A visitor drops and picks files, reads the verdict, changes language, uses only the keyboard.
#[test]
fn the_page_tells_a_visitor_in_norwegian() {
    node("test/visible.mjs", &[]);
}

/// Bytes of any kind give a verdict, and everything that can be said stands in all three languages.
#[test]
fn the_page_survives_hostile_files() {
    node("test/hostile.mjs", &[]);
}

#[test]
fn the_page_knows_quicknet_and_refuses_every_other_point() {
    node("test/quicknet.mjs", &[]);
}

/// The same thousand pilots as in `verifier.rs`: Rust, Python and the browser agree on draws that none of
/// them made.
#[test]
fn the_page_agrees_on_a_thousand_random_draws() {
    let dir = tempfile::tempdir().unwrap();
    python("random_draws.py", &[dir.path(), Path::new("1000"), Path::new("agreement")]).ok();
    node("test/random.mjs", &[dir.path()]);
}
