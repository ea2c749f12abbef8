//! Colours, dashes, marks and hatching. Each way of telling things apart works without the others:
//! in grey, for the colour-blind, and in colour.

use super::svg::{Mark, Stroke, path};

pub(crate) const INK: &str = "#1b1f24";
pub(crate) const SOFT: &str = "#4d5661";
pub(crate) const GRID: &str = "#dde1e6";
pub(crate) const PAPER: &str = "#ffffff";
pub(crate) const ACCENT: &str = "#0b4a6f";
/// The fill of an arm's box in the flow chart.
pub(crate) const TINT: &str = "#e7eef3";

/// The shape of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Circle,
    Square,
    Diamond,
    Triangle,
}

/// How one line is told from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) colour: &'static str,
    pub(crate) dash: Option<&'static str>,
    pub(crate) shape: Shape,
    pub(crate) filled: bool,
}

impl Style {
    pub(crate) fn mark(self, radius: f64) -> Mark {
        Mark { shape: self.shape, colour: self.colour, filled: self.filled, radius }
    }

    pub(crate) fn stroke(self, width: f64) -> Stroke {
        Stroke { colour: self.colour, width, dash: self.dash }
    }
}

/// The arms before the last.
const TREATED: [Style; 3] = [
    Style { colour: ACCENT, dash: None, shape: Shape::Square, filled: true },
    Style { colour: "#16191d", dash: Some("9 3 2 3"), shape: Shape::Triangle, filled: true },
    Style { colour: "#5e9e8a", dash: Some("2 3"), shape: Shape::Diamond, filled: true },
];

/// The last arm, the control.
const CONTROL: Style =
    Style { colour: "#b35900", dash: Some("7 4"), shape: Shape::Circle, filled: false };

/// More arms than this are not told apart by their looks.
pub(crate) const ARMS_MAX: usize = TREATED.len() + 1;

/// The style of the arm at a place among `arms`; `None` for more arms than there are styles.
pub(crate) fn arm(place: usize, arms: usize) -> Option<Style> {
    if arms > ARMS_MAX {
        None
    } else if place + 1 == arms {
        Some(CONTROL)
    } else {
        TREATED.get(place).copied()
    }
}

/// Lines in an order, such as of rising base rates: as many as are told apart.
pub(crate) const ORDERED: [Style; 6] = [
    Style { colour: "#00204d", dash: None, shape: Shape::Square, filled: true },
    Style { colour: "#b35900", dash: Some("9 4"), shape: Shape::Circle, filled: false },
    Style { colour: "#0b6e99", dash: Some("2 3"), shape: Shape::Triangle, filled: true },
    Style { colour: "#5c3a6e", dash: Some("10 3 2 3"), shape: Shape::Diamond, filled: false },
    Style { colour: "#7c7b78", dash: Some("5 3"), shape: Shape::Square, filled: false },
    Style { colour: "#5e9e8a", dash: Some("14 4"), shape: Shape::Circle, filled: true },
];

/// Cividis at nine equal steps, dark to light, as `viridisLite::cividis(9)` of R gives it: even in
/// lightness, and the same to the colour-blind (Nuñez, Anderton and Renslow 2018).
const CIVIDIS: [[u8; 3]; 9] = [
    [0x00, 0x20, 0x4d],
    [0x05, 0x36, 0x6e],
    [0x41, 0x4d, 0x6b],
    [0x61, 0x64, 0x6f],
    [0x7c, 0x7b, 0x78],
    [0x9b, 0x94, 0x77],
    [0xbc, 0xaf, 0x6f],
    [0xe0, 0xcb, 0x5e],
    [0xff, 0xea, 0x46],
];

/// More statuses than this are not told apart.
pub(crate) const STATES_MAX: usize = 10;

/// What an area is hatched with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hatch {
    Plain,
    Rising,
    Level,
    Dots,
    Falling,
    Upright,
}

/// Neighbours differ, and so do those two places apart.
const HATCHES: [Hatch; 6] =
    [Hatch::Plain, Hatch::Rising, Hatch::Level, Hatch::Dots, Hatch::Falling, Hatch::Upright];

/// How one status is told from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fill {
    pub(crate) colour: String,
    pub(crate) hatch: Hatch,
    /// The colour of its hatching.
    pub(crate) line: &'static str,
}

/// The look of the status at a place among `count`, dark to light in their order.
pub(crate) fn state(place: usize, count: usize) -> Fill {
    let rgb = cividis(place, count);
    let hatch = HATCHES.get(place % HATCHES.len()).copied().unwrap_or(Hatch::Plain);
    let is_dark = rgb.iter().map(|it| u32::from(*it)).sum::<u32>() < 360;
    let [r, g, b] = rgb;
    Fill {
        colour: format!("#{r:02x}{g:02x}{b:02x}"),
        hatch,
        line: if is_dark { PAPER } else { INK },
    }
}

/// The colour at a place among `count`, from near the dark end to near the light.
fn cividis(place: usize, count: usize) -> [u8; 3] {
    let share = if count > 1 { place as f64 / (count - 1) as f64 } else { 0.0 };
    let along = 0.6 + share * 7.2;
    let steps = CIVIDIS.iter().zip(CIVIDIS.iter().skip(1)).zip(0_u8..);
    for ((low, high), step) in steps {
        let part = along - f64::from(step);
        if (0.0..1.0).contains(&part) {
            return mixed(*low, *high, part);
        }
    }
    [0, 0, 0]
}

fn mixed(low: [u8; 3], high: [u8; 3], part: f64) -> [u8; 3] {
    let mut out = low;
    for (out, high) in out.iter_mut().zip(high) {
        let value = f64::from(*out) + (f64::from(high) - f64::from(*out)) * part;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between two bytes"
        )]
        let value = value.round() as u8;
        *out = value;
    }
    out
}

/// The distance of two lines of a hatching.
const STEP: f64 = 7.0;

/// The paths of a hatching within a rectangle; nothing of it stands outside.
pub(crate) fn hatching(hatch: Hatch, (left, top): (f64, f64), (wide, tall): (f64, f64)) -> String {
    let (right, bottom) = (left + wide, top + tall);
    let mut d = String::new();
    match hatch {
        Hatch::Plain => {}
        Hatch::Rising | Hatch::Falling => {
            for along in steps(STEP, wide + tall) {
                // From the upper edge or the far side to the lower edge or the near one.
                let (from, to) = (along.min(wide), along.min(tall));
                let across = |part: f64| match hatch {
                    Hatch::Rising => left + part,
                    _ => right - part,
                };
                let ends = [(across(from), top + along - from), (across(along - to), top + to)];
                d.push_str(&path(&ends));
            }
        }
        Hatch::Level => {
            for y in steps(STEP / 2.0, tall).map(|it| top + it) {
                d.push_str(&path(&[(left, y), (right, y)]));
            }
        }
        Hatch::Upright => {
            for x in steps(STEP / 2.0, wide).map(|it| left + it) {
                d.push_str(&path(&[(x, top), (x, bottom)]));
            }
        }
        Hatch::Dots => {
            for y in steps(2.0, tall - 2.0).map(|it| top + it) {
                for x in steps(2.0, wide - 2.0).map(|it| left + it) {
                    d.push_str(&path(&[(x, y), (x + 2.0, y)]));
                }
            }
        }
    }
    d
}

fn steps(from: f64, most: f64) -> impl Iterator<Item = f64> {
    std::iter::successors(Some(from), |it| Some(it + STEP)).take_while(move |it| *it < most)
}
