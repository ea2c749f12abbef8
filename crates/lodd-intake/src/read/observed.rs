//! What a workbook says of its sheets beside their cells: merged and hidden ones, and comments.
//!
//! Seen while the guard scans the parts, so that nothing is unpacked twice.

use std::collections::BTreeMap;

use super::{Refusal, guard::position, xml::Seen};
use crate::workbook::{Area, NOTE_AUTHOR, Shape};

/// What has been seen so far.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// The relation of each sheet, in the order of the workbook.
    sheets: Vec<String>,
    /// The part of each relation.
    targets: BTreeMap<String, String>,
    relation: (Option<String>, Option<String>),
    /// By the part's name in lower case.
    shapes: BTreeMap<String, Shape>,
    comments: usize,
    threads: usize,
    overfull: bool,
}

/// The part that is being scanned.
#[derive(Debug, Default)]
pub(super) struct Part {
    shape: Shape,
    row: u32,
    column: (Option<u32>, Option<u32>, Option<bool>),
    authors: Vec<String>,
}

impl Observed {
    /// Notes something seen in a part, whose name is in lower case.
    pub(super) fn see(&mut self, name: &str, part: &mut Part, seen: Seen<'_>) {
        match seen {
            Seen::Attribute { element, name: attribute, value } => match name {
                "xl/workbook.xml" if (element, attribute) == ("sheet", "id") => {
                    self.sheets.push(value.to_owned());
                }
                "xl/_rels/workbook.xml.rels" => self.relate(attribute, value),
                _ if name.starts_with("xl/worksheets/") => {
                    self.overfull |= !part.see(element, attribute, value);
                }
                _ if name.contains("threadedcomment") => {
                    self.threads += usize::from((element, attribute) == ("threadedComment", "ref"));
                }
                _ if name.contains("comment")
                    && (element, attribute) == ("comment", "authorId") =>
                {
                    let author = value.parse().ok().and_then(|at: usize| part.authors.get(at));
                    self.comments += usize::from(author.is_none_or(|it| it != NOTE_AUTHOR));
                }
                _ => {}
            },
            Seen::Text { element: "author", text } if !text.trim().is_empty() => {
                part.authors.push(text.trim().to_owned());
            }
            Seen::Text { .. } => {}
        }
    }

    /// Notes that a part has ended.
    pub(super) fn end(&mut self, name: &str, part: Part) -> Result<(), Refusal> {
        if part.shape != Shape::default() {
            self.shapes.insert(name.to_owned(), part.shape);
        }
        if self.overfull {
            return Err(Refusal::too_large(
                "for mange sammenslåtte eller skjulte områder",
                "for mange samanslåtte eller skjulte område",
                "too many merged or hidden areas",
            ));
        }
        Ok(())
    }

    /// The comments of all sheets, those of lodd's own files apart.
    pub(super) fn comments(&self) -> usize {
        self.comments.max(self.threads)
    }

    /// The shape of the sheet at this place in the workbook, from 0.
    pub(super) fn shape(&mut self, at: usize) -> Shape {
        let target = self.sheets.get(at).and_then(|relation| self.targets.get(relation));
        let part = target.map(|it| match it.strip_prefix('/') {
            Some(absolute) => absolute.to_lowercase(),
            None => format!("xl/{}", it.trim_start_matches("./")).to_lowercase(),
        });
        part.and_then(|part| self.shapes.remove(&part)).unwrap_or_default()
    }

    fn relate(&mut self, attribute: &str, value: &str) {
        match attribute {
            "Id" => self.relation.0 = Some(value.to_owned()),
            "Target" => self.relation.1 = Some(value.to_owned()),
            _ => {}
        }
        if let (Some(_), Some(_)) = &self.relation
            && let (Some(id), Some(target)) = std::mem::take(&mut self.relation)
        {
            self.targets.insert(id, target);
        }
    }
}

impl Part {
    /// False when there is more than is kept.
    fn see(&mut self, element: &str, attribute: &str, value: &str) -> bool {
        match (element, attribute) {
            ("row", "r") => self.row = value.parse().unwrap_or(0),
            ("row", "hidden") if is_true(value) && self.row > 0 => {
                add(&mut self.shape.hidden_rows, (self.row, self.row));
            }
            ("col", "min") => self.column.0 = value.parse().ok(),
            ("col", "max") => self.column.1 = value.parse().ok(),
            ("col", "hidden") => self.column.2 = Some(is_true(value)),
            ("mergeCell", "ref") => self.shape.merged.extend(area(value)),
            _ => {}
        }
        if let (Some(min), Some(max), Some(hidden)) = self.column {
            self.column = (None, None, None);
            if hidden && min > 0 {
                add(&mut self.shape.hidden_columns, (min - 1, max.max(min) - 1));
            }
        }
        self.shape.is_bounded()
    }
}

fn is_true(value: &str) -> bool {
    value == "1" || value == "true"
}

/// Adds a run, to the last one if it follows it.
fn add(runs: &mut Vec<(u32, u32)>, (first, last): (u32, u32)) {
    match runs.last_mut() {
        Some(run) if run.1.checked_add(1) == Some(first) => run.1 = last,
        _ => runs.push((first, last)),
    }
}

fn area(range: &str) -> Option<Area> {
    let (start, end) = range.split_once(':')?;
    let ((first_row, first), (last_row, last)) = (position(start)?, position(end)?);
    let (first_column, last_column) = (first.checked_sub(1)?, last.checked_sub(1)?);
    Some(Area { first_row, last_row, first_column, last_column })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::xml::scan;

    fn observed(parts: &[(&str, &str)]) -> Observed {
        let mut all = Observed::default();
        for (name, text) in parts {
            let mut part = Part::default();
            scan(text, 10, &mut |seen| all.see(name, &mut part, seen)).unwrap();
            all.end(name, part).unwrap();
        }
        all
    }

    /// The order of attributes is one program's in the first sheet and another's in the second.
    #[test]
    fn merged_and_hidden_are_seen_whoever_wrote_the_file() {
        let excel = r#"<s><cols><col min="1" max="1" width="9"/><col min="3" max="4" width="0" hidden="1"/></cols>
            <sheetData><row r="2" hidden="1"/><row r="3" ht="0" hidden="1"/><row r="5" hidden="true"/></sheetData>
            <mergeCells count="1"><mergeCell ref="B2:C4"/></mergeCells></s>"#;
        let libre = r#"<s><cols><col collapsed="false" hidden="true" max="2" min="2"/>
            <col collapsed="false" hidden="false" max="3" min="3"/></cols><row r="1" hidden="false"/></s>"#;
        let mut all = observed(&[
            (
                "xl/workbook.xml",
                r#"<w><sheet name="A" sheetId="7" r:id="r2"/><sheet name="B" r:id="r1"/></w>"#,
            ),
            (
                "xl/_rels/workbook.xml.rels",
                r#"<R><Relationship Id="r1" Target="worksheets/sheet1.xml"/>
                   <Relationship Target="/xl/worksheets/Sheet2.xml" Id="r2"/></R>"#,
            ),
            ("xl/worksheets/sheet1.xml", excel),
            ("xl/worksheets/sheet2.xml", libre),
        ]);
        let first = all.shape(0);
        assert_eq!(first.hidden_columns, [(1, 1)]);
        assert!(first.hidden_rows.is_empty() && first.merged.is_empty());
        let second = all.shape(1);
        assert_eq!(second.hidden_columns, [(2, 3)]);
        assert_eq!(second.hidden_rows, [(2, 3), (5, 5)]);
        let area = Area { first_row: 2, last_row: 4, first_column: 1, last_column: 2 };
        assert_eq!(second.merged, [area]);
        assert_eq!(all.shape(2), Shape::default());
    }

    #[test]
    fn comments_are_counted_but_for_our_own() {
        let comments = |authors: &str| {
            format!(
                r#"<c><authors>{authors}</authors><l><comment ref="A1" authorId="0"/><comment ref="A2" authorId="1"/></l></c>"#
            )
        };
        let count = |text: &str| observed(&[("xl/comments1.xml", text)]).comments();
        assert_eq!(count(&comments("<author>Kari</author><author>lodd</author>")), 1);
        assert_eq!(count(&comments("<author>Kari</author>")), 2);
        let threaded = r#"<t><threadedComment ref="A1" id="x"/><threadedComment ref="A1"/></t>"#;
        let name = "xl/threadedcomments/threadedcomment1.xml";
        assert_eq!(observed(&[(name, threaded)]).comments(), 2);
    }
}
