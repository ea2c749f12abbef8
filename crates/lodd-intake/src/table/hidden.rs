//! Hidden and filtered rows and columns (H03). They are read all the same.

use super::Table;
use crate::{catalogue, finding::Findings, text::Phrase};

/// Notes hidden rows with data, and hidden columns that are read.
pub(super) fn note(table: &Table<'_>, findings: &mut Findings) {
    let shape = &table.sheet.shape;
    let is_in = |runs: &[(u32, u32)], at: u32| {
        let after = runs.partition_point(|(first, _)| *first <= at);
        runs.get(..after).and_then(<[_]>::last).is_some_and(|(_, last)| at <= *last)
    };
    if !shape.hidden_rows.is_empty() {
        let mut hidden = table.rows.iter().filter(|row| is_in(&shape.hidden_rows, row.number));
        if let Some(first) = hidden.next() {
            let what = counted(1 + hidden.count(), ["rad", "rader"], ["row", "rows"]);
            let finding = table.finding(&catalogue::H03).in_row(first.number);
            findings.push(finding.suggest(Some(what)));
        }
    }
    let mut columns: Vec<u32> = table.columns.values().map(|(column, _)| *column).collect();
    columns.retain(|column| is_in(&shape.hidden_columns, *column));
    if let Some(first) = columns.iter().min() {
        let what = counted(columns.len(), ["kolonne", "kolonner"], ["column", "columns"]);
        let what = Phrase { nn: what.nn.replace("kolonner", "kolonnar"), ..what };
        let finding = table.finding(&catalogue::H03).at(*first, 1);
        findings.push(finding.suggest(Some(what)));
    }
}

fn counted(count: usize, no: [&str; 2], en: [&str; 2]) -> Phrase {
    let ([no_one, no_many], [en_one, en_many]) = (no, en);
    if count == 1 {
        Phrase::norwegian(format!("1 skjult {no_one}"), format!("1 hidden {en_one}"))
    } else {
        Phrase::norwegian(format!("{count} skjulte {no_many}"), format!("{count} hidden {en_many}"))
    }
}
