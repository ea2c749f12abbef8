//! Which sentence is said when. The sentences themselves stand in the locale files.
//!
//! A result is called *statistically certain* only if every test of it says so; what is not, is
//! worded as the specification of the report asks: never "no effect", never a "trend".

use crate::{
    format::Format,
    locale::{self, Locale, fill, plural},
    model::{
        Cell, Draw, Effect, Horizon, Lang, Measure, Origin, Pair, Population, Report, Status, Unit,
    },
};

/// Above this percentage of missing units, the result is stamped.
const ATTRITION_MAX: i128 = 20;
/// Above this difference between the arms' percentages of missing units, it is stamped.
const ATTRITION_GAP_MAX: i128 = 10;

/// What may be said of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Every test has p below alpha.
    Certain,
    /// Some test has not.
    Uncertain,
    /// There is a difference, but neither a test nor an interval.
    Untested,
    /// There is no difference to speak of.
    NotEstimated,
}

/// Judges a difference by its p-values; by its interval where there are none.
pub(crate) fn verdict(effect: &Effect, alpha: f64) -> Verdict {
    if effect.estimate.is_none() {
        return Verdict::NotEstimated;
    }
    let mut tests = [effect.p_value, effect.p_randomization].into_iter().flatten().peekable();
    let certain = match (tests.peek(), effect.interval) {
        (Some(_), _) => tests.all(|p| p < alpha),
        (None, Some((low, high))) => low > 0.0 || high < 0.0,
        (None, None) => return Verdict::Untested,
    };
    if certain { Verdict::Certain } else { Verdict::Uncertain }
}

/// Puts values into the sentences of one language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub(crate) lang: Lang,
    pub(crate) t: &'static Locale,
    pub(crate) f: Format,
}

impl Words {
    pub(crate) fn new(lang: Lang) -> Self {
        Self { lang, t: locale::of(lang), f: Format::new(lang) }
    }

    /// `1 familie`, `57 familier`.
    pub(crate) fn units(self, unit: Unit, n: u64) -> String {
        let forms = match unit {
            Unit::Office => self.t.office,
            Unit::Family => self.t.family,
            Unit::Adult => self.t.adult,
            Unit::Child => self.t.child,
        };
        format!("{} {}", self.f.count(n), plural(forms, n))
    }

    /// `57 familier`, `: familier`.
    pub(crate) fn units_of(self, unit: Unit, n: Cell) -> String {
        match n {
            Cell::Count(n) => self.units(unit, n),
            other => format!("{} {}", self.f.cell(other), self.unit(unit)),
        }
    }

    /// `familier`
    pub(crate) fn unit(self, unit: Unit) -> &'static str {
        match unit {
            Unit::Office => self.t.offices_counted,
            Unit::Family => self.t.families,
            Unit::Adult => self.t.adults,
            Unit::Child => self.t.children,
        }
    }

    /// `etter 12 måneder`
    pub(crate) fn horizon(self, horizon: &Horizon) -> String {
        match horizon {
            Horizon::Months(0) => self.t.at_start.to_owned(),
            Horizon::Months(n) => {
                let months = plural(self.t.month, u64::from(*n));
                fill(self.t.after_months, &[("n", &n.to_string()), ("months", months)])
            }
            Horizon::Date(iso) => fill(self.t.on_date, &[("date", &self.f.date(iso))]),
        }
    }

    /// `register (KOSTRA_11F)`
    pub(crate) fn source(self, source: &str, register: Option<&str>) -> String {
        let words = self.t.code(source);
        register.map_or_else(|| words.to_owned(), |register| format!("{words} ({register})"))
    }

    /// `Figur 2`
    pub(crate) fn figure(self, number: u32) -> String {
        fill(self.t.figure, &[("n", &number.to_string())])
    }

    /// `a`, `a og b`, `a, b og c`
    pub(crate) fn list(self, items: &[String]) -> String {
        match items.split_last() {
            None => String::new(),
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} {} {last}", rest.join(", "), self.t.and),
        }
    }

    /// A difference with its unit: `40,4 prosentpoeng`.
    pub(crate) fn difference(self, measure: Measure, x: f64) -> String {
        let sentence = match measure {
            Measure::Share => self.t.points,
            Measure::Months => self.t.months,
            Measure::Kroner => self.t.kroner,
            Measure::Number => self.t.number,
        };
        fill(sentence, &[("x", &self.f.value(measure, x))])
    }

    /// What a difference is measured in: `prosentpoeng`.
    pub(crate) fn measure(self, measure: Measure) -> &'static str {
        match measure {
            Measure::Share => self.t.unit_points,
            Measure::Months => self.t.unit_months,
            Measure::Kroner => self.t.unit_kroner,
            Measure::Number => self.t.unit_number,
        }
    }

    /// `95 % KI 30,0 til 50,7`
    pub(crate) fn interval(self, effect: &Effect, alpha: f64) -> Option<String> {
        let (low, high) = effect.interval?;
        let (low, high) = (self.f.value(effect.measure, low), self.f.value(effect.measure, high));
        let level = self.f.level(1.0 - alpha);
        Some(fill(self.t.interval, &[("level", &level), ("low", &low), ("high", &high)]))
    }

    /// What one effect is said to be, in whole sentences.
    pub(crate) fn finding(self, effect: &Effect, report: &Report) -> String {
        let mut sentences: Vec<String> = Vec::new();
        sentences.extend(self.means(effect, report));
        sentences.extend(self.effect(effect, report.alpha));
        sentences.extend(self.attrition(effect));
        sentences.join(" ")
    }

    /// The effect itself: certain, not certain, or not to be had.
    pub(crate) fn effect(self, effect: &Effect, alpha: f64) -> Vec<String> {
        let Some(estimate) = effect.estimate else { return vec![self.t.no_estimate.to_owned()] };
        let size = self.difference(effect.measure, estimate);
        match verdict(effect, alpha) {
            Verdict::NotEstimated => vec![self.t.no_estimate.to_owned()],
            Verdict::Untested => vec![fill(self.t.untested_effect, &[("effect", &size)])],
            Verdict::Certain => {
                let (interval, p) = (self.interval(effect, alpha), effect.p_value);
                let parts = [interval, p.or(effect.p_randomization).map(|p| self.f.p_equals(p))];
                let uncertainty = parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
                let alpha = self.f.level(alpha);
                let values =
                    [("effect", &*size), ("uncertainty", &*uncertainty), ("alpha", &*alpha)];
                vec![fill(self.t.certain_effect, &values)]
            }
            Verdict::Uncertain => self.null(effect, &size, alpha),
        }
    }

    /// The wording of a null, with what the trial could have detected where that is known.
    fn null(self, effect: &Effect, size: &str, alpha: f64) -> Vec<String> {
        let p = effect.p_value.or(effect.p_randomization).map(|p| self.f.p_equals(p));
        let uncertainty = self.interval(effect, alpha).or(p).unwrap_or_default();
        let values = [("effect", size), ("uncertainty", &uncertainty)];
        let mut sentences = vec![fill(self.t.null_effect, &values)];
        if let (Some(p), Some(p_rand)) = (effect.p_value, effect.p_randomization)
            && (p < alpha) != (p_rand < alpha)
        {
            let (p, p_rand) = (self.f.p_equals(p), self.f.p_equals(p_rand));
            sentences.push(fill(self.t.tests_disagree, &[("p", &p), ("p_rand", &p_rand)]));
        }
        if let Some(mde) = effect.mde {
            let mde = self.difference(effect.measure, mde);
            sentences.push(fill(self.t.null_effect_mde, &[("mde", &mde)]));
        }
        sentences
    }

    /// The mean or share of each arm, with events and N where there are events.
    fn means(self, effect: &Effect, report: &Report) -> Option<String> {
        let means = effect.means?;
        let (arm, control_arm) = match &effect.arms {
            Some(arms) => (&arms.treated, &arms.control),
            None => (&report.arm(&effect.arm)?.name, &report.control()?.name),
        };
        let (arm, control_arm) = (arm.get(self.lang), control_arm.get(self.lang));
        let events = |it: fn(Pair<u64>) -> u64| effect.events.map(|pair| (it(pair), it(effect.n)));
        let treated = self.mean(effect.measure, means.treated, events(|pair| pair.treated));
        let control = self.mean(effect.measure, means.control, events(|pair| pair.control));
        let sentence = match effect.measure {
            Measure::Share => self.t.means_share,
            Measure::Months | Measure::Kroner | Measure::Number => self.t.means_other,
        };
        let values = [
            ("treated", &*treated),
            ("control", &*control),
            ("arm", arm),
            ("control_arm", control_arm),
        ];
        Some(fill(sentence, &values))
    }

    fn mean(self, measure: Measure, mean: f64, events: Option<(u64, u64)>) -> String {
        let value = self.f.value(measure, mean);
        match (measure, events) {
            (Measure::Share, Some((events, n))) => {
                let (events, n) = (self.f.count(events), self.f.count(n));
                let values = [("share", &*value), ("events", &*events), ("n", &*n)];
                fill(self.t.share_of, &values)
            }
            (Measure::Share, None) => fill(self.t.percent, &[("x", &value)]),
            _ => self.difference(measure, mean),
        }
    }

    /// The stamp of a result many are missing from.
    fn attrition(self, effect: &Effect) -> Vec<String> {
        let Some(drawn) = effect.drawn else { return Vec::new() };
        let missing = |n: u64, drawn: u64| i128::from(drawn) - i128::from(n);
        let (treated, control) = (i128::from(drawn.treated), i128::from(drawn.control));
        let missing_treated = missing(effect.n.treated, drawn.treated);
        let missing_control = missing(effect.n.control, drawn.control);
        let gap = (missing_treated * control - missing_control * treated).abs();
        let mut sentences = Vec::new();
        if (missing_treated + missing_control) * 100 > ATTRITION_MAX * (treated + control) {
            sentences.push(self.t.attrition_overall.to_owned());
        }
        if gap * 100 > ATTRITION_GAP_MAX * treated * control {
            sentences.push(self.t.attrition_apart.to_owned());
        }
        sentences
    }

    /// How many were drawn to what, in one draw.
    pub(crate) fn drawn(self, draw: &Draw, report: &Report) -> String {
        let last = report.arms.len().saturating_sub(1);
        let arms = report.arms.iter().enumerate().map(|(place, arm)| {
            let sentence = if place == last { self.t.sum_arm_control } else { self.t.sum_arm };
            let n = self.f.count(draw.in_arm(place));
            fill(sentence, &[("n", &n), ("arm", arm.name.get(self.lang))])
        });
        let arms = self.list(&arms.collect::<Vec<_>>());
        let sentence = match draw.origin {
            Origin::Imported => self.t.sum_imported,
            Origin::Drawn | Origin::Rehearsal => self.t.sum_drawn,
        };
        let (units, date) = (self.units(draw.unit, draw.units()), self.f.date(&draw.drawn_on));
        fill(sentence, &[("units", &units), ("date", &date), ("arms", &arms)])
    }

    /// What an effect must be stamped with.
    pub(crate) fn badges(self, effect: &Effect) -> Vec<&'static str> {
        let status = match effect.status {
            Status::Confirmatory => None,
            Status::Exploratory => Some(self.t.exploratory),
            Status::Interim => Some(self.t.interim),
        };
        let origin = match effect.origin {
            Origin::Drawn => None,
            Origin::Imported => Some(self.t.origin_imported),
            Origin::Rehearsal => Some(self.t.origin_rehearsal),
        };
        let drawn = effect.population == Population::Drawn;
        let not_randomised = (!drawn).then_some(self.t.results.not_randomised);
        status.into_iter().chain(origin).chain(not_randomised).collect()
    }
}
