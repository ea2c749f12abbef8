//! The power curves as a picture of its own, without a font or a script.

use std::fmt::Write;

use super::Line;
use crate::{
    cli::Power as Asked,
    text::{Lang, Text},
};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 230.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 50.0;

/// Dark enough on white, and told apart without colour by their dashes.
const STYLES: [(&str, &str); 6] = [
    ("#1b4965", "none"),
    ("#b23a48", "8 4"),
    ("#2d6a4f", "3 3"),
    ("#7b2d8b", "12 4 3 4"),
    ("#8a5a00", "1 3"),
    ("#444444", "6 2"),
];

/// Power against the effect: a curve for each assumption and analysis, and the power asked for.
pub(super) fn svg(lines: &[Line], asked: &Asked, lang: Lang) -> String {
    let most = lines
        .iter()
        .flat_map(|line| &line.curves)
        .filter_map(|it| it.points.last())
        .map(|it| it.0)
        .fold(1e-9, f64::max);
    let x = |effect: f64| LEFT + (WIDTH - LEFT - RIGHT) * effect / most;
    let y = |power: f64| HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * power;
    let (title, across) = match lang {
        Lang::En => ("Power of the design", "effect"),
        Lang::Nn => ("Styrken til designet", "effekt"),
        Lang::Nb => ("Designets styrke", "effekt"),
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"12\"><title>{title}</title>\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for tick in 0..=5 {
        let power = f64::from(tick) / 5.0;
        let effect = most * power;
        let label = if asked.sd.is_some() {
            Text::number(format!("{effect:.2}"))
        } else {
            Text::same(format!("{:.0}", effect * 100.0))
        };
        let label = label.get(lang);
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {0:.1}H{1:.1}\" stroke=\"#ddd\"/><text x=\"{2:.1}\" y=\"{3:.1}\" \
             text-anchor=\"end\">{4:.0} %</text><text x=\"{5:.1}\" y=\"{6:.1}\" \
             text-anchor=\"middle\">{label}</text>",
            y(power),
            WIDTH - RIGHT,
            LEFT - 6.0,
            y(power) + 4.0,
            power * 100.0,
            x(effect),
            HEIGHT - BOTTOM + 18.0,
        );
    }
    let _ = writeln!(
        svg,
        "<path d=\"M{LEFT} {0:.1}H{1:.1}\" stroke=\"#000\" stroke-dasharray=\"2 2\"/><text \
         x=\"{2:.1}\" y=\"{3:.1}\" text-anchor=\"middle\">{across}</text>",
        y(asked.wanted),
        WIDTH - RIGHT,
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 10.0,
    );
    draw_curves(&mut svg, (lines, lang), (&x, &y));
    svg.push_str("</svg>\n");
    svg
}

/// From an effect or a power to a place in the picture.
type Scale<'s> = &'s dyn Fn(f64) -> f64;

/// Each curve, and its line in the legend.
fn draw_curves(svg: &mut String, (lines, lang): (&[Line], Lang), (x, y): (Scale<'_>, Scale<'_>)) {
    let curves = lines.iter().flat_map(|line| line.curves.iter().map(move |it| (line, it)));
    for (at, ((line, curve), (colour, dash))) in curves.zip(STYLES.iter().cycle()).enumerate() {
        let points: Vec<String> =
            curve.points.iter().map(|(e, p)| format!("{:.1},{:.1}", x(*e), y(*p))).collect();
        let base = line.base_rate.map_or(String::new(), |it| format!(" {:.0} %", it * 100.0));
        let icc = line.icc.map(|it| Text::number(format!(" ICC {it}"))).unwrap_or_default();
        let icc = icc.get(lang);
        let row = TOP + 14.0 * at as f64 + 6.0;
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" \
             stroke-dasharray=\"{dash}\"/><path d=\"M{1:.1} {row:.1}h24\" stroke=\"{colour}\" \
             stroke-width=\"2\" stroke-dasharray=\"{dash}\"/><text x=\"{2:.1}\" y=\"{3:.1}\" \
             font-size=\"10\">{4}{base}{icc}</text>",
            points.join(" "),
            WIDTH - RIGHT + 12.0,
            WIDTH - RIGHT + 42.0,
            row + 4.0,
            curve.name,
        );
    }
}
