//! Comparisons: if one of the four cells fails, the estimate, its error, interval, p-value, shares and
//! figure go together.

use std::collections::BTreeMap;

use lodd_disclosure::{Contributions, Rules};
use lodd_report::{
    Effect, EffectPath, Horizon, Measure, Pair, PathPoint, Received, Robustness, Subgroups, Unit,
};

use super::{
    Ground, horizon,
    linked::{Decided, Spot, series},
    status::Counted,
};

/// Each family's sum of an outcome, by [`amount_key`].
pub(crate) type Amounts = BTreeMap<[String; 5], Contributions>;

/// An effect with the numbers it rests on.
#[derive(Debug)]
pub(super) struct Entered {
    effect: Effect,
    /// `None` where no rule says that it may be shown.
    spots: Option<Vec<Spot>>,
}

/// What an amount is of: outcome, source, register, horizon, arm.
pub(crate) fn amount_key(
    outcome: &str,
    (source, register): (&str, Option<&str>),
    at: &Horizon,
    arm: &str,
) -> [String; 5] {
    let register = register.unwrap_or_default();
    [outcome, source, register, &horizon(at), arm].map(str::to_owned)
}

/// Enters an effect and its cells.
pub(super) fn enter(
    ground: &mut Ground<'_>,
    (effect, control): (Effect, &str),
    rules: &Rules,
) -> Entered {
    let allowed = ground.gate.is_open() && is_covered(ground, &effect, control, rules);
    let spots = allowed.then(|| cells(ground, &effect, control));
    Entered { effect, spots }
}

/// Whether the rules say something of it. Of amounts those who contribute must be known; a quantile
/// is of as many families as its share leaves on either side.
fn is_covered(ground: &Ground<'_>, effect: &Effect, control: &str, rules: &Rules) -> bool {
    if effect.estimator == QUANTILES {
        let n = effect.n.treated.min(effect.n.control);
        let families = ground.linked.families(effect.unit, n);
        // Which quantile it is, the effect does not say: the outermost that are in use.
        return [0.1, 0.9].iter().all(|share| rules.quantile_allowed(families, *share));
    }
    if effect.measure == Measure::Share {
        return effect.events.is_some();
    }
    let of_arm = |arm: &str| {
        let place = (effect.source.as_str(), effect.register.as_deref());
        let key = amount_key(&effect.label.nb, place, &effect.horizon, arm);
        ground.amounts.get(&key).is_some_and(|it| rules.amount_width(it) == 0)
    };
    // Arms of offices, and those ever offered a place, are none whose contributions are known.
    effect.arms.is_none() && of_arm(&effect.arm) && of_arm(control)
}

/// The estimator of quantiles.
const QUANTILES: &str = "quantiles";

/// One arm of a comparison.
struct Side {
    arm: String,
    at: String,
    n: Spot,
    with: Spot,
}

/// In both arms those analysed and, of an event, those with and without it.
fn cells(ground: &mut Ground<'_>, effect: &Effect, control: &str) -> Vec<Spot> {
    let mut all = Vec::new();
    let mut sides = Vec::new();
    for is_treated in [true, false] {
        let side = |pair: Pair<u64>| if is_treated { pair.treated } else { pair.control };
        let arm = if is_treated { effect.arm.as_str() } else { control };
        let at = horizon(&effect.horizon);
        let what = format!("{:?} {:?}", effect.contrast, effect.population);
        let places = [
            ("outcome", Some(effect.label.nb.as_str())),
            ("source", Some(effect.source.as_str())),
            ("register", effect.register.as_deref()),
            ("h", Some(at.as_str())),
            ("arm", Some(arm)),
            ("side", (!is_treated).then_some("control")),
        ];
        let name = |part: &str| series(effect.unit, &format!("{what} {part}"), &places);
        let n = count(ground, &name("analysed"), effect.unit, side(effect.n));
        all.push(n);
        if let Some(events) = effect.events.map(side) {
            let without = side(effect.n).saturating_sub(events);
            let with = count(ground, &name("with"), effect.unit, events);
            let without = count(ground, &name("without"), effect.unit, without);
            ground.linked.sum(n, &[with, without]);
            all.extend([with, without]);
            sides.push(Side { arm: arm.to_owned(), at: at.clone(), n, with });
        }
        if let Some(drawn) = effect.drawn.map(side) {
            let drawn = count(ground, &name("drawn"), effect.unit, drawn);
            ground.linked.within(drawn, n);
            if let (Some(all), true) = (ground.all_drawn(effect.unit, arm), effect.arms.is_none()) {
                ground.linked.same(all, drawn);
            }
            all.push(drawn);
        }
        ground.analysed_in_flow(effect, arm, n);
    }
    beside_statuses(ground, effect, &sides);
    if let Some(families) = effect.families.filter(|_| effect.unit != Unit::Family) {
        let name = series(Unit::Family, &format!("families of {}", effect.analysis), &[]);
        all.push(ground.linked.count(name, Unit::Family, families));
    }
    ground.linked.together(&all);
    all
}

/// A number of a comparison. Another method may leave some out: how many is a number too.
fn count(ground: &mut Ground<'_>, name: &str, unit: Unit, n: u64) -> Spot {
    let spot = ground.linked.count(name.to_owned(), unit, n);
    if let Some(first) = ground.linked.find(name) {
        let (whole, part) =
            if ground.linked.value(first) < n { (spot, first) } else { (first, spot) };
        ground.linked.same(whole, part);
    }
    spot
}

/// An event that is the same as some statuses together, in both arms, is those: whoever knows what the
/// outcome is made of can add them up.
fn beside_statuses(ground: &mut Ground<'_>, effect: &Effect, sides: &[Side]) {
    let counted: Vec<Vec<Counted>> = sides
        .iter()
        .map(|side| {
            let (source, register) = (effect.source.clone(), effect.register.clone());
            let place = (effect.unit, source, register, side.at.clone(), side.arm.clone());
            ground.statuses.at(&place).cloned().collect()
        })
        .collect();
    let tables = counted.iter().map(Vec::len).min().unwrap_or(0);
    for table in 0..tables {
        let of_sides: Vec<(&Side, &Counted)> = sides
            .iter()
            .zip(&counted)
            .filter_map(|(side, all)| Some((side, all.get(table)?)))
            .collect();
        let width = of_sides.iter().map(|(_, it)| it.counts.len()).min().unwrap_or(0);
        let sets: Vec<u32> =
            (1..1_u32 << width.min(MOST)).filter(|set| fits(ground, &of_sides, *set)).collect();
        for set in sets {
            for (side, counted) in &of_sides {
                ground.linked.sum(side.with, &chosen(counted, set));
                ground.linked.same(counted.observed, side.n);
            }
        }
    }
}

/// So many statuses at most are looked at together.
const MOST: usize = 12;

fn chosen(counted: &Counted, set: u32) -> Vec<Spot> {
    let all = counted.counts.iter().enumerate();
    all.filter(|(place, _)| set >> place & 1 == 1).map(|(_, it)| it.1).collect()
}

/// Whether the statuses of a set are the event in every arm.
fn fits(ground: &Ground<'_>, sides: &[(&Side, &Counted)], set: u32) -> bool {
    sides.iter().all(|(side, counted)| {
        let total: u64 = chosen(counted, set).iter().map(|it| ground.linked.value(*it)).sum();
        total == ground.linked.value(side.with)
            && ground.linked.value(counted.observed) == ground.linked.value(side.n)
    })
}

/// The effect as it is printed; `None` where it is withheld.
pub(super) fn apply(decided: &Decided, entered: Entered) -> Option<Effect> {
    let Entered { effect, spots } = entered;
    let shown = spots.is_some_and(|spots| spots.iter().all(|it| decided.shows(*it)));
    // The estimator's remark may hold counts.
    shown.then_some(Effect { note: None, ..effect })
}

/// Bounds rest on how many are missing, and those of an amount on its least and most.
pub(super) fn bounds_allowed(robustness: &Robustness) -> bool {
    let Robustness { effect, bounds } = robustness;
    bounds.is_none() || (effect.measure == Measure::Share && effect.drawn.is_some())
}

/// What taking part did, where how many took part is told: the effect of the draw divided by this one
/// tells it.
pub(super) fn received(
    decided: &Decided,
    (received, effect): (Received, Option<Effect>),
    started: &[Spot],
) -> Option<Received> {
    let Received { effect: _, first_stage, first_stage_f, itt, robust_interval } = received;
    let is_told = !started.is_empty() && started.iter().all(|it| decided.shows(*it));
    let effect = effect.filter(|_| is_told)?;
    Some(Received { effect, first_stage, first_stage_f, itt, robust_interval })
}

/// The analyses that numbers are shown of.
pub(super) fn analyses(
    effects: &[Effect],
    robustness: &[Robustness],
    received: &[Received],
    subgroups: &[Subgroups],
) -> Vec<String> {
    let all = effects.iter().chain(robustness.iter().map(|it| &it.effect));
    let all = all.chain(received.iter().map(|it| &it.effect));
    let all = all.chain(subgroups.iter().map(|it| &it.effect));
    let mut ids: Vec<String> = all.map(|it| it.analysis.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// How many stand in each subgroup is not known here: no rule says that they may be shown.
pub(super) fn subgroups(all: &[Subgroups]) -> usize {
    all.len()
}

/// Effects by horizon, where each of them is shown.
pub(super) fn paths(paths: Vec<EffectPath>, shown: &[Effect]) -> Vec<EffectPath> {
    let is_shown = |path: &EffectPath, point: &PathPoint| {
        shown.iter().any(|it| {
            (&it.label, &it.arm, it.unit) == (&path.label, &path.arm, path.unit)
                && (&it.source, &it.register) == (&path.source, &path.register)
                && it.horizon == point.horizon
        })
    };
    let whole = |path: &EffectPath| path.points.iter().all(|it| is_shown(path, it));
    paths.into_iter().filter(whole).collect()
}
