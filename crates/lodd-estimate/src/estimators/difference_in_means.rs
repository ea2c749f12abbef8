//! Difference in means, for simple, blocked, paired and clustered assignment.

use crate::arms::{Block, blocks};
use crate::number::{Inference, is_constant};
use crate::permutation::Trial;
use crate::{
    Alternative, BlockVariance, EstimateError, Estimator, Number, Options, Redraw, Sample,
    Statistic,
};

/// The mean outcome of treated rows less that of control rows, weighted over blocks.
#[derive(Debug)]
pub(super) struct DifferenceInMeans;

impl Estimator for DifferenceInMeans {
    fn name(&self) -> &'static str {
        "difference_in_means"
    }
    fn summary(&self) -> &'static str {
        "Difference in mean outcome between the arms, by the design of the draw"
    }
    fn formula(&self) -> &'static str {
        "Σ (n_b/n)·(ȳ_b1 − ȳ_b0) over blocks b. Variance Σ (n_b/n)²·(s²_b1/n_b1 + s²_b0/n_b0). \
         One block: Welch df; several: n − 2·blocks. Clusters: CR2 with Satterthwaite df in one \
         block, clusters − 2·blocks in several. Pairs: the variance between pairs, pairs − 1. A block with one unit in an arm has no \
         variance of its own: block_variance says whether that over re-draws of the assignment is \
         taken (replay, the default where the draw is at hand), or that between such blocks \
         (pashley_miratrix)."
    }
    fn assumptions(&self) -> &'static str {
        "Units were drawn completely at random within blocks; no unit's outcome depends on \
         another's arm. Standard errors are too large, if anything, when effects vary."
    }
    fn source(&self) -> &'static str {
        "Neyman (1923); Gerber and Green (2012), Field Experiments, ch. 3; pairs: Imai, King and \
         Nall (2009), Statistical Science 24; clusters: Bell and McCaffrey (2002); Pashley and \
         Miratrix (2021), Journal of Educational and Behavioral Statistics 46. Reproduced: the \
         experiments of Dehejia and Wahba (1999, table 3) and Fisher (1935)"
    }
    fn options(&self) -> &'static [&'static str] {
        &["block_variance", "max_exact", "replicates"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[("{treatment}", "mean outcome of the treated less that of the controls")]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        redraw: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let mut number = Number::of_effect(sample, options);
        let blocks = blocks(sample)?;
        let asked = options.block_variance;
        let (inference, se_type) = match blocks.as_slice() {
            [block] => one_block(block, sample)?,
            blocks if asked == Some(BlockVariance::PashleyMiratrix) => {
                (pashley_miratrix(blocks)?, "pashley_miratrix")
            }
            blocks
                if asked == Some(BlockVariance::Replay)
                    || needs_replay(blocks, options, redraw) =>
            {
                let redraw = redraw.ok_or(EstimateError::NoReplay { estimator: self.name() })?;
                let variance = replayed_variance(sample, options, redraw)?;
                number.note("variance over re-draws of the assignment, if no unit has an effect");
                let within = several_blocks(blocks);
                (Inference { std_error: Some(variance.sqrt()), ..within }, "replay")
            }
            blocks if blocks.iter().all(Block::is_pair) => (pairs(blocks), "pairs"),
            blocks => {
                (several_blocks(blocks), if sample.clusters.is_some() { "CR2" } else { "neyman" })
            }
        };
        if inference.std_error.is_none() {
            number.note(
                "no standard error: an arm of a block is a single unit, which says nothing of \
                 the variance; randomization_test needs none",
            );
        }
        if is_constant(&sample.y) {
            number.note("the outcome does not vary");
        }
        Ok(vec![number.infer(inference, se_type, options.alpha)])
    }
}

/// Gerber and Green (2012), eq. 3.6, with Welch's df; CR2 with its own df for clusters.
fn one_block(block: &Block, sample: &Sample) -> Result<(Inference, &'static str), EstimateError> {
    let (estimate, std_error) = (block.difference(), block.variance().map(f64::sqrt));
    if sample.clusters.is_none() {
        return Ok((Inference { estimate, std_error, df: block.welch_df() }, "neyman"));
    }
    if std_error.is_none() {
        let (treated, control) = (block.treated.groups, block.control.groups);
        return Err(EstimateError::FewClusters { treated, control });
    }
    Ok((Inference { estimate, std_error, df: Some(block.cluster_df()) }, "CR2"))
}

/// Gerber and Green (2012), eq. 3.10 and 3.12.
fn several_blocks(blocks: &[Block]) -> Inference {
    let n: f64 = blocks.iter().map(Block::n).sum();
    let groups: usize = blocks.iter().map(|it| it.treated.groups + it.control.groups).sum();
    let variances: Option<Vec<f64>> =
        blocks.iter().map(|it| Some((it.n() / n).powi(2) * it.variance()?)).collect();
    Inference {
        estimate: weighted(blocks, n),
        std_error: variances.map(|it| it.iter().sum::<f64>().sqrt()),
        df: Some(groups as f64 - 2.0 * blocks.len() as f64),
    }
}

/// Imai, King and Nall (2009), eq. 9: the variance between pairs, each weighted by its rows.
fn pairs(blocks: &[Block]) -> Inference {
    let n: f64 = blocks.iter().map(Block::n).sum();
    let pairs = blocks.len() as f64;
    let estimate = weighted(blocks, n);
    let deviation = |it: &Block| it.n() * it.difference() - n * estimate / pairs;
    let squares: f64 = blocks.iter().map(|it| deviation(it).powi(2)).sum();
    let variance = pairs / ((pairs - 1.0) * n * n) * squares;
    Inference { estimate, std_error: Some(variance.sqrt()), df: Some(pairs - 1.0) }
}

/// Whether the variance over re-draws is the one to take, though nobody asked: some block has no
/// variance, not all are pairs, and the draw is at hand, with a seed if it must be Monte Carlo.
fn needs_replay(blocks: &[Block], options: &Options, redraw: Option<Redraw<'_>>) -> bool {
    let few = |it: Redraw<'_>| {
        it.replay.assignments().is_some_and(|all| all <= u128::from(options.max_exact))
    };
    options.block_variance.is_none()
        && redraw.is_some_and(|it| options.seed.is_some() || few(it))
        && blocks.iter().any(|it| it.variance().is_none())
        && !blocks.iter().all(Block::is_pair)
}

/// The mean of T*² over the assignments, or over random ones.
fn replayed_variance(
    sample: &Sample,
    options: &Options,
    redraw: Redraw<'_>,
) -> Result<f64, EstimateError> {
    let settings = (Statistic::Difference, Alternative::TwoSided);
    let trial = Trial::of(sample, settings, redraw.replay.units())?;
    let all = redraw.replay.assignments().and_then(|it| u64::try_from(it).ok());
    let all = all.filter(|it| *it <= options.max_exact);
    if all.is_none() && options.seed.is_none() {
        return Err(EstimateError::NoSeed);
    }
    let mut space = trial.space();
    let (mut squares, mut draws) = (0.0, 0.0);
    for i in 0..all.unwrap_or(options.replicates) {
        if all.is_some() {
            redraw.replay.nth(u128::from(i), &mut space.arms);
        } else {
            redraw.replay.replay(i, &mut space.arms);
        }
        // A re-draw in which a block lost an arm has no difference.
        if let Some(it) = trial.drawn(&mut space, |arm| redraw.side(arm)).statistic {
            squares += it * it;
            draws += 1.0;
        }
    }
    if draws > 0.0 { Ok(squares / draws) } else { Err(EstimateError::NoReplicates) }
}

/// Pashley and Miratrix (2021), the hybrid of Neyman's variance within blocks that have one, and
/// for the others, of `n_k` rows of n in all,
/// `Σ n_k²/((n − 2n_k)(n + Σ n_i²/(n − 2n_i)))·(τ_k − τ)²`. Satterthwaite's df of the parts.
fn pashley_miratrix(blocks: &[Block]) -> Result<Inference, EstimateError> {
    let all: f64 = blocks.iter().map(Block::n).sum();
    let (small, big): (Vec<&Block>, Vec<&Block>) =
        blocks.iter().partition(|it| it.variance().is_none());
    let n: f64 = small.iter().map(|it| it.n()).sum();
    let mut parts: Vec<(f64, f64)> = Vec::new();
    for it in &big {
        let df = (it.treated.groups + it.control.groups) as f64 - 2.0;
        parts.push(((it.n() / all).powi(2) * it.variance().unwrap_or_default(), df));
    }
    if !small.is_empty() {
        let left = |it: &Block| n - 2.0 * it.n();
        if small.len() < 2 || small.iter().any(|it| left(it) <= 0.0) {
            return Err(EstimateError::FewSmallBlocks);
        }
        let mean: f64 = small.iter().map(|it| it.n() / n * it.difference()).sum();
        let total = n + small.iter().map(|it| it.n().powi(2) / left(it)).sum::<f64>();
        let part =
            |it: &&Block| it.n().powi(2) / (left(it) * total) * (it.difference() - mean).powi(2);
        let between: f64 = small.iter().map(part).sum();
        parts.push(((n / all).powi(2) * between, small.len() as f64 - 1.0));
    }
    let variance: f64 = parts.iter().map(|it| it.0).sum();
    let rest: f64 = parts.iter().map(|(it, df)| it * it / df).sum();
    Ok(Inference {
        estimate: weighted(blocks, all),
        std_error: Some(variance.sqrt()),
        df: Some(variance * variance / rest),
    })
}

fn weighted(blocks: &[Block], n: f64) -> f64 {
    blocks.iter().map(|it| it.n() / n * it.difference()).sum()
}
