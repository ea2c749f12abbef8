//! An office that has nynorsk for its language: what it is told, its receipt, and the answers that it
//! chooses in its form.

use std::{fs, path::Path};

use crate::support::{Ran, copied, lodd_in, python, root};

/// Words of bokmål that nynorsk writes otherwise.
const BOKMAL: [&str; 27] = [
    "ikke",
    "fra",
    "noe",
    "noen",
    "hva",
    "hvor",
    "hvis",
    "lagret",
    "rettet",
    "uendret",
    "endret",
    "mangler",
    "valg",
    "velg",
    "filen",
    "overskriften",
    "måned",
    "måneden",
    "listen",
    "kvitteringen",
    "fant",
    "ventet",
    "være",
    "skriver",
    "løst",
    "riktig",
    "ble",
];

/// No word is bokmål's own. Names of files and columns, in quotes, are the office's.
#[track_caller]
fn nynorsk(text: &str) {
    let plain: String = text.split('`').step_by(2).collect();
    let words = plain.split(|it: char| !it.is_alphabetic() && it != '_').map(str::to_lowercase);
    let wrong: Vec<String> = words.filter(|it| BOKMAL.contains(&it.as_str())).collect();
    assert!(wrong.is_empty(), "{wrong:?} in:\n{text}");
}

fn pilot() -> tempfile::TempDir {
    let dir = copied(&root().join("data/kast"));
    nn(dir.path(), "2026-08-20", "roster import familier.csv medlemmer.csv").ok();
    dir
}

fn nn(dir: &Path, day: &str, words: &str) -> Ran {
    lodd_in(dir, &format!("--clock {day}T08:10:00Z --lang nn {words}"))
}

const HEADER: &str = "voksen_id;statusdato;inntekt;arbeid;tillegg";

fn write(dir: &Path, name: &str, rows: &[&str]) {
    fs::write(dir.join(name), format!("{HEADER}\n{}\n", rows.join("\n"))).unwrap();
}

#[test]
fn a_delivery_with_errors_is_answered_in_nynorsk() {
    let dir = pilot();
    let dir = dir.path();
    let good = "KAS-QXKD-N-A1;2026-08-25;LONN;DELTID;";
    let rows = [
        good,
        "KAS-7X7Q-F-A1;2026-08-29;LONN;HELTIDD;",
        "KAS-MWR5-H-A1;2027-08-29;LONN;HELTID;",
        "KAS-4WFH-8-A1;31.02.2026;LONN;HELTID;",
        "KAS-4WFH-X-A1;2026-08-29;LONN;Arbeid, heiltid;",
        "KAS-HV3V-5-A1;;LONN;HELTID;",
    ];
    write(dir, "feil.csv", &rows);
    let refused = nn(dir, "2026-09-01", "upload feil.csv --office kast")
        .refused(&["er ikkje lagra", "4 av 5 familiar har feil. Ingenting i fila er lagra."]);
    nynorsk(&refused.stderr);
    let ran = nn(dir, "2026-09-01", "upload feil.csv --office kast --accept-good").ok();
    for words in [
        "«HELTIDD» er ikkje eit gyldig val for arbeid.",
        "Meinte du «HELTID»?",
        "slik: Vel frå nedtrekkslista.",
        "datoen 31.02.2026 finst ikkje.",
        "er ikkje ein gyldig ID.",
        "B7: statusdato manglar.",
        "ligg fram i tid.",
    ] {
        assert!(ran.stderr.contains(words), "`{words}` is not in:\n{}", ran.stderr);
    }
    let counts = "levert 5 · nye 1 · uendra 0 · retta 0 · på vent 4";
    assert!(ran.stdout.contains(counts), "{}", ran.stdout);
    nynorsk(&(ran.stdout + &ran.stderr));

    // The same file again, a correction without a reason, and a month from a strange file.
    let again = nn(dir, "2026-09-02", "--verbose upload feil.csv --office kast --accept-good").ok();
    assert!(again.stderr.contains("Denne fila er alt levert 01.09.2026."), "{}", again.stderr);
    nynorsk(&(again.stdout + &again.stderr));
    write(dir, "retting.csv", &["KAS-QXKD-N-A1;2026-08-25;AAP;DELTID;"]);
    let dry = nn(dir, "2026-09-03", "upload retting.csv --office kast --dry-run").ok();
    nynorsk(&(dry.stdout + &dry.stderr));
    let old = nn(dir, "2026-11-03", "upload retting.csv --office kast --accept-good").ok();
    assert!(old.stderr.contains("no «AAP». Oppgi årsak."), "{}", old.stderr);
    nynorsk(&(old.stdout + &old.stderr));
}

#[test]
fn the_receipt_is_in_nynorsk() {
    let dir = pilot();
    let dir = dir.path();
    write(dir, "status.csv", &["KAS-QXKD-N-A1;2026-08-25;LONN;DELTID;"]);
    nn(dir, "2026-09-01", "upload status.csv --office kast").ok();
    let page = fs::read_to_string(dir.join("out/receipts/000002.html")).unwrap();
    for words in [
        "<html lang=\"nn\">",
        "Kva som vart levert",
        "<dt>uendra</dt>",
        "<dt>retta</dt>",
        "Éin familie",
    ] {
        assert!(page.contains(words), "`{words}` is not in:\n{page}");
    }
    let body = page.split("<body").nth(1).unwrap();
    nynorsk(&body.replace(['<', '>'], " "));
    // The same bytes, asked for in bokmål, are the same receipt in other words.
    let json = fs::read(dir.join("out/receipts/000002.json")).unwrap();
    lodd_in(dir, "--clock 2026-09-02T08:10:00Z --lang nb upload status.csv --office kast").ok();
    assert_eq!(fs::read(dir.join("out/receipts/000002.json")).unwrap(), json);
    let page = fs::read_to_string(dir.join("out/receipts/000002.html")).unwrap();
    assert!(page.contains("<html lang=\"nb\">") && page.contains("Hva som ble levert"));
}

/// What is chosen from a nynorsk form's lists is stored under the same codes as from bokmål's.
#[test]
fn the_labels_of_a_nynorsk_form_are_read() {
    let dir = pilot();
    let dir = dir.path();
    let rows = |labels: [[&str; 3]; 3]| {
        let row = |(id, [livelihood, work, status]): (&str, [&str; 3])| {
            format!("{id};2026-08-25;{livelihood};{work};{status}\n")
        };
        let ids = ["KAS-QXKD-N-A1", "KAS-7X7Q-F-A1", "KAS-MWR5-H-A1"];
        let rows: String = ids.into_iter().zip(labels).map(row).collect();
        format!("voksen_id;statusdato;inntekt;arbeid;registrering\n{rows}")
    };
    let nynorsk = [
        ["Arbeidsinntekt (løn)", "Arbeid, heiltid", "Observert"],
        ["Inga inntekt", "Ikkje arbeidssøkjar", "Observert"],
        ["", "", "Ikkje nådd"],
    ];
    let codes = [
        ["LONN", "HELTID", "OBSERVERT"],
        ["INGEN", "IKKE_SOKER", "OBSERVERT"],
        ["", "", "IKKE_NADD"],
    ];
    fs::write(dir.join("nn.csv"), rows(nynorsk)).unwrap();
    fs::write(dir.join("svar.csv"), rows(codes)).unwrap();
    let said = nn(dir, "2026-09-01", "--json upload nn.csv --office kast").ok().json();
    assert_eq!((&said["new"], &said["held"]), (&3.into(), &0.into()), "{said}");
    let said = nn(dir, "2026-09-02", "--json upload svar.csv --office kast").ok().json();
    assert_eq!((&said["unchanged"], &said["corrected"]), (&3.into(), &0.into()), "{said}");
}

/// The form itself: its guide, its answers, and what it says of what is due.
#[test]
fn a_form_in_nynorsk_is_found_in_order() {
    let dir = copied(&root().join("data/ringerike"));
    let dir = dir.path();
    for (clock, words) in [
        ("2015-08-20T09:00:00Z", "roster import roster.xlsx"),
        ("2015-08-20T09:30:00Z", "screen"),
        (
            "2015-08-31T10:00:00Z",
            "draw import draw/0001 --private draw/private.csv --drawn-on 2015-08-31",
        ),
    ] {
        lodd_in(dir, &format!("--clock {clock} {words}")).ok();
    }
    let now = "2016-09-26";
    let said = nn(dir, now, "template status.xlsx --office ringerike").ok();
    nynorsk(&(said.stdout + &said.stderr));
    let form = dir.join("status.xlsx");
    let args = ["check", form.to_str().unwrap(), "nn", "2016-09-26T08:10:00"].map(Path::new);
    python("forms.py", &args).ok();
    // Saved as it is, it is refused for what it lacks, in its own language.
    let empty = nn(dir, now, "upload status.xlsx --office ringerike");
    nynorsk(&(empty.stdout + &empty.stderr));
}

/// What the researcher and the evaluator are refused on their pages, by the same steps.
#[test]
fn what_the_steps_refuse_is_in_nynorsk() {
    let dir = pilot();
    let dir = dir.path();
    let said = |words: &str| {
        let ran = nn(dir, "2026-09-01", words);
        assert_eq!(ran.code, 1, "{words}: {}", ran.stderr);
        nynorsk(&ran.stderr);
        ran.stderr
    };
    for (words, told) in [
        ("draw reveal", "inga trekking er open"),
        ("draw announce --rehearsal", "familiane er ikkje vurderte"),
        ("draw report 1", "er ikkje gjord"),
        ("draw offer close --block kast --reason METODE", "inga trekking"),
        ("panel", "må låsast"),
    ] {
        let refused = said(words);
        assert!(refused.to_lowercase().contains(told), "{words}: {refused}");
    }
    let change = |name: &str, from: &str, to: &str| {
        let text = fs::read_to_string(dir.join(name)).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(dir.join(name), text.replacen(from, to, 1)).unwrap();
    };
    change("analysis.toml", "alpha = 0.05", "alpha = 5.0");
    change("analysis.toml", "\"difference_in_means\"", "\"gjetting\"");
    let plan = said("plan lock");
    assert!(plan.contains("må vere mellom 0 og 1") && plan.contains("ukjend estimator"), "{plan}");
    change("pilot.toml", "id_prefix = \"KAS\"", "id_prefix = \"kas\"");
    let protocol = said("check");
    assert!(protocol.contains("store bokstavar"), "{protocol}");
}
