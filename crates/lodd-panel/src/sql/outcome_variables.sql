{table}_inputs AS (
  SELECT r.draw, r.unit_id, r.horizon, r.source, r.register, MAX(r.dead) AS dead,
    MIN(r.reason) AS reason,
    {pivots}
  FROM (
{inputs}
  ) r
  GROUP BY r.draw, r.unit_id, r.horizon, r.source, r.register
),
{table}_values AS (
  SELECT i.draw, i.unit_id, i.horizon, i.source, i.register, i.dead, i.reason,
    {applies} AS applies,
    CASE WHEN {incomplete} THEN 1 ELSE 0 END AS incomplete,
    CAST({num} AS BIGINT) AS num,
    CAST({code} AS VARCHAR) AS code
  FROM {table}_inputs i{joins}
),
{table} AS (
  SELECT v.draw, v.unit_id, v.horizon, v.source, v.register, v.dead,
    CASE WHEN v.applies = 1 THEN v.num END AS num,
    CAST(CASE WHEN v.applies = 1 AND v.num IS NOT NULL THEN 1 END AS BIGINT) AS den,
    CASE WHEN v.applies = 1 THEN v.code END AS code,
    CASE WHEN v.applies = 0 THEN {not_applicable}
      WHEN v.num IS NOT NULL OR v.code IS NOT NULL THEN NULL
      WHEN v.incomplete = 1 THEN COALESCE(v.reason, {not_reported})
      ELSE {not_applicable} END AS reason
  FROM {table}_values v
)
