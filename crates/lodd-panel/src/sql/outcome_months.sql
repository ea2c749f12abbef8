{table}_frame AS (
  SELECT a.draw, a.family_id, t.horizon, g.register, t.month_last,
    CASE WHEN {first} >= t.month_first THEN {first} ELSE t.month_last + 1 END AS month_from,
    CASE WHEN k.cut_day >= t.due_on THEN 1 ELSE 0 END AS due
  FROM assignments a
  JOIN targets t ON t.draw = a.draw
  CROSS JOIN month_registers g
  CROSS JOIN cut k
),
{table}_counts AS (
  SELECT f.draw, f.family_id, f.horizon, f.register, f.month_from, f.month_last, f.due,
    COUNT(CASE WHEN {told} THEN 1 END) AS told,
    COUNT(CASE WHEN m.assistance_grant > 0 OR m.assistance_loan > 0 THEN 1 END) AS n_assisted,
    CAST(SUM(m.assistance_grant) AS BIGINT) AS grants,
    CAST(SUM(m.assistance_loan) AS BIGINT) AS loans
  FROM {table}_frame f
  LEFT JOIN months m ON m.unit_id = f.family_id AND m.register = f.register
    AND m.month >= f.month_from AND m.month <= f.month_last
  GROUP BY f.draw, f.family_id, f.horizon, f.register, f.month_from, f.month_last, f.due
),
{table}_values AS (
  SELECT c.draw, c.family_id, c.horizon, c.register, c.due,
    CASE WHEN c.month_last >= c.month_from THEN 1 ELSE 0 END AS applies,
    CAST(CASE WHEN c.month_last >= c.month_from AND c.told = c.month_last - c.month_from + 1
      THEN {value} END AS BIGINT) AS num
  FROM {table}_counts c
),
{table} AS (
  SELECT v.draw, v.family_id AS unit_id, v.horizon, 'REGISTER' AS source, v.register, 0 AS dead,
    v.num, CAST(CASE WHEN v.num IS NOT NULL THEN 1 END AS BIGINT) AS den,
    CAST(NULL AS VARCHAR) AS code,
    CASE WHEN v.applies = 0 THEN {not_applicable}
      WHEN v.num IS NOT NULL THEN NULL
      WHEN v.due = 0 THEN {not_due}
      ELSE {not_reported} END AS reason
  FROM {table}_values v
)
