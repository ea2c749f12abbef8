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
    /// The order of the reserve is not in it: with its ordinal a unit is found in `result.csv`, and
    /// so its rank. All three are missing, and the rows then in the order of the ids.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn assignments_table(&self) -> Result<Table, StoreError> {
        let sql = "WITH shown AS (SELECT assignments.*, block, origin, \
                   unit_kind <> 'FAMILIE' OR json_array_length(arms) <> 2 OR arm = arms ->> 0 \
                   OR EXISTS (SELECT 1 FROM offers_closed AS closed \
                   WHERE closed.draw = assignments.draw AND closed.block = draw_units.block) AS seen \
                   FROM assignments JOIN draw_units USING (draw, unit_kind, unit_id) \
                   JOIN draws ON draws.draw = assignments.draw \
                   AND draws.recorded_at = assignments.recorded_at) \
                   SELECT draw, unit_kind, unit_id, block, iif(seen, ordinal, NULL) AS ordinal, \
                   iif(seen, ticket, NULL) AS ticket, iif(seen, rank, NULL) AS rank, arm, \
                   probability, (probability IS NULL OR probability <> '1') \
                   AND NOT coalesce(blind AND before_locking, 0) AS compared, \
                   fact_on AS struck_on, origin \
                   FROM shown LEFT JOIN struck USING (draw, unit_kind, unit_id) ORDER BY draw, block, 5 NULLS LAST, unit_kind, unit_id";
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
