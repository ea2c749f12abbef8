//! What the pilot's screening saw of each family: its columns, as facts to compare.

use std::collections::{BTreeMap, BTreeSet};

use lodd_panel::screening::{Column, ColumnKind};
use lodd_store::{Kind, Table, query};

use super::{OfFamilies, SHARES_SHOWN, names, tables, values, words};
use crate::{problem::Failure, protocol::Protocol};

/// Every `[[screening.column]]`: a number as it is, a text as one share a value.
pub(super) fn columns(protocol: &Protocol, inputs: &[Table]) -> Result<Vec<OfFamilies>, Failure> {
    let columns = &protocol.screening.columns;
    let kind = |it: &Column| match it.kind {
        ColumnKind::Fact { .. } => Kind::Text,
        _ => Kind::Int,
    };
    let kinds: Vec<(&str, Kind)> = [("family_id", Kind::Text)]
        .into_iter()
        .chain(columns.iter().map(|it| (it.name.as_str(), kind(it))))
        .collect();
    let sql = protocol.panel.columns_sql().unwrap_or_default();
    let table = query::run(inputs, sql, "columns", &kinds).map_err(|error| words::query(&error))?;
    let mut found = Vec::new();
    for column in columns {
        match &column.kind {
            ColumnKind::Fact { criterion } => found.extend(shares(&table, column, criterion)?),
            _ => found.push(OfFamilies {
                id: column.name.clone(),
                name: names::column(column),
                share: false,
                values: values(&table, &column.name)?,
            }),
        }
    }
    Ok(found)
}

/// Whether a column counts months with assistance.
pub(super) fn sees_months(protocol: &Protocol) -> bool {
    let counts = |it: &Column| matches!(it.kind, ColumnKind::MonthsWithAssistance { .. });
    protocol.screening.columns.iter().any(counts)
}

/// A fact as a number where all that is known of it are numbers; else one share a value and one for
/// families of which it is not known. Of a text with many values only that last one is compared.
fn shares(table: &Table, column: &Column, criterion: &str) -> Result<Vec<OfFamilies>, Failure> {
    let internal = |error| tables::internal(&error);
    let families = table.text("family_id").map_err(internal)?;
    let texts = table.text(&column.name).map_err(internal)?;
    if let Some(values) = numbers(families, texts) {
        let name = names::column(column);
        return Ok(vec![OfFamilies { id: column.name.clone(), name, share: false, values }]);
    }
    let known: BTreeSet<&String> = texts.iter().flatten().collect();
    let known: Vec<&String> =
        if known.len() > SHARES_SHOWN { Vec::new() } else { known.into_iter().collect() };
    let share = |value: Option<&String>| {
        let is = |(family, text): (&Option<String>, &Option<String>)| {
            Some((family.clone()?, f64::from(u8::from(text.as_ref() == value))))
        };
        let name = names::value(criterion, value.map(String::as_str));
        OfFamilies {
            id: format!("{}={}", column.name, value.map_or("", String::as_str)),
            name,
            share: true,
            values: families.iter().zip(texts).filter_map(is).collect(),
        }
    };
    Ok(known.into_iter().map(Some).chain([None]).map(share).collect())
}

/// The values as numbers, where every one that is known is a number and they are more than two.
fn numbers(families: &[Option<String>], texts: &[Option<String>]) -> Option<BTreeMap<String, f64>> {
    let known: BTreeSet<&String> = texts.iter().flatten().collect();
    if known.len() <= 2 {
        return None;
    }
    let number = |(family, text): (&Option<String>, &Option<String>)| {
        let value: Option<f64> = text.as_ref()?.parse().ok();
        let value = value.filter(|it| it.is_finite());
        Some(value.map(|value| (family.clone().unwrap_or_default(), value)))
    };
    families.iter().zip(texts).filter_map(number).collect()
}
