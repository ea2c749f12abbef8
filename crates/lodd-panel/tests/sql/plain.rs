//! The horizon rule a second time, in plain Rust read off the data model, on generated histories:
//! ties, corrections, retractions, deaths, days at both ends of every window. It shares nothing
//! with the SQL but the targets, which have tests of their own.

use lodd_panel::horizon::Target;
use proptest::prelude::*;

use crate::case::{Case, Snapshot, date, protocol};

const CUT_US: i64 = 1000;
const SHOWN_AT: i64 = 100;
const UNITS: [(&str, &str); 3] = [("FAMILIE", "F1"), ("VOKSEN", "F1-A1"), ("VOKSEN", "F1-A2")];
const RULES: [&str; 3] = ["primary", "locf90", "nearest_any"];

/// One version of a snapshot, its date in days.
#[derive(Clone, Debug)]
struct Version {
    unit: usize,
    on: i64,
    source: &'static str,
    occasion: &'static str,
    status: &'static str,
    recorded_at: i64,
    content: String,
    values: Vec<&'static str>,
}

impl Version {
    fn key(&self) -> (usize, i64, &str) {
        (self.unit, self.on, self.source)
    }

    /// What it says of a variable: the text after `=`.
    fn says(&self, variable: &str) -> Option<&'static str> {
        self.values.iter().find_map(|it| it.strip_prefix(variable)?.strip_prefix('='))
    }

    fn value(&self, variable: &str) -> Option<&'static str> {
        self.says(variable).filter(|it| !it.starts_with('?'))
    }
}

fn standing(versions: &[Version]) -> Vec<&Version> {
    let known = |it: &&Version| it.recorded_at <= CUT_US;
    let last = |it: &&Version| {
        let same = versions.iter().filter(known).filter(|other| other.key() == it.key());
        same.map(|other| other.recorded_at).max() == Some(it.recorded_at)
    };
    versions.iter().filter(known).filter(last).filter(|it| it.status != "TILBAKEKALT").collect()
}

/// The nearest to the target, by the total order.
fn nearest<'a>(of: impl Iterator<Item = &'a Version>, t: &Target) -> Option<&'a Version> {
    of.min_by(|a, b| {
        let distance = |it: &Version| (it.on - t.target).abs();
        (distance(a), -a.on, -a.recorded_at, &a.content).cmp(&(
            distance(b),
            -b.on,
            -b.recorded_at,
            &b.content,
        ))
    })
}

fn picked<'a>(own: &[&'a Version], rule: &str, t: &Target) -> (Option<&'a Version>, usize) {
    let counts = |it: &&&Version| {
        it.status == "OBSERVERT" && (it.occasion == "PLANLAGT" || rule == "nearest_any")
    };
    let inside = |it: &&&Version| (t.window_low..=t.window_high).contains(&it.on);
    let in_window: Vec<&Version> = own.iter().filter(counts).filter(inside).copied().collect();
    let n = in_window.len();
    let before = own.iter().filter(counts).copied();
    let before = before.filter(|it| (t.window_low - 90..t.window_low).contains(&it.on));
    match nearest(in_window.into_iter(), t) {
        None if rule == "locf90" => (nearest(before, t), 0),
        pick => (pick, n),
    }
}

fn reason(
    (all, unit, source): (&[&Version], usize, &str),
    (variable, pick): (&str, Option<&Version>),
    (t, due): (&Target, bool),
) -> &'static str {
    let said = |status: &str, unit: usize| {
        all.iter().any(|it| it.unit == unit && it.status == status && it.on <= t.window_high)
    };
    let not_reached = |it: &&Version| {
        (it.unit == unit || it.unit == 0)
            && it.source == source
            && it.status == "IKKE_NADD"
            && (t.window_low..=t.window_high).contains(&it.on)
    };
    let seen = |it: &&Version| {
        it.unit == unit
            && it.source == source
            && it.status == "OBSERVERT"
            && it.value(variable).is_some()
    };
    let says = pick.and_then(|it| it.says(variable));
    if said("DOD", unit) {
        "DOD"
    } else if said("TRAKK_SAMTYKKE", unit) || said("TRAKK_SAMTYKKE", 0) {
        "TRAKK_SAMTYKKE"
    } else if !due {
        "IKKE_FORFALT"
    } else if said("FLYTTET", unit) || said("FLYTTET", 0) {
        "FLYTTET_KOMMUNE"
    } else if matches!(says, Some("?UKJENT" | "?VIL_IKKE_SVARE")) {
        "SPURT_UKJENT"
    } else if says == Some("?IKKE_AKTUELT") {
        "IKKE_AKTUELT"
    } else if all.iter().any(not_reached) {
        "IKKE_NADD"
    } else if all.iter().any(seen) {
        "UTENFOR_VINDU"
    } else {
        "IKKE_RAPPORTERT"
    }
}

/// The rows of one unit, horizon and rule.
fn rows(all: &[&Version], unit: usize, rule: &str, (t, due): (&Target, bool)) -> Vec<String> {
    let mut series: Vec<(&str, &str)> = all
        .iter()
        .filter(|it| UNITS[it.unit].0 == UNITS[unit].0)
        .flat_map(|it| it.values.iter().map(|v| (it.source, v.split_once('=').unwrap().0)))
        .collect();
    series.sort_unstable();
    series.dedup();
    let row = |&(source, variable): &(&str, &str)| {
        let own: Vec<&Version> =
            all.iter().filter(|it| it.unit == unit && it.source == source).copied().collect();
        let (pick, n) = picked(&own, rule, t);
        let value = pick.and_then(|it| it.value(variable));
        let reason =
            value.is_none().then(|| reason((all, unit, source), (variable, pick), (t, due)));
        let dated = if reason == Some("UTENFOR_VINDU") {
            let seen = |it: &&Version| it.status == "OBSERVERT" && it.value(variable).is_some();
            nearest(own.iter().copied().filter(seen), t)
        } else {
            pick
        };
        let died = all.iter().any(|it| it.unit == unit && it.status == "DOD" && it.on <= t.target);
        let late = t.horizon == "0" && pick.is_some_and(|it| it.recorded_at >= SHOWN_AT);
        let flag = if died {
            "dod"
        } else if late {
            "sen_baseline"
        } else {
            "-"
        };
        let text = |it: Option<&str>| it.unwrap_or("-").to_owned();
        let days = |it: Option<i64>| it.map_or("-".to_owned(), |it| it.to_string());
        [
            UNITS[unit].1.to_owned(),
            t.horizon.clone(),
            source.to_owned(),
            rule.to_owned(),
            variable.to_owned(),
            text(value),
            text(reason),
            days(dated.map(|it| it.on)),
            days(dated.map(|it| it.on - t.target)),
            n.to_string(),
            i64::from(due).to_string(),
            flag.to_owned(),
        ]
        .join(" ")
    };
    series.iter().map(row).collect()
}

fn version() -> impl Strategy<Value = (usize, usize, i64, Version)> {
    let near = vec![-151, -150, -61, -60, -46, -45, -31, -30, -5, 0, 5, 30, 31, 45, 46];
    let statuses = vec![
        "OBSERVERT",
        "OBSERVERT",
        "OBSERVERT",
        "OBSERVERT",
        "OBSERVERT",
        "OBSERVERT",
        "OBSERVERT",
        "OBSERVERT",
        "IKKE_NADD",
        "SLUTTET_I_TILTAK",
        "TILBAKEKALT",
        "FLYTTET",
        "TRAKK_SAMTYKKE",
        "DOD",
    ];
    let arbeid =
        vec!["", "ARBEID=HELTID", "ARBEID=DELTID", "ARBEID=?UKJENT", "ARBEID=?IKKE_AKTUELT"];
    let inntekt = vec!["", "INNTEKT=LONN", "INNTEKT=?IKKE_SPURT", "INNTEKT=?VIL_IKKE_SVARE"];
    let words = (
        prop::sample::select(vec!["VEILEDER", "VEILEDER", "SELVRAPPORT"]),
        prop::sample::select(vec!["PLANLAGT", "PLANLAGT", "PLANLAGT", "EKSTRA"]),
        prop::sample::select(statuses),
        (prop::sample::select(arbeid), prop::sample::select(inntekt)),
    );
    let places = (0..UNITS.len(), 0..3_usize, prop::sample::select(near), 0..5_i64);
    (places, words).prop_map(|((unit, horizon, off, content), (source, occasion, status, said))| {
        let values = [said.0, said.1].into_iter().filter(|it| !it.is_empty());
        let values = if status == "OBSERVERT" { values.collect() } else { vec![] };
        let content = content.to_string();
        let version =
            Version { unit, on: 0, source, occasion, status, recorded_at: 0, content, values };
        (unit, horizon, off, version)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_text_and_the_plain_rule_agree(
        drawn_on in prop::sample::select(vec!["2015-08-31", "2015-08-20", "2016-02-29"]),
        cut_on in prop::sample::select(vec!["2016-05-01", "2016-11-14", "2017-12-31"]),
        versions in prop::collection::vec(version(), 0..40),
    ) {
        let case = Case::new(&protocol(&[0, 6, 12], &[]), cut_on);
        case.member("F1-A1", "FORELDER", 1980);
        case.member("F1-A2", "PARTNER", 1980);
        case.drawn(1, drawn_on, &[("F1", "a")]);
        let targets = case.panel.targets(&[(1, date(drawn_on))]).unwrap();
        // Record times rise from 1 past the cut, so that some versions are not yet known.
        let versions: Vec<Version> = (0..)
            .zip(versions)
            .map(|(at, (_, horizon, off, it))| Version {
                on: targets[horizon].target + off,
                recorded_at: 1 + at * 30,
                ..it
            })
            .collect();
        for it in &versions {
            let on = date("1970-01-01")
                .checked_add(jiff::Span::new().days(it.on))
                .unwrap()
                .to_string();
            case.snapshot(
                Snapshot {
                    unit: UNITS[it.unit],
                    on: &on,
                    source: (it.source, ""),
                    occasion: it.occasion,
                    recorded_at: it.recorded_at,
                    status: it.status,
                    content: &it.content,
                },
                &it.values,
            );
        }
        let cut_day = crate::case::day(cut_on);
        let standing = standing(&versions);
        let mut expected: Vec<String> = Vec::new();
        for unit in 0..UNITS.len() {
            for t in &targets {
                for rule in RULES {
                    expected.extend(rows(&standing, unit, rule, (t, cut_day >= t.due_on)));
                }
            }
        }
        let columns = "unit_id, horizon, source, rule, variable, value, missing_reason, \
                       status_date, days_off, n_in_window, due, flag";
        let mut found =
            case.rows(&format!("SELECT {columns} FROM ({})", case.panel.panel_sql()));
        expected.sort_unstable();
        found.sort_unstable();
        prop_assert_eq!(found, expected);
    }
}
