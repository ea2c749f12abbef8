//! What a step answered, as a page.

use lodd_server::{Block, Cell, Done, Sheet};

use super::{
    desk::finding,
    parts::{para, plain, table},
};
use crate::{
    answer::Answer,
    problem::{Failure, Problem},
    steps::Context,
    text::{Lang, Text, say},
};

/// More problems than this are not listed.
const SHOWN: usize = 100;

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
            let is_of_a_file = problems.iter().any(|it| it.code.is_some());
            let mut blocks = vec![outcome(false, summary.get(lang))];
            if !is_of_a_file {
                blocks.extend(refused(&summary, &problems, lang));
            }
            (false, blocks, if is_of_a_file { problems } else { Vec::new() })
        }
        Err(failure) => return Err(failure),
    };
    blocks.extend(findings(&problems, lang));
    Ok(Done { good, sheet: Sheet { title: title.to_owned(), lead: None, blocks } })
}

/// What is wrong with something that is no office's file: the way out, or a row a problem.
fn refused(summary: &Text, problems: &[Problem], lang: Lang) -> Option<Block> {
    if problems.is_empty() {
        return None;
    }
    if let [one] = problems
        && one.message == *summary
    {
        return one.fix.as_ref().map(|it| para(lang, it));
    }
    let row = |it: &Problem| {
        let place = it.place.words(lang);
        let pair = it.expected.as_ref().zip(it.value.as_ref()).map(|(expected, found)| {
            let (expected, found) = (plain(lang, expected), plain(lang, found));
            let said = say!(
                " (ventet {expected}, fant {found})",
                nn " (venta {expected}, fann {found})",
                " (expected {expected}, found {found})"
            );
            said.get(lang).to_owned()
        });
        let what = plain(lang, &it.message) + &pair.unwrap_or_default();
        let fix = it.fix.as_ref().map(|it| plain(lang, it)).unwrap_or_default();
        let place = place.trim_start_matches(", ").replace('`', "");
        vec![Cell::Text(place), Cell::Text(what), Cell::Text(fix)]
    };
    let caption = say!("Hva som er galt", nn "Kva som er gale", "What is wrong");
    let head = [
        say!("Sted", nn "Stad", "Place"),
        say!("Hva", nn "Kva", "What"),
        say!("Slik retter du", nn "Slik rettar du", "How to mend it"),
    ];
    Some(table(lang, &caption, head, problems.iter().take(SHOWN).map(row).collect()))
}

fn outcome(good: bool, text: &str) -> Block {
    Block::Outcome { good, text: text.trim().replace('`', "") }
}

/// Findings as a page's block; nothing where there are none.
pub(super) fn findings(problems: &[Problem], lang: Lang) -> Option<Block> {
    let all: Vec<_> = problems.iter().map(|it| finding(it, lang)).collect();
    (!all.is_empty()).then_some(Block::Findings(all))
}
