//! The evaluator's own words, as paragraphs, headings and lists.

use crate::{document::Block, model::Report, wording::Words};

/// What is written for the section of this anchor; a sentence that says so where it is written in
/// another language only.
pub(super) fn blocks(words: Words, report: &Report, anchor: &str) -> Vec<Block> {
    let Some(text) = report.profile.prose.get(anchor) else { return Vec::new() };
    let written = text.get(words.lang);
    if written.trim().is_empty() {
        return vec![Block::paragraph(words.t.prose_other_language)];
    }
    let mut blocks = Vec::new();
    for part in written.replace('\r', "").split("\n\n") {
        add(&mut blocks, part);
    }
    blocks
}

/// One part of the text between blank lines: headings, lists, and lines that run on as one
/// paragraph.
fn add(blocks: &mut Vec<Block>, part: &str) {
    let (mut lines, mut items) = (Vec::new(), Vec::new());
    for line in part.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(title) = line.strip_prefix("## ") {
            flush(blocks, &mut lines, &mut items);
            blocks.push(Block::heading(title));
        } else if let Some(item) = line.strip_prefix("- ") {
            flush(blocks, &mut lines, &mut Vec::new());
            items.push(item.to_owned());
        } else if let Some(last) = items.last_mut() {
            last.push(' ');
            last.push_str(line);
        } else {
            lines.push(line);
        }
    }
    flush(blocks, &mut lines, &mut items);
}

fn flush(blocks: &mut Vec<Block>, lines: &mut Vec<&str>, items: &mut Vec<String>) {
    if !lines.is_empty() {
        blocks.push(Block::paragraph(std::mem::take(lines).join(" ")));
    }
    if !items.is_empty() {
        blocks.push(Block::List(std::mem::take(items)));
    }
}
