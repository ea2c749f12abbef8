-- Of an erased family only the draw's own count is left.
drawn AS (
  SELECT a.draw, a.level_order, a.arm, COUNT(u.unit_id) AS units
  FROM arms a
  LEFT JOIN units u ON u.draw = a.draw AND u.arm = a.arm AND u.level_order = a.level_order
  GROUP BY a.draw, a.level_order, a.arm
),
gone AS (
  SELECT a.draw, a.level_order, a.arm, COUNT(e.family_id) AS erased
  FROM arms a
  LEFT JOIN erased e ON e.draw = a.draw AND e.arm = a.arm AND a.level_order = 1
  GROUP BY a.draw, a.level_order, a.arm
),
struck_units AS (
  SELECT a.draw, a.level_order, a.arm, COUNT(s.family_id) AS struck
  FROM arms a
  LEFT JOIN units u ON u.draw = a.draw AND u.arm = a.arm AND u.level_order = a.level_order
  LEFT JOIN struck s ON s.draw = u.draw AND s.family_id = u.family_id
  GROUP BY a.draw, a.level_order, a.arm
),
drawn_counts AS (
  SELECT d.draw, d.level_order, d.arm, 'drawn' AS stage, '' AS horizon, 0 AS horizon_order,
    '' AS source, '' AS register, '' AS outcome_id, '' AS reason, d.units + g.erased AS n
  FROM drawn d
  JOIN gone g ON g.draw = d.draw AND g.level_order = d.level_order AND g.arm = d.arm
  UNION ALL
  SELECT g.draw, g.level_order, g.arm, 'erased', '', 0, '', '', '', '', g.erased
  FROM gone g
  WHERE g.erased > 0
  UNION ALL
  SELECT s.draw, s.level_order, s.arm, 'struck', '', 0, '', '', '', '', s.struck
  FROM struck_units s
  WHERE s.struck > 0
),
