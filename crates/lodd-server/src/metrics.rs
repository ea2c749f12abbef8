//! Counts of what was asked for and how it went, in the text that Prometheus reads. A route's template
//! and a status are all that is known of a request: no path, no person, no address.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State as With},
    http::Method,
    middleware::Next,
    response::Response,
};

use crate::state::State;

/// Upper ends of the classes of durations, seconds.
const CLASSES: [f64; 7] = [0.01, 0.05, 0.2, 1.0, 5.0, 20.0, 60.0];

#[derive(Clone, Copy, Debug, Default)]
struct Times {
    classes: [u64; CLASSES.len()],
    count: u64,
    seconds: f64,
}

impl Times {
    fn add(&mut self, took: Duration) {
        let seconds = took.as_secs_f64();
        self.count += 1;
        self.seconds += seconds;
        for (count, at_most) in self.classes.iter_mut().zip(CLASSES) {
            *count += u64::from(seconds <= at_most);
        }
    }
}

#[derive(Debug, Default)]
struct Counts {
    requests: BTreeMap<(&'static str, String, u16), u64>,
    times: Times,
    stored: u64,
    refused: u64,
}

/// The counts since the program began.
#[derive(Debug, Default)]
pub(crate) struct Metrics(Mutex<Counts>);

impl Metrics {
    fn with(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// A file was stored, or refused.
    pub(crate) fn upload(&self, stored: bool) {
        self.with(|it| *if stored { &mut it.stored } else { &mut it.refused } += 1);
    }

    /// The text.
    pub(crate) fn text(&self, sessions: usize) -> String {
        let mut text = String::new();
        self.with(|counts| {
            // Writing to a string can't fail.
            let _ = counts.write(sessions, &mut text);
        });
        text
    }
}

impl Counts {
    fn write(&self, sessions: usize, to: &mut String) -> std::fmt::Result {
        writeln!(to, "# HELP lodd_requests_total Requests by route and status.")?;
        writeln!(to, "# TYPE lodd_requests_total counter")?;
        for ((method, route, status), count) in &self.requests {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            writeln!(to, "lodd_requests_total{{{labels}}} {count}")?;
        }
        writeln!(to, "# HELP lodd_request_seconds How long answers took.")?;
        writeln!(to, "# TYPE lodd_request_seconds histogram")?;
        for (count, at_most) in self.times.classes.iter().zip(CLASSES) {
            writeln!(to, "lodd_request_seconds_bucket{{le=\"{at_most}\"}} {count}")?;
        }
        let Times { count, seconds, .. } = self.times;
        writeln!(to, "lodd_request_seconds_bucket{{le=\"+Inf\"}} {count}")?;
        writeln!(to, "lodd_request_seconds_sum {seconds}")?;
        writeln!(to, "lodd_request_seconds_count {count}")?;
        writeln!(to, "# HELP lodd_uploads_total Files that were stored or refused.")?;
        writeln!(to, "# TYPE lodd_uploads_total counter")?;
        writeln!(to, "lodd_uploads_total{{result=\"stored\"}} {}", self.stored)?;
        writeln!(to, "lodd_uploads_total{{result=\"refused\"}} {}", self.refused)?;
        writeln!(to, "# HELP lodd_sessions Sessions that are not over.")?;
        writeln!(to, "# TYPE lodd_sessions gauge")?;
        writeln!(to, "lodd_sessions {sessions}")
    }
}

/// The methods that are counted by name: others are as many as anyone cares to invent.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}

/// Counts each request.
pub(crate) async fn measure(With(state): With<State>, request: Request, next: Next) -> Response {
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("none", MatchedPath::as_str).to_owned();
    let begun = Instant::now();
    let response = next.run(request).await;
    state.metrics.with(|it| {
        *it.requests.entry((method, route, response.status().as_u16())).or_default() += 1;
        it.times.add(begun.elapsed());
    });
    response
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Metrics, Times};

    #[test]
    fn classes_hold_those_below_them_too() {
        let mut times = Times::default();
        times.add(Duration::from_millis(60));
        times.add(Duration::from_secs(100));
        assert_eq!(times.classes, [0, 0, 1, 1, 1, 1, 1]);
        let metrics = Metrics::default();
        metrics.upload(true);
        let text = metrics.text(3);
        assert!(text.contains("lodd_uploads_total{result=\"stored\"} 1\n"), "{text}");
        assert!(text.ends_with("lodd_sessions 3\n"), "{text}");
    }
}
