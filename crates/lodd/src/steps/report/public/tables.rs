//! The descriptive tables: which numbers each has, how they hang together, what is printed of them.

mod margins;
mod printed;
mod shares;

use std::collections::BTreeMap;

use lodd_report::{
    Descriptive, DescriptiveColumn, DescriptiveRow, RowKind, Subject, Title, Unit, Value,
};

use super::{
    Ground, horizon,
    linked::{Spot, series},
    stage,
};
pub(super) use printed::all;

/// What a cell rests on.
#[derive(Clone, Debug, PartialEq)]
enum Mark {
    /// No family's: a date, what a design can detect.
    Free,
    /// No rule says that it may be shown.
    Hidden,
    /// A count.
    Count(Spot),
    /// A part and its whole.
    Share(Spot, Spot),
    /// It is made from the others of its row and group.
    Made,
}

/// A table with what its cells rest on.
#[derive(Debug)]
pub(super) struct Entered {
    table: Descriptive,
    marks: Vec<Vec<Mark>>,
}

/// Enters a table; `None` for one that may not be shown at all.
pub(super) fn enter(ground: &mut Ground<'_>, table: Descriptive) -> Option<Entered> {
    let is_of_arms = match table.subject {
        // No rule covers what is told of the list's order, and no family's fact is in the calendar,
        // the power or the list.
        Subject::Order => return None,
        Subject::Offices | Subject::Profile | Subject::Power | Subject::Calendar => false,
        Subject::Balance
        | Subject::BalanceAnalysed
        | Subject::Attrition
        | Subject::Received
        | Subject::Transitions
        | Subject::Response
        | Subject::Harms => true,
    };
    if is_of_arms && !ground.gate.is_open() {
        return None;
    }
    let marks = Marks::new(&table).read(ground);
    Some(Entered { table, marks })
}

/// Reads a table from the top.
struct Marks<'t> {
    table: &'t Descriptive,
    draw: Option<String>,
    /// What the table is of, as part of its numbers' names.
    what: String,
    /// Whether it has a row for all offices.
    has_total: bool,
    /// By column, the number that the rows below are of.
    base: BTreeMap<usize, Spot>,
    /// By column, the last row that has parts.
    above: BTreeMap<usize, Spot>,
    /// By column, those that add up: to the base, or to the row above.
    to_base: BTreeMap<usize, Vec<Spot>>,
    to_above: BTreeMap<usize, (Spot, Vec<Spot>)>,
    /// By column and office, those that add up to the total.
    offices: BTreeMap<usize, Vec<Spot>>,
}

impl<'t> Marks<'t> {
    fn new(table: &'t Descriptive) -> Self {
        let Descriptive {
            subject,
            unit: _,
            draw,
            label,
            source,
            horizon: at,
            replays: _,
            file: _,
            columns: _,
            rows,
        } = table;
        let mut what = format!("{subject:?}");
        for text in label.iter().map(|it| &it.nb).chain(source.iter().map(|it| &it.0)) {
            what = format!("{what} {text}");
        }
        if let Some(register) = source.as_ref().and_then(|it| it.1.as_ref()) {
            what = format!("{what} {register}");
        }
        if let Some(at) = at {
            what = format!("{what} {}", horizon(at));
        }
        Self {
            table,
            draw: draw.map(|it| it.to_string()),
            what,
            has_total: rows.iter().any(|it| it.kind == RowKind::Total),
            base: BTreeMap::new(),
            above: BTreeMap::new(),
            to_base: BTreeMap::new(),
            to_above: BTreeMap::new(),
            offices: BTreeMap::new(),
        }
    }

    fn read(mut self, ground: &mut Ground<'_>) -> Vec<Vec<Mark>> {
        let rows: Vec<Vec<Mark>> =
            self.table.rows.iter().map(|row| self.row(ground, row)).collect();
        self.add_up(ground);
        match self.table.subject {
            Subject::Offices => margins::list(self.table, ground, &rows),
            Subject::Profile => margins::nested(ground, &rows),
            Subject::Transitions => margins::transitions(self.table, ground, &rows),
            _ => {}
        }
        rows
    }

    fn row(&mut self, ground: &mut Ground<'_>, row: &DescriptiveRow) -> Vec<Mark> {
        let columns: Vec<&DescriptiveColumn> = self.table.columns.iter().collect();
        let cells = columns.into_iter().zip(&row.cells).enumerate();
        let marks: Vec<Mark> = cells
            .map(|(place, (column, cell))| self.cell(ground, row, (place, column), cell))
            .collect();
        if self.is_compared() && row.kind != RowKind::Base {
            self.four_cells(ground, &marks);
        }
        marks
    }

    /// Whether its arms are compared: then a row's cells of one group stand or fall together.
    fn is_compared(&self) -> bool {
        self.table.subject.compares_arms() && self.table.subject != Subject::Offices
    }

    fn four_cells(&self, ground: &mut Ground<'_>, marks: &[Mark]) {
        let mut groups: Vec<(Option<&Title>, Vec<Spot>)> = Vec::new();
        for (column, mark) in self.table.columns.iter().zip(marks) {
            let group = column.group.as_ref();
            if groups.last().is_none_or(|it| it.0 != group) {
                groups.push((group, Vec::new()));
            }
            if let (Mark::Share(part, _), Some(last)) = (mark, groups.last_mut()) {
                last.1.push(*part);
            }
        }
        for (_, spots) in groups {
            ground.linked.together(&spots);
        }
    }

    fn cell(
        &mut self,
        ground: &mut Ground<'_>,
        row: &DescriptiveRow,
        (place, column): (usize, &DescriptiveColumn),
        cell: &Value,
    ) -> Mark {
        match cell {
            Value::Empty | Value::Date(_) => Mark::Free,
            Value::Mean { .. } => Mark::Hidden,
            Value::Points(_) | Value::Decimal(_) | Value::P(_) => {
                if self.table.subject == Subject::Power { Mark::Free } else { Mark::Made }
            }
            Value::Count(it) => match it.count() {
                Some(n) => self.count(ground, row, (place, column), n),
                None => Mark::Free,
            },
            Value::Share { part, whole } => match (part.count(), whole.count()) {
                (Some(part), Some(whole)) => {
                    self.share(ground, row, (place, column), (part, whole))
                }
                _ => Mark::Hidden,
            },
            Value::Fraction(share) => self.fraction(ground, row, (place, column), *share),
        }
    }

    fn office(&self, row: &DescriptiveRow) -> Option<String> {
        match &row.title {
            Title::Text(name) if self.has_total => Some(name.nb.clone()),
            _ => None,
        }
    }

    fn name(&self, what: &str, column: &DescriptiveColumn, office: Option<&str>) -> String {
        let arm = match &column.title {
            Title::Arm(arm) => Some(arm.as_str()),
            _ => None,
        };
        let at = match &column.group {
            Some(Title::Horizon(at)) => Some(horizon(at)),
            _ => None,
        };
        let draw = self.draw.as_deref();
        let places = [("draw", draw), ("h", at.as_deref()), ("arm", arm), ("office", office)];
        series(self.table.unit, what, &places)
    }

    /// Units drawn into the column's arm.
    fn drawn(
        &self,
        ground: &mut Ground<'_>,
        column: &DescriptiveColumn,
        office: Option<&str>,
        n: u64,
    ) -> Spot {
        let plain = DescriptiveColumn { group: None, ..column.clone() };
        let name = self.name("Drawn", &plain, office);
        let unit = self.table.unit;
        let of_all = office.is_none() && unit == Unit::Family;
        let spot = match (of_all, self.draw.is_some()) {
            (true, true) => ground.linked.known(name, unit, n),
            _ => ground.linked.count(name, unit, n),
        };
        ground.is_all_drawn((unit, self.draw.as_deref(), office), column, spot);
        spot
    }

    fn count(
        &mut self,
        ground: &mut Ground<'_>,
        row: &DescriptiveRow,
        (place, column): (usize, &DescriptiveColumn),
        n: u64,
    ) -> Mark {
        let unit = self.table.unit;
        let office = self.office(row);
        let office = office.as_deref();
        let spot = match (self.table.subject, &column.group, &column.title) {
            (Subject::Offices, Some(Title::Stage(lodd_report::Stage::Drawn)), _)
            | (Subject::Power, _, Title::Arm(_)) => self.drawn(ground, column, office, n),
            (Subject::Offices, Some(Title::Stage(it)), _) => {
                let name = self.name(
                    &stage(*it),
                    &DescriptiveColumn { group: None, ..column.clone() },
                    office,
                );
                if ground.gate.is_open_in(office) {
                    ground.linked.count(name, unit, n)
                } else {
                    ground.linked.gated(name, unit, n)
                }
            }
            (Subject::Offices, None, Title::Stage(it)) => {
                ground.linked.count(self.name(&stage(*it), column, office), unit, n)
            }
            (Subject::Offices, None, Title::Term(term)) => {
                ground.linked.count(self.name(&format!("{term:?}"), column, office), unit, n)
            }
            (Subject::Calendar, ..) => ground.linked.count(
                series(unit, "Drawn", &[("draw", self.draw.as_deref())]),
                unit,
                n,
            ),
            (Subject::Attrition | Subject::Received | Subject::Transitions, ..)
                if row.kind == RowKind::Base =>
            {
                self.drawn(ground, column, None, n)
            }
            _ => {
                let what = format!("{} {}", self.what, title(&row.title));
                let what = format!("{what} {}", self.below(row));
                let column_title = title(&column.title);
                let name = self.name(&format!("{what} {column_title}"), column, office);
                ground.linked.count(name, unit, n)
            }
        };
        if row.kind == RowKind::Base {
            self.base.insert(place, spot);
            self.above.remove(&place);
        }
        if matches!(self.table.subject, Subject::Offices) {
            self.office_of_total(place, row, spot, ground);
        }
        Mark::Count(spot)
    }

    /// What tells rows of the same name apart: harms have one base each.
    fn below(&self, row: &DescriptiveRow) -> String {
        let at = self.table.rows.iter().position(|it| it == row).unwrap_or(0);
        let next = self.table.rows.get(at + 1).filter(|_| row.kind == RowKind::Base);
        match self.table.subject {
            Subject::Harms => next.map_or_else(String::new, |it| title(&it.title)),
            _ => String::new(),
        }
    }

    fn office_of_total(
        &mut self,
        place: usize,
        row: &DescriptiveRow,
        spot: Spot,
        ground: &mut Ground<'_>,
    ) {
        match row.kind {
            RowKind::Plain => self.offices.entry(place).or_default().push(spot),
            RowKind::Total => {
                let parts = self.offices.remove(&place).unwrap_or_default();
                ground.linked.sum(spot, &parts);
            }
            RowKind::Base | RowKind::Part => {}
        }
    }
}

/// A row's or column's head as part of a name.
fn title(title: &Title) -> String {
    match title {
        Title::Text(text) => text.nb.clone(),
        Title::Arm(arm) => arm.clone(),
        Title::Stage(it) => stage(*it),
        Title::Code(code) | Title::Simulated(code) => code.clone(),
        Title::Horizon(at) => horizon(at),
        Title::Move(from, to) => {
            let name = |it: &Option<lodd_report::Text>| {
                it.as_ref().map_or_else(|| "?".to_owned(), |it| it.nb.clone())
            };
            format!("{} to {}", name(from), name(to))
        }
        Title::Share(share) => share.to_string(),
        Title::Term(term) => format!("{term:?}"),
        Title::Versus(term, arm) => format!("{term:?} {arm}"),
    }
}
