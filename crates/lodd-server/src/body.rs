//! A request's body that must be here in time, however slowly it comes.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::{Request, State as With},
    middleware::Next,
    response::Response,
};
use http_body::{Body as _, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::state::State;

struct InTime {
    body: Body,
    over: Pin<Box<Sleep>>,
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
            return Poll::Ready(Some(Err(axum::Error::new(TooSlow))));
        }
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Holds each request's body to its time, from when its headers were read.
pub(crate) async fn in_time(With(state): With<State>, request: Request, next: Next) -> Response {
    let wait: Duration = state.limits.body;
    let held = |body: Body| {
        if body.is_end_stream() {
            return body;
        }
        Body::new(InTime { body, over: Box::pin(sleep(wait)) })
    };
    next.run(request.map(held)).await
}
