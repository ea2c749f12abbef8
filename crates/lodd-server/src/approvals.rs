//! What takes two persons: what the first asked for waits until another says yes. In memory: after a
//! restart nothing waits, and nothing has been done.

use std::sync::{Mutex, PoisonError};

use crate::{Deed, Filled, Role, Who};

/// A request waits a day.
const KEPT_US: i64 = 24 * 60 * 60 * 1_000_000;
/// So many may wait.
const WAITING_MAX: usize = 100;

/// A request that waits.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) id: u64,
    pub(crate) deed: Deed,
    pub(crate) filled: Filled,
    pub(crate) by: Who,
    /// What it would do.
    pub(crate) what: String,
    pub(crate) at_us: i64,
}

impl Request {
    /// Whether this person may say yes: another than whoever asked, with a role for it.
    pub(crate) fn may_be_approved_by(&self, who: &Who) -> bool {
        !self.by.is_same_person(who) && self.deed.second().contains(&who.role())
    }

    /// Whether this person may see that it waits, and may take it away.
    pub(crate) fn concerns(&self, who: &Who) -> bool {
        self.by.is_same_person(who) || self.deed.second().contains(&who.role())
    }
}

/// Whether a role can ever have something to say yes to, or something that waits.
pub(crate) fn concern(role: Role) -> bool {
    let mut two = Deed::ALL.into_iter().filter(|it| !it.second().is_empty());
    two.any(|it| it.second().contains(&role) || it.roles().contains(&role))
}

#[derive(Debug, Default)]
pub(crate) struct Approvals(Mutex<(u64, Vec<Request>)>);

impl Approvals {
    /// Lets a request wait; nothing where too many wait already.
    pub(crate) fn put(
        &self,
        (deed, filled): (Deed, Filled),
        by: Who,
        what: String,
        at_us: i64,
    ) -> Option<u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, waiting) = &mut *all;
        waiting.retain(|it| at_us - it.at_us < KEPT_US);
        if waiting.len() >= WAITING_MAX {
            return None;
        }
        *last += 1;
        waiting.push(Request { id: *last, deed, filled, by, what, at_us });
        Some(*last)
    }

    /// What waits and concerns this person.
    pub(crate) fn of(&self, who: &Who, now_us: i64) -> Vec<Request> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let young = all.1.iter().filter(|it| now_us - it.at_us < KEPT_US);
        young.filter(|it| it.concerns(who)).cloned().collect()
    }

    /// Takes a request out, if `may`: nobody can say yes to it twice.
    pub(crate) fn take(
        &self,
        id: u64,
        now_us: i64,
        may: impl Fn(&Request) -> bool,
    ) -> Option<Request> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let young = |it: &Request| now_us - it.at_us < KEPT_US;
        let at = all.1.iter().position(|it| it.id == id && young(it) && may(it))?;
        Some(all.1.remove(at))
    }
}

#[cfg(test)]
mod tests {
    use super::{Approvals, KEPT_US};
    use crate::{Deed, Filled, Role, Who};

    #[test]
    fn one_person_is_never_two() {
        let approvals = Approvals::default();
        let (a, b) = ("a", "b");
        let of = |name: &str, role| Who::central(name, role).unwrap();
        let asked = (Deed::Void, Filled::default());
        let id = approvals.put(asked, of(a, Role::Researcher), String::new(), 0).unwrap();
        let take = |who: &Who, now| approvals.take(id, now, |it| it.may_be_approved_by(who));
        assert!(take(&of(a, Role::Researcher), 1).is_none());
        assert!(take(&of(a, Role::Auditor), 1).is_none());
        let in_another_role = of("auditor a, page", Role::Auditor).as_person(a);
        assert!(take(&in_another_role, 1).is_none());
        assert!(take(&of(b, Role::Evaluator), 1).is_none());
        assert!(take(&of(b, Role::Auditor), KEPT_US).is_none());
        assert_eq!(approvals.of(&of(b, Role::Evaluator), 1).len(), 0);
        assert_eq!(approvals.of(&of(b, Role::Auditor), 1).len(), 1);
        assert!(take(&of(b, Role::Auditor), 1).is_some());
        assert!(take(&of(b, Role::Auditor), 1).is_none());
    }
}
