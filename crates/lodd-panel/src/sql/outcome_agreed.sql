{table}_frame AS (
  SELECT a.draw, a.family_id, t.horizon, s.source, s.register
  FROM assignments a
  JOIN targets t ON t.draw = a.draw
  CROSS JOIN (
    SELECT w.source, w.register
    FROM {table}_own w
    UNION
    SELECT o.source, o.register
    FROM {of} o
  ) s
),
{table}_counts AS (
  SELECT f.draw, f.family_id, f.horizon, f.source, f.register, COUNT(h.member_id) AS adults,
    COUNT(CASE WHEN o.num = 1 THEN 1 END) AS ones,
    COUNT(CASE WHEN o.num = 0 THEN 1 END) AS zeros,
    MIN(CASE WHEN o.num IS NULL THEN o.reason END) AS reason
  FROM {table}_frame f
  LEFT JOIN at_home h ON h.draw = f.draw AND h.family_id = f.family_id AND h.horizon = f.horizon
    AND h.in_itt = 1
  LEFT JOIN {of} o ON o.draw = f.draw AND o.unit_id = h.member_id AND o.horizon = f.horizon
    AND o.source = f.source AND o.register = f.register
  GROUP BY f.draw, f.family_id, f.horizon, f.source, f.register
),
{table}_values AS (
  SELECT c.draw, c.family_id, c.horizon, c.source, c.register, c.ones, c.zeros, c.reason,
    w.reason AS own_reason,
    CAST(CASE WHEN w.num IS NOT NULL THEN w.num
      WHEN w.reason = {not_applicable} THEN NULL
      WHEN c.adults > 0 AND c.ones = c.adults THEN 1
      WHEN c.adults > 0 AND c.zeros = c.adults THEN 0 END AS BIGINT) AS num
  FROM {table}_counts c
  LEFT JOIN {table}_own w ON w.draw = c.draw AND w.unit_id = c.family_id
    AND w.horizon = c.horizon AND w.source = c.source AND w.register = c.register
),
{table} AS (
  SELECT v.draw, v.family_id AS unit_id, v.horizon, v.source, v.register, 0 AS dead, v.num,
    CAST(CASE WHEN v.num IS NOT NULL THEN 1 END AS BIGINT) AS den,
    CAST(NULL AS VARCHAR) AS code,
    CASE WHEN v.num IS NOT NULL THEN NULL
      WHEN v.own_reason = {not_applicable} THEN {not_applicable}
      WHEN v.ones > 0 AND v.zeros > 0 THEN {disagree}
      ELSE COALESCE(v.own_reason, v.reason, {not_reported}) END AS reason
  FROM {table}_values v
)
