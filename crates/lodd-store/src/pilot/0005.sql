-- What became of held rows, and which cuts have left the house.

-- A later delivery that speaks of the same family and date resolves a hold, be it by going in or by
-- being held itself.
CREATE TABLE holds_resolved (
    upload_id INTEGER NOT NULL,
    place INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    resolved_by INTEGER NOT NULL REFERENCES uploads (upload_id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (upload_id, place),
    FOREIGN KEY (upload_id, place) REFERENCES held_atoms (upload_id, place)
) STRICT;

-- A cut whose figures are published: a later correction of what stood there needs a reason.
CREATE TABLE releases (
    release_id INTEGER PRIMARY KEY REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    cut INTEGER NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64)
) STRICT;
