-- Format 6: what families' rows say is sealed under a key of each family, wrapped under its
-- office's, which lies in a file outside the store.

-- The empty office is the pilot itself. `key_id` tells a key from others and nothing else of it.
CREATE TABLE office_keys (
    office_id TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    key_id TEXT NOT NULL CHECK (length(key_id) = 32),
    PRIMARY KEY (office_id, version)
) STRICT;

-- The empty family is the pilot itself. A row goes when a later one takes its place, or when the
-- family is erased: its triggers say so, below.
CREATE TABLE family_keys (
    family_id TEXT NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    office_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    wrapped BLOB NOT NULL,
    PRIMARY KEY (family_id, recorded_at),
    FOREIGN KEY (office_id, version) REFERENCES office_keys (office_id, version)
) STRICT;

-- Families whose key was destroyed, and by which law.
CREATE TABLE erasures (
    family_id TEXT PRIMARY KEY,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    ground TEXT NOT NULL
) STRICT;
