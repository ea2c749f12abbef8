-- Protocol files that were changed after a list was locked. The text that was locked lies with its
-- draw; each later one here.
CREATE TABLE amendments (
    amended_sha256 TEXT NOT NULL CHECK (length(amended_sha256) = 64),
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    replaced_sha256 TEXT NOT NULL CHECK (length(replaced_sha256) = 64),
    text TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (amended_sha256, recorded_at)
) STRICT;
