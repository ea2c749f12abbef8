-- Units struck from a locked list, by a fact that says they never belonged there. Nothing of the
-- draw changes: the unit keeps its place, and everybody else their tickets.

CREATE TABLE struck (
    draw INTEGER NOT NULL,
    unit_kind TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    fact_on INTEGER NOT NULL,
    reason TEXT NOT NULL,
    -- Whether nobody could know the unit's arm: the result had not been shown.
    blind INTEGER NOT NULL CHECK (blind IN (0, 1)),
    -- Whether the fact is dated before the list was locked.
    before_locking INTEGER NOT NULL CHECK (before_locking IN (0, 1)),
    PRIMARY KEY (draw, unit_kind, unit_id),
    FOREIGN KEY (draw, unit_kind, unit_id) REFERENCES draw_units (draw, unit_kind, unit_id)
) STRICT;
