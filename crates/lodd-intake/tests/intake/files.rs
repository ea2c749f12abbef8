//! Codes that the whole of a file raises, not a cell of a workbook of statuses: what it is, how its
//! text is written, the roster, the sheets of events and of months. One file a code, which raises
//! it exactly once at its place. And the clean workbook's mistakes once more, as csv.

use std::collections::BTreeSet;

use lodd_intake::{Findings, Limits, Upload, roster, snapshots};

use super::{
    codes,
    support::{
        Book, Put, clean, edited, expectations, families, findings, judge_against, judge_bytes,
        pack, parts, places, row,
    },
};

/// What must be found, and the file: its name and bytes.
type File = (&'static [&'static str], fn() -> (&'static str, Vec<u8>));

const CSV: &str = "familie_id,statusdato,BOLIG\nRIN-7KQ4-R,2016-01-15,EID\n";

fn csv(text: &str) -> (&'static str, Vec<u8>) {
    ("status.csv", text.as_bytes().to_vec())
}

fn with_part(name: &str, bytes: &[u8]) -> (&'static str, Vec<u8>) {
    let mut all = parts(&clean().bytes());
    all.push((name.to_owned(), bytes.to_vec()));
    ("status.xlsx", pack(&all))
}

fn put(book: &mut Book, place: &str, value: impl Into<Put>) {
    book.put(place, value);
}

fn xlsx(change: impl Fn(&mut Book)) -> (&'static str, Vec<u8>) {
    let mut book = clean();
    change(&mut book);
    ("status.xlsx", book.bytes())
}

const FILES: &[File] = &[
    (&["F01"], || ("status.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec())),
    (&["F02"], || {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        ("status.xlsx", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600], &name].concat())
    }),
    (&["F03"], || with_part("xl/vbaProject.bin", b"x")),
    (&["F04"], || ("status.csv", vec![b'x'; (10 << 20) + 1])),
    (&["F05"], || {
        let bytes = clean().bytes();
        ("status.xlsx", bytes[..bytes.len() / 2].to_vec())
    }),
    (&["F11"], || ("status (1).xlsx", clean().bytes())),
    (&["C01"], || ("status.csv", [b"\xef\xbb\xbf", CSV.as_bytes()].concat())),
    (&["C02"], || {
        ("status.csv", b"familie_id,m\xe5ned,st\xf8nad,l\xe5n\nRIN-7KQ4-R,2016-01,100,0\n".to_vec())
    }),
    (&["C04"], || csv(&CSV.replace(',', ";"))),
    (&["C05 3"], || csv(&format!("{CSV}RIN-7KQ4-R,2016-01-16,EID,x\n"))),
    (&["C06 3"], || csv(&format!("{CSV}RIN-7KQ4-R,2016-01-16,\"EID\n"))),
    (&["C09"], || csv("familie_id\0,statusdato\n")),
    (&["D02 Familier!B4"], || xlsx(|it| put(it, "Familier!B4", Put::Date(2012, 1, 14)))),
    (&["D16 Voksne!D3"], || {
        let (name, bytes) = xlsx(|it| put(it, "Voksne!D3", Put::Formula("=1+1", "7")));
        (name, edited(&bytes, "xl/worksheets/sheet2.xml", "<v>7</v>", ""))
    }),
    (&["D10 Familier!C2", "D10 Familier!C3", "F10"], || {
        let ids = families();
        let rows = |home: &str, at: usize| format!("{},2016-01-15,{home}\n", ids[at]);
        let text = ["SLOTT", "SLOTT", "EID"].iter().zip(0..).map(|(home, at)| rows(home, at));
        let text = format!("familie_id,statusdato,BOLIG\n{}", text.collect::<String>());
        ("Familier.csv", text.into_bytes())
    }),
    (&["P01 Voksne!D3"], || xlsx(|it| put(it, "Voksne!D3", "01819010001"))),
    (&["K23 Måneder 2"], || {
        let cells = ["RIN-7KQ4-R", "", "", "", "KOSTRA_11F", "0605", "2015", "J", "RIN-7KQ4-R-A1"];
        let header = [
            "familie_id",
            "måned",
            "stønad",
            "lån",
            "register",
            "kommune",
            "år",
            "fullstendig",
            "oppslag",
        ];
        ("status.xlsx", Book::new(&[("Måneder", vec![row(&header), row(&cells)])]).bytes())
    }),
    (&["K06 Deltakelse!A2"], || {
        let header =
            ["familie_id", "startet", "sluttet", "sluttarsak", "moter", "koordinator", "avvik"];
        let cells = [&families()[3], "2015-09-01", "", "", "2", "K1", ""];
        ("logg.xlsx", Book::new(&[("Deltakelse", vec![row(&header), row(&cells)])]).bytes())
    }),
    (&["K22 Familiemedlemmer!D2"], || {
        let header =
            ["medlem_id", "familie_id", "rolle", "fodselsar", "fra_dato", "til_dato", "arsak"];
        let cells = ["RIN-7KQ4-R-A2", "RIN-7KQ4-R", "", "1981", "", "2016-05-01", "SAMLIVSBRUDD"];
        ("skjema.xlsx", Book::new(&[("Familiemedlemmer", vec![row(&header), row(&cells)])]).bytes())
    }),
];

/// A roster of two families, of which the second is new, with a column for what may be wrong.
fn roster_of(change: impl Fn(&mut Book)) -> Result<(), Findings> {
    let ids = families();
    let (one, two) = (ids[0].as_str(), ids[1].as_str());
    let mut book = Book::new(&[
        (
            "Familier",
            vec![
                row(&["familie_id", "kontor", "registrert", "bor_sammen_med"]),
                row(&[one, "ringerike", "2015-06-01", ""]),
                row(&[two, "ringerike", "2015-06-01", ""]),
            ],
        ),
        (
            "Medlemmer",
            vec![
                row(&["medlem_id", "familie_id", "rolle", "fodselsar", "kjonn", "person_key"]),
                row(&[&format!("{one}-A1"), one, "FORELDER", "1980", "", ""]),
                row(&[&format!("{one}-A2"), one, "PARTNER", "1980", "", ""]),
                row(&[&format!("{one}-B1"), one, "BARN", "2008", "", ""]),
                row(&[&format!("{two}-A1"), two, "FORELDER", "1980", "", ""]),
            ],
        ),
    ]);
    change(&mut book);
    let mut expect = expectations();
    let drawn = ids[0].clone();
    expect.families.retain(|id, _| *id == drawn);
    expect.members.retain(|_, it| it.family_id == drawn);
    expect.drawn = Some(BTreeSet::from([drawn]));
    let file = Upload { name: "roster.xlsx", bytes: &book.bytes() };
    roster(&[file], &expect, &Limits::default()).map(|it| {
        assert!(it.findings.is_empty(), "{:?}", places(&it.findings));
    })
}

const ROSTERS: &[codes::Case] = &[
    ("D20 Medlemmer!F5", |it| put(it, "Medlemmer!F5", "ab12")),
    ("K18 Medlemmer!C3", |it| put(it, "Medlemmer!C3", "#SLETT")),
    ("K19 Familier 4", |it| {
        let again = it.rows("Familier")[2].clone();
        it.rows("Familier").push(again);
    }),
    ("K20 Familier!D3", |it| put(it, "Familier!D3", "RIN-XXXX-M")),
    ("K21 Familier!D3", |it| {
        let own = families()[1].clone();
        it.put("Familier!D3", own);
    }),
];

/// The codes that these files raise.
pub(crate) fn raised() -> impl Iterator<Item = &'static str> {
    let files = FILES.iter().flat_map(|(places, _)| *places).copied();
    files.chain(ROSTERS.iter().map(|(place, _)| *place)).map(|place| &place[..3])
}

#[test]
fn each_file_is_found_out_once() {
    for (expected, file) in FILES {
        let (name, bytes) = file();
        let mut expect = expectations();
        expect.follow_up = Some(BTreeSet::new());
        expect.accept_good = !expected.contains(&"F10");
        let outcome = snapshots(Upload { name, bytes: &bytes }, &expect, &Limits::default());
        let mut found = places(findings(&outcome));
        found.sort();
        assert_eq!(found, *expected);
    }
}

#[test]
fn each_mistake_in_a_roster_is_found_once() {
    roster_of(|_| {}).unwrap();
    for (expected, change) in ROSTERS {
        assert_eq!(places(&roster_of(change).unwrap_err()), [*expected]);
    }
}

/// A sheet as csv, with commas; a number as it is, a date as a person writes it.
fn as_csv(rows: &[Vec<Put>]) -> String {
    let width = rows.iter().map(Vec::len).max().unwrap();
    let cell = |put: Option<&Put>| match put {
        Some(Put::Text(text)) => format!("\"{}\"", text.replace('"', "\"\"")),
        Some(Put::Number(number)) => format!("{number}"),
        Some(Put::Date(y, m, d)) => format!("{d:02}.{m:02}.{y}"),
        Some(Put::Formula(_, result)) => (*result).to_owned(),
        Some(Put::Bool(truth)) => truth.to_string(),
        Some(Put::Blank | Put::Nothing) | None => String::new(),
    };
    let line =
        |row: &Vec<Put>| (0..width).map(|at| cell(row.get(at))).collect::<Vec<_>>().join(",");
    rows.iter().map(|row| line(row) + "\n").collect()
}

/// What csv can't say, or says otherwise: formulas, sheets, formats.
const WORKBOOK_ONLY: [&str; 7] = ["D01", "D14", "D15", "H02", "H10", "K10", "F06"];

/// Every mistake in one sheet of the clean workbook is found in that sheet's csv, at the same cell.
#[test]
fn the_same_mistakes_are_found_in_a_csv() {
    let mut tried = BTreeSet::new();
    for (expected, change) in codes::cases() {
        let (code, place) = (&expected[..3], expected.get(4..).unwrap_or_default());
        let Some(sheet) =
            ["Familier", "Voksne", "Barn", "Måneder"].into_iter().find(|it| place.starts_with(it))
        else {
            continue;
        };
        if WORKBOOK_ONLY.contains(&code) {
            continue;
        }
        let mut book = clean();
        change(&mut book);
        let text = as_csv(book.rows(sheet));
        let outcome = judge_bytes(&format!("{sheet}.csv"), text.as_bytes());
        assert_eq!(places(findings(&outcome)), [*expected], "{text}");
        tried.insert(code);
    }
    assert!(tried.len() > 22, "{tried:?}");
    let sheets = ["Familier", "Voksne", "Barn", "Måneder"];
    for sheet in sheets {
        let text = as_csv(clean().rows(sheet));
        let outcome = judge_bytes(&format!("{sheet}.csv"), text.as_bytes());
        assert_eq!(places(findings(&outcome)), [""; 0]);
    }
    assert!(judge_against(&clean(), &expectations()).is_ok());
}
