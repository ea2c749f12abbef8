//! What all requests share.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::sync::Semaphore;

use crate::{Desk, Ticket, Trouble, pending::Pending};

/// So many requests read or write the pilot at once; the others wait their turn.
const AT_ONCE: usize = 4;

#[derive(Clone)]
pub(crate) struct State {
    pub(crate) desk: Arc<dyn Desk>,
    pub(crate) office: Arc<str>,
    pub(crate) ticket: Arc<Mutex<Ticket>>,
    pub(crate) host: SocketAddr,
    pub(crate) pending: Arc<Pending>,
    turns: Arc<Semaphore>,
}

impl State {
    pub(crate) fn new(desk: Arc<dyn Desk>, office: &str, ticket: Ticket, host: SocketAddr) -> Self {
        Self {
            desk,
            office: office.into(),
            ticket: Arc::new(Mutex::new(ticket)),
            host,
            pending: Arc::default(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Asks the desk on a thread that may block. A request that is cut off does not stop what it asked.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Desk, &str) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let lost = |why: &str| Trouble { message: why.to_owned(), hint: None };
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_| lost("the server is closing"))?;
        let (desk, office) = (Arc::clone(&self.desk), Arc::clone(&self.office));
        let asked = tokio::task::spawn_blocking(move || {
            let answer = work(&*desk, &office);
            drop(turn);
            answer
        });
        asked.await.unwrap_or_else(|_| Err(lost("the request could not be carried out")))
    }
}
