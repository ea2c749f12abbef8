//! What the pages ask others for: a provider of log-in, and nobody else.

use std::time::Duration;

use lodd_server::http::{Request, Response};
use ureq::Agent;

use crate::problem::Failure;

/// How long a provider may take, from name to last byte.
const TIMEOUT: Duration = Duration::from_secs(8);
/// More than any provider's description or keys.
const BYTES_MAX: u64 = 1024 * 1024;

/// Sends a request; follows no redirect.
///
/// # Errors
///
/// If there is no answer in time, or it is too long.
pub(super) fn fetch(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
    let https = request.uri().scheme_str() == Some("https");
    let config = Agent::config_builder()
        .https_only(https)
        .http_status_as_error(false)
        .timeout_global(Some(TIMEOUT))
        .max_redirects(0)
        .user_agent(concat!("lodd/", env!("CARGO_PKG_VERSION")));
    // A proxy from the environment is for the world, not for this machine.
    let config = if https { config } else { config.proxy(None) };
    let agent: Agent = config.build().into();
    let failed = |error: ureq::Error| Failure::internal("log-in", error);
    let mut response = agent.run(request).map_err(failed)?;
    let body = response.body_mut().with_config().limit(BYTES_MAX).read_to_vec().map_err(failed)?;
    Ok(response.map(|_| body))
}
