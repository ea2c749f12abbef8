//! Queries, run by `SQLite` in memory. Nothing plain touches the disk.
//!
//! Inputs are registered as tables: dates as integer days, instants as integer µs, truth values
//! as 1 and 0. The caller declares what comes out, since `SQLite`'s own types are not enough to
//! know.

mod rows;

pub(crate) use rows::collect;

use rusqlite::{Connection, config::DbConfig, types::Value as Sql};

use crate::{Column, Kind, Table, TableError, Values};

/// Why a query can't be run. No variant carries a value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum QueryError {
    #[error("query `{query}` can't be run: {source}")]
    Sql { query: String, source: rusqlite::Error },
    #[error("query `{query}` must only read, and be one statement")]
    NotOneSelect { query: String },
    #[error("query `{query}` must give the columns {expected}, it gives {found}")]
    OtherColumns { query: String, expected: String, found: String },
    #[error(
        "query `{query}` must give {expected} in column `{column}`, row {row}: it gives {found}"
    )]
    OtherKind { query: String, column: String, row: usize, expected: Kind, found: String },
    #[error("table `{table}` can't be registered: {source}")]
    Register { table: String, source: rusqlite::Error },
    #[error(transparent)]
    Table(#[from] TableError),
}

/// An empty in-memory database, to register tables in and to query.
#[derive(Debug)]
pub struct Engine {
    connection: Connection,
}

/// Runs one query over tables: registers `inputs`, runs `sql`, and names the result `name`.
/// `columns` are the names and kinds that it must give, in order.
///
/// ```
/// use lodd_store::{Column, Kind, Table, query};
///
/// let months = Table::new("monthly", vec![Column::int("grant", [Some(5_000), None])])?;
/// let sum = query::run(&[months], "SELECT SUM(grant) AS nok FROM monthly", "sum", &[("nok", Kind::Int)])?;
/// assert_eq!(sum.int("nok")?, [Some(5_000)]);
///
/// let wrong = query::run(&[], "SELECT 'a' AS nok", "wrong", &[("nok", Kind::Int)]);
/// assert_eq!(
///     wrong.unwrap_err().to_string(),
///     "query `wrong` must give integer in column `nok`, row 1: it gives text",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// If a table can't be registered, the SQL is refused, or the result is not as declared.
pub fn run(
    inputs: &[Table],
    sql: &str,
    name: &str,
    columns: &[(&str, Kind)],
) -> Result<Table, QueryError> {
    let engine = Engine::new()?;
    for table in inputs {
        engine.register(table)?;
    }
    engine.run(sql, name, columns)
}

impl Engine {
    /// Opens an empty database in memory.
    ///
    /// # Errors
    ///
    /// If `SQLite` can't (out of memory).
    pub fn new() -> Result<Self, QueryError> {
        let open = || {
            let connection = Connection::open_in_memory()?;
            connection.pragma_update(None, "temp_store", "MEMORY")?;
            connection.pragma_update(None, "trusted_schema", false)?;
            // Else a misspelt name in double quotes would be a text.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
            Ok(connection)
        };
        let connection =
            open().map_err(|source| QueryError::Sql { query: "open".to_owned(), source })?;
        Ok(Self { connection })
    }

    /// Registers a table under its name.
    ///
    /// # Errors
    ///
    /// If the name is taken, or names of columns differ in case only.
    pub fn register(&self, table: &Table) -> Result<(), QueryError> {
        self.insert(table)
            .map_err(|source| QueryError::Register { table: table.name().to_owned(), source })
    }

    fn insert(&self, table: &Table) -> rusqlite::Result<()> {
        let columns: Vec<String> = table.columns().iter().map(declaration).collect();
        let name = quoted(table.name());
        let marks = vec!["?"; columns.len()].join(", ");
        let transaction = self.connection.unchecked_transaction()?;
        transaction.execute(&format!("CREATE TABLE {name} ({})", columns.join(", ")), [])?;
        {
            let mut insert =
                transaction.prepare(&format!("INSERT INTO {name} VALUES ({marks})"))?;
            for row in 0..table.rows() {
                let values = table.columns().iter().map(|it| sql_value(&it.values, row));
                insert.execute(rusqlite::params_from_iter(values))?;
            }
        }
        transaction.commit()
    }

    /// Runs one `SELECT` over the registered tables.
    ///
    /// # Errors
    ///
    /// If the SQL is refused, is not one reading statement, or gives other columns than declared.
    pub fn run(
        &self,
        sql: &str,
        name: &str,
        columns: &[(&str, Kind)],
    ) -> Result<Table, QueryError> {
        collect(&self.connection, sql, [], name, columns)
    }
}

fn declaration(column: &Column) -> String {
    let affinity = match column.values.kind() {
        Kind::Text => "TEXT",
        Kind::Real => "REAL",
        Kind::Int | Kind::Bool | Kind::Date | Kind::Instant => "INTEGER",
    };
    format!("{} {affinity}", quoted(&column.name))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn sql_value(values: &Values, row: usize) -> Sql {
    fn or_null<T: Clone>(values: &[Option<T>], row: usize, into: impl FnOnce(T) -> Sql) -> Sql {
        values.get(row).cloned().flatten().map_or(Sql::Null, into)
    }
    match values {
        Values::Text(values) => or_null(values, row, Sql::Text),
        Values::Int(values) | Values::Instant(values) => or_null(values, row, Sql::Integer),
        Values::Real(values) => or_null(values, row, Sql::Real),
        Values::Bool(values) => or_null(values, row, |it| Sql::Integer(i64::from(it))),
        Values::Date(values) => or_null(values, row, |it| Sql::Integer(i64::from(it))),
    }
}
