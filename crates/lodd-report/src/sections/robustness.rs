//! Effects of taking part (T7), in subgroups (T8), and by other methods (T9).

use super::{
    Blocks,
    effects::{difference, ends, interval_head, method, name, origin, std_error},
};
use crate::{
    document::Block,
    format::Style,
    locale::fill,
    model::{Cell, Effect, FileKind, Part, Received, Report, Robustness, Subgroups, Unit},
    table::{Head, Kind, Numbering, Row, Shown, Table, capital, meta},
    wording::Words,
};

/// T7: one table a unit.
pub(super) fn taking_part(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    let tables = of_each_unit(
        &report.received,
        |it| &it.effect,
        |unit, rows| received(words, report, (unit, &rows), numbers.table()),
    );
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    let intro = Block::paragraph(words.t.results.t7_intro);
    Ok([intro].into_iter().chain(tables.into_iter().map(Block::Table)).collect())
}

/// T8 and T9.
pub(super) fn blocks(words: Words, report: &Report, numbers: &mut Numbering) -> Blocks {
    let r = &words.t.results;
    let mut blocks = vec![Block::heading(r.subgroups)];
    let groups = of_each_unit(
        &report.subgroups,
        |it| &it.effect,
        |unit, rows| subgroups(words, report, (unit, &rows), numbers.table()),
    );
    blocks.push(Block::paragraph(if groups.is_empty() { r.no_subgroups } else { r.t8_intro }));
    blocks.extend(groups.into_iter().map(Block::Table));
    blocks.push(Block::heading(r.robustness));
    let others = of_each_unit(
        &report.robustness,
        |it| &it.effect,
        |unit, rows| robustness(words, report, (unit, &rows), numbers.table()),
    );
    blocks.push(Block::paragraph(if others.is_empty() { r.no_robustness } else { r.t9_intro }));
    blocks.extend(others.into_iter().map(Block::Table));
    Ok(blocks)
}

/// One table for each unit that there are rows of.
fn of_each_unit<'r, T>(
    rows: &'r [T],
    effect: impl Fn(&T) -> &Effect,
    mut table: impl FnMut(Unit, Vec<&'r T>) -> Table,
) -> Vec<Table> {
    let mut tables = Vec::new();
    for unit in Unit::ALL {
        let of_unit: Vec<&T> = rows.iter().filter(|it| effect(it).unit == unit).collect();
        if !of_unit.is_empty() {
            tables.push(table(unit, of_unit));
        }
    }
    tables
}

/// Two rows of heads: the interval's ends under its name, all others tall.
fn head(words: Words, report: &Report, before: &[&str], after: &[&str]) -> Vec<Vec<Head>> {
    let (interval, ends) = interval_head(words, report);
    let tall = |text: &&str| Head { rows: 2, ..Head::new(*text) };
    let above = before.iter().map(tall).chain([interval]).chain(after.iter().map(tall));
    vec![above.collect(), ends.into()]
}

fn received(
    words: Words,
    report: &Report,
    (unit, rows): (Unit, &[&Received]),
    number: u32,
) -> Table {
    let (t, r) = (words.t, &words.t.results);
    let level = words.f.level(1.0 - report.alpha);
    let robust = fill(r.robust_interval, &[("level", &level)]);
    let row = |it: &&Received| {
        let effect = &it.effect;
        let mut cells = vec![difference(words, effect), std_error(words, effect)];
        cells.extend(ends(words, effect.measure, effect.interval));
        let [low, high] = ends(words, effect.measure, it.robust_interval);
        cells.extend([
            Shown::number(words, effect.p_value, Style::PValue),
            Shown::value(words, effect.measure, it.itt),
            Shown::number(words, it.first_stage, Style::Decimals(2)),
            Shown::number(words, it.first_stage_f, Style::Decimals(1)),
            low,
            high,
        ]);
        Row {
            minor: Some(origin(words, report, effect)),
            badges: words.badges(effect),
            ..Row::new(Kind::Plain, name(words, effect), cells)
        }
    };
    let mut head = head(
        words,
        report,
        &[t.col_outcome, t.col_difference, t.col_se],
        &[t.col_p, r.itt, r.first_stage, r.f],
    );
    if let [above, below] = head.as_mut_slice() {
        above.push(Head { columns: 2, ..Head::new(robust) });
        below.extend([r.from, r.to].map(Head::new));
    }
    Table {
        number,
        caption: fill(r.t7, &[("units", words.unit(unit))]),
        meta: meta(words, report, unit, None, FileKind::Estimates),
        head,
        rows: rows.iter().map(row).collect(),
        notes: vec![t.symbols.to_owned()],
    }
}

fn subgroups(
    words: Words,
    report: &Report,
    (unit, analyses): (Unit, &[&Subgroups]),
    number: u32,
) -> Table {
    let (t, r) = (words.t, &words.t.results);
    let mut rows = Vec::new();
    for it in analyses {
        let effect = &it.effect;
        let all = Part {
            label: crate::model::Text::default(),
            estimate: effect.estimate,
            std_error: effect.std_error,
            interval: effect.interval,
            p_value: effect.p_value,
        };
        rows.push(Row {
            minor: Some(format!("{} · {}", origin(words, report, effect), method(words, effect))),
            badges: words.badges(effect),
            ..part_row(words, effect, &all, (Kind::Base, name(words, effect)))
        });
        rows.extend(it.groups.iter().map(|part| {
            let label = capital(part.label.get(words.lang));
            part_row(words, effect, part, (Kind::Part, label))
        }));
        rows.extend(it.differences.iter().map(|part| {
            let label = fill(r.interaction, &[("label", part.label.get(words.lang))]);
            part_row(words, effect, part, (Kind::Plain, label))
        }));
    }
    Table {
        number,
        caption: fill(r.t8, &[("units", words.unit(unit))]),
        meta: meta(words, report, unit, None, FileKind::Estimates),
        head: head(words, report, &[t.col_outcome, t.col_difference, t.col_se], &[t.col_p]),
        rows,
        notes: vec![t.symbols.to_owned()],
    }
}

fn part_row(words: Words, effect: &Effect, part: &Part, (kind, label): (Kind, String)) -> Row {
    let mut cells = vec![
        Shown::value(words, effect.measure, part.estimate),
        Shown::value(words, effect.measure, part.std_error),
    ];
    cells.extend(ends(words, effect.measure, part.interval));
    cells.push(Shown::number(words, part.p_value, Style::PValue));
    Row::new(kind, label, cells)
}

fn robustness(
    words: Words,
    report: &Report,
    (unit, others): (Unit, &[&Robustness]),
    number: u32,
) -> Table {
    let (t, r) = (words.t, &words.t.results);
    let same = |one: &Effect, other: &Effect| {
        name(words, one) == name(words, other)
            && origin(words, report, one) == origin(words, report, other)
    };
    let mut rows: Vec<Row> = Vec::new();
    let mains = report.effects.iter().filter(|it| it.unit == unit);
    for main in mains {
        let mut of_main = others.iter().filter(|it| same(&it.effect, main)).peekable();
        if of_main.peek().is_none() {
            continue;
        }
        rows.push(Row {
            minor: Some(format!("{} · {}", origin(words, report, main), method(words, main))),
            badges: words.badges(main),
            ..robust_row(words, main, None, (Kind::Base, name(words, main)))
        });
        rows.extend(of_main.map(|it| Row {
            badges: words.badges(&it.effect),
            ..robust_row(
                words,
                &it.effect,
                it.bounds,
                (Kind::Part, capital(&method(words, &it.effect))),
            )
        }));
    }
    let mut head = head(
        words,
        report,
        &[t.col_outcome, t.col_difference, t.col_se],
        &[t.col_p, t.col_p_rand, r.n],
    );
    if let [above, below] = head.as_mut_slice() {
        above.push(Head { columns: 2, ..Head::new(r.col_bounds) });
        below.extend([r.from, r.to].map(Head::new));
    }
    Table {
        number,
        caption: fill(r.t9, &[("units", words.unit(unit))]),
        meta: meta(words, report, unit, None, FileKind::Estimates),
        head,
        rows,
        notes: vec![t.symbols.to_owned()],
    }
}

fn robust_row(
    words: Words,
    effect: &Effect,
    bounds: Option<(f64, f64)>,
    (kind, label): (Kind, String),
) -> Row {
    let none = || Shown::cell(words, Cell::Impossible);
    // Bounds are no estimate: what they do not have can't occur.
    let mut cells = if bounds.is_some() {
        vec![none(), none(), none(), none(), none(), none()]
    } else {
        let [low, high] = ends(words, effect.measure, effect.interval);
        vec![
            Shown::value(words, effect.measure, effect.estimate),
            Shown::value(words, effect.measure, effect.std_error),
            low,
            high,
            Shown::number(words, effect.p_value, Style::PValue),
            Shown::number(words, effect.p_randomization, Style::PValue),
        ]
    };
    cells.push(Shown::cell(words, Cell::Count(effect.n.treated + effect.n.control)));
    match bounds {
        Some(_) => cells.extend(ends(words, effect.measure, bounds)),
        None => cells.extend([none(), none()]),
    }
    Row::new(kind, label, cells)
}
