//! The answers that every pilot's files share, with the labels that the forms show. A variable's own
//! codes come with the variable.

use std::sync::LazyLock;

use crate::variable::Code;

/// A list of codes, made on first use.
pub type Codes = LazyLock<Vec<Code>>;

fn list<const N: usize>(rows: [[&str; 4]; N]) -> Vec<Code> {
    rows.map(|[code, nb, nn, en]| Code::new(code, nb, en).in_nynorsk(nn)).to_vec()
}

/// Yes and no.
pub(crate) static YES_NO: Codes =
    LazyLock::new(|| list([["J", "Ja", "Ja", "Yes"], ["N", "Nei", "Nei", "No"]]));

/// Why a variable has no answer; every variable takes them.
pub(crate) static MISSING: Codes = LazyLock::new(|| {
    list([
        ["UKJENT", "Ukjent", "Ukjend", "Unknown"],
        ["IKKE_SPURT", "Ikke spurt", "Ikkje spurt", "Not asked"],
        ["VIL_IKKE_SVARE", "Vil ikke svare", "Vil ikkje svare", "Refused"],
        ["IKKE_AKTUELT", "Ikke aktuelt", "Ikkje aktuelt", "Not applicable"],
    ])
});

/// No to every option of a variable with several answers.
pub(crate) static NONE_OF_THEM: LazyLock<Code> =
    LazyLock::new(|| Code::new("INGEN", "Ingen", "None"));

/// Whether anything was observed, or why not.
pub(crate) static STATUSES: Codes = LazyLock::new(|| {
    list([
        ["OBSERVERT", "Observert", "Observert", "Observed"],
        ["IKKE_NADD", "Ikke nådd", "Ikkje nådd", "Not reached"],
        ["TRAKK_SAMTYKKE", "Trakk samtykket", "Trekte samtykket", "Withdrew consent"],
        ["SLUTTET_I_TILTAK", "Sluttet i tiltaket", "Slutta i tiltaket", "Left the service"],
        ["FLYTTET", "Flyttet", "Flytta", "Moved"],
        ["DOD", "Død", "Død", "Died"],
        ["TILBAKEKALT", "Tilbakekalt", "Tilbakekalla", "Retracted"],
    ])
});

/// Who says so.
pub(crate) static SOURCES: Codes = LazyLock::new(|| {
    list([
        ["VEILEDER", "Veileder", "Rettleiar", "Caseworker"],
        ["SELVRAPPORT", "Selvrapport", "Sjølvrapport", "Self-report"],
        ["REGISTER", "Register", "Register", "Register"],
    ])
});

/// Whether the contact was planned.
pub(crate) static OCCASIONS: Codes = LazyLock::new(|| {
    list([["PLANLAGT", "Planlagt", "Planlagd", "Planned"], ["EKSTRA", "Ekstra", "Ekstra", "Extra"]])
});

/// Why what was delivered before is corrected.
pub static REASONS: Codes = LazyLock::new(|| {
    list([
        ["TASTEFEIL", "Tastefeil", "Tastefeil", "Typing mistake"],
        ["NY_INFO", "Ny informasjon", "Ny informasjon", "New information"],
        ["FEIL_PERSON", "Feil person", "Feil person", "Wrong person"],
        ["FEIL_DATO", "Feil dato", "Feil dato", "Wrong date"],
        ["METODE", "Endret metode", "Endra metode", "Other method"],
    ])
});

/// A member's role.
pub static ROLES: Codes = LazyLock::new(|| {
    list([
        ["FORELDER", "Forelder", "Forelder", "Parent"],
        ["PARTNER", "Partner", "Partnar", "Partner"],
        ["ANNEN_VOKSEN", "Annen voksen", "Annan vaksen", "Other adult"],
        ["BARN", "Barn", "Barn", "Child"],
    ])
});

/// A member's sex.
pub(crate) static SEXES: Codes =
    LazyLock::new(|| list([["K", "Kvinne", "Kvinne", "Female"], ["M", "Mann", "Mann", "Male"]]));

/// Why a member came to a family, or left it.
pub static MEMBER_REASONS: Codes = LazyLock::new(|| {
    list([
        ["FODT", "Født", "Fødd", "Born"],
        ["FLYTTET_INN", "Flyttet inn", "Flytta inn", "Moved in"],
        ["FLYTTET_UT", "Flyttet ut", "Flytta ut", "Moved out"],
        ["DOD", "Død", "Død", "Died"],
        ["SAMLIVSBRUDD", "Samlivsbrudd", "Samlivsbrot", "The couple parted"],
        ["ANNET", "Annet", "Anna", "Other"],
    ])
});

/// What a consent is to.
pub static CONSENTS: Codes = LazyLock::new(|| {
    list([
        ["FORSKNING", "Forskning", "Forsking", "Research"],
        ["TILTAK", "Tiltaket", "Tiltaket", "The follow-up"],
    ])
});

/// The answer to the question for consent.
pub static ANSWERS: Codes =
    LazyLock::new(|| list([["JA", "Ja", "Ja", "Yes"], ["NEI", "Nei", "Nei", "No"]]));

/// Why follow-up ended.
pub(crate) static END_REASONS: Codes = LazyLock::new(|| {
    list([
        ["FULLFORT", "Fullført", "Fullført", "Carried through"],
        ["EGET_ONSKE", "Familiens eget ønske", "Familien ønskte det", "The family's own wish"],
        ["FLYTTET", "Flyttet", "Flytta", "Moved"],
        ["IKKE_NADD", "Ikke nådd", "Ikkje nådd", "Not reached"],
        ["ANNET", "Annet", "Anna", "Other"],
    ])
});

/// How what was done differs from what was drawn.
pub(crate) static DEVIATIONS: Codes = LazyLock::new(|| {
    list([
        [
            "KRYSSET_OVER",
            "Fikk det en annen gruppe var trukket til",
            "Fekk det ei anna gruppe var trekt til",
            "Crossed over",
        ],
        [
            "KONTROLL_FULGT_OPP",
            "Kontrollfamilie fulgt opp",
            "Kontrollfamilie følgd opp",
            "Control family followed up",
        ],
        [
            "SEN_BASELINE",
            "Startmåling etter trekningen",
            "Startmåling etter trekninga",
            "Baseline after the draw",
        ],
        ["ANNET", "Annet avvik", "Anna avvik", "Another deviation"],
    ])
});
