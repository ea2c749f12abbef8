  SELECT CAST(NULL AS BIGINT) AS draw, 0 AS outcome_order, '' AS outcome_id, 0 AS version,
    '' AS unit_kind, '' AS unit_id, '' AS horizon, '' AS source, '' AS register,
    CAST(NULL AS BIGINT) AS num, CAST(NULL AS BIGINT) AS den, CAST(NULL AS VARCHAR) AS code,
    CAST(NULL AS BIGINT) AS low, CAST(NULL AS BIGINT) AS high,
    1 AS reason
  FROM cut
  WHERE 1 = 0
