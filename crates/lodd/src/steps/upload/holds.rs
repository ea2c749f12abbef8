//! Which earlier holds a delivery speaks of again.

use lodd_intake::{Judged, Period};
use lodd_panel::day_number;
use lodd_store::pilot::OpenHold;
use strsim::damerau_levenshtein;

/// An id that was mistyped differs from the right one by at most so many letters.
const MISTYPED_MAX: usize = 2;

/// A family with a date (a day number) of the delivery; without one where it is held for its date.
struct Told<'j> {
    family_id: &'j str,
    day: Option<i64>,
    held: bool,
}

/// The holds that the delivery resolves: those of a family and date that it tells of again. A hold
/// whose date was what was wrong is resolved by any date of its family, if nothing of the family
/// is held again; one whose family's id was mistyped by the date of an id that is almost the same.
pub(super) fn resolved_by(open: &[OpenHold], judged: &Judged) -> Vec<(i64, i64)> {
    let told = told(judged);
    let resolved = open.iter().filter(|hold| is_resolved(hold, &told));
    resolved.map(|hold| (hold.upload_id, hold.place)).collect()
}

fn told(judged: &Judged) -> Vec<Told<'_>> {
    let good = judged.atoms.iter().map(|it| Told {
        family_id: &it.family_id,
        day: Some(day_number(it.status_date)),
        held: false,
    });
    let held = judged.held.iter().map(|it| Told {
        family_id: it.family_id.as_deref().unwrap_or_default(),
        day: match it.period {
            Period::Date(date) => Some(day_number(date)),
            Period::Month(_) | Period::Unknown => None,
        },
        held: true,
    });
    good.chain(held).collect()
}

fn is_resolved(hold: &OpenHold, told: &[Told<'_>]) -> bool {
    let day = hold.status_date.map(i64::from);
    let of_family = || told.iter().filter(|it| it.family_id == hold.family_id);
    if day.is_some() && of_family().any(|it| it.day == day) {
        return true;
    }
    let date_was_wrong = day.is_none() || hold.codes.iter().any(|code| is_of_dates(code));
    if date_was_wrong && of_family().next().is_some() && of_family().all(|it| !it.held) {
        return true;
    }
    let id_was_wrong = hold.codes.iter().any(|code| is_of_ids(code));
    let almost = |it: &&Told<'_>| {
        damerau_levenshtein(it.family_id, &hold.family_id) <= MISTYPED_MAX
            && it.family_id != hold.family_id
    };
    let good = told.iter().filter(|it| !it.held && (it.day == day || day.is_none()));
    id_was_wrong && !hold.family_id.is_empty() && good.filter(almost).count() == 1
}

/// Findings by which a row's date isn't what it should be.
fn is_of_dates(code: &str) -> bool {
    matches!(code, "D02" | "D03" | "D04" | "D05" | "D06" | "D12")
}

/// Findings by which a row's family may be another.
fn is_of_ids(code: &str) -> bool {
    matches!(code, "D08" | "D09" | "K03" | "K04" | "K09")
}
