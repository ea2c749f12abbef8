//! The codes that columns hold, with what they are called: from the program's lists and the protocol.

use std::collections::{BTreeMap, BTreeSet};

use lodd_panel::{
    codes::{self, Kind, UnitKind},
    outcomes::Definition,
    panel::{MISSING_REASONS, PICK_RULES},
};
use lodd_store::schema::List;

use super::code_words::{
    AGAINST, ANSWERS, END_REASONS, FLAGS, LEVELS, ORIGINS, REASONS, STAGES, STATUSES, TABLES, Words,
};
use crate::{protocol::Protocol, text::Text};

/// A code and what it is called. Its number in Stata is its place in its list, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::steps) struct Code {
    pub(in crate::steps) code: String,
    pub(in crate::steps) label: Text,
}

impl Code {
    fn new(code: impl Into<String>, label: Text) -> Self {
        Self { code: code.into(), label }
    }
}

/// Every list, by name.
#[derive(Clone, Debug)]
pub(in crate::steps) struct Lists {
    named: BTreeMap<&'static str, Vec<Code>>,
    /// The values of each variable and each outcome that is a category, under its name.
    values: Vec<(String, Vec<Code>)>,
}

impl Lists {
    /// The lists of a pilot.
    pub(in crate::steps) fn new(protocol: &Protocol) -> Self {
        let of_program = [
            (List::UnitKind, units()),
            (List::Source, stored(codes::SOURCES)),
            (List::Rule, rules()),
            (List::MissingReason, missing()),
            (List::Flag, worded(FLAGS)),
            (List::Origin, worded(ORIGINS)),
            (List::Answer, worded(ANSWERS)),
            (List::EndReason, worded(END_REASONS)),
            (List::Level, worded(LEVELS)),
            (List::Stage, worded(STAGES)),
            (List::Status, worded(STATUSES)),
            (List::Table, worded(TABLES)),
            (List::Against, worded(AGAINST)),
        ];
        let of_pilot = [
            (List::Reason, reasons(protocol)),
            (List::Arm, arms(protocol)),
            (List::Office, offices(protocol)),
            (List::Variable, variables(protocol)),
            (List::Outcome, outcomes(protocol)),
        ];
        let all = of_program.into_iter().chain(of_pilot);
        let named = all.filter_map(|(list, codes)| Some((list.name()?, once(codes)))).collect();
        Self { named, values: values(protocol) }
    }

    /// The codes of a list; none of [`List::Open`].
    pub(in crate::steps) fn of(&self, list: List) -> &[Code] {
        list.name().and_then(|it| self.named.get(it)).map_or(&[], Vec::as_slice)
    }

    /// Adds codes that a column holds and its list does not have, under their own name, so that every
    /// code of every file stands in its list.
    pub(super) fn add(&mut self, list: List, found: &BTreeSet<&str>) {
        let Some(codes) = list.name().and_then(|it| self.named.get_mut(it)) else { return };
        for code in found {
            if !codes.iter().any(|it| it.code == *code) {
                codes.push(Code::new(*code, Text::same(*code)));
            }
        }
    }

    /// Every list with its name: first those of columns, then `values.NAME` of variables and outcomes.
    pub(super) fn all(&self) -> impl Iterator<Item = (String, &[Code])> {
        let named = self.named.iter().map(|(name, codes)| ((*name).to_owned(), codes.as_slice()));
        let values = self.values.iter();
        named.chain(values.map(|(name, codes)| (format!("values.{name}"), codes.as_slice())))
    }
}

/// Each code once, under the first of its labels.
fn once(codes: Vec<Code>) -> Vec<Code> {
    let mut seen = BTreeSet::new();
    codes.into_iter().filter(|it| seen.insert(it.code.clone())).collect()
}

fn worded(rows: Words) -> Vec<Code> {
    let code =
        |(code, [nb, nn, en]): &(&str, [&str; 3])| Code::new(*code, Text::new(*nb, *en).nn(*nn));
    rows.iter().map(code).collect()
}

fn stored(rows: &[codes::Code]) -> Vec<Code> {
    let code = |it: &codes::Code| {
        let label = Text::new(it.nb.as_ref(), it.en.as_ref()).nn(it.nn.as_ref());
        Code::new(it.code.as_ref(), label)
    };
    rows.iter().map(code).collect()
}

fn units() -> Vec<Code> {
    let label = |unit| match unit {
        UnitKind::Family => Text::new("Familie", "Family"),
        UnitKind::Adult => Text::new("Voksen", "Adult").nn("Vaksen"),
        UnitKind::Child => Text::new("Barn", "Child"),
    };
    let office = Code::new("KONTOR", Text::new("Kontor", "Office"));
    UnitKind::ALL.into_iter().map(|it| Code::new(it.code(), label(it))).chain([office]).collect()
}

fn rules() -> Vec<Code> {
    let label = |name: &str| match name {
        "primary" => Text::new("Hovedregelen", "The primary rule").nn("Hovudregelen"),
        "locf90" => {
            Text::new("Siste innen 90 dager før vinduet", "Last within 90 days before the window")
                .nn("Siste innan 90 dagar før vindauget")
        }
        "nearest_any" => {
            Text::new("Nærmeste, også ekstra kontakter", "Nearest, extra contacts too")
                .nn("Næraste, også ekstra kontaktar")
        }
        other => Text::same(other),
    };
    PICK_RULES.iter().map(|it| Code::new(it.name, label(it.name))).collect()
}

fn missing() -> Vec<Code> {
    MISSING_REASONS.iter().map(|it| Code::new(it.code, Text::new(it.nb, it.en))).collect()
}

/// Why units left the flow: missing values, strikes, kinds of consent, and the rules of eligibility.
fn reasons(protocol: &Protocol) -> Vec<Code> {
    let rule = |it: &crate::protocol::Reason| {
        Code::new(it.rule.as_str(), Text::new(it.nb.as_str(), it.en.as_str()).nn(it.nn.as_str()))
    };
    let mut all: Vec<Code> = missing();
    all.extend(worded(REASONS));
    all.extend(protocol.reasons.iter().map(rule));
    all
}

fn arms(protocol: &Protocol) -> Vec<Code> {
    let first = protocol.draw.offices.as_deref().map_or(&[][..], |it| it.arms.as_slice());
    let arm = |it: &crate::protocol::Arm| Code::new(it.label.as_str(), it.name.clone());
    first.iter().chain(&protocol.draw.arms).map(arm).collect()
}

fn offices(protocol: &Protocol) -> Vec<Code> {
    let code =
        |it: &crate::protocol::Office| Code::new(it.id.as_str(), Text::same(it.name.as_str()));
    protocol.offices.iter().map(code).collect()
}

fn outcomes(protocol: &Protocol) -> Vec<Code> {
    let code = |it: &lodd_panel::outcomes::Outcome| {
        let label = Text::new(it.label_nb.as_ref(), it.label_en.as_ref());
        Code::new(it.id.as_ref(), label.nn(it.label_nn.as_ref()))
    };
    protocol.outcomes().map(code).collect()
}

/// A variable's own label, or that of one of its options.
fn label(variable: &codes::Variable, option: Option<&codes::Code>) -> Text {
    let (nb, nn, en) = (&variable.label_nb, &variable.label_nn, &variable.label_en);
    match option {
        None => Text::new(nb.as_ref(), en.as_ref()).nn(nn.as_ref()),
        Some(of) => Text::new(format!("{nb}: {}", of.nb), format!("{en}: {}", of.en))
            .nn(format!("{nn}: {}", of.nn)),
    }
}

fn variables(protocol: &Protocol) -> Vec<Code> {
    let names = |it: &codes::Variable| match &it.kind {
        Kind::Several(options) => options
            .iter()
            .map(|of| Code::new(format!("{}_{}", it.name, of.code), label(it, Some(of))))
            .collect(),
        _ => vec![Code::new(it.name.as_ref(), label(it, None))],
    };
    protocol.variables().flat_map(names).collect()
}

fn values(protocol: &Protocol) -> Vec<(String, Vec<Code>)> {
    let of_variable = |it: &codes::Variable| match &it.kind {
        Kind::Code(list) => vec![(it.name.to_string(), stored(list))],
        Kind::YesNo => vec![(it.name.to_string(), stored(codes::YES_NO))],
        Kind::Integer { .. } => Vec::new(),
        Kind::Several(options) => options
            .iter()
            .map(|of| (format!("{}_{}", it.name, of.code), stored(codes::YES_NO)))
            .collect(),
    };
    let of_outcome = |it: &lodd_panel::outcomes::Outcome| match &it.definition {
        Definition::Categories(list) => {
            let code = |of: &lodd_panel::outcomes::Category| {
                Code::new(of.code.as_str(), Text::new(of.nb.as_str(), of.en.as_str()))
            };
            Some((it.id.to_string(), list.iter().map(code).collect()))
        }
        _ => None,
    };
    protocol
        .variables()
        .flat_map(of_variable)
        .chain(protocol.outcomes().filter_map(of_outcome))
        .collect()
}
