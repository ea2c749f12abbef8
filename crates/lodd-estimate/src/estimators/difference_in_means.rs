//! Difference in means, for simple, blocked, paired and clustered assignment.

use crate::arms::{Block, blocks};
use crate::number::{Inference, is_constant};
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

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
         block, clusters − 2·blocks in several. Pairs: the variance between pairs, pairs − 1."
    }
    fn assumptions(&self) -> &'static str {
        "Units were drawn completely at random within blocks; no unit's outcome depends on \
         another's arm. Standard errors are too large, if anything, when effects vary."
    }
    fn source(&self) -> &'static str {
        "Neyman (1923); Gerber and Green (2012), Field Experiments, ch. 3; pairs: Imai, King and \
         Nall (2009), Statistical Science 24; clusters: Bell and McCaffrey (2002)"
    }
    fn options(&self) -> &'static [&'static str] {
        &[]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[("{treatment}", "mean outcome of the treated less that of the controls")]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let mut number = Number::of_effect(sample, options);
        let blocks = blocks(sample)?;
        let (inference, se_type) = match blocks.as_slice() {
            [block] => one_block(block, sample)?,
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

fn weighted(blocks: &[Block], n: f64) -> f64 {
    blocks.iter().map(|it| it.n() / n * it.difference()).sum()
}
