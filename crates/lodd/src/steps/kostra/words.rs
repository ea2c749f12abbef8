//! What is said of a KOSTRA file and of a key. Never a value of a field that points at a person.

use lodd_intake::{
    catalogue::Severity as Gravity,
    kostra::{self, Form, Kind, Problems, Rule, What},
};

use crate::{
    problem::{Place, Problem, Severity},
    text::{Text, say},
};

/// Findings as problems; the last shown of a code says how many more there are.
pub(super) fn problems(file: &str, found: &Problems) -> Vec<Problem> {
    let mut problems: Vec<Problem> = found.iter().map(|it| problem(file, it)).collect();
    let mut codes: Vec<&str> = found.iter().map(|it| it.what.code()).collect();
    codes.dedup();
    for code in codes {
        let shown = found.iter().filter(|it| it.what.code() == code).count();
        let more = found.total(code) - shown;
        let last = problems.iter_mut().rev().find(|it| it.code.as_deref() == Some(code));
        if let Some(last) = last.filter(|_| more > 0) {
            last.count = more + 1;
        }
    }
    problems
}

fn problem(file: &str, found: &kostra::Problem) -> Problem {
    let (message, fix) = message(&found.what, found.field.unwrap_or_default());
    let severity = match found.what.severity() {
        Gravity::Stop | Gravity::Hold => Severity::Stop,
        Gravity::Warning => Severity::Warning,
        Gravity::Info => Severity::Info,
    };
    Problem {
        code: Some(found.what.code().to_owned()),
        severity,
        place: Place {
            file: Some(file.to_owned()),
            line: found.place,
            field: found.field.map(str::to_owned),
            ..Place::default()
        },
        message,
        fix,
        ..Problem::default()
    }
}

/// The sentence, and how to mend it.
fn message(what: &What, field: &str) -> (Text, Option<Text>) {
    match what {
        What::NotText => {
            (Text::new("linjen er ikke tekst", "the line is no text"), Some(deliver()))
        }
        What::TooLong => (
            Text::new(
                "linjen er lengre enn noen post i 11F eller 11CF",
                "the line is longer than any record of 11F or 11CF",
            ),
            Some(deliver()),
        ),
        What::OtherEncoding => (
            Text::new(
                "linjen har et annet tegnsett enn linjene før",
                "the line is in another encoding than those before it",
            ),
            Some(deliver()),
        ),
        What::Empty => (Text::new("filen har ingen poster", "the file has no records"), None),
        What::Version => (
            Text::new(
                "rapporteringsåret (kolonne 5–6) er ikke 22, 23, 24, 25 eller 26",
                "the year (columns 5–6) is not 22, 23, 24, 25 or 26",
            ),
            Some(deliver()),
        ),
        What::OtherYear { expected, found } => (
            say!(
                "posten er for {found}, men filen leses som {expected}",
                "the record is of {found}, but the file is read as {expected}"
            ),
            Some(Text::new(
                "én fil har ett år; utelat --year for å lese den etter sitt eget",
                "a file has one year; leave --year out to read it by its own",
            )),
        ),
        What::Layout { read_as, fits, records, of } => layout(*read_as, fits, (*records, *of)),
        What::LaterDates { year } => (
            say!(
                "filen sier {year}, men datoene er senere",
                "the file says {year}, but its dates are later"
            ),
            Some(deliver()),
        ),
        What::Municipality => (
            Text::new(
                "kommunenummeret er ikke fire sifre, eller et annet enn i første post",
                "the municipality is not four digits, or another than in the first record",
            ),
            Some(Text::new("én fil har én kommune", "a file has one municipality")),
        ),
        What::OneDistrict | What::YearNotOver { .. } | What::NotAssistance => complete(what),
        _ => of_person(what, field),
    }
}

/// How to mend a file that is not as the system made it.
fn deliver() -> Text {
    Text::new(
        "bruk filen slik fagsystemet laget den til SSB, uten å åpne den i et annet program",
        "use the file as your system made it for Statistics Norway, not opened in another program",
    )
}

/// Of one person's record.
fn of_person(what: &What, field: &str) -> (Text, Option<Text>) {
    match what {
        What::Needed(kind) => (
            holds(*kind),
            Some(Text::new(
                "rett verdien i fagsystemet og lag filen på nytt",
                "correct the value in your system and make the file again",
            )),
        ),
        What::Ignored(kind) => (holds(*kind), None),
        What::Conflict => (
            Text::new(
                "numrene i posten peker på to medlemmer i nøkkelen, eller på et medlem som har et annet fødselsnummer der",
                "the record's numbers point at two members of the key, or at one who has another national id there",
            ),
            Some(Text::new(
                "rett nøkkelen; har personen flere numre, får hvert sin rad",
                "correct the key; where a person has several numbers, each gets a row",
            )),
        ),
        What::Again(line) => (
            say!(
                "personen står også i linje {line}, med andre opplysninger",
                "the person stands in line {line} too, with other values"
            ),
            Some(Text::new("slå postene sammen i fagsystemet", "join the records in your system")),
        ),
        What::Repeated(line) => (
            say!(
                "samme post står i linje {line}; den er brukt én gang",
                "the same record stands in line {line}; it is used once"
            ),
            None,
        ),
        What::NoAmount(month) => (
            say!(
                "måned {month} er krysset av, men har ikke beløp: måneden er utelatt, og familiens år er ikke fullstendig",
                "month {month} is marked but has no amount: it is left out, and the family's year is not complete"
            ),
            None,
        ),
        What::NotMarked(month) => (
            say!(
                "måned {month} har beløp, men er ikke krysset av: beløpet er brukt",
                "month {month} has an amount but is not marked: the amount is used"
            ),
            None,
        ),
        What::LateDate => {
            (say!("{field} er etter årets slutt", "{field} is after the end of the year"), None)
        }
        What::NobodyKnown => (
            Text::new("ingen i nøkkelen står i filen", "nobody of the key stands in the file"),
            Some(Text::new(
                "er dette riktig kommune og riktig nøkkel?",
                "is it the right municipality and the right key?",
            )),
        ),
        What::Control(rule) => (control(*rule), None),
        _ => (Text::default(), None),
    }
}

fn complete(what: &What) -> (Text, Option<Text>) {
    let fix = Some(Text::new("utelat --complete", "leave --complete out"));
    let message = match what {
        What::OneDistrict => Text::new(
            "filen er fra én bydel, ikke fra hele kommunen",
            "the file is of one city district, not of the whole municipality",
        ),
        What::YearNotOver { year } => say!(
            "{year} er ikke over, så filen kan ikke være fullstendig",
            "{year} is not over, so the file can't be complete"
        ),
        _ => Text::new(
            "11CF sier ikke hvem som fikk økonomisk sosialhjelp",
            "11CF does not say who got social assistance",
        ),
    };
    (message, fix)
}

fn layout(
    read_as: (Form, u16),
    fits: &[(Form, u16)],
    (records, of): (usize, usize),
) -> (Text, Option<Text>) {
    let name = |(form, year): (Form, u16)| format!("{} {year}", form.name());
    let read_as = name(read_as);
    let fits = fits.iter().map(|it| name(*it)).collect::<Vec<_>>();
    let message = if fits.is_empty() {
        say!(
            "kolonnene er ikke som i {read_as} i {records} av {of} poster",
            "the columns are not those of {read_as} in {records} of {of} records"
        )
    } else {
        let (nb, en) = (fits.join(" eller "), fits.join(" or "));
        say!(
            "filen sier {read_as}, men kolonnene er som i {nb} (i {records} av {of} poster)",
            "the file says {read_as}, but its columns are those of {en} (in {records} of {of} records)"
        )
    };
    let fix = Text::new(
        "lag filen på nytt i fagsystemet for riktig år; endre aldri årstallet i filen",
        "make the file again in your system for the right year; never change the year in the file",
    );
    (message, Some(fix))
}

fn holds(kind: Option<Kind>) -> Text {
    match kind {
        Some(Kind::Integer) => Text::new(
            "feltet skal være et helt tall, ikke under 0",
            "the field must be a whole number, not below 0",
        ),
        Some(Kind::Date) => Text::new(
            "feltet skal være en dato (ddmmåå, fra 2025 ddmmåååå)",
            "the field must be a date (ddmmyy, since 2025 ddmmyyyy)",
        ),
        Some(Kind::Codes(codes)) => {
            let codes = codes.join(", ");
            say!(
                "feltet har en kode som ikke finnes; gyldige: {codes}",
                "the field has an unknown code; valid: {codes}"
            )
        }
        Some(Kind::Text) | None => {
            Text::new("det står tekst etter postens slutt", "there is text after the record's end")
        }
    }
}

/// Each rule of the control program, in Norwegian and English.
const CONTROLS: [(Rule, &str, &str); 20] = [
    (
        Rule::PersonTwice,
        "fødselsnummeret står i flere poster",
        "the national id stands in several records",
    ),
    (
        Rule::JournalTwice,
        "journalnummeret står i flere poster",
        "the journal number stands in several records",
    ),
    (Rule::Minor, "mottakeren er under 18 år", "the recipient is under 18"),
    (Rule::VeryOld, "mottakeren er 96 år eller eldre", "the recipient is 96 or older"),
    (
        Rule::ChildrenNotCounted,
        "har barn under 18 år, men antallet mangler",
        "has children under 18, but how many is missing",
    ),
    (
        Rule::ChildrenNotSaid,
        "antall barn er oppgitt, men ikke at det er barn under 18 år",
        "a number of children, but not that there are any under 18",
    ),
    (
        Rule::Wages,
        "arbeidsinntekt (VKLO 1) går med ARBSIT 01 eller 02",
        "wages (VKLO 1) go with ARBSIT 01 or 02",
    ),
    (
        Rule::MeasurePay,
        "kursstønad (VKLO 2) går med ARBSIT 03, 05 eller 06",
        "measure pay (VKLO 2) goes with ARBSIT 03, 05 or 06",
    ),
    (
        Rule::Student,
        "stipend/lån (VKLO 4) går med ARBSIT 03",
        "student grant (VKLO 4) goes with ARBSIT 03",
    ),
    (
        Rule::Introduction,
        "introduksjonsstønad (VKLO 6) går med ARBSIT 09",
        "introduction benefit (VKLO 6) goes with ARBSIT 09",
    ),
    (
        Rule::Programme,
        "kvalifiseringsstønad (VKLO 8) går med ARBSIT 10",
        "qualification benefit (VKLO 8) goes with ARBSIT 10",
    ),
    (
        Rule::Benefit,
        "trygd (VKLO 3) krever at TRYGDESIT sier hvilken",
        "a benefit (VKLO 3) needs TRYGDESIT to say which",
    ),
    (
        Rule::SocialAssistance,
        "sosialhjelp (VKLO 5) går vanligvis med ARBSIT 02–08",
        "social assistance (VKLO 5) usually goes with ARBSIT 02–08",
    ),
    (Rule::OldAge, "alderspensjon, men under 62 år", "old-age pension, but under 62"),
    (
        Rule::Transitional,
        "overgangsstønad, men ingen barn under 18 år",
        "transitional benefit, but no children under 18",
    ),
    (
        Rule::ChildBenefit,
        "barnetrygd, men ingen barn under 18 år",
        "child benefit, but no children under 18",
    ),
    (
        Rule::PensionAndWork,
        "uføretrygd eller alderspensjon går vanligvis med ARBSIT 02–07",
        "disability benefit or old-age pension usually goes with ARBSIT 02–07",
    ),
    (
        Rule::AssessmentAndWork,
        "arbeidsavklaringspenger, men ARBSIT 08",
        "work assessment allowance, but ARBSIT 08",
    ),
    (
        Rule::Grants,
        "månedenes bidrag er ikke lik årets bidrag",
        "the months' grants are not the year's",
    ),
    (Rule::Loans, "månedenes lån er ikke lik årets lån", "the months' loans are not the year's"),
];

fn control(rule: Rule) -> Text {
    let found = CONTROLS.iter().find(|(it, ..)| *it == rule);
    found.map_or_else(Text::default, |(_, nb, en)| Text::new(*nb, *en))
}
