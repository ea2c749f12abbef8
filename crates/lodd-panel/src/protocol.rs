//! The part of a pilot's protocol that this crate reads, checked once and compiled.

use crate::{
    arms::Arms,
    codes::{Kind, Stored, UnitKind, VARIABLES, Variable},
    concordance, flow,
    horizon::{Followup, Target},
    mistake::{Mistake, MistakeKind, is_name},
    observations,
    outcomes::{self, Choice, Outcome, Resolved},
    panel,
    screening::Screening,
    spells, stock, transitions,
};

/// What `pilot.toml` says about screening, horizons, variables and outcomes, as read.
#[derive(Clone, Debug)]
pub struct Protocol {
    /// `[screening]`; `None` where families were not screened here.
    pub screening: Option<Screening>,
    /// `[followup]`.
    pub followup: Followup,
    /// The pilot's own variables, beside [`VARIABLES`].
    pub variables: Vec<Variable>,
    /// `[[outcome]]`, in the order that results are given.
    pub outcomes: Vec<Choice>,
}

/// A checked protocol. Invariant: all its texts compile, so that giving them cannot fail.
#[derive(Clone, Debug)]
pub struct Panel {
    followup: Followup,
    variables: Vec<Variable>,
    stored: Vec<Stored>,
    outcomes: Vec<Resolved>,
    screening_sql: Option<String>,
    columns_sql: Option<String>,
}

impl Panel {
    /// Checks and compiles a protocol.
    ///
    /// # Errors
    ///
    /// All its mistakes at once, in the order of the file's parts.
    ///
    /// ```
    /// use lodd_panel::{Panel, Protocol, horizon::Followup, outcomes::Choice};
    ///
    /// let mut protocol = Protocol {
    ///     screening: None,
    ///     followup: Followup { reporting_lag_days: 30, horizons: vec![] },
    ///     variables: vec![],
    ///     outcomes: vec![Choice::Dictionary("A_ARBEID".into())],
    /// };
    /// assert_eq!(Panel::new(&protocol).unwrap().outcomes().count(), 1);
    ///
    /// protocol.outcomes.push(Choice::Dictionary("A_ARBIED".into()));
    /// let mistakes = Panel::new(&protocol).unwrap_err();
    /// assert_eq!(mistakes[0].path, "outcome[1].id");
    /// ```
    pub fn new(protocol: &Protocol) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let screening_sql = match protocol.screening.as_ref().map(Screening::compile) {
            Some(Err(found)) => {
                mistakes.extend(found);
                None
            }
            Some(Ok(text)) => Some(text),
            None => None,
        };
        mistakes.extend(protocol.followup.check());
        mistakes.extend(check_variables(&protocol.variables));
        let variables: Vec<Variable> =
            VARIABLES.iter().chain(&protocol.variables).cloned().collect();
        let mut stored: Vec<Stored> = variables.iter().flat_map(Variable::stored).collect();
        stored.extend(of_adults());
        let outcomes = outcomes::resolve(&protocol.outcomes, &stored).unwrap_or_else(|found| {
            mistakes.extend(found);
            Vec::new()
        });
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let followup = protocol.followup.clone();
        let columns_sql = protocol.screening.as_ref().map(Screening::columns_sql);
        Ok(Self { followup, variables, stored, outcomes, screening_sql, columns_sql })
    }

    /// The screening's text, if families are screened here: see [`crate::screening`].
    pub fn screening_sql(&self) -> Option<&str> {
        self.screening_sql.as_deref()
    }

    /// What each `[[screening.column]]` holds: one row a family by id, `family_id` and the columns
    /// under their own names, from the inputs of the screening.
    pub fn columns_sql(&self) -> Option<&str> {
        self.columns_sql.as_deref()
    }

    /// The panel's text: see [`crate::panel`].
    pub fn panel_sql(&self) -> String {
        panel::sql()
    }

    /// The outcomes' text: see [`crate::outcomes`].
    pub fn outcomes_sql(&self) -> String {
        outcomes::sql(&self.outcomes, &self.stored)
    }

    /// The text of the observations: see [`crate::observations`].
    pub fn observations_sql(&self) -> String {
        observations::sql()
    }

    /// The text of the spells: see [`crate::spells`].
    pub fn spells_sql(&self) -> String {
        spells::sql()
    }

    /// The text of the transitions between codes: see [`crate::transitions`].
    pub fn transitions_sql(&self, arms: &Arms) -> String {
        let listed = self.stored.iter().filter(|it| it.codes.is_some());
        let names: std::collections::BTreeSet<&str> = listed.map(|it| it.name.as_str()).collect();
        transitions::sql(arms, names)
    }

    /// The text of the stock: see [`crate::stock`].
    pub fn stock_sql(&self, arms: &Arms) -> String {
        stock::sql(arms)
    }

    /// The flow's text: see [`crate::flow`]. It needs the table `screening` only if families are
    /// screened here.
    pub fn flow_sql(&self) -> String {
        flow::sql(self.screening_sql.is_some())
    }

    /// The concordance's text: see [`crate::concordance`].
    pub fn concordance_sql(&self) -> String {
        concordance::sql()
    }

    /// When outcomes are measured.
    pub fn followup(&self) -> &Followup {
        &self.followup
    }

    /// The targets of each `(draw, drawn_on)`: see [`Followup::targets`].
    ///
    /// # Errors
    ///
    /// As [`Followup::targets`].
    pub fn targets(&self, draws: &[(i64, jiff::civil::Date)]) -> Result<Vec<Target>, Vec<Mistake>> {
        self.followup.targets(draws)
    }

    /// Every variable that a snapshot may hold: the built-in ones, then the pilot's own.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The outcomes asked for, in the order of the protocol.
    pub fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        let mut asked: Vec<_> = self.outcomes.iter().filter(|it| it.asked.is_some()).collect();
        asked.sort_by_key(|it| it.asked);
        asked.into_iter().map(|it| &it.outcome)
    }
}

/// What adults may be asked beside the family: where they live.
fn of_adults() -> impl Iterator<Item = Stored> {
    let dwelling = VARIABLES.iter().filter(|it| it.name == "BOLIG");
    dwelling.flat_map(Variable::stored).map(|it| Stored { unit: UnitKind::Adult, ..it })
}

/// Names, code lists and ranges of the pilot's own variables.
fn check_variables(variables: &[Variable]) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let built_in = VARIABLES.iter().flat_map(|it| taken(it, "the built-in variables"));
    let mut names: Vec<(String, String)> = built_in.collect();
    for (at, variable) in variables.iter().enumerate() {
        let path = format!("variable[{at}]");
        let name = variable.name.as_ref();
        if !is_name(name, u8::is_ascii_uppercase) {
            let kind = MistakeKind::BadName { name: name.to_owned(), letters: "upper-case" };
            mistakes.push(Mistake::new(format!("{path}.name"), kind));
        }
        let own = taken(variable, &path);
        if let Some((name, first)) = names.iter().find(|(it, _)| own.iter().any(|(o, _)| o == it)) {
            let (name, first) = (name.clone(), first.clone());
            let kind = MistakeKind::DuplicateName { name, first };
            mistakes.push(Mistake::new(format!("{path}.name"), kind));
        }
        names.extend(own);
        match &variable.kind {
            Kind::Code(codes) | Kind::Several(codes) => {
                mistakes.extend(outcomes::check_code_list(codes, &format!("{path}.codes")));
            }
            Kind::Integer { min, max } if min > max => {
                let kind = MistakeKind::OutOfRange { min: *min, max: i64::MAX, found: *max };
                mistakes.push(Mistake::new(format!("{path}.max"), kind));
            }
            Kind::Integer { .. } | Kind::YesNo => {}
        }
    }
    mistakes
}

/// The names a variable takes: its own, and those it is stored under.
fn taken(variable: &Variable, by: &str) -> Vec<(String, String)> {
    let mut names = vec![variable.name.to_string()];
    names.extend(variable.stored().into_iter().map(|it| it.name).filter(|it| *it != variable.name));
    names.into_iter().map(|name| (name, by.to_owned())).collect()
}
