//! What the intervals rule out: all that the numbers themselves can say in a discussion.

use super::{Blocks, effects};
use crate::{
    document::Block,
    locale::fill,
    model::{Effect, Report},
    table::{Numbering, capital},
    wording::Words,
};

/// One entry a main finding with an interval.
pub(super) fn blocks(words: Words, report: &Report, _: &mut Numbering) -> Blocks {
    let headlines = report.effects.iter().filter(|it| it.headline);
    let ruled: Vec<Block> =
        headlines.filter_map(|effect| ruled_out(words, report, effect)).collect();
    if ruled.is_empty() {
        return Ok(Vec::new());
    }
    let title = Block::heading(words.t.results.rules_out_title);
    Ok([title].into_iter().chain(ruled).collect())
}

fn ruled_out(words: Words, report: &Report, effect: &Effect) -> Option<Block> {
    let (low, high) = effect.interval?;
    let r = &words.t.results;
    let said = |x: f64| words.difference(effect.measure, x);
    let level = words.f.level(1.0 - report.alpha);
    let values = [("level", &*level), ("low", &*said(low)), ("high", &*said(high))];
    let mut sentences = vec![fill(r.rules_out, &values)];
    if let Some(mde) = effect.mde {
        let holds = high >= mde || low <= -mde;
        let sentence = if holds { r.holds_mde } else { r.excludes_mde };
        sentences.push(fill(sentence, &[("mde", &said(mde))]));
    }
    let name = capital(&effects::name(words, effect));
    Some(Block::Finding { name, badges: words.badges(effect), text: sentences.join(" ") })
}
