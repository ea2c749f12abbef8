//! A small writer of SVG: presentation attributes only, so that a picture looks the same in a
//! page, in a PDF and alone; no style sheet, no script, no address. Within a page the element needs
//! no namespace; who takes it out of one adds it.

use std::fmt::Write;

use super::{
    ink::{self, Fill, Hatch, Shape},
    letters,
};
use crate::ReportError;

/// Every figure is as wide, so that their letters are alike; 1 is a pixel on screen at 100 %.
pub(crate) const WIDTH: f64 = 760.0;
/// Size of most letters.
pub(crate) const SIZE: f64 = 14.0;
/// The families of its letters, the first that there is.
const FAMILY: &str = "Helvetica, Arial, sans-serif";
/// Size of letters beside the point.
pub(crate) const SMALL: f64 = 12.5;

/// The value of an attribute.
#[derive(Clone, Debug)]
pub(crate) enum Value<'v> {
    Number(f64),
    Text(&'v str),
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Self::Text(text)
    }
}

/// Where a text stands about its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Type {
    pub(crate) size: f64,
    pub(crate) bold: bool,
    pub(crate) fill: &'static str,
    pub(crate) anchor: Anchor,
}

impl Type {
    pub(crate) const PLAIN: Self =
        Self { size: SIZE, bold: false, fill: ink::INK, anchor: Anchor::Start };
    pub(crate) const STRONG: Self = Self { bold: true, ..Self::PLAIN };
    pub(crate) const SMALL: Self = Self { size: SMALL, fill: ink::SOFT, ..Self::PLAIN };

    pub(crate) const fn at(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

/// A line's colour, width and dashes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stroke {
    pub(crate) colour: &'static str,
    pub(crate) width: f64,
    pub(crate) dash: Option<&'static str>,
}

impl Stroke {
    pub(crate) const GRID: Self = Self { colour: ink::GRID, width: 1.0, dash: None };
    pub(crate) const AXIS: Self = Self { colour: ink::INK, width: 1.0, dash: None };
    pub(crate) const SOFT: Self = Self { colour: ink::SOFT, width: 1.2, dash: None };

    pub(crate) const fn dashed(self, dash: &'static str) -> Self {
        Self { dash: Some(dash), ..self }
    }

    pub(crate) fn attributes(self) -> Vec<(&'static str, Value<'static>)> {
        let mut all = vec![("stroke", self.colour.into()), ("stroke-width", self.width.into())];
        all.extend(self.dash.map(|dash| ("stroke-dasharray", dash.into())));
        all
    }
}

/// A picture under way.
#[derive(Debug, Default)]
pub(crate) struct Drawing {
    body: String,
    /// Whether a place in it is no number.
    is_broken: bool,
}

impl Drawing {
    /// An element without content; `class` names its part, which looks and readers go by.
    pub(crate) fn element(&mut self, name: &str, class: &str, attributes: &[(&str, Value<'_>)]) {
        self.open(name, class, attributes);
        self.body.push_str("/>\n");
    }

    /// What another drawing holds, on top.
    pub(crate) fn join(&mut self, other: &Self) {
        self.body.push_str(&other.body);
        self.is_broken |= other.is_broken;
    }

    /// A line of text with its baseline at `y`.
    pub(crate) fn text(&mut self, class: &str, (x, y): (f64, f64), text: &str, it: Type) {
        if text.is_empty() {
            return;
        }
        let mut attributes: Vec<(&str, Value<'_>)> =
            vec![("x", x.into()), ("y", y.into()), ("font-size", it.size.into())];
        attributes.push(("fill", it.fill.into()));
        if it.bold {
            attributes.push(("font-weight", "600".into()));
        }
        match it.anchor {
            Anchor::Start => {}
            Anchor::Middle => attributes.push(("text-anchor", "middle".into())),
            Anchor::End => attributes.push(("text-anchor", "end".into())),
        }
        self.open("text", class, &attributes);
        self.body.push('>');
        escape(&mut self.body, text);
        self.body.push_str("</text>\n");
    }

    /// Lines of text under each other, the first with its baseline at `y`; gives the next baseline.
    pub(crate) fn lines(
        &mut self,
        class: &str,
        (x, y): (f64, f64),
        lines: &[String],
        it: Type,
    ) -> f64 {
        let mut baseline = y;
        for line in lines {
            self.text(class, (x, baseline), line, it);
            baseline += letters::leading(it.size);
        }
        baseline
    }

    pub(crate) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64), stroke: Stroke) {
        let d = path(&[from, to]);
        self.stroked(class, &d, stroke);
    }

    /// A path that is not filled.
    pub(crate) fn stroked(&mut self, class: &str, d: &str, stroke: Stroke) {
        let mut attributes = vec![("d", d.into()), ("fill", "none".into())];
        attributes.extend(stroke.attributes());
        self.element("path", class, &attributes);
    }

    /// A rectangle of `size` with its corner at `(x, y)`.
    pub(crate) fn rectangle(
        &mut self,
        class: &str,
        (x, y): (f64, f64),
        (width, height): (f64, f64),
        fill: &str,
        stroke: Option<Stroke>,
    ) {
        let mut attributes: Vec<(&str, Value<'_>)> = vec![
            ("x", x.into()),
            ("y", y.into()),
            ("width", width.into()),
            ("height", height.into()),
            ("fill", fill.into()),
        ];
        attributes.extend(stroke.map(Stroke::attributes).into_iter().flatten());
        self.element("rect", class, &attributes);
    }

    /// A rectangle with a status's colour and hatching.
    pub(crate) fn hatched(&mut self, class: &str, at: (f64, f64), size: (f64, f64), fill: &Fill) {
        let edge = Stroke { colour: ink::INK, width: 0.8, dash: None };
        self.rectangle(class, at, size, &fill.colour, Some(edge));
        let d = ink::hatching(fill.hatch, at, size);
        if !d.is_empty() {
            let width = if fill.hatch == Hatch::Dots { 2.0 } else { 1.1 };
            self.element(
                "path",
                "hatch",
                &[
                    ("d", d.as_str().into()),
                    ("fill", "none".into()),
                    ("stroke", fill.line.into()),
                    ("stroke-width", width.into()),
                    ("stroke-opacity", 0.5.into()),
                ],
            );
        }
    }

    /// A mark about `(x, y)`: filled, or hollow with a white middle.
    pub(crate) fn mark(&mut self, class: &str, (x, y): (f64, f64), mark: Mark) {
        let Mark { shape, colour, filled, radius: r } = mark;
        let fill = if filled { colour } else { ink::PAPER };
        let stroke = Stroke { colour, width: 1.8, dash: None };
        let mut attributes: Vec<(&str, Value<'_>)> = Vec::new();
        let d = match shape {
            Shape::Circle => {
                attributes.extend([("cx", x.into()), ("cy", y.into()), ("r", r.into())]);
                String::new()
            }
            Shape::Square => outline(&[(-r, -r), (r, -r), (r, r), (-r, r)], (x, y), 0.9),
            Shape::Diamond => outline(&[(0.0, -r), (r, 0.0), (0.0, r), (-r, 0.0)], (x, y), 1.25),
            // Its middle is that of its weight.
            Shape::Triangle => {
                outline(&[(0.0, -r), (r * 0.866, r / 2.0), (-r * 0.866, r / 2.0)], (x, y), 1.3)
            }
        };
        let name = if d.is_empty() { "circle" } else { "path" };
        if !d.is_empty() {
            attributes.push(("d", d.as_str().into()));
        }
        attributes.push(("fill", fill.into()));
        attributes.extend(stroke.attributes());
        self.element(name, class, &attributes);
    }

    /// The whole picture, `height` high; ids in it begin with `figure-{number}`.
    ///
    /// # Errors
    ///
    /// If a place in it is not finite.
    pub(crate) fn finish(
        &self,
        number: u32,
        height: f64,
        (title, desc): (&str, &str),
    ) -> Result<String, ReportError> {
        if self.is_broken || !height.is_finite() {
            return Err(ReportError::Figure(title.to_owned()));
        }
        let mut svg = format!(
            "<svg viewBox=\"0 0 {} {}\" role=\"img\" \
             aria-labelledby=\"figure-{number}-title figure-{number}-desc\" \
             font-family=\"{FAMILY}\">\n<title id=\"figure-{number}-title\">",
            digits(WIDTH),
            digits(height.ceil()),
        );
        escape(&mut svg, title);
        let _ = write!(svg, "</title>\n<desc id=\"figure-{number}-desc\">");
        escape(&mut svg, desc);
        svg.push_str("</desc>\n");
        svg.push_str(&self.body);
        svg.push_str("</svg>");
        Ok(svg)
    }

    fn open(&mut self, name: &str, class: &str, attributes: &[(&str, Value<'_>)]) {
        let _ = write!(self.body, "<{name}");
        if !class.is_empty() {
            let _ = write!(self.body, " class=\"{class}\"");
        }
        for (key, value) in attributes {
            let _ = write!(self.body, " {key}=\"");
            match value {
                Value::Number(x) => {
                    self.is_broken |= !x.is_finite();
                    self.body.push_str(&digits(*x));
                }
                Value::Text(text) => {
                    // Rust writes `NaN` and `inf`; no command of a path has such letters.
                    self.is_broken |= *key == "d" && text.contains(['N', 'n']);
                    escape(&mut self.body, text);
                }
            }
            self.body.push('"');
        }
    }
}

/// How high a finished picture is, in the units of [`WIDTH`].
pub(crate) fn height(svg: &str) -> Option<f64> {
    let (_, tail) = svg.split_once("viewBox=\"")?;
    let (places, _) = tail.split_once('"')?;
    places.split(' ').nth(3)?.parse().ok()
}

/// A finished picture as a file of its own, in letters of this family.
pub(crate) fn alone(svg: &str, family: &str) -> String {
    let svg = svg.replacen(FAMILY, family, 1);
    svg.replacen("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 1)
}

/// What a mark looks like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) shape: Shape,
    pub(crate) colour: &'static str,
    pub(crate) filled: bool,
    pub(crate) radius: f64,
}

/// A closed outline about a place, in the size that makes shapes look alike.
fn outline(corners: &[(f64, f64)], (x, y): (f64, f64), scale: f64) -> String {
    let corners: Vec<(f64, f64)> =
        corners.iter().map(|(dx, dy)| (x + dx * scale, y + dy * scale)).collect();
    format!("{}Z", path(&corners))
}

/// Straight lines through places.
pub(crate) fn path(places: &[(f64, f64)]) -> String {
    let mut d = String::new();
    for (at, (x, y)) in places.iter().enumerate() {
        let letter = if at == 0 { 'M' } else { 'L' };
        let _ = write!(d, "{letter}{} {}", digits(*x), digits(*y));
    }
    d
}

/// A number with up to two decimals.
pub(crate) fn digits(x: f64) -> String {
    let text = format!("{x:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text as XML and HTML read it back, without what XML can't hold.
fn escape(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&#60;"),
            '>' => out.push_str("&#62;"),
            '&' => out.push_str("&#38;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            letter if letter.is_control() => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
}
