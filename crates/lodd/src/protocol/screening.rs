//! `[screening]`: what a rule sees, the rules, and how they make a family eligible.

use lodd_panel::{
    expression::{Parameter, Parameters},
    screening::{Column, ColumnKind, Rule, Screening},
};
use toml::de::DeValue;

use crate::{
    reader::{Node, integer},
    text::say,
};

/// Why a family is not eligible by a rule, in three languages.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reason {
    pub(crate) rule: String,
    pub(crate) nb: String,
    pub(crate) nn: String,
    pub(crate) en: String,
}

/// Reads `[screening]`.
pub(super) fn read(root: &Node<'_>) -> Option<(Screening, Vec<Reason>)> {
    let node = root.table("screening")?;
    let columns = node.tables("column").iter().filter_map(column).collect();
    let (rules, reasons) = node.tables("rule").iter().map(rule).unzip();
    let screening =
        Screening { as_of: node.date("as_of"), columns, rules, eligible: node.text("eligible") };
    node.finish();
    Some((screening, reasons))
}

fn column(node: &Node<'_>) -> Option<Column> {
    let name = node.text("name");
    let count = |key| node.integer(key, 1..=600);
    let kind = match node.text("kind").as_str() {
        "children_at_home" => Some(ColumnKind::ChildrenAtHome { age_years: count("age_years") }),
        "months_with_assistance" => Some(ColumnKind::MonthsWithAssistance {
            lookback_months: count("lookback_months"),
            count_loans: node.flag("count_loans", true),
        }),
        "assistance_spells" => Some(ColumnKind::AssistanceSpells {
            lookback_months: count("lookback_months"),
            gap_months: count("gap_months"),
            count_loans: node.flag("count_loans", true),
        }),
        "fact" => Some(ColumnKind::Fact { criterion: node.text("criterion") }),
        found => {
            node.mistake(
                "kind",
                say!(
                    "`kind` må være children_at_home, months_with_assistance, assistance_spells eller fact, fant `{found}`",
                    nn "`kind` må vere children_at_home, months_with_assistance, assistance_spells eller fact, fann `{found}`",
                    "`kind` must be children_at_home, months_with_assistance, assistance_spells or fact, found `{found}`"
                ),
            );
            return None;
        }
    };
    node.finish();
    Some(Column { name, kind: kind? })
}

fn rule(node: &Node<'_>) -> (Rule, Reason) {
    let id = node.text("id");
    let parameters = node.table_or_none("parameters").map(|it| parameters(&it)).unwrap_or_default();
    let reason = Reason {
        rule: id.clone(),
        nb: node.text("reason_nb"),
        nn: node.text("reason_nn"),
        en: node.text("reason_en"),
    };
    let rule = Rule { id, sql: node.text("sql"), parameters };
    node.finish();
    (rule, reason)
}

fn parameters(node: &Node<'_>) -> Parameters {
    let mut parameters = Parameters::new();
    for (name, value) in node.entries() {
        match parameter(value) {
            Some(value) => {
                parameters.insert(name.to_owned(), value);
            }
            None => node.mistake(
                name,
                say!(
                    "parameteren `{name}` må være et heltall, en tekst eller en liste av tekster",
                    nn "parameteren `{name}` må vere eit heiltal, ein tekst eller ei liste av tekstar",
                    "parameter `{name}` must be a whole number, a text or a list of texts"
                ),
            ),
        }
    }
    parameters
}

fn parameter(value: &DeValue<'_>) -> Option<Parameter> {
    if let Some(texts) = value.as_array() {
        let texts: Option<Vec<String>> =
            texts.iter().map(|it| it.get_ref().as_str().map(str::to_owned)).collect();
        return texts.map(Parameter::Texts);
    }
    value
        .as_str()
        .map(|it| Parameter::Text(it.to_owned()))
        .or_else(|| integer(value).map(Parameter::Integer))
}
