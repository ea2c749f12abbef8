//! Places that become free: a small municipality with room for at most twenty families at any time,
//! in three batches, from the command line.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
};

use lodd_store::{Table, parquet};
use serde_json::Value;

use crate::support::{Ran, copied, lodd, lodd_in, root, snapshot};

const SEED: &str = "6b6173742d72656865617273616c2d736565642d666f722d7468652d64656d6f";
const ALPHABET: &[u8] = b"3456789CDFGHJKMNPQRTVWX";

/// The n-th made-up family: five symbols, and the check symbol as the data model has it.
pub(crate) fn family(n: usize) -> String {
    let values = [n % 20 + 3, n / 20 + 3, 10, 15, 20];
    let sum: usize = values.iter().zip(2..).map(|(value, weight)| value * weight).sum();
    let symbol = |value: usize| char::from(ALPHABET[value % 23]);
    let symbols: String = values.iter().map(|value| symbol(*value)).collect();
    format!("AUR-{symbols}-{}", symbol(23 - sum % 23))
}

/// The pilot: its clock goes on by ten minutes a command.
struct Small {
    dir: tempfile::TempDir,
    minutes: Cell<u32>,
}

impl Small {
    /// Room for twenty; `families` of them on the roster and screened.
    fn new(families: std::ops::Range<usize>) -> Self {
        let dir = copied(&root().join("data/kast"));
        let path = dir.path().join("pilot.toml");
        let text = fs::read_to_string(&path).unwrap();
        let text = text
            .replace("kast-rehearsal", "aurskog-holand-rehearsal")
            .replace("id_prefix = \"KAS\"", "id_prefix = \"AUR\"")
            .replace("seats = [4]", "capacity = 20");
        fs::write(&path, text).unwrap();
        let small = Self { dir, minutes: Cell::new(0) };
        small.register(families);
        small
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Runs one command ten minutes after the last.
    fn run(&self, words: &str) -> Ran {
        self.try_at(&self.later(), words)
    }

    fn later(&self) -> String {
        self.minutes.set(self.minutes.get() + 10);
        let (hours, minutes) = (self.minutes.get() / 60, self.minutes.get() % 60);
        format!("2026-09-{:02}T{:02}:{minutes:02}:00Z", 1 + hours / 24, hours % 24)
    }

    fn try_at(&self, clock: &str, words: &str) -> Ran {
        lodd_in(self.path(), &format!("--clock {clock} {words}"))
    }

    fn json(&self, words: &str) -> Value {
        self.run(&format!("--json {words}")).ok().json()
    }

    /// Puts families on the roster: one adult with one child each.
    fn register(&self, families: std::ops::Range<usize>) {
        let mut list = "familie_id;kontor;registrert\n".to_owned();
        let mut members = "medlem_id;familie_id;rolle;fodselsar;kjonn\n".to_owned();
        for id in families.map(family) {
            writeln!(list, "{id};kast;2026-07-01").unwrap();
            writeln!(members, "{id}-A1;{id};FORELDER;1985;K\n{id}-B1;{id};BARN;2015;").unwrap();
        }
        fs::write(self.path().join("familier.csv"), list).unwrap();
        fs::write(self.path().join("medlemmer.csv"), members).unwrap();
        self.run("roster import familier.csv medlemmer.csv").ok();
        self.run("screen").ok();
    }

    fn draw(&self) -> Value {
        let announced = self.json("draw announce --rehearsal");
        self.run(&format!("draw reveal --seed {SEED}")).ok();
        announced
    }

    /// The families of a draw by rank, which only the private list and the result together tell.
    fn ranked(&self, draw: u32) -> Vec<String> {
        let read = |path: String| fs::read_to_string(self.path().join(path)).unwrap();
        let private = read(format!("private/{draw:04}/private.csv"));
        let fields = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let ids: BTreeMap<String, String> =
            private.lines().skip(1).map(fields).map(|it| (it[1].clone(), it[3].clone())).collect();
        let result = read(format!("draws/{draw:04}/result.csv"));
        let by_rank: BTreeMap<u32, String> = result
            .lines()
            .skip(1)
            .map(fields)
            .map(|it| (it[4].parse().unwrap(), ids[&it[2]].clone()))
            .collect();
        by_rank.into_values().collect()
    }

    fn out(&self, name: &str) -> Table {
        parquet::read(&self.path().join(format!("out/{name}.parquet"))).unwrap().0
    }

    /// Nothing that was printed or written names a family that waits together with its place.
    fn nobody_knows_who_is_next(&self, ran: &Ran, waiting: &[String]) {
        for family in waiting {
            assert!(!ran.stdout.contains(family.as_str()), "{family}: {}", ran.stdout);
            assert!(!ran.stderr.contains(family.as_str()), "{family}: {}", ran.stderr);
        }
        let waiting: BTreeSet<&String> = waiting.iter().collect();
        let (offers, all) = (self.out("offers"), self.out("assignments"));
        let named = offers.text("family_id").unwrap();
        assert!(named.iter().flatten().all(|it| !waiting.contains(it)));
        let ids = all.text("unit_id").unwrap();
        for (row, _) in
            ids.iter().enumerate().filter(|(_, id)| waiting.contains(id.as_ref().unwrap()))
        {
            assert_eq!(all.int("rank").unwrap()[row], None);
            assert_eq!(all.int("ordinal").unwrap()[row], None);
            assert_eq!(all.text("ticket").unwrap()[row], None);
        }
    }
}

/// Three batches: 26 families for 20 places; 9 for those that became free; then more places than
/// families, where the lot decides nothing.
#[test]
fn at_most_twenty_families_at_any_time() {
    let small = Small::new(0..26);
    let announced = small.json("draw announce --rehearsal");
    let places = &announced["places"][0];
    assert_eq!((places["capacity"].as_u64(), places["free"].as_u64()), (Some(20), Some(20)));
    let revealed = small.run(&format!("draw reveal --seed {SEED}")).ok();
    let ranked = small.ranked(1);
    assert_eq!(ranked.len(), 26);
    small.nobody_knows_who_is_next(&revealed, &ranked[20..]);
    let result = fs::read(small.path().join("draws/0001/result.csv")).unwrap();

    // Every place is offered by the draw itself: none is free before somebody says no.
    small.run("draw offer next --lang en").refused(&["has no free place: 20 of 20 are held"]);
    for (place, family) in ranked[..20].iter().enumerate() {
        let answer = match place {
            4 => "NEI --reason FLYTTET",
            9 => "IKKE_NADD",
            _ => "JA",
        };
        let ran = small.run(&format!("draw offer answer {family} {answer}")).ok();
        small.nobody_knows_who_is_next(&ran, &ranked[20..]);
    }
    let next = small.json("draw offer next");
    assert_eq!((next["family_id"].as_str(), next["rank"].as_u64()), (Some(&*ranked[20]), Some(21)));
    // Two places are free, one offer is open: nobody hears of rank 22.
    for lang in ["nb", "en"] {
        let ran = small.run(&format!("draw offer next --lang {lang}"));
        small.nobody_knows_who_is_next(&ran, &ranked[21..]);
        ran.refused(&[&ranked[20], "lodd draw offer answer"]);
    }
    // A slip has its family's rank: who waits gets it when the offer has been answered.
    let slip = format!("draw slip {}", ranked[21]);
    small
        .run(&format!("{slip} --lang en"))
        .refused(&["its rank is not told while an offer is open"]);
    small.run(&format!("{slip} --lang nb")).refused(&["rangen sies ikke mens et tilbud er åpent"]);
    small.run(&format!("draw slip {}", ranked[20])).ok();
    small.run(&format!("draw offer answer {} NEI --reason FRISK", ranked[20])).ok();
    small.run(&slip).ok();
    assert_eq!(small.json("draw offer next")["family_id"], *ranked[21]);
    small.run(&format!("draw offer answer {} JA", ranked[21])).ok();
    for (ask, who) in [("status", 22), ("list", 22)] {
        for json in ["", "--json "] {
            let ran = small.run(&format!("{json}draw offer {ask}")).ok();
            small.nobody_knows_who_is_next(&ran, &ranked[who..]);
        }
    }
    let ran = small.run("draw status --json").ok();
    small.nobody_knows_who_is_next(&ran, &ranked[22..]);
    // Those who said no changed nobody's rank, and nothing that was published.
    assert_eq!(small.ranked(1), ranked);
    assert!(result == fs::read(small.path().join("draws/0001/result.csv")).unwrap());
    lodd_in(small.path(), "draw verify draws/0001").ok();

    second_batch(&small, &ranked);
    the_numbers_say_so(&small);
}

/// 19 hold a place; four leave; nine new families come.
fn second_batch(small: &Small, first: &[String]) {
    for family in &first[..4] {
        small.run(&format!("draw offer leave {family} --on 2026-09-01 --reason FLYTTET")).ok();
    }
    small.register(26..35);
    let before = snapshot(small.path());
    small.run("draw announce --rehearsal --lang en").refused(&[
        "a new list can't be locked while places are offered on the one before",
        "lodd draw offer close --draw 1 --block kast",
    ]);
    assert_eq!(before, snapshot(small.path()));
    let closed = small.json("draw offer close --reason NY_TREKNING");
    assert_eq!((closed["held"].as_u64(), closed["takers"].as_u64()), (Some(15), Some(19)));
    small.run("draw offer next --lang en").refused(&["is closed", "go into the next draw"]);
    // Now the order of the reserve may be seen.
    let table = small.out("assignments");
    let ranks: BTreeSet<i64> = table.int("rank").unwrap().iter().flatten().copied().collect();
    assert!(ranks.into_iter().eq(1..=26));

    let announced = small.draw();
    assert_eq!(announced["places"][0]["free"], 5);
    let second = small.ranked(2);
    // Nobody who was drawn before is drawn again.
    assert!(second.len() == 9 && second.iter().all(|it| !first.contains(it)));
    for family in &second[..5] {
        small.run(&format!("draw offer answer {family} JA")).ok();
    }
    for family in &first[5..9] {
        small.run(&format!("draw offer leave {family} --on 2026-09-01 --reason JOBB")).ok();
    }
    // A place of the first list goes into the next draw, not down the second list.
    small.run("draw offer next --lang nb").refused(&["ingen ledig plass: 5 av 5 er opptatt"]);
    small.run("draw offer close --reason NY_TREKNING").ok();
    small.register(35..38);
    let announced = small.draw();
    assert_eq!(announced["places"][0]["free"], 4);
    let status = small.json("draw offer status");
    let held: u64 =
        status["lists"].as_array().unwrap().iter().map(|it| it["held"].as_u64().unwrap()).sum();
    assert_eq!(held, 11 + 5 + 3);
}

/// Batch 3 had a place for everyone: its families are outside the comparison, and that is said.
fn the_numbers_say_so(small: &Small) {
    let table = small.out("assignments");
    let draws = table.int("draw").unwrap();
    for (row, compared) in table.bool("compared").unwrap().iter().enumerate() {
        assert_eq!(*compared, Some(draws[row] != Some(3)));
    }
    let mut rows = "voksen_id;statusdato;inntekt;arbeid;tillegg\n".to_owned();
    for n in 0..38 {
        let work = if n % 3 == 0 { "LONN;DELTID" } else { "SOSIALHJELP;LEDIG_REG" };
        writeln!(rows, "{}-A1;2026-12-05;{work};BARNETRYGD", family(n)).unwrap();
    }
    fs::write(small.path().join("desember.csv"), rows).unwrap();
    let path = small.path().join("analysis.toml");
    let plan = fs::read_to_string(&path).unwrap().replace("draws = [1]", "draws = [1, 2, 3]");
    fs::write(&path, plan).unwrap();
    small.try_at("2026-12-10T09:00:00Z", "upload desember.csv --office kast").ok();
    for words in ["plan lock", "panel", "estimate", "report", "ledger verify"] {
        small.try_at("2027-03-01T09:00:00Z", words).ok();
    }
    let estimates = small.out("estimates");
    // Of the 6 + 4 families in the second arm of draws 1 and 2, two were offered a place later.
    let shares = estimates.real("share_control_offered").unwrap();
    assert!(!shares.is_empty() && shares.iter().all(|it| *it == Some(0.2)), "{shares:?}");
    assert!(estimates.int("n").unwrap().iter().all(|it| *it == Some(35)));
    for note in estimates.text("note").unwrap() {
        let note = note.as_deref().unwrap_or_default();
        assert!(
            note.contains("3 drawn units whose arm was certain are left out (draw 3 kast)"),
            "{note}"
        );
    }
}

/// With no free place a draw would only shut families out; and the protocol says what fits together.
#[test]
fn a_full_block_is_not_drawn() {
    let small = Small::new(0..21);
    small.draw();
    for family in small.ranked(1).iter().take(20) {
        small.run(&format!("draw offer answer {family} JA")).ok();
    }
    small.run("draw offer close --reason FULLT").ok();
    small.register(21..24);
    let before = snapshot(small.path());
    for (lang, words) in [
        ("en", "block `kast` has no free place: 20 families hold one, and there are 20"),
        (
            "nb",
            "blokken `kast` har ingen ledig plass: 20 familier har plass, og det er plass til 20",
        ),
    ] {
        small
            .run(&format!("draw announce --rehearsal --lang {lang}"))
            .refused(&[words, "pilot.toml:"]);
    }
    assert_eq!(before, snapshot(small.path()));
    let dir = copied(&root().join("data/kast"));
    let path = dir.path().join("pilot.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("seats = [4]", "seats = [4]\ncapacity = 0")).unwrap();
    lodd_in(dir.path(), "check --lang en").refused(&[
        "the places of a block with `capacity` are counted when the list is locked: remove `seats`",
        "`draw.block[0].capacity` must be from 1 to 16777216, found 0",
    ]);
}

/// Every refusal in plain words, in both languages, and nothing written.
#[test]
fn refusals_are_plain_and_write_nothing() {
    let small = Small::new(0..23);
    small.run("draw offer next --lang en").refused(&["no draw of families with two arms"]);
    small.draw();
    let ranked = small.ranked(1);
    let (one, two, waiting) = (&ranked[0], &ranked[1], &ranked[22]);
    small.run(&format!("draw offer answer {one} JA")).ok();
    small.run(&format!("draw offer answer {two} NEI")).ok();
    let before = snapshot(small.path());
    let cases = [
        (
            format!("answer {waiting} JA"),
            "har ikke fått tilbud om plass",
            "has not been offered a place",
        ),
        (format!("answer {one} NEI"), "har alt tatt plassen sin", "has taken its place already"),
        (format!("answer {two} JA"), "en endring må ha en grunn", "a change must have a reason"),
        (
            format!("leave {two} --on 2026-09-01 --reason X"),
            "har ikke tatt en plass",
            "has not taken a place",
        ),
        (
            format!("leave {one} --on 2026-08-31 --reason X"),
            "ikke være før den første",
            "can't be before its first",
        ),
        (
            format!("leave {one} --on 2027-01-01 --reason X"),
            "ikke ligge fram i tid",
            "can't be in the future",
        ),
        (format!("leave {one} --on igår --reason X"), "må være en dato", "must be a date"),
        ("close --reason X".to_owned(), "må få svar først", "must have an answer first"),
        (
            "next --draw 7".to_owned(),
            "kan ikke tilbys nedover en liste",
            "can't be offered down a list",
        ),
        ("next --block nord".to_owned(), "har en blokk `nord`", "has a block `nord`"),
    ];
    for (words, nb, en) in cases {
        small.run(&format!("draw offer {words} --lang nb")).refused(&[nb]);
        small.run(&format!("draw offer {words} --lang en")).refused(&[en]);
    }
    // What points at a person is neither stored nor repeated.
    for (reason, nb, en) in [
        ("mor er 01817012345", "et fødselsnummer", "a national identity number"),
        ("ring 412 34 567", "et mobilnummer", "a mobile number"),
        ("ola@nav.no", "en e-postadresse", "an e-mail address"),
    ] {
        for (lang, words) in [("nb", nb), ("en", en)] {
            let clock = small.later();
            let all = ["--clock", &clock, "--lang", lang, "draw", "offer", "answer", one, "NEI"];
            let ran = lodd(small.path(), &[&all[..], &["--reason", reason]].concat());
            assert!(!ran.stderr.contains(reason) && !ran.stdout.contains(reason));
            ran.refused(&[words]);
        }
    }
    assert_eq!(before, snapshot(small.path()));
}
