//! `balance.parquet`: what the arms had in common when the list was locked.

use super::{
    Field, List,
    Physical::{Bool, Code, Double, Int32, Int64, Text},
    Schema,
};

/// One row a fact and arm, and one for all facts together.
pub const BALANCE: Schema = Schema {
    name: "balance",
    row: "One row a fact and arm of one draw, and a row `joint` for all facts together: in \
          `out/draw-NNNN/`. Tests re-run the draw.",
    fields: &[
        Field::required("draw", Int32, "the draw's number"),
        Field::required(
            "origin",
            Code(List::Origin),
            "`drawn` here, `imported` (not drawn here) or `rehearsal`",
        ),
        Field::required("fact", Text, "the fact; `column=VALUE` for a share, `joint` for all"),
        Field::optional("arm", Code(List::Arm), "the arm; null for the joint test"),
        Field::optional("n", Int64, "its units for which the fact is known"),
        Field::optional("mean", Double, "their mean, or the share"),
        Field::optional("sd", Double, "their standard deviation"),
        Field::optional(
            "std_difference",
            Double,
            "difference from the last arm, weighted over blocks, in standard deviations",
        ),
        Field::required("statistic", Double, "d² of Hansen and Bowers (2008), over all arms"),
        Field::required(
            "df",
            Int64,
            "its degrees of freedom; 0 where the draw can't move the fact",
        ),
        Field::required("p_value", Double, "the share of re-draws with a d² at least as large"),
        Field::required("n_replays", Int64, "re-draws made, or all assignments"),
        Field::required("exact", Bool, "whether all assignments were enumerated"),
        Field::optional("p_chi_squared", Double, "the p-value in large draws, beside it"),
        Field::optional("f_statistic", Double, "F of the first arm on all facts; two arms only"),
        Field::optional("f_p_value", Double, "its p-value under normal errors, beside it"),
    ],
};
