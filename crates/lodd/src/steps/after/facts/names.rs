//! What the facts and orders are called: by whoever computes them, and by whoever shows what was stored.

use lodd_panel::{
    codes::VARIABLES,
    screening::{Column, ColumnKind},
};
use lodd_store::pilot::DrawnKind;

use crate::{
    protocol::Protocol,
    text::{Lang, Text, say},
};

pub(super) fn children() -> Text {
    Text::new("Barn i familien", "Children in the family").nn("Barn i familien")
}

pub(super) fn adults() -> Text {
    Text::new("Voksne i familien", "Adults in the family").nn("Vaksne i familien")
}

pub(super) fn months() -> Text {
    Text::new("Måneder med sosialhjelp, siste 12", "Months with social assistance, last 12")
        .nn("Månader med sosialhjelp, siste 12")
}

pub(super) fn families() -> Text {
    Text::new("Familier på listen", "Families on the roster").nn("Familiar på lista")
}

pub(super) fn registered() -> Text {
    Text::new("Registrert, dager etter den første", "Registered, days after the first")
        .nn("Registrert, dagar etter den første")
}

pub(super) fn office(shown: &str) -> Text {
    say!("Kontor: {shown}", "Office: {shown}")
}

pub(super) fn of_office(name: &Text) -> Text {
    let (nb, nn, en) = (&name.nb, name.get(Lang::Nn), &name.en);
    say!("{nb}, snitt for kontoret", nn "{nn}, snitt for kontoret", "{en}, the office's mean")
}

/// One value of a fact; nothing where it is not known.
pub(super) fn value(criterion: &str, value: Option<&str>) -> Text {
    let of = readable(criterion);
    match value.map(meaning) {
        Some(value) => {
            let (nb, nn, en) = (&value.nb, value.get(Lang::Nn), &value.en);
            say!("{of}: {nb}", nn "{of}: {nn}", "{of}: {en}")
        }
        None => say!("{of}: ikke kjent", nn "{of}: ikkje kjent", "{of}: not known"),
    }
}

/// A name of the pilot's own as people write it: `ANNEN_YTELSE` is `Annen ytelse`.
fn readable(name: &str) -> String {
    let is_code = |it: char| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_';
    if !name.contains('_') || !name.chars().all(is_code) {
        return name.to_owned();
    }
    let words = name.to_lowercase().replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |it| it.to_uppercase().chain(letters).collect())
}

/// What a value is called in the code lists, where they agree on it; else as it stands.
fn meaning(value: &str) -> Text {
    let lists = VARIABLES.iter().filter_map(|it| match &it.kind {
        lodd_panel::codes::Kind::Code(codes) => Some(codes),
        _ => None,
    });
    let mut known = lists.flat_map(|codes| codes.iter()).filter(|it| it.code == value);
    match known.next() {
        Some(first) if known.all(|it| it.nb == first.nb) => {
            Text::new(first.nb.as_ref(), first.en.as_ref()).nn(first.nn.as_ref())
        }
        _ => Text::same(readable(value)),
    }
}

pub(super) fn column(column: &Column) -> Text {
    match &column.kind {
        ColumnKind::ChildrenAtHome { age_years } => say!(
            "Barn under {age_years} år hjemme",
            nn "Barn under {age_years} år heime",
            "Children under {age_years} at home"
        ),
        ColumnKind::MonthsWithAssistance { lookback_months, count_loans: true } => say!(
            "Måneder med sosialhjelp, siste {lookback_months}",
            nn "Månader med sosialhjelp, siste {lookback_months}",
            "Months with social assistance, last {lookback_months}"
        ),
        ColumnKind::MonthsWithAssistance { lookback_months, count_loans: false } => say!(
            "Måneder med stønad, siste {lookback_months}",
            nn "Månader med stønad, siste {lookback_months}",
            "Months with a grant, last {lookback_months}"
        ),
        ColumnKind::AssistanceSpells { lookback_months, .. } => say!(
            "Perioder med sosialhjelp, siste {lookback_months} måneder",
            nn "Periodar med sosialhjelp, siste {lookback_months} månader",
            "Spells of social assistance, last {lookback_months} months"
        ),
        ColumnKind::Fact { criterion } => Text::same(readable(criterion)),
    }
}

/// The name of a stored fact, as it was when it was computed; its id where the protocol has none.
pub(in crate::steps) fn fact(protocol: &Protocol, kind: DrawnKind, id: &str) -> Text {
    let (base, shown) = id.split_once('=').map_or((id, None), |(base, it)| (base, Some(it)));
    let found = protocol.screening.columns.iter().find(|it| it.name == base);
    let name = match (found, base, shown) {
        (Some(Column { kind: ColumnKind::Fact { criterion }, .. }), _, Some(shown)) => {
            value(criterion, Some(shown).filter(|it| !it.is_empty()))
        }
        (Some(it), ..) => column(it),
        (None, "office", Some(id)) => return office(protocol.office_name(id)),
        (None, "children", None) => children(),
        (None, "adults", None) => adults(),
        (None, "assistance_months_12", None) => months(),
        (None, "families", None) => return families(),
        (None, "registered_on", None) => return registered(),
        _ => Text::same(id),
    };
    if kind == DrawnKind::Office { of_office(&name) } else { name }
}

/// The name of an order of the list.
pub(in crate::steps) fn order(id: &str) -> Text {
    match id {
        "list_position" => {
            Text::new("Rekkefølgen på listen", "Order of the list").nn("Rekkjefølgja på lista")
        }
        "registered_on" => {
            Text::new("Registreringsdato", "Date of registration").nn("Registreringsdato")
        }
        "unit_id" => Text::new("Rekkefølgen av ID", "Order of id").nn("Rekkjefølgja av ID"),
        "ordinal" => {
            Text::new("Plassen blant bladene", "Place among the leaves").nn("Plassen blant blada")
        }
        "office" => Text::new("Kontor", "Office").nn("Kontor"),
        other => Text::same(other),
    }
}
