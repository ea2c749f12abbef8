//! `transitions.parquet`: from the status at the start to that at each horizon, by arm.

use super::{
    Field, List,
    Physical::{Code, Int32, Int64, Text, Timestamp},
    Schema,
};

/// One row a pair of statuses and arm.
pub const TRANSITIONS: Schema = Schema {
    name: "transitions",
    row: "One row a pair of statuses, at the start and at a horizon, and arm: every pair that occurs in \
          one arm stands in all, so that no before and after is without its control. The counts of an \
          arm add up to its units drawn.",
    fields: &[
        Field::required("cut", Timestamp, "what was recorded by then is counted"),
        Field::required("draw", Int32, "the draw's number"),
        Field::required("arm", Code(List::Arm), "the arm"),
        Field::required(
            "unit_kind",
            Code(List::UnitKind),
            "what is counted: `FAMILIE`, `VOKSEN` or `BARN`",
        ),
        Field::required("source", Code(List::Source), "`VEILEDER`, `SELVRAPPORT` or `REGISTER`"),
        Field::optional("register", Code(List::Open), "which register"),
        Field::required("variable", Code(List::Variable), "the variable, one with codes"),
        Field::required("horizon", Text, "months since the draw, or a calendar date"),
        Field::optional(
            "from_value",
            Code(List::Open),
            "the status at the start; null where it is not known",
        ),
        Field::optional(
            "to_value",
            Code(List::Open),
            "the status at the horizon; null where it is not known",
        ),
        Field::required("n", Int64, "how many units"),
    ],
};
