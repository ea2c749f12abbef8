//! Descriptive tables as they are printed.

use lodd_report::{Cell, Descriptive, DescriptiveColumn, DescriptiveRow, Value};

use super::{
    super::{
        TABLES,
        linked::{Decided, Spot},
    },
    Entered, Mark,
};

/// Those tables of which something may be printed; their numbers stand in the public file.
pub(in super::super) fn all(
    decided: &Decided,
    entered: Vec<Entered>,
    is_rounded: bool,
) -> Vec<Descriptive> {
    let tables = entered.into_iter().filter_map(|it| apply(decided, it, is_rounded));
    tables.map(|it| Descriptive { file: TABLES.to_owned(), ..it }).collect()
}

/// The table as it is printed; `None` where nothing of it may be.
fn apply(decided: &Decided, entered: Entered, is_rounded: bool) -> Option<Descriptive> {
    let Entered { table, marks } = entered;
    let mut printed = Printed { decided, is_rounded, shown: 0 };
    let columns = table.columns.clone();
    let rows: Vec<DescriptiveRow> = table
        .rows
        .into_iter()
        .zip(marks)
        .map(|(row, marks)| printed.row(row, &marks, &columns))
        .collect();
    (printed.shown > 0).then_some(Descriptive { rows, ..table })
}

struct Printed<'d> {
    decided: &'d Decided,
    is_rounded: bool,
    /// Cells that show something of a family.
    shown: usize,
}

impl Printed<'_> {
    fn row(
        &mut self,
        row: DescriptiveRow,
        marks: &[Mark],
        columns: &[DescriptiveColumn],
    ) -> DescriptiveRow {
        let DescriptiveRow { kind, title, cells } = row;
        // What is made from others goes with them; what stands alone, as a joint test, rests on
        // everything above it.
        let group = |place: usize| columns.get(place).map(|it| it.group.clone());
        let is_whole = |place: usize| {
            let own = marks.iter().enumerate().filter(|(at, _)| group(*at) == group(place));
            let mut rests = own.filter(|(_, it)| !matches!(it, Mark::Made | Mark::Free)).peekable();
            !self.is_rounded
                && rests.peek().is_some()
                && rests.all(|(_, mark)| match mark {
                    Mark::Count(spot) => self.decided.shows(*spot),
                    Mark::Share(part, whole) => {
                        self.decided.shows(*part) && self.decided.shows(*whole)
                    }
                    Mark::Hidden | Mark::Made | Mark::Free => false,
                })
        };
        let whole: Vec<bool> = (0..marks.len()).map(is_whole).collect();
        let cells = cells.into_iter().zip(marks).zip(whole);
        let cells = cells.map(|((cell, mark), is_whole)| self.cell(cell, mark, is_whole)).collect();
        DescriptiveRow { kind, title, cells }
    }

    fn cell(&mut self, cell: Value, mark: &Mark, is_whole: bool) -> Value {
        let print = |spot: Spot, n: Cell| super::super::cell(self.decided, Some(spot), n);
        let hidden = || Value::Count(Cell::Suppressed);
        let printed = match (cell, mark) {
            (cell, Mark::Free) => return cell,
            (Value::Empty, _) => return Value::Empty,
            (Value::Count(n), Mark::Count(spot)) => Value::Count(print(*spot, n)),
            (Value::Share { part, whole }, Mark::Share(of, all)) => {
                Value::Share { part: print(*of, part), whole: print(*all, whole) }
            }
            (cell @ Value::Fraction(_), Mark::Share(of, all))
                if !self.is_rounded && self.decided.shows(*of) && self.decided.shows(*all) =>
            {
                cell
            }
            (cell @ (Value::Points(_) | Value::Decimal(_) | Value::P(_)), Mark::Made)
                if is_whole =>
            {
                cell
            }
            _ => hidden(),
        };
        let is_shown = match &printed {
            Value::Count(cell) | Value::Share { part: cell, .. } => cell.count().is_some(),
            _ => true,
        };
        self.shown += usize::from(is_shown);
        printed
    }
}
