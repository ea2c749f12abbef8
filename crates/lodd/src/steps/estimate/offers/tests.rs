use lodd_store::pilot::{BlockOffers, Offer, OfferAnswer, OffersClosed};

use super::*;

/// An offer to `L-<rank>` with its answer; `left` if the family left its place.
fn offer(rank: i64, answer: Option<OfferAnswer>, left: bool) -> Offer {
    Offer {
        family_id: format!("L-{rank}"),
        rank: Some(rank),
        initial: rank <= 2,
        offered_at_us: rank,
        answer,
        answered_at_us: answer.map(|_| rank),
        reason: None,
        started_on: (answer == Some(OfferAnswer::Yes)).then_some(1),
        ended_on: left.then_some(2),
        end_reason: left.then(|| "flyttet".to_owned()),
    }
}

/// A list of `units` with two places: `y` took its place, `n` did not, `l` left it, `o` is open.
fn list(block: &str, units: u32, offers: &str) -> BlockOffers {
    let one = |(rank, word)| match word {
        'y' => offer(rank, Some(OfferAnswer::Yes), false),
        'l' => offer(rank, Some(OfferAnswer::Yes), true),
        'n' => offer(rank, Some(OfferAnswer::No), false),
        _ => offer(rank, None, false),
    };
    let mut offers: Vec<Offer> = (1..).zip(offers.chars()).map(one).collect();
    for offer in &mut offers {
        offer.family_id = format!("{block}-{}", offer.family_id);
    }
    BlockOffers { block: block.to_owned(), seats: 2, units, offers, closed: None }
}

fn closed(list: BlockOffers) -> Log {
    let closed = Some(OffersClosed { at_us: 9, reason: "fullt".to_owned() });
    Log { now: BlockOffers { closed, ..list.clone() }, at_last: Some(list) }
}

fn lists(logs: Vec<Log>) -> Result<Lists, String> {
    Logs(BTreeMap::from([(3, logs)])).lists(&[3]).map_err(|it| it.en)
}

/// What the other list of these tests is.
fn full() -> Log {
    closed(list("b", 5, "yy"))
}

#[track_caller]
fn refused(log: Log, words: &str) {
    let why = lists(vec![log, full()]).unwrap_err();
    assert!(why.contains(words) && why.contains("draw 3, block a"), "{why}");
}

#[test]
fn who_took_who_left_and_how_many_places() {
    let found = lists(vec![closed(list("a", 6, "ylny")), full()]).unwrap();
    let taken = |id: &str| found.offered.get(id).copied();
    assert_eq!(taken("a-L-1"), Some(Taken::Kept));
    assert_eq!(taken("a-L-2"), Some(Taken::Left));
    assert_eq!(taken("a-L-3"), Some(Taken::No));
    assert_eq!(taken("a-L-4"), Some(Taken::Kept));
    assert_eq!(taken("a-L-5"), None);
    assert_eq!(
        (found.places(3, "a"), found.places(3, "b"), found.places(3, "c")),
        (Some(2), Some(2), None)
    );
    assert!(found.note().ends_with("; 1 places were offered again after a family left"));
}

/// Who leaves after the last answer had the place when offers stopped.
#[test]
fn what_happened_after_the_last_answer_changes_nothing() {
    let mut log = full();
    log.now = BlockOffers { closed: log.now.closed, ..list("b", 5, "ly") };
    let found = lists(vec![closed(list("a", 5, "yy")), log]).unwrap();
    assert_eq!(found.offered.get("b-L-1"), Some(&Taken::Kept));
    assert_eq!(found.note(), MEANING);
}

#[test]
fn offering_that_is_not_closed_is_refused() {
    let now = list("a", 5, "yy");
    refused(Log { now, at_last: None }, "is not closed");
}

/// The office gave up while a place was free: offers did not stop at one who accepted.
#[test]
fn free_places_while_some_wait_are_refused() {
    refused(closed(list("a", 5, "yn")), "stopped with free places");
    refused(closed(list("a", 5, "lny")), "stopped with free places");
}

/// An earlier no that became a yes took the place that the last one had declined.
#[test]
fn a_last_offer_that_was_declined_is_refused() {
    refused(closed(list("a", 5, "yyn")), "does not have the place");
}

#[test]
fn one_place_is_refused() {
    let one = BlockOffers { seats: 1, ..list("a", 5, "ny") };
    refused(closed(one), "has one place, and then the estimator is not consistent");
}

#[test]
fn a_list_without_ranks_is_refused() {
    let mut none = list("a", 5, "yy");
    none.offers.iter_mut().for_each(|it| it.rank = None);
    refused(closed(none), "without ranks");
}

/// A list where everyone was offered is left out by name, closed or not; then one may be left.
#[test]
fn a_list_where_everyone_was_offered_is_left_out() {
    let everyone = || Log { now: list("a", 3, "nyo"), at_last: None };
    let third = closed(list("c", 5, "yy"));
    let found = lists(vec![everyone(), full(), third]).unwrap();
    assert_eq!(found.places(3, "a"), None);
    assert!(found.note().ends_with("(draw and block): 3 a"));
    assert!(lists(vec![everyone(), full()]).unwrap_err().contains("only one list"));
    assert!(lists(vec![everyone()]).unwrap_err().contains("nobody to compare with"));
    assert!(lists(vec![]).unwrap_err().contains("not offered down lists"));
}
