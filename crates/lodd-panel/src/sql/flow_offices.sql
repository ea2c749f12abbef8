-- Offices: by arm where they were drawn themselves; else those with a family in the draw, of which
-- one may have families in every arm.
office_units AS (
  SELECT d.draw, d.arm, d.office_id FROM office_draws d
  UNION
  SELECT a.draw, '' AS arm, o.office_id
  FROM (
    SELECT b.draw, b.family_id FROM assignments b
    UNION
    SELECT e.draw, e.family_id FROM erased e
  ) a
  JOIN office_families o ON o.family_id = a.family_id
),
-- Followed with one family that is.
office_seen AS (
  SELECT f.draw, o.office_id, f.horizon, MAX(f.observed) AS observed
  FROM followed f
  JOIN office_families o ON o.family_id = f.unit_id
  WHERE f.level_order = 1 AND f.source = ''
  GROUP BY f.draw, o.office_id, f.horizon
),
office_followed AS (
  SELECT u.draw, t.horizon, t.horizon_order, COUNT(*) AS drawn,
    COUNT(CASE WHEN s.observed = 1 THEN 1 END) AS observed
  FROM office_units u
  JOIN targets t ON t.draw = u.draw
  LEFT JOIN office_seen s ON s.draw = u.draw AND s.office_id = u.office_id
    AND s.horizon = t.horizon
  WHERE u.arm = ''
  GROUP BY u.draw, t.horizon, t.horizon_order
),
office_counts AS (
  SELECT u.draw, 0 AS level_order, u.arm, 'drawn' AS stage, '' AS horizon, 0 AS horizon_order,
    '' AS source, '' AS register, '' AS outcome_id, '' AS reason, COUNT(*) AS n
  FROM office_units u
  GROUP BY u.draw, u.arm
  UNION ALL
  SELECT f.draw, 0, '', 'observed', f.horizon, f.horizon_order, '', '', '', '', f.observed
  FROM office_followed f
  UNION ALL
  SELECT f.draw, 0, '', 'missing', f.horizon, f.horizon_order, '', '', '', '',
    f.drawn - f.observed
  FROM office_followed f
),
