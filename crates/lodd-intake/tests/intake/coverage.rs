//! Every code of the catalogue has a file that raises it exactly once at its place, or follows from
//! what is stored, and then a test of its own kind.

use std::{collections::BTreeSet, path::Path};

use lodd_intake::{Finding, Lang, catalogue, text::Phrase};

use super::{checks, codes, files};

/// Codes that no file raises by itself: they follow from what is stored or released. Each with where
/// its test stands: a file below the project's folder, and a function in it that names the code.
const BY_COMMANDS: [(&str, &str, &str); 8] = [
    ("F08", "tests/uploads.rs", "a_receipt_proves_what_was_delivered_and_is_given_again"),
    ("K13", "tests/uploads.rs", "an_old_version_is_corrected_only_with_a_reason"),
    ("K14", "tests/uploads.rs", "what_is_published_is_corrected_only_with_a_reason"),
    // Said to nobody: outcomes are wanted of both arms alike.
    ("K07", HERE, "what_commands_raise_is_said_in_three_languages"),
    // For evaluators: said by what compares arms and releases tables, here by their texts.
    ("K12", HERE, "what_commands_raise_is_said_in_three_languages"),
    ("P06", HERE, "what_commands_raise_is_said_in_three_languages"),
    ("P07", HERE, "what_commands_raise_is_said_in_three_languages"),
    ("U01", HERE, "what_commands_raise_is_said_in_three_languages"),
];

const HERE: &str = "crates/lodd-intake/tests/intake/coverage.rs";

/// A code that a new check brings has a file in `codes`, `checks` or `files`; those modules see that
/// it is raised once, at its place, by a file that is otherwise in order.
#[test]
fn every_code_has_a_file_that_raises_it() {
    let mut tested: BTreeSet<&str> =
        codes::raised().chain(checks::raised()).chain(files::raised()).collect();
    for (code, file, name) in BY_COMMANDS {
        assert!(tested.insert(code), "{code} is raised by a file after all");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        let body = text.split(&format!("fn {name}()")).nth(1).unwrap_or_else(|| panic!("{name}"));
        let body = body.split("\n}").next().unwrap();
        assert!(body.contains(&format!("\"{code}\"")), "{file}: {name} does not name {code}");
    }
    let all: BTreeSet<&str> = catalogue::all().map(|it| it.code).collect();
    assert_eq!(tested, all);
}

/// The sentences of what commands raise, with everything they can be given.
#[test]
fn what_commands_raise_is_said_in_three_languages() {
    let of = |code: &str| Finding::new(catalogue::find(code).unwrap(), "status.xlsx");
    let said = |it: &Finding| Lang::ALL.map(|lang| it.message(lang));
    let day = || Phrase::date(jiff::civil::date(2016, 2, 3));
    assert_eq!(
        said(&of("F08").term("dato", day())),
        [
            "Denne filen er allerede levert 03.02.2016. Ingenting er endret.",
            "Denne fila er alt levert 03.02.2016. Ingenting er endra.",
            "This file was already delivered on 2016-02-03. Nothing has changed.",
        ]
    );
    assert_eq!(
        said(&of("K06").about("RIN-7KQ4-R"))[1],
        "RIN-7KQ4-R er ikkje trekt ut til oppfølging, men har registrert oppfølging."
    );
    assert_eq!(
        said(&of("K12").suggest(Some("81,5")).term("y", "64,0"))[..2],
        [
            "Svarandelen er 81,5 prosent i tiltaksgruppen og 64,0 prosent i kontrollgruppen.",
            "Svardelen er 81,5 prosent i tiltaksgruppa og 64,0 prosent i kontrollgruppa.",
        ]
    );
    let k13 = of("K13").about("RIN-7KQ4-R-A1").suggest(Some("LONN")).value("AAP");
    assert_eq!(
        said(&k13.term("dato", day()))[1],
        "RIN-7KQ4-R-A1 hadde «LONN» for 03.02.2016, no «AAP». Oppgi årsak."
    );
    assert_eq!(
        said(&of("K14").about("RIN-7KQ4-R").term("dato", day()))[0],
        "RIN-7KQ4-R: rettingen påvirker tall som er publisert 03.02.2016."
    );
    let one = of("P07").about("T4").count(1);
    let two = of("P07").about("T4").count(2);
    assert_eq!(said(&one)[0], "Sammen med tabell T4 kan tallet for 1 familie regnes ut.");
    assert_eq!(said(&two)[1], "Saman med tabell T4 kan talet for 2 familiar reknast ut.");
    let shown = Phrase::new("Tabellen er avvist", "Tabellen er avvist", "The table is refused");
    assert_eq!(
        said(&of("P06").suggest(Some(shown))),
        [
            "Tabellen kan røpe enkeltfamilier. Tabellen er avvist.",
            "Tabellen kan røpe einskildfamiliar. Tabellen er avvist.",
            "The table can reveal single families. The table is refused.",
        ]
    );
    let mixed = of("U01").suggest(Some("voksne (18)")).term("y", "familier (15)");
    assert_eq!(said(&mixed)[0], "Tabellen blander voksne (18) og familier (15).");
    assert_eq!(of("K06").otherwise().severity(), catalogue::Severity::Warning);
    assert_eq!(of("K07").fix(Lang::Nb), None);
}

/// Nothing is left unfilled in any text when every value is known.
#[test]
fn every_text_fills() {
    for entry in catalogue::all() {
        let mut finding =
            Finding::new(entry, "f").in_sheet("a").at(1, 2).in_column("k").about("id");
        finding = finding.value("v").expected("f").suggest(Some("x")).count(2);
        for name in ["m", "y", "h", "r1", "r2", "c1", "c2", "dato", "liste"] {
            finding = finding.term(name, "t");
        }
        for lang in Lang::ALL {
            let words = finding.message(lang) + &finding.fix(lang).unwrap_or_default();
            assert!(!words.contains(['{', '}', '[', ']', '|']), "{}: {words}", entry.code);
            let asked =
                entry.text(lang).matches('?').count() + entry.fix(lang).matches('?').count();
            assert_eq!(words.matches('?').count(), asked, "{}: {words}", entry.code);
        }
    }
}
