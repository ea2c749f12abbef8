//! No way to a second result without a public trace, over random sequences of actions.
//!
//! The actions are those of someone who may do anything with the pilot's folder: announce, reveal
//! and void by the program; change a byte, take the store away, put back an older copy of all or a
//! part, move a draw's folder. The world keeps what it was shown: the hash of each announcement, and
//! the file that ended it. Two different results over one list must then differ in their number with
//! a void between, or the world holds two announcements of one number or two endings of one
//! announcement.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::{
    lottery::{ROUNDS, announce, at, public, reveal, screened},
    support::{copied, copy, lodd_in, snapshot},
};

const SEQUENCES: u64 = 24;
const ACTIONS: usize = 12;

/// splitmix64: the sequences are the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }
}

/// What anyone could have seen.
#[derive(Debug, Default)]
struct World {
    /// Number and hash of announcements.
    announced: BTreeSet<(u64, String)>,
    /// Hash of an announcement, kind and hash of the file that ended it.
    ended: BTreeSet<(String, &'static str, String)>,
    /// Number, hash of the announcement, hash of the result: of folders that verify.
    results: BTreeSet<(u64, String, String)>,
}

impl World {
    /// Takes in a folder, if it verifies.
    fn see(&mut self, dir: &Path, folder: &str) {
        let ran = lodd_in(dir, &format!("draw verify draws/{folder} --json"));
        if ran.code != 0 {
            return;
        }
        let json = ran.json();
        let (number, hash) =
            (json["draw"].as_u64().unwrap(), json["announcement"].as_str().unwrap());
        self.announced.insert((number, hash.to_owned()));
        let file = |name: &str| fs::read(dir.join("draws").join(folder).join(name)).ok();
        for name in ["reveal.json", "void.json"] {
            if let Some(bytes) = file(name) {
                self.ended.insert((hash.to_owned(), name, sha256(&bytes)));
            }
        }
        if let Some(bytes) = file("result.csv") {
            self.results.insert((number, hash.to_owned(), sha256(&bytes)));
        }
    }

    /// Whether two results are told apart by something that was seen.
    fn trace(&self, a: &(u64, String, String), b: &(u64, String, String)) -> bool {
        let (first, second) = if a.0 <= b.0 { (a, b) } else { (b, a) };
        let void = |hash: &str| self.ended.iter().any(|it| it.0 == hash && it.1 == "void.json");
        let endings = |hash: &str| self.ended.iter().filter(|it| it.0 == hash).count();
        let twice = |number: u64| self.announced.iter().filter(|it| it.0 == number).count() > 1;
        let same_number = first.0 == second.0 && first.1 != second.1;
        let between = first.0 < second.0
            && (void(&first.1) || endings(&first.1) > 1 || (first.0..=second.0).any(twice));
        same_number || between
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is done, for the message of a failing sequence.
fn act(dice: &mut Dice, dir: &Path, kept: &mut Vec<tempfile::TempDir>) -> String {
    let number = u32::try_from(1 + dice.below(3)).unwrap();
    let files = ["announcement.json", "leaves.csv", "reveal.json", "result.csv", "void.json"];
    let file = public(dir, number, files[dice.below(files.len())]);
    match dice.below(21) {
        0..=4 => {
            let done = ROUNDS.iter().find(|round| announce(dir, round).code == 0);
            format!("announce: {:?}", done.map(|it| it.number))
        }
        5..=9 => {
            let done = ROUNDS.iter().find(|round| reveal(dir, round).code == 0);
            format!("reveal: {:?}", done.map(|it| it.number))
        }
        10 | 11 => {
            let clock = ROUNDS[0].after;
            format!("void: {}", at(dir, clock, "draw void --reason feil").code)
        }
        12 => {
            let Ok(mut bytes) = fs::read(&file) else { return "nothing".to_owned() };
            let place = dice.below(bytes.len());
            bytes[place] ^= 1 << dice.below(8);
            fs::write(&file, bytes).unwrap();
            format!("flip byte {place} of {}", file.display())
        }
        13 => {
            fs::remove_file(&file).ok();
            format!("remove {}", file.display())
        }
        14 | 15 => {
            kept.push(copied(dir));
            "keep a copy".to_owned()
        }
        16..=18 => {
            let from = kept[dice.below(kept.len())].path();
            let part = ["draws", "private", ".", "."][dice.below(4)];
            restore(from, dir, part);
            format!("put back {part} of an older copy")
        }
        19 => {
            let store = kept[dice.below(kept.len())].path().join("pilot.sqlite");
            remove_logs(dir);
            fs::copy(store, dir.join("pilot.sqlite")).unwrap();
            "put back an older store alone".to_owned()
        }
        _ => {
            let (from, to) = (folder(dir, number), folder(dir, 1 + number % 3));
            if !from.exists() || to.exists() {
                return "nothing".to_owned();
            }
            fs::rename(&from, &to).unwrap();
            format!("move {} to {}", from.display(), to.display())
        }
    }
}

fn folder(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("draws/{number:04}"))
}

fn remove_logs(dir: &Path) {
    for log in ["pilot.sqlite-wal", "pilot.sqlite-shm"] {
        fs::remove_file(dir.join(log)).ok();
    }
}

fn restore(from: &Path, to: &Path, part: &str) {
    remove_logs(to);
    for part in if part == "." { vec!["draws", "private"] } else { vec![part] } {
        fs::remove_dir_all(to.join(part)).ok();
        if from.join(part).exists() {
            copy(&from.join(part), &to.join(part));
        }
    }
    if part == "." {
        fs::copy(from.join("pilot.sqlite"), to.join("pilot.sqlite")).unwrap();
    }
}

#[test]
fn no_second_result_without_a_public_trace() {
    let (mut results, mut traced) = (0, 0);
    for seed in 0..SEQUENCES {
        let dir = screened();
        let mut dice = Dice(seed);
        let mut kept = vec![copied(dir.path())];
        let (mut world, mut done) = (World::default(), Vec::new());
        let mut seen = Vec::new();
        let mut see = |dir: &Path| {
            let now =
                if dir.join("draws").exists() { snapshot(&dir.join("draws")) } else { Vec::new() };
            if now == seen {
                return;
            }
            seen = now;
            for number in ["0001", "0002", "0003"] {
                if dir.join("draws").join(number).exists() {
                    world.see(dir, number);
                }
            }
        };
        // Else most sequences would end before there is anything to draw again.
        announce(dir.path(), &ROUNDS[0]).ok();
        kept.push(copied(dir.path()));
        reveal(dir.path(), &ROUNDS[0]).ok();
        see(dir.path());
        for _ in 0..ACTIONS {
            done.push(act(&mut dice, dir.path(), &mut kept));
            see(dir.path());
        }
        let all: Vec<_> = world.results.iter().collect();
        results += all.len();
        for (n, a) in all.iter().enumerate() {
            for b in all.iter().skip(n + 1).filter(|b| b.2 != a.2) {
                assert!(world.trace(a, b), "seed {seed}: {done:#?}\n{world:#?}");
                traced += 1;
            }
        }
    }
    // Else the sequences would show nothing.
    assert!(results >= 20 && traced >= 2, "{results} results, {traced} pairs");
}
