//! `flow.parquet`: the counts of the CONSORT-SPI flow.

use super::{
    Field, List,
    Physical::{Code, Int32, Int64, Text, Timestamp},
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
        Field::required(
            "level",
            Code(List::Level),
            "what is counted: `office`, `family`, `adult` or `child`",
        ),
        Field::optional(
            "arm",
            Code(List::Arm),
            "the arm; null before the draw, and of offices with families in several",
        ),
        Field::required("stage", Code(List::Stage), "the stage, such as `drawn` or `observed`"),
        Field::optional("horizon", Text, "months since the draw, or a calendar date"),
        Field::optional(
            "source",
            Code(List::Source),
            "`VEILEDER`, `SELVRAPPORT` or `REGISTER`; null for any of them",
        ),
        Field::optional("register", Code(List::Open), "which register"),
        Field::optional("outcome_id", Code(List::Outcome), "the primary outcome that is analysed"),
        Field::optional(
            "reason",
            Code(List::Reason),
            "why these left or are missing, or the kind of consent",
        ),
        Field::required("count", Int64, "how many"),
    ],
};
