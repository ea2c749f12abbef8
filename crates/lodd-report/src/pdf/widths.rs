//! How a table is set on paper: how wide its columns are, how large its letters, and whether its page
//! lies on its side.
//!
//! A column is at least as wide as what can't be broken in it (a number, a word); what is left goes to
//! the columns in proportion to what they would fill. As browsers do it (CSS 2.1, 17.5.2.2).

use super::fonts::{FONTS, Face};
use crate::{
    format::Format,
    html::is_code,
    table::{Row, Shown, Table},
};

/// The width of text on an upright page, and on one that lies on its side: A4 less its margins, in
/// points.
pub(super) const PORTRAIT: f64 = (210.0 - 36.0) * 72.0 / 25.4;
const LANDSCAPE: f64 = (297.0 - 36.0) * 72.0 / 25.4;
/// Sizes of letters that are tried, in points.
const UPRIGHT_SIZES: [f64; 4] = [8.5, 8.0, 7.5, 7.0];
const SIDEWAYS_SIZES: [f64; 6] = [8.5, 8.0, 7.5, 7.0, 6.5, 6.0];
/// Left and right of a cell's text, with a little to spare.
const PADDING: f64 = 2.0 * 2.6 + 0.8;
/// A part's head is moved in.
const INDENT: f64 = 9.4;
/// Letters of a word after which it can be hyphenated.
const SYLLABLES: usize = 11;
/// The least that a head of several words takes, in the units of its size.
const HEAD_LEAST: f64 = 2.6;
/// How much smaller what stands below a number is, and code.
const MINOR: f64 = 0.88;
const CODE: f64 = 0.8;

/// How a table is set.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Set {
    pub(super) landscape: bool,
    /// In points.
    pub(super) size: f64,
    /// Of each column, in points.
    pub(super) widths: Vec<f64>,
}

/// The least and the most that a column can use, at size 1 and without padding.
#[derive(Clone, Copy, Debug, Default)]
struct Need {
    least: f64,
    most: f64,
}

impl Need {
    fn with(self, other: Self) -> Self {
        Self { least: self.least.max(other.least), most: self.most.max(other.most) }
    }
}

pub(super) fn set(table: &Table) -> Set {
    let needs = needs(table);
    let is_part = table.rows.iter().any(|row| row.kind.class() == "part");
    let fits = |size: f64, width: f64| {
        let padding = PADDING * needs.len() as f64 + if is_part { INDENT } else { 0.0 };
        needs.iter().map(|it| it.least * size).sum::<f64>() + padding <= width
    };
    let upright = UPRIGHT_SIZES.into_iter().find(|size| fits(*size, PORTRAIT));
    let sideways = || SIDEWAYS_SIZES.into_iter().find(|size| fits(*size, LANDSCAPE));
    let (landscape, size, width) = match upright {
        Some(size) => (false, size, PORTRAIT),
        None => (true, sideways().unwrap_or(5.0), LANDSCAPE),
    };
    Set { landscape, size, widths: divided(&needs, size, (width, table.is_text())) }
}

/// The page's width among the columns.
fn divided(needs: &[Need], size: f64, (width, is_text): (f64, bool)) -> Vec<f64> {
    let least: Vec<f64> = needs.iter().map(|it| it.least * size + PADDING).collect();
    let most: Vec<f64> = needs.iter().map(|it| it.most * size + PADDING).collect();
    let (sum_least, sum_most) = (least.iter().sum::<f64>(), most.iter().sum::<f64>());
    if sum_least >= width {
        return least.iter().map(|it| it * width / sum_least).collect();
    }
    if sum_most >= width {
        let share = (width - sum_least) / (sum_most - sum_least);
        return least.iter().zip(&most).map(|(low, high)| low + (high - low) * share).collect();
    }
    // All fit: what is left goes to the heads of rows, but no further than eyes follow a line; among
    // words alone, as a list with numbers in front, to the longest.
    let spare = (width - sum_most).min(width * 0.35);
    let longest = most.iter().copied().fold(0.0, f64::max);
    let place = most.iter().position(|it| is_text && *it >= longest).unwrap_or(0);
    let mut widths = most;
    if let Some(it) = widths.get_mut(place) {
        *it += spare;
    }
    widths
}

fn needs(table: &Table) -> Vec<Need> {
    let mut needs = vec![Need::default(); table.columns()];
    for row in &table.rows {
        add(&mut needs, 0, 1, row_head(row));
        for (place, cell) in row.cells.iter().enumerate() {
            add(&mut needs, place + 1, 1, cell_need(cell));
        }
    }
    let mut taken: Vec<usize> = Vec::new();
    for head in &table.head {
        let below = std::mem::take(&mut taken);
        let mut place = 0;
        for cell in head {
            while below.contains(&place) {
                place += 1;
            }
            let need = words(&cell.text, Face::Bold, 1.0);
            // A head may take as many lines as it has words, but few letters stay together.
            let least = need.least.max(need.most.min(HEAD_LEAST));
            let need = Need { least, most: least.max(need.most / 2.0) };
            add(&mut needs, place, cell.columns, need);
            if cell.rows > 1 {
                taken.extend(place..place + cell.columns);
            }
            place += cell.columns;
        }
    }
    needs
}

/// Widens the columns from `place` so that together they hold this.
fn add(needs: &mut [Need], place: usize, columns: usize, need: Need) {
    let part = 1.0 / columns.max(1) as f64;
    let each = Need { least: need.least * part, most: need.most * part };
    needs.iter_mut().skip(place).take(columns).for_each(|it| *it = it.with(each));
}

fn row_head(row: &Row) -> Need {
    let mut need = words(&row.head, Face::Regular, 1.0);
    for badge in &row.badges {
        need = need.with(Need { least: FONTS.width(badge, Face::Bold) * 0.85, most: 0.0 });
    }
    row.minor.iter().fold(need, |need, it| need.with(words(it, Face::Regular, MINOR)))
}

fn cell_need(cell: &Shown) -> Need {
    let own = if cell.exact.is_some() || Format::is_symbol(&cell.text) {
        let width = FONTS.width(&cell.text, Face::Regular);
        Need { least: width, most: width }
    } else if is_code(&cell.text) {
        let width = FONTS.width(&cell.text, Face::Code) * CODE;
        Need { least: width, most: width }
    } else {
        words(&cell.text, Face::Regular, 1.0)
    };
    cell.minor.iter().fold(own, |need, it| need.with(words(it, Face::Regular, MINOR)))
}

/// Text that breaks between words, and within long ones.
fn words(text: &str, face: Face, size: f64) -> Need {
    let word = |word: &str| {
        let is_plain = word.chars().all(char::is_alphabetic);
        let letters = word.chars().count();
        let width = FONTS.width(word, face) * size;
        if is_plain && letters > SYLLABLES {
            width * (SYLLABLES + 1) as f64 / letters as f64
        } else {
            width
        }
    };
    let least = text.split([' ', '/']).map(word).fold(0.0, f64::max);
    // Long texts need not be one line.
    let most = (FONTS.width(text, face) * size).min(42.0);
    Need { least, most: most.max(least) }
}
