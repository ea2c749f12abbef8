//! Pages that follow from the program's registries: `cargo xtask docs` rewrites them.

use std::fs;

use crate::support::root;

#[test]
fn docs_are_current() {
    let pages =
        [("formats.md", formats()), ("estimators.md", estimators()), ("findings.md", findings())];
    for (name, text) in pages {
        let path = root().join("docs").join(name);
        if std::env::var_os("LODD_WRITE_DOCS").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(found == text, "docs/{name} is not current: run `cargo xtask docs`");
    }
}

fn findings() -> String {
    let head = "# Findings\n\n\
        Everything an office, or an evaluator, can be told about a file. Generated from `crates/lodd-intake/src/catalogue/` by\n\
        `cargo xtask docs`. In a text `{c}` stands for a value, `{n|familie|familier}` for a number with its noun, and `[…]` is\n\
        left out when a value inside it is not known. `K07` is never shown; `K12`, `P06`, `P07` and `U01` are for evaluators.\n";
    format!("{head}{}", lodd_intake::catalogue::markdown())
}

fn formats() -> String {
    let head = "# Formats\n\n\
        Every Parquet file that a pilot writes to `out/`, column by column. Generated from `crates/lodd-store/src/schema/` by\n\
        `cargo xtask docs`. Files are Snappy-compressed; the same inputs give the same bytes.\n\n\
        A column of `code` is a string of which rows share a few: readers of Arrow (pyarrow, polars, R) get a dictionary, that is a\n\
        factor or category, and SQL a string. Its codes with their labels in three languages stand beside the files in\n\
        `codes.csv` ([export.md](export.md)). A file has one key of metadata of ours, `lodd`, a JSON object:\n\n\
        | key | value |\n|---|---|\n\
        | `format` | 1 |\n\
        | `table` | the table whose columns it has, as below |\n\
        | `codes` | each column of codes with the name of its list in `codes.csv`, null where it has none of its own |\n\
        | `of` | texts by name: the program's version, the cut, and the SHA-256 of the protocol file, of the plan and of the files it was made from |\n\n\
        The key `ARROW:schema` beside it is Arrow's own, and says that codes are dictionaries.\n\n";
    format!("{head}{}", lodd_store::schema::markdown())
}

fn estimators() -> String {
    let mut page = "# Estimators\n\n\
        What a plan's `estimator` may be. Generated from the registry in `crates/lodd-estimate/src/estimators/` by\n\
        `cargo xtask docs`. In a pilot the treatment is named by its arm's label; blocks come from the draw, and adults and\n\
        children are clustered on their family.\n"
        .to_owned();
    for it in lodd_estimate::ESTIMATORS {
        let options: Vec<String> = it.options().iter().map(|it| format!("`{it}`")).collect();
        let terms: String =
            it.terms().iter().map(|(term, means)| format!("| `{term}` | {means} |\n")).collect();
        let section = format!(
            "\n## `{}`\n\n{}.\n\n- **Formula.** {}\n- **Assumptions.** {}\n- **Source.** {}\n- **Options.** {}\n\n\
             | term | meaning |\n|---|---|\n{terms}",
            it.name(),
            it.summary(),
            it.formula(),
            it.assumptions(),
            it.source(),
            options.join(", "),
        );
        page += &section;
    }
    page + include_str!("../crates/lodd-estimate/tests/reference/published.md")
}
