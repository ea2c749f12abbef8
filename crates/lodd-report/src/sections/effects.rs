//! Effects with intervals: one table a unit, one figure a unit and measure.

use crate::{
    figures::forest::{self, Forest},
    locale::fill,
    model::{Effect, FileKind, Measure, Pair, Report, Unit},
    table::{Head, Kind, Numbering, Row, Shown, Table, capital, meta},
    wording::Words,
};

/// The effects of one unit.
#[derive(Debug)]
pub(crate) struct EffectGroup {
    pub(crate) title: String,
    pub(crate) figures: Vec<Forest>,
    pub(crate) table: Table,
    /// The estimators' remarks: the effect's name, and what was remarked.
    pub(crate) remarks: Vec<(String, String)>,
}

pub(crate) fn groups(words: Words, report: &Report, numbers: &mut Numbering) -> Vec<EffectGroup> {
    Unit::ALL.into_iter().filter_map(|unit| group(words, report, unit, numbers)).collect()
}

fn group(
    words: Words,
    report: &Report,
    unit: Unit,
    numbers: &mut Numbering,
) -> Option<EffectGroup> {
    let effects: Vec<&Effect> = report.effects.iter().filter(|it| it.unit == unit).collect();
    if effects.is_empty() {
        return None;
    }
    let table = table(words, report, unit, &effects, numbers.table());
    let measures = [Measure::Share, Measure::Months, Measure::Kroner, Measure::Number];
    let figures = measures.into_iter().filter_map(|measure| {
        let of_measure: Vec<&Effect> =
            effects.iter().copied().filter(|it| it.measure == measure).collect();
        let is_shown = of_measure.iter().any(|it| it.estimate.is_some());
        is_shown.then(|| forest::figure(words, report, &of_measure, numbers.figure(), table.number))
    });
    let remarks = effects.iter().filter_map(|it| Some((name(words, it), it.note.clone()?)));
    Some(EffectGroup {
        title: capital(words.unit(unit)),
        figures: figures.collect(),
        remarks: remarks.collect(),
        table,
    })
}

/// `Selvstendig bolig etter 12 måneder`
pub(crate) fn name(words: Words, effect: &Effect) -> String {
    format!("{} {}", effect.label.get(words.lang), words.horizon(&effect.horizon))
}

/// The source, and the arm where there is a choice of arms.
pub(crate) fn origin(words: Words, report: &Report, effect: &Effect) -> String {
    let source = words.source(&effect.source, effect.register.as_deref());
    match report.arm(&effect.arm) {
        Some(arm) if report.arms.len() > 2 => format!("{} · {source}", arm.name.get(words.lang)),
        _ => source,
    }
}

fn table(words: Words, report: &Report, unit: Unit, effects: &[&Effect], number: u32) -> Table {
    let t = words.t;
    let control = report.control().map_or("", |arm| arm.name.get(words.lang));
    let treated = match report.arms.as_slice() {
        [arm, _] => arm.name.get(words.lang),
        _ => t.drawn,
    };
    let level = words.f.level(1.0 - report.alpha);
    let head = [
        t.col_outcome.to_owned(),
        treated.to_owned(),
        format!("{control} ({})", t.control),
        t.col_difference.to_owned(),
        t.col_se.to_owned(),
        fill(t.col_interval, &[("level", &level)]),
        t.col_p.to_owned(),
        t.col_p_rand.to_owned(),
        t.col_n.to_owned(),
    ];
    Table {
        number,
        caption: fill(t.effects_table, &[("units", words.unit(unit))]),
        meta: meta(words, report, unit, None, FileKind::Estimates),
        head: vec![head.map(Head::new).into()],
        rows: effects.iter().map(|effect| row(words, report, effect)).collect(),
        notes: vec![t.symbols.to_owned()],
    }
}

fn row(words: Words, report: &Report, effect: &Effect) -> Row {
    let cells = vec![
        mean(words, effect, |it| it.treated, |it| it.treated),
        mean(words, effect, |it| it.control, |it| it.control),
        difference(words, effect),
        std_error(words, effect),
        interval(words, effect),
        Shown::number(effect.p_value, |p| words.f.p_value(p)),
        Shown::number(effect.p_randomization, |p| words.f.p_value(p)),
        analysed(words, effect.n, effect.drawn),
    ];
    Row {
        minor: Some(format!("{} · {}", origin(words, report, effect), method(words, effect))),
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
    let write = |x: f64| match effect.measure {
        Measure::Share => fill(words.t.of_observed, &[("x", &words.f.percent(x))]),
        measure => words.f.value(measure, x),
    };
    let shown = Shown::number(effect.means.map(mean), write);
    match effect.events.map(count) {
        Some(events) => {
            let values = [("n", &*words.f.count(events)), ("drawn", &*n)];
            shown.with_minor(fill(words.t.n_of, &values))
        }
        None => shown.with_minor(format!("n = {n}")),
    }
}

/// The difference with its unit under it.
fn difference(words: Words, effect: &Effect) -> Shown {
    let shown = Shown::number(effect.estimate, |x| words.f.value(effect.measure, x));
    match effect.measure {
        Measure::Number => shown,
        measure => shown.with_minor(words.measure(measure)),
    }
}

fn interval(words: Words, effect: &Effect) -> Shown {
    let Some((low, high)) = effect.interval else { return Shown::text("..") };
    let value = |x: f64| words.f.value(effect.measure, x);
    Shown {
        text: fill(words.t.range, &[("low", &value(low)), ("high", &value(high))]),
        exact: None,
        minor: None,
    }
}

fn analysed(words: Words, n: Pair<u64>, drawn: Option<Pair<u64>>) -> Shown {
    let n = words.f.count(n.treated + n.control);
    match drawn {
        Some(drawn) => {
            let drawn = words.f.count(drawn.treated + drawn.control);
            Shown::text(fill(words.t.n_of, &[("n", &n), ("drawn", &drawn)]))
        }
        None => Shown::text(n),
    }
}

/// The standard error, with its degrees of freedom under it.
fn std_error(words: Words, effect: &Effect) -> Shown {
    let shown = Shown::number(effect.std_error, |x| words.f.value(effect.measure, x));
    match effect.df {
        Some(df) => shown.with_minor(fill(words.t.df, &[("x", &words.f.decimal(df, 1))])),
        None => shown,
    }
}

/// `forskjell i gjennomsnitt (HC2)`
pub(crate) fn method(words: Words, effect: &Effect) -> String {
    let estimator = words.t.code(&effect.estimator);
    match &effect.se_type {
        Some(se_type) => format!("{estimator} ({})", words.t.code(se_type)),
        None => estimator.to_owned(),
    }
}
