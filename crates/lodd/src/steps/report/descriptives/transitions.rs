//! T11, transitions from the status at the start to that at each horizon, every arm beside the others:
//! from `transitions.parquet`.

use std::collections::BTreeMap;

use lodd_panel::codes::{Code, Kind};
use lodd_report::{
    Cell, DataFile, Descriptive, DescriptiveRow, FileKind, Horizon, RowKind, Stage, Subject, Term,
    Text as Words, Title, Unit, Value,
};
use lodd_store::{Table, parquet};

use super::{
    super::Source,
    sheet::{compared, empty, with_points},
};
use crate::{
    hash::sha256_hex,
    problem::Failure,
    protocol::Protocol,
    steps::{tables, words},
};

/// The file's name.
const FILE: &str = "transitions.parquet";

/// What one table is of: draw, unit, source, register, variable.
type Series = (i64, String, String, Option<String>, String);
/// From, to.
type Move = (Option<String>, Option<String>);

/// The counts of a table by horizon, move and arm.
#[derive(Debug, Default)]
struct Moves {
    horizons: Vec<String>,
    steps: Vec<Move>,
    n: BTreeMap<(String, Move, String), u64>,
}

/// One table a draw, unit, source and variable that is a status.
pub(super) fn read(
    source: &Source<'_>,
    files: &mut Vec<DataFile>,
) -> Result<Vec<Descriptive>, Failure> {
    let path = source.context.out(FILE);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let bytes = crate::steps::read_file(&path)?;
    let (table, _) = parquet::read(&path).map_err(|error| words::parquet(&error))?;
    let sha256 = Some(sha256_hex(&bytes));
    files.push(DataFile { kind: FileKind::Transitions, name: FILE.to_owned(), sha256 });
    let arms = source.protocol.draw.labels();
    let all = series(&table)?;
    Ok(all.iter().filter_map(|(of, moves)| shown(source.protocol, &arms, of, moves)).collect())
}

fn series(table: &Table) -> Result<Vec<(Series, Moves)>, Failure> {
    let internal = |error| tables::internal(&error);
    let text = |name| table.text(name).map_err(internal);
    let names = ["unit_kind", "source", "register", "variable", "horizon"];
    let columns: Vec<&[Option<String>]> = names.into_iter().map(text).collect::<Result<_, _>>()?;
    let (arms, from, to) = (text("arm")?, text("from_value")?, text("to_value")?);
    let (draws, counts) = (table.int("draw").map_err(internal)?, table.int("n").map_err(internal)?);
    let mut all: Vec<(Series, Moves)> = Vec::new();
    for row in 0..table.rows() {
        let at = |column: &[Option<String>]| column.get(row).and_then(Clone::clone);
        let mut next = columns.iter().map(|column| at(column));
        let mut required = || next.next().flatten().unwrap_or_default();
        let (unit, source) = (required(), required());
        let register = Some(required()).filter(|it| !it.is_empty());
        let (variable, horizon) = (required(), required());
        let draw = draws.get(row).copied().flatten().unwrap_or_default();
        let of = (draw, unit, source, register, variable);
        if all.last().is_none_or(|it| it.0 != of) {
            all.push((of, Moves::default()));
        }
        let Some((_, moves)) = all.last_mut() else { continue };
        let (step, arm) = ((at(from), at(to)), at(arms).unwrap_or_default());
        if !moves.horizons.contains(&horizon) {
            moves.horizons.push(horizon.clone());
        }
        if !moves.steps.contains(&step) {
            moves.steps.push(step.clone());
        }
        let n = counts.get(row).copied().flatten().and_then(|it| u64::try_from(it).ok());
        moves.n.insert((horizon, step, arm), n.unwrap_or_default());
    }
    Ok(all)
}

/// `None` for a variable that is yes or no, not a status: those are in the file.
fn shown(protocol: &Protocol, arms: &[String], of: &Series, moves: &Moves) -> Option<Descriptive> {
    let (draw, unit, source, register, variable) = of;
    let unit = Unit::from_code(unit)?;
    let known = protocol.variables().find(|it| it.name == *variable)?;
    let Kind::Code(codes) = &known.kind else { return None };
    let columns = moves.horizons.iter().flat_map(|horizon| {
        let group = Title::Horizon(Horizon::from_code(horizon));
        compared(unit, Some(&group), arms, Term::Contrast)
    });
    let mut table = empty(Subject::Transitions, u32::try_from(*draw).ok(), columns.collect());
    let label = Words::new(known.label_nb.as_ref(), known.label_en.as_ref());
    table.label = Some(label.nn(known.label_nn.as_ref()));
    table.source = Some((source.clone(), register.clone()));
    FILE.clone_into(&mut table.file);
    let whole = |horizon: &str, arm: &str| -> u64 {
        let own = moves.n.iter().filter(|((h, _, a), _)| h == horizon && a == arm);
        own.map(|(_, n)| n).sum()
    };
    let mut base = Vec::new();
    for horizon in &moves.horizons {
        base.extend(arms.iter().map(|arm| Value::Count(Cell::Count(whole(horizon, arm)))));
        base.extend(arms.iter().skip(1).map(|_| Value::Empty));
    }
    let title = Title::Stage(Stage::Drawn);
    table.rows.push(DescriptiveRow { kind: RowKind::Base, title, cells: base });
    let mut steps: Vec<&Move> = moves.steps.iter().collect();
    steps.sort_by_key(|(from, to)| (place(codes, from.as_deref()), place(codes, to.as_deref())));
    for step in steps {
        let cells = moves.horizons.iter().flat_map(|horizon| {
            let cell = |arm: &String| {
                let n = moves.n.get(&(horizon.clone(), step.clone(), arm.clone()));
                let part = Cell::Count(n.copied().unwrap_or(0));
                Value::Share { part, whole: Cell::Count(whole(horizon, arm)) }
            };
            with_points(RowKind::Plain, Title::Term(Term::Total), arms.iter().map(cell).collect())
                .cells
        });
        let cells = cells.collect();
        let title = Title::Move(name(codes, step.0.as_deref()), name(codes, step.1.as_deref()));
        table.rows.push(DescriptiveRow { kind: RowKind::Plain, title, cells });
    }
    Some(table)
}

/// Where a code stands in its list; what is not known comes last.
fn place(codes: &[Code], value: Option<&str>) -> usize {
    codes.iter().position(|it| Some(it.code.as_ref()) == value).unwrap_or(codes.len())
}

fn name(codes: &[Code], value: Option<&str>) -> Option<Words> {
    let value = value?;
    let known = codes.iter().find(|it| it.code == value);
    Some(known.map_or_else(
        || Words::same(value),
        |it| Words::new(it.nb.as_ref(), it.en.as_ref()).nn(it.nn.as_ref()),
    ))
}
