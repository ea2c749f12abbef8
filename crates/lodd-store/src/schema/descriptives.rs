//! `descriptives.parquet`: the numbers of the report's descriptive tables.

use super::{
    Field, List,
    Physical::{Code, Date, Double, Int32, Int64, Text, Timestamp},
    Schema,
};

/// One row a number, or a mean with its standard deviation.
pub const DESCRIPTIVES: Schema = Schema {
    name: "descriptives",
    row: "One row a cell of the report's descriptive tables, written by `lodd report`: a count of how \
          many, a mean, or a date. What stands in another file already (flow, balance, transitions, \
          outcomes) is not here.",
    fields: &[
        Field::required("cut", Timestamp, "what was recorded by then is counted"),
        Field::required(
            "table",
            Code(List::Table),
            "`offices`, `analysed`, `received`, `profile`, `power`, `response`, `calendar` or `harms`",
        ),
        Field::optional("draw", Int32, "the draw's number"),
        Field::required(
            "unit_kind",
            Code(List::UnitKind),
            "what is counted: `FAMILIE`, `VOKSEN` or `BARN`",
        ),
        Field::optional("office_id", Code(List::Office), "the office; null for all"),
        Field::optional("arm", Code(List::Arm), "the arm; null for all, and before the draw"),
        Field::optional(
            "population",
            Code(List::Open),
            "whose: `eligible`, `drawn`, `consented`, `started` or `analysed`",
        ),
        Field::optional("horizon", Text, "months since the draw, or a calendar date"),
        Field::required("item", Text, "what is counted or measured"),
        Field::optional("n", Int64, "how many; of a mean, of how many it is known"),
        Field::optional("whole", Int64, "of how many, where a share is shown"),
        Field::optional("value", Double, "the mean, the difference or the effect"),
        Field::optional("sd", Double, "the standard deviation beside a mean"),
        Field::optional("at", Date, "the date, of a calendar"),
    ],
};
