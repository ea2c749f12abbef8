//! The specification's wording rules, against its own sentences.

use lodd_report::*;

use crate::fixture::{effect, housing, null, ringerike, written};

fn said(effect: &Effect, lang: Lang) -> String {
    finding(&ringerike(), &Effect { means: None, ..effect.clone() }, lang)
}

#[test]
fn a_null_is_worded_as_the_specification_says() {
    assert_eq!(
        said(&null(), Lang::Nb),
        "Vi finner ingen statistisk sikker effekt: 3,1 prosentpoeng (95 % KI −8,0 til 14,2). \
         Forsøket kunne bare ventes å avdekke effekter på minst 12,5 prosentpoeng."
    );
    assert_eq!(
        said(&null(), Lang::En),
        "We find no statistically certain effect: 3.1 percentage points (95% CI −8.0 to 14.2). \
         The trial could only be expected to detect effects of at least 12.5 percentage points."
    );
}

#[test]
fn what_could_be_detected_is_said_only_where_it_is_known() {
    let unknown = Effect { mde: None, ..null() };
    assert_eq!(
        said(&unknown, Lang::Nb),
        "Vi finner ingen statistisk sikker effekt: 3,1 prosentpoeng (95 % KI −8,0 til 14,2)."
    );
}

#[test]
fn a_certain_result_is_worded_neutrally() {
    let report = housing();
    assert_eq!(
        finding(&report, &report.effects[1], Lang::Nb),
        "Andelen er 73,2 prosent (115 av 157) i gruppen Husleiebevis og 32,9 prosent (48 av 146) i \
         kontrollgruppen (Uten husleiebevis). Forskjellen er 40,4 prosentpoeng (95 % KI 30,0 til \
         50,7; p < 0,001). Den er statistisk sikker på 5 prosents nivå."
    );
    assert_eq!(
        finding(&report, &report.effects[1], Lang::En),
        "The share is 73.2 per cent (115 of 157) in the group Certificate and 32.9 per cent (48 of \
         146) in the control group (No certificate). The difference is 40.4 percentage points \
         (95% CI 30.0 to 50.7; p < 0.001). It is statistically certain at the 5 per cent level."
    );
}

/// A difference of months is in months, never in percentage points.
#[test]
fn the_unit_follows_the_outcome() {
    let months = Effect {
        measure: Measure::Months,
        estimate: Some(-1.7),
        mde: Some(2.0),
        interval: Some((-4.0, 0.6)),
        ..null()
    };
    assert_eq!(
        said(&months, Lang::Nb),
        "Vi finner ingen statistisk sikker effekt: −1,7 måneder (95 % KI −4,0 til 0,6). \
         Forsøket kunne bare ventes å avdekke effekter på minst 2,0 måneder."
    );
    let kroner = Effect {
        measure: Measure::Kroner,
        estimate: Some(-12_345.6),
        mde: None,
        interval: Some((-30_000.0, 5_000.0)),
        ..null()
    };
    assert_eq!(
        said(&kroner, Lang::Nb),
        "Vi finner ingen statistisk sikker effekt: −12\u{202f}346 kroner (95 % KI −30\u{202f}000 til 5\u{202f}000)."
    );
}

/// One test below alpha and one above: not certain, and both are told.
#[test]
fn tests_that_disagree_make_no_certain_result() {
    let torn = Effect { p_value: Some(0.03), p_randomization: Some(0.07), mde: None, ..null() };
    assert_eq!(
        said(&torn, Lang::Nb),
        "Vi finner ingen statistisk sikker effekt: 3,1 prosentpoeng (95 % KI −8,0 til 14,2). \
         Testene er ikke enige: p = 0,030 fra modellen, p = 0,070 når trekningen kjøres om igjen. \
         Resultatet regnes derfor ikke som statistisk sikkert."
    );
    assert!(
        said(&Effect { p_randomization: Some(0.049), ..torn }, Lang::Nb)
            .contains("statistisk sikker på 5 prosents nivå")
    );
}

#[test]
fn without_p_values_the_interval_decides() {
    let bare = Effect { p_value: None, p_randomization: None, mde: None, ..null() };
    assert!(said(&bare, Lang::Nb).starts_with("Vi finner ingen statistisk sikker effekt"));
    let apart = Effect { interval: Some((0.01, 0.05)), ..bare.clone() };
    assert!(said(&apart, Lang::Nb).ends_with("Den er statistisk sikker på 5 prosents nivå."));
    let alone = Effect { interval: None, ..bare.clone() };
    assert_eq!(
        said(&alone, Lang::Nb),
        "Forskjellen er 3,1 prosentpoeng. Usikkerheten lar seg ikke beregne."
    );
    let none = Effect { estimate: None, ..bare };
    assert_eq!(said(&none, Lang::Nb), "Forskjellen lar seg ikke beregne.");
}

/// Exactly 20 per cent, and exactly 10 points, are not over it.
#[test]
fn attrition_is_said_when_it_is_over_the_limits() {
    let at = |treated, control| {
        let it =
            Effect { n: Pair::new(treated, control), drawn: Some(Pair::new(100, 100)), ..null() };
        said(&it, Lang::Nb)
    };
    let (overall, apart) = ("Over 20 prosent av dem", "over 10 prosentpoeng ulik");
    assert!(!at(80, 80).contains(overall) && !at(90, 100).contains(apart));
    assert!(at(79, 80).contains(overall) && at(89, 100).contains(apart));
}

#[test]
fn one_is_singular_in_running_text() {
    let mut report = ringerike();
    report.eligibility.as_mut().unwrap().assessed = Cell::Count(1);
    let page = written(&report, Lang::Nb).unwrap();
    assert!(page.contains("1 familie ble vurdert"));
    assert!(page.contains("57 familier var med i trekningen 20.08.2015: 15 til Oppfølging og 42 til Ordinære tjenester (kontrollgruppen)."));
    report.runs = 1;
    assert!(written(&report, Lang::Nb).unwrap().contains("Analysen er kjørt 1 gang."));
    report.effects =
        vec![Effect { horizon: Horizon::Months(1), ..effect(12, 0.4, 0.1, (0.1, 0.6)) }];
    report.effects[0].arm = "follow-up".into();
    assert!(written(&report, Lang::Nb).unwrap().contains("etter 1 måned<"));
}
