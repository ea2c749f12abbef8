//! Files made to crash, exhaust or mislead a reader: refused with a reason, never a panic.

use std::io::{Cursor, Write};

use lodd_intake::{Findings, Limits, Upload, Workbook, read};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::support::{clean, edited, findings, judge_bytes, pack, parts, places};

fn open(name: &str, bytes: &[u8]) -> Result<Workbook, Findings> {
    read(Upload { name, bytes }, &Limits::default())
}

#[track_caller]
fn check_refused(bytes: &[u8], code: &str) {
    assert_eq!(places(&open("s.xlsx", bytes).unwrap_err()), [code]);
}

fn with_part(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut all = parts(&clean().bytes());
    all.push((name.to_owned(), bytes.to_vec()));
    pack(&all)
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

#[test]
fn macros_links_and_other_active_parts_are_refused() {
    for part in [
        "xl/vbaProject.bin",
        "xl/externalLinks/externalLink1.xml",
        "xl/embeddings/oleObject1.bin",
        "xl/activeX/activeX1.bin",
        "xl/connections.xml",
        "XL/VBAPROJECT.BIN",
    ] {
        check_refused(&with_part(part, b"x"), "F03");
    }
    assert_eq!(places(&open("s.xlsm", &clean().bytes()).unwrap_err()), ["F03"]);
    let types = "[Content_Types].xml";
    let macros = edited(&clean().bytes(), types, "sheet.main+xml", "sheet.macroEnabled.main+xml");
    check_refused(&macros, "F03");
    let doctype = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><worksheet";
    check_refused(&edited(&clean().bytes(), SHEET, "<worksheet", doctype), "F03");
}

#[test]
fn an_encrypted_workbook_is_refused() {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let ole = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600], &name].concat();
    check_refused(&ole, "F02");
}

/// A workbook with one more part, of blanks, which deflate packs a thousandfold.
fn bomb(name: &str, size: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new_append(Cursor::new(clean().bytes())).unwrap();
    zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(&vec![b' '; size]).unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn bombs_are_refused_before_they_are_unpacked() {
    check_refused(&bomb("xl/media/a.bin", 3 << 20), "F04");
    check_refused(&bomb("xl/a.xml", 3 << 20), "F04");
    let many: Vec<_> = (0..201).map(|at| (format!("xl/{at}.xml"), b"<a/>".to_vec())).collect();
    check_refused(&pack(&many), "F04");
    let huge = vec![b'x'; (10 << 20) + 1];
    check_refused(&huge, "F04");
    // Within the ratio, but too much altogether.
    let limits = Limits { inflated_bytes: 100_000, ..Limits::default() };
    let plain = with_part("xl/media/a.bin", &vec![7; 100_000]);
    let refused = read(Upload { name: "s.xlsx", bytes: &plain }, &limits).unwrap_err();
    assert_eq!(places(&refused), ["F04"]);
    assert!(open("s.xlsx", &plain).is_ok());
}

/// The size that an archive states of its own parts is not believed.
#[test]
fn a_part_that_lies_about_its_size_is_refused() {
    let mut bytes = bomb("xl/a.xml", 900_000);
    let size = 900_000_u32.to_le_bytes();
    while let Some(at) = bytes.windows(4).position(|it| it == size) {
        bytes[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    assert!(open("s.xlsx", &bytes).is_err());
}

/// One long text, shared by many cells: little in the file, much in memory.
#[test]
fn a_text_that_is_used_often_counts_often() {
    let mut book = clean();
    let long = "x".repeat(30_000);
    let rows = (0..40).map(|_| vec![long.as_str().into()]).collect();
    book.sheets.push(("Mye".to_owned(), rows));
    let bytes = book.bytes();
    assert!(open("s.xlsx", &bytes).is_ok());
    let limits = Limits { text_bytes: 1 << 20, ..Limits::default() };
    let refused = read(Upload { name: "s.xlsx", bytes: &bytes }, &limits).unwrap_err();
    assert_eq!(places(&refused), ["F04"]);
}

#[test]
fn cells_that_are_too_far_too_long_or_too_many_are_refused() {
    let cell =
        |place: &str| format!("<row r=\"1\"><c r=\"{place}\"><v>1</v></c></row></sheetData>");
    let sheet = |to: &str| edited(&clean().bytes(), SHEET, "</sheetData>", to);
    check_refused(&sheet(&cell("A1048576")), "F04");
    check_refused(&sheet(&cell("XFD1")), "F04");
    check_refused(&sheet(&cell("ZZZZZZZZZZ1")), "F05");
    check_refused(&sheet(&cell("A99999999999")), "F05");
    check_refused(&sheet(&cell("A0")), "F05");
    check_refused(&sheet(&cell("A1")), "F05");
    let long = format!(
        "<row r=\"50\"><c r=\"A50\" t=\"inlineStr\"><is><t>{}</t></is></c></row></sheetData>",
        "æ".repeat(32_768)
    );
    check_refused(&sheet(&long), "F04");
    // Two cells far apart, within the limits, cost two cells.
    let far = open("s.xlsx", &sheet(&cell("GR100000"))).unwrap();
    assert_eq!(far.sheets[0].rows.iter().map(|row| row.cells.len()).sum::<usize>(), 37);
}

#[test]
fn what_the_parser_would_choke_on_is_refused() {
    let strings = "xl/sharedStrings.xml";
    check_refused(
        &edited(&clean().bytes(), strings, "uniqueCount=\"", "uniqueCount=\"9999999999"),
        "F05",
    );
    check_refused(
        &edited(&clean().bytes(), SHEET, "<dimension ref=\"", "<dimension ref=\"B9:"),
        "F05",
    );
    let deep = format!("{}{}</sheetData>", "<a>".repeat(70), "</a>".repeat(70));
    check_refused(&edited(&clean().bytes(), SHEET, "</sheetData>", &deep), "F04");
    check_refused(&edited(&clean().bytes(), SHEET, "<sheetData>", "<sheetData"), "F05");
}

#[test]
fn archives_that_are_not_what_they_seem_are_refused() {
    let bytes = clean().bytes();
    check_refused(&bytes[..bytes.len() / 2], "F05");
    check_refused(&with_part("../../etc/passwd", b"x"), "F05");
    check_refused(&with_part("/etc/passwd", b"x"), "F05");
    check_refused(&with_part("xl\\workbook.xml", b"x"), "F05");
    check_refused(&with_part("XL/workbook.xml", b"x"), "F05");
    check_refused(&pack(&[("word/document.xml".to_owned(), b"<a/>".to_vec())]), "F01");
    let at = bytes.windows(4).position(|it| it == b"PK\x01\x02").unwrap();
    let mut flipped = bytes;
    flipped[at / 2] ^= 0xff;
    assert!(open("s.xlsx", &flipped).is_err());
}

#[test]
fn numbers_that_are_none_are_held() {
    let bytes = clean().bytes();
    for value in ["NaN", "1e400", "-1e400", "inf", "1e17"] {
        let sheet = "xl/worksheets/sheet2.xml";
        let edited = edited(&bytes, sheet, "<v>50</v>", &format!("<v>{value}</v>"));
        let outcome = judge_bytes("s.xlsx", &edited);
        assert_eq!(places(findings(&outcome)), ["D13 Voksne!E2"], "{value}");
    }
    let zero = edited(&bytes, "xl/worksheets/sheet4.xml", "<v>0</v>", "<v>-0</v>");
    assert!(judge_bytes("s.xlsx", &zero).unwrap().findings.is_empty());
}

#[test]
fn twenty_one_sheets_are_too_many() {
    let mut book = clean();
    for at in 0..17 {
        book.sheets.push((format!("Ark{at}"), Vec::new()));
    }
    check_refused(&book.bytes(), "F04");
}

/// A runner with a fixed seed: the same cases every time. `cargo xtask fuzz` asks for more of them, and
/// for others each time.
fn runner(cases: u32) -> TestRunner {
    let asked = |name| std::env::var(name).ok().and_then(|it: String| it.parse::<u64>().ok());
    let seed = asked("LODD_FUZZ_SEED").unwrap_or(7);
    let times = asked("LODD_FUZZ_TIMES").unwrap_or(1);
    let cases = u32::try_from(u64::from(cases) * times).unwrap_or(u32::MAX);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let seed: Vec<u8> = seed.to_le_bytes().repeat(4);
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

#[test]
fn random_bytes_never_panic() {
    let bytes = prop::collection::vec(any::<u8>(), 0..600);
    let start = prop::sample::select(vec![&b""[..], b"PK\x03\x04", b"familie_id;statusdato\n"]);
    runner(300)
        .run(&(start, bytes), |(start, bytes)| {
            let bytes = [start, &bytes].concat();
            let _ = judge_bytes("s.xlsx", &bytes);
            let _ = judge_bytes("s.csv", &bytes);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_mutated_csv_never_panics() {
    let valid = "familie_id;statusdato;BOLIG;kilde\nRIN-7KQ4-R;2016-01-15;EID;VEILEDER\n\
                 RIN-7KQ4-R;15.02.2016;\"UT\"\"EN\";REGISTER\n\n;;;\n";
    let snippet = prop::sample::select(vec![
        "\"",
        ";",
        "\n",
        "\r",
        "\t",
        ",",
        "\0",
        "Ã¦",
        "\u{202e}",
        "1e400",
        "-",
        "=",
        "99999999999999999999",
        "NaN",
        ".",
        "31.02.2016",
        "sep=;\n",
        "[{n}]",
        "{",
        "\u{fffd}",
    ]);
    let change = (any::<prop::sample::Index>(), snippet, 0_usize..4);
    runner(600)
        .run(&prop::collection::vec(change, 1..12), |changes| {
            let mut bytes = valid.as_bytes().to_vec();
            for (at, snippet, cut) in changes {
                let at = at.index(bytes.len() + 1);
                let end = (at + cut).min(bytes.len());
                bytes.splice(at..end, snippet.bytes());
            }
            let outcome = judge_bytes("s.csv", &bytes);
            let _ = super::support::words(findings(&outcome));
            Ok(())
        })
        .unwrap();
}

/// Mutates the parts of a valid workbook and packs them again, so that the archive is sound and the
/// mutation reaches the parsers.
#[test]
fn a_mutated_workbook_never_panics() {
    let valid: Vec<_> = parts(&clean().bytes());
    let snippet = prop::sample::select(vec![
        "<",
        ">",
        "/>",
        "\"",
        "&",
        "&#0;",
        "&lt;",
        "<c/>",
        "<row>",
        "</row>",
        "r=\"ZZ9\"",
        "t=\"s\"",
        "t=\"n\"",
        "<v>-1</v>",
        "<v>99999999999</v>",
        "<f t=\"shared\" si=\"0\"/>",
        "<f t=\"shared\" ref=\"A1:B2\" si=\"4\">A1</f>",
        "s=\"99\"",
        "1e400",
        "\u{fffd}",
        "<![CDATA[",
        "<!--",
        "r:id=\"rId9\"",
        "../",
    ]);
    let change = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), snippet, 0_usize..6);
    runner(800)
        .run(&prop::collection::vec(change, 1..4), |changes| {
            let mut parts = valid.clone();
            for (part, at, snippet, cut) in changes {
                let part = part.index(parts.len());
                let bytes = &mut parts[part].1;
                let at = at.index(bytes.len() + 1);
                let end = (at + cut).min(bytes.len());
                bytes.splice(at..end, snippet.bytes());
            }
            let outcome = judge_bytes("s.xlsx", &pack(&parts));
            let _ = super::support::words(findings(&outcome));
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_bit_flipped_or_cut_workbook_never_panics() {
    let valid = clean().bytes();
    let flips = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6);
    runner(600)
        .run(&(flips, any::<prop::sample::Index>(), any::<bool>()), |(flips, end, cut)| {
            let mut bytes = valid.clone();
            for (at, value) in flips {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            if cut {
                bytes.truncate(end.index(bytes.len()));
            }
            let _ = judge_bytes("s.xlsx", &bytes);
            Ok(())
        })
        .unwrap();
}
