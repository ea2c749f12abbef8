//! `lodd family …`: what can be typed.

use clap::{Args, Subcommand};

use crate::{
    answer::Answer,
    problem::Failure,
    steps::{
        Context, erase,
        family::{self, Manner, retract::Taken},
        strike,
    },
};

#[derive(Debug, Subcommand)]
pub(crate) enum Family {
    /// Record that a consent is withdrawn, by a member or by a family as one
    #[command(after_help = "Examples:\n  lodd family withdraw RIN-7KQ4-R --on 2026-11-03\n  lodd \
                            family withdraw RIN-7KQ4-R-A1 --on 2026-11-03 --consent TILTAK")]
    Withdraw {
        /// The family's or member's id
        unit: String,
        /// FORSKNING (what is known is used no more) or TILTAK (leaves the follow-up)
        #[arg(long, value_name = "CODE", default_value = "FORSKNING")]
        consent: String,
        #[command(flatten)]
        when: When,
    },
    /// Record the answer to a question for consent
    #[command(
        after_help = "Example:\n  lodd family consent RIN-7KQ4-R-A1 --kind FORSKNING --answer \
                            JA --on 2026-08-20"
    )]
    Consent {
        /// The family's or member's id
        unit: String,
        /// FORSKNING or TILTAK
        #[arg(long, value_name = "CODE")]
        kind: String,
        /// JA or NEI
        #[arg(long, value_name = "CODE")]
        answer: String,
        #[command(flatten)]
        when: When,
    },
    /// Record that a family moved; it is followed on as drawn
    #[command(
        after_help = "Example:\n  lodd family move RIN-7KQ4-R --on 2026-11-03 --municipality \
                            0301"
    )]
    Move {
        /// The family's id
        family: String,
        /// Where to, four digits
        #[arg(long, value_name = "NNNN")]
        municipality: String,
        /// The office of this pilot that follows it from then on
        #[arg(long, value_name = "ID")]
        office: Option<String>,
        #[command(flatten)]
        when: When,
    },
    /// Record a death
    #[command(after_help = "Example:\n  lodd family died RIN-7KQ4-R-A2 --on 2026-11-03")]
    Died {
        /// The member's id
        member: String,
        #[command(flatten)]
        when: When,
    },
    /// Record that a member came or left; who was there on the draw's date is counted on
    Member {
        #[command(subcommand)]
        command: Member,
    },
    /// Record that a couple parted: the family keeps its id
    #[command(
        after_help = "The family stays where the child mainly lives. Name those who left it, a \
                      child too if it mainly lives with one of them.\n\nExample:\n  lodd family \
                      split RIN-7KQ4-R --on 2026-11-03 --leaves RIN-7KQ4-R-A2"
    )]
    Split {
        /// The family's id
        family: String,
        /// A member who left; may be given several times
        #[arg(long, value_name = "MEMBER", required = true)]
        leaves: Vec<String>,
        #[command(flatten)]
        when: When,
    },
    /// Record follow-up, as the coordinators' log tells of it
    #[command(after_help = "It frees no place: `lodd draw offer leave` does that.\n\nExample:\n  \
                            lodd family participation RIN-7KQ4-R --on 2026-09-01 --meetings 12 \
                            --coordinator K1 --ended 2027-06-30 --why FULLFORT")]
    Participation {
        /// The family's id
        family: String,
        /// The last day
        #[arg(long, value_name = "DATE", requires = "why")]
        ended: Option<String>,
        /// Why it ended: FULLFORT, `EGET_ONSKE`, FLYTTET, `IKKE_NADD` or ANNET
        #[arg(long, value_name = "CODE", requires = "ended")]
        why: Option<String>,
        /// Meetings so far
        #[arg(long, value_name = "N")]
        meetings: Option<u16>,
        /// A code for the coordinator, such as K1; never a name
        #[arg(long, value_name = "CODE")]
        coordinator: Option<String>,
        #[command(flatten)]
        when: When,
    },
    /// Record a deviation from the draw; the draw does not change
    #[command(after_help = "Kinds: KRYSSET_OVER, KONTROLL_FULGT_OPP, SEN_BASELINE, \
                            ANNET.\n\nExample:\n  lodd family deviation RIN-7KQ4-R --on 2026-11-03 \
                            --kind KRYSSET_OVER")]
    Deviation {
        /// The family's id
        family: String,
        /// What kind
        #[arg(long, value_name = "CODE")]
        kind: String,
        #[command(flatten)]
        when: When,
    },
    /// Take back what was recorded in error: a status, or one of the above
    #[command(after_help = "What is taken back stays in the store, and in every earlier cut.\n\n\
                      Examples:\n  lodd family retract RIN-7KQ4-R-A1 --on 2026-11-03 --reason \
                      FEIL_PERSON\n  lodd family retract RIN-7KQ4-R --what move --on 2026-11-03 \
                      --reason TASTEFEIL")]
    Retract {
        /// The family's or member's id
        unit: String,
        /// The status date, or a day of the event
        #[arg(long, value_name = "DATE")]
        on: String,
        /// status, member, move, consent, participation or deviation
        #[arg(long, value_name = "WHAT", default_value = "status")]
        what: String,
        /// TASTEFEIL, `NY_INFO`, `FEIL_PERSON`, `FEIL_DATO` or METODE
        #[arg(long, value_name = "CODE")]
        reason: String,
        /// Of a status: who reported it
        #[arg(long, value_name = "CODE", default_value = "VEILEDER")]
        source: String,
        /// Of a status: the register it is from
        #[arg(long, value_name = "NAME")]
        register: Option<String>,
        /// Of a consent: to what, where several were given on that day: FORSKNING or TILTAK
        #[arg(long, value_name = "CODE")]
        consent: Option<String>,
    },
    /// Show what has been told of a family, with both times
    #[command(after_help = "Example:\n  lodd family show RIN-7KQ4-R --json")]
    Show {
        /// The family's id
        family: String,
        /// What was known at this time [default: now]
        #[arg(long, value_name = "TIME")]
        cut: Option<String>,
    },
    /// Erase a family for ever: its key is destroyed, its rows go, its place in the draw stands
    #[command(after_help = "The ground is kept: a code (SAMTYKKE_TRUKKET, INNSIGELSE, ULOVLIG, \
                            RETTSLIG_PLIKT, FORMALET_OPPFYLT) or a sentence without anything that \
                            points at a person.\n\nExample:\n  lodd family erase RIN-7KQ4-R \
                            --ground SAMTYKKE_TRUKKET --yes")]
    Erase {
        /// The family's id
        family: String,
        /// The legal ground
        #[arg(long, value_name = "CODE|TEXT")]
        ground: String,
        /// Do it: there is no way back
        #[arg(long)]
        yes: bool,
    },
    /// Strike a family that should not have been on the list; nobody else's ticket changes
    #[command(
        after_help = "It leaves the analysis only by a fact from before the locking that is \
                            told before the draw is revealed.\n\nExample:\n  lodd family strike \
                            RIN-7KQ4-R --on 2026-08-15 --reason \"moved before the list was locked\""
    )]
    Strike {
        /// The family's id
        family: String,
        /// The date of the fact
        #[arg(long, value_name = "DATE")]
        on: String,
        /// Why, without anything that points at a person
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Member {
    /// A member who came after the list was locked: gets an id, is observed, is not counted
    #[command(
        after_help = "Example:\n  lodd family member add RIN-7KQ4-R --role BARN --birth-year \
                            2026 --on 2026-11-03 --why FODT"
    )]
    Add {
        /// The family's id
        family: String,
        /// FORELDER, PARTNER, `ANNEN_VOKSEN` or BARN
        #[arg(long, value_name = "CODE")]
        role: String,
        /// Year of birth
        #[arg(long, value_name = "YEAR")]
        birth_year: i32,
        /// FODT, `FLYTTET_INN` or ANNET
        #[arg(long, value_name = "CODE", default_value = "FLYTTET_INN")]
        why: String,
        /// The id, where the office has given one [default: the family's next]
        #[arg(long, value_name = "MEMBER")]
        id: Option<String>,
        #[command(flatten)]
        when: When,
    },
    /// A member who left: stays counted as drawn
    #[command(after_help = "Example:\n  lodd family member leave RIN-7KQ4-R-A2 --on 2026-11-03 \
                            --why FLYTTET_UT")]
    Leave {
        /// The member's id
        member: String,
        /// `FLYTTET_UT`, DOD, SAMLIVSBRUDD or ANNET
        #[arg(long, value_name = "CODE")]
        why: String,
        #[command(flatten)]
        when: When,
    },
    /// A known member who has come back
    #[command(after_help = "Example:\n  lodd family member back RIN-7KQ4-R-A2 --on 2027-01-15")]
    Back {
        /// The member's id
        member: String,
        #[command(flatten)]
        when: When,
    },
}

/// When it happened, and why it may be recorded.
#[derive(Args, Debug)]
pub(crate) struct When {
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: String,
    /// The legal ground, a code for the ledger [default: that of the command]
    #[arg(long, value_name = "CODE", value_parser = family::GROUNDS)]
    ground: Option<String>,
    /// Why it corrects what was told: TASTEFEIL, `NY_INFO`, `FEIL_PERSON`, `FEIL_DATO`, METODE
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
}

impl When {
    fn manner(&self) -> Manner<'_> {
        Manner { on: &self.on, ground: self.ground.as_deref(), reason: self.reason.as_deref() }
    }
}

/// Calls the step of a command.
pub(super) fn run(context: &Context, command: &Family) -> Result<Answer, Failure> {
    match command {
        Family::Withdraw { unit, consent, when } => {
            family::withdraw(context, unit, consent, when.manner())
        }
        Family::Consent { unit, kind, answer, when } => {
            family::consent(context, unit, (kind, answer), when.manner())
        }
        Family::Move { family, municipality, office, when } => {
            let to = (municipality.as_str(), office.as_deref());
            family::moved(context, family, to, when.manner())
        }
        Family::Died { member, when } => family::left(context, member, "DOD", when.manner()),
        Family::Member { command } => member(context, command),
        Family::Split { family, leaves, when } => {
            family::split(context, family, leaves, when.manner())
        }
        Family::Participation { family, ended, why, meetings, coordinator, when } => {
            let told = family::Log {
                ended: ended.as_deref().zip(why.as_deref()),
                meetings: *meetings,
                coordinator: coordinator.as_deref(),
            };
            family::participation(context, family, told, when.manner())
        }
        Family::Deviation { family, kind, when } => {
            family::deviation(context, family, kind, when.manner())
        }
        Family::Retract { unit, on, what, reason, source, register, consent } => {
            let manner = Manner { on, ground: None, reason: Some(reason) };
            let status = (source.as_str(), register.as_deref());
            let taken = Taken { what, status, consent: consent.as_deref() };
            family::retract::run(context, unit, taken, manner)
        }
        Family::Show { family, cut } => family::show::run(context, family, cut.as_deref()),
        Family::Erase { family, ground, yes } => erase::run(context, family, ground, *yes),
        Family::Strike { family, on, reason } => strike::run(context, family, on, reason),
    }
}

fn member(context: &Context, command: &Member) -> Result<Answer, Failure> {
    match command {
        Member::Add { family, role, birth_year, why, id, when } => {
            let newcomer =
                family::Newcomer { role, birth_year: *birth_year, why, id: id.as_deref() };
            family::add(context, family, newcomer, when.manner())
        }
        Member::Leave { member, why, when } => family::left(context, member, why, when.manner()),
        Member::Back { member, when } => family::back(context, member, when.manner()),
    }
}
