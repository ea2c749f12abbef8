//! The lists themselves (data model, section 3), in the order that reports show them.

use super::{Code, Cow, Kind, Text, UnitKind, Variable};

const fn text(text: &'static str) -> Text {
    Cow::Borrowed(text)
}

const fn code(code: &'static str, nb: &'static str, en: &'static str) -> Code {
    Code { code: text(code), nb: text(nb), en: text(en), group: None }
}

const fn grouped(
    group: &'static str,
    code: &'static str,
    nb: &'static str,
    en: &'static str,
) -> Code {
    Code { code: text(code), nb: text(nb), en: text(en), group: Some(text(group)) }
}

const fn variable(
    unit: UnitKind,
    name: &'static str,
    kind: Kind,
    labels: (&'static str, &'static str),
) -> Variable {
    Variable { name: text(name), unit, kind, label_nb: text(labels.0), label_en: text(labels.1) }
}

/// Yes and no, as stored.
pub static YES_NO: &[Code] = &[code("J", "Ja", "Yes"), code("N", "Nei", "No")];

/// Allowed for every variable. `UKJENT` is an answer; an empty cell is *not reported*.
pub static MISSING_CODES: &[Code] = &[
    code("UKJENT", "Ukjent", "Unknown"),
    code("IKKE_SPURT", "Ikke spurt", "Not asked"),
    code("VIL_IKKE_SVARE", "Vil ikke svare", "Refused"),
    code("IKKE_AKTUELT", "Ikke aktuelt", "Not applicable"),
];

/// What a snapshot says about its unit. Only `OBSERVERT` carries values.
pub static RECORD_STATUSES: &[Code] = &[
    code("OBSERVERT", "Observert", "Observed"),
    code("IKKE_NADD", "Ikke nådd", "Not reached"),
    code("TRAKK_SAMTYKKE", "Trakk samtykket", "Withdrew consent"),
    code("SLUTTET_I_TILTAK", "Sluttet i tiltaket", "Left the service"),
    code("FLYTTET", "Flyttet", "Moved"),
    code("DOD", "Død", "Died"),
    code("TILBAKEKALT", "Tilbakekalt", "Retracted"),
];

/// Who says so. Sources are never blended.
pub static SOURCES: &[Code] = &[
    code("VEILEDER", "Veileder", "Caseworker"),
    code("SELVRAPPORT", "Selvrapport", "Self-report"),
    code("REGISTER", "Register", "Register"),
];

/// Whether a snapshot was planned. An `EKSTRA` one never enters the primary rule.
pub static OCCASIONS: &[Code] =
    &[code("PLANLAGT", "Planlagt", "Planned"), code("EKSTRA", "Ekstra", "Extra")];

/// Groups of `ARBEID` that come close to the labour force survey's (AKU).
pub static AKU_GROUPS: &[Code] = &[
    code("SYSSELSATT", "Sysselsatt", "Employed"),
    code("TILTAK", "I tiltak eller program", "In a measure or programme"),
    code("LEDIG", "Arbeidsledig", "Unemployed"),
    code("UTENFOR", "Utenfor arbeidsstyrken", "Outside the labour force"),
];

/// Main source of livelihood (KOSTRA VKLO, KLASS 751, and TRYGDESIT, KLASS 753).
static INNTEKT: &[Code] = &[
    code("LONN", "Arbeidsinntekt (lønn)", "Wages"),
    code("NARING", "Næringsinntekt", "Self-employment"),
    code(
        "TILTAKSPENGER",
        "Kursstønad/lønn i arbeidsmarkedstiltak, tiltakspenger",
        "Labour-market measure pay",
    ),
    code("SYKEPENGER", "Sykepenger", "Sickness benefit"),
    code("DAGPENGER", "Dagpenger", "Unemployment benefit"),
    code("UFORETRYGD", "Uføretrygd", "Disability benefit"),
    code("OVERGANGSSTONAD", "Overgangsstønad", "Transitional benefit (single parent)"),
    code("OMSTILLING", "Omstillingsstønad / tidl. etterlattepensjon", "Survivor benefit"),
    code("ALDERSPENSJON", "Alderspensjon", "Old-age pension"),
    code("SUPPLERENDE", "Supplerende stønad (kort botid)", "Supplementary allowance"),
    code("FORELDREPENGER", "Foreldrepenger", "Parental benefit"),
    code("OMSORG", "Pleie-/omsorgs-/opplæringspenger", "Care benefit"),
    code("KONTANTSTOTTE", "Kontantstøtte", "Cash-for-care"),
    code("ANNEN_TRYGD", "Annen trygd", "Other benefit"),
    code("AAP", "Arbeidsavklaringspenger", "Work assessment allowance"),
    code("BARNETRYGD", "Barnetrygd", "Child benefit"),
    code("STUDIE", "Stipend/lån", "Student grant/loan"),
    code("SOSIALHJELP", "Økonomisk sosialhjelp", "Social assistance"),
    code("INTRO", "Introduksjonsstønad", "Introduction benefit"),
    code("PARTNER", "Ektefelles/samboers inntekt", "Partner's income"),
    code("KVP", "Kvalifiseringsstønad", "Qualification benefit"),
    code("BIDRAG", "Barnebidrag", "Child support"),
    code("ANNEN", "Annen inntekt", "Other income"),
    code("INGEN", "Ingen inntekt", "No income"),
];

/// Further income beside the main one.
static TILLEGG: &[Code] = &[
    code("SOSIALHJELP_SUPPL", "Supplerende sosialhjelp", "Supplementary social assistance"),
    code("BOSTOTTE_HUSBANK", "Bostøtte fra Husbanken", "State housing allowance"),
    code("BOSTOTTE_KOMM", "Kommunal bostøtte", "Municipal housing allowance"),
    code("BARNETRYGD", "Barnetrygd", "Child benefit"),
    code("UTVIDET_BT", "Utvidet barnetrygd", "Extended child benefit"),
    code("KONTANTSTOTTE", "Kontantstøtte", "Cash-for-care"),
    code("BIDRAG", "Barnebidrag", "Child support"),
];

/// Main work or life situation (KOSTRA ARBSIT, KLASS 752), with the AKU-like group.
static ARBEID: &[Code] = &[
    grouped("SYSSELSATT", "HELTID", "Arbeid, heltid", "Full-time work"),
    grouped("SYSSELSATT", "DELTID", "Arbeid, deltid", "Part-time work"),
    grouped("UTENFOR", "UTDANNING", "Under utdanning", "In education"),
    grouped("UTENFOR", "IKKE_SOKER", "Ikke arbeidssøker", "Not seeking work"),
    grouped("TILTAK", "TILTAK_STAT", "Arbeidsmarkedstiltak (statlig)", "State measure"),
    grouped("TILTAK", "TILTAK_KOMM", "Kommunalt tiltak", "Municipal measure"),
    grouped("LEDIG", "LEDIG_REG", "Registrert arbeidsledig", "Registered unemployed"),
    grouped(
        "LEDIG",
        "LEDIG_UREG",
        "Arbeidsledig, ikke registrert hos NAV",
        "Unemployed, unregistered",
    ),
    grouped("TILTAK", "INTRO_ORDN", "Introduksjonsordning", "Introduction programme"),
    grouped("TILTAK", "KVP_PROG", "Kvalifiseringsprogram", "Qualification programme"),
];

/// Housing (KOSTRA BOSIT, KLASS 511; `MIDLERTIDIG` is ours and exported as `UTEN`).
static BOLIG: &[Code] = &[
    code("LEID_PRIVAT", "Leid privat bolig", "Private rental"),
    code("LEID_KOMM", "Leid kommunal bolig", "Municipal rental"),
    code("EID", "Eid bolig", "Owned"),
    code("UTEN", "Uten bolig", "No home"),
    code("ANNET", "Annet", "Other"),
    code("INSTITUSJON", "Institusjon", "Institution"),
    code("MIDLERTIDIG", "Midlertidig botilbud", "Temporary accommodation"),
];

/// Weekly organised activity of a child.
static FRITID: &[Code] = &[
    code("IDRETT", "Idrett", "Sport"),
    code("KULTUR", "Kultur", "Culture"),
    code("ANNET", "Annet", "Other"),
];

/// The built-in variables, by unit, in the order that a template shows them.
pub static VARIABLES: &[Variable] = &[
    variable(
        UnitKind::Family,
        "BOLIG",
        Kind::Code(Cow::Borrowed(BOLIG)),
        ("Boligsituasjon", "Housing"),
    ),
    variable(
        UnitKind::Adult,
        "INNTEKT",
        Kind::Code(Cow::Borrowed(INNTEKT)),
        ("Viktigste kilde til livsopphold", "Main source of livelihood"),
    ),
    variable(
        UnitKind::Adult,
        "TILLEGG",
        Kind::Several(Cow::Borrowed(TILLEGG)),
        ("Andre inntekter", "Further income"),
    ),
    variable(
        UnitKind::Adult,
        "ARBEID",
        Kind::Code(Cow::Borrowed(ARBEID)),
        ("Arbeidssituasjon", "Work situation"),
    ),
    variable(
        UnitKind::Adult,
        "LONNSTILSKUDD",
        Kind::YesNo,
        ("Arbeid med lønnstilskudd", "Work with a wage subsidy"),
    ),
    variable(
        UnitKind::Adult,
        "STILLINGSPROSENT",
        Kind::Integer { min: 1, max: 100 },
        ("Stillingsprosent", "Percentage of full time"),
    ),
    variable(UnitKind::Adult, "SYKMELDT", Kind::YesNo, ("Sykmeldt", "On sick leave")),
    variable(UnitKind::Child, "BARNEHAGE", Kind::YesNo, ("Går i barnehage", "In kindergarten")),
    variable(UnitKind::Child, "SFO", Kind::YesNo, ("Går på SFO", "In after-school care")),
    variable(UnitKind::Child, "SKOLE", Kind::YesNo, ("Går på skole", "Attends school")),
    variable(
        UnitKind::Child,
        "FRITID",
        Kind::Several(Cow::Borrowed(FRITID)),
        ("Ukentlig organisert fritidsaktivitet", "Weekly organised activity"),
    ),
];
