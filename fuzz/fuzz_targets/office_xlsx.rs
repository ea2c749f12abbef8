//! Any bytes as an office's workbook, or as one part of a workbook that is in order: a reason or a
//! workbook, never a crash.
//!
//! The first byte says which part the rest stands for; otherwise nothing would get past the archive.

#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;
use lodd_intake::{Lang, Limits, Upload, read, wire};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const PARTS: [(&str, &str); 7] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Voksne" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    ),
    (
        "xl/worksheets/sheet1.xml",
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1</v></c></row></sheetData></worksheet>"#,
    ),
    (
        "xl/sharedStrings.xml",
        r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>voksen_id</t></si></sst>"#,
    ),
    (
        "xl/styles.xml",
        r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>"#,
    ),
];

fn packed(which: usize, bytes: &[u8]) -> Option<Vec<u8>> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (at, (name, text)) in PARTS.iter().enumerate() {
        zip.start_file(*name, options).ok()?;
        zip.write_all(if at == which { bytes } else { text.as_bytes() }).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}

fuzz_target!(|input: &[u8]| {
    let Some((which, bytes)) = input.split_first() else { return };
    let which = usize::from(*which) % (PARTS.len() + 1);
    let book = if which < PARTS.len() { packed(which, bytes) } else { Some(bytes.to_vec()) };
    let Some(book) = book else { return };
    let limits = Limits::default();
    let outcome = read(Upload { name: "a.xlsx", bytes: &book }, &limits);
    match &outcome {
        Ok(book) => drop(book.findings.lines(Lang::Nb)),
        Err(findings) => assert!(!findings.lines(Lang::Nn).is_empty()),
    }
    let mut answer = Vec::new();
    wire::write(&outcome, &mut answer).expect("memory can be written to");
    assert!(wire::read("a.xlsx", &answer, &limits).is_some());
});
