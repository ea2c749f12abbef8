WITH
seen AS (
  SELECT p.draw, p.unit_kind, p.unit_id, p.horizon, p.variable, p.source, p.register, p.value,
    0 AS last_contact
  FROM panel p
  WHERE p.rule = 'primary' AND p.value IS NOT NULL
  UNION ALL
  -- What a register says of the year of the target, without a date: never more than a comparison.
  SELECT u.draw, u.unit_kind, u.unit_id, t.horizon, c.variable, 'REGISTER' AS source, c.register,
    c.value, 1 AS last_contact
  FROM last_contact c
  JOIN (
    SELECT DISTINCT p.draw, p.unit_kind, p.unit_id FROM panel p WHERE p.unit_kind <> 'FAMILIE'
  ) u ON u.unit_id = c.member_id
  JOIN targets t ON t.draw = u.draw AND t.target_year = c.year
),
pairs AS (
  SELECT a.draw, a.unit_kind, a.horizon, a.variable, a.source AS source_a,
    a.register AS register_a, b.source AS source_b, b.register AS register_b, b.last_contact,
    a.value AS value_a, b.value AS value_b, COUNT(*) AS n
  FROM seen a
  JOIN seen b ON b.draw = a.draw AND b.unit_kind = a.unit_kind AND b.unit_id = a.unit_id
    AND b.horizon = a.horizon AND b.variable = a.variable
  WHERE a.last_contact = 0 AND (b.last_contact = 1 OR a.source < b.source
    OR (a.source = b.source AND a.register < b.register))
  GROUP BY a.draw, a.unit_kind, a.horizon, a.variable, a.source, a.register, b.source, b.register,
    b.last_contact, a.value, b.value
),
summed AS (
  SELECT p.draw, p.unit_kind, p.horizon, p.variable, p.source_a, p.register_a, p.source_b,
    p.register_b, p.last_contact, p.value_a, p.value_b, p.n,
    SUM(CASE WHEN p.value_a = p.value_b THEN p.n ELSE 0 END) OVER (
      PARTITION BY p.draw, p.unit_kind, p.horizon, p.variable, p.source_a, p.register_a,
        p.source_b, p.register_b, p.last_contact) AS n_agree,
    SUM(p.n) OVER (
      PARTITION BY p.draw, p.unit_kind, p.horizon, p.variable, p.source_a, p.register_a,
        p.source_b, p.register_b, p.last_contact) AS n_both
  FROM pairs p
)
SELECT k.cut_us, s.draw, s.unit_kind, s.horizon, s.variable, s.source_a, s.register_a, s.source_b,
  s.register_b, s.last_contact, s.value_a, s.value_b, s.n, CAST(s.n_agree AS BIGINT) AS n_agree,
  CAST(s.n_both AS BIGINT) AS n_both
FROM summed s
JOIN targets t ON t.draw = s.draw AND t.horizon = s.horizon
CROSS JOIN cut k
ORDER BY s.draw ASC NULLS LAST, s.unit_kind ASC NULLS LAST, t.horizon_order ASC NULLS LAST,
  s.variable ASC NULLS LAST, s.source_a ASC NULLS LAST, s.register_a ASC NULLS LAST,
  s.source_b ASC NULLS LAST, s.register_b ASC NULLS LAST, s.last_contact ASC NULLS LAST,
  s.value_a ASC NULLS LAST, s.value_b ASC NULLS LAST
