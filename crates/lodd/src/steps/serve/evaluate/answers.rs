//! What has been answered, by office and time of measurement: counts, no family and no arm.

use std::collections::BTreeMap;

use jiff::civil::Date;
use lodd_server::{Block, Cell, Sheet, View};

use super::super::results_parts::{
    counted, grid, heading, paragraph, percent, said, sheet as page,
};
use crate::{
    clock::date_text,
    problem::Failure,
    protocol::Protocol,
    steps::{
        Context,
        due::{self, Owed, State},
        words,
    },
    text::{Lang, Text, count, say},
};

/// Rows that a page shows of one table.
const ROWS_MAX: usize = 250;

/// Families at one time of measurement.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    families: usize,
    /// Those whose window has opened: told of, or missing.
    due: usize,
    told: usize,
    missing: usize,
    /// Of those missing: the deadline has passed.
    overdue: usize,
}

impl Tally {
    fn add(&mut self, owed: &Owed) {
        self.families += 1;
        match owed.state {
            State::Later => return,
            State::Reported | State::Ended => self.told += 1,
            State::Open => self.missing += 1,
            State::Overdue => {
                self.missing += 1;
                self.overdue += 1;
            }
        }
        self.due += 1;
    }

    fn cells(self, lang: Lang) -> Vec<Cell> {
        let Self { families, due, told, missing, overdue } = self;
        let numbers = [families, due, told, missing, overdue].map(counted);
        numbers.into_iter().chain([Cell::Number(percent(told, due, lang))]).collect()
    }
}

/// A time of measurement of a draw: by its date first, so that pages read in time.
type When = (Date, i64, String, Date);

fn when(owed: &Owed) -> When {
    (owed.target, owed.draw, owed.horizon.clone(), owed.due_on)
}

/// The page.
pub(super) fn sheet(context: &Context) -> Result<Sheet, Failure> {
    let (pilot, lang) = (context.pilot()?, context.lang);
    let protocol = context.protocol(&pilot)?;
    let owed = due::owed(&pilot, &protocol, None, context.clock.today()?)?;
    let mut blocks = Vec::new();
    if owed.is_empty() {
        let text = say!("Ingen er trukket ennå.", nn "Ingen er trekte enno.", "Nobody has been drawn yet.");
        blocks.push(paragraph(&text, lang));
    } else {
        blocks.extend(told(&owed, &protocol, lang));
    }
    let mut held = Vec::new();
    for office in &protocol.offices {
        let open = pilot.open_holds(&office.id).map_err(|error| words::store(&error))?;
        if !open.is_empty() {
            held.push(vec![said(office.name.as_str()), counted(open.len())]);
        }
    }
    blocks.extend(on_hold(held, lang));
    page(context, &pilot, (&super::title(View::Answers), &protocol.title), blocks)
}

fn told(owed: &[Owed], protocol: &Protocol, lang: Lang) -> Vec<Block> {
    let (mut all, mut by_office) = (BTreeMap::new(), BTreeMap::new());
    for it in owed {
        all.entry(when(it)).or_insert_with(Tally::default).add(it);
        let office = protocol.office_name(&it.office_id);
        by_office.entry((when(it), office)).or_insert_with(Tally::default).add(it);
    }
    let many = all.keys().any(|it| it.1 > 1);
    let text = say!(
        "Tallene er familier. Levert er alle i familien svart for, eller ikke lenger å svare for. Andelen er levert av dem det kan svares for nå.",
        nn "Tala er familiar. Levert er alle i familien svart for, eller ikkje lenger å svare for. Delen er levert av dei det kan svarast for no.",
        "The numbers are families. Told of: everyone in the family, or nobody left to tell of. The share is told of those that can be told of now."
    );
    let rows = all.iter().map(|(at, tally)| {
        let mut row = vec![said(horizon(at, many, lang)), said(day(at.3, lang))];
        row.extend(tally.cells(lang));
        row
    });
    let caption = say!("Alle kontorer", nn "Alle kontor", "All offices");
    let whole = grid(&caption, &head(&[when_word()]), rows.collect(), lang);
    let rows = by_office.iter().take(ROWS_MAX).map(|((at, office), tally)| {
        let mut row = vec![said(*office), said(horizon(at, many, lang)), said(day(at.3, lang))];
        row.extend(tally.cells(lang));
        row
    });
    let caption = say!("Hvert kontor", nn "Kvart kontor", "Each office");
    let first = [say!("Kontor", nn "Kontor", "Office"), when_word()];
    let each = grid(&caption, &head(&first), rows.collect(), lang);
    let mut blocks = vec![
        paragraph(&text, lang),
        heading(&say!("Samlet", nn "Samla", "Together"), lang),
        whole,
        heading(&say!("Etter kontor", nn "Etter kontor", "By office"), lang),
        each,
    ];
    if by_office.len() > ROWS_MAX {
        let (n, all) = (count(ROWS_MAX), count(by_office.len()));
        let text = say!(
            "De første {n} av {all} rader. Alle gir lodd due --json.",
            nn "Dei første {n} av {all} rader. Alle gjev lodd due --json.",
            "The first {n} of {all} rows. lodd due --json gives all."
        );
        blocks.push(paragraph(&text, lang));
    }
    blocks
}

fn when_word() -> Text {
    say!("Når", nn "Når", "When")
}

fn head(first: &[Text]) -> Vec<Text> {
    let rest = [
        say!("Frist", nn "Frist", "Deadline"),
        say!("Familier", nn "Familiar", "Families"),
        say!("Kan svares for", nn "Kan svarast for", "Due"),
        say!("Levert", nn "Levert", "Told"),
        say!("Mangler", nn "Manglar", "Missing"),
        say!("Over fristen", nn "Over fristen", "Overdue"),
        say!("Andel levert", nn "Del levert", "Share told"),
    ];
    first.iter().cloned().chain(rest).collect()
}

fn horizon((_, draw, horizon, _): &When, many: bool, lang: Lang) -> String {
    let words = due::horizon_words(horizon);
    if !many {
        return words.get(lang).to_owned();
    }
    let (nb, nn, en) = (&words.nb, words.get(Lang::Nn), &words.en);
    let text = say!("{nb}, trekning {draw}", nn "{nn}, trekning {draw}", "{en}, draw {draw}");
    text.get(lang).to_owned()
}

fn day(date: Date, lang: Lang) -> String {
    date_text(date).get(lang).to_owned()
}

fn on_hold(rows: Vec<Vec<Cell>>, lang: Lang) -> Vec<Block> {
    let title = heading(&say!("På vent", nn "På vent", "On hold"), lang);
    if rows.is_empty() {
        let text = say!("Ingenting er på vent.", nn "Ingenting er på vent.", "Nothing is on hold.");
        return vec![title, paragraph(&text, lang)];
    }
    let caption = say!(
        "Familier × datoer som venter på en rettet fil",
        nn "Familiar × datoar som ventar på ei retta fil",
        "Families × dates that wait for a mended file"
    );
    let head = [say!("Kontor", nn "Kontor", "Office"), say!("På vent", nn "På vent", "On hold")];
    vec![title, grid(&caption, &head, rows, lang)]
}
