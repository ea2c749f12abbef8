//! Functions of one number that expressions have beside those of `SQLite`: each call becomes a column
//! of its own, made here, so that it is the same number on every machine.

use std::borrow::Cow;

use lodd_store::{Column, Kind, Table, Values, query::QueryError};

/// Of one number.
type Function = fn(f64) -> f64;

/// Names with what they compute; what is not a number is null.
const FUNCTIONS: [(&str, Function); 4] =
    [("ln", libm::log), ("log10", libm::log10), ("exp", libm::exp), ("sqrt", libm::sqrt)];

/// A call in an expression: where it begins and ends, and where its argument does.
struct Call {
    from: usize,
    argument: (usize, usize),
    function: Function,
}

/// The table with a column for each call, and the expression over it. `evaluate` gives the numbers
/// of an expression over a table.
///
/// # Errors
///
/// If an argument can't be evaluated.
pub(super) fn resolved<'t>(
    table: &'t Table,
    sql: &str,
    evaluate: &dyn Fn(&Table, &str, Kind) -> Result<Values, QueryError>,
) -> Result<(Cow<'t, Table>, String), QueryError> {
    let (mut table, mut sql) = (Cow::Borrowed(table), sql.to_owned());
    while let Some(call) = innermost(&sql) {
        let (start, end) = call.argument;
        let argument = sql.get(start..end).unwrap_or_default().to_owned();
        let Values::Real(values) = evaluate(&table, &argument, Kind::Real)? else { break };
        let of = |it: f64| Some((call.function)(it)).filter(|it| it.is_finite());
        let values = values.into_iter().map(|it| it.and_then(of)).collect();
        let name = free_name(&table);
        let mut columns = table.columns().to_vec();
        columns.push(Column::new(name.as_str(), Values::Real(values)));
        table = Cow::Owned(Table::new(table.name(), columns)?);
        sql.replace_range(call.from..=end, &format!("\"{name}\""));
    }
    Ok((table, sql))
}

/// A name that no column has.
fn free_name(table: &Table) -> String {
    let taken = |name: &String| table.columns().iter().any(|it| it.name == *name);
    let mut names = (0_usize..).map(|at| format!("function {at}"));
    names.find(|it| !taken(it)).unwrap_or_default()
}

/// The last call that begins in an expression, which holds no other.
fn innermost(sql: &str) -> Option<Call> {
    let outside = outside_quotes(sql);
    let mut calls = FUNCTIONS
        .iter()
        .flat_map(|(name, function)| {
            let lower = sql.to_ascii_lowercase();
            let places: Vec<usize> = lower.match_indices(name).map(|it| it.0).collect();
            places
                .into_iter()
                .filter_map(|from| call(sql, &outside, (from, name, *function)))
                .collect::<Vec<_>>()
        })
        .collect::<Vec<_>>();
    calls.sort_by_key(|it| it.from);
    calls.pop()
}

fn call(
    sql: &str,
    outside: &[bool],
    (from, name, function): (usize, &str, Function),
) -> Option<Call> {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let before = sql.get(..from)?.chars().next_back();
    let after = sql.get(from + name.len()..)?;
    let blank = after.len() - after.trim_start().len();
    let opens = after.trim_start().starts_with('(');
    if !*outside.get(from)? || before.is_some_and(is_word) || !opens {
        return None;
    }
    let start = from + name.len() + blank + 1;
    let mut depth = 1_u32;
    for (at, letter) in sql.get(start..)?.char_indices() {
        if outside.get(start + at) != Some(&true) {
            continue;
        }
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(Call { from, argument: (start, start + at), function });
        }
    }
    None
}

/// For each byte whether it lies outside quotes.
fn outside_quotes(sql: &str) -> Vec<bool> {
    let mut quote = None;
    let outside = sql.bytes().map(|byte| {
        if let Some(own) = quote {
            if byte == own {
                quote = None;
            }
            return false;
        }
        quote = (byte == b'\'' || byte == b'"').then_some(byte);
        quote.is_none()
    });
    outside.collect()
}
