//! `codes.csv`: every code list with its labels in three languages.

use lodd_store::{
    Column, Table,
    schema::{Field, Physical, Schema},
};

use super::lists::Lists;
use crate::{problem::Failure, steps::tables, text::Lang};

const fn field(name: &'static str, physical: Physical, meaning: &'static str) -> Field {
    Field { name, physical, nullable: false, meaning }
}

/// The columns of the file.
pub(super) static CODES: Schema = Schema {
    name: "codes",
    row: "One row a code of a list. A column's list is named as the column is, or `unit_kind`, `source`, `arm`, `outcome`, \
          `office` or `reason`; the codes of a variable, or of an outcome that is a category, are `values.` and its name.",
    fields: &[
        field("list", Physical::Text, "the list"),
        field("code", Physical::Text, "the code, as it stands in the tables"),
        field("number", Physical::Int32, "its place in the list, from 1: its number in Stata"),
        field("label_nb", Physical::Text, "what it is called in bokmål"),
        field("label_nn", Physical::Text, "in nynorsk"),
        field("label_en", Physical::Text, "in English"),
    ],
};

/// The rows of the file.
pub(super) fn table(lists: &Lists) -> Result<Table, Failure> {
    let all: Vec<(String, Vec<_>)> =
        lists.all().map(|(name, codes)| (name, codes.to_vec())).collect();
    let rows = || all.iter().flat_map(|(name, codes)| codes.iter().map(move |it| (name, it)));
    let numbers = all.iter().flat_map(|(_, codes)| 1..=codes.len());
    let label = |name: &str, lang: Lang| {
        Column::text(name, rows().map(|(_, it)| Some(it.label.get(lang).to_owned())))
    };
    let columns = vec![
        Column::text("list", rows().map(|(name, _)| Some(name.as_str()))),
        Column::text("code", rows().map(|(_, it)| Some(it.code.as_str()))),
        Column::int("number", numbers.map(|it| i64::try_from(it).ok())),
        label("label_nb", Lang::Nb),
        label("label_nn", Lang::Nn),
        label("label_en", Lang::En),
    ];
    Table::new(CODES.name, columns).map_err(|error| tables::internal(&error))
}
