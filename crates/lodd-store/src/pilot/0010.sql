-- What registers' files said of themselves. Absence from a municipality's file means 0 only where
-- the file is complete, the family was looked up in it and lived there.

CREATE TABLE register_files (
    municipality TEXT NOT NULL CHECK (length(municipality) = 4),
    register TEXT NOT NULL CHECK (register <> ''),
    year INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    upload_id INTEGER NOT NULL REFERENCES uploads (upload_id) DEFERRABLE INITIALLY DEFERRED,
    complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
    PRIMARY KEY (municipality, register, year, recorded_at)
) STRICT;

-- `complete` is 0 where a month of the family is marked in the file, but how much it got is not.
CREATE TABLE register_families (
    family_id TEXT NOT NULL,
    municipality TEXT NOT NULL CHECK (length(municipality) = 4),
    register TEXT NOT NULL CHECK (register <> ''),
    year INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    upload_id INTEGER NOT NULL REFERENCES uploads (upload_id) DEFERRABLE INITIALLY DEFERRED,
    complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
    PRIMARY KEY (family_id, municipality, register, year, recorded_at)
) STRICT;

-- Status at last contact in a year: undated, for the concordance, never an outcome. `sealed` is JSON
-- under the family's key: by variable the value, and the register's codes it was read from.
CREATE TABLE last_contact (
    member_id TEXT NOT NULL,
    year INTEGER NOT NULL,
    register TEXT NOT NULL CHECK (register <> ''),
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    upload_id INTEGER NOT NULL REFERENCES uploads (upload_id) DEFERRABLE INITIALLY DEFERRED,
    family_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (member_id, year, register, recorded_at)
) STRICT;
