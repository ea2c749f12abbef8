//! What a new delivery is compared with.

use lodd_store::pilot::{LeftUnit, RecordStatus};

use crate::{START_DAY, at, code, pilot, upload};

#[test]
fn the_latest_observation_of_a_unit_is_given_with_its_codes_and_who_has_left_by_status() {
    let (_dir, mut pilot) = pilot();
    assert!(pilot.latest_snapshots(["RIN-AAA-A1"]).unwrap().is_empty());
    pilot.upload(&at(1), &upload(1, &[("INNTEKT", code("UFORETRYGD"))])).unwrap();
    pilot.upload(&at(2), &upload(2, &[("INNTEKT", code("LONN"))])).unwrap();
    let latest = pilot.latest_snapshots(["RIN-AAA-A1", "RIN-XXX-A1"]).unwrap();
    assert_eq!(latest.len(), 1);
    let it = &latest["RIN-AAA-A1"];
    assert_eq!((it.status_date, it.codes["INNTEKT"].as_str()), (START_DAY, "LONN"));
    assert!(pilot.left_units(None).unwrap().is_empty());

    let mut died = upload(3, &[]);
    died.atoms[0].status_date = START_DAY + 1;
    died.atoms[0].snapshots[0].record_status = RecordStatus::Died;
    pilot.upload(&at(3), &died).unwrap();
    let left = LeftUnit { unit_id: "RIN-AAA-A1".into(), died: true, on: START_DAY + 1 };
    assert_eq!(pilot.left_units(None).unwrap(), std::slice::from_ref(&left));
    assert_eq!(pilot.left_units(Some("ringerike")).unwrap(), [left]);
    assert_eq!(pilot.left_units(Some("hadsel")).unwrap(), []);
    // What was not an observation is not the latest one.
    let latest = pilot.latest_snapshots(["RIN-AAA-A1"]).unwrap();
    assert_eq!(latest["RIN-AAA-A1"].status_date, START_DAY);
}
