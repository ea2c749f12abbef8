//! Targets and windows. Expected dates were counted on a calendar.

use lodd_panel::{
    MistakeKind, Panel,
    horizon::{At, Followup, Horizon, Target},
    month_number,
};

use crate::case::{date, day, horizons, month, protocol};

fn target(months: i64, drawn_on: &str) -> Target {
    horizons(&[months]).targets(&[(1, date(drawn_on))]).unwrap().remove(0)
}

#[test]
fn a_month_that_is_too_short_ends_on_its_last_day() {
    let at = |months, on| target(months, on).target;
    assert_eq!(at(6, "2015-08-31"), day("2016-02-29"), "a leap year");
    assert_eq!(at(6, "2014-08-31"), day("2015-02-28"), "a common year");
    assert_eq!(at(12, "2016-02-29"), day("2017-02-28"));
    assert_eq!(at(3, "2015-11-30"), day("2016-02-29"));
    assert_eq!(at(18, "2015-03-31"), day("2016-09-30"));
    assert_eq!(at(12, "2015-08-20"), day("2016-08-20"));
}

#[test]
fn default_windows_are_those_of_the_data_model() {
    let window = |months| {
        let it = target(months, "2015-08-20");
        (it.window_low - it.target, it.window_high - it.target, it.due_on - it.window_high)
    };
    assert_eq!(window(0), (-60, 0, 30));
    assert_eq!([window(3), window(6)], [(-30, 30, 30); 2]);
    assert_eq!([window(12), window(18), window(24)], [(-45, 45, 30); 3]);
}

#[test]
fn months_count_from_the_one_after_the_draw() {
    let it = target(12, "2015-08-31");
    assert_eq!((it.month_first, it.month_last), (month("2015-09"), month("2016-08")));
    let start = target(0, "2015-08-31");
    assert_eq!(start.month_last, start.month_first - 1, "no month yet");
}

#[test]
fn a_date_is_the_same_for_every_draw() {
    let at = At::Date(date("2016-12-31"));
    let horizon = Horizon { at, low_days: Some(30), high_days: Some(31) };
    let followup = Followup { reporting_lag_days: 30, horizons: vec![horizon] };
    let draws = [(1, date("2015-08-20")), (2, date("2016-01-10"))];
    let targets = followup.targets(&draws).unwrap();
    for it in &targets {
        assert_eq!(it.horizon, "2016-12-31");
        assert_eq!(it.window_low, day("2016-12-01"));
        assert_eq!(it.window_high, day("2017-01-31"));
        assert_eq!(it.due_on, day("2017-03-02"));
        assert_eq!((it.target_year, it.month_last), (2016, month_number(date("2016-12-01"))));
    }
    assert_eq!(targets[0].month_first, month("2015-09"));
    assert_eq!(targets[1].month_first, month("2016-02"));
    let late = followup.targets(&[(1, date("2016-12-31"))]).unwrap_err();
    assert!(matches!(late[0].kind, MistakeKind::BeforeDraw { .. }), "{late:?}");
}

#[test]
fn windows_that_share_a_day_are_refused_and_both_are_named() {
    // 3 and 4 months are at most 31 days apart; ±15 and ±15 share a day where they are 28 to 30.
    let short = |months, days| Horizon {
        at: At::Months(months),
        low_days: Some(days),
        high_days: Some(days),
    };
    let mut it = protocol(&[], &[]);
    it.followup.horizons = vec![short(3, 15), short(4, 15)];
    let mistakes = Panel::new(&it).unwrap_err();
    assert_eq!(mistakes[0].path, "followup.horizon[1]");
    let MistakeKind::Overlap { first, second, .. } = &mistakes[0].kind else { panic!() };
    assert_eq!((first.as_str(), second.as_str()), ("3", "4"));
    // 28 days apart at the least (31 January and 28 February): ±13 leaves a day between.
    it.followup.horizons = vec![short(3, 13), short(4, 13)];
    assert!(Panel::new(&it).is_ok());
    // A date 1 day after the last of a window is apart; the same day is not.
    let at_date = |on| Horizon { at: At::Date(date(on)), low_days: Some(0), high_days: Some(0) };
    let mut followup = horizons(&[12]);
    followup.horizons.push(at_date("2016-10-05"));
    assert!(
        followup.targets(&[(1, date("2015-08-20"))]).is_ok(),
        "45 days after 20 August is 4 October"
    );
    for (on, apart) in [("2016-10-04", false), ("2016-07-06", false), ("2016-07-05", true)] {
        followup.horizons[1] = at_date(on);
        assert_eq!(followup.targets(&[(1, date("2015-08-20"))]).is_ok(), apart, "{on}");
    }
}

#[test]
fn a_horizon_without_a_default_needs_its_window() {
    let mistakes = Panel::new(&protocol(&[9], &[])).unwrap_err();
    assert_eq!(mistakes[0].path, "followup.horizon[0]");
    assert!(matches!(mistakes[0].kind, MistakeKind::NoDefaultWindow { .. }));
    let mut it = protocol(&[0, 600, -1], &[]);
    it.followup.horizons[0].high_days = Some(1);
    let paths: Vec<String> = Panel::new(&it).unwrap_err().into_iter().map(|it| it.path).collect();
    assert!(paths.contains(&"followup.horizon[0].high_days".to_owned()), "{paths:?}");
    assert!(paths.contains(&"followup.horizon[1].months".to_owned()), "{paths:?}");
    assert!(paths.contains(&"followup.horizon[2].months".to_owned()), "{paths:?}");
}

/// Dates need no draw to be held against each other, and months only each other: at `lodd check`.
#[test]
fn dates_whose_windows_share_a_day_are_refused_before_a_draw() {
    let at = |on: &str, days| Horizon {
        at: At::Date(date(on)),
        low_days: Some(days),
        high_days: Some(days),
    };
    let mut it = protocol(&[], &[]);
    it.followup.horizons = vec![at("2016-12-31", 31), at("2017-03-03", 31)];
    // 31 January and 31 January: 62 days apart, 31 each.
    let mistakes = Panel::new(&it).unwrap_err();
    assert_eq!(mistakes[0].path, "followup.horizon[1]");
    it.followup.horizons[1] = at("2017-03-04", 31);
    assert!(Panel::new(&it).is_ok());
}
