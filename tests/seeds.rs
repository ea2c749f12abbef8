//! The seed projects: their published tables come out of the micro-data, literally, in the page and in
//! the Parquet file; a changed row changes them; what must not be summed or subtracted is not.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use lodd_store::parquet;

use crate::{
    demo::demo,
    support::{Ran, copied, copy, lodd, lodd_in, python, root, snapshot},
};

const NBSP: &str = "\u{a0}";

/// A row of a table as shown: its head and its cells.
type Row = (String, Vec<String>);

/// What stands between tags, with blanks made one.
fn text(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        out.push(' ');
        rest = tag.split_once('>').map_or("", |it| it.1);
    }
    out.push_str(rest);
    let out = out.replace(NBSP, " ").replace("&#38;", "&");
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The rows of the table with this caption, below its head.
fn rows(page: &str, caption: &str) -> Vec<Row> {
    let (_, rest) = page
        .split_once(&format!("</strong> {caption}<span"))
        .unwrap_or_else(|| panic!("no table `{caption}`"));
    let body = rest.split_once("<tbody>").unwrap().1.split_once("</tbody>").unwrap().0;
    body.split("</tr>")
        .filter(|row| row.contains("<th"))
        .map(|row| {
            let (head, cells) = row.split_once("</th>").unwrap();
            let head = head.split_once("<th").unwrap().1.split_once('>').unwrap().1;
            let cells = cells.split("</td>").filter(|it| it.contains("<td>")).map(text);
            (text(head), cells.collect())
        })
        .collect()
}

fn shown(rows: &[Row]) -> Vec<(&str, Vec<&str>)> {
    rows.iter()
        .map(|(head, cells)| (head.as_str(), cells.iter().map(String::as_str).collect()))
        .collect()
}

/// Only the numbers, with the sign for per cent as Norwegian has it.
fn numbers(rows: &[Row]) -> Vec<Vec<String>> {
    let cells = |row: &Row| row.1.iter().map(|it| it.replace(" %", "%")).collect();
    rows.iter().map(cells).collect()
}

/// Asserts the rows of a table in bokmål, and that the English one has the same numbers.
#[track_caller]
fn table(dir: &Path, [nb, en]: [&str; 2], expected: &[(&str, &[&str])]) {
    let page =
        |lang: &str| fs::read_to_string(dir.join(format!("out/report.{lang}.html"))).unwrap();
    let found = rows(&page("nb"), nb);
    let expected: Vec<(&str, Vec<&str>)> =
        expected.iter().map(|(head, cells)| (*head, cells.to_vec())).collect();
    assert_eq!(shown(&found), expected, "{nb}");
    let in_english = rows(&page("en"), en);
    let is_words = |it: &str| it.chars().any(char::is_alphabetic);
    for (nb, en) in numbers(&found).iter().flatten().zip(numbers(&in_english).iter().flatten()) {
        assert!(nb == en || (is_words(nb) && is_words(en)), "{nb} in bokmål, {en} in English");
    }
    assert_eq!(found.len(), in_english.len());
}

/// Every number of `profile_tables.parquet` by table, row, horizon and arm: count, whole, value, bound.
type Cells = BTreeMap<[String; 4], (Option<i64>, Option<i64>, Option<f64>, Option<String>)>;

fn cells(dir: &Path) -> Cells {
    let (table, metadata) = parquet::read(&dir.join("out/profile_tables.parquet")).unwrap();
    assert!(metadata.iter().any(|(key, _)| key == "protocol_sha256"));
    let text = |name: &str| table.text(name).unwrap().to_vec();
    let (tables, rows) = (text("table"), text("row"));
    let (horizons, arms, bounds) = (text("horizon"), text("arm"), text("bound"));
    let (n, whole) = (table.int("n").unwrap(), table.int("whole").unwrap());
    let value = table.real("value").unwrap();
    (0..table.rows())
        .map(|at| {
            let key =
                [&tables, &rows, &horizons, &arms].map(|it| it[at].clone().unwrap_or_default());
            (key, (n[at], whole[at], value[at], bounds[at].clone()))
        })
        .collect()
}

/// The count of a row of a table in one column.
#[track_caller]
fn count(cells: &Cells, table: &str, row: &str) -> i64 {
    cells[&[table, row, "", ""].map(str::to_owned)].0.unwrap()
}

/// One example pilot by itself, run by its own script; the folder lasts as long as the first value.
fn ran(name: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let from = dir.path().join("from");
    copy(&root().join("data").join(name), &from.join(name));
    fs::write(from.join("demo.toml"), format!("[[pilot]]\nfolder = \"{name}\"\n")).unwrap();
    let to = dir.path().join("ran");
    lodd(dir.path(), &["demo", to.to_str().unwrap(), "--from", from.to_str().unwrap()]).ok();
    (dir, to.join(name))
}

#[test]
fn cases_by_year_grow_by_27_per_cent() {
    let (_kept, dir) = ran("drammen");
    table(
        &dir,
        ["Saker per år", "Cases by year"],
        &[
            ("2016", &["80"]),
            ("2017", &["85"]),
            ("2018", &["108"]),
            ("Vekst fra 2017 til 2018", &["27 %"]),
        ],
    );
    let cells = cells(&dir);
    assert_eq!(["2016", "2017", "2018"].map(|it| count(&cells, "saker-per-ar", it)), [80, 85, 108]);
    let growth = &cells[&["saker-per-ar", "vekst", "", ""].map(str::to_owned)];
    // (108 − 85) / 85
    assert!((growth.2.unwrap() - 0.270_588_235_294_117_6).abs() < 1e-15, "{growth:?}");
}

#[test]
fn help_is_a_staircase_with_the_family_support_worker_nested() {
    let (_kept, dir) = ran("drammen");
    table(
        &dir,
        ["Type hjelp, regnet på det høyeste trinnet", "Type of help, counted at the highest step"],
        &[
            ("Råd og veiledning", &["61", "56 %"]),
            ("Samtaler", &["18", "17 %"]),
            ("Koordinering", &["29", "27 %"]),
            ("herav med miljøarbeider", &["11", "10 %"]),
            ("I alt", &["108", "100 %"]),
        ],
    );
    let cells = cells(&dir);
    let of = |row: &str| count(&cells, "hjelp", row);
    assert_eq!(["rad", "samtaler", "koordinering", "miljoarbeider"].map(of), [61, 18, 29, 11]);
    assert_eq!(of("total"), 108);
    // Far more rows of help than cases: each case is counted once.
    let given = fs::read_to_string(dir.join("hjelp.csv")).unwrap().lines().count() - 1;
    assert!(given > 150, "{given}");
    let page = fs::read_to_string(dir.join("out/report.nb.html")).unwrap();
    assert!(page.contains("Hver enhet er telt én gang, på det høyeste trinnet den nådde."));
    assert!(page.contains("Innrykkede rader er en del av raden over dem"));
}

#[test]
fn sources_are_grouped() {
    let (_kept, dir) = ran("drammen");
    table(
        &dir,
        ["Hvem som henviste", "Who referred"],
        &[
            ("Nav", &["49", "45 %"]),
            ("Senter for oppvekst", &["47", "44 %"]),
            ("Barnevern", &["21", "19 %"]),
            ("Familiehjelpen", &["12", "11 %"]),
            ("Helsestasjon", &["11", "10 %"]),
            ("Migrateam", &["2", "2 %"]),
            ("Oppvekstteamet", &["1", "1 %"]),
            ("Andre", &["12", "11 %"]),
            ("Personen selv", &["3", "3 %"]),
            ("Introduksjonssenteret", &["1", "1 %"]),
            ("Fastlege", &["2", "2 %"]),
            ("Frivillig organisasjon", &["3", "3 %"]),
            ("Folkeuniversitetet", &["1", "1 %"]),
            ("Skolerådgiver", &["1", "1 %"]),
            ("Psykolog", &["1", "1 %"]),
            ("I alt", &["108", "100 %"]),
        ],
    );
    let cells = cells(&dir);
    let of = |row: &str| count(&cells, "henvist-av", row);
    assert_eq!(["nav", "senter-for-oppvekst", "andre", "total"].map(of), [49, 47, 12, 108]);
    let one = ["barnevern", "familiehjelpen", "helsestasjon", "migrateam", "oppvekstteamet"];
    assert_eq!(one.map(of), [21, 12, 11, 2, 1]);
    let other = [
        "personen-selv",
        "introduksjonssenteret",
        "fastlege",
        "frivillig-organisasjon",
        "folkeuniversitetet",
        "skoleradgiver",
        "psykolog",
    ];
    assert_eq!(other.map(of), [3, 1, 2, 3, 1, 1, 1]);
}

#[test]
fn bands_that_overlap_are_never_summed() {
    let (_kept, dir) = ran("drammen");
    table(
        &dir,
        ["Barn og unge i sakene", "Children and young people in the cases"],
        &[("Barn 0–18 år", &["248"]), ("Unge 18–23 år", &["41"])],
    );
    let captions = ["Familier med fire eller flere barn", "Families with four or more children"];
    table(&dir, captions, &[("Fire eller flere barn", &["15"])]);
    let cells = cells(&dir);
    let of = |table: &str, row: &str| count(&cells, table, row);
    assert_eq!((of("barn-og-unge", "barn"), of("barn-og-unge", "unge")), (248, 41));
    assert_eq!(of("store-familier", "fire-eller-flere"), 15);
    assert!(cells.keys().all(|key| key[0] != "barn-og-unge" || key[1] != "total"));
    assert!(cells.values().all(|it| it.0 != Some(248 + 41)));
    for (lang, note) in [("nb", "De legges derfor ikke sammen."), ("en", "therefore not added up")]
    {
        let page = fs::read_to_string(dir.join(format!("out/report.{lang}.html"))).unwrap();
        assert!(page.contains(note) && !page.contains(">289<"));
    }
    // A total is refused before anything is counted.
    let copied = copied(&dir);
    let path = copied.path().join("report.toml");
    let profile = fs::read_to_string(&path).unwrap();
    let summed =
        profile.replace("counting = \"overlapping\"", "counting = \"overlapping\"\ntotal = true");
    fs::write(&path, summed).unwrap();
    report(copied.path()).refused(&["rows that overlap can't be summed", "(table[1].total)"]);
}

#[test]
fn a_lower_bound_stays_one() {
    let (_kept, dir) = ran("levekarsteamet");
    let captions = ["Familier fulgt opp", "Families followed up"];
    table(&dir, captions, &[("Familier", &["41"])]);
    table(&dir, ["Barn i familiene", "Children in the families"], &[("Barn", &["godt over 90"])]);
    let page = fs::read_to_string(dir.join("out/report.en.html")).unwrap();
    assert_eq!(rows(&page, "Children in the families")[0].1, ["well over 90"]);
    let nb = fs::read_to_string(dir.join("out/report.nb.html")).unwrap();
    assert!(
        nb.contains("Det er ikke rundet til et eksakt tall, og det er ikke regnet videre med.")
    );
    let all = cells(&dir);
    assert_eq!(count(&all, "familier", "familier"), 41);
    let children = &all[&["barn", "barn", "", ""].map(str::to_owned)];
    assert_eq!((children.0, children.3.as_deref()), (Some(90), Some("lower")));
    // Once all are known it is a number, and rounding it down is refused.
    let copied = copied(&dir);
    let dir = copied.path();
    let known = fs::read_to_string(dir.join("oversikt.csv")).unwrap().replace('+', "");
    fs::write(dir.join("oversikt.csv"), known).unwrap();
    report(dir).refused(&["the sum is known exactly: remove `down_to`"]);
    let path = dir.join("report.toml");
    let profile = fs::read_to_string(&path).unwrap().replace("down_to = 10\n", "");
    fs::write(&path, profile).unwrap();
    report(dir).ok();
    let children = &cells(dir)[&["barn", "barn", "", ""].map(str::to_owned)];
    assert_eq!((children.0, children.3.as_deref()), (Some(94), None));
}

#[test]
fn moves_are_counted_by_kind() {
    let (_kept, dir) = ran("levekarsteamet");
    table(
        &dir,
        ["Overganger etter slag", "Moves by kind"],
        &[
            ("Ut av kommunal bolig", &["11"]),
            ("herav til privat leie", &["7"]),
            ("herav til egen bolig", &["4"]),
            ("Til arbeidsavklaringspenger", &["6"]),
            ("Til dagpenger", &["3"]),
            ("Til fast jobb", &["8"]),
            ("Til arbeidstrening", &["9"]),
            ("I alt", &["37"]),
        ],
    );
    let cells = cells(&dir);
    let rows = ["bolig", "privat-leie", "eiet", "aap", "dagpenger", "fast-jobb", "arbeidstrening"];
    assert_eq!(rows.map(|it| count(&cells, "overganger", it)), [11, 7, 4, 6, 3, 8, 9]);
    // As another count of the same file has it.
    let moves = fs::read_to_string(dir.join("overganger.csv")).unwrap();
    assert_eq!(moves.lines().skip(1).filter(|it| it.ends_with(";FAST_JOBB")).count(), 8);
}

#[test]
fn housing_is_assessed_first_and_context_has_source_and_year() {
    let (_kept, dir) = ran("hadsel");
    table(
        &dir,
        ["Hva som ble kartlagt først", "What was assessed first"],
        &[("Bolig", &["30", "100 %"]), ("Annet", &["–", "–"]), ("I alt", &["30", "100 %"])],
    );
    table(
        &dir,
        ["Familier med kartlegging, etter prosjektår", "Families assessed, by project year"],
        &[("Prosjektår 1", &["12"]), ("Prosjektår 2", &["22"]), ("Prosjektår 3", &["18"])],
    );
    table(
        &dir,
        ["Tall fra andre kilder", "Figures from other sources"],
        &[
            ("Barn i husholdninger med vedvarende lavinntekt", &["12 %", "2020", "KOSTRA"]),
            ("Barn i husholdninger som får sosialhjelp", &["over 9 %", "2020", "KOSTRA"]),
        ],
    );
    let cells = cells(&dir);
    assert_eq!(count(&cells, "forst", "bolig"), 30);
    assert_eq!(["ar-1", "ar-2", "ar-3"].map(|it| count(&cells, "prosjektar", it)), [12, 22, 18]);
    let of = |row: &str| cells[&["context", row, "", ""].map(str::to_owned)].clone();
    assert_eq!(of("vedvarende-lavinntekt"), (None, None, Some(12.0), None));
    assert_eq!(of("sosialhjelp"), (None, None, Some(9.0), Some("lower".to_owned())));
    // Housing is first by date, not by its place in the file.
    let copied = copied(&dir);
    let path = copied.path().join("kartlegging.csv");
    let file = fs::read_to_string(&path).unwrap();
    let (head, body) = file.split_once('\n').unwrap();
    let turned: Vec<&str> = body.lines().rev().collect();
    fs::write(&path, format!("{head}\n{}\n", turned.join("\n"))).unwrap();
    report(copied.path()).ok();
    assert_eq!(self::cells(copied.path()), cells);
}

#[test]
fn the_average_month_has_48_families_with_101_children() {
    let (_kept, dir) = ran("aurskog-holand");
    table(
        &dir,
        ["Plasser og familier som fikk hjelp", "Places and families helped"],
        &[("Familier samtidig", &["opptil 20"]), ("Familier som fikk hjelp", &["15"])],
    );
    let month = "i en gjennomsnittlig måned";
    let families = format!("Familier med sosialhjelp {month}");
    let children = format!("Barn i familier med sosialhjelp {month}");
    let mean = "Gjennomsnitt av tolv måneder";
    let en = "on assistance in an average month";
    let captions = [families.as_str(), &format!("Families {en}")];
    table(&dir, captions, &[(mean, &["48"])]);
    let captions = [children.as_str(), &format!("Children of families {en}")];
    table(&dir, captions, &[(mean, &["101"])]);
    table(
        &dir,
        ["Tall fra andre kilder", "Figures from other sources"],
        &[("Barn i husholdninger med lavinntekt", &["400", "2020", "prosjektets egen omtale"])],
    );
    let cells = cells(&dir);
    let of = |table: &str, row: &str| cells[&[table, row, "", ""].map(str::to_owned)].clone();
    assert_eq!(of("plasser", "plasser"), (Some(20), None, None, Some("upper".to_owned())));
    assert_eq!(of("plasser", "hjulpet"), (Some(15), None, None, None));
    assert_eq!(of("familier-per-maned", "gjennomsnitt").2, Some(48.0));
    assert_eq!(of("barn-per-maned", "gjennomsnitt").2, Some(101.0));
    assert_eq!(of("context", "lavinntekt").2, Some(400.0));
}

/// The arm's column of the two published tables; the control stands beside it.
#[test]
fn the_two_tables_stand_side_by_side_with_their_units() {
    let dir = demo().join("ringerike");
    let page = fs::read_to_string(dir.join("out/report.nb.html")).unwrap();
    let arm = |caption: &str| -> Vec<(String, String)> {
        let first = |(head, cells): Row| (head, cells[0].split(' ').next().unwrap().to_owned());
        rows(&page, caption).into_iter().map(first).collect()
    };
    let owned = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    };
    assert_eq!(
        arm("Status ved oppstart"),
        owned(&[
            ("Sosialhjelp som hovedinntekt og ikke noe å gå til på dagtid", "12"),
            ("Deltidsjobb", "2"),
            ("Full jobb", "1"),
            ("Andre ytelser", "3"),
            ("Tiltak, utdanning eller annet", "–"),
            ("I alt", "18"),
        ])
    );
    assert_eq!(
        arm("Status ved årsskifte"),
        owned(&[
            ("Utskrevet, i arbeid og klarer seg", "2"),
            ("Har fått andre ytelser", "1"),
            ("I arbeid, ikke sosialhjelp siste 6 måneder", "2"),
            ("Deltidsarbeid med supplerende sosialhjelp", "5"),
            ("Tiltak eller utdanning", "5"),
            ("Sosialhjelp uten arbeid eller tiltak, og annet", "–"),
            ("I alt", "15"),
        ])
    );
    // Said so, right before them, and one after the other.
    let said = "De to tabellene nedenfor teller ulike enheter, voksne og familier. De står side om \
                side. Tallene kan ikke sammenlignes eller trekkes fra hverandre.";
    let (_, after) = page.split_once(said).unwrap();
    let captions: Vec<String> = after
        .split("<caption>")
        .skip(1)
        .take(2)
        .map(|it| text(it.split_once("</caption>").unwrap().0))
        .collect();
    assert!(captions[0].contains("Status ved oppstart Enhet: voksne"), "{captions:?}");
    assert!(captions[1].contains("Status ved årsskifte Enhet: familier"), "{captions:?}");
    // 57 families with 120 children; 29 children in the 15.
    let all = cells(&dir);
    let of = |table: &str, row: &str| count(&all, table, row);
    assert_eq!((of("utvalg", "alle"), of("utvalg", "trukket")), (57, 15));
    assert_eq!((of("barn", "alle"), of("barn", "trukket")), (120, 29));
    assert_eq!(numbers(&rows(&page, "Familiene i utvalget")), [["57"], ["15"]]);
    assert_eq!(numbers(&rows(&page, "Barna i familiene i utvalget")), [["120"], ["29"]]);
}

/// One status table of both units, at both times, with the control; and no difference of units or times.
#[test]
fn the_same_table_has_both_units_at_both_times() {
    let dir = demo().join("ringerike");
    let all = cells(&dir);
    for (table, n) in [("samme-voksne", 18), ("samme-familier", 15)] {
        for horizon in ["0", "2016-12-31"] {
            for row in ["arbeid", "deltid", "ytelse", "tiltak", "sosialhjelp"] {
                let cell = |arm: &str| all[&[table, row, horizon, arm].map(str::to_owned)].clone();
                assert_eq!(cell("follow-up").1, Some(n), "{table} {row} {horizon}");
                assert!(cell("ordinary").1.unwrap() > n);
            }
        }
    }
    let at = |table: &str, row: &str, horizon: &str| {
        all[&[table, row, horizon, "follow-up"].map(str::to_owned)].0.unwrap()
    };
    // The same as in the published tables: work at the start (2 + 1), benefits (3), assistance (12).
    assert_eq!(
        ["arbeid", "ytelse", "sosialhjelp"].map(|it| at("samme-voksne", it, "0")),
        [3, 3, 12]
    );
    // And at year-end: discharged in work 2, in work 2, part-time 5; measures 5; benefits 1.
    let families = ["arbeid", "tiltak", "ytelse"].map(|it| at("samme-familier", it, "2016-12-31"));
    assert_eq!(families, [9, 5, 1]);
    let (table, _) = parquet::read(&dir.join("out/profile_tables.parquet")).unwrap();
    let kinds = table.text("kind").unwrap();
    assert!(kinds.iter().flatten().all(|it| ["count", "sum", "total"].contains(&it.as_str())));
}

fn report(dir: &Path) -> Ran {
    lodd_in(dir, "--clock 2027-03-01T09:00:00Z --lang en report")
}

/// The numbers are counted: another row, other numbers.
#[test]
fn a_changed_row_changes_the_table() {
    let (_kept, dir) = ran("drammen");
    let dir = dir.as_path();
    let path = dir.join("saker.csv");
    let file = fs::read_to_string(&path).unwrap();
    fs::write(&path, file.replacen(";2018;NAV;", ";2018;BARNEVERN;", 1)).unwrap();
    let before = fs::read(dir.join("out/profile_tables.parquet")).unwrap();
    report(dir).ok();
    assert_ne!(before, fs::read(dir.join("out/profile_tables.parquet")).unwrap());
    let changed = cells(dir);
    let of = |row: &str| count(&changed, "henvist-av", row);
    assert_eq!(["nav", "barnevern", "senter-for-oppvekst", "total"].map(of), [48, 22, 48, 108]);
    let page = fs::read_to_string(dir.join("out/report.nb.html")).unwrap();
    assert_eq!(rows(&page, "Hvem som henviste")[0].1, ["48", "44 %"]);
    // A case less.
    let line = file.lines().find(|it| it.contains(";2017;")).unwrap();
    fs::write(&path, file.replacen(&format!("{line}\n"), "", 1)).unwrap();
    report(dir).ok();
    assert_eq!(count(&cells(dir), "saker-per-ar", "2017"), 84);
}

/// The files counted again in plain Python, the Parquet files read by polars.
#[test]
fn another_program_counts_the_same() {
    let made = ["drammen", "levekarsteamet", "hadsel"].map(ran);
    let dirs = made.each_ref().map(|(_, dir)| dir.as_path());
    python("check_seeds.py", &dirs).ok();
}

/// Without a draw the report counts, says that nothing is estimated, and what needs a draw is refused.
#[test]
fn a_pilot_without_a_draw_estimates_nothing() {
    let (_kept, dir) = ran("drammen");
    let dir = dir.as_path();
    let checked = lodd_in(dir, "check --json").ok().json();
    assert_eq!((&checked["ok"], checked["arms"].as_array().unwrap().len()), (&true.into(), 0));
    for (lang, stamp, said) in [
        (
            "nb",
            "INGEN TREKNING: effekten er ikke anslått",
            "Det var ingen trekning, og det er ingen kontrollgruppe.",
        ),
        (
            "nn",
            "INGA TREKNING: effekten er ikkje rekna ut",
            "Det var inga trekning, og det er inga kontrollgruppe.",
        ),
        (
            "en",
            "NO LOTTERY: the effect is not estimated",
            "There was no lottery, and there is no control group.",
        ),
    ] {
        let page = fs::read_to_string(dir.join(format!("out/report.{lang}.html"))).unwrap();
        assert!(page.contains(stamp) && page.matches(said).count() >= 3, "{lang}");
        assert!(!page.contains("analysis.toml") && !page.contains("class=\"finding\""), "{lang}");
        // Above the title: a report of a trial it is not.
        let kind = ["uten loddtrekning", "utan loddtrekning", "without a lottery"];
        assert!(
            kind.iter().any(|it| page.contains(it)) && !page.contains("forsøk med lodd"),
            "{lang}"
        );
    }
    let before = snapshot(dir);
    fs::write(dir.join("analysis.toml"), "version = 1\n").unwrap();
    for words in [
        "draw announce --rehearsal",
        "draw import familier.csv --private medlemmer.csv --drawn-on 2019-01-16",
        "plan lock",
        "panel",
        "estimate",
    ] {
        lodd_in(dir, &format!("--clock 2027-03-01T09:00:00Z --lang en {words}")).refused(&[
            "pilot.toml",
            "(draw)",
            "the protocol file has no [draw], so there is nothing to draw",
        ]);
    }
    fs::remove_file(dir.join("analysis.toml")).unwrap();
    assert_eq!(before, snapshot(dir));
}

/// A `report.toml` with a mistake of each kind.
const MISTAKES: &str = "version = 1\n\
    [[table]]\n\
    id = \"a b\"\n\
    section = \"familes\"\n\
    title_nb = \"T\"\n\
    title_en = \"T\"\n\
    unit = \"familie\"\n\
    source_nb = \"k\"\n\
    source_en = \"k\"\n\
    period = \"2020\"\n\
    file = \"../kartlegging.csv\"\n\
    key = \"familie\"\n\
    beside = \"b\"\n\
    totals = true\n\
    [[table.row]]\n\
    id = \"r\"\n\
    label_nb = \"R\"\n\
    label_en = \"R\"\n\
    where = { tema = 1.5 }\n\
    [[table.row]]\n\
    id = \"r\"\n\
    label_nb = \"R\"\n\
    label_en = \"R\"\n\
    growth = [\"r\", \"x\"]\n\
    [[context]]\n\
    id = \"c\"\n\
    section = \"introduction\"\n\
    label_nb = \"C\"\n\
    label_en = \"C\"\n\
    value = 112\n\
    percent = true\n\
    source_nb = \"k\"\n\
    source_en = \"k\"\n";

/// Every mistake in `[[table]]` and `[[context]]` at once, with line and column.
#[test]
fn mistakes_in_tables_are_told_with_their_places() {
    let (_kept, dir) = ran("hadsel");
    let dir = dir.as_path();
    fs::write(dir.join("report.toml"), MISTAKES).unwrap();
    let before = snapshot(dir);
    report(dir).refused(&[
        "report.toml:3:6",
        "must be 1 to 64 of the characters",
        "report.toml:4:11",
        "did you mean `families`?",
        "report.toml:7:8",
        "must be one of families, adults, children, persons, cases, moves",
        "report.toml:11:8",
        "`file` must be a .csv file in the pilot's folder, found `../kartlegging.csv`",
        "report.toml:13:10",
        "there is no table `b`",
        "report.toml:14:1",
        "unknown key `table[0].totals`",
        "did you mean `total`?",
        "report.toml:19:18",
        "must be a text, a whole number or a list of them",
        "report.toml:21:6",
        "`r` stands twice",
        "report.toml:24:10",
        "`growth`: there is no `x` in the table",
        "report.toml:30:9",
        "`value` must be from 0 to 100, found 112",
        "`context[0].year` is missing",
    ]);
    assert_eq!(before, snapshot(dir));
}

/// A file of micro-data is read strictly: row and column of each mistake, and nothing is written.
#[test]
fn mistakes_in_micro_data_are_told_with_their_places() {
    let (_kept, dir) = ran("drammen");
    let dir = dir.as_path();
    let path = dir.join("saker.csv");
    let good = fs::read_to_string(&path).unwrap();
    let line = good.lines().nth(1).unwrap();
    let id = line.split(';').next().unwrap();
    // The check symbol of an id, moved.
    let last = if id.ends_with('3') { '4' } else { '3' };
    let wrong_id = format!("{}{last}", &id[..id.len() - 1]);
    let of_2018 = good.lines().find(|it| it.contains(";2018;")).unwrap();
    let four = of_2018.rsplit_once(';').unwrap().0;
    let cases: [(String, &[&str]); 8] = [
        (
            good.replacen(id, &wrong_id, 1),
            &["saker.csv, row 2", "must be a pseudonym of the pilot"],
        ),
        (good.replacen(id, "Kari Nordmann", 1), &["saker.csv, row 2", "must be a pseudonym"]),
        (
            good.replacen(line, &format!("{id};2016;ring 412 34 567;"), 1),
            &["saker.csv, row 2", "telephone number"],
        ),
        (good.replacen(line, &format!("{id};2016;01010750160;"), 1), &["saker.csv"]),
        (
            good.replacen("henvist_av", "henvist", 1),
            &["report.toml", "`saker.csv` has no column `henvist_av`", "did you mean `henvist`?"],
        ),
        (
            good.replacen(of_2018, &format!("{four};mange"), 1),
            &["saker.csv, row 167", "`barn` must be a whole number here", "mange"],
        ),
        (
            good.replacen(of_2018, &of_2018.replace(";2018;", ";2018;X"), 1),
            &["do not add up to all: 1 are in no row"],
        ),
        (
            good.replacen(line, &format!("{line};x"), 1),
            &["have 1 mistake,", "saker.csv, row 2", "Row 2 has 5 fields, the header has 4."],
        ),
    ];
    for (text, words) in cases {
        fs::write(&path, &text).unwrap();
        let before = snapshot(dir);
        let ran = report(dir);
        assert!(!ran.stderr.contains("Nordmann") && !ran.stderr.contains("01010750160"));
        ran.refused(words);
        assert_eq!(before, snapshot(dir));
    }
    fs::write(&path, &good).unwrap();
    report(dir).ok();
    // A case counted in two rows that are to exclude each other.
    let path = dir.join("report.toml");
    let profile = fs::read_to_string(&path).unwrap();
    fs::write(&path, profile.replacen("counting = \"highest\"\n", "", 1)).unwrap();
    report(dir).refused(&["is both in row", "counting = \"highest\""]);
    fs::write(&path, profile.replacen("\"saker.csv\"", "\"borte.csv\"", 1)).unwrap();
    report(dir).refused(&["report.toml:15:8 (table[0].file)", "`borte.csv` does not exist"]);
}

/// What the store holds is of its own units, and a table of statuses has one.
#[test]
fn a_table_of_another_unit_is_refused() {
    let copied = copied(&demo().join("ringerike"));
    let dir = copied.path();
    let path = dir.join("report.toml");
    let profile = fs::read_to_string(&path).unwrap();
    for (from, to, words) in [
        (
            "unit = \"children\"",
            "unit = \"families\"",
            "row `alle` counts something else than the table's unit",
        ),
        (
            "outcome = \"A_STATUS\"",
            "outcome = \"F_STATUS\"",
            "outcome `F_STATUS` is of FAMILIE, and the table counts `adults`",
        ),
    ] {
        let text = profile.replacen(from, to, 1).replace("beside = \"barn\"\n", "");
        assert_ne!(profile, text);
        fs::write(&path, text).unwrap();
        lodd_in(dir, "--clock 2017-03-22T09:00:00Z --lang en report").refused(&["U01", words]);
    }
    let same = profile.replacen("beside = \"arsskifte\"", "beside = \"samme-voksne\"", 1);
    fs::write(&path, same).unwrap();
    lodd_in(dir, "--clock 2017-03-22T09:00:00Z --lang en report")
        .refused(&["`samme-voksne` counts the same"]);
}

/// Each seed is a template that passes `lodd check`; its tables are the example's.
#[test]
fn every_seed_is_a_template() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["ringerike", "drammen", "aurskog-holand", "levekarsteamet", "hadsel"] {
        lodd_in(dir.path(), &format!("new {name} --template {name}")).ok();
        let made = dir.path().join(name);
        let checked = lodd_in(&made, "check --json").ok().json();
        assert_eq!(checked["ok"], true, "{name}");
        let data = root().join("data").join(name);
        let read = |path: PathBuf| fs::read_to_string(path).unwrap();
        assert_eq!(read(made.join("report.toml")), read(data.join("report.toml")), "{name}");
        if data.join("draw").exists() {
            assert!(made.join("analysis.toml").exists(), "{name}");
            continue;
        }
        // Filled with the example's rows it gives the example's numbers.
        for entry in fs::read_dir(&data).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|it| it == "csv") {
                let file = path.file_name().unwrap();
                let head = read(made.join(file));
                assert!(read(path.clone()).starts_with(&head), "{name} {file:?}");
                fs::copy(&path, made.join(file)).unwrap();
            }
        }
        let words = "--clock 2027-03-01T08:00:00Z roster import familier.csv medlemmer.csv";
        lodd_in(&made, words).ok();
        report(&made).ok();
        let (_kept, example) = ran(name);
        assert_eq!(cells(&made), cells(&example), "{name}");
    }
}
