//! A figure read back from its drawing by an XML reader, as a person reads it: places are turned into
//! numbers by the ticks of the axes, never by the program's own scale.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic here is a failing test")]

use roxmltree::{Document, Node};

/// Widths of `DejaVu Sans`, the widest of common fonts, from space to tilde at 1000 px, as Chromium
/// measures them (`CanvasRenderingContext2D.measureText`).
const WIDTHS: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/// The drawings of a page, in order.
pub(crate) fn drawings(page: &str) -> Vec<String> {
    let parts = page.split("<svg").skip(1);
    parts.map(|it| format!("<svg{}</svg>", it.split_once("</svg>").unwrap().0)).collect()
}

/// The drawing whose title begins with these words.
pub(crate) fn drawing(page: &str, title: &str) -> String {
    let found = drawings(page).into_iter().find(|svg| {
        let doc = Document::parse(svg).unwrap();
        text_of(&doc, "title").starts_with(title)
    });
    found.unwrap_or_else(|| panic!("no figure `{title}`"))
}

/// The text of the first element of this name.
pub(crate) fn text_of(doc: &Document<'_>, name: &str) -> String {
    let mut all = doc.descendants();
    all.find(|it| it.has_tag_name(name)).and_then(|it| it.text()).unwrap_or_default().to_owned()
}

/// Elements with this class, in order.
pub(crate) fn parts<'d>(doc: &'d Document<'_>, class: &str) -> Vec<Node<'d, 'd>> {
    doc.descendants().filter(|it| it.attribute("class") == Some(class)).collect()
}

/// An attribute that is a number.
pub(crate) fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap_or_else(|| panic!("no {name}")).parse().unwrap()
}

/// A number as Norwegian writes it.
pub(crate) fn read(text: &str) -> f64 {
    let plain = text.replace(['\u{202f}', '\u{a0}'], "").replace('\u{2212}', "-");
    plain.replace(',', ".").parse().unwrap_or_else(|_| panic!("`{text}` is no number"))
}

/// Where the values of an axis stand, read off its ticks.
#[derive(Debug)]
pub(crate) struct Axis {
    ticks: Vec<(f64, f64)>,
}

impl Axis {
    /// The axis whose ticks have this class; `up` for places that are heights.
    pub(crate) fn of(doc: &Document<'_>, class: &str, up: bool) -> Self {
        let place = |it: Node<'_, '_>| {
            // A label stands 4.5 below the line it is of.
            if up { number(it, "y") - 4.5 } else { number(it, "x") }
        };
        let ticks: Vec<(f64, f64)> =
            parts(doc, class).into_iter().map(|it| (place(it), read(it.text().unwrap()))).collect();
        let axis = Self { ticks };
        for (place, value) in &axis.ticks {
            assert!((axis.value(*place) - value).abs() < axis.pixel() * 0.1, "uneven ticks");
        }
        axis
    }

    /// The number that a place stands for.
    pub(crate) fn value(&self, place: f64) -> f64 {
        let ((p0, v0), (p1, v1)) = (self.ticks[0], *self.ticks.last().unwrap());
        v0 + (place - p0) / (p1 - p0) * (v1 - v0)
    }

    /// What one pixel is.
    pub(crate) fn pixel(&self) -> f64 {
        let ((p0, v0), (p1, v1)) = (self.ticks[0], *self.ticks.last().unwrap());
        ((v1 - v0) / (p1 - p0)).abs()
    }

    /// Whether a place stands for a number, to a twentieth of a pixel.
    #[track_caller]
    pub(crate) fn is_at(&self, place: f64, value: f64) {
        let found = self.value(place);
        assert!((found - value).abs() <= self.pixel() / 20.0, "{found} is not {value}");
    }
}

/// The places along a path of straight lines; sub-paths after each other.
pub(crate) fn places(d: &str) -> Vec<(f64, f64)> {
    let parts = d.trim_end_matches('Z').split(['M', 'L', 'Z']).filter(|it| !it.trim().is_empty());
    parts
        .map(|it| {
            let (x, y) = it.trim().split_once(' ').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        })
        .collect()
}

/// The middle of a mark: a circle's, or that of its corners' extent across.
pub(crate) fn middle(mark: Node<'_, '_>) -> (f64, f64) {
    if mark.has_tag_name("circle") {
        return (number(mark, "cx"), number(mark, "cy"));
    }
    let corners = places(mark.attribute("d").unwrap());
    let mid = |of: fn(&(f64, f64)) -> f64| {
        let all: Vec<f64> = corners.iter().map(of).collect();
        let low = all.iter().copied().fold(f64::INFINITY, f64::min);
        let high = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        low.midpoint(high)
    };
    (mid(|it| it.0), mid(|it| it.1))
}

/// How wide a text is in `DejaVu Sans`.
fn width(text: &str, size: f64, bold: bool) -> f64 {
    let letter = |it: char| {
        let place = usize::try_from(u32::from(it)).unwrap().wrapping_sub(32);
        u32::from(WIDTHS.get(place).copied().unwrap_or(match it {
            'æ' => 982,
            'å' | 'ø' => 613,
            'Å' => 684,
            'Ø' => 787,
            '\u{202f}' => 200,
            '·' | '\u{a0}' => 318,
            '–' => 500,
            '−' | '±' => 838,
            _ => 1000,
        }))
    };
    let all: u32 = text.chars().map(letter).sum();
    // Bold of 600 is, where a font has but 700, an eighth wider.
    f64::from(all) / 1000.0 * size * if bold { 1.13 } else { 1.0 }
}

/// The box about a text: left, top, right, bottom.
pub(crate) type Box = (f64, f64, f64, f64);

/// Every text with its box.
pub(crate) fn texts(doc: &Document<'_>) -> Vec<(String, Box)> {
    let all = doc.descendants().filter(|it| it.has_tag_name("text"));
    all.map(|it| {
        let (x, y, size) = (number(it, "x"), number(it, "y"), number(it, "font-size"));
        let text = it.text().unwrap().to_owned();
        let wide = width(&text, size, it.attribute("font-weight").is_some());
        let left = match it.attribute("text-anchor") {
            Some("middle") => x - wide / 2.0,
            Some("end") => x - wide,
            _ => x,
        };
        // From the top of capitals to the foot of descenders.
        (text, (left, y - 0.74 * size, left + wide, y + 0.22 * size))
    })
    .collect()
}

/// Whether two boxes share more than an edge.
pub(crate) fn overlap(a: Box, b: Box) -> bool {
    let less = |x: f64, y: f64| x + 0.5 < y;
    less(a.0, b.2) && less(b.0, a.2) && less(a.1, b.3) && less(b.1, a.3)
}
