//! The outcomes that every pilot can ask for by id (data model, section 5).
//!
//! An entry may use those above it, so the order is also that of computing.

use crate::{
    codes::{Text, UnitKind},
    outcomes::{Definition, Direction, Monthly, Outcome},
};

const fn text(text: &'static str) -> Text {
    Text::Borrowed(text)
}

type Labels = (&'static str, &'static str, &'static str);

const fn outcome(
    id: &'static str,
    about: (UnitKind, Direction),
    labels: Labels,
    definition: Definition,
) -> Outcome {
    version(1, (id, about), labels, definition)
}

const fn version(
    version: i32,
    (id, (unit, direction)): (&'static str, (UnitKind, Direction)),
    (label_nb, label_nn, label_en): Labels,
    definition: Definition,
) -> Outcome {
    Outcome {
        id: text(id),
        version,
        unit,
        label_nb: text(label_nb),
        label_nn: text(label_nn),
        label_en: text(label_en),
        direction: Some(direction),
        ages: None,
        definition,
    }
}

const ADULT_UP: (UnitKind, Direction) = (UnitKind::Adult, Direction::Up);
const ADULT_DOWN: (UnitKind, Direction) = (UnitKind::Adult, Direction::Down);
const FAMILY_UP: (UnitKind, Direction) = (UnitKind::Family, Direction::Up);
const FAMILY_DOWN: (UnitKind, Direction) = (UnitKind::Family, Direction::Down);

const fn sql(condition: &'static str) -> Definition {
    Definition::Sql(text(condition))
}

const STABLE_HOUSING: &str = "BOLIG IN ('EID', 'LEID_PRIVAT', 'LEID_KOMM')";

/// SSB (vardok 3462): fewer rooms than persons, or one person in one room, and less than 25 m² each;
/// where one figure is missing the other counts alone.
const CROWDED_25: &str = "CASE WHEN ROM IS NULL THEN KVM < 25 * PERSONER \
                          WHEN KVM IS NULL THEN ROM < PERSONER OR (PERSONER = 1 AND ROM = 1) \
                          ELSE (ROM < PERSONER OR (PERSONER = 1 AND ROM = 1)) \
                          AND KVM < 25 * PERSONER END";
/// The same with 20 m², as in SSB's older texts.
const CROWDED_20: &str = "CASE WHEN ROM IS NULL THEN KVM < 20 * PERSONER \
                          WHEN KVM IS NULL THEN ROM < PERSONER OR (PERSONER = 1 AND ROM = 1) \
                          ELSE (ROM < PERSONER OR (PERSONER = 1 AND ROM = 1)) \
                          AND KVM < 20 * PERSONER END";

const STABLE: Labels = ("Fast bolig", "Fast bustad", "Stable housing");
const CROWDED: Labels = ("Trangbodd", "Trongbudd", "Living in crowded housing");

/// Every outcome of the dictionary, in the definition that is in use.
pub static DICTIONARY: &[Outcome] = &[
    outcome(
        "A_ARBEID",
        ADULT_UP,
        ("I arbeid", "I arbeid", "In work"),
        sql("ARBEID IN ('HELTID', 'DELTID')"),
    ),
    outcome(
        "A_ARBEID_UTEN_TILSKUDD",
        ADULT_UP,
        (
            "I arbeid uten lønnstilskudd",
            "I arbeid utan lønstilskot",
            "In work without a wage subsidy",
        ),
        sql("ARBEID IN ('HELTID', 'DELTID') AND LONNSTILSKUDD = 'N'"),
    ),
    outcome(
        "A_HELTID",
        ADULT_UP,
        ("I heltidsarbeid", "I heiltidsarbeid", "In full-time work"),
        sql("ARBEID = 'HELTID'"),
    ),
    outcome(
        "A_AKTIV",
        ADULT_UP,
        (
            "I arbeid, utdanning eller tiltak",
            "I arbeid, utdanning eller tiltak",
            "In work, education or a measure",
        ),
        sql("ARBEID IN ('HELTID', 'DELTID', 'UTDANNING', 'TILTAK_STAT', 'TILTAK_KOMM', \
             'INTRO_ORDN', 'KVP_PROG')"),
    ),
    outcome(
        "A_LONN_HOVED",
        ADULT_UP,
        (
            "Arbeidsinntekt som hovedinntekt",
            "Arbeidsinntekt som hovudinntekt",
            "Earnings as main income",
        ),
        sql("INNTEKT IN ('LONN', 'NARING')"),
    ),
    outcome(
        "A_SOSHJ_HOVED",
        ADULT_DOWN,
        (
            "Sosialhjelp som hovedinntekt",
            "Sosialhjelp som hovudinntekt",
            "Social assistance as main income",
        ),
        sql("INNTEKT = 'SOSIALHJELP'"),
    ),
    outcome(
        "A_SOSHJ_NOE",
        ADULT_DOWN,
        ("Mottar sosialhjelp", "Får sosialhjelp", "Receives social assistance"),
        sql("INNTEKT = 'SOSIALHJELP' OR TILLEGG_SOSIALHJELP_SUPPL = 'J'"),
    ),
    outcome(
        "F_ARBEID_NOEN",
        FAMILY_UP,
        ("Minst én voksen i arbeid", "Minst éin vaksen i arbeid", "At least one adult in work"),
        Definition::Any(text("A_ARBEID")),
    ),
    outcome(
        "F_ARBEID_ALLE",
        FAMILY_UP,
        ("Alle voksne i arbeid", "Alle vaksne i arbeid", "All adults in work"),
        Definition::All(text("A_ARBEID")),
    ),
    outcome(
        "F_ARBEID_NOEN_HJEMME",
        FAMILY_UP,
        (
            "Minst én av de voksne barna bor hos, i arbeid",
            "Minst éin av dei vaksne barna bur hos, i arbeid",
            "At least one adult whom the children live with in work",
        ),
        Definition::AnyAtHome(text("A_ARBEID")),
    ),
    outcome(
        "F_ARBEID_ALLE_HJEMME",
        FAMILY_UP,
        (
            "Alle de voksne barna bor hos, i arbeid",
            "Alle dei vaksne barna bur hos, i arbeid",
            "All adults whom the children live with in work",
        ),
        Definition::AllAtHome(text("A_ARBEID")),
    ),
    outcome(
        "F_LONN_NOEN",
        FAMILY_UP,
        (
            "Minst én voksen med arbeidsinntekt som hovedinntekt",
            "Minst éin vaksen med arbeidsinntekt som hovudinntekt",
            "At least one adult with earnings as main income",
        ),
        Definition::Any(text("A_LONN_HOVED")),
    ),
    outcome(
        "F_SOSHJ_NOE",
        FAMILY_DOWN,
        (
            "Familien mottar sosialhjelp",
            "Familien får sosialhjelp",
            "Family receives social assistance",
        ),
        Definition::Any(text("A_SOSHJ_NOE")),
    ),
    outcome(
        "F_FRI_SOSHJ",
        FAMILY_UP,
        (
            "Familien er uten sosialhjelp",
            "Familien er utan sosialhjelp",
            "Family without social assistance",
        ),
        sql("NOT F_SOSHJ_NOE"),
    ),
    outcome(
        "F_FRI_SOSHJ_6M",
        FAMILY_UP,
        (
            "Uten sosialhjelp siste seks måneder",
            "Utan sosialhjelp dei siste seks månadene",
            "No social assistance in the last six months",
        ),
        Definition::Monthly(Monthly::FreeSixMonths),
    ),
    outcome(
        "F_SOSHJ_MND",
        FAMILY_DOWN,
        ("Måneder med sosialhjelp", "Månader med sosialhjelp", "Months with social assistance"),
        Definition::Monthly(Monthly::Months),
    ),
    outcome(
        "F_SOSHJ_KR",
        FAMILY_DOWN,
        (
            "Sosialhjelp som bidrag, kroner",
            "Sosialhjelp som bidrag, kroner",
            "Social assistance grants, NOK",
        ),
        Definition::Monthly(Monthly::Grants),
    ),
    outcome(
        "F_SOSHJ_LAN_KR",
        FAMILY_DOWN,
        (
            "Sosialhjelp som lån, kroner",
            "Sosialhjelp som lån, kroner",
            "Social assistance loans, NOK",
        ),
        Definition::Monthly(Monthly::Loans),
    ),
    outcome(
        "F_LONN_UTEN_SOSHJ",
        FAMILY_UP,
        (
            "Lønn som hovedinntekt, uten sosialhjelp",
            "Løn som hovudinntekt, utan sosialhjelp",
            "Earnings as main income, no social assistance",
        ),
        sql("F_FRI_SOSHJ AND F_LONN_NOEN"),
    ),
    outcome(
        "A_FAST_BOLIG",
        ADULT_UP,
        ("Voksen i fast bolig", "Vaksen i fast bustad", "Adult in stable housing"),
        sql(STABLE_HOUSING),
    ),
    // Since version 2 what the adults say, where the family's own row says nothing.
    version(
        2,
        ("F_FAST_BOLIG", FAMILY_UP),
        STABLE,
        Definition::Agreed { sql: text(STABLE_HOUSING), adults: text("A_FAST_BOLIG") },
    ),
    version(2, ("F_TRANGBODD", FAMILY_DOWN), CROWDED, sql(CROWDED_25)),
    Outcome {
        id: text("C_FRITID"),
        version: 1,
        unit: UnitKind::Child,
        label_nb: text("Ukentlig organisert fritidsaktivitet"),
        label_nn: text("Organisert fritidsaktivitet kvar veke"),
        label_en: text("Weekly organised activity"),
        direction: Some(Direction::Up),
        ages: Some((6, 17)),
        definition: sql("FRITID_IDRETT = 'J' OR FRITID_KULTUR = 'J' OR FRITID_ANNET = 'J'"),
    },
    outcome(
        "F_BARN_DELTAR_ANDEL",
        FAMILY_UP,
        (
            "Andel av barna som deltar",
            "Del av barna som deltek",
            "Share of the children taking part",
        ),
        Definition::Share(text("C_FRITID")),
    ),
    outcome(
        "F_BARN_DELTAR_ALLE",
        FAMILY_UP,
        ("Alle barna deltar", "Alle barna deltek", "All children take part"),
        Definition::All(text("C_FRITID")),
    ),
    outcome(
        "F_BARN_DELTAR_DEKNING",
        FAMILY_UP,
        (
            "Andel av barna det er svart for",
            "Del av barna det er svart for",
            "Share of the children with an answer",
        ),
        Definition::Coverage(text("C_FRITID")),
    ),
];

/// Definitions that are no longer in use, for series that began with them.
pub static EARLIER: &[Outcome] = &[
    version(1, ("F_TRANGBODD", FAMILY_DOWN), CROWDED, sql(CROWDED_20)),
    version(1, ("F_FAST_BOLIG", FAMILY_UP), STABLE, sql(STABLE_HOUSING)),
];

/// The outcome with that id in one definition, in use or earlier.
pub fn find_version(id: &str, version: i32) -> Option<&'static Outcome> {
    DICTIONARY.iter().chain(EARLIER).find(|it| it.id == id && it.version == version)
}

/// The outcome with that id, in the definition that is in use.
pub fn find(id: &str) -> Option<&'static Outcome> {
    DICTIONARY.iter().find(|it| it.id == id)
}
