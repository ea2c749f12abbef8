//! `assignments.parquet`: the arm of every unit, and how it came by it.

use super::{
    Field, List,
    Physical::{Bool, Code, Date, Int32, Text},
    Schema,
};

/// One row a draw and unit.
pub const ASSIGNMENTS: Schema = Schema {
    name: "assignments",
    row: "One row a draw and unit on its locked list. Where free places are offered down a list (a draw of families with \
          two arms), `ordinal`, `ticket` and `rank` of the second arm are null until offering in the block is closed: \
          nobody sees who is next. Ranks that have been offered are in `offers.parquet`.",
    fields: &[
        Field::required("draw", Int32, "the draw's number, from 1"),
        Field::required("unit_kind", Code(List::UnitKind), "what was drawn: `FAMILIE` or `KONTOR`"),
        Field::required("unit_id", Text, "the unit's pseudonym"),
        Field::required("block", Text, "the block it was drawn in"),
        Field::optional("ordinal", Int32, "its place in `leaves.csv` within the block, from 0"),
        Field::optional("ticket", Text, "its lottery ticket, 32 hexadecimal digits"),
        Field::optional("rank", Int32, "its place in the block by ticket, from 1"),
        Field::required("arm", Code(List::Arm), "the arm it is assigned to, for ever"),
        Field::optional("probability", Text, "the probability of that arm, an exact fraction"),
        Field::required(
            "compared",
            Bool,
            "false where the arm was certain (probability 1), and of units struck by a fact from before the locking that \
             was judged before the result was shown: such units are outside every comparison",
        ),
        Field::optional(
            "struck_on",
            Date,
            "the date of the fact by which the unit was struck from the list",
        ),
        Field::required(
            "origin",
            Code(List::Origin),
            "`drawn` here, `imported` (not drawn here) or `rehearsal`",
        ),
    ],
};
