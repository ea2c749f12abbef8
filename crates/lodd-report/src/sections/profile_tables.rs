//! Tables of the evaluator's own, and figures from elsewhere: after what else a section holds.

use crate::{
    document::Block,
    format::Style,
    locale::fill,
    model::{
        Bound, Cell, ContextFigure, Counted, FileKind, ProfileCell, ProfileRow, ProfileTable,
        Report, RowKind, Rows,
    },
    table::{About, Exact, Fact, Head, Kind, Numbering, Row, Shown, Table, capital, file_name},
    wording::Words,
};

/// What belongs to the section with this anchor.
pub(super) fn blocks(
    words: Words,
    report: &Report,
    anchor: &str,
    numbers: &mut Numbering,
) -> Vec<Block> {
    let mut blocks = Vec::new();
    for it in report.profile_tables.iter().filter(|it| it.section == anchor) {
        blocks.extend(beside(words, report, it).map(Block::Paragraph));
        blocks.push(Block::Table(table(words, report, it, numbers.table())));
    }
    let figures: Vec<&ContextFigure> =
        report.context.iter().filter(|it| it.section == anchor).collect();
    if !figures.is_empty() {
        blocks.push(Block::Table(context(words, report, &figures, numbers.table())));
    }
    blocks
}

/// What is said before the first of two tables of different units.
fn beside(words: Words, report: &Report, it: &ProfileTable) -> Option<String> {
    let other = report.profile_tables.iter().find(|other| Some(&other.id) == it.beside.as_ref())?;
    let (one, other) = (counted(words, it.counted), counted(words, other.counted));
    Some(fill(words.t.profile_tables.beside_intro, &[("one", one), ("other", other)]))
}

fn counted(words: Words, counted: Counted) -> &'static str {
    let t = words.t;
    match counted {
        Counted::Family => t.families,
        Counted::Adult => t.adults,
        Counted::Child => t.children,
        Counted::Person => t.profile_tables.persons,
        Counted::Case => t.profile_tables.cases,
        Counted::Move => t.profile_tables.moves,
    }
}

fn table(words: Words, report: &Report, it: &ProfileTable, number: u32) -> Table {
    let has_share = |cell: &ProfileCell| matches!(cell, ProfileCell::Count { whole: Some(_), .. });
    let by_arm = it.columns.iter().any(|column| column.arm.is_some());
    let shares = it.rows.iter().flat_map(|row| &row.cells).any(has_share) && !by_arm;
    let row = |row: &ProfileRow| {
        let kind = match row.kind {
            RowKind::Plain => Kind::Plain,
            RowKind::Base => Kind::Base,
            RowKind::Part => Kind::Part,
            RowKind::Total => Kind::Total,
        };
        let cells = row.cells.iter().flat_map(|cell| {
            let (number, share) = (shown(words, cell), share(words, cell));
            match (shares, by_arm) {
                (true, _) => vec![number, share],
                (false, true) if share.exact.is_some() => vec![number.with_minor(share.text)],
                _ => vec![number],
            }
        });
        let label = match row.kind {
            RowKind::Total => words.t.profile_tables.total,
            _ => row.label.get(words.lang),
        };
        Row::new(kind, label, cells.collect())
    };
    Table {
        number,
        caption: it.title.get(words.lang).to_owned(),
        meta: meta(words, report, it),
        head: head(words, report, it, shares),
        rows: it.rows.iter().map(row).collect(),
        notes: notes(words, it),
    }
}

/// Unit, source, period, cut and file.
fn meta(words: Words, report: &Report, it: &ProfileTable) -> Vec<Fact> {
    let t = words.t;
    let bare = words.f.instant(&report.cut);
    vec![
        Fact::named(About::Unit, t.unit, ("unit", counted(words, it.counted))),
        Fact::named(About::Source, t.source, ("source", it.source.get(words.lang))),
        fill(t.profile_tables.period, &[("period", it.period.get(words.lang))]).into(),
        Fact { about: About::Cut, text: format!("{}: {bare}", t.cut), bare },
        Fact::named(About::File, t.file, ("file", &it.file)),
    ]
}

/// One column of numbers and perhaps one of shares; or horizons above, arms below.
fn head(words: Words, report: &Report, it: &ProfileTable, shares: bool) -> Vec<Vec<Head>> {
    let t = words.t;
    let first = capital(counted(words, it.counted));
    if it.columns.iter().all(|column| column.arm.is_none()) {
        let mut heads = vec![Head::new(first), Head::new(t.profile_tables.col_number)];
        heads.extend(shares.then(|| Head::new(t.profile_tables.col_share)));
        return vec![heads];
    }
    let mut above = vec![Head { rows: 2, ..Head::new(first) }];
    let mut below = Vec::new();
    for group in it.columns.chunk_by(|a, b| a.horizon == b.horizon) {
        let horizon = group.first().and_then(|it| it.horizon.as_ref());
        let horizon = horizon.map(|it| capital(&words.horizon(it))).unwrap_or_default();
        above.push(Head { columns: group.len(), ..Head::new(horizon) });
        below.extend(group.iter().map(|column| arm(words, report, column.arm.as_deref())));
    }
    vec![above, below]
}

fn arm(words: Words, report: &Report, label: Option<&str>) -> Head {
    let label = label.unwrap_or_default();
    let name = report.arm(label).map_or(label, |arm| arm.name.get(words.lang));
    let is_control = report.control().is_some_and(|control| control.label == label);
    Head::new(if is_control { format!("{name} ({})", words.t.control) } else { name.to_owned() })
}

fn shown(words: Words, cell: &ProfileCell) -> Shown {
    match cell {
        ProfileCell::Count { n, .. } => Shown::cell(words, *n),
        ProfileCell::Mean(x) => {
            let decimals = usize::from((x - x.round()).abs() > 1e-9);
            Shown::number(words, Some(*x), Style::Decimals(decimals))
        }
        ProfileCell::Growth(x) => Shown::number(words, Some(*x), Style::Percent(0)),
        ProfileCell::Bound(n, bound) => Shown::text(bounded(words, &words.f.count(*n), bound)),
    }
}

/// A count's share of its whole, in whole per cent.
fn share(words: Words, cell: &ProfileCell) -> Shown {
    match cell {
        ProfileCell::Count { n: Cell::Count(0), whole: Some(_) } => Shown::text("–"),
        ProfileCell::Count { n: Cell::Count(n), whole: Some(whole @ 1..) } => {
            Shown::number(words, Some(*n as f64 / *whole as f64), Style::Percent(0))
        }
        _ => Shown::text(""),
    }
}

fn notes(words: Words, it: &ProfileTable) -> Vec<String> {
    let t = &words.t.profile_tables;
    let has = |is: fn(&ProfileCell) -> bool| it.rows.iter().flat_map(|row| &row.cells).any(is);
    let mut notes: Vec<String> = Vec::new();
    notes.extend(shares_of(words, it));
    let said = [
        (it.together == Rows::Highest, t.highest),
        (it.together == Rows::Overlapping, t.overlapping),
        (it.rows.iter().any(|row| row.kind == RowKind::Part), t.nested),
        (has(|cell| matches!(cell, ProfileCell::Bound(..))), t.bound),
    ];
    notes.extend(said.into_iter().filter(|it| it.0).map(|it| it.1.to_owned()));
    notes.extend(it.note.iter().map(|note| note.get(words.lang).to_owned()));
    notes.push(words.t.symbols.to_owned());
    notes
}

/// What shares are of.
fn shares_of(words: Words, it: &ProfileTable) -> Option<String> {
    let t = &words.t.profile_tables;
    let whole = it.rows.iter().flat_map(|row| &row.cells).find_map(|cell| match cell {
        ProfileCell::Count { whole, .. } => *whole,
        _ => None,
    })?;
    if it.columns.iter().any(|column| column.arm.is_some()) {
        return Some(t.shares_of_column.to_owned());
    }
    let values = [("n", &*words.f.count(whole)), ("units", counted(words, it.counted))];
    Some(fill(t.shares_of, &values))
}

/// Figures from elsewhere, each with its year and source.
fn context(words: Words, report: &Report, figures: &[&ContextFigure], number: u32) -> Table {
    let t = &words.t.profile_tables;
    let row = |it: &&ContextFigure| {
        let cells = vec![
            figure(words, it),
            Shown::text(it.year.to_string()),
            Shown::text(it.source.get(words.lang)),
        ];
        Row::new(Kind::Plain, it.label.get(words.lang), cells)
    };
    let file = file_name(report, FileKind::ProfileTables);
    let file = file.map(|name| Fact::named(About::File, words.t.file, ("file", name)));
    let heads = [t.col_item, t.col_figure, t.col_year, t.col_source].map(Head::new);
    Table {
        number,
        caption: t.context_table.to_owned(),
        meta: file.into_iter().collect(),
        head: vec![heads.into()],
        rows: figures.iter().map(row).collect(),
        notes: vec![t.context_note.to_owned()],
    }
}

fn figure(words: Words, it: &ContextFigure) -> Shown {
    let decimals = usize::from((it.value - it.value.round()).abs() > 1e-9);
    let (value, style) = if it.percent {
        (it.value / 100.0, Style::Percent(decimals))
    } else {
        (it.value, Style::Decimals(decimals))
    };
    let number = words.f.styled(style, value);
    match &it.bound {
        Some(bound) => Shown::text(bounded(words, &number, bound)),
        None => Shown { text: number, exact: Some(Exact { value, style }), minor: None },
    }
}

/// `godt over 90`, `minst 90`.
fn bounded(words: Words, number: &str, bound: &Bound) -> String {
    let t = &words.t.profile_tables;
    let own = bound.words.as_ref().map(|it| it.get(words.lang));
    let said = own.unwrap_or(if bound.is_lower { t.least } else { t.most });
    fill(said, &[("n", number)])
}
