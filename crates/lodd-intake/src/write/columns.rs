//! The columns of each sheet: what stands in them, how they are filled in, what they ask.

mod events;
mod others;

use std::borrow::Cow;

pub(super) use events::events;
pub(super) use others::{log, months, roster};

use super::{Form, lists::phrase, words::Phrased};
use crate::{
    text::Phrase,
    variable::{Kind, UnitKind},
};

/// What a column takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// What the form fills in itself, locked in rows that are filled in; below them it is text.
    Fixed,
    Text,
    /// What is wrong with a row; not read.
    Mistakes,
    /// A day from the pilot's start to today.
    Date,
    Month,
    Whole {
        min: i64,
        max: i64,
    },
    /// A whole number, or a line of this list.
    WholeOr {
        min: i64,
        max: i64,
        list: Cow<'static, str>,
    },
    /// A line of this list.
    List(Cow<'static, str>),
    /// Lines of this list, with commas between.
    Several(Cow<'static, str>),
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) header: String,
    pub(super) fill: Fill,
    /// In characters.
    pub(super) width: f64,
    /// What it asks, for the guide.
    pub(super) asks: Phrase,
}

/// A column that every pilot's forms have.
struct Asked {
    header: &'static str,
    fill: Fill,
    width: f64,
    asks: Phrased,
}

const fn ask(header: &'static str, fill: Fill, width: f64, asks: Phrased) -> Asked {
    Asked { header, fill, width, asks }
}

impl Asked {
    fn column(&self) -> Column {
        let (header, fill) = (self.header.to_owned(), self.fill.clone());
        Column { header, fill, width: self.width, asks: phrase(&self.asks) }
    }
}

fn sheet(name: &'static str, asked: &[Asked]) -> Sheet {
    Sheet { name, columns: asked.iter().map(Asked::column).collect() }
}

/// A sheet of what happened to families.
fn of_events(name: &'static str, asked: &[Asked]) -> Sheet {
    let mut sheet = sheet(name, asked);
    sheet.columns.push(REASON.column());
    sheet
}

/// A sheet of answers.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) name: &'static str,
    pub(super) columns: Vec<Column>,
}

const fn list(name: &'static str) -> Fill {
    Fill::List(Cow::Borrowed(name))
}

/// The three sheets of statuses.
pub(super) fn statuses(form: &Form<'_>) -> Vec<Sheet> {
    [("Familier", UnitKind::Family), ("Voksne", UnitKind::Adult), ("Barn", UnitKind::Child)]
        .map(|(name, unit)| Sheet { name, columns: status(form, unit) })
        .to_vec()
}

fn status(form: &Form<'_>, unit: UnitKind) -> Vec<Column> {
    let (header, asks) = match unit {
        UnitKind::Family => (
            "familie_id",
            Phrased::new("Familien raden gjelder", "Familien rada gjeld", "The family"),
        ),
        UnitKind::Adult => (
            "voksen_id",
            Phrased::new("Den voksne raden gjelder", "Den vaksne rada gjeld", "The adult"),
        ),
        UnitKind::Child => {
            ("barn_id", Phrased::new("Barnet raden gjelder", "Barnet rada gjeld", "The child"))
        }
    };
    let mut columns = vec![ask(header, Fill::Fixed, 16.0, asks).column()];
    if unit != UnitKind::Family {
        let asks = Phrased::new(
            "Rolle og fødselsår, til hjelp",
            "Rolle og fødselsår, til hjelp",
            "Role and year of birth, for help",
        );
        columns.push(ask("hvem", Fill::Fixed, 20.0, asks).column());
    }
    columns.extend(WHEN.iter().map(Asked::column));
    let own = form.expect.variables.iter().filter(|it| it.unit == unit);
    columns.extend(own.map(|variable| {
        let name = Cow::Owned(variable.name.clone());
        let fill = match &variable.kind {
            Kind::Code(_) | Kind::YesNo => Fill::List(name),
            Kind::Integer { min, max } => Fill::WholeOr { min: *min, max: *max, list: name },
            Kind::Several(_) => Fill::Several(name),
        };
        let width = match &variable.kind {
            Kind::Code(_) | Kind::Several(_) => 26.0,
            Kind::YesNo | Kind::Integer { .. } => 18.0,
        };
        Column { header: variable.name.clone(), fill, width, asks: variable.label.clone() }
    }));
    columns.extend(META.iter().map(Asked::column));
    columns
}

/// The time of measurement, its window, and the day of the answers.
const WHEN: &[Asked] = &[
    ask(
        "malepunkt",
        Fill::Fixed,
        14.0,
        Phrased::new(
            "Tidspunktet som skal måles, regnet fra trekningen",
            "Tidspunktet som skal målast, rekna frå trekninga",
            "The time to be measured, from the draw",
        ),
    ),
    ask(
        "vindu_fra",
        Fill::Fixed,
        12.0,
        Phrased::new("Første dag som teller", "Første dag som tel", "First day that counts"),
    ),
    ask(
        "vindu_til",
        Fill::Fixed,
        12.0,
        Phrased::new("Siste dag som teller", "Siste dag som tel", "Last day that counts"),
    ),
    ask(
        "statusdato",
        Fill::Date,
        13.0,
        Phrased::new(
            "Dagen opplysningene gjaldt: fra vindu_fra til vindu_til",
            "Dagen opplysningane galdt: frå vindu_fra til vindu_til",
            "The day the answers were true: from vindu_fra to vindu_til",
        ),
    ),
];

/// Whether anything was observed, who says so, why it is corrected.
const META: &[Asked] = &[
    ask(
        "registrering",
        list("registrering"),
        18.0,
        Phrased::new(
            "Fikk du ikke svar, velg hvorfor. Tom betyr observert",
            "Fekk du ikkje svar, vel kvifor. Tom tyder observert",
            "Why there is no answer. Empty means observed",
        ),
    ),
    ask(
        "kilde",
        list("kilde"),
        13.0,
        Phrased::new(
            "Hvem opplysningene kommer fra. Tom betyr veileder",
            "Kven opplysningane kjem frå. Tom tyder rettleiar",
            "Who says so. Empty means the caseworker",
        ),
    ),
    ask(
        "anledning",
        list("anledning"),
        12.0,
        Phrased::new(
            "Planlagt måling eller ekstra kontakt. Tom betyr planlagt",
            "Planlagd måling eller ekstra kontakt. Tom tyder planlagd",
            "Planned or extra. Empty means planned",
        ),
    ),
    REASON,
];

/// Why what was delivered before is corrected.
const REASON: Asked = ask(
    "arsak_til_retting",
    list("arsak_til_retting"),
    18.0,
    Phrased::new(
        "Bare når du retter noe som er levert før: hvorfor",
        "Berre når du rettar noko som er levert før: kvifor",
        "Only when you correct what was delivered before: why",
    ),
);
