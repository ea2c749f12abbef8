//! Months without a row that are 0: of families looked up in a municipality's complete file of the
//! year, while they lived there (data model, section 2). All other months without a row are unknown.

/// `zeros(family_id, month, register, recorded_at)` at the cut, after `linked!`'s tables. Who lived
/// where is `homes` here and nowhere else: at the office's municipality, whose file its own office
/// delivered, until the family moved; the month of a move is nobody's.
macro_rules! zeros {
    () => {
        ", moves AS (SELECT family_id, moved_on, municipality, \
         CAST(strftime('%Y', moved_on * 86400, 'unixepoch') AS INTEGER) * 12 \
         + CAST(strftime('%m', moved_on * 86400, 'unixepoch') AS INTEGER) - 1 AS in_month \
         FROM family_moves AS version WHERE retracted = 0 AND recorded_at = \
         (SELECT MAX(recorded_at) FROM family_moves WHERE family_id = version.family_id \
         AND moved_on = version.moved_on AND recorded_at <= :cut)), \
         nth(n) AS (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11)), \
         stated AS (SELECT family_id, municipality, register, year, year * 12 + n AS month, \
         MAX(it.recorded_at, file.recorded_at) AS recorded_at \
         FROM register_families AS it JOIN register_files AS file \
         USING (municipality, register, year) CROSS JOIN nth \
         WHERE it.complete = 1 AND file.complete = 1 \
         AND it.recorded_at = (SELECT MAX(recorded_at) FROM register_families \
         WHERE family_id = it.family_id AND municipality = it.municipality \
         AND register = it.register AND year = it.year AND recorded_at <= :cut) \
         AND file.recorded_at = (SELECT MAX(recorded_at) FROM register_files \
         WHERE municipality = file.municipality AND register = file.register \
         AND year = file.year AND recorded_at <= :cut)), \
         homes AS (SELECT stated.*, COALESCE((SELECT moves.municipality = stated.municipality \
         AND in_month < stated.month FROM moves WHERE moves.family_id = stated.family_id \
         AND in_month <= stated.month ORDER BY moved_on DESC LIMIT 1), 1) AS lived_there \
         FROM stated), \
         zeros AS (SELECT family_id, month, register, MAX(recorded_at) AS recorded_at FROM homes \
         WHERE lived_there AND family_id NOT IN (SELECT family_id FROM erasures) \
         AND NOT EXISTS (SELECT 1 FROM monthly WHERE unit_kind = 'FAMILIE' \
         AND unit_id = homes.family_id AND monthly.month = homes.month \
         AND monthly.register = homes.register AND monthly.recorded_at <= :cut) \
         GROUP BY family_id, month, register)"
    };
}
pub(super) use zeros;
