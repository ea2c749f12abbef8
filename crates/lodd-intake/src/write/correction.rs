//! The file that goes back: rows that are held, each cell that is wrong marked with what is wrong.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Form, FormError,
    book::{Book, Filled, Put},
    columns::{Column, Fill, Sheet},
    forms::{self, status_lists},
    guide::{self, About},
};
use crate::{
    catalogue::Severity,
    codes,
    dates::read_date,
    finding::Finding,
    normal::fold_header,
    snapshots::{HELP, Held, HeldRow},
    text::{Lang, Phrase},
    variable::Kind,
};

/// The column that says what is wrong with a row.
const MISTAKES: &str = "Feil";

/// A workbook of what is held, sheet by sheet in the form's order, for the office to mend and deliver
/// again. What a privacy finding is about is left empty.
///
/// # Errors
///
/// If there are more rows than a workbook can hold.
pub fn correction(form: &Form<'_>, held: &[Held]) -> Result<Vec<u8>, FormError> {
    let plans = plans(form, held);
    let mut book = Book::new(form, About::Correction.title(form.lang), lists(form))?;
    let shown: Vec<Sheet> = plans.iter().map(|(plan, _)| plan.clone()).collect();
    guide::add(&mut book, form, About::Correction, &[])?;
    for (plan, (_, rows)) in shown.iter().zip(&plans) {
        let cells: Vec<Vec<Filled>> = rows.iter().map(|row| cells(form, plan, row)).collect();
        book.add_answers(plan, &cells)?;
    }
    book.add_codes()?;
    Ok(book.finish()?)
}

fn lists(form: &Form<'_>) -> super::lists::Lists {
    let mut all = status_lists(form);
    all.add("sluttarsak", super::lists::items(&codes::END_REASONS, form.lang));
    all.add("avvik", super::lists::items(&codes::DEVIATIONS, form.lang));
    all
}

/// The sheets that have rows, each with its columns and rows.
fn plans<'h>(form: &Form<'_>, held: &'h [Held]) -> Vec<(Sheet, Vec<&'h HeldRow>)> {
    const ORDER: [&str; 9] = [
        "Familier",
        "Voksne",
        "Barn",
        "Måneder",
        "Familiemedlemmer",
        "Flytting",
        "Samtykke",
        "Deltakelse",
        "Avvik",
    ];
    let mut by_sheet: BTreeMap<usize, Vec<&HeldRow>> = BTreeMap::new();
    for row in held.iter().flat_map(|it| &it.rows) {
        let place = ORDER.iter().position(|name| fold_header(name) == fold_header(&row.sheet));
        // The sheet of a csv file has the file's name; its headers say what it is.
        let place = place.or_else(|| ORDER.iter().position(|name| fits(form, name, row)));
        by_sheet.entry(place.unwrap_or(0)).or_default().push(row);
    }
    let plan = |(place, rows): (usize, Vec<&'h HeldRow>)| {
        let sheet = forms::sheet(form, ORDER.get(place)?)?;
        Some((with_mistakes(form, sheet, &rows), rows))
    };
    by_sheet.into_iter().filter_map(plan).collect()
}

/// Whether a row's first headers are those of a sheet: its id, and what tells it from others.
fn fits(form: &Form<'_>, name: &str, row: &HeldRow) -> bool {
    let Some(sheet) = forms::sheet(form, name) else { return false };
    let headers: BTreeSet<String> = row.cells.iter().map(|(it, _)| fold_header(it)).collect();
    let known = |it: &String| sheet.columns.iter().any(|own| fold_header(&own.header) == *it);
    let first = sheet.columns.first().map(|it| fold_header(&it.header));
    first.is_some_and(|it| headers.contains(&it))
        && headers.iter().all(|it| known(it) || it == "register")
}

/// The form's columns with `Feil` before them, and those of the file that the form does not have.
fn with_mistakes(form: &Form<'_>, mut sheet: Sheet, rows: &[&HeldRow]) -> Sheet {
    let asks = Phrase::norwegian("Hva som er feil", "What is wrong");
    let first = Column { header: MISTAKES.to_owned(), fill: Fill::Mistakes, width: 72.0, asks };
    let there: BTreeSet<String> =
        rows.iter().flat_map(|row| texts(form, row).into_keys()).collect();
    for header in &there {
        if !sheet.columns.iter().any(|it| fold_header(&it.header) == *header) {
            let (header, asks) = (header.clone(), Phrase::from(""));
            sheet.columns.push(Column { header, fill: Fill::Text, width: 16.0, asks });
        }
    }
    // The form's own help is of use where it came back, and an empty column nowhere.
    let is_help = |it: &Column| HELP.contains(&it.header.as_str());
    sheet.columns.retain(|it| !is_help(it) || there.contains(&it.header));
    // What the form filled in is open here: it may be what is wrong.
    for column in sheet.columns.iter_mut().filter(|it| it.fill == Fill::Fixed) {
        column.fill = Fill::Text;
    }
    sheet.columns.insert(0, first);
    sheet
}

fn cells(form: &Form<'_>, plan: &Sheet, row: &HeldRow) -> Vec<Filled> {
    let texts = texts(form, row);
    let about = |column: &Column| -> Vec<&Finding> {
        let own = fold_header(&column.header);
        let here = |it: &&Finding| it.column.as_deref().is_some_and(|it| fold_header(it) == own);
        row.findings.iter().filter(|it| holds(it)).filter(here).collect()
    };
    let cell = |column: &Column| {
        let found = about(column);
        let private = row.findings.iter().any(|it| is_private(it, &column.header));
        let text = texts.get(&fold_header(&column.header)).filter(|_| !private);
        let put = text.map_or(Put::Empty, |text| typed(text, &column.fill));
        let said: Vec<String> = found.iter().map(|it| sentence(it, form.lang)).collect();
        Filled { put, note: (!said.is_empty()).then(|| said.join("\n")) }
    };
    let mut cells: Vec<Filled> = plan.columns.iter().skip(1).map(cell).collect();
    let said = mistakes(row, form.lang);
    let put = if said.is_empty() { Put::Empty } else { Put::Text(said) };
    cells.insert(0, Filled::new(put));
    cells
}

/// Whether a finding says that something personal stands under a header, or somewhere in the row.
fn is_private(finding: &Finding, header: &str) -> bool {
    let here = finding.column.as_deref().is_none_or(|it| fold_header(it) == fold_header(header));
    finding.code().starts_with('P') && here
}

/// Whether a finding is one that must be mended.
fn holds(finding: &Finding) -> bool {
    finding.severity() <= Severity::Hold
}

/// Everything that holds a row, each with its column.
fn mistakes(row: &HeldRow, lang: Lang) -> String {
    let found = row.findings.iter().filter(|it| holds(it));
    let line = |it: &Finding| match &it.column {
        Some(column) => format!("{column}: {}", sentence(it, lang)),
        None => sentence(it, lang),
    };
    found.map(line).collect::<Vec<_>>().join(" | ")
}

/// Message and fix, without the cell's place in the file that was delivered.
fn sentence(finding: &Finding, lang: Lang) -> String {
    let mut said = finding.message(lang);
    if let Some(cell) = &finding.cell {
        said = said.strip_prefix(&format!("{cell}: ")).map(str::to_owned).unwrap_or(said);
    }
    match finding.fix(lang) {
        Some(fix) => format!("{said} {fix}"),
        None => said,
    }
}

/// A text as the form has it: dates and numbers as such where they are read without a doubt.
fn typed(text: &str, fill: &Fill) -> Put {
    match fill {
        Fill::Date => match read_date(text) {
            Some(date) => Put::Date(date),
            None => Put::Text(text.to_owned()),
        },
        Fill::Whole { .. } | Fill::WholeOr { .. } => {
            let plain = text.len() <= 15 && text.bytes().all(|it| it.is_ascii_digit());
            match text.parse::<f64>() {
                Ok(number) if plain => Put::Number(number),
                _ => Put::Text(text.to_owned()),
            }
        }
        _ => Put::Text(text.to_owned()),
    }
}

/// A row's cells by header. Options that stand each under a name of their own, as they are stored,
/// become one cell again.
fn texts(form: &Form<'_>, row: &HeldRow) -> BTreeMap<String, String> {
    let mut texts: BTreeMap<String, String> =
        row.cells.iter().map(|(header, text)| (fold_header(header), text.clone())).collect();
    for variable in &form.expect.variables {
        let Kind::Several(options) = &variable.kind else { continue };
        let mut told = Vec::new();
        for option in options {
            let name = fold_header(&format!("{}_{}", variable.name, option.code));
            told.extend(texts.remove(&name).map(|text| (option.code.as_str(), text)));
        }
        if let Some(text) = several(&told) {
            texts.entry(fold_header(&variable.name)).or_insert(text);
        }
    }
    texts
}

/// Options with their answers, as one cell: those that are `J`, or why there is no answer.
fn several(told: &[(&str, String)]) -> Option<String> {
    let (_, first) = told.first()?;
    if !["J", "N"].contains(&first.as_str()) {
        return Some(first.clone());
    }
    let named: Vec<&str> =
        told.iter().filter(|(_, text)| text == "J").map(|(code, _)| *code).collect();
    Some(if named.is_empty() { codes::NONE_OF_THEM.code.clone() } else { named.join(", ") })
}
