//! `[[table]]` of `report.toml`: what the evaluator's own tables count, before anything is counted.

mod rows;

use lodd_report::{Counted, PROSE_SECTIONS, Rows, Text as Words};

use super::stands_twice;
use crate::{
    problem::Place,
    protocol::Protocol,
    reader::{Node, did_you_mean, nearest},
    text::say,
};
pub(super) use rows::bound_words;
pub(crate) use rows::{Condition, Group, Measure, RowSpec, Value};

/// One `[[table]]`.
#[derive(Clone, Debug)]
pub(crate) struct TableSpec {
    pub(crate) id: String,
    pub(crate) section: String,
    pub(crate) title: Words,
    pub(crate) counted: Counted,
    pub(crate) source: Words,
    pub(crate) period: Words,
    pub(crate) note: Option<Words>,
    pub(crate) from: From,
    pub(crate) filter: Vec<Condition>,
    /// The column by which only a unit's first record counts, and where it is named.
    pub(crate) first: Option<(String, Place)>,
    pub(crate) together: Rows,
    pub(crate) share: bool,
    pub(crate) total: bool,
    pub(crate) beside: Option<String>,
    pub(crate) groups: Vec<Group>,
    pub(crate) rows: Vec<RowSpec>,
    /// Where it stands.
    pub(crate) place: Place,
}

/// What is counted from.
#[derive(Clone, Debug)]
pub(crate) enum From {
    /// A csv file in the pilot's folder, and the column of the pseudonyms.
    File { name: String, key: String, place: Box<Place> },
    /// The families of the roster, with what the draws say of them.
    Families,
    /// The stock of assistance by month.
    Months,
    /// The statuses at these horizons, by arm.
    Statuses { horizons: Vec<String> },
}

/// Reads every `[[table]]`.
pub(super) fn read(root: &Node<'_>, protocol: &Protocol) -> Vec<TableSpec> {
    let nodes = root.tables("table");
    let tables: Vec<TableSpec> = nodes.iter().map(|it| table(it, protocol)).collect();
    let mut seen: Vec<&str> = Vec::new();
    for (node, table) in nodes.iter().zip(&tables) {
        let id = &table.id;
        if !id.is_empty() && seen.contains(&id.as_str()) {
            stands_twice(node, id);
        }
        check_beside(node, table, &tables);
        seen.push(id);
    }
    tables
}

fn table(node: &Node<'_>, protocol: &Protocol) -> TableSpec {
    let from = from(node, protocol);
    let together =
        [("apart", Rows::Apart), ("highest", Rows::Highest), ("overlapping", Rows::Overlapping)];
    let spec = TableSpec {
        id: id(node),
        section: section(node),
        title: words(node, ["title_nb", "title_nn", "title_en"]),
        counted: counted(node),
        source: words(node, ["source_nb", "source_nn", "source_en"]),
        period: period(node),
        note: node.has("note_nb").then(|| words(node, ["note_nb", "note_nn", "note_en"])),
        filter: rows::conditions(node),
        first: node.text_or_none("first").map(|it| (it, node.place("first"))),
        together: node.choice("counting", &together).unwrap_or(Rows::Apart),
        share: node.flag("share", false),
        total: node.flag("total", false),
        beside: node.text_or_none("beside"),
        groups: rows::groups(node),
        rows: rows::read(node),
        place: node.place(""),
        from,
    };
    check_sums(node, &spec);
    rows::check(node, &spec);
    node.finish();
    spec
}

/// A short name: it stands in the Parquet file.
pub(super) fn id(node: &Node<'_>) -> String {
    let id = node.text("id");
    if node.has("id") && !lodd_draw::is_label(&id) {
        node.mistake(
            "id",
            say!(
                "`{id}` må være 1 til 64 av tegnene A-Z a-z 0-9 _ . -",
                nn "`{id}` må vere 1 til 64 av teikna A-Z a-z 0-9 _ . -",
                "`{id}` must be 1 to 64 of the characters A-Z a-z 0-9 _ . -",
                id = &id,
            ),
        );
    }
    id
}

/// A text in bokmål and English; the nynorsk is the bokmål where it is left out.
pub(super) fn words(node: &Node<'_>, [nb, nn, en]: [&'static str; 3]) -> Words {
    let words = Words::new(node.text(nb), node.text(en));
    match node.text_or_none(nn) {
        Some(nn) => words.nn(nn),
        None => words,
    }
}

/// The section that it stands in.
pub(super) fn section(node: &Node<'_>) -> String {
    let names: Vec<(&str, &str)> = PROSE_SECTIONS.iter().map(|it| (*it, *it)).collect();
    if !node.has("section") {
        node.text("section");
    }
    node.choice("section", &names).unwrap_or_default().to_owned()
}

fn counted(node: &Node<'_>) -> Counted {
    if !node.has("unit") {
        node.text("unit");
    }
    node.choice("unit", &Counted::ALL).unwrap_or(Counted::Family)
}

/// `period = "2018"`, or in words of each language.
fn period(node: &Node<'_>) -> Words {
    if node.has("period_nb") {
        return words(node, ["period_nb", "period_nn", "period_en"]);
    }
    Words::same(node.text("period"))
}

fn from(node: &Node<'_>, protocol: &Protocol) -> From {
    let file = node.text_or_none("file");
    let horizons = node.texts_or_none("horizons");
    let kinds = [
        ("families", From::Families),
        ("months", From::Months),
        ("statuses", From::Statuses { horizons: horizons.clone().unwrap_or_default() }),
    ];
    let names: Vec<(&str, usize)> =
        kinds.iter().zip(0..).map(|((name, _), at)| (*name, at)).collect();
    let stored = node.choice("from", &names).and_then(|at| kinds.get(at)).map(|(_, it)| it.clone());
    if file.is_some() == node.has("from") {
        node.mistake(
            "file",
            say!(
                "nøyaktig én av `file` og `from` må stå her",
                nn "nøyaktig éin av `file` og `from` må stå her",
                "exactly one of `file` and `from` must be here"
            ),
        );
    }
    check_horizons(node, protocol, horizons.as_deref(), stored.as_ref());
    match file {
        Some(name) => {
            check_name(node, &name);
            From::File { name, key: node.text("key"), place: Box::new(node.place("file")) }
        }
        None => stored.unwrap_or(From::Families),
    }
}

/// Horizons are those of the protocol, and of statuses alone.
fn check_horizons(
    node: &Node<'_>,
    protocol: &Protocol,
    horizons: Option<&[String]>,
    from: Option<&From>,
) {
    let of_statuses = matches!(from, Some(From::Statuses { .. }));
    if of_statuses != horizons.is_some_and(|it| !it.is_empty()) {
        node.mistake(
            "horizons",
            say!(
                "`horizons` må stå der `from` er `statuses`, og bare der",
                nn "`horizons` må stå der `from` er `statuses`, og berre der",
                "`horizons` must stand where `from` is `statuses`, and only there"
            ),
        );
    }
    let known = protocol.horizons();
    for horizon in horizons.unwrap_or_default().iter().filter(|it| !known.contains(it)) {
        let list = known.join(", ");
        node.mistake(
            "horizons",
            say!(
                "horisonten `{horizon}` er ikke i pilot.toml; det finnes {list}",
                nn "horisonten `{horizon}` er ikkje i pilot.toml; det finst {list}",
                "horizon `{horizon}` is not in pilot.toml; there are {list}"
            ),
        );
    }
}

/// A file below the pilot's folder: never a way out of it.
fn check_name(node: &Node<'_>, name: &str) {
    let path = std::path::Path::new(name);
    let mut steps = path.components();
    let is_below = steps.all(|it| matches!(it, std::path::Component::Normal(_)));
    if !is_below || name.contains('\\') || path.extension() != Some("csv".as_ref()) {
        node.mistake(
            "file",
            say!(
                "`file` må være en .csv-fil i pilotens mappe, fant `{name}`",
                nn "`file` må vere ei .csv-fil i mappa til piloten, fann `{name}`",
                "`file` must be a .csv file in the pilot's folder, found `{name}`"
            ),
        );
    }
}

/// What overlaps is never summed.
fn check_sums(node: &Node<'_>, spec: &TableSpec) {
    let overlaps = spec.together == Rows::Overlapping;
    for (key, wanted) in [("total", spec.total), ("group", !spec.groups.is_empty())] {
        if overlaps && wanted {
            node.mistake(
                key,
                say!(
                    "rader som overlapper, kan ikke summeres: ta bort `{key}`",
                    nn "rader som overlappar, kan ikkje summerast: ta bort `{key}`",
                    "rows that overlap can't be summed: remove `{key}`"
                ),
            );
        }
    }
}

/// A table stands beside one of another unit.
fn check_beside(node: &Node<'_>, table: &TableSpec, all: &[TableSpec]) {
    let Some(other) = &table.beside else { return };
    match all.iter().find(|it| it.id == *other) {
        Some(it) if it.counted == table.counted => node.mistake(
            "beside",
            say!(
                "`{other}` teller det samme: `beside` er for tabeller med ulike enheter",
                nn "`{other}` tel det same: `beside` er for tabellar med ulike einingar",
                "`{other}` counts the same: `beside` is for tables of different units"
            ),
        ),
        Some(_) => {}
        None => {
            let message = say!(
                "det er ingen tabell `{other}`",
                nn "det er ingen tabell `{other}`",
                "there is no table `{other}`"
            );
            match nearest(other, all.iter().map(|it| it.id.as_str())) {
                Some(near) => node.mistake_with("beside", message, did_you_mean(near)),
                None => node.mistake("beside", message),
            }
        }
    }
}
