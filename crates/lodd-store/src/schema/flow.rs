//! `flow.parquet`: the counts of the CONSORT-SPI flow.

use super::{
    Field,
    Physical::{Int32, Int64, Text, Timestamp},
    Schema,
};

/// One row a box of the flow, and reason.
pub const FLOW: Schema = Schema {
    name: "flow",
    row: "One row a stage of the flow, by level, arm, horizon, source and reason; \
          [flow.md](flow.md) says what each stage counts and which sums hold.",
    fields: &[
        Field::required("cut", Timestamp, "what was recorded by then is counted"),
        Field::optional("draw", Int32, "the draw's number; null before a draw"),
        Field::required("level", Text, "what is counted: `office`, `family`, `adult` or `child`"),
        Field::optional(
            "arm",
            Text,
            "the arm; null before the draw, and of offices with families in several",
        ),
        Field::required("stage", Text, "the stage, such as `drawn` or `observed`"),
        Field::optional("horizon", Text, "months since the draw, or a calendar date"),
        Field::optional(
            "source",
            Text,
            "`VEILEDER`, `SELVRAPPORT` or `REGISTER`; null for any of them",
        ),
        Field::optional("register", Text, "which register"),
        Field::optional("outcome_id", Text, "the primary outcome that is analysed"),
        Field::optional("reason", Text, "why these left or are missing, or the kind of consent"),
        Field::required("count", Int64, "how many"),
    ],
};
