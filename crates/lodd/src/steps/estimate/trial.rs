//! `lodd estimate --data FILE --plan FILE`: the same numbers on any trial's table, with the design
//! that the plan states.

mod assigned;
mod shown;
mod table;

use std::{collections::BTreeMap, path::Path, sync::Arc};

use lodd_draw::{Block, Design, Shares};
use lodd_estimate::{
    Adjustment, MissingCovariates, Number, Options, OutcomeKind, Redraw, Role, Sample, Seats,
    romano_wolf, westfall_young,
};
use lodd_store::{parquet, schema};

use super::{
    super::words,
    adjust::{Families, Jointly, reestimated},
    arrays::{Designed, NoSample, Own},
    plausible,
    rows::{self, Estimate},
};
use assigned::{Assigned, places};
use shown::answer;

use crate::{
    answer::Answer,
    frame::{Wrong, gather},
    hash::hex,
    plan::{
        Analysis,
        adjust::DIFFERENCES,
        trial::{self, Asked, Trial},
    },
    problem::{Failure, Place, Problem},
    replay::{Again, Redraws},
    text::{Lang, Text, say},
};

/// Probabilities this close are the same.
const SAME: f64 = 1e-9;

/// What is said of a draw by coins that is run again with so many treated as there were.
const GIVEN: &str = "given how many of each block were treated";

/// What was typed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Files<'f> {
    pub(crate) data: &'f Path,
    pub(crate) plan: &'f Path,
    pub(crate) out: Option<&'f Path>,
    /// One JSON object a row on stdout.
    pub(crate) json: bool,
}

/// Estimates, prints, and writes the file if one is named.
///
/// # Errors
///
/// Refused with every mistake of the plan, or the row of the table that is wrong.
pub(crate) fn run(threads: Option<usize>, files: Files<'_>) -> Result<Answer, Failure> {
    let (frame, data_sha256) = table::read(files.data)?;
    let trial = trial::read(files.plan, frame)?;
    let assigned =
        Assigned::of(&trial.design, &trial.frame).map_err(|wrong| in_table(files.data, &wrong))?;
    let work = || {
        let mut all = Vec::new();
        let mut problems = Vec::new();
        for asked in &trial.analyses {
            for outcomes in together(asked) {
                match estimates(&trial, &assigned, (asked, outcomes)) {
                    Ok(rows) => all.extend(rows),
                    Err(NoNumber::Wrong(wrong)) => return Err(in_table(files.data, &wrong)),
                    Err(NoNumber::Because(why)) => problems.push(cannot(&trial, asked, &why)),
                }
            }
        }
        if problems.is_empty() {
            return Ok(all);
        }
        Err(Failure::refused(
            Text::new("noen analyser kan ikke gjøres", "some analyses can't be done")
                .nn("nokre analysar kan ikkje gjerast"),
            problems,
        ))
    };
    let mut all = super::on_threads(threads, work)??;
    let families =
        Families { of: &trial.families, adjust: &trial.adjust, joint: &Joint { trial: &trial } };
    super::on_threads(threads, || families.adjust(&mut all))?;
    if let Some(out) = files.out {
        let metadata = vec![
            ("lodd_version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
            ("plan_sha256".to_owned(), trial.sha256.clone()),
            ("data_sha256".to_owned(), data_sha256),
            ("seed".to_owned(), trial.seed.map(|it| hex(&it)).unwrap_or_default()),
        ];
        let bytes = parquet::encode(&rows::table(&all)?, &schema::ESTIMATES, &metadata)
            .map_err(|error| words::parquet(&error))?;
        lodd_store::files::write_atomically(out, &bytes).map_err(|error| words::file(&error))?;
    }
    Ok(answer(&all, files))
}

/// The outcomes that are estimated together: all of an index, else each by itself.
fn together(asked: &Asked) -> Vec<&[String]> {
    if asked.method.takes(Role::Part.key()) || asked.outcomes.is_empty() {
        return vec![&asked.outcomes];
    }
    asked.outcomes.chunks(1).collect()
}

/// Why an analysis has no numbers.
enum NoNumber {
    /// A row of the table is wrong.
    Wrong(Wrong),
    Because(Text),
}

impl From<Wrong> for NoNumber {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<Text> for NoNumber {
    fn from(why: Text) -> Self {
        Self::Because(why)
    }
}

/// The numbers of one analysis, for each treated arm.
fn estimates(
    trial: &Trial,
    assigned: &Assigned,
    (asked, outcomes): (&Asked, &[String]),
) -> Result<Vec<Estimate>, NoNumber> {
    let mut all = Vec::new();
    for arm in assigned.treated_arms() {
        let holds = asked.method.filter.as_ref().map(|it| trial.frame.holds(it)).transpose()?;
        let compared = |row: &usize| {
            let own = assigned.arm.get(*row);
            own.is_some_and(|it| *it == arm || *it == assigned.control)
                && holds.as_ref().is_none_or(|it| it.get(*row) == Some(&true))
        };
        let rows: Vec<usize> = (0..trial.frame.rows()).filter(compared).collect();
        let designed = designed(trial, assigned, (asked, outcomes, arm), &rows)?;
        let term = assigned.name.clone().unwrap_or_else(|| arm.to_owned());
        all.extend(numbers(trial, (asked, outcomes, &term), &designed)?);
    }
    Ok(all)
}

fn designed(
    trial: &Trial,
    assigned: &Assigned,
    (asked, outcomes, arm): (&Asked, &[String], &str),
    rows: &[usize],
) -> Result<Designed, NoNumber> {
    let frame = &trial.frame;
    let mut own = Vec::new();
    let category = asked.method.known().is_some_and(|it| it.outcome() == OutcomeKind::Category);
    let parts = asked.method.takes(Role::Part.key());
    let mut y: Vec<Option<f64>> = vec![Some(0.0); frame.rows()];
    if parts {
        for name in outcomes {
            let values = gather(&frame.numbers(name)?, rows);
            let values = values.into_iter().map(|it| it.unwrap_or(f64::NAN)).collect();
            own.push((Role::Part, name.clone(), Own::Numbers(values)));
        }
    } else if let Some(name) = outcomes.first() {
        if category {
            let labels = frame.labels(name)?;
            y = labels.iter().map(|it| it.as_ref().map(|_| 0.0)).collect();
            let labels = gather(&labels, rows).into_iter().map(Option::unwrap_or_default);
            own.push((Role::Category, name.clone(), Own::Labels(labels.collect())));
        } else {
            y = frame.numbers(name)?;
        }
    }
    let weights = match &asked.weights {
        Some(name) => {
            let values = frame.numbers(name)?;
            if let Some(row) =
                rows.iter().find(|row| values.get(**row).copied().flatten().is_none())
            {
                return Err(super::arrays::absent(name, *row).into());
            }
            Some(gather(&values, rows).into_iter().flatten().collect())
        }
        None => None,
    };
    let of = |labels: &Vec<String>| gather(labels, rows);
    Ok(Designed {
        frame: frame.gather(rows)?,
        y: gather(&y, rows),
        treated: rows
            .iter()
            .map(|row| assigned.arm.get(*row).is_some_and(|it| it == arm))
            .collect(),
        unit: places(&gather(&assigned.key, rows)),
        block: assigned.block.as_ref().map(of),
        cluster: assigned.cluster.as_ref().map(of),
        spans_arms: false,
        weights,
        offers: None,
        own,
        missing: MissingCovariates::Drop,
        block_dummies: false,
    })
}

fn numbers(
    trial: &Trial,
    (asked, outcomes, term): (&Asked, &[String], &str),
    designed: &Designed,
) -> Result<Vec<Estimate>, NoNumber> {
    let (numbers, sample) = computed(trial, (asked, term), designed)?;
    let n_drawn = designed.treated.len() as u64;
    let (method, alpha) = (&asked.method, trial.alpha);
    let of = sample.as_deref();
    let correlation = of.and_then(|it| plausible::correlation(it, method, alpha));
    let icc = correlation.as_ref().and_then(|it| it.estimate);
    let mde = of.and_then(|it| plausible::detectable(it, method, alpha));
    let estimate = |number: Number| Estimate {
        analysis: Analysis {
            id: asked.id.clone(),
            method: asked.method.clone(),
            ..Analysis::default()
        },
        contrast: None,
        outcome: if outcomes.is_empty() {
            asked.method.estimator.clone()
        } else {
            outcomes.join("+")
        },
        outcome_version: None,
        unit: None,
        arm: term.to_owned(),
        origin: None,
        status: "confirmatory",
        n_drawn,
        share_control_offered: None,
        icc: icc.filter(|_| number.term == term),
        mde: mde.filter(|_| number.term == term),
        cut_us: None,
        redrawn: trial
            .adjust
            .contains(&Adjustment::WestfallYoung)
            .then(|| again(trial, designed, asked).ok().map(Arc::new))
            .flatten(),
        p_adjusted: None,
        adjustment: None,
        repeats: false,
        sample: sample.clone().filter(|_| number.term == term),
        number,
    };
    Ok(numbers.into_iter().chain(correlation).map(estimate).collect())
}

/// The numbers of an analysis, with the rows that they rest on.
fn computed(
    trial: &Trial,
    (asked, term): (&Asked, &str),
    designed: &Designed,
) -> Result<(Vec<Number>, Option<Arc<Sample>>), NoNumber> {
    let Some(estimator) = asked.method.known() else { return Ok((Vec::new(), None)) };
    let options = options(trial, &asked.method.options, term);
    match designed.sample(&asked.method) {
        Ok(made) => {
            let wanted = estimator.needs_redraw() || asked.method.takes("block_variance");
            let again = wanted.then(|| again(trial, designed, asked)).transpose();
            let again = if estimator.needs_redraw() { again? } else { again.ok().flatten() };
            let seed = trial.seed.unwrap_or_default();
            let redraws = again.as_ref().map(|it| Redraws::new(vec![(1, it)], seed));
            let redraw = redraws.as_ref().map(|it| Redraw::two_arms(it));
            let numbers = estimator.estimate(&made.sample, &options, redraw);
            let mut numbers = numbers.map_err(|error| made.explain(&error))?;
            if let Some(first) = numbers.first_mut() {
                let bernoulli = asked.method.options.seats == Seats::Bernoulli;
                let given = (bernoulli && estimator.needs_redraw()).then(|| GIVEN.to_owned());
                let parts = first.note.take().into_iter().chain(made.notes.iter().cloned());
                let parts = parts.chain(given);
                first.note = Some(parts.collect::<Vec<_>>().join("; ")).filter(|it| !it.is_empty());
            }
            Ok((numbers, Some(Arc::new(made.sample))))
        }
        Err(NoSample::EmptyArm { treated, control, why }) => {
            Ok((vec![super::nothing_to_compare(term, (treated, control), &why)], None))
        }
        Err(NoSample::Wrong(wrong)) => Err(wrong.into()),
        Err(NoSample::Because(why)) => Err(why.into()),
    }
}

fn options(trial: &Trial, options: &Options, term: &str) -> Options {
    Options { treatment: term.to_owned(), alpha: trial.alpha, seed: trial.seed, ..options.clone() }
}

/// The stated design, to be run again: so many of each block as are treated.
fn again(trial: &Trial, designed: &Designed, asked: &Asked) -> Result<Again, Text> {
    let coins = asked.method.options.seats == Seats::Bernoulli;
    if coins && !has_equal_coins(designed, trial.design.probability.as_deref()) {
        return Err(say!(
            "sannsynligheten er ikke den samme for alle i en blokk: tildelingen kan ikke gjøres om igjen her",
            nn "sannsynet er ikkje det same for alle i ei blokk: tildelinga kan ikkje gjerast om att her",
            "the probability is not the same for all in a block: the assignment can't be re-run here"
        ));
    }
    let mut units: BTreeMap<u32, (&str, bool)> = BTreeMap::new();
    for (row, (unit, treated)) in designed.unit.iter().zip(&designed.treated).enumerate() {
        let block = designed.block.as_ref().and_then(|it| it.get(row)).map_or("", String::as_str);
        units.insert(*unit, (block, *treated));
    }
    // Units are numbered block by block.
    let units: Vec<(&str, bool)> = units.into_values().collect();
    let block = |(at, rows): (usize, &[(&str, bool)])| {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let treated = rows.iter().filter(|it| it.1).count();
        Block {
            label: format!("b{at:06}"),
            units: count(rows.len()),
            shares: Shares::Seats(vec![count(treated), count(rows.len() - treated)]),
        }
    };
    let blocks = units.chunk_by(|a, b| a.0 == b.0).enumerate().map(block).collect();
    let design = Design::new(vec!["treated".to_owned(), "control".to_owned()], blocks);
    design.map(Again::Free).map_err(|error| Text::same(error.to_string()))
}

/// Whether everyone in a block had the same probability of treatment: then all assignments with as
/// many treated are equally likely.
fn has_equal_coins(designed: &Designed, probability: Option<&str>) -> bool {
    let received = probability.map(|it| designed.frame.numbers(it));
    let Some(Ok(received)) = received else { return false };
    let mut coins: BTreeMap<&str, f64> = BTreeMap::new();
    received.iter().zip(&designed.treated).enumerate().all(|(row, (received, treated))| {
        let block = designed.block.as_ref().and_then(|it| it.get(row)).map_or("", String::as_str);
        let Some(received) = received else { return false };
        let own = if *treated { *received } else { 1.0 - received };
        (*coins.entry(block).or_insert(own) - own).abs() < SAME
    })
}

/// Tests of several outcomes together, by the bootstrap.
struct Joint<'t> {
    trial: &'t Trial,
}

impl Jointly for Joint<'_> {
    fn test(
        &self,
        effects: &[(&Estimate, &Sample)],
        how: Adjustment,
    ) -> Result<Vec<Option<f64>>, String> {
        let Some((first, _)) = effects.first() else { return Ok(Vec::new()) };
        let of = |it: &Estimate| options(self.trial, &it.analysis.method.options, &it.arm);
        let samples = || effects.iter().map(|it| it.1.clone()).collect::<Vec<Sample>>();
        if how == Adjustment::RomanoWolf {
            return romano_wolf(&samples(), &of(first)).map_err(|error| error.to_string());
        }
        if effects.iter().any(|(it, _)| it.arm != first.arm) {
            return Err("the hypotheses are not all of one arm".to_owned());
        }
        let again = first.redrawn.as_ref().ok_or("the design can't be run again")?;
        let redraws = Redraws::new(vec![(1, again)], self.trial.seed.unwrap_or_default());
        let redraw = Redraw::two_arms(&redraws);
        if !DIFFERENCES.contains(&first.analysis.method.estimator.as_str()) {
            return reestimated(effects, &of, &|_| Ok(redraw));
        }
        westfall_young(&samples(), &of(first), redraw)
            .map(|it| it.adjusted)
            .map_err(|error| error.to_string())
    }
}

fn cannot(trial: &Trial, asked: &Asked, why: &Text) -> Problem {
    let place = Place {
        file: Some(trial.file.clone()),
        field: Some(format!("analysis {}", asked.id)),
        ..Place::default()
    };
    let (nb, nn, en) = (&why.nb, why.get(Lang::Nn), &why.en);
    let message =
        say!("kan ikke gjøres: {nb}", nn "kan ikkje gjerast: {nn}", "can't be done: {en}");
    Problem::new(place, message)
}

/// A problem of the table, at its row: the header is row 1.
fn in_table(data: &Path, wrong: &Wrong) -> Failure {
    let place = Place { row: wrong.row.map(|it| it + 2), ..Place::file(data) };
    Failure::refused(
        Text::new("tabellen kan ikke brukes", "the table can't be used")
            .nn("tabellen kan ikkje brukast"),
        vec![Problem::new(place, wrong.why.clone())],
    )
}
