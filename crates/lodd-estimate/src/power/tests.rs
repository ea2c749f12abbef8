use super::*;

fn trial(n_treated: f64, n_control: f64, outcome: PowerOutcome) -> Power {
    Power {
        n_treated,
        n_control,
        outcome,
        clusters: None,
        r2: 0.0,
        attrition: 0.0,
        take_up: 1.0,
        alpha: 0.05,
    }
}

#[track_caller]
fn check_near(got: f64, expected: f64, share: f64) {
    assert!((got - expected).abs() <= share * expected.abs(), "{got} {expected}");
}

/// R: `power.t.test(n = 150, delta = .3, sd = 1, strict = TRUE)`, and without the other tail the
/// MDE and n of `v-power`, which uniroot finds to four digits.
#[test]
fn two_equal_arms_are_as_in_r() {
    let arms = trial(150.0, 150.0, PowerOutcome::Number { sd: 1.0 });
    check_near(arms.power(0.3).unwrap(), 0.735_567_430_930_46, 1e-9);
    check_near(arms.detectable(0.8).unwrap().unwrap(), 0.324_545_946_382, 1e-4);
    check_near(150.0 * arms.scale_for(0.25, 0.8).unwrap(), 252.128_116_123, 1e-4);
}

/// `v-power`: power.prop.test(n = 200, p1 = .30, p2 = .42), which leaves the other tail out.
#[test]
fn two_shares_are_as_in_r() {
    let arms = trial(200.0, 200.0, PowerOutcome::Binary { base_rate: 0.3 });
    check_near(arms.power_chi_square(0.12).unwrap() / 0.706_884_245_21, 1.0, 1e-4);
    assert!(trial(9.0, 9.0, PowerOutcome::Number { sd: 1.0 }).power_chi_square(0.1).is_err());
}

/// The pilot of the issue: 15 families against 42 from a base of 30 %, and 15 against 14 offices
/// of 21 families.
#[test]
fn small_trials_detect_only_large_effects() {
    let base = PowerOutcome::Binary { base_rate: 0.3 };
    let families = trial(15.0, 42.0, base).detectable(0.8).unwrap().unwrap();
    check_near(families, 0.394_557_8, 1e-6);
    for (icc, expected) in [(0.02, 0.132_901), (0.05, 0.159_327_1)] {
        let clusters = Clusters { number: 29.0, mean_size: 21.0, cv: 0.0, icc };
        let offices = Power { clusters: Some(clusters), ..trial(315.0, 294.0, base) };
        check_near(offices.df(), 27.0, 1e-12);
        check_near(offices.detectable(0.8).unwrap().unwrap(), expected, 1e-5);
    }
}

/// `v-deff`.
#[test]
fn unequal_clusters_cost_more() {
    let clusters = Clusters { number: 10.0, mean_size: 12.0, cv: 0.5, icc: 0.05 };
    check_near(clusters.design_effect(), 1.7, 1e-12);
}

/// Take-up scales effects, attrition units, covariates the variance.
#[test]
fn what_weakens_a_trial_is_a_scale() {
    let whole = trial(100.0, 100.0, PowerOutcome::Number { sd: 2.0 });
    let half = Power { take_up: 0.5, ..whole.clone() };
    check_near(half.power(1.0).unwrap(), whole.power(0.5).unwrap(), 1e-12);
    let fewer = trial(80.0, 80.0, PowerOutcome::Number { sd: 2.0 });
    let lost = Power { attrition: 0.2, ..whole.clone() };
    check_near(lost.power(0.7).unwrap(), fewer.power(0.7).unwrap(), 1e-12);
    let smaller = Power { outcome: PowerOutcome::Number { sd: 1.2 }, ..whole.clone() };
    let explained = Power { r2: 0.64, ..whole };
    check_near(explained.power(0.7).unwrap(), smaller.power(0.7).unwrap(), 1e-12);
}

#[test]
fn impossible_settings_are_refused() {
    let base = PowerOutcome::Binary { base_rate: 0.3 };
    assert!(trial(10.0, 10.0, base).power(0.8).is_err());
    assert!(Power { r2: 1.0, ..trial(10.0, 10.0, base) }.power(0.1).is_err());
    assert!(trial(1.0, 1.0, base).power(0.1).is_err());
    assert_eq!(trial(2.0, 3.0, PowerOutcome::Binary { base_rate: 0.9 }).detectable(0.8), Ok(None));
}
