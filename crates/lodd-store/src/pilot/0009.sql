-- What binds the stored rows, and the files beside the store, to the ledger.

-- One row a table and family that an entry has recorded rows of; the empty family for those about
-- none. `commitment` is keyed (see commitments.rs), the list of an entry's is hashed in its payload.
CREATE TABLE row_commitments (
    seq INTEGER NOT NULL REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED,
    family_id TEXT NOT NULL,
    of_table TEXT NOT NULL,
    rows INTEGER NOT NULL CHECK (rows > 0),
    commitment BLOB NOT NULL CHECK (length(commitment) = 32),
    PRIMARY KEY (seq, family_id, of_table)
) STRICT, WITHOUT ROWID;

-- The files of draws, public and private, and those that are locked, as they were when they were
-- recorded; the latest counts, and no hash means that the file is bound no more.
CREATE TABLE files (
    path TEXT NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    sha256 TEXT CHECK (length(sha256) = 64),
    PRIMARY KEY (path, recorded_at)
) STRICT;

-- The rows of one entry, without reading all.
CREATE INDEX offices_at ON offices (recorded_at);
CREATE INDEX families_at ON families (recorded_at);
CREATE INDEX members_at ON members (recorded_at);
CREATE INDEX facts_at ON facts (recorded_at);
CREATE INDEX roster_marks_at ON roster_marks (recorded_at);
CREATE INDEX screenings_at ON screenings (recorded_at);
CREATE INDEX draw_units_at ON draw_units (recorded_at);
CREATE INDEX assignments_at ON assignments (recorded_at);
CREATE INDEX offers_at ON offers (recorded_at);
CREATE INDEX participation_at ON participation (recorded_at);
CREATE INDEX uploads_at ON uploads (received_at);
CREATE INDEX snapshots_at ON snapshots (recorded_at);
CREATE INDEX monthly_at ON monthly (recorded_at);
CREATE INDEX runs_at ON runs (recorded_at);
CREATE INDEX files_at ON files (recorded_at);
CREATE INDEX household_spells_at ON household_spells (recorded_at);
CREATE INDEX consents_at ON consents (recorded_at);
