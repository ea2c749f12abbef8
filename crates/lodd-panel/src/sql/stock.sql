WITH
arms AS (
{arms}
),
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
-- 1 with a grant or a loan, 0 without either, else not known.
months AS (
  SELECT r.unit_id AS family_id, r.month, r.register,
    CASE WHEN r.assistance_grant > 0 OR r.assistance_loan > 0 THEN 1
      WHEN r.assistance_grant = 0 AND r.assistance_loan = 0 THEN 0 END AS assisted
  FROM ranked_months r
  WHERE r.place = 1
),
told AS (
  SELECT m.register, MIN(m.month) AS first_month, MAX(m.month) AS last_month
  FROM months m
  GROUP BY m.register
),
grounds AS (
  SELECT f.family_id, CAST(NULL AS BIGINT) AS draw, CAST(NULL AS VARCHAR) AS arm,
    0 AS arm_order, CAST(NULL AS BIGINT) AS draw_month
  FROM (
    SELECT m.family_id
    FROM members m
    UNION
    SELECT a.family_id
    FROM assignments a
  ) f
  UNION ALL
  SELECT a.family_id, a.draw, a.arm, g.arm_order, t.draw_month
  FROM assignments a
  JOIN arms g ON g.arm = a.arm
  JOIN (
    SELECT x.draw, MIN(x.month_first) - 1 AS draw_month
    FROM targets x
    GROUP BY x.draw
  ) t ON t.draw = a.draw
),
-- Every arm of a draw in every month, also where nobody of it has assistance.
groups AS (
  SELECT d.draw, d.arm, d.arm_order, d.draw_month, d.n_families, t.register, c.month,
    c.last_day, c.year
  FROM (
    SELECT g.draw, g.arm, g.arm_order, g.draw_month, COUNT(*) AS n_families
    FROM grounds g
    GROUP BY g.draw, g.arm, g.arm_order, g.draw_month
  ) d
  CROSS JOIN told t
  JOIN calendar c ON c.month >= t.first_month AND c.month <= t.last_month
),
assisted AS (
  SELECT m.family_id, m.register, m.month
  FROM months m
  WHERE m.assisted = 1
),
family_children AS (
  SELECT s.family_id, s.register, s.month, COUNT(*) AS children
  FROM assisted s
  JOIN calendar c ON c.month = s.month
  JOIN members m ON m.family_id = s.family_id
  LEFT JOIN away w ON w.member_id = m.member_id AND w.from_on <= c.last_day
    AND (w.until_on IS NULL OR w.until_on > c.last_day)
  WHERE m.role = 'BARN' AND m.birth_year <= c.year AND c.year - m.birth_year < 18
    AND w.member_id IS NULL
  GROUP BY s.family_id, s.register, s.month
),
counted AS (
  SELECT g.draw, g.arm, m.register, m.month,
    COUNT(CASE WHEN m.assisted IS NOT NULL THEN 1 END) AS n_known,
    COUNT(CASE WHEN m.assisted = 1 THEN 1 END) AS families,
    CAST(COALESCE(SUM(h.children), 0) AS BIGINT) AS children
  FROM grounds g
  JOIN months m ON m.family_id = g.family_id
  LEFT JOIN family_children h ON h.family_id = m.family_id AND h.register = m.register
    AND h.month = m.month
  GROUP BY g.draw, g.arm, m.register, m.month
),
listed AS (
  SELECT g.draw, g.arm, g.arm_order, g.register, g.month, g.n_families,
    g.month - g.draw_month AS month_no,
    COALESCE(c.n_known, 0) AS n_known, COALESCE(c.families, 0) AS families,
    COALESCE(c.children, 0) AS children
  FROM groups g
  LEFT JOIN counted c ON COALESCE(c.draw, -1) = COALESCE(g.draw, -1)
    AND COALESCE(c.arm, '') = COALESCE(g.arm, '') AND c.register = g.register
    AND c.month = g.month
),
summed AS (
  SELECT l.draw, l.arm, l.arm_order, l.register, l.month, l.month_no, l.n_families, l.n_known,
    l.families, l.children,
    COUNT(*) OVER (
      PARTITION BY l.draw, l.arm, l.register ORDER BY l.month ASC NULLS LAST
      ROWS BETWEEN 11 PRECEDING AND CURRENT ROW) AS n_months,
    SUM(l.families) OVER (
      PARTITION BY l.draw, l.arm, l.register ORDER BY l.month ASC NULLS LAST
      ROWS BETWEEN 11 PRECEDING AND CURRENT ROW) AS families_12,
    SUM(l.children) OVER (
      PARTITION BY l.draw, l.arm, l.register ORDER BY l.month ASC NULLS LAST
      ROWS BETWEEN 11 PRECEDING AND CURRENT ROW) AS children_12,
    SUM(l.n_families - l.n_known) OVER (
      PARTITION BY l.draw, l.arm, l.register ORDER BY l.month ASC NULLS LAST
      ROWS BETWEEN 11 PRECEDING AND CURRENT ROW) AS unknown_12
  FROM listed l
)
SELECT k.cut_us, s.draw, s.arm, s.register, s.month, s.month_no, s.n_families, s.n_known,
  s.families, s.children,
  CASE WHEN s.n_months = 12 THEN CAST(s.families_12 AS BIGINT) END AS families_12,
  CASE WHEN s.n_months = 12 THEN CAST(s.children_12 AS BIGINT) END AS children_12,
  CASE WHEN s.n_months = 12 THEN CAST(s.unknown_12 AS BIGINT) END AS unknown_12
FROM summed s
CROSS JOIN cut k
ORDER BY s.draw ASC NULLS FIRST, s.register ASC NULLS LAST, s.month ASC NULLS LAST,
  s.arm_order ASC NULLS LAST
