//! Rounds and times against the protocol's sentence: round r at Unix time 1692803367 + 3·(r − 1).

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn choose(wanted: Wanted<'_>, now: Timestamp, lead_minutes: i64) -> Result<u64, Failure> {
    let round = round_of(wanted)?;
    check_ahead(round, now, lead_minutes).map(|()| round)
}

fn round(round: u64) -> Wanted<'static> {
    Wanted::Round(NonZero::new(round).unwrap())
}

fn refused(wanted: Wanted<'_>, now: &str) -> String {
    let Err(Failure::Refused { summary, problems, .. }) = choose(wanted, at(now), 60) else {
        panic!("taken: {wanted:?}")
    };
    let fix = problems.first().and_then(|it| it.fix.clone()).unwrap_or_default();
    assert_ne!(summary.nb, summary.en);
    format!("{} / {}", summary.en, fix.en)
}

#[test]
fn a_round_has_the_protocols_time() {
    // 1692803367 is 2023-08-23T15:09:27Z.
    assert_eq!(time_of(1), Some(at("2023-08-23T15:09:27Z")));
    assert_eq!(time_of(1000), Some(at("2023-08-23T15:59:24Z")));
    assert_eq!(time_of(0), None);
    assert_eq!(time_of(u64::MAX), None);
    let shown = shown(time_of(1000).unwrap()).unwrap();
    assert_eq!(shown.nb, "23.08.2023 kl. 17.59.24 (UTC+02)");
    assert_eq!(shown.en, "2023-08-23T17:59:24+02:00");
}

#[test]
fn a_time_gives_the_first_round_at_or_after_it() {
    let now = at("2023-08-23T15:09:27Z");
    let chosen = |text| choose(Wanted::At(text), now, 10).unwrap();
    for (text, expected) in [
        ("2023-08-23T15:59:24Z", 1000),
        ("2023-08-23T17:59:24+02:00", 1000),
        ("2023-08-23 17:59:24", 1000),
        ("2023-08-23T15:59:22Z", 1000),
        ("2023-08-23T15:59:21.5Z", 1000),
        ("2023-08-23T15:59:24.001Z", 1001),
        ("2023-08-23 17:59", 992),
        // Norwegian winter time is an hour from UTC, summer time two.
        ("2023-12-01 12:00", 2_875_012),
        ("2023-12-01T11:00:00Z", 2_875_012),
    ] {
        assert_eq!(chosen(text), expected, "{text}");
    }
}

#[test]
fn times_that_are_none_are_refused() {
    for text in [
        "",
        "tomorrow",
        "2023-08-23",
        "2023-13-01 12:00",
        "2023-08-23 25:00",
        "2023-08-23 12:00:00 CET",
    ] {
        refused(Wanted::At(text), "2023-08-23T15:09:27Z");
    }
    // The night when the clocks go back: 02:30 is twice; in spring, never.
    for text in ["2023-10-29 02:30", "2024-03-31 02:30"] {
        let words = refused(Wanted::At(text), "2023-08-23T15:09:27Z");
        assert!(words.contains("twice or never"), "{words}");
    }
    assert!(
        choose(Wanted::At("2023-10-29T02:30:00+02:00"), at("2023-08-23T15:09:27Z"), 60).is_ok()
    );
}

/// An hour before, to the second; never a known round; never beyond a year.
#[test]
fn a_round_must_be_ahead_but_not_too_far() {
    assert!(choose(round(1201), at("2023-08-23T15:09:27Z"), 60).is_ok());
    let near = refused(round(1200), "2023-08-23T15:09:27Z");
    assert!(near.contains("at least 60 minutes before"), "{near}");
    assert!(near.contains("the first round that can be used now is"), "{near}");
    let past = refused(round(1000), "2023-08-23T15:59:24Z");
    assert!(past.contains("it is known"), "{past}");
    assert!(
        refused(Wanted::At("1969-01-01T00:00:00Z"), "2023-08-23T16:00:00Z").contains("it is known")
    );
    // 366 days are 10540800 rounds.
    assert!(choose(round(10_540_801), at("2023-08-23T15:09:27Z"), 60).is_ok());
    for far in [10_540_802, u64::MAX] {
        assert!(refused(round(far), "2023-08-23T15:09:27Z").contains("more than a year ahead"));
    }
}

#[test]
fn a_draw_is_overdue_a_day_after_its_round() {
    assert!(!is_overdue(1000, at("2023-08-24T15:59:23Z")));
    assert!(is_overdue(1000, at("2023-08-24T15:59:24Z")));
}
