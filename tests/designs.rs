//! Designs by composition, from the protocol file to the announcement: what is locked is what was
//! written, and mistakes are found where they stand.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
};

use serde_json::Value;

use crate::support::{Ran, copied, lodd_in, root, snapshot};

const SEED: &str = "6b6173742d72656865617273616c2d736565642d666f722d7468652d64656d6f";

pub(crate) const ARMS: &str = "[[draw.arm]]\nlabel = \"a\"\nname_nb = \"A\"\nname_en = \"A\"\n\
                    [[draw.arm]]\nlabel = \"b\"\nname_nb = \"B\"\nname_en = \"B\"\n";

/// An office and the number of children of each of its families.
pub(crate) type Office<'o> = (&'o str, &'o [usize]);

/// The throw-away pilot with other offices and another `[draw]`.
fn protocol(offices: &[Office<'_>], draw: &str) -> String {
    let text = fs::read_to_string(root().join("data/kast/pilot.toml")).unwrap();
    let (head, rest) = text.split_once("[[office]]").unwrap();
    let (_, rest) = rest.split_once("[screening]").unwrap();
    let (screening, rest) = rest.split_once("[draw]").unwrap();
    let (_, followup) = rest.split_once("[followup]").unwrap();
    let office = |(id, _): &Office<'_>| {
        format!("[[office]]\nid = \"{id}\"\nname = \"Nav {id}\"\nmunicipality = \"9999\"\n")
    };
    let offices: String = offices.iter().map(office).collect();
    format!("{head}{offices}\n[screening]{screening}{draw}\n[followup]{followup}")
}

/// Families with their children, in the order of `order`.
fn roster(dir: &Path, offices: &[Office<'_>], order: impl Fn(usize) -> usize) {
    let all: Vec<(&str, usize)> = offices
        .iter()
        .flat_map(|(office, families)| families.iter().map(move |children| (*office, *children)))
        .collect();
    let mut rows: Vec<usize> = (0..all.len()).collect();
    rows.sort_by_key(|row| order(*row));
    let mut families = "familie_id;kontor;registrert\n".to_owned();
    let mut members = "medlem_id;familie_id;rolle;fodselsar;kjonn\n".to_owned();
    for row in rows {
        let ((office, children), id) = (all[row], id(row));
        writeln!(families, "{id};{office};2026-07-09").unwrap();
        writeln!(members, "{id}-A1;{id};FORELDER;1989;K").unwrap();
        for child in 1..=children {
            writeln!(members, "{id}-B{child};{id};BARN;2017;").unwrap();
        }
    }
    fs::write(dir.join("familier.csv"), families).unwrap();
    fs::write(dir.join("medlemmer.csv"), members).unwrap();
}

/// The id of family number `row`.
pub(crate) fn id(row: usize) -> String {
    let digit = |place: u32| u8::try_from(row / 13_usize.pow(place) % 13 + 7).unwrap();
    lodd_intake::ids::mint("KAS", &[digit(3), digit(2), digit(1), digit(0)]).unwrap()
}

fn at(dir: &Path, clock: &str, words: &str) -> Ran {
    lodd_in(dir, &format!("--clock {clock} --lang en {words}"))
}

/// A pilot that has been screened.
pub(crate) fn screened(
    offices: &[Office<'_>],
    draw: &str,
    order: impl Fn(usize) -> usize,
) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("pilot.toml"), protocol(offices, draw)).unwrap();
    roster(dir.path(), offices, order);
    at(dir.path(), "2026-08-20T08:10:00Z", "roster import familier.csv medlemmer.csv").ok();
    at(dir.path(), "2026-08-20T08:20:00Z", "screen").ok();
    dir
}

fn announce(dir: &Path) -> Value {
    at(dir, "2026-09-01T08:00:00Z", "draw announce --rehearsal").ok();
    announcement(dir, 1)
}

fn announcement(dir: &Path, number: usize) -> Value {
    let path = dir.join(format!("draws/{number:04}/announcement.json"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Reveals, verifies, and counts each arm of each block.
fn drawn(dir: &Path) -> BTreeMap<(String, String), usize> {
    at(dir, "2026-09-01T12:00:00Z", &format!("draw reveal --seed {SEED}")).ok();
    lodd_in(dir, "draw verify draws/0001 --roster private/0001/private.csv").ok();
    let mut counts = BTreeMap::new();
    for line in fs::read_to_string(dir.join("draws/0001/result.csv")).unwrap().lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        *counts.entry((fields[0].to_owned(), fields[5].to_owned())).or_default() += 1;
    }
    counts
}

/// The units of each block, from the private list.
fn members(dir: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut blocks: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in fs::read_to_string(dir.join("private/0001/private.csv")).unwrap().lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        blocks.entry(fields[0].to_owned()).or_default().insert(fields[3].to_owned());
    }
    blocks
}

fn design(dir: &Path) -> Value {
    lodd_in(dir, "check --json").ok().json()["design"].clone()
}

#[test]
fn probabilities_are_announced_and_stated() {
    let draw = format!(
        "[draw]\n{ARMS}[[draw.block]]\nlabel = \"n\"\noffices = [\"n\"]\nprobabilities = [\"2/5\"]\n\
         [[draw.block]]\nlabel = \"s\"\noffices = [\"s\"]\nprobabilities = [\"1/2\"]\n"
    );
    let offices: [Office<'_>; 2] = [("n", &[1, 1, 1, 1, 1]), ("s", &[1, 1, 1])];
    let dir = screened(&offices, &draw, |row| row);
    let blocks = design(dir.path())[0]["blocks"].clone();
    assert_eq!(blocks[0]["probability"], serde_json::json!(["2/5", "3/5"]));
    assert_eq!(blocks[1]["probability"], serde_json::json!(["1/2", "1/2"]));
    let announced = announce(dir.path());
    assert_eq!(announced["blocks"][0]["probabilities"], serde_json::json!(["2/5", "3/5"]));
    assert_eq!(announced["blocks"][1]["units"], 3);
    let counts = drawn(dir.path());
    assert_eq!(counts[&("n".to_owned(), "a".to_owned())], 2, "5 · 2/5 is whole");
    let south = counts.get(&("s".to_owned(), "a".to_owned())).copied().unwrap_or(0);
    assert!((1..=2).contains(&south), "3 · 1/2 is rounded to 1 or 2, not {south}");
}

pub(crate) const FACTORS: &str = r#"[draw]
[[draw.factor]]
label = "coach"
name_nb = "Veileder"
name_en = "Coach"
level = [
  { label = "own", name_nb = "egen", name_en = "own" },
  { label = "shared", name_nb = "delt", name_en = "shared" },
]
[[draw.factor]]
label = "budget"
name_nb = "Økonomi"
name_en = "Budget"
level = [
  { label = "yes", name_nb = "ja", name_en = "yes" },
  { label = "no", name_nb = "nei", name_en = "no" },
]
[[draw.block]]
label = "n"
offices = ["n"]
seats = [2, 1, 1]
"#;

/// Every order of six tickets is tried: each unit has each arm, and each margin, as often as stated.
#[test]
fn a_factorial_has_the_probabilities_it_states() {
    let dir = screened(&[("n", &[1; 6])], FACTORS, |row| row);
    let stated = design(dir.path())[0].clone();
    let announced = announce(dir.path());
    let arms = serde_json::json!(["own.yes", "own.no", "shared.yes", "shared.no"]);
    assert_eq!(announced["arms"], arms);
    assert_eq!(announced["blocks"][0]["seats"], serde_json::json!([2, 1, 1, 2]));
    let by_rank = ["own.yes", "own.yes", "own.no", "shared.yes", "shared.no", "shared.no"];
    let (mut orders, mut times) = (0, BTreeMap::<&str, usize>::new());
    each_order(&mut [0, 1, 2, 3, 4, 5], 0, &mut |ranks| {
        orders += 1;
        *times.entry(by_rank[ranks[0]]).or_default() += 1;
    });
    assert_eq!(orders, 720);
    for (arm, probability) in
        arms.as_array().unwrap().iter().zip(stated["blocks"][0]["probability"].as_array().unwrap())
    {
        assert!(is(probability, times[arm.as_str().unwrap()], orders), "{arm} {probability}");
    }
    // Margins by hand: own 2 + 1, shared 1 + 2, yes 2 + 1, no 1 + 2, of 6.
    let margins: Vec<(&str, usize)> = stated["margins"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let arms = it["arms"].as_array().unwrap().iter();
            (it["level"].as_str().unwrap(), arms.map(|arm| times[arm.as_str().unwrap()]).sum())
        })
        .collect();
    assert_eq!(margins, [("own", 360), ("shared", 360), ("yes", 360), ("no", 360)]);
}

fn each_order(ranks: &mut [usize], from: usize, each: &mut impl FnMut(&[usize])) {
    if from == ranks.len() {
        return each(ranks);
    }
    for i in from..ranks.len() {
        ranks.swap(from, i);
        each_order(ranks, from + 1, each);
        ranks.swap(from, i);
    }
}

/// Whether a stated fraction is `times` of `all`.
fn is(stated: &Value, times: usize, all: usize) -> bool {
    let (over, under) = stated.as_str().unwrap().split_once('/').unwrap();
    over.parse::<usize>().unwrap() * all == under.parse::<usize>().unwrap() * times
}

pub(crate) fn paired() -> String {
    format!(
        "[draw]\n{ARMS}[[draw.block]]\nlabel = \"n\"\noffices = [\"n\"]\n\
         [draw.pairs]\non = [{{ column = \"children\", weight = 3 }}]\n"
    )
}

/// Eight families: the pairs have the smallest total of all 105 pairings, whatever the rows' order.
#[test]
fn pairs_are_those_most_alike_in_any_order_of_the_rows() {
    let children = [1, 4, 2, 2, 3, 1, 4, 3];
    let dir = screened(&[("n", &children)], &paired(), |row| row);
    let announced = announce(dir.path());
    let labels: Vec<&str> = announced["blocks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["label"].as_str().unwrap())
        .collect();
    assert_eq!(labels, ["n.p001", "n.p002", "n.p003", "n.p004"]);
    assert_eq!(announced["blocks"][0]["seats"], serde_json::json!([1, 1]));
    let pairs = members(dir.path());
    let size =
        |id: &String| (0..8).find(|row| self::id(*row) == *id).map(|it| children[it]).unwrap();
    for pair in pairs.values() {
        let sizes: BTreeSet<usize> = pair.iter().map(size).collect();
        assert_eq!((pair.len(), sizes.len()), (2, 1), "families of one size can all be paired");
    }
    for order in [|row: usize| 8 - row, |row: usize| row * 5 % 8] {
        let shuffled = screened(&[("n", &children)], &paired(), order);
        let again = announce(shuffled.path());
        assert_eq!(again["blocks"], announced["blocks"]);
        assert_eq!(members(shuffled.path()), pairs);
        assert_ne!(again["root"], announced["root"], "each family has a new salt");
    }
    let counts = drawn(dir.path());
    assert!(counts.values().all(|n| *n == 1) && counts.len() == 8, "{counts:?}");
    assert_eq!(design_of_pairs(&[1, 4, 2, 2]), ["1/2", "1/2"]);
}

fn design_of_pairs(children: &[usize]) -> Vec<String> {
    let dir = screened(&[("n", children)], &paired(), |row| row);
    let blocks = design(dir.path())[0]["blocks"].clone();
    let all = blocks[0]["probability"].as_array().unwrap().iter();
    all.map(|it| it.as_str().unwrap().to_owned()).collect()
}

/// Of an odd number the one that fits least is alone, with the same probability as all others.
#[test]
fn the_odd_one_out_is_drawn_alone() {
    let dir = screened(&[("n", &[2, 2, 4, 1, 1])], &paired(), |row| row);
    let announced = announce(dir.path());
    let halves = serde_json::json!(["1/2", "1/2"]);
    for block in announced["blocks"].as_array().unwrap() {
        assert_eq!(block["probabilities"], halves);
    }
    let alone = &members(dir.path())["n.single"];
    assert_eq!(alone.iter().collect::<Vec<_>>(), [&id(2)]);
    let counts = drawn(dir.path());
    for pair in ["n.p001", "n.p002"] {
        assert_eq!(counts[&(pair.to_owned(), "a".to_owned())], 1, "{counts:?}");
    }
}

/// What the arms may differ by is announced, with the hash of the values, which stay private.
#[test]
fn a_constraint_is_locked_with_its_values() {
    let draw = format!(
        "[draw]\n{ARMS}[[draw.block]]\nlabel = \"n\"\noffices = [\"n\"]\nseats = [4]\n\
         [draw.constraint]\nmax_attempts = 1000\n\
         [[draw.constraint.limit]]\ncolumn = \"children\"\nmax_difference = \"1/4\"\n"
    );
    let children = [1, 4, 2, 2, 3, 1, 4, 3];
    let dir = screened(&[("n", &children)], &draw, |row| row);
    assert_eq!(design(dir.path())[0]["blocks"][0]["probability"], Value::Null);
    let announced = announce(dir.path());
    assert_eq!(announced["constraint"]["max_attempts"], 1000);
    let limits = serde_json::json!([{ "name": "children", "max_difference": "1/4" }]);
    assert_eq!(announced["constraint"]["limits"], limits);
    let private = fs::read_to_string(dir.path().join("private/0001/covariates.csv")).unwrap();
    assert_eq!(private.lines().next(), Some("block,leaf,children"));
    assert!(!dir.path().join("draws/0001/covariates.csv").exists());
    at(dir.path(), "2026-09-01T12:00:00Z", &format!("draw reveal --seed {SEED}")).ok();
    // By hand: |Σ of the four drawn − Σ of the others| ≤ 1, since 4 · 1/4 = 1.
    let result = fs::read_to_string(dir.path().join("draws/0001/result.csv")).unwrap();
    let value: BTreeMap<&str, i64> = private
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            (fields[1], fields[2].parse().unwrap())
        })
        .collect();
    let signed = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        value[fields[2]] * if fields[5] == "a" { 1 } else { -1 }
    };
    let difference: i64 = result.lines().skip(1).map(signed).sum();
    assert!(difference.abs() <= 1, "{difference}");
}

/// A trial of offices: the unit of the draw is the office.
#[test]
fn offices_can_be_what_is_drawn() {
    let draw = format!(
        "[draw]\nunit = \"KONTOR\"\n{ARMS}[[draw.block]]\nlabel = \"all\"\n\
         offices = [\"n\", \"s\", \"v\"]\nseats = [1]\n"
    );
    let dir = screened(&[("n", &[1, 1]), ("s", &[1]), ("v", &[])], &draw, |row| row);
    assert_eq!(
        design(dir.path())[0]["blocks"][0]["probability"],
        serde_json::json!(["1/3", "2/3"])
    );
    announce(dir.path());
    let offices: BTreeSet<String> = ["n", "s", "v"].map(str::to_owned).into();
    assert_eq!(members(dir.path())["all"], offices);
    let counts = drawn(dir.path());
    assert_eq!(counts[&("all".to_owned(), "a".to_owned())], 1);
    let status = at(dir.path(), "2026-09-02T08:00:00Z", "draw status").ok().stdout;
    assert!(status.contains("Draw 1: 3 offices, drawn"), "{status}");
    at(dir.path(), "2026-09-02T08:00:00Z", "draw announce --rehearsal")
        .refused(&["there are no offices to draw"]);
}

/// The throw-away pilot as a phase-in, up to its estimates: the control is served from `control` on.
fn phase_in(control: &str) -> Ran {
    let dir = copied(&root().join("data/kast"));
    let path = dir.path().join("pilot.toml");
    let text = fs::read_to_string(&path).unwrap();
    let text = text
        .replace("name_en = \"Follow-up\"\n", "name_en = \"Follow-up\"\nstart = \"2026-10\"\n")
        .replace(
            "name_en = \"Ordinary services\"\n",
            &format!("name_en = \"Later\"\nstart = \"{control}\"\n"),
        );
    assert_eq!(text.matches("start = ").count(), 2);
    fs::write(&path, text).unwrap();
    let script = fs::read_to_string(dir.path().join("demo.txt")).unwrap();
    for line in script.lines().filter(|line| line.contains(" lodd ")) {
        let (clock, words) = line.split_once(" lodd ").unwrap();
        let ran = at(dir.path(), clock, words);
        if words == "estimate" {
            return ran;
        }
        ran.ok();
    }
    panic!("the script has no estimate");
}

/// The list is drawn on 1 September and seen three months after, within 30 days: to 31 December.
#[test]
fn a_control_that_has_been_served_is_no_control() {
    phase_in("2027-01").ok();
    phase_in("2026-12").refused(&["arm `ordinary` is served from 2026-12", "choose a horizon"]);
}

/// Each mistake is found where it stands, in both languages, and nothing is written.
#[test]
fn mistakes_in_a_design_are_located() {
    for (draw, place, en, nb) in mistakes() {
        let dir = tempfile::tempdir().unwrap();
        let text = protocol(&[("n", &[1]), ("s", &[1])], &draw);
        fs::write(dir.path().join("pilot.toml"), &text).unwrap();
        let line = 1 + text.lines().position(|line| line.contains(place)).unwrap();
        let before = snapshot(dir.path());
        for (lang, words) in [("en", en), ("nb", nb)] {
            let ran = lodd_in(dir.path(), &format!("check --lang {lang}"));
            let ran = ran.refused(&[words]);
            let located = ran.stderr.contains(&format!("pilot.toml:{line}:"));
            assert!(located, "line {line} ({place}) is not in:\n{}", ran.stderr);
        }
        assert_eq!(before, snapshot(dir.path()));
    }
}

/// A `[draw]`, the text at which its mistake stands, and what is said in English and Norwegian.
#[expect(clippy::too_many_lines, reason = "a table")]
fn mistakes() -> Vec<(String, &'static str, &'static str, &'static str)> {
    let seats = "[[draw.block]]\nlabel = \"n\"\noffices = [\"n\"]\nseats = [1]\n";
    let probability = |text: &str| {
        format!(
            "[draw]\n{ARMS}[[draw.block]]\nlabel = \"n\"\noffices = [\"n\"]\nprobabilities = [{text}]\n"
        )
    };
    vec![
        (probability("\"0.4\""), "probabilities = ", "write \"2/5\"", "skriv \"2/5\""),
        (probability("\"4/10\""), "probabilities = ", "write \"2/5\"", "skriv \"2/5\""),
        (probability("\"40 %\""), "probabilities = ", "write \"2/5\"", "skriv \"2/5\""),
        (
            probability("\"mange\""),
            "probabilities = ",
            "must be fractions such as \"2/5\"",
            "må være brøker som \"2/5\"",
        ),
        (
            probability("0.4"),
            "probabilities = ",
            "must be a list of texts",
            "må være en liste av tekster",
        ),
        (probability("\"3/2\""), "probabilities = ", "must be fractions", "må være brøker"),
        (
            probability("\"1/3\", \"1/3\""),
            "probabilities = ",
            "must have 1 fractions",
            "må ha 1 brøker",
        ),
        (
            format!("{}seats = [1]\n", probability("\"1/3\"")),
            "probabilities = ",
            "either `seats` or `probabilities`, not both",
            "enten `seats` eller `probabilities`, ikke begge",
        ),
        (
            format!(
                "[draw]\n{ARMS}{seats}[[draw.block]]\nlabel = \"s\"\noffices = [\"s\"]\nprobabilities = [\"1/2\"]\n"
            ),
            "probabilities = ",
            "all blocks of a draw must have `seats`, or all",
            "alle blokker i en trekning må ha `seats`, eller alle",
        ),
        (
            FACTORS.replace(
                "  { label = \"shared\", name_nb = \"delt\", name_en = \"shared\" },\n",
                "",
            ),
            "level = ",
            "a factor must have two [[draw.factor.level]], found 1",
            "en faktor må ha to [[draw.factor.level]], fant 1",
        ),
        (
            FACTORS.replacen("[[draw.block]]", &format!("{ARMS}[[draw.block]]"), 1),
            "[[draw.arm",
            "the arms follow from [[draw.factor]]",
            "armene følger av [[draw.factor]]",
        ),
        (
            paired().replace("offices = [\"n\"]\n", "offices = [\"n\"]\nseats = [1]\n"),
            "seats = ",
            "remove `seats`",
            "stryk `seats`",
        ),
        (
            paired().replace("children", "childern"),
            "column = ",
            "did you mean `children`?",
            "mente du `children`?",
        ),
        (
            paired().replace("weight = 3", "weight = 0"),
            "weight = ",
            "from 1 to 1000, found 0",
            "fra 1 til 1000, fant 0",
        ),
        (
            format!(
                "[draw]\n{ARMS}{seats}[draw.constraint]\nmax_attempts = 10\n[[draw.constraint.limit]]\ncolumn = \"children\"\nmax_difference = \"0.5\"\n"
            ),
            "max_difference = ",
            "write \"1/2\"",
            "skriv \"1/2\"",
        ),
        (
            format!("[draw]\n{ARMS}{seats}[draw.constraint]\nmax_attempts = 10\n"),
            "[draw.constraint]",
            "at least one [[draw.constraint.limit]]",
            "minst én [[draw.constraint.limit]]",
        ),
        (
            format!(
                "[draw]\n{}{seats}",
                ARMS.replacen("\"A\"\n[[", "\"A\"\nstart = \"2027-01\"\n[[", 1)
            ),
            "[[draw.arm",
            "when one arm has `start` all must",
            "når én arm har `start`, må alle ha det",
        ),
        (
            format!(
                "[draw]\n{}{seats}",
                ARMS.replacen("\"A\"\n[[", "\"A\"\nstart = \"jan 2027\"\n[[", 1)
            ),
            "start = ",
            "must be a month such as 2027-01",
            "må være en måned som 2027-01",
        ),
        (
            format!("[draw]\nunit = \"KONTOR\"\n{ARMS}{}", seats.replace("[1]", "[2]")),
            "seats = ",
            "can't have more seats than offices: 2 seats, 1 offices",
            "kan ikke ha flere plasser enn kontor: 2 plasser, 1 kontor",
        ),
        (
            format!(
                "[draw]\n{ARMS}[[draw.block]]\nlabel = \"b\"\noffices = [\"n\", \"s\"]\nseats = [1]\n[draw.offices]\n{}[[draw.offices.block]]\nlabel = \"all\"\noffices = [\"n\"]\nseats = [1]\n",
                ARMS.replace("draw.arm", "draw.offices.arm")
            ),
            "offices = [\"n\", \"s\"]",
            "in two stages each office is a block of its own",
            "i to trinn er hvert kontor en egen blokk",
        ),
        (
            format!(
                "[draw]\n{ARMS}[[draw.block]]\nlabel = \"s\"\noffices = [\"s\"]\nseats = [1]\n[draw.offices]\n{}[[draw.offices.block]]\nlabel = \"all\"\noffices = [\"n\"]\nseats = [1]\n",
                ARMS.replace("draw.arm", "draw.offices.arm")
            ),
            "[draw.offices]",
            "office `s` has families in [[draw.block]], but is in no",
            "kontoret `s` har familier i [[draw.block]], men er ikke i noen",
        ),
        (
            paired().replace("[draw]\n", "[draw]\nunit = \"KONTOR\"\n"),
            "[draw.pairs]",
            "[draw.pairs] is about families",
            "[draw.pairs] gjelder familier",
        ),
    ]
}
