//! Connections: so many at once, headers in time, and an end that waits for what has begun.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, extract::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulConnection, GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tower::util::MapRequest;

use crate::many::Limits;

/// What has begun has so long to end.
pub(crate) const END_WAIT: Duration = Duration::from_secs(30);
/// Headers larger than any browser's are refused.
const HEADERS_MAX: usize = 32 * 1024;

/// Who is connected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Serves until `stop`, takes no more then, and waits for those that are being answered.
pub(crate) async fn serve(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        // The next connection waits in the system's own queue until there is a place.
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = &mut stop => break,
        };
        let Ok(place) = place else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, from)) => {
                let served = graceful.watch(connection(stream, from, app.clone(), limits));
                tokio::spawn(async move {
                    // A connection that breaks is the other end's: nothing to do here.
                    let _ = served.await;
                    drop(place);
                });
            }
            // Out of file descriptors, or a connection that was gone again: others may end meanwhile.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
    drop(listener);
    // What is not answered by then is cut off: a file that is being stored is stored or not, whole.
    let _ = timeout(END_WAIT, graceful.shutdown()).await;
}

fn connection(
    stream: TcpStream,
    from: SocketAddr,
    app: Router,
    limits: Limits,
) -> impl GracefulConnection<Error = hyper::Error> + Send {
    // Small answers go at once; a system that can't do that is only slower.
    let _ = stream.set_nodelay(true);
    let with_peer = move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(from));
        request
    };
    let service = TowerToHyperService::new(MapRequest::new(app, with_peer));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .max_header_size(HEADERS_MAX)
        .serve_connection(TokioIo::new(stream), service)
}
