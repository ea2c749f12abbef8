//! Who is of which office, who consented, was offered a place, took part and how: of families drawn, as
//! known at the cut.

use std::collections::{BTreeMap, BTreeSet};

use lodd_store::{Table, pilot::Struck, query};

use super::{One, Source};
use crate::{
    problem::Failure,
    steps::{tables, taking_part, words},
};

/// A time of follow-up in the coordinators' log.
#[derive(Clone, Debug)]
pub(super) struct FollowUp {
    pub(super) family: String,
    pub(super) meetings: Option<u64>,
    pub(super) coordinator: Option<String>,
}

/// An offer of a place: the answer that stands, if there is one.
type Offers = BTreeMap<(i64, String), Option<String>>;

/// Facts of families after the draw.
pub(super) struct People {
    /// The office of every family, erased or not.
    pub(super) office: BTreeMap<String, String>,
    /// The family that each member is counted in.
    pub(super) family_of: BTreeMap<String, String>,
    /// Whether anyone was asked to consent to the research.
    pub(super) was_asked: bool,
    pub(super) consented: BTreeSet<String>,
    /// By draw and family.
    pub(super) started: BTreeSet<(i64, String)>,
    /// Draws with a log of offers.
    pub(super) offers: Offers,
    pub(super) follow_up: Vec<FollowUp>,
    /// Family and kind of each deviation from the draw.
    pub(super) deviations: BTreeSet<(String, String)>,
    /// Families that have left the analysis, by draw.
    pub(super) struck: BTreeSet<(i64, String)>,
}

impl People {
    pub(super) fn read(source: &Source<'_>, draws: &[One]) -> Result<Self, Failure> {
        let store = |error| words::store(&error);
        let built = source.built;
        let inputs = source.pilot.taking_part_inputs(built.cut_us).map_err(store)?;
        let (consented, _) = taking_part::families(&inputs, built.cut_day)?;
        let struck = source.pilot.struck(built.cut_us).map_err(store)?;
        let leaves = struck.into_iter().filter(Struck::leaves_analysis);
        Ok(Self {
            office: offices(named(&inputs, "office_families")?)?,
            family_of: members(source, draws)?,
            was_asked: was_asked(&inputs, built.cut_day)?,
            consented,
            started: started(named(&inputs, "started")?, built.cut_day)?,
            offers: offers(named(&inputs, "offered")?)?,
            follow_up: follow_up(named(&inputs, "follow_up")?, built.cut_day)?,
            deviations: deviations(named(&inputs, "deviations")?, built.cut_day)?,
            struck: leaves.map(|it| (it.draw, it.unit_id)).collect(),
        })
    }

    pub(super) fn has_started(&self, draw: i64, family: &str) -> bool {
        self.started.contains(&(draw, family.to_owned()))
    }

    /// The offices of families, the protocol's order first.
    pub(super) fn office_of(&self, family: &str) -> &str {
        self.office.get(family).map_or("", String::as_str)
    }
}

fn named<'t>(inputs: &'t [Table], name: &str) -> Result<&'t Table, Failure> {
    inputs.iter().find(|it| it.name() == name).ok_or_else(|| Failure::internal("table", name))
}

fn text(table: &Table, name: &str) -> Result<Vec<String>, Failure> {
    let column = table.text(name).map_err(|error| tables::internal(&error))?;
    Ok(column.iter().map(|it| it.clone().unwrap_or_default()).collect())
}

fn offices(table: &Table) -> Result<BTreeMap<String, String>, Failure> {
    Ok(text(table, "family_id")?.into_iter().zip(text(table, "office_id")?).collect())
}

/// Members of linked families are counted in the one that was drawn.
fn members(source: &Source<'_>, draws: &[One]) -> Result<BTreeMap<String, String>, Failure> {
    let store = |error| words::store(&error);
    let mut unit_of = BTreeMap::new();
    for one in draws {
        unit_of.extend(source.pilot.linked_families(one.draw()).map_err(store)?);
    }
    let members = source.pilot.roster().map_err(store)?.members.into_iter();
    let unit = |family: String| unit_of.get(&family).cloned().unwrap_or(family);
    Ok(members.map(|it| (it.member_id, unit(it.family_id))).collect())
}

fn was_asked(inputs: &[Table], today: i64) -> Result<bool, Failure> {
    let sql = format!("SELECT COUNT(*) AS n FROM asked WHERE kind = 'FORSKNING' AND at <= {today}");
    let kinds = [("n", lodd_store::Kind::Int)];
    let table = query::run(inputs, &sql, "asked_at_all", &kinds);
    let table = table.map_err(|error| words::query(&error))?;
    let n = table.int("n").map_err(|error| tables::internal(&error))?;
    Ok(n.iter().flatten().any(|it| *it > 0))
}

fn started(table: &Table, today: i64) -> Result<BTreeSet<(i64, String)>, Failure> {
    let internal = |error| tables::internal(&error);
    let draws = table.int("draw").map_err(internal)?;
    let days = table.date("started_on").map_err(internal)?;
    let families = text(table, "family_id")?;
    let all = draws.iter().zip(days).zip(families);
    let by_then = all.filter(|((_, day), _)| day.is_some_and(|day| i64::from(day) <= today));
    Ok(by_then.filter_map(|((draw, _), family)| Some(((*draw)?, family))).collect())
}

fn offers(table: &Table) -> Result<Offers, Failure> {
    let internal = |error| tables::internal(&error);
    let draws = table.int("draw").map_err(internal)?;
    let answers = table.text("answer").map_err(internal)?;
    let all = draws.iter().zip(text(table, "family_id")?).zip(answers);
    Ok(all
        .filter_map(|((draw, family), answer)| Some((((*draw)?, family), answer.clone())))
        .collect())
}

fn follow_up(table: &Table, today: i64) -> Result<Vec<FollowUp>, Failure> {
    let internal = |error| tables::internal(&error);
    let days = table.date("started_on").map_err(internal)?;
    let meetings = table.int("meetings").map_err(internal)?;
    let coordinators = table.text("coordinator").map_err(internal)?;
    let mut all = Vec::new();
    let rows = text(table, "family_id")?.into_iter().zip(days).zip(meetings).zip(coordinators);
    for (((family, day), meetings), coordinator) in rows {
        if day.is_some_and(|day| i64::from(day) <= today) {
            let meetings = meetings.and_then(|it| u64::try_from(it).ok());
            all.push(FollowUp { family, meetings, coordinator: coordinator.clone() });
        }
    }
    Ok(all)
}

fn deviations(table: &Table, today: i64) -> Result<BTreeSet<(String, String)>, Failure> {
    let days = table.date("at").map_err(|error| tables::internal(&error))?;
    let rows = text(table, "family_id")?.into_iter().zip(text(table, "kind")?).zip(days);
    let by_then = rows.filter(|(_, day)| day.is_some_and(|day| i64::from(day) <= today));
    Ok(by_then.map(|(row, _)| row).collect())
}
