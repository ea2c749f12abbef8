//! `order.parquet`: whether the order of the list shows in the draw.

use super::{
    Field, List,
    Physical::{Bool, Code, Double, Int32, Int64},
    Schema,
};

/// One row an order of the list, and what it is held against.
pub const ORDER: Schema = Schema {
    name: "order",
    row: "One row a check of one draw, an order of the list held against arms or ranks: in \
          `out/draw-NNNN/`. Tests re-run the draw, or the ranks of its blocks.",
    fields: &[
        Field::required("draw", Int32, "the draw's number"),
        Field::required(
            "origin",
            Code(List::Origin),
            "`drawn` here, `imported` (not drawn here) or `rehearsal`",
        ),
        Field::required(
            "list",
            Code(List::Open),
            "`list_position`, `registered_on`, `unit_id`, `ordinal` or `office`",
        ),
        Field::required("against", Code(List::Against), "`arm` or `rank`"),
        Field::required(
            "statistic",
            Double,
            "against arms: d² of the ranks within blocks; against ranks: Spearman's correlation",
        ),
        Field::required("df", Int64, "degrees of freedom; 0 where there is nothing to compare"),
        Field::required("p_value", Double, "the share of re-draws at least as extreme"),
        Field::required("n_replays", Int64, "re-draws made, or all assignments"),
        Field::required("exact", Bool, "whether all assignments were enumerated"),
        Field::optional("n_first", Int64, "units in the first tenth of the list"),
        Field::optional("n_first_drawn", Int64, "of these, in an arm other than the last"),
        Field::optional("expected_first_drawn", Double, "how many were to be expected"),
        Field::required("stop", Bool, "whether to stop and look: p below 0.001"),
    ],
};
