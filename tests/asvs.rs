//! `docs/asvs.md`: each requirement stands once and is counted, and every test and file that is named is there.

use std::{collections::BTreeMap, fs, path::Path};

use crate::support::root;

/// How many requirements of levels 1 and 2 each section of ASVS 5.0 has, its first ones; chapter by chapter.
const COUNTS: &str = "2 9 11 3 2/3 3 4 1/0 2 4 6 5 0 2/3 1 2 4/1 3 2 3/3 12 4 4 5 3 0 4/3 4 2 5 2 2/\
    2 3 1 1/3 4/2 2 4 11 5 2 3/2 3 3 4 1 1/3 2 4/1 5 2 5/2 4 3/3 3 7/1 5 4 3 3/1 4 2";
const KINDS: [&str; 5] = ["tested", "by construction", "not here", "operator", "open"];

fn page() -> String {
    fs::read_to_string(root().join("docs/asvs.md")).unwrap()
}

/// `6.2.1–6.2.12` is twelve.
fn expanded(ids: &str) -> Vec<String> {
    let (from, to) = ids.split_once('–').unwrap_or((ids, ids));
    let [(section, first), (other, last)] = [from, to].map(|it| it.rsplit_once('.').unwrap());
    assert_eq!(section, other, "{ids}");
    let numbers = first.parse::<usize>().unwrap()..=last.parse().unwrap();
    numbers.map(|number| format!("{section}.{number}")).collect()
}

#[test]
fn each_requirement_stands_once_and_is_counted() {
    let page = page();
    let (mut found, mut all, mut counts) = (Vec::new(), Vec::new(), [0; KINDS.len()]);
    for line in page.lines().filter(|it| it.starts_with("| ") && !it.starts_with("| id |")) {
        let cells: Vec<&str> = line.trim_matches(['|', ' ']).split(" | ").collect();
        let [ids, _, stands] = cells[..] else { panic!("not three cells: {line}") };
        let ids = expanded(ids);
        let kind = KINDS.iter().position(|it| stands.starts_with(&format!("{it}: ")));
        let kind = kind.unwrap_or_else(|| panic!("of no kind: {line}"));
        assert!(KINDS[kind] != "tested" || stands.contains("::"), "which test? {line}");
        counts[kind] += ids.len();
        found.extend(ids);
    }
    for (chapter, sections) in (1..).zip(COUNTS.split('/')) {
        for (section, count) in (1..).zip(sections.split(' ')) {
            let numbers = 1..=count.parse::<usize>().unwrap();
            all.extend(numbers.map(|number| format!("{chapter}.{section}.{number}")));
        }
    }
    assert_eq!(found.iter().zip(&all).find(|(is, due)| is != due), None, "is, due");
    assert_eq!([all.len(), found.len()], [253; 2]);
    let said: Vec<String> = counts.iter().zip(KINDS).map(|(n, it)| format!("{n} {it}")).collect();
    let said = format!("Of 253 requirements: {}.", said.join(", "));
    assert!(page.contains(&said), "it should say: {said}");
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "rs")
}

/// The text of each module, by its name: of all that share it.
fn modules(dir: &Path, all: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            modules(&path, all);
        } else if is_rust(&path) {
            let is_named = !path.ends_with("mod.rs") && !path.ends_with("tests.rs");
            let named = if is_named { path.file_stem() } else { dir.file_name() };
            let text = all.entry(named.unwrap().to_str().unwrap().to_owned()).or_default();
            *text += &fs::read_to_string(&path).unwrap();
        }
    }
}

#[test]
fn what_is_named_is_there() {
    let (page, mut all) = (page(), BTreeMap::new());
    assert!(page.matches("::").count() > 100);
    for dir in ["tests", "crates"] {
        modules(&root().join(dir), &mut all);
    }
    for word in page.split('`').skip(1).step_by(2).filter(|it| *it != "module::name") {
        if let Some((module, name)) = word.split_once("::") {
            let text = all.get(module).unwrap_or_else(|| panic!("no module of {word}"));
            assert!(text.contains(&format!("fn {name}(")), "no test {word}");
        } else if word.contains('/') && !word.starts_with('/') || is_rust(word.as_ref()) {
            let places = [root(), root().join("crates/lodd-server/src")];
            assert!(places.iter().any(|it| it.join(word).exists()), "no file {word}");
        }
    }
    for link in page.split("](").skip(1).map(|it| it.split(')').next().unwrap()) {
        assert!(root().join("docs").join(link).exists(), "no page {link}");
    }
}
