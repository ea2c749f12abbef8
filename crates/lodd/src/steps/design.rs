//! The design as it follows from the protocol, and from the families where they have been screened:
//! blocks, arms, shares, and the exact probability of each unit.

use lodd_draw::{Block, Design, Shares};
use lodd_store::{Pilot, pilot::DrawnKind};
use serde_json::{Value, json};

use super::{Context, announce, words};
use crate::{
    problem::Failure,
    protocol::{Arm, DrawPlan, Margin, Protocol, Wanted},
    text::{Text, count, say},
};

/// One block as it stands: `units` and `design` are there once its units are known.
struct Row {
    label: String,
    units: Option<u32>,
    /// One word an arm: `15`, `2/5`, `…` for what is left.
    shares: Vec<String>,
    probability: Option<Vec<String>>,
}

/// The draws of a protocol in their order, in words and as JSON. Needs no store, but says more with
/// one.
pub(super) fn describe(context: &Context, protocol: &Protocol) -> (Vec<Text>, Value) {
    let pilot = Pilot::open_with(&context.dir, &context.keys).ok();
    let stages = protocol.draw.offices.as_deref().into_iter().chain([&protocol.draw]);
    let described: Vec<(Vec<Text>, Value)> = stages
        .filter(|it| !it.blocks.is_empty())
        .map(|it| stage(context, it, protocol, pilot.as_ref()))
        .collect();
    let (lines, json): (Vec<Vec<Text>>, Vec<Value>) = described.into_iter().unzip();
    (lines.concat(), Value::Array(json))
}

fn stage(
    context: &Context,
    plan: &DrawPlan,
    protocol: &Protocol,
    pilot: Option<&Pilot>,
) -> (Vec<Text>, Value) {
    let list = list(context, plan, protocol, pilot).ok();
    let rows = match &list {
        Some(blocks) => known(plan, blocks),
        None => plan.blocks.iter().map(|block| planned(&block.label, &block.shares)).collect(),
    };
    (lines(plan, &rows), json_of(plan, &rows))
}

/// The blocks with their units, as `lodd draw announce` would lock them now.
pub(super) fn list(
    context: &Context,
    plan: &DrawPlan,
    protocol: &Protocol,
    pilot: Option<&Pilot>,
) -> Result<Vec<(String, u32, Shares)>, Failure> {
    let blocks = match (plan.unit, pilot) {
        (DrawnKind::Office, _) => announce::of_offices(plan)?,
        (DrawnKind::Family, Some(pilot)) => {
            announce::list(pilot, protocol, plan, announce::units(context, pilot, protocol)?)?
                .blocks
        }
        (DrawnKind::Family, None) => return Err(Failure::policy(Text::default())),
    };
    let units = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(blocks.into_iter().map(|it| (it.label, units(it.ids.len()), it.shares)).collect())
}

/// What is certain before the units are known.
fn planned(label: &str, shares: &Wanted) -> Row {
    let words = |it: &[lodd_draw::Fraction]| it.iter().map(ToString::to_string).collect();
    let (shares, probability): (Vec<String>, Option<Vec<String>>) = match shares {
        Wanted::Seats(seats) => {
            (seats.iter().map(ToString::to_string).chain(["…".to_owned()]).collect(), None)
        }
        Wanted::Capacity(most) => (vec![format!("≤ {most}"), "…".to_owned()], None),
        Wanted::Probabilities(fractions) => (words(fractions), Some(words(fractions))),
        Wanted::Pairs => (vec!["1".to_owned(); 2], Some(vec!["1/2".to_owned(); 2])),
    };
    Row { label: label.to_owned(), units: None, shares, probability }
}

/// Exact, from the code that seats.
fn known(plan: &DrawPlan, blocks: &[(String, u32, Shares)]) -> Vec<Row> {
    let each = |(label, units, shares): &(String, u32, Shares)| Block {
        label: label.clone(),
        units: *units,
        shares: shares.clone(),
    };
    let Ok(design) = Design::new(plan.labels(), blocks.iter().map(each).collect()) else {
        return plan.blocks.iter().map(|block| planned(&block.label, &block.shares)).collect();
    };
    let row = |(at, block): (usize, &Block)| Row {
        label: block.label.clone(),
        units: Some(block.units),
        shares: match &block.shares {
            Shares::Seats(seats) => seats.iter().map(ToString::to_string).collect(),
            Shares::Probabilities(all) => all.iter().map(ToString::to_string).collect(),
        },
        probability: (0..plan.arms.len())
            .map(|arm| design.probability(at, arm).map(|it| it.to_string()))
            .collect(),
    };
    design.blocks().iter().enumerate().map(row).collect()
}

fn lines(plan: &DrawPlan, rows: &[Row]) -> Vec<Text> {
    let arms = plan.labels().join(", ");
    let mut lines = vec![match plan.unit {
        DrawnKind::Office => say!("  Trekning av kontor: {arms}", "  Draw of offices: {arms}"),
        DrawnKind::Family => say!("  Trekning av familier: {arms}", "  Draw of families: {arms}"),
    }];
    for margin in plan.margins() {
        let arms: Vec<String> = plan
            .labels()
            .into_iter()
            .enumerate()
            .filter(|(at, _)| margin.arms.contains(at))
            .map(|(_, it)| it)
            .collect();
        let (factor, level, arms) = (margin.factor, margin.level, arms.join(" + "));
        lines.push(Text::same(format!("    {factor} = {level}: {arms}")));
    }
    match &plan.pairs {
        Some(_) => lines.push(paired(rows)),
        None => lines.extend(rows.iter().map(|row| line(plan, row))),
    }
    if rows.iter().any(|row| row.probability.is_none()) {
        lines.push(Text::new(
            "    Sannsynlighetene følger av antall familier: se etter `lodd screen`",
            "    The probabilities follow from the number of families: look after `lodd screen`",
        ));
    }
    if plan.constraint.is_some() {
        lines.push(Text::new(
            "    Kravet om like grupper endrer sannsynlighetene: se `lodd draw announce`",
            "    The constraint changes the probabilities: see `lodd draw announce`",
        ));
    }
    lines
}

fn line(plan: &DrawPlan, row: &Row) -> Text {
    let (label, shares) = (&row.label, row.shares.join(" / "));
    let mut line = Text::same(format!("    {label}: {shares}"));
    let mut add =
        |part: Text| line = Text::new(line.nb.clone() + &part.nb, line.en.clone() + &part.en);
    if let Some(n) = row.units {
        let units = words::units(plan.unit, n);
        add(say!(" av {nb}", " of {en}", nb = &units.nb, en = &units.en));
    }
    if let Some(all) = row.probability.as_ref().filter(|_| plan.constraint.is_none()) {
        let all = all.join(", ");
        add(say!("; sannsynlighet {all}", "; probability {all}"));
    }
    line
}

fn paired(rows: &[Row]) -> Text {
    let pairs = count(rows.iter().filter(|it| it.units == Some(2)).count());
    let single = count(rows.iter().filter(|it| it.units == Some(1)).count());
    if rows.iter().any(|it| it.units.is_none()) {
        return Text::new(
            "    par av dem som ligner mest, sannsynlighet 1/2; parene følger av familiene (`lodd screen`)",
            "    pairs of those most alike, probability 1/2; the pairs follow from the families (`lodd screen`)",
        );
    }
    say!(
        "    {pairs} par av dem som ligner mest, {single} alene; sannsynlighet 1/2",
        "    {pairs} pairs of those most alike, {single} alone; probability 1/2"
    )
}

fn json_of(plan: &DrawPlan, rows: &[Row]) -> Value {
    let constrained = plan.constraint.is_some();
    let arm = |it: &Arm| json!({ "label": it.label, "name_nb": it.name.nb, "name_en": it.name.en, "start": it.start.map(|it| it.strftime("%Y-%m").to_string()) });
    let labels = plan.labels();
    let margin = |it: &Margin| {
        let arms: Vec<&String> = it.arms.iter().filter_map(|at| labels.get(*at)).collect();
        json!({ "factor": it.factor, "factor_nb": it.factor_name.nb, "factor_en": it.factor_name.en, "level": it.level, "level_nb": it.level_name.nb, "level_en": it.level_name.en, "arms": arms })
    };
    let block = |row: &Row| {
        let probability = row.probability.as_ref().filter(|_| !constrained);
        json!({ "label": row.label, "units": row.units, "shares": row.shares, "probability": probability })
    };
    json!({
        "unit": plan.unit.code(),
        "arms": plan.arms.iter().map(arm).collect::<Vec<_>>(),
        "margins": plan.margins().iter().map(margin).collect::<Vec<_>>(),
        "paired_on": plan.pairs.iter().flat_map(|it| &it.on).map(|(column, weight)| json!({ "column": column, "weight": weight })).collect::<Vec<_>>(),
        "limits": plan.constraint.iter().flat_map(|it| &it.limits).map(|(column, most)| json!({ "column": column, "max_difference": most.to_string() })).collect::<Vec<_>>(),
        "blocks": rows.iter().map(block).collect::<Vec<_>>(),
    })
}
