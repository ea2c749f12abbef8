//! An office's families: what of them an office may see, and what it can tell of them.

use std::{fs, process::Command};

use serde_json::Value;

use super::{Served, served::run_before};
use crate::support::{Ran, copied, lodd_in, python, root};

/// The office that the pages are of, and another.
const OWN: &str = "kast";
const OTHER: &str = "annet";

/// The throw-away pilot with two offices, drawn: the last four families are the other's.
pub(crate) fn two_offices() -> tempfile::TempDir {
    let dir = copied(&root().join("data/kast"));
    let edit = |name: &str, change: &dyn Fn(&str) -> String| {
        let path = dir.path().join(name);
        fs::write(&path, change(&fs::read_to_string(&path).unwrap())).unwrap();
    };
    edit("pilot.toml", &|text| {
        let other = "[[office]]\nid = \"annet\"\nname = \"Nav Annet\"\nmunicipality = \"9998\"\n\n";
        let text = text.replace("[screening]\n", &format!("{other}[screening]\n"));
        text.replace("offices = [\"kast\"]", "offices = [\"kast\", \"annet\"]")
    });
    let mut others = Vec::new();
    let list = fs::read_to_string(dir.path().join("familier.csv")).unwrap();
    let rows: Vec<&str> = list.lines().collect();
    let (first, last) = rows.split_at(rows.len() - 4);
    for row in last {
        others.push(row.split(';').next().unwrap().to_owned());
    }
    let last = last.iter().map(|row| row.replace(";kast;", ";annet;"));
    let all: Vec<String> = first.iter().map(ToString::to_string).chain(last).collect();
    fs::write(dir.path().join("familier.csv"), all.join("\n") + "\n").unwrap();
    edit("start.csv", &|text| {
        let own = text.lines().filter(|row| !others.iter().any(|it| row.starts_with(it.as_str())));
        own.map(|row| format!("{row}\n")).collect()
    });
    run_before(dir.path(), "tre-maneder", "");
    dir
}

/// An office's families, by the roster's file.
fn families(served: &Served, office: &str) -> Vec<String> {
    let list = fs::read_to_string(served.dir.path().join("familier.csv")).unwrap();
    let own = list.lines().filter(|row| row.contains(&format!(";{office};")));
    own.map(|row| row.split(';').next().unwrap().to_owned()).collect()
}

/// Somebody of an office, let in.
struct Clerk {
    served: Served,
    cookie: String,
    csrf: String,
}

impl Clerk {
    fn of(dir: tempfile::TempDir, whose: &[&str]) -> Self {
        let served = Served::by(dir, whose);
        let cookie = served.enter();
        let csrf = served.csrf(&cookie);
        Self { served, cookie, csrf }
    }

    fn get(&self, path: &str) -> (u16, String) {
        let (status, _, body) = self.served.get(path, &self.cookie);
        (status, body)
    }

    fn send(&self, deed: &str, answers: &[(&str, &str)]) -> (u16, String) {
        let answers =
            answers.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', "+")));
        let all: Vec<String> = [format!("csrf={}", self.csrf)].into_iter().chain(answers).collect();
        let body = all.join("&");
        let (status, _, body) = self.served.post(&format!("/gjor/{deed}"), &self.cookie, &body);
        (status, body)
    }

    /// By the command line, at the page's own time.
    fn lodd(&self, words: &str) -> Value {
        let line = format!("--clock 2026-12-10T10:00:00Z --json {words}");
        lodd_in(self.served.dir.path(), &line).ok().json()
    }

    fn ledger(&self) -> i64 {
        let store = self.served.dir.path().join("pilot.sqlite");
        let store = rusqlite::Connection::open(store).unwrap();
        store.query_row("SELECT COUNT(*) FROM ledger", [], |row| row.get(0)).unwrap()
    }

    /// What is stored of a family, without the times.
    fn stored(&self, family: &str) -> Value {
        let mut shown = self.lodd(&format!("family show {family}"));
        for event in shown["events"].as_array_mut().unwrap() {
            event.as_object_mut().unwrap().remove("recorded_at");
        }
        shown
    }
}

/// Every form, filled for a family and a member of it.
fn forms<'a>(
    family: &'a str,
    member: &'a str,
) -> Vec<(&'static str, Vec<(&'static str, &'a str)>)> {
    let of = |rest: &[(&'static str, &'a str)]| {
        let mut all = vec![("familie", family)];
        all.extend_from_slice(rest);
        all
    };
    let day = ("dato", "2026-11-20");
    let new =
        [("medlem", "ny"), ("rolle", "BARN"), ("fodselsar", "2026"), ("hvorfor", "FODT"), day];
    vec![
        ("medlem-inn", of(&new)),
        ("medlem-ut", of(&[("medlem", member), ("hvorfor", "FLYTTET_UT"), day])),
        ("flytting", of(&[("kommune", "0301"), day])),
        ("trekk", of(&[("hvem", member), ("samtykke", "FORSKNING"), day])),
    ]
}

#[test]
fn another_office_s_family_an_erased_one_and_none_are_the_same_nothing() {
    let clerk = Clerk::of(two_offices(), &["--office", OWN, "--as", "lead"]);
    let (own, others) = (families(&clerk.served, OWN), families(&clerk.served, OTHER));
    let erased = &own[0];
    let erase = format!("family erase {erased} --ground SAMTYKKE_TRUKKET --yes");
    clerk.lodd(&erase);
    let (status, list) = clerk.get("/familier");
    assert_eq!(status, 200);
    let rows = list.matches("href=\"/familier/").count();
    assert_eq!((own.len(), rows), (8, 7), "{list}");
    // Nothing is owed of an erased family either: not on the page, not in the form.
    let home = clerk.get("/").1;
    assert!(home.contains(&own[1]) && !home.contains(erased.as_str()), "{home}");
    let owed = clerk.lodd(&format!("due --office {OWN}")).to_string();
    assert!(owed.contains(&own[1]) && !owed.contains(erased.as_str()), "{owed}");
    let form = clerk.served.dir.path().join("form.xlsx");
    clerk.lodd(&format!("template --office {OWN} {}", form.display()));
    let cells = python("cells.py", &[&form]).ok().stdout;
    assert!(cells.contains(&own[1]) && !cells.contains(erased.as_str()), "{cells}");
    let unknown = "KAS-3333-3";
    let nothing = clerk.get(&format!("/familier/{unknown}"));
    assert_eq!(nothing.0, 404);
    let before = clerk.ledger();
    let member = |family: &str| format!("{family}-A1");
    for family in others.iter().chain([erased]).map(String::as_str).chain([
        "",
        "KAS",
        "%2e%2e",
        "..%2fpilot.sqlite",
        &member(&own[1]),
        &own[1].to_lowercase(),
    ]) {
        if !family.is_empty() {
            assert_eq!(clerk.get(&format!("/familier/{family}")), nothing, "{family}");
        }
        for (deed, answers) in forms(family, &member(family)) {
            assert_eq!(clerk.send(deed, &answers), nothing, "{deed} {family}");
        }
        let event = format!("member {family}-A1 2026-07-09 -");
        let answers = [("familie", family), ("hendelse", event.as_str()), ("arsak", "TASTEFEIL")];
        assert_eq!(clerk.send("angre", &answers), nothing, "{family}");
    }
    // A member of another family, in a form of one's own: of another office's, of one's own, and nobody.
    for stranger in [member(&others[0]), member(&own[2]), "KAS-3333-3-A1".to_owned()] {
        for (deed, answers) in forms(&own[1], &stranger) {
            if answers.iter().any(|it| it.1 == stranger) {
                assert_eq!(clerk.send(deed, &answers), nothing, "{deed} {stranger}");
            }
        }
    }
    // What is not there is not there even where something else could be mended.
    let half = [("familie", others[0].as_str())];
    assert_eq!(clerk.send("flytting", &half), nothing);
    assert_eq!(clerk.ledger(), before);
}

#[test]
fn what_a_page_tells_is_what_the_command_line_tells() {
    let by_page = Clerk::of(two_offices(), &["--office", OWN, "--as", "lead"]);
    let own = families(&by_page.served, OWN);
    let by_command = Clerk::of(copied(by_page.served.dir.path()), &["--office", OWN]);
    let family = own[1].as_str();
    let (parent, child) = (format!("{family}-A1"), format!("{family}-B1"));
    let before = by_page.ledger();
    for (deed, answers) in forms(family, &child) {
        let (status, body) = by_page.send(deed, &answers);
        assert_eq!(status, 200, "{deed}: {body}");
        assert!(body.contains("innslag"), "{deed}: {body}");
    }
    // A known one comes back; a day as people write it.
    let back = [("familie", family), ("medlem", child.as_str()), ("dato", "01.12.2026")];
    assert_eq!(by_page.send("medlem-inn", &back).0, 200);
    let both =
        [("familie", family), ("hvem", family), ("samtykke", "TILTAK"), ("dato", "2026-11-20")];
    assert_eq!(by_page.send("trekk", &both).0, 200);
    assert_eq!(by_page.ledger(), before + 6);
    for words in [
        format!(
            "family member add {family} --role BARN --birth-year 2026 --why FODT --on 2026-11-20"
        ),
        format!("family member leave {child} --why FLYTTET_UT --on 2026-11-20"),
        format!("family move {family} --municipality 0301 --on 2026-11-20"),
        format!("family withdraw {child} --on 2026-11-20"),
        format!("family member back {child} --on 2026-12-01"),
        format!("family withdraw {family} --consent TILTAK --on 2026-11-20"),
    ] {
        by_command.lodd(&words);
    }
    assert_eq!(by_page.stored(family), by_command.stored(family));
    // Told again it is what it was.
    assert_eq!(by_page.send("medlem-inn", &back).0, 200);
    assert_eq!(by_page.ledger(), before + 6);
    let page = by_page.get(&format!("/familier/{family}")).1;
    let newcomer = format!("{family}-B2");
    let texts = [&newcomer, &child, &parent, "0301", "trukket fra 20.11.2026", "Født"];
    for shown in texts {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    // The ledger says whose page it was.
    let said = format!("consent {child} 2026-11-20 FORSKNING");
    let take = [("familie", family), ("hendelse", said.as_str()), ("arsak", "FEIL_PERSON")];
    let (status, body) = by_page.send("angre", &take);
    assert_eq!(status, 200, "{body}");
    by_command.lodd(&format!(
        "family retract {child} --what consent --on 2026-11-20 --consent FORSKNING --reason FEIL_PERSON"
    ));
    assert_eq!(by_page.stored(family), by_command.stored(family));
    let verified = by_page.lodd("ledger verify");
    assert_eq!(verified["ok"], true);
}

#[test]
fn a_caseworker_takes_nothing_back() {
    let clerk = Clerk::of(two_offices(), &["--office", OWN]);
    let own = families(&clerk.served, OWN);
    let (family, member) = (own[1].as_str(), format!("{}-A1", own[1]));
    for (deed, answers) in forms(family, &member) {
        assert_eq!(clerk.send(deed, &answers).0, 200, "{deed}");
    }
    let page = clerk.get(&format!("/familier/{family}")).1;
    assert!(!page.contains("/gjor/angre"));
    let take = [
        ("familie", family),
        ("hendelse", &format!("move {family} 2026-11-20 -")),
        ("arsak", "TASTEFEIL"),
    ];
    let before = clerk.ledger();
    assert_eq!(clerk.send("angre", &take).0, 404);
    assert_eq!(clerk.ledger(), before);
}

#[test]
fn what_is_refused_says_where_and_nothing_is_written() {
    let clerk = Clerk::of(two_offices(), &["--office", OWN, "--as", "lead"]);
    let own = families(&clerk.served, OWN);
    let family = own[1].as_str();
    let moved = [("familie", family), ("kommune", "9999"), ("dato", "2026-11-01")];
    assert_eq!(clerk.send("flytting", &moved).0, 200);
    let before = clerk.ledger();
    let of = |rest: &[(&'static str, &'static str)]| {
        let mut all = vec![("familie", family)];
        all.extend_from_slice(rest);
        all
    };
    // Field by field: what is wrong stands in the summary, with a link, and beside the field.
    for (deed, answers, field) in [
        ("flytting", of(&[("kommune", "0301"), ("dato", "2026-12-11")]), "flytting-dato"),
        ("flytting", of(&[("kommune", "0301"), ("dato", "i går")]), "flytting-dato"),
        ("flytting", of(&[("kommune", "oslo"), ("dato", "2026-12-01")]), "flytting-kommune"),
        ("flytting", of(&[("kommune", "0301")]), "flytting-dato"),
        ("medlem-inn", of(&[("medlem", "ny"), ("dato", "2026-12-01")]), "medlem-inn-fodselsar"),
        ("medlem-ut", of(&[("dato", "2026-12-01")]), "medlem-ut-medlem"),
        ("trekk", of(&[("hvem", "x")]), ""),
        ("angre", of(&[("arsak", "TASTEFEIL")]), "angre-hendelse"),
    ] {
        let (status, body) = clerk.send(deed, &answers);
        if field.is_empty() {
            assert_eq!(status, 404, "{deed}");
            continue;
        }
        assert_eq!(status, 409, "{deed}: {body}");
        assert!(body.contains(&format!("href=\"#{field}\"")), "{deed}: {body}");
        assert!(body.contains(&format!("id=\"{field}-feil\"")), "{deed}: {body}");
        assert!(body.contains("aria-invalid=\"true\""), "{deed}: {body}");
    }
    assert_eq!(clerk.ledger(), before);
}

#[test]
fn what_only_the_step_refuses_is_said_and_nothing_is_written() {
    let clerk = Clerk::of(two_offices(), &["--office", OWN, "--as", "lead"]);
    let own = families(&clerk.served, OWN);
    let (family, member) = (own[1].as_str(), format!("{}-A1", own[1]));
    let before = clerk.ledger();
    let of = |rest: &[(&'static str, &'static str)]| {
        let mut all = vec![("familie", family)];
        all.extend_from_slice(rest);
        all
    };
    // What only the step knows: a year that is not the day's, a code that is none.
    for (deed, answers, said) in [
        (
            "medlem-inn",
            of(&[
                ("medlem", "ny"),
                ("rolle", "BARN"),
                ("fodselsar", "2020"),
                ("hvorfor", "FODT"),
                ("dato", "2026-12-01"),
            ]),
            "passer ikke med 2026-12-01",
        ),
        (
            "medlem-inn",
            of(&[
                ("medlem", "ny"),
                ("rolle", "KATT"),
                ("fodselsar", "2020"),
                ("hvorfor", "ANNET"),
                ("dato", "2026-12-01"),
            ]),
            "må være en av FORELDER",
        ),
    ] {
        let (status, body) = clerk.send(deed, &answers);
        assert_eq!(status, 409, "{body}");
        assert!(body.contains(said), "{body}");
        // What was written stands in the form again.
        assert!(body.contains("value=\"2020\""), "{body}");
    }
    let leave = [
        ("familie", family),
        ("medlem", member.as_str()),
        ("hvorfor", "FLYTTET_INN"),
        ("dato", "2026-12-01"),
    ];
    assert_eq!(clerk.send("medlem-ut", &leave).0, 409);
    assert_eq!(clerk.ledger(), before);
}

#[test]
fn no_page_of_an_office_tells_the_arm() {
    let clerk = Clerk::of(two_offices(), &["--office", OWN, "--as", "lead"]);
    let own = families(&clerk.served, OWN);
    let pages = || -> Vec<(u16, String)> {
        let mut all = vec![clerk.get("/familier"), clerk.get("/"), clerk.get("/historikk")];
        all.extend(own.iter().map(|it| clerk.get(&format!("/familier/{it}"))));
        all
    };
    let before = pages();
    // What only a family of one arm, or a deviation from it, has.
    for family in &own {
        for words in [
            format!("family participation {family} --on 2026-10-01 --meetings 3 --coordinator K7"),
            format!("family deviation {family} --kind KONTROLL_FULGT_OPP --on 2026-10-02"),
            format!("family deviation {family} --kind KRYSSET_OVER --on 2026-10-03"),
            format!("family consent {family} --kind TILTAK --answer JA --on 2026-10-04"),
            format!("family withdraw {family} --consent TILTAK --on 2026-11-04"),
        ] {
            clerk.lodd(&words);
        }
    }
    assert!(pages() == before, "a page has changed by what tells the arm");
    for (_, body) in &before {
        for arm in ["follow-up", "ordinary", "Oppfølging", "Ordinære", "KONTROLL", "KRYSSET", "K7"]
        {
            assert!(!body.contains(arm), "{arm} in {body}");
        }
    }
    // The same events of what does not tell it are shown.
    let family = &own[0];
    clerk.lodd(&format!("family consent {family} --kind FORSKNING --answer JA --on 2026-10-04"));
    assert!(
        clerk.get(&format!("/familier/{family}")).1.contains("samtykke (forskning): ja 04.10.2026")
    );
}

#[test]
fn a_family_that_another_office_follows_is_seen_as_it_was() {
    let old = Clerk::of(two_offices(), &["--office", OWN, "--as", "lead"]);
    let own = families(&old.served, OWN);
    let (family, page) = (own[1].as_str(), format!("/familier/{}", own[1]));
    let to = [("familie", family), ("kommune", "9998"), ("kontor", OTHER), ("dato", "2026-12-01")];
    assert_eq!(old.get(&page).0, 200);
    assert_eq!(old.send("flytting", &to).0, 200);
    let nobody =
        [("familie", family), ("kommune", "9998"), ("kontor", "tredje"), ("dato", "2026-12-01")];
    let nothing = old.get("/familier/KAS-3333-3");
    assert_eq!(old.send("flytting", &nobody), nothing);
    let seen = old.get(&page).1;
    assert!(seen.contains("Følges av et annet kontor siden 01.12.2026"), "{seen}");
    assert!(!seen.contains("Nav Annet") && !seen.contains("/gjor/flytting"), "{seen}");
    // The other office, on a copy of the pilot, follows it from now on, and tells of a child.
    let new = Clerk::of(copied(old.served.dir.path()), &["--office", OTHER]);
    assert_eq!(new.get(&page).0, 200);
    assert!(new.get("/familier").1.contains(family));
    assert!(new.get(&page).1.contains("/gjor/trekk"));
    for (deed, answers) in forms(family, &format!("{family}-B1")) {
        assert_eq!(new.send(deed, &answers).0, 200, "{deed}");
        assert_eq!(old.send(deed, &answers), nothing, "{deed}");
    }
    // What is told since is not the old office's.
    for words in [
        format!(
            "family member add {family} --role BARN --birth-year 2026 --why FODT --on 2026-12-02"
        ),
        format!("family withdraw {family} --on 2026-12-03"),
    ] {
        old.lodd(&words);
    }
    assert!(old.get(&page).1 == seen, "{}", old.get(&page).1);
    // Its lead can take back a move that was a mistake; then the family is here again.
    let event = format!("move {family} 2026-12-01 -");
    let take = [("familie", family), ("hendelse", event.as_str()), ("arsak", "TASTEFEIL")];
    assert_eq!(old.send("angre", &take).0, 200);
    let again = old.get(&page).1;
    assert!(again.contains("/gjor/flytting") && again.contains(&format!("{family}-B2")), "{again}");
}

/// By keyboard, in three languages, with what a screen reader is given: see `verifier/test/hold.mjs`.
#[test]
fn a_lead_tells_of_a_family_in_a_browser() {
    let served = Served::by(two_offices(), &["--office", OWN, "--as", "lead"]);
    let family = families(&served, OWN)[1].clone();
    // The throw-away pilot before its draw has nothing for anybody.
    let bare = copied(&root().join("data/kast"));
    lodd_in(bare.path(), "--clock 2026-08-20T08:10:00Z roster import familier.csv medlemmer.csv")
        .ok();
    let empty = Served::by(bare, &["--office", OWN]);
    let mut command = Command::new("node");
    command.current_dir(root().join("verifier")).arg("test/families.mjs");
    command.args([&served.link, &empty.link, &family]);
    command.args(std::env::var_os("LODD_SCREENSHOTS"));
    let output = command.output().unwrap();
    Ran::new(&output).ok();
}
