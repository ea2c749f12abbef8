WITH
arms AS (
{arms}
),
units AS (
  SELECT a.draw, a.arm, 'FAMILIE' AS unit_kind, a.family_id AS unit_id
  FROM assignments a
  UNION ALL
  SELECT a.draw, a.arm, CASE WHEN m.role = 'BARN' THEN 'BARN' ELSE 'VOKSEN' END AS unit_kind,
    m.member_id AS unit_id
  FROM assignments a
  JOIN members m ON m.family_id = a.family_id
  WHERE m.in_itt = 1 AND m.role IN ('FORELDER', 'PARTNER', 'BARN')
),
statuses AS (
  SELECT p.draw, p.unit_kind, p.unit_id, p.horizon, p.source, p.register, p.variable,
    CASE WHEN p.flag = '{late}' THEN NULL ELSE p.value END AS value
  FROM panel p
  WHERE p.rule = 'primary' AND p.variable IN ({listed})
),
pairs AS (
  SELECT s.draw, u.arm, s.unit_kind, s.source, s.register, s.variable, h.horizon,
    s.value AS from_value, h.value AS to_value, COUNT(*) AS n
  FROM statuses s
  JOIN statuses h ON h.draw = s.draw AND h.unit_kind = s.unit_kind AND h.unit_id = s.unit_id
    AND h.source = s.source AND h.register = s.register AND h.variable = s.variable
  JOIN units u ON u.draw = s.draw AND u.unit_kind = s.unit_kind AND u.unit_id = s.unit_id
  WHERE s.horizon = '0' AND h.horizon <> '0'
  GROUP BY s.draw, u.arm, s.unit_kind, s.source, s.register, s.variable, h.horizon, s.value,
    h.value
),
-- What occurs in some arm stands in every arm.
kinds AS (
  SELECT DISTINCT p.draw, p.unit_kind, p.source, p.register, p.variable, p.horizon, p.from_value,
    p.to_value
  FROM pairs p
)
SELECT k.cut_us, o.draw, g.arm, o.unit_kind, o.source, o.register, o.variable, o.horizon,
  o.from_value, o.to_value, COALESCE(p.n, 0) AS n
FROM kinds o
CROSS JOIN arms g
JOIN targets t ON t.draw = o.draw AND t.horizon = o.horizon
LEFT JOIN pairs p ON p.draw = o.draw AND p.arm = g.arm AND p.unit_kind = o.unit_kind
  AND p.source = o.source AND p.register = o.register AND p.variable = o.variable
  AND p.horizon = o.horizon AND COALESCE(p.from_value, '') = COALESCE(o.from_value, '')
  AND COALESCE(p.to_value, '') = COALESCE(o.to_value, '')
CROSS JOIN cut k
ORDER BY o.draw ASC NULLS LAST, o.unit_kind ASC NULLS LAST, o.source ASC NULLS LAST,
  o.register ASC NULLS LAST, o.variable ASC NULLS LAST, t.horizon_order ASC NULLS LAST,
  o.from_value ASC NULLS LAST, o.to_value ASC NULLS LAST, g.arm_order ASC NULLS LAST
