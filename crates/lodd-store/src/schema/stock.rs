//! `stock.parquet`: families with assistance, and their children, month by month.

use super::{
    Field, List,
    Physical::{Code, Date, Double, Int32, Int64, Timestamp},
    Schema,
};

/// One row a month, register and arm.
pub const STOCK: Schema = Schema {
    name: "stock",
    row: "One row a register and month: of all families of the pilot (draw and arm null), and of each arm \
          of each draw.",
    fields: &[
        Field::required("cut", Timestamp, "what was recorded by then is counted"),
        Field::optional("draw", Int32, "the draw's number; null for all families"),
        Field::optional("arm", Code(List::Arm), "the arm; null for all families"),
        Field::optional("register", Code(List::Open), "which register"),
        Field::required("month", Date, "the month, by its first day"),
        Field::optional("month_no", Int32, "months after the draw's; null for all families"),
        Field::required("n_families", Int64, "families in all"),
        Field::required("n_known", Int64, "families of whom the month is known"),
        Field::required("families", Int64, "families with a grant or a loan in the month"),
        Field::required(
            "children",
            Int64,
            "their children under 18 who lived at home on the month's last day",
        ),
        Field::optional(
            "mean_families_12",
            Double,
            "the average month over twelve, this one the last; null with fewer",
        ),
        Field::optional("mean_children_12", Double, "the children in the average month"),
        Field::optional("unknown_12", Int64, "family-months of the twelve that are not known"),
    ],
};
