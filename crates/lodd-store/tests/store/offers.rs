//! Offers down the ranked list: laws over random sequences, against a model of a few lines.

use std::collections::{BTreeMap, BTreeSet};

use lodd_store::{
    Pilot, StoreError,
    parquet::encode,
    pilot::{
        Assignment, DrawImport, DrawnKind, EndedPart, Family, GivenAnswer, OfferAnswer, OfferError,
        Office, RosterRows,
    },
    schema::OFFERS,
};
use proptest::prelude::*;

use crate::{KEY, START_DAY, at, import, raw, sha};

/// Families of the one block, in the order of their ranks; their ids in another order.
const RANKED: [&str; 7] =
    ["RIN-GGG", "RIN-CCC", "RIN-KKK", "RIN-DDD", "RIN-JJJ", "RIN-FFF", "RIN-HHH"];
const SEATS: usize = 3;

/// A pilot with a draw that is made: the first three ranks are seated.
fn drawn() -> (tempfile::TempDir, Pilot) {
    let assignment = |(rank, id): (i64, &str)| Assignment {
        unit_kind: DrawnKind::Family,
        unit_id: id.into(),
        block: "ringerike".into(),
        ordinal: Some(rank * 3 % 7),
        ticket: Some(format!("{rank:032x}")),
        rank: Some(rank),
        arm: if rank <= 3 { "follow-up" } else { "ordinary" }.into(),
        probability: Some("3/7".into()),
    };
    let rows: Vec<Assignment> = (1..).zip(RANKED).map(assignment).collect();
    taken_over(&import(1), &rows)
}

fn taken_over(import: &DrawImport, rows: &[Assignment]) -> (tempfile::TempDir, Pilot) {
    let dir = tempfile::tempdir().unwrap();
    let mut pilot = Pilot::create(dir.path(), &KEY).unwrap();
    let office =
        Office { office_id: "ringerike".into(), name: "Nav".into(), municipality: "0605".into() };
    let family = |it: &Assignment| Family {
        family_id: it.unit_id.clone(),
        office_id: "ringerike".into(),
        registered_on: START_DAY - 30,
    };
    let roster = RosterRows {
        offices: vec![office],
        families: rows.iter().map(family).collect(),
        ..RosterRows::default()
    };
    pilot.import_roster(&at(0), &roster, &[sha(0xaa)]).unwrap();
    pilot.record_import(&at(1), import, rows, || Ok(())).unwrap();
    (dir, pilot)
}

fn given(family_id: &str, answer: OfferAnswer) -> GivenAnswer<'_> {
    GivenAnswer { family_id, answer, reason: None }
}

fn refusal(error: StoreError) -> OfferError {
    match error {
        StoreError::Offer(error) => error,
        other => panic!("{other}"),
    }
}

/// What a family's offer has come to, in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    Open,
    Yes,
    No,
    Left,
}

#[derive(Clone, Copy, Debug)]
enum Action {
    Next,
    Answer { family: usize, answer: OfferAnswer, reason: bool },
    Leave { family: usize },
    Close,
}

fn action() -> impl Strategy<Value = Action> {
    let answer =
        prop_oneof![Just(OfferAnswer::Yes), Just(OfferAnswer::No), Just(OfferAnswer::NotReached)];
    prop_oneof![
        6 => Just(Action::Next),
        9 => (0..RANKED.len(), answer, any::<bool>())
            .prop_map(|(family, answer, reason)| Action::Answer { family, answer, reason }),
        3 => (0..RANKED.len()).prop_map(|family| Action::Leave { family }),
        1 => Just(Action::Close),
    ]
}

/// The model: what came of each offer, by place in `RANKED`.
#[derive(Debug, Default)]
struct Model {
    came: BTreeMap<usize, Came>,
    closed: bool,
}

impl Model {
    fn held(&self) -> usize {
        self.came.values().filter(|it| matches!(it, Came::Open | Came::Yes)).count()
    }

    fn any_open(&self, from: usize) -> bool {
        self.came.range(from..).any(|(_, it)| *it == Came::Open)
    }

    /// Whether the action is allowed; if so, it is done.
    fn act(&mut self, action: Action) -> bool {
        let next = self.came.len();
        match action {
            Action::Next => {
                let may = !self.closed
                    && !self.any_open(SEATS)
                    && self.held() < SEATS
                    && next < RANKED.len();
                if may {
                    self.came.insert(next, Came::Open);
                }
                may
            }
            Action::Answer { family, answer, reason } => {
                let to = if answer == OfferAnswer::Yes { Came::Yes } else { Came::No };
                let may = !self.closed
                    && match self.came.get(&family) {
                        Some(Came::Open) => true,
                        Some(Came::No) => reason && (to == Came::No || self.held() < SEATS),
                        Some(Came::Yes | Came::Left) | None => false,
                    };
                if may {
                    self.came.insert(family, to);
                }
                may
            }
            Action::Leave { family } => {
                let may = self.came.get(&family) == Some(&Came::Yes);
                if may {
                    self.came.insert(family, Came::Left);
                }
                may
            }
            Action::Close => {
                let may = !self.closed && !self.any_open(0);
                self.closed |= may;
                may
            }
        }
    }
}

fn act(pilot: &mut Pilot, minute: i64, action: Action) -> Result<Option<String>, StoreError> {
    let now = at(minute);
    match action {
        Action::Next => pilot.offer_next(&now, 1, "ringerike").map(|it| Some(it.family_id)),
        Action::Answer { family, answer, reason } => {
            let reason = reason.then_some("RETTET");
            let given = GivenAnswer { family_id: RANKED[family], answer, reason };
            pilot.answer_offer(&now, 1, given).map(|_| None)
        }
        Action::Leave { family } => {
            let ended =
                EndedPart { family_id: RANKED[family], ended_on: START_DAY, reason: "FLYTTET" };
            pilot.end_participation(&now, 1, ended).map(|()| None)
        }
        Action::Close => pilot.close_offers(&now, 1, "ringerike", "FULLT").map(|()| None),
    }
}

/// Nothing that is given out tells a family that waits from another that waits: with the two
/// swapped on the list, all of it would be the same.
fn nothing_tells_who_is_next(pilot: &Pilot, offered: usize, closed: bool) {
    let waiting: BTreeSet<&str> = RANKED[offered..].iter().copied().collect();
    let log = format!("{:?}", pilot.offer_log(1).unwrap());
    let offers = pilot.offers_table().unwrap();
    encode(&offers, &OFFERS, &[]).unwrap();
    let refused =
        pilot.ledger().unwrap().iter().filter_map(|it| it.payload.clone()).collect::<String>();
    for text in [log, format!("{offers:?}"), refused] {
        assert!(waiting.iter().all(|it| !text.contains(it)), "{text}");
    }
    let table = pilot.assignments_table().unwrap();
    let ids = table.text("unit_id").unwrap();
    let mut hidden = Vec::new();
    for (row, id) in
        ids.iter().enumerate().filter(|(_, id)| waiting.contains(id.as_deref().unwrap()))
    {
        let told = (
            table.int("ordinal").unwrap()[row],
            table.text("ticket").unwrap()[row].clone(),
            table.int("rank").unwrap()[row],
        );
        assert_eq!(told == (None, None, None), !closed, "{id:?} {told:?}");
        hidden.push(id.clone().unwrap());
    }
    assert!(closed || hidden.is_sorted(), "the order of the rows tells the ranks: {hidden:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// Never more places than there are, ranks in order, one open offer down the list, what is
    /// refused changes nothing, and nobody sees who is next.
    #[test]
    fn any_sequence_keeps_the_rules(actions in prop::collection::vec(action(), 1..30)) {
        let (_dir, mut pilot) = drawn();
        let mut model = Model {
            came: (0..SEATS).map(|it| (it, Came::Open)).collect(),
            closed: false,
        };
        for (minute, action) in (2..).zip(actions) {
            let before = pilot.offer_log(1).unwrap();
            let expected = model.act(action);
            let done = act(&mut pilot, minute, action);
            prop_assert_eq!(done.is_ok(), expected, "{:?}: {:?}", action, done);
            let log = pilot.offer_log(1).unwrap().blocks.remove(0);
            match done {
                Ok(Some(family)) => prop_assert_eq!(family, RANKED[model.came.len() - 1]),
                Ok(None) => {}
                Err(error) => {
                    prop_assert_eq!(&before.blocks[0], &log);
                    let words = error.to_string();
                    let told = RANKED.iter().skip(model.came.len()).any(|it| words.contains(it));
                    let asked = matches!(refusal(error), OfferError::NotOffered { .. });
                    prop_assert!(!told || asked, "{}", words);
                }
            }
            let offered: Vec<&str> = log.offers.iter().map(|it| it.family_id.as_str()).collect();
            prop_assert_eq!(&offered, &RANKED[..model.came.len()]);
            let ranks: Vec<i64> = log.offers.iter().filter_map(|it| it.rank).collect();
            prop_assert!((1..).zip(&ranks).all(|(place, rank)| place == *rank));
            prop_assert!(log.held() as usize <= SEATS);
            prop_assert_eq!(log.held() as usize, model.held());
            let open = log.offers.iter().filter(|it| !it.initial && it.answer.is_none()).count();
            prop_assert!(open <= 1);
            prop_assert_eq!(log.waiting() as usize, RANKED.len() - model.came.len());
            nothing_tells_who_is_next(&pilot, model.came.len(), model.closed);
        }
        prop_assert_eq!(pilot.verify().unwrap(), []);
    }
}

#[test]
fn a_place_goes_to_the_next_rank_and_the_log_says_all_of_it() {
    let (_dir, mut pilot) = drawn();
    let full = pilot.offer_next(&at(2), 1, "ringerike").unwrap_err();
    let expected = OfferError::NoPlace { draw: 1, block: "ringerike".into(), seats: 3, held: 3 };
    assert_eq!(refusal(full), expected);
    for (minute, family, answer) in [
        (3, "RIN-GGG", OfferAnswer::Yes),
        (4, "RIN-CCC", OfferAnswer::No),
        (5, "RIN-KKK", OfferAnswer::NotReached),
    ] {
        pilot.answer_offer(&at(minute), 1, given(family, answer)).unwrap();
    }
    assert_eq!(pilot.offer_next(&at(6), 1, "ringerike").unwrap().family_id, "RIN-DDD");
    // Two places are free, but only one offer down the list is open at a time.
    let second = pilot.offer_next(&at(7), 1, "ringerike").unwrap_err();
    assert!(
        matches!(refusal(second), OfferError::OfferOpen { family_id, .. } if family_id == "RIN-DDD")
    );
    let early = pilot.close_offers(&at(7), 1, "ringerike", "FULLT").unwrap_err();
    assert!(
        matches!(refusal(early), OfferError::Unanswered { families, .. } if families == ["RIN-DDD"])
    );
    pilot.answer_offer(&at(8), 1, given("RIN-DDD", OfferAnswer::Yes)).unwrap();
    let log = pilot.offer_log(1).unwrap().blocks.remove(0);
    assert_eq!((log.seats, log.units, log.held(), log.free(), log.takers()), (3, 7, 2, 1, 2));
    assert_eq!((log.last_taker_rank(), log.waiting()), (Some(4), 3));
    // As it was known when only one had answered.
    let cut = pilot.ledger().unwrap()[2].at_us;
    let then = pilot.offer_log_at(1, cut).unwrap().blocks.remove(0);
    assert_eq!((then.takers(), then.offers.len(), then.held()), (1, 3, 3));
}

/// A family that withdraws leaves every other rank, arm and ticket as it was.
#[test]
fn a_withdrawn_family_leaves_all_other_ranks_as_they_were() {
    let (_dir, mut pilot) = drawn();
    let before = pilot.assignments(1).unwrap();
    pilot.answer_offer(&at(2), 1, given("RIN-CCC", OfferAnswer::No)).unwrap();
    pilot.answer_offer(&at(3), 1, given("RIN-GGG", OfferAnswer::Yes)).unwrap();
    let ended = EndedPart { family_id: "RIN-GGG", ended_on: START_DAY, reason: "FLYTTET" };
    pilot.end_participation(&at(4), 1, ended).unwrap();
    assert_eq!(pilot.offer_next(&at(5), 1, "ringerike").unwrap().rank, Some(4));
    assert_eq!(pilot.assignments(1).unwrap(), before);
}

#[test]
fn a_last_day_lies_between_the_first_and_today() {
    let (_dir, mut pilot) = drawn();
    let end = |ended_on| EndedPart { family_id: "RIN-GGG", ended_on, reason: "FLYTTET" };
    let untaken = pilot.end_participation(&at(2), 1, end(START_DAY)).unwrap_err();
    assert!(matches!(refusal(untaken), OfferError::NotTaken { .. }));
    pilot.answer_offer(&at(3), 1, given("RIN-GGG", OfferAnswer::Yes)).unwrap();
    let before = pilot.end_participation(&at(4), 1, end(START_DAY - 1)).unwrap_err();
    assert!(matches!(refusal(before), OfferError::EndsBeforeStart { .. }));
    let later = pilot.end_participation(&at(4), 1, end(START_DAY + 1)).unwrap_err();
    assert!(matches!(refusal(later), OfferError::EndsLater { .. }));
    pilot.end_participation(&at(4), 1, end(START_DAY)).unwrap();
    let twice = pilot.end_participation(&at(5), 1, end(START_DAY)).unwrap_err();
    assert!(matches!(refusal(twice), OfferError::Left { .. }));
    let back = pilot.answer_offer(&at(6), 1, given("RIN-GGG", OfferAnswer::No)).unwrap_err();
    assert!(matches!(refusal(back), OfferError::Left { .. }));
}

/// Three arms have no second-arm reserve, and an assignment without ranks nobody who is next.
#[test]
fn other_draws_have_no_list_to_go_down() {
    let row = |(id, arm): (&str, &str)| crate::assignment(id, arm);
    let two = [("RIN-AAA", "follow-up"), ("RIN-BBB", "ordinary")].map(row);
    let (_dir, mut pilot) = taken_over(&import(1), &two);
    pilot.answer_offer(&at(2), 1, given("RIN-AAA", OfferAnswer::No)).unwrap();
    let next = pilot.offer_next(&at(3), 1, "ringerike").unwrap_err();
    assert!(matches!(refusal(next), OfferError::NoRanks { draw: 1, .. }));
    let block = pilot.offer_next(&at(3), 1, "hadsel").unwrap_err();
    assert!(matches!(refusal(block), OfferError::NoBlock { draw: 1, .. }));

    let three = ["follow-up", "letter", "ordinary"];
    let rows = [("RIN-AAA", three[0]), ("RIN-BBB", three[1]), ("RIN-CCC", three[2])].map(row);
    let arms = three.map(str::to_owned).to_vec();
    let (_dir, mut pilot) = taken_over(&DrawImport { arms, ..import(1) }, &rows);
    assert_eq!(pilot.offer_log(1).unwrap().blocks, []);
    let next = pilot.offer_next(&at(3), 1, "ringerike").unwrap_err();
    assert_eq!(refusal(next), OfferError::NoLists { draw: 1 });
    assert_eq!(pilot.offer_log(2).unwrap().blocks, []);
}

/// What was logged stays, behind the store's back too.
#[test]
fn the_log_can_not_be_changed() {
    let (dir, mut pilot) = drawn();
    pilot.answer_offer(&at(2), 1, given("RIN-GGG", OfferAnswer::Yes)).unwrap();
    for family in ["RIN-CCC", "RIN-KKK"] {
        pilot.answer_offer(&at(3), 1, given(family, OfferAnswer::No)).unwrap();
    }
    pilot.close_offers(&at(4), 1, "ringerike", "FULLT").unwrap();
    for table in ["offers", "offers_closed", "participation"] {
        for change in [format!("UPDATE {table} SET draw = 2"), format!("DELETE FROM {table}")] {
            let error = raw(dir.path()).execute(&change, []).unwrap_err().to_string();
            assert!(error.contains(&format!("{table} is append-only")), "{error}");
        }
    }
}
