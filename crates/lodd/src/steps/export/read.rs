//! The tables that are exported: what stands in `out/` as Parquet, each file as it was written.

use std::{collections::BTreeSet, fs};

use lodd_store::{
    Column, Table, Values,
    checksums::Checksums,
    parquet,
    pilot::{OUT, OUT_LIST},
    schema::{ESTIMATES, List, Physical, SCHEMAS, Schema},
};

use super::{lists::Lists, package::Origin};
use crate::{
    hash::sha256_hex,
    problem::{Failure, Place, Problem},
    steps::{Context, tables, words},
    text::{Text, say},
};

/// A table with where it is from.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) name: &'static str,
    pub(super) schema: &'static Schema,
    pub(super) table: Table,
    pub(super) origin: Origin,
}

/// Reads every table that is there, in the order of the chain; those of single draws as one.
///
/// # Errors
///
/// Refused where there is none, or a file is not the one that was written; each such file is named.
pub(super) fn all(context: &Context) -> Result<Vec<Found>, Failure> {
    let folder = context.dir.join(OUT);
    let list = Checksums::read(&folder.join(OUT_LIST)).map_err(|error| words::file(&error))?;
    let mut found = Vec::new();
    let mut problems = Vec::new();
    let named = SCHEMAS.iter().map(|it| (it.name, *it)).chain([("power", &ESTIMATES)]);
    for (name, schema) in named {
        let files = files(&list, name);
        let read = files.iter().map(|(file, hash)| read(context, file, hash)).collect::<Vec<_>>();
        let mut parts = Vec::new();
        for part in read {
            match part? {
                Ok(part) => parts.push(part),
                Err(problem) => problems.push(problem),
            }
        }
        if !parts.is_empty() {
            found.push(joined((name, schema), files, parts)?);
        }
    }
    if found.is_empty() && problems.is_empty() {
        problems.push(Problem::new(
            Place::file(&folder),
            Text::new("det er ingen tabeller i out/", "there are no tables in out/"),
        ));
    }
    if problems.is_empty() {
        return Ok(found);
    }
    let fix = Text::new(
        "lag tabellene med `lodd draw report`, `lodd panel`, `lodd estimate` og `lodd report`",
        "make the tables with `lodd draw report`, `lodd panel`, `lodd estimate` and `lodd report`",
    );
    let problems = problems.into_iter().map(|it| it.fix(fix.clone())).collect();
    Err(Failure::refused(
        Text::new("tabellene kan ikke eksporteres", "the tables can't be exported"),
        problems,
    ))
}

/// The files of a table with their hashes: one in `out/`, else one a draw, in the order of the draws.
fn files(list: &Checksums, name: &str) -> Vec<(String, String)> {
    let of_draw = |path: &str| {
        let folder = path.strip_suffix(&format!("/{name}.parquet"));
        folder.and_then(|it| it.strip_prefix("draw-")).is_some_and(|it| it.parse::<u32>().is_ok())
    };
    let own = format!("{name}.parquet");
    list.iter()
        .filter(|(path, _)| *path == own || of_draw(path))
        .map(|(path, hash)| (path.to_owned(), hash.to_owned()))
        .collect()
}

type Part = (Table, parquet::Metadata);

fn read(context: &Context, file: &str, hash: &str) -> Result<Result<Part, Problem>, Failure> {
    let path = context.out(file);
    let place = || Place { file: Some(format!("{OUT}/{file}")), ..Place::default() };
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let message = Text::new("filen er ikke der lenger", "the file is not there any more");
            return Ok(Err(Problem::new(place(), message)));
        }
        Err(error) => return Err(Failure::io(&path, &error)),
    };
    let found = sha256_hex(&bytes);
    if found != hash {
        let message = Text::new(
            "filen er ikke den som ble skrevet (SHA-256)",
            "the file is not the one that was written (SHA-256)",
        );
        return Ok(Err(Problem::new(place(), message).expected(hash, found)));
    }
    parquet::read(&path).map(Ok).map_err(|error| words::parquet(&error))
}

/// The rows of one or more files as one table of the schema.
fn joined(
    (name, schema): (&'static str, &'static Schema),
    files: Vec<(String, String)>,
    parts: Vec<Part>,
) -> Result<Found, Failure> {
    let column = |field: &lodd_store::schema::Field| {
        let mut values = Values::empty(field.physical.kind());
        for (table, _) in &parts {
            let more = table.values(field.name).map_err(|error| tables::internal(&error))?;
            append(&mut values, more).ok_or_else(|| {
                let kind = field.physical.kind();
                Failure::policy(say!(
                    "kolonnen `{column}` i {name}.parquet er ikke {kind}",
                    "column `{column}` of {name}.parquet is not {kind}",
                    column = field.name,
                ))
            })?;
        }
        Ok(Column::new(field.name, values))
    };
    let columns = schema.fields.iter().map(column).collect::<Result<_, Failure>>()?;
    let table = Table::new(name, columns).map_err(|error| tables::internal(&error))?;
    let metadata = parts.into_iter().last().map(|(_, it)| it).unwrap_or_default();
    Ok(Found { name, schema, table, origin: Origin { files, metadata } })
}

/// Adds values of the same kind; `None` where they are of another.
fn append(values: &mut Values, more: &Values) -> Option<()> {
    match (values, more) {
        (Values::Text(all), Values::Text(more)) => all.extend(more.iter().cloned()),
        (Values::Int(all), Values::Int(more)) | (Values::Instant(all), Values::Instant(more)) => {
            all.extend(more);
        }
        (Values::Real(all), Values::Real(more)) => all.extend(more),
        (Values::Bool(all), Values::Bool(more)) => all.extend(more),
        (Values::Date(all), Values::Date(more)) => all.extend(more),
        _ => return None,
    }
    Some(())
}

/// Adds to the lists the codes that the tables hold and the lists do not.
pub(super) fn complete(lists: &mut Lists, found: &[Found]) {
    for it in found {
        for field in it.schema.fields {
            let Physical::Code(list) = field.physical else { continue };
            if list == List::Open {
                continue;
            }
            let texts = it.table.text(field.name).unwrap_or_default();
            lists.add(list, &texts.iter().flatten().map(String::as_str).collect::<BTreeSet<_>>());
        }
    }
}
