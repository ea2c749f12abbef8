use super::*;
use crate::{catalogue, read, workbook::Upload};

const NAME: &str = "status (1).csv";
const TEXT: &str =
    "familie_id;statusdato;BOLIG\nRIN-7KQ4-R;2016-01-15;EID\n;;\n1e400;NaN;\u{a0}æ\n";

fn outcome(name: &str, text: &str) -> Result<Workbook, Findings> {
    read(Upload { name, bytes: text.as_bytes() }, &Limits::default())
}

fn written(outcome: &Result<Workbook, Findings>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(outcome, &mut bytes).unwrap();
    bytes
}

fn again(name: &str, outcome: &Result<Workbook, Findings>) -> Option<Result<Workbook, Findings>> {
    super::read(name, &written(outcome), &Limits::default())
}

#[test]
fn what_is_written_is_what_is_read() {
    let book = outcome(NAME, TEXT);
    assert!(!book.as_ref().unwrap().findings.is_empty());
    assert_eq!(again(NAME, &book), Some(book));
    let refused = outcome("a.csv", "a;b\n1;2;3\n");
    assert_eq!(refused.as_ref().unwrap_err().total("C05"), 1);
    assert_eq!(again("a.csv", &refused), Some(refused));
    // Every entry, with every placeholder that a text of it has.
    let mut all = Findings::default();
    for entry in catalogue::all().filter(|entry| !entry.code.starts_with('P')) {
        let value = || Phrase::new("én", "ein", "one");
        let mut finding = Finding::new(entry, NAME).in_sheet("A").at(0, 1).value(value());
        for name in crate::text::names(entry.nb).chain(crate::text::names(entry.fix_nb)) {
            finding = finding.term(name, value());
        }
        (0..25).for_each(|_| all.push(finding.clone()));
    }
    let all = Err(all);
    assert_eq!(again(NAME, &all), Some(all));
}

#[test]
fn what_reading_never_gives_is_not_believed() {
    let good = || outcome(NAME, TEXT).unwrap();
    let bad = |change: &dyn Fn(&mut Workbook)| {
        let mut book = good();
        change(&mut book);
        again(NAME, &Ok(book)).is_none()
    };
    assert!(!bad(&|_| ()));
    assert!(bad(&|it| it.file = "other.csv".to_owned()));
    assert!(bad(&|it| it.sheets = vec![it.sheets[0].clone(); 21]));
    let colour = Finding::new(&catalogue::H01, NAME).expected("a\u{1b}[2J");
    assert!(again(NAME, &Err(colour.into())).is_none());
    assert!(bad(&|it| it.sheets[0].rows.reverse()));
    assert!(bad(&|it| it.sheets[0].rows[0].number = 0));
    assert!(bad(&|it| it.sheets[0].rows[2].number = 100_001));
    assert!(bad(&|it| it.sheets[0].rows[1].cells.reverse()));
    assert!(bad(&|it| it.sheets[0].rows[1].cells[2].column = 200));
    let long = CellValue::Text("æ".repeat(32_768));
    assert!(bad(&|it| it.sheets[0].rows[1].cells[2].value = long.clone()));
    let stop = Finding::new(&catalogue::F05, NAME).value("x");
    assert!(bad(&|it| it.findings.push(stop.clone())));
    assert!(bad(&|it| it.findings.push(Finding::new(&catalogue::F11, "else.csv"))));
    // A refusal must stop, and one for what is personal shows nothing.
    assert!(again(NAME, &Err(Finding::new(&catalogue::F11, NAME).into())).is_none());
    assert!(again(NAME, &Err(Finding::new(&catalogue::P01, NAME).value("018").into())).is_none());
    assert!(again(NAME, &Err(Finding::new(&catalogue::P01, NAME).into())).is_some());
    assert!(again(NAME, &Err(Findings::default())).is_none());
}

/// Cut, lengthened and changed anywhere: an answer or none, never a panic.
#[test]
fn other_bytes_do_no_harm() {
    let bytes = written(&outcome(NAME, TEXT));
    let read = |bytes: &[u8]| super::read(NAME, bytes, &Limits::default());
    for end in 0..bytes.len() {
        assert!(read(&bytes[..end]).is_none(), "{end}");
    }
    assert!(read(&[bytes.as_slice(), b"x"].concat()).is_none());
    for at in 0..bytes.len() {
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let mut other = bytes.clone();
            other[at] = value;
            let _ = read(&other);
        }
    }
    // A length of 2^63 asks for no memory.
    let _ = read(&[0, 1, 0x61, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
}
