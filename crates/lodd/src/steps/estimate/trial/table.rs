//! A trial's table from a file: csv, or Parquet.

use std::path::Path;

use lodd_store::{Column, Values, parquet};

use super::super::super::words;
use crate::{
    frame::Frame,
    hash::sha256_hex,
    problem::{Failure, Place, Problem},
    text::{Text, say},
};

/// What stands for a missing value in a csv file.
const MISSING: [&str; 2] = ["", "NA"];

/// The columns of a file, and its SHA-256.
pub(super) fn read(path: &Path) -> Result<(Frame, String), Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::io(path, &error))?;
    let is_parquet = bytes.starts_with(b"PAR1");
    let columns = if is_parquet {
        let (table, _) = parquet::read(path).map_err(|error| words::parquet(&error))?;
        table.columns().to_vec()
    } else {
        csv(path, &bytes)?
    };
    let frame = Frame::new(columns).map_err(|why| refused(path, None, why))?;
    if frame.rows() == 0 {
        return Err(refused(
            path,
            None,
            Text::new("tabellen har ingen rader", "the table has no rows")
                .nn("tabellen har ingen rader"),
        ));
    }
    Ok((frame, sha256_hex(&bytes)))
}

fn refused(path: &Path, row: Option<usize>, why: Text) -> Failure {
    let place = Place { row, ..Place::file(path) };
    Failure::refused(
        Text::new("tabellen kan ikke leses", "the table can't be read")
            .nn("tabellen kan ikkje lesast"),
        vec![Problem::new(place, why)],
    )
}

/// Columns of numbers where every value that is there is one, else of text.
fn csv(path: &Path, bytes: &[u8]) -> Result<Vec<Column>, Failure> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = text.split(|it| *it == b'\n').next().unwrap_or_default();
    let count = |sign: u8| first.split(|it| *it == sign).count();
    let delimiter = if count(b';') > count(b',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text);
    let wrong = |error: &csv::Error| {
        let row = error.position().and_then(|it| usize::try_from(it.line()).ok());
        let why = error.to_string();
        refused(
            path,
            row,
            say!(
                "raden kan ikke leses: {why}",
                nn "rada kan ikkje lesast: {why}",
                "the row can't be read: {why}"
            ),
        )
    };
    let names: Vec<String> =
        reader.headers().map_err(|error| wrong(&error))?.iter().map(str::to_owned).collect();
    let mut columns: Vec<Vec<Option<String>>> = vec![Vec::new(); names.len()];
    for record in reader.records() {
        let record = record.map_err(|error| wrong(&error))?;
        for (column, value) in columns.iter_mut().zip(&record) {
            let value = value.trim();
            column.push((!MISSING.contains(&value)).then(|| value.to_owned()));
        }
    }
    Ok(names.iter().zip(columns).map(|(name, it)| Column::new(name.as_str(), typed(it))).collect())
}

fn typed(texts: Vec<Option<String>>) -> Values {
    fn all<T: std::str::FromStr>(texts: &[Option<String>]) -> Option<Vec<Option<T>>> {
        texts
            .iter()
            .map(|it| it.as_ref().map(|it| it.parse().ok()).map_or(Some(None), |it| it.map(Some)))
            .collect()
    }
    if let Some(whole) = all::<i64>(&texts) {
        return Values::Int(whole);
    }
    match all::<f64>(&texts) {
        Some(numbers) => Values::Real(numbers),
        None => Values::Text(texts),
    }
}
