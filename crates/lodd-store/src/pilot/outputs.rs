//! The store's own tables as they are given out, each as its schema says.

use super::Pilot;
use crate::{
    StoreError, Table,
    query::collect,
    schema::{ASSIGNMENTS, SCREENING, Schema},
};

impl Pilot {
    /// The assignments of all draws, as [`ASSIGNMENTS`] says; by draw, block, ordinal and unit.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn assignments_table(&self) -> Result<Table, StoreError> {
        let sql = "SELECT draws.draw, unit_kind, unit_id, block, ordinal, ticket, rank, arm, \
                   probability, origin FROM assignments \
                   JOIN draw_units USING (draw, unit_kind, unit_id) \
                   JOIN draws ON draws.draw = assignments.draw \
                   AND draws.recorded_at = assignments.recorded_at \
                   ORDER BY draws.draw, block, ordinal NULLS LAST, unit_kind, unit_id";
        self.output(sql, &ASSIGNMENTS)
    }

    /// The latest screening, as [`SCREENING`] says; by family, its rules in the protocol's order.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn screening_table(&self) -> Result<Table, StoreError> {
        let sql = "SELECT family_id, office_id, eligible, rule, passed, reason_nb, reason_nn, \
                   reason_en FROM screenings JOIN screening_rules USING (screening_id, family_id) \
                   WHERE screening_id = (SELECT MAX(screening_id) FROM screenings) \
                   ORDER BY family_id, place";
        self.output(sql, &SCREENING)
    }

    fn output(&self, sql: &str, schema: &Schema) -> Result<Table, StoreError> {
        Ok(collect(&self.connection, sql, [], schema.name, &schema.kinds())?)
    }
}
