//! The pages: an office's deliveries from form to receipt, the researcher's draws, the evaluator's results,
//! the auditor's proofs.
//!
//! The pages ask a [`Desk`] and show what it answers; nothing is computed here. Every page works without
//! JavaScript, asks no other server for anything, and no page of an office carries the arm of a family.

mod approvals;
mod desk;
mod door;
mod guard;
mod locale;
mod map;
mod page;
mod pending;
mod routes;
mod sheet;
mod state;
mod who;

use std::{net::TcpListener, sync::Arc};

pub use desk::{
    Delivered, Desk, Due, Finding, Held, Home, Lang, Looked, Manner, Of, OfficeForm, Sent,
    Severity, Stored, Trouble, Waiting,
};
pub use door::Ticket;
pub use map::{Deed, Shelf, View};
pub use routes::{Route, routes};
pub use sheet::{Block, Cell, Done, Download, Field, FieldKind, Filled, Form, Grid, Link, Sheet};
pub use who::{Asker, Role, Who};

/// Why the page could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The operating system refused a thread, a socket or a signal.
    #[error("the page can't be served: {0}")]
    Io(#[from] std::io::Error),
    /// Its own secrets could not be made.
    #[error("no random bytes: {0}")]
    Random(String),
}

/// Serves one person on this machine until Ctrl-C, then ends what has begun.
///
/// `listener` is bound to a loopback address; whoever shows `ticket` first, once, is let in.
///
/// # Errors
/// If the machine gives no thread or socket.
pub fn serve(listener: TcpListener, desk: Arc<dyn Desk>, ticket: Ticket) -> Result<(), ServeError> {
    listener.set_nonblocking(true)?;
    let at = listener.local_addr()?;
    let app = routes::app(state::State::new(desk, ticket, at));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let stop = async {
            // Without a way to hear Ctrl-C the page goes on until it is killed, which loses nothing.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        axum::serve(listener, app).with_graceful_shutdown(stop).await
    })?;
    // What was being stored is stored: the runtime waits for its threads.
    drop(runtime);
    Ok(())
}
