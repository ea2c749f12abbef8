use std::collections::BTreeSet;

use super::*;
use crate::{catalogue, text::names};

const KNOWN: [&str; 18] = [
    "a", "c", "r", "k", "v", "f", "x", "id", "n", "m", "y", "h", "r1", "r2", "c1", "c2", "dato",
    "liste",
];

#[test]
fn every_entry_is_complete_and_says_the_same_in_both_languages() {
    let mut codes = BTreeSet::new();
    for entry in catalogue::all() {
        assert!(codes.insert(entry.code), "{} stands twice", entry.code);
        assert_eq!(catalogue::find(entry.code), Some(entry));
        assert!(entry.trigger.ends_with('.'), "{}", entry.code);
        let (nb, nn, en) = (entry.nb, entry.nn, entry.en);
        for (nb, nn, en) in [(nb, nn, en), (entry.fix_nb, entry.fix_nn, entry.fix_en)] {
            let values = |text| names(text).collect::<BTreeSet<_>>();
            assert_eq!(values(nb), values(en), "{}", entry.code);
            assert_eq!(values(nb), values(nn), "{}", entry.code);
            assert!(names(nb).all(|name| KNOWN.contains(&name)), "{}", entry.code);
            assert_eq!(nb.is_empty(), en.is_empty(), "{}", entry.code);
            assert_eq!(nb.is_empty(), nn.is_empty(), "{}", entry.code);
            for text in [nb, nn, en] {
                assert!(text.is_empty() || text.ends_with(['.', '?', ']', ')', '>']), "{text}");
            }
        }
    }
    let listed = std::fs::read_to_string("tests/catalogue.txt").unwrap();
    assert_eq!(
        codes.into_iter().collect::<Vec<_>>(),
        listed.split_whitespace().collect::<Vec<_>>()
    );
}

/// Bokmål and nynorsk differ in these words; a nynorsk text must not have one of the left.
#[test]
fn nynorsk_is_nynorsk() {
    const BOKMAAL: [&str; 40] = [
        "ikke",
        "noe",
        "hvis",
        "fra",
        "mangler",
        "filen",
        "arket skjult",
        "kolonnen er ikke",
        "navn",
        "navnet",
        "raden",
        "tegn",
        "overskriften",
        "ganger",
        "riktig",
        "lagret",
        "lest",
        "finnes",
        "være",
        "være",
        "hver",
        "bare",
        "samme",
        "velg",
        "familier",
        "voksne",
        "dager",
        "leveres",
        "leses",
        "endret",
        "fjernet",
        "åpne",
        "måneden",
        "måned",
        "nå",
        "nærmeste",
        "inneholder",
        "enhet",
        "forrige",
        "mente",
    ];
    for entry in catalogue::all() {
        for text in [entry.nn, entry.fix_nn] {
            // What stands in quotation marks are words of the form or of Excel's.
            let own = text.split(['«', '»']).step_by(2).collect::<String>().to_lowercase();
            let words: Vec<&str> = own.split(|c: char| !c.is_alphabetic()).collect();
            let found = BOKMAAL.iter().find(|word| words.contains(word));
            assert_eq!(found, None, "{}: {text}", entry.code);
        }
    }
}

/// Code values quoted from the error catalogue's table.
#[test]
fn severities_are_the_catalogues() {
    for (code, severity) in [
        ("F01", Severity::Stop),
        ("F08", Severity::Info),
        ("C02", Severity::Warning),
        ("C07", Severity::Hold),
        ("H04", Severity::Stop),
        ("D10", Severity::Hold),
        ("D15", Severity::Warning),
        ("K01", Severity::Warning),
        ("K08", Severity::Stop),
        ("P01", Severity::Stop),
    ] {
        assert_eq!(catalogue::find(code).unwrap().severity, severity, "{code}");
    }
}

#[test]
fn a_message_names_cell_value_expected_and_fix_in_both_languages() {
    let finding = Finding::new(&catalogue::D10, "status.xlsx")
        .in_sheet("Voksne")
        .at(2, 4)
        .in_column("ARBEID")
        .value("HELTIDD")
        .expected("HELTID, DELTID")
        .suggest(Some("HELTID"));
    assert_eq!(
        finding.message(Lang::Nb),
        "C4: «HELTIDD» er ikke et gyldig valg for ARBEID. Gyldige: HELTID, DELTID. Mente du «HELTID»?"
    );
    assert_eq!(
        finding.message(Lang::En),
        "C4: “HELTIDD” is not a valid choice for ARBEID. Valid: HELTID, DELTID. Did you mean “HELTID”?"
    );
    assert_eq!(finding.fix(Lang::Nb).unwrap(), "Velg fra nedtrekkslisten.");
    assert_eq!(finding.place(Lang::Nb), "status.xlsx, ark Voksne, C4");
    assert_eq!(finding.logged(), "D10 C4 (7 characters)");
}

#[test]
fn numbers_agree_with_their_nouns() {
    let f10 =
        |n, m: &str| Finding::new(&catalogue::F10, "f").count(n).term("m", m).message(Lang::Nb);
    assert_eq!(f10(1, "1"), "1 av 1 familie har feil. Ingenting i filen er lagret.");
    assert_eq!(f10(2, "7"), "2 av 7 familier har feil. Ingenting i filen er lagret.");
    let nn = |m: &str| Finding::new(&catalogue::F10, "f").count(1).term("m", m).message(Lang::Nn);
    assert_eq!(nn("1"), "1 av 1 familie har feil. Ingenting i fila er lagra.");
    assert_eq!(nn("2"), "1 av 2 familiar har feil. Ingenting i fila er lagra.");
}

#[test]
fn twenty_of_a_code_are_shown_and_the_rest_counted() {
    let mut findings = Findings::default();
    for row in 2..=24 {
        findings.push(Finding::new(&catalogue::D12, "f.csv").at(0, row).in_column("statusdato"));
    }
    findings.push(Finding::new(&catalogue::H01, "f.csv").value("a").expected("b"));
    assert_eq!(findings.total("D12"), 23);
    assert_eq!(findings.iter().count(), 21);
    assert_eq!(findings.iter().next().unwrap().code(), "H01", "the gravest comes first");
    assert_eq!(findings.more("D12", Lang::Nb).as_deref(), Some("… og 3 til"));
    assert_eq!(findings.more("H01", Lang::Nb), None);
    assert_eq!(findings.lines(Lang::En).last().unwrap(), "… and 3 more");
    assert_eq!(findings.worst(), Some(Severity::Stop));
}

#[test]
fn cells_are_named_as_excel_names_them() {
    for (column, name) in [(0, "A1"), (25, "Z1"), (26, "AA1"), (701, "ZZ1"), (702, "AAA1")] {
        assert_eq!(cell_name(column, 1), name);
    }
}
