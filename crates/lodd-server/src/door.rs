//! Who is let in: on one machine, whoever shows the word that the program printed, once.

use tower_sessions::Session;

use crate::{Lang, Who, state::State};

/// From log-in to log-out at most.
const AT_MOST_US: i64 = 8 * 60 * 60 * 1_000_000;
/// The word is good for so long.
const TICKET_US: i64 = 10 * 60 * 1_000_000;

const SINCE: &str = "since";
const WHO: &str = "who";
const CSRF: &str = "csrf";
const LANG: &str = "lang";
/// An attempt to log in with a provider.
pub(crate) const ATTEMPT: &str = "attempt";

/// A word that lets one person in, once and not for long.
pub struct Ticket {
    word: Option<String>,
    until_us: i64,
    who: Who,
}

impl std::fmt::Debug for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ticket").field("until_us", &self.until_us).finish_non_exhaustive()
    }
}

impl Ticket {
    /// A ticket of 32 random bytes for `who`, made at `now_us` (µs since the epoch).
    pub fn new(random: &[u8; 32], now_us: i64, who: Who) -> Self {
        Self { word: Some(hex(random)), until_us: now_us.saturating_add(TICKET_US), who }
    }

    /// The word to show; nothing once it has been used.
    pub fn word(&self) -> Option<&str> {
        self.word.as_deref()
    }

    /// Whom this word lets in now; it never does again.
    pub(crate) fn take(&mut self, word: &str, now_us: i64) -> Option<Who> {
        let good = self.word.as_deref().is_some_and(|own| same(own, word));
        if good {
            self.word = None;
        }
        (good && now_us < self.until_us).then(|| self.who.clone())
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares without telling by its time where two words differ.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

/// Somebody who has been let in.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) who: Who,
    pub(crate) csrf: String,
    pub(crate) lang: Option<Lang>,
}

/// The session of a request, if it is one that has been let in and has not become too old.
pub(crate) async fn visit(state: &State, session: &Session) -> Option<Visit> {
    let since: i64 = session.get(SINCE).await.ok()??;
    if is_over(since, state.desk.now_us()) {
        leave(session).await;
        return None;
    }
    let csrf = session.get(CSRF).await.ok()??;
    let lang: Option<String> = session.get(LANG).await.ok()?;
    let who: Who = session.get(WHO).await.ok()??;
    Some(Visit { who, csrf, lang: lang.as_deref().and_then(Lang::of) })
}

/// Whether a day's work is over that began at `since_us` (µs since the epoch).
fn is_over(since_us: i64, now_us: i64) -> bool {
    now_us.saturating_sub(since_us) >= AT_MOST_US
}

/// Begins a session under a new id.
pub(crate) async fn enter(state: &State, session: &Session, who: &Who) -> Result<(), String> {
    let csrf = hex(&state.desk.random().map_err(|it| it.message)?);
    let failed = |error: tower_sessions::session::Error| error.to_string();
    session.cycle_id().await.map_err(failed)?;
    session.insert(WHO, who).await.map_err(failed)?;
    session.insert(SINCE, state.desk.now_us()).await.map_err(failed)?;
    session.insert(CSRF, csrf).await.map_err(failed)?;
    session.save().await.map_err(failed)
}

/// Ends a session. A file that waits goes on waiting: whoever comes back in time finds it again.
pub(crate) async fn leave(session: &Session) {
    // The cookie is worth nothing either way: without its time a session lets nobody in.
    let _ = session.flush().await;
}

pub(crate) async fn speak(session: &Session, lang: Lang) -> Result<(), String> {
    session.insert(LANG, lang.code()).await.map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{TICKET_US, Ticket, is_over};
    use crate::Who;

    /// ASVS 7.3.2, and `trust.md`: eight hours at most.
    #[test]
    fn a_session_is_over_after_eight_hours_however_busy() {
        let hours = |n: i64| 1_790_000_000_000_000 + n * 3_600_000_000;
        assert!(!is_over(hours(0), hours(8) - 1));
        assert!(is_over(hours(0), hours(8)));
    }

    #[test]
    fn a_ticket_is_good_once_and_not_for_long() {
        let (word, who) = ("07".repeat(32), Who::of_office("a", false, "kontor"));
        let mut ticket = Ticket::new(&[7; 32], 0, who.clone());
        assert_eq!(ticket.word(), Some(word.as_str()));
        assert_eq!(ticket.take("07", 1), None);
        assert_eq!(ticket.take(&word, TICKET_US - 1), Some(who.clone()));
        assert_eq!(ticket.take(&word, TICKET_US - 1), None);
        assert_eq!(Ticket::new(&[7; 32], 0, who).take(&word, TICKET_US), None);
    }
}
