-- The answer that stands: of each member and kind of consent the latest one.
ranked_answers AS (
  SELECT q.kind, q.member_id, q.family_id, q.answer, q.withdrawn_at,
    ROW_NUMBER() OVER (
      PARTITION BY q.kind, q.member_id
      ORDER BY q.at DESC NULLS LAST, q.answer ASC NULLS LAST, q.family_id ASC NULLS LAST
    ) AS place
  FROM asked q
  CROSS JOIN cut k
  WHERE q.at <= k.cut_day
),
answers AS (
  SELECT r.kind, r.member_id, r.family_id, CASE WHEN r.answer = 'JA' THEN 1 ELSE 0 END AS yes,
    CASE WHEN r.answer = 'JA' AND r.withdrawn_at <= k.cut_day THEN 1 ELSE 0 END AS withdrew
  FROM ranked_answers r
  CROSS JOIN cut k
  WHERE r.place = 1
),
-- A family has consented with one member who has, and withdrawn when all who had have.
unit_answers AS (
  SELECT a.kind, 'FAMILIE' AS unit_kind, a.family_id AS unit_id, MAX(a.yes) AS yes,
    CASE WHEN MAX(a.yes) = 1 AND SUM(a.yes) = SUM(a.withdrew) THEN 1 ELSE 0 END AS withdrew
  FROM answers a
  GROUP BY a.kind, a.family_id
  UNION ALL
  SELECT a.kind, 'VOKSEN' AS unit_kind, a.member_id AS unit_id, a.yes, a.withdrew FROM answers a
  UNION ALL
  SELECT a.kind, 'BARN' AS unit_kind, a.member_id AS unit_id, a.yes, a.withdrew FROM answers a
),
asked_units AS (
  SELECT u.draw, u.level_order, u.arm, a.kind, COUNT(*) AS asked, SUM(a.yes) AS yes,
    SUM(a.withdrew) AS withdrew
  FROM units u
  JOIN unit_answers a ON a.unit_kind = u.unit_kind AND a.unit_id = u.unit_id
  GROUP BY u.draw, u.level_order, u.arm, a.kind
),
-- Levels of which somebody was asked, in every arm.
asked_frame AS (
  SELECT a.draw, a.level_order, a.arm, s.kind, COALESCE(n.asked, 0) AS asked,
    COALESCE(n.yes, 0) AS yes, COALESCE(n.withdrew, 0) AS withdrew
  FROM arms a
  JOIN (SELECT DISTINCT f.draw, f.level_order, f.kind FROM asked_units f) s
    ON s.draw = a.draw AND s.level_order = a.level_order
  LEFT JOIN asked_units n ON n.draw = a.draw AND n.level_order = a.level_order AND n.arm = a.arm
    AND n.kind = s.kind
),
offered_units AS (
  SELECT a.draw, a.level_order, a.arm, COUNT(o.family_id) AS offered,
    COUNT(CASE WHEN o.answer = 'JA' THEN 1 END) AS accepted,
    COUNT(CASE WHEN o.answer = 'NEI' THEN 1 END) AS refused,
    COUNT(CASE WHEN o.answer = 'IKKE_NADD' THEN 1 END) AS not_reached
  FROM arms a
  JOIN (SELECT DISTINCT f.draw FROM offered f) s ON s.draw = a.draw
  LEFT JOIN units u ON u.draw = a.draw AND u.level_order = a.level_order AND u.arm = a.arm
  LEFT JOIN offered o ON o.draw = u.draw AND o.family_id = u.unit_id
  WHERE a.level_order = 1
  GROUP BY a.draw, a.level_order, a.arm
),
begun AS (
  SELECT DISTINCT s.draw, s.family_id
  FROM started s
  CROSS JOIN cut k
  WHERE s.started_on <= k.cut_day
),
started_units AS (
  SELECT a.draw, a.level_order, a.arm, COUNT(b.family_id) AS started
  FROM arms a
  JOIN (SELECT DISTINCT f.draw FROM begun f) s ON s.draw = a.draw
  LEFT JOIN units u ON u.draw = a.draw AND u.level_order = a.level_order AND u.arm = a.arm
  LEFT JOIN begun b ON b.draw = u.draw AND b.family_id = u.family_id
  GROUP BY a.draw, a.level_order, a.arm
),
asked_counts AS (
  SELECT q.draw, q.level_order, q.arm, 'asked' AS stage, '' AS horizon, 0 AS horizon_order,
    '' AS source, '' AS register, '' AS outcome_id, q.kind AS reason, q.asked AS n
  FROM asked_frame q
  UNION ALL
  SELECT q.draw, q.level_order, q.arm, 'consented', '', 0, '', '', '', q.kind, q.yes
  FROM asked_frame q
  UNION ALL
  SELECT q.draw, q.level_order, q.arm, 'declined', '', 0, '', '', '', q.kind, q.asked - q.yes
  FROM asked_frame q
  UNION ALL
  SELECT q.draw, q.level_order, q.arm, 'withdrew', '', 0, '', '', '', q.kind, q.withdrew
  FROM asked_frame q
  UNION ALL
  SELECT o.draw, o.level_order, o.arm, 'offered', '', 0, '', '', '', '', o.offered
  FROM offered_units o
  UNION ALL
  SELECT o.draw, o.level_order, o.arm, 'accepted', '', 0, '', '', '', '', o.accepted
  FROM offered_units o
  UNION ALL
  SELECT o.draw, o.level_order, o.arm, 'refused', '', 0, '', '', '', '', o.refused
  FROM offered_units o
  UNION ALL
  SELECT o.draw, o.level_order, o.arm, 'not_reached', '', 0, '', '', '', '', o.not_reached
  FROM offered_units o
  UNION ALL
  SELECT o.draw, o.level_order, o.arm, 'no_answer', '', 0, '', '', '', '',
    o.offered - o.accepted - o.refused - o.not_reached
  FROM offered_units o
  UNION ALL
  SELECT s.draw, s.level_order, s.arm, 'started', '', 0, '', '', '', '', s.started
  FROM started_units s
),
