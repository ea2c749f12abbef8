//! The page: the report's sections filled into one template.

use askama::Template;

use crate::{
    locale::{Locale, fill},
    model::{Report, Text},
    sections::{
        draw::{self, DrawView},
        effects::{self, EffectGroup},
        flow::{self, FlowSection},
        method::{self, FileView},
        status::{self, StatusGroup},
    },
    table::{Numbering, capital},
    wording::Words,
};

/// Everything the template shows. Askama escapes every value.
#[derive(Debug, Template)]
#[template(path = "page.html")]
pub(crate) struct Page<'a> {
    words: Words,
    t: &'static Locale,
    report: &'a Report,
    title: &'a str,
    stamps: Vec<&'static str>,
    cover: Vec<(&'static str, String)>,
    contents: Vec<(&'static str, &'static str)>,
    summary: Vec<String>,
    findings: Vec<Finding>,
    flow: FlowSection,
    draws: Vec<DrawView>,
    status: Vec<StatusGroup>,
    effects_intro: String,
    effects: Vec<EffectGroup>,
    method: Vec<String>,
    notes: Vec<&'a Text>,
    legal: Vec<(&'static str, String)>,
    files: Vec<FileView>,
}

/// A main finding: what it is about, its stamps, and what is said.
#[derive(Debug)]
struct Finding {
    name: String,
    badges: Vec<&'static str>,
    sentences: String,
}

impl<'a> Page<'a> {
    pub(crate) fn new(words: Words, report: &'a Report) -> Self {
        let mut numbers = Numbering::default();
        let t = words.t;
        Self {
            words,
            t,
            report,
            title: report.title.get(words.lang),
            stamps: stamps(t, report),
            cover: cover(words, report),
            contents: contents(t),
            summary: summary(words, report),
            findings: findings(words, report),
            flow: flow::section(words, report, &mut numbers),
            draws: draw::views(words, report, &mut numbers),
            status: status::groups(words, report, &mut numbers),
            effects_intro: effects_intro(words, report),
            effects: effects::groups(words, report, &mut numbers),
            method: method::paragraphs(words, report),
            notes: report.notes.iter().collect(),
            legal: method::legal(words, &report.legal),
            files: method::files(words, report),
        }
    }
}

/// What every page must say. All output of this version is internal: nothing is suppressed in it.
fn stamps(t: &'static Locale, report: &Report) -> Vec<&'static str> {
    let stamps = [
        (true, t.stamp_intern),
        (report.is_rehearsal(), t.stamp_rehearsal),
        (report.is_imported(), t.stamp_imported),
        (report.is_interim(), t.stamp_interim),
    ];
    stamps.into_iter().filter(|(is_true, _)| *is_true).map(|(_, stamp)| stamp).collect()
}

/// The facts on the cover.
fn cover(words: Words, report: &Report) -> Vec<(&'static str, String)> {
    let t = words.t;
    let dates = report.draws.iter().map(|draw| words.f.date(&draw.drawn_on));
    let plan = report.plan.as_ref().map_or_else(
        || t.plan_none.to_owned(),
        |plan| format!("{} ({}…)", words.f.instant(&plan.locked_at), short(&plan.sha256)),
    );
    let facts = [
        (t.pilot, report.pilot.clone()),
        (t.offices, report.offices.join(", ")),
        (t.drawn_on, dates.collect::<Vec<_>>().join(", ")),
        (t.cut, words.f.instant(&report.cut)),
        (t.plan, plan),
        (t.runs, words.f.count(report.runs)),
        (t.program, report.program.clone()),
    ];
    facts.into_iter().filter(|(_, fact)| !fact.is_empty()).collect()
}

/// The start of a hash, enough to recognise it; the whole stands under method.
fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}

/// Anchor and title of each section, in order.
fn contents(t: &'static Locale) -> Vec<(&'static str, &'static str)> {
    vec![
        ("flow", t.s_flow),
        ("draw", t.s_draw),
        ("status", t.s_status),
        ("effects", t.s_effects),
        ("method", t.s_method),
        ("legal", t.s_legal),
        ("files", t.s_files),
    ]
}

/// Who was assessed and drawn.
fn summary(words: Words, report: &Report) -> Vec<String> {
    let assessed = report.eligibility.as_ref().map(|it| {
        let units = words.units(it.unit, it.assessed);
        let eligible = words.f.count(it.eligible);
        fill(words.t.sum_assessed, &[("units", &units), ("eligible", &eligible)])
    });
    assessed.into_iter().chain(report.draws.iter().map(|draw| words.drawn(draw, report))).collect()
}

/// The plan's main findings, in its order.
fn findings(words: Words, report: &Report) -> Vec<Finding> {
    let headlines = report.effects.iter().filter(|effect| effect.headline);
    let finding = |effect| Finding {
        name: capital(&effects::name(words, effect)),
        badges: words.badges(effect),
        sentences: words.finding(effect, report),
    };
    headlines.map(finding).collect()
}

fn effects_intro(words: Words, report: &Report) -> String {
    let treated: Vec<String> = report
        .arms
        .split_last()
        .map_or(&[][..], |(_, treated)| treated)
        .iter()
        .map(|arm| arm.name.get(words.lang).to_owned())
        .collect();
    let control = report.control().map_or("", |arm| arm.name.get(words.lang));
    let values = [("arm", &*words.list(&treated)), ("control_arm", control)];
    fill(words.t.effects_intro, &values)
}
