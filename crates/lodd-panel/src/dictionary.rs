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

const fn outcome(
    id: &'static str,
    (unit, direction): (UnitKind, Direction),
    (label_nb, label_en): (&'static str, &'static str),
    definition: Definition,
) -> Outcome {
    Outcome {
        id: text(id),
        version: 1,
        unit,
        label_nb: text(label_nb),
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

/// Every outcome of the dictionary.
pub static DICTIONARY: &[Outcome] = &[
    outcome("A_ARBEID", ADULT_UP, ("I arbeid", "In work"), sql("ARBEID IN ('HELTID', 'DELTID')")),
    outcome(
        "A_HELTID",
        ADULT_UP,
        ("I heltidsarbeid", "In full-time work"),
        sql("ARBEID = 'HELTID'"),
    ),
    outcome(
        "A_AKTIV",
        ADULT_UP,
        ("I arbeid, utdanning eller tiltak", "In work, education or a measure"),
        sql("ARBEID IN ('HELTID', 'DELTID', 'UTDANNING', 'TILTAK_STAT', 'TILTAK_KOMM', \
             'INTRO_ORDN', 'KVP_PROG')"),
    ),
    outcome(
        "A_LONN_HOVED",
        ADULT_UP,
        ("Arbeidsinntekt som hovedinntekt", "Earnings as main income"),
        sql("INNTEKT IN ('LONN', 'NARING')"),
    ),
    outcome(
        "A_SOSHJ_HOVED",
        ADULT_DOWN,
        ("Sosialhjelp som hovedinntekt", "Social assistance as main income"),
        sql("INNTEKT = 'SOSIALHJELP'"),
    ),
    outcome(
        "A_SOSHJ_NOE",
        ADULT_DOWN,
        ("Mottar sosialhjelp", "Receives social assistance"),
        sql("INNTEKT = 'SOSIALHJELP' OR TILLEGG_SOSIALHJELP_SUPPL = 'J'"),
    ),
    outcome(
        "F_ARBEID_NOEN",
        FAMILY_UP,
        ("Minst én voksen i arbeid", "At least one adult in work"),
        Definition::Any(text("A_ARBEID")),
    ),
    outcome(
        "F_ARBEID_ALLE",
        FAMILY_UP,
        ("Alle voksne i arbeid", "All adults in work"),
        Definition::All(text("A_ARBEID")),
    ),
    outcome(
        "F_LONN_NOEN",
        FAMILY_UP,
        (
            "Minst én voksen med arbeidsinntekt som hovedinntekt",
            "At least one adult with earnings as main income",
        ),
        Definition::Any(text("A_LONN_HOVED")),
    ),
    outcome(
        "F_SOSHJ_NOE",
        FAMILY_DOWN,
        ("Familien mottar sosialhjelp", "Family receives social assistance"),
        Definition::Any(text("A_SOSHJ_NOE")),
    ),
    outcome(
        "F_FRI_SOSHJ",
        FAMILY_UP,
        ("Familien er uten sosialhjelp", "Family without social assistance"),
        sql("NOT F_SOSHJ_NOE"),
    ),
    outcome(
        "F_FRI_SOSHJ_6M",
        FAMILY_UP,
        ("Uten sosialhjelp siste seks måneder", "No social assistance in the last six months"),
        Definition::Monthly(Monthly::FreeSixMonths),
    ),
    outcome(
        "F_SOSHJ_MND",
        FAMILY_DOWN,
        ("Måneder med sosialhjelp", "Months with social assistance"),
        Definition::Monthly(Monthly::Months),
    ),
    outcome(
        "F_SOSHJ_KR",
        FAMILY_DOWN,
        ("Sosialhjelp som bidrag, kroner", "Social assistance grants, NOK"),
        Definition::Monthly(Monthly::Grants),
    ),
    outcome(
        "F_SOSHJ_LAN_KR",
        FAMILY_DOWN,
        ("Sosialhjelp som lån, kroner", "Social assistance loans, NOK"),
        Definition::Monthly(Monthly::Loans),
    ),
    outcome(
        "F_LONN_UTEN_SOSHJ",
        FAMILY_UP,
        (
            "Lønn som hovedinntekt, uten sosialhjelp",
            "Earnings as main income, no social assistance",
        ),
        sql("F_FRI_SOSHJ AND F_LONN_NOEN"),
    ),
    outcome(
        "F_FAST_BOLIG",
        FAMILY_UP,
        ("Fast bolig", "Stable housing"),
        sql("BOLIG IN ('EID', 'LEID_PRIVAT', 'LEID_KOMM')"),
    ),
    Outcome {
        id: text("C_FRITID"),
        version: 1,
        unit: UnitKind::Child,
        label_nb: text("Ukentlig organisert fritidsaktivitet"),
        label_en: text("Weekly organised activity"),
        direction: Some(Direction::Up),
        ages: Some((6, 17)),
        definition: sql("FRITID_IDRETT = 'J' OR FRITID_KULTUR = 'J' OR FRITID_ANNET = 'J'"),
    },
    outcome(
        "F_BARN_DELTAR_ANDEL",
        FAMILY_UP,
        ("Andel av barna som deltar", "Share of the children taking part"),
        Definition::Share(text("C_FRITID")),
    ),
    outcome(
        "F_BARN_DELTAR_ALLE",
        FAMILY_UP,
        ("Alle barna deltar", "All children take part"),
        Definition::All(text("C_FRITID")),
    ),
];

/// The outcome with that id.
pub fn find(id: &str) -> Option<&'static Outcome> {
    DICTIONARY.iter().find(|it| it.id == id)
}
