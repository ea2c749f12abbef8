//! Figures that were printed about real trials, to the digits that were printed.

use lodd_estimate::{Column, Correction, Number, Options, Role, Ties};

use crate::table::{Arrays, Table};
use crate::values::{run, table, term};

/// Half a unit of the last of so many decimals.
#[track_caller]
fn printed(got: Option<f64>, wanted: f64, decimals: i32) {
    let got = got.unwrap();
    assert!((got - wanted).abs() <= 0.500_001 * 10_f64.powi(-decimals), "{got} is not {wanted}");
}

/// So many rows each.
fn repeated<T: Copy>(counts: &[(usize, T)]) -> Vec<T> {
    counts.iter().flat_map(|(n, it)| vec![*it; *n]).collect()
}

/// Sommer and Zeger (1991): of 11,588 children without vitamin A 74 died; of the 12,094 in villages that
/// were to have it 2,419 did not get it, of whom 34 died, and of those who got it 12. Imbens and Rubin
/// (2015, chapter 23) print 0.0026 (0.0009) for survival, 0.80 for receipt, 0.0032 (0.0012) for compliers.
#[test]
fn vitamin_a_among_those_who_took_it() {
    let children = [
        (74, (0.0, false, 0.0)),
        (11_514, (1.0, false, 0.0)),
        (34, (0.0, true, 0.0)),
        (2_385, (1.0, true, 0.0)),
        (12, (0.0, true, 1.0)),
        (9_663, (1.0, true, 1.0)),
    ];
    let rows = repeated(&children);
    let y: Vec<f64> = rows.iter().map(|it| it.0).collect();
    let offered: Vec<bool> = rows.iter().map(|it| it.1).collect();
    let mut arrays = Arrays::new(&y, &offered);
    let offer = run("difference_in_means", &arrays.sample(), &Options::default());
    printed(offer[0].estimate, 0.0026, 4);
    printed(offer[0].std_error, 0.0009, 4);
    arrays.columns =
        vec![Column::numbers(Role::Endogenous, "taken", rows.iter().map(|it| it.2).collect())];
    let all = run("iv", &arrays.sample(), &Options::default());
    printed(all[0].estimate, 0.0032, 4);
    printed(all[0].std_error, 0.0012, 4);
}

/// Weeks in remission of Freireich et al. (1963): with 6-mercaptopurine, then with placebo.
fn remission() -> Arrays {
    let relapsed = [6, 6, 6, 7, 10, 13, 16, 22, 23];
    let censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
    let placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];
    let weeks = relapsed.iter().chain(&censored).chain(&placebo);
    let y: Vec<f64> = weeks.map(|it| f64::from(*it)).collect();
    let treated = repeated(&[(21, true), (21, false)]);
    let events = repeated(&[(9, 1.0), (12, 0.0), (21, 1.0)]);
    let columns = vec![Column::numbers(Role::Event, "relapse", events)];
    Arrays { columns, ..Arrays::new(&y, &treated) }
}

/// The curve of Klein and Moeschberger (2003), table 4.1A; the log-rank test and Cox's regression of the
/// same trial as Kalbfleisch and Prentice (2002) and Venables and Ripley (2002) print them.
#[test]
fn mercaptopurine_keeps_in_remission() {
    let times = [6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0];
    let options = Options { times: times.to_vec(), ..Options::default() };
    let all = run("kaplan_meier", &remission().sample(), &options);
    let table = [
        (6, 0.857, 0.0764),
        (7, 0.807, 0.0869),
        (10, 0.753, 0.0963),
        (13, 0.690, 0.1068),
        (16, 0.627, 0.1141),
        (22, 0.538, 0.1282),
        (23, 0.448, 0.1346),
    ];
    for (week, share, error) in table {
        let it = term(&all, &format!("survival@{week}[1]"));
        printed(it.estimate, share, 3);
        printed(it.std_error, error, 4);
    }
    let test = run("logrank", &remission().sample(), &Options::default());
    let statistic = |it: &Number| it.statistic.unwrap();
    let z = statistic(&test[0]);
    printed(Some(if test[0].df.is_some() { z } else { z * z }), 16.8, 1);
    for (ties, log_hazard, error) in [(Ties::Breslow, 1.509, 0.410), (Ties::Efron, 1.572, 0.412)] {
        let options = Options { ties, ..Options::default() };
        let all = run("cox", &remission().sample(), &options);
        printed(all[0].estimate.map(|it| -it), log_hazard, 3);
        printed(all[0].std_error, error, 3);
    }
}

/// Months to deterioration after radiotherapy alone: the masses that Fay and Shaw (2010, Journal of
/// Statistical Software 36(2)) print for the trial of Finkelstein and Wolfe (1985).
#[test]
fn deterioration_after_radiotherapy() {
    let masses = [
        (5.0, 0.0463),
        (7.0, 0.0334),
        (8.0, 0.0887),
        (12.0, 0.0708),
        (25.0, 0.0926),
        (34.0, 0.0818),
        (40.0, 0.1209),
    ];
    let options = Options { times: masses.iter().map(|it| it.0).collect(), ..Options::default() };
    let all = run("turnbull", &crate::snapshots::radiotherapy_twice().sample(), &options);
    let mut left = 1.0;
    for (month, mass) in masses {
        let now = term(&all, &format!("survival@{month}[1]")).estimate.unwrap();
        printed(Some(left - now), mass, 4);
        left = now;
    }
    printed(Some(left), 0.4656, 4);
}

/// Koch and Edwards (1988): improvement of arthritis, none, some or marked. Stokes, Davis and Koch (2000,
/// chapter 9) print 1.7973 for the treatment beside sex. Their standard error is of the expected
/// information, 0.4728; ours is of the observed one, 0.4718.
#[test]
fn arthritis_improves() {
    // (women, treated), patients with none, some and marked improvement.
    let groups = [
        ((1.0, true), [6, 5, 16]),
        ((1.0, false), [19, 7, 6]),
        ((0.0, true), [7, 2, 5]),
        ((0.0, false), [10, 0, 1]),
    ];
    let rows = groups.iter().flat_map(|((woman, treated), counts)| {
        let level = |(level, n): (u8, &usize)| vec![(f64::from(level), *treated, *woman); *n];
        (0..).zip(counts).flat_map(level).collect::<Vec<_>>()
    });
    let rows: Vec<(f64, bool, f64)> = rows.collect();
    let y: Vec<f64> = rows.iter().map(|it| it.0).collect();
    let treated: Vec<bool> = rows.iter().map(|it| it.1).collect();
    let mut arrays = Arrays::new(&y, &treated);
    let values = rows.iter().map(|it| it.2).collect();
    arrays.covariates = vec![lodd_estimate::Covariate { name: "woman".to_owned(), values }];
    let all = run("ordered_logit", &arrays.sample(), &Options::default());
    printed(all[0].estimate, 1.7973, 4);
}

/// The respiratory trial of Koch et al. (1989) in the SAS/STAT User's Guide, the chapter on PROC GEE,
/// first example (exchangeable): active treatment 1.2654 (0.3467), baseline 1.8457 (0.3460).
#[test]
fn breathing_improves() {
    let visits = table("respiratory");
    let sex: Table = table("respiratory_sex");
    let male = |id: &String| {
        let at = sex.text("uid").iter().position(|it| it == id).unwrap();
        sex.numbers("male")[at]
    };
    let mut arrays = Arrays::new(&visits.numbers("outcome"), &visits.flags("z"));
    let words = ["baseline", "age", "factor(center)"].map(str::to_owned);
    arrays.covariates = visits.covariates(&words);
    let values = visits.text("uid").iter().map(male).collect();
    arrays.covariates.push(lodd_estimate::Covariate { name: "male".to_owned(), values });
    let labels: Vec<&str> = visits.text("uid").iter().map(String::as_str).collect();
    arrays.columns = vec![Column::labels(Role::Subject, "uid", &labels)];
    let options = Options { correction: Correction::None, ..Options::default() };
    let all = run("gee", &arrays.sample(), &options);
    printed(all[0].estimate, 1.2654, 4);
    printed(all[0].std_error, 0.3467, 4);
    printed(term(&all, "baseline").estimate, 1.8457, 4);
    printed(term(&all, "baseline").std_error, 0.3460, 4);
}
