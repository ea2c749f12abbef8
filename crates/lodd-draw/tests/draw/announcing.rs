//! Announcing, revealing and computing: what is refused, and what never matters.

use lodd_draw::{
    Announce, AnnounceError, Beacon, BeaconValue, Constrain, DesignError, DrawFiles, Evidence,
    File, Fraction, Kind, Limit, RevealError, Secret, Shares, Unit, announce, compute, reveal,
    verify, void,
};
use proptest::prelude::*;

use crate::vectors::{announcing, evidence, is_signature, vectors};

fn unit(block: &str, id: &str, salt: u8) -> Unit {
    Unit { block: block.into(), id: id.into(), salt: Secret([salt; 32]) }
}

/// Three families, one seat.
fn small() -> Announce<'static> {
    Announce {
        pilot: "ringerike-rehearsal",
        draw: 1,
        previous: None,
        plan: b"version = 1\n",
        secret: Secret([9; 32]),
        beacon: Beacon::Fixed,
        arms: vec!["follow-up".into(), "ordinary".into()],
        blocks: vec![("ringerike".into(), Shares::Seats(vec![1, 2]))],
        constraint: None,
        units: vec![
            unit("ringerike", "A", 1),
            unit("ringerike", "B", 2),
            unit("ringerike", "C", 3),
        ],
    }
}

#[track_caller]
fn refused(change: impl FnOnce(&mut Announce<'static>)) -> AnnounceError {
    let mut draw = small();
    change(&mut draw);
    announce(draw).unwrap_err()
}

#[test]
fn what_breaks_a_rule_is_not_announced() {
    let label = refused(|it| it.pilot = "ringerike");
    assert_eq!(label, AnnounceError::RehearsalLabel("ringerike".into()));
    assert_eq!(refused(|it| it.pilot = "små"), AnnounceError::Pilot("små".into()));
    assert_eq!(refused(|it| it.draw = 0), AnnounceError::Number(0));
    assert_eq!(refused(|it| it.draw = 2), AnnounceError::PreviousMissing(2));
    let first = |it: &mut Announce<'static>| it.previous = Some(vectors()[0].0.files);
    assert_eq!(refused(first), AnnounceError::PreviousUnexpected);
    let nothing = Beacon::Witnessed { description: " \n".into() };
    assert_eq!(refused(|it| it.beacon = nothing), AnnounceError::Description);
    assert_eq!(refused(|it| it.units[1].salt = it.units[0].salt), AnnounceError::RepeatedSalt);
    let elsewhere = refused(|it| it.units[2].block = "hønefoss".into());
    assert!(matches!(elsewhere, AnnounceError::Design(_)), "{elsewhere:?}");
    let unknown = refused(|it| it.units.push(unit("alna", "D", 4)));
    assert_eq!(unknown, AnnounceError::BlockWithoutSeats("alna".into()));
    assert_eq!(
        refused(|it| it.units[0].id = "a,b".into()),
        AnnounceError::UnitIds(vec!["a,b".into()])
    );
}

#[test]
fn more_seats_than_families_gives_both_numbers() {
    let message = refused(|it| it.blocks[0].1 = Shares::Seats(vec![4, 0])).to_string();
    assert_eq!(
        message,
        "block `ringerike` can't have more seats than families: 4 seats, 3 families"
    );
}

/// Ids are compared in NFC: `é` as one character and as two is the same id.
#[test]
fn repeated_families_are_all_named() {
    let twice = refused(|it| {
        it.units.extend([unit("ringerike", "B", 4), unit("ringerike", "e\u{301}", 5)]);
        it.units.push(unit("alna", "\u{e9}", 6));
        it.blocks.push(("alna".into(), Shares::Seats(vec![0, 1])));
    });
    assert_eq!(twice, AnnounceError::RepeatedUnits(vec!["B".into(), "\u{e9}".into()]));
}

#[test]
fn a_draw_follows_the_one_before_it() {
    let (next, before) = vectors()[5];
    let before = before.unwrap();
    let kinds = |change: &dyn Fn(&mut Announce<'static>)| {
        let mut draw = announcing(&next, Some(&before));
        change(&mut draw);
        let error = announce(draw).unwrap_err();
        let AnnounceError::Previous(refused) = error else { panic!("{error:?}") };
        refused.0.into_iter().map(|it| it.kind).collect::<Vec<_>>()
    };
    let files = |it: &mut Announce<'static>, change: fn(&mut DrawFiles<'static>)| {
        it.previous.as_mut().map(change);
    };
    assert_eq!(kinds(&|it| it.draw = 3), [Kind::PreviousNumber]);
    assert_eq!(kinds(&|it| it.pilot = "other-rehearsal"), [Kind::PreviousPilot]);
    assert_eq!(kinds(&|it| files(it, |files| files.reveal = None)), [Kind::FileMissing]);
    let other = |files: &mut DrawFiles<'static>| files.reveal = vectors()[0].0.files.reveal;
    assert_eq!(
        kinds(&|it| files(it, other)),
        [Kind::AnnouncementHash, Kind::AnnouncementChanged, Kind::Commitment]
    );
}

#[test]
fn only_the_announced_secret_and_beacon_are_revealed() {
    let made = announce(small()).unwrap().announcement;
    let (secret, seed) = (Secret([9; 32]), BeaconValue::Seed([1; 32]));
    assert_eq!(
        reveal(&made, &Secret([8; 32]), seed.clone(), None, &is_signature),
        Err(RevealError::Secret)
    );
    assert_eq!(
        reveal(&made, &secret, BeaconValue::Witnessed("6-6-6".into()), None, &is_signature),
        Err(RevealError::BeaconKind { expected: "fixed", found: "witnessed" })
    );
    assert_eq!(void(&made, Some(&secret), " "), Err(RevealError::EmptyReason));
    assert_eq!(void(&made, Some(&Secret([8; 32])), "wrong list"), Err(RevealError::Secret));
    let other = void(&made[1..], Some(&secret), "wrong list");
    assert!(matches!(other, Err(RevealError::Announcement(_))));

    let beacon = Beacon::Witnessed { description: "six dice".into() };
    let made = announce(Announce { beacon, ..small() }).unwrap().announcement;
    let nothing =
        reveal(&made, &secret, BeaconValue::Witnessed("\u{a0}\n".into()), None, &is_signature);
    assert_eq!(nothing, Err(RevealError::EmptyValue));
}

/// A reason with every kind of character, in the form of section 2 written out by hand.
#[test]
fn texts_are_escaped_in_one_way() {
    let made = announce(small()).unwrap().announcement;
    let reason = "\"q\" \\ \u{8}\u{c}\n\r\t \u{1}\u{1f} æ \u{7f} €/";
    let file = String::from_utf8(void(&made, Some(&Secret([9; 32])), reason).unwrap()).unwrap();
    let line = "  \"reason\": \"\\\"q\\\" \\\\ \\b\\f\\n\\r\\t \\u0001\\u001f æ \u{7f} €/\",";
    assert_eq!(file.lines().nth(3), Some(line));
    let files = DrawFiles {
        announcement: Some(&made),
        plan: Some(b"version = 1\n"),
        void: Some(file.as_bytes()),
        ..DrawFiles::default()
    };
    assert_eq!(verify(&files, &evidence(None)).findings, []);
}

/// Announcements that JSON allows and the protocol does not.
#[test]
fn other_forms_of_an_announcement_are_refused() {
    let made = String::from_utf8(announce(small()).unwrap().announcement).unwrap();
    let kinds = |text: &str| -> Vec<Kind> {
        let refused = lodd_draw::Announcement::parse(text.as_bytes()).unwrap_err();
        refused.0.into_iter().map(|it| it.kind).collect()
    };
    let with = |from: &str, to: &str| {
        assert!(made.contains(from), "{from}");
        kinds(&made.replacen(from, to, 1))
    };
    let integer = || vec![Kind::NotInteger { min: 1, max: 9999 }];
    assert_eq!(with("\"draw\": 1", "\"draw\": \"1\""), integer());
    assert_eq!(with("\"draw\": 1", "\"draw\": 10000"), integer());
    for number in ["1.0", "1e0", "-0", "01", "+1", "true", "184467440737095516160"] {
        assert_eq!(with("\"draw\": 1", &format!("\"draw\": {number}")), [Kind::Json], "{number}");
    }
    assert_eq!(with("\"draw\": 1", "\"draw\": 1, \"draw\": 1"), [Kind::KeyRepeated]);
    assert_eq!(with("\"draw\": 1", "\"draw\": 1, \"extra\": 1"), [Kind::KeyUnknown]);
    assert_eq!(with("\"draw\": 1,", ""), [Kind::KeyMissing]);
    assert_eq!(with("\"kind\": \"fixed\"", "\"kind\": \"fixed\", \"x\": []"), [Kind::KeyUnknown]);
    assert_eq!(with("\"units\": 3,", "\"units\": 3, \"units\": 3,"), [Kind::KeyRepeated]);
    assert_eq!(with("lodd/1", "lodd/2"), [Kind::Protocol]);
    assert_eq!(with("ringerike-rehearsal", "ringerike"), [Kind::RehearsalLabel]);
    assert_eq!(with("\"previous\": \"0", "\"previous\": \"1"), [Kind::FirstOfChain]);
    assert_eq!(kinds(&format!("[{made}]")), [Kind::NotObject]);
    assert_eq!(kinds(&format!("\u{feff}{made}")), [Kind::Json]);
    assert_eq!(kinds(&format!("{made}{{}}")), [Kind::Json]);
    assert_eq!(kinds(&"[".repeat(100_000)), [Kind::Json]);
    assert!(matches!(with("\"units\": 3", "\"units\": 4")[..], [Kind::Design(_)]));
}

#[test]
fn blocks_out_of_order_are_refused() {
    let (vector, _) = vectors()[0];
    let text = String::from_utf8(vector.files.announcement.unwrap().to_vec()).unwrap();
    let other = text.replace("\"alna72\"", "\"sandnes\"");
    let refused = lodd_draw::Announcement::parse(other.as_bytes()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`announcement.json`, `blocks` must be in ascending order, each once: found `ringerike32`"
    );
}

/// Wrong shares, beacons and constraints: each is named by its field.
#[test]
fn what_cannot_be_drawn_is_refused_by_its_field() {
    let made = String::from_utf8(announce(small()).unwrap().announcement).unwrap();
    let fields = |text: String| -> Vec<(String, String)> {
        let refused = lodd_draw::Announcement::parse(text.as_bytes()).unwrap_err();
        refused.0.into_iter().map(|it| (it.field, it.kind.to_string())).collect()
    };
    let seats = "\"seats\": [\n        1,\n        2\n      ]";
    let shares = |p: &str| made.replace(seats, &format!("\"probabilities\": {p}"));
    assert!(lodd_draw::Announcement::parse(shares("[\"1/3\", \"2/3\"]").as_bytes()).is_ok());
    let lowest = "must be a fraction in lowest terms, such as 2/5, 1 or 0";
    for bad in ["2/6", "1/03", "+1/3", "1/0", "0/1", " 1/3", "1.5", "", "-1/3", "1/3/1"] {
        let found = fields(shares(&format!("[\"{bad}\", \"2/3\"]")));
        assert_eq!(found, [("blocks[0].probabilities[0]".into(), lowest.into())], "{bad}");
    }
    let sum = fields(shares("[\"1/3\", \"1/3\"]"));
    assert!(sum[0].1.contains("must have probabilities that sum to 1"), "{sum:?}");
    // 2^64 + 1, a prime's multiple or not: D is too large.
    let large = fields(shares(
        "[\"1/18446744073709551617\", \"18446744073709551616/18446744073709551617\"]",
    ));
    assert!(large[0].1.contains("common denominator is 2^64 or more"), "{large:?}");
    let over = "340282366920938463463374607431768211455";
    assert!(!fields(shares(&format!("[\"1/{over}\", \"{over}\"]"))).is_empty());

    let drand = |chain: &str, round: &str| {
        fields(made.replace(
            "\"fixed\"",
            &format!("\"drand\", \"chain\": \"{chain}\", \"round\": {round}"),
        ))
    };
    let quicknet = lodd_draw::quicknet::CHAIN;
    assert_eq!(drand(&quicknet.replace('5', "6"), "1")[0].0, "beacon.chain");
    for round in ["0", "1.0", "1e3", "\"1\"", "18446744073709551616", "-1"] {
        assert!(!drand(quicknet, round).is_empty(), "{round}");
    }
    let constraint = |text: &str| {
        fields(made.replacen('{', &format!("{{ \"constraint\": {text},"), 1))
            .into_iter()
            .map(|it| it.0)
            .collect::<Vec<_>>()
    };
    let hash = "ab".repeat(32);
    let limit = "{ \"name\": \"children\", \"max_difference\": \"1/2\" }";
    let with = |limits: &str, attempts: &str| {
        constraint(&format!(
            "{{ \"covariates\": \"{hash}\", \"limits\": [{limits}], \"max_attempts\": {attempts} }}"
        ))
    };
    assert_eq!(with(limit, "0"), ["constraint.max_attempts"]);
    assert_eq!(with(limit, "4294967297"), ["constraint.max_attempts"]);
    assert_eq!(with(&format!("{limit}, {limit}"), "1"), ["constraint.limits"]);
    let fraction = limit.replace("1/2", "2/4");
    assert_eq!(with(&fraction, "1"), ["constraint.limits[0].max_difference"]);
    assert_eq!(constraint("{}").len(), 3);
}

fn half() -> Fraction {
    Fraction::new(1, 2).unwrap()
}

/// Blocks with seats and blocks with probabilities can't stand in one draw.
#[test]
fn seats_and_probabilities_are_not_mixed() {
    let mixed = refused(|it| {
        it.blocks.push(("alna".into(), Shares::Probabilities(vec![half(), half()])));
        it.units.push(unit("alna", "D", 4));
    });
    assert!(matches!(mixed, AnnounceError::Design(DesignError::Mixed { .. })), "{mixed:?}");
}

/// Each unit needs a value of each limit; nothing is announced without.
#[test]
fn a_constraint_needs_a_value_for_each_unit() {
    let constrain = |ids: &[&str], value: i64| Constrain {
        limits: vec![Limit { name: "children".into(), max_difference: half() }],
        max_attempts: 10,
        covariates: ids.iter().map(|id| ((*id).to_owned(), vec![value])).collect(),
    };
    let error = refused(|it| it.constraint = Some(constrain(&["A", "C"], 1)));
    assert_eq!(error, AnnounceError::Values(vec!["B".into()]));
    let large = refused(|it| it.constraint = Some(constrain(&["A", "B", "C"], (1 << 31) + 1)));
    assert!(matches!(large, AnnounceError::Values(ids) if ids.len() == 3));
    let made =
        announce(Announce { constraint: Some(constrain(&["A", "B", "C"], -(1 << 31))), ..small() })
            .unwrap();
    let text = String::from_utf8(made.covariates.unwrap()).unwrap();
    assert!(text.starts_with("block,leaf,children\nringerike,"), "{text}");
    assert_eq!(text.matches(",-2147483648\n").count(), 3);
}

/// Any design, list and order of rows: the draw goes through, and the order changes nothing.
fn any_draw() -> impl Strategy<Value = (Announce<'static>, Vec<Unit>)> {
    let blocks = prop::collection::vec(prop::collection::vec(0..5_u32, 3), 1..5);
    blocks
        .prop_filter("no empty block", |it| it.iter().all(|seats| seats.iter().sum::<u32>() > 0))
        .prop_flat_map(|blocks| {
            let blocks: Vec<(String, Vec<u32>)> =
                blocks.into_iter().enumerate().map(|(n, seats)| (format!("b{n}"), seats)).collect();
            let units: Vec<Unit> = blocks
                .iter()
                .flat_map(|(label, seats)| {
                    std::iter::repeat_n(label, seats.iter().sum::<u32>() as usize)
                })
                .zip(0_u8..)
                .map(|(block, n)| unit(block, &format!("RIN-{n}"), n))
                .collect();
            let shuffled = Just(units.clone()).prop_shuffle();
            let arms = ["a", "b", "c"].map(String::from).to_vec();
            let blocks =
                blocks.into_iter().map(|(label, seats)| (label, Shares::Seats(seats))).collect();
            (Just(Announce { arms, blocks, units, ..small() }), shuffled)
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_draw_verifies_and_row_order_changes_nothing((draw, shuffled) in any_draw(), seed in any::<[u8; 32]>()) {
        let mut other = draw.clone();
        other.units = shuffled;
        other.blocks.reverse();
        let made = announce(draw).unwrap();
        prop_assert!(made == announce(other).unwrap());
        let reveal = reveal(&made.announcement, &Secret([9; 32]), BeaconValue::Seed(seed), None, &is_signature).unwrap();
        let drawn = compute(&made.announcement, &made.leaves, &reveal, &is_signature).unwrap();
        let csv = drawn.csv();
        let files = DrawFiles {
            announcement: Some(&made.announcement),
            plan: Some(b"version = 1\n"),
            leaves: Some(&made.leaves),
            reveal: Some(&reveal),
            result: Some(&csv),
            ..DrawFiles::default()
        };
        prop_assert_eq!(verify(&files, &Evidence { roster: Some(&made.private), ..evidence(None) }).findings, []);
    }
}

#[test]
fn a_result_is_not_computed_from_files_that_disagree() {
    let (one, two) = (vectors()[0].0.files, vectors()[4].0.files);
    let refused =
        compute(one.announcement.unwrap(), two.leaves.unwrap(), one.reveal.unwrap(), &is_signature)
            .unwrap_err();
    assert!(refused.0.iter().all(|it| it.file == File::Leaves), "{refused}");
}

/// The root binds the list, not the sizes announced beside it: they are counted.
#[test]
fn block_sizes_that_disagree_with_the_list_are_found() {
    let made = announce(small()).unwrap();
    let text = String::from_utf8(made.announcement).unwrap();
    let other = text.replace("\"units\": 3", "\"units\": 4").replace("        2\n", "        3\n");
    let files = DrawFiles {
        announcement: Some(other.as_bytes()),
        plan: Some(b"version = 1\n"),
        leaves: Some(&made.leaves),
        ..DrawFiles::default()
    };
    let found = verify(&files, &evidence(None)).findings;
    let messages: Vec<String> = found.iter().map(ToString::to_string).collect();
    let expected = "`leaves.csv`, `block` has not the number of families announced: \
                    expected `ringerike: 4`, found `ringerike: 3`";
    assert_eq!(messages, [expected]);
}

/// A family in two blocks, by a list made without this program: the same leaf twice.
#[test]
fn a_leaf_in_two_blocks_is_found() {
    let mut draw = small();
    draw.blocks.push(("alna".into(), Shares::Seats(vec![1, 0])));
    draw.units.push(unit("alna", "D", 4));
    let made = announce(draw).unwrap();
    let text = String::from_utf8(made.leaves).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    let other = rows[2].split_once(',').unwrap().1;
    let leaves = text.replacen(rows[1], &format!("alna,{other}"), 1);
    let files = DrawFiles {
        announcement: Some(&made.announcement),
        plan: Some(b"version = 1\n"),
        leaves: Some(leaves.as_bytes()),
        ..DrawFiles::default()
    };
    let found = verify(&files, &evidence(None)).findings;
    assert!(
        found.iter().any(|it| it.kind == Kind::LeafRepeated && it.found.starts_with(&other[..20]))
    );
}
