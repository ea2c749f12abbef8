//! Uploads: idempotence, correction, inheritance, and whose rows they may be.

use lodd_store::{
    Pilot,
    pilot::{Atom, HeldAtom, ReasonCode, Receipt, RecordStatus, UnitKind, Upload, Value},
};

use crate::{START_DAY, START_US, adult, at, code, count, month, pilot, raw, sha, upload};

pub(crate) fn held(family: &str) -> HeldAtom {
    HeldAtom {
        family_id: family.into(),
        status_date: None,
        codes: vec!["D03".into()],
        rows: "[]".into(),
    }
}

fn counts(it: &Receipt) -> [i64; 5] {
    [it.delivered, it.new, it.unchanged, it.corrected, it.held]
}

/// The values of the current version of RIN-AAA-A1 at the start date.
fn standing(pilot: &Pilot) -> Vec<(String, String)> {
    let tables = pilot.panel_inputs(pilot.cut_default().unwrap()).unwrap();
    let sql = "SELECT variable, COALESCE(value_code, CAST(value_num AS TEXT), missing_code) AS value \
        FROM snapshots WHERE unit_id = 'RIN-AAA-A1' AND variable IS NOT NULL \
        AND recorded_at = (SELECT MAX(recorded_at) FROM snapshots WHERE unit_id = 'RIN-AAA-A1') \
        ORDER BY variable";
    let columns = [("variable", lodd_store::Kind::Text), ("value", lodd_store::Kind::Text)];
    let rows = lodd_store::query::run(&tables, sql, "standing", &columns).unwrap();
    let text = |name: &str| rows.text(name).unwrap().to_vec();
    text("variable").into_iter().flatten().zip(text("value").into_iter().flatten()).collect()
}

fn pairs(values: &[(&str, &str)]) -> Vec<(String, String)> {
    values.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

#[test]
fn the_same_file_again_changes_nothing_and_gives_the_first_receipt() {
    let (dir, mut pilot) = pilot();
    let file = upload(1, &[("ARBEID", code("HELTID"))]);
    let first = pilot.upload(&at(1), &file).unwrap();
    assert_eq!((first.seq, first.upload_id, first.already), (2, 2, false));
    assert_eq!(first.recorded_at_us, START_US + 60_000_000);
    assert_eq!(first.hash, pilot.ledger().unwrap()[1].hash);
    assert_eq!(first.ledger_head, pilot.head().unwrap().unwrap().hash);
    // Even after another upload has come between.
    pilot.upload(&at(2), &upload(2, &[("ARBEID", code("DELTID"))])).unwrap();
    for _ in 0..100 {
        let again = pilot.upload(&at(3), &file).unwrap();
        assert_eq!(again, Receipt { already: true, ..first.clone() });
    }
    assert_eq!(count(dir.path(), "ledger"), 3);
    assert_eq!(standing(&pilot), pairs(&[("ARBEID", "DELTID")]));
    // Another office may deliver the same bytes.
    let other = Upload { office_id: "hadsel".into(), atoms: Vec::new(), ..file };
    assert!(!pilot.upload(&at(4), &other).unwrap().already);
}

/// Other bytes that say the same: an entry, and no row.
#[test]
fn the_same_content_in_another_file_is_unchanged() {
    let (dir, mut pilot) = pilot();
    let values = [("ARBEID", code("HELTID")), ("STILLINGSPROSENT", Value::Number(80))];
    pilot.upload(&at(1), &upload(1, &values)).unwrap();
    let permuted = [values[1].clone(), values[0].clone()];
    let receipt = pilot.upload(&at(2), &upload(2, &permuted)).unwrap();
    assert_eq!(counts(&receipt), [1, 0, 1, 0, 0]);
    // A cell left empty says nothing new either.
    let receipt = pilot.upload(&at(3), &upload(3, &values[..1])).unwrap();
    assert_eq!(counts(&receipt), [1, 0, 1, 0, 0]);
    assert_eq!(count(dir.path(), "snapshots"), 1);
}

/// Computed with Python's hashlib and struct from the documented bytes.
#[test]
fn content_hashes_to_what_python_says() {
    let (dir, mut pilot) = pilot();
    let values = [
        ("SYKMELDT", Value::Missing("UKJENT".into())),
        ("ARBEID", code("HELTID")),
        ("STILLINGSPROSENT", Value::Number(80)),
        ("LONNSTILSKUDD", Value::Clear),
    ];
    pilot.upload(&at(1), &upload(1, &values)).unwrap();
    let plain = "87ede317936b1dbe973a69c00530d260af13888077c217a0987119b59b03e4a6";
    let snapshots = &pilot.panel_inputs(pilot.cut_default().unwrap()).unwrap()[3];
    assert_eq!(snapshots.text("content").unwrap(), vec![Some(plain.to_owned()); 3]);
    // On the disk stands a digest that can't be found again by trying answers.
    let kept: String =
        raw(dir.path()).query_row("SELECT content FROM snapshots", [], |row| row.get(0)).unwrap();
    assert_ne!(kept, plain);
}

#[test]
fn a_correction_inherits_what_its_row_leaves_empty() {
    let (dir, mut pilot) = pilot();
    let values = [
        ("ARBEID", code("HELTID")),
        ("STILLINGSPROSENT", Value::Number(100)),
        ("SYKMELDT", code("N")),
    ];
    pilot.upload(&at(1), &upload(1, &values)).unwrap();
    let mut file = upload(2, &[("ARBEID", code("DELTID")), ("SYKMELDT", Value::Clear)]);
    file.atoms[0].snapshots[0].reason_code = Some(ReasonCode::Typo);
    let preview = pilot.preview_upload(&at(2), &file).unwrap();
    let [correction] = &preview.corrections[..] else { panic!("{preview:?}") };
    assert_eq!(correction.replaced_at_us, START_US + 60_000_000);
    assert_eq!(correction.reason_code, Some(ReasonCode::Typo));
    assert_eq!(count(dir.path(), "snapshots"), 1, "a preview writes nothing");
    assert_eq!(count(dir.path(), "ledger"), 2);

    let receipt = pilot.upload(&at(2), &file).unwrap();
    assert_eq!(counts(&receipt), [1, 0, 0, 1, 0]);
    let expected = [("ARBEID", "DELTID"), ("STILLINGSPROSENT", "100")];
    assert_eq!(standing(&pilot), pairs(&expected));
    assert_eq!(count(dir.path(), "snapshots"), 2, "both versions are kept");
    let unknown = [("ARBEID", Value::Missing("UKJENT".into()))];
    pilot.upload(&at(3), &upload(3, &unknown)).unwrap();
    let expected = [("ARBEID", "UKJENT"), ("STILLINGSPROSENT", "100")];
    assert_eq!(standing(&pilot), pairs(&expected));
}

/// Someone not reached, or retracted, has no status to inherit; nor does what comes after.
#[test]
fn only_observations_inherit_from_observations() {
    let (_dir, mut pilot) = pilot();
    let full = [("ARBEID", code("HELTID")), ("SYKMELDT", code("N"))];
    pilot.upload(&at(1), &upload(1, &full)).unwrap();
    let mut retracted = upload(2, &[]);
    retracted.atoms[0].snapshots[0].record_status = RecordStatus::Retracted;
    assert_eq!(counts(&pilot.upload(&at(2), &retracted).unwrap()), [1, 0, 0, 1, 0]);
    assert_eq!(standing(&pilot), []);
    let anew = upload(3, &[("ARBEID", code("DELTID"))]);
    assert_eq!(counts(&pilot.upload(&at(3), &anew).unwrap()), [1, 0, 0, 1, 0]);
    assert_eq!(standing(&pilot), pairs(&[("ARBEID", "DELTID")]));
}

/// An atom is counted once, by the most that happened in it.
#[test]
fn an_atom_that_corrects_and_adds_is_a_correction() {
    let (_dir, mut pilot) = pilot();
    pilot.upload(&at(1), &upload(1, &[("ARBEID", code("HELTID"))])).unwrap();
    let mut file = upload(2, &[("ARBEID", code("DELTID"))]);
    file.atoms[0].snapshots.push(adult("RIN-AAA-A2", &[("ARBEID", code("HELTID"))]));
    assert_eq!(counts(&pilot.upload(&at(2), &file).unwrap()), [1, 0, 0, 1, 0]);
    let mut file = upload(3, &[("ARBEID", code("DELTID"))]);
    file.atoms[0].snapshots[0].source = lodd_store::pilot::Source::SelfReport;
    file.atoms[0].snapshots.push(adult("RIN-AAA-A2", &[("ARBEID", code("HELTID"))]));
    assert_eq!(counts(&pilot.upload(&at(3), &file).unwrap()), [1, 1, 0, 0, 0]);
}

/// Sources, registers and dates are keys of their own: nothing is corrected across them.
#[test]
fn sources_and_registers_stand_side_by_side() {
    let (_dir, mut pilot) = pilot();
    let mut file = upload(1, &[("ARBEID", code("HELTID"))]);
    let register = |name: &str| {
        let mut it = adult("RIN-AAA-A1", &[("ARBEID", code("DELTID"))]);
        it.source = lodd_store::pilot::Source::Register;
        it.register = Some(name.into());
        it
    };
    file.atoms[0].snapshots.extend([register("AA"), register("KOSTRA_11F")]);
    let later = Atom { status_date: START_DAY + 1, ..file.atoms[0].clone() };
    file.atoms.push(later);
    assert_eq!(counts(&pilot.upload(&at(1), &file).unwrap()), [2, 2, 0, 0, 0]);
    let tables = pilot.panel_inputs(pilot.cut_default().unwrap()).unwrap();
    let registers: Vec<&str> =
        tables[3].text("register").unwrap().iter().flatten().map(String::as_str).collect();
    assert_eq!(registers, ["AA", "KOSTRA_11F", "", "AA", "KOSTRA_11F", ""]);
}

#[test]
fn months_are_corrected_and_inherit_as_snapshots_do() {
    let (dir, mut pilot) = pilot();
    let file = |byte: u8, months| Upload {
        office_id: "ringerike".into(),
        file_sha256: sha(byte),
        months,
        ..Upload::default()
    };
    let mut both = month("RIN-AAA", 24_188, Some("KOSTRA_11F"), Some(9_000));
    both.assistance_loan = Some(500);
    let other = month("RIN-BBB", 24_188, Some("KOSTRA_11F"), Some(0));
    let first = pilot.upload(&at(1), &file(1, vec![both, other.clone()])).unwrap();
    assert_eq!(counts(&first), [2, 2, 0, 0, 0]);
    let corrected = month("RIN-AAA", 24_188, Some("KOSTRA_11F"), Some(8_000));
    let second = pilot.upload(&at(2), &file(2, vec![corrected, other])).unwrap();
    assert_eq!(counts(&second), [2, 0, 1, 1, 0]);
    let monthly = &pilot.panel_inputs(pilot.cut_default().unwrap()).unwrap()[4];
    assert_eq!(monthly.int("assistance_grant").unwrap(), [Some(9_000), Some(8_000), Some(0)]);
    assert_eq!(monthly.int("assistance_loan").unwrap(), [Some(500), Some(500), None]);

    let refused = |pilot: &mut Pilot, it| pilot.upload(&at(3), &file(3, vec![it])).unwrap_err();
    for register in [None, Some(""), Some("ROSTER")] {
        let error = refused(&mut pilot, month("RIN-AAA", 24_189, register, Some(1)));
        assert!(error.to_string().contains("must name its register"), "{error}");
    }
    let error = refused(&mut pilot, month("RIN-AAA", 24_189, Some("KOSTRA_11F"), None));
    assert_eq!(error.to_string(), "month 24189 of `RIN-AAA` must have an amount");
    assert_eq!(count(dir.path(), "ledger"), 3);
}

#[test]
fn held_atoms_are_kept_and_counted() {
    let (dir, mut pilot) = pilot();
    let mut file = upload(1, &[("ARBEID", code("HELTID"))]);
    file.held = vec![held("RIN-BBB"), held("not on the list")];
    assert_eq!(counts(&pilot.upload(&at(1), &file).unwrap()), [3, 1, 0, 0, 2]);
    let codes: String = raw(dir.path())
        .query_row("SELECT codes FROM held_atoms WHERE place = 2", [], |row| row.get(0))
        .unwrap();
    assert_eq!(codes, "[\"D03\"]");
}

/// The store guards what intake should have caught; a refused upload leaves no row.
#[test]
fn what_is_unknown_or_anothers_is_refused_whole() {
    let (dir, mut pilot) = pilot();
    let mut refused = |edit: &dyn Fn(&mut Upload)| {
        let mut file = upload(1, &[("ARBEID", code("HELTID"))]);
        let good = Atom { status_date: START_DAY + 9, ..file.atoms[0].clone() };
        edit(&mut file);
        file.atoms.insert(0, good);
        pilot.upload(&at(1), &file).unwrap_err().to_string()
    };
    assert_eq!(
        refused(&|it| it.office_id = "drammen".into()),
        "office `drammen` is not in this pilot"
    );
    assert_eq!(
        refused(&|it| it.atoms[0].family_id = "RIN-CCC".into()),
        "unit `RIN-CCC` belongs to office `hadsel`, not to `ringerike`"
    );
    assert_eq!(
        refused(&|it| it.atoms[0].family_id = "RIN-BBB".into()),
        "`RIN-AAA-A1` is in family `RIN-AAA`, not in the one it was delivered with"
    );
    assert_eq!(
        refused(&|it| it.atoms[0].snapshots[0].unit_kind = UnitKind::Child),
        "BARN `RIN-AAA-A1` is not on the roster"
    );
    assert_eq!(
        refused(&|it| it.atoms[0].snapshots[0].unit_id = "RIN-AAA-A9".into()),
        "VOKSEN `RIN-AAA-A9` is not on the roster"
    );
    assert_eq!(
        refused(&|it| it.atoms[0].snapshots[0].values.push(("ARBEID".into(), code("X")))),
        "variable `ARBEID` of `RIN-AAA-A1` must be given once a date"
    );
    let twice = refused(&|it| {
        let again = it.atoms[0].snapshots[0].clone();
        it.atoms[0].snapshots.push(again);
    });
    assert_eq!(twice, "snapshot `RIN-AAA-A1 16667 VEILEDER ` must be given once");
    for table in ["snapshots", "uploads"] {
        assert_eq!(count(dir.path(), table), 0, "{table}");
    }
    assert_eq!(count(dir.path(), "ledger"), 1);
}
