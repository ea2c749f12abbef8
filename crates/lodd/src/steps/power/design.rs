//! The design whose power is asked for: the pilot's draw, its list before the draw, or numbers that
//! were typed.

use lodd_draw::{Block, Design, Shares};
use lodd_store::{Pilot, pilot::DrawnKind};

use super::super::{Context, design::list, estimate::again, words};
use crate::{
    cli::Power as Asked,
    plan::{self, Analysis},
    problem::Failure,
    protocol,
    replay::Again,
    text::{Text, say},
};

/// A design with how it is analysed.
pub(in crate::steps) struct Setting {
    pub(super) again: Again,
    /// Index of the treated and of the control arm.
    pub(super) arms: (u8, u8),
    /// Families in each unit, where units are offices.
    sizes: Option<Vec<u32>>,
    /// The pilot's planned analyses of primary outcomes.
    pub(super) analyses: Vec<Analysis>,
    pub(super) seed: [u8; 32],
    /// Whether it is the pilot's own, and not typed.
    pub(super) is_pilots: bool,
}

impl Setting {
    pub(super) fn read(context: &Context, asked: &Asked) -> Result<Self, Failure> {
        let typed = match (asked.n, asked.offices, asked.seats) {
            (None, None, _) => None,
            (Some(_), Some(_), _) => {
                return Err(Failure::policy(say!(
                    "`--n` er familier og `--offices` kontor: bruk én av dem",
                    "`--n` is families and `--offices` offices: use one of them"
                )));
            }
            (n, offices, Some(seats)) => n.or(offices).map(|units| (units, seats)),
            _ => {
                return Err(Failure::policy(say!("`--seats` mangler", "`--seats` is missing")));
            }
        };
        match typed {
            Some((units, seats)) => Self::typed(asked, units, seats),
            None => Self::of_pilot(context, asked),
        }
    }

    fn typed(asked: &Asked, units: u32, seats: u32) -> Result<Self, Failure> {
        if seats == 0 || seats >= units {
            return Err(Failure::policy(say!(
                "`--seats` må være fra 1 til {most}, fant {seats}",
                "`--seats` must be from 1 to {most}, found {seats}",
                most = units.saturating_sub(1),
            )));
        }
        let sizes = match (asked.offices, asked.families) {
            (Some(_), Some(each)) if each > 0 => Some(vec![each; units as usize]),
            (Some(_), _) => {
                return Err(Failure::policy(say!(
                    "`--families` mangler: hvor mange familier hvert kontor har",
                    "`--families` is missing: how many families each office has"
                )));
            }
            _ => None,
        };
        let block = Block {
            label: "all".to_owned(),
            units,
            shares: Shares::Seats(vec![seats, units - seats]),
        };
        let design = Design::new(vec!["treated".to_owned(), "control".to_owned()], vec![block]);
        let design = design.map_err(|error| Failure::policy(Text::same(error.to_string())))?;
        Ok(Self {
            again: Again::Free(design),
            arms: (0, 1),
            sizes,
            analyses: Vec::new(),
            seed: [0; 32],
            is_pilots: false,
        })
    }

    /// The pilot's last draw of families; else its list as it would be locked now. Offices, where
    /// `--families` says how many each has.
    fn of_pilot(context: &Context, asked: &Asked) -> Result<Self, Failure> {
        let protocol = protocol::read(&context.dir)?;
        let pilot = Pilot::open_with(&context.dir, &context.keys).ok();
        let path = context.path(super::super::plan::FILE);
        let plan = path.exists().then(|| plan::read(&path, &protocol)).transpose()?;
        let first_stage = protocol.draw.offices.as_deref().filter(|_| asked.families.is_some());
        let stage = first_stage.unwrap_or(&protocol.draw);
        let drawn = match &pilot {
            Some(pilot) if first_stage.is_none() => drawn(context, pilot)?,
            _ => None,
        };
        let again = if let Some(again) = drawn {
            again
        } else {
            let blocks = list(context, stage, &protocol, pilot.as_ref()).map_err(unknown)?;
            let block = |(label, units, shares)| Block { label, units, shares };
            let design = Design::new(stage.labels(), blocks.into_iter().map(block).collect());
            Again::Free(design.map_err(|error| Failure::policy(Text::same(error.to_string())))?)
        };
        let arms = again.design().arms().len();
        let offices = stage.unit == DrawnKind::Office;
        let units = usize::try_from(again.design().units()).unwrap_or_default();
        let each = asked.families.unwrap_or(1);
        let primary = |it: &Analysis, plan: &plan::Plan| {
            plan.primary.is_empty() || it.outcomes.iter().any(|id| plan.primary.contains(id))
        };
        Ok(Self {
            again,
            arms: (0, u8::try_from(arms.saturating_sub(1)).unwrap_or(1)),
            sizes: offices.then(|| vec![each; units]),
            seed: plan.as_ref().and_then(|it| it.seed).unwrap_or([0; 32]),
            analyses: plan
                .map(|plan| plan.analyses.iter().filter(|it| primary(it, &plan)).cloned().collect())
                .unwrap_or_default(),
            is_pilots: true,
        })
    }

    pub(super) fn in_offices(&self) -> bool {
        self.sizes.is_some()
    }

    /// Families in a unit.
    pub(super) fn size(&self, unit: usize) -> u32 {
        self.sizes.as_ref().and_then(|it| it.get(unit)).copied().unwrap_or(1)
    }

    pub(super) fn mean_size(&self) -> f64 {
        match &self.sizes {
            Some(sizes) if !sizes.is_empty() => {
                sizes.iter().map(|it| f64::from(*it)).sum::<f64>() / sizes.len() as f64
            }
            _ => 1.0,
        }
    }

    /// Standard deviation of the sizes over their mean.
    pub(super) fn cv(&self) -> f64 {
        let Some(sizes) = &self.sizes else { return 0.0 };
        let mean = self.mean_size();
        let squares: f64 = sizes.iter().map(|it| (f64::from(*it) - mean).powi(2)).sum();
        (squares / sizes.len().max(1) as f64).sqrt() / mean
    }

    /// Units in the treated and in the control arm; expected ones where the draw rounds.
    pub(super) fn units_by_arm(&self) -> (f64, f64) {
        let of = |arm: u8| -> f64 {
            let share = |block: &Block| match &block.shares {
                Shares::Seats(seats) => {
                    seats.get(usize::from(arm)).map_or(0.0, |it| f64::from(*it))
                }
                Shares::Probabilities(all) => all
                    .get(usize::from(arm))
                    .map_or(0.0, |it| f64::from(block.units) * number(&it.to_string())),
            };
            self.again.design().blocks().iter().map(share).sum()
        };
        (of(self.arms.0), of(self.arms.1))
    }
}

/// A fraction as it is written, `2/5`.
fn number(fraction: &str) -> f64 {
    match fraction.split_once('/') {
        Some((over, under)) => {
            over.parse().unwrap_or(0.0) / under.parse::<f64>().unwrap_or(1.0).max(1.0)
        }
        None => fraction.parse().unwrap_or(0.0),
    }
}

fn unknown(failure: Failure) -> Failure {
    match failure {
        Failure::Refused { problems, .. } if problems.is_empty() => Failure::policy_with(
            Text::new("designet er ikke kjent ennå", "the design is not known yet"),
            Text::new(
                "les listen inn og kjør `lodd screen`, eller skriv `--n` og `--seats`",
                "import the roster and run `lodd screen`, or type `--n` and `--seats`",
            ),
        ),
        other => other,
    }
}

/// The last draw of families that was made here or taken over, to be run again.
fn drawn(context: &Context, pilot: &Pilot) -> Result<Option<Again>, Failure> {
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    for draw in draws.iter().rev() {
        let mut rows = pilot.assignments(draw.draw).map_err(|error| words::store(&error))?;
        if rows.first().is_none_or(|it| it.unit_kind != DrawnKind::Family) {
            continue;
        }
        rows.sort_by(|a, b| {
            (&a.block, a.ordinal, &a.unit_id).cmp(&(&b.block, b.ordinal, &b.unit_id))
        });
        return again(context, draw, &rows).map(Some).map_err(Failure::policy);
    }
    Ok(None)
}
