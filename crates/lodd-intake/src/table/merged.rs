//! Merged cells, which hold one value where the form asks for several (H06, H07).

use std::collections::BTreeMap;

use super::Table;
use crate::{
    catalogue::{self, Entry},
    finding::{Finding, Findings, cell_name},
    workbook::{Area, Sheet},
};

/// The merged cells of a table's data.
#[derive(Clone, Debug, Default)]
pub(super) struct Merged {
    /// The areas, by the first row with data in them.
    starts: BTreeMap<u32, Vec<Area>>,
    /// Runs of rows with merged cells, and by column; they do not overlap.
    rows: Vec<(u32, u32)>,
    cells: BTreeMap<u32, Vec<(u32, u32)>>,
}

/// Notes merged cells in the header; false when there are any.
pub(super) fn check_header(table: &Table<'_>, findings: &mut Findings) -> bool {
    let merged = || table.sheet.shape.merged.iter().filter(|area| area.first_row == 1);
    findings.extend(merged().map(|area| finding(table, &catalogue::H06, area)));
    merged().next().is_none()
}

impl Merged {
    /// Those that touch a column that is read, in a sheet with these columns and row numbers.
    pub(super) fn of(sheet: &Sheet, columns: &[u32], rows: &[u32]) -> Self {
        let mut merged = Self::default();
        for area in &sheet.shape.merged {
            let first = rows.partition_point(|row| *row < area.first_row);
            let start = rows.get(first).filter(|row| **row <= area.last_row);
            let touched = columns.iter().filter(|it| area.has_column(**it));
            let touched: Vec<u32> = touched.copied().collect();
            let Some(start) = start.filter(|_| !touched.is_empty()) else { continue };
            merged.starts.entry(*start).or_default().push(*area);
            merged.rows.push((area.first_row, area.last_row));
            for column in touched {
                merged.cells.entry(column).or_default().push((area.first_row, area.last_row));
            }
        }
        join(&mut merged.rows);
        merged.cells.values_mut().for_each(join);
        merged
    }

    /// The findings of the areas that begin in a row.
    pub(super) fn notes<'a>(
        &'a self,
        table: &'a Table<'_>,
        row: u32,
    ) -> impl Iterator<Item = Finding> + 'a {
        let areas = self.starts.get(&row).into_iter().flatten();
        areas.map(move |area| finding(table, &catalogue::H07, area))
    }

    /// Whether a row has merged cells.
    pub(super) fn has_row(&self, row: u32) -> bool {
        holds(&self.rows, row)
    }

    /// Whether a place lies in merged cells.
    pub(super) fn has_cell(&self, column: u32, row: u32) -> bool {
        self.cells.get(&column).is_some_and(|runs| holds(runs, row))
    }
}

impl Area {
    fn has_column(&self, column: u32) -> bool {
        (self.first_column..=self.last_column).contains(&column)
    }
}

fn finding(table: &Table<'_>, entry: &'static Entry, area: &Area) -> Finding {
    let start = cell_name(area.first_column, area.first_row);
    let range = format!("{start}:{}", cell_name(area.last_column, area.last_row));
    table.finding(entry).at(area.first_column, area.first_row).value(range)
}

/// Sorts runs, and joins those that overlap.
fn join(runs: &mut Vec<(u32, u32)>) {
    runs.sort_unstable();
    runs.dedup_by(|later, earlier| {
        let overlap = later.0 <= earlier.1;
        if overlap {
            earlier.1 = earlier.1.max(later.1);
        }
        overlap
    });
}

fn holds(runs: &[(u32, u32)], row: u32) -> bool {
    let after = runs.partition_point(|(first, _)| *first <= row);
    runs.get(..after).and_then(<[_]>::last).is_some_and(|(_, last)| row <= *last)
}
