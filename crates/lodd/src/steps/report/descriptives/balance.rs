//! T2, balance: of all drawn by re-running the lottery, from the draw's `balance.parquet`, and beside it
//! among the analysed; and the order of the list against the draw, from `order.parquet`.

use std::collections::BTreeMap;

use lodd_estimate::balance::{arm_means, standardised_difference};
use lodd_report::{
    Cell, DataFile, Descriptive, DescriptiveColumn, FileKind, Number, RowKind, Stage, Subject,
    Term, Text as Words, Title, Unit, Value,
};
use lodd_store::{Table, parquet};

use super::{
    Ground, One,
    sheet::{Key, Sheet, against, column, compared, empty, of_families, row},
};
use crate::{
    hash::sha256_hex,
    problem::Failure,
    steps::{after, tables, words},
    text::{Lang, Text, say},
};

/// What `balance.parquet` calls all facts together.
const JOINT: &str = "joint";

/// A fact of an arm in `balance.parquet`.
#[derive(Clone, Copy, Debug, Default)]
struct OfArm {
    mean: Option<f64>,
    sd: Option<f64>,
    difference: Option<f64>,
}

/// What `balance.parquet` says of a draw.
#[derive(Debug, Default)]
struct Drawn {
    /// In the file's order.
    facts: Vec<String>,
    of_arms: BTreeMap<(String, String), OfArm>,
    p: BTreeMap<String, f64>,
    replays: Option<u64>,
}

/// Two tables a draw; `files` gets what they are made from.
pub(super) fn read(
    ground: &Ground<'_>,
    sheet: &mut Sheet,
    files: &mut Vec<DataFile>,
) -> Result<Vec<Descriptive>, Failure> {
    let mut found = Vec::new();
    for one in &ground.draws {
        let (table, file) = file(ground, one, (FileKind::Balance, "balance"))?;
        files.push(file.clone());
        let drawn = Drawn::of(&table)?;
        if !drawn.facts.is_empty() {
            found.push(all_drawn(one, &drawn, &file.name));
            found.extend(analysed(ground, one, sheet));
        }
        let (table, file) = self::file(ground, one, (FileKind::Order, "order"))?;
        let order = order(one, &table, &file.name)?;
        files.push(file);
        found.extend((!order.rows.is_empty()).then_some(order));
    }
    Ok(found)
}

/// A file of the draw, made again where it is not there.
fn file(
    ground: &Ground<'_>,
    one: &One,
    (kind, table): (FileKind, &str),
) -> Result<(Table, DataFile), Failure> {
    let context = ground.source.context;
    let name = format!("draw-{:04}/{table}.parquet", one.draw());
    let path = context.out(&name);
    if !path.exists() {
        after::report(context, Some(one.number))?;
    }
    let bytes = crate::steps::read_file(&path)?;
    let (table, _) = parquet::read(&path).map_err(|error| words::parquet(&error))?;
    Ok((table, DataFile { kind, name, sha256: Some(sha256_hex(&bytes)) }))
}

impl Drawn {
    fn of(table: &Table) -> Result<Self, Failure> {
        let internal = |error| tables::internal(&error);
        let text = |name| table.text(name).map_err(internal);
        let real = |name| table.real(name).map_err(internal);
        let (facts, arms) = (text("fact")?, text("arm")?);
        let (means, sds) = (real("mean")?, real("sd")?);
        let (differences, ps) = (real("std_difference")?, real("p_value")?);
        let replays = table.int("n_replays").map_err(internal)?;
        let df = table.int("df").map_err(internal)?;
        let mut found = Self::default();
        for row in 0..table.rows() {
            let real = |column: &[Option<f64>]| column.get(row).copied().flatten();
            let int = |column: &[Option<i64>]| column.get(row).copied().flatten();
            let Some(fact) = facts.get(row).cloned().flatten() else { continue };
            if let Some(p) = real(ps).filter(|_| int(df).is_some_and(|it| it > 0)) {
                found.p.insert(fact.clone(), p);
            }
            found.replays = found.replays.or(int(replays).and_then(|it| u64::try_from(it).ok()));
            let Some(arm) = arms.get(row).cloned().flatten() else { continue };
            if !found.facts.contains(&fact) {
                found.facts.push(fact.clone());
            }
            let of = OfArm { mean: real(means), sd: real(sds), difference: real(differences) };
            found.of_arms.insert((fact, arm), of);
        }
        Ok(found)
    }
}

/// What a fact is called, and whether it is a share.
fn fact(one: &One, id: &str) -> (Title, bool) {
    let known = one.known.facts().iter().find(|it| it.id == id);
    match known {
        Some(it) => (Title::Text(it.name.of_report()), it.share),
        None => (Title::Text(Words::same(id)), id.contains('=')),
    }
}

fn mean(of: OfArm, share: bool) -> Value {
    if share {
        Value::Fraction(of.mean.into())
    } else {
        Value::Mean { mean: of.mean.into(), sd: of.sd.into() }
    }
}

fn all_drawn(one: &One, drawn: &Drawn, file: &str) -> Descriptive {
    let arms = one.arms();
    let mut columns = compared(Unit::Family, None, arms, Term::StdDifference);
    columns.push(column(Unit::Family, None, Title::Term(Term::PReplay)));
    let mut table = empty(Subject::Balance, Some(one.number), columns);
    file.clone_into(&mut table.file);
    table.replays = drawn.replays;
    for id in &drawn.facts {
        let (title, share) = fact(one, id);
        let of = |arm: &String| {
            drawn.of_arms.get(&(id.clone(), arm.clone())).copied().unwrap_or_default()
        };
        let mut cells: Vec<Value> = arms.iter().map(|arm| mean(of(arm), share)).collect();
        cells.extend(against(arms).map(|arm| Value::Decimal(of(arm).difference.into())));
        cells.push(p(drawn.p.get(id)));
        table.rows.push(row(RowKind::Plain, title, cells));
    }
    let mut cells = vec![Value::Empty; table.columns.len().saturating_sub(1)];
    cells.push(p(drawn.p.get(JOINT)));
    table.rows.push(row(RowKind::Total, Title::Term(Term::AllFacts), cells));
    table
}

fn p(p: Option<&f64>) -> Value {
    Value::P(p.copied().map_or(Number::Impossible, Number::Known))
}

/// The same facts of the families that are analysed: no test, since they were not chosen by lot.
fn analysed(ground: &Ground<'_>, one: &One, sheet: &mut Sheet) -> Option<Descriptive> {
    let kept = ground.seen.analysed.as_ref()?;
    let arms = one.arms();
    let columns = compared(Unit::Family, None, arms, Term::StdDifference);
    let mut table = empty(Subject::BalanceAnalysed, Some(one.number), columns);
    table.label = Some(kept.label.clone());
    table.horizon = Some(kept.horizon.clone());
    table.source = Some(kept.source.clone());
    let is_in: Vec<bool> =
        one.made.rows.iter().map(|it| kept.has(one.draw(), &it.unit_id)).collect();
    let in_arm = |arm: &str| {
        one.made.rows.iter().zip(&is_in).filter(|(it, is_in)| it.arm == arm && **is_in).count()
    };
    let mut cells: Vec<Value> =
        arms.iter().map(|arm| sheet.count(key(one, arm, "families"), in_arm(arm) as u64)).collect();
    cells.extend(against(arms).map(|_| Value::Empty));
    table.rows.push(row(RowKind::Base, Title::Stage(Stage::Analysed), cells));
    for fact in one.known.facts() {
        let known = fact.values.iter().zip(&is_in);
        let values: Vec<Option<f64>> =
            known.map(|(value, is_in)| value.filter(|_| *is_in)).collect();
        let means = arm_means(one.made.assigned(), &values);
        let mut cells: Vec<Value> = arms
            .iter()
            .zip(means)
            .map(|(arm, it)| {
                sheet.mean(key(one, arm, &fact.id), (it.n, it.mean, it.sd), fact.share)
            })
            .collect();
        for (at, arm) in against(arms).enumerate() {
            let difference = standardised_difference(one.made.assigned(), &values, at);
            let item = format!("{}:std_difference", fact.id);
            cells.push(Value::Decimal(sheet.value(key(one, arm, &item), difference)));
        }
        table.rows.push(row(RowKind::Plain, Title::Text(fact.name.of_report()), cells));
    }
    Some(table)
}

fn key<'k>(one: &One, arm: &'k str, item: &'k str) -> Key<'k> {
    let population = Some("analysed");
    Key { arm: Some(arm), population, item, ..of_families("analysed", one.draw()) }
}

/// Each order of the list, held against arms or ranks.
fn order(one: &One, table: &Table, file: &str) -> Result<Descriptive, Failure> {
    let own = |term| column(Unit::Family, None, Title::Term(term));
    let columns: Vec<DescriptiveColumn> =
        [Term::Statistic, Term::PReplay, Term::FirstTenth, Term::Expected].map(own).into();
    let mut shown = empty(Subject::Order, Some(one.number), columns);
    file.clone_into(&mut shown.file);
    let internal = |error| tables::internal(&error);
    let text = |name| table.text(name).map_err(internal);
    let real = |name| table.real(name).map_err(internal);
    let int = |name| table.int(name).map_err(internal);
    let (lists, against) = (text("list")?, text("against")?);
    let (statistics, ps, expected) =
        (real("statistic")?, real("p_value")?, real("expected_first_drawn")?);
    let (first, drawn) = (int("n_first")?, int("n_first_drawn")?);
    for at in 0..table.rows() {
        let real = |column: &[Option<f64>]| Number::from(column.get(at).copied().flatten());
        let count = |column: &[Option<i64>]| {
            let n = column.get(at).copied().flatten().and_then(|it| u64::try_from(it).ok());
            n.map_or(Cell::Impossible, Cell::Count)
        };
        let code =
            |column: &[Option<String>]| column.get(at).cloned().flatten().unwrap_or_default();
        let share = match count(first) {
            whole @ Cell::Count(_) => Value::Share { part: count(drawn), whole },
            other => Value::Count(other),
        };
        let expected = match real(expected) {
            Number::Missing => Number::Impossible,
            other => other,
        };
        let cells = vec![
            Value::Decimal(real(statistics)),
            Value::P(real(ps)),
            share,
            Value::Decimal(expected),
        ];
        let title = Title::Text(held_against(one, &code(lists), &code(against)));
        shown.rows.push(row(RowKind::Plain, title, cells));
    }
    Ok(shown)
}

/// `Rekkefølgen på listen, mot gruppe`
fn held_against(one: &One, list: &str, against: &str) -> Words {
    let known = one.known.orders().iter().find(|it| it.id == list);
    let list = match (known, list) {
        (Some(it), _) => it.name.clone(),
        (None, "office") => Text::new("Kontor", "Office"),
        (None, other) => Text::same(other),
    };
    let (nb, nn, en) = (list.nb.as_str(), list.get(Lang::Nn), list.en.as_str());
    let text = match against {
        "rank" => say!("{nb}, mot rang", nn "{nn}, mot rang", "{en}, against rank"),
        _ => say!("{nb}, mot gruppe", nn "{nn}, mot gruppe", "{en}, against arm"),
    };
    text.of_report()
}
