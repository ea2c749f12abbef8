//! `lodd due`: who owes what by when. What is said here, in the form and by the checks of a
//! delivery is the same: [`owed`].

mod show;

use std::collections::BTreeMap;

use jiff::civil::Date;
use lodd_panel::horizon::Target;
use lodd_store::{
    Pilot,
    pilot::{DrawStatus, DrawnKind, Exit, FollowedMember, Occasion, RecordStatus, Report, Role},
};
pub(crate) use show::{horizon_words, run};

use super::{panel, words};
use crate::{problem::Failure, protocol::Protocol};

/// Where the answers about a family stand at a horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// The window has not opened.
    Later,
    /// It can be told of now, and the deadline has not passed.
    Open,
    /// Told of, the family and everyone in it.
    Reported,
    /// Nobody is left to tell of: they have died, moved or withdrawn.
    Ended,
    /// The deadline has passed, and somebody is missing.
    Overdue,
}

impl State {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Later => "later",
            Self::Open => "open",
            Self::Reported => "reported",
            Self::Ended => "ended",
            Self::Overdue => "overdue",
        }
    }
}

/// What has been told of a unit at a horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Something, in the window: an answer, or why there is none.
    Yes,
    /// Nothing more is to come: the unit, or its family, has died, moved or withdrawn.
    Ended,
    No,
}

/// A family, an adult or a child that a row is due of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) id: String,
    /// None for the family itself.
    pub(crate) member: Option<(Role, i32)>,
    pub(crate) told: Told,
}

/// What an office owes of a family at one horizon. All dates are included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owed {
    pub(crate) family_id: String,
    pub(crate) office_id: String,
    pub(crate) draw: i64,
    /// `12` or `2016-12-31`.
    pub(crate) horizon: String,
    pub(crate) target: Date,
    pub(crate) window_low: Date,
    pub(crate) window_high: Date,
    /// The last day on which it is delivered in time.
    pub(crate) due_on: Date,
    pub(crate) state: State,
    /// The family, then its members by id.
    pub(crate) units: Vec<Unit>,
}

impl Owed {
    /// Units of which nothing has been told and something could be.
    pub(crate) fn missing(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(|it| it.told == Told::No)
    }

    /// Whether nothing at all has been told of a family that something could be told of.
    pub(crate) fn is_untouched(&self) -> bool {
        self.units.iter().all(|it| it.told != Told::Yes) && self.missing().next().is_some()
    }
}

/// What is owed of every family in a draw that has ended, of one office or of all; by family, then
/// in the order of the horizons. It shows no arm: both are followed alike.
///
/// # Errors
///
/// If the store can't be read, or the horizons do not fit the date of a draw.
pub(super) fn owed(
    pilot: &Pilot,
    protocol: &Protocol,
    office: Option<&str>,
    today: Date,
) -> Result<Vec<Owed>, Failure> {
    let store = |error: lodd_store::StoreError| words::store(&error);
    let drawn = drawn(pilot).map_err(store)?;
    if drawn.is_empty() {
        return Ok(Vec::new());
    }
    let targets = panel::targets_of(protocol, &panel::drawn_dates(pilot, i64::MAX)?)?;
    let members = pilot.followed_members().map_err(store)?;
    let exits = pilot.exits(i64::MAX).map_err(store)?;
    let reports = Reports::new(pilot.reports(office).map_err(store)?, exits);
    let mut families = pilot.families().map_err(store)?;
    // Whoever follows a family tells of it: the last move to another office decides.
    let moves = pilot.handovers().map_err(store)?;
    let last: BTreeMap<String, String> =
        moves.into_iter().map(|it| (it.family_id, it.office_id)).collect();
    for family in &mut families {
        if let Some(office) = last.get(&family.family_id) {
            family.office_id.clone_from(office);
        }
    }
    let mut all = Vec::new();
    for family in families.iter().filter(|it| office.is_none_or(|own| own == it.office_id)) {
        let Some((draw, unit_id)) = drawn.get(&family.family_id) else { continue };
        let own = Family { id: &family.family_id, unit_id, members: &members };
        for target in targets.iter().filter(|it| it.draw == *draw) {
            let owed = one(&own, target, &reports, today)?;
            all.push(Owed { office_id: family.office_id.clone(), ..owed });
        }
    }
    Ok(all)
}

/// The families of draws that stand, each with the draw and the id it was drawn under. A family
/// struck for a fact from before the locking is not followed, and of one that was erased nothing is known.
pub(super) fn drawn(
    pilot: &Pilot,
) -> Result<BTreeMap<String, (i64, String)>, lodd_store::StoreError> {
    let mut drawn = BTreeMap::new();
    for draw in pilot.draws()?.iter().filter(|it| it.status != DrawStatus::Void) {
        let units = pilot.draw_units(draw.draw)?;
        for unit in units.into_iter().filter(|it| it.unit_kind == DrawnKind::Family) {
            drawn.insert(unit.unit_id.clone(), (draw.draw, unit.unit_id));
        }
        for (family_id, unit_id) in pilot.linked_families(draw.draw)? {
            drawn.insert(family_id, (draw.draw, unit_id));
        }
    }
    let struck = pilot.struck(i64::MAX)?;
    let gone = |draw: i64, unit: &str| {
        struck.iter().any(|it| it.draw == draw && it.unit_id == unit && it.leaves_analysis())
    };
    drawn.retain(|_, (draw, unit)| !gone(*draw, unit));
    for erased in pilot.erasures()? {
        drawn.remove(&erased.family_id);
    }
    Ok(drawn)
}

/// A family as its office tells of it.
struct Family<'a> {
    id: &'a str,
    /// The id it was drawn under.
    unit_id: &'a str,
    /// Those of every family, by id.
    members: &'a [FollowedMember],
}

impl Family<'_> {
    /// Those who are followed, in the order of their ids: parents, partners and children.
    fn members(&self) -> impl Iterator<Item = &FollowedMember> {
        let from = self.members.partition_point(|it| it.member_id.as_str() < self.id);
        let after = self.members.get(from..).unwrap_or_default().iter();
        after
            .take_while(|it| it.member_id.starts_with(self.id))
            .filter(|it| it.in_itt && it.unit_id == self.unit_id && it.role != Role::OtherAdult)
    }
}

fn one(
    family: &Family<'_>,
    target: &Target,
    reports: &Reports,
    today: Date,
) -> Result<Owed, Failure> {
    let itself = reports.told(family.unit_id, target);
    let mut units = vec![Unit { id: family.id.to_owned(), member: None, told: itself }];
    for member in family.members() {
        let own = reports.told(&member.member_id, target);
        let told = if own == Told::No && reports.ended(family.unit_id, target) {
            Told::Ended
        } else if own == Told::No && reports.unreached(family.unit_id, target) {
            Told::Yes
        } else {
            own
        };
        let id = member.member_id.clone();
        units.push(Unit { id, member: Some((member.role, member.birth_year)), told });
    }
    // A family in which everyone has ended has nobody to tell of.
    if units.len() > 1 && units.iter().skip(1).all(|it| it.told == Told::Ended) {
        units
            .iter_mut()
            .take(1)
            .filter(|it| it.told == Told::No)
            .for_each(|it| it.told = Told::Ended);
    }
    let (low, high) = (date(target.window_low)?, date(target.window_high)?);
    let due_on = date(target.due_on)?;
    let all = |told: Told| units.iter().all(|it| it.told == told);
    let state = if all(Told::Ended) {
        State::Ended
    } else if units.iter().all(|it| it.told != Told::No) {
        State::Reported
    } else if today < low {
        State::Later
    } else if today <= due_on {
        State::Open
    } else {
        State::Overdue
    };
    Ok(Owed {
        family_id: family.id.to_owned(),
        office_id: String::new(),
        draw: target.draw,
        horizon: target.horizon.clone(),
        target: date(target.target)?,
        window_low: low,
        window_high: high,
        due_on,
        state,
        units,
    })
}

/// A date from days since 1970-01-01.
pub(super) fn date(days: i64) -> Result<Date, Failure> {
    let span = jiff::Span::new().try_days(days);
    span.and_then(|days| jiff::civil::date(1970, 1, 1).checked_add(days))
        .map_err(|error| Failure::internal("date", error))
}

/// What has been told, and who was out when; by unit.
struct Reports {
    told: BTreeMap<String, Vec<Report>>,
    out: BTreeMap<String, Vec<Exit>>,
}

impl Reports {
    fn new(reports: Vec<Report>, exits: Vec<Exit>) -> Self {
        let (mut told, mut out) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        for report in reports {
            told.entry(report.unit_id.clone()).or_default().push(report);
        }
        for exit in exits {
            out.entry(exit.unit_id.clone()).or_default().push(exit);
        }
        Self { told, out }
    }

    fn of(&self, unit: &str) -> &[Report] {
        self.told.get(unit).map_or(&[], Vec::as_slice)
    }

    /// As the panel has it: an extra contact answers nothing, who has left the service is followed
    /// all the same, and who has ended is asked no more.
    fn told(&self, unit: &str, target: &Target) -> Told {
        let answers = |it: &Report| match it.record_status {
            RecordStatus::Observed => it.occasion == Occasion::Planned,
            RecordStatus::LeftService | RecordStatus::Retracted => false,
            _ => true,
        };
        if self.of(unit).iter().any(|it| in_window(it, target) && answers(it)) {
            Told::Yes
        } else if self.ended(unit, target) {
            Told::Ended
        } else {
            Told::No
        }
    }

    /// Whether the unit was dead, withdrawn or away at the window's end.
    fn ended(&self, unit: &str, target: &Target) -> bool {
        let ends = |it: &Report| {
            matches!(
                it.record_status,
                RecordStatus::Died | RecordStatus::Withdrawn | RecordStatus::Moved
            )
        };
        let by_then = |day: i32| i64::from(day) <= target.window_high;
        let out = |it: &Exit| by_then(it.from_on) && !it.until_on.is_some_and(by_then);
        self.of(unit).iter().any(|it| ends(it) && by_then(it.status_date))
            || self.out.get(unit).is_some_and(|exits| exits.iter().any(out))
    }

    /// Whether the unit was not reached in the window: a family's word holds for everyone in it.
    fn unreached(&self, unit: &str, target: &Target) -> bool {
        let unreached = |it: &Report| it.record_status == RecordStatus::NotReached;
        self.of(unit).iter().any(|it| in_window(it, target) && unreached(it))
    }
}

fn in_window(report: &Report, target: &Target) -> bool {
    (target.window_low..=target.window_high).contains(&i64::from(report.status_date))
}
