//! What stands before the chapters: the cover, the summary, the summary in English; and the first
//! two chapters.

use super::{Blocks, effects, undrawn};
use crate::{
    document::Block,
    locale::fill,
    model::{Lang, Report},
    table::Numbering,
    wording::Words,
};

/// What every page must say.
pub(super) fn stamps(words: Words, report: &Report) -> Vec<String> {
    let t = words.t;
    let stamps = [
        (!report.public, t.stamp_intern),
        (report.public, t.stamp_public),
        (report.is_rehearsal(), t.stamp_rehearsal),
        (report.is_imported(), t.stamp_imported),
        (report.is_interim(), t.stamp_interim),
    ];
    let true_ones = stamps.into_iter().filter(|(is_true, _)| *is_true);
    true_ones.map(|(_, it)| it.to_owned()).chain(undrawn::stamp(words, report)).collect()
}

/// Whether the project has no draw, and so nothing to compare.
pub(super) fn is_undrawn(report: &Report) -> bool {
    report.arms.is_empty()
}

/// What kind of report it is, above the title.
pub(super) fn kind(words: Words, report: &Report) -> &'static str {
    if is_undrawn(report) { words.t.profile_tables.undrawn_kind } else { words.t.kind }
}

/// The facts on the cover.
pub(super) fn cover(words: Words, report: &Report) -> Vec<(String, String)> {
    let t = words.t;
    let dates = report.draws.iter().map(|draw| words.f.date(&draw.drawn_on));
    let plan = report.plan.as_ref().map_or_else(
        || t.plan_none.to_owned(),
        |plan| format!("{} ({}…)", words.f.instant(&plan.locked_at), short(&plan.sha256)),
    );
    let cover = &report.profile.cover;
    let facts = [
        (t.appendix.authors, cover.authors.join(", ")),
        (t.appendix.institution, cover.institution.clone()),
        (t.appendix.commissioned_by, cover.commissioned_by.clone()),
        (t.appendix.series, cover.series.clone()),
        (t.pilot, report.pilot.clone()),
        (t.offices, report.offices.join(", ")),
        (t.drawn_on, dates.collect::<Vec<_>>().join(", ")),
        (t.cut, words.f.instant(&report.cut)),
        (t.plan, if is_undrawn(report) { String::new() } else { plan }),
        (t.runs, if is_undrawn(report) { String::new() } else { words.f.count(report.runs) }),
        (t.program, report.program.clone()),
    ];
    let filled = facts.into_iter().filter(|(_, fact)| !fact.is_empty());
    filled.map(|(name, fact)| (name.to_owned(), fact)).collect()
}

/// The start of a hash, enough to recognise it; the whole stands under method.
fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}

/// The main findings first, then who was assessed and drawn.
pub(super) fn summary(words: Words, report: &Report, _: &mut Numbering) -> Blocks {
    let mut blocks = findings(words, report);
    if blocks.is_empty() {
        blocks.push(Block::paragraph(words.t.sum_no_headline));
    }
    let assessed = report.eligibility.as_ref().map(|it| {
        let units = words.units_of(it.unit, it.assessed);
        let eligible = words.f.cell(it.eligible);
        fill(words.t.sum_assessed, &[("units", &units), ("eligible", &eligible)])
    });
    let drawn = report.draws.iter().map(|draw| words.drawn(draw, report));
    blocks.extend(assessed.into_iter().chain(drawn).map(Block::Paragraph));
    Ok(blocks)
}

/// The same in English, for readers of a Norwegian report.
pub(super) fn english_summary(_: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    summary(Words::new(Lang::En), report, numbers)
}

/// The plan's main findings, in its order.
fn findings(words: Words, report: &Report) -> Vec<Block> {
    let headlines = report.effects.iter().filter(|effect| effect.headline);
    headlines.map(|effect| effects::finding(words, report, effect)).collect()
}

/// What the report is, in a sentence.
pub(super) fn introduction(words: Words, report: &Report, _: &mut Numbering) -> Blocks {
    let offices = words.list(&report.offices);
    let treated: Vec<String> = names_of_treated(words, report);
    let control = report.control().map_or("", |arm| arm.name.get(words.lang));
    let values =
        [("offices", &*offices), ("arm", &*words.list(&treated)), ("control_arm", control)];
    Ok(vec![Block::Paragraph(fill(words.t.about, &values))])
}

/// The arms, as the protocol calls them.
pub(super) fn measure(words: Words, report: &Report, _: &mut Numbering) -> Blocks {
    let last = report.arms.len().saturating_sub(1);
    let name = |(place, arm): (usize, &crate::model::Arm)| {
        let name = arm.name.get(words.lang);
        if place == last { format!("{name} ({})", words.t.control) } else { name.to_owned() }
    };
    let arms = report.arms.iter().enumerate().map(name).collect();
    Ok(vec![Block::paragraph(words.t.arms_are), Block::List(arms)])
}

/// The names of the arms that are compared with the control.
pub(super) fn names_of_treated(words: Words, report: &Report) -> Vec<String> {
    let treated = report.arms.split_last().map_or(&[][..], |(_, treated)| treated);
    treated.iter().map(|arm| arm.name.get(words.lang).to_owned()).collect()
}
