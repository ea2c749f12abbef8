//! Two pilots as the program would fill them in: one imported with a clear effect, one rehearsal
//! with a null. The numbers of the first are those of Hurlburt, Wood and Hough (1996) at 12 months
//! where they are published; the rest is made up for the tests.

use lodd_report::*;

/// The page, in one language.
#[expect(clippy::unwrap_used, reason = "a page is text")]
pub(crate) fn written(report: &Report, lang: Lang) -> Result<String, ReportError> {
    render(report, lang, Format::Html).map(|page| String::from_utf8(page).unwrap())
}

fn files() -> Vec<DataFile> {
    let kinds = [
        (FileKind::Screening, "screening.parquet"),
        (FileKind::Assignments, "assignments.parquet"),
        (FileKind::Panel, "panel.parquet"),
        (FileKind::Outcomes, "outcomes.parquet"),
        (FileKind::Flow, "flow.parquet"),
        (FileKind::Estimates, "estimates.parquet"),
    ];
    kinds
        .map(|(kind, name)| DataFile { kind, name: name.into(), sha256: Some("ab".repeat(32)) })
        .into()
}

fn arm(label: &str, nb: &str, en: &str) -> Arm {
    Arm { label: label.into(), name: Text::new(nb, en) }
}

fn flow(
    level: Unit,
    arm: Option<&str>,
    stage: Stage,
    horizon: Option<u32>,
    reason: Option<&str>,
    count: u64,
) -> FlowRow {
    FlowRow {
        level,
        arm: arm.map(str::to_owned),
        stage,
        horizon: horizon.map(Horizon::Months),
        source: None,
        register: None,
        outcome: None,
        reason: reason.map(|code| Reason::Code(code.into())),
        count: Cell::Count(count),
    }
}

pub(crate) fn column(
    unit: Unit,
    arm: &str,
    drawn: u64,
    observed: u64,
    counts: &[u64],
) -> StatusColumn {
    StatusColumn {
        unit,
        arm: arm.into(),
        drawn: Cell::Count(drawn),
        due: Cell::Count(drawn),
        observed: Cell::Count(observed),
        counts: counts.iter().copied().map(Cell::Count).collect(),
    }
}

pub(crate) fn effect(months: u32, estimate: f64, std_error: f64, interval: (f64, f64)) -> Effect {
    Effect {
        analysis: format!("home-{months}"),
        label: Text::new("Selvstendig bolig", "Independent housing"),
        domain: Domain::Housing,
        contrast: Contrast::InitialOffer,
        population: Population::Drawn,
        headline: true,
        arm: "certificate".into(),
        arms: None,
        horizon: Horizon::Months(months),
        source: "VEILEDER".into(),
        register: None,
        unit: Unit::Adult,
        measure: Measure::Share,
        estimator: "difference_in_means".into(),
        se_type: Some("HC2".into()),
        drawn: Some(Pair::new(181, 181)),
        n: Pair::new(161, 161),
        events: None,
        means: None,
        estimate: Some(estimate),
        std_error: Some(std_error),
        df: None,
        interval: Some(interval),
        p_value: Some(0.000_05),
        p_randomization: None,
        p_adjusted: Vec::new(),
        icc: None,
        icc_interval: None,
        families: None,
        offices: None,
        mde: None,
        status: Status::Confirmatory,
        origin: Origin::Imported,
        note: None,
    }
}

fn housing_flow() -> Vec<FlowRow> {
    let adult = Unit::Adult;
    let mut rows = vec![flow(adult, None, Stage::Assessed, None, None, 362)];
    for (arm, observed) in [("certificate", [161, 157, 160]), ("ordinary", [152, 146, 149])] {
        rows.push(flow(adult, Some(arm), Stage::Drawn, None, None, 181));
        for (months, n) in [6, 12, 24].into_iter().zip(observed) {
            rows.push(flow(adult, Some(arm), Stage::Observed, Some(months), None, n));
            let missing =
                flow(adult, Some(arm), Stage::Missing, Some(months), Some("IKKE_NADD"), 181 - n);
            rows.push(missing);
        }
    }
    rows
}

fn housing_status() -> StatusTable {
    let adult = Unit::Adult;
    StatusTable {
        label: Text::new("Bosituasjon", "Housing"),
        unit: adult,
        source: "VEILEDER".into(),
        register: None,
        categories: vec![
            Text::new("Gata", "Street"),
            Text::new("Institusjon eller herberge", "Community"),
            Text::new("Selvstendig bolig", "Independent"),
        ],
        horizons: vec![
            StatusHorizon {
                horizon: Horizon::Months(0),
                columns: vec![
                    column(adult, "certificate", 181, 180, &[100, 61, 19]),
                    StatusColumn {
                        observed: Cell::Missing,
                        counts: vec![Cell::Missing, Cell::Suppressed, Cell::Impossible],
                        ..column(adult, "ordinary", 181, 0, &[])
                    },
                ],
            },
            StatusHorizon {
                horizon: Horizon::Months(12),
                columns: vec![
                    column(adult, "certificate", 181, 157, &[0, 42, 115]),
                    column(adult, "ordinary", 181, 146, &[31, 67, 48]),
                ],
            },
        ],
    }
}

fn housing_effects() -> Vec<Effect> {
    let twelve = Effect {
        n: Pair::new(157, 146),
        events: Some(Pair::new(115, 48)),
        means: Some(Pair::new(115.0 / 157.0, 48.0 / 146.0)),
        df: Some(295.820_350_7),
        p_randomization: Some(0.000_2),
        ..effect(12, 0.403_716_953_145, 0.052_706_957_439_9, (0.299_988_84, 0.507_445_07))
    };
    vec![
        Effect {
            status: Status::Exploratory,
            ..effect(6, 0.391_304_347_826, 0.050_873_887_833_1, (0.291_2, 0.491_4))
        },
        twelve,
        effect(24, 0.231_209_079_005, 0.056_016_275_454_1, (0.121, 0.341_5)),
    ]
}

fn housing_plan() -> Plan {
    Plan {
        sha256: "c0ffee".repeat(10),
        locked_at: "1995-12-01T09:00:00Z".into(),
        before_outcomes: true,
        text: "version = 1\n".into(),
    }
}

/// The imported trial: 181 in each arm, of whom 157 and 146 are observed at 12 months.
pub(crate) fn housing() -> Report {
    let adult = Unit::Adult;
    Report {
        title: Text::new(
            "Husleiebevis til bostedsløse i San Diego",
            "Rent certificates for homeless people in San Diego",
        ),
        pilot: "san-diego".into(),
        offices: vec!["San Diego".into()],
        arms: vec![
            arm("certificate", "Husleiebevis", "Certificate"),
            arm("ordinary", "Uten husleiebevis", "No certificate"),
        ],
        cut: "1996-01-15T12:00:00Z".into(),
        public: false,
        interim: false,
        plan: Some(housing_plan()),
        alpha: 0.05,
        runs: 1,
        scripted_clock: true,
        draws: vec![Draw {
            number: 1,
            origin: Origin::Imported,
            drawn_on: "1992-06-01".into(),
            unit: adult,
            protocol: None,
            blocks: vec![Block { name: Text::same("San Diego"), seats: vec![181, 181] }],
            joined: 0,
            commands: vec![],
        }],
        eligibility: None,
        flow: housing_flow(),
        reconciliation: Vec::new(),
        status: vec![housing_status()],
        outcomes: Vec::new(),
        descriptives: Vec::new(),
        profile_tables: Vec::new(),
        context: Vec::new(),
        harms_not_measured: Vec::new(),
        effects: housing_effects(),
        received: Vec::new(),
        subgroups: Vec::new(),
        robustness: Vec::new(),
        planned: Vec::new(),
        deviations: Vec::new(),
        paths: Vec::new(),
        months: Vec::new(),
        power: Vec::new(),
        notes: vec![Text::new("Dataene er fra en ekte studie.", "The data are from a real study.")],
        profile: Profile::default(),
        legal: Legal {
            processing_basis: "Offentlige, anonyme forskningsdata.".into(),
            deletion_date: "2030-12-31".into(),
            ..Legal::default()
        },
        files: files(),
        program: "lodd 0.1.0".into(),
    }
}

/// A null with what the design could detect: adults of the rehearsal.
pub(crate) fn null() -> Effect {
    Effect {
        label: Text::new("Arbeid", "Work"),
        arm: "follow-up".into(),
        unit: Unit::Family,
        source: "REGISTER".into(),
        register: Some("KOSTRA_11F".into()),
        n: Pair::new(15, 42),
        drawn: Some(Pair::new(15, 42)),
        events: Some(Pair::new(5, 12)),
        means: Some(Pair::new(1.0 / 3.0, 2.0 / 7.0)),
        df: Some(22.4),
        p_value: Some(0.59),
        p_randomization: Some(0.748),
        mde: Some(0.125),
        origin: Origin::Rehearsal,
        ..effect(12, 0.031, 0.056, (-0.0801, 0.1421))
    }
}

fn protocol() -> Protocol {
    Protocol {
        beacon: Beacon::Fixed { seed: "5eed".repeat(16) },
        announcement: "0123456789abcdef".repeat(4),
        plan: "fedcba9876543210".repeat(4),
        root: "00112233".repeat(8),
        taken_over: true,
    }
}

fn eligibility() -> Eligibility {
    let rule = |id: &str, nb: &str, en: &str, failed, failed_ineligible| RuleCount {
        id: id.into(),
        reason: Text::new(nb, en),
        failed: Cell::Count(failed),
        failed_ineligible: Cell::Count(failed_ineligible),
    };
    Eligibility {
        unit: Unit::Family,
        as_of: "2015-08-20".into(),
        assessed: Cell::Count(70),
        eligible: Cell::Count(57),
        expression: "barn AND (langvarig OR gjentatt OR annen_ytelse)".into(),
        rules: vec![
            rule(
                "barn",
                "har ikke 1–4 barn under 18 år hjemme",
                "does not have 1–4 children under 18 at home",
                5,
                5,
            ),
            rule(
                "langvarig",
                "har ikke hatt sosialhjelp i mer enn 6 av de siste 12 månedene",
                "has not had social assistance in more than 6 of the last 12 months",
                31,
                10,
            ),
            rule(
                "gjentatt",
                "har ikke hatt gjentatte perioder med sosialhjelp",
                "has not had repeated periods of social assistance",
                44,
                9,
            ),
        ],
    }
}

fn ringerike_flow() -> Vec<FlowRow> {
    let family = Unit::Family;
    let reason = Reason::Code("barn".into());
    let mut rows = vec![
        flow(family, None, Stage::Assessed, None, None, 70),
        flow(family, None, Stage::NotEligible, None, None, 13),
        FlowRow { reason: Some(reason), ..flow(family, None, Stage::NotEligible, None, None, 5) },
        flow(family, None, Stage::Eligible, None, None, 57),
    ];
    for (arm, drawn, reached) in [("follow-up", 15, 15), ("ordinary", 42, 40)] {
        rows.push(flow(family, Some(arm), Stage::Drawn, None, None, drawn));
        rows.push(flow(family, Some(arm), Stage::Observed, Some(12), None, reached));
        if drawn > reached {
            rows.push(flow(family, Some(arm), Stage::Missing, Some(12), Some("IKKE_NADD"), 1));
            rows.push(flow(
                family,
                Some(arm),
                Stage::Missing,
                Some(12),
                Some("FLYTTET_KOMMUNE"),
                1,
            ));
        }
        rows.push(flow(Unit::Child, Some(arm), Stage::Drawn, None, None, drawn * 2 - 1));
    }
    rows
}

fn ringerike_status(unit: Unit) -> StatusTable {
    let horizon = |horizon, treated: &[u64], control: &[u64]| StatusHorizon {
        horizon,
        columns: vec![
            column(unit, "follow-up", treated.iter().sum(), treated.iter().sum(), treated),
            column(unit, "ordinary", control.iter().sum(), control.iter().sum(), control),
        ],
    };
    StatusTable {
        label: Text::new("Hovedinntekt", "Main income"),
        unit,
        source: "VEILEDER".into(),
        register: None,
        categories: ["Sosialhjelp", "Deltid", "Heltid", "Andre ytelser"].map(Text::same).into(),
        horizons: vec![
            horizon(Horizon::Months(0), &[12, 2, 1, 3], &[30, 6, 2, 9]),
            horizon(Horizon::Date("2016-12-31".into()), &[6, 5, 4, 3], &[25, 8, 5, 9]),
        ],
    }
}

/// The rehearsal: 57 of 70 families drawn to 15 seats, and a null.
pub(crate) fn ringerike() -> Report {
    let housing = housing();
    let months = Effect {
        label: Text::new("Måneder med sosialhjelp", "Months on social assistance"),
        headline: false,
        measure: Measure::Months,
        events: None,
        means: Some(Pair::new(5.2, 6.9)),
        p_randomization: None,
        mde: None,
        p_value: Some(0.021),
        note: Some("one treated unit in a block".into()),
        estimate: Some(-1.7),
        interval: Some((-3.1, -0.3)),
        ..null()
    };
    Report {
        title: Text::new(
            "Oppfølging av lavinntektsfamilier i Ringerike",
            "Follow-up of low-income families in Ringerike",
        ),
        pilot: "ringerike-rehearsal".into(),
        offices: vec!["Nav Ringerike".into()],
        arms: vec![
            arm("follow-up", "Oppfølging", "Follow-up"),
            arm("ordinary", "Ordinære tjenester", "Ordinary services"),
        ],
        cut: "2017-02-14T09:05:33Z".into(),
        runs: 3,
        draws: vec![Draw {
            number: 1,
            origin: Origin::Rehearsal,
            drawn_on: "2015-08-20".into(),
            unit: Unit::Family,
            protocol: Some(protocol()),
            blocks: vec![Block { name: Text::same("ringerike"), seats: vec![15, 42] }],
            joined: 2,
            commands: vec![
                "lodd draw verify draws/0001".into(),
                "lodd draw compute draws/0001 > result.csv".into(),
            ],
        }],
        eligibility: Some(eligibility()),
        flow: ringerike_flow(),
        reconciliation: Vec::new(),
        status: vec![ringerike_status(Unit::Adult), ringerike_status(Unit::Family)],
        descriptives: Vec::new(),
        profile_tables: Vec::new(),
        context: Vec::new(),
        harms_not_measured: Vec::new(),
        effects: vec![null(), months],
        notes: vec![Text::new(
            "Mikrodataene er laget for dette eksempelet.",
            "The micro-data were made for this example.",
        )],
        ..housing
    }
}
