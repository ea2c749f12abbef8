//! Times seen at snapshots, and competing exits, against R and against what they are in simple cases.

use lodd_estimate::{Column, EstimateError, Number, Options, Role, estimator};

use crate::table::Arrays;
use crate::values::{EXACT, check, near, run, table, term, value};

const NEVER: f64 = f64::INFINITY;

/// Intervals (low, high] of the treated, and of the controls.
fn trial(rows: &[(f64, f64, bool)]) -> Arrays {
    let low: Vec<f64> = rows.iter().map(|it| it.0).collect();
    let arms: Vec<bool> = rows.iter().map(|it| it.2).collect();
    let mut arrays = Arrays::new(&low, &arms);
    arrays.columns =
        vec![Column::numbers(Role::High, "high", rows.iter().map(|it| it.1).collect())];
    arrays
}

/// Months to cosmetic deterioration after radiotherapy: the trial of Finkelstein and Wolfe (1985), as in the
/// data `cosmesis` of R's `MLEcens` (no chemotherapy).
fn radiotherapy() -> Vec<(f64, f64)> {
    let seen = [
        (6, 10),
        (0, 7),
        (7, 16),
        (7, 14),
        (37, 44),
        (0, 8),
        (4, 11),
        (11, 15),
        (25, 37),
        (26, 40),
        (27, 34),
        (36, 44),
        (36, 48),
        (17, 25),
        (11, 18),
        (5, 12),
        (0, 5),
        (5, 11),
        (19, 35),
        (17, 25),
        (19, 26),
    ];
    let not_seen = [
        45, 46, 46, 17, 15, 22, 46, 46, 46, 46, 46, 37, 40, 46, 38, 37, 18, 24, 36, 24, 32, 33, 37,
        34, 36,
    ];
    let seen = seen.iter().map(|it| (f64::from(it.0), f64::from(it.1)));
    seen.chain(not_seen.iter().map(|it| (f64::from(*it), NEVER))).collect()
}

/// The same patients in both arms.
pub(crate) fn radiotherapy_twice() -> Arrays {
    let arm = |arm: bool| radiotherapy().into_iter().map(move |it| (it.0, it.1, arm));
    trial(&arm(true).chain(arm(false)).collect::<Vec<_>>())
}

fn run_at(name: &str, arrays: &Arrays, times: &[f64]) -> Vec<Number> {
    let options = Options { times: times.to_vec(), ..Options::default() };
    run(name, &arrays.sample(), &options)
}

/// Masses and curve by a long run of self-consistency, in `models.R`.
#[test]
fn radiotherapy_is_self_consistent() {
    let rows = radiotherapy_twice();
    let times = [5.0, 7.0, 8.0, 12.0, 25.0, 34.0, 40.0];
    let all = run_at("turnbull", &rows, &times);
    let mut survival = 1.0;
    for (at, time) in times.iter().enumerate() {
        let mass = value(&["turnbull-radiotherapy", "masses", &at.to_string()]);
        let now = term(&all, &format!("survival@{time}[1]")).estimate.unwrap();
        assert!((survival - now - mass).abs() < 1e-9, "{time}: {now}");
        survival = now;
    }
    let all = run_at("turnbull", &rows, &[5.0, 10.0, 25.0, 40.0]);
    for (at, time) in ["0", "1", "2", "3"].iter().zip([5, 10, 25, 40]) {
        let it = term(&all, &format!("survival@{time}[0]"));
        near(it.estimate, value(&["turnbull-radiotherapy", "survival", at]), 1e-9, "survival");
    }
    let error = value(&["turnbull-radiotherapy", "std_error"]);
    near(term(&all, "survival@25[1]").std_error, error, 1e-6, "std_error");
    let difference = term(&all, "difference@25");
    assert_eq!(difference.estimate, Some(0.0));
    near(difference.std_error, error * 2.0_f64.sqrt(), 1e-6, "difference");
    // The curve passes one half between the snapshots of month 38 and 40.
    let median = term(&all, "median[1]");
    assert_eq!(median.estimate, Some(40.0));
    assert!(median.note.as_ref().unwrap().starts_with("between 38 and 40"));
}

/// Where all are looked at on the same days it is the share without the event, with its binomial
/// error.
#[test]
fn common_snapshots_are_shares() {
    let arm = |counts: [usize; 3], arm: bool| -> Vec<(f64, f64, bool)> {
        let ends = [(0.0, 10.0), (10.0, 20.0), (20.0, NEVER)];
        let rows = ends.iter().zip(counts);
        rows.flat_map(|(it, n)| vec![(it.0, it.1, arm); n]).collect()
    };
    let rows = [arm([3, 4, 5], true), arm([6, 2, 2], false)].concat();
    let all = run_at("turnbull", &trial(&rows), &[10.0, 15.0, 20.0, 25.0]);
    for (name, share, n) in [
        ("survival@10[1]", 9.0 / 12.0, 12.0),
        ("survival@20[1]", 5.0 / 12.0, 12.0),
        ("survival@10[0]", 4.0 / 10.0, 10.0),
        ("survival@20[0]", 2.0 / 10.0, 10.0),
    ] {
        let it = term(&all, name);
        near(it.estimate, share, 1e-10, name);
        near(it.std_error, (share * (1.0 - share) / n).sqrt(), 1e-8, name);
    }
    let between = term(&all, "survival@15[1]");
    near(between.estimate, 0.75, 1e-10, "dated by the later snapshot");
    assert!(between.note.as_ref().unwrap().contains("from 0.416667 to 0.750000"));
    assert_eq!(term(&all, "survival@25[1]").estimate, None);
    assert_eq!(term(&all, "difference@25").p_value, None);
}

#[test]
fn intervals_that_are_none_are_refused() {
    for name in ["turnbull", "discrete_hazard"] {
        let refused = |low: f64, high: f64| {
            let arrays = trial(&[(low, high, true), (0.0, 1.0, false)]);
            estimator(name).unwrap().estimate(&arrays.sample(), &Options::default(), None)
        };
        let (low, high) = (5.0, 5.0);
        assert_eq!(refused(low, high).unwrap_err(), EstimateError::EmptyInterval { low, high });
        let time = -1.0;
        assert_eq!(refused(time, 4.0).unwrap_err(), EstimateError::NegativeTime { time });
    }
}

/// The veterans as seen on a few days, as the script does.
fn looked_at(missed: bool) -> Arrays {
    let table = table("veteran");
    let looks = [0.0, 30.0, 60.0, 100.0, 200.0, 365.0];
    let rows = table.numbers("time").into_iter().zip(table.numbers("status"));
    let seen: Vec<(f64, f64)> = rows
        .enumerate()
        .map(|(at, (time, status))| {
            let happened = status > 0.5;
            let before = |it: &f64| if happened { *it < time } else { *it <= time };
            let mut low = looks.iter().copied().rfind(before).unwrap();
            let mut high =
                looks.iter().copied().find(|it| happened && *it >= time).unwrap_or(NEVER);
            let on = |day: f64, look: f64| day.total_cmp(&look).is_eq();
            let gone = |day: f64| {
                missed && ((at % 3 == 2 && on(day, 60.0)) || (at % 5 == 4 && on(day, 200.0)))
            };
            if gone(low) {
                low = if low > 100.0 { 100.0 } else { 30.0 };
            }
            if gone(high) {
                high = if high > 100.0 { 365.0 } else { 100.0 };
            }
            (low, high)
        })
        .collect();
    let mut arrays =
        Arrays::new(&seen.iter().map(|it| it.0).collect::<Vec<_>>(), &table.flags("z"));
    arrays.columns =
        vec![Column::numbers(Role::High, "high", seen.iter().map(|it| it.1).collect())];
    arrays.covariates = table.covariates(&["karno".to_owned()]);
    arrays
}

#[test]
fn hazards_of_snapshots_are_those_of_r() {
    let all = run("discrete_hazard", &looked_at(false).sample(), &Options::default());
    check(&all[0], &["snapshots-veteran", "glm"], 1e-8);
    check(term(&all, "karno"), &["snapshots-veteran", "karno"], 1e-8);
    // The derivatives there are numerical.
    check(&all[0], &["snapshots-veteran", "observed"], 1e-6);
    near(term(&all, "loglik").estimate, value(&["snapshots-veteran", "loglik"]), 1e-11, "loglik");
    let all = run("discrete_hazard", &looked_at(true).sample(), &Options::default());
    check(&all[0], &["snapshots-missed", "effect"], 1e-6);
    near(term(&all, "loglik").estimate, value(&["snapshots-missed", "loglik"]), 1e-10, "missed");
    near(
        term(&all, "hazard_ratio").estimate,
        value(&["snapshots-missed", "effect", "estimate"]).exp(),
        1e-6,
        "ratio",
    );
}

#[test]
fn hazards_without_an_end_are_reported() {
    let rows = [(0.0, 1.0, true), (0.0, 1.0, true), (1.0, NEVER, false), (1.0, NEVER, false)];
    let all = run("discrete_hazard", &trial(&rows).sample(), &Options::default());
    assert_eq!((all.len(), all[0].estimate, all[0].p_value), (1, None, None));
    assert!(all[0].note.as_ref().unwrap().starts_with("monotone likelihood"));
}

/// Deaths of the veterans, those with large cells being another exit.
fn exits() -> Arrays {
    let table = table("veteran");
    let status = table.numbers("status");
    let large = table.text("celltype").iter().map(|it| it == "large");
    let marks = |other: bool| -> Vec<f64> {
        let rows = status.iter().zip(large.clone());
        rows.map(|(status, large)| if large == other { *status } else { 0.0 }).collect()
    };
    let mut arrays = Arrays::new(&table.numbers("time"), &table.flags("z"));
    arrays.columns = vec![
        Column::numbers(Role::Event, "event", marks(false)),
        Column::numbers(Role::Competing, "large", marks(true)),
    ];
    arrays
}

#[test]
fn shares_with_competing_exits_are_those_of_r() {
    let times = [30.0, 100.0, 200.0, 365.0];
    let all = run_at("cumulative_incidence", &exits(), &times);
    for (arm, name) in [(0, "control"), (1, "treated")] {
        for (at, time) in ["0", "1", "2", "3"].iter().zip(times) {
            let of = |key: &str| value(&["incidence-veteran", name, key, at]);
            let event = term(&all, &format!("incidence@{time}[{arm}]"));
            near(event.estimate, of("event"), EXACT, "event");
            near(event.std_error, of("se"), EXACT, "event's error");
            let other = term(&all, &format!("competing@{time}[{arm}]"));
            near(other.estimate, of("other"), EXACT, "other");
            near(other.std_error, of("other_se"), EXACT, "other's error");
        }
    }
    let difference = term(&all, "difference@100");
    let of = |arm: &str, key: &str| value(&["incidence-veteran", arm, key, "1"]);
    near(difference.estimate, of("treated", "event") - of("control", "event"), EXACT, "difference");
    near(difference.std_error, of("treated", "se").hypot(of("control", "se")), EXACT, "error");
}

/// Without other exits it is 1 less the curve of Kaplan and Meier.
#[test]
fn without_other_exits_it_is_the_curve_turned_over() {
    let mut arrays = exits();
    let none = vec![0.0; arrays.y.len()];
    arrays.columns[1] = Column::numbers(Role::Competing, "large", none);
    let shares = run_at("cumulative_incidence", &arrays, &[50.0, 150.0]);
    arrays.columns.truncate(1);
    let curves = run_at("kaplan_meier", &arrays, &[50.0, 150.0]);
    for name in ["@50[0]", "@50[1]", "@150[0]", "@150[1]"] {
        let share = term(&shares, &format!("incidence{name}")).estimate.unwrap();
        let left = term(&curves, &format!("survival{name}")).estimate.unwrap();
        assert!((share + left - 1.0).abs() < 1e-13, "{name}: {share} {left}");
        assert_eq!(term(&shares, &format!("competing{name}")).estimate, Some(0.0));
    }
    let refused = estimator("cumulative_incidence").unwrap();
    let refused = refused.estimate(&exits().sample(), &Options::default(), None).unwrap_err();
    let (estimator, option) = ("cumulative_incidence", "times");
    assert_eq!(refused, EstimateError::NeedsOption { estimator, option });
}
