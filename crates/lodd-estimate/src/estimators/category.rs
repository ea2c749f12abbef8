//! A categorical outcome.

use super::difference_in_means::DifferenceInMeans;
use crate::levels::{Levels, chi_square};
use crate::model_matrix::ModelMatrix;
use crate::multinomial;
use crate::{
    EstimateError, Estimator, Measure, Number, Options, OutcomeKind, Redraw, Role, Sample,
};

/// The share of each level per arm, and whether any differs.
#[derive(Debug)]
pub(super) struct Category;

impl Estimator for Category {
    fn name(&self) -> &'static str {
        "category"
    }
    fn summary(&self) -> &'static str {
        "Shares of a categorical outcome per arm, a joint test, and a multinomial logit"
    }
    fn formula(&self) -> &'static str {
        "share[LEVEL]: difference_in_means of the outcome being LEVEL; over all levels they sum to 0. \
         joint: Pearson's χ² with levels − 1 degrees of freedom, over several blocks Cochran, Mantel \
         and Haenszel's generalised; in one block with a cell that expects fewer than 5 p is exact: \
         all tables no more probable. log_odds[LEVEL]: ln P(LEVEL)/P(first) = a + x'b + d·z by \
         maximum likelihood; joint_logit: its likelihood ratio without treatment."
    }
    fn assumptions(&self) -> &'static str {
        "Units were drawn at random within blocks and are independent. The logit does not know \
         blocks unless they are among the covariates. Tests of single levels are as many as there \
         are levels: read joint first."
    }
    fn source(&self) -> &'static str {
        "Pearson (1900); Freeman and Halton (1951), as R fisher.test; Landis, Heyman and Koch (1978), \
         as R mantelhaen.test; McFadden (1974), as R nnet's multinom"
    }
    fn measure(&self) -> Measure {
        Measure::Other
    }
    fn outcome(&self) -> OutcomeKind {
        OutcomeKind::Category
    }
    fn needs(&self) -> &'static [&'static str] {
        &["category"]
    }
    fn options(&self) -> &'static [&'static str] {
        &["category", "covariates", "factors", "missing_covariates"]
    }
    fn terms(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("share[LEVEL]", "share of the treated at LEVEL less that of the controls"),
            ("joint", "test that all shares are the same in both arms"),
            ("log_odds[LEVEL]", "effect on the log odds of LEVEL against the first level"),
            ("joint_logit", "likelihood ratio test of all of these, at equal covariates"),
        ]
    }

    fn compute(
        &self,
        sample: &Sample,
        options: &Options,
        redraw: Option<Redraw<'_>>,
    ) -> Result<Vec<Number>, EstimateError> {
        let (levels, names) = occurring(sample);
        let mut numbers = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let mut one = sample.clone();
            one.y = levels.iter().map(|it| f64::from(u8::from(*it == at))).collect();
            let share = DifferenceInMeans.compute(&one, options, redraw)?;
            let term = format!("share[{name}]");
            numbers.extend(share.into_iter().take(1).map(|it| Number { term: term.clone(), ..it }));
        }
        numbers.push(joint(sample, &levels, names.len()));
        numbers.extend(logit(sample, options, &levels, &names)?);
        Ok(numbers)
    }
}

/// Each row's level among those that occur, and their names.
fn occurring(sample: &Sample) -> (Vec<usize>, Vec<String>) {
    let Some(column) = sample.column(Role::Category) else { return (Vec::new(), Vec::new()) };
    let codes: Vec<usize> = (0..sample.n()).map(|row| column.code(row)).collect();
    let mut used = codes.clone();
    used.sort_unstable();
    used.dedup();
    let names = used.iter().filter_map(|it| column.levels.get(*it).cloned()).collect();
    let place = |code: &usize| used.binary_search(code).unwrap_or_default();
    (codes.iter().map(place).collect(), names)
}

fn is_clustered(sample: &Sample) -> bool {
    sample.clusters.as_deref().unwrap_or_default().iter().any(|it| it.len() > 1)
}

fn joint(sample: &Sample, levels: &[usize], count: usize) -> Number {
    let mut number = Number::of(sample, "joint");
    if is_clustered(sample) {
        number.note("rows of a cluster are not independent: no joint test; read the shares");
        return number;
    }
    let blocks = Levels::of(sample, levels, count);
    let Some((statistic, df)) = chi_square(&blocks) else {
        number.note("the outcome does not vary: no test");
        return number;
    };
    let small = blocks.iter().any(Levels::is_small);
    let exact = match blocks.as_slice() {
        [only] if small => only.exact(),
        _ => None,
    };
    let mut number = number.infer_chi_square(statistic, df);
    if let Some(p) = exact {
        number.p_value = Some(p);
        number.note("a cell expects fewer than 5: p is exact, all tables no more probable");
    } else if small {
        number.note("a cell of a block expects fewer than 5: the chi-square may be rough");
    }
    number
}

/// The multinomial logit's effects and joint test.
fn logit(
    sample: &Sample,
    options: &Options,
    levels: &[usize],
    names: &[String],
) -> Result<Vec<Number>, EstimateError> {
    let mut test = Number::of(sample, "joint_logit");
    if is_clustered(sample) {
        test.note("rows of a cluster are not independent: no multinomial logit");
        return Ok(vec![test]);
    }
    if names.len() < 2 {
        test.note("the outcome does not vary: no multinomial logit");
        return Ok(vec![test]);
    }
    let matrix = ModelMatrix::of(sample, true)?;
    let width = matrix.width();
    let fit = |width| multinomial::fit(&matrix, levels, names.len(), width);
    let (Some(whole), Some(without)) = (fit(width), fit(width - 1)) else {
        test.note("perfect prediction: a level is told apart with certainty; read the shares");
        return Ok(vec![test]);
    };
    if !matrix.dropped.is_empty() {
        test.note(format!("dropped as collinear: {}", matrix.dropped.join(", ")));
    }
    let mut numbers = Vec::new();
    for (name, at) in names.iter().skip(1).zip((width - 1..).step_by(width)) {
        let estimate = whole.at.get(at).copied().unwrap_or_default();
        let std_error = whole.inverse.at(at, at).sqrt();
        let number = Number::of(sample, &format!("log_odds[{name}]"));
        numbers.push(number.infer_normal(estimate, Some(std_error), "information", options.alpha));
    }
    let ratio = 2.0 * (whole.log_likelihood - without.log_likelihood);
    numbers.push(test.infer_chi_square(ratio.max(0.0), names.len() as f64 - 1.0));
    Ok(numbers)
}
