{table}_states AS (
  SELECT i.unit_id, i.register, i.month, {state} AS state
  FROM months i
),
{table}_frame AS (
  SELECT a.draw, a.family_id, a.drawn_on, t.horizon, g.register, t.month_first, t.month_last,
    CASE WHEN k.cut_day >= t.due_on THEN 1 ELSE 0 END AS due
  FROM assignments a
  JOIN targets t ON t.draw = a.draw
  CROSS JOIN month_registers g
  CROSS JOIN cut k
),
{table}_counts AS (
  SELECT f.draw, f.family_id, f.horizon, f.register, f.drawn_on, f.month_first, f.month_last,
    f.due,
    COUNT(CASE WHEN s.state = 1 AND s.month >= f.month_first THEN 1 END) AS ones,
    COUNT(CASE WHEN s.state = 0 AND s.month >= f.month_first THEN 1 END) AS zeros,
    COUNT(CASE WHEN s.state = 1 AND s.month < f.month_first THEN 1 END) AS held_at_draw,
    MIN(CASE WHEN s.state = 1 AND s.month >= f.month_first THEN s.month END) AS entered_in
  FROM {table}_frame f
  LEFT JOIN {table}_states s ON s.unit_id = f.family_id AND s.register = f.register
    AND s.month >= f.month_first - 1 AND s.month <= f.month_last
  GROUP BY f.draw, f.family_id, f.horizon, f.register, f.drawn_on, f.month_first, f.month_last,
    f.due
),
-- The months known to be no's one after the other from the first: one that is not told ends them.
{table}_before AS (
  SELECT c.draw, c.family_id, c.horizon, c.register, c.drawn_on, c.month_first, c.month_last,
    c.due, c.ones, c.zeros, c.held_at_draw, c.entered_in,
    COALESCE(MIN(CASE WHEN s.state = 0 THEN NULL ELSE d.month END), c.month_last + 1) - 1
      AS last_no_in
  FROM {table}_counts c
  LEFT JOIN calendar d ON d.month >= c.month_first AND d.month <= c.month_last
  LEFT JOIN {table}_states s ON s.unit_id = c.family_id AND s.register = c.register
    AND s.month = d.month
  GROUP BY c.draw, c.family_id, c.horizon, c.register, c.drawn_on, c.month_first, c.month_last,
    c.due, c.ones, c.zeros, c.held_at_draw, c.entered_in
),
{table}_values AS (
  SELECT c.draw, c.family_id, c.horizon, c.register, c.due,
    CASE WHEN c.month_last >= c.month_first{applies} THEN 1 ELSE 0 END AS applies,
    CAST({num} AS BIGINT) AS num, CAST({low} AS BIGINT) AS low, CAST({high} AS BIGINT) AS high
  FROM {table}_before c
  LEFT JOIN calendar n ON n.month = c.last_no_in AND n.month >= c.month_first
  LEFT JOIN calendar e ON e.month = c.entered_in
),
{table} AS (
  SELECT v.draw, v.family_id AS unit_id, v.horizon, 'REGISTER' AS source, v.register, 0 AS dead,
    CASE WHEN v.applies = 1 THEN v.num END AS num,
    CAST(CASE WHEN v.applies = 1 AND v.num IS NOT NULL THEN 1 END AS BIGINT) AS den,
    CAST(NULL AS VARCHAR) AS code,
    CASE WHEN v.applies = 1 THEN v.low END AS low,
    CASE WHEN v.applies = 1 THEN v.high END AS high,
    CASE WHEN v.applies = 0 THEN {not_applicable}
      WHEN v.num IS NOT NULL{known} THEN NULL
      WHEN v.due = 0 THEN {not_due}
      ELSE {not_reported} END AS reason
  FROM {table}_values v
)
