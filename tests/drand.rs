//! A draw by the public beacon, from the command line.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    thread::spawn,
};

use crate::{
    lottery::{ROUNDS, announce, at, change, drawn, public, reveal, screened, value, with_input},
    support::{lodd_in, snapshot},
};

/// R of the protocol's section 3 is the published randomness; the result is what an independent
/// program finds.
#[test]
fn a_round_in_a_file_draws() {
    let dir = screened();
    let json = at(dir.path(), ROUNDS[1].before, "draw announce --round 1000 --json").ok().json();
    assert_eq!(json["round"], 1000);
    assert_eq!(json["round_at"], "2023-08-23T15:59:24Z");
    assert_eq!(json["rehearsal"], true);
    for (lang, words) in [
        ("nb", "Avgjøres av runde 1000 av drand quicknet, 23.08.2023 kl. 17.59.24"),
        ("nn", "Blir avgjord av runde 1000 av drand quicknet"),
        ("en", "Decided by round 1000 of drand quicknet, 2023-08-23T17:59:24+02:00"),
    ] {
        let notice = json["notice"][lang].as_str().unwrap();
        assert!(notice.contains(words), "{notice}");
        assert!(notice.contains(json["announcement"].as_str().unwrap()), "{notice}");
        assert!(notice.contains("follow-up 4, ordinary 8"), "{notice}");
    }
    reveal(dir.path(), &ROUNDS[1]).ok();
    let revealed = value(&public(dir.path(), 1, "reveal.json"), "/beacon/signature");
    assert_eq!(revealed, ROUNDS[1].signature);
    let verdict = lodd_in(dir.path(), "draw verify draws/0001 --json").ok().json();
    assert_eq!(
        (verdict["round"].as_u64(), verdict["beacon"].as_str()),
        (Some(1000), Some("drand"))
    );
    let said = lodd_in(dir.path(), "draw verify draws/0001 --lang en").ok().stdout;
    assert!(said.contains("round 1000 of drand quicknet") && said.contains("REHEARSAL"), "{said}");
    lodd_in(dir.path(), "ledger verify").ok();
}

/// The date of the draw is that of its round, 23 August, though it is revealed in September.
#[test]
fn the_draw_has_the_date_of_its_round() {
    let dir = screened();
    announce(dir.path(), &ROUNDS[1]).ok();
    fs::write(dir.path().join("r.json"), ROUNDS[1].json()).unwrap();
    at(dir.path(), "2023-09-20T10:00:00Z", "draw reveal --beacon r.json").ok();
    let store = fs::read(dir.path().join("pilot.sqlite")).unwrap();
    let log = fs::read(dir.path().join("pilot.sqlite-wal")).unwrap_or_default();
    // 2023-08-23 is day 19592 since 1970-01-01.
    let text = [store, log].concat();
    let payload = b"\"drawn_on\":19592";
    assert!(text.windows(payload.len()).any(|it| it == payload));
}

#[test]
fn a_round_comes_from_standard_input_or_a_relay_as_well() {
    let dir = screened();
    announce(dir.path(), &ROUNDS[0]).ok();
    let words = format!("--clock {} draw reveal --beacon -", ROUNDS[0].after);
    with_input(dir.path(), &words, &ROUNDS[0].json()).ok();

    let other = screened();
    announce(other.path(), &ROUNDS[1]).ok();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let relay = format!("http://{}", listener.local_addr().unwrap());
    let served = spawn(move || {
        // First another round's signature, then the right one.
        for json in
            [ROUNDS[1].json().replace(ROUNDS[1].signature, ROUNDS[0].signature), ROUNDS[1].json()]
        {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 4096];
            let n = stream.read(&mut buffer).unwrap();
            assert!(buffer[..n].starts_with(b"GET /52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971/public/1000 "));
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                json.len()
            );
            stream.write_all((head + &json).as_bytes()).unwrap();
        }
    });
    let before = snapshot(other.path());
    let fetch = format!("draw reveal --fetch --relay {relay}");
    at(other.path(), ROUNDS[1].after, &fetch)
        .refused(&["not quicknet's signature of this round", "nothing was revealed"]);
    assert_eq!(before, snapshot(other.path()));
    at(other.path(), ROUNDS[1].after, &fetch).ok();
    served.join().unwrap();
    lodd_in(other.path(), "draw verify draws/0001").ok();
}

/// Whatever is wrong with the round: said in both languages, and no byte is written.
#[test]
fn a_round_that_can_not_be_used_writes_nothing() {
    let dir = screened();
    announce(dir.path(), &ROUNDS[1]).ok();
    let good = ROUNDS[1].json();
    let before = snapshot(dir.path());
    let cases = [
        (ROUNDS[0].json(), "is not the announced round", "er en annen runde enn den kunngjorte"),
        (good.replace("b446", "b447"), "is not quicknet's signature", "er ikke quicknets signatur"),
        (
            good.replace("5e39\"", "5e\""),
            "must be 96 hexadecimal digits",
            "må være 96 heksadesimale sifre",
        ),
        (
            good.replace('}', r#","randomness":"00"}"#),
            "is not the SHA-256 of the signature",
            "er ikke SHA-256 av signaturen",
        ),
        ("{}".to_owned(), "must be the round's number", "må være rundens nummer"),
        ("no JSON".to_owned(), "must be a round as JSON", "må være en runde som JSON"),
    ];
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().display();
    for (json, en, nb) in cases {
        fs::write(file.path(), json).unwrap();
        for (lang, words) in [("en", en), ("nb", nb)] {
            let reveal =
                format!("--clock {} --lang {lang} draw reveal --beacon {path}", ROUNDS[1].after);
            lodd_in(dir.path(), &reveal).refused(&[words]);
        }
    }
    fs::write(file.path(), good).unwrap();
    at(dir.path(), "2023-08-23T15:59:23Z", &format!("draw reveal --beacon {path}"))
        .refused(&["round 1000 has yet to come: it comes at 2023-08-23T17:59:24+02:00"]);
    at(dir.path(), ROUNDS[1].after, "draw reveal --value 4-2-6")
        .refused(&["expected `drand`, found `witnessed`"]);
    assert_eq!(at(dir.path(), ROUNDS[1].after, "draw reveal").code, 2);
    assert_eq!(before, snapshot(dir.path()));
}

#[test]
fn an_announcement_must_be_early_enough() {
    let dir = screened();
    let before = snapshot(dir.path());
    for (clock, option, words) in [
        ("2023-08-23T15:49:25Z", "--round 1000", "at least 10 minutes before"),
        ("2023-08-23T15:49:25Z", "--at 2023-08-23T17:59:24", "at least 10 minutes before"),
        ("2023-08-23T15:59:24Z", "--round 1000", "it is known, and can't decide anything"),
        ("2022-08-21T00:00:00Z", "--round 1000", "more than a year ahead"),
        ("2023-08-23T15:00:00Z", "--at tomorrow", "the time must be like"),
    ] {
        at(dir.path(), clock, &format!("draw announce {option}")).refused(&[words]);
    }
    assert_eq!(at(dir.path(), ROUNDS[1].before, "draw announce --round 0").code, 2);
    assert_eq!(at(dir.path(), ROUNDS[1].before, "draw announce --round 9 --witnessed x").code, 2);
    assert_eq!(before, snapshot(dir.path()));
    at(dir.path(), "2023-08-23T15:49:24Z", "draw announce --at 2023-08-23T17:59:24").ok();
    // The protocol may ask for less than an hour, but never below ten minutes.
    let other = screened();
    change(&other.path().join("pilot.toml"), "lead_minutes = 10", "lead_minutes = 9");
    lodd_in(other.path(), "check --lang en").refused(&["draw.lead_minutes", "from 10 to"]);
    let third = screened();
    change(&third.path().join("pilot.toml"), "lead_minutes = 10\n", "");
    at(third.path(), "2023-08-23T14:59:25Z", "draw announce --round 1000")
        .refused(&["at least 60 minutes"]);
    at(third.path(), "2023-08-23T14:59:24Z", "draw announce --round 1000").ok();
}

#[test]
fn the_status_says_what_is_waited_for_and_what_is_overdue() {
    let dir = screened();
    announce(dir.path(), &ROUNDS[1]).ok();
    let status =
        |clock: &str| at(dir.path(), clock, "draw status --json").ok().json()["draws"][0].clone();
    let waiting = status("2023-08-24T15:59:23Z");
    assert_eq!(
        (waiting["round"].as_u64(), waiting["overdue"].as_bool()),
        (Some(1000), Some(false))
    );
    assert_eq!(waiting["round_at"], "2023-08-23T15:59:24Z");
    assert_eq!(status("2023-08-24T15:59:24Z")["overdue"], true);
    let said = at(dir.path(), "2023-08-25T10:00:00Z", "draw status").ok().stdout;
    assert!(said.contains("OVERDUE: round 1000"), "{said}");
    reveal(dir.path(), &ROUNDS[1]).ok();
    assert_eq!(status("2023-09-24T15:59:24Z")["overdue"], false);
}

/// Before its round nobody knows anything, and the secret stays; after it, it is shown.
#[test]
fn a_void_draw_shows_its_secret_once_the_round_has_come() {
    let dir = screened();
    announce(dir.path(), &ROUNDS[0]).ok();
    let void = "draw void --reason feil";
    let json = at(dir.path(), "2023-08-23T14:30:00Z", &format!("{void} --json")).ok().json();
    assert_eq!(
        (json["status"].as_str(), json["secret_revealed"].as_bool()),
        (Some("VOID"), Some(false))
    );
    let text = fs::read_to_string(public(dir.path(), 1, "void.json")).unwrap();
    assert!(text.contains("\"secret\": null") && text.contains("\"reason\": \"feil\""), "{text}");
    // Its families are free, and what was locked may change.
    change(&dir.path().join("pilot.toml"), "seats = [4]", "seats = [5]");
    announce(dir.path(), &ROUNDS[1]).ok();
    at(dir.path(), ROUNDS[1].after, void).ok();
    let text = fs::read_to_string(public(dir.path(), 2, "void.json")).unwrap();
    let secret = fs::read_to_string(dir.path().join("private/0002/secret")).unwrap();
    assert!(text.contains(secret.trim()), "{text}");
    announce(dir.path(), &ROUNDS[2]).ok();
    reveal(dir.path(), &ROUNDS[2]).ok();
    for number in 1..=3 {
        lodd_in(dir.path(), &format!("draw verify draws/000{number}")).ok();
    }
    lodd_in(dir.path(), "ledger verify").ok();
    let states = at(dir.path(), ROUNDS[2].after, "draw status --json").ok().json();
    let states: Vec<&str> = states["draws"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["status"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["VOID", "VOID", "DRAWN"]);
}

/// A slip proves a family's place to whoever has the public files, and nothing about anyone else.
#[test]
fn a_slip_is_checked_against_the_draw() {
    let dir = drawn();
    let unit = "KAS-QXKD-N";
    let slip = lodd_in(dir.path(), &format!("draw slip {unit}")).ok().stdout;
    fs::write(dir.path().join("slip.json"), &slip).unwrap();
    let verdict = lodd_in(dir.path(), "draw verify draws/0001 --slip slip.json --json").ok().json();
    assert_eq!(
        (verdict["slip"]["ok"].as_bool(), verdict["slip"]["drawn"].as_bool()),
        (Some(true), Some(true))
    );
    let row = fs::read_to_string(public(dir.path(), 1, "result.csv")).unwrap();
    let ticket = value(&dir.path().join("slip.json"), "/ticket");
    let row = row.lines().find(|line| line.contains(&ticket)).unwrap().to_owned();
    let (rank, arm) = (&verdict["slip"]["rank"], verdict["slip"]["arm"].as_str().unwrap());
    assert!(row.ends_with(&format!(",{rank},{arm}")), "{row}");
    for (from, to) in [(unit, "KAS-7X7Q-F"), (ticket.as_str(), &"0".repeat(32))] {
        fs::write(dir.path().join("bad.json"), slip.replace(from, to)).unwrap();
        lodd_in(dir.path(), "draw verify draws/0001 --slip bad.json").refused(&["slip"]);
    }
    lodd_in(dir.path(), "draw slip KAS-0000-0").refused(&["KAS-0000-0"]);
    lodd_in(dir.path(), &format!("draw slip {unit} --out draws/0001")).refused(&["family's own"]);
    lodd_in(dir.path(), &format!("draw slip {unit} --out lapper")).ok();
    for (lang, words) in [("nb", "ØVELSE"), ("nn", "ØVING"), ("en", "REHEARSAL")] {
        let page =
            fs::read_to_string(dir.path().join(format!("lapper/slip-{unit}.{lang}.html"))).unwrap();
        assert!(
            page.contains(words) && page.contains(unit) && page.contains(&ticket),
            "{lang}: {page}"
        );
        assert!(!page.contains("http") && !page.contains("<script"), "{lang}");
    }
    assert_eq!(
        fs::read_to_string(dir.path().join(format!("lapper/slip-{unit}.json"))).unwrap(),
        slip
    );
}

/// What is published holds no number that may be a fødselsnummer.
#[test]
fn texts_for_everyone_hold_no_eleven_digits() {
    let dir = screened();
    at(dir.path(), ROUNDS[0].before, "draw announce --witnessed 01017012345")
        .refused(&["eleven digits"]);
    announce(dir.path(), &ROUNDS[0]).ok();
    let before = snapshot(dir.path());
    for reason in ["01017012345", "010170-12345"] {
        at(dir.path(), ROUNDS[0].after, &format!("draw void --reason {reason}"))
            .refused(&["--reason", "eleven digits"]);
    }
    assert_eq!(before, snapshot(dir.path()));
}

/// Stopped between the files and the entry: the announcement stands as it was written, and the same
/// command records it.
#[test]
fn an_announcement_that_was_cut_off_is_taken_up() {
    let dir = screened();
    let kept = fs::read(dir.path().join("pilot.sqlite")).unwrap();
    announce(dir.path(), &ROUNDS[1]).ok();
    fs::write(dir.path().join("pilot.sqlite"), kept).unwrap();
    let written = snapshot(&dir.path().join("draws"));
    // Another source, or another protocol, is another announcement: refused.
    at(dir.path(), ROUNDS[1].before, "draw announce --rehearsal")
        .refused(&["it may have been seen", "(beacon)"]);
    at(dir.path(), ROUNDS[0].before, "draw announce --round 123").refused(&["(beacon)"]);
    announce(dir.path(), &ROUNDS[1]).ok();
    assert_eq!(written, snapshot(&dir.path().join("draws")));
    reveal(dir.path(), &ROUNDS[1]).ok();
    lodd_in(dir.path(), "draw verify draws/0001").ok();
    lodd_in(dir.path(), "ledger verify").ok();
}

/// Taken up when its round is near or known, it is in the chain but can only be given up.
#[test]
fn what_is_taken_up_too_late_does_not_count() {
    let dir = screened();
    let kept = fs::read(dir.path().join("pilot.sqlite")).unwrap();
    announce(dir.path(), &ROUNDS[1]).ok();
    fs::write(dir.path().join("pilot.sqlite"), kept).unwrap();
    at(dir.path(), ROUNDS[1].after, "draw announce --round 1000").ok();
    reveal(dir.path(), &ROUNDS[1])
        .refused(&["less than 10 minutes before round 1000", "lodd draw void"]);
    at(dir.path(), ROUNDS[1].after, "draw void --reason avbrutt").ok();
    lodd_in(dir.path(), "draw verify draws/0001").ok();
}

/// Stopped between the reveal's files and its entry: the same value finishes it, a void can't.
#[test]
fn an_ending_that_was_cut_off_is_finished_as_it_began() {
    for (first, then) in [("reveal", "void"), ("void", "reveal")] {
        let dir = screened();
        announce(dir.path(), &ROUNDS[0]).ok();
        let kept = fs::read(dir.path().join("pilot.sqlite")).unwrap();
        fs::write(dir.path().join("round.json"), ROUNDS[0].json()).unwrap();
        let run = |word: &str| {
            let words = if word == "void" {
                "draw void --reason feil"
            } else {
                "draw reveal --beacon round.json"
            };
            at(dir.path(), ROUNDS[0].after, words)
        };
        run(first).ok();
        fs::write(dir.path().join("pilot.sqlite"), kept).unwrap();
        let written = snapshot(&dir.path().join("draws"));
        run(then).refused(&[&format!("`{first}.json` is written")]);
        run(first).ok();
        assert_eq!(written, snapshot(&dir.path().join("draws")));
        lodd_in(dir.path(), "draw verify draws/0001").ok();
        lodd_in(dir.path(), "ledger verify").ok();
    }
}

/// Where only the private side was written, nobody has seen anything: a new one is made, and the
/// old is kept beside.
#[test]
fn an_unfinished_private_side_is_kept() {
    let dir = screened();
    fs::create_dir_all(dir.path().join("private/0001")).unwrap();
    fs::write(dir.path().join("private/0001/secret"), "old").unwrap();
    announce(dir.path(), &ROUNDS[0]).ok();
    assert_eq!(
        fs::read_to_string(dir.path().join("private/0001-unfinished-1/secret")).unwrap(),
        "old"
    );
    reveal(dir.path(), &ROUNDS[0]).ok();
}
