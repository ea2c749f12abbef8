//! Holds and what resolves them; what a correction changes; released cuts.

use lodd_store::pilot::{Answer, HeldAtom, ReasonCode, Release, ReleaseKind, Upload, Value};

use crate::{START_DAY, at, code, count, pilot, raw, sha, upload};

fn hold(family: &str, day: Option<i32>) -> HeldAtom {
    HeldAtom {
        family_id: family.into(),
        status_date: day,
        codes: vec!["D03".into(), "D10".into()],
        rows: "[]".into(),
    }
}

fn file(byte: u8, held: Vec<HeldAtom>, resolves: Vec<(i64, i64)>) -> Upload {
    let office_id = "ringerike".into();
    Upload { office_id, file_sha256: sha(byte), held, resolves, ..Upload::default() }
}

#[test]
fn a_hold_stays_open_until_a_later_delivery_names_it() {
    let (dir, mut pilot) = pilot();
    let both = vec![hold("RIN-AAA", Some(START_DAY)), hold("RIN-BBB", None)];
    let first = pilot.upload(&at(1), &file(1, both, vec![])).unwrap();
    let open = pilot.open_holds("ringerike").unwrap();
    let told: Vec<_> = open.iter().map(|it| (it.place, it.family_id.as_str())).collect();
    assert_eq!(told, [(1, "RIN-AAA"), (2, "RIN-BBB")]);
    assert_eq!(open[0].codes, ["D03", "D10"]);
    assert!(pilot.open_holds("hadsel").unwrap().is_empty());

    let mended = Upload {
        resolves: vec![(first.upload_id, 1), (first.upload_id, 1), (first.upload_id, 9)],
        ..upload(2, &[("ARBEID", code("HELTID"))])
    };
    let preview = pilot.preview_upload(&at(2), &mended).unwrap();
    assert_eq!((preview.resolved, pilot.open_holds("ringerike").unwrap().len()), (1, 2));
    let second = pilot.upload(&at(2), &mended).unwrap();
    assert_eq!((second.resolved, count(dir.path(), "holds_resolved")), (1, 1));
    assert_eq!(pilot.open_holds("ringerike").unwrap()[0].family_id, "RIN-BBB");
    // Delivered again: the first receipt, and nothing resolved twice.
    let again = pilot.upload(&at(3), &mended).unwrap();
    assert_eq!((again.already, again.resolved), (true, 1));
    // Another office can't resolve it.
    let other = Upload { office_id: "hadsel".into(), ..file(3, vec![], vec![(first.seq, 2)]) };
    assert_eq!(pilot.upload(&at(4), &other).unwrap().resolved, 0);
    assert!(raw(dir.path()).execute("DELETE FROM holds_resolved", []).is_err());
    assert!(pilot.verify().unwrap().is_empty());
}

#[test]
fn a_correction_says_what_it_changes() {
    let (_dir, mut pilot) = pilot();
    let before = [
        ("ARBEID", code("HELTID")),
        ("STILLINGSPROSENT", Value::Number(80)),
        ("SYKMELDT", code("N")),
    ];
    pilot.upload(&at(1), &upload(1, &before)).unwrap();
    let after = [
        ("ARBEID", code("DELTID")),
        ("SYKMELDT", Value::Clear),
        ("INNTEKT", Value::Missing("UKJENT".into())),
    ];
    let mut file = upload(2, &after);
    file.atoms[0].snapshots[0].reason_code = Some(ReasonCode::from_code("NY_INFO").unwrap());
    let preview = pilot.preview_upload(&at(2), &file).unwrap();
    let answer = |variable: &str, before: Option<&str>, after: Option<&str>| Answer {
        variable: variable.into(),
        before: before.map(Into::into),
        after: after.map(Into::into),
    };
    // The share of a position was not reported again, so it stands.
    let expected = [
        answer("ARBEID", Some("HELTID"), Some("DELTID")),
        answer("INNTEKT", None, Some("UKJENT")),
        answer("SYKMELDT", Some("N"), None),
    ];
    assert_eq!(preview.corrections[0].answers, expected);
}

#[test]
fn a_release_is_of_a_cut_that_is_recorded() {
    let (_dir, mut pilot) = pilot();
    let cut_us = pilot.cut_default().unwrap();
    let release = |cut_us| Release {
        cut_us,
        name: "effects".into(),
        kind: ReleaseKind::Report,
        contents: "{}".into(),
    };
    assert!(pilot.record_release(&at(5), &release(cut_us + 1)).is_err());
    assert!(pilot.released_cuts().unwrap().is_empty());
    pilot.record_release(&at(5), &release(cut_us)).unwrap();
    assert_eq!(pilot.released_cuts().unwrap(), [(cut_us, at(5).at_us)]);
    let told = pilot.releases().unwrap();
    assert_eq!((told.len(), &told[0].release), (1, &release(cut_us)));
    assert_eq!((told[0].recorded_at_us, told[0].actor.as_str()), (at(5).at_us, "forsker"));
}
