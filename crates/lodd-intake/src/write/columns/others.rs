//! The sheets of the coordinators' log, of the roster, and of months.

use super::{Asked, Fill, Sheet, ask, list, of_events, sheet};
use crate::write::words::Phrased;

/// What the coordinators tell of the families they follow.
pub(in crate::write) fn log() -> Vec<Sheet> {
    vec![of_events("Deltakelse", FOLLOWED), of_events("Avvik", DEVIATIONS)]
}

/// Months with assistance, as `lodd upload` and `lodd roster import` read them.
pub(in crate::write) fn months() -> Sheet {
    sheet("Måneder", MONTHS)
}

/// The roster: families, members, months and facts.
pub(in crate::write) fn roster() -> Vec<Sheet> {
    vec![sheet("Familier", FAMILIES), sheet("Medlemmer", MEMBERS), months(), sheet("Fakta", FACTS)]
}

const FAMILY: Phrased = Phrased::new("Familien", "Familien", "The family");

const FOLLOWED: &[Asked] = &[
    ask("familie_id", Fill::Fixed, 16.0, FAMILY),
    ask("startet", Fill::Date, 12.0, Phrased::new("Første dag", "Første dag", "First day")),
    ask(
        "sluttet",
        Fill::Date,
        12.0,
        Phrased::new(
            "Siste dag; tom så lenge oppfølgingen varer",
            "Siste dag; tom så lenge oppfølginga varer",
            "Last day; empty while it lasts",
        ),
    ),
    ask(
        "sluttarsak",
        list("sluttarsak"),
        22.0,
        Phrased::new("Hvorfor den sluttet", "Kvifor ho slutta", "Why it ended"),
    ),
    ask(
        "moter",
        Fill::Whole { min: 0, max: 1000 },
        10.0,
        Phrased::new("Antall møter til nå", "Talet på møte til no", "Meetings so far"),
    ),
    ask(
        "koordinator",
        Fill::Text,
        13.0,
        Phrased::new(
            "En kode som K1, aldri et navn",
            "Ein kode som K1, aldri eit namn",
            "A code such as K1, never a name",
        ),
    ),
    ask(
        "avvik",
        list("avvik"),
        30.0,
        Phrased::new(
            "Om det som ble gjort, skiller seg fra trekningen",
            "Om det som vart gjort, skil seg frå trekninga",
            "Whether it differs from the draw",
        ),
    ),
];

const DEVIATIONS: &[Asked] = &[
    ask("familie_id", Fill::Text, 16.0, FAMILY),
    ask("dato", Fill::Date, 12.0, Phrased::new("Dagen", "Dagen", "The day")),
    ask(
        "type",
        list("avvik"),
        30.0,
        Phrased::new("Hva slags avvik", "Kva slags avvik", "What kind"),
    ),
];

const MONTHS: &[Asked] = &[
    ask("familie_id", Fill::Text, 16.0, Phrased::new("Familien", "Familien", "The family")),
    ask("maned", Fill::Month, 11.0, Phrased::new("Måneden", "Månaden", "The month")),
    ask(
        "stonad",
        KRONER,
        11.0,
        Phrased::new("Stønad i kroner", "Stønad i kroner", "Grant in kroner"),
    ),
    ask("lan", KRONER, 11.0, Phrased::new("Lån i kroner", "Lån i kroner", "Loan in kroner")),
    ask(
        "register",
        Fill::Text,
        14.0,
        Phrased::new("Registeret, hvis kjent", "Registeret, om kjent", "The register, if known"),
    ),
];

const KRONER: Fill = Fill::Whole { min: 0, max: 10_000_000 };

const ID: Phrased = Phrased::new(
    "Familiens ID, f.eks. ABC-7KQ4-R",
    "ID-en til familien, t.d. ABC-7KQ4-R",
    "The family's id, such as ABC-7KQ4-R",
);
const LEFT: Phrased = Phrased::new(
    "Dagen den gikk ut av listen, hvis den gjorde det",
    "Dagen han gjekk ut av lista, om han gjorde det",
    "The day it left the list, if it did",
);

const FAMILIES: &[Asked] = &[
    ask("familie_id", Fill::Text, 16.0, ID),
    ask("kontor", list("kontor"), 20.0, Phrased::new("Kontoret", "Kontoret", "The office")),
    ask(
        "registrert",
        Fill::Date,
        12.0,
        Phrased::new(
            "Dagen familien kom på listen",
            "Dagen familien kom på lista",
            "The day it came onto the list",
        ),
    ),
    ask(
        "bor_sammen_med",
        Fill::Text,
        18.0,
        Phrased::new(
            "ID-en til en annen familie i samme bolig",
            "ID-en til ein annan familie i same bustad",
            "The id of another family in the same home",
        ),
    ),
    ask("utmeldt", Fill::Date, 12.0, LEFT),
];

const MEMBERS: &[Asked] = &[
    ask(
        "medlem_id",
        Fill::Text,
        18.0,
        Phrased::new(
            "Familiens ID med -A1, -A2 for voksne og -B1, -B2 for barn",
            "ID-en til familien med -A1, -A2 for vaksne og -B1, -B2 for barn",
            "The family's id with -A1, -A2 for adults and -B1, -B2 for children",
        ),
    ),
    ask("familie_id", Fill::Text, 16.0, ID),
    ask(
        "rolle",
        list("rolle"),
        15.0,
        Phrased::new("Rollen i familien", "Rolla i familien", "The role in the family"),
    ),
    ask(
        "fodselsar",
        Fill::Whole { min: 1900, max: 2100 },
        11.0,
        Phrased::new("Bare året, aldri datoen", "Berre året, aldri datoen", "The year only"),
    ),
    ask("kjonn", list("kjonn"), 10.0, Phrased::new("Kan stå tom", "Kan stå tom", "May be empty")),
    ask("utmeldt", Fill::Date, 12.0, LEFT),
];

const FACTS: &[Asked] = &[
    ask("familie_id", Fill::Text, 16.0, ID),
    ask(
        "kriterium",
        Fill::Text,
        22.0,
        Phrased::new("Hva det gjelder", "Kva det gjeld", "What it is about"),
    ),
    ask(
        "observert",
        Fill::Date,
        12.0,
        Phrased::new("Dagen det gjaldt", "Dagen det galdt", "The day it was so"),
    ),
    ask("verdi", Fill::Text, 18.0, Phrased::new("Svaret", "Svaret", "The answer")),
    ask("kilde", Fill::Text, 16.0, Phrased::new("Kan stå tom", "Kan stå tom", "May be empty")),
];
