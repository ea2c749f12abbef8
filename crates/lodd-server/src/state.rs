//! What all requests share.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::http::StatusCode;
use tokio::sync::Semaphore;

use crate::{
    Desk, Door, Note, Ticket, Trouble, Who,
    approvals::Approvals,
    guard::Site,
    limits::Buckets,
    login::Provider,
    machine::Machines,
    many::{Limits, Many},
    metrics::Metrics,
    pending::Pending,
    sessions::Sessions,
};

/// So many requests read or write the pilot at once; the others wait their turn.
const AT_ONCE: usize = 4;
/// So many wait for a provider at once.
const OUTSIDE_AT_ONCE: usize = 16;
/// So many notes are written at once: they wait for nobody who waits for a provider.
const NOTES_AT_ONCE: usize = 8;

/// Who may come in.
#[derive(Debug)]
pub(crate) enum Entrance {
    /// Whoever shows the word that was printed.
    Ticket(Mutex<Ticket>),
    /// Whoever a provider knows.
    LogIn(Box<Provider>),
}

#[derive(Clone)]
pub(crate) struct State {
    pub(crate) desk: Arc<dyn Desk>,
    pub(crate) entrance: Arc<Entrance>,
    pub(crate) site: Arc<Site>,
    pub(crate) pending: Arc<Pending>,
    pub(crate) approvals: Arc<Approvals>,
    pub(crate) sessions: Sessions,
    pub(crate) buckets: Arc<Buckets>,
    pub(crate) metrics: Arc<Metrics>,
    /// Machines that may deliver; none on the page of one machine.
    pub(crate) machines: Option<Arc<Machines>>,
    pub(crate) limits: Limits,
    turns: Arc<Semaphore>,
    outside: Arc<Semaphore>,
    notes: Arc<Semaphore>,
}

impl State {
    pub(crate) fn new(desk: Arc<dyn Desk>, door: Door, at: SocketAddr) -> Self {
        let many = match &door {
            Door::OneMachine(_) => None,
            Door::Many(many) => Some(many.as_ref().clone()),
        };
        let entrance = match door {
            Door::OneMachine(ticket) => Entrance::Ticket(Mutex::new(ticket)),
            Door::Many(many) => Entrance::LogIn(Box::new(Provider::new(&many))),
        };
        let site = many.as_ref().map_or_else(|| Site::local(at), Site::of);
        let buckets = many.as_ref().map(|it| Buckets::new(it.limits)).unwrap_or_default();
        Self {
            desk,
            entrance: Arc::new(entrance),
            site: Arc::new(site),
            pending: Arc::default(),
            approvals: Arc::default(),
            sessions: Sessions::default(),
            buckets: Arc::new(buckets),
            metrics: Arc::default(),
            limits: many.as_ref().map(|it| it.limits).unwrap_or_default(),
            machines: many.map(|Many { machines, .. }| Arc::new(Machines::new(machines))),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            outside: Arc::new(Semaphore::new(OUTSIDE_AT_ONCE)),
            notes: Arc::new(Semaphore::new(NOTES_AT_ONCE)),
        }
    }

    /// Whether whoever is here is alone: the page of one machine, where nobody else can say yes.
    pub(crate) fn is_one_person(&self) -> bool {
        matches!(*self.entrance, Entrance::Ticket(_))
    }

    /// Asks the desk on a thread that may block. A request that is cut off does not stop what it asked.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Desk) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        self.in_turn(&self.turns, work).await.unwrap_or_else(|| Err(lost()))
    }

    /// The same for what asks a provider, so that it waits for nobody who asks the pilot.
    pub(crate) async fn outside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Desk) -> T + Send + 'static,
    ) -> Option<T> {
        self.in_turn(&self.outside, work).await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        turns: &Arc<Semaphore>,
        work: impl FnOnce(&dyn Desk) -> T + Send + 'static,
    ) -> Option<T> {
        let turn = Arc::clone(turns).acquire_owned().await.ok()?;
        let desk = Arc::clone(&self.desk);
        let asked = tokio::task::spawn_blocking(move || {
            let answer = work(&*desk);
            drop(turn);
            answer
        });
        asked.await.ok()
    }

    /// Notes who asked for what; whether it is noted.
    pub(crate) async fn note(&self, note: Note) -> bool {
        let noted = self.in_turn(&self.notes, move |desk| desk.note(&note).is_ok());
        noted.await.unwrap_or_default()
    }

    /// Whether the pilot's store can be opened.
    pub(crate) async fn is_well(&self) -> bool {
        self.in_turn(&self.notes, Desk::is_well).await.unwrap_or_default()
    }

    /// The same, of somebody who was let in.
    pub(crate) async fn note_of(
        &self,
        who: &Who,
        (method, route): (&'static str, &'static str),
        status: u16,
    ) -> bool {
        let office = who.office().map(ToOwned::to_owned);
        let (actor, role) = (who.name().to_owned(), who.role().code());
        self.note(Note { actor, role, office, method, route, status }).await
    }

    /// Notes that somebody was not let in. They are told so, noted or not.
    pub(crate) async fn note_of_nobody(
        &self,
        role: &'static str,
        (method, route): (&'static str, &'static str),
        status: StatusCode,
    ) {
        let (actor, status) = ("nobody".to_owned(), status.as_u16());
        self.note(Note { actor, role, office: None, method, route, status }).await;
    }
}

fn lost() -> Trouble {
    let message = "the request could not be carried out".to_owned();
    Trouble { message, hint: None }
}
