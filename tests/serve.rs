//! The offices' page: a clerk's day in a real browser, and requests that no browser would send.

mod audit;
mod evaluate;
pub(crate) mod families;
mod killed;
mod login;
mod matrix;
mod research;
pub(crate) mod served;

use std::{fs, path::Path, process::Command};

pub(crate) use served::Served;

use crate::support::{Ran, copied, lodd_in, root};

/// `tre-maneder.csv` with one code that is none: one of twelve is held.
fn broken(dir: &Path) {
    let text = fs::read_to_string(dir.join("tre-maneder.csv")).unwrap();
    fs::write(dir.join("broken.csv"), text.replacen("DELTID", "DELTDI", 1)).unwrap();
}

#[test]
fn a_clerk_delivers_from_form_to_receipt() {
    let served = Served::new();
    broken(served.dir.path());
    let python = root().join(".venv/bin/python");
    let mut command = Command::new("node");
    command.current_dir(root().join("verifier")).arg("test/office.mjs").arg(&served.link);
    command.args([served.dir.path(), &python]);
    command.args(std::env::var_os("LODD_SCREENSHOTS"));
    let output = command.output().unwrap();
    Ran::new(&output).ok();
    // What the page stored is in the ledger, under another name than the command line's.
    let verified = lodd_in(served.dir.path(), "--json ledger verify").ok().json();
    assert_eq!(verified["ok"], true);
    let ledger = rusqlite::Connection::open(served.dir.path().join("pilot.sqlite")).unwrap();
    let actors = "SELECT COUNT(*) FROM ledger WHERE event = 'upload' AND actor LIKE '%page%'";
    assert_eq!(ledger.query_row(actors, [], |row| row.get::<_, i64>(0)).unwrap(), 2);
}

/// Every page of an office.
const PAGES: &[&str] = &[
    "/",
    "/skjema.xlsx",
    "/logg.xlsx",
    "/levering",
    "/historikk",
    "/kvittering/3",
    "/levering/retting.xlsx",
];

#[test]
fn nobody_is_let_in_without_the_word_and_nobody_twice() {
    let served = Served::new();
    for path in PAGES {
        for cookie in ["", "Cookie: __Host-lodd=AAAAAAAAAAAAAAAAAAAAAA\r\n"] {
            let (status, head, body) = served.get(path, cookie);
            assert_eq!((status, body.contains("KAS-")), (303, false), "{path}: {head}");
        }
    }
    assert_eq!(served.post("/inn", "", "kode=").0, 403);
    assert_eq!(served.post("/inn", "", &format!("kode={}", "0".repeat(64))).0, 403);
    let cookie = served.enter();
    // Looking at a page is activity: the quarter of an hour begins anew.
    let (status, head, _) = served.get("/historikk", &cookie);
    assert_eq!((status, head.contains("Max-Age=900")), (200, true), "{head}");
    assert_eq!(served.post("/inn", "", &format!("kode={}", served.word())).0, 403);
    for path in
        ["/kvittering/1", "/kvittering/x", "/nei", "/../pilot.sqlite", "/levering/retting.xlsx"]
    {
        assert_eq!(served.get(path, &cookie).0, 404, "{path}");
    }
}

#[test]
fn another_site_can_send_nothing() {
    let served = Served::new();
    let cookie = served.enter();
    let csrf = served.csrf(&cookie);
    let host = served.host();
    let other =
        format!("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n{cookie}\r\n");
    assert_eq!(served.send(&other).0, 421);
    let none = format!("GET / HTTP/1.1\r\nConnection: close\r\n{cookie}\r\n");
    assert!(matches!(served.send(&none).0, 400 | 421));
    let signed = format!("csrf={csrf}");
    for header in [
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
    ] {
        let (status, ..) = served.post("/ut", &format!("{cookie}{header}"), &signed);
        assert_eq!(status, 403, "{header}");
    }
    // A page without the word changes nothing: still let in.
    assert_eq!(served.post("/ut", &cookie, "csrf=0").0, 303);
    assert_eq!(served.get("/", &cookie).0, 200);
    let own = format!("{cookie}Origin: http://{host}\r\nSec-Fetch-Site: same-origin\r\n");
    let (status, head, _) = served.post("/ut", &own, &signed);
    assert_eq!(status, 303);
    // Nothing of ours stays in the browser of whoever has left.
    assert!(head.contains(r#"clear-site-data: "cache", "storage""#), "{head}");
    assert_eq!(served.get("/", &cookie).0, 303);
}

#[test]
fn every_answer_tells_the_browser_to_keep_to_itself() {
    let served = Served::new();
    let cookie = served.enter();
    for path in
        ["/inn", "/", "/kvittering/3", "/nei", "/lodd.css", "/lodd.js", "/helse", "/historikk"]
    {
        let (_, head, _) = served.get(path, &cookie);
        for header in [
            "content-security-policy: default-src 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
            "strict-transport-security",
            "frame-ancestors 'none'",
        ] {
            assert!(head.contains(header), "{path}: {header} is not in {head}");
        }
        assert!(!head.contains("script-src 'unsafe"), "{path}");
    }
}

#[test]
fn a_file_that_is_too_large_broken_or_unsigned_is_refused_and_nothing_is_stored() {
    let served = Served::new();
    let cookie = served.enter();
    let csrf = served.csrf(&cookie);
    let before = fs::read(served.dir.path().join("pilot.sqlite")).unwrap();
    let part = |name: &str, more: &str, value: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n")
    };
    let file = |value: &str| part("fil", "; filename=\"a.csv\"", value);
    let word = part("csrf", "", &csrf);
    let huge = "a".repeat(10 * 1024 * 1024 + 1);
    for (body, expected) in [
        (format!("{word}{}--x--\r\n", file(&huge)), 413),
        // Far too large, which its length says: it is heard out all the same, so that the answer is heard.
        (format!("{word}{}--x--\r\n", file(&huge.repeat(4))), 413),
        (format!("{word}--x--\r\n"), 422),
        (format!("{word}{}--x--\r\n", file("")), 422),
        (format!("{}--x--\r\n", file("a;b\n")), 403),
        (format!("{}{word}--x--\r\n", file("a;b\n")), 403),
        (format!("{word}{}", file("a;b\n").trim_end()), 400),
    ] {
        let (host, length) = (served.host(), body.len());
        let kind = "Content-Type: multipart/form-data; boundary=x";
        let (status, head, _) = served.send(&format!(
            "POST /levering HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{kind}\r\n\
             Content-Length: {length}\r\n{cookie}\r\n{body}"
        ));
        assert_eq!(status, expected, "{head}");
    }
    assert_eq!(served.get("/levering", &cookie).0, 303);
    assert!(fs::read(served.dir.path().join("pilot.sqlite")).unwrap() == before);
}

/// The line breaks at a tenth, in the middle, and a byte before the end; then it is sent whole.
#[test]
fn an_upload_that_breaks_off_leaves_nothing_and_can_be_sent_again() {
    let served = Served::new();
    let (cookie, host) = (served.enter(), served.host());
    let csrf = served.csrf(&cookie);
    let before = fs::read(served.dir.path().join("pilot.sqlite")).unwrap();
    let text = fs::read_to_string(served.dir.path().join("tre-maneder.csv")).unwrap();
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--x\r\n\
         Content-Disposition: form-data; name=\"fil\"; filename=\"a.csv\"\r\n\r\n{text}\r\n--x--\r\n"
    );
    let head = format!(
        "POST /levering HTTP/1.1\r\nHost: {host}\r\nContent-Type: multipart/form-data; boundary=x\r\n\
         Content-Length: {}\r\n{cookie}\r\n",
        body.len()
    );
    for sent in [0, body.len() / 10, body.len() / 2, body.len() - 1] {
        let mut line = std::net::TcpStream::connect(host).unwrap();
        std::io::Write::write_all(&mut line, head.as_bytes()).unwrap();
        std::io::Write::write_all(&mut line, &body.as_bytes()[..sent]).unwrap();
        drop(line);
        // Nothing waits: the page of what was looked at leads home.
        assert_eq!(served.get("/levering", &cookie).0, 303, "{sent}");
    }
    assert!(fs::read(served.dir.path().join("pilot.sqlite")).unwrap() == before);
    assert_eq!(served.deliver(&cookie, &csrf, &text).0, 303);
    assert_eq!(served.get("/levering", &cookie).0, 200);
}

#[test]
fn the_page_is_for_this_machine_and_for_an_office_of_the_pilot() {
    let dir = copied(&root().join("data/kast"));
    lodd_in(dir.path(), "--clock 2026-08-20T08:10:00Z roster import familier.csv medlemmer.csv")
        .ok();
    lodd_in(dir.path(), "serve --office kast --listen 0.0.0.0:0").refused(&["can be reached"]);
    lodd_in(dir.path(), "serve --office nei --listen 127.0.0.1:0").refused(&["office `nei`"]);
}
