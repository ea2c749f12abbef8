//! The catalogue as a page for people.

use super::{Entry, Severity, all};

/// One section a code: what it does, when it is raised, what is said and how to mend it.
pub fn markdown() -> String {
    let mut page = String::new();
    for entry in all() {
        page += &section(entry);
    }
    page
}

fn section(entry: &Entry) -> String {
    let Entry { code, slug, trigger, .. } = entry;
    let otherwise = entry.otherwise.map(|it| format!(" or {}", word(it))).unwrap_or_default();
    let severity = word(entry.severity);
    let head = format!(
        "\n## `{code}` — {severity}{otherwise}\n\n{trigger} Frictionless: `{slug}`.\n\n\
         | | message | what to do |\n|---|---|---|\n"
    );
    let texts = [
        ("nb", entry.nb, entry.fix_nb),
        ("nn", entry.nn, entry.fix_nn),
        ("en", entry.en, entry.fix_en),
    ];
    let row = |(lang, text, fix)| format!("| {lang} | {} | {} |\n", cell(text), cell(fix));
    head + &texts.map(row).concat()
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Stop => "stops the file",
        Severity::Hold => "holds the family and date",
        Severity::Warning => "warning",
        Severity::Info => "information",
    }
}

/// A template in a table: a bar would end its cell.
fn cell(template: &str) -> String {
    if template.is_empty() { "–".to_owned() } else { template.replace('|', "\\|") }
}
