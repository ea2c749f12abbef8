//! What the store costs: 64 uploads at once, and a pilot of 100 offices with five years of months.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{median, milliseconds, printed, released, timed};
use crate::{Outcome, cargo, root, run};

const OFFICES: usize = 100;
const FAMILIES: usize = 30;
const MONTHS: usize = 60;
pub(super) const AT_ONCE: usize = 64;
pub(super) const ROUNDS: usize = 5;

/// The peer: the same rows into the same kind of file, by Python's `sqlite3`, with no check, no version,
/// no seal and no ledger; a transaction a file, flushed as ours are.
const PEER: &str = "\
import csv, glob, sqlite3, sys, time
store = sqlite3.connect(sys.argv[1])
store.execute('PRAGMA journal_mode = WAL'); store.execute('PRAGMA synchronous = FULL')
store.execute('CREATE TABLE snapshots (unit TEXT, date TEXT, income TEXT, work TEXT, benefits TEXT)')
start = time.perf_counter()
for path in sorted(glob.glob(sys.argv[2] + '/*.csv')):
    rows = list(csv.reader(open(path), delimiter=';'))[1:]
    with store:
        store.executemany('INSERT INTO snapshots VALUES (?, ?, ?, ?, ?)', rows)
print(f'{time.perf_counter() - start:.1f}')
";

/// Builds once, for release, and prints each figure beside its goal or peer.
pub(crate) fn all() -> Outcome {
    run(&mut cargo(&["build", "--release", "--package", "lodd"]))?;
    let dir = root().join("target/bench-store");
    let _ = fs::remove_dir_all(&dir);
    let pilot = Made::new(&dir)?;
    pilot.at_once()?;
    pilot.fill()?;
    pilot.one_more()?;
    pilot.whole()?;
    fs::remove_dir_all(&dir).map_err(|error| error.to_string())
}

/// A made-up pilot with its files.
pub(super) struct Made {
    dir: PathBuf,
}

fn office(number: usize) -> String {
    format!("k{number:03}")
}

/// The first day after the month that is `number` months after August 2020, as a clock.
fn month(number: usize) -> (usize, usize) {
    let months = 2020 * 12 + 7 + number;
    (months / 12, months % 12 + 1)
}

/// An office's file of one date.
fn status(office: usize, date: &str) -> String {
    let row = |(i, id): (usize, String)| {
        let work = if (i + date.len()).is_multiple_of(3) { "LEDIG_REG" } else { "DELTID" };
        format!("{id}-A1;{date};LONN;{work};BARNETRYGD\n")
    };
    let rows: String = ids().skip(office * FAMILIES).take(FAMILIES).enumerate().map(row).collect();
    format!("voksen_id;statusdato;inntekt;arbeid;tillegg\n{rows}")
}

impl Made {
    pub(super) fn new(dir: &Path) -> Result<Self, String> {
        let made = Self { dir: dir.to_owned() };
        made.write_all().map_err(|error| format!("{}: {error}", dir.display()))?;
        let words = "--clock 2020-08-20T08:00:00Z roster import familier.csv medlemmer.csv";
        timed(&mut made.lodd(words))?;
        Ok(made)
    }

    fn write_all(&self) -> std::io::Result<()> {
        fs::create_dir_all(self.dir.join("files"))?;
        let from = root().join("data/kast");
        let text = fs::read_to_string(from.join("pilot.toml"))?;
        let one = "[[office]]\nid = \"kast\"\nname = \"Nav Øvelse\"\nmunicipality = \"9999\"\n";
        let each = |it| one.replace("\"kast\"", &format!("\"{}\"", office(it)));
        let all: String = (0..OFFICES).map(each).collect();
        let list: Vec<String> = (0..OFFICES).map(|it| format!("\"{}\"", office(it))).collect();
        let text = text.replace(one, &all).replace("2026-07-01", "2020-07-01");
        let list = format!("offices = [{}]", list.join(", "));
        let text = text.replace("offices = [\"kast\"]", &list).replace("2026-08-20", "2020-08-20");
        fs::write(self.dir.join("pilot.toml"), text)?;
        fs::copy(from.join("analysis.toml"), self.dir.join("analysis.toml"))?;
        self.write_roster()?;
        for month in 0..MONTHS {
            (0..OFFICES).try_for_each(|office| self.write_status("files", office, month))?;
        }
        (0..OFFICES).try_for_each(|office| self.write_status(".", office, MONTHS))?;
        let days = 1..=ROUNDS;
        days.flat_map(|day| (0..AT_ONCE).map(move |it| (day, it))).try_for_each(|(day, it)| {
            let text = status(it, &format!("2020-07-{:02}", day + 1));
            fs::write(self.dir.join(format!("at-once-{day}-{it}.csv")), text)
        })
    }

    fn write_roster(&self) -> std::io::Result<()> {
        let ids: Vec<String> = ids().collect();
        let family =
            |(i, id): (usize, &String)| format!("{id};{};2020-07-01\n", office(i / FAMILIES));
        let member = |id: &String| format!("{id}-A1;{id};FORELDER;1985\n{id}-B1;{id};BARN;2015\n");
        let unit = |(i, id): (usize, &String)| {
            let arm = if i % 2 == 0 { "follow-up" } else { "ordinary" };
            format!("{id},kast,{arm},2020-08-31,1/2\n")
        };
        let families: String = ids.iter().enumerate().map(family).collect();
        let members: String = ids.iter().map(member).collect();
        let drawn: String = ids.iter().enumerate().map(unit).collect();
        let families = format!("familie_id;kontor;registrert\n{families}");
        let members = format!("medlem_id;familie_id;rolle;fodselsar\n{members}");
        let drawn = format!("unit,block,arm,date,probability\n{drawn}");
        fs::write(self.dir.join("familier.csv"), families)?;
        fs::write(self.dir.join("medlemmer.csv"), members)?;
        fs::write(self.dir.join("drawn.csv"), drawn)
    }

    fn write_status(&self, folder: &str, office: usize, number: usize) -> std::io::Result<()> {
        let (year, month) = month(number);
        let text = status(office, &format!("{year}-{month:02}-28"));
        fs::write(self.dir.join(folder).join(format!("{number:02}-{office:03}.csv")), text)
    }

    fn lodd(&self, words: &str) -> Command {
        let mut command = Command::new(released());
        command.current_dir(&self.dir).args(words.split(' ')).stdout(Stdio::null());
        command
    }

    fn upload(&self, file: &str, number: usize, of: usize) -> Command {
        let (year, month) = month(number + 1);
        let clock = format!("{year}-{month:02}-01T08:00:00Z");
        self.lodd(&format!("--clock {clock} upload {file} --office {}", office(of)))
    }

    /// So many processes started together, a few times.
    fn at_once(&self) -> Outcome {
        let mut times = Vec::new();
        for round in 1..=ROUNDS {
            let each = |it| timed(&mut self.upload(&format!("at-once-{round}-{it}.csv"), 0, it));
            let all: Vec<Result<Duration, String>> = thread::scope(|scope| {
                let started: Vec<_> =
                    (0..AT_ONCE).map(|it| scope.spawn(move || each(it))).collect();
                started.into_iter().filter_map(|it| it.join().ok()).collect()
            });
            times.extend(all.into_iter().collect::<Result<Vec<_>, _>>()?);
        }
        times.sort_unstable();
        let at =
            |part: usize| times.get((times.len() - 1) * part / 100).copied().unwrap_or_default();
        println!(
            "{AT_ONCE} uploads at once: acknowledged after p50 {:.0} ms, p99 {:.0} ms (goal <= 2000), {} in all",
            milliseconds(at(50)),
            milliseconds(at(99)),
            times.len()
        );
        Ok(())
    }

    /// Five years of months, file by file, and the peer's.
    fn fill(&self) -> Outcome {
        let start = Instant::now();
        for number in 0..MONTHS {
            for of in 0..OFFICES {
                timed(&mut self.upload(&format!("files/{number:02}-{of:03}.csv"), number, of))?;
            }
        }
        let ours = start.elapsed().as_secs_f64();
        let files = (OFFICES * MONTHS) as f64;
        println!(
            "a store of {OFFICES} offices, {} families, {MONTHS} months: {} snapshots in {ours:.0} s, {:.1} ms a file",
            OFFICES * FAMILIES,
            OFFICES * FAMILIES * MONTHS,
            1e3 * ours / files
        );
        let store = self.dir.join("peer.sqlite");
        let mut peer = Command::new("python3");
        peer.args(["-c", PEER]).arg(store).arg(self.dir.join("files"));
        match printed(&mut peer).map(|it| it.trim().parse::<f64>()) {
            Ok(Ok(theirs)) => println!(
                "  Python's sqlite3, the same rows unchecked in one process: {:.1} ms a file; ratio {:.1}",
                1e3 * theirs / files,
                ours / theirs
            ),
            other => println!("  no peer: {other:?}"),
        }
        let bytes = fs::metadata(self.dir.join("pilot.sqlite")).map_or(0, |it| it.len());
        println!("  pilot.sqlite {:.0} MB", bytes as f64 / 1e6);
        Ok(())
    }

    /// Opening, and one more file of each of some offices.
    fn one_more(&self) -> Outcome {
        let mut opened = Vec::new();
        for _ in 0..21 {
            opened.push(timed(&mut self.lodd("draw status"))?);
        }
        println!("  open and read a status   {:>8.1} ms", milliseconds(median(opened)));
        let mut uploaded = Vec::new();
        for of in 0..21 {
            uploaded.push(timed(&mut self.upload(&format!("{MONTHS}-{of:03}.csv"), MONTHS, of))?);
        }
        println!("  upload one more file     {:>8.1} ms", milliseconds(median(uploaded)));
        Ok(())
    }

    /// What reads everything.
    fn whole(&self) -> Outcome {
        let verified = timed(&mut self.lodd("ledger verify"))?;
        println!("  ledger verify            {:>8.1} ms", milliseconds(verified));
        let later = |words: &str| self.lodd(&format!("--clock 2026-01-01T08:00:00Z {words}"));
        timed(&mut later("screen"))?;
        timed(&mut later("draw import drawn.csv"))?;
        timed(&mut later("plan lock"))?;
        let panel = timed(&mut later("panel"))?;
        println!("  panel                    {:>8.1} ms", milliseconds(panel));
        Ok(())
    }
}

/// Ids with check symbols, by the rule of the data model (modulo 23).
fn ids() -> impl Iterator<Item = String> {
    const SYMBOLS: &[u8] = b"3456789CDFGHJKMNPQRTVWX";
    let symbol = |value: usize| char::from(SYMBOLS.get(value % 23).copied().unwrap_or_default());
    let id = move |serial: usize| {
        let values: Vec<usize> = (0..4).map(|place| serial / 23_usize.pow(place) % 23).collect();
        let sum: usize = values.iter().zip(2..).map(|(value, weight)| value * weight).sum();
        let symbols: String = values.iter().map(|it| symbol(*it)).collect();
        let letter = symbols.contains(|it: char| it.is_ascii_uppercase());
        letter.then(|| format!("KAS-{symbols}-{}", symbol(23 - sum % 23)))
    };
    (0..).filter_map(id).take(OFFICES * FAMILIES)
}
