//! The evaluator's pages: a day in a real browser, the same numbers as in the files, and nothing that is
//! somebody else's.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

use super::{Served, served::before};
use crate::{
    demo::demo,
    support::{Ran, copied, lodd_in, root},
};

/// The throw-away pilot, all its answers in, before its plan is locked.
pub(super) fn answered() -> tempfile::TempDir {
    before("plan lock")
}

/// A pilot of the demo, whole.
fn whole(name: &str) -> tempfile::TempDir {
    copied(&demo().join(name))
}

/// A day in a browser: `evaluate.mjs LINK DAY FOLDER [SCREENSHOTS]`.
pub(super) fn browsed(served: &Served, day: &str) -> Output {
    let mut command = Command::new("node");
    command.current_dir(root().join("verifier")).arg("test/evaluate.mjs");
    command.args([served.link.as_str(), day]).arg(served.dir.path());
    command.args(std::env::var_os("LODD_SCREENSHOTS"));
    command.output().unwrap()
}

pub(super) fn events(dir: &Path, actor: &str) -> BTreeMap<String, i64> {
    let ledger = rusqlite::Connection::open(dir.join("pilot.sqlite")).unwrap();
    let sql = "SELECT event, COUNT(*) FROM ledger WHERE actor LIKE ? GROUP BY event";
    let mut all = ledger.prepare(sql).unwrap();
    let rows = all.query_map([actor], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn an_evaluator_goes_from_plan_to_report() {
    let dir = answered();
    let other = copied(dir.path());
    let served = Served::at("2027-02-01T10:00:00Z", dir, &["--as", "evaluator"]);
    Ran::new(&browsed(&served, "evaluator")).ok();
    let dir = served.dir.path();
    // The same steps as on the command line, in the ledger under the page's name.
    assert_eq!(lodd_in(dir, "--json ledger verify").ok().json()["ok"], true);
    let expected = BTreeMap::from([("plan".to_owned(), 1), ("run".to_owned(), 1)]);
    assert_eq!(events(dir, "%page%"), expected);
    // The same files, byte for byte, as the command line makes of the same pilot.
    for command in ["plan lock", "panel", "estimate", "report --format html"] {
        lodd_in(other.path(), &format!("--clock 2027-02-01T10:00:00Z {command}")).ok();
    }
    for name in ["estimates.parquet", "flow.parquet", "panel.parquet", "report.nb.html"] {
        let of = |dir: &Path| fs::read(dir.join("out").join(name)).unwrap();
        assert!(of(dir) == of(other.path()), "{name}");
    }
}

/// The public report is written, read, and asked for; nobody publishes it alone.
#[test]
fn an_evaluator_writes_what_may_be_published() {
    let served = Served::at("2027-02-01T10:00:00Z", whole("housing"), &["--as", "evaluator"]);
    Ran::new(&browsed(&served, "release")).ok();
    let listed = lodd_in(served.dir.path(), "--json release --list").ok().json();
    assert_eq!(listed["releases"].as_array().unwrap().len(), 0);
}

/// The cells of the rows of a page's tables, by the caption of their table.
fn tables(page: &str) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut all = BTreeMap::new();
    for table in page.split("<table").skip(1) {
        let table = table.split("</table>").next().unwrap();
        let caption = between(table, "<caption>", "</caption>");
        let body = between(table, "<tbody", "</tbody>");
        let rows = body.split("<tr").skip(1).map(|row| {
            let cells = row.split("<t").skip(1);
            cells.map(|it| plain(it.split_once('>').unwrap().1)).collect()
        });
        all.insert(plain(&caption), rows.collect());
    }
    all
}

fn between(text: &str, from: &str, to: &str) -> String {
    let rest = text.split_once(from).unwrap_or_else(|| panic!("no {from}")).1;
    rest.split_once(to).unwrap().0.to_owned()
}

/// Words without tags.
fn plain(html: &str) -> String {
    let texts = html.split('<').enumerate();
    let texts = texts.map(|(at, it)| if at == 0 { it } else { it.split_once('>').unwrap().1 });
    let text = texts.collect::<String>();
    let named = [("&#38;", "&"), ("&#60;", "<"), ("&#62;", ">"), ("&#39;", "'"), ("&#34;", "\"")];
    let text = named.iter().fold(text, |text, (code, it)| text.replace(code, it));
    text.trim().to_owned()
}

/// A number as a Norwegian page has it.
fn number(text: &str) -> Option<f64> {
    let text = text.replace(',', ".").replace('\u{2212}', "-").replace('\u{202f}', "");
    text.parse().ok()
}

/// A Parquet file's rows, read by another program.
fn parquet(path: &Path) -> Vec<Value> {
    let read = "import json,sys,pyarrow.parquet as p\n\
                print(json.dumps(p.read_table(sys.argv[1]).to_pylist(), default=str))";
    let python = root().join(".venv/bin/python");
    let output = Command::new(python).args(["-c", read]).arg(path).output().unwrap();
    Ran::new(&output).ok().json().as_array().unwrap().clone()
}

/// What is an effect of its analysis, each number once, as pyarrow reads the file.
fn effects(path: &Path) -> Vec<Value> {
    let mut seen = Vec::new();
    let key = |it: &Value| {
        ["analysis", "estimator", "outcome", "horizon", "contrast_level"]
            .map(|name| it[name].clone())
    };
    let rows = parquet(path).into_iter();
    let mut fresh = |it: &Value| {
        let is_new = !seen.contains(&key(it));
        seen.push(key(it));
        is_new
    };
    rows.filter(|it| it["term"] == it["contrast_level"]).filter(|it| fresh(it)).collect()
}

/// Four decimals are shown.
const SHOWN: f64 = 0.000_05;

fn is_shown(cell: &str, value: &Value) -> bool {
    match (number(cell), value.as_f64()) {
        (Some(shown), Some(value)) => (shown - value).abs() <= SHOWN * 1.000_001,
        (None, None) => cell == "..",
        _ => false,
    }
}

/// Every effect of the file is on the page with its interval, p and n, and what it counts as.
#[test]
fn the_page_has_the_numbers_of_the_file() {
    for (pilot, mark) in
        [("housing", "IKKE TRUKKET HER"), ("ringerike", "ØVELSE"), ("kast", "ØVELSE")]
    {
        let served = Served::at("2027-02-01T10:00:00Z", whole(pilot), &["--as", "evaluator"]);
        let cookie = served.enter();
        let (status, _, page) = served.get("/resultater", &cookie);
        assert_eq!(status, 200, "{page}");
        assert!(page.contains(mark) && page.contains("Planen er kjørt 1 gang."), "{pilot}");
        let all = tables(&page);
        let rows = all.iter().find(|it| it.0.starts_with("Effekter")).unwrap().1;
        let expected = effects(&served.dir.path().join("out/estimates.parquet"));
        assert_eq!(rows.len(), expected.len().min(150), "{pilot}");
        for (row, of) in rows.iter().zip(&expected) {
            let [_, _, estimate, interval, p, n, analysis, note] = &row[..] else {
                panic!("{row:?}")
            };
            assert!(is_shown(estimate, &of["estimate"]), "{row:?} {of}");
            let is_small = p == "<\u{a0}0,0001" && of["p_value"].as_f64().unwrap() < SHOWN;
            assert!(is_small || is_shown(p, &of["p_value"]), "{row:?} {of}");
            let (low, high) = interval.split_once(" til ").unwrap_or(("..", ".."));
            assert!(
                is_shown(low, &of["conf_low"]) && is_shown(high, &of["conf_high"]),
                "{row:?} {of}"
            );
            assert_eq!(number(n), of["n"].as_f64(), "{row:?}");
            assert_eq!(analysis, of["analysis"].as_str().unwrap());
            assert!(note.contains(mark), "{note}");
            assert!(note.contains(of["note"].as_str().unwrap_or_default()), "{note}");
        }
        assert!(page.len() < 100_000, "{pilot}: {}", page.len());
    }
}

/// What is changed after the fact is not shown: another plan, another panel.
#[test]
fn numbers_of_another_plan_or_another_panel_are_not_shown() {
    let dir = whole("kast");
    let plan = dir.path().join("analysis.toml");
    let first = fs::read_to_string(&plan).unwrap();
    let served = Served::at("2027-02-01T10:00:00Z", dir, &["--as", "evaluator"]);
    let cookie = served.enter();
    let shown = || served.get("/resultater", &cookie).2.contains("Effekter i utfallets");
    assert!(shown());
    fs::write(&plan, format!("{first}\n# another\n")).unwrap();
    assert!(!shown());
    fs::write(&plan, first).unwrap();
    assert!(shown());
    let sums = served.dir.path().join("out/SHA256SUMS");
    let listed = fs::read_to_string(&sums).unwrap();
    let other = |line: &str| match line.strip_suffix("  outcomes.parquet") {
        Some(_) => format!("{}  outcomes.parquet\n", "0".repeat(64)),
        None => format!("{line}\n"),
    };
    fs::write(&sums, listed.lines().map(other).collect::<String>()).unwrap();
    assert!(!shown());
}

/// Told, missing and overdue on the page are the families of `lodd due --json`, at every office and time.
#[test]
fn completeness_is_what_is_owed() {
    for (pilot, clock) in [
        ("kast", "2026-10-01T09:00:00Z"),
        ("kast", "2026-12-10T09:00:00Z"),
        ("kast", "2027-06-10T09:00:00Z"),
        ("ringerike", "2016-10-01T09:00:00Z"),
        ("ringerike", "2017-04-01T09:00:00Z"),
        ("housing", "1994-10-01T09:00:00Z"),
    ] {
        let served = Served::at(clock, whole(pilot), &["--as", "evaluator"]);
        let due = lodd_in(served.dir.path(), &format!("--clock {clock} --json due")).ok().json();
        // By time of measurement and office: all, due, told, missing, overdue.
        let mut expected: BTreeMap<(String, String), [f64; 5]> = BTreeMap::new();
        for it in due["due"].as_array().unwrap() {
            let text = |key: &str| it[key].as_str().unwrap().to_owned();
            let state = text("state");
            let is = |states: &[&str]| f64::from(u8::from(states.contains(&state.as_str())));
            let add = [
                1.0,
                is(&["open", "overdue", "reported", "ended"]),
                is(&["reported", "ended"]),
                is(&["open", "overdue"]),
                is(&["overdue"]),
            ];
            let of = expected.entry((text("target"), text("office"))).or_default();
            of.iter_mut().zip(add).for_each(|(of, add)| *of += add);
        }
        let cookie = served.enter();
        let (status, _, page) = served.get("/svar", &cookie);
        assert_eq!(status, 200, "{page}");
        let rows = &tables(&page)["Hvert kontor"];
        let found: Vec<[f64; 5]> =
            rows.iter().map(|row| [3, 4, 5, 6, 7].map(|at| number(&row[at]).unwrap())).collect();
        assert_eq!(found, expected.into_values().collect::<Vec<_>>(), "{pilot} {clock}");
        assert!(!found.is_empty() && page.len() < 100_000);
    }
}

/// The flow of families: every count of the file, under its arm.
#[test]
fn the_flow_is_that_of_the_file() {
    let served = Served::at("2027-02-01T10:00:00Z", whole("ringerike"), &["--as", "evaluator"]);
    let cookie = served.enter();
    let (status, _, page) = served.get("/flyt", &cookie);
    assert_eq!(status, 200, "{page}");
    let of_file = parquet(&served.dir.path().join("out/flow.parquet"));
    let total = |it: &Value| it["level"] == "family" && it["source"].is_null();
    let drawn: i64 = of_file
        .iter()
        .filter(|it| total(it) && it["stage"] == "drawn")
        .map(|it| it["count"].as_i64().unwrap())
        .sum();
    let of_families = between(&page, "<h2>Familier</h2>", "</table>");
    let of_families =
        &tables(&format!("{of_families}</table>"))["Familier: fra listen til oppfølgingen"];
    let row = of_families.iter().find(|it| it[0] == "Med i trekningen").unwrap();
    let shown: f64 = row[1..].iter().filter_map(|it| number(it)).sum();
    assert!((shown - drawn as f64).abs() < 0.5, "{row:?}");
    let expected: i64 = of_file
        .iter()
        .filter(|it| total(it) && it["outcome_id"].is_null())
        .map(|it| it["count"].as_i64().unwrap())
        .sum();
    let all = of_families.iter().flat_map(|row| &row[1..]).filter_map(|it| number(it));
    assert!((all.sum::<f64>() - expected as f64).abs() < 0.5);
}

/// Every id of a pilot: families, their members, the units of its draws.
pub(super) fn ids(dir: &Path) -> Vec<String> {
    let store = rusqlite::Connection::open(dir.join("pilot.sqlite")).unwrap();
    let mut all = Vec::new();
    for sql in [
        "SELECT family_id FROM families",
        "SELECT member_id FROM members",
        "SELECT unit_id FROM draw_units",
    ] {
        let mut of = store.prepare(sql).unwrap();
        let rows = of.query_map([], |row| row.get::<_, String>(0)).unwrap();
        all.extend(rows.map(Result::unwrap));
    }
    assert!(all.len() > 20);
    all
}

/// Pages and files of others.
const OTHERS: &[&str] = &[
    "/skjema.xlsx",
    "/logg.xlsx",
    "/levering",
    "/levering/retting.xlsx",
    "/historikk",
    "/kvittering/3",
    "/familier",
    "/familier/KAS-0000-0",
    "/liste",
    "/trekninger",
    "/trekninger/1",
    "/trekninger/1/protokoll.nb.pdf",
    "/plasser",
    "/bevis",
    "/journal",
    "/journal/journal.csv",
    "/kvitteringer",
    "/innsyn",
];

/// Names under which no file is given.
const NAMES: &[&str] = &[
    "screening.parquet",
    "offers.parquet",
    "SHA256SUMS",
    "codes.csv",
    "power.svg",
    "receipts",
    "pilot.sqlite",
    "..",
    "../pilot.sqlite",
    "..%2fpilot.sqlite",
    "%2e%2e%2fpilot.sqlite",
    "%2e%2e/pilot.sqlite",
    "..%5cpilot.sqlite",
    "%2fetc%2fpasswd",
    "panel.parquet%00",
    "panel.parquet/",
    "./panel.parquet%20",
    "PANEL.PARQUET",
    "%252e%252e%252fpilot.sqlite",
    "",
    "report.nb.html.bak",
    "report.de.html",
    "..%2fprivate%2fkeys%2fkast.key",
    "%ff",
];

/// What others do.
const DEEDS: &[&str] = &[
    "/levering",
    "/levering/igjen",
    "/levering/lagre",
    "/levering/avbryt",
    "/gjor/medlem-inn",
    "/gjor/trekk",
    "/gjor/kunngjoring",
    "/gjor/trekning",
    "/gjor/annullering",
    "/gjor/tilbud",
    "/gjor/nokkelbytte",
    "/gjor/journalsjekk",
    "/gjor/kvitteringssjekk",
];

/// What the evaluator has no page for is what there is no page for.
#[test]
fn an_evaluator_can_read_no_office_and_no_other_file() {
    let dir = whole("kast");
    let out = dir.path().join("out");
    assert!(out.join("screening.parquet").exists() && out.join("receipts").is_dir());
    fs::remove_file(out.join("codes.csv")).unwrap();
    fs::create_dir(out.join("power.svg")).unwrap();
    let has_link = std::os::unix::fs::symlink("../pilot.sqlite", out.join("codes.csv")).is_ok();
    assert!(has_link);
    let receipt = fs::read_dir(out.join("receipts")).unwrap().next().unwrap().unwrap();
    let receipt = receipt.file_name().into_string().unwrap();
    let served = Served::by(dir, &["--as", "evaluator"]);
    let cookie = served.enter();
    let (status, _, nothing) = served.get("/finnes-ikke", &cookie);
    assert_eq!(status, 404);

    let mut files: Vec<String> = NAMES.iter().map(|it| format!("/filer/{it}")).collect();
    files.push(format!("/filer/receipts%2f{receipt}"));
    files.push(format!("/filer/receipts/{receipt}"));
    files.push("/offentlig/panel.parquet".to_owned());
    files.push("/offentlig/..%2fout%2fpanel.parquet".to_owned());
    for path in OTHERS.iter().copied().chain(files.iter().map(String::as_str)) {
        let (status, _, body) = served.get(path, &cookie);
        assert_eq!((status, body == nothing), (404, true), "{path}: {status}");
    }
    let (_, _, page) = served.get("/plan", &cookie);
    let csrf = between(&page, "name=\"csrf\" value=\"", "\"");
    for path in DEEDS {
        let (status, _, body) = served.post(path, &cookie, &format!("csrf={csrf}"));
        assert_eq!((status, body == nothing), (404, true), "{path}: {status}");
    }
    // No page names a family, whoever may take the panel.
    let ids = ids(served.dir.path());
    for lang in ["nb", "nn", "en"] {
        assert_eq!(served.get(&format!("/sprak/{lang}"), &cookie).0, 303);
        for path in ["/svar", "/flyt", "/plan", "/resultater", "/frigivelser"] {
            let (status, _, page) = served.get(path, &cookie);
            assert_eq!(status, 200, "{path}");
            assert!(ids.iter().all(|it| !page.contains(it)), "{path} names a family");
            assert!(page.len() < 100_000, "{path}: {}", page.len());
        }
    }
}

/// What is given is what was written; what has been changed since is not.
#[test]
fn a_file_is_given_as_it_was_written_or_not_at_all() {
    let served = Served::by(whole("kast"), &["--as", "evaluator"]);
    let cookie = served.enter();
    let out = served.dir.path().join("out");
    for (name, media, shown) in [
        ("report.nb.html", "text/html; charset=utf-8", "inline"),
        ("codes.csv", "text/csv; charset=utf-8", "attachment"),
    ] {
        let (status, head, body) = served.get(&format!("/filer/{name}"), &cookie);
        assert_eq!((status, body == fs::read_to_string(out.join(name)).unwrap()), (200, true));
        assert!(
            head.contains(media) && head.contains(&format!("{shown}; filename=\"{name}\"")),
            "{head}"
        );
        assert!(head.contains("sandbox") == (shown == "inline"), "{head}");
    }
    for name in ["panel.parquet", "estimates.parquet", "report.nn.pdf", "report.en.xlsx"] {
        let (status, head, _) = served.get(&format!("/filer/{name}"), &cookie);
        let length = format!("content-length: {}\r\n", fs::metadata(out.join(name)).unwrap().len());
        assert!(status == 200 && format!("{head}\r\n").contains(&length), "{name}: {head}");
    }
    fs::write(out.join("codes.csv"), "list;code\n").unwrap();
    let (status, _, body) = served.get("/filer/codes.csv", &cookie);
    assert!(status == 500 && !body.contains("list;code"), "{body}");
    assert!(!body.contains(served.dir.path().to_str().unwrap()), "{body}");
}

/// A form as a browser sends it.
pub(super) fn sent(
    served: &Served,
    cookie: &str,
    deed: &str,
    fields: &[(&str, &str)],
) -> (u16, String) {
    let (_, _, page) = served.get("/frigivelser", cookie);
    let page = if page.contains("name=\"csrf\"") { page } else { served.get("/bevis", cookie).2 };
    let csrf = between(&page, "name=\"csrf\" value=\"", "\"");
    let code = |it: &str| it.bytes().map(|it| format!("%{it:02X}")).collect::<String>();
    let fields = fields.iter().map(|(name, value)| format!("&{name}={}", code(value)));
    let body = format!("csrf={csrf}{}", fields.collect::<String>());
    let (status, _, page) = served.post(deed, cookie, &body);
    (status, page)
}

/// Refusals are pages with what is wrong and what to do, and nothing is written.
#[test]
fn what_a_command_refuses_the_page_refuses_in_its_words() {
    let served = Served::at("2026-12-10T09:00:00Z", answered(), &["--as", "evaluator"]);
    let cookie = served.enter();
    let dir = served.dir.path();
    let before = fs::read(dir.join("pilot.sqlite")).unwrap();
    for (deed, fields, said) in [
        ("/gjor/panel", vec![], "lodd plan lock"),
        ("/gjor/estimat", vec![], "lodd plan lock"),
        ("/gjor/panel", vec![("cut", "i går")], "uttrekket må være et tidspunkt"),
        ("/gjor/planlaas", vec![("sha256", "0")], "er endret siden siden ble vist"),
        ("/gjor/rapport", vec![], "velg minst ett format"),
        ("/gjor/rapport", vec![("edition", "public"), ("html", "on"), ("round", "7")], "3 eller 5"),
        ("/gjor/rapport", vec![("edition", "public"), ("html", "on")], "panelet er ikke bygd"),
    ] {
        let (status, page) = sent(&served, &cookie, deed, &fields);
        assert_eq!((status, page.contains(said)), (409, true), "{deed}: {page}");
    }
    assert!(fs::read(dir.join("pilot.sqlite")).unwrap() == before);
    assert!(!dir.join("out/panel.parquet").exists() && !dir.join("public").exists());
}

/// The public report of the page is that of the command line; one person alone can't publish it; the
/// register is that of `lodd release --list`.
#[test]
fn the_public_report_is_written_by_one_and_published_by_two() {
    let served = Served::at("2027-02-01T10:00:00Z", whole("housing"), &["--as", "evaluator"]);
    let cookie = served.enter();
    let dir = served.dir.path();
    let fields = [("edition", "public"), ("round", "none"), ("html", "on")];
    let (status, page) = sent(&served, &cookie, "/gjor/rapport", &fields);
    assert!(status == 200 && page.contains("tall er holdt tilbake"), "{page}");
    let sums = fs::read(dir.join("public/SHA256SUMS")).unwrap();
    lodd_in(dir, "--clock 2027-02-01T10:00:00Z report --public --format html").ok();
    assert!(fs::read(dir.join("public/SHA256SUMS")).unwrap() == sums);
    let (_, _, page) = served.get("/frigivelser", &cookie);
    assert!(page.contains("Ingenting er ført opp") && page.contains("/offentlig/report.nb.html"));
    let (status, _, report) = served.get("/offentlig/report.nb.html", &cookie);
    assert!(status == 200 && report.contains("OFFENTLIG"));
    let shown = between(&page, "name=\"sums\" value=\"", "\"");
    let asked = [("sums", shown.as_str()), ("label", "Rapport 2027")];
    let (status, page) = sent(&served, &cookie, "/gjor/frigivelse", &asked);
    assert!(status == 409 && page.contains("to personer"), "{page}");
    let listed = lodd_in(dir, "--json release --list").ok().json();
    assert_eq!(listed["releases"].as_array().unwrap().len(), 0);
    let twelve =
        ["--clock", "2027-02-01T10:00:00Z", "release", "public", "--label", "Rapport 12345678901"];
    crate::support::lodd(dir, &twelve).refused(&["eleven digits"]);
    let command =
        ["--clock", "2027-02-01T10:00:00Z", "release", "public", "--label", "Rapport 2027"];
    crate::support::lodd(dir, &command).ok();
    let listed = lodd_in(dir, "--json release --list").ok().json();
    let (_, _, page) = served.get("/frigivelser", &cookie);
    let rows = &tables(&page)["Det som er ført opp som publisert"];
    let [entry, _, label, what, _, numbers, round, actor] = &rows[0][..] else {
        panic!("{rows:?}")
    };
    let of = &listed["releases"][0];
    assert_eq!(number(entry), of["entry"].as_f64());
    assert_eq!(number(numbers), of["numbers"].as_f64());
    assert_eq!(
        (label.as_str(), what.as_str(), round.as_str()),
        ("Rapport 2027", "rapport", "ingen")
    );
    assert_eq!(actor, of["actor"].as_str().unwrap());
}

/// One asks, another reads and says yes, and what is published is what was asked for; whoever asked can't.
#[test]
fn two_persons_publish_what_was_read() {
    let dir = whole("housing");
    let dir = dir.path();
    let (served, cookies) = Served::many(dir, r#"[["evaluator", null], ["researcher", null]]"#);
    let [evaluator, researcher] = [0, 1].map(|at: usize| format!("Cookie: {}\r\n", cookies[at]));
    let write = |formats: &str| {
        lodd_in(dir, &format!("--json report --public --format {formats}")).ok().json()
    };
    let ask = |sums: &str| {
        let fields = [("sums", sums), ("label", "Rapport 2027")];
        sent(&served, &evaluator, "/gjor/frigivelse", &fields)
    };
    let shown = || {
        let (_, _, page) = served.get("/frigivelser", &evaluator);
        between(&page, "name=\"sums\" value=\"", "\"")
    };
    let waits = || {
        let (_, _, page) = served.get("/venter", &researcher);
        (between(&page, "action=\"/venter/", "/ja\""), page)
    };
    let yes = |id: &str, cookie: &str| {
        let (_, _, page) = served.get("/venter", cookie);
        let csrf = between(&page, "name=\"csrf\" value=\"", "\"");
        served.post(&format!("/venter/{id}/ja"), cookie, &format!("csrf={csrf}"))
    };
    let registered = || {
        lodd_in(dir, "--json release --list").ok().json()["releases"].as_array().unwrap().clone()
    };
    write("html");
    // What the second person is told is what the command counts; they can read the very files.
    let made = write("html,xlsx");
    assert_eq!(ask(&shown()).0, 303);
    let (id, page) = waits();
    let [all, withheld] = ["numbers", "withheld"].map(|it| made[it].as_u64().unwrap());
    let said = format!("{all} tall, {withheld} av dem holdt tilbake, ikke avrundet");
    assert!(page.contains("Publisere «Rapport 2027»") && page.contains(&said), "{page}");
    let (_, _, own) = served.get("/frigivelser", &researcher);
    assert!(!own.contains("/gjor/") && own.contains("/offentlig/report.nb.html"), "{own}");
    assert_eq!(served.get("/offentlig/report.nb.html", &researcher).0, 200);
    assert_eq!(served.get("/filer/report.nb.html", &researcher).0, 404);
    assert_eq!(yes(&id, &evaluator).0, 404, "whoever asked can't say yes");
    // Written anew in between: it is another, and nothing is published.
    write("html");
    let (status, _, page) = yes(&id, &researcher);
    assert!(status == 409 && page.contains("er en annen enn den som ble lest"), "{page}");
    assert!(registered().is_empty());
    assert_eq!(ask(&shown()).0, 303);
    let (status, _, page) = yes(&waits().0, &researcher);
    assert!(status == 200 && page.contains("Ført opp som publisert"), "{page}");
    let all = registered();
    assert_eq!((all.len(), all[0]["label"].as_str()), (1, Some("Rapport 2027")));
    assert!(all[0]["actor"].as_str().unwrap().starts_with("two persons, page: "), "{all:?}");
}
