//! A do-file that reads a table's csv file into Stata: types, labels of variables, labels of values.
//!
//! A text that Stata would read something into (its macros begin with a backtick or a dollar, `/*` is a
//! comment even inside quotes) is put together in Mata from characters.

use lodd_store::schema::Physical;

use super::{
    Voice,
    sheet::{Column, Sheet},
};

/// The variable that a column is made in before it takes the column's name.
const MADE: &str = "lodd_made";

/// The text of `NAME.do`.
pub(super) fn script(sheet: &Sheet, voice: &Voice) -> String {
    let Sheet { name, columns, .. } = sheet;
    let mut lines: Vec<String> =
        voice.head(sheet, "do").iter().map(|it| format!("* {it}")).collect();
    lines.push("version 14".to_owned());
    lines.push(format!(
        "import delimited using \"{name}.csv\", delimiters(\",\") varnames(1) case(preserve) \
         encoding(\"UTF-8\") bindquotes(strict) stringcols(_all) clear"
    ));
    if !sheet.label.is_empty() {
        lines.push(format!("label data \"{}\"", sheet.label));
    }
    if columns.iter().any(|it| it.field.physical == Physical::Bool) {
        let [no, yes] = &voice.no_yes;
        lines.push(format!("label define lodd_truth 0 \"{no}\""));
        lines.push(format!("label define lodd_truth 1 \"{yes}\", add"));
    }
    for column in columns {
        lines.push(String::new());
        lines.extend(made(column));
        lines.push(labelled(column));
    }
    let names: Vec<&str> = columns.iter().map(|it| it.field.name).collect();
    lines.extend([String::new(), format!("order {}", names.join(" ")), "compress".to_owned()]);
    lines.join("\n") + "\n"
}

/// From the text that was read to the column's type.
fn made(column: &Column) -> Vec<String> {
    let name = column.field.name;
    let replaced =
        |made: String| vec![made, format!("drop {name}"), format!("rename {MADE} {name}")];
    match column.field.physical {
        Physical::Int32 | Physical::Int64 | Physical::Double => {
            vec![format!("destring {name}, replace")]
        }
        Physical::Bool => {
            vec![format!("destring {name}, replace"), format!("label values {name} lodd_truth")]
        }
        Physical::Date => {
            let mut lines = replaced(format!("generate long {MADE} = daily({name}, \"YMD\")"));
            lines.push(format!("format {name} %tdCCYY-NN-DD"));
            lines
        }
        Physical::Timestamp => {
            let read = format!(
                "clock(substr({name}, 1, 10) + \" \" + substr({name}, 12, 12), \"YMDhms\")"
            );
            let mut lines = replaced(format!("generate double {MADE} = {read}"));
            lines.push(format!("format {name} %tcCCYY-NN-DD_HH:MM:SS"));
            lines
        }
        Physical::Code(_) if !column.codes.is_empty() => {
            let mut lines = back(column);
            lines.extend(values(column));
            // There is nothing to encode in a column without values.
            lines.extend(replaced(if column.has_values {
                format!("encode {name}, generate({MADE}) label({name}_code) noextend")
            } else {
                format!("generate byte {MADE} = .")
            }));
            lines.push(format!("label values {name} {name}"));
            lines
        }
        Physical::Text | Physical::Code(_) => back(column),
    }
}

/// Two labels of values: `NAME_code` has the codes, `NAME` what they are called.
fn values(column: &Column) -> Vec<String> {
    let name = column.field.name;
    let define = |list: String, text: fn(&(String, String)) -> &str| {
        let numbered = column.codes.iter().enumerate();
        let line = move |(at, code): (usize, &(String, String))| {
            let (number, text) = (at + 1, text(code));
            match plain(text) {
                true if at == 0 => format!("label define {list} {number} \"{text}\""),
                true => format!("label define {list} {number} \"{text}\", add"),
                false => format!("mata: st_vlmodify(\"{list}\", {number}, {})", mata(text)),
            }
        };
        numbered.map(line).collect::<Vec<_>>()
    };
    let mut lines = define(format!("{name}_code"), |(code, _)| code);
    lines.extend(define(name.to_owned(), |(_, label)| label));
    lines
}

/// From cells as they stand to the texts that they are (see `sheet::escaped`).
fn back(column: &Column) -> Vec<String> {
    if !column.is_escaped {
        return Vec::new();
    }
    let name = column.field.name;
    let mut lines =
        vec![format!("replace {name} = substr({name}, 2, .) if substr({name}, 1, 1) == \"'\"")];
    let pairs = [
        ("char(92) + char(92)", "char(1)"),
        ("char(92) + \"n\"", "char(10)"),
        ("char(92) + \"r\"", "char(13)"),
        ("char(92) + \"t\"", "char(9)"),
        ("char(1)", "char(92)"),
    ];
    let line = |(from, to)| format!("replace {name} = subinstr({name}, {from}, {to}, .)");
    lines.extend(pairs.map(line));
    lines
}

fn labelled(column: &Column) -> String {
    let (name, label) = (column.field.name, &column.label);
    if plain(label) {
        format!("label variable {name} \"{label}\"")
    } else {
        format!("mata: st_varlabel(\"{name}\", {})", mata(label))
    }
}

/// Whether a text stands in a do-file's quotes as it is.
fn plain(text: &str) -> bool {
    !text.contains(['`', '"', '$', '\\']) && !["/*", "*/", "//"].iter().any(|it| text.contains(it))
}

/// An expression of Mata's that is the text.
fn mata(text: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut run = String::new();
    for it in text.chars() {
        if matches!(it, '`' | '"' | '$' | '\\' | '/') {
            if !run.is_empty() {
                parts.push(format!("\"{}\"", std::mem::take(&mut run)));
            }
            parts.push(format!("char({})", u32::from(it)));
        } else {
            run.push(it);
        }
    }
    if !run.is_empty() || parts.is_empty() {
        parts.push(format!("\"{run}\""));
    }
    parts.join(" + ")
}
