//! What no report is made from.

use lodd_report::*;

use crate::fixture::{housing, ringerike, written};

#[track_caller]
#[expect(clippy::unwrap_used, reason = "a panic here is a failing test")]
fn check_refused(report: &Report, message: &str) {
    for lang in [Lang::Nb, Lang::En] {
        assert_eq!(written(report, lang).unwrap_err().to_string(), message);
    }
}

#[test]
fn a_table_that_mixes_units() {
    let mut report = ringerike();
    report.status[0].horizons[1].columns[0].unit = Unit::Family;
    check_refused(
        &report,
        "table `Hovedinntekt` must have one unit, not both Adult (18) and Family (18) (U01)",
    );
}

#[test]
fn a_horizon_without_its_control_column() {
    let mut report = ringerike();
    report.status[0].horizons[1].columns.pop();
    check_refused(
        &report,
        "table `Hovedinntekt` must show every arm in the order of the draw at each horizon, the \
         control last: expected [\"follow-up\", \"ordinary\"], found [\"follow-up\"]",
    );
}

#[test]
fn counts_that_contradict_each_other() {
    let mut report = housing();
    report.status[0].horizons[1].columns[0].observed = Cell::Count(182);
    check_refused(&report, "table `Bosituasjon` can't count 182 of 181 units");
    let mut report = housing();
    report.status[0].horizons[1].columns[0].counts[2] = Cell::Count(158);
    check_refused(&report, "table `Bosituasjon` can't count 158 of 157 units");
    let mut report = housing();
    report.effects[1].events = Some(Pair::new(115, 147));
    check_refused(&report, "table `Selvstendig bolig` can't count 147 of 146 units");
    let mut report = housing();
    report.status[0].horizons[1].columns[0].counts.pop();
    check_refused(&report, "table `Bosituasjon` must have 3 counts in a column, found 2");
}

#[test]
fn numbers_that_are_none() {
    let mut report = housing();
    report.effects[0].std_error = Some(f64::NAN);
    check_refused(
        &report,
        "effect `Selvstendig bolig` has a number that is not finite in `std_error`",
    );
    let mut report = housing();
    report.effects[0].p_value = Some(1.5);
    check_refused(&report, "effect `Selvstendig bolig` must have p-values in [0, 1], found 1.5");
    let mut report = housing();
    report.effects[0].interval = Some((0.5, 0.25));
    check_refused(
        &report,
        "effect `Selvstendig bolig` has an interval that ends before it starts: 0.5 to 0.25",
    );
}

#[test]
fn arms_that_are_not_those_of_the_draw() {
    let mut report = housing();
    report.effects[0].arm = "ordinary".into();
    check_refused(
        &report,
        "effect `Selvstendig bolig` must compare a treated arm with the control, found arm `ordinary`",
    );
    let mut report = housing();
    report.draws[0].blocks[0].seats.pop();
    check_refused(&report, "block `San Diego` must have seats in 2 arms, found 1");
    let mut report = housing();
    report.arms.pop();
    check_refused(&report, "a report must have at least two arms, found 1");
}

#[test]
fn a_table_without_its_file() {
    let mut report = housing();
    report.files.retain(|file| file.kind != FileKind::Estimates);
    check_refused(
        &report,
        "a table is made from the Estimates file, which must be among the report's files",
    );
}
