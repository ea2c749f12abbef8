//! The file of rules: `[followup]` of a `pilot.toml`, alone or with the rest of it.

use std::path::Path;

use jiff::civil::Date;
use lodd_panel::{
    Mistake, MistakeKind, Panel, Protocol,
    horizon::{At, Followup, Horizon, Target},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{
    problem::{Failure, Place, Problem},
    text::{Text, say},
};

/// What was read, checked.
#[derive(Debug)]
pub(crate) struct Rules {
    name: String,
    panel: Panel,
    /// SHA-256 of the file, hexadecimal.
    pub(crate) sha256: String,
}

/// Other parts of a `pilot.toml` may stand in the file; they are not read.
#[derive(Deserialize)]
struct File {
    followup: FollowupTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FollowupTable {
    #[serde(default = "reporting_lag")]
    reporting_lag_days: i64,
    #[serde(default)]
    horizon: Vec<HorizonTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HorizonTable {
    months: Option<i64>,
    at: Option<toml::Value>,
    low_days: Option<i64>,
    high_days: Option<i64>,
}

const fn reporting_lag() -> i64 {
    30
}

impl Rules {
    /// Reads and checks the file.
    ///
    /// # Errors
    ///
    /// Refused with line and column, or with the key; could not run where it can't be read.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| Failure::io(&name, error))?;
        let text = String::from_utf8_lossy(&bytes);
        let file: File = toml::from_str(&text).map_err(|error| malformed(&name, &text, &error))?;
        let followup = followup(&name, &file.followup)?;
        let protocol = Protocol { screening: None, followup, variables: vec![], outcomes: vec![] };
        let panel = Panel::new(&protocol).map_err(|found| refused(&name, &found))?;
        let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { name, panel, sha256 })
    }

    /// The query: it does not depend on the rules, which come in as the table `targets`.
    pub(crate) fn sql(&self) -> String {
        self.panel.panel_sql()
    }

    /// The names of the horizons, in the file's order.
    pub(crate) fn horizons(&self) -> Vec<String> {
        self.panel.followup().horizons.iter().map(|it| it.at.label()).collect()
    }

    /// The targets of draws with their dates.
    ///
    /// # Errors
    ///
    /// Refused where windows overlap or a date does not come after its draw.
    pub(crate) fn targets(&self, draws: &[(i64, Date)]) -> Result<Vec<Target>, Failure> {
        self.panel.targets(draws).map_err(|found| refused(&self.name, &found))
    }
}

fn malformed(name: &str, text: &str, error: &toml::de::Error) -> Failure {
    let line = error.span().map(|span| {
        let before = text.get(..span.start).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(start..).unwrap_or_default().chars().count() + 1;
        (before.matches('\n').count() + 1, column)
    });
    let message = error.message().trim().to_owned();
    let place = Place { line, ..Place::file(name) };
    Failure::one(
        place,
        say!("filen kan ikke leses som regler: {message}", "can't be read as rules: {message}"),
    )
}

fn followup(name: &str, table: &FollowupTable) -> Result<Followup, Failure> {
    if table.horizon.is_empty() {
        let message = say!(
            "det må være minst én [[followup.horizon]]",
            "there must be at least one [[followup.horizon]]"
        );
        return Err(Failure::one(Place::file(name), message));
    }
    let horizons = table.horizon.iter().enumerate().map(|(at, it)| horizon(name, at, it));
    let horizons = horizons.collect::<Result<_, _>>()?;
    Ok(Followup { reporting_lag_days: table.reporting_lag_days, horizons })
}

fn horizon(name: &str, index: usize, table: &HorizonTable) -> Result<Horizon, Failure> {
    let path = format!("followup.horizon[{index}]");
    let refuse =
        |key: &str, message| Failure::one(Place::file(name).key(format!("{path}.{key}")), message);
    let at = match (table.months, &table.at) {
        (Some(months), None) => At::Months(months),
        (None, Some(at)) => At::Date(date(at).ok_or_else(|| {
            let text =
                say!("`at` må være en dato som 2016-12-31", "`at` must be a date like 2016-12-31");
            refuse("at", text)
        })?),
        _ => {
            let text = say!(
                "nøyaktig én av `months` og `at` må stå her",
                "exactly one of `months` and `at` must be here"
            );
            return Err(refuse("months", text));
        }
    };
    Ok(Horizon { at, low_days: table.low_days, high_days: table.high_days })
}

/// A date in quotes or without.
fn date(value: &toml::Value) -> Option<Date> {
    match value {
        toml::Value::String(text) => text.parse().ok(),
        toml::Value::Datetime(at) => at.to_string().parse().ok(),
        _ => None,
    }
}

fn refused(name: &str, mistakes: &[Mistake]) -> Failure {
    let problem = |it: &Mistake| Problem::new(Place::file(name).key(it.path.clone()), sentence(it));
    Failure::refused(mistakes.iter().map(problem).collect())
}

/// The sentences of the horizons' mistakes; no other kind can come here.
fn sentence(mistake: &Mistake) -> Text {
    let en = mistake.kind.to_string();
    let nb = match &mistake.kind {
        MistakeKind::OutOfRange { min, max, found } => {
            format!("må være fra {min} til {max}, ikke {found}")
        }
        MistakeKind::NoDefaultWindow { horizon } => format!(
            "horisonten `{horizon}` har ikke noe standardvindu: `low_days` og `high_days` må stå"
        ),
        MistakeKind::BaselineAfterDraw => {
            "horisont `0` må slutte på trekningsdagen: `high_days` kan ikke være over 0".to_owned()
        }
        MistakeKind::Overlap { first, second, when } => {
            format!("horisontene `{first}` og `{second}` må ikke overlappe: {when}")
        }
        MistakeKind::BeforeDraw { horizon, drawn_on } => {
            format!("horisonten `{horizon}` må komme etter trekningen {drawn_on}")
        }
        MistakeKind::DateOutOfRange => "datoen ligger utenfor kalenderen".to_owned(),
        _ => en.clone(),
    };
    Text::new(nb, en)
}
