//! What an auditor is told of a fault: where it is and what is wrong, with no family, no person and no arm.

use std::collections::BTreeSet;

use crate::{
    answer::Answer,
    problem::{Failure, Place, Problem},
    steps::Context,
    text::{Lang, Text, count, say},
};

/// So many faults are told one by one.
const FAULTS_MAX: usize = 99;

/// The ids of a pilot.
#[derive(Debug, Default)]
pub(super) struct Veil {
    ids: BTreeSet<String>,
}

impl Veil {
    /// The ids that the store has, as far as it can be read; what has the shape of an id is one too.
    pub(super) fn of(context: &Context) -> Self {
        let mut ids = BTreeSet::new();
        if let Ok(pilot) = context.pilot() {
            if let Ok(roster) = pilot.roster() {
                ids.extend(roster.families.into_iter().map(|it| it.family_id));
                ids.extend(roster.members.into_iter().map(|it| it.member_id));
            }
            for draw in pilot.draws().unwrap_or_default() {
                let units = pilot.draw_units(draw.draw).unwrap_or_default();
                ids.extend(units.into_iter().map(|it| it.unit_id));
            }
        }
        Self { ids }
    }

    /// An answer or a refusal as an auditor may read it.
    pub(super) fn drawn_over(&self, answer: Result<Answer, Failure>) -> Result<Answer, Failure> {
        match answer {
            Ok(Answer { text, problems, .. }) => {
                let text = self.text(&text);
                Ok(Answer { text, problems: self.problems(problems), ..Answer::default() })
            }
            Err(Failure::Refused { summary, problems, .. }) => {
                let summary = self.text(&summary);
                Err(Failure::Refused { summary, problems: self.problems(problems), json: None })
            }
            Err(Failure::CouldNotRun { message, hint }) => Err(Failure::CouldNotRun {
                message: self.text(&message),
                hint: hint.as_ref().map(|it| self.text(it)),
            }),
        }
    }

    fn problems(&self, all: Vec<Problem>) -> Vec<Problem> {
        let more = all.len().saturating_sub(FAULTS_MAX);
        let mut shown: Vec<Problem> =
            all.into_iter().take(FAULTS_MAX).map(|it| self.problem(it)).collect();
        if more > 0 {
            let n = count(more);
            let text = say!(
                "og {n} funn til",
                nn "og {n} funn til",
                "and {n} more findings"
            );
            shown.push(Problem::new(Place::default(), text));
        }
        shown
    }

    /// Of a unit nothing is told but that it is one: what was expected of it is its place and its arm.
    fn problem(&self, problem: Problem) -> Problem {
        let Problem { place, expected, value, fix, message, .. } = &problem;
        let field = place.field.as_ref().filter(|_| place.unit.is_none());
        let place = Place {
            file: place.file.as_ref().map(|it| self.line(it)),
            field: field.map(|it| self.line(it)),
            line: place.line,
            ..Place::default()
        };
        let told = problem.place.unit.is_none()
            && [expected, value].into_iter().flatten().all(|it| says_nothing(&it.en));
        let (expected, value) = if told { (expected.clone(), value.clone()) } else { (None, None) };
        let (message, fix) = (self.text(message), fix.as_ref().map(|it| self.text(it)));
        Problem { place, message, value, expected, fix, ..problem }
    }

    fn text(&self, text: &Text) -> Text {
        let [nb, nn, en] = [Lang::Nb, Lang::Nn, Lang::En].map(|lang| self.line(text.get(lang)));
        Text::new(nb, en).nn(nn)
    }

    /// The same words with each id hidden.
    fn line(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let mut rest = text;
        while let Some(at) = rest.find(is_part) {
            let (before, from) = rest.split_at(at);
            let end = from.find(|c| !is_part(c)).unwrap_or(from.len());
            let (word, after) = from.split_at(end);
            out.push_str(before);
            out.push_str(if self.is_id(word) { "[…]" } else { word });
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// Whether a word is an id, or ends in one, as a file's name may.
    fn is_id(&self, word: &str) -> bool {
        let ends = word.char_indices().filter(|(_, c)| matches!(c, '-' | '_'));
        let ends = ends.filter_map(|(at, _)| word.get(at + 1..));
        let mut all = [word].into_iter().chain(ends);
        all.any(|it| self.ids.contains(it) || it.split('_').any(is_shaped))
    }
}

/// `KAS-7KQ4-R`, `KAS-7KQ4-R-A1`: three capitals, then capitals and digits between hyphens.
fn is_shaped(word: &str) -> bool {
    let mut parts = word.split('-');
    let first = parts.next().unwrap_or_default();
    let is_prefix = first.len() == 3 && first.bytes().all(|it| it.is_ascii_uppercase());
    let capital = |it: &str| {
        !it.is_empty() && it.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit())
    };
    let rest: Vec<&str> = parts.collect();
    is_prefix && rest.len() > 1 && rest.into_iter().all(capital)
}

/// A number, a hash, a word that says there is none: nothing of a family.
fn says_nothing(text: &str) -> bool {
    let is_number = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let is_hash = text.len() == 64 && text.bytes().all(|it| it.is_ascii_hexdigit());
    is_number || is_hash || matches!(text, "none" | "–")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn veil() -> Veil {
        Veil { ids: ["KAS-7KQ4-R", "KAS-7KQ4-R-A1", "familie1"].map(str::to_owned).into() }
    }

    #[test]
    fn ids_are_hidden_wherever_they_stand() {
        let veil = veil();
        for (text, shown) in [
            ("snapshots, ledger, 3, KAS-7KQ4-R", "snapshots, ledger, 3, […]"),
            ("out/slip-KAS-7KQ4-R-A1.html", "out/[…].html"),
            ("out/slip_KAS-9999-R.html", "out/[…].html"),
            ("om KAS-XXXX-Y.", "om […]."),
            ("familie1;familie12", "[…];familie12"),
            ("draws/0001/reveal.json, 2026-12-10", "draws/0001/reveal.json, 2026-12-10"),
            ("UTF-8, SHA-256", "UTF-8, SHA-256"),
            ("trigger ledger_no_update", "trigger ledger_no_update"),
        ] {
            assert_eq!(veil.line(text), shown, "{text}");
        }
    }

    /// Whoever was drawn to which arm is said by what was expected of a unit.
    #[test]
    fn of_a_unit_neither_place_nor_arm_is_told() {
        let place = Place {
            file: Some("draws/0001/result.csv".into()),
            unit: Some("KAS-7KQ4-R".into()),
            field: Some("KAS-7KQ4-R".into()),
            ..Place::default()
        };
        let message = say!("lageret sier noe annet", "the store says something else");
        let problem = Problem::new(place, message).expected("b 1 – 2 a –", "b 1 – 2 c –");
        let shown = veil().problem(problem);
        assert_eq!(shown.place.words(Lang::En), "draws/0001/result.csv");
        assert!(shown.expected.is_none() && shown.value.is_none() && shown.place.unit.is_none());
        let hash = "0".repeat(64);
        let problem =
            Problem::new(Place::default(), Text::default()).expected(hash.as_str(), "none");
        assert_eq!(veil().problem(problem).expected, Some(Text::same(hash)));
    }
}
