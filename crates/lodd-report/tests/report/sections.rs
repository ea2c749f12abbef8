//! The order of the report, the evaluator's own words, and the tables behind the main results.

use lodd_report::*;

use crate::{
    fixture::{effect, housing, null, ringerike, written},
    html::text_of,
};

#[expect(clippy::unwrap_used, reason = "a panic here is a failing test")]
fn nb(report: &Report) -> String {
    written(report, Lang::Nb).unwrap()
}

/// The headings of chapters, as they stand.
fn headings(page: &str) -> Vec<String> {
    text_of(page, "h2")
}

/// The order of the specification, chapters 1 to 11.
#[test]
fn the_order_is_that_of_an_evaluation_report() {
    let page = nb(&ringerike());
    let expected = [
        "Innhold",
        "Sammendrag",
        "English summary",
        "1 Innledning",
        "2 Tiltaket",
        "3 Data og metode",
        "4 Gjennomføring",
        "5 Hvem er familiene?",
        "6 Var trekningen tilfeldig?",
        "7 Effekter",
        "8 Undergrupper og robusthet",
        "9 Kostnader",
        "10 Diskusjon",
        "11 Konklusjon",
        "A Analyseplanen",
        "B Plan og rapport",
        "C Avvikslogg",
        "D Trekningsprotokoll",
        "E Sjekkliste etter CONSORT-SPI",
        "F Fullstendige tabeller",
        "G Filer",
    ];
    assert_eq!(headings(&page), expected);
    let english = written(&ringerike(), Lang::En).unwrap();
    assert!(!headings(&english).contains(&"English summary".to_owned()));
    assert!(page.contains("<section lang=\"en\" aria-labelledby=\"english-summary\">"));
}

#[test]
fn an_unwritten_chapter_says_so() {
    let unwritten = "Denne delen er ikke skrevet.";
    let page = nb(&ringerike());
    let after = |title: &str| {
        page.split_once(title).unwrap().1.split_once("</section>").unwrap().0.to_owned()
    };
    assert!(after("Konklusjon</h2>").contains(unwritten));
    assert!(!after("Sammendrag</h2>").contains(unwritten));
}

#[test]
fn the_evaluators_words_stand_first() {
    let mut report = ringerike();
    let text = "Første linje\nløper videre.\n\n## Bakgrunn\n\n- ett <b>punkt</b>\n- to\n";
    let words = Text { nb: text.into(), nn: "Nynorsk tekst.".into(), en: String::new() };
    report.profile.prose.insert("introduction".into(), words.clone());
    report.profile.prose.insert("foreword".into(), words);
    let page = nb(&report);
    assert_eq!(headings(&page)[1], "Forord");
    let introduction = page.split_once("Innledning</h2>").unwrap().1;
    assert!(introduction.trim_start().starts_with("<p>Første linje løper videre.</p>"));
    assert!(introduction.contains("<h3>Bakgrunn</h3>"));
    assert!(introduction.contains("<li>ett &#60;b&#62;punkt&#60;/b&#62;</li>\n<li>to</li>"));
    assert!(written(&report, Lang::Nn).unwrap().contains("Nynorsk tekst."));
    let english = written(&report, Lang::En).unwrap();
    assert!(english.contains("stands in the Norwegian report") && !english.contains("løper"));
}

/// What the interval rules out is said of main findings, whichever way they went.
#[test]
fn the_discussion_says_what_is_ruled_out() {
    let page = nb(&ringerike());
    assert!(page.contains(
        "På 95 prosents nivå er tallene ikke forenlige med en effekt under −8,0 prosentpoeng eller \
         over 14,2 prosentpoeng. Intervallet rommer effekter så store som dem forsøket var laget \
         for å avdekke (12,5 prosentpoeng)."
    ));
    let mut report = ringerike();
    report.effects[0].interval = Some((-0.08, 0.12));
    assert!(nb(&report).contains("(12,5 prosentpoeng), ligger utenfor intervallet."));
}

/// The cells of a table's last row with this head, as text.
#[track_caller]
#[expect(clippy::unwrap_used, reason = "a panic here is a failing test")]
fn row(page: &str, caption: &str, head: &str) -> Vec<String> {
    let table = page.split_once(&format!("</strong> {caption}")).unwrap().1;
    let table = table.split_once("</table>").unwrap().0;
    let rows = table.split("<tr").skip(1);
    let found = rows.filter(|it| it.contains(head)).map(|it| {
        let cells = it.split("<td>").skip(1).map(|cell| cell.split_once("</td>").unwrap().0);
        cells.map(crate::html::plain).collect()
    });
    found.last().unwrap()
}

/// T6: everything that stands behind one number.
#[test]
fn main_results_have_all_that_they_rest_on() {
    let mut report = ringerike();
    report.effects[0] = Effect {
        p_adjusted: vec![("holm".into(), 0.9), ("bh".into(), 0.61)],
        icc: Some(0.12),
        icc_interval: Some((0.02, 0.251)),
        families: Some(57),
        offices: Some(1),
        ..null()
    };
    let page = nb(&report);
    assert_eq!(
        row(&page, "Hovedresultater, familier", ">Arbeid etter 12 måneder"),
        [
            "33,3\u{a0}% 5 av 15",
            "28,6\u{a0}% 12 av 42",
            "3,1 prosentpoeng",
            "5,6 df 22,4",
            "−8,0",
            "14,2",
            "0,590",
            "0,900 Holm; Benjamini–Hochberg 0,610",
            "0,748"
        ]
    );
    assert_eq!(
        row(
            &page,
            "Utvalg og presisjon bak hovedresultatene, familier",
            ">Arbeid etter 12 måneder"
        ),
        ["15", "42", "15", "42", "57", "1", "0,12 0,02 til 0,25", "12,5 prosentpoeng"]
    );
}

fn part(label: &str, estimate: f64) -> Part {
    Part {
        label: Text::same(label),
        estimate: Some(estimate),
        std_error: Some(0.1),
        interval: Some((estimate - 0.2, estimate + 0.2)),
        p_value: Some(0.5),
    }
}

/// T7, T8 and T9.
#[test]
fn taking_part_subgroups_and_other_methods_have_their_tables() {
    let mut report = ringerike();
    report.received = vec![Received {
        effect: Effect { estimate: Some(0.05), ..null() },
        first_stage: Some(0.62),
        first_stage_f: Some(31.44),
        itt: Some(0.031),
        robust_interval: Some((-0.13, 0.24)),
    }];
    report.subgroups = vec![Subgroups {
        effect: null(),
        groups: vec![part("barn: 1", 0.1), part("barn: 2", -0.1)],
        differences: vec![part("barn: 2", -0.2)],
    }];
    let other = Effect { estimator: "lin".into(), estimate: Some(0.04), ..null() };
    let bounds =
        Effect { estimator: "manski_bounds".into(), estimate: None, se_type: None, ..null() };
    report.robustness = vec![
        Robustness { effect: other, bounds: None },
        Robustness { effect: bounds, bounds: Some((-0.31, 0.27)) },
    ];
    let page = nb(&report);
    let taking_part = row(&page, "Effekt av deltakelse, familier", ">Arbeid etter 12 måneder");
    assert_eq!(taking_part[5..], ["3,1", "0,62", "31,4", "−13,0", "24,0"]);
    let groups = |head| row(&page, "Undergrupper, familier", head);
    assert_eq!(groups(">Barn: 2"), ["−10,0", "10,0", "−30,0", "10,0", "0,500"]);
    assert_eq!(groups("Forskjell i effekt: barn: 2")[0], "−20,0");
    let others = |head| row(&page, "Robusthet, familier", head);
    assert_eq!(others("Lineær regresjon med sentrerte kovariater")[0], "4,0");
    let worst = others("Grenser i verste fall");
    assert_eq!(worst, [".", ".", ".", ".", ".", ".", "57", "−31,0", "27,0"]);
    assert!(page.contains("Det som skal leses, er testen av om effekten er ulik"));
}

/// What no draw made is never told as if one had.
#[test]
fn those_who_started_are_no_randomised_comparison() {
    let mut report = ringerike();
    report.effects.push(Effect { population: Population::Started, headline: false, ..null() });
    let page = nb(&report);
    assert!(page.contains("<span class=\"badge\">ikke en randomisert sammenligning</span>"));
    assert!(page.contains("blant dem som startet"));
    assert!(!nb(&ringerike()).contains("ikke en randomisert sammenligning"));
}

#[test]
fn costs_are_divided_by_the_families_drawn() {
    let mut report = ringerike();
    report.profile.costs = vec![Cost {
        label: Text::new("Familiekoordinator", "Coordinator"),
        arm: Some("follow-up".into()),
        nok: 900_000.0,
        year: 2016,
        source: "regnskap".into(),
    }];
    let (kind, name) = (FileKind::ProfileTables, "profile_tables.parquet".to_owned());
    assert!(
        matches!(render(&report, Lang::Nb, Format::Html), Err(ReportError::NoFile(it)) if it == kind)
    );
    report.files.push(DataFile { kind, name, sha256: None });
    let cells = row(&nb(&report), "Kostnader", "Familiekoordinator");
    assert_eq!(cells, ["Oppfølging", "900\u{202f}000", "2016", "60\u{202f}000", "regnskap"]);
    assert!(nb(&ringerike()).contains("Kostnader er ikke oppgitt"));
}

#[test]
fn every_planned_analysis_is_accounted_for() {
    let planned = |analysis: &str, fate| Planned {
        analysis: analysis.into(),
        outcome: Text::new("Arbeid", "Work"),
        horizon: Some(Horizon::Months(12)),
        estimator: "lm_robust".into(),
        fate,
    };
    let mut report = ringerike();
    report.planned = vec![
        planned("a", Fate::Run { status: Status::Confirmatory, numbers: 3 }),
        planned("b", Fate::NoEstimate(Some("one arm is empty".into()))),
        planned("c", Fate::NotRun),
    ];
    let page = nb(&report);
    assert!(page.contains("2 av 3 er kjørt."));
    let fate = |id: &str| row(&page, "Plan og rapport", &format!(">{id}<"))[2].clone();
    assert_eq!(fate("a"), "kjørt");
    assert_eq!(fate("b"), "kjørt, men tallet lar seg ikke beregne (one arm is empty)");
    assert!(fate("c").starts_with("ikke kjørt"));
    // Both effects of the report are of an analysis that the plan has not.
    assert!(page.contains("1 analyse sto ikke i planen."));
}

#[test]
fn deviations_are_those_of_the_ledger() {
    let mut report = ringerike();
    assert!(nb(&report).contains("Loggen har ingen avvik"));
    let deviation = |entry, kind, reason: &str| Deviation {
        at: "2015-09-01T12:00:00Z".into(),
        entry,
        kind,
        reason: reason.into(),
    };
    report.deviations = vec![
        deviation(4, DeviationKind::Void { draw: 1 }, "strømbrudd"),
        deviation(9, DeviationKind::Strike { leaves: false }, ""),
    ];
    let page = nb(&report);
    let cells = |head: &str| row(&page, "Avvik fra den låste protokollen", head);
    assert_eq!(
        cells(">4<")[1..],
        ["Trekning 1 ble gitt opp før resultatet var kjent", "strømbrudd"]
    );
    assert_eq!(cells(">9<")[2], "ingen grunn er ført");
}

/// What the pilot shows is filled in with its section; what nobody has told is open.
#[test]
fn the_checklist_points_to_sections_or_is_open() {
    let mut report = ringerike();
    report.profile.checklist.insert("26a".into(), "kapittel 2".into());
    let page = nb(&report);
    let place =
        |item: &str| row(&page, "Sjekkliste etter CONSORT-SPI", &format!("\">{item}<"))[1].clone();
    assert_eq!(place("13a"), "del 4");
    assert_eq!(place("8a"), "del 3.2 og del D");
    assert_eq!(place("26a"), "kapittel 2");
    assert_eq!(place("11a"), "åpent");
    assert_eq!(place("20"), "åpent");
    let open = page.matches("<td>åpent</td>").count();
    assert!(page.contains(&format!("{open} av 43 punkter er åpne")));
}

/// An effect of offices names their arms, which are not the report's.
#[test]
fn arms_of_offices_have_their_own_names() {
    let arms = Pair::new(Text::new("Modell", "Model"), Text::new("Egen måte", "Own way"));
    let of_offices = Effect {
        contrast: Contrast::Model,
        arm: "model".into(),
        arms: Some(arms),
        means: Some(Pair::new(0.5, 0.4)),
        ..effect(12, 0.1, 0.1, (-0.1, 0.3))
    };
    let report = Report { effects: vec![of_offices], ..housing() };
    let page = nb(&report);
    assert!(page.contains("i gruppen Modell og 40,0 prosent i kontrollgruppen (Egen måte)"));
    assert!(page.contains("trukne familier i modellkontor mot dem i de andre"));
}
