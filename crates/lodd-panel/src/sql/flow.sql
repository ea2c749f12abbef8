WITH
-- In the rows below, 0 and '' stand for none.
levels AS (
  SELECT 1 AS level_order, 'FAMILIE' AS unit_kind
  UNION ALL
  SELECT 2 AS level_order, 'VOKSEN' AS unit_kind
  UNION ALL
  SELECT 3 AS level_order, 'BARN' AS unit_kind
),
units AS (
  SELECT a.draw, a.arm, 'FAMILIE' AS unit_kind, 1 AS level_order, a.family_id AS unit_id,
    a.family_id
  FROM assignments a
  UNION ALL
  SELECT a.draw, a.arm, CASE WHEN m.role = 'BARN' THEN 'BARN' ELSE 'VOKSEN' END AS unit_kind,
    CASE WHEN m.role = 'BARN' THEN 3 ELSE 2 END AS level_order, m.member_id AS unit_id,
    a.family_id
  FROM assignments a
  JOIN members m ON m.family_id = a.family_id
  WHERE m.in_itt = 1 AND m.role IN ('FORELDER', 'PARTNER', 'BARN')
),
arms AS (
  SELECT l.level_order, a.draw, a.arm
  FROM levels l
  CROSS JOIN (
    SELECT b.draw, b.arm FROM assignments b
    UNION
    SELECT e.draw, e.arm FROM erased e
  ) a
),
{screened}{drawn}{asked}{members}{followed}{analysed}{offices}counts AS (
{counts}
)
SELECT k.cut_us, NULLIF(c.draw, 0) AS draw,
  CASE c.level_order WHEN 0 THEN 'office' WHEN 1 THEN 'family' WHEN 2 THEN 'adult'
    ELSE 'child' END AS level,
  NULLIF(c.arm, '') AS arm, c.stage, NULLIF(c.horizon, '') AS horizon,
  NULLIF(c.source, '') AS source, NULLIF(c.register, '') AS register,
  NULLIF(c.outcome_id, '') AS outcome_id, NULLIF(c.reason, '') AS reason, c.n AS "count"
FROM counts c
CROSS JOIN cut k
ORDER BY c.draw ASC NULLS LAST, c.level_order ASC NULLS LAST, c.arm ASC NULLS LAST,
  {stage_rank} ASC NULLS LAST, c.horizon_order ASC NULLS LAST, c.source ASC NULLS LAST,
  c.register ASC NULLS LAST, c.outcome_id ASC NULLS LAST, c.reason ASC NULLS LAST
