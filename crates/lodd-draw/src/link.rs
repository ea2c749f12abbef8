//! Who is a unit: families whose persons live together, or share a child, are drawn as one.
//!
//! Families are joined where one says that it lives with the other, or where the same person (by
//! keyed id) stands in both. A child may stand in two families, an adult may not. What is joined
//! does not depend on the order of rows.

use std::collections::{BTreeMap, BTreeSet};

/// More persons than this in one unit, or more than [`LARGE_FAMILIES`] families, is reported.
pub const LARGE_PERSONS: usize = 8;
/// See [`LARGE_PERSONS`].
pub const LARGE_FAMILIES: usize = 3;

/// How a family stands before a list is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// May be drawn.
    Eligible,
    /// Is on the roster; is drawn only through a family that is eligible.
    Listed,
    /// Has been drawn before.
    Drawn,
}

/// A family before a list is locked.
#[derive(Clone, Debug)]
pub struct Family<'a> {
    /// Its pseudonym.
    pub id: &'a str,
    /// Its office.
    pub office: &'a str,
    /// Whether it may be drawn.
    pub standing: Standing,
    /// Another family whose persons live with this one's. Two that name the same one live together,
    /// also when that one is not given.
    pub lives_with: Option<&'a str>,
    /// Its persons.
    pub members: Vec<Person<'a>>,
}

/// A person of a family.
#[derive(Clone, Debug)]
pub struct Person<'a> {
    /// The pseudonym.
    pub id: &'a str,
    /// Whether it is a child under 18 on the day of locking.
    pub child: bool,
    /// The same wherever the person stands, if it is known. In no result.
    pub key: Option<&'a str>,
}

/// Families that are drawn as one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedUnit {
    /// The id it is drawn under: the smallest of its eligible families.
    pub lead: String,
    /// Its office.
    pub office: String,
    /// All its families, ascending.
    pub families: Vec<String>,
    /// Its persons, each counted once.
    pub persons: usize,
    /// Members who are the same child in two of its families: the id that is not counted, and the
    /// smallest, which is.
    pub twins: BTreeMap<String, String>,
}

impl LinkedUnit {
    /// Whether somebody should look at it before it is locked.
    pub fn is_large(&self) -> bool {
        self.persons > LARGE_PERSONS || self.families.len() > LARGE_FAMILIES
    }
}

/// Eligible families that are joined to one drawn before: no second chance through a relative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptOut {
    /// The families kept out, ascending.
    pub families: Vec<String>,
    /// The families drawn before that they are joined to, ascending.
    pub drawn: Vec<String>,
}

/// What stops the locking. Ids ascend; no keyed id is ever shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkProblem {
    /// A family stands in two rows.
    FamilyTwice(String),
    /// Two ids stand for the same family: the same persons, adults among them.
    SameFamily(Vec<String>),
    /// An adult stands in two families, or anyone twice in one; these are the members' ids.
    PersonTwice(Vec<String>),
    /// One unit has families of two offices: each family with its office.
    TwoOffices(Vec<(String, String)>),
}

/// The units to draw, and who is kept out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// The units, by lead.
    pub units: Vec<LinkedUnit>,
    /// Who is kept out, by first family.
    pub kept_out: Vec<KeptOut>,
}

/// Joins families to units: the connected components that have an eligible family.
///
/// # Errors
///
/// Everything that stops the locking, ordered.
pub fn link(families: &[Family<'_>]) -> Result<Links, Vec<LinkProblem>> {
    let mut links = Links::default();
    let mut problems = Vec::new();
    for component in components(families) {
        let ids_of = |standing| -> Vec<String> {
            let those = component.iter().filter(|it| it.standing == standing);
            those.map(|it| it.id.to_owned()).collect::<BTreeSet<_>>().into_iter().collect()
        };
        let (eligible, drawn) = (ids_of(Standing::Eligible), ids_of(Standing::Drawn));
        let (Some(lead), Some(first)) = (eligible.first(), component.first()) else { continue };
        if !drawn.is_empty() {
            links.kept_out.push(KeptOut { families: eligible, drawn });
            continue;
        }
        problems.extend(problems_of(&component));
        let persons = persons(&component);
        links.units.push(LinkedUnit {
            lead: lead.clone(),
            office: first.office.to_owned(),
            families: component.iter().map(|it| it.id.to_owned()).collect(),
            persons: persons.len(),
            twins: persons.values().flat_map(|places| twins(places)).collect(),
        });
    }
    if !problems.is_empty() {
        problems.sort();
        return Err(problems);
    }
    links.units.sort_by(|a, b| a.lead.cmp(&b.lead));
    links.kept_out.sort_by(|a, b| a.families.cmp(&b.families));
    Ok(links)
}

/// Where each person stands: by keyed id where it is known, else by the member's own id.
fn persons<'f, 'a>(component: &[&'f Family<'a>]) -> BTreeMap<Key<'a>, Vec<Place<'f, 'a>>> {
    let mut places: BTreeMap<Key<'a>, Vec<Place<'f, 'a>>> = BTreeMap::new();
    for family in component {
        for person in &family.members {
            let key = person.key.map_or(Key::Member(person.id), Key::Person);
            places.entry(key).or_default().push((family, person));
        }
    }
    places
}

/// Each member of one person but the smallest, with the smallest.
fn twins(places: &[Place<'_, '_>]) -> Vec<(String, String)> {
    let mut ids: Vec<&str> = places.iter().map(|(_, person)| person.id).collect();
    ids.sort_unstable();
    let others = ids.iter().skip(1);
    let pair = |it: &&str| Some(((*it).to_owned(), (*ids.first()?).to_owned()));
    others.filter_map(pair).collect()
}

type Place<'f, 'a> = (&'f Family<'a>, &'f Person<'a>);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Person(&'a str),
    Member(&'a str),
}

/// What is wrong with one component, whose families ascend.
fn problems_of(component: &[&Family<'_>]) -> Vec<LinkProblem> {
    let mut problems = Vec::new();
    for (family, next) in component.iter().zip(component.iter().skip(1)) {
        if family.id == next.id {
            problems.push(LinkProblem::FamilyTwice(family.id.to_owned()));
        }
    }
    let same = same_families(component);
    let mut twice: BTreeSet<Vec<String>> = BTreeSet::new();
    let each = || component.iter().flat_map(|family| &family.members);
    for person in each() {
        let times = each().filter(|it| it.id == person.id).count();
        if times > 1 {
            twice.insert(vec![person.id.to_owned(); times]);
        }
    }
    for places in persons(component).values().filter(|it| it.len() > 1) {
        let families: BTreeSet<&str> = places.iter().map(|(family, _)| family.id).collect();
        let children = places.iter().all(|(_, person)| person.child);
        let told = same.iter().any(|ids| families.iter().all(|it| ids.contains(it)));
        if !(told || children && families.len() == places.len()) {
            let mut members: Vec<String> =
                places.iter().map(|(_, person)| person.id.to_owned()).collect();
            members.sort();
            twice.insert(members);
        }
    }
    problems.extend(twice.into_iter().map(LinkProblem::PersonTwice));
    let owned = |ids: &BTreeSet<&str>| ids.iter().map(|it| (*it).to_owned()).collect();
    problems.extend(same.iter().map(|ids| LinkProblem::SameFamily(owned(ids))));
    if component.iter().any(|it| Some(it.office) != component.first().map(|it| it.office)) {
        let places = component.iter().map(|it| (it.id.to_owned(), it.office.to_owned()));
        problems.push(LinkProblem::TwoOffices(places.collect()));
    }
    problems.dedup();
    problems
}

/// Ids that stand for one family: they have the same keyed persons, adults among them.
fn same_families<'a>(component: &[&Family<'a>]) -> Vec<BTreeSet<&'a str>> {
    let mut alike: BTreeMap<BTreeSet<&str>, BTreeSet<&str>> = BTreeMap::new();
    for family in component {
        if family.members.iter().any(|it| !it.child && it.key.is_some()) {
            let keys = family.members.iter().filter_map(|it| it.key).collect();
            alike.entry(keys).or_default().insert(family.id);
        }
    }
    alike.into_values().filter(|ids| ids.len() > 1).collect()
}

/// The connected components, each in the order of its families' ids.
fn components<'f, 'a>(families: &'f [Family<'a>]) -> Vec<Vec<&'f Family<'a>>> {
    let mut parents: Vec<usize> = (0..families.len()).collect();
    let mut seen: BTreeMap<(u8, &str), usize> = BTreeMap::new();
    for (row, family) in families.iter().enumerate() {
        let own = std::iter::once((0, family.id));
        let home = family.lives_with.map(|id| (0, id));
        let members = family.members.iter().map(|it| (1, it.id));
        let keys = family.members.iter().filter_map(|it| Some((2, it.key?)));
        for mark in own.chain(home).chain(members).chain(keys) {
            let other = *seen.entry(mark).or_insert(row);
            let (a, b) = (root(&mut parents, row), root(&mut parents, other));
            if let Some(parent) = parents.get_mut(a.max(b)) {
                *parent = a.min(b);
            }
        }
    }
    let mut components: BTreeMap<usize, Vec<&Family<'_>>> = BTreeMap::new();
    for (row, family) in families.iter().enumerate() {
        components.entry(root(&mut parents, row)).or_default().push(family);
    }
    let mut components: Vec<_> = components.into_values().collect();
    for component in &mut components {
        component.sort_by_key(|family| (family.id, family.office));
    }
    components
}

/// The row that stands for a row's component; shortens the way there.
fn root(parents: &mut [usize], row: usize) -> usize {
    let mut at = row;
    while let Some(&parent) = parents.get(at).filter(|parent| **parent != at) {
        let above = parents.get(parent).copied().unwrap_or(parent);
        if let Some(short) = parents.get_mut(at) {
            *short = above;
        }
        at = above;
    }
    at
}
