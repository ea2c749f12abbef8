//! Whether a status date counts in a measurement (D07).

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{super::Snapshot, Judgement, finding};
use crate::{
    catalogue,
    expectations::{Expectations, Window},
    finding::Finding,
    text::Phrase,
};

/// The finding for the first row of a family on a date that lies in none of its windows. What was
/// not planned, or not observed, need not count.
pub(super) fn outside(
    row: &Judgement<'_>,
    snapshot: &Snapshot,
    expect: &Expectations,
    told: &mut BTreeSet<(String, Date)>,
) -> Option<Finding> {
    let family = row.family.as_deref()?;
    let history = &expect.history;
    let windows = &history.draws.get(*history.followed.get(family)?)?.windows;
    let day = snapshot.status_date;
    let counts = snapshot.occasion == "PLANLAGT" && snapshot.record_status == "OBSERVERT";
    if !counts || windows.iter().any(|it| (it.low..=it.high).contains(&day)) {
        return None;
    }
    let (days, window) = windows
        .iter()
        .map(|it| (days_between(it.target, day), it))
        .min_by_key(|(days, _)| *days)?;
    let nearest = Phrase::date(window.target);
    told.insert((family.to_owned(), day)).then(|| {
        let finding = finding(row, &catalogue::D07, "statusdato").value(Phrase::date(day));
        finding.expected(nearest).count(days).term("h", measurement(window))
    })
}

fn measurement(window: &Window) -> Phrase {
    if window.horizon.contains('-') {
        let date = Phrase::date(window.target);
        return Phrase::new(
            format!("målingen {}", date.nb),
            format!("målinga {}", date.nn),
            format!("the measurement on {}", date.en),
        );
    }
    let months = &window.horizon;
    Phrase::new(
        format!("{months}-månedersmålingen"),
        format!("{months}-månadersmålinga"),
        format!("the {months}-month measurement"),
    )
}

/// Days from one date to another, whichever is first.
pub(super) fn days_between(one: Date, other: Date) -> usize {
    let days = one.until(other).map_or(0, |span| span.get_days());
    usize::try_from(days.unsigned_abs()).unwrap_or(usize::MAX)
}
