//! What a step answered, as a page.

use lodd_server::{Block, Done, Sheet};

use super::desk::finding;
use crate::{
    answer::Answer,
    problem::{Failure, Problem},
    steps::Context,
    text::Lang,
};

/// The page that says what came of a step: what the command line would print, and its findings. What is
/// refused is a page too.
///
/// # Errors
///
/// If the step could not be run.
pub(super) fn came_of(
    context: &Context,
    title: &str,
    answer: Result<Answer, Failure>,
) -> Result<Done, Failure> {
    let lang = context.lang;
    let (good, mut blocks, problems) = match answer {
        Ok(Answer { text, problems, .. }) => {
            let text = text.get(lang).trim_end();
            let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
            let mut blocks = vec![outcome(true, first)];
            if !rest.trim().is_empty() {
                blocks.push(Block::Lines(rest.to_owned()));
            }
            (true, blocks, problems)
        }
        Err(Failure::Refused { summary, problems, .. }) => {
            (false, vec![outcome(false, summary.get(lang))], problems)
        }
        Err(failure) => return Err(failure),
    };
    blocks.extend(findings(&problems, lang));
    Ok(Done { good, sheet: Sheet { title: title.to_owned(), lead: None, blocks } })
}

fn outcome(good: bool, text: &str) -> Block {
    Block::Outcome { good, text: text.trim().replace('`', "") }
}

/// Findings as a page's block; nothing where there are none.
pub(super) fn findings(problems: &[Problem], lang: Lang) -> Option<Block> {
    let all: Vec<_> = problems.iter().map(|it| finding(it, lang)).collect();
    (!all.is_empty()).then_some(Block::Findings(all))
}
