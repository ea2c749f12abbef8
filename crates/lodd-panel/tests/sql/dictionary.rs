//! The registry: ids once, each over what stands above it, every code of the data model there.

use std::collections::BTreeSet;

use lodd_panel::{
    Panel,
    codes::{Kind, VARIABLES},
    dictionary::{DICTIONARY, find},
};

use crate::case::protocol;

#[test]
fn every_outcome_compiles_alone_and_stands_once() {
    for it in DICTIONARY {
        let panel = Panel::new(&protocol(&[12], &[&it.id])).unwrap();
        assert_eq!(panel.outcomes().count(), 1, "{}", it.id);
        assert!(it.id.len() <= 32 && !it.label_nb.is_empty() && !it.label_en.is_empty());
        assert!(!it.derivation().is_empty() && !it.denominator().is_empty());
    }
    let ids: BTreeSet<_> = DICTIONARY.iter().map(|it| &it.id).collect();
    assert_eq!(ids.len(), DICTIONARY.len());
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
