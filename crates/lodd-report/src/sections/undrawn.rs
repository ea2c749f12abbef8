//! The report of a project in which nobody was drawn: it counts, and estimates no effect.

use super::{Blocks, flow, front};
use crate::{document::Block, locale::fill, model::Report, table::Numbering, wording::Words};

/// Chapters that tell of a lottery, of effects, or of a plan to estimate them.
const OF_EFFECTS: &[&str] = &["summary", "design", "effects", "discussion"];
/// Chapters in which there is nothing to tell.
const OF_DRAWS: &[&str] =
    &["draw", "balance", "robustness", "plan", "planned", "protocol", "checklist"];
/// Left out: they are parts of a chapter that says why.
const LEFT_OUT: &[&str] = &["measure", "status", "statistics"];

/// What a section holds where nobody was drawn; `None` where that makes no difference.
pub(super) fn fill_in(
    words: Words,
    report: &Report,
    anchor: &str,
    numbers: &mut Numbering,
) -> Option<Blocks> {
    let t = &words.t.profile_tables;
    let said = |text: &str| Some(Ok(vec![Block::paragraph(text)]));
    match anchor {
        "english-summary" => {
            let english = Words::new(crate::model::Lang::En);
            Some(Ok(vec![Block::paragraph(english.t.profile_tables.undrawn_effect)]))
        }
        "introduction" => {
            let offices = words.list(&report.offices);
            said(&fill(t.undrawn_about, &[("offices", &offices)]))
        }
        "implementation" => Some(Ok(flow::criteria(words, report, numbers))),
        _ if OF_EFFECTS.contains(&anchor) => said(t.undrawn_effect),
        _ if OF_DRAWS.contains(&anchor) => said(t.undrawn),
        _ if LEFT_OUT.contains(&anchor) => Some(Ok(Vec::new())),
        _ => None,
    }
}

/// What every page says beside the other stamps.
pub(super) fn stamp(words: Words, report: &Report) -> Option<String> {
    front::is_undrawn(report).then(|| words.t.profile_tables.stamp_undrawn.to_owned())
}
