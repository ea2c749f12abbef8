//! `[followup]` and `[[variable]]`: when outcomes are measured, and what the pilot adds to the
//! built-in variables.

use lodd_panel::{
    codes::{Code, Kind, UnitKind, Variable},
    horizon::{At, Followup, Horizon},
};

use crate::{reader::Node, text::say};

const UNITS: &[(&str, UnitKind)] =
    &[("FAMILIE", UnitKind::Family), ("VOKSEN", UnitKind::Adult), ("BARN", UnitKind::Child)];

/// Reads `[followup]`. Outcomes are followed from a draw: without one there may be none.
pub(super) fn read(root: &Node<'_>) -> Option<Followup> {
    if !root.has("draw") && !root.has("followup") {
        return Some(Followup { reporting_lag_days: 30, horizons: Vec::new() });
    }
    let node = root.table("followup")?;
    let reporting_lag_days = node.integer_or_none("reporting_lag_days").unwrap_or(30);
    let horizons: Vec<Horizon> = node.tables("horizon").iter().filter_map(horizon).collect();
    if horizons.is_empty() {
        node.mistake(
            "horizon",
            say!(
                "det må være minst én [[followup.horizon]]",
                nn "det må vere minst éin [[followup.horizon]]",
                "there must be at least one [[followup.horizon]]"
            ),
        );
    }
    node.finish();
    Some(Followup { reporting_lag_days, horizons })
}

fn horizon(node: &Node<'_>) -> Option<Horizon> {
    let months = node.integer_or_none("months").map(At::Months);
    let date = node.date_or_none("at").map(At::Date);
    let at = match (months, date) {
        (Some(at), None) | (None, Some(at)) => Some(at),
        _ => {
            node.mistake(
                "months",
                say!(
                    "nøyaktig én av `months` og `at` må stå her",
                    nn "nøyaktig éin av `months` og `at` må stå her",
                    "exactly one of `months` and `at` must be here"
                ),
            );
            None
        }
    };
    let (low_days, high_days) =
        (node.integer_or_none("low_days"), node.integer_or_none("high_days"));
    node.finish();
    Some(Horizon { at: at?, low_days, high_days })
}

/// Which unit a table describes.
pub(super) fn unit(node: &Node<'_>) -> Option<UnitKind> {
    if !node.has("unit") {
        node.text("unit");
    }
    node.choice("unit", UNITS)
}

/// Reads one `[[variable]]`.
pub(super) fn variable(node: &Node<'_>) -> Option<Variable> {
    let unit = unit(node);
    let kind = match node.text("kind").as_str() {
        "code" => {
            Some(Kind::Code(node.tables("codes").iter().map(code).collect::<Vec<_>>().into()))
        }
        "yes_no" => Some(Kind::YesNo),
        "integer" => {
            let bound = |key| node.integer(key, -1_000_000_000..=1_000_000_000);
            Some(Kind::Integer { min: bound("min"), max: bound("max") })
        }
        found => {
            node.mistake(
                "kind",
                say!(
                    "`kind` må være code, yes_no eller integer, fant `{found}`",
                    nn "`kind` må vere code, yes_no eller integer, fann `{found}`",
                    "`kind` must be code, yes_no or integer, found `{found}`"
                ),
            );
            None
        }
    };
    let (name, label_nb, label_en) =
        (node.text("name"), node.text("label_nb"), node.text("label_en"));
    let label_nn = node.text_or_none("label_nn").unwrap_or_else(|| label_nb.clone());
    node.finish();
    Some(Variable {
        name: name.into(),
        unit: unit?,
        kind: kind?,
        label_nb: label_nb.into(),
        label_nn: label_nn.into(),
        label_en: label_en.into(),
    })
}

fn code(node: &Node<'_>) -> Code {
    let nb = node.text("nb");
    let code = Code {
        code: node.text("code").into(),
        nn: node.text_or_none("nn").unwrap_or_else(|| nb.clone()).into(),
        nb: nb.into(),
        en: node.text("en").into(),
        group: None,
    };
    node.finish();
    code
}
