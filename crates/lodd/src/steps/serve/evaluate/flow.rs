//! From screening to analysis: counts by arm, as the last panel has them.

use std::collections::BTreeMap;

use lodd_report::word_of;
use lodd_server::{Block, Cell, Sheet, View};
use lodd_store::{Pilot, Table, parquet, schema::List};

use super::super::results_parts::{NONE, counted, grid, moment_of, paragraph, said, sheet as page};
use crate::{
    problem::Failure,
    protocol::Protocol,
    steps::{Context, due, export::Lists, tables, words},
    text::{Lang, Text, say},
};

/// Rows that a page shows of one table.
const ROWS_MAX: usize = 200;

/// One count of the file.
#[derive(Clone, Debug, Default)]
struct Count {
    draw: Option<i64>,
    level: String,
    arm: Option<String>,
    stage: String,
    horizon: Option<String>,
    source: Option<String>,
    register: Option<String>,
    outcome: Option<String>,
    reason: Option<String>,
    n: Option<i64>,
}

/// The page.
pub(super) fn sheet(context: &Context) -> Result<Sheet, Failure> {
    let (pilot, lang) = (context.pilot()?, context.lang);
    let protocol = context.protocol(&pilot)?;
    let blocks = blocks(context, &pilot, &protocol, lang)?;
    page(context, &pilot, (&super::title(View::Flow), &protocol.title), blocks)
}

fn blocks(
    context: &Context,
    pilot: &Pilot,
    protocol: &Protocol,
    lang: Lang,
) -> Result<Vec<Block>, Failure> {
    let path = context.out("flow.parquet");
    if !path.is_file() {
        let locked = !pilot.locked_plans().map_err(|error| words::store(&error))?.is_empty();
        return Ok(vec![paragraph(&none(locked), lang)]);
    }
    let (table, metadata) = parquet::read(&path).map_err(|error| words::parquet(&error))?;
    let says = |key: &str| metadata.iter().find(|(it, _)| it == key).map(|(_, value)| value);
    let cut = moment_of(says("cut").map_or("", String::as_str), lang);
    let mut blocks = vec![paragraph(
        &say!(
            "Det som var kjent {cut}. Til bruk i evalueringen, ikke skjermet: ikke for publisering.",
            nn "Det som var kjent {cut}. Til bruk i evalueringa, ikkje skjerma: ikkje for publisering.",
            "What was known at {cut}. For the evaluation, not protected: not for publication."
        ),
        lang,
    )];
    if says("interim").is_some_and(|it| !it.is_empty()) {
        blocks.push(super::results::interim_mark(lang));
    }
    let counts = read(&table)?;
    let shown = Shown { lists: Lists::new(protocol), many: many(&counts), lang };
    for level in ["office", "family", "adult", "child"] {
        blocks.extend(shown.level(&counts, level));
    }
    Ok(blocks)
}

fn none(locked: bool) -> Text {
    if locked {
        return say!(
            "Panelet er ikke laget ennå. Lag det under Resultater; da kommer flyten her.",
            nn "Panelet er ikkje laga enno. Lag det under Resultat; då kjem flyten her.",
            "The panel has not been made yet. Make it under Results; the flow is shown here then."
        );
    }
    say!(
        "Panelet er ikke laget ennå. Lås først planen under Plan, og lag så panelet under Resultater.",
        nn "Panelet er ikkje laga enno. Lås først planen under Plan, og lag så panelet under Resultat.",
        "The panel has not been made yet. First lock the plan under Plan, then make the panel under Results."
    )
}

fn many(counts: &[Count]) -> bool {
    counts.iter().any(|it| it.draw.is_some_and(|draw| draw > 1))
}

fn read(table: &Table) -> Result<Vec<Count>, Failure> {
    let text = |name| table.text(name).map_err(|error| tables::internal(&error));
    let int = |name| table.int(name).map_err(|error| tables::internal(&error));
    let (levels, arms, stages, horizons) =
        (text("level")?, text("arm")?, text("stage")?, text("horizon")?);
    let (sources, registers) = (text("source")?, text("register")?);
    let (outcomes, reasons) = (text("outcome_id")?, text("reason")?);
    let (draws, counts) = (int("draw")?, int("count")?);
    let row = |row: usize| {
        let at = |column: &[Option<String>]| column.get(row).cloned().flatten();
        let number = |column: &[Option<i64>]| column.get(row).copied().flatten();
        Count {
            draw: number(draws),
            level: at(levels).unwrap_or_default(),
            arm: at(arms),
            stage: at(stages).unwrap_or_default(),
            horizon: at(horizons),
            source: at(sources),
            register: at(registers),
            outcome: at(outcomes),
            reason: at(reasons),
            n: number(counts),
        }
    };
    Ok((0..table.rows()).map(row).collect())
}

/// How the counts of a pilot are shown.
struct Shown {
    lists: Lists,
    /// Whether there are several draws.
    many: bool,
    lang: Lang,
}

impl Shown {
    fn word(&self, list: List, code: &str) -> String {
        let known = self.lists.of(list).iter().find(|it| it.code == code);
        known.map_or_else(|| code.to_owned(), |it| it.label.get(self.lang).to_owned())
    }

    /// The tables of offices, families, adults or children: of any source, by source, by outcome.
    fn level(&self, counts: &[Count], level: &str) -> Vec<Block> {
        let own: Vec<&Count> = counts.iter().filter(|it| it.level == level).collect();
        let seen = |it: &&&Count| it.stage == "observed" && it.n.is_some_and(|n| n > 0);
        // A pilot that asks nothing of its adults or children has nothing to show of them.
        if own.is_empty() || (matches!(level, "adult" | "child") && own.iter().find(seen).is_none())
        {
            return Vec::new();
        }
        let mut blocks = vec![Block::Heading(self.word(List::Level, level))];
        let of = |keep: fn(&Count) -> bool| -> Vec<&Count> {
            own.iter().copied().filter(|it| keep(it)).collect()
        };
        let parts = [
            (
                say!("Fra listen til oppfølgingen", nn "Frå lista til oppfølginga", "From the list to the follow-up"),
                of(|it| it.source.is_none() && it.outcome.is_none()),
            ),
            (
                say!("Observert etter kilde", nn "Observert etter kjelde", "Observed by source"),
                of(|it| it.source.is_some() && it.outcome.is_none()),
            ),
            (
                say!("Analysert etter utfall", nn "Analysert etter utfall", "Analysed by outcome"),
                of(|it| it.outcome.is_some()),
            ),
        ];
        for (caption, rows) in parts.iter().filter(|it| !it.1.is_empty()) {
            let level = self.word(List::Level, level);
            let caption = format!("{level}: {}", lowered(caption.get(self.lang)));
            blocks.push(self.table(&Text::same(caption), rows));
        }
        blocks
    }

    /// A row a stage, a column an arm; what is counted before the draw stands under everyone.
    fn table(&self, caption: &Text, counts: &[&Count]) -> Block {
        let lang = self.lang;
        let mut arms: Vec<Option<&str>> = Vec::new();
        let mut rows: Vec<(String, BTreeMap<Option<&str>, i64>)> = Vec::new();
        for it in counts {
            let arm = it.arm.as_deref();
            if !arms.contains(&arm) {
                arms.push(arm);
            }
            let label = self.label(it);
            let at = rows.iter().position(|row| row.0 == label).unwrap_or_else(|| {
                rows.push((label, BTreeMap::new()));
                rows.len() - 1
            });
            if let (Some(row), Some(n)) = (rows.get_mut(at), it.n) {
                *row.1.entry(arm).or_default() += n;
            }
        }
        arms.sort_by_key(Option::is_some);
        let everyone = say!("Alle", nn "Alle", "All");
        let name = |arm: Option<&str>| match arm {
            Some(arm) => Text::same(self.word(List::Arm, arm)),
            None => everyone.clone(),
        };
        let head: Vec<Text> = [say!("Trinn", nn "Steg", "Stage")]
            .into_iter()
            .chain(arms.iter().copied().map(name))
            .collect();
        let cells = rows.iter().take(ROWS_MAX).map(|(label, of)| {
            let cell = |arm| of.get(arm).map_or_else(|| Cell::Number(NONE.into()), |n| counted(*n));
            [said(label.as_str())].into_iter().chain(arms.iter().map(cell)).collect()
        });
        grid(caption, &head, cells.collect(), lang)
    }

    /// `Observert, 12 måneder, veileder`.
    fn label(&self, it: &Count) -> String {
        let mut parts = Vec::new();
        if let (true, Some(draw)) = (self.many, it.draw) {
            let text = say!("Trekning {draw}", nn "Trekning {draw}", "Draw {draw}");
            parts.push(text.get(self.lang).to_owned());
        }
        parts.push(self.word(List::Stage, &it.stage));
        parts.extend(it.outcome.iter().map(|it| self.word(List::Outcome, it)));
        parts.extend(it.horizon.iter().map(|it| due::horizon_words(it).get(self.lang).to_owned()));
        let word = |it: &String| word_of(it, self.lang.of_report()).to_owned();
        parts.extend(it.source.iter().map(word));
        parts.extend(it.register.clone());
        parts.extend(it.reason.iter().map(|it| self.word(List::Reason, it)));
        parts.join(", ")
    }
}

/// The same words within a sentence.
fn lowered(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |it| it.to_lowercase().chain(letters).collect())
}
