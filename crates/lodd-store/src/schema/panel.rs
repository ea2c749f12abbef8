//! `panel.parquet`: every unit's status at every horizon.

use super::{
    Field, List,
    Physical::{Bool, Code, Date, Int32, Text, Timestamp},
    Schema,
};

/// One row an assigned unit, horizon, rule, source, register and variable.
pub const PANEL: Schema = Schema {
    name: "panel",
    row: "One row an assigned unit, horizon and rule, and each source, register and variable that \
          occurs at the cut.",
    fields: &[
        Field::required("cut", Timestamp, "what was recorded by then is counted"),
        Field::required("draw", Int32, "the draw's number"),
        Field::required("unit_kind", Code(List::UnitKind), "`FAMILIE`, `VOKSEN` or `BARN`"),
        Field::required("unit_id", Text, "the unit's pseudonym"),
        Field::required("horizon", Text, "months since the draw, or a calendar date"),
        Field::required("source", Code(List::Source), "`VEILEDER`, `SELVRAPPORT` or `REGISTER`"),
        Field::optional("register", Code(List::Open), "which register"),
        Field::required("rule", Code(List::Rule), "`primary`, `locf90` or `nearest_any`"),
        Field::required("variable", Code(List::Variable), "the variable"),
        Field::optional("value", Text, "its value: a code, or a number as text"),
        Field::optional("missing_reason", Code(List::MissingReason), "why there is no value"),
        Field::optional("status_date", Date, "the date the value was true"),
        Field::required("target", Date, "the horizon's date, T(h)"),
        Field::required("window_low", Date, "the first date that counts"),
        Field::required("window_high", Date, "the last date that counts"),
        Field::optional("days_off", Int32, "status date less target, in days"),
        Field::required("n_in_window", Int32, "snapshots of the unit in the window"),
        Field::required("due", Bool, "whether the report was due at the cut"),
        Field::optional(
            "flag",
            Code(List::Flag),
            "what to know about the value, such as `sen_baseline`",
        ),
    ],
};
