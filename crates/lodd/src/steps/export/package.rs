//! `datapackage.json`: what the csv files hold, as a Frictionless Data Package (version 2).

use lodd_store::schema::Physical;
use serde_json::{Map, Value, json};

use super::{
    Voice,
    sheet::{Column, Sheet, escaped},
};
use crate::{hash::sha256_hex, text::Lang};

/// The profile that the file follows.
const PROFILE: &str = "https://datapackage.org/profiles/2.0/datapackage.json";

/// Columns that together are there once, by table. With a column that may be empty they are the spec's
/// unique keys, without one the primary key.
const KEYS: &[(&str, &[&str])] = &[
    ("screening", &["family_id", "rule"]),
    ("assignments", &["draw", "unit_kind", "unit_id"]),
    ("balance", &["draw", "fact", "arm"]),
    ("order", &["draw", "list", "against"]),
    ("offers", &["draw", "family_id", "offered_at"]),
    (
        "panel",
        &["draw", "unit_kind", "unit_id", "horizon", "source", "register", "rule", "variable"],
    ),
    ("outcomes", &["draw", "outcome_id", "unit_kind", "unit_id", "horizon", "source", "register"]),
    ("spells", &["unit_kind", "unit_id", "source", "register", "variable", "spell"]),
    (
        "transitions",
        &[
            "draw",
            "arm",
            "unit_kind",
            "source",
            "register",
            "variable",
            "horizon",
            "from_value",
            "to_value",
        ],
    ),
    ("stock", &["draw", "arm", "register", "month"]),
    (
        "flow",
        &["draw", "level", "arm", "stage", "horizon", "source", "register", "outcome_id", "reason"],
    ),
    (
        "concordance",
        &[
            "draw",
            "unit_kind",
            "horizon",
            "variable",
            "source_a",
            "register_a",
            "source_b",
            "register_b",
            "last_contact",
            "value_a",
            "value_b",
        ],
    ),
    ("codes", &["list", "code"]),
];

/// Columns of a table that name rows of another: `(table, columns, other table, its columns)`.
const FOREIGN: &[(&str, &[&str], &str, &[&str])] =
    &[("offers", &["draw", "family_id"], "assignments", &["draw", "unit_id"])];

/// What stands beside a sheet: hashes of the Parquet files it was made from, and what those say.
#[derive(Debug)]
pub(super) struct Origin {
    /// Path below `out/` and SHA-256.
    pub(super) files: Vec<(String, String)>,
    /// The file's own metadata, the last file's where there are several.
    pub(super) metadata: Vec<(String, String)>,
}

/// The text of `datapackage.json`.
pub(super) fn text(pilot: &str, title: &str, sheets: &[(Sheet, Origin)], voice: &Voice) -> String {
    let names: Vec<&str> = sheets.iter().map(|(sheet, _)| sheet.name).collect();
    let resources: Vec<Value> =
        sheets.iter().map(|(sheet, origin)| resource(sheet, origin, &names, voice)).collect();
    let all = json!({
        "$schema": PROFILE,
        "name": pilot.to_lowercase(),
        "title": title,
        "description": voice.warning,
        "language": match voice.lang { Lang::Nb => "nb", Lang::Nn => "nn", Lang::En => "en" },
        "version": env!("CARGO_PKG_VERSION"),
        "resources": resources,
    });
    format!("{all:#}\n")
}

fn resource(sheet: &Sheet, origin: &Origin, names: &[&str], voice: &Voice) -> Value {
    let metadata: Map<String, Value> =
        origin.metadata.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
    let files: Map<String, Value> =
        origin.files.iter().map(|(file, hash)| (file.clone(), hash.as_str().into())).collect();
    json!({
        "name": sheet.name,
        "type": "table",
        "path": format!("{}.csv", sheet.name),
        "title": sheet.label,
        "description": sheet.schema.row,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": sheet.csv.len(),
        "hash": format!("sha256:{}", sha256_hex(sheet.csv.as_bytes())),
        "dialect": { "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": "\"", "doubleQuote": true, "header": true },
        "schema": schema(sheet, names, voice),
        "personalData": if sheet.is_personal() { "pseudonymous" } else { "aggregated" },
        "madeFrom": files,
        "metadata": metadata,
    })
}

fn schema(sheet: &Sheet, names: &[&str], voice: &Voice) -> Value {
    let fields: Vec<Value> = sheet.columns.iter().map(|it| field(it, voice)).collect();
    let mut all = Map::new();
    all.insert("fields".to_owned(), fields.into());
    all.insert("missingValues".to_owned(), json!([""]));
    if let Some((_, key)) = KEYS.iter().find(|(table, _)| *table == sheet.name) {
        let optional = |it: &&Column| it.field.nullable && key.contains(&it.field.name);
        if sheet.columns.iter().any(|it| optional(&it)) {
            all.insert("uniqueKeys".to_owned(), json!([key]));
        } else {
            all.insert("primaryKey".to_owned(), json!(key));
        }
    }
    let foreign =
        FOREIGN.iter().filter(|(table, _, other, _)| *table == sheet.name && names.contains(other));
    let foreign: Vec<Value> = foreign
        .map(|(_, fields, other, theirs)| {
            json!({ "fields": fields, "reference": { "resource": other, "fields": theirs } })
        })
        .collect();
    if !foreign.is_empty() {
        all.insert("foreignKeys".to_owned(), foreign.into());
    }
    Value::Object(all)
}

fn field(column: &Column, voice: &Voice) -> Value {
    let field = column.field;
    let mut all = Map::new();
    let mut put = |key: &str, value: Value| all.insert(key.to_owned(), value);
    put("name", field.name.into());
    put("type", kind(field.physical).into());
    if field.physical == Physical::Bool {
        put("trueValues", json!(["1"]));
        put("falseValues", json!(["0"]));
    }
    put("title", column.label.as_str().into());
    put("description", field.meaning.into());
    let mut constraints = Map::new();
    if !field.nullable {
        constraints.insert("required".to_owned(), true.into());
    }
    if !column.codes.is_empty() {
        // As they stand in the cells.
        let codes: Vec<_> = column.codes.iter().map(|(code, _)| escaped(code)).collect();
        let labels = column.codes.iter().map(|(_, label)| label);
        let labelled =
            codes.iter().zip(labels).map(|(code, label)| json!({ "value": code, "label": label }));
        put("categories", labelled.collect::<Vec<_>>().into());
        put("codeList", json!(list(field.physical)));
        constraints.insert("enum".to_owned(), json!(codes));
    }
    if !constraints.is_empty() {
        put("constraints", constraints.into());
    }
    if column.is_escaped {
        put("escaped", voice.escaping.as_str().into());
    }
    Value::Object(all)
}

/// The name of a column's list in `codes.csv`.
fn list(physical: Physical) -> Option<&'static str> {
    match physical {
        Physical::Code(list) => list.name(),
        _ => None,
    }
}

fn kind(physical: Physical) -> &'static str {
    match physical {
        Physical::Text | Physical::Code(_) => "string",
        Physical::Int32 | Physical::Int64 => "integer",
        Physical::Double => "number",
        Physical::Bool => "boolean",
        Physical::Date => "date",
        Physical::Timestamp => "datetime",
    }
}

#[cfg(test)]
mod tests {
    use lodd_store::schema::SCHEMAS;

    use super::*;

    #[test]
    fn keys_name_columns_that_are_there() {
        let has = |table: &str, columns: &[&str]| {
            let schema = SCHEMAS.iter().find(|it| it.name == table).unwrap();
            columns.iter().all(|name| schema.fields.iter().any(|it| it.name == *name))
        };
        for (table, columns) in KEYS.iter().filter(|(table, _)| *table != "codes") {
            assert!(has(table, columns), "{table}");
        }
        for (table, columns, other, theirs) in FOREIGN {
            assert!(has(table, columns) && has(other, theirs), "{table}");
        }
    }
}
