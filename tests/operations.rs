//! `docs/operations.md`: its drills are run as they are written, on a pilot in a folder of its own.

use std::{fs, path::Path};

use crate::{
    serve::served::drawn,
    support::{copy, lodd, root},
};

/// The lines of the drills, in order.
fn drills() -> Vec<String> {
    let text = fs::read_to_string(root().join("docs/operations.md")).unwrap();
    let blocks = text.split("```sh drill\n").skip(1).map(|it| it.split("```").next().unwrap());
    blocks.flat_map(str::lines).map(ToOwned::to_owned).collect()
}

/// A word of a line, with the paths of the page below `below`, and the office that it speaks of.
fn word(word: &str, below: &Path) -> String {
    let word = word.replace("KONTOR", "kast");
    match word.strip_prefix('/') {
        Some(path) => below.join(path).display().to_string(),
        None => word,
    }
}

#[test]
fn the_drills_work_as_written() {
    let (pilot, machine) = (drawn(), tempfile::tempdir().unwrap());
    let below = machine.path();
    let keys = below.join("etc/lodd/keys");
    for dir in ["var/lib/lodd/pilot", "var/backups/lodd", "etc/lodd/keys", "root"] {
        fs::create_dir_all(below.join(dir)).unwrap();
    }
    copy(pilot.path(), &below.join("var/lib/lodd/pilot"));
    let inside = below.join("var/lib/lodd/pilot/private/keys");
    for key in fs::read_dir(&inside).unwrap() {
        let key = key.unwrap().path();
        fs::rename(&key, keys.join(key.file_name().unwrap())).unwrap();
    }
    fs::remove_dir(inside).unwrap();
    let lines = drills();
    assert!(lines.len() > 8, "{lines:?}");
    for line in &lines {
        let words: Vec<String> = line.split(' ').map(|it| word(it, below)).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.split_first() {
            Some((&"lodd", rest)) => {
                let ran = lodd(below, rest);
                assert_eq!(ran.code, 0, "{line}: {}{}", ran.stdout, ran.stderr);
                // The key is gone then.
                let is_status = rest.starts_with(&["key", "status"]);
                assert!(!is_status || ran.stdout.contains("MISSING"), "{line}: {}", ran.stdout);
            }
            Some((&"rm", rest)) => rest.iter().for_each(|it| fs::remove_file(it).unwrap()),
            _ => panic!("not a drill: {line}"),
        }
    }
    // What came back is what was there.
    let rows = |dir: &str| fs::read(below.join(dir).join("draws/0001/result.csv")).unwrap();
    assert_eq!(rows("var/lib/lodd/restored"), rows("var/lib/lodd/pilot"));
    assert!(keys.join("kast.key").exists());
}

#[test]
fn the_service_serves_what_the_page_says() {
    let unit = fs::read_to_string(root().join("packaging/lodd.service")).unwrap();
    let page = fs::read_to_string(root().join("docs/operations.md")).unwrap();
    let start = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    let mut words = start.split(' ');
    assert_eq!(words.next(), Some("/usr/bin/lodd"));
    let words: Vec<&str> = words.collect();
    // Every path of the service is one of the page's, and every option is one of the program's.
    for path in words.iter().filter(|it| it.starts_with('/')) {
        assert!(page.contains(path), "{path}");
    }
    let help = lodd(&root(), &["serve", "--help"]).ok().stdout;
    for option in words.iter().filter(|it| it.starts_with("--")) {
        assert!(help.contains(option), "{option}");
    }
}
