-- Values of the outcomes that the plan calls primary, where it analyses them.
planned_values AS (
  SELECT DISTINCT o.draw, o.unit_kind, o.unit_id, o.horizon, o.outcome_id, o.source, o.register,
    o.missing_reason
  FROM outcomes o
  JOIN planned p ON p.draw = o.draw AND p.outcome_id = o.outcome_id AND p.horizon = o.horizon
    AND p.source = o.source AND (p.register = '' OR p.register = o.register)
),
analysed AS (
  SELECT u.draw, u.level_order, u.arm, v.horizon, t.horizon_order, v.outcome_id, v.source,
    v.register, CASE WHEN s.family_id IS NOT NULL THEN 'STROKET'
      ELSE COALESCE(v.missing_reason, '') END AS reason
  FROM planned_values v
  JOIN units u ON u.draw = v.draw AND u.unit_kind = v.unit_kind AND u.unit_id = v.unit_id
  JOIN targets t ON t.draw = v.draw AND t.horizon = v.horizon
  LEFT JOIN struck s ON s.draw = u.draw AND s.family_id = u.family_id
),
analysed_sums AS (
  SELECT a.draw, a.level_order, a.arm, f.horizon, f.horizon_order, f.outcome_id, f.source,
    f.register, COUNT(CASE WHEN v.reason = '' THEN 1 END) AS analysed
  FROM arms a
  JOIN (
    SELECT DISTINCT v.draw, v.level_order, v.horizon, v.horizon_order, v.outcome_id, v.source,
      v.register
    FROM analysed v
  ) f ON f.draw = a.draw AND f.level_order = a.level_order
  LEFT JOIN analysed v ON v.draw = a.draw AND v.level_order = a.level_order AND v.arm = a.arm
    AND v.horizon = f.horizon AND v.outcome_id = f.outcome_id AND v.source = f.source
    AND v.register = f.register
  GROUP BY a.draw, a.level_order, a.arm, f.horizon, f.horizon_order, f.outcome_id, f.source,
    f.register
),
analysed_counts AS (
  SELECT c.draw, c.level_order, c.arm, 'analysed' AS stage, c.horizon, c.horizon_order, c.source,
    c.register, c.outcome_id, '' AS reason, c.analysed AS n
  FROM analysed_sums c
  UNION ALL
  SELECT v.draw, v.level_order, v.arm, 'not_analysed', v.horizon, v.horizon_order, v.source,
    v.register, v.outcome_id, v.reason, COUNT(*)
  FROM analysed v
  WHERE v.reason <> ''
  GROUP BY v.draw, v.level_order, v.arm, v.horizon, v.horizon_order, v.source, v.register,
    v.outcome_id, v.reason
),
