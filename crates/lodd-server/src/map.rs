//! What there is: pages, files and deeds, where they are and whose they are. The routes are made of these
//! tables, and the tests read them.

use serde::{Deserialize, Serialize};

use crate::Role::{self, Auditor, Clerk, Evaluator, Lead, Researcher};

/// A page that a step fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// An office's families that take part: who is in them, where they live.
    Families,
    /// One family of the office.
    Family,
    /// The roster and the screening, counts by reason.
    Roster,
    /// The draws, and what can be done with them.
    Draws,
    /// One draw.
    Draw,
    /// Places: offers, answers, free places.
    Places,
    /// What has been reported, by office and horizon.
    Answers,
    /// Families from screening to analysis.
    Flow,
    /// The analysis plan and when it was locked.
    Plan,
    /// Estimates and reports.
    Results,
    /// What has been published.
    Releases,
    /// The draws' proofs.
    Proofs,
    /// The ledger's entries.
    Ledger,
    /// Receipts checked against the ledger.
    Receipts,
    /// Who has asked for what.
    Access,
    /// The draws as anyone may see them.
    Open,
    /// One draw as anyone may see it.
    OpenDraw,
}

impl View {
    /// Every page.
    pub const ALL: [Self; 17] = [
        Self::Families,
        Self::Family,
        Self::Roster,
        Self::Draws,
        Self::Draw,
        Self::Places,
        Self::Answers,
        Self::Flow,
        Self::Plan,
        Self::Results,
        Self::Releases,
        Self::Proofs,
        Self::Ledger,
        Self::Receipts,
        Self::Access,
        Self::Open,
        Self::OpenDraw,
    ];

    /// Its path; `{id}` is the one thing that it is about.
    pub fn path(self) -> &'static str {
        match self {
            Self::Families => "/familier",
            Self::Family => "/familier/{id}",
            Self::Roster => "/liste",
            Self::Draws => "/trekninger",
            Self::Draw => "/trekninger/{id}",
            Self::Places => "/plasser",
            Self::Answers => "/svar",
            Self::Flow => "/flyt",
            Self::Plan => "/plan",
            Self::Results => "/resultater",
            Self::Releases => "/frigivelser",
            Self::Proofs => "/bevis",
            Self::Ledger => "/journal",
            Self::Receipts => "/kvitteringer",
            Self::Access => "/innsyn",
            Self::Open => "/apent",
            Self::OpenDraw => "/apent/{id}",
        }
    }

    /// Who may see it; nobody named: everyone, without log-in.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Families | Self::Family => &[Clerk, Lead],
            Self::Roster | Self::Draws | Self::Draw | Self::Places => &[Researcher],
            Self::Answers | Self::Flow | Self::Plan | Self::Results => &[Evaluator],
            Self::Releases => &[Evaluator, Researcher],
            Self::Proofs | Self::Ledger | Self::Receipts | Self::Access => &[Auditor],
            Self::Open | Self::OpenDraw => &[],
        }
    }

    /// Whether the menu has it.
    pub(crate) fn is_in_menu(self) -> bool {
        !self.path().contains('{')
    }

    /// The first page of a role that has no office.
    pub(crate) fn first(role: Role) -> Option<Self> {
        match role {
            Clerk | Lead => None,
            Researcher => Some(Self::Draws),
            Evaluator => Some(Self::Answers),
            Auditor => Some(Self::Proofs),
        }
    }
}

/// Where files are taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shelf {
    /// The public files of a draw.
    Open,
    /// The page that checks a draw.
    Verifier,
    /// The records of a draw, for the archive.
    Record,
    /// Whom the screening judged eligible.
    Roster,
    /// Tables and reports.
    Output,
    /// What may be published: the public report and its tables.
    Public,
    /// The ledger as a table.
    Journal,
}

impl Shelf {
    /// Every shelf.
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::Verifier,
        Self::Record,
        Self::Roster,
        Self::Output,
        Self::Public,
        Self::Journal,
    ];

    /// Its path; `{id}` is the draw, `{file}` the file's name.
    pub fn path(self) -> &'static str {
        match self {
            Self::Open => "/apent/{id}/{file}",
            Self::Verifier => "/kontroller/{file}",
            Self::Record => "/trekninger/{id}/{file}",
            Self::Roster => "/liste/{file}",
            Self::Output => "/filer/{file}",
            Self::Public => "/offentlig/{file}",
            Self::Journal => "/journal/{file}",
        }
    }

    /// Who may take from it; nobody named: everyone.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Open | Self::Verifier => &[],
            Self::Record | Self::Roster => &[Researcher],
            Self::Output => &[Evaluator],
            Self::Public => &[Evaluator, Researcher],
            Self::Journal => &[Auditor],
        }
    }
}

/// What can be done on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Deed {
    /// Somebody joins a family.
    Join,
    /// Somebody leaves a family.
    Leave,
    /// A family moves.
    Move,
    /// A family or a member withdraws.
    Withdraw,
    /// Take back what was said of a family by mistake.
    Retract,
    /// Judge who is eligible.
    Screen,
    /// Lock the list and announce a draw.
    Announce,
    /// Draw with the beacon of the announced round.
    Reveal,
    /// Void an announced draw.
    Void,
    /// Offer a free place to the next rank.
    Offer,
    /// What a family answered.
    OfferAnswer,
    /// A family gave its place up.
    GiveUp,
    /// No more places are offered.
    CloseOffers,
    /// A new key for everything that is stored.
    RotateKeys,
    /// Lock the analysis plan.
    LockPlan,
    /// Make the panel.
    MakePanel,
    /// Estimate.
    Estimate,
    /// Write the report.
    Report,
    /// Publish the public report and its tables.
    Release,
    /// Check the whole ledger.
    VerifyLedger,
    /// Check a receipt.
    CheckReceipt,
}

impl Deed {
    /// Every deed.
    pub const ALL: [Self; 21] = [
        Self::Join,
        Self::Leave,
        Self::Move,
        Self::Withdraw,
        Self::Retract,
        Self::Screen,
        Self::Announce,
        Self::Reveal,
        Self::Void,
        Self::Offer,
        Self::OfferAnswer,
        Self::GiveUp,
        Self::CloseOffers,
        Self::RotateKeys,
        Self::LockPlan,
        Self::MakePanel,
        Self::Estimate,
        Self::Report,
        Self::Release,
        Self::VerifyLedger,
        Self::CheckReceipt,
    ];

    /// Where its form is sent.
    pub fn path(self) -> &'static str {
        match self {
            Self::Join => "/gjor/medlem-inn",
            Self::Leave => "/gjor/medlem-ut",
            Self::Move => "/gjor/flytting",
            Self::Withdraw => "/gjor/trekk",
            Self::Retract => "/gjor/angre",
            Self::Screen => "/gjor/vurdering",
            Self::Announce => "/gjor/kunngjoring",
            Self::Reveal => "/gjor/trekning",
            Self::Void => "/gjor/annullering",
            Self::Offer => "/gjor/tilbud",
            Self::OfferAnswer => "/gjor/svar-paa-tilbud",
            Self::GiveUp => "/gjor/ledig-plass",
            Self::CloseOffers => "/gjor/tilbud-slutt",
            Self::RotateKeys => "/gjor/nokkelbytte",
            Self::LockPlan => "/gjor/planlaas",
            Self::MakePanel => "/gjor/panel",
            Self::Estimate => "/gjor/estimat",
            Self::Report => "/gjor/rapport",
            Self::Release => "/gjor/frigivelse",
            Self::VerifyLedger => "/gjor/journalsjekk",
            Self::CheckReceipt => "/gjor/kvitteringssjekk",
        }
    }

    /// Where a field of its form stands on a page.
    pub(crate) fn field_id(self, field: &str) -> String {
        format!("{}-{field}", self.path().trim_start_matches("/gjor/"))
    }

    /// Who may do it, or ask for it where it takes two.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Join | Self::Leave | Self::Move | Self::Withdraw => &[Clerk, Lead],
            Self::Retract => &[Lead],
            Self::Screen
            | Self::Announce
            | Self::Reveal
            | Self::Void
            | Self::Offer
            | Self::OfferAnswer
            | Self::GiveUp
            | Self::CloseOffers
            | Self::RotateKeys => &[Researcher],
            Self::LockPlan | Self::MakePanel | Self::Estimate | Self::Report | Self::Release => {
                &[Evaluator]
            }
            Self::VerifyLedger | Self::CheckReceipt => &[Auditor],
        }
    }

    /// Who may say yes to it, another than whoever asked; nobody named: one person is enough.
    pub fn second(self) -> &'static [Role] {
        match self {
            Self::Void | Self::RotateKeys => &[Researcher, Auditor],
            Self::Release => &[Evaluator, Researcher],
            Self::Join
            | Self::Leave
            | Self::Move
            | Self::Withdraw
            | Self::Retract
            | Self::Screen
            | Self::Announce
            | Self::Reveal
            | Self::Offer
            | Self::OfferAnswer
            | Self::GiveUp
            | Self::CloseOffers
            | Self::LockPlan
            | Self::MakePanel
            | Self::Estimate
            | Self::Report
            | Self::VerifyLedger
            | Self::CheckReceipt => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Deed, Shelf, View};

    #[test]
    fn no_two_are_at_the_same_place() {
        let mut all: Vec<&str> = View::ALL.map(View::path).to_vec();
        all.extend(Shelf::ALL.map(Shelf::path));
        all.extend(Deed::ALL.map(Deed::path));
        let many = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), many);
    }
}
