//! `lodd serve`: what can be typed.

use std::net::SocketAddr;

use clap::Args;

/// Open an office's page on this machine: what is due, the form, files looked at before they are stored
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "The page is for whoever sits at this machine: it listens on an address of this machine \
                  only, and the link that is printed lets one browser in, once, within ten \
                  minutes. Ctrl-C ends it.\n\nExample:\n  lodd serve --office gronnasen"
)]
pub(crate) struct Serve {
    /// Where to listen: an address of this machine only
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// The office whose page it is
    #[arg(long, value_name = "ID")]
    pub(crate) office: String,
}
