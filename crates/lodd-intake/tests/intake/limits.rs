//! Each limit with a file that just keeps it and one that just does not; formats that are not read.

use lodd_intake::{Findings, Lang, Limits, Upload, Workbook, read};

use super::support::{clean, edited, pack, parts, places};

fn open(name: &str, bytes: &[u8], limits: &Limits) -> Result<Workbook, Findings> {
    read(Upload { name, bytes }, limits)
}

#[track_caller]
fn keeps(name: &str, bytes: &[u8], limits: &Limits) {
    let outcome = open(name, bytes, limits);
    assert!(outcome.is_ok(), "{:?}", places(&outcome.unwrap_err()));
}

#[track_caller]
fn breaks(name: &str, bytes: &[u8], limits: &Limits) {
    assert_eq!(places(&open(name, bytes, limits).unwrap_err()), ["F04"]);
}

/// The figures of the specification.
#[test]
fn the_limits_are_those_documented() {
    let limits = Limits {
        body_bytes: 10 * 1024 * 1024,
        zip_entries: 200,
        inflated_bytes: 100 * 1024 * 1024,
        ratio: 200,
        sheets: 20,
        rows: 100_000,
        columns: 200,
        cells: 2_000_000,
        cell_characters: 32_767,
        text_bytes: 100 * 1024 * 1024,
        xml_depth: 64,
    };
    assert_eq!(limits, Limits::default());
}

#[test]
fn the_body() {
    let limits = Limits { body_bytes: 10_000, ..Limits::default() };
    let mut csv = b"a\n".repeat(5_000);
    keeps("s.csv", &csv, &limits);
    csv.push(b'\n');
    breaks("s.csv", &csv, &limits);
    let book = clean().bytes();
    keeps("s.xlsx", &book, &Limits { body_bytes: book.len(), ..limits });
    breaks("s.xlsx", &book, &Limits { body_bytes: book.len() - 1, ..limits });
}

#[test]
fn the_parts_of_the_archive() {
    let mut all = parts(&clean().bytes());
    let more = (all.len()..200).map(|at| (format!("xl/media/{at}.bin"), b"x".to_vec()));
    all.extend(more.collect::<Vec<_>>());
    keeps("s.xlsx", &pack(&all), &Limits::default());
    all.push(("xl/media/last.bin".to_owned(), Vec::new()));
    breaks("s.xlsx", &pack(&all), &Limits::default());
}

#[test]
fn what_is_unpacked_in_all_and_in_proportion() {
    let mut all = parts(&clean().bytes());
    let sum = all.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    let book = pack(&all);
    keeps("s.xlsx", &book, &Limits { inflated_bytes: sum, ..Limits::default() });
    breaks("s.xlsx", &book, &Limits { inflated_bytes: sum - 1, ..Limits::default() });
    // A part over 1 MiB that is packed as it is: the ratio is 1.
    all.push(("xl/media/a.bin".to_owned(), vec![7; 1_100_000]));
    let book = pack(&all);
    keeps("s.xlsx", &book, &Limits { ratio: 1, ..Limits::default() });
    breaks("s.xlsx", &book, &Limits { ratio: 0, ..Limits::default() });
}

#[test]
fn sheets() {
    let mut book = clean();
    while book.sheets.len() < 20 {
        book.sheets.push((format!("Ark{}", book.sheets.len()), vec![vec!["x".into()]]));
    }
    keeps("s.xlsx", &book.bytes(), &Limits::default());
    book.sheets.push(("Ark20".to_owned(), Vec::new()));
    breaks("s.xlsx", &book.bytes(), &Limits::default());
}

#[test]
fn rows_columns_and_cells_of_a_workbook() {
    let with = |place: &str, row: u32| {
        let cell = format!("<row r=\"{row}\"><c r=\"{place}\"><v>1</v></c></row></sheetData>");
        edited(&clean().bytes(), "xl/worksheets/sheet1.xml", "</sheetData>", &cell)
    };
    let limits = Limits::default();
    keeps("s.xlsx", &with("A100000", 100_000), &limits);
    breaks("s.xlsx", &with("A100001", 100_001), &limits);
    keeps("s.xlsx", &with("GR900", 900), &limits);
    breaks("s.xlsx", &with("GS900", 900), &limits);
    let book = clean().bytes();
    let read = open("s.xlsx", &book, &limits).unwrap();
    let rows = read.sheets.iter().flat_map(|sheet| &sheet.rows);
    let cells = rows.map(|row| row.cells.len()).sum::<usize>();
    keeps("s.xlsx", &book, &Limits { cells, ..limits });
    breaks("s.xlsx", &book, &Limits { cells: cells - 1, ..limits });
}

#[test]
fn rows_columns_and_cells_of_a_csv() {
    let limits = Limits::default();
    keeps("s.csv", &b"a\n".repeat(100_000), &limits);
    breaks("s.csv", &b"a\n".repeat(100_001), &limits);
    let row = |columns: usize| ["a"].repeat(columns).join(";").into_bytes();
    keeps("s.csv", &row(200), &limits);
    breaks("s.csv", &row(201), &limits);
    let rows = b"a;b;c\n".repeat(100);
    keeps("s.csv", &rows, &Limits { cells: 300, ..limits });
    breaks("s.csv", &rows, &Limits { cells: 299, ..limits });
}

#[test]
fn characters_of_a_cell() {
    let with = |characters: usize| {
        let text = "æ".repeat(characters);
        let cell = format!(
            "<row r=\"900\"><c r=\"A900\" t=\"inlineStr\"><is><t>{text}</t></is></c></row></sheetData>"
        );
        edited(&clean().bytes(), "xl/worksheets/sheet1.xml", "</sheetData>", &cell)
    };
    keeps("s.xlsx", &with(32_767), &Limits::default());
    breaks("s.xlsx", &with(32_768), &Limits::default());
    keeps("s.csv", "æ".repeat(32_767).as_bytes(), &Limits::default());
    breaks("s.csv", "æ".repeat(32_768).as_bytes(), &Limits::default());
}

#[test]
fn the_depth_of_a_part() {
    let with = |depth: usize| {
        let mut all = parts(&clean().bytes());
        let part = format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        all.push(("xl/deep.xml".to_owned(), part.into_bytes()));
        pack(&all)
    };
    keeps("s.xlsx", &with(64), &Limits::default());
    breaks("s.xlsx", &with(65), &Limits::default());
}

/// First bytes as these programs write them; the name decides where two formats are one container.
#[test]
fn other_formats_are_refused_with_the_way_out() {
    const EXCEL: &str = "Åpne i Excel, velg Lagre som → Excel-arbeidsbok (.xlsx).";
    let ole: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Workbook";
    let zip: &[u8] = b"PK\x03\x04";
    let renamed = pack(&[
        ("[Content_Types].xml".to_owned(), b"<Types/>".to_vec()),
        ("xl/workbook.bin".to_owned(), b"\x83\x01".to_vec()),
    ]);
    let open_document = pack(&[
        ("mimetype".to_owned(), b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("content.xml".to_owned(), b"<a/>".to_vec()),
    ]);
    for (name, bytes, code, way) in [
        ("s.xls", ole, "F01", EXCEL),
        ("s.xlsx", ole, "F01", EXCEL),
        ("s.csv", ole, "F01", EXCEL),
        ("s.xlsb", zip, "F01", EXCEL),
        ("s.xlsx", &renamed, "F01", EXCEL),
        ("s.ods", zip, "F01", "I LibreOffice: Fil → Lagre som"),
        ("s.xlsx", &open_document, "F01", EXCEL),
        ("s.numbers", zip, "F01", "I Numbers: Arkiv → Eksporter til → Excel."),
        ("s.pdf", b"%PDF-1.7", "F01", "finn arbeidsboken den er laget av"),
        ("s.xlsx", b"%PDF-1.7", "F01", "finn arbeidsboken den er laget av"),
        ("s.csv", b"%PDF-1.7", "F01", "finn arbeidsboken den er laget av"),
        ("s.parquet", zip, "F01", "Parquet er for systemer"),
        ("s.xlsx", b"PAR1\x15\x04", "F01", "Parquet er for systemer"),
        ("s.csv", b"PAR1\x15\x04", "F01", "Parquet er for systemer"),
        ("s.xlsm", zip, "F03", "Lagre som .xlsx (uten makroer)"),
        ("s.xltm", zip, "F03", "Lagre som .xlsx (uten makroer)"),
    ] {
        let findings = open(name, bytes, &Limits::default()).unwrap_err();
        assert_eq!(places(&findings), [code], "{name}");
        for lang in [Lang::Nb, Lang::Nn, Lang::En] {
            assert!(findings.iter().all(|it| it.fix(lang).is_some()), "{name}");
        }
        let fix = findings.iter().next().unwrap().fix(Lang::Nb).unwrap();
        assert!(fix.contains(way) && (code != "F01" || fix.ends_with(EXCEL)), "{name}: {fix}");
    }
}
