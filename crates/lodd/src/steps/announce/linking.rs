//! Who is a unit: the families eligible now, those that belong together joined, and whom the list
//! shares with other lists.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use jiff::civil::Date;
use lodd_draw::link::{self, Family, KeptOut, LinkProblem, LinkedUnit, Links, Person, Standing};
use lodd_store::{
    Pilot,
    pilot::{Linking, ListedFamily, Overlap, Role},
};
use serde_json::json;

use super::{
    super::{Context, read_file, screen, words},
    other_lists::{self, OtherLists, PERSON_KEYS},
};
use crate::{
    answer::Answer,
    problem::{Failure, Place, Problem},
    protocol::Protocol,
    text::{Lang, Text, count, say},
};

/// The units to draw, and what is to be said about them.
#[derive(Debug, Default)]
pub(super) struct Linked {
    units: Vec<LinkedUnit>,
    kept_out: Vec<KeptOut>,
    /// The families of everybody in the units, by keyed id.
    persons: BTreeMap<String, BTreeSet<String>>,
    overlap: Vec<Overlap>,
    overlap_known: Option<String>,
}

/// In a draw's private folder.
const LINKING: &str = "linking.json";

/// The units and offices that would be drawn now, compared with no other list.
///
/// # Errors
///
/// As [`link`].
pub(in crate::steps) fn units(
    context: &Context,
    pilot: &Pilot,
    protocol: &Protocol,
) -> Result<Vec<(String, String)>, Failure> {
    Ok(link(context, pilot, protocol, &OtherLists::default())?.units())
}

/// How these units follow from the roster: which families are joined to one of them. `None` where
/// they are not the units that would be drawn; `on`: the day of the draw.
pub(in crate::steps) fn of_units(
    pilot: &Pilot,
    protocol: &Protocol,
    on: Date,
    units: &BTreeSet<&str>,
) -> Option<Linking> {
    let linked = link_on(pilot, protocol, on, &OtherLists::default()).ok()?;
    let leads: BTreeSet<&str> = linked.units.iter().map(|it| it.lead.as_str()).collect();
    (leads == *units).then(|| linked.record())
}

/// Who was joined to whom when the announcement in this private folder was written.
///
/// # Errors
///
/// If it is not there or can't be read.
pub(super) fn read(private: &Path) -> Result<Linking, Failure> {
    let bytes = read_file(&private.join(LINKING))?;
    serde_json::from_slice(&bytes).map_err(|error| Failure::internal(LINKING, error))
}

/// Joins families whose persons live together or share a child, and compares with other lists.
///
/// # Errors
///
/// Refused, with everything at once, when a person stands twice, a family under two ids, a unit in
/// two offices, or persons on another list and no reason is given.
pub(super) fn link(
    context: &Context,
    pilot: &Pilot,
    protocol: &Protocol,
    others: &OtherLists,
) -> Result<Linked, Failure> {
    link_on(pilot, protocol, context.clock.today()?, others)
}

fn link_on(
    pilot: &Pilot,
    protocol: &Protocol,
    on: Date,
    others: &OtherLists,
) -> Result<Linked, Failure> {
    let eligible = screen::eligible(pilot, protocol)?;
    let listed = pilot.listed().map_err(|error| words::store(&error))?;
    let drawn = pilot.roster().map_err(|error| words::store(&error))?.locked;
    let drawn: BTreeSet<&str> = drawn.iter().map(String::as_str).collect();
    let eligible: BTreeSet<&str> = eligible.iter().map(|(family, _)| family.as_str()).collect();
    let year = i32::from(on.year());
    let standing = |id: &str| match (drawn.contains(id), eligible.contains(id)) {
        (true, _) => Standing::Drawn,
        (false, true) => Standing::Eligible,
        (false, false) => Standing::Listed,
    };
    let families: Vec<Family<'_>> =
        listed.iter().map(|it| family(it, standing(&it.family_id), year)).collect();
    let (links, mut problems) = match link::link(&families) {
        Ok(links) => (links, Vec::new()),
        Err(problems) => (Links::default(), problems.iter().map(problem).collect()),
    };
    // What stops the locking leaves no units: then all who may be drawn are compared.
    let of_units: BTreeSet<&str> =
        links.units.iter().flat_map(|it| &it.families).map(String::as_str).collect();
    let on_list = |id: &str| if problems.is_empty() { &of_units } else { &eligible }.contains(id);
    let persons = persons(listed.iter().filter(|it| on_list(&it.family_id)));
    let (overlap, overlap_known) = compare(&persons, others, &mut problems)?;
    if !problems.is_empty() {
        let n = count(problems.len());
        return Err(Failure::refused(
            say!(
                "listen kan ikke låses: {n} feil",
                nn "lista kan ikkje låsast: {n} feil",
                "the list can't be locked: {n} problems"
            ),
            problems,
        ));
    }
    let owned = |it: BTreeSet<&str>| it.into_iter().map(str::to_owned).collect();
    let persons = persons.into_iter().map(|(key, it)| (key.to_owned(), owned(it))).collect();
    Ok(Linked { units: links.units, kept_out: links.kept_out, persons, overlap, overlap_known })
}

/// The families of each person whose keyed id is known.
fn persons<'f>(
    families: impl Iterator<Item = &'f ListedFamily>,
) -> BTreeMap<&'f str, BTreeSet<&'f str>> {
    let mut persons: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for family in families {
        for key in family.members.iter().filter_map(|it| it.person_key.as_deref()) {
            persons.entry(key).or_default().insert(&family.family_id);
        }
    }
    persons
}

/// What is shared with the other lists, and the reason given; notes what no reason was given for.
fn compare(
    persons: &BTreeMap<&str, BTreeSet<&str>>,
    others: &OtherLists,
    problems: &mut Vec<Problem>,
) -> Result<(Vec<Overlap>, Option<String>), Failure> {
    let lists = others.read()?;
    if let Some(reason) = &others.overlap_known {
        words::no_national_id("--overlap-known", reason)?;
    }
    let overlap = other_lists::overlap(persons, &lists);
    let known = others.overlap_known.as_deref().map(str::trim).filter(|it| !it.is_empty());
    if known.is_none() {
        problems.extend(other_lists::problems(&overlap));
    }
    if !others.is_empty() && persons.is_empty() {
        problems.push(no_keys());
    }
    Ok((overlap, known.map(str::to_owned)))
}

/// A family as it is linked; a child is one under 18 by its year of birth.
fn family(listed: &ListedFamily, standing: Standing, year: i32) -> Family<'_> {
    let members = listed.members.iter().map(|it| Person {
        id: &it.member_id,
        child: it.role == Role::Child && year.saturating_sub(it.birth_year) < 18,
        key: it.person_key.as_deref(),
    });
    Family {
        id: &listed.family_id,
        office: &listed.office_id,
        standing,
        lives_with: listed.lives_with.as_deref(),
        members: members.collect(),
    }
}

fn no_keys() -> Problem {
    let message = Text::new(
        "listen kan ikke sammenlignes med andre: ingen på den har `person_key`",
        "the list can't be compared with others: nobody on it has a `person_key`",
    )
    .nn("lista kan ikkje samanliknast med andre: ingen på ho har `person_key`");
    Problem::new(Place::default(), message)
}

/// What stops the locking, in words.
fn problem(problem: &LinkProblem) -> Problem {
    let (message, fix) = match problem {
        LinkProblem::FamilyTwice(id) => (
            say!(
                "familien {id} står to ganger på listen",
                nn "familien {id} står to gonger på lista",
                "family {id} stands twice on the list"
            ),
            Text::new("slett den ene raden", "delete one of the rows").nn("slett den eine rada"),
        ),
        LinkProblem::SameFamily(ids) => {
            let ids = ids.join(", ");
            let message = say!(
                "{ids} er samme familie under flere id-er: de samme personene står i dem",
                nn "{ids} er same familie under fleire id-ar: dei same personane står i dei",
                "{ids} are the same family under several ids: the same persons stand in them"
            );
            (message, sign_off("Familier"))
        }
        LinkProblem::PersonTwice(ids) => {
            let ids = ids.join(", ");
            let message = say!(
                "{ids} er samme person: bare et barn under 18 år kan stå i to familier, og ingen to ganger i én",
                nn "{ids} er same person: berre eit barn under 18 år kan stå i to familiar, og ingen to gonger i éin",
                "{ids} are the same person: only a child under 18 can stand in two families, and nobody twice in one"
            );
            (message, sign_off("Medlemmer"))
        }
        LinkProblem::TwoOffices(places) => {
            let places = places.iter().map(|(family, office)| format!("{family} ({office})"));
            let places = places.collect::<Vec<_>>().join(", ");
            let message = say!(
                "{places} hører sammen, men står under flere kontor",
                nn "{places} høyrer saman, men står under fleire kontor",
                "{places} belong together but stand under several offices"
            );
            (message, sign_off("Familier"))
        }
    };
    Problem::new(Place::default(), message).fix(fix)
}

fn sign_off(sheet: &str) -> Text {
    say!(
        "la én stå: meld ut de andre med datoen under `utmeldt` i arket {sheet}, eller rett `person_key` (#SLETT fjerner en som er feil)",
        nn "lat éin stå: meld ut dei andre med datoen under `utmeldt` i arket {sheet}, eller rett `person_key` (#SLETT fjernar ein som er feil)",
        "let one stand: sign the others off with the date under `utmeldt` in the sheet {sheet}, or correct `person_key` (#SLETT removes a wrong one)"
    )
}

impl Linked {
    /// Each unit's lead and office.
    pub(super) fn units(&self) -> Vec<(String, String)> {
        self.units.iter().map(|it| (it.lead.clone(), it.office.clone())).collect()
    }

    /// Drops the units that did not come onto the list: their blocks have no free place now.
    pub(super) fn retain<'u>(&mut self, listed: impl Iterator<Item = &'u str>) {
        let listed: BTreeSet<&str> = listed.collect();
        self.units.retain(|it| listed.contains(it.lead.as_str()));
        let families: BTreeSet<&String> = self.units.iter().flat_map(|it| &it.families).collect();
        self.persons.retain(|_, it| it.iter().any(|family| families.contains(family)));
    }

    /// What the store and the ledger keep.
    pub(super) fn record(&self) -> Linking {
        let under = |it: &LinkedUnit| {
            let lead = it.lead.clone();
            let others = it.families.clone().into_iter().filter(move |family| *family != lead);
            let lead = it.lead.clone();
            others.map(move |family| (family, lead.clone())).collect::<Vec<_>>()
        };
        Linking {
            families: self.units.iter().flat_map(under).collect(),
            members: self.units.iter().flat_map(|it| it.twins.clone()).collect(),
            kept_out: self.kept_out.iter().flat_map(|it| it.families.clone()).collect(),
            overlap: self.overlap.clone(),
            overlap_known: self.overlap_known.clone().filter(|_| !self.overlap.is_empty()),
        }
    }

    /// What is kept in the draw's private folder: the keyed ids, for the comparison with later lists,
    /// and who was joined to whom, for an announcement whose run is stopped.
    pub(super) fn kept(&self, label: &str, draw: u32) -> [(&'static str, Vec<u8>); 2] {
        let linking = serde_json::to_vec(&self.record()).unwrap_or_default();
        [(PERSON_KEYS, other_lists::file(label, draw, self.persons.keys())), (LINKING, linking)]
    }

    /// Adds what was found to what the command answers.
    pub(super) fn report(&self, mut answer: Answer) -> Answer {
        let record = self.record();
        let mut lines = vec![std::mem::take(&mut answer.text)];
        if !record.families.is_empty() {
            let n = count(record.families.len());
            lines.push(say!(
                "  Familier som trekkes sammen med en annen: {n}.",
                nn "  Familiar som blir trekte saman med ein annan: {n}.",
                "  Families drawn together with another: {n}."
            ));
        }
        for unit in self.units.iter().filter(|it| it.families.len() > 1 || it.is_large()) {
            lines.push(unit_line(unit));
        }
        for it in &self.kept_out {
            let (families, drawn) = (it.families.join(", "), it.drawn.join(", "));
            lines.push(say!(
                "  Ikke med: {families} hører sammen med {drawn}, som er trukket før.",
                nn "  Ikkje med: {families} høyrer saman med {drawn}, som er trekt før.",
                "  Not on the list: {families} belongs together with {drawn}, drawn before."
            ));
        }
        for it in &record.overlap {
            let (list, persons, families) = (&it.list, it.persons, it.families.join(", "));
            let why = record.overlap_known.clone().unwrap_or_default();
            lines.push(say!(
                "  Også på listen til trekning {list}: {persons} personer, familiene {families}. Grunn: {why}",
                nn "  Også på lista til trekking {list}: {persons} personar, familiane {families}. Grunn: {why}",
                "  On the list of draw {list} too: {persons} persons, families {families}. Reason: {why}"
            ));
        }
        answer.text = Text::lines(lines);
        if let Some(json) = answer.json.as_object_mut() {
            json.insert("linking".to_owned(), self.json(&record));
        }
        answer
    }

    fn json(&self, record: &Linking) -> serde_json::Value {
        let unit = |it: &LinkedUnit| json!({ "lead": it.lead, "families": it.families, "persons": it.persons });
        let units = |keep: fn(&&LinkedUnit) -> bool| -> Vec<_> {
            self.units.iter().filter(keep).map(unit).collect()
        };
        let kept_out =
            self.kept_out.iter().map(|it| json!({ "families": it.families, "drawn": it.drawn }));
        let overlap = record
            .overlap
            .iter()
            .map(|it| json!({ "list": it.list, "persons": it.persons, "families": it.families }));
        json!({
            "linked": units(|it| it.families.len() > 1),
            "large": units(|it| it.is_large()),
            "kept_out": kept_out.collect::<Vec<_>>(),
            "persons": self.units.iter().map(|it| it.persons).sum::<usize>(),
            "persons_keyed": self.persons.len(),
            "overlap": overlap.collect::<Vec<_>>(),
            "overlap_known": record.overlap_known,
        })
    }
}

fn unit_line(unit: &LinkedUnit) -> Text {
    let (lead, families, persons) = (&unit.lead, unit.families.join(", "), unit.persons);
    let large = if unit.is_large() {
        Text::new(" STOR ENHET: se om det stemmer.", " LARGE UNIT: see that it is right.")
            .nn(" STOR EINING: sjå om det stemmer.")
    } else {
        Text::default()
    };
    let (nb, nn, en) = (&large.nb, large.get(Lang::Nn), &large.en);
    say!(
        "    {lead}: familiene {families}, {persons} personer.{nb}",
        nn "    {lead}: familiane {families}, {persons} personar.{nn}",
        "    {lead}: families {families}, {persons} persons.{en}"
    )
}
