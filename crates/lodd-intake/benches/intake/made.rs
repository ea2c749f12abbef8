//! The files, and the pilot that they are judged against: nothing in them is random.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
};

use jiff::{ToSpan, civil::Date};
use lodd_intake::{
    Expectations, History, KnownMember, Latest, Measured, Overdue, Role, Window, ids,
    text::Phrase,
    variable::{Code, Kind, UnitKind, Variable},
};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

/// With two adults, ten dates and a header, the most that a sheet may have: 100,000 rows.
const FAMILIES: usize = 4_999;
const DATES: usize = 10;
const OFFICE: &str = "k001";

/// The sheet `Voksne` of the form, all columns.
const HEADERS: [&str; 16] = [
    "voksen_id",
    "hvem",
    "malepunkt",
    "vindu_fra",
    "vindu_til",
    "statusdato",
    "INNTEKT",
    "TILLEGG",
    "ARBEID",
    "LONNSTILSKUDD",
    "STILLINGSPROSENT",
    "SYKMELDT",
    "registrering",
    "kilde",
    "anledning",
    "arsak_til_retting",
];

/// Main incomes with the work that goes with them, and their labels.
const ANSWERS: [[&str; 4]; 8] = [
    ["LONN", "Arbeidsinntekt (lønn)", "HELTID", "Arbeid, heltid"],
    ["LONN", "Arbeidsinntekt (lønn)", "DELTID", "Arbeid, deltid"],
    ["SOSIALHJELP", "Økonomisk sosialhjelp", "LEDIG_REG", "Registrert arbeidsledig"],
    ["AAP", "Arbeidsavklaringspenger", "TILTAK_STAT", "Arbeidsmarkedstiltak (statlig)"],
    ["DAGPENGER", "Dagpenger", "LEDIG_REG", "Registrert arbeidsledig"],
    ["UFORETRYGD", "Uføretrygd", "IKKE_SOKER", "Ikke arbeidssøker"],
    ["INTRO", "Introduksjonsstønad", "INTRO_ORDN", "Introduksjonsordning"],
    ["KVP", "Kvalifiseringsstønad", "KVP_PROG", "Kvalifiseringsprogram"],
];

const BESIDE: [[&str; 2]; 4] = [
    ["BARNETRYGD", "Barnetrygd"],
    ["BARNETRYGD,BOSTOTTE_HUSBANK", "Barnetrygd, Bostøtte fra Husbanken"],
    ["INGEN", "Ingen"],
    ["", ""],
];

/// One row: of which adult, when, and what is answered.
struct Row {
    id: String,
    number: usize,
    on: usize,
}

fn rows() -> impl Iterator<Item = Row> {
    let of_date = |on: usize| {
        let of_family = move |(at, family): (usize, String)| {
            [1, 2].map(|adult| Row { id: format!("{family}-A{adult}"), number: 2 * at + adult, on })
        };
        families().enumerate().flat_map(of_family)
    };
    (0..DATES).flat_map(of_date)
}

impl Row {
    fn answer(&self) -> [&'static str; 4] {
        ANSWERS[(self.number * 7 + self.on) % ANSWERS.len()]
    }

    fn beside(&self) -> [&'static str; 2] {
        BESIDE[(self.number + self.on) % BESIDE.len()]
    }

    fn yes(&self, every: usize) -> bool {
        (self.number + self.on).is_multiple_of(every)
    }

    fn percent(&self) -> usize {
        20 + 10 * ((self.number + 3 * self.on) % 9)
    }
}

/// Ids, by the rule that the crate has for making them.
fn families() -> impl Iterator<Item = String> {
    let digit =
        |serial: usize, place: u32| u8::try_from(serial / 23_usize.pow(place) % 23).unwrap();
    let id = move |serial: usize| {
        let serial = serial * 37 + 5;
        ids::mint("RIN", &[0, 1, 2, 3].map(|place| digit(serial, place))).ok()
    };
    (0..).filter_map(id).take(FAMILIES)
}

fn drawn_on() -> Date {
    Date::constant(2025, 1, 15)
}

/// The first and the last day, and the day that is measured, of a time of measurement.
fn window(on: usize) -> Window {
    let low = drawn_on().checked_add(i32::try_from(on + 1).unwrap().months()).unwrap();
    let (target, high) = (low.checked_add(10.days()).unwrap(), low.checked_add(25.days()).unwrap());
    Window { horizon: (on + 1).to_string(), target, low, high }
}

/// Writes the xlsx, the csv and two csv in which much is wrong.
pub(crate) fn files(folder: &Path) {
    xlsx(&folder.join("voksne.xlsx"));
    let write = |name: &str, text: String| {
        fs::write(folder.join(name), text).unwrap();
    };
    write("voksne.csv", csv(|row, _| (row.id.clone(), row.answer()[0].to_owned())));
    let mistyped = |row: &Row, at: usize| {
        // The last two symbols count up, so that hardly two are mistyped alike.
        let symbol = |value: usize| char::from(ids::ALPHABET.as_bytes()[value % 23]);
        let (start, end) = (&row.id[..4], &row.id[8..]);
        let own: String = (0..4).map(|place| symbol(at / 23_usize.pow(place))).collect();
        (format!("{start}{own}{end}"), row.answer()[0].to_owned())
    };
    write("mistyped.csv", csv(mistyped));
    write("wrong.csv", csv(|row, at| (row.id.clone(), format!("{}{at}", row.answer()[0]))));
}

/// The csv of a system: codes, and nothing in the columns that a form fills in to help.
fn csv(id_and_income: impl Fn(&Row, usize) -> (String, String)) -> String {
    let mut text = HEADERS.join(";") + "\n";
    for (at, row) in rows().enumerate() {
        let (id, income) = id_and_income(&row, at);
        let yes = |every| if row.yes(every) { "J" } else { "N" };
        let (on, beside, work) = (window(row.on).target, row.beside()[0], row.answer()[2]);
        let (subsidy, percent, sick) = (yes(5), row.percent(), yes(7));
        writeln!(
            text,
            "{id};;;;;{on};{income};{beside};{work};{subsidy};{percent};{sick};;VEILEDER;PLANLAGT;"
        )
        .unwrap();
    }
    text
}

/// The sheet as an office fills it in: labels, dates as dates.
fn xlsx(path: &Path) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Voksne").unwrap();
    let date = Format::new().set_num_format("dd.mm.yyyy");
    for (column, header) in (0..).zip(HEADERS) {
        sheet.write_string(0, column, header).unwrap();
    }
    for (number, row) in (1..).zip(rows()) {
        xlsx_row(sheet, number, &row, &date);
    }
    book.save(path).unwrap();
}

fn xlsx_row(sheet: &mut Worksheet, number: u32, row: &Row, format: &Format) {
    let window = window(row.on);
    let mut text = |column, text: &str| {
        if !text.is_empty() {
            sheet.write_string(number, column, text).unwrap();
        }
    };
    let yes = |every| if row.yes(every) { "Ja" } else { "Nei" };
    text(0, &row.id);
    text(1, &format!("Forelder, født {}", birth_year(row.number)));
    text(2, &format!("{} måneder", window.horizon));
    text(6, row.answer()[1]);
    text(7, row.beside()[1]);
    text(8, row.answer()[3]);
    text(9, yes(5));
    text(11, yes(7));
    text(13, "Veileder");
    text(14, "Planlagt");
    for (column, day) in [(3, window.low), (4, window.high), (5, window.target)] {
        let (year, month, day) = (day.year(), day.month(), day.day());
        let day = ExcelDateTime::from_ymd(
            u16::try_from(year).unwrap(),
            u8::try_from(month).unwrap(),
            u8::try_from(day).unwrap(),
        );
        sheet.write_datetime_with_format(number, column, day.unwrap(), format).unwrap();
    }
    sheet.write_number(number, 10, row.percent() as f64).unwrap();
}

fn birth_year(number: usize) -> i32 {
    1965 + i32::try_from(number % 35).unwrap()
}

/// What an upload knows when it judges such a file: everybody on the list, followed, told of before.
pub(crate) fn expectations() -> Expectations {
    let families: Vec<String> = families().collect();
    Expectations {
        today: Date::constant(2026, 2, 1),
        starts_on: Date::constant(2024, 6, 1),
        id_prefix: "RIN".to_owned(),
        offices: [OFFICE.to_owned()].into(),
        office: Some(OFFICE.to_owned()),
        families: families.iter().map(|id| (id.clone(), OFFICE.to_owned())).collect(),
        handovers: BTreeMap::new(),
        members: families.iter().enumerate().flat_map(members).collect(),
        drawn: Some(families.iter().cloned().collect()),
        variables: variables(),
        arms: vec!["follow-up".to_owned(), "ordinary".to_owned()],
        follow_up: Some(BTreeSet::new()),
        accept_good: false,
        history: history(&families),
    }
}

fn members((at, family): (usize, &String)) -> [(String, KnownMember); 3] {
    let member = |own: &str, role, year| {
        let known = KnownMember { family_id: family.clone(), role, birth_year: Some(year) };
        (format!("{family}-{own}"), known)
    };
    [
        member("A1", Role::Parent, birth_year(2 * at + 1)),
        member("A2", Role::Partner, birth_year(2 * at + 2)),
        member("B1", Role::Child, 2015),
    ]
}

fn history(families: &[String]) -> History {
    let windows: Vec<Window> = (0..DATES).map(window).collect();
    let due_on = Date::constant(2026, 1, 10);
    let last = (windows[DATES - 1].low, windows[DATES - 1].high);
    let overdue = |id: &String| Overdue { family_id: id.clone(), window: last, due_on };
    let codes = ["INNTEKT", "ARBEID", "SYKMELDT", "LONNSTILSKUDD"];
    let codes: BTreeMap<String, String> =
        codes.map(|name| (name.to_owned(), "UKJENT".to_owned())).into();
    let latest = Latest { status_date: Date::constant(2025, 1, 10), codes };
    let adults = families.iter().flat_map(|id| [1, 2].map(|adult| format!("{id}-A{adult}")));
    History {
        draws: vec![Measured { drawn_on: drawn_on(), windows }],
        followed: families.iter().map(|id| (id.clone(), 0)).collect(),
        overdue: families.iter().map(overdue).collect(),
        latest: adults.map(|id| (id, latest.clone())).collect(),
        exits: BTreeMap::new(),
    }
}

/// The variables of adults, with lists as long as the real ones.
fn variables() -> Vec<Variable> {
    let codes = |own: &[(&str, &str)], others: usize| -> Vec<Code> {
        let other = |at| {
            Code::new(
                format!("ANNEN_{at}"),
                format!("Annen inntekt nr. {at}"),
                format!("Other income no. {at}"),
            )
        };
        let own = own.iter().map(|(code, label)| Code::new(*code, *label, format!("{label} (en)")));
        (0..others).map(other).chain(own).collect()
    };
    let incomes: BTreeSet<(&str, &str)> = ANSWERS.iter().map(|it| (it[0], it[1])).collect();
    let works: BTreeSet<(&str, &str)> = ANSWERS.iter().map(|it| (it[2], it[3])).collect();
    let incomes: Vec<_> = incomes.into_iter().collect();
    let works: Vec<_> = works.into_iter().collect();
    let beside = [("BARNETRYGD", "Barnetrygd"), ("BOSTOTTE_HUSBANK", "Bostøtte fra Husbanken")];
    let variable = |name: &str, kind| Variable {
        name: name.to_owned(),
        unit: UnitKind::Adult,
        kind,
        label: Phrase::from(name),
    };
    vec![
        variable("INNTEKT", Kind::Code(codes(&incomes, 17))),
        variable("TILLEGG", Kind::Several(codes(&beside, 5))),
        variable("ARBEID", Kind::Code(codes(&works, 3))),
        variable("LONNSTILSKUDD", Kind::YesNo),
        variable("STILLINGSPROSENT", Kind::Integer { min: 1, max: 100 }),
        variable("SYKMELDT", Kind::YesNo),
    ]
}
