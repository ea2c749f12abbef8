//! What a plan may not ask for: it is refused before anything is estimated.

use std::{fs, path::Path};

use crate::{
    demo::demo,
    support::{Ran, lodd_in, python, root},
};

/// Locks a changed plan of a demo's pilot and estimates by it.
fn estimate(dir: &Path, from: &str, to: &str) -> Ran {
    let path = dir.join("analysis.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "the plan has no `{from}`");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    let run =
        |words: &str| lodd_in(dir, &format!("--clock 2028-01-01T12:00:00Z --lang en {words}"));
    let locked = run("plan lock");
    let ran = if locked.code == 0 { run("estimate") } else { locked };
    fs::write(&path, text).unwrap();
    ran
}

#[test]
fn a_draw_that_is_not_there_is_refused() {
    let demo = demo();
    let ran = estimate(&demo.join("kast"), "draws = [1]", "draws = [7]");
    ran.refused(&["analysis.toml", "work-3", "draw 7 has not been drawn"]);
}

#[test]
fn a_category_has_no_mean() {
    let demo = demo();
    let ran =
        estimate(&demo.join("ringerike"), "outcome = \"F_ARBEID_NOEN\"", "outcome = \"F_STATUS\"");
    ran.refused(&["analysis.toml:", "`F_STATUS` is a category", "difference_in_means"]);
}

/// A family is in two registers: without saying which, it would count twice.
#[test]
fn registers_are_never_blended() {
    let demo = demo();
    let dir = demo.join("ringerike");
    let months = fs::read_to_string(dir.join("manedlig-2015-2016.csv")).unwrap();
    assert!(months.contains("KOSTRA_11F"));
    fs::write(dir.join("another.csv"), months.replace("KOSTRA_11F", "ANNET_REGISTER")).unwrap();
    let run =
        |words: &str| lodd_in(&dir, &format!("--clock 2027-06-01T12:00:00Z --lang en {words}"));
    run("upload another.csv --office ringerike").ok();
    run("panel").ok();
    run("estimate").ok();
    let ran = estimate(&dir, "register = \"KOSTRA_11F\"\n", "");
    ran.refused(&["analysis.toml", "several registers: ANNET_REGISTER, KOSTRA_11F", "`register`"]);
}

/// Everyone ever offered a place is compared with the rest only when offering has ended.
#[test]
fn a_waiting_list_needs_offering_to_be_closed() {
    let demo = demo();
    let plan = ("estimator = \"difference_in_means\"", "estimator = \"waitlist\"");
    let ran = estimate(&demo.join("kast"), plan.0, plan.1);
    ran.refused(&["analysis.toml", "offering in draw 1, block", "is not closed"]);
}

/// The values that are compared with Rust's are those of the script beside them.
#[test]
fn the_reference_of_the_waiting_lists_is_its_scripts() {
    let reference = root().join("crates/lodd-estimate/tests/reference");
    let dir = tempfile::tempdir().unwrap();
    python("../../crates/lodd-estimate/tests/reference/waitlist.py", &[dir.path()]).ok();
    for name in ["waitlist.csv", "waitlist.json"] {
        let read = |dir: &Path| fs::read_to_string(dir.join(name)).unwrap();
        assert!(read(dir.path()) == read(&reference), "{name} is not current");
    }
}
