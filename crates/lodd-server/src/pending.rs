//! Files that have been looked at and not yet stored, or are to be mended: in memory only, one a person,
//! for a while.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{Lang, Looked, Manner, Sent};

/// As long as a session may be idle: whoever comes back later sends the file again.
const KEPT_US: i64 = 15 * 60 * 1_000_000;
/// So many persons may have a file waiting; the oldest goes.
const PERSONS_MAX: usize = 64;

/// A file, how it is to be delivered, and what was found in it; copied without its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) file: Arc<Sent>,
    pub(crate) manner: Manner,
    pub(crate) looked: Arc<Looked>,
    /// Whether it is stored already, and waits for its correction to be taken.
    pub(crate) stored: bool,
    /// The language of what was found.
    pub(crate) lang: Lang,
    pub(crate) at_us: i64,
}

#[derive(Debug, Default)]
pub(crate) struct Pending(Mutex<HashMap<String, Waiting>>);

impl Pending {
    pub(crate) fn put(&self, whose: String, waiting: Waiting) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = waiting.at_us;
        all.retain(|_, it| now - it.at_us < KEPT_US);
        if all.len() >= PERSONS_MAX && !all.contains_key(&whose) {
            let oldest = all.iter().min_by_key(|(_, it)| it.at_us).map(|(key, _)| key.clone());
            oldest.and_then(|key| all.remove(&key));
        }
        all.insert(whose, waiting);
    }

    pub(crate) fn get(&self, whose: &str, now_us: i64) -> Option<Waiting> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(whose).filter(|it| now_us - it.at_us < KEPT_US).cloned()
    }

    pub(crate) fn forget(&self, whose: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(whose);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{KEPT_US, PERSONS_MAX, Pending, Waiting};
    use crate::{Lang, Manner, Sent};

    fn waiting(at_us: i64) -> Waiting {
        let file = Sent { name: "a.csv".to_owned(), bytes: vec![1] }.into();
        let (manner, looked) = (Manner::default(), Arc::default());
        Waiting { file, manner, looked, stored: false, lang: Lang::Nb, at_us }
    }

    #[test]
    fn a_file_waits_for_a_while_and_the_oldest_makes_room() {
        let pending = Pending::default();
        for at in 0..=PERSONS_MAX {
            pending.put(format!("s{at}"), waiting(i64::try_from(at).unwrap()));
        }
        assert!(pending.get("s0", 0).is_none());
        assert!(pending.get("s1", KEPT_US).is_some());
        assert!(pending.get("s1", KEPT_US + 1).is_none());
        pending.forget("s2");
        assert!(pending.get("s2", 3).is_none());
    }
}
