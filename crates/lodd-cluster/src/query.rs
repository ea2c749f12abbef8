//! The panel's text as an engine takes it: each part that is read more than once is worked out
//! once.

use std::{collections::BTreeMap, ops::ControlFlow, sync::Arc};

use datafusion::{
    arrow::array::RecordBatch,
    datasource::MemTable,
    error::{DataFusionError, Result},
    physical_plan::collect,
    prelude::SessionContext,
    sql::{
        parser::{DFParser, Statement},
        sqlparser::ast::{Statement as Sql, visit_relations},
    },
};

/// A named part of the text: what stands after `WITH`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stage {
    name: String,
    sql: String,
    /// Whether it is read more than once.
    shared: bool,
}

/// A text, taken apart at its common table expressions. Engines put these in wherever they are
/// read; here the window over all snapshots alone is read nine times.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    stages: Vec<Stage>,
    body: String,
}

impl Query {
    /// # Errors
    ///
    /// If the text is not one query.
    pub(crate) fn new(text: &str) -> Result<Self> {
        let refuse = || DataFusionError::Plan("the text must be one query".to_owned());
        let mut statements = DFParser::parse_sql(text)?;
        let Some(Statement::Statement(statement)) = statements.pop_front() else {
            return Err(refuse());
        };
        let Sql::Query(mut query) = *statement else { return Err(refuse()) };
        let with = query.with.take().map(|it| it.cte_tables).unwrap_or_default();
        let mut reads: BTreeMap<String, usize> = BTreeMap::new();
        let mut count = |name: String| *reads.entry(name).or_default() += 1;
        for expression in &with {
            relations(&expression.query, &mut count);
        }
        relations(&query, &mut count);
        let stage = |it: &datafusion::sql::sqlparser::ast::Cte| {
            let name = it.alias.name.value.clone();
            let shared = reads.get(&name).is_some_and(|times| *times > 1);
            Stage { name, sql: it.query.to_string(), shared }
        };
        Ok(Self { stages: with.iter().map(stage).collect(), body: query.to_string() })
    }

    /// Runs it over the tables of a session, and leaves its parts there as tables.
    ///
    /// # Errors
    ///
    /// If the engine refuses the text, or runs out of memory or disk.
    pub(crate) async fn run(&self, session: &SessionContext) -> Result<Vec<RecordBatch>> {
        for stage in &self.stages {
            let frame = session.sql(&stage.sql).await?;
            if stage.shared {
                let plan = frame.create_physical_plan().await?;
                let schema = plan.schema();
                let rows = collect(plan, session.task_ctx()).await?;
                let table = MemTable::try_new(schema, vec![rows])?;
                session.register_table(stage.name.as_str(), Arc::new(table))?;
            } else {
                session.register_table(stage.name.as_str(), frame.into_view())?;
            }
        }
        session.sql(&self.body).await?.collect().await
    }
}

/// Names every table that a query reads.
fn relations(query: &datafusion::sql::sqlparser::ast::Query, each: &mut impl FnMut(String)) {
    let _ = visit_relations(query, |name| {
        each(name.to_string());
        ControlFlow::<()>::Continue(())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_read_twice_are_shared() {
        let text = "WITH a AS (SELECT 1 AS n), b AS (SELECT n FROM a), c AS (SELECT n FROM a) \
                    SELECT b.n FROM b JOIN c ON b.n = c.n";
        let query = Query::new(text).unwrap();
        let shared: Vec<(&str, bool)> =
            query.stages.iter().map(|it| (it.name.as_str(), it.shared)).collect();
        assert_eq!(shared, [("a", true), ("b", false), ("c", false)]);
        assert!(!query.body.contains("WITH"), "{}", query.body);
    }

    #[test]
    fn the_panel_s_text_is_one_query() {
        let query = Query::new(&lodd_panel::panel::sql()).unwrap();
        assert!(query.stages.iter().any(|it| it.name == "versions" && it.shared));
        assert!(Query::new("DROP TABLE snapshots").is_err());
    }
}
