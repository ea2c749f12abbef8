//! Mistakes that people make, planted at random places in valid files. What is planted is known
//! from the form alone; what is found must stand there, and nowhere else.

mod mistakes;

use std::{
    collections::BTreeSet,
    time::{SystemTime, UNIX_EPOCH},
};

use lodd_intake::catalogue::Severity;

use super::support::{Book, clean, expectations, findings, judge_against};
use mistakes::{CELLS, FILES, HARMLESS, ROWS};

/// How many mistakes are planted at least.
const PLANTED_MIN: usize = 200;
/// Cells with mistakes in one file, each in a family of its own.
const CELLS_A_FILE: usize = 5;
/// Of a hundred.
const FOUND_MIN: usize = 95;

/// A small generator (`splitmix64`), so that a seed gives the same files everywhere.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((word ^ (word >> 31)) % bound as u64).unwrap()
    }

    pub(crate) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Where a mistake stands: a sheet, and the rows and columns (from 1 and 0) where it can be said to
/// stand. No column: the row as a whole.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) sheet: &'static str,
    pub(crate) rows: Vec<usize>,
    pub(crate) columns: Vec<usize>,
    /// Columns that nobody can read any more, since their header is gone.
    pub(crate) lost: Vec<usize>,
}

impl Place {
    pub(crate) fn cell(sheet: &'static str, row: usize, column: usize) -> Self {
        Self { sheet, rows: vec![row], columns: vec![column], lost: Vec::new() }
    }

    pub(crate) fn rows(sheet: &'static str, rows: &[usize]) -> Self {
        Self { sheet, rows: rows.to_vec(), columns: Vec::new(), lost: Vec::new() }
    }

    fn has(&self, found: &lodd_intake::Finding) -> bool {
        let letter = |column: &usize| char::from(b'A' + u8::try_from(*column).unwrap());
        let cells = |row: &usize| -> Vec<String> {
            self.columns.iter().map(|column| format!("{}{row}", letter(column))).collect()
        };
        let row = found.row.and_then(|row| self.rows.iter().find(|it| **it == row as usize));
        let Some(row) = row.filter(|_| found.sheet.as_deref() == Some(self.sheet)) else {
            return false;
        };
        match &found.cell {
            Some(cell) => self.columns.is_empty() || cells(row).contains(cell),
            // What is not there has no cell.
            None => self.columns.is_empty() || !self.lost.is_empty(),
        }
    }
}

/// One file with mistakes: what was planted, and the file.
fn file(chance: &mut Chance, at: usize) -> (Book, Vec<(&'static str, Place)>) {
    let mut book = clean();
    let mut planted = Vec::new();
    let mut families: Vec<usize> = (0..11).collect();
    let mut used = BTreeSet::new();
    for nth in 0..CELLS_A_FILE {
        // Every kind has its turn; the rest is chance.
        let (name, plant) = &CELLS[(at * CELLS_A_FILE + nth) % CELLS.len()];
        let family = families.remove(chance.below(families.len()));
        if used.insert(name) {
            planted.push((*name, plant(&mut book, family, chance)));
        }
    }
    if !at.is_multiple_of(3) {
        let (name, plant) = &ROWS[at % ROWS.len()];
        let family = families.remove(chance.below(families.len()));
        planted.push((*name, plant(&mut book, family, chance)));
    }
    let (_, change) = HARMLESS[at % HARMLESS.len()];
    change(&mut book, &mut planted, chance);
    if at.is_multiple_of(3) {
        let (name, plant) = &FILES[at / 3 % FILES.len()];
        let place = plant(&mut book, chance);
        planted.retain(|(_, it)| !is_lost(it, &place));
        planted.push((*name, place));
    }
    (book, planted)
}

/// Whether a mistake in a column went with the column's header.
fn is_lost(mistake: &Place, header: &Place) -> bool {
    mistake.sheet == header.sheet && mistake.columns.iter().any(|it| header.lost.contains(it))
}

#[test]
#[expect(clippy::print_stdout, reason = "the seed, to run it again, and the score")]
fn planted_mistakes_are_found_where_they_are_in_one_pass() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let seed = std::env::var("LODD_SEED").ok().and_then(|it| it.parse().ok());
    let seed = seed.unwrap_or_else(|| u64::try_from(now % 1_000_000_000).unwrap());
    println!("LODD_SEED={seed}");
    let mut chance = Chance(seed);
    let (mut planted, mut found, mut elsewhere) = (0, 0, 0);
    for at in 0.. {
        let (book, mistakes) = file(&mut chance, at);
        let mut expect = expectations();
        expect.accept_good = true;
        let outcome = judge_against(&book, &expect);
        let all: Vec<_> =
            findings(&outcome).iter().filter(|it| it.severity() != Severity::Info).collect();
        for (name, place) in &mistakes {
            let hit = all.iter().any(|it| place.has(it));
            found += usize::from(hit);
            if !hit {
                println!("file {at}: `{name}` at {place:?} was not found");
            }
        }
        for it in &all {
            if !mistakes.iter().any(|(_, place)| place.has(it)) {
                elsewhere += 1;
                println!(
                    "file {at}: {} at {:?} {:?} {:?}: {mistakes:?}",
                    it.code(),
                    it.sheet,
                    it.row,
                    it.cell
                );
            }
        }
        planted += mistakes.len();
        if planted >= PLANTED_MIN {
            break;
        }
    }
    println!("planted {planted}, found {found}, elsewhere {elsewhere}");
    assert!((found - elsewhere.min(found)) * 100 >= planted * FOUND_MIN);
}
