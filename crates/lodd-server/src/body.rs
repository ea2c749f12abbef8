//! A request's body that must be here in time, however slowly it comes, and that is taken in to its end
//! before an answer is given that did not wait for it: whoever is still sending would not hear it.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::{Request, State as With},
    http::header,
    middleware::Next,
    response::Response,
};
use http_body::{Body as _, Frame, SizeHint};
use tokio::{
    sync::oneshot,
    time::{Sleep, sleep, timeout},
};

use crate::state::State;

/// So much of a body that nobody reads is taken in, and for so long.
const REST_MAX: usize = 64 * 1024 * 1024;
const REST_WAIT: Duration = Duration::from_secs(20);

struct InTime {
    body: Option<Body>,
    over: Pin<Box<Sleep>>,
    /// Where the body goes that was not read to its end.
    rest: Option<oneshot::Sender<Body>>,
}

impl Drop for InTime {
    fn drop(&mut self) {
        if let (Some(body), Some(rest)) = (self.body.take(), self.rest.take()) {
            // Where nobody waits for it any more it goes.
            let _ = rest.send(body);
        }
    }
}

/// It did not come in time.
#[derive(Debug, thiserror::Error)]
#[error("the body did not come in time")]
struct TooSlow;

impl http_body::Body for InTime {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.over.as_mut().poll(cx).is_ready() {
            self.body = None;
            return Poll::Ready(Some(Err(axum::Error::new(TooSlow))));
        }
        let Some(body) = self.body.as_mut() else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_frame(cx);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), http_body::Body::size_hint)
    }
}

/// Holds each request's body to its time, from when its headers were read.
pub(crate) async fn in_time(With(state): With<State>, request: Request, next: Next) -> Response {
    let wait: Duration = state.limits.body;
    // Whoever asks first whether to send it at all has not begun.
    let is_coming = !request.headers().contains_key(header::EXPECT);
    let (rest, mut left) = oneshot::channel();
    let held = |body: Body| {
        if body.is_end_stream() {
            return body;
        }
        let over = Box::pin(sleep(wait));
        Body::new(InTime { body: Some(body), over, rest: Some(rest) })
    };
    let response = next.run(request.map(held)).await;
    if let (true, Ok(body)) = (is_coming, left.try_recv()) {
        // However it ends, the answer is given.
        let _ = timeout(REST_WAIT.min(wait), taken_in(body)).await;
    }
    response
}

async fn taken_in(mut body: Body) {
    let mut left = REST_MAX;
    while let Some(Ok(frame)) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await
    {
        left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
        if left == 0 {
            return;
        }
    }
}
