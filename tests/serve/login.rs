//! Log-in of many: a real provider in a real browser, forged tokens, machines, limits, what is noted.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use super::served::{before, drawn};
use crate::support::{Ran, copied, lodd_in, root};

/// Runs a script of `verifier/test` against a server that it starts itself.
fn node(script: &str, dir: &Path, more: &[&Path]) -> Output {
    let mut command = Command::new("node");
    command.current_dir(root().join("verifier")).arg(format!("test/{script}"));
    command.arg(env!("CARGO_BIN_EXE_lodd")).arg(dir).args(more);
    command.args(std::env::var_os("LODD_SCREENSHOTS").filter(|_| script == "login.mjs"));
    command.output().unwrap()
}

/// The throw-away pilot, its list locked and its draw announced, not drawn.
fn announced() -> tempfile::TempDir {
    before("draw reveal")
}

/// Who the ledger says did something.
fn actors(dir: &Path, event: &str) -> Vec<String> {
    let ledger = rusqlite::Connection::open(dir.join("pilot.sqlite")).unwrap();
    let mut select = ledger
        .prepare("SELECT DISTINCT actor FROM ledger WHERE event = ?1 ORDER BY actor")
        .unwrap();
    select.query_map([event], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// The lines of who asked for what.
fn notes(dir: &Path) -> Vec<serde_json::Value> {
    let folder = dir.join("private/access");
    let mut lines = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        lines.extend(text.lines().map(|it| serde_json::from_str(it).unwrap()));
    }
    lines
}

#[test]
fn two_persons_log_in_with_a_provider_and_one_is_never_two() {
    let dir = announced();
    Ran::new(&node("login.mjs", dir.path(), &[])).ok();
    let voids = actors(dir.path(), "draw_void");
    let [both] = &voids[..] else { panic!("{voids:?}") };
    let both = both.strip_prefix("two persons, page: ").unwrap();
    let (first, second) = both.split_once(" and ").unwrap();
    for person in [first, second] {
        assert!(person.starts_with("researcher ") && person.ends_with(", page"), "{both}");
        assert!(notes(dir.path()).iter().any(|it| it["actor"] == person), "{both}");
    }
    assert_ne!(first, second);
    let roles: Vec<String> =
        notes(dir.path()).iter().map(|it| it["role"].as_str().unwrap().to_owned()).collect();
    for role in ["clerk", "lead", "researcher"] {
        assert!(roles.iter().any(|it| it == role), "{role}: {roles:?}");
    }
    assert_eq!(lodd_in(dir.path(), "--json ledger verify").ok().json()["ok"], true);
}

#[test]
fn whatever_is_wrong_with_a_log_in_it_is_refused_alike() {
    let dir = drawn();
    Ran::new(&node("forged.mjs", dir.path(), &[])).ok();
    // The auditor sees that they tried.
    let refused = |it: &serde_json::Value| {
        (&it["actor"], &it["route"], &it["status"])
            == (&"nobody".into(), &"/inn/tilbake".into(), &403.into())
    };
    assert!(notes(dir.path()).iter().filter(|it| refused(it)).count() > 30);
}

#[test]
fn a_machine_delivers_with_a_token_and_is_told_what_to_mend() {
    let dir = drawn();
    let schemathesis = root().join(".venv/bin/schemathesis");
    let ran = Ran::new(&node("machine.mjs", dir.path(), &[&schemathesis])).ok();
    println!("{}", ran.stdout);
    let uploads = actors(dir.path(), "upload");
    let machine = uploads.iter().find(|it| it.starts_with("machine ")).unwrap();
    assert_eq!(machine.len(), "machine 0123456789, upload".len(), "{machine}");
    let noted = notes(dir.path());
    let stored = noted.iter().find(|it| it["status"] == 201).unwrap();
    assert_eq!(stored["actor"], machine.as_str());
    assert_eq!((&stored["route"], &stored["office"]), (&"/api/levering".into(), &"kast".into()));
}

/// What a server for many is told, whole and right.
const WHOLE: &str = r#"version = 1
url = "https://lodd.example.no"
listen = "127.0.0.1:0"
trusted_proxies = ["127.0.0.1"]
[oidc]
issuer = "https://login.example.no"
client_id = "lodd"
client_secret_file = "klient"
[[access]]
when = { role = "x" }
role = "clerk"
office = "kast"
[[machine]]
issuer = "https://maskinporten.example.no/"
audience = "https://lodd.example.no"
scope = "lodd:levering"
when = { "consumer.ID" = "0192:1" }
office = "kast"
[limits]
uploads_a_minute = 30
"#;

#[test]
fn every_mistake_in_serve_toml_is_told_with_its_place() {
    let dir = copied(&root().join("data/kast"));
    lodd_in(dir.path(), "--clock 2026-08-20T08:10:00Z roster import familier.csv medlemmer.csv")
        .ok();
    fs::write(dir.path().join("klient"), "hemmelig\n").unwrap();
    for (from, to, words) in [
        ("version = 1", "version = 2", &["serve.toml:1:11", "version"][..]),
        (
            "https://lodd.example.no\"\nl",
            "http://lodd.example.no\"\nl",
            &["serve.toml:2:7", "where browsers reach"],
        ),
        ("https://lodd.example.no\"\nl", "https://lodd.example.no/sti\"\nl", &["serve.toml:2:7"]),
        ("https://lodd.example.no\"\nl", "https://a@lodd.example.no\"\nl", &["serve.toml:2:7"]),
        ("127.0.0.1:0", "127.0.0.1", &["serve.toml:3:10", "a port"]),
        ("[\"127.0.0.1\"]", "[\"alle\"]", &["trusted_proxies"]),
        ("https://login.example.no", "http://login.example.no", &["oidc.issuer", "https"]),
        ("client_id = \"lodd\"", "", &["`oidc.client_id` is missing"]),
        (
            "client_id = \"lodd\"",
            "client_id = \"lodd\"\nclient_secret = \"hemmelig\"",
            &["must not stand in this file"],
        ),
        ("\"klient\"", "\"ikke-der\"", &["can't be read", "ikke-der"]),
        ("when = { role = \"x\" }", "when = {}", &["access[0]", "everyone is let in"]),
        ("when = { role = \"x\" }", "when = { role = 1 }", &["must be a text"]),
        ("\"clerk\"", "\"klerk\"", &["did you mean `clerk`?"]),
        ("\"clerk\"", "\"auditor\"", &["`auditor` is of no office"]),
        (
            "office = \"kast\"\n[[machine]]",
            "office = \"kost\"\n[[machine]]",
            &["office `kost`", "did you mean `kast`?"],
        ),
        ("scope = \"lodd:levering\"", "", &["`machine[0].scope` is missing"]),
        ("uploads_a_minute = 30", "uploads_a_minute = 0", &["limits.uploads_a_minute"]),
        ("uploads_a_minute = 30", "uploads = 30", &["unknown key `limits.uploads`"]),
    ] {
        assert!(WHOLE.contains(from), "{from}");
        fs::write(dir.path().join("serve.toml"), WHOLE.replacen(from, to, 1)).unwrap();
        let ran = lodd_in(dir.path(), "serve --config serve.toml").refused(words);
        assert!(!ran.stderr.contains("hemmelig\n"), "{}", ran.stderr);
    }
    let ran = lodd_in(dir.path(), "serve --config serve.toml --office kast");
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    lodd_in(dir.path(), "serve --config nei.toml");
}

#[test]
fn too_much_and_too_slow_are_told_when_and_a_stop_loses_nothing() {
    let dir = drawn();
    Ran::new(&node("limits.mjs", dir.path(), &[])).ok();
}

/// Made up: a number of nobody's (its month is above 80), a name that no list has, a phone that rings nowhere.
const CANARIES: [&str; 3] = ["01819010001", "Qvistgaardinnen", "+4799900123"];

/// Every file below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

#[test]
fn personal_data_that_is_sent_stands_nowhere_afterwards() {
    let (dir, temporary) = (drawn(), tempfile::tempdir().unwrap());
    let mut command = Command::new("node");
    command.current_dir(root().join("verifier")).env("TMPDIR", temporary.path());
    command.arg("test/canary.mjs").arg(env!("CARGO_BIN_EXE_lodd")).arg(dir.path());
    let ran = Ran::new(&command.arg(CANARIES.join(",")).output().unwrap()).ok();
    let mut found = vec![("what it says".to_owned(), ran.stdout), ("messages".into(), ran.stderr)];
    // What the operator writes into `serve.toml` is the operator's.
    let kept = files(dir.path()).into_iter().filter(|it| !it.ends_with("serve.toml"));
    for path in kept.chain(files(temporary.path())) {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        found.push((path.display().to_string(), text + &path.display().to_string()));
    }
    assert!(found.len() > 20, "{}", found.len());
    for (place, text) in found {
        let text = text.to_lowercase();
        for word in CANARIES {
            assert!(!text.contains(&word.to_lowercase()), "`{word}` is in {place}");
        }
    }
    // Every role has been noted, with every route by its template.
    let noted = notes(dir.path());
    for role in ["clerk", "lead", "researcher", "evaluator", "auditor", "machine"] {
        assert!(noted.iter().any(|it| it["role"] == role), "{role}");
    }
    assert!(noted.iter().any(|it| it["route"] == "/familier/{id}"));
    let names: Vec<&str> = noted[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["at", "actor", "role", "office", "method", "route", "status"]);
    // Whoever was refused has no name; everyone else is a pseudonym.
    let is_refused = |it: &&serde_json::Value| it["actor"] == "nobody";
    for it in noted.iter().filter(is_refused) {
        assert!(matches!(it["status"].as_u64(), Some(401 | 403 | 404)), "{it}");
    }
    assert!(noted.iter().any(|it| is_refused(&it)));
    for actor in noted.iter().filter(|it| !is_refused(it)).map(|it| it["actor"].as_str().unwrap()) {
        let words: Vec<&str> = actor.split(' ').collect();
        let [_, person, last] = words[..] else { panic!("{actor}") };
        assert!(person.len() == 11 && ["page", "upload"].contains(&last), "{actor}");
    }
}

#[test]
fn the_auditor_sees_who_asked_for_what_and_no_more() {
    let dir = drawn();
    let by = |whose: &[&str], dir| super::Served::by(dir, whose);
    let served = by(&["--office", "kast"], dir);
    let cookie = served.enter();
    assert_eq!(served.get("/kvittering/3?pid=01819010001", &cookie).0, 200);
    assert_eq!(served.get("/innsyn", &cookie).0, 404);
    let dir = served.into_dir();
    let served = by(&["--as", "auditor"], dir);
    let cookie = served.enter();
    let (status, _, page) = served.get("/innsyn", &cookie);
    assert_eq!(status, 200, "{page}");
    for words in
        ["/kvittering/{sequence}", "one person, page on this machine", "10.12.2026 10:00:00", "404"]
    {
        assert!(page.contains(words), "{words} is not in {page}");
    }
    assert!(
        !page.contains("01819010001") && !page.contains("/kvittering/3") && !page.contains("KAS-")
    );
    assert!(page.len() < 100_000);
}

#[test]
fn the_link_is_printed_with_quiet_too() {
    let dir = drawn();
    let mut child = Command::new(env!("CARGO_BIN_EXE_lodd"))
        .current_dir(dir.path())
        .args(["--quiet", "serve", "--office", "kast", "--listen", "127.0.0.1:0"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let said = [lines.next().unwrap().unwrap(), lines.next().unwrap().unwrap()].concat();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(said.contains("http://127.0.0.1:") && said.contains("/inn?kode="), "{said}");
}
