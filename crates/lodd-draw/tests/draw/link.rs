//! Who is a unit: against reachability by Floyd and Warshall over every small graph, and by hand.

use std::collections::{BTreeMap, BTreeSet};

use lodd_draw::link::{Family, KeptOut, LinkProblem, LinkedUnit, Links, Person, Standing, link};

const IDS: [&str; 5] = ["A", "B", "C", "D", "E"];
const STANDINGS: [Standing; 3] = [Standing::Eligible, Standing::Listed, Standing::Drawn];

fn person<'a>(id: &'a str, child: bool, key: Option<&'a str>) -> Person<'a> {
    Person { id, child, key }
}

fn family<'a>(id: &'a str, members: Vec<Person<'a>>) -> Family<'a> {
    Family { id, office: "o", standing: Standing::Eligible, lives_with: None, members }
}

/// Every pair of the first `n` families.
fn pairs(n: usize) -> Vec<(usize, usize)> {
    (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b))).collect()
}

/// Which families reach which, by the plain triple loop.
fn reach(n: usize, edges: &[(usize, usize)]) -> Vec<Vec<bool>> {
    let mut reach = vec![vec![false; n]; n];
    for (i, row) in reach.iter_mut().enumerate() {
        row[i] = true;
    }
    for &(a, b) in edges {
        reach[a][b] = true;
        reach[b][a] = true;
    }
    for via in 0..n {
        for from in 0..n {
            for to in 0..n {
                reach[from][to] |= reach[from][via] && reach[via][to];
            }
        }
    }
    reach
}

/// The edges of `set`, each a child that stands in both families.
fn children(n: usize, set: usize, names: &[Vec<String>]) -> (Vec<(usize, usize)>, Vec<Family<'_>>) {
    let chosen: Vec<(usize, (usize, usize))> =
        pairs(n).into_iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).collect();
    let families = (0..n).map(|at| {
        let of = chosen.iter().filter(|(_, (a, b))| *a == at || *b == at);
        family(
            IDS[at],
            of.map(|(i, _)| person(&names[at][*i], true, Some(&names[5][*i]))).collect(),
        )
    });
    (chosen.iter().map(|(_, edge)| *edge).collect(), families.collect())
}

/// Member ids by family and edge, and the keyed ids of the edges' children.
fn names() -> Vec<Vec<String>> {
    let member = |at: usize| (0..10).map(|i| format!("{}-B{i}", IDS[at])).collect();
    let mut names: Vec<Vec<String>> = (0..5).map(member).collect();
    names.push((0..10).map(|i| format!("key{i}")).collect());
    names
}

/// What must come out, from reachability alone.
fn expected(families: &[Family<'_>], edges: &[(usize, usize)]) -> Links {
    let reach = reach(families.len(), edges);
    let mut links = Links::default();
    for (at, family) in families.iter().enumerate() {
        let together: Vec<usize> = (0..families.len()).filter(|it| reach[at][*it]).collect();
        let of = |standing| -> Vec<String> {
            let those = together.iter().filter(|it| families[**it].standing == standing);
            those.map(|it| families[*it].id.to_owned()).collect()
        };
        let (eligible, drawn) = (of(Standing::Eligible), of(Standing::Drawn));
        if eligible.first().map(String::as_str) != Some(family.id) {
            continue;
        }
        if !drawn.is_empty() {
            links.kept_out.push(KeptOut { families: eligible, drawn });
            continue;
        }
        let inside: Vec<_> = edges.iter().filter(|(a, _)| together.contains(a)).collect();
        let number = |edge: &(usize, usize)| {
            pairs(families.len()).iter().position(|it| *it == *edge).unwrap_or(0)
        };
        let child = |at: usize, edge: &(usize, usize)| format!("{}-B{}", IDS[at], number(edge));
        let twin = |edge: &&(usize, usize)| (child(edge.1, edge), child(edge.0, edge));
        links.units.push(LinkedUnit {
            lead: family.id.to_owned(),
            office: "o".to_owned(),
            families: together.iter().map(|it| families[*it].id.to_owned()).collect(),
            persons: inside.len(),
            twins: inside.iter().map(twin).collect(),
        });
    }
    links
}

#[test]
fn units_are_the_connected_components_of_every_graph_of_five_families() {
    let names = names();
    for set in 0..1 << 10 {
        let (edges, families) = children(5, set, &names);
        assert_eq!(link(&families), Ok(expected(&families, &edges)), "{set:b}");
    }
}

#[test]
fn whoever_is_joined_to_a_family_drawn_before_is_kept_out() {
    let names = names();
    for set in 0..1 << 6 {
        for standings in 0..81 {
            let (edges, mut families) = children(4, set, &names);
            for (at, family) in (0..).zip(&mut families) {
                family.standing = STANDINGS[standings / 3_usize.pow(at) % 3];
            }
            assert_eq!(link(&families), Ok(expected(&families, &edges)), "{set:b} {standings}");
        }
    }
}

#[test]
fn the_order_of_rows_makes_no_difference() {
    let names = names();
    for set in 0..1 << 10 {
        let (_, mut families) = children(5, set, &names);
        let first = link(&families);
        families.rotate_left(set % 5);
        families.swap(0, 1 + set % 4);
        for family in &mut families {
            family.members.reverse();
        }
        assert_eq!(link(&families), first, "{set:b}");
    }
}

/// Every way in which four families can each name one that they live with.
#[test]
fn a_shared_home_joins_in_either_direction() {
    for homes in 0..5_usize.pow(4) {
        let home = |at: usize| homes / [1, 5, 25, 125][at] % 5;
        let mut families: Vec<Family<'_>> =
            IDS[..4].iter().map(|id| family(id, Vec::new())).collect();
        let mut edges = Vec::new();
        for (at, it) in families.iter_mut().enumerate().filter(|(at, _)| home(*at) < 4) {
            it.lives_with = Some(IDS[home(at)]);
            edges.push((at, home(at)));
        }
        let found = link(&families).unwrap();
        let mut wanted = expected(&families, &edges);
        for unit in &mut wanted.units {
            (unit.persons, unit.twins) = (0, BTreeMap::new());
        }
        assert_eq!(found, wanted, "{homes}");
    }
}

#[test]
fn an_adult_or_a_child_twice_in_one_family_stops() {
    let adult = |id, key| person(id, false, Some(key));
    let child = |id, key| person(id, true, Some(key));
    let twice =
        |ids: &[&str]| LinkProblem::PersonTwice(ids.iter().map(|it| (*it).into()).collect());
    let of = |a: Vec<Person<'static>>, b: Vec<Person<'static>>| {
        link(&[family("A", a), family("B", b)]).err().unwrap_or_default()
    };
    // An adult in two families, with another adult in one of them.
    let (a, b) = (vec![adult("A-A1", "p"), adult("A-A2", "q")], vec![adult("B-A1", "p")]);
    assert_eq!(of(a, b), [twice(&["A-A1", "B-A1"])]);
    // A grown child in one, a child in the other: the rows disagree.
    let (a, b) = (vec![adult("A-A1", "q"), adult("A-A2", "p")], vec![child("B-B1", "p")]);
    assert_eq!(of(a, b), [twice(&["A-A2", "B-B1"])]);
    // Twice in the same family, child or not.
    assert_eq!(
        of(vec![child("A-B1", "p"), child("A-B2", "p")], vec![]),
        [twice(&["A-B1", "A-B2"])]
    );
    // One member id in two rows, with no keyed id at all.
    let row = || vec![person("A-B1", true, None)];
    assert_eq!(of(row(), row()), [twice(&["A-B1", "A-B1"])]);
    // The control: a child in two families joins them, and nobody is counted twice.
    let (a, b) = (vec![adult("A-A1", "q"), child("A-B1", "p")], vec![child("B-B1", "p")]);
    let links = link(&[family("A", a), family("B", b)]).unwrap();
    assert_eq!((links.units.len(), links.units[0].persons), (1, 2));
}

#[test]
fn the_same_family_under_two_ids_stops_once() {
    let all = |id: [&'static str; 3]| {
        vec![
            person(id[0], false, Some("p")),
            person(id[1], true, Some("q")),
            // Without a keyed id: not held against it.
            person(id[2], true, None),
        ]
    };
    let families =
        [family("B", all(["B-A1", "B-B1", "B-B2"])), family("A", all(["A-A1", "A-B1", "A-B2"]))];
    let same = LinkProblem::SameFamily(vec!["A".into(), "B".into()]);
    assert_eq!(link(&families), Err(vec![same]));
    // Two homes of a child whose adults have no keyed id are not the same family.
    let home = |id| vec![person(id, true, Some("q"))];
    assert_eq!(
        link(&[family("A", home("A-B1")), family("B", home("B-B1"))]).unwrap().units.len(),
        1
    );
}

#[test]
fn all_problems_come_at_once_and_none_for_those_who_are_not_drawn() {
    let child = |id| vec![person(id, true, Some("q"))];
    let families = |standing| {
        let mut families = [
            family("A", child("A-B1")),
            Family { office: "p", ..family("B", child("B-B1")) },
            family("C", vec![]),
            family("C", vec![]),
        ];
        for family in &mut families {
            family.standing = standing;
        }
        families
    };
    let offices = vec![("A".into(), "o".into()), ("B".into(), "p".into())];
    assert_eq!(
        link(&families(Standing::Eligible)),
        Err(vec![LinkProblem::FamilyTwice("C".into()), LinkProblem::TwoOffices(offices)])
    );
    assert_eq!(link(&families(Standing::Listed)), Ok(Links::default()));
    assert_eq!(link(&families(Standing::Drawn)), Ok(Links::default()));
}

#[test]
fn large_units_are_more_than_eight_persons_or_three_families() {
    let unit = |persons, families: usize| LinkedUnit {
        lead: "A".into(),
        office: "o".into(),
        families: IDS[..families].iter().map(|it| (*it).to_owned()).collect(),
        persons,
        twins: BTreeMap::new(),
    };
    let large: BTreeSet<(usize, usize)> = (1..=10)
        .flat_map(|persons| (1..=5).map(move |families| (persons, families)))
        .filter(|(persons, families)| unit(*persons, *families).is_large())
        .collect();
    assert!(large.contains(&(9, 1)) && large.contains(&(1, 4)) && !large.contains(&(8, 3)));
}
