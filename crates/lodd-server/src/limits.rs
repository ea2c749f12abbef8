//! How much one person, machine or address may ask for: a bucket each, that holds what may come at once
//! and fills in a minute.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
    time::Instant,
};

use crate::many::Limits;

/// So many buckets at most; the full ones go first, since a new one is full.
const BUCKETS_MAX: usize = 20_000;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum What {
    /// A person's or a machine's requests.
    Requests,
    /// A person's or a machine's files.
    Uploads,
    /// Attempts to log in, of an address.
    LogIns,
    /// An address's requests.
    Address,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Instant,
    a_minute: f64,
}

impl Bucket {
    fn filled(&self, now: Instant) -> f64 {
        let seconds = now.saturating_duration_since(self.at).as_secs_f64();
        (self.left + seconds * self.a_minute / 60.0).min(self.a_minute)
    }
}

/// The buckets; none where nobody is limited.
#[derive(Debug, Default)]
pub(crate) struct Buckets {
    limits: Option<Limits>,
    all: Mutex<HashMap<(What, String), Bucket>>,
}

impl Buckets {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits: Some(limits), all: Mutex::default() }
    }

    /// Takes one.
    ///
    /// # Errors
    ///
    /// Whole seconds until there is one.
    pub(crate) fn take(&self, what: What, whose: &str) -> Result<(), u64> {
        self.take_at(what, whose, Instant::now())
    }

    fn take_at(&self, what: What, whose: &str, now: Instant) -> Result<(), u64> {
        let Some(limits) = self.limits else { return Ok(()) };
        let a_minute = f64::from(match what {
            What::Requests => limits.requests,
            What::Uploads => limits.uploads,
            What::LogIns => limits.log_ins,
            What::Address => limits.address,
        });
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= BUCKETS_MAX {
            all.retain(|_, it| it.filled(now) < it.a_minute);
        }
        if all.len() >= BUCKETS_MAX {
            all.clear();
        }
        let full = Bucket { left: a_minute, at: now, a_minute };
        let bucket = all.entry((what, whose.to_owned())).or_insert(full);
        let left = bucket.filled(now);
        (bucket.left, bucket.at) = (left, now);
        if left >= 1.0 {
            bucket.left = left - 1.0;
            return Ok(());
        }
        Err(seconds((1.0 - left) * 60.0 / a_minute))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 3600")]
fn seconds(until: f64) -> u64 {
    // A millionth of a second is rounding, not waiting.
    (until - 1e-6).ceil().clamp(1.0, 3600.0) as u64
}

/// An address as it is counted: of IPv6 the network, since one machine has many.
pub(crate) fn counted(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
    }
}

/// Whose request it is: what a trusted proxy says, else whoever is connected. Of a chain of proxies the
/// first that is not ours, from the end: what stands before it anyone may have written.
pub(crate) fn client(peer: IpAddr, forwarded: &[&str], proxies: &[IpAddr]) -> IpAddr {
    let is_ours = |ip: &IpAddr| proxies.contains(&ip.to_canonical());
    if !is_ours(&peer) {
        return peer;
    }
    let mut last = peer;
    for word in forwarded.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Ok(ip) = word.trim().parse::<IpAddr>() else { return last };
        last = ip;
        if !is_ours(&ip) {
            return ip;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use std::{
        net::IpAddr,
        time::{Duration, Instant},
    };

    use super::{BUCKETS_MAX, Buckets, What, client, counted};
    use crate::many::Limits;

    #[test]
    fn a_bucket_empties_says_when_and_fills_again() {
        let buckets = Buckets::new(Limits { uploads: 3, ..Limits::default() });
        let now = Instant::now();
        let take = |whose: &str, after| {
            buckets.take_at(What::Uploads, whose, now + Duration::from_secs(after))
        };
        for _ in 0..3 {
            assert_eq!(take("a", 0), Ok(()));
        }
        assert_eq!(take("a", 0), Err(20));
        assert_eq!(take("b", 0), Ok(()));
        assert_eq!(take("a", 19), Err(1));
        assert_eq!(take("a", 20), Ok(()));
        assert_eq!(take("a", 20), Err(20));
        for at in 0..BUCKETS_MAX + 10 {
            assert_eq!(take(&at.to_string(), 21), Ok(()));
        }
        assert!(buckets.all.lock().unwrap().len() <= BUCKETS_MAX);
    }

    /// A day of 64 offices behind one address: each logs in, asks for twelve pages and sends four files,
    /// all within the same second.
    #[test]
    fn sixty_four_offices_get_through_at_once() {
        let buckets = Buckets::new(Limits::default());
        let now = Instant::now();
        for office in 0..64 {
            let who = format!("clerk {office}");
            for _ in 0..2 {
                assert_eq!(buckets.take_at(What::LogIns, "10.0.0.1", now), Ok(()));
            }
            for _ in 0..20 {
                assert_eq!(buckets.take_at(What::Address, "10.0.0.1", now), Ok(()));
                assert_eq!(buckets.take_at(What::Requests, &who, now), Ok(()));
            }
            for _ in 0..4 {
                assert_eq!(buckets.take_at(What::Uploads, &who, now), Ok(()));
            }
        }
    }

    #[test]
    fn only_a_trusted_proxy_says_whose_a_request_is() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let proxies = [ip("127.0.0.1"), ip("10.0.0.9")];
        let of = |peer: &str, said: &[&str]| client(ip(peer), said, &proxies).to_string();
        assert_eq!(of("1.2.3.4", &["5.6.7.8"]), "1.2.3.4");
        assert_eq!(of("127.0.0.1", &["5.6.7.8"]), "5.6.7.8");
        assert_eq!(of("127.0.0.1", &["9.9.9.9, 5.6.7.8, 10.0.0.9"]), "5.6.7.8");
        assert_eq!(of("127.0.0.1", &["9.9.9.9", "5.6.7.8"]), "5.6.7.8");
        assert_eq!(of("127.0.0.1", &["5.6.7.8, junk"]), "127.0.0.1");
        assert_eq!(of("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(counted(ip("2001:db8:1:2:3:4:5:6")), counted(ip("2001:db8:1:2::9")));
        assert_eq!(counted(ip("::ffff:1.2.3.4")), "1.2.3.4");
    }
}
