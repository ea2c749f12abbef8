//! `lodd serve`: what can be typed.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, ValueEnum};

use crate::steps::serve::Whose;

/// Open the pages: on this machine for whoever sits there, or with --config for everyone who may log in
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "Without --config the page is for whoever sits at this machine: it listens on an address \
                  of this machine only, and the link that is printed lets one browser in, once, within \
                  ten minutes. With --config it is for many: they log in with a provider, machines \
                  deliver with tokens, and docs/serve-toml.md says what the file holds. Ctrl-C or \
                  SIGTERM ends it.\n\nExamples:\n  lodd serve --office gronnasen\n  lodd serve --as \
                  researcher\n  lodd serve --config serve.toml"
)]
pub(crate) struct Serve {
    /// Where to listen: an address of this machine only, unless with --config [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    /// Serve many: where the pages are, who says who people are, and what they may do
    #[arg(long, value_name = "FILE", conflicts_with_all = ["office", "role"])]
    pub(crate) config: Option<PathBuf>,
    /// The office whose page it is
    #[arg(long, value_name = "ID", required_unless_present_any = ["role", "config"])]
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
