//! The report's sections, in the order of an evaluation report. One entry of [`ORDER`] is one
//! section: its anchor, its title, its place among chapters, and what fills it.

#![expect(clippy::unnecessary_wraps, reason = "all sections are filled by one type of function")]

pub(crate) mod checklist;
mod costs;
pub(crate) mod descriptive;
mod discussion;
pub(crate) mod draw;
pub(crate) mod effects;
pub(crate) mod flow;
mod front;
pub(crate) mod method;
mod over_time;
mod planned;
mod profile_tables;
mod prose;
mod robustness;
mod status;
mod undrawn;

use crate::{
    ReportError,
    document::{Block, Document, ENGLISH_SUMMARY, Section},
    locale::Locale,
    model::{Lang, Report},
    table::Numbering,
    wording::Words,
};

/// What a section is filled with: its blocks, in order.
type Blocks = Result<Vec<Block>, ReportError>;

/// Fills one section.
type Fill = fn(Words, &Report, &mut Numbering) -> Blocks;

/// Where a section stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Without a number; left out when it is empty.
    Front,
    /// A chapter: 1, 2, …
    Chapter,
    /// A part of the chapter before it: 3.1, 3.2, …; left out when it is empty.
    Part,
    /// After the chapters, without a number; left out when it is empty.
    Back,
    /// A, B, …
    Appendix,
}

struct Entry {
    anchor: &'static str,
    title: fn(&Locale) -> &'static str,
    place: Place,
    fill: Fill,
}

/// Nothing but the evaluator's own words.
fn nothing(_: Words, _: &Report, _: &mut Numbering) -> Blocks {
    Ok(Vec::new())
}

macro_rules! order {
    ($($anchor:literal $title:ident $place:ident $fill:expr;)*) => {
        /// Every section, in the report's order.
        const ORDER: &[Entry] = &[
            $(Entry {
                anchor: $anchor,
                title: |t| t.titles.$title,
                place: Place::$place,
                fill: $fill,
            }),*
        ];

        /// The sections that may hold the evaluator's own words, in the report's order.
        pub const PROSE_SECTIONS: &[&str] = &[$($anchor),*];
    };
}

order! {
    "foreword" foreword Front nothing;
    "summary" summary Front front::summary;
    "english-summary" english_summary Front front::english_summary;
    "introduction" introduction Chapter front::introduction;
    "measure" measure Chapter front::measure;
    "method" method Chapter nothing;
    "design" design Part method::design;
    "draw" draw Part draw::how;
    "sources" sources Part method::sources;
    "outcomes" outcomes Part planned::outcomes;
    "statistics" statistics Part method::statistics;
    "power" power Part over_time::power;
    "limitations" limitations Part method::limitations;
    "ethics" ethics Part method::ethics;
    "implementation" implementation Chapter flow::implementation;
    "families" families Chapter nothing;
    "balance" balance Chapter nothing;
    "effects" effects Chapter effects::intro;
    "status" status Part status::blocks;
    "months" months Part over_time::months;
    "work" work Part effects::work;
    "economy" economy Part effects::economy;
    "home" housing Part effects::housing;
    "children" children Part effects::children;
    "other" other Part effects::other;
    "by-horizon" by_horizon Part over_time::effects;
    "taking-part" taking_part Part robustness::taking_part;
    "harms" harms Part nothing;
    "robustness" robustness Chapter robustness::blocks;
    "costs" costs Chapter costs::blocks;
    "discussion" discussion Chapter discussion::blocks;
    "conclusion" conclusion Chapter nothing;
    "literature" literature Back method::literature;
    "plan" plan Appendix planned::plan;
    "planned" planned Appendix planned::planned;
    "deviations" deviations Appendix planned::deviations;
    "protocol" protocol Appendix draw::protocol;
    "checklist" checklist Appendix checklist::blocks;
    "tables" tables Appendix flow::full_tables;
    "files" files Appendix method::files;
}

pub use checklist::CHECKLIST_ITEMS;

/// The whole report in one language.
pub(crate) fn document(words: Words, report: &Report) -> Result<Document, ReportError> {
    let mut numbers = Numbering::default();
    let mut counter = Counter::default();
    let mut sections = Vec::new();
    for entry in ORDER {
        if entry.anchor == ENGLISH_SUMMARY && words.lang == Lang::En {
            continue;
        }
        let mut blocks = prose::blocks(words, report, entry.anchor);
        let undrawn = front::is_undrawn(report)
            .then(|| undrawn::fill_in(words, report, entry.anchor, &mut numbers));
        match undrawn.flatten() {
            Some(said) => blocks.extend(said?),
            None => blocks.extend((entry.fill)(words, report, &mut numbers)?),
        }
        blocks.extend(descriptive::blocks(words, report, entry.anchor, &mut numbers)?);
        blocks.extend(profile_tables::blocks(words, report, entry.anchor, &mut numbers));
        if blocks.is_empty() && !matches!(entry.place, Place::Chapter | Place::Appendix) {
            continue;
        }
        let title = (entry.title)(words.t).to_owned();
        let number = counter.next(entry.place);
        numbers.name(entry.anchor, number.as_deref().unwrap_or(&title));
        sections.push(Section { anchor: entry.anchor, title, number, blocks });
    }
    name_gaps(words, &mut sections);
    Ok(Document {
        lang: words.lang,
        title: report.title.get(words.lang).to_owned(),
        kind: front::kind(words, report).to_owned(),
        stamps: front::stamps(words, report),
        facts: front::cover(words, report),
        pilot: report.pilot.clone(),
        authors: report.profile.cover.authors.clone(),
        cut: report.cut.clone(),
        program: report.program.clone(),
        sections,
    })
}

/// Counts chapters, their parts and appendices.
#[derive(Debug, Default)]
struct Counter {
    chapters: u32,
    parts: u32,
    appendices: u8,
}

impl Counter {
    fn next(&mut self, place: Place) -> Option<String> {
        match place {
            Place::Front | Place::Back => None,
            Place::Chapter => {
                (self.chapters, self.parts) = (self.chapters + 1, 0);
                Some(self.chapters.to_string())
            }
            Place::Part => {
                self.parts += 1;
                Some(format!("{}.{}", self.chapters, self.parts))
            }
            Place::Appendix => {
                self.appendices += 1;
                Some(char::from(b'A' + (self.appendices - 1) % 26).to_string())
            }
        }
    }
}

/// A chapter that nobody has written says so; it is never left out in silence.
fn name_gaps(words: Words, sections: &mut [Section]) {
    let mut is_followed = false;
    for section in sections.iter_mut().rev() {
        if section.blocks.is_empty() && !is_followed {
            section.blocks.push(Block::paragraph(words.t.not_written));
        }
        is_followed = section.is_part();
    }
}
