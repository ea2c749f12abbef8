//! Places offered down ranked lists until they are taken: the doubly reweighted ever-offer
//! estimator of de Chaisemartin and Behaghel (2020), Econometrica 88(4).
//!
//! Offers stop at one who accepts, so those offered hold more takers than those not offered. Of
//! the L − 1 offered before the last, S − 1 take their place, and over all orders of a list of N
//! with T > S takers E[(S − 1)/(L − 1)] = T/N = E[(T − S)/(N − L)] (both by Vandermonde's sum over
//! P(L = l) = C(l−1, S−1)·C(N−l, T−S)/C(N, T)). Which taker came last is chance, so nobody need be
//! dropped: every taker gets the weight (S − 1)/S instead.
//!
//! Where the place of a taker who leaves is offered again, which the paper has not, offers stop at
//! one who stays. The same sums hold with "who would stay" in the place of "taker": then those who
//! kept their place get the weight, and the others of those offered count in full.

use crate::number::{Inference, is_constant, mean};
use crate::offers::Taken;
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// Everyone ever offered a place against the rest, doubly reweighted.
#[derive(Debug)]
pub(super) struct Waitlist;

/// Below this many lists, a standard error that is right for many lists is said to be rough.
const FEW_LISTS: usize = 20;

impl Estimator for Waitlist {
    fn name(&self) -> &'static str {
        "waitlist"
    }
    fn summary(&self) -> &'static str {
        "Effect of taking a place, where places are offered down ranked lists until taken: the \
         doubly reweighted ever-offer estimator"
    }
    fn formula(&self) -> &'static str {
        "Σ N_k·dY_k / Σ N_k·dD_k over lists k of N_k. dY_k is the mean outcome of those offered, \
         those of the S_k places weighted (S_k − 1)/S_k, less that of those not offered; \
         dD_k likewise of taking it. Variance Σ N_k²·(dY_k − b·dD_k)²/(Σ N_k·dD_k)² with b the \
         estimate: lists are the clusters (CR0), df lists − 1. The same as two-stage least \
         squares with the offer as instrument and these weights."
    }
    fn assumptions(&self) -> &'static str {
        "Each list was ranked at random and offers went down the ranking until the last place \
         was taken; at least two were, and more on the list would have taken one. An offer \
         changes nothing for those who decline; nobody has a place without an offer. If places \
         of those who left were offered again, who leaves does not depend on the order. Many \
         lists: for one list, or lists with one place, it is not consistent, and refused."
    }
    fn source(&self) -> &'static str {
        "de Chaisemartin and Behaghel (2020), Estimating the effect of treatments allocated by \
         randomized waiting lists, Econometrica 88(4)"
    }
    fn options(&self) -> &'static [&'static str] {
        &[]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("{treatment}", "mean effect on those who take a place when it is offered"),
            ("itt", "effect of an offer, over everyone on the lists: N_k-weighted mean of dY_k"),
            ("first_stage", "share who take a place when it is offered: that of dD_k"),
        ]
    }
    fn takes_offers(&self) -> bool {
        true
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let lists = lists(sample)?;
        let ratio = |over: fn(&List) -> f64, under: fn(&List) -> f64| ratio(&lists, over, under);
        let effect = ratio(List::outcome, List::taking).ok_or(EstimateError::NobodyTook)?;
        let itt = ratio(List::outcome, |_| 1.0);
        let first_stage = ratio(List::taking, |_| 1.0);
        let report = |mut number: Number, it: Inference| {
            number.n_clusters = Some(lists.len() as u64);
            number.infer(it, "CR0", options.alpha)
        };
        // The means are reweighted, so that counts of events do not belong to them.
        let mut number = Number::of(sample, &options.treatment);
        number.mean_treated = weighted_mean(&lists, |it| it.centre + it.offered);
        number.mean_control = weighted_mean(&lists, |it| it.centre + it.rest);
        add_notes(&mut number, sample, &lists);
        let rest = [("itt", itt), ("first_stage", first_stage)];
        let rest = rest.into_iter().filter_map(|(term, it)| Some((term, it?)));
        let mut numbers = vec![report(number, effect)];
        numbers.extend(rest.map(|(term, it)| report(Number::of(sample, term), it)));
        Ok(numbers)
    }
}

/// One list: reweighted means of those with an outcome.
#[derive(Clone, Copy, Debug)]
struct List {
    /// Units with an outcome, `N_k`.
    n: f64,
    /// What outcomes are less of, so that their origin does not matter.
    centre: f64,
    /// Mean outcome of those offered, those of the S places weighted (S − 1)/S.
    offered: f64,
    /// Share of takers among them, weighted likewise.
    taking: f64,
    /// Mean outcome of those not offered.
    rest: f64,
}

impl List {
    /// `dY_k`.
    fn outcome(&self) -> f64 {
        self.offered - self.rest
    }

    /// `dD_k`: nobody who was not offered has taken a place.
    fn taking(&self) -> f64 {
        self.taking
    }
}

/// A unit of a list: a row, or the mean of its rows.
struct Unit {
    y: f64,
    offered: bool,
    taken: Taken,
    places: u32,
}

/// The lists of a sample, in the order of their numbers.
fn lists(sample: &Sample) -> Result<Vec<List>, EstimateError> {
    let offers = sample.offers.as_ref();
    let offers = offers.ok_or(EstimateError::NoOffers { estimator: Waitlist.name() })?;
    let centre = mean(&sample.y);
    let mut lists: Vec<Vec<Unit>> =
        std::iter::repeat_with(Vec::new).take(sample.n_blocks()).collect();
    for rows in units(sample) {
        let at = rows.start;
        let outcomes: Vec<f64> =
            sample.y.get(rows).unwrap_or_default().iter().map(|it| it - centre).collect();
        let (Some(&list), Some(&offered), Some(&(taken, places))) =
            (sample.block.get(at), sample.treated.get(at), offers.get(at))
        else {
            continue;
        };
        if let Some(list) = lists.get_mut(list) {
            list.push(Unit { y: mean(&outcomes), offered, taken, places });
        }
    }
    if lists.len() < 2 {
        return Err(EstimateError::OneList);
    }
    let number = |at: usize| sample.block_ids.get(at).copied().unwrap_or_default();
    lists.iter().enumerate().map(|(at, units)| list(units, number(at), centre)).collect()
}

/// Rows of the same unit, which are neighbours: the canonical order has units within blocks.
fn units(sample: &Sample) -> Vec<std::ops::Range<usize>> {
    let mut start = 0;
    let key = |row: &usize| (sample.block.get(*row), sample.unit.get(*row));
    let rows: Vec<usize> = (0..sample.n()).collect();
    let units = rows.chunk_by(|a, b| key(a) == key(b)).map(|unit| {
        start += unit.len();
        start - unit.len()..start
    });
    units.collect()
}

fn list(units: &[Unit], list: u32, centre: f64) -> Result<List, EstimateError> {
    let places = units.first().map_or(0, |it| it.places);
    if places < 2 {
        return Err(EstimateError::OneSeat { list, places });
    }
    let (offered, rest): (Vec<&Unit>, Vec<&Unit>) = units.iter().partition(|it| it.offered);
    if offered.is_empty() || rest.is_empty() {
        return Err(EstimateError::BlockWithoutArm { block: list });
    }
    // As if the last of the S were left out, whichever it was.
    let kept = f64::from(places - 1) / f64::from(places);
    let weight = |it: &Unit| if it.taken == Taken::Kept { kept } else { 1.0 };
    let total: f64 = offered.iter().map(|it| weight(it)).sum();
    let sum = |value: fn(&Unit) -> f64| -> f64 {
        offered.iter().map(|it| weight(it) * value(it)).sum::<f64>() / total
    };
    let not_offered: Vec<f64> = rest.iter().map(|it| it.y).collect();
    Ok(List {
        n: units.len() as f64,
        centre,
        offered: sum(|it| it.y),
        taking: sum(|it| f64::from(u8::from(it.taken != Taken::No))),
        rest: mean(&not_offered),
    })
}

/// Σ N·over/Σ N·under with its variance over lists; None if nothing is below the line.
///
/// The second weighting is `N_k`: each list counts by its size, so that Σ N·dY and Σ N·dD are, over
/// all orders of the lists, the takers' total effect and their number.
fn ratio(lists: &[List], over: fn(&List) -> f64, under: fn(&List) -> f64) -> Option<Inference> {
    let total = |value: &dyn Fn(&List) -> f64| lists.iter().map(|it| it.n * value(it)).sum::<f64>();
    let below = total(&under);
    if below <= 0.0 {
        return None;
    }
    let estimate = total(&over) / below;
    let score = |it: &List| (it.n * (over(it) - estimate * under(it)) / below).powi(2);
    let variance: f64 = lists.iter().map(score).sum();
    let df = Some(lists.len() as f64 - 1.0);
    Some(Inference { estimate, std_error: Some(variance.sqrt()), df })
}

fn weighted_mean(lists: &[List], value: fn(&List) -> f64) -> Option<f64> {
    ratio(lists, value, |_| 1.0).map(|it| it.estimate)
}

fn add_notes(number: &mut Number, sample: &Sample, lists: &[List]) {
    if is_constant(&sample.y) {
        number.note("the outcome does not vary");
    }
    if lists.len() < FEW_LISTS {
        let n = lists.len();
        number.note(format!("{n} lists: the standard error is right for many lists"));
    }
    let units: f64 = lists.iter().map(|it| it.n).sum();
    if units < sample.n() as f64 {
        number.note("the rows of a unit are averaged first: each unit counts once");
    }
}
