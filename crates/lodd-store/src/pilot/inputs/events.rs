//! Who was in a family on the day of its draw, and when a unit was said to have died, withdrawn or
//! moved: from the events, as known at a cut.

use super::{Input, linked::linked};
use crate::Kind;

/// The members of drawn families. `in_itt` says whether the member was present on the draw's date.
///
/// Who stands on the locked roster was. An event that says otherwise counts only if it was recorded
/// before the draw's result was shown: nobody who knows the arms decides who is counted.
pub(super) const MEMBERS: Input = Input {
    name: "members",
    sql: linked!(
        ", drawn AS (SELECT family_id, MIN(drawn_on) AS drawn_on, MIN(shown_at) AS shown_at FROM \
         (SELECT it.unit_id AS family_id, drawn_on, shown_at FROM assignments AS it \
         JOIN standing USING (draw) JOIN draws ON draws.draw = it.draw \
         AND draws.recorded_at = it.recorded_at \
         WHERE it.recorded_at <= :cut AND it.unit_kind = 'FAMILIE' \
         UNION ALL \
         SELECT units.family_id, drawn_on, shown_at FROM units \
         JOIN assignments AS it ON it.unit_id = units.unit_id AND it.unit_kind = 'FAMILIE' \
         JOIN standing ON standing.draw = it.draw JOIN draws ON draws.draw = it.draw \
         AND draws.recorded_at = it.recorded_at WHERE it.recorded_at <= :cut) GROUP BY family_id), \
         blind AS (SELECT member_id, listed, drawn_on, valid_from, valid_to \
         FROM household_spells AS version JOIN drawn USING (family_id) \
         WHERE retracted = 0 AND recorded_at = (SELECT MAX(recorded_at) FROM household_spells \
         WHERE member_id = version.member_id AND valid_from = version.valid_from \
         AND recorded_at <= :cut AND recorded_at < drawn.shown_at)), \
         present AS (SELECT member_id FROM blind \
         WHERE (listed = 1 OR valid_from <= drawn_on) \
         AND (valid_to IS NULL OR valid_to >= drawn_on)), \
         gone AS (SELECT member_id FROM blind WHERE listed = 1), \
         newcomers AS (SELECT DISTINCT member_id FROM household_spells AS spell \
         WHERE recorded_at = (SELECT MIN(recorded_at) FROM members \
         WHERE member_id = spell.member_id)) \
         SELECT member_id, COALESCE(unit_id, version.family_id) AS family_id, role, birth_year, \
         CASE WHEN member_id IN (SELECT member_id FROM present) THEN 1 \
         WHEN member_id IN (SELECT member_id FROM newcomers) THEN 0 \
         WHEN member_id IN (SELECT member_id FROM gone) THEN 0 ELSE 1 END AS in_itt \
         FROM members AS version LEFT JOIN units ON units.family_id = version.family_id \
         WHERE recorded_at = (SELECT MAX(recorded_at) FROM members \
         WHERE member_id = version.member_id AND recorded_at <= :cut) \
         AND member_id NOT IN (SELECT member_id FROM persons) \
         AND member_id NOT IN (SELECT unit_id FROM roster_marks AS mark \
         WHERE mark = 'UTMELDT' AND value IS NOT NULL AND recorded_at = (SELECT MAX(recorded_at) \
         FROM roster_marks WHERE unit_id = mark.unit_id AND mark = 'UTMELDT' \
         AND recorded_at <= :cut)) ORDER BY member_id"
    ),
    columns: &[
        ("member_id", Kind::Text),
        ("family_id", Kind::Text),
        ("role", Kind::Text),
        ("birth_year", Kind::Int),
        ("in_itt", Kind::Int),
    ],
};

/// From when, and until the day before when, a unit was out by an event: `DOD`, `TRAKK_SAMTYKKE` (of
/// the consent to research) or `FLYTTET` (to a municipality that its office never had). What is
/// told of a linked family that is not the unit drawn holds for its members.
pub(super) const EXITS: Input = Input {
    name: "exits",
    sql: linked!(
        ", spells AS (SELECT member_id, valid_to, reason_out FROM household_spells AS version \
         WHERE retracted = 0 AND recorded_at = (SELECT MAX(recorded_at) FROM household_spells \
         WHERE member_id = version.member_id AND valid_from = version.valid_from \
         AND recorded_at <= :cut)), \
         answers AS (SELECT member_id, at, answer, withdrawn_at FROM consents AS version \
         WHERE retracted = 0 AND kind = 'FORSKNING' AND recorded_at = (SELECT MAX(recorded_at) \
         FROM consents WHERE member_id = version.member_id AND kind = version.kind \
         AND at = version.at AND recorded_at <= :cut)), \
         moves AS (SELECT family_id, moved_on, municipality FROM family_moves AS version \
         WHERE retracted = 0 AND recorded_at = (SELECT MAX(recorded_at) FROM family_moves \
         WHERE family_id = version.family_id AND moved_on = version.moved_on \
         AND recorded_at <= :cut)), \
         people AS (SELECT member_id, family_id, role FROM members AS version \
         WHERE recorded_at = (SELECT MAX(recorded_at) FROM members \
         WHERE member_id = version.member_id AND recorded_at <= :cut)), \
         homes AS (SELECT family_id, municipality FROM families AS version \
         JOIN offices USING (office_id) WHERE version.recorded_at = (SELECT MAX(recorded_at) \
         FROM families WHERE family_id = version.family_id AND recorded_at <= :cut) \
         AND offices.recorded_at <= :cut), \
         told AS (SELECT member_id AS id, 'DOD' AS reason, valid_to AS from_on, NULL AS until_on \
         FROM spells WHERE reason_out = 'DOD' \
         UNION ALL SELECT member_id, 'TRAKK_SAMTYKKE', withdrawn_at, (SELECT MIN(later.at) \
         FROM answers AS later WHERE later.member_id = answers.member_id AND later.answer = 'JA' \
         AND later.at > answers.withdrawn_at) FROM answers WHERE withdrawn_at IS NOT NULL \
         UNION ALL SELECT family_id, 'FLYTTET', moved_on, (SELECT MIN(later.moved_on) \
         FROM moves AS later WHERE later.family_id = moves.family_id \
         AND later.moved_on > moves.moved_on) FROM moves WHERE NOT EXISTS (SELECT 1 FROM homes \
         WHERE homes.family_id = moves.family_id AND homes.municipality = moves.municipality)), \
         placed AS (SELECT 'FAMILIE' AS unit_kind, id AS unit_id, reason, from_on, until_on \
         FROM told WHERE id IN (SELECT family_id FROM families) \
         AND id NOT IN (SELECT family_id FROM units) \
         UNION ALL SELECT CASE WHEN role = 'BARN' THEN 'BARN' ELSE 'VOKSEN' END, \
         COALESCE(counted_as, people.member_id), reason, from_on, until_on FROM told \
         JOIN people ON people.member_id = told.id OR (people.family_id = told.id \
         AND told.id IN (SELECT family_id FROM units)) \
         LEFT JOIN persons ON persons.member_id = people.member_id) \
         SELECT unit_kind, unit_id, reason, from_on, until_on FROM placed \
         ORDER BY unit_kind, unit_id, reason, from_on, until_on"
    ),
    columns: &[
        ("unit_kind", Kind::Text),
        ("unit_id", Kind::Text),
        ("reason", Kind::Text),
        ("from_on", Kind::Date),
        ("until_on", Kind::Date),
    ],
};
