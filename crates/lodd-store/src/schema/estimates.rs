//! `estimates.parquet`: one number a row, with all that is needed to read it.

use super::{
    Field, List,
    Physical::{Code, Double, Int32, Int64, Text, Timestamp},
    Schema,
};

/// One row a number.
pub const ESTIMATES: Schema = Schema {
    name: "estimates",
    row: "One row a number: `term` names it within its analysis. A number that does not exist is \
          null, with a `note`.",
    fields: &[
        Field::required("analysis", Text, "the analysis's id in the plan"),
        Field::required("estimator", Code(List::Open), "the estimator"),
        Field::required("outcome", Text, "the outcome or column"),
        Field::optional("outcome_version", Int32, "the version of the outcome's definition"),
        Field::optional("horizon", Text, "months since the draw, or a calendar date"),
        Field::optional("source", Code(List::Source), "`VEILEDER`, `SELVRAPPORT` or `REGISTER`"),
        Field::optional("unit", Code(List::UnitKind), "`FAMILIE`, `VOKSEN` or `BARN`"),
        Field::optional("draw", Text, "the draws analysed, such as `1` or `1,2`"),
        Field::optional("contrast", Code(List::Open), "what is compared, such as `initial_offer`"),
        Field::optional("contrast_level", Text, "the arm or level set against the reference"),
        Field::optional("population", Code(List::Open), "who is compared, such as `drawn`"),
        Field::optional(
            "origin",
            Code(List::Origin),
            "`drawn`, `imported` (not drawn here) or `rehearsal`",
        ),
        Field::required("status", Code(List::Status), "`confirmatory`, `exploratory` or `interim`"),
        Field::required("term", Text, "which number of the analysis this is"),
        Field::optional("estimate", Double, "the estimate"),
        Field::optional("std_error", Double, "its standard error"),
        Field::optional("statistic", Double, "the test statistic"),
        Field::optional("df", Double, "degrees of freedom"),
        Field::optional("p_value", Double, "the two-sided p-value, unless the plan says otherwise"),
        Field::optional("conf_low", Double, "the interval's lower end"),
        Field::optional("conf_high", Double, "the interval's upper end"),
        Field::optional("se_type", Code(List::Open), "the kind of standard error, such as `HC2`"),
        Field::optional("n", Int64, "units in the analysis"),
        Field::optional("n_treated", Int64, "of these, in the arm compared"),
        Field::optional("n_control", Int64, "of these, in the reference arm"),
        Field::optional("n_drawn", Int64, "units drawn, observed or not"),
        Field::optional("n_dropped", Int64, "units left out for a missing outcome"),
        Field::optional("n_clusters", Int64, "clusters in the analysis"),
        Field::optional("n_blocks", Int64, "blocks in the analysis"),
        Field::optional("mean_treated", Double, "mean outcome in the arm compared"),
        Field::optional("mean_control", Double, "mean outcome in the reference arm"),
        Field::optional("events_treated", Int64, "units with the outcome, in the arm compared"),
        Field::optional("events_control", Int64, "units with the outcome, in the reference arm"),
        Field::optional(
            "share_control_offered",
            Double,
            "share of the reference arm offered later",
        ),
        Field::optional(
            "icc",
            Double,
            "intra-cluster correlation, where rows of the effect are clustered",
        ),
        Field::optional(
            "mde",
            Double,
            "minimum detectable effect with power 0.8, from sizes and controls only",
        ),
        Field::optional("p_adjusted", Double, "the p-value adjusted within its family"),
        Field::optional("adjustment", Code(List::Open), "how it was adjusted"),
        Field::optional("cut", Timestamp, "the cut of the data"),
        Field::optional("note", Text, "what to know when reading the number"),
    ],
};
