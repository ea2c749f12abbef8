{table}_frame AS (
  SELECT a.draw, a.family_id, t.horizon, s.source, s.register
  FROM assignments a
  JOIN targets t ON t.draw = a.draw
  CROSS JOIN (SELECT DISTINCT o.source, o.register FROM {of} o) s
),
{table}_members AS (
{members}
),
{table}_counts AS (
  SELECT f.draw, f.family_id, f.horizon, f.source, f.register,
    COUNT(CASE WHEN o.dead = 0 AND o.num = 1 THEN 1 END) AS ones,
    COUNT(CASE WHEN o.dead = 0 AND o.num = 0 THEN 1 END) AS zeros,
    COUNT(CASE WHEN o.dead = 0 AND o.reason IS NOT NULL THEN 1 END) AS unknown,
    COUNT(CASE WHEN o.dead = 1 THEN 1 END) AS dead,
    MIN(CASE WHEN o.dead = 0 THEN o.reason END) AS reason
  FROM {table}_frame f
  LEFT JOIN {table}_members o ON o.draw = f.draw AND o.family_id = f.family_id
    AND o.horizon = f.horizon AND o.source = f.source AND o.register = f.register
  GROUP BY f.draw, f.family_id, f.horizon, f.source, f.register
),
{table}_values AS (
  SELECT c.draw, c.family_id, c.horizon, c.source, c.register, c.unknown, c.dead, c.reason,
    CAST({num} AS BIGINT) AS num, CAST({den} AS BIGINT) AS den
  FROM {table}_counts c
),
{table} AS (
  SELECT v.draw, v.family_id AS unit_id, v.horizon, v.source, v.register, 0 AS dead, v.num,
    CASE WHEN v.num IS NOT NULL THEN v.den END AS den, CAST(NULL AS VARCHAR) AS code,
    CASE WHEN v.num IS NOT NULL THEN NULL
      WHEN v.unknown > 0 THEN v.reason
      WHEN v.dead > 0 THEN {died}
      ELSE {not_applicable} END AS reason
  FROM {table}_values v
)
