-- What happens to families after their list was locked. Nothing of a draw changes by it.
--
-- Every row is a version under its key; the latest counts, and one with `retracted` takes the
-- earlier ones away. The first day of a row is when it was so (valid time), `recorded_at` when it was
-- told (transaction time). Codes, ids and dates only.

-- A member's time in the household. `listed` is the time that began with the roster: it has a row
-- once it has ended, and its `valid_from` is the family's registration.
CREATE TABLE household_spells (
    member_id TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    family_id TEXT NOT NULL,
    listed INTEGER NOT NULL CHECK (listed IN (0, 1)),
    -- The last day.
    valid_to INTEGER,
    reason_in TEXT CHECK (reason_in IN ('FODT', 'FLYTTET_INN', 'ANNET')),
    reason_out TEXT CHECK (reason_out IN ('FLYTTET_UT', 'DOD', 'SAMLIVSBRUDD', 'ANNET')),
    retracted INTEGER NOT NULL CHECK (retracted IN (0, 1)),
    reason_code TEXT,
    PRIMARY KEY (member_id, valid_from, recorded_at),
    CHECK ((valid_to IS NULL) = (reason_out IS NULL)),
    CHECK ((listed = 1) = (reason_in IS NULL)),
    CHECK (listed = 1 OR valid_to >= valid_from)
) STRICT;
CREATE INDEX spells_of_family ON household_spells (family_id);

CREATE TABLE family_moves (
    family_id TEXT NOT NULL,
    moved_on INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    municipality TEXT NOT NULL CHECK (length(municipality) = 4),
    -- The office of the pilot that follows the family from then on, where one does.
    office_id TEXT,
    retracted INTEGER NOT NULL CHECK (retracted IN (0, 1)),
    reason_code TEXT,
    PRIMARY KEY (family_id, moved_on, recorded_at)
) STRICT;

-- `member_id` is the family's id where its adults answered for the family as one.
CREATE TABLE consents (
    member_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('FORSKNING', 'TILTAK')),
    at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    family_id TEXT NOT NULL,
    answer TEXT NOT NULL CHECK (answer IN ('JA', 'NEI')),
    withdrawn_at INTEGER,
    retracted INTEGER NOT NULL CHECK (retracted IN (0, 1)),
    reason_code TEXT,
    PRIMARY KEY (member_id, kind, at, recorded_at),
    CHECK (withdrawn_at >= at)
) STRICT;
CREATE INDEX consents_of_family ON consents (family_id);

CREATE TABLE deviations (
    family_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
        'KRYSSET_OVER', 'KONTROLL_FULGT_OPP', 'SEN_BASELINE', 'ANNET'
    )),
    recorded_at INTEGER NOT NULL REFERENCES ledger (at) DEFERRABLE INITIALLY DEFERRED,
    retracted INTEGER NOT NULL CHECK (retracted IN (0, 1)),
    reason_code TEXT,
    PRIMARY KEY (family_id, at, kind, recorded_at)
) STRICT;

-- Beside what follows from offers (`TILBUD`, which decides the places that are free) what the
-- coordinators tell of follow-up (`LOGG`, which decides nothing).
ALTER TABLE participation ADD COLUMN told_by TEXT NOT NULL DEFAULT 'TILBUD'
    CHECK (told_by IN ('TILBUD', 'LOGG'));
ALTER TABLE participation ADD COLUMN meetings INTEGER CHECK (meetings >= 0);
ALTER TABLE participation ADD COLUMN coordinator TEXT;
ALTER TABLE participation ADD COLUMN retracted INTEGER NOT NULL DEFAULT 0
    CHECK (retracted IN (0, 1));
ALTER TABLE participation ADD COLUMN reason_code TEXT;
