//! One family's page: who is in it, what is owed, what has been told, and the forms to tell more.

use jiff::civil::Date;
use lodd_intake::codes;
use lodd_server::{Block, Cell, Deed, Fault, Filled, Grid, Link, Sheet};
use lodd_store::{
    Pilot,
    pilot::{FamilyEvents, HouseholdSpell, Member},
};

use super::{
    super::super::{
        Context,
        due::{self, State},
        known_office, stamp_of, words,
    },
    OfficeFamily, day, events,
    events::Standing,
    followed_elsewhere, forms, head, label, said,
};
use crate::{clock::date_text, problem::Failure, text::Lang};

/// What the page is made of, read once.
pub(super) struct Page<'a> {
    pub(super) lang: Lang,
    pub(super) family: &'a OfficeFamily,
    /// May take back what was told.
    pub(super) is_lead: bool,
    pub(super) today: Date,
    pub(super) events: FamilyEvents,
    /// Everyone who is or was in it, by id.
    pub(super) members: Vec<Member>,
    pub(super) standing: Vec<Standing>,
    /// The pilot's other offices: id and name.
    pub(super) offices: Vec<(String, String)>,
    lead: String,
    marks: Vec<String>,
    owed: Vec<due::Owed>,
}

impl<'a> Page<'a> {
    /// Reads what the office may see of the family.
    ///
    /// # Errors
    ///
    /// If the pilot can't be read.
    pub(super) fn new(
        context: &Context,
        pilot: &Pilot,
        (office, is_lead): (&str, bool),
        family: &'a OfficeFamily,
    ) -> Result<Self, Failure> {
        let lang = context.lang;
        let protocol = context.protocol(pilot)?;
        let known = known_office(&protocol, office)?;
        let today = context.clock.today()?;
        let events = family.events(pilot)?;
        let store = |error: lodd_store::StoreError| words::store(&error);
        let roster = pilot.roster().map_err(store)?;
        let seen = |it: &Member| events.spells.iter().any(|own| own.member_id == it.member_id);
        let of_family = roster.members.into_iter().filter(|it| it.family_id == family.id());
        let members = of_family.filter(seen).collect();
        let owed = if family.passed().is_none() {
            due::owed(pilot, &protocol, Some(office), today)?
        } else {
            Vec::new()
        };
        let others = protocol.offices.iter().filter(|it| it.id != office);
        let draws = pilot.draws().map_err(store)?;
        Ok(Self {
            lang,
            family,
            is_lead,
            today,
            standing: events::standing(family.id(), &events.told, lang)?,
            events,
            members,
            offices: others.map(|it| (it.id.clone(), it.name.clone())).collect(),
            lead: format!("{} · {}", known.name, protocol.title.get(lang)),
            marks: stamp_of(&draws).iter().map(|it| it.get(lang).trim().to_owned()).collect(),
            owed: owed.into_iter().filter(|it| it.family_id == family.id()).collect(),
        })
    }

    /// The page; `sent` is the form that was sent and could not be done, `above` what came of it.
    ///
    /// # Errors
    ///
    /// If a date is out of range.
    pub(super) fn sheet(
        &self,
        sent: Option<(Deed, &Filled)>,
        (faults, came): (Vec<Fault>, Vec<Block>),
    ) -> Result<Sheet, Failure> {
        let mut blocks: Vec<Block> = self.marks.iter().cloned().map(Block::Mark).collect();
        blocks.extend((!faults.is_empty()).then_some(Block::Wrong(faults)));
        blocks.extend(came);
        blocks.extend(self.notice()?.map(Block::Text));
        blocks.push(Block::Heading(self.said(["Husstanden", "Hushaldet", "The household"])));
        blocks.push(self.household()?);
        if !self.owed.is_empty() {
            let owed = ["Det som skal leveres", "Det som skal leverast", "What is to be delivered"];
            blocks.push(Block::Heading(self.said(owed)));
            blocks.push(self.deliveries());
        }
        blocks.push(Block::Heading(self.said(["Det som er ført", "Det som er ført", "Recorded"])));
        let none =
            ["Ingenting er ført ennå.", "Ingenting er ført enno.", "Nothing is recorded yet."];
        let told = events::table(self.family.id(), &self.events.told, self.lang)?;
        blocks.push(told.unwrap_or_else(|| Block::Text(self.said(none))));
        blocks.push(Block::Text(self.said([
            "Her står flyttinger, hvem som kom og gikk, og samtykker. Det som kan vise hva familien er trukket til, står ikke på denne siden.",
            "Her står flyttingar, kven som kom og gjekk, og samtykke. Det som kan vise kva familien er trekt til, står ikkje på denne sida.",
            "Moves, who came and left, and consents stand here. What may show what the family was drawn for does not stand on this page.",
        ])));
        let forms = forms::all(self, sent);
        if !forms.is_empty() {
            let tell = ["Meld fra om en endring", "Meld frå om ei endring", "Tell of a change"];
            blocks.push(Block::Heading(self.said(tell)));
            blocks.extend(forms.into_iter().map(Block::Form));
        }
        blocks.push(Block::Links(vec![back(self.lang)]));
        let family = self.said(["Familie", "Familie", "Family"]);
        Ok(Sheet {
            title: format!("{family} {}", self.family.id()),
            lead: Some(self.lead.clone()),
            blocks,
        })
    }

    /// This page.
    pub(super) fn link(&self) -> Link {
        let id = self.family.id();
        let text = format!("{} {id}", self.said(["Familie", "Familie", "Family"]));
        Link { href: format!("/familier/{id}"), text, is_file: false }
    }

    fn said(&self, all: [&'static str; 3]) -> String {
        said(all, self.lang).to_owned()
    }

    /// Whose the family is, where that is not plain.
    fn notice(&self) -> Result<Option<String>, Failure> {
        if let Some(passed) = self.family.passed() {
            let since = followed_elsewhere(passed.on)?;
            let only = said(
                [
                    "Her står det dette kontoret hadde ført til da.",
                    "Her står det dette kontoret hadde ført til då.",
                    "Here stands what this office had recorded by then.",
                ],
                self.lang,
            );
            return Ok(Some(format!("{}. {only}", since.get(self.lang))));
        }
        Ok(None)
    }

    fn household(&self) -> Result<Block, Failure> {
        let row = |it: &HouseholdSpell| {
            let member = self.members.iter().find(|member| member.member_id == it.member_id);
            let year = member.map_or_else(String::new, |it| it.birth_year.to_string());
            let why = |reason: Option<lodd_store::pilot::SpellReason>| match reason {
                Some(why) => {
                    format!(" ({})", label(&codes::MEMBER_REASONS, why.code(), self.lang))
                }
                None => String::new(),
            };
            let to = it.valid_to.map(|to| day(to, self.lang)).transpose()?;
            let to = to.map_or_else(|| "–".to_owned(), |to| to + &why(it.reason_out));
            Ok(vec![
                Cell::Code(it.member_id.clone()),
                Cell::Text(label(&codes::ROLES, it.role.code(), self.lang)),
                Cell::Text(year),
                Cell::Text(day(it.valid_from, self.lang)? + &why(it.reason_in)),
                Cell::Text(to),
                Cell::Text(it.municipality.clone()),
            ])
        };
        Ok(Block::Table(Grid {
            caption: self.said([
                "Hvem som er og har vært i husstanden, og i hvilken kommune",
                "Kven som er og har vore i hushaldet, og i kva kommune",
                "Who is and has been in the household, and in which municipality",
            ]),
            head: head(
                self.lang,
                [
                    ["Medlem", "Medlem", "Member"],
                    ["Rolle", "Rolle", "Role"],
                    ["Fødselsår", "Fødselsår", "Year of birth"],
                    ["Inn", "Inn", "In"],
                    ["Ut", "Ut", "Out"],
                    ["Kommune", "Kommune", "Municipality"],
                ],
            ),
            rows: self.events.spells.iter().map(row).collect::<Result<_, Failure>>()?,
        }))
    }

    fn deliveries(&self) -> Block {
        let lang = self.lang;
        let day = |it: Date| date_text(it).get(lang).to_owned();
        let row = |it: &due::Owed| {
            let missing: Vec<&str> = it.missing().map(|unit| unit.id.as_str()).collect();
            let state = match it.state {
                State::Later => said(["ikke åpnet", "ikkje opna", "not open yet"], lang).to_owned(),
                State::Open => missing.join(", "),
                State::Overdue => {
                    let late = said(["fristen er ute", "fristen er ute", "overdue"], lang);
                    format!("{}: {late}", missing.join(", "))
                }
                State::Reported => {
                    said(["alt er levert", "alt er levert", "all told"], lang).to_owned()
                }
                State::Ended => {
                    let none = [
                        "ingen å svare om lenger",
                        "ingen å svare om lenger",
                        "nobody left to tell of",
                    ];
                    said(none, lang).to_owned()
                }
            };
            vec![
                Cell::Text(due::horizon_words(&it.horizon).get(lang).to_owned()),
                Cell::Text(format!("{}–{}", day(it.window_low), day(it.window_high))),
                Cell::Text(day(it.due_on)),
                Cell::Text(state),
            ]
        };
        Block::Table(Grid {
            caption: self.said([
                "Måletidspunkter og hvem det mangler svar om",
                "Måletidspunkt og kven det manglar svar om",
                "Times of measurement and whom answers are missing about",
            ]),
            head: head(
                lang,
                [
                    ["Når", "Når", "When"],
                    ["Kan svares på", "Kan svarast på", "Can be told"],
                    ["Frist", "Frist", "Due"],
                    ["Mangler", "Manglar", "Missing"],
                ],
            ),
            rows: self.owed.iter().map(row).collect(),
        })
    }
}

/// Back to all of them.
pub(super) fn back(lang: Lang) -> Link {
    let text = said(["Alle familiene", "Alle familiane", "All families"], lang).to_owned();
    Link { href: "/familier".to_owned(), text, is_file: false }
}
