//! What all requests share.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::sync::Semaphore;

use crate::{Desk, Ticket, Trouble, approvals::Approvals, guard::Site, pending::Pending};

/// So many requests read or write the pilot at once; the others wait their turn.
const AT_ONCE: usize = 4;

#[derive(Clone)]
pub(crate) struct State {
    pub(crate) desk: Arc<dyn Desk>,
    pub(crate) ticket: Arc<Mutex<Ticket>>,
    pub(crate) site: Arc<Site>,
    pub(crate) pending: Arc<Pending>,
    pub(crate) approvals: Arc<Approvals>,
    turns: Arc<Semaphore>,
}

impl State {
    pub(crate) fn new(desk: Arc<dyn Desk>, ticket: Ticket, at: SocketAddr) -> Self {
        Self {
            desk,
            ticket: Arc::new(Mutex::new(ticket)),
            site: Arc::new(Site::local(at)),
            pending: Arc::default(),
            approvals: Arc::default(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Whether whoever is here is alone: the page of one machine, where nobody else can say yes.
    pub(crate) fn is_one_person(&self) -> bool {
        true
    }

    /// Asks the desk on a thread that may block. A request that is cut off does not stop what it asked.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Desk) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let lost = |why: &str| Trouble { message: why.to_owned(), hint: None };
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_| lost("the server is closing"))?;
        let desk = Arc::clone(&self.desk);
        let asked = tokio::task::spawn_blocking(move || {
            let answer = work(&*desk);
            drop(turn);
            answer
        });
        asked.await.unwrap_or_else(|_| Err(lost("the request could not be carried out")))
    }
}
