//! The panel from the outside: what events after the draw do to its reasons, what is made over time, and
//! what an interim run says of itself.

use std::collections::BTreeMap;

use lodd_store::parquet;

use crate::events::Ringerike;

/// Unit, horizon, source, register and variable.
type Key = (String, String, String, Option<String>, String);

/// The primary rows of `out/panel.parquet`: the value or the reason of each.
fn rows(pilot: &Ringerike) -> BTreeMap<Key, Result<String, String>> {
    pilot.run("panel").ok();
    let (table, _) = parquet::read(&pilot.path().join("out/panel.parquet")).unwrap();
    let text = |name: &str| table.text(name).unwrap();
    let row = |at: usize| {
        let cell = |name: &str| text(name)[at].clone();
        let key = (
            cell("unit_id").unwrap(),
            cell("horizon").unwrap(),
            cell("source").unwrap(),
            cell("register"),
            cell("variable").unwrap(),
        );
        (key, cell("value").ok_or_else(|| cell("missing_reason").unwrap()))
    };
    (0..table.rows())
        .filter(|at| text("rule")[*at].as_deref() == Some("primary"))
        .map(row)
        .collect()
}

/// The rows that are not the same, as they are now.
fn changed(
    before: &BTreeMap<Key, Result<String, String>>,
    after: &BTreeMap<Key, Result<String, String>>,
) -> Vec<(Key, Result<String, String>)> {
    assert!(before.keys().eq(after.keys()));
    let other = after.iter().filter(|(key, it)| before[*key] != **it);
    other.map(|(key, it)| (key.clone(), it.clone())).collect()
}

/// An adult of whom something is missing after the start, with one other adult in the family.
fn adult_with_gaps(
    pilot: &Ringerike,
    rows: &BTreeMap<Key, Result<String, String>>,
) -> (String, String) {
    let adults_of = |members: &[String]| members.iter().filter(|it| it.contains("-A")).count();
    let families = pilot.families();
    let wanted = families.iter().filter(|(_, members)| adults_of(members) == 2);
    let mut pairs = wanted.flat_map(|(family, members)| {
        members.iter().filter(|it| it.contains("-A")).map(move |it| (family.clone(), it.clone()))
    });
    let gap = |id: &str| {
        let other = ["IKKE_NADD", "UTENFOR_VINDU", "IKKE_RAPPORTERT", "SPURT_UKJENT"];
        let missing = |(key, it): (&Key, &Result<String, String>)| {
            key.0 == id && key.1 != "0" && it.as_ref().is_err_and(|it| other.contains(&it.as_str()))
        };
        rows.iter().any(missing)
    };
    pairs.find(|(_, adult)| gap(adult)).unwrap()
}

#[test]
fn a_refusal_and_a_broken_couple_are_reasons_from_their_day_on() {
    let pilot = Ringerike::drawn();
    let before = rows(&pilot);
    let (family, adult) = adult_with_gaps(&pilot, &before);
    let gaps = |reason: &str, after: &BTreeMap<Key, Result<String, String>>| {
        let found = changed(&before, after);
        assert!(!found.is_empty(), "{reason}: nothing changed");
        for (key, it) in &found {
            assert_eq!((key.0.as_str(), it.as_ref().unwrap_err().as_str()), (&*adult, reason));
            assert!(before[key].is_err(), "a value that is there stands");
        }
        found.len()
    };
    // Of one adult who says no: of the other and of the family nothing changes.
    pilot
        .run(&format!("family consent {adult} --kind FORSKNING --answer NEI --on 2015-09-15"))
        .ok();
    let refused = gaps("SAMTYKKE_MANGLER", &rows(&pilot));
    pilot.run(&format!("family consent {adult} --kind FORSKNING --answer JA --on 2015-10-15")).ok();
    assert_eq!(changed(&before, &rows(&pilot)), [], "a later yes");
    pilot.run(&format!("family split {family} --leaves {adult} --on 2015-11-15")).ok();
    assert!(gaps("FAMILIE_OPPLOST", &rows(&pilot)) <= refused);
    pilot.run(&format!("family member back {adult} --on 2015-12-15")).ok();
    assert_eq!(changed(&before, &rows(&pilot)), [], "back in the household");
}

/// Both arms stand at every pair, and the counts of an arm add up to its adults.
#[test]
fn what_is_made_over_time_has_the_control_beside_it() {
    let pilot = Ringerike::drawn();
    let told = pilot.run("panel --json").ok().json();
    let files = told["files"].as_array().unwrap();
    for name in ["spells", "transitions", "stock"] {
        assert!(files.iter().any(|it| it == &format!("out/{name}.parquet")), "{name}");
    }
    let (table, metadata) = parquet::read(&pilot.path().join("out/transitions.parquet")).unwrap();
    assert!(metadata.iter().any(|(key, value)| key == "interim" && value.is_empty()));
    let text = |name: &str| table.text(name).unwrap();
    let mut pairs: BTreeMap<Vec<Option<String>>, Vec<&str>> = BTreeMap::new();
    let mut sums: BTreeMap<Vec<Option<String>>, BTreeMap<&str, i64>> = BTreeMap::new();
    for (at, n) in table.int("n").unwrap().iter().enumerate() {
        let key = |names: &[&str]| names.iter().map(|it| text(it)[at].clone()).collect::<Vec<_>>();
        let series = ["unit_kind", "source", "register", "variable", "horizon"];
        let arm = text("arm")[at].as_deref().unwrap();
        pairs
            .entry(key(&[&series[..], &["from_value", "to_value"]].concat()))
            .or_default()
            .push(arm);
        *sums.entry(key(&series)).or_default().entry(arm).or_default() += n.unwrap();
    }
    assert!(!pairs.is_empty());
    for (pair, arms) in &pairs {
        assert_eq!(arms.len(), 2, "{pair:?}: {arms:?}");
    }
    let (flow, _) = parquet::read(&pilot.path().join("out/flow.parquet")).unwrap();
    let of_flow = |level: &str, arm: &str| {
        let is = |name: &str, value: &str, at: usize| {
            flow.text(name).unwrap()[at].as_deref() == Some(value)
        };
        let mut rows = (0..flow.rows()).filter(|at| {
            is("level", level, *at) && is("stage", "drawn", *at) && is("arm", arm, *at)
        });
        flow.int("count").unwrap()[rows.next().unwrap()].unwrap()
    };
    for (series, arms) in &sums {
        let level = match series[0].as_deref().unwrap() {
            "FAMILIE" => "family",
            "VOKSEN" => "adult",
            _ => "child",
        };
        for (arm, n) in arms {
            assert_eq!(*n, of_flow(level, arm), "{series:?} {arm}");
        }
    }
}

/// A cut before a horizon is due: the panel says so, and estimates are refused or called interim. A cut
/// later than what is recorded is none.
#[test]
fn an_interim_run_says_so_in_every_output() {
    let pilot = Ringerike::drawn();
    pilot.run("panel --cut 2099-01-01T00:00:00Z").refused(&[]);
    let early = pilot.run("panel --cut 2016-11-08T00:00:00Z --json").ok().json();
    let late = early["interim"].as_array().unwrap();
    assert!(!late.is_empty() && late.iter().all(|it| it.as_str().unwrap().starts_with("1/")));
    let stamp = |name: &str, key: &str| {
        let path = pilot.path().join(format!("out/{name}.parquet"));
        let (_, metadata) = parquet::read(&path).unwrap();
        metadata.into_iter().find(|(it, _)| it == key).unwrap().1
    };
    for name in ["panel", "outcomes", "flow", "spells", "transitions", "stock"] {
        assert!(stamp(name, "interim").starts_with("1/"), "{name}");
    }
    let told = pilot.run("panel --cut 2016-11-08T00:00:00Z").ok();
    assert!(told.stdout.contains("INTERIM"), "{}", told.stdout);
    pilot.run("estimate").refused(&["not all families are due"]);
    let told = pilot.run("estimate --interim").ok();
    assert!(told.stdout.contains("INTERIM"), "{}", told.stdout);
    assert_eq!(stamp("estimates", "status"), "interim");
    let (estimates, _) = parquet::read(&pilot.path().join("out/estimates.parquet")).unwrap();
    assert!(estimates.text("status").unwrap().iter().all(|it| it.as_deref() == Some("interim")));
    pilot.run("report --format html").ok();
    let page = std::fs::read_to_string(pilot.path().join("out/report.en.html")).unwrap();
    assert!(page.contains("INTERIM"));
}
