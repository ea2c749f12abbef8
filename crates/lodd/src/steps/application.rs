//! `lodd plan application`: what the plan needs of others' data, as the pack that goes with an
//! application to a register: population, variables, period, and why each is needed.

use std::collections::{BTreeMap, BTreeSet};

use lodd_panel::{
    codes::UnitKind,
    outcomes::{Definition, Outcome},
    screening::ColumnKind,
};
use lodd_store::pilot::DrawnKind;
use serde_json::{Value, json};

use super::{Context, outputs, plan::FILE};
use crate::{
    answer::Answer,
    plan::{self, Analysis, Plan},
    problem::Failure,
    protocol::{self, Protocol},
    text::{Lang, Text, say},
};

/// Writes the pack in three languages.
///
/// # Errors
///
/// Refused with every mistake of the plan.
pub(crate) fn run(context: &Context) -> Result<Answer, Failure> {
    let protocol = protocol::read(&context.dir)?;
    let plan = plan::read(&context.path(FILE), &protocol)?;
    let (needs, purposes) = needs(&plan, &protocol);
    let mut text = pack(&plan, &protocol, &needs);
    text.extend(purposes.lines());
    let text = Text::lines(text);
    let mut files = Vec::new();
    for (lang, code) in [(Lang::Nb, "nb"), (Lang::Nn, "nn"), (Lang::En, "en")] {
        let name = format!("application-{code}.md");
        outputs::write(context, &name, format!("{}\n", text.get(lang)).as_bytes())?;
        files.push(format!("out/{name}"));
    }
    let (n, all) = (needs.len(), files.join(", "));
    let said = say!(
        "Dataene planen trenger, {n} variabler: {all}",
        nn "Dataa planen treng, {n} variablar: {all}",
        "The data that the plan needs, {n} variables: {all}"
    );
    let variables: Vec<Value> = needs
        .iter()
        .map(|((source, name), it)| {
            json!({ "source": source, "variable": name, "unit": it.unit, "period": it.periods, "needed_for": it.analyses })
        })
        .collect();
    Ok(Answer::new(said, json!({ "files": files, "variables": variables })))
}

/// One variable, by source and name.
type Needs = BTreeMap<(String, String), Need>;

/// What a variable is needed for.
struct Need {
    label: Text,
    unit: &'static str,
    periods: BTreeSet<String>,
    /// Ids of the analyses.
    analyses: BTreeSet<String>,
    /// Numbers of purposes.
    why: BTreeSet<usize>,
}

/// What data are for: numbered from 1, each with the analyses that it is of.
#[derive(Default)]
struct Purposes(Vec<(Text, Vec<String>)>);

impl Purposes {
    /// The number of a purpose, which an analysis has.
    fn number(&mut self, what: Text, analysis: &Analysis) -> usize {
        let at = self.0.iter().position(|it| it.0 == what).unwrap_or_else(|| {
            self.0.push((what, Vec::new()));
            self.0.len() - 1
        });
        let named = format!("`{}` ({})", analysis.id, analysis.method.estimator);
        if let Some((_, analyses)) = self.0.get_mut(at)
            && !analyses.contains(&named)
        {
            analyses.push(named);
        }
        at + 1
    }

    /// A numbered list under its heading.
    fn lines(&self) -> Vec<Text> {
        let mut lines =
            vec![Text::same(""), say!("## Hvorfor", nn "## Kvifor", "## Why"), Text::same("")];
        lines.extend(self.0.iter().enumerate().map(|(at, (what, analyses))| {
            let (n, all) = (at + 1, analyses.join(", "));
            let (nb, nn, en) = (&what.nb, what.get(Lang::Nn), &what.en);
            say!(
                "{n}. {nb}. Analyser: {all}.",
                nn "{n}. {nn}. Analysar: {all}.",
                "{n}. {en}. Analyses: {all}."
            )
        }));
        lines
    }
}

fn needs(plan: &Plan, protocol: &Protocol) -> (Needs, Purposes) {
    let (mut needs, mut purposes) = (Needs::new(), Purposes::default());
    for analysis in &plan.analyses {
        let own = analysis.outcomes.iter();
        for outcome in own.filter_map(|id| protocol.outcome(id)) {
            let primary = plan.primary.is_empty() || plan.primary.contains(&outcome.id.to_string());
            let why = purposes.number(purpose(&label(outcome), primary), analysis);
            add(&mut needs, protocol, (outcome, analysis), why, &analysis.horizons);
        }
        for (_, name) in analysis.method.names() {
            let Some((id, horizon)) = name.split_once('@') else { continue };
            let ids: Vec<&str> = if id.is_empty() {
                analysis.outcomes.iter().map(String::as_str).collect()
            } else {
                vec![id]
            };
            for outcome in ids.into_iter().filter_map(|it| protocol.outcome(it)) {
                let why = say!(
                    "Status før trekningen, så sammenligningen blir mer presis",
                    nn "Status før trekkinga, så samanlikninga blir meir presis",
                    "Status before the draw, so that the comparison is more precise"
                );
                let why = purposes.number(why, analysis);
                add(&mut needs, protocol, (outcome, analysis), why, &[horizon.to_owned()]);
            }
        }
    }
    (needs, purposes)
}

fn label(outcome: &Outcome) -> Text {
    Text::new(outcome.label_nb.as_ref(), outcome.label_en.as_ref()).nn(outcome.label_nn.as_ref())
}

fn purpose(what: &Text, primary: bool) -> Text {
    let (nb, nn, en) = (&what.nb, what.get(Lang::Nn), &what.en);
    if primary {
        say!(
            "Hovedutfallet «{nb}», sammenlignet mellom dem som ble trukket og de andre",
            nn "Hovudutfallet «{nn}», samanlikna mellom dei som blei trekte og dei andre",
            "The main outcome “{en}”, compared between those drawn and the others"
        )
    } else {
        say!(
            "Utfallet «{nb}», sammenlignet mellom dem som ble trukket og de andre",
            nn "Utfallet «{nn}», samanlikna mellom dei som blei trekte og dei andre",
            "The outcome “{en}”, compared between those drawn and the others"
        )
    }
}

fn add(
    needs: &mut Needs,
    protocol: &Protocol,
    (outcome, analysis): (&Outcome, &Analysis),
    why: usize,
    horizons: &[String],
) {
    let source = match &analysis.register {
        Some(register) => format!("{} {register}", analysis.source),
        None => analysis.source.clone(),
    };
    for (name, unit) in variables(outcome, protocol, 0) {
        let known = protocol.variables().find(|it| it.name == name.as_str());
        let label = match (known, name.as_str()) {
            (Some(it), _) => {
                Text::new(it.label_nb.as_ref(), it.label_en.as_ref()).nn(it.label_nn.as_ref())
            }
            (None, "assistance_grant") => Text::new(
                "Stønad til livsopphold, kroner hver måned",
                "Social assistance as grants, NOK each month",
            )
            .nn("Stønad til livsopphald, kroner kvar månad"),
            (None, "assistance_loan") => Text::new(
                "Sosialhjelp som lån, kroner hver måned",
                "Social assistance as loans, NOK each month",
            )
            .nn("Sosialhjelp som lån, kroner kvar månad"),
            _ => Text::same(name.as_str()),
        };
        let need = needs.entry((source.clone(), name)).or_insert_with(|| Need {
            label,
            unit,
            periods: BTreeSet::new(),
            analyses: BTreeSet::new(),
            why: BTreeSet::new(),
        });
        need.periods.extend(horizons.iter().map(|it| {
            let whole =
                matches!(outcome.definition, Definition::Monthly(_) | Definition::Course(_));
            if whole { format!("0–{it}") } else { it.clone() }
        }));
        need.analyses.insert(analysis.id.clone());
        need.why.insert(why);
    }
}

/// How deep outcomes are made of outcomes, at most.
const DEPTH: usize = 8;

/// The variables that an outcome is made of, and whom each describes.
fn variables(
    outcome: &Outcome,
    protocol: &Protocol,
    depth: usize,
) -> BTreeSet<(String, &'static str)> {
    let mut found = BTreeSet::new();
    if depth > DEPTH {
        return found;
    }
    let mut names: BTreeSet<String> = BTreeSet::new();
    match &outcome.definition {
        Definition::Sql(sql) => names.extend(words(sql)),
        Definition::Any(id)
        | Definition::All(id)
        | Definition::Share(id)
        | Definition::Coverage(id)
        | Definition::AnyAtHome(id)
        | Definition::AllAtHome(id) => {
            names.insert(id.to_string());
        }
        Definition::Agreed { sql, adults } => {
            names.extend(words(sql));
            names.insert(adults.to_string());
        }
        Definition::Categories(all) => names.extend(all.iter().flat_map(|it| words(&it.sql))),
        Definition::Monthly(_) => {
            names.extend(["assistance_grant", "assistance_loan"].map(str::to_owned));
        }
        Definition::Course(course) => names.extend(words(&course.sql)),
    }
    for name in names {
        if let Some(other) = protocol.outcome(&name).filter(|it| it.id != outcome.id) {
            found.extend(variables(other, protocol, depth + 1));
        } else if let Some(variable) = protocol.variables().find(|it| it.name == name.as_str()) {
            found.insert((name, variable.unit.code()));
        } else if name.starts_with("assistance_") {
            found.insert((name, UnitKind::Family.code()));
        }
    }
    found
}

/// The names in an expression; texts in quotes are none.
fn words(sql: &str) -> Vec<String> {
    let outside: String =
        sql.split('\'').enumerate().map(|(at, it)| if at % 2 == 0 { it } else { " " }).collect();
    outside
        .split(|it: char| !(it.is_alphanumeric() || it == '_'))
        .filter(|it| it.starts_with(|first: char| first.is_alphabetic()))
        .map(str::to_owned)
        .collect()
}

fn pack(plan: &Plan, protocol: &Protocol, needs: &Needs) -> Vec<Text> {
    let (nb, en) = (&protocol.title.nb, &protocol.title.en);
    let hash = &plan.sha256;
    let mut lines = vec![
        say!("# Data til: {nb}", nn "# Data til: {nb}", "# Data for: {en}"),
        Text::same(""),
        say!(
            "Følger av analyseplanen (SHA-256 {hash}). Ingen andre opplysninger trengs.",
            nn "Følgjer av analyseplanen (SHA-256 {hash}). Ingen andre opplysningar trengst.",
            "Follows from the analysis plan (SHA-256 {hash}). Nothing else is needed."
        ),
        Text::same(""),
    ];
    lines.extend(population(protocol));
    lines.extend(period(plan, protocol));
    lines.push(say!("## Variabler", nn "## Variablar", "## Variables"));
    lines.push(Text::same(""));
    lines.push(say!(
        "| kilde | variabel | hva | om | måned etter trekningen | hvorfor |",
        nn "| kjelde | variabel | kva | om | månad etter trekkinga | kvifor |",
        "| source | variable | what | of | month after the draw | why |"
    ));
    lines.push(Text::same("|---|---|---|---|---|---|"));
    lines.extend(needs.iter().map(|((source, name), need)| row(source, name, need)));
    lines
}

fn row(source: &str, name: &str, need: &Need) -> Text {
    let periods = need.periods.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let unit = match need.unit {
        "FAMILIE" => say!("familien", nn "familien", "the family"),
        "VOKSEN" => say!("hver voksen", nn "kvar vaksen", "each adult"),
        _ => say!("hvert barn", nn "kvart barn", "each child"),
    };
    let why = need.why.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let cell = |lang: Lang| {
        format!(
            "| {source} | `{name}` | {} | {} | {periods} | {why} |",
            need.label.get(lang),
            unit.get(lang)
        )
    };
    Text::new(cell(Lang::Nb), cell(Lang::En)).nn(cell(Lang::Nn))
}

/// Who: those on the list, whatever the lot gave them, and what screening looked at.
fn population(protocol: &Protocol) -> Vec<Text> {
    let offices = protocol.offices.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(", ");
    let what = match protocol.draw.unit {
        DrawnKind::Family => say!(
            "Alle familier på de låste listene til trekningen, både de som ble trukket ut og de som ikke ble det, ved {offices}.",
            nn "Alle familiar på dei låste listene til trekkinga, både dei som blei trekte ut og dei som ikkje blei det, ved {offices}.",
            "All families on the locked lists of the draw, those drawn and those not, at {offices}."
        ),
        DrawnKind::Office => say!(
            "Alle familier ved kontorene i trekningen: {offices}.",
            nn "Alle familiar ved kontora i trekkinga: {offices}.",
            "All families at the offices of the draw: {offices}."
        ),
    };
    let (rule, date) = (&protocol.screening.eligible, protocol.screening.as_of);
    let mut lines = vec![
        say!("## Populasjon", nn "## Populasjon", "## Population"),
        Text::same(""),
        what,
        say!(
            "Målgruppen per {date}: `{rule}`.",
            nn "Målgruppa per {date}: `{rule}`.",
            "The target group as of {date}: `{rule}`."
        ),
    ];
    lines.extend(protocol.screening.columns.iter().filter_map(|it| {
        let name = &it.name;
        match &it.kind {
            ColumnKind::MonthsWithAssistance { lookback_months, .. }
            | ColumnKind::AssistanceSpells { lookback_months, .. } => Some(say!(
                "- `{name}`: sosialhjelp hver måned i {lookback_months} måneder før {date}",
                nn "- `{name}`: sosialhjelp kvar månad i {lookback_months} månader før {date}",
                "- `{name}`: social assistance each month in the {lookback_months} months before {date}"
            )),
            _ => None,
        }
    }));
    lines.push(Text::same(""));
    lines
}

/// When: from the draw to the last horizon of the plan.
fn period(plan: &Plan, protocol: &Protocol) -> Vec<Text> {
    let months = |it: &String| it.parse::<i64>().ok();
    let horizons = || plan.analyses.iter().flat_map(|it| &it.horizons);
    let last = horizons().filter_map(months).max();
    let dates: BTreeSet<&String> = horizons().filter(|it| months(it).is_none()).collect();
    let mut lines = vec![say!("## Periode", nn "## Periode", "## Period"), Text::same("")];
    let starts = protocol.starts_on;
    lines.extend(last.map(|n| {
        say!(
            "Fra trekningen (forsøket begynner {starts}) til {n} måneder etter den.",
            nn "Frå trekkinga (forsøket byrjar {starts}) til {n} månader etter ho.",
            "From the draw (the trial begins {starts}) to {n} months after it."
        )
    }));
    lines.extend(
        dates.iter().map(|date| say!("Status {date}.", nn "Status {date}.", "Status on {date}.")),
    );
    lines.push(Text::same(""));
    lines
}
