//! What a delivery is compared with: times of measurement, families that are overdue, the latest
//! answers stored, and who has left.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use lodd_intake::{Exit, History, Latest, Leaving, Measured, Overdue, Window, Workbook};
use lodd_store::Pilot;

use crate::{
    problem::Failure,
    protocol::Protocol,
    steps::{
        due::{self, Owed, State},
        panel, words,
    },
};

/// What is known so far of the families of an office and of the adults that a file tells of.
///
/// # Errors
///
/// If the store can't be read.
pub(in crate::steps) fn history(
    pilot: &Pilot,
    protocol: &Protocol,
    office: &str,
    today: Date,
    book: &Workbook,
) -> Result<History, Failure> {
    let owed = due::owed(pilot, protocol, Some(office), today)?;
    let (draws, followed) = measured(&owed, &panel::drawn_dates(pilot, i64::MAX)?);
    // What was missed at an earlier deadline is for `lodd due`: it would be said at every delivery.
    let passed = owed.iter().filter(|it| it.due_on < today);
    let mut last: BTreeMap<i64, Date> = BTreeMap::new();
    for it in passed {
        let due_on = last.entry(it.draw).or_insert(it.due_on);
        *due_on = it.due_on.max(*due_on);
    }
    let late = |it: &&Owed| {
        let of_last = last.get(&it.draw) == Some(&it.due_on);
        of_last && it.state == State::Overdue && it.is_untouched()
    };
    let overdue = |it: &Owed| Overdue {
        family_id: it.family_id.clone(),
        window: (it.window_low, it.window_high),
        due_on: it.due_on,
    };
    Ok(History {
        draws,
        followed,
        overdue: owed.iter().filter(late).map(overdue).collect(),
        latest: latest(pilot, &lodd_intake::adults_in(book))?,
        exits: exits(pilot, office)?,
    })
}

/// The windows of each draw, and the place of each family's.
fn measured(owed: &[Owed], drawn: &[(i64, Date)]) -> (Vec<Measured>, BTreeMap<String, usize>) {
    let (mut draws, mut followed) = (Vec::new(), BTreeMap::new());
    for (draw, drawn_on) in drawn {
        let own = || owed.iter().filter(|it| it.draw == *draw);
        let mut windows: BTreeMap<&str, Window> = BTreeMap::new();
        for it in own() {
            followed.insert(it.family_id.clone(), draws.len());
            let window = || Window {
                horizon: it.horizon.clone(),
                target: it.target,
                low: it.window_low,
                high: it.window_high,
            };
            windows.entry(&it.horizon).or_insert_with(window);
        }
        draws.push(Measured { drawn_on: *drawn_on, windows: windows.into_values().collect() });
    }
    (draws, followed)
}

fn latest(pilot: &Pilot, adults: &BTreeSet<String>) -> Result<BTreeMap<String, Latest>, Failure> {
    let stored = pilot.latest_snapshots(adults.iter().map(String::as_str));
    let stored = stored.map_err(|error| words::store(&error))?;
    let known = stored.into_iter().map(|(unit, it)| {
        let latest = Latest { status_date: due::date(it.status_date.into())?, codes: it.codes };
        Ok((unit, latest))
    });
    known.collect()
}

/// The first of each unit.
fn exits(pilot: &Pilot, office: &str) -> Result<BTreeMap<String, Exit>, Failure> {
    let mut exits = BTreeMap::new();
    for left in pilot.left_units(Some(office)).map_err(|error| words::store(&error))? {
        let status = if left.died { Leaving::Died } else { Leaving::Withdrew };
        let exit = Exit { status, on: due::date(left.on.into())? };
        exits.entry(left.unit_id).or_insert(exit);
    }
    Ok(exits)
}
