//! Every route × every role × own, other's, nobody's and a session that is over: what is not yours is
//! refused like what does not exist, and every route has a case that its owner gets.

use std::{collections::BTreeSet, fs, path::Path, rc::Rc};

use lodd_server::{Role, Route};

use super::served::{Served, draw};
use crate::{concurrent::pilot, support::lodd_in};

/// Somebody at a page that is served for many.
struct Person {
    served: Rc<Served>,
    role: Role,
    office: Option<&'static str>,
    cookie: String,
    csrf: String,
}

/// What `sha256sum` says of a page with nothing but its first line.
const SUMS: &str =
    "335fca8574f060eea24ebcdae6b78f32414f5de03da1084fd0e73d710768e3a9  report.nb.html\n";
const OFFICES: [&str; 2] = ["k00", "k01"];

/// Two offices with three families each, drawn, with a receipt each, and a report that may be published.
fn of_two_offices() -> tempfile::TempDir {
    let dir = pilot::of_offices(2, 2);
    draw(dir.path());
    for office in 0..2 {
        let (file, office) = (pilot::file(office, 0), pilot::office(office));
        let upload = format!("--clock 2026-09-02T07:00:00Z upload {file} --office {office}");
        lodd_in(dir.path(), &upload).ok();
    }
    // One family of each office has withdrawn, which an office's lead may retract.
    for (family, _) in [1, 4].map(|it| families(dir.path()).swap_remove(it)) {
        let withdraw =
            format!("--clock 2026-09-03T07:00:00Z family withdraw {family} --on 2026-09-02");
        lodd_in(dir.path(), &withdraw).ok();
    }
    fs::create_dir(dir.path().join("public")).unwrap();
    fs::write(dir.path().join("public/report.nb.html"), "<!doctype html>\n").unwrap();
    fs::write(dir.path().join("public/SHA256SUMS"), SUMS).unwrap();
    dir
}

/// Everyone, logged in at one server.
fn people(dir: &Path) -> Vec<Person> {
    let of = |role: Role| -> Vec<(Role, Option<&'static str>)> {
        if role.is_of_an_office() {
            OFFICES.map(|it| (role, Some(it))).into()
        } else {
            vec![(role, None)]
        }
    };
    let all: Vec<_> = Role::ALL.into_iter().flat_map(of).collect();
    let named: Vec<_> = all.iter().map(|(role, office)| (role.code(), office)).collect();
    let (served, cookies) = Served::many(dir, &serde_json::to_string(&named).unwrap());
    let served = Rc::new(served);
    let person = |((role, office), cookie): ((Role, Option<&'static str>), String)| {
        let cookie = format!("Cookie: {cookie}\r\n");
        let csrf = served.csrf(&cookie);
        Person { served: Rc::clone(&served), role, office, cookie, csrf }
    };
    all.into_iter().zip(cookies).map(person).collect()
}

/// What may stand in a path's places: what is there, another's, and what no honest browser sends.
fn places(route: &Route, ids: &[String]) -> Vec<String> {
    let mut values: Vec<String> =
        ["1", "0001", "2", "3", "4", "5", "0", "-1", "x", "ja"].map(Into::into).into();
    values.extend(
        ["99999999999999999999", "..%2f..", "%2e%2e", "%00", "1%2f..", "'", "nb"].map(Into::into),
    );
    values.extend(ids.iter().cloned());
    let files = [
        "announcement.json",
        "result.csv",
        "estimates.parquet",
        "assignments.parquet",
        "status.parquet",
        "pilot.sqlite",
        "private.csv",
        "secret",
        "..%2fpilot.sqlite",
        "..%2f..%2fprivate%2f0001%2fsecret",
        "%2fetc%2fpasswd",
        "kontroller-trekning.html",
        "record.nb.html",
        "report.nb.html",
        "vurdering.csv",
        "journal.csv",
    ];
    let mut paths = vec![route.path.to_owned()];
    for name in ["{id}", "{sequence}", "{lang}"] {
        if route.path.contains(name) {
            paths = values.iter().map(|it| route.path.replace(name, it)).collect();
        }
    }
    if route.path.contains("{file}") {
        let with = |it: String| files.map(|file| it.replace("{file}", file));
        paths = paths.into_iter().flat_map(with).collect();
    }
    paths
}

/// What a form may be about: nothing, or with an office's deed families of its own and of the other's.
fn about(route: &Route, families: &[(String, String)]) -> Vec<String> {
    let is_of_a_family =
        route.path.starts_with("/gjor/") && route.roles.iter().all(|it| it.is_of_an_office());
    if is_of_a_family {
        [0, 1, 3, 4].map(|it| format!("&familie={}", families[it].0)).into()
    } else {
        vec![String::new()]
    }
}

/// A page without the word that signs it, which is another each time.
fn body_of(person: &Person, body: &str) -> String {
    body.replace(&person.csrf, "")
}

impl Person {
    fn ask(&self, route: &Route, path: &str, cookie: &str, form: &str) -> (u16, String, String) {
        match route.method {
            "GET" => self.served.get(path, cookie),
            _ => self.served.post(path, cookie, form),
        }
    }

    /// Whether a form is about a family of the other office.
    fn is_anothers(&self, form: &str, families: &[(String, String)]) -> bool {
        let mut of = families.iter().filter(|(id, _)| form.ends_with(id.as_str()));
        self.office.is_some_and(|own| of.any(|(_, office)| office != own))
    }

    /// Whether what was answered shows a family that is not theirs to see.
    fn sees_too_much(&self, body: &str, families: &[(String, String)]) -> Option<String> {
        let theirs = |office: &str| match self.role {
            Role::Clerk | Role::Lead => self.office == Some(office),
            Role::Researcher | Role::Evaluator => true,
            Role::Auditor => false,
        };
        let not = families.iter().filter(|(_, office)| !theirs(office));
        not.map(|(id, _)| id.clone()).find(|id| body.contains(id.as_str()))
    }
}

/// Ids of families with their offices.
fn families(dir: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(dir.join("familier.csv")).unwrap();
    let row = |line: &str| {
        let mut fields = line.split(';');
        (fields.next().unwrap().to_owned(), fields.next().unwrap().to_owned())
    };
    text.lines().skip(1).map(row).collect()
}

/// How many rows each table has, as the ledger's length and head tell.
fn ledger(dir: &Path) -> (i64, String) {
    let store = rusqlite::Connection::open(dir.join("pilot.sqlite")).unwrap();
    let query = "SELECT COUNT(*), (SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1) FROM ledger";
    store.query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

/// Without a session a page leads to the door, and nothing that is sent is taken.
fn nobody(person: &Person, route: &Route, path: &str, cookie: &str) {
    let (status, head, body) = person.ask(route, path, cookie, "csrf=");
    let get = route.method == "GET";
    assert_eq!(status, if get { 303 } else { 401 }, "{} {path} for nobody: {head}", route.method);
    assert!(!get || (body.is_empty() && head.contains("location: /inn")), "{path}: {head}");
    assert!(!body.contains("KAS-"), "{path}");
}

#[test]
fn what_is_not_yours_is_not_there() {
    let dir = of_two_offices();
    let (all, routes, families) = (people(dir.path()), lodd_server::routes(), families(dir.path()));
    let ids: Vec<String> = [0, 3].map(|it| families[it].0.clone()).into();
    let before = ledger(dir.path());
    let mut asked = 0;
    for person in &all {
        let (_, _, unknown) = person.served.get("/finnes-ikke", &person.cookie);
        let unknown = body_of(person, &unknown);
        let strangers = ["", "Cookie: __Host-lodd=AAAAAAAAAAAAAAAAAAAAAA\r\n"];
        for route in routes.iter().filter(|it| !it.roles.is_empty()) {
            for path in places(route, &ids) {
                for cookie in &strangers {
                    nobody(person, route, &path, cookie);
                    asked += 1;
                }
                if !route.roles.contains(&person.role) {
                    let signed = format!("csrf={}", person.csrf);
                    let (status, head, body) = person.ask(route, &path, &person.cookie, &signed);
                    asked += 1;
                    assert_eq!(
                        status, 404,
                        "{} {path} for {:?}: {head}",
                        route.method, person.role
                    );
                    assert_eq!(body_of(person, &body), unknown, "{path} for {:?}", person.role);
                }
            }
        }
        // Whoever has left is nobody. The page says that a provider's own session may go on.
        let signed = format!("csrf={}", person.csrf);
        assert_eq!(person.served.post("/ut", &person.cookie, &signed).0, 200);
        for route in routes.iter().filter(|it| !it.roles.is_empty()) {
            for path in places(route, &ids) {
                nobody(person, route, &path, &person.cookie);
                asked += 1;
            }
        }
    }
    assert_eq!(ledger(dir.path()), before);
    println!("{asked} requests, all refused");
    assert!(asked >= 10_000, "{asked}");
}

/// Sends a file with a mistake, which waits with its file to mend.
fn waiting(person: &Person, dir: &Path, office: &str) {
    let text = fs::read_to_string(dir.join(format!("{office}-01.csv"))).unwrap();
    let (first, rest) = text.split_once("LONN").unwrap();
    let text = format!("{first}LNON{rest}");
    let (status, head, _) = person.served.deliver(&person.cookie, &person.csrf, &text);
    assert_eq!(status, 303, "{head}");
    // One of three is more than a fifth: what is good of it is to be stored all the same.
    let choices = format!("csrf={}&gode=on", person.csrf);
    assert_eq!(person.served.post("/levering/igjen", &person.cookie, &choices).0, 303);
}

#[test]
fn every_route_has_a_case_for_its_owner_and_shows_nobody_elses() {
    let dir = of_two_offices();
    let (all, routes, families) = (people(dir.path()), lodd_server::routes(), families(dir.path()));
    let ids: Vec<String> = [0, 3].map(|it| families[it].0.clone()).into();
    let mut got: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
    for person in &all {
        if let Some(office) = person.office {
            waiting(person, dir.path(), office);
        }
        let (_, _, unknown) = person.served.get("/finnes-ikke", &person.cookie);
        let unknown = body_of(person, &unknown);
        // Leaving ends the session: the last of all.
        for route in routes.iter().filter(|it| it.path != "/ut") {
            if !route.roles.is_empty() && !route.roles.contains(&person.role) {
                continue;
            }
            for path in places(route, &ids) {
                // Not signed, nothing is done.
                if route.method == "POST" && route.path != "/inn" {
                    let (status, head, _) = person.ask(route, &path, &person.cookie, "csrf=0");
                    assert!(matches!(status, 303 | 400 | 403 | 404), "{path} unsigned: {head}");
                }
                for family in about(route, &families) {
                    let signed = format!("csrf={}{family}", person.csrf);
                    let (status, head, body) = person.ask(route, &path, &person.cookie, &signed);
                    let is_fine = status < 500 && status != 401;
                    assert!(is_fine, "{path} for {:?}: {head} {body}", person.role);
                    if person.is_anothers(&family, &families) {
                        assert_eq!(status, 404, "{path} of {family} for {:?}", person.office);
                        assert_eq!(body_of(person, &body), unknown);
                    }
                    let much = person.sees_too_much(&body, &families);
                    assert_eq!(much, None, "{path} for {:?} of {:?}", person.role, person.office);
                    // A form that is sent empty is refused by its step, which it has reached.
                    if matches!(status, 200 | 303 | 400 | 409 | 422) {
                        got.insert((route.method, route.path, person.role.code()));
                    }
                }
            }
        }
    }
    // What waits for two has its own day: `login::two_persons_log_in_with_a_provider_and_one_is_never_two`.
    let elsewhere = ["/ut", "/venter/{id}/ja", "/venter/{id}/nei"];
    for route in routes.iter().filter(|it| !elsewhere.contains(&it.path)) {
        for role in &route.roles {
            let case = (route.method, route.path, role.code());
            assert!(got.contains(&case), "no case of {case:?} succeeds");
        }
    }
    assert_eq!(lodd_in(dir.path(), "--json ledger verify").ok().json()["ok"], true);
}
