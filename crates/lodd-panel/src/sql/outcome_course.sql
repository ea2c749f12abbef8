{table}_seen AS (
  SELECT b.unit_id, b.source, b.register, b.status_date,
    {pivots}
  FROM observations b
  WHERE b.unit_kind = '{unit}' AND b.variable IN ({variables})
  GROUP BY b.unit_id, b.source, b.register, b.status_date
),
{table}_states AS (
  SELECT i.unit_id, i.source, i.register, i.status_date, {state} AS state
  FROM {table}_seen i
),
-- Each state known, with the next one known.
{table}_steps AS (
  SELECT s.unit_id, s.source, s.register, s.status_date, s.state,
    LEAD(s.status_date) OVER (
      PARTITION BY s.unit_id, s.source, s.register
      ORDER BY s.status_date ASC NULLS LAST) AS next_on,
    LEAD(s.state) OVER (
      PARTITION BY s.unit_id, s.source, s.register
      ORDER BY s.status_date ASC NULLS LAST) AS next_state
  FROM {table}_states s
  WHERE s.state IS NOT NULL
),
{table}_frame AS (
  SELECT v.draw, v.unit_id, v.horizon, v.source, v.register, MAX(v.dead) AS dead,
    MIN(v.reason) AS reason, MAX(d.drawn_on) AS drawn_on, MAX(t.window_low) AS window_low,
    MAX(t.window_high) AS window_high, MAX(t.month_first) AS month_first,
    MAX(t.month_last) AS month_last,
    MAX(CASE WHEN k.cut_day >= t.due_on THEN 1 ELSE 0 END) AS due
  FROM observed v
  JOIN targets t ON t.draw = v.draw AND t.horizon = v.horizon
  JOIN drawn d ON d.draw = v.draw
  CROSS JOIN cut k
  WHERE v.unit_kind = '{unit}' AND v.variable IN ({variables})
  GROUP BY v.draw, v.unit_id, v.horizon, v.source, v.register
),
-- What was seen after the draw, up to the window's end.
{table}_counts AS (
  SELECT f.draw, f.unit_id, f.horizon, f.source, f.register,
    COUNT(CASE WHEN s.state = 1 THEN 1 END) AS ones,
    COUNT(CASE WHEN s.state = 0 THEN 1 END) AS zeros,
    COUNT(CASE WHEN s.status_date IS NOT NULL AND s.state IS NULL THEN 1 END) AS unknown,
    COUNT(CASE WHEN s.state = 0 AND s.status_date >= f.window_low THEN 1 END) AS last_zeros,
    COUNT(CASE WHEN s.state IS NOT NULL AND s.status_date >= f.window_low THEN 1 END) AS last_seen,
    MIN(CASE WHEN s.state = 1 THEN s.status_date END) AS entered_on
  FROM {table}_frame f
  LEFT JOIN {table}_states s ON s.unit_id = f.unit_id AND s.source = f.source
    AND s.register = f.register AND s.status_date > f.drawn_on
    AND s.status_date <= f.window_high
  GROUP BY f.draw, f.unit_id, f.horizon, f.source, f.register
),
-- The last no before the entry, and whether it held already when the draw was made.
{table}_before AS (
  SELECT c.draw, c.unit_id, c.horizon, c.source, c.register,
    MAX(CASE WHEN s.state = 0 AND s.status_date > f.drawn_on
      AND (c.entered_on IS NULL OR s.status_date < c.entered_on)
      THEN s.status_date END) AS last_no_on,
    MAX(CASE WHEN s.state = 1 AND s.status_date <= f.drawn_on
      AND f.drawn_on - s.status_date <= {join_days}
      AND (s.next_on IS NULL OR s.next_on > f.drawn_on) THEN 1 ELSE 0 END) AS held_at_draw
  FROM {table}_counts c
  JOIN {table}_frame f ON f.draw = c.draw AND f.unit_id = c.unit_id AND f.horizon = c.horizon
    AND f.source = c.source AND f.register = c.register
  LEFT JOIN {table}_steps s ON s.unit_id = c.unit_id AND s.source = c.source
    AND s.register = c.register AND s.status_date <= f.window_high
  GROUP BY c.draw, c.unit_id, c.horizon, c.source, c.register
),
-- Months by the status of their last day.
{table}_months AS (
  SELECT f.draw, f.unit_id, f.horizon, f.source, f.register,
    COUNT(CASE WHEN s.state = 1 AND (s.status_date = c.last_day
      OR (s.next_state = 1 AND s.next_on - s.status_date <= {join_days})) THEN 1 END) AS months_in,
    COUNT(CASE WHEN s.state = 0 AND (s.status_date = c.last_day
      OR (s.next_state = 0 AND s.next_on - s.status_date <= {join_days})) THEN 1 END) AS months_out
  FROM {table}_frame f
  JOIN calendar c ON c.month >= f.month_first AND c.month <= f.month_last
  LEFT JOIN {table}_steps s ON s.unit_id = f.unit_id AND s.source = f.source
    AND s.register = f.register AND s.status_date <= c.last_day
    AND (s.next_on IS NULL OR s.next_on > c.last_day)
  GROUP BY f.draw, f.unit_id, f.horizon, f.source, f.register
),
{table}_values AS (
  SELECT f.draw, f.unit_id, f.horizon, f.source, f.register, f.dead, f.reason, f.due, c.unknown,
    CASE WHEN f.window_high > f.drawn_on{applies} THEN 1 ELSE 0 END AS applies,
    CAST({num} AS BIGINT) AS num, CAST({low} AS BIGINT) AS low, CAST({high} AS BIGINT) AS high
  FROM {table}_frame f
  JOIN {table}_counts c ON c.draw = f.draw AND c.unit_id = f.unit_id AND c.horizon = f.horizon
    AND c.source = f.source AND c.register = f.register
  JOIN {table}_before b ON b.draw = f.draw AND b.unit_id = f.unit_id AND b.horizon = f.horizon
    AND b.source = f.source AND b.register = f.register
  LEFT JOIN {table}_months m ON m.draw = f.draw AND m.unit_id = f.unit_id
    AND m.horizon = f.horizon AND m.source = f.source AND m.register = f.register
),
{table} AS (
  SELECT v.draw, v.unit_id, v.horizon, v.source, v.register, v.dead,
    CASE WHEN v.applies = 1 THEN v.num END AS num,
    CAST(CASE WHEN v.applies = 1 AND v.num IS NOT NULL THEN 1 END AS BIGINT) AS den,
    CAST(NULL AS VARCHAR) AS code,
    CASE WHEN v.applies = 1 THEN v.low END AS low,
    CASE WHEN v.applies = 1 THEN v.high END AS high,
    CASE WHEN v.applies = 0 THEN {not_applicable}
      WHEN v.num IS NOT NULL OR v.low IS NOT NULL THEN NULL
      WHEN v.unknown > 0 THEN COALESCE(v.reason, {asked_unknown})
      WHEN v.due = 0 THEN {not_due}
      ELSE COALESCE(v.reason, {not_reported}) END AS reason
  FROM {table}_values v
)
