//! Mistakes of a protocol: all at once, each with its place.

use lodd_panel::{
    Mistake, Panel,
    codes::{Code, Kind, UnitKind, Variable},
    outcomes::{Category, Choice, Definition, Outcome},
};

use crate::case::protocol;

pub(crate) fn own(id: &str, unit: UnitKind, definition: Definition) -> Choice {
    Choice::Own(Box::new(Outcome {
        id: id.to_owned().into(),
        version: 1,
        unit,
        label_nb: "".into(),
        label_nn: "".into(),
        label_en: "".into(),
        direction: None,
        ages: None,
        definition,
    }))
}

pub(crate) fn variable(name: &str, unit: UnitKind, kind: Kind) -> Variable {
    let [label_nb, label_nn, label_en] = ["", "", ""].map(Into::into);
    Variable { name: name.to_owned().into(), unit, kind, label_nb, label_nn, label_en }
}

pub(crate) fn codes(list: &[&str]) -> Kind {
    let code = |it: &&str| Code {
        code: (*it).to_owned().into(),
        nb: "".into(),
        nn: "".into(),
        en: "".into(),
        group: None,
    };
    Kind::Code(list.iter().map(code).collect())
}

pub(crate) fn sql(text: &str) -> Definition {
    Definition::Sql(text.to_owned().into())
}

fn places(mistakes: &[Mistake]) -> Vec<(&str, Option<usize>)> {
    mistakes.iter().map(|it| (it.path.as_str(), it.offset)).collect()
}

#[test]
fn all_mistakes_come_at_once_with_their_places() {
    let mut it = protocol(&[12], &["A_ARBEID", "A_ARBIED", "A_ARBEID"]);
    it.variables = vec![
        variable("bostatus", UnitKind::Family, codes(&["GATE"])),
        variable("BOLIG", UnitKind::Family, Kind::YesNo),
        variable("FRITID_IDRETT", UnitKind::Child, Kind::YesNo),
        variable("KODE", UnitKind::Family, codes(&["A", "B", "A"])),
        variable("TOM", UnitKind::Family, codes(&[])),
        variable("TALL", UnitKind::Family, Kind::Integer { min: 5, max: 1 }),
    ];
    let category = |code: &str, sql: &str| Category {
        code: code.to_owned(),
        nb: String::new(),
        en: String::new(),
        sql: sql.to_owned(),
    };
    let categories = vec![category("EN", "KODE = 'A'"), category("EN", "KODE = 'X'")];
    it.outcomes.extend([
        own("F_X", UnitKind::Family, sql("KODE = 'A'\nAND INNTEKT = 'LONN'")),
        own("F_Y", UnitKind::Family, Definition::Any("F_X".into())),
        own("F_Z", UnitKind::Family, Definition::Categories(categories)),
        own("KODE", UnitKind::Family, sql("BOLIG = 'EID'")),
        own("A_Z", UnitKind::Adult, Definition::Share("A_ARBEID".into())),
        own("F_W", UnitKind::Family, sql("1 = 1")),
        own("F_V", UnitKind::Family, sql("F_V = 1")),
        own("F_U", UnitKind::Family, Definition::All("A_INGEN".into())),
    ]);
    let mistakes = Panel::new(&it).unwrap_err();
    assert_eq!(
        places(&mistakes),
        [
            ("variable[0].name", None),
            ("variable[1].name", None),
            ("variable[2].name", None),
            ("variable[3].codes[2].code", None),
            ("variable[4].codes", None),
            ("variable[5].max", None),
            ("outcome[1].id", None),
            ("outcome[2].id", None),
            ("outcome[3].sql", Some(16)),
            ("outcome[4].any", None),
            ("outcome[5].categories[1].code", None),
            ("outcome[5].categories[1].sql", Some(8)),
            ("outcome[6].id", None),
            ("outcome[7].share", None),
            ("outcome[8].sql", None),
            ("outcome[9].sql", Some(1)),
            ("outcome[10].all", None),
        ]
    );
}

#[test]
fn the_same_protocol_gives_the_same_text() {
    let it = protocol(&[0, 12], &["F_LONN_UTEN_SOSHJ", "C_FRITID", "F_SOSHJ_KR"]);
    let (one, two) = (Panel::new(&it).unwrap(), Panel::new(&it).unwrap());
    assert_eq!(one.outcomes_sql(), two.outcomes_sql());
    assert_eq!(one.panel_sql(), two.panel_sql());
    assert_eq!(one.flow_sql(), two.flow_sql());
    let ids: Vec<&str> = one.outcomes().map(|it| it.id.as_ref()).collect();
    assert_eq!(ids, ["F_LONN_UTEN_SOSHJ", "C_FRITID", "F_SOSHJ_KR"]);
}

/// Section 4: no decimal literals, every ORDER BY with NULLS placed, and no LIMIT.
#[test]
fn the_texts_keep_to_the_portable_subset() {
    let all: Vec<&str> =
        lodd_panel::dictionary::DICTIONARY.iter().map(|it| it.id.as_ref()).collect();
    let panel = Panel::new(&protocol(&[0, 12], &all)).unwrap();
    let arms = lodd_panel::arms::Arms::new(["follow-up", "ordinary"]).unwrap();
    for text in [
        panel.panel_sql(),
        panel.outcomes_sql(),
        panel.flow_sql(),
        panel.observations_sql(),
        panel.spells_sql(),
        panel.transitions_sql(&arms),
        panel.stock_sql(&arms),
    ] {
        let code: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"))
            .collect::<Vec<_>>()
            .join("\n");
        assert!(!code.contains("LIMIT") && !code.contains("ABS(") && !code.contains('{'));
        let decimal = code
            .as_bytes()
            .windows(3)
            .any(|it| it[0].is_ascii_digit() && it[1] == b'.' && it[2].is_ascii_digit());
        assert!(!decimal);
        let directions = code.matches(" ASC").count() + code.matches(" DESC").count();
        assert_eq!(directions, code.matches(" NULLS ").count());
    }
}
