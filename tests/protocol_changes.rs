//! A protocol file that changes after the locking, offices that come, and ids for families.

use std::{collections::BTreeSet, fs, path::Path};

use lodd_store::Pilot;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    demo::demo,
    support::{Ran, copied, lodd, lodd_in, root, snapshot},
};

fn run(dir: &Path, words: &str) -> Ran {
    lodd_in(dir, &format!("--clock 2027-02-02T09:00:00Z --lang en {words}"))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Puts a changed text in the protocol's place; each word must be there.
fn change(dir: &Path, changes: &[(&str, &str)]) -> (String, String) {
    let path = dir.join("pilot.toml");
    let before = fs::read_to_string(&path).unwrap();
    let mut after = before.clone();
    for (from, to) in changes {
        assert!(after.contains(from), "{from}");
        after = after.replace(from, to);
    }
    fs::write(path, &after).unwrap();
    (before, after)
}

#[test]
fn an_amended_protocol_is_kept_beside_the_one_that_was_locked() {
    let dir = copied(&demo().join("kast"));
    let dir = dir.path();
    run(dir, "amend --reason ingenting").refused(&["nothing has changed"]);
    let draw = snapshot(&dir.join("draws"));
    let block = run(dir, "office add nord --name Nord --municipality 0301").ok().stdout;
    let (before, after) = change(
        dir,
        &[
            ("Rehearsal: a draw from scratch", "A rehearsal, under a new title"),
            ("name = \"Nav Øvelse\"", "name = \"Nav Øving\""),
            ("id = \"F_SOSHJ_NOE\"", "id = \"F_SOSHJ_NOE\"\n[[outcome]]\nid = \"A_HELTID\""),
            ("[screening]\n", &format!("{}\n\n[screening]\n", block.trim())),
        ],
    );
    run(dir, "panel").refused(&["lodd amend"]);
    let words = ["--clock", "2027-02-02T09:00:00Z", "--json", "amend", "--reason", "nytt kontor"];
    let said = lodd(dir, &words).ok().json();
    assert_eq!(said["replaced"], sha256(before.as_bytes()));
    assert_eq!(said["amended"], sha256(after.as_bytes()));
    for text in [&before, &after] {
        let kept = dir.join(format!("protocols/{}.toml", sha256(text.as_bytes())));
        assert_eq!(&fs::read_to_string(kept).unwrap(), text);
    }
    assert_eq!(fs::read_to_string(dir.join("draws/0001/plan.toml")).unwrap(), before);
    assert_eq!(snapshot(&dir.join("draws")), draw);
    let entries = Pilot::open(dir).unwrap().ledger().unwrap();
    let payload = entries.last().unwrap().payload.clone().unwrap();
    for word in ["nytt kontor", &sha256(before.as_bytes()), &sha256(after.as_bytes())] {
        assert!(payload.contains(word), "{payload}");
    }
    run(dir, "draw verify draws/0001 --roster private/0001/private.csv").ok();
    run(dir, "ledger verify").ok();

    // It is the one in force: the new outcome is there, and the next amendment replaces it.
    run(dir, "panel").ok();
    let (outcomes, _) = lodd_store::parquet::read(&dir.join("out/outcomes.parquet")).unwrap();
    let ids: BTreeSet<&str> =
        outcomes.text("outcome_id").unwrap().iter().flatten().map(String::as_str).collect();
    assert!(ids.contains("A_HELTID") && ids.contains("A_ARBEID"), "{ids:?}");
    run(dir, "amend --reason igjen").refused(&["nothing has changed"]);
    change(dir, &[("Nav Øving", "Nav Øvelse")]);
    let again = run(dir, "--json amend --reason angret").ok().json();
    assert_eq!(again["replaced"], said["amended"]);
    // What has come by an amendment is as frozen as the rest.
    change(dir, &[("\n[[outcome]]\nid = \"A_HELTID\"", "")]);
    run(dir, "amend --reason bort").refused(&["`outcome A_HELTID`"]);
}

#[test]
fn what_the_draw_was_locked_with_can_not_be_amended() {
    let dir = copied(&demo().join("kast"));
    let dir = dir.path();
    let locked = fs::read(dir.join("pilot.toml")).unwrap();
    for (from, to, key) in [
        ("months = 3", "months = 6", "followup"),
        ("months = 3", "months = 3\nlow_days = 60", "followup"),
        ("months = 3", "months = 3\n\n[[followup.horizon]]\nmonths = 6", "followup"),
        ("reporting_lag_days = 30", "reporting_lag_days = 60", "followup"),
        ("max_children = 4", "max_children = 5", "screening"),
        ("as_of = \"2026-08-20\"", "as_of = \"2026-08-21\"", "screening"),
        ("seats = [4]", "seats = [5]", "draw"),
        ("label = \"ordinary\"", "label = \"usual\"", "draw"),
        ("id = \"F_SOSHJ_NOE\"", "id = \"F_FRI_SOSHJ\"", "outcome F_SOSHJ_NOE"),
        ("[[outcome]]\nid = \"F_ARBEID_NOEN\"\n", "", "outcome F_ARBEID_NOEN"),
        ("threshold = 5", "threshold = 3", "disclosure"),
        ("starts_on = \"2026-07-01\"", "starts_on = \"2026-06-01\"", "pilot.starts_on"),
        ("label = \"kast-rehearsal\"", "label = \"kast2-rehearsal\"", "pilot.label"),
        ("id_prefix = \"KAS\"", "id_prefix = \"KAT\"", "pilot.id_prefix"),
    ] {
        change(dir, &[(from, to)]);
        let before = snapshot(dir);
        let ran = run(dir, "amend --reason prøve");
        assert_eq!(ran.code, 1, "{to}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(&format!("`{key}`")), "{key}: {}", ran.stderr);
        let nb = lodd_in(dir, "--lang nb amend --reason prøve");
        assert!(nb.stderr.contains("kan ikke endres"), "{}", nb.stderr);
        assert_eq!(snapshot(dir), before, "{to}");
        fs::write(dir.join("pilot.toml"), &locked).unwrap();
    }
    // All at once, each by its name.
    change(dir, &[("months = 3", "months = 6"), ("seats = [4]", "seats = [5]")]);
    run(dir, "amend --reason prøve").refused(&["`followup`", "`draw`"]);
}

#[test]
fn before_a_list_is_locked_nothing_needs_amending() {
    let dir = copied(&root().join("data/kast"));
    let dir = dir.path();
    let at = "--clock 2026-08-20T08:10:00Z --lang en";
    lodd_in(dir, &format!("{at} roster import familier.csv medlemmer.csv")).ok();
    change(dir, &[("max_children = 4", "max_children = 5")]);
    lodd_in(dir, &format!("{at} amend --reason prøve")).refused(&["change pilot.toml freely"]);
    lodd_in(dir, &format!("{at} screen")).ok();
}

/// What is printed is TOML that says what was asked for, whatever a name holds, and the pilot's
/// protocol takes it.
#[test]
fn an_office_is_printed_as_lines_for_the_protocol() {
    let dir = copied(&root().join("data/kast"));
    let dir = dir.path();
    let before = snapshot(dir);
    let name = "Nav \"Nord\" \\ Æ";
    let add = |id: &str, number: &str| {
        lodd(dir, &["office", "add", id, "--name", name, "--municipality", number, "--lang", "en"])
    };
    let printed = add("nord", "0301").ok().stdout;
    let said = toml::de::DeTable::parse(&printed).unwrap();
    let said = format!("{:?}", said.get_ref()["office"].get_ref().get(0).unwrap().get_ref());
    for text in ["nord", name, "0301"] {
        assert!(said.contains(&format!("{text:?}")), "{text}: {said}");
    }
    add("KAST", "0301").refused(&["in this pilot already"]);
    add("no rd", "0301").refused(&["A-Z a-z 0-9"]);
    for number in ["301", "03011", "oslo", "03O1"] {
        add("nord", number).refused(&["four digits", number]);
    }
    assert_eq!(snapshot(dir), before, "it is printed, not written");
    let path = dir.join("pilot.toml");
    let protocol = fs::read_to_string(&path).unwrap();
    fs::write(&path, protocol + &printed).unwrap();
    run(dir, "check").ok();
    add("nord", "0301").refused(&["in this pilot already"]);
}

const ALPHABET: &str = "3456789CDFGHJKMNPQRTVWX";

/// The data model's own words: the check symbol has the value −Σ (i+1)·xᵢ mod 23.
fn holds(symbols: &[char]) -> bool {
    let value = |symbol: &char| ALPHABET.find(*symbol).unwrap();
    let (check, body) = symbols.split_last().unwrap();
    let sum: usize = body.iter().zip(2..).map(|(symbol, weight)| weight * value(symbol)).sum();
    (sum + value(check)).is_multiple_of(23)
}

/// Every id with one symbol replaced, or two neighbours swapped.
fn mistyped(id: &str) -> BTreeSet<String> {
    let (prefix, symbols) = id.split_once('-').unwrap();
    let whole: Vec<char> = symbols.replace('-', "").chars().collect();
    let written = |it: &[char]| {
        let (check, body) = it.split_last().unwrap();
        format!("{prefix}-{}-{check}", body.iter().collect::<String>())
    };
    let mut all = BTreeSet::new();
    for at in 0..whole.len() {
        for symbol in ALPHABET.chars() {
            let mut changed = whole.clone();
            changed[at] = symbol;
            all.insert(written(&changed));
        }
        let mut swapped = whole.clone();
        swapped.swap(at, (at + 1).min(whole.len() - 1));
        all.insert(written(&swapped));
    }
    all.remove(id);
    all
}

#[test]
fn ids_have_the_form_and_a_check_symbol_that_finds_each_single_error() {
    let dir = copied(&root().join("data/kast"));
    let dir = dir.path();
    for (count, length) in [(3, 4), (1_001, 5)] {
        let said = run(dir, &format!("--json ids new {count}")).ok().json();
        let ids: Vec<&str> =
            said["ids"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), count, "each once");
        for id in &ids {
            let parts: Vec<&str> = id.split('-').collect();
            assert_eq!(
                (parts.len(), parts[0], parts[1].len(), parts[2].len()),
                (3, "KAS", length, 1)
            );
            assert!(parts[1].chars().any(|it| it.is_ascii_alphabetic()), "{id}");
            assert!(holds(&(parts[1].to_owned() + parts[2]).chars().collect::<Vec<_>>()), "{id}");
        }
        // By the rule alone, every error; and by the program: each is held at its cell, as D09.
        let id = ids[0];
        let wrong = mistyped(id);
        assert!(wrong.len() > 22 * length, "{}", wrong.len());
        for other in &wrong {
            let symbols: Vec<char> = other[4..].replace('-', "").chars().collect();
            assert!(!holds(&symbols), "{id} {other}");
        }
        let rows: String = wrong.iter().map(|it| format!("{it};kast;2026-07-01\n")).collect();
        let text = format!("familie_id;kontor;registrert\n{id};kast;2026-07-01\n{rows}");
        fs::write(dir.join("feil.csv"), text).unwrap();
        let refused = run(dir, "--json roster import feil.csv");
        assert_eq!(refused.code, 1, "{}", refused.stdout);
        let found = refused.json()["findings"].as_array().unwrap().clone();
        let total = |it: &Value| it["count"].as_u64().unwrap();
        let of = |code: &str| found.iter().filter(|it| it["code"] == code).map(total).sum::<u64>();
        assert_eq!(of("D09"), wrong.len() as u64, "{found:?}");
        assert!(found.iter().all(|it| it["cell"] != "A2"), "the id itself is good");
    }
}

#[test]
fn ids_are_made_for_the_pilot_and_none_is_taken() {
    let dir = copied(&root().join("data/kast"));
    let dir = dir.path();
    run(dir, "ids new 3 --prefix RIN").refused(&["KAS", "RIN"]);
    run(dir, "ids new 0").refused(&["from 1 to"]);
    let away = tempfile::tempdir().unwrap();
    run(away.path(), "ids new 3").refused(&["--prefix"]);
    for prefix in ["JAN", "OKT", "rin", "RINX", "R1N"] {
        run(away.path(), &format!("ids new 3 --prefix {prefix}")).refused(&[prefix]);
    }
    let printed = run(away.path(), "ids new 3 --prefix RIN").ok().stdout;
    assert!(printed.lines().count() == 3 && printed.lines().all(|it| it.starts_with("RIN-")));
    assert!(snapshot(away.path()).is_empty());
    // Drawn at random: two runs share nothing.
    let again = run(away.path(), "ids new 3 --prefix RIN").ok().stdout;
    assert!(again.lines().all(|it| !printed.contains(it)), "{printed}{again}");
}
