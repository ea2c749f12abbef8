//! Snapshots and months of the units drawn: families that were linked are read as one.
//!
//! A member of a linked family counts under the family that was drawn, a child with two homes under
//! one id. Where two of them tell of one date (and source and register) the lead's own row stands,
//! then the smallest id's, one that was withdrawn last. Months add up, and are known when every
//! family of the unit has told of them.

use super::zeros::zeros;

/// `units(family_id, unit_id)` and `persons(member_id, counted_as)` as linked in the draws that
/// stand at the cut; `moved(from_id, to_id)` has both, and each id that others are counted under.
macro_rules! linked {
    ($($sql:tt)+) => {
        concat!(
            "WITH standing AS (SELECT draw FROM draws AS version WHERE status <> 'VOID' \
             AND recorded_at = (SELECT MAX(recorded_at) FROM draws WHERE draw = version.draw \
             AND recorded_at <= :cut)), \
             units AS (SELECT family_id, unit_id FROM linked_families JOIN standing USING (draw) \
             WHERE recorded_at <= :cut), \
             persons AS (SELECT member_id, counted_as FROM linked_members \
             JOIN standing USING (draw) WHERE recorded_at <= :cut), \
             moved AS (SELECT family_id AS from_id, unit_id AS to_id FROM units \
             UNION SELECT unit_id, unit_id FROM units \
             UNION SELECT member_id, counted_as FROM persons \
             UNION SELECT counted_as, counted_as FROM persons) ",
            $($sql)+
        )
    };
}
pub(super) use linked;

/// Every version known at the cut: which one is current is for the panel's query to say.
pub(super) const SNAPSHOTS: &str = linked!(
    ", told AS (SELECT to_id, unit_id, status_date, source, register, \
         ROW_NUMBER() OVER (PARTITION BY to_id, status_date, source, register \
         ORDER BY record_status = 'TILBAKEKALT', unit_id <> to_id, unit_id) AS place \
         FROM snapshots AS version JOIN moved ON from_id = unit_id \
         WHERE recorded_at = (SELECT MAX(recorded_at) FROM snapshots \
         WHERE unit_id = version.unit_id AND status_date = version.status_date \
         AND source = version.source AND register = version.register AND recorded_at <= :cut)) \
         SELECT unit_kind, COALESCE(to_id, it.unit_id) AS counted_as, it.status_date, it.source, \
         it.register, occasion, recorded_at, record_status, it.unit_id, family_id, sealed \
         FROM snapshots AS it \
         LEFT JOIN told ON told.unit_id = it.unit_id AND told.status_date = it.status_date \
         AND told.source = it.source AND told.register = it.register \
         WHERE recorded_at <= :cut AND COALESCE(place, 1) = 1 \
         ORDER BY 2, it.status_date, it.source, it.register, recorded_at"
);

/// Every version known at the cut, but for the months that the roster told without a register. Of a
/// linked unit the current ones, `of_unit` being how many families must have told of a month.
pub(super) const MONTHLY: &str = linked!(
    zeros!(),
    ", told AS (SELECT unit_kind, unit_id, month, register, recorded_at, family_id, sealed \
     FROM monthly WHERE recorded_at <= :cut AND register <> 'ROSTER' \
     UNION ALL SELECT 'FAMILIE', family_id, month, register, recorded_at, family_id, NULL FROM zeros) \
     SELECT unit_kind, unit_id AS counted_as, month, register, recorded_at, unit_id, family_id, \
     sealed, NULL AS of_unit FROM told \
     WHERE NOT (unit_kind = 'FAMILIE' AND unit_id IN (SELECT from_id FROM moved)) \
     UNION ALL \
     SELECT unit_kind, to_id, month, register, recorded_at, unit_id, family_id, sealed, \
     (SELECT COUNT(*) FROM moved AS all_of WHERE all_of.to_id = moved.to_id) \
     FROM told AS version JOIN moved ON from_id = unit_id \
     WHERE unit_kind = 'FAMILIE' \
     AND recorded_at = (SELECT MAX(recorded_at) FROM told \
     WHERE unit_kind = version.unit_kind AND unit_id = version.unit_id \
     AND month = version.month AND register = version.register) \
     ORDER BY 1, 2, 3, 4, 5"
);

/// What stands of each member, year and register; of a child under two ids what its lead's says.
pub(super) const LAST_CONTACT: &str = linked!(
    "SELECT COALESCE(counted_as, version.member_id), version.member_id, year, register, \
     version.recorded_at, family_id, sealed FROM last_contact AS version \
     LEFT JOIN persons ON persons.member_id = version.member_id \
     WHERE version.recorded_at = (SELECT MAX(recorded_at) FROM last_contact \
     WHERE member_id = version.member_id AND year = version.year \
     AND register = version.register AND recorded_at <= :cut) \
     AND (counted_as IS NULL OR NOT EXISTS (SELECT 1 FROM last_contact AS lead \
     WHERE lead.member_id = counted_as AND lead.year = version.year \
     AND lead.register = version.register AND lead.recorded_at <= :cut)) ORDER BY 1, 2, 3, 4"
);
