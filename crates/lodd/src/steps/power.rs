//! `lodd power`: what the pilot's own design can detect, by formula and by simulation of its own
//! draw and its own analysis.

mod design;
mod figure;
mod simulate;
mod table;

use lodd_estimate::power::{Clusters, Power, PowerOutcome};
use serde_json::json;

use super::{Context, estimate::on_threads, outputs};
use crate::{
    answer::Answer,
    cli::Power as Asked,
    problem::Failure,
    text::{Text, say},
};
use design::Setting;
use simulate::{Curve, Simulation};

/// Base rates that are tried where none is given.
pub(super) const BASE_RATES: [f64; 5] = [0.1, 0.2, 0.3, 0.4, 0.5];

/// How often the effect shall be found where nothing else is asked.
pub(super) const WANTED: f64 = 0.8;

/// One line of the table: what is assumed, and what can be detected.
pub(super) struct Line {
    /// Share with the outcome among the controls; None for a number with a standard deviation.
    base_rate: Option<f64>,
    icc: Option<f64>,
    df: f64,
    n: (f64, f64),
    /// By formula; None if no effect can be detected.
    formula: Option<f64>,
    curves: Vec<Curve>,
}

/// Prints the table; in a pilot's folder it also writes `out/power.parquet` and `out/power.svg`.
///
/// # Errors
///
/// Refused when a setting is out of its range, or the design is not known yet.
pub(crate) fn run(context: &Context, asked: &Asked) -> Result<Answer, Failure> {
    check(asked)?;
    let setting = Setting::read(context, asked)?;
    let iccs: Vec<Option<f64>> = match (setting.in_offices(), asked.icc.is_empty()) {
        (true, true) => [0.02, 0.05].map(Some).to_vec(),
        (true, false) => asked.icc.iter().copied().map(Some).collect(),
        (false, _) => vec![None],
    };
    let bases: Vec<Option<f64>> = match (asked.sd, asked.base_rate.is_empty()) {
        (Some(_), _) => vec![None],
        (None, true) => BASE_RATES.map(Some).to_vec(),
        (None, false) => asked.base_rate.iter().copied().map(Some).collect(),
    };
    let lines = on_threads(context.threads, || {
        let each = bases.iter().flat_map(|base| iccs.iter().map(move |icc| (*base, *icc)));
        each.map(|assumed| line(asked, &setting, assumed)).collect::<Result<Vec<Line>, Failure>>()
    })??;
    if setting.is_pilots {
        outputs::write(context, "power.parquet", &table::bytes(asked, &setting, &lines)?)?;
        let svg = figure::svg(&lines, asked, context.lang);
        outputs::write(context, "power.svg", svg.as_bytes())?;
    }
    Ok(answer(asked, &setting, &lines))
}

/// The smallest effect on a share that so many families, treated and control, can be expected to show,
/// by formula: without attrition, and if all treated take part; `None` if no effect can.
///
/// # Errors
///
/// If a number is out of its range.
pub(super) fn detectable(
    (treated, control): (u64, u64),
    base_rate: f64,
    alpha: f64,
) -> Result<Option<f64>, Failure> {
    let power = Power {
        n_treated: treated as f64,
        n_control: control as f64,
        outcome: PowerOutcome::Binary { base_rate },
        clusters: None,
        r2: 0.0,
        attrition: 0.0,
        take_up: 1.0,
        alpha,
    };
    power.detectable(WANTED).map_err(|error| Failure::internal("power", error))
}

fn check(asked: &Asked) -> Result<(), Failure> {
    let share = |it: f64| it > 0.0 && it < 1.0;
    let rules = [
        ("--base-rate", asked.base_rate.iter().all(|it| share(*it))),
        ("--icc", asked.icc.iter().all(|it| (0.0..1.0).contains(it))),
        ("--power", share(asked.wanted) && asked.wanted > asked.alpha),
        ("--alpha", share(asked.alpha)),
        ("--r2", (0.0..1.0).contains(&asked.r2)),
        ("--attrition", (0.0..1.0).contains(&asked.attrition)),
        ("--take-up", asked.take_up > 0.0 && asked.take_up <= 1.0),
        ("--sd", asked.sd.is_none_or(|it| it > 0.0 && it.is_finite())),
        ("--cv", asked.cv >= 0.0 && asked.cv.is_finite()),
        ("--draws", (1..=1_000_000).contains(&asked.draws)),
    ];
    match rules.iter().find(|(_, holds)| !holds) {
        Some((name, _)) => Err(Failure::policy(say!(
            "`{name}` har en verdi som ikke kan brukes",
            "`{name}` has a value that can't be used"
        ))),
        None => Ok(()),
    }
}

fn line(
    asked: &Asked,
    setting: &Setting,
    (base_rate, icc): (Option<f64>, Option<f64>),
) -> Result<Line, Failure> {
    let (treated, control) = setting.units_by_arm();
    let size = setting.mean_size();
    let outcome = match base_rate {
        Some(base_rate) => PowerOutcome::Binary { base_rate },
        None => PowerOutcome::Number { sd: asked.sd.unwrap_or(1.0) },
    };
    let clusters = icc.map(|icc| Clusters {
        number: treated + control,
        mean_size: size,
        cv: if asked.cv > 0.0 { asked.cv } else { setting.cv() },
        icc,
    });
    let power = Power {
        n_treated: treated * size,
        n_control: control * size,
        outcome,
        clusters,
        r2: asked.r2,
        attrition: asked.attrition,
        take_up: asked.take_up,
        alpha: asked.alpha,
    };
    let formula = power.detectable(asked.wanted).map_err(|error| {
        let why = error.to_string();
        Failure::policy(say!(
            "formelen kan ikke regnes ut: {why}",
            "the formula can't be computed: {why}"
        ))
    })?;
    let simulation = Simulation { asked, setting, base_rate, icc };
    Ok(Line {
        base_rate,
        icc,
        df: power.df(),
        n: (power.n_treated, power.n_control),
        formula,
        curves: simulation.curves()?,
    })
}

/// An effect as percentage points, or in the outcome's own unit.
pub(super) fn shown(effect: Option<f64>, base_rate: Option<f64>) -> Text {
    match (effect, base_rate) {
        (None, _) => Text::same("–"),
        (Some(it), Some(_)) => Text::number(format!("{:.1}", it * 100.0)),
        (Some(it), None) => Text::number(format!("{it:.3}")),
    }
}

fn answer(asked: &Asked, setting: &Setting, lines: &[Line]) -> Answer {
    let mut text = vec![heading(asked, setting)];
    text.extend(lines.iter().map(told));
    if asked.sd.is_none() {
        let error = Text::number(format!("{:.1}", margin(asked) * 100.0));
        text.push(say!(
            "  (prosentpoeng; simulert med {n} trekninger, feilmargin på styrken ±{nb} prosentpoeng)",
            nn "  (prosentpoeng; simulert med {n} trekkingar, feilmargin på styrken ±{nb} prosentpoeng)",
            "  (percentage points; simulated with {n} draws, error of the power ±{en} points)",
            n = asked.draws,
            nb = error.nb,
            en = error.en,
        ));
    }
    if asked.r2 > 0.0 {
        text.push(Text::new(
            "  Simuleringen bruker ikke --r2.",
            "  The simulation makes no use of --r2.",
        ));
    }
    text.extend(lines.iter().map(|line| verdict(asked, line)));
    if setting.is_pilots {
        text.push(Text::same("  out/power.parquet, out/power.svg"));
    }
    Answer::new(Text::lines(text), json_of(asked, lines))
}

fn heading(asked: &Asked, setting: &Setting) -> Text {
    let (treated, control) = setting.units_by_arm();
    let percent = Text::number((asked.wanted * 100.0).to_string());
    let size = Text::number(setting.mean_size().to_string());
    let (nb, en) = (percent.nb, percent.en);
    if setting.in_offices() {
        return say!(
            "{treated} mot {control} kontor, i snitt {size_nb} familier i hvert. Minste effekt som oppdages med {nb} % sannsynlighet:",
            nn "{treated} mot {control} kontor, i snitt {size_nb} familiar i kvart. Minste effekt som blir oppdaga med {nb} % sannsyn:",
            "{treated} against {control} offices, {size_en} families in each on average. The smallest effect that is found with {en} % probability:",
            size_nb = size.nb,
            size_en = size.en,
        );
    }
    say!(
        "{treated} mot {control} familier. Minste effekt som oppdages med {nb} % sannsynlighet:",
        nn "{treated} mot {control} familiar. Minste effekt som blir oppdaga med {nb} % sannsyn:",
        "{treated} against {control} families. The smallest effect that is found with {en} % probability:"
    )
}

/// One line of the table.
fn told(line: &Line) -> Text {
    let icc = line.icc.map(|it| Text::number(format!("ICC {it}")));
    let in_language = |of: fn(&Text) -> &str| {
        let base = line.base_rate.map(|it| format!("{:.0} %", it * 100.0));
        let what: Vec<String> =
            base.into_iter().chain(icc.as_ref().map(|it| of(it).to_owned())).collect();
        let effect = |it| of(&shown(it, line.base_rate)).to_owned();
        let mut numbers = vec![format!("{} (df {:.0})", effect(line.formula), line.df)];
        numbers.extend(line.curves.iter().map(|it| format!("{} {}", it.name, effect(it.detected))));
        (what.join("; "), numbers.join(" · "))
    };
    let ((what_nb, nb), (what_en, en)) = (in_language(|it| &it.nb), in_language(|it| &it.en));
    say!("  {what_nb:<16} formel {nb}", "  {what_en:<16} formula {en}")
}

fn json_of(asked: &Asked, lines: &[Line]) -> serde_json::Value {
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let simulated: serde_json::Map<_, _> =
                line.curves.iter().map(|it| (it.name.to_owned(), json!(it.detected))).collect();
            json!({
                "base_rate": line.base_rate, "icc": line.icc, "df": line.df,
                "n_treated": line.n.0, "n_control": line.n.1,
                "mde_formula": line.formula, "mde_simulated": simulated,
            })
        })
        .collect();
    json!({ "power": asked.wanted, "alpha": asked.alpha, "draws": asked.draws, "rows": rows })
}

/// Two standard errors of a simulated power.
fn margin(asked: &Asked) -> f64 {
    2.0 * (asked.wanted * (1.0 - asked.wanted) / f64::from(asked.draws)).sqrt()
}

/// What can't be detected, said plainly.
fn verdict(asked: &Asked, line: &Line) -> Text {
    let all = line.curves.iter().map(|it| it.detected).chain([line.formula]);
    let all: Option<Vec<f64>> = all.collect();
    let largest = all.map(|it| it.into_iter().fold(0.0, f64::max));
    let misses = (1.0 - asked.wanted) * 100.0;
    match (largest, line.base_rate) {
        (Some(most), Some(base)) => {
            let (from, to) = (base * 100.0, (base + most * asked.take_up) * 100.0);
            let points = format!("{:.0}", most * 100.0);
            say!(
                "  Fra {from:.0} %: en effekt på mindre enn {points} prosentpoeng (til {to:.0} %) blir oversett i mer enn {misses:.0} % av slike forsøk.",
                "  From {from:.0} %: an effect of less than {points} percentage points (to {to:.0} %) is missed in more than {misses:.0} % of such trials."
            )
        }
        (Some(most), None) => {
            let most = shown(Some(most), None);
            say!(
                "  En effekt på mindre enn {nb} blir oversett i mer enn {misses:.0} % av slike forsøk.",
                "  An effect of less than {en} is missed in more than {misses:.0} % of such trials.",
                nb = most.nb,
                en = most.en,
            )
        }
        (None, Some(base)) => {
            let from = base * 100.0;
            say!(
                "  Fra {from:.0} %: ingen effekt kan oppdages så ofte, ikke engang om alle i tiltaket når målet.",
                "  From {from:.0} %: no effect can be found that often, not even if everyone treated reaches the outcome."
            )
        }
        (None, None) => Text::new(
            "  Ingen effekt kan oppdages så ofte.",
            "  No effect can be found that often.",
        ),
    }
}
