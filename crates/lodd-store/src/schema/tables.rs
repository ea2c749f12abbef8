//! `public/tables.parquet`.

use super::{
    Field,
    Physical::{Double, Int32, Text},
    Schema,
};

/// One row a cell of a public report's tables.
pub const TABLES: Schema = Schema {
    name: "tables",
    row: "One row a cell of the tables of the public report, as they are printed, written to `public/` by \
          `lodd report --public`: after disclosure control, with the symbols of the report.",
    fields: &[
        Field::required("table", Int32, "the table's number in the report"),
        Field::required("caption", Text, "what the table is called, in bokmål"),
        Field::required("row", Text, "the row's head"),
        Field::required("column", Text, "the heads of the column, from the top"),
        Field::optional(
            "value",
            Double,
            "the number, unrounded; null where the cell has none or it is withheld",
        ),
        Field::required("shown", Text, "what the cell shows: `:` is withheld"),
    ],
};
