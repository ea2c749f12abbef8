//! `profile_tables.parquet`: the numbers of the tables that `report.toml` describes.

use super::{
    Field,
    Physical::{Bool, Double, Int32, Int64, Text, Timestamp},
    Schema,
};

/// One row a number.
pub const PROFILE_TABLES: Schema = Schema {
    name: "profile_tables",
    row: "One row a number of the tables that `report.toml` describes, written by `lodd report`: counted from \
          the pilot's micro-data, but for figures from elsewhere (`context`) and what the measure cost \
          (`cost`). The metadata name each file that was counted, with its SHA-256.",
    fields: &[
        Field::required("cut", Timestamp, "what was recorded by then is counted"),
        Field::required(
            "table",
            Text,
            "the table's `id`; `context` for figures from elsewhere, `cost` for costs",
        ),
        Field::required(
            "unit",
            Text,
            "what is counted: `families`, `adults`, `children`, `persons`, `cases` or `moves`; of a \
             figure from elsewhere `percent` or `count`; of a cost `kroner`",
        ),
        Field::required("period", Text, "the year or years"),
        Field::required("source", Text, "where the micro-data or the figure are from"),
        Field::required("row_no", Int32, "the row's place in its table, from 1"),
        Field::required("row", Text, "the row's `id`, or that of its group; `total` for all"),
        Field::required("label", Text, "the row's label in bokmål"),
        Field::required(
            "kind",
            Text,
            "`count`, `sum`, `mean`, `max`, `growth`, `group`, `total`, `context` or `cost`",
        ),
        Field::required("nested", Bool, "whether it is a part of the row above that is no part"),
        Field::optional("horizon", Text, "months since the draw, or a calendar date"),
        Field::optional("arm", Text, "the arm"),
        Field::optional("n", Int64, "the count, sum or largest value"),
        Field::optional(
            "whole",
            Int64,
            "of how many, where a share is shown; of a cost the units drawn to its arm",
        ),
        Field::optional(
            "value",
            Double,
            "the mean; growth as a fraction; the figure from elsewhere; the cost",
        ),
        Field::optional(
            "bound",
            Text,
            "`lower` or `upper` where the number is known from that side only; null where it is exact",
        ),
    ],
};
