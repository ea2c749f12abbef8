//! How much is lost, beside the least that HiGHS finds with another formulation
//! (`tests/reference/optimum.py`).

use lodd_disclosure::{Count, Dimension, Rules, System, Table, protect};
use serde_json::Value;

/// At most so many times the optimum's cells may be withheld.
const MOST: f64 = 1.5;

#[test]
fn little_more_is_withheld_than_must_be() {
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("../reference/optimum.json")).unwrap();
    assert!(cases.len() >= 100);
    let (mut ours, mut least, mut equal, mut worst) = (0, 0, 0, 1.0_f64);
    for case in &cases {
        let cells: Vec<Vec<u64>> = serde_json::from_value(case["cells"].clone()).unwrap();
        let optimum = case["least"].as_u64().unwrap();
        let pattern = protect(&system(&cells)).unwrap();
        let lost = pattern.suppressed().len() as u64;
        // Less than the optimum would not be safe.
        assert!(lost >= optimum, "{cells:?}: {lost} is less than {optimum}");
        let ratio = if optimum == 0 { 1.0 } else { lost as f64 / optimum as f64 };
        assert!(ratio <= MOST, "{cells:?}: {lost}, and {optimum} would do");
        assert!(!pattern.is_optimal || lost == optimum, "{cells:?}: {lost}, not {optimum}");
        worst = worst.max(ratio);
        equal += usize::from(lost == optimum);
        ours += lost;
        least += optimum;
    }
    println!(
        "{} tables: {ours} withheld, {least} the least; {equal} at the least, worst {worst:.2}",
        cases.len()
    );
    // On tables of this size the least is found, not only approached.
    assert!(equal * 100 >= cases.len() * 95, "{equal} of {}", cases.len());
}

/// A table with its margins, as a system.
pub(crate) fn system(cells: &[Vec<u64>]) -> System {
    let names = |letter: &str, n: usize| -> Vec<String> {
        (0..n).map(|i| format!("{letter}{i}")).collect()
    };
    let (rows, columns) = (names("r", cells.len() - 1), names("c", cells[0].len() - 1));
    let mut table = Table::new("families", "1");
    for (name, codes) in [("row", &rows), ("column", &columns)] {
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        table.by(Dimension::flat(name, &codes));
    }
    for (row, counts) in rows.iter().map(String::as_str).chain(["*"]).zip(cells) {
        for (column, n) in columns.iter().map(String::as_str).chain(["*"]).zip(counts) {
            table.count(&[row, column], Count::families(*n)).unwrap();
        }
    }
    let mut system = System::default();
    table.enter(&mut system, &Rules::default()).unwrap();
    system
}
