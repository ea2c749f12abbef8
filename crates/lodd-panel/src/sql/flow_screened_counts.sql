  SELECT CAST(NULL AS BIGINT) AS draw, s.level_order, CAST(NULL AS VARCHAR) AS arm,
    1 AS stage_order, 'assessed' AS stage, CAST(NULL AS VARCHAR) AS horizon,
    CAST(NULL AS BIGINT) AS horizon_order, CAST(NULL AS VARCHAR) AS reason, s.assessed AS n
  FROM screened s
  UNION ALL
  SELECT NULL, s.level_order, NULL, 2, 'not_eligible', NULL, NULL, NULL, s.not_eligible
  FROM screened s
  UNION ALL
  SELECT NULL, s.level_order, NULL, 2, 'not_eligible', NULL, NULL, s.rule, s.broken
  FROM screened_rules s
  UNION ALL
  SELECT NULL, s.level_order, NULL, 3, 'eligible', NULL, NULL, NULL, s.eligible
  FROM screened s
  UNION ALL
