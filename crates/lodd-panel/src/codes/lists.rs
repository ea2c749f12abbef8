//! The lists themselves (data model, section 3), in the order that reports show them.

use super::{Code, Cow, Kind, Text, UnitKind, Variable};

const fn text(text: &'static str) -> Text {
    Cow::Borrowed(text)
}

const fn code(code: &'static str, nb: &'static str, nn: &'static str, en: &'static str) -> Code {
    Code { code: text(code), nb: text(nb), nn: text(nn), en: text(en), group: None }
}

const fn grouped(
    group: &'static str,
    code: &'static str,
    nb: &'static str,
    nn: &'static str,
    en: &'static str,
) -> Code {
    let group = Some(text(group));
    Code { code: text(code), nb: text(nb), nn: text(nn), en: text(en), group }
}

const fn variable(
    unit: UnitKind,
    name: &'static str,
    kind: Kind,
    (nb, nn, en): (&'static str, &'static str, &'static str),
) -> Variable {
    let name = text(name);
    Variable { name, unit, kind, label_nb: text(nb), label_nn: text(nn), label_en: text(en) }
}

/// Yes and no, as stored.
pub static YES_NO: &[Code] = &[code("J", "Ja", "Ja", "Yes"), code("N", "Nei", "Nei", "No")];

/// Allowed for every variable. `UKJENT` is an answer; an empty cell is *not reported*.
pub static MISSING_CODES: &[Code] = &[
    code("UKJENT", "Ukjent", "Ukjend", "Unknown"),
    code("IKKE_SPURT", "Ikke spurt", "Ikkje spurt", "Not asked"),
    code("VIL_IKKE_SVARE", "Vil ikke svare", "Vil ikkje svare", "Refused"),
    code("IKKE_AKTUELT", "Ikke aktuelt", "Ikkje aktuelt", "Not applicable"),
];

/// What a snapshot says about its unit. Only `OBSERVERT` carries values.
pub static RECORD_STATUSES: &[Code] = &[
    code("OBSERVERT", "Observert", "Observert", "Observed"),
    code("IKKE_NADD", "Ikke nådd", "Ikkje nådd", "Not reached"),
    code("TRAKK_SAMTYKKE", "Trakk samtykket", "Trekte samtykket", "Withdrew consent"),
    code("SLUTTET_I_TILTAK", "Sluttet i tiltaket", "Slutta i tiltaket", "Left the service"),
    code("FLYTTET", "Flyttet", "Flytta", "Moved"),
    code("DOD", "Død", "Død", "Died"),
    code("TILBAKEKALT", "Tilbakekalt", "Tilbakekalla", "Retracted"),
];

/// Who says so. Sources are never blended.
pub static SOURCES: &[Code] = &[
    code("VEILEDER", "Veileder", "Rettleiar", "Caseworker"),
    code("SELVRAPPORT", "Selvrapport", "Sjølvrapport", "Self-report"),
    code("REGISTER", "Register", "Register", "Register"),
];

/// Whether a snapshot was planned. An `EKSTRA` one never enters the primary rule.
pub static OCCASIONS: &[Code] = &[
    code("PLANLAGT", "Planlagt", "Planlagd", "Planned"),
    code("EKSTRA", "Ekstra", "Ekstra", "Extra"),
];

/// Groups of `ARBEID` that come close to the labour force survey's (AKU).
pub static AKU_GROUPS: &[Code] = &[
    code("SYSSELSATT", "Sysselsatt", "Sysselsett", "Employed"),
    code("TILTAK", "I tiltak eller program", "I tiltak eller program", "In a measure or programme"),
    code("LEDIG", "Arbeidsledig", "Arbeidsledig", "Unemployed"),
    code("UTENFOR", "Utenfor arbeidsstyrken", "Utanfor arbeidsstyrken", "Outside the labour force"),
];

/// Main source of livelihood (KOSTRA VKLO, KLASS 751, and TRYGDESIT, KLASS 753).
static INNTEKT: &[Code] = &[
    code("LONN", "Arbeidsinntekt (lønn)", "Arbeidsinntekt (løn)", "Wages"),
    code("NARING", "Næringsinntekt", "Næringsinntekt", "Self-employment"),
    code(
        "TILTAKSPENGER",
        "Kursstønad/lønn i arbeidsmarkedstiltak, tiltakspenger",
        "Kursstønad/løn i arbeidsmarknadstiltak, tiltakspengar",
        "Labour-market measure pay",
    ),
    code("SYKEPENGER", "Sykepenger", "Sjukepengar", "Sickness benefit"),
    code("DAGPENGER", "Dagpenger", "Dagpengar", "Unemployment benefit"),
    code("UFORETRYGD", "Uføretrygd", "Uføretrygd", "Disability benefit"),
    code(
        "OVERGANGSSTONAD",
        "Overgangsstønad",
        "Overgangsstønad",
        "Transitional benefit (single parent)",
    ),
    code(
        "OMSTILLING",
        "Omstillingsstønad / tidl. etterlattepensjon",
        "Omstillingsstønad / tidl. etterlatnepensjon",
        "Survivor benefit",
    ),
    code("ALDERSPENSJON", "Alderspensjon", "Alderspensjon", "Old-age pension"),
    code(
        "SUPPLERENDE",
        "Supplerende stønad (kort botid)",
        "Supplerande stønad (kort butid)",
        "Supplementary allowance",
    ),
    code("FORELDREPENGER", "Foreldrepenger", "Foreldrepengar", "Parental benefit"),
    code(
        "OMSORG",
        "Pleie-/omsorgs-/opplæringspenger",
        "Pleie-/omsorgs-/opplæringspengar",
        "Care benefit",
    ),
    code("KONTANTSTOTTE", "Kontantstøtte", "Kontantstøtte", "Cash-for-care"),
    code("ANNEN_TRYGD", "Annen trygd", "Anna trygd", "Other benefit"),
    code("AAP", "Arbeidsavklaringspenger", "Arbeidsavklaringspengar", "Work assessment allowance"),
    code("BARNETRYGD", "Barnetrygd", "Barnetrygd", "Child benefit"),
    code("STUDIE", "Stipend/lån", "Stipend/lån", "Student grant/loan"),
    code("SOSIALHJELP", "Økonomisk sosialhjelp", "Økonomisk sosialhjelp", "Social assistance"),
    code("INTRO", "Introduksjonsstønad", "Introduksjonsstønad", "Introduction benefit"),
    code(
        "PARTNER",
        "Ektefelles/samboers inntekt",
        "Inntekta til ektefelle/sambuar",
        "Partner's income",
    ),
    code("KVP", "Kvalifiseringsstønad", "Kvalifiseringsstønad", "Qualification benefit"),
    code("BIDRAG", "Barnebidrag", "Barnebidrag", "Child support"),
    code("ANNEN", "Annen inntekt", "Anna inntekt", "Other income"),
    code("INGEN", "Ingen inntekt", "Inga inntekt", "No income"),
];

/// Further income beside the main one.
static TILLEGG: &[Code] = &[
    code(
        "SOSIALHJELP_SUPPL",
        "Supplerende sosialhjelp",
        "Supplerande sosialhjelp",
        "Supplementary social assistance",
    ),
    code(
        "BOSTOTTE_HUSBANK",
        "Bostøtte fra Husbanken",
        "Bustøtte frå Husbanken",
        "State housing allowance",
    ),
    code("BOSTOTTE_KOMM", "Kommunal bostøtte", "Kommunal bustøtte", "Municipal housing allowance"),
    code("BARNETRYGD", "Barnetrygd", "Barnetrygd", "Child benefit"),
    code("UTVIDET_BT", "Utvidet barnetrygd", "Utvida barnetrygd", "Extended child benefit"),
    code("KONTANTSTOTTE", "Kontantstøtte", "Kontantstøtte", "Cash-for-care"),
    code("BIDRAG", "Barnebidrag", "Barnebidrag", "Child support"),
];

/// Main work or life situation (KOSTRA ARBSIT, KLASS 752), with the AKU-like group.
static ARBEID: &[Code] = &[
    grouped("SYSSELSATT", "HELTID", "Arbeid, heltid", "Arbeid, heiltid", "Full-time work"),
    grouped("SYSSELSATT", "DELTID", "Arbeid, deltid", "Arbeid, deltid", "Part-time work"),
    grouped("UTENFOR", "UTDANNING", "Under utdanning", "Under utdanning", "In education"),
    grouped(
        "UTENFOR",
        "IKKE_SOKER",
        "Ikke arbeidssøker",
        "Ikkje arbeidssøkjar",
        "Not seeking work",
    ),
    grouped(
        "TILTAK",
        "TILTAK_STAT",
        "Arbeidsmarkedstiltak (statlig)",
        "Arbeidsmarknadstiltak (statleg)",
        "State measure",
    ),
    grouped("TILTAK", "TILTAK_KOMM", "Kommunalt tiltak", "Kommunalt tiltak", "Municipal measure"),
    grouped(
        "LEDIG",
        "LEDIG_REG",
        "Registrert arbeidsledig",
        "Registrert arbeidsledig",
        "Registered unemployed",
    ),
    grouped(
        "LEDIG",
        "LEDIG_UREG",
        "Arbeidsledig, ikke registrert hos NAV",
        "Arbeidsledig, ikkje registrert hos NAV",
        "Unemployed, unregistered",
    ),
    grouped(
        "TILTAK",
        "INTRO_ORDN",
        "Introduksjonsordning",
        "Introduksjonsordning",
        "Introduction programme",
    ),
    grouped(
        "TILTAK",
        "KVP_PROG",
        "Kvalifiseringsprogram",
        "Kvalifiseringsprogram",
        "Qualification programme",
    ),
];

/// Housing (KOSTRA BOSIT, KLASS 511; `MIDLERTIDIG` is ours and exported as `UTEN`).
static BOLIG: &[Code] = &[
    code("LEID_PRIVAT", "Leid privat bolig", "Leigd privat bustad", "Private rental"),
    code("LEID_KOMM", "Leid kommunal bolig", "Leigd kommunal bustad", "Municipal rental"),
    code("EID", "Eid bolig", "Eigd bustad", "Owned"),
    code("UTEN", "Uten bolig", "Utan bustad", "No home"),
    code("ANNET", "Annet", "Anna", "Other"),
    code("INSTITUSJON", "Institusjon", "Institusjon", "Institution"),
    code("MIDLERTIDIG", "Midlertidig botilbud", "Mellombels butilbod", "Temporary accommodation"),
];

/// Weekly organised activity of a child.
static FRITID: &[Code] = &[
    code("IDRETT", "Idrett", "Idrett", "Sport"),
    code("KULTUR", "Kultur", "Kultur", "Culture"),
    code("ANNET", "Annet", "Anna", "Other"),
];

/// The built-in variables, by unit, in the order that a template shows them.
pub static VARIABLES: &[Variable] = &[
    variable(
        UnitKind::Family,
        "BOLIG",
        Kind::Code(Cow::Borrowed(BOLIG)),
        ("Boligsituasjon", "Busituasjon", "Housing"),
    ),
    variable(
        UnitKind::Family,
        "ROM",
        Kind::Integer { min: 1, max: 30 },
        ("Antall rom, uten kjøkken og bad", "Talet på rom, utan kjøkken og bad", "Rooms"),
    ),
    variable(
        UnitKind::Family,
        "PERSONER",
        Kind::Integer { min: 1, max: 30 },
        ("Antall personer i boligen", "Talet på personar i bustaden", "Persons in the dwelling"),
    ),
    variable(
        UnitKind::Family,
        "KVM",
        Kind::Integer { min: 5, max: 999 },
        ("Primærareal, kvadratmeter", "Primærareal, kvadratmeter", "Primary area, square metres"),
    ),
    variable(
        UnitKind::Adult,
        "INNTEKT",
        Kind::Code(Cow::Borrowed(INNTEKT)),
        (
            "Viktigste kilde til livsopphold",
            "Viktigaste kjelde til livsopphald",
            "Main source of livelihood",
        ),
    ),
    variable(
        UnitKind::Adult,
        "TILLEGG",
        Kind::Several(Cow::Borrowed(TILLEGG)),
        ("Andre inntekter", "Andre inntekter", "Further income"),
    ),
    variable(
        UnitKind::Adult,
        "ARBEID",
        Kind::Code(Cow::Borrowed(ARBEID)),
        ("Arbeidssituasjon", "Arbeidssituasjon", "Work situation"),
    ),
    variable(
        UnitKind::Adult,
        "LONNSTILSKUDD",
        Kind::YesNo,
        ("Arbeid med lønnstilskudd", "Arbeid med lønstilskot", "Work with a wage subsidy"),
    ),
    variable(
        UnitKind::Adult,
        "STILLINGSPROSENT",
        Kind::Integer { min: 1, max: 100 },
        ("Stillingsprosent", "Stillingsprosent", "Percentage of full time"),
    ),
    variable(UnitKind::Adult, "SYKMELDT", Kind::YesNo, ("Sykmeldt", "Sjukmeld", "On sick leave")),
    variable(
        UnitKind::Child,
        "BARNEHAGE",
        Kind::YesNo,
        ("Går i barnehage", "Går i barnehage", "In kindergarten"),
    ),
    variable(
        UnitKind::Child,
        "SFO",
        Kind::YesNo,
        ("Går på SFO", "Går på SFO", "In after-school care"),
    ),
    variable(
        UnitKind::Child,
        "SKOLE",
        Kind::YesNo,
        ("Går på skole", "Går på skule", "Attends school"),
    ),
    variable(
        UnitKind::Child,
        "FRITID",
        Kind::Several(Cow::Borrowed(FRITID)),
        (
            "Ukentlig organisert fritidsaktivitet",
            "Organisert fritidsaktivitet kvar veke",
            "Weekly organised activity",
        ),
    ),
];
