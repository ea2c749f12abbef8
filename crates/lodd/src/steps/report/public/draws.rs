//! How many were drawn: what a draw's own public files tell is known to everybody.

use lodd_disclosure::Rules;
use lodd_report::{Block, Draw, Text as Words, Unit};

use super::{
    Ground, Refused,
    linked::{Decided, Spot, series},
};

/// The numbers of one draw.
#[derive(Debug)]
pub(super) struct Seats {
    /// By arm.
    arms: Vec<(String, Spot)>,
    /// By block and arm, and each block's total.
    blocks: Vec<Spot>,
}

/// Enters every draw's seats.
///
/// # Errors
///
/// If an arm is under the threshold: then nothing can be told of it.
pub(super) fn enter(
    ground: &mut Ground<'_>,
    draws: &[Draw],
    arms: &[String],
    rules: &Rules,
) -> Result<Vec<Seats>, Refused> {
    let mut all = Vec::new();
    for draw in draws {
        let Draw { number, origin: _, drawn_on: _, unit, protocol, blocks, joined: _, commands: _ } =
            draw;
        let number = number.to_string();
        let mut enter = |block: Option<&str>, arm: Option<&str>, n: u64| {
            let places = [("draw", Some(number.as_str())), ("arm", arm), ("office", block)];
            let name = series(*unit, "Drawn", &places);
            match protocol {
                // How many were drawn into an arm, every report tells.
                None if block.is_some() => ground.linked.count(name, *unit, n),
                _ => ground.linked.known(name, *unit, n),
            }
        };
        let total = enter(None, None, draw.units());
        let mut of_arms = Vec::new();
        for (place, arm) in arms.iter().enumerate() {
            let n = draw.in_arm(place);
            if n < u64::from(rules.threshold()) {
                return Err(Refused::SmallArm);
            }
            of_arms.push((arm.clone(), enter(None, Some(arm), n)));
        }
        let mut of_blocks: Vec<(Spot, Vec<Spot>)> = Vec::new();
        for Block { name, seats } in blocks.iter().filter(|_| blocks.len() > 1) {
            let cells = arms.iter().zip(seats);
            let cells = cells.map(|(arm, n)| enter(Some(&name.nb), Some(arm), *n)).collect();
            let units = seats.iter().sum();
            of_blocks.push((enter(Some(&name.nb), None, units), cells));
        }
        let spots: Vec<Spot> = of_arms.iter().map(|it| it.1).collect();
        ground.linked.sum(total, &spots);
        for (whole, cells) in &of_blocks {
            ground.linked.sum(*whole, cells);
        }
        for (place, (_, arm)) in of_arms.iter().enumerate() {
            let cells: Vec<Spot> =
                of_blocks.iter().filter_map(|it| it.1.get(place).copied()).collect();
            if !cells.is_empty() {
                ground.linked.sum(*arm, &cells);
            }
        }
        let blocks = of_blocks
            .into_iter()
            .flat_map(|(whole, cells)| cells.into_iter().chain([whole]).collect::<Vec<_>>());
        all.push(Seats { arms: of_arms, blocks: blocks.collect() });
    }
    Ok(all)
}

/// The flow counts those drawn over all draws.
pub(super) fn join(ground: &mut Ground<'_>, seats: &[Seats]) {
    let arms = seats.iter().flat_map(|it| it.arms.iter().map(|it| it.0.clone()));
    let arms: std::collections::BTreeSet<String> = arms.collect();
    for arm in arms {
        let of_arm = seats.iter().flat_map(|it| &it.arms).filter(|it| it.0 == arm);
        let parts: Vec<Spot> = of_arm.map(|it| it.1).collect();
        if let Some(all) = ground.all_drawn(Unit::Family, &arm) {
            ground.linked.sum(all, &parts);
        }
    }
}

/// The tables of one draw are of the same families.
pub(super) fn join_tables(ground: &mut Ground<'_>) {
    let drawn: Vec<_> = ground.drawn.iter().map(|(key, spot)| (key.clone(), *spot)).collect();
    for ((unit, draw, arm), spot) in drawn {
        if let (Some(all), true) =
            (ground.all_drawn(unit, &arm), draw.is_none() || unit != Unit::Family)
        {
            ground.linked.same(all, spot);
        }
    }
}

/// The draws as they are printed: where a block is small, all blocks together.
pub(super) fn apply(
    decided: &Decided,
    draws: Vec<Draw>,
    seats: &[Seats],
    rules: &Rules,
) -> Vec<Draw> {
    let shown = |(draw, seats): (Draw, &Seats)| {
        let Draw { number, origin, drawn_on, unit, protocol, blocks, joined, commands } = draw;
        let pooled = |(arm, (_, spot)): (usize, &(String, Spot))| {
            let n = blocks.iter().filter_map(|it| it.seats.get(arm)).sum::<u64>();
            decided.print_known(*spot, n)
        };
        let all = Words::new("Alle blokker", "All blocks").nn("Alle blokker");
        let name = if let [one] = blocks.as_slice() { one.name.clone() } else { all };
        let together = Block { name, seats: seats.arms.iter().enumerate().map(pooled).collect() };
        let is_told = !decided.is_rounded() && seats.blocks.iter().all(|it| decided.shows(*it));
        let blocks = if is_told { blocks } else { vec![together] };
        let joined = if joined < u64::from(rules.threshold()) { 0 } else { joined };
        Draw { number, origin, drawn_on, unit, protocol, blocks, joined, commands }
    };
    draws.into_iter().zip(seats).map(shown).collect()
}
