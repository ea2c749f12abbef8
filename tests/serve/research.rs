//! The researcher's pages and what everyone sees of a draw: in a browser, and beside the command line.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::served::Served;
use crate::{
    families,
    lottery::{self, ROUNDS},
    support::{Ran, copied, lodd_in, python, root, snapshot},
};

const RESEARCHER: &[&str] = &["--as", "researcher"];
const SEED: &str = "6b6173742d72656865617273616c2d736565642d666f722d7468652d64656d6f";

/// The throw-away pilot with its families, not screened.
fn listed() -> tempfile::TempDir {
    let dir = copied(&root().join("data/kast"));
    at(dir.path(), "2026-08-20T08:10:00Z", "roster import familier.csv medlemmer.csv").ok();
    dir
}

fn at(dir: &Path, clock: &str, words: &str) -> Ran {
    lodd_in(dir, &format!("--clock {clock} {words}"))
}

fn browser(served: &Served, stage: &str, lang: &str) {
    let mut command = Command::new("node");
    command.current_dir(root().join("verifier")).arg("test/research.mjs");
    command.args([&served.link, stage, lang]).arg(served.dir.path());
    command.args(std::env::var_os("LODD_SCREENSHOTS"));
    Ran::new(&command.output().unwrap()).ok();
}

/// Every file with its bytes, but the notes of who has asked for what, which are of refusals too.
fn stored(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = snapshot(dir);
    all.retain(|(path, _)| path.extension().is_none_or(|it| it != "jsonl"));
    all
}

/// Event, time, clock and payload of each entry, hashes and secrets masked; and the actors.
fn ledger(dir: &Path) -> (Vec<String>, Vec<String>) {
    let store = rusqlite::Connection::open(dir.join("pilot.sqlite")).unwrap();
    let sql = "SELECT event, at, clock, payload, actor FROM ledger \
               JOIN ledger_payloads USING (seq) ORDER BY seq";
    let mut rows = store.prepare(sql).unwrap();
    let row = |row: &rusqlite::Row<'_>| {
        let text = |at: usize| row.get::<_, Option<String>>(at).map(Option::unwrap_or_default);
        let at_us: i64 = row.get(1)?;
        let entry = format!("{} {at_us} {} {}", text(0)?, text(2)?, masked(&text(3)?));
        Ok((entry, text(4)?))
    };
    rows.query_map([], row).unwrap().map(Result::unwrap).unzip()
}

/// A text with every run of 64 hexadecimal digits left out: they follow from random bytes.
fn masked(text: &str) -> String {
    let parts = text.split('"').map(|it| {
        let is_hash = it.len() == 64 && it.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hash { "#" } else { it }
    });
    parts.collect::<Vec<_>>().join("\"")
}

#[test]
fn a_researcher_draws_by_witnesses_and_a_stranger_checks_it() {
    let (dir, other) = (listed(), listed());
    let announced = "2026-09-01T08:00:00Z";
    let served = Served::at(announced, dir, RESEARCHER);
    browser(&served, "announce", "nb");
    let served = served.again("2026-09-01T12:00:00Z", RESEARCHER);
    browser(&served, "reveal", "nb");
    let pilot = served.dir.path();
    lodd_in(pilot, "draw verify draws/0001").ok();
    assert_eq!(lodd_in(pilot, "--json ledger verify").ok().json()["ok"], true);
    // What the stranger took from the open page is the draw, byte for byte, and another program agrees.
    let taken = pilot.join("apent/0001");
    for name in ["announcement.json", "plan.toml", "leaves.csv", "reveal.json", "result.csv"] {
        let published = fs::read(pilot.join("draws/0001").join(name)).unwrap();
        assert!(fs::read(taken.join(name)).unwrap() == published, "{name}");
    }
    assert_eq!(fs::read_dir(&taken).unwrap().count(), 5);
    python("../verifier/verify_draw.py", &[&taken]).ok();
    fs::write(taken.join("reveal.json"), "{}").unwrap();
    python("../verifier/verify_draw.py", &[&taken]).refused(&["reveal.json"]);
    // The same from the command line leaves the same ledger, but for who did it.
    at(other.path(), announced, "screen").ok();
    let witnessed = ["--clock", announced, "draw", "announce", "--witnessed", "seks terningkast"];
    crate::support::lodd(other.path(), &[&witnessed[..], &["--rehearsal"]].concat()).ok();
    at(other.path(), "2026-09-01T12:00:00Z", "draw reveal --value 4-2-6-1-1-5").ok();
    let ((page, by_page), (command, by_command)) = (ledger(pilot), ledger(other.path()));
    assert_eq!(page, command);
    assert_eq!(by_page.iter().filter(|it| it.contains("page on this machine")).count(), 3);
    assert!(by_command.iter().all(|it| it.contains("command line")));
}

fn form(pairs: &[(&str, &str)]) -> String {
    let code = |text: &str| -> String {
        let safe = |it: u8| it.is_ascii_alphanumeric() || b"-._".contains(&it);
        let byte = |it| if safe(it) { char::from(it).to_string() } else { format!("%{it:02X}") };
        text.bytes().map(byte).collect()
    };
    pairs.iter().map(|(name, it)| format!("{name}={}", code(it))).collect::<Vec<_>>().join("&")
}

/// Somebody who has been let in.
struct Desk {
    served: Served,
    cookie: String,
    csrf: String,
}

impl Desk {
    fn at(clock: &str, dir: tempfile::TempDir) -> Self {
        Self::of(Served::at(clock, dir, RESEARCHER))
    }

    fn of(served: Served) -> Self {
        let cookie = served.enter();
        let (status, _, body) = served.get("/trekninger", &cookie);
        assert_eq!(status, 200, "{body}");
        let csrf = body.split("name=\"csrf\" value=\"").nth(1).unwrap();
        let csrf = csrf.split('"').next().unwrap().to_owned();
        Self { served, cookie, csrf }
    }

    fn later(self, clock: &str) -> Self {
        Self::of(self.served.again(clock, RESEARCHER))
    }

    fn dir(&self) -> &Path {
        self.served.dir.path()
    }

    #[track_caller]
    fn page(&self, path: &str) -> String {
        let (status, _, body) = self.served.get(path, &self.cookie);
        assert_eq!(status, 200, "{path}: {body}");
        assert!(body.len() <= 100 * 1024, "{path}: {} bytes", body.len());
        body
    }

    fn send(&self, deed: &str, pairs: &[(&str, &str)]) -> (u16, String) {
        let all = [&[("csrf", self.csrf.as_str())], pairs].concat();
        let (status, _, body) =
            self.served.post(&format!("/gjor/{deed}"), &self.cookie, &form(&all));
        (status, body)
    }

    /// With the list of another project.
    fn send_with(&self, pairs: &[(&str, &str)], list: &str) -> (u16, String) {
        let part = |name: &str, more: &str, value: &str| {
            format!(
                "--x\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n"
            )
        };
        let mut body = part("csrf", "", &self.csrf);
        body.extend(pairs.iter().map(|(name, it)| part(name, "", it)));
        body += &part("other", "; filename=\"person-keys.csv\"", list);
        body += "--x--\r\n";
        let (host, length) = (self.served.host(), body.len());
        let kind = "Content-Type: multipart/form-data; boundary=x";
        let cookie = &self.cookie;
        let (status, _, body) = self.served.send(&format!(
            "POST /gjor/kunngjoring HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{kind}\r\n\
             Content-Length: {length}\r\n{cookie}\r\n{body}"
        ));
        (status, body)
    }

    /// Refused, with these words, and not a byte is written.
    #[track_caller]
    fn refused(&self, deed: &str, pairs: &[(&str, &str)], words: &[&str]) {
        let before = stored(self.dir());
        let (status, body) = self.send(deed, pairs);
        assert_eq!(status, 409, "{body}");
        for word in words {
            assert!(body.contains(word), "`{word}` is not in {body}");
        }
        assert!(before == stored(self.dir()), "something was written");
    }

    #[track_caller]
    fn done(&self, deed: &str, pairs: &[(&str, &str)]) -> String {
        let (status, body) = self.send(deed, pairs);
        assert_eq!(status, 200, "{body}");
        body
    }
}

/// What a page that was looked at sends on when it is said yes to.
fn hidden(body: &str) -> Vec<(String, String)> {
    let inputs = body.split("<input type=\"hidden\" ").skip(1);
    let pair = |it: &str| {
        let name = it.split("name=\"").nth(1)?.split('"').next()?;
        let value = it.split("value=\"").nth(1)?.split('"').next()?;
        Some((name.to_owned(), value.to_owned()))
    };
    inputs.filter_map(pair).filter(|(name, _)| name != "csrf").collect()
}

/// Looks, and says yes to what was shown.
#[track_caller]
fn lock(desk: &Desk, pairs: &[(&str, &str)]) -> String {
    let before = snapshot(&desk.dir().join("draws"));
    let shown = desk.done("kunngjoring", pairs);
    assert!(before == snapshot(&desk.dir().join("draws")), "looking has locked");
    let all = hidden(&shown);
    let all: Vec<_> = all.iter().map(|(name, it)| (name.as_str(), it.as_str())).collect();
    desk.done("kunngjoring", &all)
}

/// What the page refuses is what the command line refuses, in the same words.
#[test]
fn a_round_that_has_not_come_or_is_another_draws_nothing() {
    let dir = lottery::screened();
    fs::create_dir(dir.path().join("draws")).unwrap();
    let desk = Desk::at(ROUNDS[1].before, dir);
    let asked = [("decides", "drand"), ("round", "1000"), ("rehearsal", "on")];
    let said = lock(&desk, &asked);
    assert!(said.contains("listen med 12 familier er låst"), "{said}");
    assert!(desk.page("/trekninger/1").contains("data-until=\"1692806364000000\""));
    desk.refused("kunngjoring", &asked, &["trekning 1 er åpen"]);
    let good = ROUNDS[1].json();
    let round = [("draw", "1"), ("pasted", good.as_str())];
    desk.refused("trekning", &round, &["runde 1000 er ikke kommet"]);
    // The command line says the same.
    fs::write(desk.dir().join("r.json"), &good).unwrap();
    let early = format!("--clock {} --lang nb draw reveal --beacon r.json", ROUNDS[1].before);
    lodd_in(desk.dir(), &early).refused(&["runde 1000 er ikke kommet"]);
    let desk = desk.later(ROUNDS[1].after);
    let (other, changed) = (ROUNDS[0].json(), good.replace("b446", "b447"));
    for (json, words) in [
        (other.as_str(), "er en annen runde enn den kunngjorte"),
        (changed.as_str(), "er ikke quicknets signatur av denne runden"),
        ("{}", "må være rundens nummer"),
    ] {
        desk.refused("trekning", &[("draw", "1"), ("pasted", json)], &[words]);
        fs::write(desk.dir().join("r.json"), json).unwrap();
        let late = format!("--clock {} --lang nb draw reveal --beacon r.json", ROUNDS[1].after);
        lodd_in(desk.dir(), &late).refused(&[words]);
    }
    desk.refused("trekning", &[("draw", "1")], &["ingenting ble gitt"]);
    desk.refused("trekning", &[("draw", "2"), ("pasted", &good)], &["siden gjaldt en annen"]);
    desk.refused("trekning", &[("draw", "1"), ("value", "4-2")], &["drand", "witnessed"]);
    let both = [("draw", "1"), ("pasted", good.as_str()), ("fetch", "on")];
    desk.refused("trekning", &both, &["på én måte"]);
    let said = desk.done("trekning", &round);
    assert!(said.contains("follow-up 4, ordinary 8"), "{said}");
    lodd_in(desk.dir(), "draw verify draws/0001").ok();
    let revealed = lottery::public(desk.dir(), 1, "reveal.json");
    assert_eq!(lottery::value(&revealed, "/beacon/signature"), ROUNDS[1].signature);
    // Everyone sees the number that drand publishes for round 1000.
    let (status, _, open) = desk.served.get("/apent/1", "");
    assert_eq!(status, 200);
    assert!(
        open.contains("fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"),
        "{open}"
    );
    // Made: there is nothing more to draw with it.
    desk.refused("trekning", &round, &["ingen trekning er åpen"]);
}

/// One family more on the list, like the first, and screened.
fn another_family(dir: &Path) {
    let id = lodd_in(dir, "ids new 1 --prefix KAS").ok().stdout.trim().to_owned();
    let families = fs::read_to_string(dir.join("familier.csv")).unwrap();
    let first = families.lines().nth(1).unwrap().split(';').next().unwrap().to_owned();
    for file in ["familier.csv", "medlemmer.csv"] {
        let text = fs::read_to_string(dir.join(file)).unwrap();
        let like = text.lines().filter(|it| it.contains(&first)).map(|it| it.replace(&first, &id));
        let head = text.lines().next().unwrap().to_owned();
        let rows: Vec<String> = std::iter::once(head).chain(like).collect();
        fs::write(dir.join(format!("ny-{file}")), rows.join("\n") + "\n").unwrap();
    }
    at(dir, "2026-09-01T08:00:00Z", "roster import ny-familier.csv ny-medlemmer.csv").ok();
    at(dir, "2026-09-01T08:00:00Z", "screen").ok();
}

#[test]
fn only_what_was_shown_is_locked() {
    let dir = listed();
    at(dir.path(), "2026-08-20T08:20:00Z", "screen").ok();
    fs::create_dir(dir.path().join("draws")).unwrap();
    let desk = Desk::at("2026-09-01T08:00:00Z", dir);
    let fixed = [("decides", "fixed"), ("rehearsal", "on")];
    let shown = desk.done("kunngjoring", &fixed);
    assert!(shown.contains("liste med 12 familier"), "{shown}");
    assert!(fs::read_dir(desk.dir().join("draws")).unwrap().next().is_none());
    let seen = hidden(&shown).into_iter().find(|(name, _)| name == "seen").unwrap().1;
    // Another beacon than the one that was seen; then another list.
    let other = [("seen", seen.as_str()), ("decides", "witnessed"), ("witnessed", "terninger")];
    desk.refused("kunngjoring", &other, &["lista er ikke den som ble vist"]);
    another_family(desk.dir());
    let same = [&[("seen", seen.as_str())], &fixed[..]].concat();
    desk.refused("kunngjoring", &same, &["lista er ikke den som ble vist"]);
    desk.refused("kunngjoring", &[("decides", "fixed")], &["kryss av"]);
    desk.refused("kunngjoring", &[("decides", "drand")], &["si når runden skal komme"]);
    desk.refused(
        "kunngjoring",
        &[("decides", "drand"), ("at", "i morgen")],
        &["tidspunktet må være som"],
    );
    desk.refused(
        "kunngjoring",
        &[("decides", "witnessed"), ("witnessed", "12345678901")],
        &["elleve sifre"],
    );
    desk.refused("kunngjoring", &[], &["velg hva som skal avgjøre"]);
    lock(&desk, &fixed);
    desk.refused("trekning", &[("draw", "1"), ("seed", "00")], &["64 heksadesimale sifre"]);
    desk.done("trekning", &[("draw", "1"), ("seed", SEED)]);
    lodd_in(desk.dir(), "draw verify draws/0001").ok();
}

/// A void and a change of keys take two, and the page of one machine has one.
#[test]
fn one_person_can_neither_void_nor_change_keys() {
    let dir = lottery::screened();
    lottery::announce(dir.path(), &ROUNDS[1]).ok();
    let desk = Desk::at(ROUNDS[1].before, dir);
    for (deed, pairs) in [
        ("annullering", &[("draw", "1"), ("reason", "to familier sto to ganger")][..]),
        ("nokkelbytte", &[][..]),
    ] {
        desk.refused(deed, pairs, &["kommandolinje"]);
    }
    // The command line can, alone, and everyone sees why; the secret stays, for the round is to come.
    let void =
        ["--clock", ROUNDS[1].before, "draw", "void", "--reason", "to familier sto to ganger"];
    crate::support::lodd(desk.dir(), &void).ok();
    let (_, _, open) = desk.served.get("/apent/1", "");
    assert!(
        open.contains("to familier sto to ganger") && open.contains("før runden kom"),
        "{open}"
    );
    assert!(open.contains("/apent/1/void.json") && !open.contains("/apent/1/reveal.json"));
    assert_eq!(desk.served.get("/apent/1/reveal.json", "").0, 404);
    let void = desk.served.get("/apent/1/void.json", "");
    assert_eq!(
        (void.0, void.2),
        (200, fs::read_to_string(lottery::public(desk.dir(), 1, "void.json")).unwrap())
    );
}

/// Names come from strangers: what is not in the list of public files is not there.
#[test]
fn a_stranger_gets_the_public_files_and_nothing_else() {
    let dir = lottery::drawn();
    let served = Served::at(ROUNDS[0].after, dir, RESEARCHER);
    for name in ["announcement.json", "plan.toml", "leaves.csv", "reveal.json", "result.csv"] {
        let (status, head, body) = served.get(&format!("/apent/1/{name}"), "");
        assert_eq!(status, 200, "{name}: {head}");
        assert!(head.contains("attachment"), "{head}");
        let path = lottery::public(served.dir.path(), 1, name);
        assert!(body.as_bytes() == fs::read(path).unwrap(), "{name}");
    }
    let (status, head, page) = served.get("/kontroller/kontroller-trekning.html", "");
    let built = fs::read_to_string(root().join("docs/kontroller-trekning.html")).unwrap();
    assert!(status == 200 && page == built, "{head}");
    assert!(head.contains("default-src 'none'") && !head.contains("connect-src"), "{head}");
    for path in [
        "/apent/2",
        "/apent/01",
        "/apent/+1",
        "/apent/-1",
        "/apent/x",
        "/apent/1/private.csv",
        "/apent/1/secret",
        "/apent/1/void.json",
        "/apent/1/covariates.csv",
        "/apent/1/..%2F..%2Fprivate%2F0001%2Fsecret",
        "/apent/1/%2E%2E",
        "/apent/..%2Fprivate%2F0001/secret",
        "/apent/0001/announcement.json",
        "/apent/private/secret",
        "/kontroller/pilot.toml",
        "/kontroller/..%2Fpilot.sqlite",
    ] {
        assert_eq!(served.get(path, "").0, 404, "{path}");
    }
    // The researcher's own are for the researcher.
    for path in [
        "/liste",
        "/trekninger",
        "/trekninger/1",
        "/plasser",
        "/liste/vurdering.csv",
        "/trekninger/1/record.nb.html",
    ] {
        assert_eq!(served.get(path, "").0, 303, "{path}");
    }
    let cookie = served.enter();
    for path in [
        "/trekninger/2",
        "/trekninger/1/SHA256SUMS",
        "/trekninger/1/..%2F..%2Fpilot.sqlite",
        "/liste/familier.csv",
    ] {
        assert_eq!(served.get(path, &cookie).0, 404, "{path}");
    }
    let (_, _, record) = served.get("/trekninger/1/record.nb.html", &cookie);
    assert!(
        record
            == fs::read_to_string(served.dir.path().join("out/draw-0001/record.nb.html")).unwrap()
    );
}

/// The page names those who have been offered a place and nobody else, before and after an answer.
#[test]
fn the_next_place_is_unsaid_until_the_offer_is_made() {
    let dir = lottery::drawn();
    let (mut ranks, page) = (Vec::new(), "2023-09-01T08:00:00Z");
    let store = rusqlite::Connection::open(dir.path().join("pilot.sqlite")).unwrap();
    let mut rows = store.prepare("SELECT unit_id FROM assignments ORDER BY rank").unwrap();
    ranks.extend(rows.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap));
    drop(rows);
    drop(store);
    let desk = Desk::at(page, dir);
    let named = |desk: &Desk| {
        let body = desk.page("/plasser");
        let all = ranks.iter().filter(|it| body.contains(it.as_str()));
        all.cloned().collect::<Vec<_>>()
    };
    assert_eq!(named(&desk), ranks[..4]);
    desk.refused("tilbud", &[("list", "1/kast")], &["har ingen ledig plass"]);
    desk.refused(
        "svar-paa-tilbud",
        &[("family", &ranks[6]), ("answer", "JA")],
        &["har ikke fått tilbud"],
    );
    desk.done("svar-paa-tilbud", &[("family", &ranks[0]), ("answer", "JA")]);
    desk.done(
        "svar-paa-tilbud",
        &[("family", &ranks[1]), ("answer", "NEI"), ("reason", "flyttet")],
    );
    assert_eq!(named(&desk), ranks[..4]);
    desk.done("tilbud", &[("list", "1/kast")]);
    assert_eq!(named(&desk), ranks[..5]);
    desk.refused("tilbud", &[("list", "1/kast")], &["må få svar først"]);
    desk.refused("tilbud-slutt", &[("list", "1/kast"), ("reason", "neste")], &["må få svar først"]);
    desk.refused(
        "ledig-plass",
        &[("family", &ranks[0]), ("on", "2023-09-01"), ("reason", "12345678901")],
        &["kan ikke inneholde"],
    );
    desk.done("ledig-plass", &[("family", &ranks[0]), ("on", "2023-09-01"), ("reason", "FLYTTET")]);
    for family in &ranks[2..5] {
        desk.done("svar-paa-tilbud", &[("family", family), ("answer", "IKKE_NADD")]);
    }
    desk.done("tilbud-slutt", &[("list", "1/kast"), ("reason", "neste trekning")]);
    assert!(desk.page("/plasser").contains("avsluttet: neste trekning"));
    // The log is that of the command line, and the ledger has every step.
    let offers = lodd_in(desk.dir(), "draw offer list --json").ok().json();
    let answers: Vec<_> = offers["offers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["answer"].as_str().unwrap())
        .collect();
    assert_eq!(answers, ["JA", "NEI", "IKKE_NADD", "IKKE_NADD", "IKKE_NADD"]);
    lodd_in(desk.dir(), "ledger verify").ok();
}

/// Somebody on two lists: said before the list is locked, no key shown, and the reason in the ledger.
#[test]
fn who_stands_on_another_list_is_seen_before_the_lock() {
    let dir = copied(&root().join("data/kast"));
    let path = dir.path().join("medlemmer.csv");
    let members = fs::read_to_string(&path).unwrap();
    let keyed = members.lines().zip(0..).map(|(line, n)| {
        let key = if n == 0 { "person_key".to_owned() } else { families::key(n) };
        format!("{line};{key}\n")
    });
    fs::write(&path, keyed.collect::<String>()).unwrap();
    at(dir.path(), "2026-08-20T08:10:00Z", "roster import familier.csv medlemmer.csv").ok();
    at(dir.path(), "2026-08-20T08:20:00Z", "screen").ok();
    let desk = Desk::at("2026-09-01T08:00:00Z", dir);
    let fixed = [("decides", "fixed"), ("rehearsal", "on")];
    let list = |n: u8| format!("pilot,draw,person_key\nannet,1,{}\n", families::key(n));
    let (status, body) = desk.send_with(&fixed, &list(1));
    assert_eq!(status, 409);
    assert!(body.contains("1 personer står også på listen til trekning annet 1"), "{body}");
    let (status, body) = desk.send_with(&fixed, "pilot,draw,person_key\nannet,1,zz\n");
    assert!(status == 409 && body.contains("er ikke en rad i en liste med nøkler"), "{body}");
    let (status, body) = desk.send_with(&fixed, &list(200));
    assert!(status == 200 && body.contains("Lista er sammenlignet"), "{body}");
    let known = [&fixed[..], &[("overlap_known", "avtalt med direktoratet")]].concat();
    let (status, shown) = desk.send_with(&known, &list(1));
    assert!(status == 200 && shown.contains("avtalt med direktoratet"), "{shown}");
    assert!(!shown.contains(&families::key(1)), "a key is shown");
    let all = hidden(&shown);
    let all: Vec<_> = all.iter().map(|(name, it)| (name.as_str(), it.as_str())).collect();
    // Without the file, or with another, it is not what was seen.
    desk.refused("kunngjoring", &all, &["lista er ikke den som ble vist"]);
    assert_eq!(desk.send_with(&all, &list(2)).0, 409);
    let (status, body) = desk.send_with(&all, &list(1));
    assert!(status == 200 && body.contains("Også på listen til trekning annet 1"), "{body}");
    let entry = ledger(desk.dir()).0.pop().unwrap();
    assert!(entry.contains("avtalt med direktoratet") && entry.contains("annet 1"), "{entry}");
}
