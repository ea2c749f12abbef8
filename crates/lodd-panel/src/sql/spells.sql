WITH
-- Each unit once, however often it was drawn.
units AS (
  SELECT 'FAMILIE' AS unit_kind, a.family_id AS unit_id
  FROM assignments a
  UNION
  SELECT CASE WHEN m.role = 'BARN' THEN 'BARN' ELSE 'VOKSEN' END AS unit_kind,
    m.member_id AS unit_id
  FROM assignments a
  JOIN members m ON m.family_id = a.family_id
  WHERE m.in_itt = 1 AND m.role IN ('FORELDER', 'PARTNER', 'BARN')
),
seen AS (
  SELECT b.unit_kind, b.unit_id, b.source, b.register, b.variable, b.status_date, b.value,
    LAG(b.value) OVER (
      PARTITION BY b.unit_kind, b.unit_id, b.source, b.register, b.variable
      ORDER BY b.status_date ASC NULLS LAST) AS value_before,
    LAG(b.status_date) OVER (
      PARTITION BY b.unit_kind, b.unit_id, b.source, b.register, b.variable
      ORDER BY b.status_date ASC NULLS LAST) AS date_before
  FROM observations b
  JOIN units u ON u.unit_kind = b.unit_kind AND u.unit_id = b.unit_id
  WHERE b.value IS NOT NULL
),
-- A spell begins with the first state, with another one, or after a gap that is too long.
begun AS (
  SELECT s.unit_kind, s.unit_id, s.source, s.register, s.variable, s.status_date, s.value,
    s.date_before,
    CASE WHEN s.value_before = s.value AND s.status_date - s.date_before <= {join_days}
      THEN 0 ELSE 1 END AS begins,
    CASE WHEN s.value_before = s.value AND s.status_date - s.date_before > {join_days}
      THEN 1 ELSE 0 END AS is_cut
  FROM seen s
),
numbered AS (
  SELECT b.unit_kind, b.unit_id, b.source, b.register, b.variable, b.status_date, b.value,
    b.date_before, b.begins, b.is_cut,
    SUM(b.begins) OVER (
      PARTITION BY b.unit_kind, b.unit_id, b.source, b.register, b.variable
      ORDER BY b.status_date ASC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS spell
  FROM begun b
),
spells AS (
  SELECT n.unit_kind, n.unit_id, n.source, n.register, n.variable, n.spell, MIN(n.value) AS value,
    MIN(CASE WHEN n.begins = 1 THEN n.date_before END) AS start_low,
    MIN(n.status_date) AS start_high, MAX(n.status_date) AS end_low,
    COUNT(*) AS n_observations, MAX(n.is_cut) AS is_cut
  FROM numbered n
  GROUP BY n.unit_kind, n.unit_id, n.source, n.register, n.variable, n.spell
),
followed AS (
  SELECT s.unit_kind, s.unit_id, s.source, s.register, s.variable, s.spell, s.value, s.start_low,
    s.start_high, s.end_low, s.n_observations, s.is_cut,
    LEAD(s.start_high) OVER (
      PARTITION BY s.unit_kind, s.unit_id, s.source, s.register, s.variable
      ORDER BY s.spell ASC NULLS LAST) AS end_high,
    LEAD(s.is_cut) OVER (
      PARTITION BY s.unit_kind, s.unit_id, s.source, s.register, s.variable
      ORDER BY s.spell ASC NULLS LAST) AS next_is_cut
  FROM spells s
)
SELECT k.cut_us, f.unit_kind, f.unit_id, f.source, f.register, f.variable,
  CAST(f.spell AS BIGINT) AS spell, f.value, f.start_low, f.start_high, f.end_low, f.end_high,
  f.n_observations, CASE WHEN f.is_cut = 1 OR f.next_is_cut = 1 THEN '{unconfirmed}' END AS flag
FROM followed f
CROSS JOIN cut k
ORDER BY f.unit_kind ASC NULLS LAST, f.unit_id ASC NULLS LAST, f.source ASC NULLS LAST,
  f.register ASC NULLS LAST, f.variable ASC NULLS LAST, f.spell ASC NULLS LAST
