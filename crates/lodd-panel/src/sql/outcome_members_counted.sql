  SELECT o.draw, m.family_id, o.horizon, o.source, o.register, o.dead, o.num,
    CASE WHEN o.num IS NULL AND o.reason <> {not_applicable} THEN o.reason END AS reason
  FROM {of} o
  JOIN members m ON m.member_id = o.unit_id
