//! The registry: ids once, each over what stands above it, every code of the data model there.

use std::collections::BTreeSet;

use lodd_panel::{
    Panel,
    codes::{Kind, UnitKind, VARIABLES},
    dictionary::{DICTIONARY, EARLIER, find},
};

use crate::case::protocol;

#[test]
fn every_outcome_compiles_alone_and_stands_once() {
    for it in DICTIONARY {
        let panel = Panel::new(&protocol(&[12], &[&it.id])).unwrap();
        assert_eq!(panel.outcomes().count(), 1, "{}", it.id);
        assert!(it.id.len() <= 32);
        assert!([&it.label_nb, &it.label_nn, &it.label_en].iter().all(|it| !it.is_empty()));
        assert!(!it.derivation().is_empty() && !it.denominator().is_empty());
    }
    let ids: BTreeSet<_> = DICTIONARY.iter().map(|it| &it.id).collect();
    assert_eq!(ids.len(), DICTIONARY.len());
    for it in EARLIER {
        let in_use = find(&it.id).unwrap();
        assert!(it.version < in_use.version && it.unit == in_use.unit, "{}", it.id);
    }
    assert!(find("F_FAST_BOLIG").is_some() && find("F_FAST").is_none());
}

/// Counted in the data model's tables.
#[test]
fn the_lists_are_the_data_models() {
    let size = |name: &str| {
        let it = VARIABLES.iter().find(|it| it.name == name).unwrap();
        match &it.kind {
            Kind::Code(codes) | Kind::Several(codes) => codes.len(),
            Kind::YesNo | Kind::Integer { .. } => 0,
        }
    };
    let sizes = ["INNTEKT", "TILLEGG", "ARBEID", "BOLIG", "FRITID"].map(size);
    assert_eq!(sizes, [24, 7, 10, 7, 3]);
    let stored: BTreeSet<String> =
        VARIABLES.iter().flat_map(lodd_panel::codes::Variable::stored).map(|it| it.name).collect();
    assert!(stored.contains("TILLEGG_SOSIALHJELP_SUPPL") && stored.contains("FRITID_IDRETT"));
    assert!(stored.iter().all(|it| it.len() <= 32), "Stata's limit");
    for it in VARIABLES {
        let Kind::Code(codes) = &it.kind else { continue };
        let distinct: BTreeSet<_> = codes.iter().map(|it| &it.code).collect();
        assert_eq!(distinct.len(), codes.len(), "{}", it.name);
    }
}

/// Every row of the data model's table of outcomes, word for word its ids and units.
#[test]
fn every_outcome_of_the_data_model_is_there() {
    let expected = [
        (UnitKind::Adult, "A_ARBEID A_HELTID A_AKTIV A_LONN_HOVED A_SOSHJ_HOVED"),
        (
            UnitKind::Family,
            "F_ARBEID_NOEN F_ARBEID_ALLE F_SOSHJ_NOE F_FRI_SOSHJ F_FRI_SOSHJ_6M F_SOSHJ_MND \
             F_SOSHJ_KR F_LONN_UTEN_SOSHJ F_FAST_BOLIG F_TRANGBODD F_BARN_DELTAR_ANDEL \
             F_BARN_DELTAR_ALLE",
        ),
        (UnitKind::Child, "C_FRITID"),
    ];
    for (unit, ids) in expected {
        for id in ids.split_whitespace() {
            assert_eq!(find(id).map(|it| it.unit), Some(unit), "{id}");
        }
    }
    assert_eq!(find("C_FRITID").unwrap().ages, Some((6, 17)));
}
