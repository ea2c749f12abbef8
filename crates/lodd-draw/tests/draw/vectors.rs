//! Draws made by an implementation that shares no code with this one: reproduced byte for byte.

use std::collections::BTreeMap;

use lodd_draw::{
    Announce, Announced, Announcement, BeaconValue, Constrain, DrawFiles, Evidence, File, Hash,
    Note, Secret, Signature, Unit, Verdict, announce, check_slip, compute, reveal, slip, verify,
    void,
};

/// A complete draw with its private side.
#[derive(Clone, Copy)]
pub(crate) struct Vector {
    pub(crate) name: &'static str,
    pub(crate) files: DrawFiles<'static>,
    pub(crate) private: &'static [u8],
    pub(crate) covariates: Option<&'static [u8]>,
}

/// The signature of quicknet's round 1000, as drand's network published it.
const ROUND_1000: &str = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125\
                          e342b73a8dd2bacbe47e4b6b63ed5e39";

/// Stands for the curve arithmetic, which is not in this crate.
pub(crate) fn is_signature(round: u64, signature: &Signature) -> bool {
    round == 1000 && *signature == bytes(ROUND_1000)
}

pub(crate) fn evidence<'a>(previous: Option<&'a DrawFiles<'a>>) -> Evidence<'a> {
    Evidence { previous, roster: None, covariates: None, check: &is_signature }
}

macro_rules! vector {
    ($name:literal, $number:literal, $($key:ident: $file:literal),*) => {
        Vector {
            name: concat!($name, "/000", $number),
            files: DrawFiles {
                number: Some($number),
                announcement: vector!(@ $name, $number, "announcement.json"),
                plan: vector!(@ $name, $number, "plan.toml"),
                leaves: vector!(@ $name, $number, "leaves.csv"),
                reveal: None,
                result: None,
                void: None,
                $($key: vector!(@ $name, $number, $file)),*
            },
            private: vector!(@ $name, $number, "private.csv").unwrap(),
            covariates: None,
        }
    };
    (@ $name:literal, $number:literal, $file:literal) => {
        Some(include_bytes!(concat!("../vectors/draw/", $name, "/000", $number, "/", $file)))
            .map(|bytes| &bytes[..])
    };
}

macro_rules! drawn {
    ($name:literal, $number:literal) => {{
        let mut vector = vector!($name, $number,);
        vector.files.reveal = vector!(@ $name, $number, "reveal.json");
        vector.files.result = vector!(@ $name, $number, "result.csv");
        vector
    }};
}

macro_rules! constrained {
    ($name:literal) => {{
        let mut vector = drawn!($name, 1);
        vector.covariates = vector!(@ $name, 1, "covariates.csv");
        vector
    }};
}

/// The draws, each with the one before it.
pub(crate) fn vectors() -> Vec<(Vector, Option<Vector>)> {
    let mut void = vector!("void-chain", 1,);
    void.files.void = vector!(@ "void-chain", 1, "void.json");
    let chain = drawn!("chain", 1);
    vec![
        (drawn!("seats-2arm", 1), None),
        (drawn!("seats-4arm", 1), None),
        (drawn!("one-unit", 1), None),
        (drawn!("witnessed", 1), None),
        (chain, None),
        (drawn!("chain", 2), Some(chain)),
        (void, None),
        (drawn!("void-chain", 2), Some(void)),
        (drawn!("prob-2arm", 1), None),
        (drawn!("prob-3arm", 1), None),
        (drawn!("drand-round-1000", 1), None),
        (constrained!("constrained"), None),
        (constrained!("constrained-prob"), None),
        (drawn!("many-blocks", 1), None),
    ]
}

pub(crate) fn check(vector: &Vector, previous: Option<&Vector>) -> Verdict {
    let previous = previous.map(|it| &it.files);
    let (roster, covariates) = (Some(vector.private), vector.covariates);
    verify(&vector.files, &Evidence { roster, covariates, ..evidence(previous) })
}

/// The text between the quotes after `"key": `.
fn field<'a>(file: &'a [u8], key: &str) -> &'a str {
    let text = std::str::from_utf8(file).unwrap();
    let start = text.find(&format!("\"{key}\": \"")).unwrap() + key.len() + 5;
    text[start..].split('"').next().unwrap()
}

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    let byte = |n| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).unwrap();
    std::array::from_fn(byte)
}

fn hash(text: &str) -> Hash {
    bytes(text)
}

fn secret(vector: &Vector) -> Secret {
    Secret(hash(field(vector.files.reveal.or(vector.files.void).unwrap(), "secret")))
}

/// The units of the private list, turned round so that their order can't help.
fn units(private: &[u8]) -> Vec<Unit> {
    let unit = |line: &str| {
        let [block, _, salt, id] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
        Unit { block: block.to_owned(), id: id.to_owned(), salt: Secret(hash(salt)) }
    };
    let text = std::str::from_utf8(private).unwrap();
    text.strip_prefix("block,leaf,salt,id\n").unwrap().lines().rev().map(unit).collect()
}

/// The values of each unit by its id.
fn values(vector: &Vector) -> BTreeMap<String, Vec<i64>> {
    let text = |bytes| std::str::from_utf8(bytes).unwrap().lines().skip(1);
    let rows = text(vector.private).zip(text(vector.covariates.unwrap()));
    rows.map(|(private, values)| {
        let id = private.splitn(4, ',').nth(3).unwrap().to_owned();
        (id, values.split(',').skip(2).map(|it| it.parse().unwrap()).collect())
    })
    .collect()
}

pub(crate) fn announcing<'a>(vector: &Vector, previous: Option<&Vector>) -> Announce<'a> {
    let announced = Announcement::parse(vector.files.announcement.unwrap()).unwrap();
    let blocks = announced.design.blocks().iter();
    Announce {
        pilot: "vector-rehearsal",
        draw: vector.files.number.unwrap(),
        previous: previous.map(|it| it.files),
        plan: vector.files.plan.unwrap(),
        secret: secret(vector),
        beacon: announced.beacon.clone(),
        arms: announced.design.arms().to_vec(),
        blocks: blocks.map(|it| (it.label.clone(), it.shares.clone())).collect(),
        constraint: announced.constraint.map(|it| Constrain {
            limits: it.limits,
            max_attempts: it.max_attempts,
            covariates: values(vector),
        }),
        units: units(vector.private),
    }
}

#[test]
fn announcements_are_reproduced() {
    for (vector, previous) in vectors() {
        let Announced { announcement, leaves, private, covariates } =
            announce(announcing(&vector, previous.as_ref())).unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let name = vector.name;
        assert_eq!(text(&announcement), text(vector.files.announcement.unwrap()), "{name}");
        assert_eq!(text(&leaves), text(vector.files.leaves.unwrap()), "{name}");
        assert_eq!(text(&private), text(vector.private), "{name}");
        assert_eq!(covariates.as_deref(), vector.covariates, "{name}");
    }
}

#[test]
fn reveals_and_voids_are_reproduced() {
    for (vector, _) in vectors() {
        let announcement = vector.files.announcement.unwrap();
        if let Some(file) = vector.files.reveal {
            let value = match vector.name {
                // Written apart, with white space: the tool puts it in the protocol's form.
                "witnessed/0001" => BeaconValue::Witnessed(" 4-2-6-1-1-5 Hønefoss\n".into()),
                "drand-round-1000/0001" => {
                    BeaconValue::Drand { round: 1000, signature: bytes(ROUND_1000) }
                }
                _ => BeaconValue::Seed(hash(field(file, "seed"))),
            };
            let covariates = vector.covariates;
            let made =
                reveal(announcement, &secret(&vector), value, covariates, &is_signature).unwrap();
            assert_eq!(made, file, "{}", vector.name);
        }
        if let Some(file) = vector.files.void {
            let made = void(announcement, Some(&secret(&vector)), field(file, "reason")).unwrap();
            assert_eq!(made, file, "{}", vector.name);
        }
    }
}

#[test]
fn results_are_reproduced() {
    for (vector, _) in vectors() {
        let Some(reveal) = vector.files.reveal else { continue };
        let (announcement, leaves) = (vector.files.announcement, vector.files.leaves);
        let drawn = compute(announcement.unwrap(), leaves.unwrap(), reveal, &is_signature).unwrap();
        assert_eq!(drawn.csv(), vector.files.result.unwrap(), "{}", vector.name);
        let line = |row: &lodd_draw::Row| {
            let (block, arm) = (row.block as usize, usize::from(row.arm));
            let (block, arm) = (&drawn.design.blocks()[block].label, &drawn.design.arms()[arm]);
            let (leaf, ticket) = (row.leaf_hex(), row.ticket_hex());
            format!("{block},{},{leaf},{ticket},{},{arm}", row.ordinal, row.rank)
        };
        let rows: Vec<String> = drawn.rows.iter().map(line).collect();
        let file = String::from_utf8(drawn.csv()).unwrap();
        assert_eq!(file.lines().skip(1).collect::<Vec<_>>(), rows);
    }
}

#[test]
fn every_draw_verifies() {
    for (vector, previous) in vectors() {
        let verdict = check(&vector, previous.as_ref());
        assert_eq!(verdict.findings, [], "{}", vector.name);
        assert!(verdict.ok && verdict.rehearsal);
        let void = vector.files.void.map(|_| Note::Void);
        assert_eq!(verdict.notes, Vec::from_iter(void), "{}", vector.name);
        let rows = String::from_utf8_lossy(vector.private).lines().count();
        assert_eq!(verdict.units, rows as u64 - 1, "{}", vector.name);
    }
}

/// The numbers of `seats-2arm/0001/announcement.json`.
#[test]
fn a_verdict_says_what_was_drawn() {
    let (vector, _) = vectors()[0];
    let verdict = check(&vector, None);
    assert_eq!(verdict.arms, [("follow-up".into(), Some(8)), ("ordinary".into(), Some(14))]);
    let announced = verdict.announcement.unwrap();
    assert_eq!((announced.draw, announced.beacon.kind()), (1, "fixed"));
    assert_eq!(
        verdict.announcement_hash.unwrap(),
        field(vector.files.reveal.unwrap(), "announcement")
    );
}

#[test]
fn a_verdict_says_what_it_leaves_open() {
    let (vector, _) = vectors()[5];
    let mut files = vector.files;
    assert_eq!(verify(&files, &evidence(None)).notes, [Note::ChainNotChecked]);
    let previous = vectors()[5].1.unwrap().files;
    (files.leaves, files.result) = (None, None);
    let notes = verify(&files, &evidence(Some(&previous))).notes;
    assert_eq!(notes, [Note::LeavesWithheld, Note::ResultWithheld]);
    files.reveal = None;
    let verdict = verify(&files, &evidence(Some(&previous)));
    assert!(verdict.ok);
    assert_eq!(verdict.notes, [Note::LeavesWithheld, Note::Open]);
}

#[test]
fn files_that_must_be_there_are_missed() {
    let (vector, _) = vectors()[0];
    let without = |drop: fn(&mut DrawFiles<'_>)| {
        let mut files = vector.files;
        drop(&mut files);
        verify(&files, &evidence(None)).findings.iter().map(|it| it.file).collect::<Vec<_>>()
    };
    assert_eq!(without(|it| it.announcement = None), [File::Announcement]);
    assert_eq!(without(|it| it.plan = None), [File::Plan]);
    assert_eq!(without(|it| it.leaves = None), [File::Leaves]);
    assert_eq!(without(|it| it.reveal = None), [File::Result]);
    assert_eq!(without(|it| it.number = Some(2)), [File::Announcement]);
    assert_eq!(without(|it| it.void = it.reveal).last(), Some(&File::Void));
}

/// `slips/`: two slips of `seats-2arm`.
#[test]
fn slips_are_reproduced_and_verify() {
    let (vector, _) = vectors()[0];
    for expected in [
        &include_bytes!("../vectors/slips/seats-2arm-0.json")[..],
        include_bytes!("../vectors/slips/seats-2arm-21.json"),
    ] {
        let salt = Secret(hash(field(expected, "salt")));
        let made = slip(&vector.files, field(expected, "id"), &salt, &is_signature).unwrap();
        assert_eq!(String::from_utf8_lossy(&made), String::from_utf8_lossy(expected));
        let verdict = check_slip(expected, &vector.files, &is_signature);
        assert_eq!(verdict.findings, []);
        assert!(verdict.ok && verdict.drawn);
        for (at, byte) in expected.iter().enumerate() {
            let mut bytes = expected.to_vec();
            bytes[at] = byte ^ 1;
            let found = check_slip(&bytes, &vector.files, &is_signature).findings;
            assert!(found.iter().any(|it| it.file == File::Slip), "byte {at}");
        }
    }
}

/// Every unit of every draw has a slip that verifies, and not against another draw.
#[test]
fn every_unit_has_its_slip() {
    let (stranger, _) = vectors()[4];
    for (vector, _) in vectors().into_iter().filter(|(it, _)| it.files.reveal.is_some()) {
        for unit in units(vector.private) {
            let made = slip(&vector.files, &unit.id, &unit.salt, &is_signature).unwrap();
            assert_eq!(check_slip(&made, &vector.files, &is_signature).findings, []);
            let other = check_slip(&made, &stranger.files, &is_signature);
            assert!(vector.name == stranger.name || !other.ok);
        }
        let nobody = slip(&vector.files, "nobody", &Secret([1; 32]), &is_signature);
        assert!(nobody.is_err());
    }
}

/// A constraint that was not checked is said so; a later attempt than the first is found by
/// whoever has the values.
#[test]
fn a_constraint_is_checked_with_the_values() {
    for (vector, _) in vectors() {
        let Some(covariates) = vector.covariates else { continue };
        let verdict = verify(&vector.files, &evidence(None));
        let note = Note::ConstraintNotChecked { max_attempts: 100_000 };
        assert!(verdict.ok && verdict.notes.contains(&note), "{:?}", verdict.notes);
        let found = verdict.attempt.unwrap();
        let text = std::str::from_utf8(vector.files.reveal.unwrap()).unwrap();
        for attempt in (0..found + 20).filter(|it| *it != found) {
            let from = format!("\"attempt\": {found}\n");
            let other = text.replace(&from, &format!("\"attempt\": {attempt}\n"));
            assert_ne!(text, other);
            let drawn = compute(
                vector.files.announcement.unwrap(),
                vector.files.leaves.unwrap(),
                other.as_bytes(),
                &is_signature,
            );
            let csv = drawn.unwrap().csv();
            let files =
                DrawFiles { reveal: Some(other.as_bytes()), result: Some(&csv), ..vector.files };
            let blind = verify(&files, &evidence(None));
            assert_eq!(blind.findings, [], "without the values any attempt passes");
            let seen = verify(&files, &Evidence { covariates: Some(covariates), ..evidence(None) });
            assert!(seen.findings.iter().any(|it| it.field == "attempt"), "{attempt}");
        }
        for (at, byte) in covariates.iter().enumerate() {
            let mut bytes = covariates.to_vec();
            bytes[at] = byte ^ 1;
            let evidence = Evidence { covariates: Some(&bytes), ..evidence(None) };
            let found = verify(&vector.files, &evidence).findings;
            assert!(found.iter().any(|it| it.file == File::Covariates), "byte {at}");
        }
    }
}

/// drand's own facts: the round announced, and a signature that is the network's.
#[test]
fn drand_must_be_the_round_announced() {
    let (vector, _) = vectors()[10];
    assert_eq!(vector.name, "drand-round-1000/0001");
    let announcement = vector.files.announcement.unwrap();
    let value = |round, signature| BeaconValue::Drand { round, signature };
    let reveal =
        |value| reveal(announcement, &secret(&vector), value, None, &is_signature).unwrap_err();
    let good: Signature = bytes(ROUND_1000);
    let mut bad = good;
    bad[47] ^= 1;
    assert!(matches!(
        reveal(value(1001, good)),
        lodd_draw::RevealError::Round { expected: 1000, found: 1001 }
    ));
    assert!(matches!(reveal(value(1000, bad)), lodd_draw::RevealError::Signature { round: 1000 }));
    // Quicknet's first round was on 2023-08-23 at 15:09:27 UTC, and they come every 3 seconds.
    assert_eq!(lodd_draw::quicknet::time_of(1), Some(1_692_803_367));
    assert_eq!(lodd_draw::quicknet::time_of(1000), Some(1_692_806_364));
    assert_eq!(lodd_draw::quicknet::first_at(1_692_806_364), 1000);
    assert_eq!(lodd_draw::quicknet::first_at(1_692_806_365), 1001);
    assert_eq!(lodd_draw::quicknet::first_at(0), 1);
    assert_eq!(lodd_draw::quicknet::time_of(0), None);
}
