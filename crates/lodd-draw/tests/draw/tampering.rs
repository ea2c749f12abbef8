//! Every change of every public file is found, and the file that changed is named.

use lodd_draw::{DrawFiles, Evidence, File, Finding, Kind, Whose, verify};
use proptest::prelude::*;

use crate::vectors::{Vector, check, evidence, vectors};

fn file<'a, 'b>(files: &'b mut DrawFiles<'a>, file: File) -> &'b mut Option<&'a [u8]> {
    match file {
        File::Announcement => &mut files.announcement,
        File::Plan => &mut files.plan,
        File::Leaves => &mut files.leaves,
        File::Reveal => &mut files.reveal,
        File::Result => &mut files.result,
        File::Void | File::Roster | File::Covariates | File::Slip => &mut files.void,
    }
}

const PUBLIC: [File; 6] =
    [File::Announcement, File::Plan, File::Leaves, File::Reveal, File::Result, File::Void];

/// What a verifier says of a draw one of whose files has other bytes.
fn findings(vector: &Vector, previous: Option<&Vector>, name: File, bytes: &[u8]) -> Vec<Finding> {
    let mut files = vector.files;
    *file(&mut files, name) = Some(bytes);
    let verdict = verify(&files, &evidence(previous.map(|it| &it.files)));
    assert_eq!(verdict.ok, verdict.findings.is_empty());
    verdict.findings
}

fn names(findings: &[Finding], whose: Whose, file: File) -> bool {
    findings.iter().any(|it| it.whose == whose && it.file == file)
}

/// What replaces a byte: its neighbour, and in short files its other case and no text at all.
fn replacements(byte: u8, length: usize) -> Vec<u8> {
    let all = [byte ^ 1, byte ^ 0x20, byte ^ 0x80];
    all.into_iter().take(if length < 1_500 { 3 } else { 1 }).collect()
}

/// Runs `each` on these files of a draw with each byte changed in turn; of a file of more than
/// 20,000 bytes with every 101st.
fn each_change(vector: &Vector, names: &[File], mut each: impl FnMut(File, &[u8], &str)) {
    for &name in names {
        let mut files = vector.files;
        let Some(original) = *file(&mut files, name) else { continue };
        let mut bytes = original.to_vec();
        let step = if original.len() > 20_000 { 101 } else { 1 };
        for (at, &byte) in original.iter().enumerate().step_by(step) {
            for other in replacements(byte, original.len()) {
                bytes[at] = other;
                each(name, &bytes, &format!("{} {name} byte {at}: {byte} to {other}", vector.name));
            }
            bytes[at] = byte;
        }
    }
}

#[test]
fn each_changed_byte_is_found_and_its_file_named() {
    for (vector, previous) in vectors() {
        each_change(&vector, &PUBLIC, |name, bytes, change| {
            let found = findings(&vector, previous.as_ref(), name, bytes);
            // A void draw's reason is bound by the next draw alone.
            let reason = name == File::Void && found.is_empty();
            assert!(reason || names(&found, Whose::This, name), "{change}: {found:?}");
        });
    }
}

/// Also in the folder of the draw before: its announcement, and its reveal or void, whose
/// hashes this draw's announcement holds.
#[test]
fn each_changed_byte_of_the_draw_before_is_found() {
    let bound = [File::Announcement, File::Reveal, File::Void];
    for (vector, previous) in vectors() {
        let Some(previous) = previous else { continue };
        each_change(&previous, &bound, |name, bytes, change| {
            let mut before = previous.files;
            *file(&mut before, name) = Some(bytes);
            let found = verify(&vector.files, &evidence(Some(&before))).findings;
            assert!(names(&found, Whose::Previous, name), "{change}: {found:?}");
        });
    }
}

#[test]
fn a_refusal_says_file_field_expected_and_found() {
    let (vector, _) = vectors()[0];
    let mut text = String::from_utf8(vector.files.result.unwrap().to_vec()).unwrap();
    text = text.replacen("30,3,ordinary", "30,3,follow-up", 1);
    let found = findings(&vector, None, File::Result, text.as_bytes());
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    let expected = "`result.csv`, line 2, `arm` differs from what the files give: \
                    expected `ordinary`, found `follow-up`";
    assert_eq!(lines, [expected]);
}

/// A changed seed shows in the result alone: no ticket is right, and both files are named.
#[test]
fn another_seed_names_the_reveal_too() {
    let (vector, _) = vectors()[0];
    let reveal = String::from_utf8(vector.files.reveal.unwrap().to_vec()).unwrap();
    let other = reveal.replace("5a94", "5a95");
    let found = findings(&vector, None, File::Reveal, other.as_bytes());
    assert!(names(&found, Whose::This, File::Result));
    let reveal = found.iter().find(|it| it.file == File::Reveal).unwrap();
    assert_eq!(reveal.field, "beacon.seed");
}

#[test]
fn a_changed_roster_is_found() {
    let (vector, previous) = vectors()[5];
    for (at, &byte) in vector.private.iter().enumerate() {
        let mut bytes = vector.private.to_vec();
        bytes[at] = byte ^ 1;
        let found = verify(
            &vector.files,
            &Evidence { roster: Some(&bytes), ..evidence(previous.as_ref().map(|it| &it.files)) },
        );
        assert!(names(&found.findings, Whose::This, File::Roster), "byte {at}");
    }
}

#[test]
fn no_message_shows_a_salt() {
    let (vector, _) = vectors()[0];
    let private = String::from_utf8(vector.private.to_vec()).unwrap();
    let salt = private.lines().nth(1).unwrap().split(',').nth(2).unwrap();
    for broken in
        [private.replace(salt, &salt.to_uppercase()), private.replacen(salt, &salt[1..], 1)]
    {
        let verdict =
            verify(&vector.files, &Evidence { roster: Some(broken.as_bytes()), ..evidence(None) });
        assert!(!verdict.ok);
        assert!(!format!("{:?}", verdict.findings).to_lowercase().contains(&salt[1..]));
    }
}

/// Cuts, inserts, repeats and replaces; gives bytes that are not the file's.
fn mutated(original: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let edit =
        (any::<prop::sample::Index>(), 0..40_usize, prop::collection::vec(any::<u8>(), 0..8));
    let edits = prop::collection::vec((edit, 0..4_u8), 1..4);
    edits
        .prop_map(move |edits| {
            let mut bytes = original.to_vec();
            for ((at, length, new), kind) in edits {
                let at = at.index(bytes.len() + 1);
                let end = (at + length).min(bytes.len());
                let new = if kind == 0 { bytes[at..end].repeat(2) } else { new };
                let end = if kind == 1 { bytes.len() } else { end };
                bytes.splice(at..end, new);
            }
            bytes
        })
        .prop_filter("changed", move |bytes| bytes != original)
}

fn mutation() -> impl Strategy<Value = (usize, File, Vec<u8>)> {
    let all: Vec<(usize, File, &'static [u8])> = vectors()
        .iter()
        .enumerate()
        .flat_map(|(n, (vector, _))| {
            let mut files = vector.files;
            PUBLIC.map(|name| file(&mut files, name).map(|bytes| (n, name, bytes)))
        })
        .flatten()
        .collect();
    prop::sample::select(all)
        .prop_flat_map(|(n, name, bytes)| (Just(n), Just(name), mutated(bytes)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutations_never_panic_and_are_refused((n, name, bytes) in mutation()) {
        let (vector, previous) = vectors()[n];
        let found = findings(&vector, previous.as_ref(), name, &bytes);
        prop_assert!(name == File::Void || names(&found, Whose::This, name), "{found:?}");
    }

    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let it = Some(&bytes[..]);
        let files = DrawFiles { number: None, announcement: it, plan: it, leaves: it, reveal: it, result: it, void: it };
        let evidence = Evidence { roster: it, covariates: it, ..evidence(Some(&files)) };
        prop_assert!(!verify(&files, &evidence).ok);
    }
}

/// Line ends and blank lines at the end of a file count like any other byte.
#[test]
fn a_file_that_is_longer_or_shorter_at_its_end_is_named() {
    for (vector, previous) in vectors() {
        let mut files = vector.files;
        for name in PUBLIC {
            let Some(original) = *file(&mut files, name) else { continue };
            let appended = |more: &[u8]| [original, more].concat();
            let shorter = original[..original.len() - 1].to_vec();
            let changed =
                [appended(b"\n"), appended(b"\n\n"), appended(b" "), appended(b"\r\n"), shorter];
            for bytes in changed {
                let found = findings(&vector, previous.as_ref(), name, &bytes);
                assert!(names(&found, Whose::This, name), "{name}: {} bytes", bytes.len());
            }
        }
    }
}

/// Whatever can be found is found at once.
#[test]
fn all_changes_are_found_together() {
    let (vector, _) = vectors()[0];
    let change = |bytes: Option<&'static [u8]>, from: &str, to: &str| {
        String::from_utf8(bytes.unwrap().to_vec()).unwrap().replacen(from, to, 1).into_bytes()
    };
    let files = vector.files;
    let (plan, leaves) = (change(files.plan, "pilot", "Pilot"), change(files.leaves, "00", "01"));
    let reveal = change(files.reveal, "\"secret\": \"4", "\"secret\": \"5");
    let void = b"{}".as_slice();
    let changed = DrawFiles {
        plan: Some(&plan),
        leaves: Some(&leaves),
        reveal: Some(&reveal),
        void: Some(void),
        ..files
    };
    let found = verify(&changed, &evidence(None)).findings;
    for name in [File::Plan, File::Leaves, File::Reveal, File::Void] {
        assert!(names(&found, Whose::This, name), "{name}");
    }
}

#[test]
fn a_row_in_the_wrong_place_is_found() {
    let (vector, previous) = vectors()[0];
    assert!(check(&vector, previous.as_ref()).ok);
    let text = String::from_utf8(vector.files.leaves.unwrap().to_vec()).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.swap(1, 2);
    let found = findings(&vector, None, File::Leaves, (lines.join("\n") + "\n").as_bytes());
    assert!(found.iter().any(|it| it.file == File::Leaves && it.line == Some(3)), "{found:?}");
}

/// The twin of a draw: another pilot's draw 1 in place of the one before.
#[test]
fn a_draw_that_follows_another_is_found_in_both() {
    let (vector, _) = vectors()[5];
    let (stranger, _) = vectors()[0];
    let found = verify(&vector.files, &evidence(Some(&stranger.files))).findings;
    let kinds: Vec<_> = found.into_iter().map(|it| (it.whose, it.kind)).collect();
    assert_eq!(
        kinds,
        [
            (Whose::This, Kind::Previous),
            (Whose::This, Kind::Ended),
            (Whose::Previous, Kind::AnnouncementChanged),
            (Whose::Previous, Kind::EndedChanged),
        ]
    );
}

#[test]
fn a_reveal_of_another_beacon_is_found() {
    let (vector, _) = vectors()[0];
    let reveal = String::from_utf8(vector.files.reveal.unwrap().to_vec()).unwrap();
    let (head, _) = reveal.split_once("\"fixed\"").unwrap();
    let other = format!("{head}\"witnessed\",\n    \"value\": \"6-6-6\"\n  }}\n}}\n");
    let found = findings(&vector, None, File::Reveal, other.as_bytes());
    let kinds: Vec<_> = found.into_iter().map(|it| (it.field, it.kind)).collect();
    assert_eq!(kinds, [("beacon.kind".into(), Kind::BeaconKind)]);
}

/// The same values in bytes of another form: refused, although every hash would agree.
#[test]
fn a_reveal_has_one_form() {
    let (vector, _) = vectors()[3];
    let reveal = String::from_utf8(vector.files.reveal.unwrap().to_vec()).unwrap();
    for (from, to) in [
        ("Hønefoss", "H\\u00f8nefoss"),
        ("6-1-1-5", "6-1-1\\u002d5"),
        ("  \"secret\"", "\t\"secret\""),
        ("}\n}\n", "}\n}"),
        ("\": \"lodd/1\"", "\":\"lodd/1\""),
    ] {
        assert!(reveal.contains(from));
        let found = findings(&vector, None, File::Reveal, reveal.replacen(from, to, 1).as_bytes());
        assert_eq!(found.into_iter().map(|it| it.kind).collect::<Vec<_>>(), [Kind::Form], "{to}");
    }
    // Other texts: white space at an end, and an accent apart from its letter.
    for value in ["H\u{f8}nefoss ", "caf\u{65}\u{301}"] {
        let other = reveal.replacen("4-2-6-1-1-5 Hønefoss", value, 1);
        let found = findings(&vector, None, File::Reveal, other.as_bytes());
        assert_eq!(found.into_iter().map(|it| it.kind).collect::<Vec<_>>(), [Kind::NotPlain]);
    }
}
