//! What happens to families after the draw: versions, both times, and a draw that stays as it was.

use lodd_store::{
    Pilot, StoreError,
    pilot::{
        Consent, ConsentAnswer, ConsentGiven, DeviationKind, DrawResult, EndReason, Event,
        EventFact, FollowUp, Ground, ReasonCode, Retraction, Role, Source, Spell, SpellReason,
        UnitKind, Value,
    },
};
use proptest::prelude::*;

use crate::{
    START_DAY, START_US, assignment, at, code, count,
    draw::{NO_FILES, announcement, result},
    import, pilot, raw, sha, upload,
};

const GROUND: Ground<'static> = Ground { event: "event", legal: "GDPR_6_1_E" };

/// A pilot whose families RIN-AAA and RIN-BBB were drawn 20 days before the start.
fn drawn() -> (tempfile::TempDir, Pilot) {
    let (dir, mut pilot) = pilot();
    let units = [assignment("RIN-AAA", "follow-up"), assignment("RIN-BBB", "ordinary")];
    pilot.record_import(&at(1), &import(1), &units, || Ok(())).unwrap();
    (dir, pilot)
}

fn event(family: &str, on: i32, fact: EventFact) -> Event {
    Event { family_id: family.into(), on, fact, retracts: false, reason_code: None }
}

type Day = Option<(i32, SpellReason)>;

fn spell(member: &str, on: i32, (came, left): (Day, Day)) -> Event {
    let spell = Spell { member_id: member.into(), role: None, birth_year: None, came, left };
    event(&member[..7], on, EventFact::Spell(spell))
}

fn born(member: &str, on: i32) -> Event {
    let mut it = spell(member, on, (Some((on, SpellReason::Born)), None));
    if let EventFact::Spell(spell) = &mut it.fact {
        (spell.role, spell.birth_year) = (Some(Role::Child), Some(2015));
    }
    it
}

fn left(member: &str, on: i32, reason: SpellReason) -> Event {
    spell(member, on, (None, Some((on, reason))))
}

fn moved(family: &str, on: i32, municipality: &str) -> Event {
    let fact = EventFact::Move { municipality: municipality.into(), office_id: None };
    event(family, on, fact)
}

fn consent(unit: &str, on: i32, answer: ConsentAnswer, withdrawn_on: Option<i32>) -> Event {
    let kind = Consent::Research;
    let given = ConsentGiven { unit_id: unit.into(), kind, answer, withdrawn_on };
    event(&unit[..7], on, EventFact::Consent(given))
}

fn follow_up(family: &str, on: i32, ended: Option<(i32, EndReason)>, meetings: i64) -> Event {
    let coordinator = Some("K1".into());
    let told = FollowUp { ended, meetings: Some(meetings), coordinator };
    event(family, on, EventFact::FollowUp(told))
}

fn deviation(family: &str, on: i32) -> Event {
    event(family, on, EventFact::Deviation { kind: DeviationKind::ControlFollowed })
}

/// One of each kind, on days after the draw.
fn one_of_each() -> Vec<Event> {
    vec![
        born("RIN-AAA-B2", START_DAY - 10),
        left("RIN-AAA-A2", START_DAY - 8, SpellReason::Parted),
        left("RIN-BBB-A1", START_DAY - 2, SpellReason::Died),
        moved("RIN-AAA", START_DAY - 5, "0301"),
        consent("RIN-AAA-A1", START_DAY - 19, ConsentAnswer::Yes, Some(START_DAY - 1)),
        follow_up("RIN-AAA", START_DAY - 15, Some((START_DAY - 4, EndReason::Moved)), 3),
        deviation("RIN-BBB", START_DAY - 7),
    ]
}

/// The same of a pilot in which RIN-BBB may not be drawn.
pub(crate) fn record_one_of_each(pilot: &mut Pilot, minute: i64) {
    let events: Vec<Event> =
        one_of_each().into_iter().filter(|it| it.family_id == "RIN-AAA").collect();
    let mut all = events;
    all.push(deviation("RIN-AAA", START_DAY - 7));
    pilot.record_events(&at(minute), GROUND, &all).unwrap();
}

/// Rows of a statement as text.
fn rows(dir: &std::path::Path, sql: &str) -> Vec<String> {
    let raw = raw(dir);
    let mut select = raw.prepare(sql).unwrap();
    let columns = select.column_count();
    let text = |row: &rusqlite::Row<'_>| {
        let cell = |at: usize| match row.get_ref(at).unwrap() {
            rusqlite::types::ValueRef::Null => "-".to_owned(),
            rusqlite::types::ValueRef::Integer(it) => it.to_string(),
            rusqlite::types::ValueRef::Text(it) => String::from_utf8(it.to_vec()).unwrap(),
            other => panic!("{other:?}"),
        };
        Ok((0..columns).map(cell).collect::<Vec<_>>().join(" "))
    };
    select.query_map([], text).unwrap().map(Result::unwrap).collect()
}

#[test]
fn each_event_is_a_row_under_its_entry_and_told_again_writes_nothing() {
    let (dir, mut pilot) = drawn();
    let receipt = pilot.record_events(&at(5), GROUND, &one_of_each()).unwrap();
    assert_eq!((receipt.new, receipt.changed, receipt.unchanged), (7, 0, 0));
    let day = |days: i32| (START_DAY + days).to_string();
    assert_eq!(
        rows(
            dir.path(),
            "SELECT member_id, valid_from, family_id, listed, valid_to, reason_in, reason_out, \
             retracted FROM household_spells ORDER BY member_id"
        ),
        [
            format!("RIN-AAA-A2 {} RIN-AAA 1 {} - SAMLIVSBRUDD 0", day(-30), day(-8)),
            format!("RIN-AAA-B2 {} RIN-AAA 0 - FODT - 0", day(-10)),
            format!("RIN-BBB-A1 {} RIN-BBB 1 {} - DOD 0", day(-30), day(-2)),
        ]
    );
    assert_eq!(
        rows(dir.path(), "SELECT * FROM family_moves"),
        [format!("RIN-AAA {} {} 0301 - 0 -", day(-5), START_US + 300_000_000)]
    );
    assert_eq!(
        rows(dir.path(), "SELECT member_id, kind, at, answer, withdrawn_at FROM consents"),
        [format!("RIN-AAA-A1 FORSKNING {} JA {}", day(-19), day(-1))]
    );
    assert_eq!(
        rows(
            dir.path(),
            "SELECT family_id, started_on, draw, ended_on, end_reason, told_by, meetings, \
             coordinator FROM participation"
        ),
        [format!("RIN-AAA {} 1 {} FLYTTET LOGG 3 K1", day(-15), day(-4))]
    );
    assert_eq!(
        rows(dir.path(), "SELECT family_id, at, kind FROM deviations"),
        [format!("RIN-BBB {} KONTROLL_FULGT_OPP", day(-7))]
    );
    assert_eq!(
        rows(dir.path(), "SELECT role, birth_year FROM members WHERE member_id = 'RIN-AAA-B2'"),
        ["BARN 2015"]
    );
    let before = pilot.ledger().unwrap();
    let again = pilot.record_events(&at(6), GROUND, &one_of_each()).unwrap();
    assert_eq!((again.entry, again.unchanged), (None, 7));
    assert_eq!(pilot.ledger().unwrap(), before);
    assert_eq!(pilot.verify().unwrap(), vec![]);
}

#[test]
fn a_correction_keeps_both_versions_with_both_times_and_its_reason() {
    let (dir, mut pilot) = drawn();
    pilot.record_events(&at(5), GROUND, &[moved("RIN-AAA", START_DAY - 5, "0301")]).unwrap();
    let mut mended = moved("RIN-AAA", START_DAY - 5, "1103");
    mended.reason_code = Some(ReasonCode::Typo);
    let receipt = pilot.record_events(&at(6), GROUND, &[mended]).unwrap();
    assert_eq!((receipt.new, receipt.changed), (0, 1));
    let minute = |minutes: i64| START_US + minutes * 60_000_000;
    assert_eq!(
        rows(
            dir.path(),
            "SELECT moved_on, recorded_at, municipality, reason_code FROM family_moves"
        ),
        [
            format!("{} {} 0301 -", START_DAY - 5, minute(5)),
            format!("{} {} 1103 TASTEFEIL", START_DAY - 5, minute(6)),
        ]
    );
    let at_cut = |pilot: &Pilot, cut| {
        let spells = pilot.household_spells(cut).unwrap();
        spells.into_iter().rev().find(|it| it.member_id == "RIN-AAA-A1").unwrap().municipality
    };
    assert_eq!(at_cut(&pilot, minute(4)), "0605");
    assert_eq!(at_cut(&pilot, minute(5)), "0301");
    assert_eq!(at_cut(&pilot, minute(6)), "1103");
}

#[test]
fn what_a_version_leaves_open_is_inherited_and_a_retraction_leaves_nothing() {
    let (_dir, mut pilot) = drawn();
    let family = |pilot: &Pilot| {
        let told = pilot.family_events("RIN-AAA", i64::MAX).unwrap().told;
        told.into_iter().filter(|it| it.stands).collect::<Vec<_>>()
    };
    let started = event(
        "RIN-AAA",
        START_DAY - 15,
        EventFact::FollowUp(FollowUp { coordinator: Some("K1".into()), ..FollowUp::default() }),
    );
    let ended = event(
        "RIN-AAA",
        START_DAY - 15,
        EventFact::FollowUp(FollowUp {
            ended: Some((START_DAY - 4, EndReason::Completed)),
            meetings: Some(9),
            coordinator: None,
        }),
    );
    pilot.record_events(&at(5), GROUND, std::slice::from_ref(&started)).unwrap();
    pilot.record_events(&at(6), GROUND, &[ended]).unwrap();
    // The start alone says nothing new any more.
    assert_eq!(
        pilot.record_events(&at(7), GROUND, std::slice::from_ref(&started)).unwrap().entry,
        None
    );
    let standing = family(&pilot);
    assert_eq!(standing.len(), 1);
    let value =
        |name: &str| standing[0].values.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
    assert_eq!(value("coordinator"), Some("K1"));
    assert_eq!(value("meetings"), Some("9"));
    assert_eq!(value("end_reason"), Some("FULLFORT"));
    let back =
        Event { retracts: true, reason_code: Some(ReasonCode::WrongPerson), ..started.clone() };
    assert_eq!(
        pilot.record_events(&at(8), GROUND, std::slice::from_ref(&back)).unwrap().changed,
        1
    );
    assert_eq!(family(&pilot), vec![]);
    assert_eq!(pilot.record_events(&at(9), GROUND, &[back]).unwrap().entry, None);
    // Told anew, it inherits nothing of what was taken back.
    pilot.record_events(&at(10), GROUND, &[started]).unwrap();
    let anew = family(&pilot);
    assert!(anew[0].values.iter().all(|it| it.0 != "meetings" && it.0 != "ended_on"));
}

#[test]
fn events_that_can_not_be_are_refused_and_nothing_is_written() {
    let (dir, mut pilot) = drawn();
    let refused = |pilot: &mut Pilot, event: Event| {
        let good = deviation("RIN-BBB", START_DAY - 7);
        pilot.record_events(&at(5), GROUND, &[good, event]).unwrap_err().to_string()
    };
    let mut other_year = left("RIN-AAA-A2", START_DAY, SpellReason::Parted);
    if let EventFact::Spell(spell) = &mut other_year.fact {
        spell.birth_year = Some(1950);
    }
    let mut back = moved("RIN-AAA", START_DAY - 5, "0301");
    back.retracts = true;
    let cases = [
        (moved("RIN-AAA", START_DAY + 1, "0301"), "can't be dated after today"),
        (moved("RIN-CCC", START_DAY, "0301"), "is on the list of no draw"),
        (moved("RIN-XXX", START_DAY, "0301"), "is not on the roster"),
        (left("RIN-AAA-B9", START_DAY, SpellReason::Parted), "is not on the roster"),
        (consent("RIN-AAA-B9", START_DAY, ConsentAnswer::Yes, None), "is not on the roster"),
        (
            consent("RIN-AAA-A1", START_DAY, ConsentAnswer::Yes, Some(START_DAY - 1)),
            "first day no later than its last",
        ),
        (
            follow_up("RIN-AAA", START_DAY, Some((START_DAY - 1, EndReason::Other)), 0),
            "first day no later than its last",
        ),
        (other_year, "stands on the locked list with another role or year of birth"),
        (back, "nothing of `RIN-AAA` to retract"),
    ];
    for (event, message) in cases {
        let found = refused(&mut pilot, event);
        assert!(found.contains(message), "{found}");
    }
    assert_eq!(count(dir.path(), "deviations"), 0);
    // A consent may be given before a list is locked.
    pilot
        .record_events(&at(5), GROUND, &[consent("RIN-CCC", START_DAY, ConsentAnswer::Yes, None)])
        .unwrap();
}

/// The panel's tables that hold what was drawn.
fn draw_of(dir: &std::path::Path) -> Vec<String> {
    ["draws", "draw_units", "assignments", "linked_families", "linked_members", "struck", "offers"]
        .iter()
        .flat_map(|table| rows(dir, &format!("SELECT * FROM {table} ORDER BY rowid")))
        .collect()
}

#[test]
fn no_event_changes_the_draw() {
    let (dir, mut pilot) = drawn();
    let before = draw_of(dir.path());
    assert!(before.len() >= 5);
    for (minute, event) in (5..).zip(one_of_each()) {
        pilot.record_events(&at(minute), GROUND, &[event]).unwrap();
        assert_eq!(draw_of(dir.path()), before);
    }
    // What the coordinators tell frees no place.
    let log = pilot.offer_log(1).unwrap();
    assert!(log.blocks[0].offers.iter().all(|it| it.ended_on.is_none()));
}

fn in_itt(pilot: &Pilot) -> Vec<(String, i64)> {
    let tables = pilot.panel_inputs(pilot.cut_default().unwrap()).unwrap();
    let members = tables.iter().find(|it| it.name() == "members").unwrap();
    let ids = members.text("member_id").unwrap().iter().flatten().cloned();
    ids.zip(members.int("in_itt").unwrap().iter().flatten().copied()).collect()
}

#[test]
fn newcomers_are_not_counted_and_leavers_stay() {
    let (_dir, mut pilot) = drawn();
    pilot.record_events(&at(5), GROUND, &one_of_each()).unwrap();
    let expected = [
        ("RIN-AAA-A1", 1),
        ("RIN-AAA-A2", 1),
        ("RIN-AAA-B1", 1),
        ("RIN-AAA-B2", 0),
        ("RIN-BBB-A1", 1),
    ];
    assert_eq!(in_itt(&pilot), expected.map(|(id, it)| (id.to_owned(), it)));
}

/// Told after the result was shown, neither a birth nor a parting from before the draw moves
/// anybody in or out of what is compared; told before, it does.
#[test]
fn who_is_counted_is_decided_before_the_arms_are_known() {
    let early = [
        born("RIN-AAA-B2", START_DAY - 25),
        left("RIN-AAA-A2", START_DAY - 25, SpellReason::Parted),
    ];
    let (_dir, mut pilot) = drawn();
    pilot.record_events(&at(5), GROUND, &early).unwrap();
    assert_eq!(in_itt(&pilot)[1..4].iter().map(|it| it.1).collect::<Vec<_>>(), [1, 1, 0]);

    let (_dir, mut pilot) = self::pilot();
    pilot.record_announcement(&at(1), &announcement(1), NO_FILES).unwrap();
    pilot.record_events(&at(2), GROUND, &early).unwrap();
    let assigned = [assignment("RIN-AAA", "follow-up"), assignment("RIN-BBB", "ordinary")];
    let result = DrawResult { drawn_on: Some(START_DAY - 20), ..result(1) };
    pilot.record_draw(&at(3), &result, &assigned, NO_FILES).unwrap();
    assert_eq!(in_itt(&pilot)[1..4].iter().map(|it| it.1).collect::<Vec<_>>(), [0, 1, 1]);
}

/// Each exit as `kind unit reason from until`, days from the start.
fn exits(pilot: &Pilot) -> Vec<String> {
    let tables = pilot.panel_inputs(pilot.cut_default().unwrap()).unwrap();
    let exits = tables.iter().find(|it| it.name() == "exits").unwrap();
    let (kind, unit) = (exits.text("unit_kind").unwrap(), exits.text("unit_id").unwrap());
    let (reason, from) = (exits.text("reason").unwrap(), exits.date("from_on").unwrap());
    let until = exits.date("until_on").unwrap();
    let day = |day: Option<i32>| day.map_or("-".to_owned(), |it| (it - START_DAY).to_string());
    (0..exits.rows())
        .map(|at| {
            let text = |column: &[Option<String>]| column[at].clone().unwrap();
            let (from, until) = (day(from[at]), day(until[at]));
            format!("{} {} {} {from} {until}", text(kind), text(unit), text(reason))
        })
        .collect()
}

#[test]
fn exits_are_deaths_withdrawals_and_moves_out_until_they_end() {
    let (_dir, mut pilot) = drawn();
    pilot.record_events(&at(5), GROUND, &one_of_each()).unwrap();
    assert_eq!(
        exits(&pilot),
        [
            "FAMILIE RIN-AAA FLYTTET -5 -",
            "VOKSEN RIN-AAA-A1 TRAKK_SAMTYKKE -1 -",
            "VOKSEN RIN-BBB-A1 DOD -2 -",
            "VOKSEN RIN-AAA-A1 SAMTYKKE_MANGLER -1 -",
            "VOKSEN RIN-AAA-A2 FAMILIE_OPPLOST -7 -",
        ]
    );
    // The family comes back, the adult consents anew, and a whole family withdraws.
    let later = [
        moved("RIN-AAA", START_DAY - 3, "0605"),
        consent("RIN-AAA-A1", START_DAY, ConsentAnswer::Yes, None),
        consent("RIN-BBB", START_DAY - 6, ConsentAnswer::No, Some(START_DAY - 6)),
    ];
    pilot.record_events(&at(6), GROUND, &later).unwrap();
    assert_eq!(
        exits(&pilot),
        [
            "FAMILIE RIN-AAA FLYTTET -5 -3",
            "FAMILIE RIN-BBB TRAKK_SAMTYKKE -6 -",
            "VOKSEN RIN-AAA-A1 TRAKK_SAMTYKKE -1 0",
            "VOKSEN RIN-BBB-A1 DOD -2 -",
            "FAMILIE RIN-BBB SAMTYKKE_MANGLER -6 -",
            "VOKSEN RIN-AAA-A1 SAMTYKKE_MANGLER -1 0",
            "VOKSEN RIN-AAA-A2 FAMILIE_OPPLOST -7 -",
            "VOKSEN RIN-BBB-A1 SAMTYKKE_MANGLER -6 -",
        ]
    );
}

#[test]
fn times_in_the_household_end_and_begin_with_moves_and_members() {
    let (_dir, mut pilot) = drawn();
    pilot.record_events(&at(5), GROUND, &one_of_each()).unwrap();
    pilot
        .record_events(
            &at(6),
            GROUND,
            &[spell(
                "RIN-AAA-A2",
                START_DAY - 1,
                (Some((START_DAY - 1, SpellReason::MovedIn)), None),
            )],
        )
        .unwrap();
    let spells = pilot.family_events("RIN-AAA", i64::MAX).unwrap().spells;
    let day = |day: Option<i32>| day.map_or("-".to_owned(), |it| (it - START_DAY).to_string());
    let lines: Vec<String> = spells
        .iter()
        .map(|it| {
            let reason = |it: Option<SpellReason>| it.map_or("-", SpellReason::code);
            let (from, to) = (day(Some(it.valid_from)), day(it.valid_to));
            let (came, left) = (reason(it.reason_in), reason(it.reason_out));
            let (member, place) = (&it.member_id[8..], &it.municipality);
            format!("{member} {from} {to} {place} {} {came} {left}", u8::from(it.in_itt))
        })
        .collect();
    assert_eq!(
        lines,
        [
            "A1 -30 -6 0605 1 - -",
            "A1 -5 - 0301 1 - -",
            "A2 -30 -8 0605 1 - SAMLIVSBRUDD",
            "A2 -1 - 0301 1 FLYTTET_INN -",
            "B1 -30 -6 0605 1 - -",
            "B1 -5 - 0301 1 - -",
            "B2 -10 -6 0605 0 FODT -",
            "B2 -5 - 0301 0 - -",
        ]
    );
}

#[test]
fn a_status_is_retracted_by_command_once_and_stays_stored() {
    let (dir, mut pilot) = drawn();
    pilot.upload(&at(2), &upload(1, &[("ARBEID", code("HELTID"))])).unwrap();
    let retraction = Retraction {
        unit_id: "RIN-AAA-A1",
        status_date: START_DAY,
        source: Source::Caseworker,
        register: None,
        reason_code: ReasonCode::WrongPerson,
    };
    let other = Retraction { source: Source::SelfReport, ..retraction };
    let error = pilot.retract_snapshot(&at(3), GROUND, other).unwrap_err();
    assert!(matches!(error, StoreError::NothingToRetract { .. }), "{error}");
    assert_eq!(pilot.retract_snapshot(&at(3), GROUND, retraction).unwrap().changed, 1);
    assert_eq!(pilot.retract_snapshot(&at(4), GROUND, retraction).unwrap().entry, None);
    assert_eq!(
        rows(dir.path(), "SELECT unit_id, record_status, reason_code FROM snapshots"),
        ["RIN-AAA-A1 OBSERVERT -", "RIN-AAA-A1 TILBAKEKALT FEIL_PERSON"]
    );
    let inputs = pilot.panel_inputs(pilot.cut_default().unwrap()).unwrap();
    assert_eq!(inputs[3].text("value_code").unwrap(), [Some("HELTID".into()), None]);
    assert_eq!(Role::Partner.unit(), UnitKind::Adult);
    assert_eq!(pilot.verify().unwrap(), vec![]);
}

/// Events of an upload belong to the atom of their family and date.
#[test]
fn an_upload_counts_events_with_the_statuses_of_their_family_and_date() {
    let (dir, mut pilot) = drawn();
    let mut file = upload(1, &[("ARBEID", code("HELTID"))]);
    file.events = vec![
        moved("RIN-AAA", START_DAY, "0301"),
        deviation("RIN-AAA", START_DAY - 1),
        consent("RIN-BBB-A1", START_DAY - 1, ConsentAnswer::Yes, None),
    ];
    let receipt = pilot.upload(&at(5), &file).unwrap();
    assert_eq!((receipt.delivered, receipt.new), (3, 3));
    file.file_sha256 = sha(2);
    file.events[0] = moved("RIN-AAA", START_DAY, "1103");
    let receipt = pilot.upload(&at(6), &file).unwrap();
    assert_eq!((receipt.delivered, receipt.corrected, receipt.unchanged), (3, 1, 2));
    file.file_sha256 = sha(3);
    file.office_id = "hadsel".into();
    let error = pilot.upload(&at(7), &file).unwrap_err();
    assert!(matches!(error, StoreError::OtherOffice { .. }), "{error}");
    assert_eq!(count(dir.path(), "family_moves"), 2);
}

/// A new member's status can come in the file that tells of the member.
#[test]
fn a_newcomer_can_be_told_of_and_observed_in_one_file() {
    let (dir, mut pilot) = drawn();
    let mut file = upload(1, &[("ARBEID", code("HELTID"))]);
    let mut came =
        spell("RIN-AAA-A3", START_DAY - 3, (Some((START_DAY - 3, SpellReason::MovedIn)), None));
    if let EventFact::Spell(spell) = &mut came.fact {
        (spell.role, spell.birth_year) = (Some(Role::Partner), Some(1990));
    }
    file.events = vec![came];
    file.atoms[0].snapshots.push(crate::adult("RIN-AAA-A3", &[("ARBEID", code("DELTID"))]));
    assert_eq!(pilot.upload(&at(5), &file).unwrap().new, 2);
    assert_eq!(count(dir.path(), "snapshots"), 2);
    assert_eq!(in_itt(&pilot)[2], ("RIN-AAA-A3".to_owned(), 0));
    // Another year of birth is a correction, kept beside the first.
    let mut mended = file.events.clone();
    if let EventFact::Spell(spell) = &mut mended[0].fact {
        spell.birth_year = Some(1991);
    }
    assert_eq!(pilot.record_events(&at(6), GROUND, &mended).unwrap().changed, 1);
    let years = rows(dir.path(), "SELECT birth_year FROM members WHERE member_id = 'RIN-AAA-A3'");
    assert_eq!(years, ["1990", "1991"]);
}

/// All that is known now, without the times at which it was told.
fn current(pilot: &Pilot) -> (Vec<String>, Vec<String>) {
    let mut told = Vec::new();
    for family in ["RIN-AAA", "RIN-BBB"] {
        let all = pilot.family_events(family, i64::MAX).unwrap();
        told.extend(all.spells.iter().map(|it| format!("{it:?}")));
        let standing = all.told.iter().filter(|it| it.stands);
        told.extend(standing.map(|it| format!("{} {:?}", it.table, it.values)));
    }
    (told, exits(pilot))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    /// The same events, told in any order and in any parts, are the same state.
    #[test]
    fn the_order_in_which_events_are_told_does_not_matter(
        order in Just((0..12_usize).collect::<Vec<_>>()).prop_shuffle(),
        parts in prop::collection::vec(any::<bool>(), 12),
    ) {
        let mut events = one_of_each();
        events.extend([
            moved("RIN-AAA", START_DAY - 1, "0605"),
            moved("RIN-BBB", START_DAY - 3, "1866"),
            consent("RIN-AAA-A1", START_DAY, ConsentAnswer::Yes, None),
            follow_up("RIN-AAA", START_DAY - 1, None, 1),
            spell("RIN-AAA-A2", START_DAY, (Some((START_DAY, SpellReason::MovedIn)), None)),
        ]);
        let (_dir, mut once) = drawn();
        once.record_events(&at(5), GROUND, &events).unwrap();
        let (_other, mut pilot) = drawn();
        let mut batch = Vec::new();
        for (minute, (place, ends)) in (5..).zip(order.into_iter().zip(parts)) {
            batch.push(events[place].clone());
            if ends {
                pilot.record_events(&at(minute), GROUND, &batch).unwrap();
                batch.clear();
            }
        }
        pilot.record_events(&at(30), GROUND, &batch).unwrap();
        prop_assert_eq!(current(&pilot), current(&once));
        prop_assert_eq!(pilot.verify().unwrap(), vec![]);
    }
}

/// A family's rank on the waiting list and its place follow from offers alone.
#[test]
fn values_of_a_status_are_not_touched_by_events() {
    let (_dir, mut pilot) = drawn();
    pilot.upload(&at(2), &upload(1, &[("STILLINGSPROSENT", Value::Number(80))])).unwrap();
    let snapshots =
        |pilot: &Pilot| pilot.panel_inputs(pilot.cut_default().unwrap()).unwrap()[3].clone();
    let before = snapshots(&pilot);
    pilot.record_events(&at(5), GROUND, &one_of_each()).unwrap();
    assert_eq!(snapshots(&pilot), before);
}
