//! Outcomes. One family drawn on 20 August 2015, seen on the target of 12 months.

use lodd_panel::{
    Protocol,
    codes::UnitKind,
    outcomes::{Category, Definition},
};

use crate::{
    case::{Case, SEEN, Snapshot, protocol},
    protocol::{codes, own, sql, variable},
};

const AT_TARGET: Snapshot<'static> = Snapshot { on: "2016-08-20", ..SEEN };

fn case_of(protocol: &Protocol) -> Case {
    let case = Case::new(protocol, "2017-01-01");
    case.drawn(1, "2015-08-20", &[("F1", "follow-up")]);
    case
}

/// Adults `F1-A1` … with one value each; an empty one has no snapshot.
fn adults(case: &Case, values: &[&str]) {
    for (at, value) in (1..).zip(values) {
        let id = format!("F1-A{at}");
        case.member(&id, "FORELDER", 1980);
        if !value.is_empty() {
            let values: Vec<&str> = value.split(' ').collect();
            case.snapshot(Snapshot { unit: ("VOKSEN", &id), ..AT_TARGET }, &values);
        }
    }
}

/// `id value` or `id reason` of the outcomes asked for.
fn results(case: &Case) -> Vec<String> {
    case.outcomes("outcome_id, COALESCE(value_num, value_code, missing_reason)")
}

#[test]
fn or_and_and_are_three_valued() {
    // A_ARBEID of two adults, then OR and AND; U is asked but unknown.
    const J: &str = "ARBEID=DELTID";
    const N: &str = "ARBEID=LEDIG_REG";
    const U: &str = "ARBEID=?UKJENT";
    let table = [
        (J, J, "1", "1"),
        (J, N, "1", "0"),
        (J, U, "1", "SPURT_UKJENT"),
        (N, J, "1", "0"),
        (N, N, "0", "0"),
        (N, U, "SPURT_UKJENT", "0"),
        (U, J, "1", "SPURT_UKJENT"),
        (U, N, "SPURT_UKJENT", "0"),
        (U, U, "SPURT_UKJENT", "SPURT_UKJENT"),
        (N, "", "IKKE_RAPPORTERT", "0"),
        (U, "", "SPURT_UKJENT", "SPURT_UKJENT"),
    ];
    for (one, two, any, all) in table {
        let case = case_of(&protocol(&[12], &["F_ARBEID_NOEN", "F_ARBEID_ALLE"]));
        adults(&case, &[one, two]);
        let expected = [format!("F_ARBEID_NOEN {any}"), format!("F_ARBEID_ALLE {all}")];
        assert_eq!(results(&case), expected, "{one} {two}");
    }
}

#[test]
fn only_those_alive_at_the_target_count() {
    for (on, all) in [("2016-08-20", "1"), ("2016-08-21", "DOD")] {
        let case = case_of(&protocol(&[12], &["F_ARBEID_ALLE"]));
        adults(&case, &["ARBEID=HELTID", ""]);
        let died = Snapshot { unit: ("VOKSEN", "F1-A2"), on, status: "DOD", ..SEEN };
        case.snapshot(died, &[]);
        assert_eq!(results(&case), [format!("F_ARBEID_ALLE {all}")]);
    }
    // Seen not working in the window, dead before the target: not counted.
    let case = case_of(&protocol(&[12], &["F_ARBEID_ALLE", "A_ARBEID"]));
    adults(&case, &["ARBEID=HELTID", ""]);
    let second = Snapshot { unit: ("VOKSEN", "F1-A2"), on: "2016-08-01", ..SEEN };
    case.snapshot(second, &["ARBEID=LEDIG_REG"]);
    case.snapshot(Snapshot { on: "2016-08-10", status: "DOD", ..second }, &[]);
    assert_eq!(results(&case), ["F_ARBEID_ALLE 1", "A_ARBEID 1", "A_ARBEID 0"]);
    // Nobody alive.
    case.snapshot(
        Snapshot { unit: ("VOKSEN", "F1-A1"), on: "2016-08-19", status: "DOD", ..SEEN },
        &[],
    );
    assert_eq!(results(&case)[0], "F_ARBEID_ALLE DOD");
}

#[test]
fn each_condition_of_the_dictionary() {
    let ids = [
        "A_ARBEID",
        "A_HELTID",
        "A_AKTIV",
        "A_LONN_HOVED",
        "A_SOSHJ_HOVED",
        "A_SOSHJ_NOE",
        "F_SOSHJ_NOE",
        "F_FRI_SOSHJ",
        "F_LONN_UTEN_SOSHJ",
    ];
    let table = [
        ("ARBEID=HELTID INNTEKT=LONN TILLEGG_SOSIALHJELP_SUPPL=N", "1 1 1 1 0 0 0 1 1"),
        ("ARBEID=DELTID INNTEKT=NARING TILLEGG_SOSIALHJELP_SUPPL=J", "1 0 1 1 0 1 1 0 0"),
        ("ARBEID=KVP_PROG INNTEKT=KVP TILLEGG_SOSIALHJELP_SUPPL=N", "0 0 1 0 0 0 0 1 0"),
        ("ARBEID=LEDIG_REG INNTEKT=SOSIALHJELP", "0 0 0 0 1 1 1 0 0"),
        // Wages, and nothing said of supplementary assistance: unknown, not free of it.
        (
            "ARBEID=HELTID INNTEKT=LONN",
            "1 1 1 1 0 IKKE_RAPPORTERT IKKE_RAPPORTERT IKKE_RAPPORTERT IKKE_RAPPORTERT",
        ),
        (
            "ARBEID=HELTID INNTEKT=AAP TILLEGG_SOSIALHJELP_SUPPL=?UKJENT",
            "1 1 1 0 0 SPURT_UKJENT SPURT_UKJENT SPURT_UKJENT 0",
        ),
    ];
    for (values, expected) in table {
        let case = case_of(&protocol(&[12], &ids));
        adults(&case, &[values]);
        let found = results(&case);
        let found: Vec<&str> = found.iter().map(|it| it.split_once(' ').unwrap().1).collect();
        assert_eq!(found.join(" "), expected, "{values}");
    }
}

#[test]
fn stable_housing_is_the_familys() {
    for (values, expected) in [
        ("BOLIG=LEID_KOMM", "1"),
        ("BOLIG=MIDLERTIDIG", "0"),
        ("BOLIG=?IKKE_AKTUELT", "IKKE_AKTUELT"),
        ("BOLIG=?UKJENT", "SPURT_UKJENT"),
    ] {
        let case = case_of(&protocol(&[12], &["F_FAST_BOLIG"]));
        case.snapshot(Snapshot { unit: ("FAMILIE", "F1"), ..AT_TARGET }, &[values]);
        assert_eq!(results(&case), [format!("F_FAST_BOLIG {expected}")]);
    }
}

/// Family record; else resident ITT adults agree; else missing with K05.
#[test]
fn where_the_family_says_nothing_its_adults_at_home_are_asked() {
    const HOME: &str = "BOLIG=LEID_PRIVAT";
    const NONE: &str = "BOLIG=UTEN";
    for (family, adults_say, expected) in [
        ("", [HOME, "BOLIG=EID"], "1"),
        ("BOLIG=?UKJENT", [HOME, HOME], "1"),
        ("", [NONE, NONE], "0"),
        ("", [HOME, NONE], "K05"),
        ("", [HOME, ""], "IKKE_RAPPORTERT"),
        ("BOLIG=UTEN", [HOME, HOME], "0"),
        ("BOLIG=?IKKE_AKTUELT", [HOME, HOME], "IKKE_AKTUELT"),
    ] {
        let case = case_of(&protocol(&[12], &["F_FAST_BOLIG"]));
        adults(&case, &adults_say);
        if !family.is_empty() {
            case.snapshot(Snapshot { unit: ("FAMILIE", "F1"), ..AT_TARGET }, &[family]);
        }
        assert_eq!(results(&case), [format!("F_FAST_BOLIG {expected}")], "{family} {adults_say:?}");
    }
    // One who has moved out is not asked: the one who lives there decides.
    let case = case_of(&protocol(&[12], &["F_FAST_BOLIG"]));
    adults(&case, &[HOME, NONE]);
    case.away("F1-A2", ("2016-08-20", None));
    assert_eq!(results(&case), ["F_FAST_BOLIG 1"]);
    // Version 1 is the family's record alone.
    let mut it = protocol(&[12], &[]);
    it.outcomes = vec![lodd_panel::outcomes::Choice::Version("F_FAST_BOLIG".into(), 1)];
    let case = case_of(&it);
    adults(&case, &[HOME, HOME]);
    case.snapshot(Snapshot { unit: ("FAMILIE", "F1"), ..AT_TARGET }, &["BOLIG=?UKJENT"]);
    assert_eq!(results(&case), ["F_FAST_BOLIG SPURT_UKJENT"]);
}

/// SSB, vardok 3462: fewer rooms than persons or one person in one room, and less than 25 m² each;
/// where one figure is missing the other counts alone. Older texts have 20 m².
#[test]
fn crowded_housing_is_statistics_norways() {
    for (values, of_25, of_20) in [
        // Four in three rooms: 99 m² is 24.75 each, 100 m² is 25.
        ("ROM=3 PERSONER=4 KVM=99", "1", "0"),
        ("ROM=3 PERSONER=4 KVM=100", "0", "0"),
        ("ROM=3 PERSONER=4 KVM=79", "1", "1"),
        ("ROM=3 PERSONER=4 KVM=80", "1", "0"),
        // As many rooms as persons.
        ("ROM=4 PERSONER=4 KVM=60", "0", "0"),
        // One person in one room.
        ("ROM=1 PERSONER=1 KVM=24", "1", "0"),
        ("ROM=1 PERSONER=1 KVM=19", "1", "1"),
        ("ROM=2 PERSONER=1 KVM=19", "0", "0"),
        // One figure alone.
        ("ROM=3 PERSONER=4", "1", "1"),
        ("ROM=4 PERSONER=4", "0", "0"),
        ("PERSONER=4 KVM=99", "1", "0"),
        ("PERSONER=4 KVM=100", "0", "0"),
        ("ROM=?UKJENT PERSONER=4 KVM=60", "1", "1"),
        // Nothing to go by.
        ("PERSONER=4", "IKKE_RAPPORTERT", "IKKE_RAPPORTERT"),
        ("ROM=3 KVM=99", "IKKE_RAPPORTERT", "IKKE_RAPPORTERT"),
    ] {
        for (version, expected) in [(2, of_25), (1, of_20)] {
            let mut it = protocol(&[12], &[]);
            it.outcomes =
                vec![lodd_panel::outcomes::Choice::Version("F_TRANGBODD".into(), version)];
            let case = case_of(&it);
            let said: Vec<&str> = values.split(' ').collect();
            case.snapshot(Snapshot { unit: ("FAMILIE", "F1"), ..AT_TARGET }, &said);
            let found = case.outcomes("version, COALESCE(value_num, missing_reason)");
            assert_eq!(found, [format!("{version} {expected}")], "{values}");
        }
    }
    let in_use = case_of(&protocol(&[12], &["F_TRANGBODD"]));
    let home = Snapshot { unit: ("FAMILIE", "F1"), ..AT_TARGET };
    in_use.snapshot(home, &["ROM=3", "PERSONER=4", "KVM=80"]);
    assert_eq!(in_use.outcomes("version, value_num"), ["2 1"]);
}

/// The variant of work leaves out work with a wage subsidy; where nothing is said of one it is not known.
#[test]
fn work_without_a_wage_subsidy() {
    for (values, expected) in [
        ("ARBEID=HELTID LONNSTILSKUDD=N", "1 1"),
        ("ARBEID=DELTID LONNSTILSKUDD=J", "1 0"),
        ("ARBEID=DELTID", "1 IKKE_RAPPORTERT"),
        ("ARBEID=LEDIG_REG", "0 0"),
    ] {
        let case = case_of(&protocol(&[12], &["A_ARBEID", "A_ARBEID_UTEN_TILSKUDD"]));
        adults(&case, &[values]);
        let found = case.outcomes("COALESCE(value_num, missing_reason)");
        assert_eq!(found.join(" "), expected, "{values}");
    }
}

/// After a break the adults counted stay those of the draw; the sensitivity asks those at home.
#[test]
fn adults_as_drawn_and_adults_at_home() {
    let ids = ["F_ARBEID_NOEN", "F_ARBEID_NOEN_HJEMME", "F_ARBEID_ALLE_HJEMME"];
    let case = case_of(&protocol(&[12], &ids));
    adults(&case, &["ARBEID=HELTID", "ARBEID=LEDIG_REG"]);
    assert_eq!(case.outcomes("value_num"), ["1", "1", "0"]);
    // The one in work has moved out: two days before the target, and back the day after.
    case.away("F1-A1", ("2016-08-18", Some("2016-08-21")));
    assert_eq!(case.outcomes("value_num"), ["1", "0", "0"]);
    case.run("DELETE FROM away", &[]);
    case.away("F1-A1", ("2016-08-18", Some("2016-08-20")));
    assert_eq!(case.outcomes("value_num"), ["1", "1", "0"], "back on the target");
    // A new partner at home has no rows: not known, and no silent no.
    case.run("INSERT INTO members VALUES ('F1-A3', 'F1', 'PARTNER', 1980, 0)", &[]);
    case.run("UPDATE away SET until_on = NULL", &[]);
    assert_eq!(case.outcomes("COALESCE(value_num, missing_reason)"), ["1", "IKKE_RAPPORTERT", "0"]);
    case.away("F1-A3", ("1970-01-01", Some("2016-09-01")));
    assert_eq!(case.outcomes("COALESCE(value_num, missing_reason)"), ["1", "0", "0"]);
}

/// Ages at the target in 2016: born 2010 is 6, 1999 is 17; 2011 and 1998 lie outside.
#[test]
fn children_count_from_six_to_seventeen() {
    let ids = ["C_FRITID", "F_BARN_DELTAR_ANDEL", "F_BARN_DELTAR_ALLE", "F_BARN_DELTAR_DEKNING"];
    let case = case_of(&protocol(&[12], &ids));
    let no = "FRITID_IDRETT=N FRITID_KULTUR=N FRITID_ANNET=N";
    let yes = "FRITID_IDRETT=N FRITID_KULTUR=J FRITID_ANNET=N";
    let children = [(2010, yes), (1999, no), (2005, yes), (2011, no), (1998, "")];
    for (at, (birth_year, values)) in (1..).zip(children) {
        let id = format!("F1-B{at}");
        case.member(&id, "BARN", birth_year);
        if !values.is_empty() {
            let values: Vec<&str> = values.split(' ').collect();
            case.snapshot(Snapshot { unit: ("BARN", &id), ..AT_TARGET }, &values);
        }
    }
    let rows = case.outcomes("unit_id, value_num, value_den, missing_reason");
    assert_eq!(
        rows,
        [
            "F1-B1 1 1 -",
            "F1-B2 0 1 -",
            "F1-B3 1 1 -",
            "F1-B4 - - IKKE_AKTUELT",
            "F1-B5 - - IKKE_AKTUELT",
            "F1 2 3 -",
            "F1 0 1 -",
            "F1 3 3 -",
        ]
    );
    // One answer missing: no share, no AND of those who take part; but one who does not settles it.
    case.run("DELETE FROM snapshots WHERE unit_id = 'F1-B3'", &[]);
    let rows = case.outcomes("outcome_id, value_num, value_den, missing_reason");
    assert_eq!(
        rows[5..],
        [
            "F_BARN_DELTAR_ANDEL - - IKKE_RAPPORTERT",
            "F_BARN_DELTAR_ALLE 0 1 -",
            "F_BARN_DELTAR_DEKNING 2 3 -",
        ]
    );
}

#[test]
fn a_family_without_members_of_that_kind_has_no_such_outcome() {
    let case = case_of(&protocol(&[12], &["F_BARN_DELTAR_ANDEL"]));
    case.drawn(2, "2015-08-20", &[("F2", "ordinary")]);
    case.member("F2-B1", "BARN", 2008);
    let child = Snapshot { unit: ("BARN", "F2-B1"), ..AT_TARGET };
    case.snapshot(child, &["FRITID_IDRETT=J", "FRITID_KULTUR=N", "FRITID_ANNET=N"]);
    let rows = case.outcomes("unit_id, value_num, value_den, missing_reason");
    assert_eq!(rows, ["F1 - - IKKE_AKTUELT", "F2 1 1 -"]);
}

#[test]
fn sources_are_never_blended() {
    let case = case_of(&protocol(&[12], &["A_SOSHJ_NOE", "F_SOSHJ_NOE"]));
    adults(&case, &["INNTEKT=AAP TILLEGG_SOSIALHJELP_SUPPL=N"]);
    let register = Snapshot { source: ("REGISTER", "AA"), ..AT_TARGET };
    case.snapshot(register, &["INNTEKT=AAP"]);
    let rows = case.outcomes("outcome_id, source, register, value_num, missing_reason");
    assert_eq!(
        rows,
        [
            "A_SOSHJ_NOE REGISTER AA - IKKE_RAPPORTERT",
            "A_SOSHJ_NOE VEILEDER '' 0 -",
            "F_SOSHJ_NOE REGISTER AA - IKKE_RAPPORTERT",
            "F_SOSHJ_NOE VEILEDER '' 0 -",
        ]
    );
}

#[test]
fn a_pilots_own_outcomes() {
    let mut it = protocol(&[12], &[]);
    it.variables = vec![
        variable("BOSTATUS", UnitKind::Family, codes(&["GATE", "FELLES", "SELVSTENDIG"])),
        variable("PLASSER", UnitKind::Family, lodd_panel::codes::Kind::Integer { min: 0, max: 20 }),
    ];
    let category = |code: &str, sql: &str| Category {
        code: code.to_owned(),
        nb: String::new(),
        en: String::new(),
        sql: sql.to_owned(),
    };
    it.outcomes = vec![
        own("F_SELVSTENDIG", UnitKind::Family, sql("BOSTATUS = 'SELVSTENDIG'")),
        own("F_STOR", UnitKind::Family, sql("F_SELVSTENDIG AND PLASSER >= 10")),
        own(
            "F_TYPE",
            UnitKind::Family,
            Definition::Categories(vec![
                category("STOR", "PLASSER > 9"),
                category("EGEN", "F_SELVSTENDIG = 1"),
                category("GATE", "BOSTATUS = 'GATE'"),
            ]),
        ),
        own("F_ARBEID_ANDEL", UnitKind::Family, Definition::Share("A_ARBEID".into())),
    ];
    for (values, expected) in [
        ("BOSTATUS=SELVSTENDIG PLASSER=10", "1 1 STOR"),
        ("BOSTATUS=SELVSTENDIG PLASSER=9", "1 0 EGEN"),
        ("BOSTATUS=GATE PLASSER=2", "0 0 GATE"),
        ("BOSTATUS=FELLES PLASSER=2", "0 0 IKKE_AKTUELT"),
        // The first category is not known to be false, so the second is not given.
        ("BOSTATUS=SELVSTENDIG", "1 IKKE_RAPPORTERT IKKE_RAPPORTERT"),
        ("BOSTATUS=?UKJENT PLASSER=12", "SPURT_UKJENT SPURT_UKJENT STOR"),
    ] {
        let case = case_of(&it);
        let values: Vec<&str> = values.split(' ').collect();
        case.snapshot(Snapshot { unit: ("FAMILIE", "F1"), ..AT_TARGET }, &values);
        adults(&case, &["ARBEID=HELTID", "ARBEID=LEDIG_REG", "ARBEID=LEDIG_REG"]);
        let found = results(&case);
        let found: Vec<&str> = found.iter().map(|it| it.split_once(' ').unwrap().1).collect();
        assert_eq!(found[..3].join(" "), expected, "{values:?}");
        assert_eq!(found[3], "1", "one of three adults");
    }
}

const MONTHS: [&str; 12] = [
    "2015-09", "2015-10", "2015-11", "2015-12", "2016-01", "2016-02", "2016-03", "2016-04",
    "2016-05", "2016-06", "2016-07", "2016-08",
];
const MONTHLY: [&str; 4] = ["F_FRI_SOSHJ_6M", "F_SOSHJ_MND", "F_SOSHJ_KR", "F_SOSHJ_LAN_KR"];

#[test]
fn months_one_to_twelve_are_counted() {
    let case = case_of(&protocol(&[12], &MONTHLY));
    // Month 0, and the one after the twelfth, are not counted.
    case.month("F1", "2015-08", (9_000, 9_000));
    case.month("F1", "2016-09", (9_000, 9_000));
    for (at, of) in MONTHS.iter().enumerate() {
        let amounts = match at {
            0 => (5_000, 0),
            5 => (0, 700),
            _ => (0, 0),
        };
        case.month("F1", of, amounts);
    }
    let columns = "outcome_id, source, register, value_num, value_den, missing_reason";
    assert_eq!(
        case.outcomes(columns),
        [
            "F_FRI_SOSHJ_6M REGISTER KOSTRA_11F 1 1 -",
            "F_SOSHJ_MND REGISTER KOSTRA_11F 2 1 -",
            "F_SOSHJ_KR REGISTER KOSTRA_11F 5000 1 -",
            "F_SOSHJ_LAN_KR REGISTER KOSTRA_11F 700 1 -",
        ]
    );
    // The seventh month is the first of the last six; its correction counts.
    let add = "INSERT INTO monthly VALUES ('FAMILIE', 'F1', ?1, 'KOSTRA_11F', 2, 100, 0)";
    case.run(add, &[&crate::case::month("2016-03")]);
    assert_eq!(case.outcomes("value_num"), ["0", "3", "5100", "700"]);
}

#[test]
fn a_month_without_a_row_is_missing() {
    for (cut_on, reason) in [("2017-01-01", "IKKE_RAPPORTERT"), ("2016-11-02", "IKKE_FORFALT")] {
        let case = Case::new(&protocol(&[12], &MONTHLY), cut_on);
        case.drawn(1, "2015-08-20", &[("F1", "follow-up")]);
        // March is the first of the last six months; only that one is not there.
        for of in MONTHS.iter().filter(|it| **it != "2015-10") {
            case.month("F1", of, (0, 0));
        }
        let expected = [
            "F_FRI_SOSHJ_6M 1".to_owned(),
            format!("F_SOSHJ_MND {reason}"),
            format!("F_SOSHJ_KR {reason}"),
            format!("F_SOSHJ_LAN_KR {reason}"),
        ];
        assert_eq!(results(&case), expected);
    }
}

#[test]
fn at_the_start_no_month_has_passed() {
    let case = case_of(&protocol(&[0, 3], &["F_FRI_SOSHJ_6M", "F_SOSHJ_MND"]));
    for of in &MONTHS[..3] {
        case.month("F1", of, (100, 0));
    }
    let rows = case.outcomes("outcome_id, horizon, value_num, missing_reason");
    assert_eq!(
        rows,
        [
            "F_FRI_SOSHJ_6M 0 - IKKE_AKTUELT",
            "F_FRI_SOSHJ_6M 3 - IKKE_AKTUELT",
            "F_SOSHJ_MND 0 - IKKE_AKTUELT",
            "F_SOSHJ_MND 3 3 -",
        ]
    );
}

#[test]
fn no_outcomes_give_no_rows() {
    let case = case_of(&protocol(&[12], &[]));
    assert_eq!(case.outcomes("*"), Vec::<String>::new());
}
