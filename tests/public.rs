//! The public files of a draw: what they never hold, what never changes them, and what is refused
//! before it costs anything.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::support::{Ran, copied, lodd_in, root};

fn vectors() -> PathBuf {
    root().join("crates/lodd-draw/tests/vectors/draw")
}

/// `lodd` with other settings of the machine around it.
fn with(dir: &Path, words: &[&str], environment: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lodd"));
    command.current_dir(dir).args(words).envs(environment.iter().copied());
    Ran::new(&command.output().unwrap())
}

/// randomizr's assignment depends on row order, locale and what was printed before; rows are
/// shuffled in lodd-draw's own tests.
#[test]
fn a_result_does_not_depend_on_locale_threads_or_printing() {
    for name in ["many-blocks", "constrained-prob", "prob-3arm", "seats-4arm"] {
        let dir = vectors().join(name).join("0001");
        let expected = fs::read_to_string(dir.join("result.csv")).unwrap();
        for (words, environment) in [
            (&["draw", "compute", "."][..], &[("LC_ALL", "C")][..]),
            (&["draw", "compute", "."], &[("LC_ALL", "tr_TR.UTF-8"), ("LANG", "tr_TR.UTF-8")]),
            (&["draw", "compute", ".", "--threads", "1"], &[("LC_ALL", "nb_NO.ISO-8859-1")]),
            (
                &["draw", "compute", ".", "--threads", "7", "--verbose"],
                &[("RAYON_NUM_THREADS", "3")],
            ),
            (
                &["draw", "compute", ".", "--lang", "nn", "--color", "always"],
                &[("TZ", "Asia/Tokyo")],
            ),
        ] {
            let ran = with(&dir, words, environment).ok();
            assert_eq!(ran.stdout, expected, "{name} {words:?} {environment:?}");
        }
    }
}

/// Runs of digits, letters and what joins them: an 11-digit number alone, not a part of a hash.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
}

#[test]
fn no_public_file_holds_a_number_of_a_person_an_id_or_a_salt() {
    let demo = copied(&root().join("data/kast"));
    let at =
        |clock: &str, words: &str| lodd_in(demo.path(), &format!("--clock {clock} {words}")).ok();
    at("2026-08-20T08:10:00Z", "roster import familier.csv medlemmer.csv");
    at("2026-08-20T08:20:00Z", "screen");
    at("2026-09-01T08:00:00Z", "draw announce --rehearsal");
    let seed = "5a".repeat(32);
    at("2026-09-01T12:00:00Z", &format!("draw reveal --seed {seed}"));
    let private = fs::read_to_string(demo.path().join("private/0001/private.csv")).unwrap();
    let mut secrets: BTreeSet<String> = BTreeSet::new();
    for row in private.lines().skip(1) {
        secrets.extend(row.splitn(4, ',').skip(2).map(str::to_owned));
    }
    assert!(secrets.len() > 10);
    let public = demo.path().join("draws/0001");
    for name in ["announcement.json", "plan.toml", "leaves.csv", "reveal.json", "result.csv"] {
        let text = fs::read_to_string(public.join(name)).unwrap();
        let person =
            words(&text).find(|it| it.len() == 11 && it.bytes().all(|c| c.is_ascii_digit()));
        assert_eq!(person, None, "{name}");
        let secret = secrets.iter().find(|it| text.contains(it.as_str()));
        assert_eq!(secret, None, "{name}");
    }
}

/// A file of 1 GB, a million blocks, deep nesting: a clear refusal, at once.
#[test]
fn files_beyond_all_measure_are_refused() {
    let dir = copied(&vectors().join("seats-2arm/0001"));
    let good = |name: &str| fs::read(dir.path().join(name)).unwrap();
    let refused = |name: &str, words: &[&str]| {
        for command in ["draw verify .", "draw compute ."] {
            let ran = lodd_in(dir.path(), command);
            assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
            ran.refused(&[&[name], words].concat());
        }
    };
    for (name, length) in [("leaves.csv", (1 << 30) + 1), ("reveal.json", (1 << 20) + 1)] {
        let before = good(name);
        // Sparse: it takes no room, and would take memory if it were read.
        fs::File::options()
            .write(true)
            .open(dir.path().join(name))
            .unwrap()
            .set_len(length)
            .unwrap();
        refused(name, &["bytes"]);
        fs::write(dir.path().join(name), before).unwrap();
    }
    let before = good("announcement.json");
    let text = String::from_utf8(before.clone()).unwrap();
    let (head, tail) = text.split_once("\"blocks\": [").unwrap();
    let block = |n: u32| format!("{{\"label\":\"b{n}\",\"units\":1,\"seats\":[1,0]}}");
    let blocks = (0..400_000).map(block).collect::<Vec<_>>().join(",");
    let rest = &tail[tail.find("],\n  \"root\"").unwrap()..];
    for (bad, words) in [
        (format!("{head}\"blocks\": [{blocks}{rest}"), &["announcement.json"][..]),
        (format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)), &["announcement.json"]),
        (text.replacen("\"protocol\"", "\"protocol\": \"lodd/1\", \"protocol\"", 1), &["protocol"]),
        (text.replacen("\"pilot\"", "\"Pilot\"", 1), &["Pilot"]),
    ] {
        fs::write(dir.path().join("announcement.json"), bad).unwrap();
        refused("announcement.json", words);
    }
    fs::write(dir.path().join("announcement.json"), before).unwrap();
    lodd_in(dir.path(), "draw verify .").ok();
}
