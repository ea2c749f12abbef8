-- Format 2: who is who across families, and which families were drawn as one unit.

-- What is noted of a family or member before the list is locked; the latest counts, and a value of
-- null takes the earlier one away. A person's keyed id stands here and in no query's input.
CREATE TABLE roster_marks (
    unit_id TEXT NOT NULL,
    mark TEXT NOT NULL CHECK (mark IN ('PERSON_KEY', 'BOR_SAMMEN_MED', 'UTMELDT')),
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    value TEXT,
    PRIMARY KEY (unit_id, mark, recorded_at)
) STRICT;

-- Families drawn under another's id: that one stands in draw_units, these do not.
CREATE TABLE linked_families (
    draw INTEGER NOT NULL,
    family_id TEXT NOT NULL,
    unit_id TEXT NOT NULL CHECK (unit_id <> family_id),
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (draw, family_id),
    FOREIGN KEY (draw, recorded_at) REFERENCES draws (draw, recorded_at)
) STRICT;

-- Children who stand in two families of one unit: the id they are counted under.
CREATE TABLE linked_members (
    draw INTEGER NOT NULL,
    member_id TEXT NOT NULL,
    counted_as TEXT NOT NULL CHECK (counted_as <> member_id),
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (draw, member_id),
    FOREIGN KEY (draw, recorded_at) REFERENCES draws (draw, recorded_at)
) STRICT;
