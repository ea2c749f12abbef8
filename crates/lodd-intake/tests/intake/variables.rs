//! The variables and code lists of the data model, section 3, as a caller hands them in.

use lodd_intake::{
    text::Phrase,
    variable::{Code, Kind, UnitKind, Variable},
};

/// The variables every pilot has, with the code lists of KOSTRA 11F in our own stable codes.
pub(crate) fn built_in() -> Vec<Variable> {
    let variable = |name: &str, unit, kind| {
        let label = Phrase::from(name);
        Variable { name: name.to_owned(), unit, kind, label }
    };
    vec![
        variable("INNTEKT", UnitKind::Adult, Kind::Code(list(INNTEKT))),
        variable("TILLEGG", UnitKind::Adult, Kind::Several(list(TILLEGG))),
        variable("ARBEID", UnitKind::Adult, Kind::Code(list(ARBEID))),
        variable("LONNSTILSKUDD", UnitKind::Adult, Kind::YesNo),
        variable("STILLINGSPROSENT", UnitKind::Adult, Kind::Integer { min: 1, max: 100 }),
        variable("SYKMELDT", UnitKind::Adult, Kind::YesNo),
        variable("BOLIG", UnitKind::Family, Kind::Code(list(BOLIG))),
        variable("BARNEHAGE", UnitKind::Child, Kind::YesNo),
        variable("SFO", UnitKind::Child, Kind::YesNo),
        variable("SKOLE", UnitKind::Child, Kind::YesNo),
        variable("FRITID", UnitKind::Child, Kind::Several(list(FRITID))),
    ]
}

fn list(rows: &[(&str, &str, &str)]) -> Vec<Code> {
    rows.iter().map(|(code, nb, en)| Code::new(*code, *nb, *en)).collect()
}

/// Main source of livelihood at the status date.
const INNTEKT: &[(&str, &str, &str)] = &[
    ("LONN", "Arbeidsinntekt (lønn)", "Wages"),
    ("NARING", "Næringsinntekt", "Self-employment"),
    (
        "TILTAKSPENGER",
        "Kursstønad/lønn i arbeidsmarkedstiltak, tiltakspenger",
        "Labour-market measure pay",
    ),
    ("SYKEPENGER", "Sykepenger", "Sickness benefit"),
    ("DAGPENGER", "Dagpenger", "Unemployment benefit"),
    ("UFORETRYGD", "Uføretrygd", "Disability benefit"),
    ("OVERGANGSSTONAD", "Overgangsstønad", "Transitional benefit (single parent)"),
    ("OMSTILLING", "Omstillingsstønad / tidl. etterlattepensjon", "Survivor benefit"),
    ("ALDERSPENSJON", "Alderspensjon", "Old-age pension"),
    ("SUPPLERENDE", "Supplerende stønad (kort botid)", "Supplementary allowance"),
    ("FORELDREPENGER", "Foreldrepenger", "Parental benefit"),
    ("OMSORG", "Pleie-/omsorgs-/opplæringspenger", "Care benefit"),
    ("KONTANTSTOTTE", "Kontantstøtte", "Cash-for-care"),
    ("ANNEN_TRYGD", "Annen trygd", "Other benefit"),
    ("AAP", "Arbeidsavklaringspenger", "Work assessment allowance"),
    ("BARNETRYGD", "Barnetrygd", "Child benefit"),
    ("STUDIE", "Stipend/lån", "Student grant/loan"),
    ("SOSIALHJELP", "Økonomisk sosialhjelp", "Social assistance"),
    ("INTRO", "Introduksjonsstønad", "Introduction benefit"),
    ("PARTNER", "Ektefelles/samboers inntekt", "Partner's income"),
    ("KVP", "Kvalifiseringsstønad", "Qualification benefit"),
    ("BIDRAG", "Barnebidrag", "Child support"),
    ("ANNEN", "Annen inntekt", "Other income"),
    ("INGEN", "Ingen inntekt", "No income"),
];

/// What comes beside the main source.
const TILLEGG: &[(&str, &str, &str)] = &[
    ("SOSIALHJELP_SUPPL", "Supplerende sosialhjelp", "Supplementary social assistance"),
    ("BOSTOTTE_HUSBANK", "Bostøtte fra Husbanken", "Housing allowance (Husbanken)"),
    ("BOSTOTTE_KOMM", "Kommunal bostøtte", "Housing allowance (municipality)"),
    ("BARNETRYGD", "Barnetrygd", "Child benefit"),
    ("UTVIDET_BT", "Utvidet barnetrygd", "Extended child benefit"),
    ("KONTANTSTOTTE", "Kontantstøtte", "Cash-for-care"),
    ("BIDRAG", "Barnebidrag", "Child support"),
];

/// Main situation as to work.
const ARBEID: &[(&str, &str, &str)] = &[
    ("HELTID", "Arbeid, heltid", "Full-time work"),
    ("DELTID", "Arbeid, deltid", "Part-time work"),
    ("UTDANNING", "Under utdanning", "In education"),
    ("IKKE_SOKER", "Ikke arbeidssøker", "Not seeking work"),
    ("TILTAK_STAT", "Arbeidsmarkedstiltak (statlig)", "State measure"),
    ("TILTAK_KOMM", "Kommunalt tiltak", "Municipal measure"),
    ("LEDIG_REG", "Registrert arbeidsledig", "Registered unemployed"),
    ("LEDIG_UREG", "Arbeidsledig, ikke registrert hos NAV", "Unemployed, unregistered"),
    ("INTRO_ORDN", "Introduksjonsordning", "Introduction programme"),
    ("KVP_PROG", "Kvalifiseringsprogram", "Qualification programme"),
];

/// The family's dwelling.
const BOLIG: &[(&str, &str, &str)] = &[
    ("LEID_PRIVAT", "Leid privat bolig", "Private rental"),
    ("LEID_KOMM", "Leid kommunal bolig", "Municipal rental"),
    ("EID", "Eid bolig", "Owned"),
    ("UTEN", "Uten bolig", "No home"),
    ("ANNET", "Annet", "Other"),
    ("INSTITUSJON", "Institusjon", "Institution"),
    ("MIDLERTIDIG", "Midlertidig botilbud", "Temporary accommodation"),
];

/// A child's weekly organised activity.
const FRITID: &[(&str, &str, &str)] =
    &[("IDRETT", "Idrett", "Sport"), ("KULTUR", "Kultur", "Culture"), ("ANNET", "Annet", "Other")];
