//! An erased family: its commitments stay, its rows are gone, and everything else is checked as before.

use lodd_store::{Pilot, ledger::Fault};

use crate::{
    at, count,
    tamper::{found_after, full},
};

#[test]
fn the_chain_verifies_without_an_erased_family() {
    let (dir, mut pilot) = full();
    let lists = |dir: &std::path::Path| count(dir, "row_commitments WHERE family_id = 'RIN-AAA'");
    let before = lists(dir.path());
    pilot.erase_family(&at(70), "RIN-AAA", "GDPR art. 17").unwrap();
    let audit = pilot.audit().unwrap();
    assert_eq!(
        (audit.faults, audit.erased),
        (vec![], ["RIN-AAA", "RIN-CCC"].map(String::from).into())
    );
    assert!(before > 5 && lists(dir.path()) == before);
    assert_eq!(count(dir.path(), "snapshots"), 0);
    drop(pilot);
    // A commitment to what is gone can't be taken away; what stays can't be changed; a tombstone
    // can't be taken away; and another family's rows can't go without one.
    let found = found_after(dir.path(), "DELETE FROM row_commitments WHERE family_id = 'RIN-AAA'");
    assert!(found.iter().any(|it| it.what == Fault::List), "{found:?}");
    for (sql, table) in [
        ("UPDATE assignments SET arm = 'ordinary' WHERE unit_id = 'RIN-AAA'", "assignments"),
        ("DELETE FROM erasures", "erasures"),
    ] {
        let found = found_after(dir.path(), sql);
        let what = Fault::Table { table: table.into(), family_id: None };
        assert!(found.iter().any(|it| it.what == what), "{sql}: {found:?}");
    }
    let found = found_after(dir.path(), "DELETE FROM family_keys WHERE family_id = 'RIN-BBB'");
    let what = Fault::Key { family_id: "RIN-BBB".into() };
    assert!(found.iter().any(|it| it.what == what), "{found:?}");
    assert_eq!(Pilot::open(dir.path()).unwrap().verify().unwrap(), []);
}
