//! The roster: all of it or nothing, and all its mistakes at once.

use lodd_intake::{
    Expectations, Findings, KnownMember, Lang, Limits, Role, Roster, Upload, roster,
};

use super::support::{Book, Put, expectations, families, places, row, words};

/// Before the first roster nothing is known but the offices.
fn before() -> Expectations {
    let mut expect = expectations();
    expect.families.clear();
    expect.members.clear();
    expect.drawn = None;
    expect
}

/// Two families, one in each office.
fn clean() -> Book {
    let ids = families();
    let (one, two) = (ids[0].as_str(), ids[1].as_str());
    let member = |family: &str, end: &str, role: &str, born: f64| {
        vec![
            format!("{family}-{end}").into(),
            family.into(),
            role.into(),
            born.into(),
            Put::Nothing,
        ]
    };
    Book::new(&[
        (
            "Familier",
            vec![
                row(&["Familie ID", "Kontor", "Registrert"]),
                vec![one.into(), "ringerike".into(), Put::Date(2015, 6, 1)],
                row(&[two, "Hadsel", "2.6.2015"]),
            ],
        ),
        (
            "Medlemmer",
            vec![
                row(&["medlem_id", "familie_id", "rolle", "fødselsår", "kjønn"]),
                member(one, "A1", "forelder", 1980.0),
                member(one, "B1", "BARN", 2008.0),
                member(two, "A1", "PARTNER", 1975.0),
                member(two, "A2", "ANNEN_VOKSEN", 1996.0),
            ],
        ),
        (
            "Måneder",
            vec![
                row(&["familie_id", "måned", "stønad", "lån"]),
                vec![one.into(), "2015-03".into(), 8000.0.into(), 0.0.into()],
                vec![one.into(), "2015-04".into(), "12 500".into(), Put::Nothing],
            ],
        ),
        (
            "Fakta",
            vec![
                row(&["familie_id", "kriterium", "observert", "verdi"]),
                row(&[two, "annen ytelse", "2015-06-01", "Dagpenger"]),
            ],
        ),
    ])
}

fn judge(book: &Book) -> Result<Roster, Findings> {
    roster(&[Upload { name: "roster.xlsx", bytes: &book.bytes() }], &before(), &Limits::default())
}

fn put(book: &mut Book, place: &str, value: impl Into<Put>) {
    book.put(place, value);
}

#[track_caller]
fn check_refused(change: impl Fn(&mut Book), expected: &[&str]) {
    let mut book = clean();
    change(&mut book);
    let refused = judge(&book).unwrap_err();
    assert_eq!(places(&refused), expected);
}

#[test]
fn a_clean_roster_is_read_whole() {
    let got = judge(&clean()).unwrap();
    assert!(got.findings.is_empty(), "{:?}", places(&got.findings));
    let ids = families();
    let one = got.families.iter().find(|it| it.family_id == ids[0]).unwrap();
    assert_eq!(one.office_id, "ringerike");
    assert_eq!(one.registered_on, jiff::civil::date(2015, 6, 1));
    let two = got.families.iter().find(|it| it.family_id == ids[1]).unwrap();
    assert_eq!(
        (two.office_id.as_str(), two.registered_on),
        ("hadsel", jiff::civil::date(2015, 6, 2))
    );
    let roles: Vec<_> = got.members.iter().map(|it| (it.member_id.as_str(), it.role)).collect();
    let (a1, b1) = (format!("{}-A1", ids[0]), format!("{}-B1", ids[0]));
    assert!(roles.contains(&(&a1, Role::Parent)) && roles.contains(&(&b1, Role::Child)));
    assert_eq!(got.members.len(), 4);
    assert_eq!(got.members.iter().find(|it| it.member_id == b1).unwrap().birth_year, 2008);
    let months: Vec<_> = got.months.iter().map(|it| (it.month, it.grant, it.loan)).collect();
    assert_eq!(months, [(2015 * 12 + 2, Some(8000), Some(0)), (2015 * 12 + 3, Some(12500), None)]);
    let fact = &got.facts[0];
    assert_eq!((fact.criterion.as_str(), fact.value.as_str()), ("ANNEN_YTELSE", "DAGPENGER"));
}

#[test]
fn each_mistake_is_found_where_it_is() {
    let id = families()[0].clone();
    check_refused(|it| put(it, "Familier!B2", "Drammen"), &["D10 Familier!B2"]);
    check_refused(|it| put(it, "Familier!C2", "31.02.2015"), &["D04 Familier!C2"]);
    check_refused(|it| put(it, "Familier!C2", "2017-01-01"), &["D05 Familier!C2"]);
    check_refused(|it| put(it, "Familier!A2", "RIN-7KQ5-R"), &["D09 Familier!A2"]);
    check_refused(|it| put(it, "Familier!A2", ""), &["D12 Familier!A2"]);
    check_refused(|it| put(it, "Medlemmer!C2", "MOR"), &["D10 Medlemmer!C2"]);
    check_refused(|it| put(it, "Medlemmer!C2", "BARN"), &["D10 Medlemmer!C2"]);
    check_refused(|it| put(it, "Medlemmer!D2", 2050.0), &["D13 Medlemmer!D2"]);
    check_refused(|it| put(it, "Medlemmer!D2", "01.02.1980"), &["D13 Medlemmer!D2"]);
    check_refused(|it| put(it, "Medlemmer!E2", "X"), &["D10 Medlemmer!E2"]);
    check_refused(|it| put(it, "Medlemmer!A4", format!("{id}-A4")), &["K09 Medlemmer!A4"]);
    check_refused(|it| put(it, "Medlemmer!B2", "RIN-XXXX-M"), &["K20 Medlemmer!B2"]);
    check_refused(|it| put(it, "Måneder!C2", "37,5"), &["D13 Måneder!C2"]);
    check_refused(|it| put(it, "Måneder!C2", "1.234"), &["C07 Måneder!C2"]);
    check_refused(|it| put(it, "Fakta!D2", ""), &["D12 Fakta!D2"]);
    check_refused(|it| drop(it.rows("Medlemmer").drain(1..)), &["F06 Medlemmer"]);
    check_refused(|it| drop(it.sheets.remove(1)), &["H01"]);
    check_refused(|it| put(it, "Medlemmer!F1", "Navn"), &["P05 Medlemmer!F1"]);
}

#[test]
fn a_family_or_member_twice_stops_the_roster_even_if_the_rows_agree() {
    check_refused(
        |it| {
            let again = it.rows("Familier")[1].clone();
            it.rows("Familier").push(again);
        },
        &["K19 Familier 4"],
    );
    check_refused(
        |it| {
            let again = it.rows("Medlemmer")[1].clone();
            it.rows("Medlemmer").push(again);
        },
        &["K19 Medlemmer 6"],
    );
    let mut book = clean();
    let again = book.rows("Måneder")[1].clone();
    book.rows("Måneder").push(again);
    let got = judge(&book).unwrap();
    assert_eq!(places(&got.findings), ["K01 Måneder 4"]);
    assert_eq!(got.months.len(), 2);
    book.put("Måneder!C4", 1.0);
    assert_eq!(places(&judge(&book).unwrap_err()), ["K02 Måneder 4"]);
}

#[test]
fn all_mistakes_of_all_files_are_told_at_once() {
    let mut book = clean();
    book.put("Familier!B2", "Drammen").put("Medlemmer!C2", "MOR").put("Måneder!C2", "1.234");
    let ids = families();
    let facts = format!("familie_id,kriterium,observert,verdi\n{},ytelse,2099-01-01,AAP\n", ids[1]);
    let files = [
        Upload { name: "roster.xlsx", bytes: &book.bytes() },
        Upload { name: "fakta.csv", bytes: facts.as_bytes() },
        Upload { name: "notat.pdf", bytes: b"%PDF" },
    ];
    let refused = roster(&files, &before(), &Limits::default()).unwrap_err();
    let mut found = places(&refused);
    found.sort();
    assert_eq!(
        found,
        ["C07 Måneder!C2", "D05 fakta!B2", "D10 Familier!B2", "D10 Medlemmer!C2", "F01"]
            .map(|it| it.replace("fakta!B2", "fakta!C2"))
    );
    assert!(words(&refused).contains("notat.pdf"));
}

#[test]
fn a_roster_may_come_as_several_csv_files_and_build_on_what_is_known() {
    let ids = families();
    let families = format!("familie_id;kontor;registrert\n{};ringerike;01.06.2015\n", ids[0]);
    let members =
        format!("medlem_id;familie_id;rolle;fodselsar\n{0}-A1;{0};FORELDER;1980\n", ids[0]);
    let files = [
        Upload { name: "medlemmer.csv", bytes: members.as_bytes() },
        Upload { name: "familier.csv", bytes: families.as_bytes() },
    ];
    let got = roster(&files, &before(), &Limits::default()).unwrap();
    assert_eq!((got.families.len(), got.members.len()), (1, 1));
    assert_eq!(got.findings.worst(), Some(lodd_intake::catalogue::Severity::Info));

    let months = format!("familie_id,maned,stonad,lan\n{},2015-05,100,0\n", ids[3]);
    let file = [Upload { name: "maneder.csv", bytes: months.as_bytes() }];
    let got = roster(&file, &expectations(), &Limits::default()).unwrap();
    assert_eq!(got.months.len(), 1);
    let refused = roster(&file, &before(), &Limits::default()).unwrap_err();
    assert!(refused.lines(Lang::Nb)[0].contains("Arket «Familier» mangler"), "{refused:?}");
}

/// The clean roster again, once its families have been drawn.
fn again(change: impl Fn(&mut Book)) -> Result<Roster, Findings> {
    let mut book = clean();
    change(&mut book);
    let read = roster(
        &[Upload { name: "roster.xlsx", bytes: &clean().bytes() }],
        &before(),
        &Limits::default(),
    );
    let mut expect = before();
    let known = read.unwrap();
    for it in known.members {
        let known =
            KnownMember { family_id: it.family_id, role: it.role, birth_year: Some(it.birth_year) };
        expect.members.insert(it.member_id, known);
    }
    expect.families = known.families.into_iter().map(|it| (it.family_id, it.office_id)).collect();
    expect.drawn = Some(expect.families.keys().cloned().collect());
    let bytes = book.bytes();
    roster(&[Upload { name: "roster.xlsx", bytes: &bytes }], &expect, &Limits::default())
}

/// Nobody leaves a family that has been drawn: not by `#SLETT`, not by leaving the list, not by not
/// being named.
#[test]
fn a_member_of_a_drawn_family_is_never_dropped() {
    assert!(again(|_| {}).unwrap().findings.is_empty());
    let slett = again(|it| put(it, "Medlemmer!C3", "#SLETT")).unwrap_err();
    assert_eq!(places(&slett), ["K18 Medlemmer!C3"]);
    let left = again(|it| {
        put(it, "Medlemmer!F1", "utmeldt");
        put(it, "Medlemmer!F3", "2016-01-01");
    });
    assert_eq!(places(&left.unwrap_err()), ["K18 Medlemmer!F3"]);
    let unnamed = again(|it| drop(it.rows("Medlemmer").remove(2))).unwrap_err();
    assert_eq!(places(&unnamed), ["K18 Familier 2"]);
    let told = unnamed.iter().next().unwrap().message(Lang::Nn);
    assert_eq!(told, "Familiemedlem RIN-7KQ4-R-B1 kan ikkje slettast; set til-dato.");
    // A grown child at home is not one of those who are counted.
    assert!(again(|it| drop(it.rows("Medlemmer").remove(4))).is_ok());
}

#[test]
fn another_year_of_birth_is_asked_about() {
    let changed = again(|it| put(it, "Medlemmer!D3", 2009.0)).unwrap();
    assert_eq!(places(&changed.findings), ["K15 Medlemmer!D3"]);
    let told = changed.findings.iter().next().unwrap().message(Lang::Nb);
    assert_eq!(told, "RIN-7KQ4-R-B1: 2008 → 2009 er uvanlig.");
}
