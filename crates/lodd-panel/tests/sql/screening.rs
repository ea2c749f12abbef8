//! Screening, judged on 20 August 2015: the last complete month is July 2015.

use lodd_panel::{
    Panel,
    expression::Parameter,
    screening::{Column, ColumnKind, Rule, Screening},
};

use crate::case::{Case, date, day, month, protocol};

fn column(name: &str, kind: ColumnKind) -> Column {
    Column { name: name.to_owned(), kind }
}

fn rule(id: &str, sql: &str, parameters: &[(&str, Parameter)]) -> Rule {
    Rule {
        id: id.to_owned(),
        sql: sql.to_owned(),
        parameters: parameters.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect(),
    }
}

/// The seed pilot's rules: data model, section 6.
fn ringerike() -> Screening {
    let months = |lookback_months, count_loans| ColumnKind::MonthsWithAssistance {
        lookback_months,
        count_loans,
    };
    let list = ["AAP", "DAGPENGER", "SYKEPENGER"].map(str::to_owned).to_vec();
    Screening {
        as_of: date("2015-08-20"),
        columns: vec![
            column("children", ColumnKind::ChildrenAtHome { age_years: 18 }),
            column("assistance_months", months(12, true)),
            column("grant_months", months(12, false)),
            column(
                "assistance_spells",
                ColumnKind::AssistanceSpells {
                    lookback_months: 24,
                    gap_months: 1,
                    count_loans: true,
                },
            ),
            column("benefit", ColumnKind::Fact { criterion: "ANNEN_YTELSE".to_owned() }),
        ],
        rules: vec![
            rule(
                "barn",
                "children BETWEEN :min AND :max",
                &[("min", Parameter::Integer(1)), ("max", Parameter::Integer(4))],
            ),
            rule("langvarig", "assistance_months >= :n", &[("n", Parameter::Integer(7))]),
            rule("gjentatt", "assistance_spells >= :n", &[("n", Parameter::Integer(3))]),
            rule(
                "annen_ytelse",
                "benefit IN :list AND grant_months >= 1",
                &[("list", Parameter::Texts(list))],
            ),
        ],
        eligible: "barn AND (langvarig OR gjentatt OR annen_ytelse)".to_owned(),
    }
}

fn case() -> Case {
    let mut it = protocol(&[], &[]);
    it.screening = Some(ringerike());
    Case::new(&it, "2015-08-20")
}

fn family(case: &Case, id: &str, birth_years: &[i64], months: &[&str]) {
    case.run("INSERT INTO families VALUES (?1, 'ringerike', 0)", &[&id]);
    for (at, year) in (1..).zip(birth_years) {
        case.member(&format!("{id}-B{at}"), "BARN", *year);
    }
    for of in months {
        case.month(id, of, (5_000, 0));
    }
}

fn fact(case: &Case, family: &str, on: &str, value: Option<&str>, recorded_at: i64) {
    case.run(
        "INSERT INTO facts VALUES (?1, 'ANNEN_YTELSE', ?2, ?3, ?4)",
        &[&family, &day(on), &value, &recorded_at],
    );
}

/// Eligible, then one figure a rule, for one family.
fn judged(case: &Case, id: &str) -> String {
    let sql = case.panel.screening_sql().unwrap();
    let rows = case.rows(&format!("SELECT eligible, passed FROM ({sql}) WHERE family_id = '{id}'"));
    let passed: Vec<&str> = rows.iter().map(|it| it.split_once(' ').unwrap().1).collect();
    format!("{}: {}", rows[0].split_once(' ').unwrap().0, passed.join(" "))
}

/// Two spells, all in the last twelve months.
const SEVEN: [&str; 7] =
    ["2014-08", "2014-09", "2014-10", "2014-11", "2015-05", "2015-06", "2015-07"];

#[test]
fn each_rule_is_told_apart() {
    let case = case();
    family(&case, "SEVEN", &[2010], &SEVEN);
    assert_eq!(judged(&case, "SEVEN"), "1: 1 1 0 -");
    family(&case, "SIX", &[2010], &SEVEN[1..]);
    assert_eq!(judged(&case, "SIX"), "0: 1 0 0 -");
    family(&case, "NONE", &[], &SEVEN);
    assert_eq!(judged(&case, "NONE"), "0: 0 1 0 -");
    family(&case, "FIVE", &[2010, 2010, 2011, 2012, 2013], &SEVEN);
    assert_eq!(judged(&case, "FIVE"), "0: 0 1 0 -");
    family(&case, "EMPTY", &[2010], &[]);
    assert_eq!(judged(&case, "EMPTY"), "0: 1 0 0 0", "NULL AND false is false");
}

#[test]
fn months_outside_the_lookback_do_not_count() {
    let case = case();
    let mut months = SEVEN.to_vec();
    months[3] = "2014-07";
    family(&case, "EARLY", &[2010], &months);
    assert_eq!(judged(&case, "EARLY"), "0: 1 0 0 -");
    months[3] = "2015-08";
    family(&case, "LATE", &[2010], &months);
    assert_eq!(judged(&case, "LATE"), "0: 1 0 0 -", "August is not complete");
}

#[test]
fn a_child_is_under_eighteen_by_the_year() {
    let case = case();
    family(&case, "OLD", &[1997], &SEVEN);
    assert_eq!(judged(&case, "OLD"), "0: 0 1 0 -");
    family(&case, "YOUNG", &[1998], &SEVEN);
    assert_eq!(judged(&case, "YOUNG"), "1: 1 1 0 -");
    family(&case, "GROWN", &[], &SEVEN);
    case.member("GROWN-A1", "ANNEN_VOKSEN", 2000);
    assert_eq!(judged(&case, "GROWN"), "0: 0 1 0 -");
}

#[test]
fn loans_zeros_registers_and_corrections() {
    let case = case();
    family(&case, "LOANS", &[2010], &[]);
    for of in SEVEN {
        case.month("LOANS", of, (0, 900));
    }
    assert_eq!(judged(&case, "LOANS"), "1: 1 1 0 0", "a loan counts, but not as a grant");
    family(&case, "ZERO", &[2010], &SEVEN[1..]);
    case.month("ZERO", "2014-08", (0, 0));
    assert_eq!(judged(&case, "ZERO"), "0: 1 0 0 -");
    // The same month from another register is the same month.
    let add = "INSERT INTO monthly VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)";
    let may = month("2015-05");
    case.run(add, &[&"FAMILIE", &"ZERO", &may, &"X", &1, &700]);
    assert_eq!(judged(&case, "ZERO"), "0: 1 0 0 -");
    // An adult's month is the family's.
    case.member("ZERO-A1", "FORELDER", 1980);
    case.run(add, &[&"VOKSEN", &"ZERO-A1", &month("2014-12"), &"X", &1, &700]);
    assert_eq!(judged(&case, "ZERO"), "1: 1 1 0 -");
    // Corrected to nothing.
    case.run(add, &[&"VOKSEN", &"ZERO-A1", &month("2014-12"), &"X", &2, &0]);
    assert_eq!(judged(&case, "ZERO"), "0: 1 0 0 -");
}

#[test]
fn one_month_without_ends_a_spell() {
    let case = case();
    // August 2013 is the first of 24 months: three spells, then two.
    family(&case, "THREE", &[2010], &["2013-08", "2013-10", "2013-11", "2015-07"]);
    assert_eq!(judged(&case, "THREE"), "1: 1 0 1 -");
    family(&case, "TWO", &[2010], &["2013-08", "2013-09", "2013-10", "2013-12"]);
    assert_eq!(judged(&case, "TWO"), "0: 1 0 0 0");
    family(&case, "BEFORE", &[2010], &["2013-06", "2013-08", "2013-10"]);
    assert_eq!(judged(&case, "BEFORE"), "0: 1 0 0 0", "June 2013 lies before the lookback");
}

#[test]
fn a_longer_gap_joins_spells() {
    let mut it = protocol(&[], &[]);
    let mut screening = ringerike();
    let ColumnKind::AssistanceSpells { gap_months, .. } = &mut screening.columns[3].kind else {
        panic!()
    };
    *gap_months = 2;
    it.screening = Some(screening);
    let case = Case::new(&it, "2015-08-20");
    // Gaps of one month (October to December) and of two (December to March).
    family(&case, "F", &[2010], &["2013-10", "2013-12", "2014-03", "2014-06"]);
    assert_eq!(judged(&case, "F"), "1: 1 0 1 0");
    family(&case, "G", &[2010], &["2013-10", "2013-12", "2014-02", "2014-05"]);
    assert_eq!(judged(&case, "G"), "0: 1 0 0 0");
}

#[test]
fn the_latest_fact_on_or_before_the_date_counts() {
    let case = case();
    family(&case, "F", &[2010], &["2015-07"]);
    fact(&case, "F", "2015-01-01", Some("AAP"), 1);
    assert_eq!(judged(&case, "F"), "1: 1 0 0 1");
    fact(&case, "F", "2015-08-20", Some("BARNETRYGD"), 1);
    assert_eq!(judged(&case, "F"), "0: 1 0 0 0");
    fact(&case, "F", "2015-08-21", Some("AAP"), 1);
    assert_eq!(judged(&case, "F"), "0: 1 0 0 0", "after the date");
    fact(&case, "F", "2015-08-20", Some("DAGPENGER"), 2);
    assert_eq!(judged(&case, "F"), "1: 1 0 0 1", "corrected");
    fact(&case, "F", "2015-08-20", None, 3);
    assert_eq!(judged(&case, "F"), "0: 1 0 0 -", "unknown is not eligible");
}

#[test]
fn one_row_a_family_and_rule_in_order() {
    let case = case();
    family(&case, "B", &[2010], &SEVEN);
    family(&case, "A", &[], &[]);
    assert_eq!(
        case.rows(case.panel.screening_sql().unwrap()),
        [
            "A ringerike 0 barn 0",
            "A ringerike 0 langvarig 0",
            "A ringerike 0 gjentatt 0",
            "A ringerike 0 annen_ytelse 0",
            "B ringerike 1 barn 1",
            "B ringerike 1 langvarig 1",
            "B ringerike 1 gjentatt 0",
            "B ringerike 1 annen_ytelse -",
        ]
    );
}

#[test]
fn mistakes_have_their_places() {
    let mut it = protocol(&[], &[]);
    let mut screening = ringerike();
    screening.columns.push(column("children", ColumnKind::ChildrenAtHome { age_years: 0 }));
    screening.columns.push(column("office_id", ColumnKind::Fact { criterion: "{rows}".into() }));
    screening.rules.push(rule("And", "children = 1", &[]));
    screening.rules.push(rule(
        "x",
        "benefit = :a",
        &[("a", Parameter::Text("{rows}".to_owned())), ("b", Parameter::Integer(1))],
    ));
    screening.rules[1].sql = "assistance_month >= :n".to_owned();
    screening.eligible = "barn AND langvarig OR annen".to_owned();
    it.screening = Some(screening);
    let mistakes = Panel::new(&it).unwrap_err();
    let places: Vec<_> = mistakes.iter().map(|it| (it.path.as_str(), it.offset)).collect();
    assert_eq!(
        places,
        [
            ("screening.column[5].name", None),
            ("screening.column[6].name", None),
            ("screening.rule[4].id", None),
            ("screening.column[5].age_years", None),
            ("screening.rule[1].sql", Some(1)),
            ("screening.rule[5].parameters.b", None),
            ("screening.eligible", Some(23)),
        ]
    );
    assert!(mistakes[4].to_string().contains("did you mean `assistance_months`"));
}

#[test]
fn text_of_the_protocol_is_never_taken_for_sql() {
    let mut it = protocol(&[], &[]);
    let mut screening = ringerike();
    screening.rules[3].parameters =
        [("list".to_owned(), Parameter::Texts(vec!["{rows}'--".to_owned()]))].into();
    screening.columns[4].kind = ColumnKind::Fact { criterion: "it's {rules}".to_owned() };
    it.screening = Some(screening);
    let case = Case::new(&it, "2015-08-20");
    family(&case, "F", &[2010], &["2015-07"]);
    case.run("INSERT INTO facts VALUES ('F', ?1, 0, ?2, 1)", &[&"it's {rules}", &"{rows}'--"]);
    assert_eq!(judged(&case, "F"), "1: 1 0 0 1");
}
