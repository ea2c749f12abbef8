//! The wild cluster bootstrap: a p-value for few clusters.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::number::is_constant;
use crate::wild::{Draws, Memory, TIE, Wild};
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// The bootstrap-t with the null imposed.
#[derive(Debug)]
pub(super) struct WildBootstrap;

impl Estimator for WildBootstrap {
    fn name(&self) -> &'static str {
        "wild_bootstrap"
    }
    fn summary(&self) -> &'static str {
        "Least squares with a p-value from the wild cluster bootstrap, for few clusters"
    }
    fn formula(&self) -> &'static str {
        "y* = fit without the treatment + v_g·residuals, v_g a random multiplier of each cluster; \
         p is the share of |t*| ≥ |t|, t by CR0 (HC0 without clusters). All 2^G (webb 6^G) draws \
         if at most max_exact, else (b + 1)/(m + 1). Ties count."
    }
    fn assumptions(&self) -> &'static str {
        "As lm_robust; clusters are independent. With very few treated clusters it does not \
         reject when it should; Rademacher's multipliers have few distinct values below 12 \
         clusters, so take webb there."
    }
    fn source(&self) -> &'static str {
        "Cameron, Gelbach and Miller (2008), Review of Economics and Statistics 90(3); Webb (2023); \
         MacKinnon, Nielsen and Webb (2023) on the fast algorithm"
    }
    fn options(&self) -> &'static [&'static str] {
        &[
            "multipliers",
            "max_exact",
            "replicates",
            "covariates",
            "factors",
            "missing_covariates",
            "weights",
        ]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[(
            "{treatment}",
            "difference between the arms at equal covariates, t by CR0, p by the bootstrap",
        )]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let ids = places([sample]);
        let wild = Wild::of(sample, options, &ids)?;
        let draws = Draws::of(options, wild.clusters())?;
        let mut number = Number::of_effect(sample, options);
        number.estimate = Some(wild.estimate);
        number.std_error = Some(wild.std_error);
        number.se_type = Some(if sample.clusters.is_some() { "CR0" } else { "HC0" });
        number.note("no interval: the bootstrap tests the effect 0");
        if is_constant(&sample.y) {
            number.note("the outcome does not vary");
        }
        let Some(t) = wild.statistic else {
            number.note("the standard error is 0: no test, no interval");
            return Ok(vec![number]);
        };
        number.statistic = Some(t);
        let (reached, above) = count(&wild, draws, t.abs());
        let extra = u64::from(!draws.exact);
        let (count, of) = (reached + extra, draws.number + extra);
        number.p_value = Some(count as f64 / of as f64);
        number.note(if draws.exact {
            format!("exact: |t*| >= |t| in {count}/{of} draws of signs, > in {above}")
        } else {
            format!("bootstrap: p = (b + 1)/(m + 1) = {count}/{of} with |t*| >= |t|")
        });
        Ok(vec![number])
    }
}

/// Draws that reach the statistic, and those beyond it.
fn count(wild: &Wild, draws: Draws, t: f64) -> (u64, u64) {
    let step = |(mut counts, mut memory, mut drawn): ((u64, u64), Memory, Vec<f64>), batch: u64| {
        draws.write(batch, &mut memory);
        drawn.clear();
        wild.drawn(&mut memory, &mut drawn);
        for it in &drawn {
            // NaN counts as extreme.
            counts.0 += u64::from(it.is_nan() || *it >= t * (1.0 - TIE));
            counts.1 += u64::from(*it > t * (1.0 + TIE));
        }
        (counts, memory, drawn)
    };
    (0..draws.batches())
        .into_par_iter()
        .fold(|| ((0, 0), Memory::default(), Vec::new()), step)
        .map(|(counts, _, _)| counts)
        .reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
}

/// A place for the multiplier of each cluster, or unit, of some samples.
pub(crate) fn places<'a>(samples: impl IntoIterator<Item = &'a Sample>) -> BTreeMap<u32, usize> {
    let mut ids = BTreeMap::new();
    for sample in samples {
        for rows in sample.groups() {
            ids.insert(sample.group_id(rows.start).unwrap_or_default(), 0);
        }
    }
    ids.values_mut().enumerate().for_each(|(place, it)| *it = place);
    ids
}
