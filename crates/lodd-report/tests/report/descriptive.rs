//! The guards of the descriptive tables, and what they show.

use lodd_report::*;

use crate::fixture::ringerike;

fn arms(unit: Unit, group: Option<&Horizon>) -> Vec<DescriptiveColumn> {
    ["follow-up", "ordinary"]
        .map(|arm| DescriptiveColumn {
            unit,
            group: group.cloned().map(Title::Horizon),
            title: Title::Arm(arm.into()),
        })
        .into()
}

fn share(part: u64, whole: u64) -> Value {
    Value::Share { part: Cell::Count(part), whole: Cell::Count(whole) }
}

/// Status at the start and after 12 months: 9 of 18 adults from assistance to work, 10 of 50 controls.
fn transitions() -> Descriptive {
    Descriptive {
        subject: Subject::Transitions,
        unit: Unit::Adult,
        draw: Some(1),
        label: Some(Text::new("Hovedinntekt", "Main income")),
        source: Some(("VEILEDER".into(), None)),
        horizon: None,
        replays: None,
        file: "outcomes.parquet".into(),
        columns: arms(Unit::Adult, Some(&Horizon::Months(12))),
        rows: vec![DescriptiveRow {
            kind: RowKind::Plain,
            title: Title::Move(Some(Text::new("Sosialhjelp", "Assistance")), None),
            cells: vec![share(9, 18), share(10, 50)],
        }],
    }
}

fn report(table: Descriptive) -> Report {
    Report { descriptives: vec![table], ..ringerike() }
}

#[track_caller]
#[expect(clippy::unwrap_used, reason = "a panic here is a failing test")]
fn check_refused(table: Descriptive, message: &str) {
    assert_eq!(render(&report(table), Lang::Nb, Format::Html).unwrap_err().to_string(), message);
}

#[test]
fn a_before_and_after_without_its_control_is_refused() {
    let mut table = transitions();
    table.columns.pop();
    table.rows[0].cells.pop();
    check_refused(
        table,
        "table `Transitions Hovedinntekt` must show every arm in the order of the draw at each \
         horizon, the control last: expected [\"follow-up\", \"ordinary\"], found [\"follow-up\"]",
    );
    // One horizon with its control does not make up for another without.
    let mut table = transitions();
    let mut more = arms(Unit::Adult, Some(&Horizon::Months(24)));
    more.pop();
    table.columns.extend(more);
    table.rows[0].cells.push(share(1, 18));
    check_refused(
        table,
        "table `Transitions Hovedinntekt` must show every arm in the order of the draw at each \
         horizon, the control last: expected [\"follow-up\", \"ordinary\"], found [\"follow-up\"]",
    );
}

#[test]
fn a_table_that_mixes_units_is_refused() {
    let mut table = transitions();
    table.columns[1].unit = Unit::Family;
    check_refused(
        table,
        "table `Transitions Hovedinntekt` must have one unit, not both Adult (18) and Family (50) \
         (U01)",
    );
}

#[test]
fn numbers_that_contradict_each_other_are_refused() {
    let mut table = transitions();
    table.rows[0].cells[0] = share(19, 18);
    check_refused(table, "table `Transitions Hovedinntekt` can't count 19 of 18 units");
    let mut table = transitions();
    table.rows[0].cells.pop();
    check_refused(table, "table `Transitions Hovedinntekt` must have 2 cells in a row, found 1");
    let mut table = transitions();
    table.file = "elsewhere.parquet".into();
    check_refused(
        table,
        "table `Transitions Hovedinntekt` is made from `elsewhere.parquet`, which must be among the \
         report's files",
    );
    let mut table = transitions();
    table.rows[0].cells[0] = Value::P(Number::Known(1.2));
    check_refused(
        table,
        "effect `Transitions Hovedinntekt` must have p-values in [0, 1], found 1.2",
    );
}

#[test]
fn numbers_symbols_and_words_are_those_of_the_language() {
    let mut table = transitions();
    table.rows.push(DescriptiveRow {
        kind: RowKind::Plain,
        title: Title::Term(Term::Meetings),
        cells: vec![
            Value::Mean { mean: Number::Known(4.0), sd: Number::Known(2.0_f64.sqrt()) },
            Value::Mean { mean: Number::Suppressed, sd: Number::Known(1.0) },
        ],
    });
    let report = report(table);
    for (lang, words) in [
        (
            Lang::Nb,
            [
                "Overganger mellom statuser: Hovedinntekt",
                "Sosialhjelp → ikke kjent",
                "50,0",
                "SD 1,41",
            ],
        ),
        (
            Lang::Nn,
            [
                "Overgangar mellom statusar: Hovedinntekt",
                "Sosialhjelp → ikkje kjent",
                "20,0",
                "4,00",
            ],
        ),
        (
            Lang::En,
            [
                "Transitions between statuses: Main income",
                "Assistance → not known",
                "50.0",
                "SD 1.41",
            ],
        ),
    ] {
        let page = String::from_utf8(render(&report, lang, Format::Html).unwrap()).unwrap();
        for text in words {
            assert!(page.contains(text), "{text}");
        }
        // The standard deviation of a mean that may not be published is not there either.
        assert!(!page.contains("SD 1,00") && !page.contains("SD 1.00"));
    }
}
