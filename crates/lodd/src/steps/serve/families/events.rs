//! What has been told of a family, as rows of a page and as things that can be taken back.

use lodd_intake::codes;
use lodd_server::{Block, Cell, Grid};
use lodd_store::pilot::Told;

use super::{date, day, head, label, said};
use crate::{clock::moment_text, problem::Failure, text::Lang};

/// An event that stands and can be taken back, as `lodd family retract` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) what: &'static str,
    pub(super) unit: String,
    pub(super) consent: Option<String>,
    /// ISO.
    pub(super) on: String,
    /// What it is called on the page.
    pub(super) words: String,
}

impl Standing {
    /// The word that a form sends for it.
    pub(super) fn word(&self) -> String {
        let consent = self.consent.as_deref().unwrap_or("-");
        format!("{} {} {} {consent}", self.what, self.unit, self.on)
    }
}

/// One version, read by the names of its columns.
struct Row<'a>(&'a Told);

impl Row<'_> {
    fn value(&self, name: &str) -> Option<&str> {
        self.0.values.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    fn day(&self, name: &str) -> Option<i32> {
        self.value(name).and_then(|it| it.parse().ok())
    }

    /// The member, or the family where it is about all of it.
    fn unit<'a>(&'a self, family: &'a str) -> &'a str {
        self.value("member_id").unwrap_or(family)
    }

    /// The day that it is known by: its end, where it has one.
    fn on(&self) -> Option<i32> {
        let last = ["valid_to", "withdrawn_at"].into_iter().find_map(|it| self.day(it));
        last.or_else(|| ["valid_from", "moved_on", "at"].into_iter().find_map(|it| self.day(it)))
    }

    /// What happened, in words.
    fn words(&self, lang: Lang) -> Result<String, Failure> {
        let value = |name: &str| self.value(name).unwrap_or_default();
        let on = |name: &str| self.day(name).map(|it| day(it, lang)).transpose();
        let said = |all| said(all, lang);
        match self.0.table {
            "household_spells" => {
                let why = |name: &str| match self.value(name) {
                    Some(code) => format!(" ({})", label(&codes::MEMBER_REASONS, code, lang)),
                    None => String::new(),
                };
                let came = on("valid_from")?.filter(|_| self.value("reason_in").is_some());
                let came = came
                    .map(|it| format!("{} {it}{}", said(["kom", "kom", "came"]), why("reason_in")));
                let left = on("valid_to")?.map(|it| {
                    let word = said(["var der til", "var der til", "was there until"]);
                    format!("{word} {it}{}", why("reason_out"))
                });
                let both: Vec<String> = came.into_iter().chain(left).collect();
                let none = said(["var med på listen", "var med på lista", "stood on the list"]);
                Ok(if both.is_empty() { none.to_owned() } else { both.join(", ") })
            }
            "family_moves" => {
                let to =
                    said(["flyttet til kommune", "flytta til kommune", "moved to municipality"]);
                let day = on("moved_on")?.unwrap_or_default();
                Ok(format!("{to} {} {day}", value("municipality")))
            }
            _ => {
                let consent = said(["samtykke", "samtykke", "consent"]);
                let kind = label(&codes::CONSENTS, value("kind"), lang).to_lowercase();
                if let Some(day) = on("withdrawn_at")? {
                    let word = said(["trukket fra", "trekt frå", "withdrawn from"]);
                    return Ok(format!("{consent} ({kind}): {word} {day}"));
                }
                let answer = label(&codes::ANSWERS, value("answer"), lang).to_lowercase();
                let day = on("at")?.unwrap_or_default();
                Ok(format!("{consent} ({kind}): {answer} {day}"))
            }
        }
    }
}

/// Everything told, as a table; nothing where nothing was told.
pub(super) fn table(family: &str, told: &[Told], lang: Lang) -> Result<Option<Block>, Failure> {
    if told.is_empty() {
        return Ok(None);
    }
    let row = |it: &Told| {
        let row = Row(it);
        let state = if it.stands {
            said(["gjelder", "gjeld", "stands"], lang)
        } else if it.values.iter().any(|(name, value)| *name == "retracted" && value == "1") {
            said(["tatt tilbake", "teke tilbake", "taken back"], lang)
        } else {
            said(["erstattet", "erstatta", "replaced"], lang)
        };
        Ok(vec![
            Cell::Code(row.unit(family).to_owned()),
            Cell::Text(row.words(lang)?),
            Cell::Text(moment_text(it.recorded_at_us)?.get(lang).to_owned()),
            Cell::Text(state.to_owned()),
        ])
    };
    let mut newest_first: Vec<&Told> = told.iter().collect();
    newest_first.sort_by_key(|it| std::cmp::Reverse(it.recorded_at_us));
    Ok(Some(Block::Table(Grid {
        caption: said(
            ["Hendelser, sist ført først", "Hendingar, sist ført først", "Events, last told first"],
            lang,
        )
        .to_owned(),
        head: head(
            lang,
            [
                ["Hvem", "Kven", "Who"],
                ["Hva", "Kva", "What"],
                ["Ført", "Ført", "Recorded"],
                ["Status", "Status", "State"],
            ],
        ),
        rows: newest_first.into_iter().map(row).collect::<Result<_, Failure>>()?,
    })))
}

/// Those that can be taken back, in the order they were told.
pub(super) fn standing(family: &str, told: &[Told], lang: Lang) -> Result<Vec<Standing>, Failure> {
    let mut all = Vec::new();
    for it in told.iter().filter(|it| it.stands) {
        let (row, what) = match it.table {
            "household_spells" => (Row(it), "member"),
            "family_moves" => (Row(it), "move"),
            _ => (Row(it), "consent"),
        };
        let Some(on) = row.on() else { continue };
        let unit = row.unit(family).to_owned();
        all.push(Standing {
            what,
            consent: row.value("kind").map(ToOwned::to_owned),
            on: date(on)?.to_string(),
            words: format!("{unit}: {}", row.words(lang)?),
            unit,
        });
    }
    Ok(all)
}
