//! A script that reads a table's csv file into R: types, and labels as the package haven has them.
//!
//! It is plain ASCII, whatever the labels are, so that it reads the same in every locale.

use lodd_store::schema::Physical;

use super::{
    Voice,
    sheet::{Column, Sheet},
};

/// The text of `NAME.R`, which leaves a data frame `NAME`.
pub(super) fn script(sheet: &Sheet, voice: &Voice) -> String {
    let Sheet { name, columns, .. } = sheet;
    let head = voice.head(sheet, "R");
    let mut lines: Vec<String> = head.iter().map(|it| format!("# {}", ascii(it))).collect();
    lines.push(format!("{name} <- local({{"));
    lines.push(format!(
        "  x <- utils::read.csv(\"{name}.csv\", colClasses = \"character\", na.strings = \"\", encoding = \"UTF-8\")"
    ));
    if columns.iter().any(|it| it.is_escaped) {
        lines.extend(BACK.lines().map(str::to_owned));
    }
    for column in columns {
        lines.extend(made(column));
    }
    if !sheet.label.is_empty() {
        lines.push(format!("  attr(x, \"label\") <- {}", quoted(&sheet.label)));
    }
    lines.extend(["  x".to_owned(), "})".to_owned()]);
    lines.join("\n") + "\n"
}

/// From cells as they stand to the texts that they are (see `sheet::escaped`).
const BACK: &str = r#"  back <- function(text) {
    text <- sub("^'", "", text)
    text <- gsub("\\\\", "\001", text, fixed = TRUE)
    text <- gsub("\\n", "\n", text, fixed = TRUE)
    text <- gsub("\\r", "\r", text, fixed = TRUE)
    text <- gsub("\\t", "\t", text, fixed = TRUE)
    gsub("\001", "\\", text, fixed = TRUE)
  }"#;

fn made(column: &Column) -> Vec<String> {
    let name = column.field.name;
    let label = format!("  attr(x${name}, \"label\") <- {}", quoted(&column.label));
    let typed = |read: &str| vec![format!("  x${name} <- {read}"), label.clone()];
    let whole = format!("as.integer(x${name})");
    match column.field.physical {
        Physical::Int32 => typed(&whole),
        // Whole numbers of 64 bits are exact in a double up to 2^53.
        Physical::Int64 | Physical::Double => typed(&format!("as.numeric(x${name})")),
        Physical::Bool => typed(&format!("as.logical({whole})")),
        Physical::Date => typed(&format!("as.Date(x${name}, format = \"%Y-%m-%d\")")),
        Physical::Timestamp => {
            typed(&format!("as.POSIXct(x${name}, format = \"%Y-%m-%dT%H:%M:%OSZ\", tz = \"UTC\")"))
        }
        Physical::Text | Physical::Code(_) => {
            let mut lines = Vec::new();
            if column.is_escaped {
                lines.push(format!("  x${name} <- back(x${name})"));
            }
            if column.codes.is_empty() {
                lines.push(label);
            } else {
                lines.push(labelled(column));
            }
            lines
        }
    }
}

fn labelled(column: &Column) -> String {
    let name = column.field.name;
    let codes = column.codes.iter();
    let pair =
        |(code, label): &(String, String)| format!("\n      {}, {}", quoted(code), quoted(label));
    let pairs: Vec<String> = codes.map(pair).collect();
    format!(
        "  codes <- matrix(nrow = 2, data = c({}))\n  x${name} <- haven::labelled(x${name}, label = {}, \
         labels = stats::setNames(codes[1, ], codes[2, ]))",
        pairs.join(","),
        quoted(&column.label),
    )
}

/// A string of R's.
fn quoted(text: &str) -> String {
    let letter = |it: char| match it {
        '"' | '\\' => format!("\\{it}"),
        ' '..='~' => it.to_string(),
        _ => format!("\\U{{{:x}}}", u32::from(it)),
    };
    format!("\"{}\"", text.chars().map(letter).collect::<String>())
}

/// A comment's text without letters beyond ASCII.
fn ascii(text: &str) -> String {
    let letter = |it: char| match it {
        'æ' => "ae".to_owned(),
        'ø' => "o".to_owned(),
        'å' => "a".to_owned(),
        'Å' => "A".to_owned(),
        'Ø' => "O".to_owned(),
        it if it.is_ascii() => it.to_string(),
        _ => "-".to_owned(),
    };
    text.chars().map(letter).collect()
}
