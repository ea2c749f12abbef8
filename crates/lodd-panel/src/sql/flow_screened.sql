-- Everybody on the roster: the family's own verdict, carried to its members.
verdicts AS (
  SELECT s.family_id, MAX(s.eligible) AS eligible FROM screening s GROUP BY s.family_id
),
roster AS (
  SELECT 1 AS level_order, v.family_id, v.eligible FROM verdicts v
  UNION ALL
  SELECT CASE WHEN m.role = 'BARN' THEN 3 ELSE 2 END AS level_order, v.family_id, v.eligible
  FROM verdicts v
  JOIN members m ON m.family_id = v.family_id
  WHERE m.role IN ('FORELDER', 'PARTNER', 'BARN')
),
levels AS (
  SELECT 1 AS level_order
  UNION ALL
  SELECT 2 AS level_order
  UNION ALL
  SELECT 3 AS level_order
),
rules AS (
  SELECT DISTINCT s.rule FROM screening s
),
broken AS (
  SELECT s.family_id, s.rule FROM screening s
  WHERE s.eligible = 0 AND (s.passed = 0 OR s.passed IS NULL)
),
screened AS (
  SELECT l.level_order, COUNT(r.family_id) AS assessed,
    COUNT(CASE WHEN r.eligible = 0 THEN 1 END) AS not_eligible,
    COUNT(CASE WHEN r.eligible = 1 THEN 1 END) AS eligible
  FROM levels l
  LEFT JOIN roster r ON r.level_order = l.level_order
  GROUP BY l.level_order
),
screened_rules AS (
  SELECT l.level_order, u.rule, COUNT(b.family_id) AS broken
  FROM levels l
  CROSS JOIN rules u
  LEFT JOIN roster r ON r.level_order = l.level_order
  LEFT JOIN broken b ON b.family_id = r.family_id AND b.rule = u.rule
  GROUP BY l.level_order, u.rule
),
