//! Verifiers of others' draws: ours and an independent one in Python agree on draws that neither made.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use crate::support::{Ran, lodd, python, root};

const DRAWS: usize = 1_000;
/// Draws one byte of which is changed.
const CHANGED: usize = 200;

fn random_draws(dir: &Path, count: usize, seed: &str) -> Vec<PathBuf> {
    let count = count.to_string();
    python("random_draws.py", &[dir, Path::new(&count), Path::new(seed)]).ok();
    let mut draws: Vec<PathBuf> = ["0001", "0002"]
        .iter()
        .flat_map(|number| cases(dir).into_iter().map(move |case| case.join(number)))
        .filter(|draw| draw.exists())
        .collect();
    draws.sort();
    draws
}

/// The last draw of a pilot.
fn last(case: &Path) -> PathBuf {
    cases(case).into_iter().max().unwrap()
}

fn cases(dir: &Path) -> Vec<PathBuf> {
    fs::read_dir(dir).unwrap().map(|it| it.unwrap().path()).filter(|it| it.is_dir()).collect()
}

/// Runs the program on each draw, a few at a time.
fn on_each(draws: &[PathBuf], run: impl Fn(&Path) -> Ran + Sync) -> BTreeMap<PathBuf, Ran> {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut done = Vec::new();
                    while let Some(draw) = draws.get(next.fetch_add(1, Ordering::Relaxed)) {
                        done.push((draw.clone(), run(draw)));
                    }
                    done
                })
            })
            .collect();
        workers.into_iter().flat_map(|it| it.join().unwrap()).collect()
    })
}

/// With covariates and slip, where there are any.
fn verified(draw: &Path) -> Ran {
    let slip = format!("../slip-{}.json", draw.file_name().unwrap().to_str().unwrap());
    let mut words = vec!["draw", "verify", ".", "--lang", "en"];
    if draw.join("covariates.csv").exists() && draw.join("reveal.json").exists() {
        words.extend(["--covariates", "covariates.csv"]);
    }
    if draw.join(&slip).exists() {
        words.extend(["--slip", &slip]);
    }
    lodd(draw, &words)
}

/// A thousand pilots that a third implementation made: our result is its result byte for byte, we
/// verify what it made, and so does Python, covariates and slips included.
#[test]
fn a_thousand_random_draws_come_out_alike() {
    let dir = tempfile::tempdir().unwrap();
    let draws = random_draws(dir.path(), DRAWS, "agreement");
    assert!(draws.len() >= DRAWS, "{}", draws.len());
    python("check_draws.py", &[dir.path()]).ok();
    let revealed: Vec<PathBuf> =
        draws.iter().filter(|it| it.join("reveal.json").exists()).cloned().collect();
    assert!(revealed.len() > DRAWS * 8 / 10, "{}", revealed.len());
    let computed = on_each(&revealed, |draw| lodd(draw, &["draw", "compute", "."]));
    for (draw, ran) in computed {
        let expected = fs::read_to_string(draw.join("result.csv")).unwrap();
        assert!(ran.code == 0 && ran.stdout == expected, "{}: {}", draw.display(), ran.stderr);
    }
    for (draw, ran) in on_each(&draws, verified) {
        assert!(ran.code == 0, "{}: {}", draw.display(), ran.stderr);
    }
}

/// One byte of one public file of each draw is changed: what Python refuses we refuse.
#[test]
fn a_changed_byte_of_a_random_draw_is_refused_by_both() {
    let dir = tempfile::tempdir().unwrap();
    random_draws(dir.path(), CHANGED, "changes");
    let changed = python("check_draws.py", &[dir.path(), Path::new("change")]).ok().stdout;
    let draws: Vec<PathBuf> = changed.lines().map(|it| dir.path().join(it)).collect();
    assert!(draws.len() >= CHANGED, "{}", draws.len());
    for (draw, ran) in on_each(&draws, verified) {
        assert!(ran.code == 1, "{}: {}\n{}", draw.display(), ran.stdout, ran.stderr);
    }
}

/// Draws of which one rule is broken and all hashes hold: no form, number, order or sum slips by.
#[test]
fn both_refuse_what_breaks_one_rule_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    python("hostile_draws.py", &[dir.path()]).ok();
    python("check_draws.py", &[dir.path(), Path::new("hostile")]).ok();
    for (kind, code, least) in [("refused", 1, 150), ("accepted", 0, 20)] {
        let draws: Vec<PathBuf> = cases(&dir.path().join(kind)).iter().map(|it| last(it)).collect();
        assert!(draws.len() >= least, "{kind}: {}", draws.len());
        for (draw, ran) in on_each(&draws, verified) {
            assert!(ran.code == code, "{}: {}\n{}", draw.display(), ran.stdout, ran.stderr);
        }
    }
}

/// The vectors, which a fourth implementation made, and what becomes of them when a byte changes.
#[test]
fn the_python_verifier_holds_against_the_vectors() {
    python("check_vectors.py", &[&root().join("crates/lodd-draw/tests/vectors")]).ok();
}
