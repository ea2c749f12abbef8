//! Draws made by an implementation that shares no code with this one: reproduced byte for byte.

use lodd_draw::{
    Announce, Announced, Announcement, BeaconValue, DrawFiles, File, Hash, Note, Secret, Unit,
    Verdict, announce, compute, reveal, verify, void,
};

/// A complete draw with its private side.
#[derive(Clone, Copy)]
pub(crate) struct Vector {
    pub(crate) name: &'static str,
    pub(crate) files: DrawFiles<'static>,
    pub(crate) private: &'static [u8],
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
    ]
}

pub(crate) fn check(vector: &Vector, previous: Option<&Vector>) -> Verdict {
    verify(&vector.files, previous.map(|it| &it.files), Some(vector.private))
}

/// The text between the quotes after `"key": `.
fn field<'a>(file: &'a [u8], key: &str) -> &'a str {
    let text = std::str::from_utf8(file).unwrap();
    let start = text.find(&format!("\"{key}\": \"")).unwrap() + key.len() + 5;
    text[start..].split('"').next().unwrap()
}

fn hash(text: &str) -> Hash {
    let byte = |n| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).unwrap();
    std::array::from_fn(byte)
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
        blocks: blocks.map(|it| (it.label.clone(), it.seats.clone())).collect(),
        units: units(vector.private),
    }
}

#[test]
fn announcements_are_reproduced() {
    for (vector, previous) in vectors() {
        let Announced { announcement, leaves, private } =
            announce(announcing(&vector, previous.as_ref())).unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let name = vector.name;
        assert_eq!(text(&announcement), text(vector.files.announcement.unwrap()), "{name}");
        assert_eq!(text(&leaves), text(vector.files.leaves.unwrap()), "{name}");
        assert_eq!(text(&private), text(vector.private), "{name}");
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
                _ => BeaconValue::Seed(hash(field(file, "seed"))),
            };
            let made = reveal(announcement, &secret(&vector), value).unwrap();
            assert_eq!(made, file, "{}", vector.name);
        }
        if let Some(file) = vector.files.void {
            let made = void(announcement, &secret(&vector), field(file, "reason")).unwrap();
            assert_eq!(made, file, "{}", vector.name);
        }
    }
}

#[test]
fn results_are_reproduced() {
    for (vector, _) in vectors() {
        let Some(reveal) = vector.files.reveal else { continue };
        let (announcement, leaves) = (vector.files.announcement, vector.files.leaves);
        let drawn = compute(announcement.unwrap(), leaves.unwrap(), reveal).unwrap();
        assert_eq!(drawn.csv, vector.files.result.unwrap(), "{}", vector.name);
        let line = |row: &lodd_draw::Row| {
            let lodd_draw::Row { block, ordinal, leaf, ticket, rank, arm } = row;
            format!("{block},{ordinal},{leaf},{ticket},{rank},{arm}")
        };
        let rows: Vec<String> = drawn.rows.iter().map(line).collect();
        let file = String::from_utf8(drawn.csv).unwrap();
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
    assert_eq!(verdict.arms, [("follow-up".into(), 8), ("ordinary".into(), 14)]);
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
    assert_eq!(verify(&files, None, None).notes, [Note::ChainNotChecked]);
    let previous = vectors()[5].1.unwrap().files;
    (files.leaves, files.result) = (None, None);
    let notes = verify(&files, Some(&previous), None).notes;
    assert_eq!(notes, [Note::LeavesWithheld, Note::ResultWithheld]);
    files.reveal = None;
    let verdict = verify(&files, Some(&previous), None);
    assert!(verdict.ok);
    assert_eq!(verdict.notes, [Note::LeavesWithheld, Note::Open]);
}

#[test]
fn files_that_must_be_there_are_missed() {
    let (vector, _) = vectors()[0];
    let without = |drop: fn(&mut DrawFiles<'_>)| {
        let mut files = vector.files;
        drop(&mut files);
        verify(&files, None, None).findings.iter().map(|it| it.file).collect::<Vec<_>>()
    };
    assert_eq!(without(|it| it.announcement = None), [File::Announcement]);
    assert_eq!(without(|it| it.plan = None), [File::Plan]);
    assert_eq!(without(|it| it.leaves = None), [File::Leaves]);
    assert_eq!(without(|it| it.reveal = None), [File::Result]);
    assert_eq!(without(|it| it.number = Some(2)), [File::Announcement]);
    assert_eq!(without(|it| it.void = it.reveal).last(), Some(&File::Void));
}
