//! Keys and erasure from the outside: a key that is lost comes back from its shares, a rotated one
//! leaves nothing for the old, and of an erased family nothing is left on the disk but its place in
//! the draw.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use lodd_store::{Pilot, parquet};
use serde_json::Value;

use crate::{
    demo::demo,
    support::{Ran, copied, copy, lodd, lodd_in, snapshot},
};

/// Before anything that these tests do to the demo's pilot.
const CUT: &str = "2027-02-01T09:20:00Z";
const ERASED: &str = "KAS-QXKD-N";

fn run(dir: &Path, words: &str) -> Ran {
    lodd_in(dir, &format!("--clock 2027-02-02T09:00:00Z --lang en {words}"))
}

fn key_file(dir: &Path) -> PathBuf {
    dir.join("private/keys/kast.key")
}

/// The bytes of the panel and its outcomes as they were known before.
fn panel(dir: &Path) -> Vec<Vec<u8>> {
    run(dir, &format!("panel --cut {CUT}")).ok();
    let read = |name: &str| fs::read(dir.join(format!("out/{name}.parquet"))).unwrap();
    ["panel", "outcomes", "flow"].map(read).to_vec()
}

/// What `lodd key status` says of the office's key: version, families, whether its file is there.
fn status(dir: &Path) -> (i64, i64, bool) {
    let said = run(dir, "--json key status").ok().json();
    let keys = said["keys"].as_array().unwrap();
    let own = keys.iter().find(|it| it["office"] == "kast").unwrap();
    let number = |name: &str| own[name].as_i64().unwrap();
    (number("version"), number("families"), own["there"].as_bool().unwrap())
}

/// Without the key no command reads or writes a value, and says which file is wanted.
fn nothing_opens(dir: &Path) {
    let store = fs::read(dir.join("pilot.sqlite")).unwrap();
    fs::write(
        dir.join("ny.csv"),
        "voksen_id;statusdato;inntekt;arbeid;tillegg\nKAS-QXKD-N-A1;2027-01-15;LONN;HELTID;\n",
    )
    .unwrap();
    for words in ["panel", "estimate", "upload ny.csv --office kast"] {
        let ran = run(dir, words);
        assert_eq!(ran.code, 2, "{words}: {}", ran.stderr);
        for word in ["kast.key", "lodd key import"] {
            assert!(ran.stderr.contains(word), "{words}: {}", ran.stderr);
        }
        let nb = lodd_in(dir, &format!("--clock 2027-02-02T09:00:00Z --lang nb {words}"));
        assert!(nb.stderr.contains("hent nøkkelen fra andelene"), "{}", nb.stderr);
    }
    assert_eq!(fs::read(dir.join("pilot.sqlite")).unwrap(), store);
}

/// Every file below a folder that holds one of these texts.
fn holding(dir: &Path, texts: &[Vec<u8>]) -> Vec<PathBuf> {
    let has = |bytes: &[u8]| texts.iter().any(|it| memchr(bytes, it));
    snapshot(dir).into_iter().filter(|(_, bytes)| has(bytes)).map(|it| it.0).collect()
}

fn memchr(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|it| it == text)
}

/// Every sealed text and wrapped key of one family, or of all, behind the program's back.
fn sealed(dir: &Path, family: Option<&str>) -> Vec<Vec<u8>> {
    let store = rusqlite::Connection::open(dir.join("pilot.sqlite")).unwrap();
    let tables = "SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c \
                  WHERE t.type = 'table' AND c.name IN ('sealed', 'wrapped') AND EXISTS \
                  (SELECT 1 FROM pragma_table_info(t.name) AS it WHERE it.name = 'family_id')";
    let mut select = store.prepare(tables).unwrap();
    let tables: Vec<(String, String)> =
        select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().flatten().collect();
    assert!(tables.len() >= 5, "{tables:?}");
    let mut all = Vec::new();
    for (table, column) in tables {
        let sql = format!(
            "SELECT {column} FROM {table} WHERE {column} IS NOT NULL AND family_id = COALESCE(?, family_id)"
        );
        let mut select = store.prepare(&sql).unwrap();
        let rows: Vec<Vec<u8>> =
            select.query_map([family], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        all.extend(rows);
    }
    all
}

#[test]
fn shares_of_a_key_are_kept_outside_the_pilots_folder() {
    let dir = copied(&demo().join("kast"));
    let dir = dir.path();
    let words = "key export --office kast --shares 5 --threshold 3";
    run(dir, &format!("{words} andeler")).refused(&["in the pilot's folder"]);
    assert!(!dir.join("andeler").exists());
    // What a link leads into the pilot is in it, and what is beside the pilot is not.
    #[cfg(unix)]
    {
        let away = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(dir.join("out"), away.path().join("link")).unwrap();
        let link = away.path().join("link/andeler");
        run(dir, &format!("{words} {}", link.display())).refused(&["in the pilot's folder"]);
    }
    let beside = tempfile::tempdir().unwrap();
    let inner = beside.path().join("pilot");
    fs::create_dir(&inner).unwrap();
    copy(dir, &inner);
    run(&inner, &format!("{words} ../beside")).ok();
}

#[test]
fn a_lost_key_comes_back_from_three_of_five_shares() {
    let dir = copied(&demo().join("kast"));
    let (dir, away) = (dir.path(), tempfile::tempdir().unwrap());
    let before = panel(dir);
    assert_eq!(status(dir), (1, 12, true));
    let key = fs::read(key_file(dir)).unwrap();

    let words = "key export --office kast --shares 5 --threshold 3";
    let to = away.path().join("andeler");
    let said = run(dir, &format!("--json {words} {}", to.display())).ok().json();
    let shares: Vec<&str> =
        said["shares"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert_eq!((shares.len(), &said["needed"]), (5, &3.into()));
    for share in &shares {
        let text = fs::read(share).unwrap();
        assert!(!memchr(&text, key.trim_ascii()), "a share is not the key");
    }
    #[cfg(unix)]
    for share in &shares {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(share).unwrap().permissions().mode() & 0o777, 0o600);
    }

    fs::remove_file(key_file(dir)).unwrap();
    assert_eq!(status(dir), (1, 12, false));
    nothing_opens(dir);
    // What is not of families is there all the same, and the chain verifies.
    let said = run(dir, "ledger verify").ok().stdout;
    assert!(said.contains("Not checked"), "{said}");

    let import = |some: &[usize]| {
        let files: Vec<&str> = some.iter().map(|it| shares[*it]).collect();
        lodd(dir, &[&["--lang", "en", "key", "import"], &files[..]].concat())
    };
    import(&[0, 4]).refused(&["3", "2"]);
    import(&[0, 4, 0]).refused(&["share 1 must be given once"]);
    let text = fs::read_to_string(shares[2]).unwrap();
    let at = text.find("data").unwrap() + 10;
    let other = if &text[at..=at] == "0" { "1" } else { "0" };
    fs::write(shares[2], [&text[..at], other, &text[at + 1..]].concat()).unwrap();
    import(&[0, 4, 2]).refused(&["3"]);
    assert!(!key_file(dir).exists());
    import(&[4, 1, 3]).ok();
    assert_eq!(fs::read(key_file(dir)).unwrap(), key);
    assert_eq!(status(dir), (1, 12, true));
    assert_eq!(panel(dir), before);
    let said = run(dir, "ledger verify --json").ok().json();
    assert_eq!(said["unchecked"], serde_json::json!([]));
    let entries = Pilot::open(dir).unwrap().ledger().unwrap();
    let told: Vec<&str> = entries.iter().map(|it| it.event.as_str()).collect();
    assert_eq!(told[told.len() - 2..], ["key_export", "key_import"]);
    let payloads: String = entries.iter().filter_map(|it| it.payload.as_deref()).collect();
    assert!(!memchr(payloads.as_bytes(), key.trim_ascii()));
}

#[test]
fn a_rotated_key_reads_everything_and_the_old_one_nothing() {
    let dir = copied(&demo().join("kast"));
    let (dir, away) = (dir.path(), tempfile::tempdir().unwrap());
    let before = panel(dir);
    let shares = away.path().join("andeler");
    run(dir, &format!("key export --office kast --shares 2 --threshold 2 {}", shares.display()))
        .ok();
    let wraps = |dir: &Path| -> BTreeSet<Vec<u8>> {
        let store = rusqlite::Connection::open(dir.join("pilot.sqlite")).unwrap();
        let sql = "SELECT wrapped FROM family_keys WHERE office_id = 'kast'";
        let mut select = store.prepare(sql).unwrap();
        select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let old: Vec<Vec<u8>> = wraps(dir).into_iter().collect();
    let old_key = fs::read(key_file(dir)).unwrap();
    assert_eq!((old.len(), holding(dir, &old).is_empty()), (12, false));

    let said = run(dir, "--json key rotate --office kast").ok().json();
    let rotated = &said["rotated"][0];
    assert_eq!((&rotated["version"], &rotated["families"]), (&2.into(), &12.into()));
    assert_eq!(status(dir), (2, 12, true));
    assert_eq!(panel(dir), before);
    assert_eq!(wraps(dir).len(), 12);
    let none: [PathBuf; 0] = [];
    assert_eq!(holding(dir, &old), none, "an old wrapping is in a file");
    run(dir, "ledger verify").ok();

    // The old key is kept for backups from its time, and opens nothing of today.
    let new_key = fs::read(key_file(dir)).unwrap();
    assert_ne!(new_key, old_key);
    assert_eq!(fs::read(dir.join(rotated["old"].as_str().unwrap())).unwrap(), old_key);
    fs::write(key_file(dir), &old_key).unwrap();
    assert_eq!(status(dir), (2, 12, false));
    nothing_opens(dir);
    fs::remove_file(key_file(dir)).unwrap();
    let files = ["1", "2"].map(|n| format!("{}/kast-{n}-av-2.txt", shares.display()));
    lodd(dir, &["--lang", "en", "key", "import", &files[0], &files[1]])
        .refused(&["must give the key that this pilot was written with"]);
    fs::write(key_file(dir), new_key).unwrap();
    assert_eq!(panel(dir), before);

    // All keys at once: the office's and, once there is one, the pilot's own.
    run(dir, "key new").ok();
    let said = run(dir, "--json key rotate").ok().json();
    let all = said["rotated"].as_array().unwrap();
    let all: Vec<(&Value, &Value)> = all.iter().map(|it| (&it["office"], &it["version"])).collect();
    assert_eq!(all, [(&Value::Null, &2.into()), (&"kast".into(), &3.into())]);
    assert_eq!(panel(dir), before);
}

#[test]
fn a_key_is_made_once_and_only_for_an_office_of_the_pilot() {
    let dir = copied(&demo().join("kast"));
    let dir = dir.path();
    let before = snapshot(dir);
    run(dir, "key new --office kast").refused(&["lodd key rotate"]);
    run(dir, "key new --office nord").refused(&["nord"]);
    for numbers in ["--shares 1 --threshold 1", "--shares 3 --threshold 4"] {
        let to = tempfile::tempdir().unwrap();
        let words = format!("key export --office kast {numbers} {}/a", to.path().display());
        run(dir, &words).refused(&["2 to 20"]);
        assert!(snapshot(to.path()).is_empty());
    }
    assert_eq!(snapshot(dir), before, "something was written");
    let said = run(dir, "--json key new").ok().json();
    assert!(said["office"].is_null() && dir.join(said["file"].as_str().unwrap()).exists());
    run(dir, "key new").refused(&["has a key"]);
    // In a folder of their own, the keys are found there and only there.
    let away = tempfile::tempdir().unwrap();
    let keys = away.path().join("keys");
    fs::rename(dir.join("private/keys"), &keys).unwrap();
    assert_eq!(run(dir, "panel").code, 2);
    run(dir, &format!("--keys {} panel --cut {CUT}", keys.display())).ok();
}

/// Rows of a Parquet file in `out/` that are of the family or its members, and all others as text.
fn rows(dir: &Path, name: &str, of: &str) -> (usize, Vec<String>) {
    let (table, _) = parquet::read(&dir.join(format!("out/{name}.parquet"))).unwrap();
    let units = table.text("unit_id").unwrap();
    let own = |it: &Option<String>| it.as_deref().is_some_and(|it| it.starts_with(of));
    let row = |at: usize| -> String {
        let cell = |name: &str| format!("{:?}", table.text(name).map(|it| it[at].clone()).ok());
        ["unit_id", "horizon", "variable", "outcome_id", "value", "missing_reason", "arm"]
            .map(cell)
            .concat()
    };
    let others = (0..units.len()).filter(|at| !own(&units[*at])).map(row).collect();
    (units.iter().filter(|it| own(it)).count(), others)
}

/// A delivery of which one family's row is held, under a word that stands nowhere else.
fn hold(dir: &Path) {
    let text = "voksen_id;statusdato;inntekt;arbeid;tillegg\n\
                KAS-QXKD-N-A1;2027-01-15;LONN;KANARI;\n\
                KAS-7X7Q-F-A1;2027-01-15;LONN;KANARI;\n";
    let away = tempfile::tempdir().unwrap();
    let file = away.path().join("holdt.csv");
    fs::write(&file, text).unwrap();
    let said = run(dir, &format!("--json upload {} --office kast --accept-good", file.display()));
    assert_eq!(said.ok().json()["held"], 2);
}

#[test]
fn of_an_erased_family_only_its_place_in_the_draw_is_left() {
    let dir = copied(&demo().join("kast"));
    let dir = dir.path();
    hold(dir);
    let public = snapshot(&dir.join("draws"));
    panel(dir);
    let (own, panel_of_others) = rows(dir, "panel", ERASED);
    assert!(own > 0);
    let (_, outcomes_of_others) = rows(dir, "outcomes", ERASED);
    let (own, assigned) = rows(dir, "assignments", ERASED);
    assert_eq!((own, assigned.len()), (1, 11));
    let mut receipts = snapshot(&dir.join("out/receipts")).into_iter();
    let (_, first) = receipts.find(|(path, _)| path.extension().unwrap() == "json").unwrap();
    fs::write(dir.join("kvittering.json"), first).unwrap();
    let gone = sealed(dir, Some(ERASED));
    // Two statuses, one held row and the key at least, all of them on the disk until now.
    assert!(
        gone.len() >= 4 && gone.iter().all(|it| !holding(dir, std::slice::from_ref(it)).is_empty())
    );
    let stays = sealed(dir, None).len() - gone.len();

    let words = format!("family erase {ERASED} --ground SAMTYKKE_TRUKKET");
    let before = snapshot(dir);
    run(dir, &words).refused(&["for ever", "--yes"]);
    run(dir, "family erase KAS-C333-F --ground ULOVLIG --yes").refused(&["KAS-C333-F"]);
    run(dir, &format!("family erase {ERASED} --ground ring.kari@example.no --yes"))
        .refused(&["nothing was stored"]);
    assert_eq!(snapshot(dir), before, "something was written");
    let said = run(dir, &format!("{words} --yes")).ok().stdout;
    assert!(said.contains("GDPR art. 17(1)(b)"), "{said}");

    let none: [PathBuf; 0] = [];
    assert_eq!(holding(dir, &gone), none, "a sealed text of the family is in a file");
    assert_eq!(sealed(dir, Some(ERASED)), [[0_u8; 0]; 0]);
    assert_eq!(sealed(dir, None).len(), stays);
    assert!(!dir.join("out/panel.parquet").exists(), "what was derived before is gone");
    run(dir, "ledger verify").ok();
    run(dir, "ledger receipt kvittering.json").ok();
    let entries = Pilot::open(dir).unwrap().ledger().unwrap();
    let entry = entries.iter().find(|it| it.event == "erasure").unwrap();
    assert!(entry.payload.as_ref().unwrap().contains("\"ground\":\"SAMTYKKE_TRUKKET\""));

    // The panel is of those who remain, also as known before; the draw is what it was.
    panel(dir);
    assert_eq!(rows(dir, "panel", ERASED), (0, panel_of_others));
    assert_eq!(rows(dir, "outcomes", ERASED), (0, outcomes_of_others));
    let (still, others) = rows(dir, "assignments", ERASED);
    assert_eq!((still, others), (1, assigned));
    assert_eq!(snapshot(&dir.join("draws")), public);
    run(dir, "draw verify draws/0001 --roster private/0001/private.csv").ok();

    // Nothing about it is stored again.
    run(dir, &format!("{words} --yes")).refused(&["erased"]);
    fs::write(
        dir.join("ny.csv"),
        format!("voksen_id;statusdato;inntekt\n{ERASED}-A1;2027-01-20;LONN\n"),
    )
    .unwrap();
    let store = fs::read(dir.join("pilot.sqlite")).unwrap();
    let again = run(dir, "upload ny.csv --office kast --accept-good");
    assert_eq!(again.code, 1, "{}{}", again.stdout, again.stderr);
    assert_eq!(fs::read(dir.join("pilot.sqlite")).unwrap(), store);
}
