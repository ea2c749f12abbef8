-- One column a rule: 1, 0 or NULL.
held AS (
  SELECT c.family_id, c.office_id{rules}
  FROM seen c
),
judged AS (
  SELECT h.*, CASE WHEN {eligible} THEN 1 ELSE 0 END AS eligible
  FROM held h
),
listed AS (
{rows}
)
SELECT l.family_id, l.office_id, l.eligible, l.rule, l.passed
FROM listed l
ORDER BY l.family_id ASC NULLS LAST, l.rule_order ASC NULLS LAST
