use proptest::prelude::*;

use super::*;

/// The way back, written from the words of the documentation.
fn back(cell: &str) -> String {
    let cell = cell.strip_prefix('\'').unwrap_or(cell);
    let mut text = String::new();
    let mut all = cell.chars();
    while let Some(it) = all.next() {
        text.push(match it {
            '\\' => match all.next().unwrap() {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            },
            other => other,
        });
    }
    text
}

proptest! {
    #[test]
    fn a_cell_is_one_line_begins_no_formula_and_comes_back(text in "[=+\\-@'\\\\\t\n\r0-9.a;\",æ]{0,8}") {
        let cell = escaped(&text);
        prop_assert!(!cell.contains(['\t', '\n', '\r']));
        let number = cell.parse::<f64>().is_ok();
        prop_assert!(number || !cell.starts_with(['=', '+', '-', '@']), "{cell}");
        prop_assert!(!cell.starts_with('+'));
        prop_assert_eq!(back(&cell), text);
    }

    #[test]
    fn a_number_reads_back_as_itself(value in any::<f64>().prop_filter("finite", |it| it.is_finite())) {
        let written = number(value);
        let read = written.parse::<f64>().unwrap();
        prop_assert!((read + 0.0).to_bits() == (value + 0.0).to_bits(), "{}", written);
        prop_assert!(written.len() <= 25, "{}", written);
    }
}

#[test]
fn negative_numbers_stay_numbers() {
    for text in ["-1", "-1.5", "-0.25"] {
        assert_eq!(escaped(text), text);
    }
    for text in ["-", "-1-2", "-.5", "-1.", "-1e5", "-cmd", "+1", "=1", "@A1", "'1"] {
        assert_eq!(escaped(text), format!("'{text}"));
    }
}

#[test]
fn days_and_instants_are_iso() {
    assert_eq!((date(0).unwrap(), date(-1).unwrap()), ("1970-01-01".into(), "1969-12-31".into()));
    assert_eq!(instant(1_440_061_200_000_001).unwrap(), "2015-08-20T09:00:00.000001Z");
    assert_eq!(instant(0).unwrap(), "1970-01-01T00:00:00.000000Z");
}

#[test]
fn a_label_is_one_line() {
    assert_eq!(flat(" to\n\tlinjer;  * \"x\" "), "to linjer; * \"x\"");
}
