//! T12, response by office, horizon and arm; and the calendar of draws, windows and deadlines.

use std::collections::BTreeSet;

use lodd_report::{
    Descriptive, Horizon, RowKind, Subject, Term, Text as Words, Title, Unit, Value,
};

use super::{
    Ground, One,
    sheet::{Key, Sheet, column, compared, empty, of_families, row, with_points},
};
use crate::problem::Failure;

/// One table a draw.
pub(super) fn read(ground: &Ground<'_>, sheet: &mut Sheet) -> Vec<Descriptive> {
    ground.draws.iter().map(|one| table(ground, one, sheet)).collect()
}

fn table(ground: &Ground<'_>, one: &One, sheet: &mut Sheet) -> Descriptive {
    let horizons = ground.source.protocol.horizons();
    let columns = horizons.iter().flat_map(|horizon| {
        let group = Title::Horizon(Horizon::from_code(horizon));
        compared(Unit::Family, Some(&group), one.arms(), Term::Contrast)
    });
    let mut table = empty(Subject::Response, Some(one.number), columns.collect());
    let there: BTreeSet<&str> =
        one.made.rows.iter().map(|it| ground.people.office_of(&it.unit_id)).collect();
    let known = ground.source.protocol.offices.iter().map(|it| it.id.as_str());
    let mut offices: Vec<&str> = known.filter(|id| there.contains(id)).collect();
    let is_known = |id: &str| ground.source.protocol.offices.iter().any(|it| it.id == id);
    offices.extend(there.iter().copied().filter(|id| !is_known(id)));
    for &office in &offices {
        let title = Title::Text(Words::same(ground.source.protocol.office_name(office)));
        let cells = cells(ground, one, Some(office), sheet);
        table.rows.push(row(RowKind::Plain, title, cells));
    }
    if offices.len() > 1 {
        let cells = cells(ground, one, None, sheet);
        table.rows.push(row(RowKind::Total, Title::Term(Term::Total), cells));
    }
    table
}

/// Observed of drawn, at each horizon in each arm. What is not due is not there yet.
fn cells(ground: &Ground<'_>, one: &One, office: Option<&str>, sheet: &mut Sheet) -> Vec<Value> {
    let people = &ground.people;
    let is_here = |family: &str| office.is_none_or(|office| people.office_of(family) == office);
    let mut all = Vec::new();
    for horizon in &ground.source.protocol.horizons() {
        let cells = one.arms().iter().map(|arm| {
            let families: Vec<&str> = one.families(arm).filter(|it| is_here(it)).collect();
            let seen = families.iter().filter(|it| ground.seen.observed(one.draw(), it, horizon));
            let key = Key {
                office,
                arm: Some(arm),
                horizon: Some(horizon),
                item: "observed",
                ..of_families("response", one.draw())
            };
            sheet.share(key, Some(seen.count() as u64), families.len() as u64)
        });
        let cells = cells.collect();
        all.extend(with_points(RowKind::Plain, Title::Term(Term::Total), cells).cells);
    }
    all
}

/// Every draw and horizon.
pub(super) fn calendar(
    ground: &Ground<'_>,
    sheet: &mut Sheet,
) -> Result<Option<Descriptive>, Failure> {
    let own = |term| column(Unit::Family, None, Title::Term(term));
    let terms = [
        Term::DrawDate,
        Term::Target,
        Term::WindowLow,
        Term::WindowHigh,
        Term::Deadline,
        Term::Families,
    ];
    let mut table = empty(Subject::Calendar, None, terms.map(own).into());
    for one in &ground.draws {
        let targets = ground.source.built.targets.iter().filter(|it| it.draw == one.draw());
        for target in targets {
            let key = |item| Key {
                horizon: Some(&target.horizon),
                item,
                ..of_families("calendar", one.draw())
            };
            let drawn_on = one.made.draw.drawn_on.map_or(target.target, i64::from);
            let dates = [
                ("drawn_on", drawn_on),
                ("target", target.target),
                ("window_low", target.window_low),
                ("window_high", target.window_high),
                ("due_on", target.due_on),
            ];
            let mut cells = Vec::new();
            for (item, day) in dates {
                cells.push(sheet.date(key(item), day)?);
            }
            cells.push(sheet.count(key("families"), one.made.rows.len() as u64));
            let title = Title::Horizon(Horizon::from_code(&target.horizon));
            table.rows.push(row(RowKind::Plain, title, cells));
        }
    }
    Ok((!table.rows.is_empty()).then_some(table))
}
