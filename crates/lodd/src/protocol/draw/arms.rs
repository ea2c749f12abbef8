//! The arms of a draw: named one by one, or the products of two factors; and when each starts.

use jiff::civil::Date;

use super::{super::label, repeated};
use crate::{
    reader::Node,
    text::{Text, say},
};

/// One arm.
#[derive(Clone, Debug)]
pub(crate) struct Arm {
    pub(crate) label: String,
    pub(crate) name: Text,
    /// The first day of the month in which it is served, where arms are start times (phase-in).
    pub(crate) start: Option<Date>,
}

/// One of two things that are varied.
#[derive(Clone, Debug)]
pub(super) struct Factor {
    label: String,
    name: Text,
    /// The last one is compared with.
    levels: Vec<Arm>,
}

/// One level of one factor: the arms that have it, whatever they have of the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Margin {
    pub(crate) factor: String,
    pub(crate) factor_name: Text,
    pub(crate) level: String,
    pub(crate) level_name: Text,
    /// Numbers of the arms, from 0.
    pub(crate) arms: Vec<usize>,
}

/// Reads `[[arm]]`, or makes the arms of two `[[factor]]`.
pub(super) fn read(node: &Node<'_>) -> (Vec<Arm>, Vec<Factor>) {
    let factors: Vec<Factor> = node.tables("factor").iter().map(factor).collect();
    let mut arms: Vec<Arm> = node.tables("arm").iter().map(|it| arm(it, true)).collect();
    if factors.is_empty() {
        check_count(node, arms.len());
        check_starts(node, &arms);
    } else {
        check_factors(node, &factors, &arms);
        arms = products(&factors);
        for arm in arms.iter().filter(|it| it.label.len() > 64) {
            let label = &arm.label;
            node.mistake(
                "factor",
                say!(
                    "armen `{label}` kan ikke ha mer enn 64 tegn",
                    nn "armen `{label}` kan ikkje ha meir enn 64 teikn",
                    "arm `{label}` can't have more than 64 characters"
                ),
            );
        }
    }
    repeated(node, "arm", arms.iter().map(|arm| arm.label.as_str()));
    (arms, factors)
}

fn arm(node: &Node<'_>, starts: bool) -> Arm {
    let label = label(node, "label");
    let name = Text::new(node.text("name_nb"), node.text("name_en"));
    let start = if starts { start(node) } else { None };
    node.finish();
    Arm { label, name, start }
}

/// `start = "2027-01"`.
fn start(node: &Node<'_>) -> Option<Date> {
    let text = node.text_or_none("start")?;
    let date = (text.len() == 7).then(|| format!("{text}-01").parse().ok()).flatten();
    if date.is_none() {
        node.mistake(
            "start",
            say!(
                "`start` må være en måned som 2027-01, fant `{text}`",
                nn "`start` må vere ein månad som 2027-01, fann `{text}`",
                "`start` must be a month such as 2027-01, found `{text}`"
            ),
        );
    }
    date
}

fn factor(node: &Node<'_>) -> Factor {
    let label = label(node, "label");
    let name = Text::new(node.text("name_nb"), node.text("name_en"));
    let levels: Vec<Arm> = node.tables("level").iter().map(|it| arm(it, false)).collect();
    if levels.len() != 2 {
        let n = levels.len();
        node.mistake(
            "level",
            say!(
                "en faktor må ha to [[draw.factor.level]], fant {n}",
                nn "ein faktor må ha to [[draw.factor.level]], fann {n}",
                "a factor must have two [[draw.factor.level]], found {n}"
            ),
        );
    }
    repeated(node, "level", levels.iter().map(|it| it.label.as_str()));
    node.finish();
    Factor { label, name, levels }
}

fn check_count(node: &Node<'_>, n: usize) {
    if !(2..=64).contains(&n) {
        let path = node.path("arm");
        node.mistake(
            "arm",
            say!(
                "en trekning må ha 2 til 64 [[{path}]], fant {n}",
                nn "ei trekking må ha 2 til 64 [[{path}]], fann {n}",
                "a draw must have 2 to 64 [[{path}]], found {n}"
            ),
        );
    }
}

fn check_factors(node: &Node<'_>, factors: &[Factor], arms: &[Arm]) {
    if !arms.is_empty() {
        node.mistake(
            "arm",
            say!(
                "armene følger av [[draw.factor]]: stryk [[draw.arm]]",
                nn "armane følgjer av [[draw.factor]]: stryk [[draw.arm]]",
                "the arms follow from [[draw.factor]]: remove [[draw.arm]]"
            ),
        );
    }
    if factors.len() != 2 {
        let n = factors.len();
        node.mistake(
            "factor",
            say!(
                "det må være to [[draw.factor]] eller ingen, fant {n}",
                nn "det må vere to [[draw.factor]] eller ingen, fann {n}",
                "there must be two [[draw.factor]] or none, found {n}"
            ),
        );
    }
    repeated(node, "factor", factors.iter().map(|it| it.label.as_str()));
}

/// Arms with a start are served one after another: all have one, and each a later one than the arm
/// before it.
fn check_starts(node: &Node<'_>, arms: &[Arm]) {
    let starts: Vec<Date> = arms.iter().filter_map(|arm| arm.start).collect();
    let ascending = starts.is_sorted_by(|a, b| a < b);
    if !starts.is_empty() && (starts.len() != arms.len() || !ascending) {
        node.mistake(
            "arm",
            say!(
                "når én arm har `start`, må alle ha det, hver arm senere enn den før",
                nn "når éin arm har `start`, må alle ha det, kvar arm seinare enn den før",
                "when one arm has `start` all must, each arm later than the one before"
            ),
        );
    }
}

/// `a1.b1`, `a1.b2`, `a2.b1`, `a2.b2`: the last one has what each factor is compared with.
fn products(factors: &[Factor]) -> Vec<Arm> {
    let [a, b] = factors else { return Vec::new() };
    let product = |(a, b): (&Arm, &Arm)| Arm {
        label: format!("{}.{}", a.label, b.label),
        name: Text::new(
            format!("{} × {}", a.name.nb, b.name.nb),
            format!("{} × {}", a.name.en, b.name.en),
        ),
        start: None,
    };
    a.levels.iter().flat_map(|a| b.levels.iter().map(move |b| (a, b))).map(product).collect()
}

/// In the order of factors and levels.
pub(super) fn margins(factors: &[Factor]) -> Vec<Margin> {
    let [a, b] = factors else { return Vec::new() };
    let (rows, columns) = (a.levels.len(), b.levels.len());
    let margin = |factor: &Factor, level: &Arm, arms: Vec<usize>| Margin {
        factor: factor.label.clone(),
        factor_name: factor.name.clone(),
        level: level.label.clone(),
        level_name: level.name.clone(),
        arms,
    };
    let of_a = a
        .levels
        .iter()
        .enumerate()
        .map(|(i, level)| margin(a, level, (0..columns).map(|j| i * columns + j).collect()));
    let of_b = b
        .levels
        .iter()
        .enumerate()
        .map(|(j, level)| margin(b, level, (0..rows).map(|i| i * columns + j).collect()));
    of_a.chain(of_b).collect()
}
