//! Syntax that reads a table's csv file into SPSS (or PSPP): types, labels of variables and of values.

use lodd_store::schema::Physical;

use super::{
    Voice,
    sheet::{Column, Sheet},
};
use crate::{
    problem::{Failure, Place, Problem},
    text::{Text, say},
};

/// The longest text of a variable, in bytes.
const TEXT_MAX: usize = 32_767;
/// The longest label of a value, in bytes; what is longer is cut, and whole in `codes.csv`.
const LABEL_MAX: usize = 120;
/// Shows the encoding of the file to SPSS.
const BOM: &str = "\u{feff}";

/// The text of `NAME.sps`.
///
/// # Errors
///
/// Refused where a text is longer than SPSS takes.
pub(super) fn script(sheet: &Sheet, voice: &Voice) -> Result<String, Failure> {
    let head = voice.head(sheet, "sps");
    let mut text = BOM.to_owned();
    text.extend(head.iter().map(|it| format!("* {it}.\n").replace("..\n", ".\n")));
    text += "SET DECIMAL=DOT.\n";
    text += &read(sheet)?;
    text += &made(sheet);
    text += &labels(sheet);
    text += &values(sheet, &voice.no_yes);
    text += "EXECUTE.\n";
    Ok(text)
}

fn read(sheet: &Sheet) -> Result<String, Failure> {
    let variables = sheet.columns.iter().enumerate().map(|(at, it)| {
        Ok(match it.field.physical {
            Physical::Timestamp => format!("    {} A27", at_text(at)),
            Physical::Bool => format!("    {} F1.0", it.field.name),
            Physical::Int32 | Physical::Int64 => format!("    {} F20.0", it.field.name),
            Physical::Double => format!("    {} F40.0", it.field.name),
            Physical::Date => format!("    {} SDATE10", it.field.name),
            Physical::Text | Physical::Code(_) => {
                format!("    {} A{}", it.field.name, width(sheet, it)?)
            }
        })
    });
    let variables = variables.collect::<Result<Vec<_>, Failure>>()?.join("\n");
    let name = sheet.name;
    Ok(format!(
        "GET DATA\n  /TYPE=TXT\n  /FILE=\"{name}.csv\"\n  /ENCODING=\"UTF8\"\n  /ARRANGEMENT=DELIMITED\n  \
         /DELCASE=LINE\n  /FIRSTCASE=2\n  /DELIMITERS=\",\"\n  /QUALIFIER='\"'\n  /VARIABLES=\n{variables}.\n"
    ))
}

/// Under which name the text of the instant in column `at` (from 0) is read.
fn at_text(at: usize) -> String {
    format!("lodd_text{}", at + 1)
}

/// Wide enough for every cell, and for every code that has a label.
fn width(sheet: &Sheet, column: &Column) -> Result<usize, Failure> {
    let codes = column.codes.iter().map(|(code, _)| code.len());
    let width = codes.chain([column.width, 1]).max().unwrap_or(1);
    if width <= TEXT_MAX {
        return Ok(width);
    }
    let (table, name) = (sheet.name, column.field.name);
    let place = Place {
        file: Some(format!("{table}.csv")),
        column: Some(name.to_owned()),
        field: Some(name.to_owned()),
        ..Place::default()
    };
    let message =
        Text::new("en tekst er lengre enn SPSS tar imot", "a text is longer than SPSS takes");
    let problem = Problem::new(place, message.clone())
        .expected(TEXT_MAX.to_string(), width.to_string())
        .fix(say!("bruk --to csv,stata,r", "use --to csv,stata,r"));
    Err(Failure::refused(message, vec![problem]))
}

/// Instants from their text, texts as they are (see `sheet::escaped`), the columns in their order.
fn made(sheet: &Sheet) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (at, column) in sheet.columns.iter().enumerate() {
        let (name, read) = (column.field.name, at_text(at));
        match column.field.physical {
            Physical::Timestamp => {
                let date = format!("NUMBER(SUBSTR({read},1,10),SDATE10)");
                lines.push(format!(
                    "COMPUTE {name} = {date} + NUMBER(SUBSTR({read},12,15),TIME15)."
                ));
                lines.push(format!("FORMATS {name} (DATETIME20)."));
            }
            Physical::Double => lines.push(format!("FORMATS {name} (F16.6).")),
            Physical::Int32 | Physical::Int64 => lines.push(format!("FORMATS {name} (F11.0).")),
            Physical::Text | Physical::Code(_) if column.is_escaped => lines.push(back(name)),
            _ => {}
        }
    }
    if sheet.columns.iter().any(|it| it.field.physical == Physical::Timestamp) {
        let names: Vec<&str> = sheet.columns.iter().map(|it| it.field.name).collect();
        lines.push(format!("ADD FILES FILE=*\n  /KEEP=\n    {}.", names.join("\n    ")));
    }
    lines.iter().map(|it| format!("{it}\n")).collect()
}

fn back(name: &str) -> String {
    let pairs = [
        ("'\\\\'", "STRING(1,PIB1)"),
        ("'\\n'", "STRING(10,PIB1)"),
        ("'\\r'", "STRING(13,PIB1)"),
        ("'\\t'", "STRING(9,PIB1)"),
        ("STRING(1,PIB1)", "'\\'"),
    ];
    let mut lines = vec![format!("IF (SUBSTR({name},1,1)=\"'\") {name} = SUBSTR({name},2).")];
    let line = |(from, to)| format!("COMPUTE {name} = REPLACE({name},{from},{to}).");
    lines.extend(pairs.map(line));
    lines.join("\n")
}

fn labels(sheet: &Sheet) -> String {
    let lines =
        sheet.columns.iter().map(|it| format!("  /{} {}", it.field.name, quoted(&it.label)));
    format!("VARIABLE LABELS\n{}.\n", lines.collect::<Vec<_>>().join("\n").replacen('/', "", 1))
}

fn values(sheet: &Sheet, no_yes: &[String; 2]) -> String {
    let mut all = Vec::new();
    for column in &sheet.columns {
        let name = column.field.name;
        if column.field.physical == Physical::Bool {
            let [no, yes] = no_yes;
            all.push(format!("  /{name}\n    0 {}\n    1 {}", quoted(no), quoted(yes)));
        } else if !column.codes.is_empty() {
            let line = |(code, label): &(String, String)| {
                format!("\n    {} {}", quoted(code), quoted(cut(label)))
            };
            all.push(format!("  /{name}{}", column.codes.iter().map(line).collect::<String>()));
        }
    }
    if all.is_empty() {
        return String::new();
    }
    format!("VALUE LABELS\n{}.\n", all.join("\n").replacen('/', "", 1))
}

/// The text, as long as SPSS takes it.
fn cut(label: &str) -> &str {
    let mut end = label.len().min(LABEL_MAX);
    while !label.is_char_boundary(end) {
        end -= 1;
    }
    label.get(..end).unwrap_or(label)
}

/// Nothing but the quote itself means anything between single quotes.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
