  SELECT f.draw, f.family_id, f.horizon, f.source, f.register, COALESCE(o.dead, 0) AS dead, o.num,
    CASE WHEN o.unit_id IS NULL THEN {not_reported}
      WHEN o.num IS NULL AND o.reason <> {not_applicable} THEN o.reason END AS reason
  FROM {table}_frame f
  JOIN at_home h ON h.draw = f.draw AND h.family_id = f.family_id AND h.horizon = f.horizon
  LEFT JOIN {of} o ON o.draw = f.draw AND o.unit_id = h.member_id AND o.horizon = f.horizon
    AND o.source = f.source AND o.register = f.register
