//! Differences between the arms' quantiles.

use super::refusals::refuse_clusters;
use crate::number::is_constant;
use crate::quantile::Weighted;
use crate::{EstimateError, Estimator, Number, Options, Redraw, Sample};

/// Quantiles of the treated less those of the controls.
#[derive(Debug)]
pub(super) struct Quantiles;

/// The shares and their terms; the median comes first.
const SHARES: [(f64, &str); 5] =
    [(0.5, "q50"), (0.1, "q10"), (0.25, "q25"), (0.75, "q75"), (0.9, "q90")];

impl Estimator for Quantiles {
    fn name(&self) -> &'static str {
        "quantiles"
    }
    fn summary(&self) -> &'static str {
        "Differences between the arms at the median and other quantiles"
    }
    fn formula(&self) -> &'static str {
        "q(p) linear between order statistics (definition 7), treated less control. Variance of each: \
         ((q(p+h) − q(p−h))/2z)² with h = z·√(p(1−p)/n). In blocks rows are weighted \
         (n_b/n)/(n_ba/n_a), so that both arms have the same blocks, and n is (Σw)²/Σw²."
    }
    fn assumptions(&self) -> &'static str {
        "Units were drawn at random within blocks and are independent. The difference of quantiles \
         is not the quantile of differences. The interval is normal: with fewer than about 30 rows \
         an arm, or many ties, read wilcoxon."
    }
    fn source(&self) -> &'static str {
        "Hyndman and Fan (1996), American Statistician 50; Woodruff (1952), JASA 47"
    }
    fn options(&self) -> &'static [&'static str] {
        &[]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("q50", "median of the treated less that of the controls"),
            ("q10", "the same at the share 0.10"),
            ("q25", "the same at the share 0.25"),
            ("q75", "the same at the share 0.75"),
            ("q90", "the same at the share 0.90"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        _: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        refuse_clusters(self.name(), sample)?;
        if let Some(&block) = sample.lost_blocks().first() {
            return Err(EstimateError::BlockWithoutArm { block });
        }
        let (treated, control) = (arm(sample, true), arm(sample, false));
        let number = |(share, term): &(f64, &str)| {
            let of = |it: &Weighted| it.quantile(*share, options.alpha);
            let (one, zero) = (of(&treated), of(&control));
            let mut number = if *term == "q50" {
                Number { term: (*term).to_owned(), ..Number::of_effect(sample, options) }
            } else {
                Number::of(sample, term)
            };
            if is_constant(&sample.y) {
                number.note("the outcome does not vary");
            }
            let std_error = one.std_error.zip(zero.std_error).map(|(a, b)| a.hypot(b));
            if std_error.is_none() {
                number.note("too few rows beyond this quantile");
            }
            number.infer_normal(one.at - zero.at, std_error, "woodruff", options.alpha)
        };
        Ok(SHARES.iter().map(number).collect())
    }
}

/// The outcomes of an arm, weighted so that its blocks are those of all rows.
fn arm(sample: &Sample, treated: bool) -> Weighted {
    let mut counts = vec![(0.0, 0.0); sample.n_blocks()];
    for (block, arm) in sample.block.iter().zip(&sample.treated) {
        if let Some((n, own)) = counts.get_mut(*block) {
            *n += 1.0;
            *own += f64::from(u8::from(*arm == treated));
        }
    }
    let n = sample.n() as f64;
    let own: f64 = counts.iter().map(|it| it.1).sum();
    // Whole numbers over whole numbers, so that equal shares give equal weights.
    let weight = |block: &usize| counts.get(*block).map_or(0.0, |it| it.0 * own / (it.1 * n));
    let rows = sample.y.iter().zip(&sample.block).zip(&sample.treated);
    let rows = rows.filter(|(_, arm)| **arm == treated);
    Weighted::new(rows.map(|((y, block), _)| (*y, weight(block))).collect())
}
