//! `screening.parquet`: who is eligible, and by which rules.

use super::{
    Field, List,
    Physical::{Bool, Code, Text},
    Schema,
};

/// One row a family and rule.
pub const SCREENING: Schema = Schema {
    name: "screening",
    row: "One row a family on the roster and eligibility rule.",
    fields: &[
        Field::required("family_id", Text, "the family's pseudonym"),
        Field::required("office_id", Code(List::Office), "the office that registered it"),
        Field::required("eligible", Bool, "whether the rules together admit the family"),
        Field::required("rule", Code(List::Open), "the rule's id in `pilot.toml`"),
        Field::optional("passed", Bool, "whether this rule holds; null when it can't be judged"),
        Field::optional("reason_nb", Text, "why not, in bokmål; only where the rule does not hold"),
        Field::optional(
            "reason_nn",
            Text,
            "why not, in nynorsk; only where the rule does not hold",
        ),
        Field::optional(
            "reason_en",
            Text,
            "why not, in English; only where the rule does not hold",
        ),
    ],
};
