//! A flush that fails closes the pilot to writing until it is opened again: the system may then
//! count as written what is not on the disk, and a second flush that succeeds proves nothing.

use std::{env, path::Path, process::Command};

use lodd_store::{Pilot, StoreError};

use crate::{at, code, count, pilot, upload};

/// Where the child finds the pilot.
const CHILD: &str = "LODD_TEST_FLUSH";

/// Three uploads through one open pilot, and the second again through another.
///
/// Run by the test below, under `strace`; on its own there is nothing to do.
#[test]
fn child() {
    let Ok(dir) = env::var(CHILD) else { return };
    let mut pilot = Pilot::open(Path::new(&dir)).unwrap();
    let put = |pilot: &mut Pilot, file: u8| {
        let answer = ["DELTID", "HELTID", "LEDIG_REG"][usize::from(file - 1)];
        match pilot.upload(&at(file.into()), &upload(file, &[("ARBEID", code(answer))])) {
            Ok(_) => "stored",
            Err(StoreError::ClosedToWriting) => "closed",
            Err(StoreError::Sqlite { .. }) => "failed",
            Err(error) => panic!("{error}"),
        }
    };
    let all = [1, 2, 3].map(|file| put(&mut pilot, file));
    drop(pilot);
    let again = Pilot::open(Path::new(&dir)).map_or("failed", |mut pilot| put(&mut pilot, 2));
    println!("answers: {} {again};", all.join(" "));
}

/// Runs the child with faults, and gives its four answers.
fn answers(dir: &Path, inject: &str) -> Vec<String> {
    let trace = "trace=fsync,fdatasync";
    let output = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", trace, "-e", inject])
        .arg(env::current_exe().unwrap())
        .args(["--exact", "flush::child", "--nocapture", "--test-threads", "1"])
        .env(CHILD, dir)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{inject}: {text}");
    let (_, rest) = text.split_once("answers: ").unwrap();
    rest.split_once(';').unwrap().0.split(' ').map(str::to_owned).collect()
}

#[test]
#[cfg(target_os = "linux")]
fn after_a_failed_flush_nothing_is_written_until_the_pilot_is_opened_again() {
    let allowed = Command::new("strace").args(["-o", "/dev/null", "true"]).output().unwrap();
    if !allowed.status.success() {
        println!("not run, tracing is not permitted: {allowed:?}");
        return;
    }
    let mut failed = 0;
    for (onwards, n) in ["", "+"].iter().flat_map(|it| (1..=12).map(move |n| (it, n))) {
        let (dir, closed) = pilot();
        drop(closed);
        let inject = format!("inject=fsync,fdatasync:error=EIO:when={n}{onwards}");
        let answers = answers(dir.path(), &inject);
        let (through_one, again) = answers.split_at(3);
        let first = through_one.iter().position(|it| it == "failed");
        let after = through_one.iter().skip(first.map_or(3, |it| it + 1));
        assert!(after.clone().all(|it| it == "closed"), "{inject}: {answers:?}");
        failed += usize::from(after.count() > 0);
        // What was said to be stored is there, and the pilot opened again takes the file.
        let stored = through_one.iter().filter(|it| *it == "stored").count();
        let mut pilot = Pilot::open(dir.path()).unwrap();
        assert_eq!(pilot.verify().unwrap(), []);
        assert!(count(dir.path(), "uploads") >= i64::try_from(stored).unwrap(), "{answers:?}");
        if again == ["stored"] {
            let receipt = pilot.upload(&at(9), &upload(2, &[("ARBEID", code("HELTID"))])).unwrap();
            assert!(receipt.already, "{inject}: {answers:?}");
        }
    }
    assert!(failed > 0, "no commit was failed");
}
