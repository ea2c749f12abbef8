listed AS (
{listed}
)
SELECT k.cut_us, l.draw, l.outcome_id, l.version, l.unit_kind, l.unit_id, l.horizon, l.source,
  l.register, l.num AS value_num, l.den AS value_den, l.code AS value_code,
  l.low AS value_low, l.high AS value_high,
  {reason} AS missing_reason
FROM listed l
JOIN targets t ON t.draw = l.draw AND t.horizon = l.horizon
CROSS JOIN cut k
ORDER BY l.draw ASC NULLS LAST, l.outcome_order ASC NULLS LAST, l.unit_id ASC NULLS LAST,
  t.horizon_order ASC NULLS LAST, l.source ASC NULLS LAST, l.register ASC NULLS LAST
