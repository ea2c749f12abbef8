//! Copies of a pilot, taken while others write, and brought back.

use std::{fs, path::Path, sync::Barrier};

use lodd_store::{
    Pilot,
    backup::{BackupError, back_up, restore},
    pilot::Value,
    vault::keyfile,
};

use crate::{at, tamper::full, upload};

fn keys(dir: &Path) -> std::path::PathBuf {
    keyfile::default_folder(dir)
}

#[test]
fn a_backup_taken_during_uploads_is_one_moment_of_the_ledger() {
    let (dir, pilot) = full();
    let before = pilot.head().unwrap().unwrap().seq;
    drop(pilot);
    let away = tempfile::tempdir().unwrap();
    let start = Barrier::new(2);
    let copied = std::thread::scope(|scope| {
        let (root, start) = (dir.path(), &start);
        let writer = scope.spawn(move || {
            let mut pilot = Pilot::open(root).unwrap();
            start.wait();
            for file in 10..40 {
                let values = [("STILLINGSPROSENT", Value::Number(i64::from(file)))];
                pilot.upload(&at(100 + i64::from(file)), &upload(file, &values)).unwrap();
            }
        });
        start.wait();
        let made: Vec<_> = (0..3)
            .map(|n| back_up(root, &keys(root), &away.path().join(n.to_string()), true).unwrap())
            .collect();
        writer.join().unwrap();
        made
    });
    let ledger = Pilot::open(dir.path()).unwrap().ledger().unwrap();
    for (n, copied) in copied.iter().enumerate() {
        let head = copied.head.as_ref().unwrap();
        let there = &ledger[usize::try_from(head.seq).unwrap() - 1];
        assert!(head.seq >= before && there.hash == head.hash);
        let back = away.path().join(format!("back-{n}"));
        let again = restore(&away.path().join(n.to_string()), &back, None).unwrap();
        assert_eq!(again.head, copied.head);
        let pilot = Pilot::open(&back).unwrap();
        assert_eq!(pilot.verify().unwrap(), []);
        assert_eq!(pilot.ledger().unwrap()[..], ledger[..usize::try_from(head.seq).unwrap()]);
    }
}

#[test]
fn nothing_is_written_over_and_nothing_is_left_behind() {
    let (dir, pilot) = full();
    drop(pilot);
    let away = tempfile::tempdir().unwrap();
    let copy = away.path().join("copy");
    back_up(dir.path(), &keys(dir.path()), &copy, false).unwrap();
    let exists = back_up(dir.path(), &keys(dir.path()), &copy, false);
    assert!(matches!(exists, Err(BackupError::Exists { .. })), "{exists:?}");
    let over = restore(&copy, dir.path(), None);
    assert!(matches!(over, Err(BackupError::PilotThere { there, backup, .. }) if there == backup));
    fs::create_dir(away.path().join("full")).unwrap();
    fs::write(away.path().join("full/x"), "x").unwrap();
    let full = restore(&copy, &away.path().join("full"), None);
    assert!(matches!(full, Err(BackupError::NotEmpty { .. })), "{full:?}");
    // A pilot that does not verify gives no copy.
    fs::write(dir.path().join("draws/0002/leaves.csv"), "other").unwrap();
    let bad = back_up(dir.path(), &keys(dir.path()), &away.path().join("bad"), false);
    assert!(matches!(bad, Err(BackupError::NotVerified { .. })), "{bad:?}");
    let mut left: Vec<String> = fs::read_dir(away.path())
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["copy", "full"]);
}

#[test]
fn a_damaged_backup_is_refused() {
    let (dir, pilot) = full();
    drop(pilot);
    let away = tempfile::tempdir().unwrap();
    let (copy, back) = (away.path().join("copy"), away.path().join("back"));
    back_up(dir.path(), &keys(dir.path()), &copy, false).unwrap();
    for name in ["pilot.sqlite", "pilot.toml", "SHA256SUMS", "private/ledger.key"] {
        let path = copy.join(name);
        let bytes = fs::read(&path).unwrap();
        let mut flipped = bytes.clone();
        flipped[bytes.len() / 2] ^= 1;
        fs::write(&path, flipped).unwrap();
        let refused = restore(&copy, &back, None);
        assert!(matches!(refused, Err(BackupError::Damaged { .. })), "{name}: {refused:?}");
        assert!(!back.exists());
        fs::write(&path, bytes).unwrap();
    }
    fs::remove_file(copy.join("draws/0002/result.csv")).unwrap();
    let refused = restore(&copy, &back, None);
    assert!(matches!(refused, Err(BackupError::Damaged { .. })), "{refused:?}");
}
