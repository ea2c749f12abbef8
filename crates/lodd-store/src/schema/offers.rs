//! `offers.parquet`: places offered by the draw and down its ranked list.

use super::{
    Field, List,
    Physical::{Bool, Code, Date, Int32, Text, Timestamp},
    Schema,
};

/// One row a draw and family that was offered a place.
pub const OFFERS: Schema = Schema {
    name: "offers",
    row: "One row a draw and family that has been offered a place, in draws of families with two arms. The last five \
          columns are of the block and the same in all its rows. Who stands next on the list is nowhere in it.",
    fields: &[
        Field::required("draw", Int32, "the draw's number"),
        Field::required("block", Text, "the block, one ranked list"),
        Field::required("family_id", Text, "the family's pseudonym"),
        Field::optional(
            "rank",
            Int32,
            "its place in the block by ticket, from 1; null for an assignment taken over without ranks",
        ),
        Field::required(
            "initial",
            Bool,
            "true for a place that the draw itself gave, false for one that became free",
        ),
        Field::required("offered_at", Timestamp, "when it was offered"),
        Field::optional(
            "answer",
            Code(List::Answer),
            "`JA`, `NEI` or `IKKE_NADD`; null while the offer is open",
        ),
        Field::optional("answered_at", Timestamp, "when that answer was recorded"),
        Field::optional("reason", Text, "the reason given with it"),
        Field::optional("started_on", Date, "the day participation began"),
        Field::optional("ended_on", Date, "the day it ended; the place is free again"),
        Field::optional("end_reason", Code(List::EndReason), "why it ended"),
        Field::required("seats", Int32, "places of the block, S"),
        Field::required("units", Int32, "families on the block's list, N"),
        Field::required("offers", Int32, "families offered a place so far"),
        Field::required("takers", Int32, "of these, how many took it"),
        Field::required("closed", Bool, "whether offering has ended, so that this log is final"),
    ],
};
