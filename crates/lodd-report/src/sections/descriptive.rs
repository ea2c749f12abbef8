//! The descriptive tables: list and draw, balance, attrition, what each arm got, profile, power,
//! transitions, response, calendar and harms.

mod titles;

use super::Blocks;
use crate::{
    document::Block,
    figures::{balance, transitions},
    format::Style,
    locale::fill,
    model::{
        Cell, Descriptive, DescriptiveColumn, DescriptiveRow, Number, Origin, Report, RowKind,
        Subject, Value,
    },
    table::{Fact, Head, Kind, Numbering, Row, Shown, Table, facts},
    wording::Words,
};

/// Which tables stand in which section, after what else is there.
const PLACES: &[(&str, &[Subject])] = &[
    ("draw", &[Subject::Offices, Subject::Calendar]),
    ("statistics", &[Subject::Power]),
    ("implementation", &[Subject::Received, Subject::Response]),
    ("families", &[Subject::Profile]),
    ("balance", &[Subject::Balance, Subject::BalanceAnalysed, Subject::Order, Subject::Attrition]),
    ("status", &[Subject::Transitions]),
    ("harms", &[Subject::Harms]),
];

/// What belongs to the section with this anchor.
pub(super) fn blocks(
    words: Words,
    report: &Report,
    anchor: &str,
    numbers: &mut Numbering,
) -> Blocks {
    let subjects = PLACES.iter().filter(|(at, _)| *at == anchor).flat_map(|(_, all)| *all);
    let own: Vec<(&Descriptive, Table)> = subjects
        .flat_map(|subject| report.descriptives.iter().filter(|it| it.subject == *subject))
        .map(|it| (it, table(words, report, it, numbers.table())))
        .collect();
    let mut figures = Vec::new();
    for (it, table) in &own {
        let other = own.iter().find(|(other, _)| is_same_analysed(it, other));
        let pair = balance::Pair {
            drawn: (it, table),
            analysed: other.map(|(other, table)| (*other, table)),
        };
        figures.push(match it.subject {
            Subject::Balance => balance::figures(words, report, pair, numbers)?,
            Subject::Transitions => transitions::figures(words, report, (it, table), numbers)?,
            _ => Vec::new(),
        });
    }
    let mut blocks = Vec::new();
    for ((_, table), figures) in own.into_iter().zip(figures) {
        blocks.extend(figures.into_iter().map(Block::Figure));
        blocks.push(Block::Table(table));
    }
    if anchor == "harms" {
        blocks.extend(not_measured(words, report).map(Block::Paragraph));
    }
    Ok(blocks)
}

/// Whether `other` is the balance among those analysed of the draw that `it` is the balance of.
fn is_same_analysed(it: &Descriptive, other: &Descriptive) -> bool {
    it.subject == Subject::Balance
        && other.subject == Subject::BalanceAnalysed
        && it.draw == other.draw
}

/// How many figures are drawn of these tables.
pub(crate) fn figures(tables: &[Descriptive]) -> usize {
    let of = |it: &Descriptive| match it.subject {
        Subject::Balance => {
            balance::count(it, tables.iter().find(|other| is_same_analysed(it, other)))
        }
        Subject::Transitions => transitions::count(it),
        _ => 0,
    };
    tables.iter().map(of).sum()
}

/// The harms that nobody was asked about; `None` where all were measured.
fn not_measured(words: Words, report: &Report) -> Option<String> {
    let names: Vec<String> =
        report.harms_not_measured.iter().map(|it| it.get(words.lang).to_owned()).collect();
    let sentence = words.t.descriptive.harms_not_measured;
    (!names.is_empty()).then(|| fill(sentence, &[("list", &words.list(&names))]))
}

fn table(words: Words, report: &Report, it: &Descriptive, number: u32) -> Table {
    Table {
        number,
        caption: caption(words, it),
        meta: meta(words, report, it),
        head: head(words, report, it),
        rows: it.rows.iter().map(|row| shown_row(words, report, row)).collect(),
        notes: notes(words, report, it),
    }
}

fn caption(words: Words, it: &Descriptive) -> String {
    let t = words.t;
    let sentence = match it.subject {
        Subject::Offices => t.descriptive.offices_table,
        Subject::Balance => t.descriptive.balance_table,
        Subject::BalanceAnalysed => t.descriptive.analysed_table,
        Subject::Order => t.descriptive.order_table,
        Subject::Attrition => t.descriptive.attrition_table,
        Subject::Received => t.descriptive.received_table,
        Subject::Profile => t.descriptive.profile_table,
        Subject::Power => t.descriptive.power_table,
        Subject::Transitions => t.descriptive.transitions_table,
        Subject::Response => t.descriptive.response_table,
        Subject::Calendar => t.descriptive.calendar_table,
        Subject::Harms => t.descriptive.harms_table,
    };
    let label = it.label.as_ref().map_or("", |label| label.get(words.lang));
    let draw = it.draw.map(|n| n.to_string()).unwrap_or_default();
    let values = [("units", words.unit(it.unit)), ("n", &*draw), ("outcome", label)];
    let caption = fill(sentence, &values);
    // Attrition is of a source, or of an outcome where the source has no snapshots.
    match it.subject {
        Subject::Attrition if !label.is_empty() => format!("{caption}: {label}"),
        _ => caption,
    }
}

/// Unit, source, cut and file.
fn meta(words: Words, report: &Report, it: &Descriptive) -> Vec<Fact> {
    let source =
        it.source.as_ref().map(|(source, register)| words.source(source, register.as_deref()));
    facts(words, report, it.unit, source, Some(&it.file))
}

/// Groups above, columns below; one row where there are no groups.
fn head(words: Words, report: &Report, it: &Descriptive) -> Vec<Vec<Head>> {
    let first = titles::first(words, it.subject);
    let own = |column: &DescriptiveColumn| Head::new(titles::head(words, report, &column.title));
    if it.columns.iter().all(|column| column.group.is_none()) {
        let columns = it.columns.iter().map(own);
        return vec![std::iter::once(Head::new(first)).chain(columns).collect()];
    }
    let mut above = vec![Head { rows: 2, ..Head::new(first) }];
    let mut below = Vec::new();
    for group in it.columns.chunk_by(|a, b| a.group == b.group) {
        match group.first().and_then(|column| column.group.as_ref()) {
            Some(title) => {
                let title = titles::head(words, report, title);
                above.push(Head { columns: group.len(), ..Head::new(title) });
                below.extend(group.iter().map(own));
            }
            None => above.extend(group.iter().map(|column| Head { rows: 2, ..own(column) })),
        }
    }
    vec![above, below]
}

fn shown_row(words: Words, report: &Report, row: &DescriptiveRow) -> Row {
    let kind = match row.kind {
        RowKind::Plain => Kind::Plain,
        RowKind::Base => Kind::Base,
        RowKind::Part => Kind::Part,
        RowKind::Total => Kind::Total,
    };
    let cells = row.cells.iter().map(|cell| shown(words, cell)).collect();
    Row::new(kind, titles::head(words, report, &row.title), cells)
}

fn shown(words: Words, value: &Value) -> Shown {
    let t = &words.t.descriptive;
    match value {
        Value::Count(cell) => Shown::cell(words, *cell),
        Value::Share { part, whole } => share(words, *part, *whole),
        Value::Mean { mean, sd } => {
            let shown = number(words, *mean, Style::Decimals(2));
            match sd.known().filter(|_| mean.known().is_some()) {
                Some(sd) => shown.with_minor(fill(t.sd, &[("x", &words.f.decimal(sd, 2))])),
                None => shown,
            }
        }
        Value::Fraction(x) => number(words, *x, Style::Percent(1)),
        Value::Points(x) => number(words, *x, Style::Hundredths(1)),
        Value::Decimal(x) => number(words, *x, Style::Decimals(2)),
        Value::P(x) => number(words, *x, Style::PValue),
        Value::Date(Some(iso)) => Shown::text(words.f.date(iso)),
        Value::Date(None) => Shown::text(".."),
        Value::Empty => Shown::text(""),
    }
}

fn number(words: Words, x: Number, style: Style) -> Shown {
    match x {
        Number::Known(x) => Shown::number(words, Some(x), style),
        Number::Missing => Shown::text(".."),
        Number::Suppressed => Shown::text(":"),
        Number::Impossible => Shown::text("."),
    }
}

/// A count with its share of the whole.
fn share(words: Words, part: Cell, whole: Cell) -> Shown {
    let shown = Shown::cell(words, part);
    match (part, whole) {
        (Cell::Count(part @ 1..), Cell::Count(whole @ 1..)) => {
            let percent = words.f.percent(part as f64 / whole as f64);
            shown.with_minor(fill(words.t.of_observed, &[("x", &percent)]))
        }
        _ => shown,
    }
}

fn notes(words: Words, report: &Report, it: &Descriptive) -> Vec<String> {
    let t = words.t;
    let mut notes: Vec<String> = match it.subject {
        Subject::Offices => vec![t.descriptive.offices_note.to_owned()],
        Subject::Balance => balance_notes(words, report, it),
        Subject::BalanceAnalysed => analysed_notes(words, it),
        Subject::Order => vec![t.descriptive.order_note.to_owned()],
        Subject::Attrition => vec![t.descriptive.attrition_note.to_owned()],
        Subject::Received => vec![t.descriptive.received_note.to_owned()],
        Subject::Profile => vec![t.descriptive.profile_note.to_owned()],
        Subject::Power => {
            vec![fill(t.descriptive.power_note, &[("alpha", &words.f.level(report.alpha))])]
        }
        Subject::Transitions => vec![t.descriptive.transitions_note.to_owned()],
        Subject::Response => vec![t.descriptive.response_note.to_owned()],
        Subject::Calendar => vec![t.descriptive.calendar_note.to_owned()],
        Subject::Harms => vec![t.descriptive.harms_note.to_owned()],
    };
    notes.push(t.symbols.to_owned());
    notes
}

/// A low p among all drawn is chance.
fn balance_notes(words: Words, report: &Report, it: &Descriptive) -> Vec<String> {
    let t = &words.t.descriptive;
    let origin = report.draws.iter().find(|draw| Some(draw.number) == it.draw).map(|it| it.origin);
    let drawn = match origin {
        Some(Origin::Imported) => t.balance_imported,
        _ => t.balance_chance,
    };
    let replays = words.f.count(it.replays.unwrap_or_default());
    vec![t.balance_difference.to_owned(), fill(drawn, &[("n", &replays)])]
}

/// Among the analysed it need not be.
fn analysed_notes(words: Words, it: &Descriptive) -> Vec<String> {
    let t = &words.t.descriptive;
    let label = it.label.as_ref().map_or("", |label| label.get(words.lang));
    let horizon = it.horizon.as_ref().map(|it| words.horizon(it)).unwrap_or_default();
    let source = it.source.as_ref();
    let source = source.map(|(source, register)| words.source(source, register.as_deref()));
    let source = source.unwrap_or_default();
    let values = [("outcome", label), ("horizon", &*horizon), ("source", &*source)];
    vec![t.balance_difference.to_owned(), fill(t.balance_analysed, &values)]
}
