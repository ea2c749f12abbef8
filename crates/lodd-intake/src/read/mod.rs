//! Bytes of a file → a [`Workbook`], or why it is refused.
//!
//! The file's name and its first bytes decide what it is; both must agree. Everything is counted
//! while it is unpacked, and nothing that the file says of its own size is believed.

mod archive;
mod csv;
mod guard;
mod observed;
mod parquet;
mod privacy;
mod search;
mod xlsx;
mod xml;

use crate::{
    catalogue::{self, Entry},
    finding::{Finding, Findings},
    limits::Limits,
    text::Phrase,
    workbook::{Format, Sheet, Upload, Workbook},
};

/// Why a file can't be read, before it is known where.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal {
    entry: &'static Entry,
    what: Option<Phrase>,
    way_out: Option<Box<Phrase>>,
}

impl Refusal {
    fn new(entry: &'static Entry) -> Self {
        Self { entry, what: None, way_out: None }
    }

    fn with(entry: &'static Entry, what: Phrase) -> Self {
        Self { what: Some(what), ..Self::new(entry) }
    }

    /// The file is of another format; some have a way out of their own.
    fn format(file: &str, bytes: &[u8]) -> Self {
        Self { way_out: way_out(file, bytes).map(Box::new), ..Self::new(&catalogue::F01) }
    }

    /// The file is over a limit.
    fn too_large(nb: &str, nn: &str, en: &str) -> Self {
        Self::with(&catalogue::F04, Phrase::new(nb, nn, en))
    }

    /// The file is damaged.
    fn damaged(nb: &str, nn: &str, en: &str) -> Self {
        Self::with(&catalogue::F05, Phrase::new(nb, nn, en))
    }

    /// The file has more of something than is read.
    fn too_many(count: impl std::fmt::Display, [nb, nn, en]: [&str; 3]) -> Self {
        let [nb, nn, en] = [nb, nn, en].map(|noun| format!("{count} {noun}"));
        Self::too_large(&nb, &nn, &en)
    }

    fn finding(self, file: &str) -> Finding {
        let finding = Finding::new(self.entry, file).suggest(self.way_out.map(|it| *it));
        match self.what {
            Some(what) => finding.value(what),
            None => finding,
        }
    }
}

fn row_too_far(row: u32) -> Refusal {
    Refusal::too_large(&format!("rad {row}"), &format!("rad {row}"), &format!("row {row}"))
}

fn too_many_columns(count: impl std::fmt::Display) -> Refusal {
    Refusal::too_many(count, ["kolonner", "kolonnar", "columns"])
}

fn too_many_cells() -> Refusal {
    Refusal::too_large("for mange celler", "for mange celler", "too many cells")
}

fn text_too_long() -> Refusal {
    let (nb, nn) = ("en celle med for lang tekst", "ei celle med for lang tekst");
    Refusal::too_large(nb, nn, "a cell with too long a text")
}

/// What a reader of one format gives.
struct Content {
    sheets: Vec<Sheet>,
    findings: Findings,
    epoch_1904: bool,
    comments: usize,
    /// A part outside the cells that holds a national identity number.
    leak: Option<Phrase>,
}

/// Reads a file.
///
/// # Errors
///
/// Findings that stop it: it is no .xlsx, .csv or .parquet (F01), is encrypted (F02), has macros or external
/// links (F03), is over a limit (F04), damaged (F05), empty (F06), not of one field count (C05), has
/// an open quotation mark (C06), is in an unknown encoding (C09), or holds a national identity
/// number anywhere (P01; nothing else is then said of the file).
///
/// ```
/// use lodd_intake::{Limits, Upload, read, text::Lang};
///
/// let upload = Upload { name: "status.xlsx", bytes: b"family_id;INNTEKT" };
/// let findings = read(upload, &Limits::default()).unwrap_err();
/// assert_eq!(
///     findings.lines(Lang::En),
///     ["F01 status.xlsx: The file is neither an Excel workbook (.xlsx) nor a CSV file. \
///       Open it in Excel and choose Save as → Excel Workbook (.xlsx)."]
/// );
/// ```
pub fn read(upload: Upload<'_>, limits: &Limits) -> Result<Workbook, Findings> {
    let file = file_name(upload.name);
    if let Some(leak) = privacy::in_file_name(file) {
        return Err(leak.into());
    }
    let (format, content) = content(file, upload.bytes, limits).map_err(|it| *it)?;
    if let Some(leaks) = privacy::in_content(file, &content) {
        return Err(leaks);
    }
    let mut findings = content.findings;
    if looks_like_a_copy(file) {
        findings.push(Finding::new(&catalogue::F11, file).value(file));
    }
    let Content { sheets, epoch_1904, comments, .. } = content;
    let file = file.to_owned();
    let workbook = Workbook { file, format, sheets, epoch_1904, comments, findings };
    if workbook.findings.worst() == Some(catalogue::Severity::Stop) {
        return Err(workbook.findings);
    }
    Ok(workbook)
}

/// A file's name without its folders.
pub(crate) fn file_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or_default()
}

fn content(file: &str, bytes: &[u8], limits: &Limits) -> Result<(Format, Content), Box<Findings>> {
    let refuse = |refusal: Refusal| Box::new(Findings::from(refusal.finding(file)));
    if bytes.len() > limits.body_bytes {
        let bound = format!("> {} MiB", limits.body_bytes >> 20);
        return Err(refuse(Refusal::too_large(&bound, &bound, &bound)));
    }
    if bytes.is_empty() && (has_ending(file, ".xlsx") || has_ending(file, ".csv")) {
        return Err(Box::new(Finding::new(&catalogue::F06, file).in_sheet(stem(file)).into()));
    }
    let format = kind(file, bytes).map_err(refuse)?;
    let read = match format {
        Format::Xlsx => xlsx::read,
        Format::Csv => csv::read,
        Format::Parquet => parquet::read,
    };
    Ok((format, read(file, bytes, limits).map_err(refuse)?))
}

/// First bytes of formats that are not csv, whatever the file is called.
const NOT_TEXT: [&[u8]; 12] = [
    b"PK\x03\x04",
    OLE,
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"{\\rtf",
    PARQUET,
    b"SQLite format 3",
];
const PARQUET: &[u8] = b"PAR1";
/// An OLE container: an old Excel file, or an encrypted new one.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

fn kind(file: &str, bytes: &[u8]) -> Result<Format, Refusal> {
    if [".xlsm", ".xltm", ".xlam"].iter().any(|ending| has_ending(file, ending)) {
        return Err(Refusal::new(&catalogue::F03));
    }
    if has_ending(file, ".xlsx") && bytes.starts_with(OLE) && encrypted(bytes) {
        return Err(Refusal::new(&catalogue::F02));
    }
    if has_ending(file, ".xlsx") && bytes.starts_with(b"PK\x03\x04") {
        return Ok(Format::Xlsx);
    }
    if has_ending(file, ".parquet") && bytes.starts_with(PARQUET) {
        return Ok(Format::Parquet);
    }
    let text = has_ending(file, ".csv") && !NOT_TEXT.iter().any(|magic| bytes.starts_with(magic));
    if text && !markup(bytes) { Ok(Format::Csv) } else { Err(Refusal::format(file, bytes)) }
}

/// What to do first with a file that Excel does not open.
fn way_out(file: &str, bytes: &[u8]) -> Option<Phrase> {
    let is = |ending: &str, magic: &[u8]| has_ending(file, ending) || bytes.starts_with(magic);
    if is(".pdf", b"%PDF") {
        return Some(Phrase::new(
            "En PDF er et bilde av et ark: finn arbeidsboken den er laget av.",
            "Ein PDF er eit bilete av eit ark: finn arbeidsboka han er laga av.",
            "A PDF is a picture of a sheet: find the workbook it was made from.",
        ));
    }
    if has_ending(file, ".numbers") {
        return Some(Phrase::norwegian(
            "I Numbers: Arkiv → Eksporter til → Excel.",
            "In Numbers: File → Export To → Excel.",
        ));
    }
    if is(".parquet", PARQUET) {
        return Some(Phrase::new(
            "Parquet er for systemer; et kontor leverer Excel eller CSV.",
            "Parquet er for system; eit kontor leverer Excel eller CSV.",
            "Parquet is for systems; an office delivers Excel or CSV.",
        ));
    }
    has_ending(file, ".ods").then(|| {
        Phrase::norwegian(
            "I LibreOffice: Fil → Lagre som → Excel 2007–365 (.xlsx).",
            "In LibreOffice: File → Save As → Excel 2007–365 (.xlsx).",
        )
    })
}

/// A file's name as it may be shown: without its folders, and masked if it holds a national identity
/// number.
pub fn shown_name(name: &str) -> String {
    let file = file_name(name);
    privacy::in_file_name(file).map_or_else(|| file.to_owned(), |finding| finding.file)
}

/// Whether an OLE container has a stream called `EncryptedPackage`, in UTF-16.
fn encrypted(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}

/// Whether the text is HTML or XML, which Excel also opens under the name `.csv`.
fn markup(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    [&b"<!"[..], b"<?xml", b"<html", b"<HTML", b"<table"].iter().any(|it| start.starts_with(it))
}

fn looks_like_a_copy(file: &str) -> bool {
    let name = file.to_lowercase();
    let numbered = name.split('(').skip(1).any(|after| {
        let (inside, _) = after.split_once(')').unwrap_or(("", ""));
        !inside.is_empty() && inside.len() <= 2 && inside.bytes().all(|it| it.is_ascii_digit())
    });
    let words = name.split(|c: char| !c.is_alphanumeric()).any(|it| it == "kopi" || it == "copy");
    name.starts_with("~$") || numbered || words
}

fn has_ending(file: &str, ending: &str) -> bool {
    file.to_ascii_lowercase().ends_with(ending)
}

/// A file's name without its ending.
fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}
