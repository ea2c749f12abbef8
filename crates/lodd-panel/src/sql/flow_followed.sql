-- Each unit at each horizon of the panel: whether a snapshot was picked, and its reasons; over all
-- sources, and for each source and register.
panel_units AS (
  SELECT p.draw, p.unit_kind, p.unit_id, p.horizon, '' AS source, '' AS register,
    MAX(CASE WHEN p.n_in_window > 0 THEN 1 ELSE 0 END) AS observed,
    MIN({rank}) AS reason
  FROM panel p
  WHERE p.rule = 'primary'
  GROUP BY p.draw, p.unit_kind, p.unit_id, p.horizon
  UNION ALL
  SELECT p.draw, p.unit_kind, p.unit_id, p.horizon, p.source, p.register,
    MAX(CASE WHEN p.n_in_window > 0 THEN 1 ELSE 0 END) AS observed,
    MIN({rank}) AS reason
  FROM panel p
  WHERE p.rule = 'primary'
  GROUP BY p.draw, p.unit_kind, p.unit_id, p.horizon, p.source, p.register
),
series AS (
  SELECT l.level_order, '' AS source, '' AS register FROM levels l
  UNION
  SELECT 1 AS level_order, p.source, p.register FROM panel_units p
  UNION
  SELECT CASE WHEN p.unit_kind = 'BARN' THEN 3 ELSE 2 END AS level_order, p.source, p.register
  FROM panel_units p
  WHERE p.unit_kind <> 'FAMILIE'
),
family_members AS (
  SELECT u.draw, u.family_id, p.horizon, p.source, p.register, MAX(p.observed) AS observed,
    MAX(p.reason) AS reason
  FROM units u
  JOIN panel_units p ON p.draw = u.draw AND p.unit_kind = u.unit_kind AND p.unit_id = u.unit_id
  WHERE u.unit_kind <> 'FAMILIE'
  GROUP BY u.draw, u.family_id, p.horizon, p.source, p.register
),
followed AS (
  SELECT u.draw, u.arm, u.level_order, u.unit_id, u.family_id, t.horizon, t.horizon_order,
    s.source, s.register, CASE WHEN k.cut_day >= t.due_on THEN 1 ELSE 0 END AS due,
    CASE WHEN p.observed = 1 OR f.observed = 1 THEN 1 ELSE 0 END AS observed,
    CASE WHEN p.unit_id IS NOT NULL THEN p.reason ELSE f.reason END AS reason
  FROM units u
  JOIN targets t ON t.draw = u.draw
  JOIN series s ON s.level_order = u.level_order
  CROSS JOIN cut k
  LEFT JOIN panel_units p ON p.draw = u.draw AND p.unit_kind = u.unit_kind
    AND p.unit_id = u.unit_id AND p.horizon = t.horizon AND p.source = s.source
    AND p.register = s.register
  LEFT JOIN family_members f ON u.level_order = 1 AND f.draw = u.draw AND f.family_id = u.unit_id
    AND f.horizon = t.horizon AND f.source = s.source AND f.register = s.register
),
followed_sums AS (
  SELECT a.draw, a.level_order, a.arm, t.horizon, t.horizon_order, s.source, s.register,
    COUNT(CASE WHEN f.due = 1 THEN 1 END) AS due,
    COUNT(CASE WHEN f.observed = 1 THEN 1 END) AS observed
  FROM arms a
  JOIN targets t ON t.draw = a.draw
  JOIN series s ON s.level_order = a.level_order
  LEFT JOIN followed f ON f.draw = a.draw AND f.arm = a.arm AND f.level_order = a.level_order
    AND f.horizon = t.horizon AND f.source = s.source AND f.register = s.register
  GROUP BY a.draw, a.level_order, a.arm, t.horizon, t.horizon_order, s.source, s.register
),
missed AS (
  SELECT f.draw, f.arm, f.level_order, f.horizon, f.horizon_order, f.source, f.register,
    COALESCE(f.reason, CASE WHEN f.due = 0 THEN {not_due} ELSE {not_reported} END) AS reason
  FROM followed f
  WHERE f.observed = 0
),
followed_counts AS (
  SELECT c.draw, c.level_order, c.arm, 'due' AS stage, c.horizon, c.horizon_order, c.source,
    c.register, '' AS outcome_id, '' AS reason, c.due AS n
  FROM followed_sums c
  WHERE c.source = ''
  UNION ALL
  SELECT c.draw, c.level_order, c.arm, 'observed', c.horizon, c.horizon_order, c.source,
    c.register, '', '', c.observed
  FROM followed_sums c
  UNION ALL
  SELECT m.draw, m.level_order, m.arm, 'missing', m.horizon, m.horizon_order, m.source,
    m.register, '', {reason}, COUNT(*)
  FROM missed m
  GROUP BY m.draw, m.level_order, m.arm, m.horizon, m.horizon_order, m.source, m.register,
    m.reason
),
