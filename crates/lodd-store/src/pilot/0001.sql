-- Format 1. A migration is never edited once released: a later one adds to it.
--
-- Every table is append-only; its triggers are made from the list in migrations.rs. A row points
-- by `recorded_at` to the ledger entry that recorded it (checked at the end of the transaction,
-- since the entry is written last). A correction is a further version under the same logical key.
--
-- Instants are µs since the epoch (UTC), dates days since 1970-01-01, months year * 12 + month - 1.

CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY CHECK (seq >= 1),
    at INTEGER NOT NULL UNIQUE,
    clock TEXT NOT NULL CHECK (clock IN ('system', 'scripted')),
    actor TEXT NOT NULL,
    event TEXT NOT NULL,
    commitment TEXT NOT NULL CHECK (length(commitment) = 64),
    previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
    hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64)
) STRICT;

-- Apart from the chain, so that a payload can be erased one day and the chain still verify.
CREATE TABLE ledger_payloads (
    seq INTEGER PRIMARY KEY REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED,
    payload TEXT NOT NULL
) STRICT;

CREATE TABLE offices (
    office_id TEXT NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    municipality TEXT NOT NULL,
    PRIMARY KEY (office_id, recorded_at)
) STRICT;

CREATE TABLE families (
    family_id TEXT NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    office_id TEXT NOT NULL,
    registered_on INTEGER NOT NULL,
    PRIMARY KEY (family_id, recorded_at)
) STRICT;

CREATE TABLE members (
    member_id TEXT NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    family_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('FORELDER', 'PARTNER', 'ANNEN_VOKSEN', 'BARN')),
    birth_year INTEGER NOT NULL,
    sex TEXT,
    PRIMARY KEY (member_id, recorded_at)
) STRICT;
CREATE INDEX members_of_family ON members (family_id);

CREATE TABLE facts (
    family_id TEXT NOT NULL,
    criterion TEXT NOT NULL,
    observed_on INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    value TEXT NOT NULL,
    source TEXT,
    PRIMARY KEY (family_id, criterion, observed_on, recorded_at)
) STRICT;

CREATE TABLE screenings (
    screening_id INTEGER NOT NULL REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED,
    family_id TEXT NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    office_id TEXT NOT NULL,
    as_of INTEGER NOT NULL,
    eligible INTEGER NOT NULL CHECK (eligible IN (0, 1)),
    rule_hash TEXT NOT NULL,
    PRIMARY KEY (screening_id, family_id)
) STRICT;

CREATE TABLE screening_rules (
    screening_id INTEGER NOT NULL,
    family_id TEXT NOT NULL,
    place INTEGER NOT NULL,
    rule TEXT NOT NULL,
    passed INTEGER CHECK (passed IN (0, 1)),
    reason_nb TEXT,
    reason_nn TEXT,
    reason_en TEXT,
    PRIMARY KEY (screening_id, family_id, place),
    FOREIGN KEY (screening_id, family_id) REFERENCES screenings (screening_id, family_id)
) STRICT;

-- One row a change of a draw's status; the latest counts.
CREATE TABLE draws (
    draw INTEGER NOT NULL CHECK (draw BETWEEN 1 AND 9999),
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    status TEXT NOT NULL CHECK (status IN ('OPEN', 'DRAWN', 'VOID', 'IMPORTED')),
    origin TEXT NOT NULL CHECK (origin IN ('drawn', 'imported', 'rehearsal')),
    beacon TEXT,
    arms TEXT NOT NULL,
    drawn_on INTEGER,
    shown_at INTEGER,
    announcement_sha256 TEXT,
    plan_sha256 TEXT,
    reveal_sha256 TEXT,
    result_sha256 TEXT,
    PRIMARY KEY (draw, recorded_at),
    CHECK (status NOT IN ('DRAWN', 'IMPORTED') OR (drawn_on IS NOT NULL AND shown_at IS NOT NULL))
) STRICT;

-- The locked list.
CREATE TABLE draw_units (
    draw INTEGER NOT NULL,
    unit_kind TEXT NOT NULL CHECK (unit_kind IN ('KONTOR', 'FAMILIE')),
    unit_id TEXT NOT NULL,
    block TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (draw, unit_kind, unit_id),
    FOREIGN KEY (draw, recorded_at) REFERENCES draws (draw, recorded_at)
) STRICT;
CREATE INDEX draws_of_unit ON draw_units (unit_id);

CREATE TABLE assignments (
    draw INTEGER NOT NULL,
    unit_kind TEXT NOT NULL CHECK (unit_kind IN ('KONTOR', 'FAMILIE')),
    unit_id TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    ordinal INTEGER,
    ticket TEXT,
    rank INTEGER,
    arm TEXT NOT NULL,
    probability TEXT,
    PRIMARY KEY (draw, unit_kind, unit_id),
    FOREIGN KEY (draw, recorded_at) REFERENCES draws (draw, recorded_at),
    FOREIGN KEY (draw, unit_kind, unit_id) REFERENCES draw_units (draw, unit_kind, unit_id)
) STRICT;

CREATE TABLE uploads (
    upload_id INTEGER PRIMARY KEY REFERENCES ledger (seq) DEFERRABLE INITIALLY DEFERRED,
    office_id TEXT NOT NULL,
    file_sha256 TEXT NOT NULL CHECK (length(file_sha256) = 64),
    received_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    delivered INTEGER NOT NULL,
    new INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    corrected INTEGER NOT NULL,
    held INTEGER NOT NULL,
    UNIQUE (office_id, file_sha256),
    CHECK (delivered = new + unchanged + corrected + held)
) STRICT;

CREATE TABLE snapshots (
    snapshot_id INTEGER PRIMARY KEY,
    unit_kind TEXT NOT NULL CHECK (unit_kind IN ('FAMILIE', 'VOKSEN', 'BARN')),
    unit_id TEXT NOT NULL,
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
    UNIQUE (unit_id, status_date, source, register, recorded_at)
) STRICT;

CREATE TABLE snapshot_values (
    snapshot_id INTEGER NOT NULL REFERENCES snapshots (snapshot_id),
    variable TEXT NOT NULL,
    value_code TEXT,
    value_num INTEGER,
    missing_code TEXT,
    PRIMARY KEY (snapshot_id, variable),
    CHECK ((value_code IS NOT NULL) + (value_num IS NOT NULL) + (missing_code IS NOT NULL) = 1)
) STRICT, WITHOUT ROWID;

CREATE TABLE monthly (
    unit_kind TEXT NOT NULL CHECK (unit_kind IN ('FAMILIE', 'VOKSEN')),
    unit_id TEXT NOT NULL,
    month INTEGER NOT NULL,
    register TEXT NOT NULL CHECK (register <> ''),
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    upload_id INTEGER REFERENCES uploads (upload_id) DEFERRABLE INITIALLY DEFERRED,
    assistance_grant INTEGER,
    assistance_loan INTEGER,
    PRIMARY KEY (unit_kind, unit_id, month, register, recorded_at),
    CHECK (assistance_grant IS NOT NULL OR assistance_loan IS NOT NULL)
) STRICT;

-- What was not accepted, one row a family and date; how it was resolved will be rows of their own.
CREATE TABLE held_atoms (
    upload_id INTEGER NOT NULL REFERENCES uploads (upload_id) DEFERRABLE INITIALLY DEFERRED,
    place INTEGER NOT NULL,
    family_id TEXT NOT NULL,
    status_date INTEGER,
    codes TEXT NOT NULL,
    rows TEXT NOT NULL,
    PRIMARY KEY (upload_id, place)
) STRICT;

CREATE TABLE plans (
    plan_sha256 TEXT PRIMARY KEY CHECK (length(plan_sha256) = 64),
    locked_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    text TEXT NOT NULL
) STRICT;

-- One row a plan, cut and release, whether the plan was locked or not.
CREATE TABLE runs (
    plan_sha256 TEXT NOT NULL,
    cut INTEGER NOT NULL,
    release TEXT NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (plan_sha256, cut, release)
) STRICT;
