//! Clusters' correlation against R's analysis of variance, and what a trial could detect.

use lodd_estimate::{intraclass, power::Power};

use crate::table::{Arrays, Table};
use crate::values::{EXACT, near, value};

#[test]
fn schools_are_alike_as_in_r() {
    let table = Table::read(include_str!("../reference/achievement_awards_2001.csv"));
    let mut arrays = Arrays::new(&table.numbers("Bagrut_status"), &table.flags("treated"));
    arrays.cluster = Some(table.codes("school_id"));
    arrays.unit = table.codes("school_id");
    let sample = arrays.sample();
    let it = intraclass(&sample, 0.05).unwrap();
    let wanted = |field: &str| value(&["intraclass-awards", "effect", field]);
    let number = it.number(&sample);
    near(number.estimate, wanted("estimate"), EXACT, "estimate");
    near(number.conf_low, wanted("conf_low"), EXACT, "conf_low");
    near(number.conf_high, wanted("conf_high"), EXACT, "conf_high");
    // The mean of 39 schools' rows.
    assert!((it.mean_size - sample.n() as f64 / 39.0).abs() < 1e-12);
}

/// Rows of a cluster that are all the same, clusters of one row, and none.
#[test]
fn clusters_at_the_ends() {
    let treated: Vec<bool> = (0..12).map(|it| it < 6).collect();
    let y: Vec<f64> = (0..12).map(|it| f64::from(it / 2)).collect();
    let mut arrays = Arrays::new(&y, &treated);
    assert_eq!(intraclass(&arrays.sample(), 0.05), None);
    arrays.cluster = Some((0..12).collect());
    assert_eq!(intraclass(&arrays.sample(), 0.05), None);
    let pairs: Vec<u32> = (0..12).map(|it| it / 2).collect();
    (arrays.cluster, arrays.unit) = (Some(pairs.clone()), pairs);
    let it = intraclass(&arrays.sample(), 0.05).unwrap();
    assert!((it.estimate - 1.0).abs() < 1e-15 && it.interval.is_none());
    // Two rows apart as far as can be in every cluster: −1/(m − 1).
    arrays.y = (0..12).map(|it| f64::from(it % 2)).collect();
    let it = intraclass(&arrays.sample(), 0.05).unwrap();
    assert!((it.estimate + 1.0).abs() < 1e-15);
}

/// R: power.t.test(n = 20, sd = sd(1:20), power = .8, strict = TRUE, tol = 1e-12)$delta, whatever the
/// outcomes of the treated are.
#[test]
fn what_could_be_detected_is_that_of_r() {
    let control = (1..=20).map(f64::from);
    let y: Vec<f64> = control.chain([300.0; 20]).collect();
    let treated: Vec<bool> = (0..40).map(|it| it >= 20).collect();
    let sample = Arrays::new(&y, &treated).sample();
    let effect = Power::of(&sample, 0.05).unwrap().detectable(0.8).unwrap();
    near(effect, 5.378_479_890_478_91, 1e-8, "detectable");
    let same = Arrays::new(&[1.0; 40], &treated).sample();
    assert_eq!(Power::of(&same, 0.05), None);
}
