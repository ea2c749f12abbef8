WITH
-- Which snapshots a rule may pick: days before the window, and whether extra contacts count.
rules AS (
{rules}
),
-- Every unit assigned: the families, and their members present on the draw's date.
units AS (
  SELECT a.draw, 'FAMILIE' AS unit_kind, a.family_id AS unit_id, a.family_id, a.shown_at
  FROM assignments a
  UNION ALL
  SELECT a.draw, CASE WHEN m.role = 'BARN' THEN 'BARN' ELSE 'VOKSEN' END AS unit_kind,
    m.member_id AS unit_id, a.family_id, a.shown_at
  FROM assignments a
  JOIN members m ON m.family_id = a.family_id
  WHERE m.in_itt = 1 AND m.role IN ('FORELDER', 'PARTNER', 'BARN')
),
unit_horizons AS (
  SELECT u.draw, u.unit_kind, u.unit_id, u.family_id, u.shown_at, t.horizon, t.horizon_order,
    t.target, t.window_low, t.window_high,
    CASE WHEN k.cut_day >= t.due_on THEN 1 ELSE 0 END AS due
  FROM cut k
  CROSS JOIN targets t
  JOIN units u ON u.draw = t.draw
),
-- Current at the cut: of each snapshot the last version, unless that one retracts.
versions AS (
  SELECT s.unit_kind, s.unit_id, s.status_date, s.source, s.register, s.recorded_at, s.occasion,
    s.record_status, s.content, s.variable, s.value_code, s.value_num, s.missing_code,
    MAX(s.recorded_at) OVER (
      PARTITION BY s.unit_kind, s.unit_id, s.status_date, s.source, s.register
    ) AS last_recorded_at
  FROM cut k
  CROSS JOIN snapshots s
  WHERE s.recorded_at <= k.cut_us
),
-- One row a value.
answers AS (
  SELECT v.unit_kind, v.unit_id, v.status_date, v.source, v.register, v.recorded_at,
    v.record_status, v.content, v.variable, v.missing_code,
    CASE WHEN v.value_code IS NOT NULL THEN v.value_code
      WHEN v.value_num IS NOT NULL THEN CAST(v.value_num AS VARCHAR) END AS value
  FROM versions v
  WHERE v.recorded_at = v.last_recorded_at AND v.record_status <> 'TILBAKEKALT'
    AND v.variable IS NOT NULL
),
-- One row a snapshot.
standing AS (
  SELECT v.unit_kind, v.unit_id, v.status_date, v.source, v.register, v.recorded_at,
    MIN(v.occasion) AS occasion, MIN(v.record_status) AS record_status, MIN(v.content) AS content
  FROM versions v
  WHERE v.recorded_at = v.last_recorded_at AND v.record_status <> 'TILBAKEKALT'
  GROUP BY v.unit_kind, v.unit_id, v.status_date, v.source, v.register, v.recorded_at
),
series AS (
  SELECT DISTINCT a.unit_kind, a.source, a.register, a.variable FROM answers a
),
-- Steps 1 and 2 of the rule. At horizon 0 the window ends on the target, so that the nearest
-- snapshot is the latest.
candidates AS (
  SELECT h.draw, h.unit_kind, h.unit_id, h.horizon, r.rule, st.source, st.register,
    st.status_date, st.recorded_at,
    ROW_NUMBER() OVER (
      PARTITION BY h.draw, h.unit_kind, h.unit_id, h.horizon, r.rule, st.source, st.register
      ORDER BY CASE WHEN st.status_date < h.window_low THEN 1 ELSE 0 END ASC NULLS LAST,
        CASE WHEN st.status_date < h.target THEN h.target - st.status_date
          ELSE st.status_date - h.target END ASC NULLS LAST,
        st.status_date DESC NULLS LAST, st.recorded_at DESC NULLS LAST,
        st.content ASC NULLS LAST) AS place,
    COUNT(CASE WHEN st.status_date >= h.window_low THEN 1 END) OVER (
      PARTITION BY h.draw, h.unit_kind, h.unit_id, h.horizon, r.rule, st.source, st.register
    ) AS n_in_window
  FROM rules r
  CROSS JOIN unit_horizons h
  JOIN standing st ON st.unit_kind = h.unit_kind AND st.unit_id = h.unit_id
  WHERE st.record_status = 'OBSERVERT'
    AND (st.occasion = 'PLANLAGT' OR (st.occasion = 'EKSTRA' AND r.takes_extra = 1))
    AND st.status_date >= h.window_low - r.days_before AND st.status_date <= h.window_high
),
-- The observation of each variable nearest to the target, at any date.
nearest AS (
  SELECT h.draw, h.unit_kind, h.unit_id, h.horizon, a.source, a.register, a.variable,
    a.status_date,
    ROW_NUMBER() OVER (
      PARTITION BY h.draw, h.unit_kind, h.unit_id, h.horizon, a.source, a.register, a.variable
      ORDER BY CASE WHEN a.status_date < h.target THEN h.target - a.status_date
          ELSE a.status_date - h.target END ASC NULLS LAST,
        a.status_date DESC NULLS LAST, a.recorded_at DESC NULLS LAST,
        a.content ASC NULLS LAST) AS place
  FROM unit_horizons h
  JOIN answers a ON a.unit_kind = h.unit_kind AND a.unit_id = h.unit_id
  WHERE a.record_status = 'OBSERVERT' AND a.value IS NOT NULL
),
-- Every word of a death, a withdrawal or a move: a status by any source, which lasts, or an event. Also
-- the lacks of consent and broken families that follow from events.
said AS (
  SELECT st.unit_kind, st.unit_id, st.record_status AS reason, st.status_date AS from_on,
    NULL AS until_on
  FROM standing st
  WHERE st.record_status IN ('DOD', 'TRAKK_SAMTYKKE', 'FLYTTET')
  UNION ALL
  SELECT x.unit_kind, x.unit_id, x.reason, x.from_on, x.until_on
  FROM exits x
),
deaths AS (
  SELECT s.unit_kind, s.unit_id, MIN(s.from_on) AS died_on
  FROM said s
  WHERE s.reason = 'DOD'
  GROUP BY s.unit_kind, s.unit_id
),
-- Out when the window closed: the unit itself, or its family withdrawn or away.
away AS (
  SELECT h.draw, h.unit_kind, h.unit_id, h.horizon, s.reason
  FROM unit_horizons h
  JOIN said s ON s.unit_kind = h.unit_kind AND s.unit_id = h.unit_id
  WHERE s.from_on <= h.window_high AND (s.until_on IS NULL OR s.until_on > h.window_high)
  UNION ALL
  SELECT h.draw, h.unit_kind, h.unit_id, h.horizon, s.reason
  FROM unit_horizons h
  JOIN said s ON s.unit_kind = 'FAMILIE' AND s.unit_id = h.family_id
  WHERE s.reason IN ('TRAKK_SAMTYKKE', 'FLYTTET') AND s.from_on <= h.window_high AND (s.until_on IS NULL OR s.until_on > h.window_high)
),
ends AS (
  SELECT a.draw, a.unit_kind, a.unit_id, a.horizon,
    MAX(CASE WHEN a.reason = 'TRAKK_SAMTYKKE' THEN 1 ELSE 0 END) AS withdrew,
    MAX(CASE WHEN a.reason = 'FLYTTET' THEN 1 ELSE 0 END) AS moved,
    MAX(CASE WHEN a.reason = 'SAMTYKKE_MANGLER' THEN 1 ELSE 0 END) AS unconsented,
    MAX(CASE WHEN a.reason = 'FAMILIE_OPPLOST' AND a.unit_kind <> 'FAMILIE'
      THEN 1 ELSE 0 END) AS dissolved
  FROM away a
  GROUP BY a.draw, a.unit_kind, a.unit_id, a.horizon
),
-- Not reached in the window: the unit itself, or its family.
not_reached AS (
  SELECT h.draw, h.unit_kind, h.unit_id, h.horizon, st.source, st.register
  FROM unit_horizons h
  JOIN standing st ON st.unit_kind = h.unit_kind AND st.unit_id = h.unit_id
  WHERE st.record_status = 'IKKE_NADD' AND st.status_date BETWEEN h.window_low AND h.window_high
  UNION
  SELECT h.draw, h.unit_kind, h.unit_id, h.horizon, st.source, st.register
  FROM unit_horizons h
  JOIN standing st ON st.unit_kind = 'FAMILIE' AND st.unit_id = h.family_id
  WHERE st.record_status = 'IKKE_NADD' AND st.status_date BETWEEN h.window_low AND h.window_high
),
-- Every row of the panel, with what its value or its reason follows from.
found AS (
  SELECT h.draw, h.unit_kind, h.unit_id, h.horizon, h.horizon_order, h.shown_at, h.target,
    h.window_low, h.window_high, h.due, s.source, s.register, s.variable, r.rule, r.rule_order,
    p.status_date AS picked_on, p.recorded_at AS picked_recorded_at,
    COALESCE(p.n_in_window, 0) AS n_in_window, a.value, a.missing_code,
    n.status_date AS nearest_on, dead.died_on, COALESCE(e.withdrew, 0) AS withdrew,
    COALESCE(e.moved, 0) AS moved, COALESCE(e.unconsented, 0) AS unconsented,
    COALESCE(e.dissolved, 0) AS dissolved,
    CASE WHEN nr.unit_id IS NOT NULL THEN 1 ELSE 0 END AS not_reached
  FROM rules r
  CROSS JOIN series s
  JOIN unit_horizons h ON h.unit_kind = s.unit_kind
  LEFT JOIN candidates p ON p.draw = h.draw AND p.unit_kind = h.unit_kind
    AND p.unit_id = h.unit_id AND p.horizon = h.horizon AND p.rule = r.rule
    AND p.source = s.source AND p.register = s.register AND p.place = 1
  LEFT JOIN answers a ON a.unit_kind = h.unit_kind AND a.unit_id = h.unit_id
    AND a.status_date = p.status_date AND a.source = s.source AND a.register = s.register
    AND a.recorded_at = p.recorded_at AND a.variable = s.variable
  LEFT JOIN nearest n ON n.draw = h.draw AND n.unit_kind = h.unit_kind AND n.unit_id = h.unit_id
    AND n.horizon = h.horizon AND n.source = s.source AND n.register = s.register
    AND n.variable = s.variable AND n.place = 1
  LEFT JOIN deaths dead ON dead.unit_kind = h.unit_kind AND dead.unit_id = h.unit_id
  LEFT JOIN ends e ON e.draw = h.draw AND e.unit_kind = h.unit_kind AND e.unit_id = h.unit_id
    AND e.horizon = h.horizon
  LEFT JOIN not_reached nr ON nr.draw = h.draw AND nr.unit_kind = h.unit_kind
    AND nr.unit_id = h.unit_id AND nr.horizon = h.horizon AND nr.source = s.source
    AND nr.register = s.register
),
-- Step 3: the first reason that holds.
explained AS (
  SELECT f.draw, f.unit_kind, f.unit_id, f.horizon, f.horizon_order, f.shown_at, f.target,
    f.window_low, f.window_high, f.due, f.source, f.register, f.variable, f.rule, f.rule_order,
    f.picked_on, f.picked_recorded_at, f.n_in_window, f.value, f.nearest_on, f.died_on,
    CASE WHEN f.value IS NOT NULL THEN NULL
{reasons}
    END AS missing_reason
  FROM found f
),
dated AS (
  SELECT e.draw, e.unit_kind, e.unit_id, e.horizon, e.horizon_order, e.target, e.window_low,
    e.window_high, e.due, e.source, e.register, e.variable, e.rule, e.rule_order, e.n_in_window,
    e.value, e.missing_reason,
    CASE WHEN e.missing_reason = 'UTENFOR_VINDU' THEN e.nearest_on
      ELSE e.picked_on END AS status_date,
    CASE WHEN e.died_on <= e.target THEN '{dead}'
      WHEN e.horizon = '0' AND e.picked_recorded_at >= e.shown_at THEN '{late}' END AS flag
  FROM explained e
)
SELECT k.cut_us, d.draw, d.unit_kind, d.unit_id, d.horizon, d.source, d.register, d.rule,
  d.variable, d.value, d.missing_reason, d.status_date, d.target, d.window_low, d.window_high,
  d.status_date - d.target AS days_off, d.n_in_window, d.due, d.flag
FROM cut k
CROSS JOIN dated d
ORDER BY d.draw ASC NULLS LAST, d.unit_kind ASC NULLS LAST, d.unit_id ASC NULLS LAST,
  d.horizon_order ASC NULLS LAST, d.source ASC NULLS LAST, d.register ASC NULLS LAST,
  d.rule_order ASC NULLS LAST, d.variable ASC NULLS LAST
