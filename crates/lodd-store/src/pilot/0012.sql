-- What a release told, so that the next one can be audited together with it: the numbers that were
-- published, the names of those that were not, and the sums between them. Tables that were published
-- elsewhere, such as an office's own slides, stand here too.
CREATE TABLE release_contents (
    release_id INTEGER PRIMARY KEY REFERENCES releases (release_id) DEFERRABLE INITIALLY DEFERRED,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL CHECK (kind IN ('report', 'elsewhere')),
    contents TEXT NOT NULL
) STRICT;
