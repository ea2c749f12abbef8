//! `concordance.parquet`: sources compared, status by status.

use super::{
    Field, List,
    Physical::{Bool, Code, Int32, Int64, Text, Timestamp},
    Schema,
};

/// One row a pair of sources and of what they say.
pub const CONCORDANCE: Schema = Schema {
    name: "concordance",
    row: "One row a variable, horizon, pair of sources and pair of values: units of which both sources \
          say something in the window. Sources are compared here and blended nowhere.",
    fields: &[
        Field::required("cut", Timestamp, "what was recorded by then is counted"),
        Field::required("draw", Int32, "the draw's number"),
        Field::required("unit_kind", Code(List::UnitKind), "`FAMILIE`, `VOKSEN` or `BARN`"),
        Field::required("horizon", Text, "months since the draw, or a calendar date"),
        Field::required("variable", Code(List::Variable), "the variable"),
        Field::required(
            "source_a",
            Code(List::Source),
            "one source: `VEILEDER`, `SELVRAPPORT` or `REGISTER`",
        ),
        Field::optional("register_a", Code(List::Open), "which register"),
        Field::required("source_b", Code(List::Source), "the other source"),
        Field::optional("register_b", Code(List::Open), "which register"),
        Field::required(
            "last_contact",
            Bool,
            "whether the other is what a register says at last contact in the target's year, undated",
        ),
        Field::required("value_a", Text, "what the one says, by the primary rule"),
        Field::required("value_b", Text, "what the other says"),
        Field::required("n", Int64, "units with these two values"),
        Field::required("n_agree", Int64, "units with equal values, over all values of the pair"),
        Field::required("n_both", Int64, "units of which both say something"),
    ],
};
