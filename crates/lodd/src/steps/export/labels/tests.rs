use std::collections::BTreeSet;

use lodd_store::schema::SCHEMAS;

use super::*;

/// Every column of the registry has its words, and no words stand for a column that is gone.
#[test]
fn every_column_has_a_label_that_stata_takes() {
    let of_codes = ["list", "code", "number", "label_nb", "label_nn", "label_en", ""];
    let mut known: BTreeSet<&str> = of_codes.into();
    for schema in SCHEMAS {
        assert!(find(schema.name, "").is_some(), "{}", schema.name);
        for field in schema.fields {
            known.insert(field.name);
            let named = find(schema.name, field.name).or_else(|| find("*", field.name));
            assert!(named.is_some(), "{}.{}", schema.name, field.name);
        }
    }
    assert_eq!(rows().count(), LABELS.lines().count());
    for Row { table, column, words } in rows() {
        assert!(known.contains(column), "{table}.{column} is no column");
        for label in words {
            let n = label.chars().count();
            assert!((1..=80).contains(&n), "{column}: {n} characters");
            assert!(!label.contains(['`', '"', '$', '\\', '\n']), "{column}: {label}");
        }
    }
}

/// Names that are words of Stata's or SPSS's own language can't be variables there.
#[test]
fn no_column_has_a_name_that_a_program_keeps_for_itself() {
    let kept = "_all _b byte _coef _cons double float if in int long _n _N _pi _pred _rc _skip strL using with \
                all and by eq ge gt le lt ne not or to";
    let kept: BTreeSet<&str> = kept.split_whitespace().collect();
    for field in SCHEMAS.iter().flat_map(|it| it.fields) {
        assert!(!kept.contains(field.name), "{}", field.name);
    }
}
