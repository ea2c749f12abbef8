//! What the register holds of a release, as JSON: its files, and what it tells. Nothing that was
//! withheld is in it.

use lodd_disclosure::{Release, Reported};
use lodd_store::{Pilot, pilot::ReleaseKind};
use serde_json::{Value, json};

use crate::{problem::Failure, steps::words, text::say};

/// What a release told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contents {
    /// Name and SHA-256 of each file.
    pub(crate) files: Vec<(String, String)>,
    /// What its numbers are rounded to.
    pub(crate) round: Option<i64>,
    /// Its numbers, and the sums between them.
    pub(crate) release: Release,
}

/// A release in the register.
#[derive(Clone, Debug)]
pub(crate) struct Registered {
    pub(crate) entry: i64,
    pub(crate) recorded_at_us: i64,
    pub(crate) actor: String,
    pub(crate) name: String,
    pub(crate) kind: ReleaseKind,
    pub(crate) cut_us: i64,
    pub(crate) contents: Contents,
}

/// Every release, in the order they were registered.
///
/// # Errors
///
/// If the store can't be read, or holds what is no release.
pub(crate) fn read(pilot: &Pilot) -> Result<Vec<Registered>, Failure> {
    let all = pilot.releases().map_err(|error| words::store(&error))?;
    let one = |it: lodd_store::pilot::Released| {
        let lodd_store::pilot::Released { entry, recorded_at_us, actor, release } = it;
        let contents = Contents::parse(&release.name, &release.contents)
            .ok_or_else(|| Failure::internal("release", format!("entry {entry}")))?;
        let (name, kind, cut_us) = (release.name, release.kind, release.cut_us);
        Ok(Registered { entry, recorded_at_us, actor, name, kind, cut_us, contents })
    };
    all.into_iter().map(one).collect()
}

/// What is rounded can't be audited beside what is exact, nor beside another rounding: a pilot
/// publishes in one way.
///
/// # Errors
///
/// Refused when an earlier report was published in another way.
pub(crate) fn one_way(earlier: &[Registered], round: Option<i64>) -> Result<(), Failure> {
    let other =
        earlier.iter().find(|it| it.kind == ReleaseKind::Report && it.contents.round != round);
    let Some(other) = other else { return Ok(()) };
    let name = &other.name;
    let way = match other.contents.round {
        None => say!("uten --round", nn "utan --round", "without --round"),
        Some(base) => say!("med --round {base}", nn "med --round {base}", "with --round {base}"),
    };
    let (nb, en) = (&way.nb, &way.en);
    Err(Failure::policy(say!(
        "`{name}` er publisert {nb}: avrundede og nøyaktige tall kan ikke stå side om side",
        nn "`{name}` er publisert {nb}: avrunda og nøyaktige tal kan ikkje stå side om side",
        "`{name}` was published {en}: rounded and exact numbers can't stand side by side"
    )))
}

impl Contents {
    /// The bytes that are stored.
    pub(crate) fn to_json(&self) -> String {
        let Self { files, round, release } = self;
        let Release { name: _, numbers, sums } = release;
        let number = |it: &Reported| {
            let Reported { series, cut, value, families, width } = it;
            json!([series, cut, value, families, width])
        };
        json!({
            "files": files.iter().map(|(name, sha256)| json!([name, sha256])).collect::<Vec<_>>(),
            "numbers": numbers.iter().map(number).collect::<Vec<_>>(),
            "round": round,
            "sums": sums,
        })
        .to_string()
    }

    fn parse(name: &str, text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let list = |key: &str| -> Vec<Value> {
            value.get(key).and_then(Value::as_array).cloned().unwrap_or_default()
        };
        let text = |it: &Value, at: usize| Some(it.get(at)?.as_str()?.to_owned());
        let file = |it: &Value| Some((text(it, 0)?, text(it, 1)?));
        let number = |it: &Value| {
            Some(Reported {
                series: text(it, 0)?,
                cut: text(it, 1)?,
                value: it.get(2)?.as_i64(),
                families: it.get(3)?.as_i64(),
                width: it.get(4)?.as_i64()?,
            })
        };
        let place = |it: &Value| it.as_u64().and_then(|it| usize::try_from(it).ok());
        let sum = |it: &Value| it.as_array()?.iter().map(place).collect::<Option<Vec<_>>>();
        let release = Release {
            name: name.to_owned(),
            numbers: list("numbers").iter().map(number).collect::<Option<_>>()?,
            sums: list("sums").iter().map(sum).collect::<Option<_>>()?,
        };
        let files = list("files").iter().map(file).collect::<Option<_>>()?;
        Some(Self { files, round: value.get("round").and_then(Value::as_i64), release })
    }
}
