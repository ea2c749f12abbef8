//! `lodd serve`: what can be typed.

use std::net::SocketAddr;

use clap::{Args, ValueEnum};

use crate::steps::serve::Whose;

/// Open a page on this machine: an office's deliveries, or the researcher's, evaluator's or auditor's
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "The page is for whoever sits at this machine: it listens on an address of this machine \
                  only, and the link that is printed lets one browser in, once, within ten \
                  minutes. Ctrl-C ends it.\n\nExamples:\n  lodd serve --office gronnasen\n  lodd \
                  serve --as researcher"
)]
pub(crate) struct Serve {
    /// Where to listen: an address of this machine only
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// The office whose page it is
    #[arg(long, value_name = "ID", required_unless_present = "role")]
    office: Option<String>,
    /// Whose page it is, where it is not a caseworker's
    #[arg(long = "as", value_name = "ROLE")]
    role: Option<Role>,
}

/// Whose page it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Role {
    /// The lead of the office that `--office` names
    Lead,
    /// List, screening, draws, places
    Researcher,
    /// Completeness, plan, estimates, reports, releases
    Evaluator,
    /// Proofs, ledger, receipts
    Auditor,
}

impl Serve {
    /// Whose page it is.
    pub(crate) fn whose(&self) -> Whose<'_> {
        let office = self.office.as_deref();
        match self.role {
            None => Whose::Office { office, is_lead: false },
            Some(Role::Lead) => Whose::Office { office, is_lead: true },
            Some(Role::Researcher) => Whose::Central(lodd_server::Role::Researcher, office),
            Some(Role::Evaluator) => Whose::Central(lodd_server::Role::Evaluator, office),
            Some(Role::Auditor) => Whose::Central(lodd_server::Role::Auditor, office),
        }
    }
}
