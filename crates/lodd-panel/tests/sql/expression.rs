//! What an expression may hold, how it is written back, and where it is refused.

use lodd_panel::expression::{Expression, Name, Parameter, Parameters, Reason, Refusal, Type};
use proptest::prelude::*;
use rusqlite::Connection;

fn names() -> Vec<Name> {
    vec![
        Name::new("a", Type::Integer),
        Name::new("b", Type::Integer),
        Name::new("t", Type::Text),
        Name::new("f", Type::Flag),
        Name::new("date", Type::Integer),
        Name { codes: Some(vec!["EID".into(), "UTEN".into()]), ..Name::new("c", Type::Text) },
    ]
}

fn parameters() -> Parameters {
    [
        ("least".to_owned(), Parameter::Integer(-7)),
        ("name".to_owned(), Parameter::Text("O'Neil".to_owned())),
        ("list".to_owned(), Parameter::Texts(vec!["AAP".to_owned(), "x) OR (1".to_owned()])),
    ]
    .into()
}

fn parse(text: &str) -> Result<String, Vec<Refusal>> {
    Expression::parse(text, &names(), &parameters()).map(|it| it.sql(&|name| format!("\"{name}\"")))
}

#[track_caller]
fn check(text: &str, sql: &str) {
    assert_eq!(parse(text).unwrap(), sql);
}

#[track_caller]
fn check_refused(text: &str, offsets: &[usize]) -> Vec<Refusal> {
    let refusals = parse(text).unwrap_err();
    let found: Vec<usize> = refusals.iter().map(|it| it.offset).collect();
    assert_eq!(found, offsets, "{refusals:?}");
    refusals
}

#[test]
fn the_whole_subset_is_read_and_written_back_in_brackets() {
    check("a = 1", r#"("a" = 1)"#);
    check("a != 1 and b<>2", r#"(("a" <> 1) AND ("b" <> 2))"#);
    check("f", r#"("f" = 1)"#);
    check("NOT f OR a >= 1", r#"((NOT ("f" = 1)) OR ("a" >= 1))"#);
    check("a < 1 OR a > 2 AND b <= 3", r#"(("a" < 1) OR (("a" > 2) AND ("b" <= 3)))"#);
    check("a + b * 2 - 1 = 0", r#"((("a" + ("b" * 2)) - 1) = 0)"#);
    check("-a = 1", r#"((0 - "a") = 1)"#);
    check("a BETWEEN 1 AND 4", r#"("a" BETWEEN 1 AND 4)"#);
    check("a NOT BETWEEN 1 AND 4", r#"("a" NOT BETWEEN 1 AND 4)"#);
    check("t IN ('x', 'y') AND t NOT IN ('z')", r#"(("t" IN ('x', 'y')) AND ("t" NOT IN ('z')))"#);
    check("t IS NULL OR a IS NOT NULL", r#"(("t" IS NULL) OR ("a" IS NOT NULL))"#);
    check(
        "CASE WHEN a = 1 THEN 2 ELSE b END = 2",
        r#"((CASE WHEN ("a" = 1) THEN 2 ELSE "b" END) = 2)"#,
    );
    check("date = 1", r#"("date" = 1)"#);
    check("a = b AND (a = 1 OR f)", r#"(("a" = "b") AND (("a" = 1) OR ("f" = 1)))"#);
}

#[test]
fn parameters_become_literals_and_nothing_else() {
    check("a >= :least", r#"("a" >= (0 - 7))"#);
    check("t = :name", r#"("t" = 'O''Neil')"#);
    check("t IN :list", r#"("t" IN ('AAP', 'x) OR (1'))"#);
    check_refused("a = :leest", &[5]);
    check_refused("a = : least", &[5, 7]);
    check_refused("a = :", &[5]);
}

#[test]
fn everything_else_is_refused_at_its_place() {
    check_refused("a = 1.5", &[5]);
    check_refused("a = 1e3", &[5]);
    check_refused("a = 1234567890", &[5]);
    check_refused("a / 2 = 1", &[3]);
    check_refused("a = 1;", &[6]);
    check_refused("a = 1 -- yes", &[7]);
    check_refused("abs(a) = 1", &[1]);
    check_refused("a(1) = 1", &[1]);
    check_refused("a IN (SELECT 1)", &[7]);
    check_refused("t LIKE 'x'", &[3]);
    check_refused("\"a\" = 1", &[1]);
    check_refused("a = TRUE", &[5]);
    check_refused("a = NULL", &[5]);
    check_refused("t || t = 'x'", &[3]);
    check_refused("a IS DISTINCT FROM b", &[6, 15]);
    check_refused("t = 'x\0'", &[5]);
    check_refused("", &[1]);
    check_refused("  \n ", &[1]);
}

#[test]
fn all_words_that_are_wrong_are_told_at_once() {
    let refusals = check_refused("aa = 1\n  AND bb = 1.5\n  AND :leasst = 1", &[1, 14, 19, 29]);
    assert!(matches!(&refusals[0].reason, Reason::UnknownName { candidates, .. }
        if candidates.is_empty() || candidates[0] == "a"));
    assert!(matches!(&refusals[3].reason, Reason::UnknownParameter { candidates, .. }
        if candidates[0] == "least"));
}

#[test]
fn a_syntax_error_names_the_word() {
    check_refused("a = ", &[5]);
    check_refused("a = 1 b", &[7]);
    check_refused("a = 1)", &[6]);
    check_refused("a\n=\n= 1", &[5]);
    check_refused("(a = 1", &[7]);
    check_refused("AND", &[1]);
    check_refused("NOT (a = )", &[10]);
    check_refused("CASE WHEN a = THEN 1 END = 1", &[15]);
    check_refused("a = 1 AND OR", &[11]);
}

#[test]
fn types_and_codes_are_checked() {
    check_refused("a = 'x'", &[5]);
    check_refused("t = 1", &[5]);
    check_refused("a", &[1]);
    check_refused("a AND t", &[1, 7]);
    check_refused("t + 1 = 2", &[1]);
    check_refused("a = 1 = 1", &[1]);
    check_refused("CASE WHEN f THEN 1 ELSE 'x' END = 1", &[25]);
    check_refused("c = 'EIDD' OR c IN ('UTEN', 'LEID')", &[5, 29]);
    check_refused("'EID' <> c AND 'X' = c", &[16]);
    check("c = 'EID'", r#"("c" = 'EID')"#);
}

#[test]
fn what_is_too_long_or_too_deep_is_refused() {
    let deep = |n: usize| format!("{}f{}", "(".repeat(n), ")".repeat(n));
    assert!(parse(&deep(10)).is_ok());
    assert_eq!(parse(&deep(100)).unwrap_err()[0].reason, Reason::TooLarge);
    assert_eq!(parse(&deep(5_000)).unwrap_err()[0].reason, Reason::TooLarge);
    assert_eq!(parse(&"NOT ".repeat(100)).unwrap_err()[0].reason, Reason::TooLarge);
    let chain = |n: usize| vec!["f"; n].join(" AND ");
    assert!(parse(&chain(200)).is_ok());
    assert_eq!(parse(&chain(5_000)).unwrap_err()[0].reason, Reason::TooLarge);
}

/// Runs a condition over a = 2, b NULL, t = 'x', f = 1.
fn truth(db: &Connection, sql: &str) -> Option<i64> {
    let sql = format!("SELECT CASE WHEN {sql} THEN 1 WHEN NOT {sql} THEN 0 END FROM r");
    db.query_row(&sql, [], |row| row.get(0)).unwrap()
}

/// Text that is mostly made of the subset's own words.
fn almost_sql() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "a", "b", "t", "f", "c", "date", "1", "'x'", "(", ")", ",", "AND", "OR", "NOT", "IN", "IS",
        "NULL", "BETWEEN", "CASE", "WHEN", "THEN", "ELSE", "END", "=", "<", ">=", "<>", "+", "-",
        "*", ":least", ":list", ":name", "\n", "'", "\"", ":", "SELECT", "æ", "1.5", "::", "--",
    ]);
    prop::collection::vec(words, 0..40).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        let _ = parse(&text);
    }

    /// Places lie in the text, and what is accepted runs, and is read back as itself.
    #[test]
    fn words_in_any_order_are_refused_in_place_or_run(text in almost_sql()) {
        match parse(&text) {
            Err(refusals) => {
                prop_assert!(!refusals.is_empty());
                let end = text.chars().count() + 1;
                prop_assert!(refusals.iter().all(|it| (1..=end).contains(&it.offset)));
                prop_assert!(refusals.is_sorted_by_key(|it| it.offset));
            }
            Ok(sql) => {
                let db = Connection::open_in_memory().unwrap();
                db.execute_batch(
                    "CREATE TABLE r AS SELECT 2 AS a, NULL AS b, 'x' AS t, 1 AS f, 3 AS date, 'EID' AS c",
                ).unwrap();
                truth(&db, &sql);
                let again = parse(&sql.replace('"', "")).unwrap();
                prop_assert_eq!(again, sql);
            }
        }
    }
}
