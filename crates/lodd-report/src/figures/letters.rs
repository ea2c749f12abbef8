//! How wide words are, where they break, and how labels make room for each other.
//!
//! The reader's font is not known. Widths are those of Helvetica (which Arial and Liberation Sans
//! share), made generous enough for wider ones; a picture is the same whatever fonts a machine has.

/// Widths of Helvetica from space to tilde, in thousandths of the size (Adobe's font metrics).
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/// How much wider than Helvetica a font may run; `DejaVu Sans` does by an eighth.
const GENEROUS: f64 = 1.13;
/// How much wider bold letters are.
const BOLD: f64 = 1.08;

/// How wide a text is at most, in the units of its size.
pub(crate) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let thousandths: u32 = text.chars().map(|letter| u32::from(letter_width(letter))).sum();
    let weight = if bold { BOLD } else { 1.0 };
    f64::from(thousandths) / 1000.0 * size * GENEROUS * weight
}

fn letter_width(letter: char) -> u16 {
    let place = u32::from(letter).checked_sub(32).and_then(|it| usize::try_from(it).ok());
    if let Some(width) = place.and_then(|it| WIDTHS.get(it)) {
        return *width;
    }
    match letter {
        'å' | '–' => 556,
        'ø' => 611,
        'æ' => 889,
        'Å' => 667,
        'Ø' => 778,
        '−' | '×' | '±' | '≥' | '≤' => 584,
        '·' | '\u{a0}' | '\u{202f}' => 278,
        letter if letter.is_lowercase() => 600,
        _ => 1000,
    }
}

/// The distance from a baseline to the next.
pub(crate) fn leading(size: f64) -> f64 {
    (size * 1.32).round()
}

/// Breaks a text into lines that are at most `room` wide, at spaces; a word that is wider is broken
/// with a hyphen.
pub(crate) fn wrap(text: &str, room: f64, size: f64, bold: bool) -> Vec<String> {
    let fits = |line: &str| width(line, size, bold) <= room;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|it| !it.is_empty()) {
        let joined = lines.last().map(|line| format!("{line} {word}"));
        match (joined.filter(|line| fits(line)), lines.last_mut()) {
            (Some(joined), Some(line)) => *line = joined,
            _ => lines.extend(pieces(word, fits)),
        }
    }
    lines
}

/// A word in as many pieces as it needs.
fn pieces(word: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for letter in word.chars() {
        let longer = format!("{piece}{letter}");
        if !piece.is_empty() && !fits(&longer) && !fits(&format!("{longer}-")) {
            let cut = if piece.ends_with('-') { piece } else { format!("{piece}-") };
            pieces.push(cut);
            piece = letter.to_string();
        } else {
            piece = longer;
        }
    }
    pieces.push(piece);
    pieces
}

/// Moves labels apart as little as can be: `(wanted middle, height)` of each, in order from the top;
/// gives the middles. They stay within `(top, bottom)` if there is room.
///
/// The sum of squared moves is the least: pool-adjacent-violators on the middles less what stands
/// above each (Barlow and others, 1972).
pub(crate) fn apart(labels: &[(f64, f64)], (top, bottom): (f64, f64)) -> Vec<f64> {
    let mut above = Vec::with_capacity(labels.len());
    let mut sum = 0.0;
    for (_, height) in labels {
        above.push(sum + height / 2.0);
        sum += height;
    }
    // Sum and number of each pool.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for ((wanted, _), above) in labels.iter().zip(&above) {
        pools.push((wanted - above, 1));
        while let [.., (a, n), (b, m)] = pools.as_slice() {
            if a / (*n as f64) <= b / (*m as f64) {
                break;
            }
            let joined = (a + b, n + m);
            pools.truncate(pools.len() - 2);
            pools.push(joined);
        }
    }
    let most = (bottom - sum).max(top);
    let starts = pools.into_iter().flat_map(|(sum, n)| std::iter::repeat_n(sum / n as f64, n));
    starts.zip(&above).map(|(start, above)| start.clamp(top, most) + above).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Widths at 1000 px that Chromium 148 gives (`measureText`), in Liberation Sans.
    #[test]
    fn words_are_as_wide_as_a_browser_says() {
        let text = "Oppfyller ikke kriteriene – Nav Ringerike og Hole (12 %)";
        let ours = width(text, 1000.0, false) / GENEROUS;
        assert!((ours - 24_788.0).abs() < 24_788.0 * 0.01, "{ours}");
        let bold = width(text, 1000.0, true) / GENEROUS;
        assert!((bold - 26_342.8).abs() < 26_342.8 * 0.03, "{bold}");
        // The widest of common fonts, DejaVu Sans, still fits.
        assert!(width(text, 1000.0, false) >= 27_933.0);
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_with_a_hyphen() {
        let room = width("barn under", 10.0, false) + 0.1;
        assert_eq!(
            wrap("har ikke barn under 18 år", room, 10.0, false),
            ["har ikke", "barn under", "18 år"]
        );
        let lines = wrap("institusjonsopphold", 60.0, 14.0, false);
        assert!(lines.len() > 1 && lines.iter().all(|it| width(it, 14.0, false) <= 60.0));
        assert_eq!(lines.concat().replace('-', ""), "institusjonsopphold");
        assert!(wrap("  ", 4.0, 14.0, false).is_empty());
    }

    #[test]
    fn labels_move_no_further_than_they_must() {
        let middles = |labels: &[(f64, f64)]| apart(labels, (0.0, 100.0));
        assert_eq!(middles(&[(20.0, 10.0), (60.0, 10.0)]), [20.0, 60.0]);
        // Two at one place part to either side of it.
        assert_eq!(middles(&[(50.0, 10.0), (50.0, 10.0)]), [45.0, 55.0]);
        // Within the range, and never in another order.
        assert_eq!(middles(&[(99.0, 10.0), (99.0, 10.0)]), [85.0, 95.0]);
        assert_eq!(middles(&[(-9.0, 10.0), (1.0, 10.0)]), [5.0, 15.0]);
    }
}
