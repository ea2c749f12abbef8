//! `lodd power`: what can be typed.

use clap::Args;

/// What the pilot's own design can detect: by formula, and by simulation of its own draw and its own analysis
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "The design is that of the last draw, else of the list as it would be locked \
                        now; with --families that of the first stage, the draw of offices. Or type \
                        it: --n and --seats, or --offices, --seats and --families. In a pilot's \
                        folder out/power.parquet and out/power.svg are \
                        written.\n\nExamples:\n  lodd power --base-rate 0.3\n  lodd power --n 57 \
                        --seats 15 --base-rate 0.2,0.3\n  lodd power --offices 29 --seats 15 \
                        --families 21 --base-rate 0.3 --icc 0.02,0.05"
)]
pub(crate) struct Power {
    /// Shares with the outcome among the controls [default: 0.1 to 0.5]
    #[arg(long, value_name = "SHARE", value_delimiter = ',')]
    pub(crate) base_rate: Vec<f64>,
    /// Standard deviation of an outcome that is a number
    #[arg(long, value_name = "SD", conflicts_with = "base_rate")]
    pub(crate) sd: Option<f64>,
    /// Families on the list, instead of the pilot's
    #[arg(long, value_name = "N", requires = "seats")]
    pub(crate) n: Option<u32>,
    /// Offices that are drawn, instead of the pilot's
    #[arg(long, value_name = "N", requires = "seats")]
    pub(crate) offices: Option<u32>,
    /// How many of them are treated
    #[arg(long, value_name = "N")]
    pub(crate) seats: Option<u32>,
    /// Families in each office, where offices are drawn
    #[arg(long, value_name = "N")]
    pub(crate) families: Option<u32>,
    /// How unequal offices are: standard deviation of their sizes over the mean, for the formula
    #[arg(long, value_name = "CV", default_value_t = 0.0)]
    pub(crate) cv: f64,
    /// Correlations within offices [default: 0.02,0.05]
    #[arg(long, value_name = "ICC", value_delimiter = ',')]
    pub(crate) icc: Vec<f64>,
    /// Share of the variance that covariates explain, for the formula
    #[arg(long, value_name = "R2", default_value_t = 0.0)]
    pub(crate) r2: f64,
    /// Share without an outcome
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    pub(crate) attrition: f64,
    /// Share of the treated who take what is offered
    #[arg(long, value_name = "SHARE", default_value_t = 1.0)]
    pub(crate) take_up: f64,
    /// How often the effect shall be found
    #[arg(long = "power", value_name = "SHARE", default_value_t = 0.8)]
    pub(crate) wanted: f64,
    /// Two-sided error rate
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    pub(crate) alpha: f64,
    /// Simulated trials
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub(crate) draws: u32,
}
