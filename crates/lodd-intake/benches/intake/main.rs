//! What reading an office's file costs: 100,000 rows of the form of statuses, with all checks.
//!
//! `cargo xtask bench intake` runs this in release, and beside it the peers: `calamine` here, those
//! of Python in `peer.py`. Each part runs in a process of its own.

#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program for developers, which measures the crate from outside"
)]

mod made;

use std::{
    env, fs,
    hint::black_box,
    io::Cursor,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use calamine::{Reader, Xlsx};
use lodd_intake::{Expectations, Judged, Limits, Upload, Workbook, read, snapshots_in, wire};

const RUNS: usize = 3;
const PARTS: [(&str, &str); 5] = [
    ("xlsx", "read, handed over and judged with all checks (goal >= 20 x openpyxl)"),
    ("csv", "the same as csv                              (goal >= 1 million rows a minute)"),
    ("mistyped", "the same csv, every id mistyped in its own way"),
    ("wrong", "the same csv, an unknown code in every row"),
    ("calamine", "the cells of the same xlsx, unchecked"),
];

/// Wall and CPU seconds.
type Seconds = (f64, f64);

fn main() {
    let words: Vec<String> = env::args().skip(1).filter(|it| !it.starts_with("--")).collect();
    let folder =
        words.first().map_or_else(|| env::temp_dir().join("lodd-bench-intake"), PathBuf::from);
    if let Some(part) = words.get(1) {
        run(part, &folder);
        return;
    }
    fs::create_dir_all(&folder).unwrap();
    made::files(&folder);
    for (part, what) in PARTS {
        let mut child = Command::new(env::current_exe().unwrap());
        let output = child.arg(&folder).arg(part).output().unwrap();
        assert!(output.status.success(), "{part}: {}", String::from_utf8_lossy(&output.stderr));
        print!("{}", String::from_utf8_lossy(&output.stdout).replace("WHAT", what));
    }
}

fn run(part: &str, folder: &Path) {
    let expect = made::expectations();
    let (mut best, mut rows, mut steps) = ((f64::MAX, f64::MAX), 0, String::new());
    for _ in 0..RUNS {
        let (seconds, read, said) = match part {
            "calamine" => calamine(&folder.join("voksne.xlsx")),
            "xlsx" => ours(&folder.join("voksne.xlsx"), &expect),
            "csv" => ours(&folder.join("voksne.csv"), &expect),
            other => ours(&folder.join(format!("{other}.csv")), &expect),
        };
        if seconds.1 < best.1 {
            (best, rows, steps) = (seconds, read, said);
        }
    }
    let who = if part == "calamine" { "peer" } else { "ours" };
    let a_minute = 60e-6 * rows as f64 / best.0;
    println!(
        "{who} {part:<12} {:>8.3} s {:>7.2} CPU s {:>6} MB {a_minute:>6.2} million rows/min  WHAT{steps}",
        best.0,
        best.1,
        peak_megabytes()
    );
}

/// Reads a file as an upload does it: one process reads and hands over, the other judges.
fn ours(path: &Path, expect: &Expectations) -> (Seconds, usize, String) {
    let bytes = fs::read(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let limits = Limits::default();
    let (reading, outcome) = timed(|| read(Upload { name, bytes: &bytes }, &limits));
    let (handing, book) = timed(|| hand_over(name, &outcome, &limits));
    let rows = book.sheets.iter().map(|it| it.rows.len() - 1).sum();
    let (judging, judged) = timed(|| snapshots_in(book, expect));
    let all = (reading.0 + handing.0 + judging.0, reading.1 + handing.1 + judging.1);
    let steps = [("read", reading), ("handed over", handing), ("judged", judging)];
    let steps: String = steps
        .iter()
        .map(|(step, (wall, cpu))| format!("; {step} {wall:.3} s ({cpu:.2} CPU)"))
        .collect();
    (all, rows, format!("{steps}; {}", outcome_of(&judged)))
}

fn hand_over(
    name: &str,
    outcome: &Result<Workbook, lodd_intake::Findings>,
    limits: &Limits,
) -> Workbook {
    let mut bytes = Vec::new();
    wire::write(outcome, &mut bytes).unwrap();
    wire::read(name, &bytes, limits).unwrap().unwrap()
}

fn outcome_of(judged: &Result<Judged, lodd_intake::Findings>) -> String {
    let findings = match judged {
        Ok(judged) => &judged.findings,
        Err(findings) => findings,
    };
    let codes: Vec<String> =
        findings.codes().map(|(code, total)| format!("{code} {total}")).collect();
    let atoms = judged.as_ref().map_or(0, |it| it.atoms.len());
    format!("{atoms} families × dates in, findings: {}", codes.join(", "))
}

/// The cells that the parser below ours gives, kept as long as it takes to look at each.
fn calamine(path: &Path) -> (Seconds, usize, String) {
    let bytes = fs::read(path).unwrap();
    let (seconds, (rows, cells)) = timed(|| {
        let mut book = Xlsx::new(Cursor::new(&bytes[..])).unwrap();
        let mut reader = book.worksheet_cells_reader("Voksne").unwrap();
        let (mut rows, mut cells) = (0, 0_usize);
        while let Some(cell) = reader.next_cell().unwrap() {
            rows = cell.get_position().0;
            cells += 1;
            black_box(cell.get_value());
        }
        (rows as usize, cells)
    });
    (seconds, rows, format!("; {cells} cells"))
}

fn timed<T>(work: impl FnOnce() -> T) -> (Seconds, T) {
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let made = black_box(work());
    ((start.elapsed().as_secs_f64(), cpu_seconds() - cpu), made)
}

/// CPU seconds of this process so far (Linux: hundredths in fields 14 and 15).
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    fields.skip(11).take(2).filter_map(|it| it.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Highest resident memory of this process so far (Linux), in MB.
fn peak_megabytes() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|it| it.trim().split(' ').next()?.parse::<f64>().ok());
    kilobytes.map_or_else(|| "?".into(), |it| format!("{:.0}", it / 1e3))
}
