//! `spells.parquet`: how long each status lasted, as far as snapshots tell.

use super::{
    Field, List,
    Physical::{Code, Date, Int32, Text, Timestamp},
    Schema,
};

/// One row a spell.
pub const SPELLS: Schema = Schema {
    name: "spells",
    row: "One row a spell: a unit's equal, consecutive states of one variable by one source, at most 92 \
          days apart. It began in (`start_low`, `start_high`] and ended in (`end_low`, `end_high`].",
    fields: &[
        Field::required("cut", Timestamp, "what was recorded by then is counted"),
        Field::required("unit_kind", Code(List::UnitKind), "`FAMILIE`, `VOKSEN` or `BARN`"),
        Field::required("unit_id", Text, "the unit's pseudonym"),
        Field::required("source", Code(List::Source), "`VEILEDER`, `SELVRAPPORT` or `REGISTER`"),
        Field::optional("register", Code(List::Open), "which register"),
        Field::required("variable", Code(List::Variable), "the variable"),
        Field::required(
            "spell",
            Int32,
            "its number among the unit's spells of the variable, from 1",
        ),
        Field::required("value", Text, "the state: a code, or a number as text"),
        Field::optional(
            "start_low",
            Date,
            "the last date seen in another state; null for the first",
        ),
        Field::required("start_high", Date, "the first date seen in this state"),
        Field::required("end_low", Date, "the last date seen in this state"),
        Field::optional("end_high", Date, "the next date seen in another; null for the last"),
        Field::required("n_observations", Int32, "planned snapshots in it"),
        Field::optional(
            "flag",
            Code(List::Flag),
            "`ubekreftet`: cut where two snapshots agree, but lie too far apart",
        ),
    ],
};
