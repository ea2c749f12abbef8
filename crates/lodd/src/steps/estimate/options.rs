//! From the words of a plan to an estimator's options.

use lodd_estimate::Options;

use super::{Analysis, Run};

impl Run<'_> {
    /// The options of one analysis; what the plan leaves out has its default.
    pub(super) fn options(&self, analysis: &Analysis, arm: &str) -> Result<Options, String> {
        fn word<T: std::str::FromStr<Err: ToString>>(
            text: Option<&String>,
        ) -> Result<Option<T>, String> {
            text.map(|it| it.parse::<T>().map_err(|error| error.to_string())).transpose()
        }
        let defaults = Options::default();
        Ok(Options {
            treatment: arm.to_owned(),
            alpha: self.plan.alpha,
            se: word(analysis.se.as_ref())?,
            df: word(analysis.df.as_ref())?,
            statistic: word(analysis.statistic.as_ref())?.unwrap_or(defaults.statistic),
            alternative: word(analysis.alternative.as_ref())?.unwrap_or(defaults.alternative),
            max_exact: analysis.max_exact.unwrap_or(defaults.max_exact),
            replicates: analysis.replicates.unwrap_or(defaults.replicates),
            seed: self.plan.seed,
            ..defaults
        })
    }
}
