//! `outcomes.parquet`: the outcomes made from the panel.

use super::{
    Field, List,
    Physical::{Code, Double, Int32, Text, Timestamp},
    Schema,
};

/// One row an outcome, unit, horizon, source and register.
pub const OUTCOMES: Schema = Schema {
    name: "outcomes",
    row: "One row an outcome, unit, horizon, source and register.",
    fields: &[
        Field::required("cut", Timestamp, "what was recorded by then is counted"),
        Field::required("draw", Int32, "the draw's number"),
        Field::required("outcome_id", Code(List::Outcome), "the outcome"),
        Field::required("version", Int32, "the version of its definition"),
        Field::required("unit_kind", Code(List::UnitKind), "`FAMILIE`, `VOKSEN` or `BARN`"),
        Field::required("unit_id", Text, "the unit's pseudonym"),
        Field::required("horizon", Text, "months since the draw, or a calendar date"),
        Field::required("source", Code(List::Source), "`VEILEDER`, `SELVRAPPORT` or `REGISTER`"),
        Field::optional("register", Code(List::Open), "which register"),
        Field::optional("value", Double, "1 or 0, a share, a count, or NOK"),
        Field::optional(
            "value_code",
            Code(List::Open),
            "the category, for outcomes that are categories",
        ),
        Field::optional(
            "value_low",
            Double,
            "the lower bound of months, or of the days from the draw to a first entry (excluded)",
        ),
        Field::optional(
            "value_high",
            Double,
            "the upper bound (included); null with a lower one where an entry was not seen",
        ),
        Field::optional("missing_reason", Code(List::MissingReason), "why there is no value"),
    ],
};
