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
-- An office is eligible with one family that is.
screened_offices AS (
  SELECT o.office_id, MAX(v.eligible) AS eligible
  FROM verdicts v
  JOIN families o ON o.family_id = v.family_id
  GROUP BY o.office_id
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
  UNION ALL
  SELECT 0 AS level_order, COUNT(o.office_id) AS assessed,
    COUNT(CASE WHEN o.eligible = 0 THEN 1 END) AS not_eligible,
    COUNT(CASE WHEN o.eligible = 1 THEN 1 END) AS eligible
  FROM screened_offices o
),
screened_rules AS (
  SELECT l.level_order, u.rule, COUNT(b.family_id) AS broken
  FROM levels l
  CROSS JOIN (SELECT DISTINCT s.rule FROM screening s) u
  LEFT JOIN roster r ON r.level_order = l.level_order
  LEFT JOIN broken b ON b.family_id = r.family_id AND b.rule = u.rule
  GROUP BY l.level_order, u.rule
),
screened_counts AS (
  SELECT 0 AS draw, s.level_order, '' AS arm, 'assessed' AS stage, '' AS horizon,
    0 AS horizon_order, '' AS source, '' AS register, '' AS outcome_id, '' AS reason,
    s.assessed AS n
  FROM screened s
  UNION ALL
  SELECT 0, s.level_order, '', 'not_eligible', '', 0, '', '', '', '', s.not_eligible
  FROM screened s
  UNION ALL
  SELECT 0, s.level_order, '', 'not_eligible', '', 0, '', '', '', s.rule, s.broken
  FROM screened_rules s
  UNION ALL
  SELECT 0, s.level_order, '', 'eligible', '', 0, '', '', '', '', s.eligible
  FROM screened s
),
