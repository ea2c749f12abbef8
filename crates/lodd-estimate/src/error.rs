//! Why an estimate is refused.

/// Why an estimator gives no number. What can be said of part of a number is not an error: the
/// number then has a null and a note.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum EstimateError {
    #[error("`alpha` must lie between 0 and 1: {0}")]
    Alpha(f64),
    #[error("`replicates` must be at least 1")]
    NoReplicates,
    #[error("`{estimator}` can't use {what}")]
    NotTaken { estimator: &'static str, what: &'static str },
    #[error("`{estimator}` needs `{key}`")]
    NeedsColumn { estimator: &'static str, key: &'static str },
    #[error("`{estimator}` needs `{option}`")]
    NeedsOption { estimator: &'static str, option: &'static str },
    #[error("`{estimator}` needs an outcome that is 0 or 1")]
    NotBinary { estimator: &'static str },
    #[error("`{option}` must be {expected}: {actual}")]
    OptionRange { option: &'static str, expected: &'static str, actual: f64 },
    #[error("covariate `{name}` can't have the name of another term")]
    NameTaken { name: String },
    #[error("the treatment can't be told apart from the covariates")]
    TreatmentCollinear,
    #[error("the instruments and covariates leave nothing of the endogenous variable")]
    NoFirstStage,
    #[error(
        "`lin` takes at most one covariate for every 15 units of the smaller arm: {given} given, {most} at most"
    )]
    TooManyCovariates { given: usize, most: usize },
    #[error("no outcome of the index is known in both arms")]
    NoIndex,
    #[error("the probabilities of block {block} must be its shares of the seats")]
    NotTheSeats { block: u32 },
    #[error("balance needs every drawn unit: {present} of {units}")]
    NotEveryUnit { present: usize, units: usize },
    #[error(
        "`pashley_miratrix` needs two blocks with one unit in an arm, none of them half of all: \
         with fewer there is nothing to compare"
    )]
    FewSmallBlocks,
    #[error("block {block} must have both arms")]
    BlockWithoutArm { block: u32 },
    #[error("cluster {cluster} must be in one arm and one block")]
    ClusterNotNested { cluster: u32 },
    #[error(
        "a clustered standard error needs two clusters an arm: {treated} treated, {control} control"
    )]
    FewClusters { treated: usize, control: usize },
    #[error("standard error `{se}` needs clusters, and there are none")]
    SeNeedsClusters { se: &'static str },
    #[error("standard error `{se}` can't be used with clusters")]
    SeWithClusters { se: &'static str },
    #[error("degrees of freedom `{df}` can't be used with standard error `{se}`")]
    DfOfSe { df: &'static str, se: &'static str },
    #[error("{what} isn't defined here for weighted rows")]
    Weighted { what: &'static str },
    #[error("the eigenvalues of a cluster's matrix were not found")]
    Eigenvalues,
    #[error("`{estimator}` needs the draw that is re-run")]
    NoReplay { estimator: &'static str },
    #[error("unit {unit} must be one of the draw's {units} units")]
    UnitOutsideDraw { unit: u32, units: usize },
    #[error("the realised assignment must be one of the draw's {assignments} assignments")]
    NotOfThisDraw { assignments: u64 },
    #[error("a Monte Carlo test needs a `seed`")]
    NoSeed,
    #[error("the studentized statistic needs two units in each arm of block {block}")]
    SmallBlock { block: u32 },
    #[error("`{estimator}` needs the log of offers: who took a place, and how many in each list")]
    NoOffers { estimator: &'static str },
    #[error(
        "everyone ever offered can't be compared with the rest: offers stop at one who accepts"
    )]
    EverOffered,
    #[error("`waitlist` needs at least two lists: its error shrinks with the number of lists")]
    OneList,
    #[error(
        "list {list} must have at least two places, has {places}: with one, the only one to keep \
         it is the last to be offered, and nothing can be said of those before"
    )]
    OneSeat { list: u32, places: u32 },
    #[error("nobody with an outcome took a place")]
    NobodyTook,
    #[error("an outcome must lie in the support, from {low} to {high}: {outcome}")]
    OutsideSupport { outcome: f64, low: f64, high: f64 },
    #[error("`{estimator}` needs whole numbers from 0 on for distribution `poisson`")]
    NotCounts { estimator: &'static str },
    #[error("`{estimator}` takes at most {most} levels: the outcome has {given} values")]
    TooManyLevels { estimator: &'static str, given: usize, most: usize },
    #[error("`multiple_imputation` needs at least two imputations")]
    OneImputation,
    #[error("both arms need a row whose outcome is observed")]
    NobodyObserved,
    #[error("an interval must end after it begins: from {low} to {high}")]
    EmptyInterval { low: f64, high: f64 },
    #[error("a time can't be negative: {time}")]
    NegativeTime { time: f64 },
    #[error("`tau` must be at most {last}, the longest time that an arm was followed: {tau}")]
    BeyondFollowUp { tau: f64, last: f64 },
    #[error("`{estimator}` needs pairs: block {block} must be one treated and one control row")]
    NotPairs { estimator: &'static str, block: u32 },
}

impl EstimateError {
    /// What to do about it, where there is one thing to do.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotTaken { .. } => "leave it out, or take `lm_robust`",
            Self::NameTaken { .. } => "name the covariate or the treatment otherwise",
            Self::TooManyCovariates { .. } => "take `lm_robust`, or fewer covariates",
            Self::NotTheSeats { .. } => {
                "leave `probability` out, or say `seats = \"bernoulli\"` if each was drawn by itself"
            }
            Self::TreatmentCollinear => "leave out the covariates that fix the arm",
            Self::BlockWithoutArm { .. } => "leave the block out by name with `drop_blocks`",
            Self::FewClusters { .. } => "use `randomization_test`",
            Self::SeNeedsClusters { .. } => "name the `cluster` column, or take HC2",
            Self::SeWithClusters { .. } => "take CR2, or leave the `cluster` out",
            Self::DfOfSe { .. } => "leave `df` out",
            Self::Weighted { .. } => "take `se = \"stata\"`, or `df = \"clusters\"` with CR1",
            Self::NotOfThisDraw { .. } | Self::UnitOutsideDraw { .. } => {
                "check that the assignment and the draw belong together"
            }
            Self::NoSeed => "state 64 hex digits as `seed` in the plan",
            Self::SmallBlock { .. } => "take `statistic = \"difference\"`",
            Self::EverOffered => "take `waitlist`, or compare the first seats by rank",
            Self::OneList | Self::OneSeat { .. } => {
                "compare the first seats by rank (`initial_offer`) with the rest"
            }
            _ => return None,
        })
    }
}
