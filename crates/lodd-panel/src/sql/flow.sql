WITH
{screened}units AS (
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
  SELECT l.level_order, l.unit_kind, a.draw, a.arm
  FROM (
    SELECT 1 AS level_order, 'FAMILIE' AS unit_kind
    UNION ALL
    SELECT 2 AS level_order, 'VOKSEN' AS unit_kind
    UNION ALL
    SELECT 3 AS level_order, 'BARN' AS unit_kind
  ) l
  CROSS JOIN (SELECT DISTINCT b.draw, b.arm FROM assignments b) a
),
-- Each unit at each horizon of the panel: whether a snapshot was picked, and its reasons.
panel_units AS (
  SELECT p.draw, p.unit_kind, p.unit_id, p.horizon,
    MAX(CASE WHEN p.n_in_window > 0 THEN 1 ELSE 0 END) AS observed,
    MIN({rank}) AS reason
  FROM panel p
  WHERE p.rule = 'primary'
  GROUP BY p.draw, p.unit_kind, p.unit_id, p.horizon
),
family_members AS (
  SELECT u.draw, u.family_id, p.horizon, MAX(p.observed) AS observed, MAX(p.reason) AS reason
  FROM units u
  JOIN panel_units p ON p.draw = u.draw AND p.unit_kind = u.unit_kind AND p.unit_id = u.unit_id
  WHERE u.unit_kind <> 'FAMILIE'
  GROUP BY u.draw, u.family_id, p.horizon
),
followed AS (
  SELECT u.draw, u.arm, u.level_order, u.unit_id, t.horizon, t.horizon_order,
    CASE WHEN k.cut_day >= t.due_on THEN 1 ELSE 0 END AS due,
    CASE WHEN p.observed = 1 OR (u.unit_kind = 'FAMILIE' AND f.observed = 1)
      THEN 1 ELSE 0 END AS observed,
    CASE WHEN p.unit_id IS NOT NULL THEN p.reason
      WHEN u.unit_kind = 'FAMILIE' THEN f.reason END AS reason
  FROM units u
  JOIN targets t ON t.draw = u.draw
  CROSS JOIN cut k
  LEFT JOIN panel_units p ON p.draw = u.draw AND p.unit_kind = u.unit_kind
    AND p.unit_id = u.unit_id AND p.horizon = t.horizon
  LEFT JOIN family_members f ON f.draw = u.draw AND f.family_id = u.family_id
    AND f.horizon = t.horizon
),
gone AS (
  SELECT f.draw, f.arm, f.level_order, f.horizon, f.horizon_order,
    COALESCE(f.reason, CASE WHEN f.due = 0 THEN {not_due} ELSE {not_reported} END) AS reason
  FROM followed f
  WHERE f.observed = 0
),
followed_counts AS (
  SELECT a.draw, a.level_order, a.arm, t.horizon, t.horizon_order,
    COUNT(CASE WHEN f.due = 1 THEN 1 END) AS due,
    COUNT(CASE WHEN f.observed = 1 THEN 1 END) AS observed
  FROM arms a
  JOIN targets t ON t.draw = a.draw
  LEFT JOIN followed f ON f.draw = a.draw AND f.arm = a.arm AND f.level_order = a.level_order
    AND f.horizon = t.horizon
  GROUP BY a.draw, a.level_order, a.arm, t.horizon, t.horizon_order
),
drawn_counts AS (
  SELECT a.draw, a.level_order, a.arm, COUNT(u.unit_id) AS drawn
  FROM arms a
  LEFT JOIN units u ON u.draw = a.draw AND u.arm = a.arm AND u.level_order = a.level_order
  GROUP BY a.draw, a.level_order, a.arm
),
counts AS (
{screened_counts}  SELECT d.draw, d.level_order, d.arm, 4 AS stage_order, 'drawn' AS stage,
    CAST(NULL AS VARCHAR) AS horizon, CAST(NULL AS BIGINT) AS horizon_order,
    CAST(NULL AS VARCHAR) AS reason, d.drawn AS n
  FROM drawn_counts d
  UNION ALL
  SELECT c.draw, c.level_order, c.arm, 5, 'due', c.horizon, c.horizon_order, NULL, c.due
  FROM followed_counts c
  UNION ALL
  SELECT c.draw, c.level_order, c.arm, 6, 'observed', c.horizon, c.horizon_order, NULL, c.observed
  FROM followed_counts c
  UNION ALL
  SELECT g.draw, g.level_order, g.arm, 7, 'missing', g.horizon, g.horizon_order,
    {reason}, COUNT(*)
  FROM gone g
  GROUP BY g.draw, g.level_order, g.arm, g.horizon, g.horizon_order, g.reason
)
SELECT k.cut_us, c.draw,
  CASE c.level_order WHEN 1 THEN 'family' WHEN 2 THEN 'adult' ELSE 'child' END AS level,
  c.arm, c.stage, c.horizon, c.reason, c.n AS "count"
FROM counts c
CROSS JOIN cut k
ORDER BY c.draw ASC NULLS FIRST, c.level_order ASC NULLS LAST, c.arm ASC NULLS FIRST,
  c.stage_order ASC NULLS LAST, c.horizon_order ASC NULLS FIRST, c.reason ASC NULLS FIRST
