//! The rules, and what must hold of every pattern.

use lodd_disclosure::{
    Contributions, Count, Dimension, Dominance, Number, Rules, RulesError, System, Table, attack,
    protect,
};

use crate::{
    optimum::system,
    random::{Source, with_margins},
};

#[test]
fn a_threshold_under_three_is_refused() {
    assert_eq!(Rules::with_threshold(2), Err(RulesError::Threshold { least: 3, found: 2 }));
    assert_eq!(Rules::with_threshold(3).unwrap().threshold(), 3);
    assert_eq!(Rules::default().threshold(), 5);
}

/// Families and persons both: seven children of two families, five of five, six persons of four.
#[test]
fn the_threshold_holds_for_families_and_for_persons() {
    let rules = Rules::default();
    for (families, persons, is_sensitive) in
        [(2, 7, true), (5, 5, false), (4, 6, true), (5, 4, true), (0, 0, true), (40, 90, false)]
    {
        assert_eq!(rules.width(families, persons) > 0, is_sensitive, "{families}, {persons}");
    }
}

#[test]
fn a_small_arm_of_a_named_place_tells_nothing() {
    let rules = Rules::default();
    assert!(!rules.design_allows(&[29, 80], true));
    assert!(rules.design_allows(&[30, 30], true));
    assert!(rules.design_allows(&[29, 80], false));
}

#[test]
fn quantiles_need_the_threshold_on_both_sides() {
    let rules = Rules::default();
    for (families, share, allowed) in [
        (10, 0.5, true),
        (9, 0.5, false),
        (20, 0.25, true),
        (19, 0.25, false),
        (20, 0.75, true),
        (1000, 0.0, false),
        (1000, 1.0, false),
    ] {
        assert_eq!(rules.quantile_allowed(families, share), allowed, "{families}, {share}");
    }
}

/// Table 1 and table 3 of GaussSuppression's vignette *Magnitude table suppression*: the
/// contributions to each cell, and the cells where one is more than 80 %.
#[test]
fn dominance_as_in_the_magnitude_example() {
    let rules = Rules::default().with_dominance(vec![Dominance::Share { largest: 1, percent: 80 }]);
    let cells: [(&[f64], bool); 10] = [
        (&[75.9, 24.5], false),
        (&[96.6, 43.2], false),
        (&[16.8], true),
        (&[7.1, 2.3], false),
        (&[77.4, 11.5, 16.4], false),
        (&[21.6, 2.0], true),
        (&[6.5, 2.7], false),
        (&[9.6, 8.8, 1.9], false),
        (&[25.7, 3.4], true),
        (&[8.4], true),
    ];
    for (sizes, is_dominated) in cells {
        let behind = Contributions::new(sizes.to_vec());
        assert_eq!(rules.is_dominated(&behind), is_dominated, "{sizes:?}");
    }
    // Many contributors of whom one is nearly all.
    let behind = Contributions::new(vec![1.0, 1000.0, 2.0, 3.0, 1.0, 1.0, 2.0]);
    // 80 % of 1250 is 1000; the amount is 1010, so 240 are lacking, to both sides.
    assert_eq!(rules.amount_width(&behind), 480);
}

/// p %: the second largest knows its own and the amount (Hundepool et al. 2012, section 4.2.2).
#[test]
fn the_second_largest_can_not_estimate_the_largest() {
    let rules = Rules::default().with_dominance(vec![Dominance::Prior { percent: 10 }]);
    // The rest is 11: more than 10 % of 100.
    assert!(!rules.is_dominated(&Contributions::new(vec![100.0, 50.0, 6.0, 5.0])));
    // The rest is 9.
    assert!(rules.is_dominated(&Contributions::new(vec![100.0, 50.0, 5.0, 4.0])));
}

#[test]
fn nothing_is_lost_where_nothing_is_sensitive() {
    let pattern = protect(&system(&with_margins(&[vec![12, 9, 6], vec![5, 14, 7]]))).unwrap();
    assert_eq!(pattern.suppressed(), []);
    assert!(pattern.is_optimal);
}

/// A full cell: all 12 have the status, so the other's zero and it go together.
#[test]
fn zero_and_full_cells_are_withheld() {
    let cells = with_margins(&[vec![12, 0], vec![9, 8]]);
    let system = system(&cells);
    let pattern = protect(&system).unwrap();
    let id = |name: &str| system.find(&format!("families|{name}"), "1").unwrap();
    assert!(!pattern.shows(id("column=c1|row=r0")), "zero");
    assert!(!pattern.shows(id("column=c0|row=r0")) || !pattern.shows(id("row=r0")), "full");
}

/// What can't occur is known to everybody and protects nobody.
#[test]
fn a_cell_that_can_not_occur_is_no_secret() {
    let mut table = Table::new("families", "1");
    table.by(Dimension::flat("a", &["x", "y"]));
    table.by(Dimension::flat("b", &["p", "q"]));
    for (a, b, n) in [("x", "p", 12), ("y", "p", 20), ("y", "q", 31)] {
        table.count(&[a, b], Count::families(n)).unwrap();
    }
    table.count(&["x", "q"], Count::impossible()).unwrap();
    table.add_totals().unwrap();
    let mut system = System::default();
    table.enter(&mut system, &Rules::default()).unwrap();
    assert_eq!(protect(&system).unwrap().suppressed(), []);
}

/// A comparison's four cells: drawn to each arm, with the event and without.
#[test]
fn a_comparison_goes_together() {
    let mut system = system(&with_margins(&[vec![17, 20], vec![3, 40]]));
    let id = |a: usize, b: usize, system: &System| {
        system.find(&format!("families|column=c{b}|row=r{a}"), "1").unwrap()
    };
    let four = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(a, b)| id(a, b, &system));
    system.together(&four);
    let pattern = protect(&system).unwrap();
    assert!(four.iter().all(|id| !pattern.shows(*id)));
    assert!(!pattern.shows_all(&four));
    // Two more than the four are not needed: the arms' sizes stay.
    assert_eq!(pattern.suppressed().len(), 4);
}

/// Two parts of three are printed: the third is what is left.
#[test]
fn what_is_left_of_a_whole_is_a_number_too() {
    let mut table = Table::new("families", "1");
    table.by(Dimension::flat("status", &["work", "benefits", "gone"]));
    for (status, n) in [("*", 60), ("work", 30), ("benefits", 28)] {
        table.count(&[status], Count::families(n)).unwrap();
    }
    let mut system = System::default();
    table.enter(&mut system, &Rules::default()).unwrap();
    let pattern = protect(&system).unwrap();
    assert_eq!(pattern.suppressed().len(), 1, "two are gone: one of the three printed must go");
    assert!(pattern.is_optimal);
}

/// The crate's attacker finds at least what a small search by hand finds.
#[test]
fn the_attacker_finds_what_can_be_found() {
    // 1 2 | 3     . . | 3
    // 3 9 | 12    . . | 12
    // 4 11| 15    4 11| 15      with all four inner cells withheld
    let system = system(&with_margins(&[vec![1, 2], vec![3, 9]]));
    let hidden: Vec<bool> = system
        .numbers()
        .map(|(_, it)| it.series.contains("row=") && it.series.contains("column="))
        .collect();
    let mut found: Vec<(i64, Option<i64>)> =
        attack(&system, &hidden, 100).iter().map(|it| (it.low, it.high)).collect();
    found.sort_unstable();
    // The first row is (0, 3), (1, 2), (2, 1) or (3, 0).
    assert_eq!(found, [(0, Some(3)), (0, Some(3)), (1, Some(4)), (8, Some(11))]);
}

#[test]
fn the_same_system_gives_the_same_pattern() {
    for seed in 0..20 {
        let cells = with_margins(&Source(seed).table(5, 6));
        assert_eq!(protect(&system(&cells)), protect(&system(&cells)));
    }
}

#[test]
fn numbers_that_contradict_each_other_are_refused() {
    let mut system = System::default();
    let whole = system.number(Number::open("all", "1", 10)).unwrap();
    let part = system.number(Number::open("some", "1", 9)).unwrap();
    assert!(system.number(Number::open("all", "1", 11)).is_err());
    assert!(system.number(Number::open("few", "1", -1)).is_err());
    assert!(system.sum(whole, &[part]).is_err());
}
