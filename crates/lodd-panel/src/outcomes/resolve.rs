//! From what a protocol asks for to outcomes that can be computed, in an order that allows it.

use super::{Choice, Course, Definition, Outcome, Seen, ValueKind};
use crate::{
    codes::{Code, Stored, UnitKind},
    dictionary::{self, DICTIONARY},
    expression::{Expression, Name, Parameters, Type},
    mistake::{Mistake, MistakeKind, is_name, likest},
    screening::refused,
};

/// What is known of a family's month.
const AMOUNTS: [&str; 2] = ["assistance_grant", "assistance_loan"];

/// An outcome with its expressions read: one for a condition, one a category, else none.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    pub(crate) outcome: Outcome,
    pub(crate) expressions: Vec<Expression>,
    /// Its place in the protocol, from 0; `None` if only another outcome needs it.
    pub(crate) asked: Option<usize>,
}

/// Resolves every choice. `variables`: all that the pilot's snapshots can hold.
///
/// # Errors
///
/// Every mistake in ids, references and expressions.
pub(crate) fn resolve(
    choices: &[Choice],
    variables: &[Stored],
) -> Result<Vec<Resolved>, Vec<Mistake>> {
    let mut resolver = Resolver { variables, own: Vec::new(), done: Vec::new(), mistakes: vec![] };
    for (at, choice) in choices.iter().enumerate() {
        let path = format!("outcome[{at}]");
        match choice {
            Choice::Dictionary(id) => resolver.dictionary((id, None), at, &path),
            Choice::Version(id, number) => resolver.dictionary((id, Some(*number)), at, &path),
            Choice::Own(outcome) => resolver.own(outcome, at, &path),
        }
    }
    if resolver.mistakes.is_empty() { Ok(resolver.done) } else { Err(resolver.mistakes) }
}

struct Resolver<'a> {
    variables: &'a [Stored],
    /// The pilot's own outcomes so far.
    own: Vec<&'a Outcome>,
    done: Vec<Resolved>,
    mistakes: Vec<Mistake>,
}

impl<'a> Resolver<'a> {
    fn mistake(&mut self, path: String, kind: MistakeKind) {
        self.mistakes.push(Mistake::new(path, kind));
    }

    fn is_free(&mut self, id: &str, path: &str) -> bool {
        let first = self.done.iter().find(|it| it.asked.is_some() && it.outcome.id == id);
        let Some(first) = first.and_then(|it| it.asked) else { return true };
        let (name, first) = (id.to_owned(), format!("outcome[{first}]"));
        self.mistake(format!("{path}.id"), MistakeKind::DuplicateName { name, first });
        false
    }

    fn dictionary(&mut self, (id, version): (&str, Option<i32>), at: usize, path: &str) {
        let Some(in_use) = dictionary::find(id) else {
            let candidates = likest(id, DICTIONARY.iter().map(|it| it.id.as_ref()));
            let kind = MistakeKind::UnknownOutcome { id: id.to_owned(), candidates };
            return self.mistake(format!("{path}.id"), kind);
        };
        let number = version.unwrap_or(in_use.version);
        let Some(outcome) = dictionary::find_version(id, number) else {
            let (id, max) = (id.to_owned(), in_use.version);
            let kind = MistakeKind::UnknownVersion { id, max, found: number };
            return self.mistake(format!("{path}.version"), kind);
        };
        if self.is_free(id, path) {
            self.add(outcome, Some(at), path);
        }
    }

    fn own(&mut self, outcome: &'a Outcome, at: usize, path: &str) {
        let id = outcome.id.as_ref();
        let taken = if dictionary::find(id).is_some() {
            Some("the dictionary")
        } else if self.variables.iter().any(|it| it.name == id) {
            Some("a variable")
        } else {
            None
        };
        if !is_name(id, u8::is_ascii_uppercase) {
            let kind = MistakeKind::BadName { name: id.to_owned(), letters: "upper-case" };
            self.mistake(format!("{path}.id"), kind);
        } else if let Some(first) = taken {
            let (name, first) = (id.to_owned(), first.to_owned());
            self.mistake(format!("{path}.id"), MistakeKind::DuplicateName { name, first });
        } else if self.is_free(id, path) {
            self.add(outcome, Some(at), path);
            self.own.push(outcome);
        }
    }

    /// Reads the outcome and, before it, whatever it needs. One that is there already is only
    /// marked as asked for.
    fn add(&mut self, outcome: &Outcome, asked: Option<usize>, path: &str) {
        if let Some(done) = self.done.iter_mut().find(|it| it.outcome.id == outcome.id) {
            done.asked = done.asked.or(asked);
            return;
        }
        let expressions = match &outcome.definition {
            Definition::Sql(sql) => self.condition(outcome, sql, &format!("{path}.sql")),
            Definition::Categories(categories) => {
                let codes = categories.iter().map(|it| it.code.as_str());
                self.mistakes.extend(check_codes(codes, &format!("{path}.categories")));
                (0..)
                    .zip(categories)
                    .flat_map(|(at, it): (usize, _)| {
                        let path = format!("{path}.categories[{at}].sql");
                        self.condition(outcome, &it.sql, &path)
                    })
                    .collect()
            }
            Definition::Any(of) => self.members(outcome, of, &format!("{path}.any")),
            Definition::All(of) => self.members(outcome, of, &format!("{path}.all")),
            Definition::Share(of) => self.members(outcome, of, &format!("{path}.share")),
            Definition::Coverage(of) => self.members(outcome, of, &format!("{path}.coverage")),
            Definition::AnyAtHome(of) | Definition::AllAtHome(of) => {
                self.members(outcome, of, &format!("{path}.at_home"))
            }
            Definition::Agreed { sql, adults } => {
                self.members(outcome, adults, &format!("{path}.adults"));
                self.condition(outcome, sql, &format!("{path}.sql"))
            }
            Definition::Course(course) => self.course(outcome, course, path),
            Definition::Monthly(_) => self.only_families(outcome, path),
        };
        self.done.push(Resolved { outcome: outcome.clone(), expressions, asked });
    }

    /// One expression over the unit's variables and yes/no outcomes; none if it is refused.
    fn condition(&mut self, outcome: &Outcome, sql: &str, path: &str) -> Vec<Expression> {
        let names = self.names(outcome.unit, &outcome.id);
        let expression = match Expression::parse(sql, &names, &Parameters::new()) {
            Ok(expression) => expression,
            Err(refusals) => {
                refused(path, refusals, &mut self.mistakes);
                return Vec::new();
            }
        };
        if expression.names().is_empty() {
            self.mistake(path.to_owned(), MistakeKind::UsesNothing);
        }
        for needed in expression.names().into_iter().filter_map(dictionary::find) {
            self.add(needed, None, path);
        }
        vec![expression]
    }

    /// The condition of a course: over variables, or over the amounts of a month.
    fn course(&mut self, outcome: &Outcome, course: &Course, path: &str) -> Vec<Expression> {
        let path = &format!("{path}.{}", course.kind.key());
        let names: Vec<Name> = match course.seen {
            Seen::Snapshots => self.variable_names(outcome.unit).collect(),
            Seen::Months => AMOUNTS.iter().map(|it| Name::new(*it, Type::Integer)).collect(),
        };
        if course.seen == Seen::Months {
            self.only_families(outcome, path);
        }
        match Expression::parse(&course.sql, &names, &Parameters::new()) {
            Ok(expression) => {
                if expression.names().is_empty() {
                    self.mistake(path.clone(), MistakeKind::UsesNothing);
                }
                vec![expression]
            }
            Err(refusals) => {
                refused(path, refusals, &mut self.mistakes);
                Vec::new()
            }
        }
    }

    fn variable_names(&self, unit: UnitKind) -> impl Iterator<Item = Name> {
        self.variables.iter().filter(move |it| it.unit == unit).map(|it| Name {
            name: it.name.clone(),
            kind: if it.codes.is_some() { Type::Text } else { Type::Integer },
            codes: it.codes.clone(),
        })
    }

    fn names(&self, unit: UnitKind, without: &str) -> Vec<Name> {
        let variables = self.variable_names(unit);
        let outcomes = DICTIONARY.iter().chain(self.own.iter().copied()).filter(|it| {
            it.unit == unit && it.id != without && it.value_kind() == ValueKind::YesNo
        });
        variables.chain(outcomes.map(|it| Name::new(it.id.as_ref(), Type::Flag))).collect()
    }

    fn members(&mut self, outcome: &Outcome, of: &str, path: &str) -> Vec<Expression> {
        let own = self.own.iter().copied().find(|it| it.id == of);
        let Some(needed) = own.or_else(|| dictionary::find(of)) else {
            let own = self.own.iter().map(|it| it.id.as_ref());
            let known = DICTIONARY.iter().map(|it| it.id.as_ref()).chain(own);
            let kind =
                MistakeKind::UnknownOutcome { id: of.to_owned(), candidates: likest(of, known) };
            self.mistake(path.to_owned(), kind);
            return Vec::new();
        };
        let (unit, kind) = (needed.unit, needed.value_kind());
        if unit == UnitKind::Family || kind != ValueKind::YesNo {
            let found = if unit == UnitKind::Family { "of families" } else { kind.label() };
            let (id, expected) = (of.to_owned(), "adults or children");
            self.mistake(path.to_owned(), MistakeKind::WrongOutcome { id, expected, found });
        }
        let needed = needed.clone();
        self.add(&needed, None, path);
        self.only_families(outcome, path)
    }

    fn only_families(&mut self, outcome: &Outcome, path: &str) -> Vec<Expression> {
        if outcome.unit != UnitKind::Family {
            self.mistake(path.to_owned(), MistakeKind::OnlyFamilies);
        }
        Vec::new()
    }
}

/// The codes of a list: names, and each once.
pub(crate) fn check_codes<'a>(codes: impl Iterator<Item = &'a str>, path: &str) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for (at, code) in codes.enumerate() {
        let path_of = |at: usize| format!("{path}[{at}].code");
        if !is_name(code, u8::is_ascii_uppercase) {
            let kind = MistakeKind::BadName { name: code.to_owned(), letters: "upper-case" };
            mistakes.push(Mistake::new(path_of(at), kind));
        } else if let Some(first) = seen.iter().position(|it| *it == code) {
            let (name, first) = (code.to_owned(), path_of(first));
            mistakes.push(Mistake::new(path_of(at), MistakeKind::DuplicateName { name, first }));
        }
        seen.push(code);
    }
    if seen.is_empty() {
        mistakes.push(Mistake::new(path, MistakeKind::Empty));
    }
    mistakes
}

/// The codes of a variable's list.
pub(crate) fn check_code_list(codes: &[Code], path: &str) -> Vec<Mistake> {
    check_codes(codes.iter().map(|it| it.code.as_ref()), path)
}
