//! A table and what was published before it.

use lodd_disclosure::{
    Advice, Count, Dimension, Release, Reported, Rules, System, Table, Why, audit, link, protect,
};

/// Families by office and status at a cut, with totals.
fn system(cut: &str, counts: &[(&str, [u64; 2])]) -> System {
    let offices: Vec<&str> = counts.iter().map(|it| it.0).collect();
    let mut table = Table::new("families", cut);
    table.by(Dimension::flat("office", &offices));
    table.by(Dimension::flat("status", &["work", "benefits"]));
    for (office, [work, benefits]) in counts {
        table.count(&[office, "work"], Count::families(*work)).unwrap();
        table.count(&[office, "benefits"], Count::families(*benefits)).unwrap();
    }
    table.add_totals().unwrap();
    let mut system = System::default();
    table.enter(&mut system, &Rules::default()).unwrap();
    system
}

fn released(system: &System) -> Release {
    Release::of("first", system, &protect(system).unwrap())
}

#[test]
fn one_family_more_is_refused_with_the_cells_and_what_to_do() {
    let first = released(&system("1", &[("north", [12, 20]), ("south", [9, 30])]));
    let mut next = system("2", &[("north", [13, 20]), ("south", [9, 30])]);
    link(&mut next, &[first], &Rules::default()).unwrap();
    // As it is, everything shown: the one who came to the north has work.
    let shown: Vec<bool> = next.numbers().map(|(_, it)| it.cut.contains("..")).collect();
    let refusal = audit(&next, &shown).unwrap_err();
    let cells: Vec<&str> = refusal.cells.iter().map(|it| it.series.as_str()).collect();
    assert!(cells.contains(&"families|office=north|status=work"), "{cells:?}");
    assert!(refusal.cells.iter().all(|it| it.why == Why::Difference { since: "1".into() }));
    assert!(refusal.cells.iter().all(|it| it.advice == Advice::Wait));
}

#[test]
fn the_same_table_again_is_no_disclosure() {
    let counts = [("north", [12, 20]), ("south", [9, 30])];
    let first = released(&system("1", &counts));
    for cut in ["1", "2"] {
        let mut next = system(cut, &counts);
        link(&mut next, std::slice::from_ref(&first), &Rules::default()).unwrap();
        let pattern = protect(&next).unwrap();
        assert_eq!(pattern.suppressed(), []);
        audit(&next, pattern.hidden()).unwrap();
    }
}

#[test]
fn enough_more_may_be_told() {
    let first = released(&system("1", &[("north", [12, 20]), ("south", [9, 30])]));
    let mut next = system("2", &[("north", [20, 27]), ("south", [15, 36])]);
    link(&mut next, &[first], &Rules::default()).unwrap();
    assert_eq!(protect(&next).unwrap().suppressed(), []);
}

/// What was withheld may not come out by another table that is shown in full.
#[test]
fn what_was_withheld_stays_so() {
    let counts = [("north", [12, 2]), ("south", [9, 30]), ("west", [8, 17])];
    let before = system("1", &counts);
    let first = released(&before);
    let withheld: Vec<_> =
        first.numbers.iter().filter(|it| it.value.is_none()).map(|it| &it.series).collect();
    assert_eq!(withheld.len(), 4);
    let mut next = system("1", &counts);
    link(&mut next, std::slice::from_ref(&first), &Rules::default()).unwrap();
    let pattern = protect(&next).unwrap();
    for (id, number) in next.numbers() {
        assert_eq!(pattern.shows(id), !withheld.contains(&&number.series), "{}", number.series);
    }
}

/// An office's own slides told the cell that our release withholds.
#[test]
fn a_table_published_elsewhere_counts() {
    let counts = [("north", [12, 2]), ("south", [9, 30]), ("west", [8, 17])];
    let slides = Release {
        name: "slides".into(),
        numbers: vec![Reported {
            series: "families|office=south|status=benefits".into(),
            cut: "1".into(),
            value: Some(30),
            families: Some(30),
            width: 0,
        }],
        sums: Vec::new(),
    };
    let mut next = system("1", &counts);
    link(&mut next, &[slides], &Rules::default()).unwrap();
    let pattern = protect(&next).unwrap();
    let id = |name: &str| next.find(&format!("families|office={name}"), "1").unwrap();
    assert!(!pattern.shows(id("north|status=benefits")));
    // South's is out, so the west's must hide the north's.
    assert!(pattern.shows(id("south|status=benefits")));
    assert!(
        !pattern.shows(id("west|status=benefits"))
            || !pattern.shows(next.find("families|status=benefits", "1").unwrap())
    );
}

#[test]
fn what_was_published_can_not_be_true_twice() {
    let first = released(&system("1", &[("north", [12, 20]), ("south", [9, 30])]));
    let mut next = system("1", &[("north", [13, 20]), ("south", [9, 30])]);
    assert!(link(&mut next, &[first], &Rules::default()).is_err());
}

/// A small cell of an office that is shown: pool the offices; of no office: merge the categories.
#[test]
fn a_small_cell_that_is_shown_is_refused() {
    let next = system("1", &[("north", [12, 2]), ("south", [9, 30])]);
    let refusal = audit(&next, &vec![false; next.len()]).unwrap_err();
    assert_eq!(refusal.cells.len(), 1);
    assert_eq!(refusal.cells[0].why, Why::Small);
    assert_eq!(refusal.cells[0].advice, Advice::Pool);
    // Withheld alone it follows from the others.
    let hidden: Vec<bool> = next.numbers().map(|(_, it)| it.width > 0).collect();
    let refusal = audit(&next, &hidden).unwrap_err();
    assert_eq!(refusal.cells[0].why, Why::Narrow);
    assert_eq!(refusal.cells[0].width, 0);
}
