//! Where one draw stands, from the store and its public files: what its pages say to a researcher and to
//! everyone.

mod shown;

use jiff::Timestamp;
use lodd_draw::{Announcement, Beacon, File, announcement_hash};
use lodd_server::{Block, Cell, View};
use lodd_store::{
    Pilot,
    pilot::{Draw, DrawStatus, DrawnKind, Origin},
};
use serde_json::Value;

pub(super) use shown::shares;

use super::parts::{draw_title, link, para, plain, table, when, words};
use crate::{
    beacon::times,
    problem::Failure,
    protocol::{self, FILE, Protocol},
    steps::{Context, after, announce::notice, read_file, reveal, stamp_of, words as said},
    text::{Lang, Text, say},
};

/// The files of a draw that are everyone's, in the order of the protocol's section 2.
pub(super) const PUBLIC: [File; 6] =
    [File::Announcement, File::Plan, File::Leaves, File::Reveal, File::Result, File::Void];

/// A draw as it stands.
pub(super) struct Standing {
    pub(super) draw: Draw,
    pub(super) kind: DrawnKind,
    pub(super) units: usize,
    /// The announcement and its hash; nothing where there is none, or not the one that was recorded.
    announced: Option<(Announcement, String)>,
    /// The protocol as it was locked.
    pub(super) plan: Option<Protocol>,
    /// `reveal.json` or `void.json`.
    ended: Option<Value>,
}

impl Standing {
    /// Every draw of the pilot.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub(super) fn all(context: &Context, pilot: &Pilot) -> Result<Vec<Self>, Failure> {
        let draws = pilot.draws().map_err(|error| said::store(&error))?;
        draws.into_iter().map(|draw| Self::read(context, pilot, draw)).collect()
    }

    /// The draw of a path; nothing where there is no such draw.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub(super) fn of(
        context: &Context,
        pilot: &Pilot,
        id: Option<&str>,
    ) -> Result<Option<Self>, Failure> {
        let draws = pilot.draws().map_err(|error| said::store(&error))?;
        let found = draws.into_iter().find(|it| Some(it.draw.to_string().as_str()) == id);
        found.map(|draw| Self::read(context, pilot, draw)).transpose()
    }

    fn read(context: &Context, pilot: &Pilot, draw: Draw) -> Result<Self, Failure> {
        let units = pilot.draw_units(draw.draw).map_err(|error| said::store(&error))?;
        let (public, _) = reveal::folders(context, draw.draw);
        let bytes = reveal::read_announcement(&draw, &public).ok();
        let announced = bytes
            .and_then(|bytes| Some((Announcement::parse(&bytes).ok()?, announcement_hash(&bytes))));
        let text = |file: File| read_file(&public.join(file.name())).ok();
        let plan = text(File::Plan).and_then(|it| String::from_utf8(it).ok());
        let ended = match draw.status {
            DrawStatus::Void => text(File::Void),
            DrawStatus::Open => None,
            DrawStatus::Drawn | DrawStatus::Imported => text(File::Reveal),
        };
        Ok(Self {
            kind: units.first().map_or(DrawnKind::Family, |it| it.unit_kind),
            units: units.len(),
            announced,
            plan: plan.and_then(|it| protocol::parse(FILE, it).ok()),
            ended: ended.and_then(|it| serde_json::from_slice(&it).ok()),
            draw,
        })
    }

    pub(super) fn number(&self) -> i64 {
        self.draw.draw
    }

    pub(super) fn is_open(&self) -> bool {
        self.draw.status == DrawStatus::Open
    }

    pub(super) fn is_made(&self) -> bool {
        matches!(self.draw.status, DrawStatus::Drawn | DrawStatus::Imported)
    }

    pub(super) fn beacon(&self) -> Option<&Beacon> {
        self.announced.as_ref().map(|(it, _)| &it.beacon)
    }

    /// When the announced round comes.
    pub(super) fn at(&self) -> Option<Timestamp> {
        match self.beacon() {
            Some(Beacon::Drand { round }) => times::time_of(*round),
            _ => None,
        }
    }

    fn is_overdue(&self, now: Timestamp) -> bool {
        match self.beacon() {
            Some(Beacon::Drand { round }) if self.is_open() => times::is_overdue(*round, now),
            _ => false,
        }
    }

    /// `announced`, `overdue`, `drawn`, in a word.
    pub(super) fn state(&self, context: &Context) -> Text {
        let now = context.clock.now();
        match self.draw.status {
            DrawStatus::Open if self.is_overdue(now) => {
                say!("forfalt: ikke avsluttet et døgn etter runden", nn "forfallen: ikkje avslutta eit døgn etter runden", "overdue: not finished a day after its round")
            }
            DrawStatus::Open if self.at().is_some_and(|at| at <= now) => {
                say!("runden er kommet, ikke trukket ennå", nn "runden er komen, ikkje trekt enno", "the round has come, not drawn yet")
            }
            DrawStatus::Open => {
                say!("kunngjort, ikke trukket ennå", nn "kunngjord, ikkje trekt enno", "announced, not drawn yet")
            }
            DrawStatus::Drawn => say!("trukket", nn "trekt", "drawn"),
            DrawStatus::Void => say!("annullert", nn "annullert", "void"),
            DrawStatus::Imported => say!("tatt over", nn "teken over", "taken over"),
        }
    }

    /// How many of what.
    pub(super) fn units(&self) -> Text {
        said::units(self.kind, self.units)
    }

    /// What every output of a draw that does not count says.
    pub(super) fn marks(&self, lang: Lang) -> Vec<Block> {
        let all = stamp_of(std::slice::from_ref(&self.draw));
        all.iter().map(|it| Block::Mark(plain(lang, it))).collect()
    }

    /// What decides or decided.
    pub(super) fn decides(&self, lang: Lang) -> Result<String, Failure> {
        match self.beacon() {
            // Said before of what is to come, and after of what has been.
            Some(beacon) if self.is_made() => {
                let said = notice::decides(lang, beacon)?;
                let said = said.replacen("Avgjøres av", "Avgjort av", 1);
                let said = said.replacen("Blir avgjord av", "Avgjord av", 1);
                Ok(said
                    .replacen("som leses opp", "som ble lest opp", 1)
                    .replacen("blir lese opp", "blei lese opp", 1)
                    .replacen("what is read out", "what was read out", 1))
            }
            Some(beacon) => notice::decides(lang, beacon),
            None => Ok("–".to_owned()),
        }
    }

    fn arm(&self, label: &str) -> Text {
        self.plan.as_ref().map_or_else(|| Text::same(label), |it| after::arm_name(it, label))
    }

    fn block(&self, label: &str) -> String {
        let name = self.plan.as_ref().map(|it| after::block_name(it, label));
        name.unwrap_or_else(|| label.to_owned())
    }

    /// The list of draws, each with a link to its page.
    ///
    /// # Errors
    ///
    /// If a time can't be told.
    pub(super) fn list(all: &[Self], context: &Context, page: View) -> Result<Block, Failure> {
        let lang = context.lang;
        if all.is_empty() {
            let none = say!(
                "Ingen trekning er kunngjort ennå.",
                nn "Inga trekking er kunngjord enno.",
                "No draw has been announced yet."
            );
            return Ok(para(lang, &none));
        }
        let row = |it: &Self| {
            let number = it.number();
            let href = page.path().replace("{id}", &number.to_string());
            it.row(context, Cell::Link(link(lang, href, &draw_title(number))))
        };
        let rows = all.iter().map(row).collect::<Result<_, _>>()?;
        let caption = say!("Trekningene", nn "Trekkingane", "The draws");
        Ok(table(lang, &caption, Self::head(), rows))
    }

    fn row(&self, context: &Context, link: Cell) -> Result<Vec<Cell>, Failure> {
        let lang = context.lang;
        let locked = when(self.draw.announced_at_us)?;
        let state = self.state(context);
        let (nb, nn, en) = (&state.nb, state.get(Lang::Nn), &state.en);
        let rehearsal = say!("{nb}, øvelse", nn "{nn}, øving", "{en}, rehearsal");
        let state = match self.draw.origin {
            Origin::Rehearsal => rehearsal,
            Origin::Drawn | Origin::Imported => state,
        };
        Ok(vec![
            link,
            words(lang, &self.units()),
            words(lang, &state),
            words(lang, &locked),
            Cell::Text(self.decides(lang)?),
        ])
    }

    /// The headings of [`Self::row`].
    fn head() -> [Text; 5] {
        [
            say!("Trekning", nn "Trekking", "Draw"),
            say!("På lista", nn "På lista", "On the list"),
            say!("Hvor den står", nn "Kor ho står", "Where it stands"),
            say!("Låst", nn "Låst", "Locked"),
            say!("Avgjøres av", nn "Blir avgjord av", "Decided by"),
        ]
    }
}
