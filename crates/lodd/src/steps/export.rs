//! `lodd export`: the tables of `out/` as csv files with a Data Package beside, and scripts that read
//! them into Stata, SPSS and R with their labels.

mod code_words;
mod codes;
mod labels;
mod lists;
mod package;
mod place;
mod r;
mod read;
mod sheet;
mod spss;
mod stata;
mod voice;

use std::path::Path;

use serde_json::json;

pub(super) use self::lists::Lists;
use self::{
    package::Origin,
    read::Found,
    sheet::{Names, Sheet},
    voice::Voice,
};
use super::{Context, outputs};
use crate::{
    answer::Answer,
    problem::{Failure, Place, Problem, Severity},
    protocol::{self, Protocol},
    text::{Lang, Text, count, say},
};

/// The file by which a folder is known as an export.
pub(super) const EXPORT_MARK: &str = "datapackage.json";

/// A program that the tables are exported to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Program {
    /// csv files and datapackage.json, which the others read
    Csv,
    /// A .do file a table
    Stata,
    /// A .sps file a table, for SPSS and PSPP
    Spss,
    /// A .R file a table, for R with the package haven
    R,
}

/// Writes the export into a folder below `out/`.
///
/// # Errors
///
/// Refused where there is no table, a table is not the one that was written, a text is one that no
/// program reads, or the folder is not below `out/`. Nothing has been written then.
pub(crate) fn run(
    context: &Context,
    programs: &[Program],
    dir: Option<&Path>,
) -> Result<Answer, Failure> {
    let pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    let folder = place::below_out(context, dir)?;
    let found = read::all(context)?;
    let problems = other_cuts(&found);
    let mut lists = Lists::new(&protocol);
    read::complete(&mut lists, &found);
    let sheets = sheets(found, &lists, context.lang)?;
    let voice = Voice::new(context.lang);
    let title = protocol.title.get(context.lang);
    let mut files = vec![
        (EXPORT_MARK.to_owned(), package::text(&protocol.label, title, &sheets, &voice)),
        (
            "README.md".to_owned(),
            voice.readme(title, &sheets.iter().map(|(it, _)| it).collect::<Vec<_>>()),
        ),
    ];
    let wanted = |program| programs.is_empty() || programs.contains(&program);
    for (sheet, _) in &sheets {
        if wanted(Program::Stata) {
            files.push((format!("{}.do", sheet.name), stata::script(sheet, &voice)));
        }
        if wanted(Program::Spss) {
            files.push((format!("{}.sps", sheet.name), spss::script(sheet, &voice)?));
        }
        if wanted(Program::R) {
            files.push((format!("{}.R", sheet.name), r::script(sheet, &voice)));
        }
    }
    let tables: Vec<_> =
        sheets.iter().map(|(it, _)| json!({ "name": it.name, "rows": it.rows })).collect();
    let n = count(sheets.len() as u64);
    files.extend(sheets.into_iter().map(|(sheet, _)| (format!("{}.csv", sheet.name), sheet.csv)));
    files.sort();
    outputs::write_folder(context, &folder, &files)?;
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let warning = &voice.warning;
    let text = Text::lines([
        say!(
            "{n} tabeller er skrevet til out/{folder}; README.md der sier hvordan de leses inn",
            "{n} tables are written to out/{folder}; README.md there says how to read them in"
        ),
        Text::same(format!("  {warning}")),
    ]);
    let json = json!({ "dir": format!("out/{folder}"), "tables": tables, "files": names });
    Ok(Answer { problems, ..Answer::new(text, json) })
}

/// Writes `out/codes.csv`, the code lists beside the Parquet files.
///
/// # Errors
///
/// If the disk refuses.
pub(super) fn write_codes(context: &Context, protocol: &Protocol) -> Result<(), Failure> {
    let (sheet, _) = code_sheet(&Lists::new(protocol), context.lang)?;
    outputs::write(context, "codes.csv", sheet.csv.as_bytes()).map(|_| ())
}

/// The sheet of the code lists.
fn code_sheet(lists: &Lists, lang: Lang) -> Result<(Sheet, Origin), Failure> {
    let names = Names { table: codes::CODES.name, file: protocol::FILE };
    let table = codes::table(lists)?;
    let origin = Origin { files: Vec::new(), metadata: Vec::new() };
    Ok((Sheet::new(names, (&codes::CODES, &table), lists, lang)?, origin))
}

/// The sheets of the tables, the code lists last.
fn sheets(found: Vec<Found>, lists: &Lists, lang: Lang) -> Result<Vec<(Sheet, Origin)>, Failure> {
    let mut sheets = Vec::new();
    for it in found {
        let file = it
            .origin
            .files
            .iter()
            .map(|(file, _)| format!("out/{file}"))
            .collect::<Vec<_>>()
            .join(", ");
        let names = Names { table: it.name, file: &file };
        sheets.push((Sheet::new(names, (it.schema, &it.table), lists, lang)?, it.origin));
    }
    sheets.push(code_sheet(lists, lang)?);
    Ok(sheets)
}

/// Tables that were made at another cut than the panel: said, since each row is right at its own.
fn other_cuts(found: &[Found]) -> Vec<Problem> {
    let cut = |it: &Found| {
        let own = it.origin.metadata.iter().find(|(key, _)| key == "cut");
        own.map(|(_, cut)| cut.clone())
    };
    let Some(of_panel) = found.iter().find(|it| it.name == "panel").and_then(cut) else {
        return Vec::new();
    };
    let others = found.iter().filter_map(|it| Some((it.name, cut(it)?)));
    others
        .filter(|(_, cut)| *cut != of_panel)
        .map(|(name, cut)| {
            let place = Place { file: Some(format!("out/{name}.parquet")), ..Place::default() };
            let message = Text::new(
                "tabellen er laget av et annet uttrekk enn panelet",
                "the table was made at another cut than the panel",
            );
            let problem = Problem::new(place, message).expected(of_panel.clone(), cut);
            Problem { severity: Severity::Warning, ..problem }
        })
        .collect()
}
