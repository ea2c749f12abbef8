//! Places offered down two ranked lists, from the draw to the estimate, from the command line.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
};

use lodd_store::{Table, parquet};

use crate::{
    offers::family,
    support::{Ran, copied, lodd_in, root},
};

const SEED: &str = "6b6173742d72656865617273616c2d736565642d666f722d7468652d64656d6f";
/// Label, families, places.
const LISTS: [(&str, std::ops::Range<usize>, usize); 2] = [("nord", 0..10, 3), ("sor", 10..18, 2)];

/// Whether the n-th family takes a place that it is offered.
fn takes(n: usize) -> bool {
    !n.is_multiple_of(3)
}

/// Whether its adult works after three months: those who took a place mostly do.
fn works(n: usize, has_place: bool) -> bool {
    if has_place { n % 4 != 1 } else { n % 5 == 2 }
}

/// A pilot folder with a clock that goes on by ten minutes a command.
struct Lists {
    dir: tempfile::TempDir,
    minutes: Cell<u32>,
}

impl Lists {
    fn new() -> Self {
        let dir = copied(&root().join("data/kast"));
        let path = dir.path().join("pilot.toml");
        let text = fs::read_to_string(&path).unwrap();
        let (offices, rest) = text.split_once("[screening]").unwrap();
        let (head, _) = offices.split_once("[[office]]").unwrap();
        let (rest, block) = rest.split_once("[[draw.block]]").unwrap();
        let (_, outcomes) = block.split_once("seats = [4]\n").unwrap();
        let (mut offices, mut blocks) = (String::new(), String::new());
        for (label, _, seats) in LISTS {
            writeln!(
                offices,
                "[[office]]\nid = \"{label}\"\nname = \"Nav\"\nmunicipality = \"9999\"\n"
            )
            .unwrap();
            writeln!(
                blocks,
                "[[draw.block]]\nlabel = \"{label}\"\noffices = [\"{label}\"]\nseats = [{seats}]\n"
            )
            .unwrap();
        }
        let text = format!("{head}{offices}[screening]{rest}{blocks}{outcomes}")
            .replace("kast-rehearsal", "lister-rehearsal")
            .replace("id_prefix = \"KAS\"", "id_prefix = \"AUR\"");
        fs::write(&path, text).unwrap();
        let plan = "version = 1\n[[analysis]]\nid = \"work-3\"\noutcome = \"F_ARBEID_NOEN\"\n\
            estimator = \"waitlist\"\nhorizon = 3\ncontrast = \"ever_offer\"\n";
        fs::write(dir.path().join("analysis.toml"), plan).unwrap();
        let lists = Self { dir, minutes: Cell::new(0) };
        lists.register();
        lists
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.dir.path().join(name), text).unwrap();
    }

    fn at(&self, clock: &str, words: &str) -> Ran {
        lodd_in(self.dir.path(), &format!("--clock {clock} --lang en {words}"))
    }

    fn run(&self, words: &str) -> Ran {
        self.minutes.set(self.minutes.get() + 10);
        let (hours, minutes) = (self.minutes.get() / 60, self.minutes.get() % 60);
        self.at(&format!("2026-09-01T{hours:02}:{minutes:02}:00Z"), words)
    }

    /// One adult with one child in each family.
    fn register(&self) {
        let mut list = "familie_id;kontor;registrert\n".to_owned();
        let mut members = "medlem_id;familie_id;rolle;fodselsar;kjonn\n".to_owned();
        for (office, families, _) in LISTS {
            for id in families.map(family) {
                writeln!(list, "{id};{office};2026-07-01").unwrap();
                writeln!(members, "{id}-A1;{id};FORELDER;1985;K\n{id}-B1;{id};BARN;2015;").unwrap();
            }
        }
        self.write("familier.csv", &list);
        self.write("medlemmer.csv", &members);
        self.run("roster import familier.csv medlemmer.csv").ok();
        self.run("screen").ok();
        self.run("draw announce --rehearsal").ok();
        self.run(&format!("draw reveal --seed {SEED}")).ok();
    }

    fn out(&self, name: &str) -> Table {
        parquet::read(&self.dir.path().join(format!("out/{name}.parquet"))).unwrap().0
    }

    /// Offers places down a list until all are taken; returns who was offered one.
    fn offer(&self, block: &str, families: std::ops::Range<usize>) -> BTreeSet<usize> {
        let number: BTreeMap<String, usize> = families.map(|n| (family(n), n)).collect();
        let drawn = self.out("assignments");
        let (ids, arms) = (drawn.text("unit_id").unwrap(), drawn.text("arm").unwrap());
        let first = ids.iter().flatten().zip(arms.iter().flatten());
        let first = first.filter(|(id, arm)| *arm == "follow-up" && number.contains_key(*id));
        let mut open: Vec<usize> = first.map(|(id, _)| number[id]).collect();
        let (mut offered, mut free) = (BTreeSet::new(), open.len());
        while let Some(n) = open.pop() {
            let answer = if takes(n) { "JA" } else { "NEI" };
            self.run(&format!("draw offer answer {} {answer}", family(n))).ok();
            offered.insert(n);
            free -= usize::from(takes(n));
            if open.is_empty() && free > 0 {
                let next = self.run(&format!("--json draw offer next --block {block}")).ok().json();
                open.push(number[next["family_id"].as_str().unwrap()]);
            }
        }
        offered
    }
}

fn share(of: &[f64]) -> f64 {
    of.iter().sum::<f64>() / of.len() as f64
}

/// Refused until offering is closed; then the estimate is the one that the answers give by hand.
#[test]
fn two_lists_are_estimated_when_offering_is_closed() {
    let lists = Lists::new();
    let (mut outcome, mut taking) = (0.0, 0.0);
    for (block, families, seats) in LISTS {
        let offered = lists.offer(block, families.clone());
        assert!(offered.len() < families.len(), "{offered:?}");
        let (mut first, mut rest) = (Vec::new(), Vec::new());
        let mut rows = "voksen_id;statusdato;inntekt;arbeid;tillegg\n".to_owned();
        for n in families.clone() {
            let place = offered.contains(&n) && takes(n);
            let work = works(n, place);
            let words = if work { "LONN;DELTID" } else { "SOSIALHJELP;LEDIG_REG" };
            writeln!(rows, "{}-A1;2026-12-05;{words};BARNETRYGD", family(n)).unwrap();
            let y = f64::from(u8::from(work));
            // Each of those with a place is left out once: S - 1 of S times they count.
            let times = if place { seats - 1 } else { seats };
            let group = if offered.contains(&n) { &mut first } else { &mut rest };
            group.extend(std::iter::repeat_n(y, times));
        }
        lists.write(&format!("{block}.csv"), &rows);
        let (n, l) = (families.len() as f64, offered.len() as f64);
        assert_eq!(first.len(), (offered.len() - 1) * seats);
        outcome += n * (share(&first) - share(&rest));
        taking += n * (seats as f64 - 1.0) / (l - 1.0);
    }
    for (block, ..) in LISTS {
        lists.at("2026-12-10T09:00:00Z", &format!("upload {block}.csv --office {block}")).ok();
    }
    lists.at("2027-02-01T09:00:00Z", "plan lock").ok();
    lists.at("2027-02-01T09:10:00Z", "panel").ok();
    lists
        .at("2027-02-01T09:20:00Z", "estimate")
        .refused(&["offering in draw 1, block nord, is not closed", "work-3"]);
    for (block, ..) in LISTS {
        let words = format!("draw offer close --block {block} --reason FULLT");
        lists.at("2027-02-01T09:30:00Z", &words).ok();
    }
    // What has happened since the panel was made is not in its cut.
    lists.at("2027-02-01T09:40:00Z", "estimate").refused(&["is not closed"]);
    lists.at("2027-02-01T09:50:00Z", "panel").ok();
    lists.at("2027-02-01T10:00:00Z", "estimate").ok();

    let table = lists.out("estimates");
    let terms: Vec<&str> =
        table.text("term").unwrap().iter().flatten().map(String::as_str).collect();
    assert_eq!(terms, ["follow-up", "itt", "first_stage"]);
    let found = table.real("estimate").unwrap()[0].unwrap();
    assert!((found - outcome / taking).abs() < 1e-12, "{found} {outcome} {taking}");
    assert_eq!(
        (table.int("n").unwrap()[0], table.int("n_clusters").unwrap()[0]),
        (Some(18), Some(2))
    );
    assert_eq!(table.text("contrast").unwrap()[0].as_deref(), Some("ever_offer"));
    let note = table.text("note").unwrap()[0].clone().unwrap();
    assert!(note.contains("2 lists") && note.contains("of taking a place"), "{note}");
    lists.at("2027-02-01T10:10:00Z", "report").ok();
}
