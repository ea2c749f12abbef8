//! Locking a list: from units and a design to `announcement.json` and `leaves.csv`.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Announcement, Beacon, Block, Constraint, Design, DesignError, DrawFiles, File, Limit, Refused,
    Shares, Whose,
    announcement::{DRAW_MAX, REHEARSAL},
    check::Check,
    constraint::{ATTEMPTS_MAX, fits},
    hash::{Hash, ZERO, commitment, hex, leaf, sha256},
    is_label,
    leaves::{Leaves, is_id, to_private_file},
    reveal::plain,
    secret::Secret,
};

/// What is needed to announce a draw.
#[derive(Clone, Debug)]
pub struct Announce<'a> {
    /// The pilot's label.
    pub pilot: &'a str,
    /// Number of the draw, from 1 without a gap.
    pub draw: u32,
    /// Announcement and reveal or void of the draw before; `None` for draw 1.
    pub previous: Option<DrawFiles<'a>>,
    /// The bytes of `plan.toml`.
    pub plan: &'a [u8],
    /// The office's secret.
    pub secret: Secret,
    /// Where the randomness will come from.
    pub beacon: Beacon,
    /// Labels of the arms, in the order of the protocol.
    pub arms: Vec<String>,
    /// Label of each block and its seats or probabilities, one an arm.
    pub blocks: Vec<(String, Shares)>,
    /// What the drawn must have in common with the others.
    pub constraint: Option<Constrain>,
    /// The units, in any order.
    pub units: Vec<Unit>,
}

/// A constraint to be announced.
#[derive(Clone, Debug)]
pub struct Constrain {
    /// Its limits.
    pub limits: Vec<Limit>,
    /// How many attempts are made at most, 1 to 2^32.
    pub max_attempts: u64,
    /// The values of each unit by its id, in the order of `limits`, within ±2^31.
    pub covariates: BTreeMap<String, Vec<i64>>,
}

/// A unit to be drawn.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Label of its block.
    pub block: String,
    /// The unit's internal id (a pseudonym); put in NFC here.
    pub id: String,
    /// 32 random bytes of its own.
    pub salt: Secret,
}

/// The files of an announcement.
#[derive(Clone, PartialEq, Eq)]
pub struct Announced {
    /// The bytes of `announcement.json`.
    pub announcement: Vec<u8>,
    /// The bytes of `leaves.csv`.
    pub leaves: Vec<u8>,
    /// Never published: `block,leaf,salt,id` of each unit, in the order of `leaves.csv`.
    pub private: Vec<u8>,
    /// Never published: the values of a constrained draw, which its verifier may be shown.
    pub covariates: Option<Vec<u8>>,
}

impl std::fmt::Debug for Announced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Announced(..)")
    }
}

/// Why a draw can't be announced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum AnnounceError {
    #[error("the pilot's label `{0}` must be 1 to 64 of the characters A-Z a-z 0-9 _ . -")]
    Pilot(String),
    #[error("the pilot's label `{0}` must end in {REHEARSAL}, since the beacon is `fixed`")]
    RehearsalLabel(String),
    #[error("the number of a draw must be 1 to {DRAW_MAX}, not {0}")]
    Number(u32),
    #[error("draw {0} must follow the draw before it")]
    PreviousMissing(u32),
    #[error("draw 1 can't follow another")]
    PreviousUnexpected,
    #[error(transparent)]
    Previous(Refused),
    #[error("a witnessed draw must say what will be read out")]
    Description,
    #[error("families must be on the list once: {}", .0.join(", "))]
    RepeatedUnits(Vec<String>),
    #[error("ids must not be empty and have no comma, quote, control or outer white space: {}", .0.join(", "))]
    UnitIds(Vec<String>),
    #[error("each family must have a salt of its own")]
    RepeatedSalt,
    #[error("block `{0}` has families but no seats")]
    BlockWithoutSeats(String),
    #[error(transparent)]
    Design(#[from] DesignError),
    #[error("a constraint must have 1 to 2^32 attempts and limits, each of a covariate of its own")]
    Constraint,
    #[error("covariate `{0}` must be 1 to 64 of the characters A-Z a-z 0-9 _ . -")]
    CovariateLabel(String),
    #[error("each limit must have a value, an integer within ±2^31, for: {}", .0.join(", "))]
    Values(Vec<String>),
    #[error("a round of drand must be at least 1")]
    Round,
    #[error("`announcement.json` can't be larger than {} bytes", File::Announcement.bytes_max())]
    TooLarge,
}

/// Locks the list.
///
/// # Errors
///
/// If a rule of the protocol is broken; nothing is announced then.
pub fn announce(draw: Announce<'_>) -> Result<Announced, AnnounceError> {
    let beacon = check_label(&draw)?;
    let (previous, ended) = check_previous(&draw)?;
    let units = check_units(&draw.units)?;
    let design = design(draw.arms, draw.blocks, &units)?;

    if let Some(constraint) = &draw.constraint {
        check_constraint(constraint, units.keys())?;
    }
    let mut list: Vec<(&str, Hash, &Hash, &str)> = units
        .iter()
        .map(|(id, unit)| (&*unit.block, leaf(&unit.salt.0, id), &unit.salt.0, id.as_str()))
        .collect();
    list.sort_unstable();
    let mut leaves = Leaves::default();
    for (block, leaf, ..) in &list {
        leaves.push(block, *leaf);
    }
    let covariates = draw.constraint.as_ref().map(|it| {
        let values = |id: &str| it.covariates.get(id).map_or(&[][..], Vec::as_slice);
        Constraint::to_csv(&it.limits, &leaves, list.iter().map(|(.., id)| values(id)))
    });
    let announcement = Announcement {
        pilot: draw.pilot.to_owned(),
        draw: draw.draw,
        previous,
        ended,
        plan: sha256(&[draw.plan]),
        commitment: commitment(&draw.secret.0),
        beacon,
        design,
        root: leaves.root(),
        constraint: draw.constraint.zip(covariates.as_ref()).map(|(it, bytes)| Constraint {
            covariates: sha256(&[bytes]),
            limits: it.limits,
            max_attempts: it.max_attempts,
        }),
    }
    .to_file();
    if announcement.len() > File::Announcement.bytes_max() {
        return Err(AnnounceError::TooLarge);
    }
    let private = to_private_file(&leaves, list.iter().map(|(.., salt, id)| (*salt, *id)));
    Ok(Announced { announcement, leaves: leaves.to_file(), private, covariates })
}

/// Limits of distinct labels, and a value of each for every unit.
fn check_constraint<'u>(
    constraint: &Constrain,
    units: impl Iterator<Item = &'u String>,
) -> Result<(), AnnounceError> {
    let names: BTreeSet<&str> = constraint.limits.iter().map(|it| it.name.as_str()).collect();
    if let Some(name) = names.iter().find(|name| !is_label(name)) {
        return Err(AnnounceError::CovariateLabel((*name).to_owned()));
    }
    let attempts = (1..=ATTEMPTS_MAX).contains(&constraint.max_attempts);
    if names.is_empty() || names.len() < constraint.limits.len() || !attempts {
        return Err(AnnounceError::Constraint);
    }
    let lacks = |id: &&String| !fits(&constraint.limits, &constraint.covariates, id);
    let without: Vec<String> = units.filter(lacks).cloned().collect();
    if without.is_empty() { Ok(()) } else { Err(AnnounceError::Values(without)) }
}

/// Label, number and beacon; a description is trimmed and put in NFC.
fn check_label(draw: &Announce<'_>) -> Result<Beacon, AnnounceError> {
    if !is_label(draw.pilot) {
        return Err(AnnounceError::Pilot(draw.pilot.to_owned()));
    }
    if !(1..=DRAW_MAX).contains(&draw.draw) {
        return Err(AnnounceError::Number(draw.draw));
    }
    match &draw.beacon {
        Beacon::Fixed if !draw.pilot.ends_with(REHEARSAL) => {
            Err(AnnounceError::RehearsalLabel(draw.pilot.to_owned()))
        }
        Beacon::Fixed => Ok(Beacon::Fixed),
        Beacon::Drand { round: 0 } => Err(AnnounceError::Round),
        Beacon::Drand { round } => Ok(Beacon::Drand { round: *round }),
        Beacon::Witnessed { description } => match plain(description) {
            description if description.is_empty() => Err(AnnounceError::Description),
            description => Ok(Beacon::Witnessed { description }),
        },
    }
}

/// The hashes of the draw before, which must be this pilot's, have the number before, and have
/// ended as it was announced.
fn check_previous(draw: &Announce<'_>) -> Result<(Hash, Hash), AnnounceError> {
    let previous = match &draw.previous {
        None if draw.draw == 1 => return Ok((ZERO, ZERO)),
        None => return Err(AnnounceError::PreviousMissing(draw.draw)),
        Some(_) if draw.draw == 1 => return Err(AnnounceError::PreviousUnexpected),
        Some(previous) => previous,
    };
    let mut check = Check::new(previous, Whose::Previous, None);
    check.precedes(draw.pilot, draw.draw);
    let ended = check.ended().map(|(_, bytes)| sha256(&[bytes]));
    check.findings.refuse_unless_empty(check.hash.zip(ended)).map_err(AnnounceError::Previous)
}

/// The units by id in NFC, each once.
fn check_units(units: &[Unit]) -> Result<BTreeMap<String, &Unit>, AnnounceError> {
    let (mut by_id, mut salts) = (BTreeMap::new(), BTreeSet::new());
    let (mut repeated, mut bad) = (BTreeSet::new(), Vec::new());
    for unit in units {
        let id: String = unicode_normalization::UnicodeNormalization::nfc(&*unit.id).collect();
        if !is_id(&id) {
            bad.push(id);
        } else if by_id.insert(id.clone(), unit).is_some() {
            repeated.insert(id);
        } else if !salts.insert(unit.salt) {
            return Err(AnnounceError::RepeatedSalt);
        }
    }
    if !bad.is_empty() {
        return Err(AnnounceError::UnitIds(bad));
    }
    if !repeated.is_empty() {
        return Err(AnnounceError::RepeatedUnits(repeated.into_iter().collect()));
    }
    Ok(by_id)
}

fn design(
    arms: Vec<String>,
    blocks: Vec<(String, Shares)>,
    units: &BTreeMap<String, &Unit>,
) -> Result<Design, AnnounceError> {
    let mut families: BTreeMap<&str, u32> = BTreeMap::new();
    for unit in units.values() {
        let count = families.entry(&unit.block).or_default();
        *count = count.saturating_add(1);
    }
    let blocks: Vec<Block> = blocks
        .into_iter()
        .map(|(label, shares)| {
            let units = families.remove(label.as_str()).unwrap_or_default();
            Block { label, units, shares }
        })
        .collect();
    let design = Design::new(arms, blocks)?;
    match families.keys().next() {
        Some(block) => Err(AnnounceError::BlockWithoutSeats((*block).to_owned())),
        None => Ok(design),
    }
}

/// What a person reads out or prints so that others can hold the announcement: its hash.
pub fn announcement_hash(announcement: &[u8]) -> String {
    hex(&sha256(&[announcement]))
}
