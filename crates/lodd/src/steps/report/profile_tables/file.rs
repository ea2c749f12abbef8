//! A csv file of the pilot's folder as records. It is read as an office's file is: confined, within
//! limits, every mistake with its place. It holds pseudonyms and nothing that points at a person.

use std::path::Path;

use lodd_intake::{
    CellValue, Personal,
    ids::{MemberKind, split_member, verify_family},
    personal,
};
use lodd_report::Counted;

use super::records::{Found, Record, Records};
use crate::{
    hash::sha256_hex,
    problem::{Failure, Place, Problem, Severity},
    protocol::Protocol,
    reading,
    report_file::tables::{From, Measure, TableSpec},
    steps::{Context, intake},
    text::{Text, say},
};

/// No more problems of one kind are told of a file.
const TOLD: usize = 20;

/// A file that was counted: its name and the SHA-256 of its bytes.
pub(super) type Read = (String, String);

/// Reads the file of a table; the inner result is what is wrong with it.
pub(super) fn read(
    context: &Context,
    protocol: &Protocol,
    spec: &TableSpec,
) -> Result<Found<(Records, Read)>, Failure> {
    let From::File { name, key, place } = &spec.from else {
        return Ok(Ok((Records::default(), Read::default())));
    };
    let path = context.path(name);
    if let Err(problem) = below(&context.dir, &path, name, place) {
        return Ok(Err(vec![*problem]));
    }
    let bytes = reading::bytes(&path)?;
    let workbook = match reading::workbook(name, &bytes)? {
        Ok(workbook) => workbook,
        Err(findings) => {
            let mut problems = intake::problems(&findings);
            problems.retain(|it| it.severity == Severity::Stop);
            return Ok(Err(problems));
        }
    };
    let sheet = workbook.sheets.first();
    let rows = sheet.map(|it| it.rows.as_slice()).unwrap_or_default();
    let found = records(name, key, rows)
        .and_then(|records| check(&records, protocol, (spec, key)).map(|()| records));
    Ok(found.map(|records| (records, (name.clone(), sha256_hex(&bytes)))))
}

/// Whether the file is there, and in the folder also when links are followed.
fn below(folder: &Path, path: &Path, name: &str, place: &Place) -> Result<(), Box<Problem>> {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    match real(folder).zip(real(path)) {
        Some((folder, file)) if file.starts_with(&folder) && file.is_file() => Ok(()),
        Some(_) => Err(Box::new(Problem::new(
            place.clone(),
            say!(
                "`{name}` er ingen fil i pilotens mappe",
                nn "`{name}` er inga fil i mappa til piloten",
                "`{name}` is no file in the pilot's folder"
            ),
        ))),
        None => Err(Box::new(Problem::new(
            place.clone(),
            say!("`{name}` finnes ikke", nn "`{name}` finst ikkje", "`{name}` does not exist"),
        ))),
    }
}

/// The header is the first row; a record a row below it.
fn records(name: &str, key: &str, rows: &[lodd_intake::Row]) -> Found<Records> {
    let whole = Place { file: Some(name.to_owned()), ..Place::default() };
    let Some((head, body)) = rows.split_first() else {
        let message = Text::new("filen er tom", "the file is empty").nn("fila er tom");
        return Err(vec![Problem::new(whole, message)]);
    };
    let width = head.cells.iter().map(|it| it.column).max().map_or(0, |it| it + 1);
    let columns: Vec<String> = (0..width).map(|at| text(head, at)).collect();
    for (at, column) in columns.iter().enumerate() {
        if column.is_empty() || columns.iter().take(at).any(|it| it == column) {
            let n = at + 1;
            let message = say!(
                "kolonne {n} må ha et navn som ingen annen har, fant `{column}`",
                nn "kolonne {n} må ha eit namn som ingen annan har, fann `{column}`",
                "column {n} must have a name that no other has, found `{column}`"
            );
            return Err(vec![Problem::new(Place { row: Some(1), ..whole }, message)]);
        }
    }
    let mut records = Records { name: name.to_owned(), columns, rows: Vec::new() };
    let asked = Place { field: Some("key".to_owned()), ..whole.clone() };
    let key = records.column(key, &asked)?;
    for row in body {
        let number = usize::try_from(row.number).unwrap_or_default();
        if row.cells.iter().any(|it| it.column >= width) {
            let message = say!(
                "raden har flere felt enn overskriften",
                nn "rada har fleire felt enn overskrifta",
                "the row has more fields than the header"
            );
            return Err(vec![Problem::new(Place { row: Some(number), ..whole }, message)]);
        }
        let cells: Vec<String> = (0..width).map(|at| text(row, at)).collect();
        let key = cells.get(key).cloned().unwrap_or_default();
        records.rows.push(Record { key, number, cells });
    }
    Ok(records)
}

fn text(row: &lodd_intake::Row, column: u32) -> String {
    match row.cell(column).map(|it| &it.value) {
        Some(CellValue::Text(text)) => text.trim().to_owned(),
        Some(CellValue::Number(x) | CellValue::Date(x)) => x.to_string(),
        Some(CellValue::Bool(it)) => it.to_string(),
        Some(CellValue::Error(text)) => text.clone(),
        Some(CellValue::Uncalculated) | None => String::new(),
    }
}

/// Every key is a pseudonym of the pilot, of the kind that is counted, and nothing else points at a
/// person.
fn check(records: &Records, protocol: &Protocol, (spec, key): (&TableSpec, &str)) -> Found<()> {
    let counts = spec.rows.iter().any(|it| it.measure == Measure::Count);
    let counted = if counts { Some(spec.counted) } else { None };
    let mut problems = Vec::new();
    for record in &records.rows {
        if !is_pseudonym(&record.key, &protocol.id_prefix, counted) {
            problems.push(no_pseudonym(records, record, key, &protocol.id_prefix));
        }
        let cells = records.columns.iter().zip(&record.cells);
        for (column, cell) in cells.filter(|(column, _)| *column != key) {
            problems.extend(personal(cell).map(|it| points_at(records, record, column, it)));
        }
        if problems.len() >= TOLD {
            break;
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn is_pseudonym(id: &str, prefix: &str, counted: Option<Counted>) -> bool {
    let is_family = |id: &str| verify_family(id, prefix).is_ok();
    let member = split_member(id).filter(|(family, _)| is_family(family)).map(|(_, kind)| kind);
    match counted {
        Some(Counted::Family | Counted::Case) => is_family(id),
        Some(Counted::Adult) => member == Some(MemberKind::Adult),
        Some(Counted::Child) => member == Some(MemberKind::Child),
        Some(Counted::Person) => member.is_some(),
        Some(Counted::Move) | None => is_family(id) || member.is_some(),
    }
}

/// What stands there is not repeated: it may be a name.
fn no_pseudonym(records: &Records, record: &Record, key: &str, prefix: &str) -> Problem {
    let message = say!(
        "`{key}` må være et pseudonym i piloten, av det tabellen teller",
        nn "`{key}` må vere eit pseudonym i piloten, av det tabellen tel",
        "`{key}` must be a pseudonym of the pilot, of what the table counts"
    );
    let expected = say!(
        "{prefix}-XXXX-X for en familie eller sak, {prefix}-XXXX-X-A1 eller -B1 for en person",
        nn "{prefix}-XXXX-X for ein familie eller ei sak, {prefix}-XXXX-X-A1 eller -B1 for ein person",
        "{prefix}-XXXX-X for a family or case, {prefix}-XXXX-X-A1 or -B1 for a person"
    );
    Problem { expected: Some(expected), ..Problem::new(records.place(record, key), message) }
}

fn points_at(records: &Records, record: &Record, column: &str, what: Personal) -> Problem {
    let message = match what {
        Personal::NationalId | Personal::LongNumber => say!(
            "`{column}` har et nummer som kan peke på en person",
            nn "`{column}` har eit nummer som kan peike på ein person",
            "`{column}` has a number that may point at a person"
        ),
        Personal::Mobile | Personal::Email => say!(
            "`{column}` har et telefonnummer eller en e-postadresse",
            nn "`{column}` har eit telefonnummer eller ei e-postadresse",
            "`{column}` has a telephone number or an e-mail address"
        ),
    };
    Problem::new(records.place(record, column), message)
}
