//! Effects: what is found in each part of a family's life, with the numbers behind it (T6).

use super::{Blocks, front};
use crate::{
    document::Block,
    figures::forest,
    format::Style,
    locale::fill,
    model::{Contrast, Domain, Effect, FileKind, Measure, Pair, Population, Report, Unit},
    table::{Head, Kind, Numbering, Row, Shown, Table, capital, meta},
    wording::Words,
};

/// What is compared with what.
pub(super) fn intro(words: Words, report: &Report, _: &mut Numbering) -> Blocks {
    if report.effects.is_empty() {
        return Ok(vec![Block::paragraph(words.t.effects_none)]);
    }
    let treated = front::names_of_treated(words, report);
    let control = report.control().map_or("", |arm| arm.name.get(words.lang));
    let values = [("arm", &*words.list(&treated)), ("control_arm", control)];
    Ok(vec![Block::Paragraph(fill(words.t.effects_intro, &values))])
}

pub(super) fn work(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    domain(words, report, numbers, Domain::Work)
}

pub(super) fn economy(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    domain(words, report, numbers, Domain::Economy)
}

pub(super) fn housing(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    domain(words, report, numbers, Domain::Housing)
}

pub(super) fn children(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    domain(words, report, numbers, Domain::Children)
}

pub(super) fn other(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    domain(words, report, numbers, Domain::Other)
}

/// The effects of one domain, each unit by itself; nothing where none was analysed.
fn domain(words: Words, report: &Report, numbers: &mut Numbering, domain: Domain) -> Blocks {
    let mut blocks = Vec::new();
    for unit in Unit::ALL {
        let of_unit = |it: &&Effect| it.unit == unit && it.domain == domain;
        let effects: Vec<&Effect> = report.effects.iter().filter(of_unit).collect();
        if !effects.is_empty() {
            blocks.push(Block::Heading(capital(words.unit(unit))));
            blocks.extend(effects.iter().map(|it| finding(words, report, it)));
            blocks.extend(figures_and_tables(words, report, &effects, numbers)?);
        }
    }
    Ok(blocks)
}

/// What is said of one effect.
pub(super) fn finding(words: Words, report: &Report, effect: &Effect) -> Block {
    Block::Finding {
        name: capital(&name(words, effect)),
        badges: words.badges(effect),
        text: words.finding(effect, report),
    }
}

fn figures_and_tables(
    words: Words,
    report: &Report,
    effects: &[&Effect],
    numbers: &mut Numbering,
) -> Blocks {
    let table = main(words, report, effects, numbers.table());
    let mut blocks = Vec::new();
    for measure in [Measure::Share, Measure::Months, Measure::Kroner, Measure::Number] {
        let of_measure: Vec<&Effect> =
            effects.iter().copied().filter(|it| it.measure == measure).collect();
        if of_measure.iter().any(|it| it.estimate.is_some()) {
            let number = numbers.figure();
            let figure = forest::figure(words, report, &of_measure, number, table.number)?;
            blocks.push(Block::Figure(figure));
        }
    }
    blocks.push(Block::Table(table));
    blocks.push(Block::Table(precision(words, report, effects, numbers.table())));
    let remarks: Vec<(String, String)> =
        effects.iter().filter_map(|it| Some((name(words, it), it.note.clone()?))).collect();
    if !remarks.is_empty() {
        blocks.push(Block::paragraph(words.t.remarks));
        blocks.push(Block::Facts(remarks));
    }
    Ok(blocks)
}

/// `Selvstendig bolig etter 12 måneder`
pub(crate) fn name(words: Words, effect: &Effect) -> String {
    format!("{} {}", effect.label.get(words.lang), words.horizon(&effect.horizon))
}

/// The source, what is compared where that is not the arm with the control, and the arm where there
/// is a choice of arms.
pub(crate) fn origin(words: Words, report: &Report, effect: &Effect) -> String {
    let r = &words.t.results;
    let contrast = match effect.contrast {
        Contrast::InitialOffer => None,
        Contrast::EverOffer => Some(r.ever_offer),
        Contrast::Model => Some(r.model),
        Contrast::FollowUp => Some(r.follow_up),
        Contrast::ModelByFollowUp => Some(r.model_by_follow_up),
        Contrast::SpillOver => Some(r.spill_over),
    };
    let population = match effect.population {
        Population::Drawn => None,
        Population::Consented => Some(r.consented),
        Population::Started => Some(r.started),
    };
    let arm = match report.arm(&effect.arm) {
        Some(arm) if report.arms.len() > 2 => Some(arm.name.get(words.lang).to_owned()),
        _ => None,
    };
    let source = words.source(&effect.source, effect.register.as_deref());
    let parts = [contrast, population].into_iter().flatten().map(str::to_owned);
    arm.into_iter().chain(parts).chain([source]).collect::<Vec<_>>().join(" · ")
}

/// `forskjell i gjennomsnitt (HC2)`
pub(crate) fn method(words: Words, effect: &Effect) -> String {
    let estimator = words.t.code(&effect.estimator);
    match &effect.se_type {
        Some(se_type) => format!("{estimator} ({})", words.t.code(se_type)),
        None => estimator.to_owned(),
    }
}

/// The heads of an interval in two columns, above and below.
pub(crate) fn interval_head(words: Words, report: &Report) -> (Head, [Head; 2]) {
    let level = words.f.level(1.0 - report.alpha);
    let above = Head { columns: 2, ..Head::new(fill(words.t.col_interval, &[("level", &level)])) };
    (above, [words.t.results.from, words.t.results.to].map(Head::new))
}

/// An interval's ends, each in a cell of its own.
pub(crate) fn ends(words: Words, measure: Measure, interval: Option<(f64, f64)>) -> [Shown; 2] {
    let (low, high) = interval.unzip();
    [low, high].map(|end| Shown::value(words, measure, end))
}

/// T6: means, difference and tests of each effect.
fn main(words: Words, report: &Report, effects: &[&Effect], number: u32) -> Table {
    let t = words.t;
    let unit = effects.first().map_or(Unit::Family, |it| it.unit);
    let control = report.control().map_or("", |arm| arm.name.get(words.lang));
    let treated = match report.arms.as_slice() {
        [arm, _] => arm.name.get(words.lang),
        _ => t.drawn,
    };
    let (interval, ends) = interval_head(words, report);
    let tall = |text: &str| Head { rows: 2, ..Head::new(text) };
    let head = vec![
        tall(t.col_outcome),
        tall(treated),
        tall(&format!("{control} ({})", t.control)),
        tall(t.col_difference),
        tall(t.col_se),
        interval,
        tall(t.col_p),
        tall(t.results.p_adjusted),
        tall(t.col_p_rand),
    ];
    Table {
        number,
        caption: fill(t.results.t6, &[("units", words.unit(unit))]),
        meta: meta(words, report, unit, None, FileKind::Estimates),
        head: vec![head, ends.into()],
        rows: effects.iter().map(|effect| main_row(words, report, effect)).collect(),
        notes: vec![t.symbols.to_owned()],
    }
}

fn main_row(words: Words, report: &Report, effect: &Effect) -> Row {
    let mut cells = vec![
        mean(words, effect, |it| it.treated, |it| it.treated),
        mean(words, effect, |it| it.control, |it| it.control),
        difference(words, effect),
        std_error(words, effect),
    ];
    cells.extend(ends(words, effect.measure, effect.interval));
    cells.extend([
        Shown::number(words, effect.p_value, Style::PValue),
        adjusted(words, effect),
        Shown::number(words, effect.p_randomization, Style::PValue),
    ]);
    Row {
        minor: Some(format!("{} · {}", origin(words, report, effect), method(words, effect))),
        badges: words.badges(effect),
        ..Row::new(Kind::Plain, name(words, effect), cells)
    }
}

/// The first adjusted p-value with its method, the others under it.
fn adjusted(words: Words, effect: &Effect) -> Shown {
    let first = effect.p_adjusted.first();
    let shown = Shown::number(words, first.map(|it| it.1), Style::PValue);
    let Some((name, _)) = first else { return shown };
    let rest = effect.p_adjusted.iter().skip(1);
    let rest = rest.map(|(name, p)| format!("{} {}", words.t.code(name), words.f.p_value(*p)));
    let names: Vec<String> = [words.t.code(name).to_owned()].into_iter().chain(rest).collect();
    shown.with_minor(names.join("; "))
}

/// T6, continued: how many the effects rest on, and what the design could detect.
fn precision(words: Words, report: &Report, effects: &[&Effect], number: u32) -> Table {
    let (t, r) = (words.t, &words.t.results);
    let unit = effects.first().map_or(Unit::Family, |it| it.unit);
    let control = report.control().map_or("", |arm| arm.name.get(words.lang));
    let treated = match report.arms.as_slice() {
        [arm, _] => arm.name.get(words.lang),
        _ => t.drawn,
    };
    let tall = |text: &str| Head { rows: 2, ..Head::new(text) };
    let wide = |text: &str| Head { columns: 2, ..Head::new(text) };
    let head = vec![
        tall(t.col_outcome),
        wide(r.drawn),
        wide(r.analysed),
        tall(r.families),
        tall(r.offices),
        tall(r.icc),
        tall(r.mde),
    ];
    let arms = [treated, control, treated, control].map(Head::new).into();
    let mut notes = vec![t.symbols.to_owned()];
    if effects.iter().any(|it| it.icc.is_some()) {
        notes.push(r.icc_note.to_owned());
    }
    if effects.iter().any(|it| it.mde.is_some()) {
        let alpha = words.f.level(report.alpha);
        notes.push(fill(r.mde_note, &[("power", &POWER.to_string()), ("alpha", &alpha)]));
    }
    Table {
        number,
        caption: fill(r.t6_precision, &[("units", words.unit(unit))]),
        meta: meta(words, report, unit, None, FileKind::Estimates),
        head: vec![head, arms],
        rows: effects.iter().map(|effect| precision_row(words, report, effect)).collect(),
        notes,
    }
}

/// Of a hundred trials, those in which the minimum detectable effect is detected.
const POWER: u32 = 80;

fn precision_row(words: Words, report: &Report, effect: &Effect) -> Row {
    let count = |n: Option<u64>| match n {
        Some(n) => Shown::cell(words, crate::model::Cell::Count(n)),
        None => Shown::text(".."),
    };
    let mde = Shown::value(words, effect.measure, effect.mde);
    let mde = match (effect.mde, effect.measure) {
        (None, _) | (_, Measure::Number) => mde,
        (Some(_), measure) => mde.with_minor(words.measure(measure)),
    };
    let mut icc = Shown::number(words, effect.icc, Style::Decimals(2));
    if let Some((low, high)) = effect.icc_interval {
        let (low, high) = (words.f.decimal(low, 2), words.f.decimal(high, 2));
        icc = icc.with_minor(fill(words.t.range, &[("low", &low), ("high", &high)]));
    }
    let cells = vec![
        count(effect.drawn.map(|it| it.treated)),
        count(effect.drawn.map(|it| it.control)),
        count(Some(effect.n.treated)),
        count(Some(effect.n.control)),
        count(effect.families),
        count(effect.offices),
        icc,
        mde,
    ];
    Row {
        minor: Some(origin(words, report, effect)),
        badges: words.badges(effect),
        ..Row::new(Kind::Plain, name(words, effect), cells)
    }
}

fn mean(
    words: Words,
    effect: &Effect,
    mean: fn(Pair<f64>) -> f64,
    count: fn(Pair<u64>) -> u64,
) -> Shown {
    let n = words.f.count(count(effect.n));
    let style = match effect.measure {
        Measure::Share => Style::Percent(1),
        measure => Style::of(measure),
    };
    let shown = Shown::number(words, effect.means.map(mean), style);
    match effect.events.map(count) {
        Some(events) => {
            let values = [("n", &*words.f.count(events)), ("drawn", &*n)];
            shown.with_minor(fill(words.t.n_of, &values))
        }
        None => shown.with_minor(format!("n = {n}")),
    }
}

/// The difference with its unit under it.
pub(super) fn difference(words: Words, effect: &Effect) -> Shown {
    let shown = Shown::value(words, effect.measure, effect.estimate);
    match effect.measure {
        Measure::Number => shown,
        measure => shown.with_minor(words.measure(measure)),
    }
}

/// The standard error, with its degrees of freedom under it.
pub(super) fn std_error(words: Words, effect: &Effect) -> Shown {
    let shown = Shown::value(words, effect.measure, effect.std_error);
    match effect.df {
        Some(df) => shown.with_minor(fill(words.t.df, &[("x", &words.f.decimal(df, 1))])),
        None => shown,
    }
}
