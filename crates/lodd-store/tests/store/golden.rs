//! Stores of every plain format (1 to 5), opened by this program: what they say is the same, the ledger
//! verifies, and what was plain is in no byte of the folder any more. Later ones: `kept.rs`.

use std::{fs, path::Path};

use lodd_store::{Pilot, StoreError, Table, pilot::ListedMember, vault::keyfile};

use crate::{KEY, START_DAY, START_US, raw};

const FORMATS: std::ops::RangeInclusive<u8> = 1..=5;

/// A copy of a golden store, as a pilot's folder.
fn folder(format: u8) -> tempfile::TempDir {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("private")).unwrap();
    let line: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(dir.path().join("private/ledger.key"), line).unwrap();
    let store = golden.join(format!("format-{format}.sqlite"));
    fs::copy(store, dir.path().join("pilot.sqlite")).unwrap();
    dir
}

/// A table's rows as words.
pub(crate) fn rows(table: &Table) -> Vec<String> {
    let cell = |values: &lodd_store::Values, row: usize| -> String {
        use lodd_store::Values::{Bool, Date, Instant, Int, Real, Text};
        match values {
            Text(values) => values[row].clone().unwrap_or("-".into()),
            Int(values) => values[row].map_or("-".into(), |it| it.to_string()),
            Instant(values) => format!("+{}", (values[row].unwrap() - START_US) / 60_000_000),
            Date(values) => format!("d{}", values[row].unwrap() - START_DAY),
            Real(_) | Bool(_) => unreachable!(),
        }
    };
    let row = |row| {
        let cells = table.columns().iter().filter(|it| it.name != "content");
        cells.map(|it| cell(&it.values, row)).collect::<Vec<_>>().join(" ")
    };
    (0..table.rows()).map(row).collect()
}

#[test]
fn every_earlier_format_says_what_it_said() {
    for format in FORMATS {
        let dir = folder(format);
        let pilot = Pilot::open(dir.path()).unwrap();
        let mut found = pilot.verify().unwrap();
        // The folder has no plan beside the store.
        found.retain(|it| it.file() != "analysis.toml");
        assert_eq!(found, [], "format {format}");
        let inputs = pilot.panel_inputs(pilot.cut_default().unwrap()).unwrap();
        assert_eq!(
            rows(&inputs[3]),
            [
                "FAMILIE RIN-AAA d90 VEILEDER  PLANLAGT +3 OBSERVERT BOLIG KANARI_LEID - -",
                "VOKSEN RIN-AAA-A1 d90 VEILEDER  PLANLAGT +3 OBSERVERT ARBEID KANARI_HELTID - -",
                "VOKSEN RIN-AAA-A1 d90 VEILEDER  PLANLAGT +3 OBSERVERT STILLINGSPROSENT - 80 -",
                "VOKSEN RIN-AAA-A1 d90 VEILEDER  PLANLAGT +3 OBSERVERT SYKMELDT - - UKJENT",
                "VOKSEN RIN-AAA-A1 d90 VEILEDER  PLANLAGT +4 OBSERVERT ARBEID KANARI_DELTID - -",
                "VOKSEN RIN-AAA-A1 d90 VEILEDER  PLANLAGT +4 OBSERVERT STILLINGSPROSENT - 40 -",
                "FAMILIE RIN-BBB d90 VEILEDER  PLANLAGT +3 IKKE_NADD - - - -",
            ],
            "format {format}"
        );
        // The digest that the panel breaks its last tie by: of Python's hashlib, as it was stored.
        let content = inputs[3].text("content").unwrap()[0].clone().unwrap();
        assert!(content.starts_with(CONTENT), "format {format}: {content}");
        let months = "FAMILIE RIN-AAA 24190 KOSTRA_11F +3 912345678 87654321";
        assert_eq!(rows(&inputs[4]), [months], "format {format}");
        let inputs = pilot.screening_inputs().unwrap();
        let told = "FAMILIE RIN-AAA 24187 ROSTER +0 987654321 -";
        assert_eq!(
            rows(&inputs[2]),
            [months, told].map(String::from).iter().rev().cloned().collect::<Vec<_>>()
        );
        let facts = [
            "RIN-AAA husleie d-10 KANARI-LEIE-9512 +0",
            "RIN-CCC husleie d-10 KANARI-LEIE-7734 +0",
        ];
        assert_eq!(rows(&inputs[3]), facts, "format {format}");
        marks(format, &pilot);
        assert_eq!(pilot.held_rows(4, 1).unwrap().unwrap(), r#"[{"arbeid":"KANARI-HOLDT-1"}]"#);
        assert_eq!(pilot.held_rows(4, 2).unwrap().unwrap(), r#"[{"arbeid":"KANARI-HOLDT-2"}]"#);
        assert_eq!(pilot.open_holds("ringerike").unwrap().len(), if format < 5 { 2 } else { 1 });
    }
}

/// Printed by `content` of `tests/python/golden.py` for the family's snapshot.
const CONTENT: &str = "fe4b87a5e2269833";

fn marks(format: u8, pilot: &Pilot) {
    let listed = pilot.listed().unwrap();
    let key = |it: &ListedMember| it.person_key.clone();
    let keys: Vec<_> = listed.iter().flat_map(|it| it.members.iter().map(key)).collect();
    let lives_with: Vec<_> = listed.iter().map(|it| it.lives_with.as_deref()).collect();
    if format == 1 {
        assert_eq!((keys, lives_with), (vec![None; 3], vec![None; 3]));
    } else {
        assert_eq!(keys, [Some("KANARI-PERSON-aa11".to_owned()), None, None], "format {format}");
        assert_eq!(lives_with, [None, None, Some("RIN-BBB")], "format {format}");
    }
}

/// Texts and numbers that the golden stores hold in plain, as they stand in `SQLite`'s pages.
pub(crate) fn planted() -> Vec<Vec<u8>> {
    let numbers = [987_654_321_u32, 912_345_678, 87_654_321].map(|it| it.to_be_bytes().to_vec());
    [b"KANARI".to_vec()].into_iter().chain(numbers).collect()
}

/// Every file below a folder that holds one of these, by name.
pub(crate) fn holding(dir: &Path, needles: &[Vec<u8>]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, needles));
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        for needle in needles {
            if bytes.windows(needle.len()).any(|it| it == needle) {
                found.push(format!("{} {}", path.display(), String::from_utf8_lossy(needle)));
            }
        }
    }
    found
}

#[test]
fn nothing_plain_is_left_of_an_earlier_format() {
    for format in FORMATS {
        let dir = folder(format);
        assert_eq!(holding(dir.path(), &planted()).len(), planted().len(), "format {format}");
        let pilot = Pilot::open(dir.path()).unwrap();
        // While it is open: its log too.
        assert_eq!(holding(dir.path(), &planted()), [""; 0], "format {format}");
        drop(pilot);
        assert_eq!(holding(dir.path(), &planted()), [""; 0], "format {format}");
        assert!(!dir.path().join("private/scrub-due").exists());
    }
}

/// A reader that stays keeps the log from being emptied: the next opening does it.
#[test]
fn what_could_not_be_overwritten_at_once_is_later() {
    let dir = folder(5);
    raw(dir.path()).execute_batch("PRAGMA journal_mode = WAL").unwrap();
    let reader = raw(dir.path());
    reader.execute_batch("BEGIN; SELECT COUNT(*) FROM facts").unwrap();
    drop(Pilot::open(dir.path()).unwrap());
    assert!(dir.path().join("private/scrub-due").exists());
    assert_ne!(holding(dir.path(), &planted()), [""; 0]);
    reader.execute_batch("COMMIT").unwrap();
    drop(Pilot::open(dir.path()).unwrap());
    assert!(!dir.path().join("private/scrub-due").exists());
    assert_eq!(holding(dir.path(), &planted()), [""; 0]);
}

/// A migration that is cut off before it is committed leaves key files, the store as it was, and
/// the same keys when it is done again.
#[test]
fn an_interrupted_migration_is_done_again_with_the_same_keys() {
    let dir = folder(5);
    let before = fs::read(dir.path().join("pilot.sqlite")).unwrap();
    drop(Pilot::open(dir.path()).unwrap());
    let keys = keyfile::default_folder(dir.path());
    let key = fs::read(keys.join("ringerike.key")).unwrap();
    fs::write(dir.path().join("pilot.sqlite"), before).unwrap();
    let pilot = Pilot::open(dir.path()).unwrap();
    assert!(pilot.family_key("RIN-AAA").unwrap().is_some());
    assert_eq!(fs::read(keys.join("ringerike.key")).unwrap(), key);
}

#[test]
fn a_later_format_is_refused_in_plain_words() {
    let dir = folder(3);
    raw(dir.path()).execute_batch("PRAGMA user_version = 4711").unwrap();
    let before = fs::read(dir.path().join("pilot.sqlite")).unwrap();
    let refused = Pilot::open(dir.path()).unwrap_err();
    assert!(matches!(refused, StoreError::TooNew { found: 4711, .. }));
    let words = refused.to_string();
    assert!(words.starts_with("the store has format 4711, this program knows "), "{words}");
    assert_eq!(refused.hint(), Some("use the program that wrote it, or a later one"));
    drop(raw(dir.path()));
    assert_eq!(fs::read(dir.path().join("pilot.sqlite")).unwrap().len(), before.len());
}
