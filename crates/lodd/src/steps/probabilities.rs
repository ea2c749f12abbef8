//! `lodd draw probabilities`: the exact probability of each unit's arm, and of each pair's, for
//! any announced draw (needs no pilot).

use std::{fmt::Write, path::Path};

use lodd_draw::{Announcement, Constrained, Design, File, Fraction, Inclusion};

use super::{
    draw_words, read_file,
    verify::{Folder, refuse},
};
use crate::{
    answer::Answer,
    hash::{hex_32, sha256_hex},
    problem::Failure,
    text::{Text, count, say},
};

/// The most rows that are printed.
const ROWS_MAX: usize = 1_000_000;

/// What is counted where no formula holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counting {
    /// All assignments are counted while they are at most so many.
    pub(crate) enumerate_max: u64,
    /// Else so many replays.
    pub(crate) replays: u64,
}

/// Prints a csv of probabilities. `covariates`: the private file of a constrained draw; `pairs`:
/// of pairs of units rather than of units.
///
/// # Errors
///
/// Refused when the announcement is not in order, a constrained draw comes without its values, or
/// the pairs are too many.
pub(crate) fn run(
    dir: &Path,
    covariates: Option<&Path>,
    pairs: bool,
    counting: Counting,
) -> Result<Answer, Failure> {
    let folder = Folder::read(dir)?;
    let bytes = folder.need(File::Announcement, dir)?;
    let announced = Announcement::parse(bytes).map_err(|refused| refuse(&refused))?;
    let values = covariates.map(read_file).transpose()?;
    let csv = match (&announced.constraint, values) {
        (None, None) if pairs => of_blocks_in_pairs(&announced.design)?,
        (None, None) => of_blocks(&announced.design),
        (Some(_), None) => return Err(values_missing()),
        (_, Some(values)) => {
            let constrained =
                Constrained::read(&announced, &values).map_err(|refused| refuse(&refused))?;
            // Replays are the same for everybody who asks.
            let seed = hex_32(&sha256_hex(bytes)).unwrap_or_default();
            of_units(&constrained, &seed, pairs, counting)?
        }
    };
    Ok(Answer { raw: Some(csv.into_bytes()), ..Answer::default() })
}

fn values_missing() -> Failure {
    Failure::policy_with(
        draw_words::reveal(&lodd_draw::RevealError::CovariatesMissing),
        Text::new(
            "gi dem med `--covariates private/NNNN/covariates.csv`",
            "give them with `--covariates private/NNNN/covariates.csv`",
        ),
    )
}

fn too_many(n: usize) -> Failure {
    let (n, most) = (count(n), count(ROWS_MAX));
    Failure::policy(say!(
        "{n} rader er for mange: høyst {most} skrives",
        "{n} rows are too many: at most {most} are written"
    ))
}

/// One row a block and arm: all units of a block have the same.
fn of_blocks(design: &Design) -> String {
    let mut csv = "block,arm,probability,how\n".to_owned();
    for (n, block) in design.blocks().iter().enumerate() {
        for (a, arm) in design.arms().iter().enumerate() {
            let p = design.probability(n, a);
            row(&mut csv, &[&block.label, arm], p, "exact");
        }
    }
    csv
}

/// One row for two different units of these blocks in these arms.
fn of_blocks_in_pairs(design: &Design) -> Result<String, Failure> {
    let cells: Vec<(usize, usize)> = (0..design.blocks().len())
        .flat_map(|n| (0..design.arms().len()).map(move |a| (n, a)))
        .collect();
    let rows = cells.len() * (cells.len() + 1) / 2;
    if rows > ROWS_MAX {
        return Err(too_many(rows));
    }
    let label = |n: usize| design.blocks().get(n).map_or("", |it| it.label.as_str());
    let arm = |a: usize| design.arms().get(a).map_or("", String::as_str);
    let mut csv = "block,arm,other_block,other_arm,probability,how\n".to_owned();
    for (at, one) in cells.iter().enumerate() {
        for other in cells.iter().skip(at) {
            let alone = design.blocks().get(one.0).is_some_and(|it| it.units < 2);
            if one.0 == other.0 && alone {
                continue;
            }
            let p = design.pairwise(*one, *other);
            let how = if p.is_some() { "exact" } else { "too large to add up" };
            row(&mut csv, &[label(one.0), arm(one.1), label(other.0), arm(other.1)], p, how);
        }
    }
    Ok(csv)
}

/// A constrained draw: counted over its accepted assignments, or over replays.
fn of_units(
    constrained: &Constrained,
    seed: &lodd_draw::Hash,
    pairs: bool,
    counting: Counting,
) -> Result<String, Failure> {
    let inclusion = constrained
        .inclusion(counting.enumerate_max.into(), seed, counting.replays)
        .ok_or_else(|| {
            Failure::policy(Text::new(
                "ingen tildeling oppfyller kravet om likhet",
                "no assignment is accepted by the constraint",
            ))
        })?;
    let how =
        if inclusion.exact { "exact".to_owned() } else { format!("{} replays", counting.replays) };
    let design = constrained.design();
    let places: Vec<(&str, u32)> = design
        .blocks()
        .iter()
        .flat_map(|it| (0..it.units).map(move |ordinal| (it.label.as_str(), ordinal)))
        .collect();
    if pairs {
        return of_pairs(design, &places, &inclusion, &how);
    }
    let mut csv = "block,ordinal,arm,probability,how\n".to_owned();
    for (unit, (label, ordinal)) in places.iter().enumerate() {
        for (a, arm) in design.arms().iter().enumerate() {
            let p = inclusion.share(unit, a);
            row(&mut csv, &[label, &ordinal.to_string(), arm], p, &how);
        }
    }
    Ok(csv)
}

fn of_pairs(
    design: &Design,
    places: &[(&str, u32)],
    inclusion: &Inclusion,
    how: &str,
) -> Result<String, Failure> {
    let arms = design.arms();
    let rows = places.len() * places.len().saturating_sub(1) / 2 * arms.len() * arms.len();
    if rows > ROWS_MAX || inclusion.pair((0, 0), (0, 0)).is_none() {
        return Err(too_many(rows));
    }
    let mut csv =
        "block,ordinal,arm,other_block,other_ordinal,other_arm,probability,how\n".to_owned();
    for (one, place) in places.iter().enumerate() {
        for (other, beside) in places.iter().enumerate().skip(one + 1) {
            for (a, arm) in arms.iter().enumerate() {
                for (b, other_arm) in arms.iter().enumerate() {
                    let p = inclusion.pair((one, a), (other, b));
                    let (at, beside_at) = (place.1.to_string(), beside.1.to_string());
                    let cells = [place.0, &at, arm, beside.0, &beside_at, other_arm];
                    row(&mut csv, &cells, p, how);
                }
            }
        }
    }
    Ok(csv)
}

fn row(csv: &mut String, cells: &[&str], p: Option<Fraction>, how: &str) {
    let p = p.map(|it| it.to_string()).unwrap_or_default();
    let _ = writeln!(csv, "{},{p},{how}", cells.join(","));
}
