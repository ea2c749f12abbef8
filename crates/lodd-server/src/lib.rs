//! The pages: an office's deliveries from form to receipt, the researcher's draws, the evaluator's results,
//! the auditor's proofs.
//!
//! The pages ask a [`Desk`] and show what it answers; nothing is computed here. Every page works without
//! JavaScript, asks no other server for anything, and no page of an office carries the arm of a family.

#![expect(clippy::result_large_err, reason = "what is refused is the answer that says so")]

mod accept;
mod approvals;
mod body;
mod desk;
mod door;
mod guard;
mod limits;
mod locale;
mod login;
mod machine;
mod many;
mod map;
mod metrics;
mod page;
mod pending;
mod routes;
mod sessions;
mod sheet;
mod state;
mod stop;
mod who;

use std::{net::TcpListener, sync::Arc};

/// Requests and answers as [`Desk::fetch`] takes and gives them.
pub use axum::http;
pub use desk::{
    Delivered, Desk, Due, Finding, Held, Home, Lang, Looked, Manner, Note, Of, OfficeForm, Sent,
    Severity, Stored, Trouble, Waiting,
};
pub use door::Ticket;
pub use many::{Access, Limits, LogIn, Machine, Many, When};
pub use map::{Deed, Shelf, View};
pub use routes::{Route, routes, routes_for_many};
pub use sheet::{
    Block, Cell, Done, Download, Fault, Field, FieldKind, Filled, Form, Grid, Link, Sheet,
};
pub use who::{Asker, Role, Who};

/// Why the page could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The operating system refused a thread, a socket or a signal.
    #[error("the page can't be served: {0}")]
    Io(#[from] std::io::Error),
}

/// Who is let in.
#[derive(Debug)]
pub enum Door {
    /// Whoever shows this ticket first, once: one person on this machine.
    OneMachine(Ticket),
    /// Whoever a provider of log-in knows.
    Many(Box<Many>),
}

/// Where it listens.
#[derive(Debug)]
pub struct Listeners {
    /// The pages.
    pub pages: TcpListener,
    /// Counts for whoever keeps the service running.
    pub metrics: Option<TcpListener>,
}

/// Serves until Ctrl-C or the system asks it to stop, then ends what has begun: those who are being
/// answered have 30 seconds, and what they asked for 30 more.
///
/// # Errors
/// If the machine gives no thread or socket.
pub fn serve(listeners: Listeners, desk: Arc<dyn Desk>, door: Door) -> Result<(), ServeError> {
    let Listeners { pages, metrics } = listeners;
    let state = state::State::new(desk, door, pages.local_addr()?);
    let limits = state.limits;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        if let Some(metrics) = metrics {
            let counts = routes::for_operators(state.clone());
            let never = std::future::pending();
            tokio::spawn(accept::serve(listener(metrics)?, counts, Limits::default(), never));
        }
        accept::serve(listener(pages)?, routes::app(state), limits, stop::asked_to()).await;
        Ok::<(), std::io::Error>(())
    })?;
    runtime.shutdown_timeout(accept::END_WAIT);
    Ok(())
}

fn listener(listener: TcpListener) -> std::io::Result<tokio::net::TcpListener> {
    listener.set_nonblocking(true)?;
    tokio::net::TcpListener::from_std(listener)
}
