//! T4, what each arm got: offered, started, meetings, measures, coordinator; crossover; and the contrast
//! between the arms.

use std::collections::{BTreeMap, BTreeSet};

use lodd_report::{
    Cell, Descriptive, DescriptiveRow, Number, RowKind, Stage, Subject, Term, Title, Unit, Value,
};

use super::{
    Ground, One,
    people::People,
    seen::Work,
    sheet::{Key, Sheet, against, compared, empty, of_families, with_points, without_points},
};

/// One table a draw.
pub(super) fn read(ground: &Ground<'_>, sheet: &mut Sheet) -> Vec<Descriptive> {
    ground.draws.iter().map(|one| table(ground, one, sheet)).collect()
}

/// A row: its name, what it is called, whether anything was recorded of anyone in the draw, and which
/// families it holds for.
type Holds<'h> = (&'static str, Title, bool, &'h dyn Fn(&str) -> bool);

fn table(ground: &Ground<'_>, one: &One, sheet: &mut Sheet) -> Descriptive {
    let (people, draw) = (&ground.people, one.draw());
    let columns = compared(Unit::Family, None, one.arms(), Term::Contrast);
    let mut table = empty(Subject::Received, Some(one.number), columns);
    let count = |arm: &str| one.families(arm).count() as u64;
    let cells = one.arms().iter().map(|arm| sheet.count(key(one, arm, "drawn"), count(arm)));
    let cells = cells.collect();
    table.rows.push(without_points(RowKind::Base, Title::Stage(Stage::Drawn), cells));

    let has_offers = people.offers.keys().any(|(of, _)| *of == draw);
    let offer = |family: &str| people.offers.get(&(draw, family.to_owned()));
    let offered = |family: &str| offer(family).is_some();
    let accepted = |family: &str| offer(family).is_some_and(|it| it.as_deref() == Some("JA"));
    let has_started = people.started.iter().any(|(of, _)| *of == draw);
    let started = |family: &str| people.has_started(draw, family);
    let followed = followed(people, one);
    let in_log = |family: &str| followed.contains_key(family);
    let met = |family: &str| followed.get(family).is_some_and(|it| it.meetings.unwrap_or(0) > 0);
    let has_coordinator = |family: &str| followed.get(family).is_some_and(|it| it.coordinated);
    let has_log = !followed.is_empty();
    let deviated: BTreeSet<&str> = people.deviations.iter().map(|it| it.0.as_str()).collect();
    let any_deviation = one.made.rows.iter().any(|it| deviated.contains(it.unit_id.as_str()));
    let of_kind = |family: &str, kind: &str| {
        people.deviations.contains(&(family.to_owned(), kind.to_owned()))
    };
    let crossed = |family: &str| of_kind(family, "KRYSSET_OVER");
    let controlled = |family: &str| of_kind(family, "KONTROLL_FULGT_OPP");
    let other = |family: &str| of_kind(family, "ANNET");
    let stage = Title::Stage;
    let term = Title::Term;
    let rows: [Holds<'_>; 9] = [
        ("offered", stage(Stage::Offered), has_offers, &offered),
        ("accepted", stage(Stage::Accepted), has_offers, &accepted),
        ("started", stage(Stage::Started), has_started, &started),
        ("in_log", term(Term::FollowedUp), has_log, &in_log),
        ("met", term(Term::Met), has_log, &met),
        ("coordinator", term(Term::HasCoordinator), has_log, &has_coordinator),
        ("crossed_over", term(Term::CrossedOver), any_deviation, &crossed),
        ("control_followed", term(Term::ControlFollowed), any_deviation, &controlled),
        ("other_deviation", term(Term::OtherDeviation), any_deviation, &other),
    ];
    for row in rows {
        table.rows.push(holding(one, sheet, row));
    }
    table.rows.push(meetings(one, sheet, &followed));
    table.rows.extend(work(ground, one, sheet));
    table
}

fn key<'k>(one: &One, arm: &'k str, item: &'k str) -> Key<'k> {
    Key { arm: Some(arm), item, ..of_families("received", one.draw()) }
}

/// Of all drawn in each arm, those that something holds for.
fn holding(
    one: &One,
    sheet: &mut Sheet,
    (item, title, is_recorded, holds): Holds<'_>,
) -> DescriptiveRow {
    let cells = one.arms().iter().map(|arm| {
        let n = is_recorded.then(|| one.families(arm).filter(|it| holds(it)).count() as u64);
        sheet.share(key(one, arm, item), n, one.families(arm).count() as u64)
    });
    let cells = cells.collect();
    with_points(RowKind::Plain, title, cells)
}

/// What the coordinators' log says of a family, over all its times of follow-up.
#[derive(Clone, Copy, Debug, Default)]
struct Followed {
    /// `None` where no number was recorded.
    meetings: Option<u64>,
    coordinated: bool,
}

/// The families of a draw that the log tells of.
fn followed(people: &People, one: &One) -> BTreeMap<String, Followed> {
    let drawn: BTreeSet<&str> = one.made.rows.iter().map(|it| it.unit_id.as_str()).collect();
    let mut all: BTreeMap<String, Followed> = BTreeMap::new();
    for time in people.follow_up.iter().filter(|it| drawn.contains(it.family.as_str())) {
        let of = all.entry(time.family.clone()).or_default();
        if let Some(meetings) = time.meetings {
            of.meetings = Some(of.meetings.unwrap_or(0) + meetings);
        }
        of.coordinated |= time.coordinator.is_some();
    }
    all
}

/// Meetings a family, among those with a number.
fn meetings(one: &One, sheet: &mut Sheet, followed: &BTreeMap<String, Followed>) -> DescriptiveRow {
    let known = |arm: &str| -> Vec<f64> {
        let of = one.families(arm).filter_map(|it| followed.get(it)?.meetings);
        of.map(|n| n as f64).collect()
    };
    let arms = one.arms();
    let means: Vec<_> = arms.iter().map(|arm| super::profile::moments(&known(arm))).collect();
    let mut cells: Vec<Value> = arms
        .iter()
        .zip(&means)
        .map(|(arm, moments)| match moments.0 {
            0 => Value::Count(Cell::Missing),
            _ => sheet.mean(key(one, arm, "meetings"), *moments, false),
        })
        .collect();
    let control = means.last().and_then(|it| it.1);
    for (_, (_, mean, _)) in against(arms).zip(&means) {
        let difference = mean.zip(control).map(|(one, other)| one - other);
        cells.push(Value::Decimal(Number::from(difference)));
    }
    DescriptiveRow { kind: RowKind::Plain, title: Title::Term(Term::Meetings), cells }
}

/// Measures and the programme, of the families seen after the draw: whatever their arm.
fn work(ground: &Ground<'_>, one: &One, sheet: &mut Sheet) -> Vec<DescriptiveRow> {
    let of = |family: &str| ground.seen.work.get(&(one.draw(), family.to_owned())).copied();
    let seen = |arm: &str| -> Vec<Work> { one.families(arm).filter_map(of).collect() };
    let any = one.arms().iter().any(|arm| !seen(arm).is_empty());
    let row = |sheet: &mut Sheet, item, term, holds: fn(&Work) -> bool, of_drawn: bool| {
        let cells = one.arms().iter().map(|arm| {
            let seen = seen(arm);
            let whole = if of_drawn { one.families(arm).count() } else { seen.len() };
            let n = any.then(|| seen.iter().filter(|it| holds(it)).count() as u64);
            sheet.share(key(one, arm, item), n, whole as u64)
        });
        let cells = cells.collect();
        let kind = if of_drawn { RowKind::Plain } else { RowKind::Part };
        with_points(kind, Title::Term(term), cells)
    };
    vec![
        row(sheet, "seen", Term::ObservedOnce, |_| true, true),
        row(sheet, "in_measure", Term::InMeasure, |it| it.in_measure, false),
        row(sheet, "in_programme", Term::InProgramme, |it| it.in_programme, false),
    ]
}
