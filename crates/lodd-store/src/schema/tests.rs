use super::*;

#[test]
fn names_are_short_ascii_and_unique() {
    for schema in SCHEMAS {
        let mut names = std::collections::BTreeSet::new();
        for Field { name, meaning, .. } in schema.fields {
            let short = !name.is_empty() && name.len() <= 32;
            let plain = name.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'_'));
            assert!(short && plain, "{}: `{name}`", schema.name);
            assert!(names.insert(name), "{}: `{name}` twice", schema.name);
            assert!(!meaning.is_empty() && !meaning.contains(['|', '\n']), "{name}");
        }
    }
}

/// The output line of the analysis specification, word for word.
#[test]
fn estimates_have_the_specified_columns_in_order() {
    let specified = "analysis, estimator, outcome, outcome_version, horizon, source, unit, draw, \
        contrast, contrast_level, population, origin, status, term, estimate, std_error, \
        statistic, df, p_value, conf_low, conf_high, se_type, n, n_treated, n_control, n_drawn, \
        n_dropped, n_clusters, n_blocks, mean_treated, mean_control, events_treated, \
        events_control, share_control_offered, icc, mde, p_adjusted, adjustment, cut, note";
    let names: Vec<_> = ESTIMATES.fields.iter().map(|it| it.name).collect();
    assert_eq!(names.join(", "), specified);
}

#[test]
fn the_documentation_has_a_line_for_every_column() {
    let text = markdown();
    for schema in SCHEMAS {
        assert!(text.contains(&format!("## `{}.parquet`", schema.name)));
        for field in schema.fields {
            assert!(text.contains(&format!("| `{}` | {} |", field.name, field.physical.name())));
        }
    }
}
