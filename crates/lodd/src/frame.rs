//! Named columns, one row a unit: what `where`, derived columns and an estimator's columns are read
//! from.

mod functions;

use lodd_store::{Column, Kind, Table, Values, query::Engine, query::QueryError};

use crate::text::{Lang, Text, say};

/// The name under which an expression sees the rows.
const TABLE: &str = "rows";

/// Columns of equal length under unique names.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    table: Table,
}

/// What is wrong with a column, and in which row (from 0) where it is one row.
#[derive(Clone, Debug)]
pub(crate) struct Wrong {
    pub(crate) row: Option<usize>,
    pub(crate) why: Text,
}

impl Wrong {
    /// What is wrong, with the row it is in (from 1).
    pub(crate) fn words(&self) -> Text {
        let (nb, nn, en) = (&self.why.nb, self.why.get(Lang::Nn), &self.why.en);
        match self.row.map(|it| it + 1) {
            Some(row) => say!("{nb} (rad {row})", nn "{nn} (rad {row})", "{en} (row {row})"),
            None => self.why.clone(),
        }
    }
}

impl Frame {
    /// Columns, whose names must differ.
    pub(crate) fn new(columns: Vec<Column>) -> Result<Self, Text> {
        Table::new(TABLE, columns)
            .map(|table| Self { table })
            .map_err(|error| Text::same(error.to_string()))
    }

    pub(crate) fn rows(&self) -> usize {
        self.table.rows()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.table.columns().iter().map(|it| it.name.as_str())
    }

    /// Whether a column holds numbers.
    pub(crate) fn is_number(&self, name: &str) -> bool {
        self.table.values(name).is_ok_and(|it| it.kind() != Kind::Text)
    }

    /// The values of a column of numbers; truth values are 1 and 0.
    pub(crate) fn numbers(&self, name: &str) -> Result<Vec<Option<f64>>, Wrong> {
        let wrong = |row, why| Wrong { row, why };
        let values = match self.table.values(name) {
            Ok(Values::Int(values) | Values::Instant(values)) => {
                values.iter().map(|it| it.map(|it| it as f64)).collect()
            }
            Ok(Values::Real(values)) => values.clone(),
            Ok(Values::Bool(values)) => {
                values.iter().map(|it| it.map(|it| f64::from(u8::from(it)))).collect()
            }
            Ok(Values::Date(values)) => values.iter().map(|it| it.map(f64::from)).collect(),
            Ok(Values::Text(values)) => {
                let row = values.iter().position(Option::is_some);
                let why = say!(
                    "`{name}` må være tall, og er tekst", nn "`{name}` må vere tal, og er tekst",
                    "`{name}` must be numbers, and is text"
                );
                return Err(wrong(row, why));
            }
            Err(_) => return Err(wrong(None, no_column(name))),
        };
        match values.iter().position(|it: &Option<f64>| it.is_some_and(|it| !it.is_finite())) {
            Some(row) => Err(wrong(
                Some(row),
                say!(
                    "`{name}` må være et endelig tall",
                    nn "`{name}` må vere eit endeleg tal",
                    "`{name}` must be a finite number"
                ),
            )),
            None => Ok(values),
        }
    }

    /// The values of a column as labels.
    pub(crate) fn labels(&self, name: &str) -> Result<Vec<Option<String>>, Wrong> {
        match self.table.values(name) {
            Ok(Values::Text(values)) => Ok(values.clone()),
            Ok(_) => {
                Ok(self.numbers(name)?.into_iter().map(|it| it.map(|it| it.to_string())).collect())
            }
            Err(_) => Err(Wrong { row: None, why: no_column(name) }),
        }
    }

    /// Adds a column by an expression over the others; numbers, else text.
    pub(crate) fn derive(&mut self, name: &str, sql: &str) -> Result<(), Text> {
        let values = match self.expression(sql, Kind::Real) {
            Err(QueryError::OtherKind { .. }) => self.expression(sql, Kind::Text),
            other => other,
        };
        let column = values.map_err(|error| refused(&error))?;
        let mut columns = self.table.columns().to_vec();
        columns.push(Column::new(name, column));
        *self = Self::new(columns)?;
        Ok(())
    }

    /// For each row whether an expression is true: neither false nor null.
    pub(crate) fn holds(&self, sql: &str) -> Result<Vec<bool>, Text> {
        let condition = format!("CASE WHEN {sql}\nTHEN 1 ELSE 0 END");
        match self.expression(&condition, Kind::Bool) {
            Ok(Values::Bool(values)) => Ok(values.iter().map(|it| *it == Some(true)).collect()),
            Ok(_) => Err(Text::same(sql)),
            Err(error) => Err(refused(&error)),
        }
    }

    fn expression(&self, sql: &str, kind: Kind) -> Result<Values, QueryError> {
        let (table, sql) = functions::resolved(&self.table, sql, &evaluated)?;
        evaluated(&table, &sql, kind)
    }
}

/// The values of an expression over a table's columns.
fn evaluated(table: &Table, sql: &str, kind: Kind) -> Result<Values, QueryError> {
    let engine = Engine::new()?;
    engine.register(table)?;
    let query = format!("SELECT ({sql}\n) AS value FROM {TABLE} ORDER BY rowid");
    let table = engine.run(&query, "expression", &[("value", kind)])?;
    Ok(table.values("value")?.clone())
}

impl Frame {
    /// The same columns with only some of the rows.
    pub(crate) fn gather(&self, rows: &[usize]) -> Result<Self, Text> {
        let gathered = self.table.columns().iter().map(|it| {
            let values = match &it.values {
                Values::Text(values) => Values::Text(gather(values, rows)),
                Values::Int(values) => Values::Int(gather(values, rows)),
                Values::Real(values) => Values::Real(gather(values, rows)),
                Values::Bool(values) => Values::Bool(gather(values, rows)),
                Values::Date(values) => Values::Date(gather(values, rows)),
                Values::Instant(values) => Values::Instant(gather(values, rows)),
            };
            Column::new(it.name.as_str(), values)
        });
        Self::new(gathered.collect())
    }
}

/// The elements at some places.
pub(crate) fn gather<T: Clone>(values: &[T], rows: &[usize]) -> Vec<T> {
    rows.iter().filter_map(|row| values.get(*row).cloned()).collect()
}

pub(crate) fn no_column(name: &str) -> Text {
    say!(
        "det finnes ingen kolonne `{name}`",
        nn "det finst ingen kolonne `{name}`",
        "there is no column `{name}`"
    )
}

/// The engine's own words: they name the column or the character that is wrong.
fn refused(error: &QueryError) -> Text {
    let why = match error {
        QueryError::Sql { source, .. } => source.to_string(),
        other => other.to_string(),
    };
    // What follows is the query that we made around the expression.
    let why = why.split(" in SELECT").next().unwrap_or_default().to_owned();
    say!(
        "uttrykket kan ikke regnes ut: {why}",
        nn "uttrykket kan ikkje reknast ut: {why}",
        "the expression can't be computed: {why}"
    )
}
