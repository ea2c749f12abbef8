//! The report's descriptive tables against what is known from elsewhere: the office's published slides,
//! the files an office delivered, and events told by hand.

use std::{collections::BTreeMap, fs, path::Path};

use lodd_store::{Table, parquet};

use crate::{
    events::Ringerike,
    support::{copied, lodd, lodd_in, python, root},
};

/// A mean of 15 small integers is rounded in its last places only.
const ROUNDING: f64 = 1e-12;

/// Runs the commands of a pilot's `demo.txt`, with `between` before the one that starts with `stop`.
fn run(dir: &Path, stop: &str, between: impl Fn()) {
    let commands = fs::read_to_string(dir.join("demo.txt")).unwrap();
    for line in commands.lines().filter(|line| !line.starts_with('#')) {
        let (clock, command) = line.split_once(" lodd ").unwrap();
        if command.starts_with(stop) {
            between();
        }
        lodd_in(dir, &format!("{command} --clock {clock}")).ok();
    }
}

fn table(dir: &Path) -> Table {
    parquet::read(&dir.join("out/descriptives.parquet")).unwrap().0
}

/// The rows of a table of the file: `arm/population/item` with n, whole and value.
type Rows = BTreeMap<String, (Option<i64>, Option<i64>, Option<f64>)>;

fn rows(dir: &Path, name: &str) -> Rows {
    let table = table(dir);
    let text = |name: &str| table.text(name).unwrap();
    let at = |name: &str, row: usize| text(name)[row].clone().unwrap_or_default();
    let own = (0..table.rows()).filter(|&row| at("table", row) == name);
    own.map(|row| {
        let key = format!("{}/{}/{}", at("arm", row), at("population", row), at("item", row));
        let int = |name: &str| table.int(name).unwrap()[row];
        (key, (int("n"), int("whole"), table.real("value").unwrap()[row]))
    })
    .collect()
}

/// From the published slides: 57 eligible families with 120 children, 15 places, 29 children in them. What
/// the coordinators told is counted by hand.
#[test]
fn list_profile_balance_and_content_are_those_of_the_slides_and_of_the_log() {
    let pilot = Ringerike::drawn();
    tell(&pilot);
    for command in ["panel", "estimate", "report --format html"] {
        pilot.run(command).ok();
    }
    let dir = pilot.path();
    list_profile_and_balance(dir);
    content(dir);

    // No harm was asked about, and the report says so.
    assert!(rows(dir, "harms").is_empty());
    let page = fs::read_to_string(dir.join("out/report.nb.html")).unwrap();
    assert!(page.contains("Ikke målt i denne piloten: utkastelse, sanksjon"));
}

/// Consent of four families, meetings of three, and one of the control that was followed up.
fn tell(pilot: &Ringerike) {
    let assignments = parquet::read(&pilot.path().join("out/assignments.parquet")).unwrap().0;
    let (units, arms) = (assignments.text("unit_id").unwrap(), assignments.text("arm").unwrap());
    let of = |arm: &str| -> Vec<String> {
        let own = units.iter().zip(arms).filter(|(_, it)| it.as_deref() == Some(arm));
        own.map(|(unit, _)| unit.clone().unwrap()).collect()
    };
    let (drawn, control) = (of("follow-up"), of("ordinary"));
    for (family, answer) in
        [(&drawn[0], "JA"), (&drawn[1], "JA"), (&control[0], "NEI"), (&control[1], "JA")]
    {
        pilot
            .run(&format!(
                "family consent {family}-A1 --kind FORSKNING --answer {answer} --on 2015-09-20"
            ))
            .ok();
    }
    for (family, meetings, coordinator) in
        [(&drawn[0], 3, "K1"), (&drawn[1], 5, "K2"), (&control[0], 1, "K1")]
    {
        let told = format!("--on 2015-10-01 --meetings {meetings} --coordinator {coordinator}");
        pilot.run(&format!("family participation {family} {told}")).ok();
    }
    pilot
        .run(&format!("family deviation {} --kind KONTROLL_FULGT_OPP --on 2015-10-01", control[0]));
}

fn list_profile_and_balance(dir: &Path) {
    let offices = rows(dir, "offices");
    let n = |key: &str| offices[key].0;
    assert_eq!(n("/eligible/families"), Some(57));
    assert_eq!((n("follow-up/drawn/families"), n("ordinary/drawn/families")), (Some(15), Some(42)));
    assert_eq!(n("/reserve/families"), Some(42));
    assert_eq!(n("follow-up/consented/families"), Some(2));
    assert_eq!(n("ordinary/consented/families"), Some(1));

    let profile = rows(dir, "profile");
    let (families, _, mean) = profile["/eligible/children"];
    assert_eq!((families, mean), (Some(57), Some(120.0 / 57.0)));
    assert_eq!(profile["/drawn/families"].0, Some(57));
    assert_eq!(profile["/started/families"].0, Some(3));
    assert_eq!(profile["/consented/families"].0, Some(3));

    // By the formula of the specification: 39 percentage points from a base of 30 per cent.
    let detected = rows(dir, "power")["//base rate 0.3: mde"].2.unwrap();
    assert!((detected - 0.39).abs() < 0.005, "{detected}");

    let balance = parquet::read(&dir.join("out/draw-0001/balance.parquet")).unwrap().0;
    let row = (0..balance.rows())
        .find(|&row| {
            balance.text("fact").unwrap()[row].as_deref() == Some("children")
                && balance.text("arm").unwrap()[row].as_deref() == Some("follow-up")
        })
        .unwrap();
    let children = 15.0 * balance.real("mean").unwrap()[row].unwrap();
    assert!((children - 29.0).abs() < ROUNDING, "{children}");
    let page = fs::read_to_string(dir.join("out/report.nb.html")).unwrap();
    for words in ["Balansetest", "En lav p blant alle i trekningen er derfor tilfeldig", "1,93"] {
        assert!(page.contains(words), "{words}");
    }
}

fn content(dir: &Path) {
    let received = rows(dir, "received");
    let of = |item: &str| {
        ["follow-up", "ordinary"].map(|arm| {
            let (n, whole, _) = received[&format!("{arm}//{item}")];
            (n.unwrap(), whole.unwrap())
        })
    };
    assert_eq!(of("started"), [(2, 15), (1, 42)]);
    assert_eq!(of("met"), [(2, 15), (1, 42)]);
    assert_eq!(of("coordinator"), [(2, 15), (1, 42)]);
    assert_eq!(of("control_followed"), [(0, 15), (1, 42)]);
    assert_eq!(received["follow-up//meetings"], (Some(2), None, Some(4.0)));
    assert_eq!(received["ordinary//meetings"], (Some(1), None, Some(1.0)));
}

/// 362 families, counted again from the delivered files by another program.
#[test]
fn attrition_response_and_transitions_are_those_of_the_delivered_files() {
    let dir = copied(&root().join("data/housing"));
    run(dir.path(), "never", || ());
    let data = root().join("data/housing");
    let said = python("check_descriptives.py", &[&data, dir.path()]).ok();
    println!("{}", said.stdout);
}

/// Evictions told of 5 families at three months: counted by arm from the file that was delivered.
#[test]
fn harms_are_counted_by_arm_among_those_with_an_answer() {
    let dir = copied(&root().join("data/kast"));
    let path = |name: &str| dir.path().join(name);
    let protocol = fs::read_to_string(path("pilot.toml")).unwrap();
    let variable = "\n[[variable]]\nname = \"UTKASTELSE\"\nunit = \"FAMILIE\"\nkind = \"yes_no\"\n\
                    label_nb = \"Kastet ut av boligen\"\nlabel_en = \"Evicted\"\n";
    fs::write(path("pilot.toml"), protocol + variable).unwrap();
    let families = fs::read_to_string(path("familier.csv")).unwrap();
    let families: Vec<&str> =
        families.lines().skip(1).map(|line| line.split(';').next().unwrap()).collect();
    let asked = families.iter().enumerate().filter(|(at, _)| *at != 11);
    let told: Vec<String> = asked
        .map(|(at, family)| {
            let answer = if at % 2 == 0 && at < 10 { "J" } else { "N" };
            format!("{family};2026-12-03;{answer}\n")
        })
        .collect();
    fs::write(
        path("utkastelse.csv"),
        format!("familie_id;statusdato;utkastelse\n{}", told.concat()),
    )
    .unwrap();
    run(dir.path(), "plan lock", || {
        let words =
            ["upload", "utkastelse.csv", "--office", "kast", "--clock", "2026-12-11T09:00:00Z"];
        lodd(dir.path(), &words).ok();
    });
    let assignments = parquet::read(&path("out/assignments.parquet")).unwrap().0;
    let (units, arms) = (assignments.text("unit_id").unwrap(), assignments.text("arm").unwrap());
    let found = rows(dir.path(), "harms");
    for arm in ["follow-up", "ordinary"] {
        let own = |at: &usize| {
            let family = Some(families[*at].to_owned());
            units.iter().zip(arms).any(|(unit, it)| *unit == family && it.as_deref() == Some(arm))
        };
        let asked = (0..11).filter(own).count();
        let harmed = (0..10).step_by(2).filter(own).count();
        let (n, whole, _) = found[&format!("{arm}//UTKASTELSE")];
        assert_eq!((n, whole), (i64::try_from(harmed).ok(), i64::try_from(asked).ok()), "{arm}");
    }
    let page = fs::read_to_string(path("out/report.nn.html")).unwrap();
    assert!(page.contains("Uønskte hendingar: familiar"));
    assert!(
        page.contains(
            "Ikkje målt i denne piloten: sanksjon eller trekk i ytinga og ny barnevernssak"
        )
    );
}
