//! Ids and dates that look filled in by dragging a cell (D17).

use jiff::civil::Weekday;

use super::{Period, id_header, rows::Judgement, unit_of};
use crate::{catalogue, finding::Finding, normal::clean, table::display, text::Phrase};

/// Fewer rows of one day after the other are a week's work.
const DATES_MIN: usize = 4;
/// Fewer ids that count up can be a family's members.
const IDS_MIN: usize = 3;
/// Fewer rows of one id can be of several sources.
const SAME_MIN: usize = 4;

/// Notes runs at their first row.
pub(super) fn note(rows: &mut [Judgement<'_>]) {
    let mut found: Vec<(usize, Finding)> = Vec::new();
    for (start, end) in runs(rows, is_next_day) {
        let run = rows.get(start..=end).unwrap_or_default();
        if run.len() >= DATES_MIN && run.iter().any(is_weekend) {
            found.extend(finding(run, "statusdato", counting()).map(|it| (start, it)));
        }
    }
    let counts_up = |one: &Judgement<'_>, next: &Judgement<'_>| {
        next.unit.is_none() && is_next_number(&id_of(one), &id_of(next))
    };
    for (start, end) in runs(rows, counts_up) {
        let run = rows.get(start..=end).unwrap_or_default();
        let unknown = run.iter().filter(|row| row.unit.is_none()).count();
        if run.len() >= IDS_MIN && unknown + 1 >= run.len() {
            found.extend(finding(run, id_column(run), counting()).map(|it| (start, it)));
        }
    }
    for (start, end) in runs(rows, is_same) {
        let run = rows.get(start..=end).unwrap_or_default();
        if run.len() >= SAME_MIN {
            let same = Phrase::norwegian("er like", "are the same");
            found.extend(finding(run, id_column(run), same).map(|it| (start, it)));
        }
    }
    for (at, finding) in found {
        if let Some(row) = rows.get_mut(at) {
            row.notes.push(finding);
        }
    }
}

fn counting() -> Phrase {
    Phrase::new("øker med én", "aukar med éin", "count up by one")
}

/// The first and last place of each run of rows that stand under each other and `follow`.
fn runs(
    rows: &[Judgement<'_>],
    follow: impl Fn(&Judgement<'_>, &Judgement<'_>) -> bool,
) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, pair) in rows.windows(2).enumerate() {
        let [one, next] = pair else { continue };
        let under = std::ptr::eq(one.line.table, next.line.table)
            && one.line.row.number + 1 == next.line.row.number;
        if !under || !follow(one, next) {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.1 == at => run.1 = at + 1,
            _ => runs.push((at, at + 1)),
        }
    }
    runs
}

fn is_next_day(one: &Judgement<'_>, next: &Judgement<'_>) -> bool {
    match (one.period, next.period) {
        (Period::Date(one), Period::Date(next)) => one.tomorrow().is_ok_and(|it| it == next),
        _ => false,
    }
}

fn is_weekend(row: &Judgement<'_>) -> bool {
    let Period::Date(date) = row.period else { return false };
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Whether the numbers that two ids end in, or are, count up by one after the same letters.
fn is_next_number(one: &str, next: &str) -> bool {
    let split = |id: &str| {
        let letters = id.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (letters, number) = id.split_at_checked(letters)?;
        Some((letters.to_owned(), number.parse::<u64>().ok()?))
    };
    match (split(one), split(next)) {
        (Some((a, one)), Some((b, next))) => a == b && one.checked_add(1) == Some(next),
        _ => false,
    }
}

fn is_same(one: &Judgement<'_>, next: &Judgement<'_>) -> bool {
    let comparable = !one.is_month && one.period == next.period && one.unit == next.unit;
    comparable && !id_of(one).is_empty() && id_of(one) == id_of(next)
}

fn id_of(row: &Judgement<'_>) -> String {
    let header = unit_of(row.line.table.name).map_or("familie_id", id_header);
    let cell = row.line.at(header).and_then(|at| at.cell);
    cell.map_or_else(String::new, |cell| clean(&display(&cell.value)).0.into_owned())
}

fn id_column(run: &[Judgement<'_>]) -> &'static str {
    run.first().and_then(|row| unit_of(row.line.table.name)).map_or("familie_id", id_header)
}

fn finding(run: &[Judgement<'_>], header: &str, what: Phrase) -> Option<Finding> {
    let (first, last) = (run.first()?, run.last()?);
    let rows = (first.line.row.number, last.line.row.number);
    let finding = first.line.at(header)?.finding(&catalogue::D17).suggest(Some(what));
    Some(finding.term("r1", rows.0.to_string()).term("r2", rows.1.to_string()))
}
