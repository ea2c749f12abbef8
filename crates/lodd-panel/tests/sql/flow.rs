//! The flow: three families of whom two are drawn, and what adds up.

use lodd_panel::{
    expression::Parameters,
    flow::{Count, check},
    screening::{Column, ColumnKind, Rule, Screening},
};

use crate::case::{Case, SEEN, Snapshot, date, day, protocol};

fn screening() -> Screening {
    let rule = |id: &str, sql: &str| Rule {
        id: id.into(),
        sql: sql.into(),
        parameters: Parameters::new(),
    };
    Screening {
        as_of: date("2015-08-20"),
        columns: vec![
            Column { name: "children".into(), kind: ColumnKind::ChildrenAtHome { age_years: 18 } },
            Column { name: "fact".into(), kind: ColumnKind::Fact { criterion: "X".into() } },
        ],
        rules: vec![rule("barn", "children >= 1"), rule("fakta", "fact = 'J'")],
        eligible: "barn".into(),
    }
}

/// F1 and F2 of office `o` drawn to either arm; F3 of office `p` without a child.
fn case(screened: bool) -> Case {
    let mut it = protocol(&[12], &["A_ARBEID"]);
    it.screening = screened.then(screening);
    let case = Case::new(&it, "2017-01-01");
    for (id, office) in [("F1", "o"), ("F2", "o"), ("F3", "p")] {
        case.run("INSERT INTO families VALUES (?1, ?2, 0)", &[&id, &office]);
        case.run("INSERT INTO office_families VALUES (?1, ?2)", &[&id, &office]);
        case.member(&format!("{id}-A1"), "FORELDER", 1980);
    }
    case.member("F1-A2", "PARTNER", 1980);
    case.member("F1-B1", "BARN", 2010);
    case.member("F2-B1", "BARN", 2010);
    case.member("F3-A2", "ANNEN_VOKSEN", 1996);
    for member in ["F1-A1", "F1-A2", "F1-B1", "F2-A1", "F2-B1"] {
        case.run("INSERT INTO presence VALUES (?1, 0, NULL)", &[&member]);
    }
    case.drawn(1, "2015-08-20", &[("F1", "follow-up"), ("F2", "ordinary")]);
    case.snapshot(Snapshot { on: "2016-08-20", ..SEEN }, &["ARBEID=HELTID"]);
    let moved = Snapshot { unit: ("FAMILIE", "F2"), on: "2016-01-01", status: "FLYTTET", ..SEEN };
    case.snapshot(moved, &[]);
    case
}

/// The rows of some stages without outcome and register; every flow made here must add up.
fn flow(case: &Case, stages: &str) -> Vec<String> {
    if let Some(sql) = case.panel.screening_sql() {
        case.register("screening", sql);
    }
    case.register("panel", &case.panel.panel_sql());
    case.register("outcomes", &case.panel.outcomes_sql());
    assert_eq!(check(&counts(case)), Ok(()));
    let columns = "draw, level, arm, stage, horizon, source, reason, count";
    case.rows(&format!(
        "SELECT {columns} FROM ({}) WHERE stage IN ({stages})",
        case.panel.flow_sql()
    ))
}

fn counts(case: &Case) -> Vec<Count> {
    let columns = "draw, level, arm, stage, horizon, source, register, outcome_id, reason, count";
    let rows = case.rows(&format!("SELECT {columns} FROM ({})", case.panel.flow_sql()));
    let count = |row: &String| {
        let mut cells = row.split(' ').map(|it| (it != "-").then(|| it.to_owned()));
        let mut next = || cells.next().unwrap();
        Count {
            draw: next().map(|it| it.parse().unwrap()),
            level: next().unwrap(),
            arm: next(),
            stage: next().unwrap(),
            horizon: next(),
            source: next(),
            register: next(),
            outcome_id: next(),
            reason: next(),
            count: next().unwrap().parse().unwrap(),
        }
    };
    rows.iter().map(count).collect()
}

#[test]
fn before_the_draw_offices_families_and_their_members_are_counted() {
    assert_eq!(
        flow(&case(true), "'assessed', 'not_eligible', 'eligible'"),
        [
            "- office - assessed - - - 2",
            "- office - not_eligible - - - 1",
            "- office - eligible - - - 1",
            "- family - assessed - - - 3",
            "- family - not_eligible - - - 1",
            "- family - not_eligible - - barn 1",
            "- family - not_eligible - - fakta 1",
            "- family - eligible - - - 2",
            "- adult - assessed - - - 4",
            "- adult - not_eligible - - - 1",
            "- adult - not_eligible - - barn 1",
            "- adult - not_eligible - - fakta 1",
            "- adult - eligible - - - 3",
            "- child - assessed - - - 2",
            "- child - not_eligible - - - 0",
            "- child - not_eligible - - barn 0",
            "- child - not_eligible - - fakta 0",
            "- child - eligible - - - 2",
        ]
    );
}

#[test]
fn after_the_draw_observed_and_missing_add_up_to_drawn() {
    assert_eq!(
        flow(&case(false), "'drawn', 'due', 'observed', 'missing'"),
        [
            "1 office - drawn - - - 1",
            "1 office - observed 12 - - 1",
            "1 office - missing 12 - - 0",
            "1 family follow-up drawn - - - 1",
            "1 family follow-up due 12 - - 1",
            "1 family follow-up observed 12 - - 1",
            "1 family follow-up observed 12 VEILEDER - 1",
            "1 family ordinary drawn - - - 1",
            "1 family ordinary due 12 - - 1",
            "1 family ordinary observed 12 - - 0",
            "1 family ordinary observed 12 VEILEDER - 0",
            "1 family ordinary missing 12 - FLYTTET_KOMMUNE 1",
            "1 family ordinary missing 12 VEILEDER FLYTTET_KOMMUNE 1",
            "1 adult follow-up drawn - - - 2",
            "1 adult follow-up due 12 - - 2",
            "1 adult follow-up observed 12 - - 1",
            "1 adult follow-up observed 12 VEILEDER - 1",
            "1 adult follow-up missing 12 - IKKE_RAPPORTERT 1",
            "1 adult follow-up missing 12 VEILEDER IKKE_RAPPORTERT 1",
            "1 adult ordinary drawn - - - 1",
            "1 adult ordinary due 12 - - 1",
            "1 adult ordinary observed 12 - - 0",
            "1 adult ordinary observed 12 VEILEDER - 0",
            "1 adult ordinary missing 12 - FLYTTET_KOMMUNE 1",
            "1 adult ordinary missing 12 VEILEDER FLYTTET_KOMMUNE 1",
            "1 child follow-up drawn - - - 1",
            "1 child follow-up due 12 - - 1",
            "1 child follow-up observed 12 - - 0",
            "1 child follow-up missing 12 - IKKE_RAPPORTERT 1",
            "1 child ordinary drawn - - - 1",
            "1 child ordinary due 12 - - 1",
            "1 child ordinary observed 12 - - 0",
            "1 child ordinary missing 12 - IKKE_RAPPORTERT 1",
        ]
    );
}

/// The same families seen in a register: each source adds up on its own, and nothing is blended.
#[test]
fn each_source_has_its_own_attrition() {
    let case = case(false);
    for unit in ["F1-A1", "F1-A2", "F2-A1"] {
        let source = ("REGISTER", "AA");
        let seen = Snapshot { unit: ("VOKSEN", unit), on: "2016-08-20", source, ..SEEN };
        case.snapshot(seen, &["ARBEID=HELTID"]);
    }
    let rows = flow(&case, "'observed', 'missing'");
    let of = |arm: &str| -> Vec<&str> {
        let prefix = format!("1 adult {arm} ");
        rows.iter().filter_map(|it| it.strip_prefix(&prefix)).collect()
    };
    assert_eq!(
        of("follow-up"),
        [
            "observed 12 - - 2",
            "observed 12 REGISTER - 2",
            "observed 12 VEILEDER - 1",
            "missing 12 VEILEDER IKKE_RAPPORTERT 1",
        ]
    );
    assert_eq!(
        of("ordinary"),
        [
            "observed 12 - - 1",
            "observed 12 REGISTER - 1",
            "observed 12 VEILEDER - 0",
            "missing 12 VEILEDER FLYTTET_KOMMUNE 1",
        ]
    );
}

#[test]
fn one_members_death_is_not_the_familys() {
    let case = case(false);
    case.run("DELETE FROM snapshots WHERE status_date > 0", &[]);
    let first = Snapshot { on: "2016-08-20", status: "DOD", ..SEEN };
    case.snapshot(first, &[]);
    case.snapshot(Snapshot { unit: ("VOKSEN", "F1-A2"), status: "IKKE_NADD", ..first }, &[]);
    // Somebody's answer long ago, so that there is a series.
    let other = Snapshot { unit: ("VOKSEN", "F2-A1"), on: "2014-01-01", ..SEEN };
    case.snapshot(other, &["ARBEID=HELTID"]);
    let rows = flow(&case, "'missing'");
    let has = |row: &str| assert!(rows.iter().any(|it| it == row), "{row}: {rows:?}");
    has("1 family follow-up missing 12 - IKKE_NADD 1");
    has("1 adult follow-up missing 12 - DOD 1");
    has("1 adult follow-up missing 12 - IKKE_NADD 1");
}

/// Asked in both arms, of whom one said yes and then withdrew; an answer after the cut is not there.
#[test]
fn asked_is_consented_and_declined() {
    let case = case(false);
    for (kind, member, on, answer, withdrawn) in [
        ("FORSKNING", "F1-A1", "2015-07-01", "NEI", None),
        ("FORSKNING", "F1-A1", "2015-08-01", "JA", Some("2016-12-31")),
        ("FORSKNING", "F1-A2", "2015-08-01", "NEI", None),
        ("FORSKNING", "F2-A1", "2015-08-01", "NEI", None),
        ("FORSKNING", "F2-A1", "2017-01-02", "JA", None),
    ] {
        let family = &member[..2];
        case.run(
            "INSERT INTO asked VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            &[&kind, &member, &family, &day(on), &answer, &withdrawn.map(day)],
        );
    }
    assert_eq!(
        flow(&case, "'asked', 'consented', 'declined', 'withdrew'"),
        [
            "1 family follow-up asked - - FORSKNING 1",
            "1 family follow-up consented - - FORSKNING 1",
            "1 family follow-up declined - - FORSKNING 0",
            "1 family follow-up withdrew - - FORSKNING 1",
            "1 family ordinary asked - - FORSKNING 1",
            "1 family ordinary consented - - FORSKNING 0",
            "1 family ordinary declined - - FORSKNING 1",
            "1 family ordinary withdrew - - FORSKNING 0",
            "1 adult follow-up asked - - FORSKNING 2",
            "1 adult follow-up consented - - FORSKNING 1",
            "1 adult follow-up declined - - FORSKNING 1",
            "1 adult follow-up withdrew - - FORSKNING 1",
            "1 adult ordinary asked - - FORSKNING 1",
            "1 adult ordinary consented - - FORSKNING 0",
            "1 adult ordinary declined - - FORSKNING 1",
            "1 adult ordinary withdrew - - FORSKNING 0",
        ]
    );
}

/// An offer down the list, taken: the family in the other arm has started, and is seen to have.
#[test]
fn offers_and_starts_stand_in_the_arm_that_was_drawn() {
    let case = case(false);
    case.run("INSERT INTO offered VALUES (1, 'F1', 'NEI'), (1, 'F2', 'JA')", &[]);
    let (first, after) = (day("2015-10-01"), day("2017-01-02"));
    case.run("INSERT INTO started VALUES (1, 'F2', ?1), (1, 'F1', ?2)", &[&first, &after]);
    let rows =
        flow(&case, "'offered', 'accepted', 'refused', 'not_reached', 'no_answer', 'started'");
    let family: Vec<&str> = rows.iter().filter_map(|it| it.strip_prefix("1 family ")).collect();
    assert_eq!(
        family,
        [
            "follow-up offered - - - 1",
            "follow-up accepted - - - 0",
            "follow-up refused - - - 1",
            "follow-up not_reached - - - 0",
            "follow-up no_answer - - - 0",
            "follow-up started - - - 0",
            "ordinary offered - - - 1",
            "ordinary accepted - - - 1",
            "ordinary refused - - - 0",
            "ordinary not_reached - - - 0",
            "ordinary no_answer - - - 0",
            "ordinary started - - - 1",
        ]
    );
    let adults = rows.iter().filter(|it| it.starts_with("1 adult"));
    assert_eq!(
        adults.collect::<Vec<_>>(),
        ["1 adult follow-up started - - - 0", "1 adult ordinary started - - - 1"]
    );
}

/// F1 had two adults and a child: one adult died, one left, a child was born. By hand: 2 drawn = 0
/// present + 1 died + 1 left; 1 child + 1 who came = 2 present; the family is split.
#[test]
fn families_adults_and_children_are_reconciled() {
    let case = case(false);
    case.exit(("VOKSEN", "F1-A1"), "DOD", ("2016-08-20", None));
    case.run("UPDATE presence SET valid_to = ?1 WHERE member_id = 'F1-A2'", &[&day("2016-08-19")]);
    case.run("INSERT INTO members VALUES ('F1-B2', 'F1', 'BARN', 2016, 0)", &[]);
    case.run("INSERT INTO presence VALUES ('F1-B2', ?1, NULL)", &[&day("2016-08-20")]);
    case.run("UPDATE presence SET valid_to = ?1 WHERE member_id LIKE 'F2%'", &[&day("2016-01-01")]);
    let stages = "'drawn', 'died', 'left', 'came', 'split', 'dissolved', 'present'";
    let rows = flow(&case, stages);
    let rows: Vec<&str> =
        rows.iter().filter(|it| !it.contains("office")).map(|it| &it[2..]).collect();
    assert_eq!(
        rows,
        [
            "family follow-up drawn - - - 1",
            "family follow-up split 12 - - 1",
            "family follow-up dissolved 12 - - 0",
            "family follow-up present 12 - - 1",
            "family ordinary drawn - - - 1",
            "family ordinary split 12 - - 0",
            "family ordinary dissolved 12 - - 1",
            "family ordinary present 12 - - 0",
            "adult follow-up drawn - - - 2",
            "adult follow-up died 12 - - 1",
            "adult follow-up left 12 - - 1",
            "adult follow-up came 12 - - 0",
            "adult follow-up present 12 - - 0",
            "adult ordinary drawn - - - 1",
            "adult ordinary died 12 - - 0",
            "adult ordinary left 12 - - 1",
            "adult ordinary came 12 - - 0",
            "adult ordinary present 12 - - 0",
            "child follow-up drawn - - - 1",
            "child follow-up died 12 - - 0",
            "child follow-up left 12 - - 0",
            "child follow-up came 12 - - 1",
            "child follow-up present 12 - - 2",
            "child ordinary drawn - - - 1",
            "child ordinary died 12 - - 0",
            "child ordinary left 12 - - 1",
            "child ordinary came 12 - - 0",
            "child ordinary present 12 - - 0",
        ]
    );
}

/// Erased families stay in the draw's count; struck ones leave the analysis.
#[test]
fn erased_struck_and_analysed_add_up() {
    let case = case(false);
    case.run("INSERT INTO erased VALUES (1, 'F9', 'ordinary')", &[]);
    case.run("INSERT INTO planned VALUES (1, 'A_ARBEID', '12', 'VEILEDER', '')", &[]);
    let stages = "'drawn', 'erased', 'struck', 'analysed', 'not_analysed'";
    let rows = flow(&case, stages);
    let rows: Vec<&str> =
        rows.iter().filter(|it| !it.contains("child")).map(|it| &it[2..]).collect();
    let before = [
        "office - drawn - - - 1",
        "family follow-up drawn - - - 1",
        "family ordinary drawn - - - 2",
        "family ordinary erased - - - 1",
        "adult follow-up drawn - - - 2",
    ];
    assert_eq!(rows[..5], before);
    assert_eq!(
        rows[5..],
        [
            "adult follow-up analysed 12 VEILEDER - 1",
            "adult follow-up not_analysed 12 VEILEDER IKKE_RAPPORTERT 1",
            "adult ordinary drawn - - - 1",
            "adult ordinary analysed 12 VEILEDER - 0",
            "adult ordinary not_analysed 12 VEILEDER FLYTTET_KOMMUNE 1",
        ]
    );
    case.run("INSERT INTO struck VALUES (1, 'F1')", &[]);
    case.run("DROP TABLE panel", &[]);
    case.run("DROP TABLE outcomes", &[]);
    let rows = flow(&case, "'struck', 'analysed', 'not_analysed'");
    let adults: Vec<&str> =
        rows.iter().filter_map(|it| it.strip_prefix("1 adult follow-up ")).collect();
    assert_eq!(
        adults,
        ["struck - - - 2", "analysed 12 VEILEDER - 0", "not_analysed 12 VEILEDER STROKET 2",]
    );
}

/// Where offices are drawn they are counted by arm, and families of their draw are not theirs.
#[test]
fn offices_that_were_drawn_have_arms() {
    let case = case(false);
    case.run("INSERT INTO office_draws VALUES (2, 'o', 'model'), (2, 'p', 'own')", &[]);
    let rows = flow(&case, "'drawn'");
    assert_eq!(
        rows.iter().filter(|it| it.contains("office")).collect::<Vec<_>>(),
        ["1 office - drawn - - - 1", "2 office model drawn - - - 1", "2 office own drawn - - - 1",]
    );
}

/// Every law notices a count that is one too many.
#[test]
fn each_law_is_broken_by_one_unit_too_many() {
    let case = case(true);
    case.run("INSERT INTO offered VALUES (1, 'F1', 'JA'), (1, 'F2', NULL)", &[]);
    case.run("INSERT INTO started VALUES (1, 'F1', 0)", &[]);
    case.run("INSERT INTO asked VALUES ('FORSKNING', 'F1-A1', 'F1', 0, 'JA', NULL)", &[]);
    case.run("INSERT INTO planned VALUES (1, 'A_ARBEID', '12', 'VEILEDER', '')", &[]);
    flow(&case, "'drawn'");
    let good = counts(&case);
    for stage in [
        "assessed",
        "eligible",
        "observed",
        "missing",
        "analysed",
        "not_analysed",
        "asked",
        "consented",
        "declined",
        "offered",
        "accepted",
        "no_answer",
        "died",
        "left",
        "came",
        "present",
        "dissolved",
    ] {
        let mut bad = good.clone();
        bad.iter_mut().find(|it| it.stage == stage).unwrap().count += 1;
        assert!(check(&bad).is_err(), "{stage}");
    }
    for stage in ["due", "started", "withdrew", "split"] {
        let mut bad = good.clone();
        bad.iter_mut().find(|it| it.stage == stage).unwrap().count += 9;
        assert!(check(&bad).is_err(), "{stage}");
    }
}
