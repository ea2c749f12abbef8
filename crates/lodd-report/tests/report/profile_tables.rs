//! Tables of the evaluator's own: how they are shown, and what is refused. The numbers are published:
//! cases of a family guidance service in 2018.

use lodd_report::*;

use crate::fixture::{ringerike, written};

const FILE: &str = "profile_tables.parquet";

fn share(n: u64, whole: u64) -> ProfileCell {
    ProfileCell::Count { n: Cell::Count(n), whole: Some(whole) }
}

fn row(kind: RowKind, label: &str, cells: Vec<ProfileCell>) -> ProfileRow {
    ProfileRow { kind, label: Text::same(label), cells }
}

fn help() -> ProfileTable {
    ProfileTable {
        id: "help".into(),
        section: "families".into(),
        title: Text::new("Type hjelp", "Type of help"),
        counted: Counted::Case,
        source: Text::new("saksoversikten", "the register"),
        period: Text::same("2018"),
        together: Rows::Highest,
        beside: None,
        note: None,
        file: FILE.into(),
        columns: vec![ProfileColumn::default()],
        rows: vec![
            row(RowKind::Plain, "advice", vec![share(61, 108)]),
            row(RowKind::Plain, "talks", vec![share(18, 108)]),
            row(RowKind::Plain, "coordination", vec![share(29, 108)]),
            row(RowKind::Part, "worker", vec![share(11, 108)]),
            row(RowKind::Total, "", vec![share(108, 108)]),
        ],
    }
}

/// The rehearsal of the fixture, with these tables.
fn with(tables: Vec<ProfileTable>) -> Report {
    let mut report = ringerike();
    report.files.push(DataFile { kind: FileKind::ProfileTables, name: FILE.into(), sha256: None });
    report.profile_tables = tables;
    report
}

/// The same without anything that was drawn.
fn undrawn() -> Report {
    Report {
        arms: vec![],
        draws: vec![],
        status: vec![],
        effects: vec![],
        flow: vec![],
        plan: None,
        ..with(vec![help()])
    }
}

fn refusal(report: &Report) -> String {
    written(report, Lang::Nb).map(drop).map_err(|it| it.to_string()).err().unwrap_or_default()
}

#[test]
fn shares_are_whole_per_cent_as_published() -> Result<(), ReportError> {
    let nb = written(&with(vec![help()]), Lang::Nb)?;
    for percent in ["56\u{a0}%", "17\u{a0}%", "27\u{a0}%", "10\u{a0}%", "100\u{a0}%"] {
        assert!(nb.contains(&format!(">{percent}</data>")), "{percent}");
    }
    assert!(nb.contains("Andelene er prosent av alle 108 saker."));
    assert!(nb.contains("<tr class=\"total\"><th scope=\"row\">I alt</th>"));
    let en = written(&with(vec![help()]), Lang::En)?;
    assert!(en.contains(">56%</data>") && en.contains(">Total</th>"));
    Ok(())
}

/// What has rows that overlap has no total, whoever made the table.
#[test]
fn a_total_of_rows_that_overlap_is_refused() {
    let table = ProfileTable { together: Rows::Overlapping, ..help() };
    assert!(refusal(&with(vec![table])).contains("must not be summed"));
}

#[test]
fn tables_stand_side_by_side_only_with_another_unit() -> Result<(), ReportError> {
    let beside = |counted: Counted| {
        let one = ProfileTable { beside: Some("other".into()), ..help() };
        with(vec![one, ProfileTable { id: "other".into(), counted, ..help() }])
    };
    let nb = written(&beside(Counted::Family), Lang::Nb)?;
    assert!(nb.contains("teller ulike enheter, saker og familier"));
    assert!(refusal(&beside(Counted::Case)).contains("another table of another unit"));
    Ok(())
}

/// A before and after has the control in every group of columns.
#[test]
fn a_table_of_arms_without_the_control_is_refused() -> Result<(), ReportError> {
    let table = |labels: &[&str]| {
        let column = |arm: &&str| ProfileColumn {
            horizon: Some(Horizon::Months(12)),
            arm: Some((*arm).to_owned()),
        };
        let cells = vec![share(1, 2); labels.len()];
        let rows = vec![row(RowKind::Plain, "work", cells)];
        with(vec![ProfileTable { columns: labels.iter().map(column).collect(), rows, ..help() }])
    };
    let arms: Vec<String> = ringerike().arms.into_iter().map(|it| it.label).collect();
    let labels: Vec<&str> = arms.iter().map(String::as_str).collect();
    written(&table(&labels), Lang::Nb)?;
    assert!(refusal(&table(labels.get(..1).unwrap_or_default())).contains("the control last"));
    Ok(())
}

#[test]
fn numbers_that_contradict_each_other_are_refused() {
    let table = |cell: ProfileCell| {
        with(vec![ProfileTable { rows: vec![row(RowKind::Plain, "x", vec![cell])], ..help() }])
    };
    assert!(refusal(&table(share(109, 108))).contains("can't count 109 of 108"));
    assert!(refusal(&table(ProfileCell::Growth(f64::NAN))).contains("not finite"));
    let unnamed = Report { files: ringerike().files, ..with(vec![help()]) };
    assert!(refusal(&unnamed).contains(FILE));
}

/// Without arms nothing may be compared, and the report says that nothing is.
#[test]
fn a_report_without_a_draw_says_so_in_each_language() -> Result<(), ReportError> {
    for (lang, stamp) in [
        (Lang::Nb, "INGEN TREKNING: effekten er ikke anslått"),
        (Lang::Nn, "INGA TREKNING: effekten er ikkje rekna ut"),
        (Lang::En, "NO LOTTERY: the effect is not estimated"),
    ] {
        let page = written(&undrawn(), lang)?;
        assert!(page.contains(stamp), "{stamp}");
        assert!(!written(&with(vec![help()]), lang)?.contains(stamp), "{stamp}");
    }
    let compared = Report { status: ringerike().status, ..undrawn() };
    assert!(refusal(&compared).contains("at least two arms"));
    Ok(())
}

/// A bound is a sentence, never a number that a machine could add.
#[test]
fn a_bound_is_no_number() -> Result<(), ReportError> {
    let bound = |words| ProfileCell::Bound(90, Bound { is_lower: true, words });
    let table = |words| {
        let rows = vec![row(RowKind::Plain, "children", vec![bound(words)])];
        with(vec![ProfileTable { rows, ..help() }])
    };
    let own = Text::new("godt over {n}", "well over {n}");
    let page = written(&table(Some(own)), Lang::Nb)?;
    assert!(page.contains("<td>godt over 90</td>") && !page.contains("<data value=\"90\">"));
    assert!(written(&table(None), Lang::Nn)?.contains("<td>minst 90</td>"));
    assert!(written(&table(None), Lang::En)?.contains("<td>at least 90</td>"));
    Ok(())
}
