WITH
-- The standing version of each month: the last one recorded.
ranked_months AS (
  SELECT m.unit_kind, m.unit_id, m.month, m.assistance_grant, m.assistance_loan,
    ROW_NUMBER() OVER (
      PARTITION BY m.unit_kind, m.unit_id, m.month, m.register
      ORDER BY m.recorded_at DESC NULLS LAST, m.assistance_grant DESC NULLS LAST,
        m.assistance_loan DESC NULLS LAST) AS place
  FROM monthly m
),
-- Months with assistance, of the family or of one of its members.
assisted AS (
  SELECT CASE WHEN r.unit_kind = 'FAMILIE' THEN r.unit_id ELSE m.family_id END AS family_id,
    r.month, CASE WHEN r.assistance_grant > 0 THEN 1 ELSE 0 END AS granted
  FROM ranked_months r
  LEFT JOIN members m ON m.member_id = r.unit_id
  WHERE r.place = 1 AND (r.assistance_grant > 0 OR r.assistance_loan > 0)
),
-- The latest observation of each criterion, in its last recorded version.
ranked_facts AS (
  SELECT f.family_id, f.criterion, f.value,
    ROW_NUMBER() OVER (
      PARTITION BY f.family_id, f.criterion
      ORDER BY f.observed_on DESC NULLS LAST, f.recorded_at DESC NULLS LAST,
        f.value ASC NULLS LAST) AS place
  FROM facts f
  WHERE f.observed_on <= {as_of}
),
-- One row a family: what the rules see.
seen AS (
  SELECT f.family_id, f.office_id{columns}
  FROM families f{joins}
)
