//! The flow and the criteria: every step, its reasons, and the sums between the steps.

use std::collections::BTreeMap;

use lodd_report::{Cell, Eligibility, FlowRow, Horizon, Reason, RuleCount, Stage, Unit};

use super::{
    Ground, horizon,
    linked::{Decided, Spot, series},
};

/// Which number a row is, its arm left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    level: Unit,
    stage: Stage,
    horizon: Option<Horizon>,
    source: Option<String>,
    register: Option<String>,
    outcome: Option<String>,
    reason: Option<String>,
}

/// A row that may be printed, with its number.
#[derive(Debug)]
pub(super) struct Row {
    step: Step,
    of: FlowRow,
    spot: Option<Spot>,
}

/// Stages whose reason is the kind of consent that was asked for.
fn by_kind(stage: Stage) -> bool {
    (Stage::Asked..=Stage::Withdrew).contains(&stage)
}

fn step(row: &FlowRow) -> Step {
    let FlowRow { level, arm: _, stage, horizon, source, register, outcome, reason, count: _ } =
        row;
    Step {
        level: *level,
        stage: *stage,
        horizon: horizon.clone(),
        source: source.clone(),
        register: register.clone(),
        outcome: outcome.as_ref().map(|it| it.nb.clone()),
        reason: reason.as_ref().map(|it| match it {
            Reason::Code(code) => code.clone(),
            Reason::Text(text) => text.nb.clone(),
        }),
    }
}

/// The rows that a report prints: each step once, with its total, and the total of its reasons.
pub(super) fn printed(rows: Vec<FlowRow>, arms: &[String]) -> Vec<Row> {
    let mut found: Vec<Row> = Vec::new();
    let is_printed = |row: &FlowRow| match row.stage {
        Stage::NotAnalysed => false,
        Stage::Analysed => true,
        _ => row.source.is_none(),
    };
    for row in rows.into_iter().filter(is_printed) {
        add(&mut found, row);
    }
    let of_missing = |it: &&Row| it.of.stage == Stage::Missing && it.of.reason.is_some();
    let parts: Vec<FlowRow> = found.iter().filter(of_missing).map(|it| it.of.clone()).collect();
    let has = |found: &[Row], row: &FlowRow| found.iter().any(|it| it.step == step(row));
    let whole = |part: &FlowRow| FlowRow { reason: None, ..part.clone() };
    let lacking: Vec<FlowRow> = parts.iter().map(whole).filter(|row| !has(&found, row)).collect();
    for row in lacking {
        add(&mut found, row);
    }
    // An arm without a row is printed as none.
    let of_arms: Vec<FlowRow> =
        found.iter().filter(|it| it.of.arm.is_some()).map(|it| it.of.clone()).collect();
    for row in of_arms {
        for arm in arms {
            add(
                &mut found,
                FlowRow { arm: Some(arm.clone()), count: Cell::Count(0), ..row.clone() },
            );
        }
    }
    let of_arms: Vec<FlowRow> =
        found.iter().filter(|it| it.of.arm.is_some()).map(|it| it.of.clone()).collect();
    let is_total = |it: &Row, row: &FlowRow| it.of.arm.is_none() && it.step == step(row);
    let lacking: Vec<FlowRow> = of_arms
        .into_iter()
        .filter(|row| !found.iter().any(|it| is_total(it, row)))
        .map(|row| FlowRow { arm: None, ..row })
        .collect();
    for row in lacking {
        add(&mut found, row);
    }
    found
}

fn add(found: &mut Vec<Row>, row: FlowRow) {
    let step = step(&row);
    let there = found.iter_mut().find(|it| it.step == step && it.of.arm == row.arm);
    match there {
        Some(there) => there.of.count = there.of.count.plus(row.count),
        None => found.push(Row { step, of: row, spot: None }),
    }
}

/// Enters the rows and the sums that hold between them.
pub(super) fn enter(ground: &mut Ground<'_>, rows: &mut [Row]) {
    for row in rows.iter_mut() {
        let (Some(n), false) = (row.of.count.count(), row.step.level == Unit::Office) else {
            continue;
        };
        let Step { level, stage, horizon: at, source, register, outcome, reason } = &row.step;
        let arm = row.of.arm.as_deref();
        let at = at.as_ref().map(horizon);
        let name = series(
            *level,
            &super::stage(*stage),
            &[
                ("h", at.as_deref()),
                ("source", source.as_deref()),
                ("register", register.as_deref()),
                ("outcome", outcome.as_deref()),
                ("reason", reason.as_deref()),
                ("arm", arm),
            ],
        );
        let is_gated =
            arm.is_some() && !matches!(stage, Stage::Drawn | Stage::Due) && !ground.gate.is_open();
        row.spot = Some(match (is_gated, *stage) {
            (true, _) => ground.linked.gated(name, *level, n),
            (false, Stage::Drawn) if *level == Unit::Family => ground.linked.known(name, *level, n),
            (false, _) => ground.linked.count(name, *level, n),
        });
    }
    let index = index(rows);
    arms(ground, &index);
    let mut places: Vec<(Step, Option<String>)> = index.keys().cloned().collect();
    places.dedup();
    for (step, arm) in places {
        Laws { index: &index, arm: &arm }.hold(ground, &step);
    }
}

/// Units drawn by unit and arm, over all draws.
pub(super) fn drawn(rows: &[Row]) -> BTreeMap<(Unit, String), Spot> {
    let own = rows.iter().filter(|it| it.step.stage == Stage::Drawn);
    own.filter_map(|it| Some(((it.step.level, it.of.arm.clone()?), it.spot?))).collect()
}

type Index = BTreeMap<(Step, Option<String>), Spot>;

fn index(rows: &[Row]) -> Index {
    let entry = |it: &Row| Some(((it.step.clone(), it.of.arm.clone()), it.spot?));
    rows.iter().filter_map(entry).collect()
}

/// A step's total is the sum of its arms.
fn arms(ground: &mut Ground<'_>, index: &Index) {
    let mut by_step: BTreeMap<&Step, (Option<Spot>, Vec<Spot>)> = BTreeMap::new();
    for ((step, arm), spot) in index {
        let there = by_step.entry(step).or_default();
        match arm {
            None => there.0 = Some(*spot),
            Some(_) => there.1.push(*spot),
        }
    }
    for (total, arms) in by_step.into_values() {
        if let (Some(total), false) = (total, arms.is_empty()) {
            ground.linked.sum(total, &arms);
        }
    }
}

/// A whole and its parts, held where the last of the parts is counted.
const SUMS: [(Stage, &[Stage]); 4] = [
    (Stage::Assessed, &[Stage::NotEligible, Stage::Eligible]),
    (Stage::Drawn, &[Stage::Erased, Stage::Missing, Stage::Observed]),
    (Stage::Asked, &[Stage::Declined, Stage::Consented]),
    (Stage::Offered, &[Stage::Refused, Stage::NotReached, Stage::NoAnswer, Stage::Accepted]),
];

/// Parts of a whole; that all of it, or nothing, is in the part says something of each.
const WITHIN: [(Stage, Stage); 7] = [
    (Stage::Drawn, Stage::Asked),
    (Stage::Drawn, Stage::Offered),
    (Stage::Drawn, Stage::Started),
    (Stage::Drawn, Stage::Struck),
    (Stage::Drawn, Stage::Analysed),
    (Stage::Consented, Stage::Withdrew),
    (Stage::Present, Stage::Split),
];

/// Parts of a whole of which all of it is no secret: what the calendar or the criteria make so.
const SAME: [(Stage, Stage); 2] = [(Stage::Drawn, Stage::Due), (Stage::Eligible, Stage::Drawn)];

/// The numbers of one arm, or of all together.
struct Laws<'i> {
    index: &'i Index,
    arm: &'i Option<String>,
}

impl Laws<'_> {
    fn of(&self, step: Step) -> Option<Spot> {
        self.index.get(&(step, self.arm.clone())).copied()
    }

    /// The number of another stage where `step` is: those that are counted once hold everywhere.
    fn beside(&self, step: &Step, stage: Stage) -> Option<Spot> {
        let once = matches!(
            stage,
            Stage::Drawn | Stage::Erased | Stage::Assessed | Stage::Eligible | Stage::NotEligible
        );
        let reason = if by_kind(stage) { step.reason.clone() } else { None };
        let horizon = if once { None } else { step.horizon.clone() };
        let level = step.level;
        let (source, register, outcome) = (None, None, None);
        self.of(Step { level, stage, horizon, source, register, outcome, reason })
    }

    /// The sums that a step is in.
    fn hold(&self, ground: &mut Ground<'_>, step: &Step) {
        let Some(own) = self.of(step.clone()) else { return };
        let is_part = step.reason.is_some() && !by_kind(step.stage);
        if is_part {
            // Reasons for not being eligible overlap, and follow from the criteria.
            if let (Stage::NotEligible, Some(whole)) =
                (step.stage, self.beside(step, Stage::NotEligible))
            {
                ground.linked.same(whole, own);
            }
            return;
        }
        for (whole, parts) in SUMS.iter().filter(|it| it.1.last() == Some(&step.stage)) {
            let there = |it: &&Stage| **it != Stage::Erased && self.beside(step, **it).is_some();
            let is_full = parts.iter().filter(there).count() < 2;
            let parts: Vec<Spot> = parts.iter().filter_map(|it| self.beside(step, *it)).collect();
            match self.beside(step, *whole) {
                Some(whole) if whole != own && is_full => ground.linked.partial(whole, &parts),
                Some(whole) if whole != own => ground.linked.sum(whole, &parts),
                _ => {}
            }
        }
        for (whole, _) in WITHIN.iter().filter(|it| it.1 == step.stage) {
            if let Some(whole) = self.beside(step, *whole) {
                ground.linked.within(whole, own);
            }
        }
        for (whole, _) in SAME.iter().filter(|it| it.1 == step.stage) {
            if let Some(whole) = self.beside(step, *whole) {
                ground.linked.same(whole, own);
            }
        }
        match step.stage {
            Stage::Missing => self.missing(ground, step, own),
            Stage::Present => self.present(ground, step, own),
            _ => {}
        }
    }

    /// Reasons for being missing exclude each other.
    fn missing(&self, ground: &mut Ground<'_>, step: &Step, own: Spot) {
        let is_reason =
            |it: &&Step| it.reason.is_some() && Step { reason: None, ..(*it).clone() } == *step;
        let steps = self.index.keys().filter(|it| it.1 == *self.arm).map(|it| &it.0);
        let reasons: Vec<Spot> =
            steps.filter(is_reason).filter_map(|it| self.of(it.clone())).collect();
        match reasons.len() {
            0 => {}
            1 => ground.linked.partial(own, &reasons),
            _ => ground.linked.sum(own, &reasons),
        }
    }

    /// Those who were drawn and those who came since are those who left and those who are there.
    fn present(&self, ground: &mut Ground<'_>, step: &Step, own: Spot) {
        let Some((drawn, came)) =
            self.beside(step, Stage::Drawn).zip(self.beside(step, Stage::Came))
        else {
            return;
        };
        let left = [Stage::Erased, Stage::Died, Stage::Left, Stage::Dissolved];
        let mut to: Vec<Spot> = left.iter().filter_map(|it| self.beside(step, *it)).collect();
        to.push(own);
        ground.linked.balance(&[drawn, came], &to);
    }
}

/// The rows as they are printed.
pub(super) fn apply(decided: &Decided, rows: Vec<Row>) -> Vec<FlowRow> {
    let shown = |it: Row| {
        let Row { step: _, of: row, spot } = it;
        let count = super::cell(decided, spot, row.count);
        FlowRow { count, ..row }
    };
    rows.into_iter().map(shown).collect()
}

/// The numbers of the criteria: assessed, eligible, and of each rule those it does not hold for,
/// and of these those who are not eligible.
#[derive(Debug)]
pub(super) struct Judged {
    assessed: Option<Spot>,
    eligible: Option<Spot>,
    rules: Vec<(Option<Spot>, Option<Spot>)>,
}

pub(super) fn enter_eligibility(ground: &mut Ground<'_>, it: &Eligibility) -> Judged {
    let Eligibility { unit, as_of: _, assessed, eligible, expression: _, rules } = it;
    let linked = &mut ground.linked;
    let mut count = |what: &str, reason: Option<&str>, n: Cell| {
        let name = series(*unit, what, &[("reason", reason)]);
        Some(linked.count(name, *unit, n.count()?))
    };
    let (assessed, eligible) =
        (count("Assessed", None, *assessed), count("Eligible", None, *eligible));
    let not = match (it.assessed.count(), it.eligible.count()) {
        (Some(all), Some(some)) => {
            count("NotEligible", None, Cell::Count(all.saturating_sub(some)))
        }
        _ => None,
    };
    let spots: Vec<(Option<Spot>, Option<Spot>)> = rules
        .iter()
        .map(|rule| {
            let RuleCount { id, reason: _, failed, failed_ineligible } = rule;
            let failed = count(&format!("not held {id}"), None, *failed);
            (failed, count("NotEligible", Some(id), *failed_ineligible))
        })
        .collect();
    if let (Some(assessed), Some(eligible), Some(not)) = (assessed, eligible, not) {
        linked.sum(assessed, &[eligible, not]);
    }
    for (failed, ineligible) in &spots {
        if let (Some(assessed), Some(failed)) = (assessed, *failed) {
            linked.within(assessed, failed);
        }
        for whole in [*failed, not].into_iter().flatten() {
            if let Some(part) = *ineligible {
                linked.same(whole, part);
            }
        }
    }
    Judged { assessed, eligible, rules: spots }
}

pub(super) fn apply_eligibility(decided: &Decided, spots: &Judged, it: Eligibility) -> Eligibility {
    let Eligibility { unit, as_of, assessed, eligible, expression, rules } = it;
    let rules = rules.into_iter().zip(&spots.rules).map(|(rule, (all, ineligible))| {
        let RuleCount { id, reason, failed, failed_ineligible } = rule;
        RuleCount {
            id,
            reason,
            failed: super::cell(decided, *all, failed),
            failed_ineligible: super::cell(decided, *ineligible, failed_ineligible),
        }
    });
    Eligibility {
        unit,
        as_of,
        assessed: super::cell(decided, spots.assessed, assessed),
        eligible: super::cell(decided, spots.eligible, eligible),
        expression,
        rules: rules.collect(),
    }
}
