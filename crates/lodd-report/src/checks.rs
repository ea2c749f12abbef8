//! What is looked at after a draw and before anyone is told: balance between the arms, and the
//! order of the list against the order of the draw. For the office and the evaluator, not for the
//! public: it counts, but names no family.

use askama::Template;

use crate::{
    ReportError,
    format::Format,
    model::{Lang, Text},
};

/// The checks of one draw. What is said in sentences comes ready made.
#[derive(Clone, Debug, PartialEq)]
pub struct Checks {
    /// The program and its version.
    pub program: String,
    /// The pilot's title.
    pub title: Text,
    /// The pilot's label.
    pub pilot: String,
    /// The draw's number.
    pub draw: u32,
    /// What every output of this draw says: rehearsal, not drawn here.
    pub stamps: Vec<Text>,
    /// The arms' names; the last is the control.
    pub arms: Vec<Text>,
    /// The facts that are compared.
    pub characteristics: Vec<Characteristic>,
    /// What the joint test says.
    pub balance: Vec<Text>,
    /// The checks of the order.
    pub orders: Vec<Order>,
    /// What these say together, and what to do.
    pub advice: Vec<Text>,
    /// The files with the same numbers.
    pub files: Vec<String>,
}

/// A fact from before the draw, by arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Characteristic {
    /// What it is.
    pub name: Text,
    /// Whether its mean is a share.
    pub share: bool,
    /// For each arm: known units, mean, standard deviation.
    pub arms: Vec<(u64, Option<f64>, Option<f64>)>,
    /// For each arm but the control: the standardised difference from it.
    pub differences: Vec<Option<f64>>,
    /// The p-value of this fact alone, over all arms.
    pub p: Option<f64>,
}

/// One order of the list, held against what was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// The order, such as the date of registration.
    pub name: Text,
    /// What it is held against: the arms or the drawn ranks.
    pub against: Text,
    /// The p-value.
    pub p: f64,
    /// What it says, in a sentence.
    pub sentence: Text,
    /// Whether it says stop and look.
    pub stop: bool,
}

/// The checks as one page of HTML that needs no other file.
///
/// # Errors
///
/// If the template can't be filled.
pub fn render_checks(checks: &Checks, lang: Lang) -> Result<String, ReportError> {
    Ok(Page { lang, t: Words::of(lang), f: Format::new(lang), checks }.render()?)
}

#[derive(Debug, Template)]
#[template(path = "checks.html")]
struct Page<'a> {
    lang: Lang,
    t: &'static Words,
    f: Format,
    checks: &'a Checks,
}

impl Page<'_> {
    /// A mean with its spread: `40,4 %`, `2,31 (1,20)`.
    fn mean(&self, row: &Characteristic, arm: &(u64, Option<f64>, Option<f64>)) -> String {
        let (_, mean, sd) = arm;
        let Some(mean) = mean else { return "..".to_owned() };
        if row.share {
            return format!("{} %", self.f.percent(*mean));
        }
        let sd = sd.map(|sd| format!(" ({})", self.f.decimal(sd, 2))).unwrap_or_default();
        self.f.decimal(*mean, 2) + &sd
    }

    fn difference(&self, difference: Option<f64>) -> String {
        difference.map_or_else(|| "..".to_owned(), |it| self.f.decimal(it, 2))
    }

    fn p(&self, p: Option<f64>) -> String {
        p.map_or_else(|| "..".to_owned(), |it| self.f.p_value(it))
    }

    /// The arms that are held against the control.
    fn compared(&self) -> &[Text] {
        self.checks.arms.split_last().map_or(&[], |(_, compared)| compared)
    }
}

/// The words of the page.
#[derive(Debug)]
struct Words {
    kind: &'static str,
    draw: &'static str,
    internal: &'static str,
    s_balance: &'static str,
    s_order: &'static str,
    s_files: &'static str,
    characteristic: &'static str,
    n: &'static str,
    mean: &'static str,
    difference: &'static str,
    p: &'static str,
    note: &'static str,
    nothing: &'static str,
    order: &'static str,
    against: &'static str,
    says: &'static str,
    stop: &'static str,
}

impl Words {
    fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Nb => &NB,
            Lang::Nn => &NN,
            Lang::En => &EN,
        }
    }
}

const NB: Words = Words {
    kind: "Kontroll etter trekningen, før noen får vite resultatet",
    draw: "trekning",
    internal: "INTERN",
    s_balance: "Balanse mellom gruppene",
    s_order: "Rekkefølgen på listen mot trekningen",
    s_files: "Filer med de samme tallene",
    characteristic: "Kjennetegn da listen ble låst",
    n: "Antall",
    mean: "Snitt (SD) eller andel",
    difference: "Std. forskjell",
    p: "p",
    note: "Standardisert forskjell: forskjellen fra siste gruppe, veid over blokkene, i standardavvik. p: andelen nye trekninger med minst like stor forskjell, for kjennetegnet alene.",
    nothing: "Det er ingen kjennetegn å sammenligne.",
    order: "Rekkefølge",
    against: "mot",
    says: "Hva det sier",
    stop: "STOPP OG SE ETTER",
};

const NN: Words = Words {
    kind: "Kontroll etter trekninga, før nokon får vite resultatet",
    draw: "trekning",
    internal: "INTERN",
    s_balance: "Balanse mellom gruppene",
    s_order: "Rekkjefølgja på lista mot trekninga",
    s_files: "Filer med dei same tala",
    characteristic: "Kjenneteikn då lista vart låst",
    n: "Tal",
    mean: "Snitt (SD) eller del",
    difference: "Std. skilnad",
    p: "p",
    note: "Standardisert skilnad: skilnaden frå siste gruppe, vega over blokkene, i standardavvik. p: delen nye trekningar med minst like stor skilnad, for kjenneteiknet åleine.",
    nothing: "Det er ingen kjenneteikn å samanlikne.",
    order: "Rekkjefølgje",
    against: "mot",
    says: "Kva det seier",
    stop: "STOPP OG SJÅ ETTER",
};

const EN: Words = Words {
    kind: "Checks after the draw, before anyone is told",
    draw: "draw",
    internal: "INTERNAL",
    s_balance: "Balance between the arms",
    s_order: "The order of the list against the draw",
    s_files: "Files with the same numbers",
    characteristic: "Fact when the list was locked",
    n: "Number",
    mean: "Mean (SD) or share",
    difference: "Std. difference",
    p: "p",
    note: "Standardised difference: the difference from the last arm, weighted over blocks, in standard deviations. p: the share of new draws with a difference at least as large, for that fact alone.",
    nothing: "There is no fact to compare.",
    order: "Order",
    against: "against",
    says: "What it says",
    stop: "STOP AND LOOK",
};
