//! `lodd draw offer …`: what can be typed.

use clap::{Args, Subcommand, ValueEnum};
use lodd_store::pilot::OfferAnswer;

use crate::{
    answer::Answer,
    problem::Failure,
    steps::{Context, offer},
};

#[derive(Debug, Subcommand)]
pub(crate) enum Offer {
    /// Offer a free place to the next rank on the list, and say who that is
    #[command(
        after_help = "A place is free when a family answered NEI or IKKE_NADD, or has left. One \
                            offer down the list is open at a time, and who comes after it is not \
                            shown before it is answered.\n\nExample:\n  lodd draw offer next --block \
                            ringerike"
    )]
    Next {
        #[command(flatten)]
        which: Which,
    },
    /// Record what a family answered
    #[command(after_help = "Examples:\n  lodd draw offer answer RIN-7KQ4-R JA\n  lodd draw offer \
                            answer RIN-7KQ4-R NEI --reason \"har fått jobb\"")]
    Answer {
        /// The family's id
        #[arg(value_name = "FAMILY")]
        family: String,
        /// JA takes the place, NEI does not want it, `IKKE_NADD` was not reached
        #[arg(value_enum)]
        answer: Given,
        /// Why: a code or a few words, nothing that points at a person
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Record that a family takes part no more: its place is free
    #[command(
        after_help = "Example:\n  lodd draw offer leave RIN-7KQ4-R --on 2026-10-31 --reason \
                            FLYTTET"
    )]
    Leave {
        /// The family's id
        #[arg(value_name = "FAMILY")]
        family: String,
        /// The last day it took part
        #[arg(long, value_name = "DATE")]
        on: String,
        /// Why: a code or a few words, nothing that points at a person
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// End offering on a list: its log is final, and free places go into the next draw
    #[command(after_help = "Example:\n  lodd draw offer close --block ringerike --reason \"neste \
                            trekning kunngjøres\"")]
    Close {
        #[command(flatten)]
        which: Which,
        /// Why: a code or a few words
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Where each list stands: places taken, offered and free
    Status,
    /// Every offer with its answer, time and reason
    List,
}

/// Which list: needed when offering goes on in more than one.
#[derive(Args, Debug)]
pub(crate) struct Which {
    /// The block whose list it is
    #[arg(long, value_name = "LABEL")]
    block: Option<String>,
    /// The number of the draw
    #[arg(long, value_name = "N")]
    draw: Option<i64>,
}

impl Which {
    fn list(&self) -> offer::Which<'_> {
        offer::Which { draw: self.draw, block: self.block.as_deref() }
    }
}

/// The codes of an answer as they are typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Given {
    #[value(name = "JA")]
    Yes,
    #[value(name = "NEI")]
    No,
    #[value(name = "IKKE_NADD")]
    NotReached,
}

impl Given {
    const fn answer(self) -> OfferAnswer {
        match self {
            Self::Yes => OfferAnswer::Yes,
            Self::No => OfferAnswer::No,
            Self::NotReached => OfferAnswer::NotReached,
        }
    }
}

/// Calls the step of a command.
pub(super) fn run(context: &Context, command: &Offer) -> Result<Answer, Failure> {
    match command {
        Offer::Next { which } => offer::next(context, which.list()),
        Offer::Answer { family, answer, reason } => {
            offer::answer(context, family, answer.answer(), reason.as_deref())
        }
        Offer::Leave { family, on, reason } => offer::leave(context, family, on, reason),
        Offer::Close { which, reason } => offer::close(context, which.list(), reason),
        Offer::Status => offer::status(context),
        Offer::List => offer::list(context),
    }
}
