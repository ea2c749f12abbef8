//! The record layouts of 11F and 11CF, 2022–2026: which field stands in which columns.
//!
//! Facts from Statistics Norway's public record descriptions (`file_description_11F_*.yaml` and
//! `file_description_11CF_*.yaml` of statisticsnorway/kostra-kontrollprogram, MIT licence,
//! © 2023 Statistisk sentralbyrå), written here as what the years share and where they differ.
//! The fields follow each other without gaps. The test compares every one of them with the
//! description. There are no lists for VKLO, TRYGDESIT and ARBSIT of 2022: 2023's are used.

use std::ops::RangeInclusive;

/// The years whose layouts are known.
pub const YEARS: RangeInclusive<u16> = 2022..=2026;

/// A form of KOSTRA that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// 11F: økonomisk sosialhjelp, one row a recipient.
    Assistance,
    /// 11CF: the qualification programme (KVP), one row a participant.
    Programme,
}

impl Form {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Assistance, Self::Programme];

    /// `11F` or `11CF`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Assistance => "11F",
            Self::Programme => "11CF",
        }
    }

    /// The register's code in our tables.
    pub fn register(self) -> &'static str {
        match self {
            Self::Assistance => "KOSTRA_11F",
            Self::Programme => "KOSTRA_11CF",
        }
    }
}

/// What a field holds when it is not blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything.
    Text,
    /// A whole number.
    Integer,
    /// `ddMMyy` in six columns, `ddMMyyyy` in eight.
    Date,
    /// One of these, as wide as the field.
    Codes(&'static [&'static str]),
}

/// A field of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in the record description.
    pub name: &'static str,
    /// Its first column, from 1.
    pub from: usize,
    /// How many columns it has; 0 for a field that the year does not have.
    pub size: usize,
    /// What it holds.
    pub kind: Kind,
}

/// The fields of a form in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The form.
    pub form: Form,
    /// The year.
    pub year: u16,
    /// The fields, in order, without gaps.
    pub fields: Vec<Field>,
}

const YES_NO: Kind = Kind::Codes(&["1", "2"]);
/// `STMND_1` … with the one code that marks each.
const MONTH_MARKS: [(&str, &[&str]); 12] = [
    ("STMND_1", &["01"]),
    ("STMND_2", &["02"]),
    ("STMND_3", &["03"]),
    ("STMND_4", &["04"]),
    ("STMND_5", &["05"]),
    ("STMND_6", &["06"]),
    ("STMND_7", &["07"]),
    ("STMND_8", &["08"]),
    ("STMND_9", &["09"]),
    ("STMND_10", &["10"]),
    ("STMND_11", &["11"]),
    ("STMND_12", &["12"]),
];

/// Grants and loans of each month.
const AMOUNTS: [(&str, &str); 12] = [
    ("BIDRAG_JAN", "LAAN_JAN"),
    ("BIDRAG_FEB", "LAAN_FEB"),
    ("BIDRAG_MARS", "LAAN_MARS"),
    ("BIDRAG_APRIL", "LAAN_APRIL"),
    ("BIDRAG_MAI", "LAAN_MAI"),
    ("BIDRAG_JUNI", "LAAN_JUNI"),
    ("BIDRAG_JULI", "LAAN_JULI"),
    ("BIDRAG_AUG", "LAAN_AUG"),
    ("BIDRAG_SEPT", "LAAN_SEPT"),
    ("BIDRAG_OKT", "LAAN_OKT"),
    ("BIDRAG_NOV", "LAAN_NOV"),
    ("BIDRAG_DES", "LAAN_DES"),
];

impl Layout {
    /// The layout of a form in a year; `None` for a year outside [`YEARS`].
    pub fn of(form: Form, year: u16) -> Option<Self> {
        if !YEARS.contains(&year) {
            return None;
        }
        let mut layout = Self { form, year, fields: Vec::with_capacity(80) };
        layout.head();
        match form {
            Form::Assistance => layout.assistance(),
            Form::Programme => layout.programme(),
        }
        Some(layout)
    }

    /// How many columns a record has.
    pub fn length(&self) -> usize {
        self.fields.last().map_or(0, |it| it.from + it.size - 1)
    }

    /// The field of this name; one without columns where the year has none.
    pub fn field(&self, name: &'static str) -> Field {
        let absent = Field { name, from: 1, size: 0, kind: Kind::Text };
        self.fields.iter().find(|it| it.name == name).copied().unwrap_or(absent)
    }

    /// `STMND_1` … `STMND_12`.
    pub(super) fn month_marks(&self) -> [Field; 12] {
        MONTH_MARKS.map(|(name, _)| self.field(name))
    }

    /// Grants and loans of each month.
    pub(super) fn amounts(&self) -> [(Field, Field); 12] {
        AMOUNTS.map(|(grant, loan)| (self.field(grant), self.field(loan)))
    }

    fn add(&mut self, name: &'static str, size: usize, kind: Kind) {
        let from = self.length() + 1;
        self.fields.push(Field { name, from, size, kind });
    }

    fn code(&mut self, name: &'static str, codes: &'static [&'static str]) {
        let size = codes.first().map_or(0, |it| it.len());
        self.add(name, size, Kind::Codes(codes));
    }

    /// A field with one code: a box that is ticked or not.
    fn tick_all(&mut self, boxes: &[(&'static str, &'static [&'static str])]) {
        for (name, codes) in boxes {
            self.code(name, codes);
        }
    }

    fn date(&mut self, name: &'static str) {
        let size = if self.year < 2025 { 6 } else { 8 };
        self.add(name, size, Kind::Date);
    }

    /// The fields up to the number of children, which both forms have.
    fn head(&mut self) {
        self.add("KOMMUNE_NR", 4, Kind::Text);
        self.add("VERSION", 2, Kind::Text);
        self.add("BYDELSNR", 2, Kind::Text);
        if self.year < 2024 {
            self.add("DISTRIKTSNR", 2, Kind::Text);
        }
        if self.year >= 2025 {
            self.date("FODSELSDATO");
        }
        self.add("PERSON_JOURNALNR", 8, Kind::Text);
        self.add("PERSON_FODSELSNR", 11, Kind::Text);
        if self.form == Form::Assistance {
            self.add("PERSON_DUF", 12, Kind::Text);
        }
        self.add("KJONN", 1, YES_NO);
        self.code("EKTSTAT", &["1", "2", "3", "4", "5"]);
        self.add("BU18", 1, YES_NO);
        self.add("ANTBU18", 2, Kind::Integer);
    }

    fn assistance(&mut self) {
        self.code("VKLO", &["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
        self.code("TRYGDESIT", benefits(self.year));
        self.code("ARBSIT", &["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"]);
        self.tick_all(&MONTH_MARKS);
        self.add("BIDRAG", 7, Kind::Integer);
        self.add("LAAN", 7, Kind::Integer);
        for (grant, loan) in AMOUNTS {
            self.add(grant, 7, Kind::Integer);
            self.add(loan, 7, Kind::Integer);
        }
        self.add("GITT_OKONOMIRAD", 1, YES_NO);
        self.add("FAAT_INDIVIDUELL_PLAN", 1, YES_NO);
        self.add("SAKSBEHANDLER", 10, Kind::Text);
        self.code("BOSIT", &["1", "2", "3", "4", "5", "6"]);
        self.conditions();
    }

    /// Conditions and sanctions: checked, since they show a wrong layout, and dropped.
    fn conditions(&mut self) {
        self.add("VILKARSOSLOV", 1, YES_NO);
        self.add("VILKARSAMEKT", 1, YES_NO);
        self.date("UTBETDATO");
        self.date("UTBETTOMDATO");
        self.tick_all(&[
            ("VILKARARBEID", &["16"]),
            ("VILKARKURS", &["17"]),
            ("VILKARUTD", &["04"]),
            ("VILKARJOBBLOG", &["06"]),
            ("VILKARJOBBTILB", &["07"]),
            ("VILKARSAMT", &["08"]),
            ("VILKAROKRETT", &["10"]),
            ("VILKARLIVSH", &["18"]),
            ("VILKARHELSE", &["14"]),
            ("VILKARANNET", &["15"]),
            ("VILKARDIGPLAN", &["19"]),
        ]);
        if self.year >= 2024 {
            self.code("VILKARNORSKSAMISKOPPL", &["20"]);
        }
        self.date("VEDTAKDATO");
        self.tick_all(&[
            ("VEDTAKARB", &["01"]),
            ("VEDTAKAKT", &["02"]),
            ("VEDTAKHELSE", &["03"]),
            ("VEDTAKGRUNN", &["04"]),
            ("SANKSJONRED", &["01"]),
            ("SANKSJONANDRE", &["02"]),
        ]);
    }

    fn programme(&mut self) {
        self.date("REG_DATO");
        self.date("VEDTAK_DATO");
        self.date("BEGYNT_DATO");
        self.add("KVP_KOMM", 1, YES_NO);
        self.add("KOMMNR_KVP_KOMM", 4, Kind::Text);
        if self.year == 2022 {
            self.add("KVP_OSLO", 1, Kind::Text);
        }
        self.code("YTELSE_SOSHJELP", &["1"]);
        self.code("YTELSE_TYPE_SOSHJ", &["2", "3"]);
        self.code("YTELSE_INTRO", &["4"]);
        self.code(
            if self.year < 2026 { "YTELSE_INDIVIDSTONAD" } else { "YTELSE_TILTAKSPENGER" },
            &["5"],
        );
        self.code("YTELSE_FOLKETRYGDL", &["6"]);
        self.add("KVP_MED_ASTONAD", 1, YES_NO);
        self.code("KVP_MED_KOMMBOS", &["4"]);
        self.code("KVP_MED_HUSBANKBOS", &["5"]);
        self.code("KVP_MED_SOSHJ_ENGANG", &["9"]);
        self.code("KVP_MED_SOSHJ_PGM", &["8"]);
        self.code("KVP_MED_SOSHJ_SUP", &["7"]);
        self.tick_all(&MONTH_MARKS);
        self.add("KVP_STONAD", 7, Kind::Integer);
        self.code("STATUS", statuses(self.year));
        self.exit();
    }

    /// How the programme ended.
    fn exit(&mut self) {
        self.date("AVSL_DATO");
        self.tick_all(&[
            ("AVSL_ORDINAERTARB", &["01"]),
            ("AVSL_ARBLONNSTILS", &["11"]),
            ("AVSL_ARBMARK", &["03"]),
            ("AVSL_SKOLE", &["04"]),
            ("AVSL_UFORE", &["13"]),
            ("AVSL_AAP", &["14"]),
            ("AVSL_OK_AVKLAR", &["15"]),
            ("AVSL_UTEN_OK_AVKLAR", &["16"]),
            ("AVSL_ANNET", &["10"]),
            ("AVSL_UKJENT", &["17"]),
        ]);
        let incomes = &["01", "03", "04", "10", "11", "13", "14", "15", "16", "17"];
        self.code("AVSL_VIKTIGSTE_INNTEKT", incomes);
        self.add("SAKSBEHANDLER", 10, Kind::Text);
    }
}

/// TRYGDESIT: child benefit (13) counts since 2024.
fn benefits(year: u16) -> &'static [&'static str] {
    if year < 2024 {
        &["01", "02", "04", "05", "06", "07", "09", "10", "11", "12"]
    } else {
        &["01", "02", "04", "05", "06", "07", "09", "10", "11", "12", "13"]
    }
}

/// STATUS of 11CF: 7 (ended after a break) since 2023.
fn statuses(year: u16) -> &'static [&'static str] {
    if year < 2023 { &["1", "2", "3", "4", "5", "6"] } else { &["1", "2", "3", "4", "5", "6", "7"] }
}
