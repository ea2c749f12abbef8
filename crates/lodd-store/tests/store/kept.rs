//! Stores as the program wrote them, kept with the migration that made their format, each opened by
//! every later program.
//!
//! Formats 1 to 5 were plain: a script makes stores of them (`golden.rs`). Formats 6 to 9 stood on no
//! disk but the developers' while keys, commitments and the tables of 10 came in one after another;
//! none was released, and none is kept. From 10 on one is kept of each:
//!
//! ```text
//! LODD_KEEP_GOLDEN=1 cargo nextest run --workspace -E 'package(lodd-store) & test(kept)'
//! ```
//!
//! writes the folder of the current format, once; its head goes into [`KEPT`]. A folder of a released
//! format is never written anew. One that no release had may go when the next is kept.

use std::{env, fs, path::PathBuf};

use lodd_store::Pilot;

use crate::{START_DAY, START_US, count, golden::rows, raw, tamper::full};

/// Each format that is kept, with the ledger's head in its store.
const KEPT: &[(u32, &str)] = &[
    (10, "ae6db34bb786289f54444c7d6be6fe68c5f5301c42fd613bb1091d441b7b991a"),
    (11, "9ed3b8822a20e46fbdcd0d14b83f61b3572505274eead163611df1904fa667bc"),
    (12, "1ba2f46ee67db747786491362f41ed04640b2c75671e68dc74db80922ba8540c"),
];

fn golden(format: u32) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/format-{format}"))
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(path, target).unwrap();
        }
    }
}

/// Keeps a pilot with rows in every table. Pages of 1024 bytes: a quarter of the file.
fn keep(format: u32) {
    let (dir, pilot) = full();
    drop(pilot);
    let raw = raw(dir.path());
    raw.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA page_size = 1024; VACUUM").unwrap();
    drop(raw);
    let head = Pilot::open(dir.path()).unwrap().head().unwrap().unwrap();
    copy(dir.path(), &golden(format));
    println!("kept {}: ({format}, \"{}\")", golden(format).display(), head.hash);
}

#[test]
fn the_current_format_is_kept() {
    let (dir, pilot) = crate::pilot();
    drop(pilot);
    let format: u32 =
        raw(dir.path()).pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    if env::var_os("LODD_KEEP_GOLDEN").is_some() && !golden(format).exists() {
        keep(format);
    }
    let listed = KEPT.iter().any(|it| it.0 == format);
    assert!(golden(format).exists() && listed, "format {format}: keep a store, see above");
}

/// What the pilot of `tamper.rs` was told, from a store that an earlier program wrote.
#[test]
fn every_kept_format_says_what_it_said() {
    for (format, head) in KEPT {
        let dir = tempfile::tempdir().unwrap();
        copy(&golden(*format), dir.path());
        let pilot = Pilot::open(dir.path()).unwrap();
        let audit = pilot.audit().unwrap();
        assert_eq!((audit.faults, audit.unchecked), (vec![], vec![]), "format {format}");
        assert_eq!(audit.erased, ["RIN-CCC"], "format {format}");
        let ledger = pilot.ledger().unwrap();
        assert!(ledger.iter().any(|it| it.hash == *head), "format {format}");
        let inputs = pilot.panel_inputs(pilot.cut_default().unwrap()).unwrap();
        let of = |name: &str| rows(inputs.iter().find(|it| it.name() == name).unwrap());
        assert_eq!(
            of("snapshots"),
            [
                "VOKSEN RIN-AAA-A1 d0 VEILEDER  PLANLAGT +21 OBSERVERT ARBEID HELTID - -",
                "VOKSEN RIN-AAA-A1 d0 VEILEDER  PLANLAGT +21 OBSERVERT INNTEKT LONN - -",
                "VOKSEN RIN-AAA-A1 d0 VEILEDER  PLANLAGT +22 OBSERVERT ARBEID DELTID - -",
                "VOKSEN RIN-AAA-A1 d0 VEILEDER  PLANLAGT +22 OBSERVERT INNTEKT LONN - -",
            ],
            "format {format}"
        );
        let told = pilot.screening_inputs().unwrap();
        let told = |name: &str| rows(told.iter().find(|it| it.name() == name).unwrap());
        assert!(
            told("monthly").contains(&"FAMILIE RIN-AAA 24180 ROSTER +0 9000 -".to_owned()),
            "format {format}: {:?}",
            told("monthly")
        );
        assert_eq!(count(dir.path(), "monthly"), 3, "format {format}");
        assert_eq!(told("facts"), ["RIN-AAA husleie d-40 J +0"], "format {format}");
        assert_eq!(pilot.open_holds("ringerike").unwrap().len(), 1, "format {format}");
        let draws = pilot.draws().unwrap();
        assert_eq!((draws.len(), pilot.assignments(2).unwrap().len()), (2, 2));
        assert_eq!(pilot.amendments().unwrap()[0].text, "version = 1\n# later\n");
        let (day, us) = (START_DAY, START_US);
        assert_eq!(
            count(
                dir.path(),
                &format!("family_moves WHERE moved_on = {} AND municipality = '0301'", day - 5)
            ),
            1
        );
        assert_eq!(count(dir.path(), &format!("releases WHERE recorded_at > {us}")), 1);
        // What a release told is kept since 12.
        let told: Vec<String> =
            pilot.releases().unwrap().into_iter().map(|it| it.release.contents).collect();
        let expected: &[&str] = if *format < 12 { &[] } else { &["{\"numbers\":[]}"] };
        assert_eq!(told, expected, "format {format}");
    }
}
