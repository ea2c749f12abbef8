//! Who is a unit: families that belong together are drawn as one, and nobody is drawn twice.

use std::{fs, path::Path};

use lodd_store::{Pilot, parquet};

use crate::{
    bad_input::synthetic_number,
    support::{Ran, copied, copy, lodd, lodd_in, root, snapshot},
};

const SEED: &str = "6b6173742d72656865617273616c2d736565642d666f722d7468652d64656d6f";
const LOCKED: &str = "2026-09-01T08:00:00Z";

/// A keyed id as the office's program would make it: 64 digits that look like nothing else.
pub(crate) fn key(n: u8) -> String {
    let mut state = u64::from(n);
    let mut word = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state ^ (state >> 29)
    };
    (0..4).map(|_| format!("{:016x}", word())).collect()
}

/// The rehearsal's pilot before its roster is read, in two offices of one block.
struct Case {
    dir: tempfile::TempDir,
    families: Vec<Vec<String>>,
    members: Vec<Vec<String>>,
}

impl Case {
    fn new() -> Self {
        let dir = copied(&root().join("data/kast"));
        let path = dir.path().join("pilot.toml");
        let text = fs::read_to_string(&path).unwrap();
        let office = "[[office]]\nid = \"nord\"\nname = \"Nav Nord\"\nmunicipality = \"9999\"\n\n";
        let text = text
            .replace("[screening]", &format!("{office}[screening]"))
            .replace("offices = [\"kast\"]", "offices = [\"kast\", \"nord\"]");
        fs::write(&path, text).unwrap();
        let rows = |name: &str, more: usize| -> Vec<Vec<String>> {
            let text = fs::read_to_string(dir.path().join(name)).unwrap();
            let row = |line: &str| {
                let cells = line.split(';').map(str::to_owned);
                cells.chain(vec![String::new(); more]).collect()
            };
            text.lines().skip(1).map(row).collect()
        };
        let (families, members) = (rows("familier.csv", 2), rows("medlemmer.csv", 2));
        Self { dir, families, members }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Puts a cell into the family's or the member's row.
    fn put(&mut self, unit: &str, column: &str, value: &str) -> &mut Self {
        let names: &[&str] = if unit.matches('-').count() == 2 {
            &["familie_id", "kontor", "registrert", "bor_sammen_med", "utmeldt"]
        } else {
            &["medlem_id", "familie_id", "rolle", "fodselsar", "kjonn", "person_key", "utmeldt"]
        };
        let at = names.iter().position(|it| *it == column).unwrap();
        let rows = self.families.iter_mut().chain(&mut self.members);
        rows.filter(|row| row[0] == unit).for_each(|row| value.clone_into(&mut row[at]));
        self
    }

    /// One keyed id for each, the same for those on one line.
    fn same(&mut self, n: u8, members: &[&str]) -> &mut Self {
        for member in members {
            self.put(member, "person_key", &key(n));
        }
        self
    }

    /// A keyed id of its own for everybody who has none.
    fn key_all(&mut self) -> &mut Self {
        for (n, row) in (100..).zip(&mut self.members) {
            if row[5].is_empty() {
                row[5] = key(n);
            }
        }
        self
    }

    fn run(&self, time: &str, words: &str) -> Ran {
        lodd_in(self.path(), &format!("--clock {time} {words}"))
    }

    fn import(&self, time: &str, lang: &str) -> Ran {
        let write = |name: &str, header: &str, rows: &[Vec<String>]| {
            let rows: String = rows.iter().map(|row| row.join(";") + "\n").collect();
            fs::write(self.path().join(name), format!("{header}\n{rows}")).unwrap();
        };
        let (of_families, of_members) = (
            "familie_id;kontor;registrert;bor_sammen_med;utmeldt",
            "medlem_id;familie_id;rolle;fodselsar;kjonn;person_key;utmeldt",
        );
        write("familier.csv", of_families, &self.families);
        write("medlemmer.csv", of_members, &self.members);
        let words = format!("roster import familier.csv medlemmer.csv --lang {lang}");
        self.run(time, &words)
    }

    fn screened(&self) -> &Self {
        self.import("2026-08-20T08:10:00Z", "nb").ok();
        self.run("2026-08-20T08:20:00Z", "screen").ok();
        self
    }

    /// Refused in both languages, and not a byte is written.
    fn stops(&self, words: &str, nb: &[&str], en: &[&str]) {
        let before = snapshot(self.path());
        for (lang, said) in [("nb", nb), ("en", en)] {
            self.run(LOCKED, &format!("draw announce --rehearsal --lang {lang}{words}"))
                .refused(said);
        }
        assert_eq!(before, snapshot(self.path()));
    }

    /// The units of a locked list, from the private file.
    fn units(&self, draw: u32) -> Vec<String> {
        let path = self.path().join(format!("private/{draw:04}/private.csv"));
        let text = fs::read_to_string(path).unwrap();
        let mut units: Vec<String> =
            text.lines().skip(1).map(|line| line.split(',').nth(3).unwrap().to_owned()).collect();
        units.sort();
        units
    }
}

/// A child with two homes joins two families, and a shared home joins a third.
fn joined() -> Case {
    let mut case = Case::new();
    case.same(1, &["KAS-7X7Q-F-B1", "KAS-QXKD-N-B1"]);
    case.put("KAS-4WFH-8", "bor_sammen_med", "KAS-QXKD-N").key_all();
    case.screened();
    case
}

#[test]
fn families_that_belong_together_are_drawn_as_one() {
    let case = joined();
    let text = case.run(LOCKED, "draw announce --rehearsal --lang nb").ok().stdout;
    for words in [
        "listen med 10 familier er låst",
        "Familier som trekkes sammen med en annen: 2.",
        "KAS-4WFH-8: familiene KAS-4WFH-8, KAS-7X7Q-F, KAS-QXKD-N, 7 personer.",
    ] {
        assert!(text.contains(words), "`{words}` is not in:\n{text}");
    }
    let units = case.units(1);
    assert_eq!(units.len(), 10);
    assert!(units.contains(&"KAS-4WFH-8".to_owned()));
    assert!(!units.iter().any(|it| it == "KAS-7X7Q-F" || it == "KAS-QXKD-N"));
    // The roster of all three is locked.
    let mut changed = case;
    changed.put("KAS-QXKD-N", "registrert", "2026-07-10");
    changed.import("2026-09-01T09:00:00Z", "en").refused(&["KAS-QXKD-N", "draw 1"]);
}

#[test]
fn the_answer_says_who_was_joined_and_what_is_large() {
    let mut case = Case::new();
    for family in ["KAS-7X7Q-F", "KAS-QXKD-N", "KAS-MWR5-H"] {
        case.put(family, "bor_sammen_med", "KAS-4WFH-8");
    }
    case.screened();
    let ran = case.run(LOCKED, "draw announce --rehearsal --json").ok();
    let linking = &ran.json()["linking"];
    assert_eq!(linking["large"], linking["linked"]);
    let families = serde_json::json!(["KAS-4WFH-8", "KAS-7X7Q-F", "KAS-MWR5-H", "KAS-QXKD-N"]);
    assert_eq!(linking["linked"][0]["families"], families);
    assert_eq!(linking["linked"][0]["persons"], 11);
    assert_eq!(
        (linking["persons"].as_i64(), linking["persons_keyed"].as_i64()),
        (Some(34), Some(0))
    );
}

/// Every stop at once, in both languages, with nothing written.
#[test]
fn locking_stops_with_the_whole_list() {
    let mut case = Case::new();
    // An adult in two families, each with a child of its own.
    case.same(1, &["KAS-JP9H-G-A1", "KAS-RRTX-3-A1"]).same(6, &["KAS-JP9H-G-B1"]);
    // The same family under two ids.
    case.same(2, &["KAS-NQ4Q-M-A1", "KAS-WTM8-7-A1"]).same(3, &["KAS-NQ4Q-M-B1", "KAS-WTM8-7-B1"]);
    // One unit in two offices.
    case.put("KAS-7X7Q-F", "kontor", "nord").same(4, &["KAS-7X7Q-F-B1", "KAS-MWR5-H-B2"]);
    // A child twice in one family.
    case.same(5, &["KAS-8RGD-Q-B1", "KAS-8RGD-Q-B2"]);
    case.screened().stops(
        "",
        &[
            "listen kan ikke låses: 4 feil",
            "KAS-JP9H-G-A1, KAS-RRTX-3-A1 er samme person",
            "KAS-8RGD-Q-B1, KAS-8RGD-Q-B2 er samme person",
            "KAS-NQ4Q-M, KAS-WTM8-7 er samme familie under flere id-er",
            "KAS-7X7Q-F (nord), KAS-MWR5-H (kast) hører sammen, men står under flere kontor",
            "meld ut de andre",
        ],
        &[
            "the list can't be locked: 4 problems",
            "KAS-JP9H-G-A1, KAS-RRTX-3-A1 are the same person",
            "KAS-8RGD-Q-B1, KAS-8RGD-Q-B2 are the same person",
            "KAS-NQ4Q-M, KAS-WTM8-7 are the same family under several ids",
            "KAS-7X7Q-F (nord), KAS-MWR5-H (kast) belong together but stand under several offices",
            "sign the others off",
        ],
    );
    // Mended: one of two signed off, a wrong key removed.
    case.put("KAS-WTM8-7", "utmeldt", "2026-08-21").put("KAS-RRTX-3-A1", "person_key", "#SLETT");
    case.put("KAS-7X7Q-F", "kontor", "kast").put("KAS-8RGD-Q-B2", "utmeldt", "2026-08-21");
    case.import("2026-08-22T08:00:00Z", "nb").ok();
    case.run(LOCKED, "draw announce --rehearsal --lang en").refused(&["run `lodd screen`"]);
    case.run("2026-08-22T09:00:00Z", "screen").ok();
    case.run(LOCKED, "draw announce --rehearsal").ok();
    assert_eq!(case.units(1).len(), 10);
    assert!(!case.units(1).iter().any(|it| it == "KAS-WTM8-7" || it == "KAS-MWR5-H"));
}

/// What stands in the new columns is checked, and never shown.
#[test]
fn a_keyed_id_is_checked_and_never_shown() {
    let mut case = Case::new();
    let refused = |case: &Case, nb: &[&str], en: &[&str], secret: &str| {
        for (lang, words) in [("nb", nb), ("en", en)] {
            let ran = case.import("2026-08-20T08:10:00Z", lang).refused(words);
            assert!(!ran.stderr.contains(secret) && !ran.stdout.contains(secret), "{}", ran.stderr);
        }
        assert!(!case.path().join("pilot.sqlite").exists());
    };
    let short = &key(1)[..63];
    case.put("KAS-QXKD-N-A1", "person_key", short);
    let said = ["D20", "F2", "Verdien vises ikke"];
    refused(&case, &said, &["D20", "F2", "not shown"], &short[..20]);
    // A key in another column is not quoted either; a number in the key's is found.
    case.put("KAS-QXKD-N-A1", "person_key", "").put("KAS-QXKD-N-A1", "kjonn", &key(1));
    refused(&case, &["D10", "E2"], &["D10", "E2"], &key(1)[..20]);
    let digits = synthetic_number();
    case.put("KAS-QXKD-N-A1", "kjonn", "").put("KAS-QXKD-N-A1", "person_key", &digits);
    refused(&case, &["P01", "F2"], &["P01", "F2"], &digits);
    case.put("KAS-QXKD-N-A1", "person_key", "").put("KAS-QXKD-N", "bor_sammen_med", "KAS-QXKD-N");
    refused(&case, &["K21", "D2", "en annen familie"], &["K21", "another family"], "#");
    case.put("KAS-QXKD-N", "bor_sammen_med", "KAS-C333-F");
    refused(&case, &["K20", "KAS-C333-F"], &["K20", "KAS-C333-F"], "#");
}

/// Eleven digits in a row inside a keyed id are no national identity number.
#[test]
fn digits_inside_a_keyed_id_are_not_a_number() {
    let mut case = Case::new();
    let key = format!("a{}{}", synthetic_number(), "bc".repeat(26));
    assert_eq!(key.len(), 64);
    case.put("KAS-QXKD-N-A1", "person_key", &key).screened();
}

/// A family that comes later gets no second chance through a relative, be it a child or an adult.
#[test]
fn whoever_is_joined_to_a_drawn_family_is_kept_out() {
    let mut case = Case::new();
    let late: Vec<String> = case.families[6..].iter().map(|row| row[0].clone()).collect();
    for family in &late {
        case.put(family, "utmeldt", "2026-08-20");
    }
    case.same(1, &["KAS-JP9H-G-B1", "KAS-QXKD-N-B1"]);
    case.same(2, &["KAS-5QN5-K-A1", "KAS-MWR5-H-A1"]).screened();
    case.run(LOCKED, "draw announce --rehearsal").ok();
    case.run("2026-09-01T12:00:00Z", &format!("draw reveal --seed {SEED}")).ok();
    for family in &late {
        case.put(family, "utmeldt", "#SLETT");
    }
    case.import("2026-09-02T08:00:00Z", "nb").ok();
    case.run("2026-09-02T09:00:00Z", "screen").ok();
    let said = case.run("2026-09-02T10:00:00Z", "draw announce --rehearsal --lang en").ok().stdout;
    for (late, drawn) in [("KAS-JP9H-G", "KAS-QXKD-N"), ("KAS-5QN5-K", "KAS-MWR5-H")] {
        let words = format!("Not on the list: {late} belongs together with {drawn}, drawn before.");
        assert!(said.contains(&words), "`{words}` is not in:\n{said}");
        assert!(!case.units(2).contains(&late.to_owned()));
    }
    assert_eq!((case.units(1).len(), case.units(2).len()), (6, 4));
}

/// A child is one through the year of its 17th birthday; after that the person stands in one family.
#[test]
fn a_child_who_turns_eighteen_stands_in_one_family() {
    for (born, joined) in [("2009", true), ("2008", false)] {
        let mut case = Case::new();
        for child in ["KAS-7X7Q-F-B1", "KAS-QXKD-N-B1"] {
            case.put(child, "fodselsar", born);
        }
        // A child under 18 each besides, so that both stay eligible.
        let more = "KAS-QXKD-N-B2;KAS-QXKD-N;BARN;2020;;;";
        case.members.push(more.split(';').map(str::to_owned).collect());
        case.same(1, &["KAS-7X7Q-F-B1", "KAS-QXKD-N-B1"]).key_all();
        case.screened();
        let ran = case.run(LOCKED, "draw announce --rehearsal --lang en");
        if joined {
            ran.ok();
            assert_eq!(case.units(1).len(), 11);
        } else {
            ran.refused(&["KAS-7X7Q-F-B1, KAS-QXKD-N-B1 are the same person"]);
        }
    }
}

/// The cheat: the same families once more, in a pilot of another label.
#[test]
fn the_same_list_under_another_label_is_found() {
    let first = joined();
    first.run(LOCKED, "draw announce --rehearsal").ok();
    let second = joined();
    let path = second.path().join("pilot.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("kast-rehearsal", "ny-rehearsal")).unwrap();
    let other = format!(" --other {}", first.path().display());
    second.run("2026-08-20T08:30:00Z", "screen").ok();
    let all = "familiene KAS-4WFH-8, KAS-5QN5-K, KAS-7X7Q-F";
    second.stops(
        &other,
        &["33 personer står også på listen til trekning kast-rehearsal 1", all, "--overlap-known"],
        &["33 persons stand on the list of draw kast-rehearsal 1 too", "--overlap-known"],
    );
    // One file, and a reason: locked, and the reason is in the ledger.
    let file = first.path().join("private/0001/person-keys.csv");
    let file = file.display().to_string();
    let why = "Avtalt med direktoratet 1. september";
    let words = ["--clock", LOCKED, "draw", "announce", "--rehearsal", "--json", "--other", &file];
    let ran = lodd(second.path(), &[&words[..], &["--overlap-known", why]].concat()).ok();
    let linking = &ran.json()["linking"];
    assert_eq!(linking["overlap"][0]["persons"], 33);
    assert_eq!(linking["overlap_known"], why);
    let entries = Pilot::open(second.path()).unwrap().ledger().unwrap();
    let payload = entries.last().unwrap().payload.clone().unwrap();
    assert!(payload.contains(why) && payload.contains("kast-rehearsal 1"), "{payload}");
    // Who is on nobody else's list is locked without a word.
    let third = Case::new();
    third.screened().stops(&other, &["ingen på den har `person_key`"], &["nobody on it has a"]);
    fs::write(third.path().join("x.csv"), "pilot,draw,person_key\nkast,1,zz\n").unwrap();
    third.run(LOCKED, "draw announce --rehearsal --lang en --other x.csv").refused(&["x.csv", "2"]);
}

/// Whatever has been done, no keyed id is anywhere but in the store and the private folder.
#[test]
fn no_keyed_id_leaves_the_store() {
    let case = joined();
    let mut said = String::new();
    let mut run = |time: &str, words: &str| {
        for flags in ["", " --json"] {
            let ran = case.run(time, &format!("{words}{flags}"));
            said += &ran.stdout;
            said += &ran.stderr;
        }
    };
    run("2026-09-01T07:00:00Z", "upload start.csv --office kast");
    run(LOCKED, "draw announce --rehearsal --verbose");
    run("2026-09-01T12:00:00Z", &format!("draw reveal --seed {SEED}"));
    run("2026-12-10T09:00:00Z", "upload tre-maneder.csv --office kast");
    run("2027-02-01T09:00:00Z", "plan lock");
    run("2027-02-01T09:10:00Z", "panel");
    run("2027-02-01T09:20:00Z", "estimate");
    run("2027-02-01T09:30:00Z", "report");
    run("2027-02-01T09:40:00Z", "draw status");
    let pilot = Pilot::open(case.path()).unwrap();
    for entry in pilot.ledger().unwrap() {
        said += &entry.payload.unwrap_or_default();
    }
    let mut tables = 0;
    let files = ["out", "draws"].map(|folder| snapshot(&case.path().join(folder)));
    for (path, bytes) in files.concat() {
        if path.extension().is_some_and(|it| it == "parquet") {
            said.push_str(format!("{:?}", parquet::read(&path).unwrap()).as_str());
            tables += 1;
        } else {
            said += &String::from_utf8_lossy(&bytes);
        }
    }
    assert!(tables >= 5 && said.contains("KAS-4WFH-8"));
    let keys = fs::read_to_string(case.path().join("private/0001/person-keys.csv")).unwrap();
    let keys: Vec<&str> = keys.lines().skip(1).filter_map(|row| row.rsplit(',').next()).collect();
    assert_eq!(keys.len(), 33);
    for key in keys {
        assert!(!said.contains(&key[..16]), "a keyed id was shown");
    }
}

/// A void draw frees the whole unit; the next one joins it again.
#[test]
fn a_void_draw_frees_all_families_of_a_unit() {
    let case = joined();
    case.run(LOCKED, "draw announce --rehearsal").ok();
    let words = ["--clock", "2026-09-01T09:00:00Z", "draw", "void", "--reason", "feil blokk"];
    lodd(case.path(), &words).ok();
    case.run("2026-09-02T08:00:00Z", "draw announce --rehearsal").ok();
    assert_eq!(case.units(2), case.units(1));
    assert_eq!(case.units(2).len(), 10);
}

/// An announcement whose run was stopped before its entry is taken up with the units it was made of.
#[test]
fn a_stopped_announcement_is_taken_up_with_its_units() {
    let case = joined();
    let stopped = copied(case.path());
    case.run(LOCKED, "draw announce --rehearsal").ok();
    for folder in ["draws", "private"] {
        fs::remove_dir_all(stopped.path().join(folder)).ok();
        copy(&case.path().join(folder), &stopped.path().join(folder));
    }
    let again = format!("--clock {LOCKED} draw announce --rehearsal");
    lodd_in(stopped.path(), &again).ok();
    for dir in [case.path(), stopped.path()] {
        let pilot = Pilot::open(dir).unwrap();
        assert_eq!(pilot.linked_families(1).unwrap().len(), 2);
        assert_eq!(pilot.roster().unwrap().locked.len(), 12);
    }
}

/// A joined family has no slip of its own, and is told whose it is; a finished folder comes back
/// with its units.
#[test]
fn a_finished_folder_is_taken_over_with_its_units() {
    let case = joined();
    let lost = copied(case.path());
    case.run(LOCKED, "draw announce --rehearsal").ok();
    case.run("2026-09-01T12:00:00Z", &format!("draw reveal --seed {SEED}")).ok();
    case.run("2026-09-01T12:30:00Z", "draw slip KAS-QXKD-N --lang en")
        .refused(&["drawn together with `KAS-4WFH-8`", "lodd draw slip KAS-4WFH-8"]);
    let words = format!(
        "--clock 2026-09-03T08:00:00Z draw import {0}/draws/0001 --private \
         {0}/private/0001/private.csv --drawn-on 2026-09-01",
        case.path().display()
    );
    lodd_in(lost.path(), &words).ok();
    let pilot = Pilot::open(lost.path()).unwrap();
    assert_eq!(pilot.linked_families(1).unwrap().len(), 2);
}
