-- Format 6: what families' rows say is sealed under a key of each family, wrapped under its
-- office's, which lies in a file outside the store. Ids, dates, statuses and codes stay plain.

-- The empty office is the pilot itself. `key_id` tells a key from others and nothing else of it.
CREATE TABLE office_keys (
    office_id TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    key_id TEXT NOT NULL CHECK (length(key_id) = 32),
    PRIMARY KEY (office_id, version)
) STRICT;

-- The empty family is the pilot itself. A row goes when a later one takes its place, or when the
-- family is erased.
CREATE TABLE family_keys (
    family_id TEXT NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    office_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    wrapped BLOB NOT NULL,
    PRIMARY KEY (family_id, recorded_at),
    FOREIGN KEY (office_id, version) REFERENCES office_keys (office_id, version)
) STRICT;

-- Families whose key was destroyed, and on what ground. The rows of such a family may go; those of
-- others never.
CREATE TABLE erasures (
    family_id TEXT PRIMARY KEY,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    ground TEXT NOT NULL
) STRICT;

-- The tables below take the place of those without `sealed_` in their names, once every row has
-- been sealed (sealing.rs).

CREATE TABLE sealed_facts (
    family_id TEXT NOT NULL,
    criterion TEXT NOT NULL,
    observed_on INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    source TEXT,
    sealed BLOB NOT NULL,
    PRIMARY KEY (family_id, criterion, observed_on, recorded_at)
) STRICT;

-- `value` is null and `sealed` holds it where the mark is a person's keyed id.
CREATE TABLE sealed_roster_marks (
    unit_id TEXT NOT NULL,
    mark TEXT NOT NULL CHECK (mark IN ('PERSON_KEY', 'BOR_SAMMEN_MED', 'UTMELDT')),
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    family_id TEXT NOT NULL,
    value TEXT,
    sealed BLOB,
    PRIMARY KEY (unit_id, mark, recorded_at),
    CHECK (mark = 'PERSON_KEY' OR sealed IS NULL),
    CHECK (mark <> 'PERSON_KEY' OR value IS NULL)
) STRICT;

-- `sealed` holds all values; `content` is their digest under the family's key.
CREATE TABLE sealed_snapshots (
    snapshot_id INTEGER PRIMARY KEY,
    unit_kind TEXT NOT NULL CHECK (unit_kind IN ('FAMILIE', 'VOKSEN', 'BARN')),
    unit_id TEXT NOT NULL,
    family_id TEXT NOT NULL,
    status_date INTEGER NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('VEILEDER', 'SELVRAPPORT', 'REGISTER')),
    register TEXT NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    upload_id INTEGER NOT NULL REFERENCES uploads (upload_id) DEFERRABLE INITIALLY DEFERRED,
    occasion TEXT NOT NULL CHECK (occasion IN ('PLANLAGT', 'EKSTRA')),
    record_status TEXT NOT NULL CHECK (record_status IN (
        'OBSERVERT', 'IKKE_NADD', 'TRAKK_SAMTYKKE', 'SLUTTET_I_TILTAK', 'FLYTTET', 'DOD',
        'TILBAKEKALT'
    )),
    reason_code TEXT CHECK (reason_code IN (
        'TASTEFEIL', 'NY_INFO', 'FEIL_PERSON', 'FEIL_DATO', 'METODE'
    )),
    content TEXT NOT NULL CHECK (length(content) = 64),
    sealed BLOB NOT NULL,
    UNIQUE (unit_id, status_date, source, register, recorded_at)
) STRICT;

CREATE TABLE sealed_monthly (
    unit_kind TEXT NOT NULL CHECK (unit_kind IN ('FAMILIE', 'VOKSEN')),
    unit_id TEXT NOT NULL,
    month INTEGER NOT NULL,
    register TEXT NOT NULL CHECK (register <> ''),
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    upload_id INTEGER REFERENCES uploads (upload_id) DEFERRABLE INITIALLY DEFERRED,
    family_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (unit_kind, unit_id, month, register, recorded_at)
) STRICT;

-- `family_id` is as written; `sealed_for` the family whose key the rows are under, empty where no
-- family of the roster was written.
CREATE TABLE sealed_held_atoms (
    upload_id INTEGER NOT NULL REFERENCES uploads (upload_id) DEFERRABLE INITIALLY DEFERRED,
    place INTEGER NOT NULL,
    family_id TEXT NOT NULL,
    status_date INTEGER,
    codes TEXT NOT NULL,
    sealed_for TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (upload_id, place)
) STRICT;
