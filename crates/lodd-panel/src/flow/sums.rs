//! The sums that hold between the stages, checked on the counts themselves: nothing here knows how
//! the counts were made.

use std::collections::BTreeSet;

/// One row of the flow, without its cut.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the table's columns")]
pub struct Count {
    pub draw: Option<i64>,
    pub level: String,
    pub arm: Option<String>,
    pub stage: String,
    pub horizon: Option<String>,
    pub source: Option<String>,
    pub register: Option<String>,
    pub outcome_id: Option<String>,
    pub reason: Option<String>,
    pub count: i64,
}

/// A sum that does not hold: what is on both sides, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// What is counted, such as `family`.
    pub level: String,
    /// The arm, where there is one.
    pub arm: Option<String>,
    /// The horizon, where there is one.
    pub horizon: Option<String>,
    /// The stages on the left, and their sum.
    pub whole: (&'static [&'static str], i64),
    /// The stages on the right, and their sum.
    pub parts: (&'static [&'static str], i64),
}

/// `whole` must be the sum of `parts`; where it is a `bound`, at least that.
struct Law {
    /// The last one is in every row's key: it says where the law is asked.
    parts: &'static [&'static str],
    whole: &'static [&'static str],
    bound: bool,
}

const fn sum(whole: &'static [&'static str], parts: &'static [&'static str]) -> Law {
    Law { parts, whole, bound: false }
}

const fn within(whole: &'static [&'static str], parts: &'static [&'static str]) -> Law {
    Law { parts, whole, bound: true }
}

const LAWS: &[Law] = &[
    sum(&["assessed"], &["not_eligible", "eligible"]),
    sum(&["drawn"], &["erased", "missing", "observed"]),
    sum(&["drawn"], &["erased", "not_analysed", "analysed"]),
    sum(&["asked"], &["declined", "consented"]),
    sum(&["offered"], &["accepted", "refused", "not_reached", "no_answer"]),
    sum(&["drawn", "came"], &["erased", "died", "left", "dissolved", "present"]),
    within(&["drawn"], &["asked"]),
    within(&["drawn"], &["offered"]),
    within(&["drawn"], &["started"]),
    within(&["drawn"], &["struck"]),
    within(&["drawn"], &["due"]),
    within(&["consented"], &["withdrew"]),
    within(&["present"], &["split"]),
];

/// Counted once for every horizon and source.
const STANDING: [&str; 2] = ["drawn", "erased"];

/// Stages whose reason is a kind of consent, each with sums of its own.
const BY_KIND: [&str; 4] = ["asked", "consented", "declined", "withdrew"];

/// A row's place, without its reason.
type Key<'c> = (
    Option<i64>,
    &'c str,
    Option<&'c str>,
    Option<&'c str>,
    Option<&'c str>,
    Option<&'c str>,
    Option<&'c str>,
    Option<&'c str>,
);

impl Count {
    fn key(&self) -> Key<'_> {
        let kind = self.reason.as_deref().filter(|_| BY_KIND.contains(&self.stage.as_str()));
        (
            self.draw,
            &self.level,
            self.arm.as_deref(),
            self.horizon.as_deref(),
            self.source.as_deref(),
            self.register.as_deref(),
            self.outcome_id.as_deref(),
            kind,
        )
    }

    /// Whether it is one of the units of `stage` at `key`. Of those not eligible the total counts:
    /// their reasons overlap.
    fn is(&self, stage: &str, key: &Key<'_>) -> bool {
        let (draw, level, arm, ..) = *key;
        let there = if STANDING.contains(&stage) {
            (self.draw, self.level.as_str(), self.arm.as_deref()) == (draw, level, arm)
        } else {
            self.key() == *key
        };
        self.stage == stage && there && !(stage == "not_eligible" && self.reason.is_some())
    }
}

/// Holds a flow to its sums.
///
/// # Errors
///
/// The first sum that does not hold.
///
/// ```
/// use lodd_panel::flow::{Count, check};
///
/// let count = |stage: &str, count| Count {
///     draw: None, level: "family".into(), arm: None, stage: stage.into(), horizon: None,
///     source: None, register: None, outcome_id: None, reason: None, count,
/// };
/// let mut flow = vec![count("assessed", 70), count("not_eligible", 13), count("eligible", 57)];
/// assert!(check(&flow).is_ok());
/// flow[2].count = 58;
/// assert_eq!(check(&flow).unwrap_err().parts, (&["not_eligible", "eligible"][..], 71));
/// ```
pub fn check(flow: &[Count]) -> Result<(), Broken> {
    for law in LAWS {
        let Some(asked) = law.parts.last() else { continue };
        let keys: BTreeSet<Key<'_>> =
            flow.iter().filter(|it| it.stage == *asked).map(Count::key).collect();
        keys.iter().try_for_each(|key| hold(law, key, flow))?;
    }
    Ok(())
}

fn hold(law: &Law, key: &Key<'_>, flow: &[Count]) -> Result<(), Broken> {
    let total = |stages: &[&str]| -> i64 {
        let of = |stage: &&str| {
            flow.iter().filter(|it| it.is(stage, key)).map(|it| it.count).sum::<i64>()
        };
        stages.iter().map(of).sum()
    };
    let (whole, parts) = (total(law.whole), total(law.parts));
    if whole == parts || (law.bound && whole > parts) {
        return Ok(());
    }
    let (_, level, arm, horizon, ..) = *key;
    Err(Broken {
        level: level.to_owned(),
        arm: arm.map(str::to_owned),
        horizon: horizon.map(str::to_owned),
        whole: (law.whole, whole),
        parts: (law.parts, parts),
    })
}
