//! The report as it may be published: every number goes through disclosure control, and what no rule
//! covers is left out.
//!
//! Each type of the model is taken apart field by field: a field that is added to one does not
//! compile until something is decided of it here.

mod comparisons;
mod draws;
mod flow;
mod gate;
mod left_out;
mod linked;
mod status;
mod tables;

use std::collections::BTreeMap;

use lodd_disclosure::{Exposed, Release, Rules};
use lodd_report::{
    Cell, DataFile, Deviation, DeviationKind, Effect, Fate, FileKind, Horizon, Planned, Profile,
    Report, Robustness, Stage, Text as Words, Unit, figures_of,
};

pub(super) use comparisons::{Amounts, amount_key};
use gate::Gate;
pub(super) use left_out::Why;
pub(super) use linked::Households;
use linked::{Decided, Linked, Spot, Undecided};

/// The tables that stand beside the public report.
pub(crate) const TABLES: &str = "tables.parquet";

/// What is known beside the report's model.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) households: Households,
    pub(super) amounts: Amounts,
}

/// How it is to be done.
#[derive(Debug)]
pub(super) struct Manner<'m> {
    pub(super) rules: &'m Rules,
    pub(super) earlier: &'m [Release],
    /// Round to a multiple of this instead of withholding.
    pub(super) round: Option<i64>,
}

/// The report as it may be published.
#[derive(Debug)]
pub(super) struct Public {
    pub(super) report: Report,
    /// What it tells, for the register.
    pub(super) release: Release,
    /// Numbers in its tables, and how many of them are withheld.
    pub(super) counts: (usize, usize),
    /// What was left out as a whole.
    pub(super) left_out: Vec<Why>,
}

/// Why there can be none.
#[derive(Debug)]
pub(super) enum Refused {
    /// An arm of the draw is under the threshold.
    SmallArm,
    /// These numbers would be given away whatever is withheld.
    Exposed(Vec<Exposed>),
    /// What is counted now contradicts what was published, or itself.
    Contradiction(String),
}

impl From<Undecided> for Refused {
    fn from(why: Undecided) -> Self {
        match why {
            Undecided::Exposed(cells) => Self::Exposed(cells),
            Undecided::Contradiction(error) => Self::Contradiction(error.to_string()),
            Undecided::Rounding(error) => Self::Contradiction(error.to_string()),
        }
    }
}

/// What tables are entered into.
struct Ground<'g> {
    linked: Linked,
    gate: Gate,
    amounts: &'g Amounts,
    /// Units drawn by unit and arm, over all draws.
    all_drawn: BTreeMap<(Unit, String), Spot>,
    /// Families drawn by draw and arm.
    drawn: BTreeMap<(Unit, Option<String>, String), Spot>,
    /// Families that took part, by arm.
    started: Vec<Spot>,
    statuses: status::Statuses,
}

impl Ground<'_> {
    fn all_drawn(&self, unit: Unit, arm: &str) -> Option<Spot> {
        self.all_drawn.get(&(unit, arm.to_owned())).copied()
    }

    fn drawn_in(
        &self,
        unit: Unit,
        draw: Option<&str>,
        column: &lodd_report::DescriptiveColumn,
    ) -> Option<Spot> {
        let lodd_report::Title::Arm(arm) = &column.title else { return None };
        self.drawn.get(&(unit, draw.map(str::to_owned), arm.clone())).copied()
    }

    /// Remembers the number of those drawn into an arm.
    fn is_all_drawn(
        &mut self,
        (unit, draw, office): (Unit, Option<&str>, Option<&str>),
        column: &lodd_report::DescriptiveColumn,
        spot: Spot,
    ) {
        if let (lodd_report::Title::Arm(arm), None) = (&column.title, office) {
            self.drawn.insert((unit, draw.map(str::to_owned), arm.clone()), spot);
        }
    }

    /// Remembers who took part, and holds what an arm got to the flow.
    fn remember(
        &mut self,
        title: &lodd_report::Title,
        column: &lodd_report::DescriptiveColumn,
        spot: Spot,
    ) {
        let (lodd_report::Title::Stage(it), lodd_report::Title::Arm(arm)) = (title, &column.title)
        else {
            return;
        };
        if *it == Stage::Started {
            self.started.push(spot);
        }
        let name = linked::series(Unit::Family, &stage(*it), &[("arm", Some(arm))]);
        if let Some(there) = self.linked.find(&name) {
            self.linked.same(there, spot);
        }
    }

    /// Those analysed stand in the flow too.
    fn analysed_in_flow(&mut self, effect: &Effect, arm: &str, n: Spot) {
        let at = horizon(&effect.horizon);
        let places = [
            ("h", Some(at.as_str())),
            ("source", Some(effect.source.as_str())),
            ("register", effect.register.as_deref()),
            ("outcome", Some(effect.label.nb.as_str())),
            ("arm", Some(arm)),
        ];
        let name = linked::series(effect.unit, &stage(Stage::Analysed), &places);
        if let Some(there) = self.linked.find(&name) {
            self.linked.same(there, n);
        }
    }
}

/// A step's name in those of numbers.
fn stage(stage: Stage) -> String {
    format!("{stage:?}")
}

/// A horizon's code: `12`, or a date.
fn horizon(at: &Horizon) -> String {
    match at {
        Horizon::Months(n) => n.to_string(),
        Horizon::Date(day) => day.clone(),
    }
}

/// A cell as it is printed.
fn cell(decided: &Decided, spot: Option<Spot>, cell: Cell) -> Cell {
    match (cell, spot) {
        (Cell::Count(n), Some(spot)) => {
            decided.print(spot, n).map_or(Cell::Suppressed, Cell::Count)
        }
        // Offices are no families.
        (other, _) => other,
    }
}

/// The report as it may be published.
///
/// # Errors
///
/// If something would be given away whatever is withheld.
#[expect(clippy::too_many_lines, reason = "what becomes of each field of the model stands here")]
pub(super) fn of(report: Report, known: &Known, manner: &Manner<'_>) -> Result<Public, Refused> {
    let Report {
        title,
        pilot,
        offices,
        arms,
        cut,
        public: _,
        interim,
        plan,
        alpha,
        runs,
        scripted_clock,
        draws,
        eligibility,
        flow,
        reconciliation,
        status,
        outcomes,
        descriptives,
        profile_tables,
        context,
        harms_not_measured,
        effects,
        paths,
        months,
        power,
        received,
        subgroups,
        robustness,
        planned,
        deviations,
        notes: _,
        profile,
        legal,
        files: _,
        program,
    } = report;
    let is_rounded = manner.round.is_some();
    let control = arms.last().map(|it| it.label.clone()).unwrap_or_default();
    let gate = Gate::of(&draws, &descriptives, arms.len(), manner.rules);
    let mut left_out = left_out::LeftOut::new(&gate, is_rounded);
    let mut ground = Ground {
        linked: Linked::new(&cut, known.households),
        gate,
        amounts: &known.amounts,
        all_drawn: BTreeMap::new(),
        drawn: BTreeMap::new(),
        started: Vec::new(),
        statuses: status::Statuses::default(),
    };
    let labels: Vec<String> = arms.iter().map(|it| it.label.clone()).collect();
    let seats = draws::enter(&mut ground, &draws, &labels, manner.rules)?;
    let judged = eligibility.as_ref().map(|it| flow::enter_eligibility(&mut ground, it));
    let mut flow = flow::printed(flow, &labels);
    flow::enter(&mut ground, &mut flow);
    ground.all_drawn = flow::drawn(&flow);
    draws::join(&mut ground, &seats);
    let mut reconciled = flow::printed(reconciliation, &labels);
    flow::enter(&mut ground, &mut reconciled);
    let status = left_out.each(status, Why::Status, |it| status::enter(&mut ground, it));
    let drawn = figures_of(&descriptives);
    let tables: Vec<tables::Entered> =
        left_out.each(descriptives, Why::Tables, |table| tables::enter(&mut ground, table));
    draws::join_tables(&mut ground);
    let months = left_out.each(months, Why::Months, |it| status::enter_months(&mut ground, it));
    let mut enter =
        |effect: Effect| comparisons::enter(&mut ground, (effect, &control), manner.rules);
    let ids: Vec<String> = comparisons::analyses(&effects, &robustness, &received, &subgroups);
    let effects: Vec<comparisons::Entered> = effects.into_iter().map(&mut enter).collect();
    let robustness: Vec<(comparisons::Entered, Option<(f64, f64)>)> = robustness
        .into_iter()
        .filter(comparisons::bounds_allowed)
        .map(|Robustness { effect, bounds }| (enter(effect), bounds))
        .collect();
    let received: Vec<_> = received.into_iter().map(|it| (enter(it.effect.clone()), it)).collect();
    left_out.note(Why::Subgroups, comparisons::subgroups(&subgroups));
    left_out.note(Why::Own, profile_tables.len());
    let started = std::mem::take(&mut ground.started);
    let decided = match manner.round {
        None => ground.linked.decide(manner.earlier, manner.rules)?,
        Some(base) => ground.linked.round(base, manner.rules)?,
    };
    let effects = left_out.each(effects, Why::Effects, |it| comparisons::apply(&decided, it));
    let robustness = left_out.each(robustness, Why::Robustness, |(it, bounds)| {
        comparisons::apply(&decided, it).map(|effect| Robustness { effect, bounds })
    });
    let received = left_out.each(received, Why::Received, |(it, received)| {
        let effect = comparisons::apply(&decided, it);
        comparisons::received(&decided, (received, effect), &started)
    });
    let paths_there = paths.len();
    let paths = comparisons::paths(paths, &effects);
    left_out.note(Why::Paths, paths_there - paths.len());
    let shown = comparisons::analyses(&effects, &robustness, &received, &[]);
    let descriptives = tables::all(&decided, tables, is_rounded);
    left_out.note(Why::Figures, drawn.saturating_sub(figures_of(&descriptives)));
    let public = Report {
        public: true,
        draws: draws::apply(&decided, draws, &seats, manner.rules),
        eligibility: eligibility
            .zip(judged)
            .map(|(it, spots)| flow::apply_eligibility(&decided, &spots, it)),
        flow: flow::apply(&decided, flow),
        reconciliation: flow::apply(&decided, reconciled),
        status: status.into_iter().map(|it| status::apply(&decided, it)).collect(),
        months: months
            .into_iter()
            .map(|it| status::apply_months(&decided, it, is_rounded))
            .collect(),
        descriptives,
        profile_tables: Vec::new(),
        context,
        effects,
        robustness,
        received,
        subgroups: Vec::new(),
        paths,
        planned: planned.into_iter().map(|it| self::planned(it, &ids, &shown)).collect(),
        deviations: self::deviations(deviations),
        notes: left_out.notes(&decided),
        profile: self::profile(profile),
        files: files(),
        title,
        pilot,
        offices,
        arms,
        cut,
        interim,
        plan,
        alpha,
        runs,
        scripted_clock,
        outcomes,
        harms_not_measured,
        power,
        legal,
        program,
    };
    let counts = decided.counts();
    let release = decided.release("");
    Ok(Public { report: public, release, counts, left_out: left_out.all() })
}

/// What came of an analysis: run, but withheld, where none of its numbers is shown. Why a number could
/// not be computed may hold counts.
fn planned(it: Planned, internal: &[String], shown: &[String]) -> Planned {
    let Planned { analysis, outcome, horizon, estimator, fate } = it;
    let is_withheld = internal.contains(&analysis) && !shown.contains(&analysis);
    let fate = match fate {
        Fate::Run { .. } if is_withheld => Fate::Withheld,
        Fate::NoEstimate(_) => Fate::NoEstimate(None),
        Fate::Run { .. } | Fate::Withheld | Fate::NotRun => fate,
    };
    Planned { analysis, outcome, horizon, estimator, fate }
}

/// Each strike is a family: how many there are, and why, is not told.
fn deviations(all: Vec<Deviation>) -> Vec<Deviation> {
    let mut found: Vec<Deviation> = Vec::new();
    for it in all {
        let Deviation { at, entry, kind, reason } = it;
        match kind {
            DeviationKind::Strike { .. } | DeviationKind::StrikesWithheld => {
                let kind = DeviationKind::StrikesWithheld;
                if found.iter().all(|it| it.kind != kind) {
                    let reason = ":".to_owned();
                    found.push(Deviation { at, entry, kind, reason });
                }
            }
            DeviationKind::Amendment | DeviationKind::Void { .. } | DeviationKind::Replanned => {
                found.push(Deviation { at, entry, kind, reason });
            }
        }
    }
    found
}

/// The evaluator's words are the evaluator's own: the command tells which of them hold numbers.
fn profile(profile: Profile) -> Profile {
    let Profile { cover, prose, domains, costs, literature, checklist } = profile;
    Profile { cover, prose, domains, costs, literature, checklist }
}

/// Every number of the public report stands in one file.
fn files() -> Vec<DataFile> {
    let kinds = [
        FileKind::Screening,
        FileKind::Assignments,
        FileKind::Outcomes,
        FileKind::Flow,
        FileKind::Estimates,
        FileKind::Stock,
        FileKind::Power,
        FileKind::Descriptives,
        FileKind::ProfileTables,
    ];
    // The file is made from the report, so its hash can't stand there.
    let file = |kind| DataFile { kind, name: TABLES.to_owned(), sha256: None };
    kinds.map(file).into()
}

/// Sections of the evaluator's in which a number stands.
pub(super) fn with_numbers(profile: &Profile) -> Vec<String> {
    let holds = |text: &Words| {
        [&text.nb, &text.nn, &text.en].iter().any(|it| it.bytes().any(|it| it.is_ascii_digit()))
    };
    profile.prose.iter().filter(|(_, text)| holds(text)).map(|(name, _)| name.clone()).collect()
}
