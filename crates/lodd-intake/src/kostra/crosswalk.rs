//! KOSTRA's codes read back as ours (data model, section 3). For the concordance only: the fields
//! are *at last contact* in the year, without a date, and exist for those paid alone.
//!
//! Several of our codes share one of KOSTRA's: VKLO 1 is LONN (or NARING), VKLO 3 with TRYGDESIT 10
//! is `ANNEN_TRYGD`, VKLO 9 is ANNEN, BOSIT 4 is UTEN. So each value carries the codes it was read from.

use super::{
    layout::{Field, Layout},
    record::Record,
};

/// One value at last contact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contact {
    /// The member.
    pub member_id: String,
    /// Our variable.
    pub variable: &'static str,
    /// Our code, or a whole number.
    pub value: String,
    /// The fields and codes of KOSTRA that it was read from: `VKLO 3, TRYGDESIT 10`.
    pub from_kostra: String,
}

const BENEFITS: &[(&str, &str)] = &[
    ("01", "SYKEPENGER"),
    ("02", "DAGPENGER"),
    ("04", "UFORETRYGD"),
    ("05", "OVERGANGSSTONAD"),
    ("06", "OMSTILLING"),
    ("07", "ALDERSPENSJON"),
    ("09", "SUPPLERENDE"),
    ("10", "ANNEN_TRYGD"),
    ("11", "AAP"),
    ("12", "INGEN"),
    ("13", "BARNETRYGD"),
];

const LIVELIHOODS: &[(&str, &str)] = &[
    ("1", "LONN"),
    ("2", "TILTAKSPENGER"),
    ("4", "STUDIE"),
    ("5", "SOSIALHJELP"),
    ("6", "INTRO"),
    ("7", "PARTNER"),
    ("8", "KVP"),
    ("9", "ANNEN"),
];

const WORK: &[(&str, &str)] = &[
    ("01", "HELTID"),
    ("02", "DELTID"),
    ("03", "UTDANNING"),
    ("04", "IKKE_SOKER"),
    ("05", "TILTAK_STAT"),
    ("06", "TILTAK_KOMM"),
    ("07", "LEDIG_REG"),
    ("08", "LEDIG_UREG"),
    ("09", "INTRO_ORDN"),
    ("10", "KVP_PROG"),
];

const HOUSING: &[(&str, &str)] = &[
    ("1", "LEID_PRIVAT"),
    ("2", "LEID_KOMM"),
    ("3", "EID"),
    ("4", "UTEN"),
    ("5", "ANNET"),
    ("6", "INSTITUSJON"),
];

/// STATUS of 11CF (KLASS 555).
const STATUSES: &[(&str, &str)] = &[
    ("1", "I_PROGRAM"),
    ("2", "PERMISJON"),
    ("3", "FULLFORT"),
    ("4", "AVBRUTT_UTEBLITT"),
    ("5", "FLYTTET_KOMMUNE"),
    ("6", "FLYTTET_BYDEL"),
    ("7", "AVSLUTTET_ETTER_AVBRUDD"),
];

/// The situation after the programme, and the most important income then.
const AFTERWARDS: &[(&str, &str)] = &[
    ("01", "ORDINAERT_ARBEID"),
    ("11", "ARBEID_LONNSTILSKUDD"),
    ("03", "ARBEIDSMARKEDSTILTAK"),
    ("04", "SKOLE"),
    ("13", "UFORETRYGD"),
    ("14", "AAP"),
    ("15", "SOSIALHJELP_AVKLARING"),
    ("16", "SOSIALHJELP"),
    ("10", "ANNET"),
    ("17", "UKJENT"),
];

const BEFORE: &[(&str, &str)] = &[("2", "HOVED"), ("3", "SUPPL")];
const TICKED: &str = "J";

/// A field of 11CF that is ticked, and the variable that is then J.
const TICKS: &[(&str, &str)] = &[
    ("KVP_MED_SOSHJ_SUP", "TILLEGG_SOSIALHJELP_SUPPL"),
    ("KVP_MED_HUSBANKBOS", "TILLEGG_BOSTOTTE_HUSBANK"),
    ("KVP_MED_KOMMBOS", "TILLEGG_BOSTOTTE_KOMM"),
    ("AVSL_ARBLONNSTILS", "LONNSTILSKUDD"),
    ("AVSL_ORDINAERTARB", "KVP_ETTER_ORDINAERT_ARBEID"),
    ("AVSL_ARBLONNSTILS", "KVP_ETTER_ARBEID_LONNSTILSKUDD"),
    ("AVSL_ARBMARK", "KVP_ETTER_ARBEIDSMARKEDSTILTAK"),
    ("AVSL_SKOLE", "KVP_ETTER_SKOLE"),
    ("AVSL_UFORE", "KVP_ETTER_UFORETRYGD"),
    ("AVSL_AAP", "KVP_ETTER_AAP"),
    ("AVSL_OK_AVKLAR", "KVP_ETTER_SOSIALHJELP_AVKLARING"),
    ("AVSL_UTEN_OK_AVKLAR", "KVP_ETTER_SOSIALHJELP"),
    ("AVSL_ANNET", "KVP_ETTER_ANNET"),
    ("AVSL_UKJENT", "KVP_ETTER_UKJENT"),
    ("STMND_1", "KVP_MND_01"),
    ("STMND_2", "KVP_MND_02"),
    ("STMND_3", "KVP_MND_03"),
    ("STMND_4", "KVP_MND_04"),
    ("STMND_5", "KVP_MND_05"),
    ("STMND_6", "KVP_MND_06"),
    ("STMND_7", "KVP_MND_07"),
    ("STMND_8", "KVP_MND_08"),
    ("STMND_9", "KVP_MND_09"),
    ("STMND_10", "KVP_MND_10"),
    ("STMND_11", "KVP_MND_11"),
    ("STMND_12", "KVP_MND_12"),
];

/// The variables that can stand in `last_contact.csv`.
pub fn variables() -> impl Iterator<Item = &'static str> {
    let single = [
        "INNTEKT",
        "TRYGDESIT",
        "ARBEID",
        "BOLIG",
        "KVP_STATUS",
        "KVP_ETTER_INNTEKT",
        "KVP_FOR_SOSIALHJELP",
        "KVP_STONAD",
    ];
    single.into_iter().chain(TICKS.iter().map(|(_, variable)| *variable))
}

/// Reads the values of one person's record.
pub(super) struct Reader<'a> {
    pub(super) layout: &'a Layout,
    pub(super) record: Record<'a>,
    pub(super) member_id: &'a str,
}

impl Reader<'_> {
    fn field(&self, name: &'static str) -> Field {
        self.layout.field(name)
    }

    fn value(&self, variable: &'static str, value: &str, from_kostra: String) -> Contact {
        let (member_id, value) = (self.member_id.to_owned(), value.to_owned());
        Contact { member_id, variable, value, from_kostra }
    }

    /// A field whose codes each are one of ours.
    fn one(
        &self,
        name: &'static str,
        variable: &'static str,
        codes: &[(&str, &str)],
    ) -> Option<Contact> {
        let code = self.record.code(self.field(name))?;
        let (_, ours) = codes.iter().find(|(theirs, _)| *theirs == code)?;
        Some(self.value(variable, ours, format!("{name} {code}")))
    }

    /// VKLO; 3 is a benefit, which TRYGDESIT names. 3 without one says nothing that we have a code for.
    fn livelihood(&self) -> Option<Contact> {
        if self.record.code(self.field("VKLO")) != Some("3") {
            return self.one("VKLO", "INNTEKT", LIVELIHOODS);
        }
        let benefit =
            self.one("TRYGDESIT", "INNTEKT", BENEFITS).filter(|it| it.value != "INGEN")?;
        let from_kostra = format!("VKLO 3, {}", benefit.from_kostra);
        Some(Contact { from_kostra, ..benefit })
    }

    /// Of 11F.
    pub(super) fn assistance(&self) -> Vec<Contact> {
        let all = [
            self.livelihood(),
            self.one("TRYGDESIT", "TRYGDESIT", BENEFITS),
            self.one("ARBSIT", "ARBEID", WORK),
            self.one("BOSIT", "BOLIG", HOUSING),
        ];
        all.into_iter().flatten().collect()
    }

    /// Of 11CF. Its dates are dropped, as is everything else that is not named here.
    pub(super) fn programme(&self) -> Vec<Contact> {
        let mut all = vec![
            self.one("STATUS", "KVP_STATUS", STATUSES),
            self.one("AVSL_VIKTIGSTE_INNTEKT", "KVP_ETTER_INNTEKT", AFTERWARDS),
            self.one("YTELSE_TYPE_SOSHJ", "KVP_FOR_SOSIALHJELP", BEFORE),
        ];
        all.extend(TICKS.iter().map(|(name, variable)| {
            let code = self.record.code(self.field(name))?;
            Some(self.value(variable, TICKED, format!("{name} {code}")))
        }));
        let paid = self.record.number(self.field("KVP_STONAD")).filter(|it| *it != 0);
        let amount = |it: i64| self.value("KVP_STONAD", &it.to_string(), "KVP_STONAD".to_owned());
        all.push(paid.map(amount));
        all.into_iter().flatten().collect()
    }
}
