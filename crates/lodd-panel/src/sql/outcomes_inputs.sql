WITH
-- The primary rows of the panel, with the rank of the reason for a missing value.
observed AS (
  SELECT p.draw, p.unit_kind, p.unit_id, p.horizon, p.source, p.register, p.variable, p.value,
    {rank} AS reason,
    CASE WHEN p.flag = '{dead}' THEN 1 ELSE 0 END AS dead
  FROM panel p
  WHERE p.rule = 'primary'
),
-- The version of each family's month that stands at the cut.
ranked_months AS (
  SELECT m.unit_id, m.month, m.register, m.assistance_grant, m.assistance_loan,
    ROW_NUMBER() OVER (
      PARTITION BY m.unit_id, m.month, m.register
      ORDER BY m.recorded_at DESC NULLS LAST, m.assistance_grant DESC NULLS LAST,
        m.assistance_loan DESC NULLS LAST) AS place
  FROM monthly m
  CROSS JOIN cut k
  WHERE m.unit_kind = 'FAMILIE' AND m.recorded_at <= k.cut_us
),
months AS (
  SELECT r.unit_id, r.month, r.register, r.assistance_grant, r.assistance_loan
  FROM ranked_months r
  WHERE r.place = 1
),
month_registers AS (
  SELECT DISTINCT m.register FROM months m
),
drawn AS (
  SELECT a.draw, MIN(a.drawn_on) AS drawn_on
  FROM assignments a
  GROUP BY a.draw
),
-- Parents and partners who live in the household at the target, newcomers too.
at_home AS (
  SELECT a.draw, a.family_id, t.horizon, m.member_id, m.in_itt
  FROM assignments a
  JOIN targets t ON t.draw = a.draw
  JOIN members m ON m.family_id = a.family_id
  LEFT JOIN away w ON w.member_id = m.member_id AND w.from_on <= t.target
    AND (w.until_on IS NULL OR w.until_on > t.target)
  WHERE m.role IN ('FORELDER', 'PARTNER') AND w.member_id IS NULL
)
