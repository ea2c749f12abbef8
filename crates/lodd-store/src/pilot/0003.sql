-- Offers down the ranked list of a draw, and who takes part. Nothing of 0001.sql changes.
--
-- The families of a draw's first arm have their offer from the draw itself, at the time its result
-- was shown: they stand here once they have answered. One row an offer and one an answer; of each
-- family in a draw, the latest row counts.

CREATE TABLE offers (
    draw INTEGER NOT NULL,
    family_id TEXT NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    offered_at INTEGER NOT NULL,
    rank INTEGER,
    answer TEXT CHECK (answer IN ('JA', 'NEI', 'IKKE_NADD')),
    answered_at INTEGER,
    reason TEXT,
    PRIMARY KEY (draw, family_id, recorded_at),
    CHECK ((answer IS NULL) = (answered_at IS NULL)),
    CHECK (answered_at >= offered_at)
) STRICT;

-- After this no place of the block is offered in that draw.
CREATE TABLE offers_closed (
    draw INTEGER NOT NULL,
    block TEXT NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    reason TEXT NOT NULL,
    PRIMARY KEY (draw, block)
) STRICT;

CREATE TABLE participation (
    family_id TEXT NOT NULL,
    started_on INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    draw INTEGER NOT NULL,
    ended_on INTEGER,
    end_reason TEXT,
    PRIMARY KEY (family_id, started_on, recorded_at),
    CHECK ((ended_on IS NULL) = (end_reason IS NULL)),
    CHECK (ended_on >= started_on)
) STRICT;
