WITH
versions AS (
  SELECT s.unit_kind, s.unit_id, s.status_date, s.source, s.register, s.recorded_at, s.occasion,
    s.record_status, s.variable, s.value_code, s.value_num, s.missing_code,
    MAX(s.recorded_at) OVER (
      PARTITION BY s.unit_kind, s.unit_id, s.status_date, s.source, s.register
    ) AS last_recorded_at
  FROM snapshots s
  CROSS JOIN cut k
  WHERE s.recorded_at <= k.cut_us
)
SELECT v.unit_kind, v.unit_id, v.source, v.register, v.status_date, v.variable,
  CASE WHEN v.value_code IS NOT NULL THEN v.value_code
    WHEN v.value_num IS NOT NULL THEN CAST(v.value_num AS VARCHAR) END AS value
FROM versions v
WHERE v.recorded_at = v.last_recorded_at AND v.record_status = 'OBSERVERT'
  AND v.occasion = 'PLANLAGT' AND v.variable IS NOT NULL
ORDER BY v.unit_kind ASC NULLS LAST, v.unit_id ASC NULLS LAST, v.source ASC NULLS LAST,
  v.register ASC NULLS LAST, v.status_date ASC NULLS LAST, v.variable ASC NULLS LAST
