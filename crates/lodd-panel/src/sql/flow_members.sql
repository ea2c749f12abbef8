-- Who lives in the families drawn at each target that the cut has reached.
last_words AS (
  SELECT s.unit_kind, s.unit_id, s.status_date, s.record_status, s.recorded_at,
    MAX(s.recorded_at) OVER (
      PARTITION BY s.unit_kind, s.unit_id, s.status_date, s.source, s.register
    ) AS last_recorded_at
  FROM snapshots s
  CROSS JOIN cut k
  WHERE s.recorded_at <= k.cut_us
),
deaths AS (
  SELECT d.unit_id, MIN(d.died_on) AS died_on
  FROM (
    SELECT w.unit_id, w.status_date AS died_on
    FROM last_words w
    WHERE w.recorded_at = w.last_recorded_at AND w.record_status = 'DOD'
      AND w.unit_kind <> 'FAMILIE'
    UNION ALL
    SELECT x.unit_id, x.from_on AS died_on
    FROM exits x
    WHERE x.reason = 'DOD'
  ) d
  GROUP BY d.unit_id
),
-- Every parent, partner and child, with those who came after the draw.
people AS (
  SELECT a.draw, a.arm, a.family_id, m.member_id, m.in_itt,
    CASE WHEN m.role = 'BARN' THEN 3 ELSE 2 END AS level_order
  FROM assignments a
  JOIN members m ON m.family_id = a.family_id
  WHERE m.role IN ('FORELDER', 'PARTNER', 'BARN')
),
homes AS (
  SELECT p.draw, p.arm, p.family_id, p.level_order, p.member_id, p.in_itt, t.horizon,
    t.horizon_order, CASE WHEN d.died_on <= t.target THEN 1 ELSE 0 END AS dead,
    CASE WHEN s.valid_from <= t.target AND (s.valid_to IS NULL OR s.valid_to >= t.target)
      THEN 1 ELSE 0 END AS home
  FROM people p
  JOIN targets t ON t.draw = p.draw
  CROSS JOIN cut k
  LEFT JOIN deaths d ON d.unit_id = p.member_id
  LEFT JOIN presence s ON s.member_id = p.member_id
  WHERE t.target <= k.cut_day
),
-- Each of them: dead, at home, or away.
standings AS (
  SELECT h.draw, h.arm, h.family_id, h.level_order, h.member_id, h.in_itt, h.horizon,
    h.horizon_order, h.dead, CASE WHEN h.dead = 1 THEN 0 ELSE MAX(h.home) END AS home
  FROM homes h
  GROUP BY h.draw, h.arm, h.family_id, h.level_order, h.member_id, h.in_itt, h.horizon,
    h.horizon_order, h.dead
),
marks AS (
  SELECT s.draw, s.arm, s.family_id, s.level_order, s.horizon, s.horizon_order,
    CASE WHEN s.in_itt = 1 AND s.dead = 1 THEN 1 ELSE 0 END AS died,
    CASE WHEN s.in_itt = 1 AND s.dead = 0 AND s.home = 0 THEN 1 ELSE 0 END AS gone_out,
    CASE WHEN s.in_itt = 0 AND s.home = 1 THEN 1 ELSE 0 END AS came, s.home AS present
  FROM standings s
),
reached AS (
  SELECT a.draw, a.level_order, a.arm, t.horizon, t.horizon_order
  FROM arms a
  JOIN targets t ON t.draw = a.draw
  CROSS JOIN cut k
  WHERE t.target <= k.cut_day
),
member_sums AS (
  SELECT r.draw, r.level_order, r.arm, r.horizon, r.horizon_order,
    COALESCE(SUM(m.died), 0) AS died, COALESCE(SUM(m.gone_out), 0) AS gone_out,
    COALESCE(SUM(m.came), 0) AS came, COALESCE(SUM(m.present), 0) AS present
  FROM reached r
  LEFT JOIN marks m ON m.draw = r.draw AND m.level_order = r.level_order AND m.arm = r.arm
    AND m.horizon = r.horizon
  WHERE r.level_order > 1
  GROUP BY r.draw, r.level_order, r.arm, r.horizon, r.horizon_order
),
-- A family is split when a parent or partner counted in it lives elsewhere and somebody is left,
-- and dissolved when nobody counted in it lives there.
family_marks AS (
  SELECT m.draw, m.arm, m.family_id, m.horizon,
    MAX(CASE WHEN m.level_order = 2 THEN m.gone_out ELSE 0 END) AS parted,
    MAX(m.present - m.came) AS held, MAX(m.died + m.gone_out) AS lost
  FROM marks m
  GROUP BY m.draw, m.arm, m.family_id, m.horizon
),
family_sums AS (
  SELECT r.draw, r.level_order, r.arm, r.horizon, r.horizon_order,
    COUNT(CASE WHEN f.held = 1 AND f.parted = 1 THEN 1 END) AS split,
    COUNT(CASE WHEN f.held = 0 AND f.lost = 1 THEN 1 END) AS dissolved
  FROM reached r
  LEFT JOIN family_marks f ON f.draw = r.draw AND f.arm = r.arm AND f.horizon = r.horizon
  WHERE r.level_order = 1
  GROUP BY r.draw, r.level_order, r.arm, r.horizon, r.horizon_order
),
member_counts AS (
  SELECT m.draw, m.level_order, m.arm, 'died' AS stage, m.horizon, m.horizon_order, '' AS source,
    '' AS register, '' AS outcome_id, '' AS reason, m.died AS n
  FROM member_sums m
  UNION ALL
  SELECT m.draw, m.level_order, m.arm, 'left', m.horizon, m.horizon_order, '', '', '', '',
    m.gone_out
  FROM member_sums m
  UNION ALL
  SELECT m.draw, m.level_order, m.arm, 'came', m.horizon, m.horizon_order, '', '', '', '', m.came
  FROM member_sums m
  UNION ALL
  SELECT m.draw, m.level_order, m.arm, 'present', m.horizon, m.horizon_order, '', '', '', '',
    m.present
  FROM member_sums m
  UNION ALL
  SELECT f.draw, f.level_order, f.arm, 'split', f.horizon, f.horizon_order, '', '', '', '', f.split
  FROM family_sums f
  UNION ALL
  SELECT f.draw, f.level_order, f.arm, 'dissolved', f.horizon, f.horizon_order, '', '', '', '',
    f.dissolved
  FROM family_sums f
  UNION ALL
  SELECT f.draw, f.level_order, f.arm, 'present', f.horizon, f.horizon_order, '', '', '', '',
    d.units - f.dissolved
  FROM family_sums f
  JOIN drawn d ON d.draw = f.draw AND d.level_order = f.level_order AND d.arm = f.arm
),
