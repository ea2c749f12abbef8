//! Sessions, in memory: after a restart everyone logs in again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use tower_sessions::{
    SessionStore,
    cookie::time::OffsetDateTime,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// So many at most: those that are over make room, and then nobody new is let in.
const SESSIONS_MAX: usize = 20_000;

/// The sessions that there are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sessions(Arc<Mutex<HashMap<Id, Record>>>);

impl Sessions {
    fn all(&self) -> MutexGuard<'_, HashMap<Id, Record>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many are not over; the others go.
    pub(crate) fn count(&self) -> usize {
        let now = OffsetDateTime::now_utc();
        let mut all = self.all();
        all.retain(|_, it| it.expiry_date > now);
        all.len()
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        if self.all().len() >= SESSIONS_MAX && self.count() >= SESSIONS_MAX {
            return Err(Error::Backend("too many sessions".to_owned()));
        }
        let mut all = self.all();
        while all.contains_key(&record.id) {
            record.id = Id::default();
        }
        all.insert(record.id, record.clone());
        Ok(())
    }

    /// Keeps what is changed; a session that has ended meanwhile stays ended.
    async fn save(&self, record: &Record) -> Result<()> {
        if let Some(kept) = self.all().get_mut(&record.id) {
            *kept = record.clone();
        }
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let now = OffsetDateTime::now_utc();
        Ok(self.all().get(id).filter(|it| it.expiry_date > now).cloned())
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.all().remove(id);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tower_sessions::{
        SessionStore,
        cookie::time::{Duration, OffsetDateTime},
        session::{Id, Record},
    };

    use super::Sessions;

    /// What the browser still sends is forgotten here.
    #[tokio::test]
    async fn a_session_that_is_over_lets_nobody_in_and_stays_over() {
        let (sessions, now) = (Sessions::default(), OffsetDateTime::now_utc());
        let mut record = Record {
            id: Id::default(),
            data: std::collections::HashMap::new(),
            expiry_date: now + Duration::minutes(15),
        };
        sessions.create(&mut record).await.unwrap();
        assert!(sessions.load(&record.id).await.unwrap().is_some());
        record.expiry_date = now - Duration::seconds(1);
        sessions.save(&record).await.unwrap();
        assert!(sessions.load(&record.id).await.unwrap().is_none());
        assert_eq!(sessions.count(), 0);
        // A request that began before it was over does not bring it back.
        record.expiry_date = now + Duration::minutes(15);
        sessions.save(&record).await.unwrap();
        assert!(sessions.load(&record.id).await.unwrap().is_none());
    }
}
