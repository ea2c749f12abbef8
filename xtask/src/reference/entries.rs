//! The entries of `expected.json` and `models_expected.json` beside what `expected.R` makes of their
//! specs: each number within the tolerance that its entry states.

use std::{fs, path::Path};

/// What the script writes: a row for each stored number, in the columns that [`beyond`] names.
const TABLE: &str = "expected_again.csv";
const FILES: [&str; 2] = ["expected.json", "models_expected.json"];

/// Numbers that are not as stored, by entry and field, and entries that were not made again.
pub(super) fn differences(folder: &Path) -> Result<Vec<String>, String> {
    let text = |name: &str| {
        fs::read_to_string(folder.join(name)).map_err(|error| format!("{name}: {error}"))
    };
    let table = text(TABLE)?;
    let mut found = beyond(&table);
    for file in FILES {
        found.extend(missing(file, &text(file)?, &table));
    }
    Ok(found)
}

fn beyond(table: &str) -> Vec<String> {
    let of = |line: &str| {
        let words: Vec<&str> = line.split(',').collect();
        let [file, id, field, stored, tolerance, again] = words.as_slice() else {
            return Some(format!("no row of six: {line}"));
        };
        let size = |text: &str| text.parse::<f64>().ok();
        let within = || Some((size(stored)? - size(again)?).abs() <= size(tolerance)?);
        let now = if again.is_empty() { "not made" } else { again };
        (stored != again && within() != Some(true))
            .then(|| format!("{file} {id} {field}: stored {stored} ± {tolerance}, now {now}"))
    };
    table.lines().skip(1).filter_map(of).collect()
}

/// The entries of a file that have no row. An entry begins with its id; a spec may have a column `id`.
fn missing(file: &str, entries: &str, table: &str) -> Vec<String> {
    let id = |(before, line): (&str, &str)| {
        let (id, _) = line.trim().strip_prefix("\"id\": \"")?.split_once('"')?;
        (before.trim() == "{").then(|| id.to_owned())
    };
    let ids: Vec<String> = entries.lines().zip(entries.lines().skip(1)).filter_map(id).collect();
    if ids.is_empty() {
        return vec![format!("{file}: no entries")];
    }
    let has_row = |id: &String| {
        let start = format!("{file},{id},");
        table.lines().any(|line| line.starts_with(&start))
    };
    ids.iter().filter(|it| !has_row(it)).map(|it| format!("{file} {it}: not made")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "file,id,field,stored,tolerance,again\n";

    #[test]
    fn a_number_beyond_its_own_tolerance_is_named_by_entry_and_field() {
        let beyond = |row: &str| beyond(&format!("{HEAD}{row}\n"));
        for row in ["f,a,p,1.5,0.1,1.45", "f,a,n,2,0,2", "f,a,alpha,null,0,null"] {
            assert!(beyond(row).is_empty(), "{row}");
        }
        assert_eq!(beyond("f,a,p,1.5,0.1,1.39"), ["f a p: stored 1.5 ± 0.1, now 1.39"]);
        assert_eq!(beyond("f,a,p,1.5,0.1,"), ["f a p: stored 1.5 ± 0.1, now not made"]);
        for row in ["f,a,p,1.5,0.1,NaN", "f,a,p,1.5,NA,1.6", "f,a,alpha,null,0,1", "f,a,p,1.5"] {
            assert_eq!(beyond(row).len(), 1, "{row}");
        }
    }

    #[test]
    fn an_entry_without_a_row_is_named() {
        let entries =
            " {\n  \"id\": \"a\",\n  \"spec\": {\n   \"id\": \"u\"\n },\n {\n  \"id\": \"ab\",\n }";
        let table = |ids: &[&str]| -> String {
            ids.iter().map(|id| format!("f.json,{id},p,1,0,1\n")).collect()
        };
        assert!(missing("f.json", entries, &table(&["a", "ab"])).is_empty());
        assert_eq!(missing("f.json", entries, &table(&["ab"])), ["f.json a: not made"]);
        assert_eq!(missing("g.json", entries, &table(&["a", "ab"])).len(), 2);
        assert_eq!(missing("f.json", "[]", &table(&["a"])), ["f.json: no entries"]);
    }
}
