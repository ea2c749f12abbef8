//! The processes of a Ballista cluster. They listen on this machine only, unless told otherwise:
//! Ballista has no log-in.

use std::{net::SocketAddr, sync::Arc};

use ballista_core::utils::default_session_builder;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::{
    cluster::BallistaCluster, config::SchedulerConfig, scheduler_process::start_server,
};
use datafusion::{execution::SessionStateBuilder, prelude::SessionConfig};

use crate::{
    cli::{Executor, Scheduler},
    problem::Failure,
    stores,
    text::say,
    whole_keys::WholeKeys,
};

/// Seconds between signs of life of an executor.
const HEARTBEAT: u64 = 2;

/// Bytes of one message: plans of this query are large.
const MESSAGE: u32 = 64 << 20;

/// Runs a scheduler until it is stopped.
///
/// # Errors
///
/// Could not run where the address is taken.
pub(crate) async fn scheduler(words: &Scheduler) -> Result<(), Failure> {
    let text = format!("{}:{}", words.bind, words.port);
    let address: SocketAddr = text.parse().map_err(|error| Failure::io(&text, error))?;
    // Files are found where the plan is made, so the scheduler opens stores too.
    let sessions = |config: SessionConfig| {
        let state = default_session_builder(config)?;
        let runtime = stores::runtime(None)?;
        Ok(SessionStateBuilder::new_from_existing(state)
            .with_runtime_env(runtime)
            .with_physical_optimizer_rule(Arc::new(WholeKeys))
            .build())
    };
    let config = SchedulerConfig {
        external_host: words.external_host.clone().unwrap_or_else(|| words.bind.clone()),
        bind_host: words.bind.clone(),
        bind_port: words.port,
        executor_timeout_seconds: words.executor_timeout,
        expire_dead_executor_interval_seconds: (words.executor_timeout / 4).clamp(1, 15),
        no_executors_grace_period_seconds: words.executor_timeout,
        grpc_server_max_decoding_message_size: MESSAGE,
        grpc_server_max_encoding_message_size: MESSAGE,
        grpc_client_max_message_size: MESSAGE,
        event_log_dir: words.event_log.as_ref().map(|it| it.display().to_string()),
        ..SchedulerConfig::default()
    }
    .with_override_session_builder(Arc::new(sessions));
    let fail = |error| Failure::io(&text, error);
    let cluster = BallistaCluster::new_from_config(&config).await.map_err(fail)?;
    start_server(cluster, address, Arc::new(config)).await.map_err(fail)
}

/// Runs an executor until it is stopped.
///
/// # Errors
///
/// Could not run where an address is taken or the scheduler does not answer.
pub(crate) async fn executor(words: &Executor) -> Result<(), Failure> {
    let at = &words.scheduler;
    let parts = at.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    let Some((host, port)) = parts else {
        return Err(Failure::could_not(say!(
            "`--scheduler` må være HOST:PORT, fant `{at}`",
            "`--scheduler` must be HOST:PORT, found `{at}`"
        )));
    };
    let defaults = ExecutorProcessConfig::default();
    let config = ExecutorProcessConfig {
        executor_id: words.name.clone().unwrap_or(defaults.executor_id),
        bind_host: words.bind.clone(),
        external_host: Some(words.external_host.clone().unwrap_or_else(|| words.bind.clone())),
        port: words.port,
        grpc_port: words.grpc_port,
        scheduler_host: host.to_owned(),
        scheduler_port: port,
        scheduler_connect_timeout_seconds: 10,
        vcores: words.cores.unwrap_or(defaults.vcores),
        work_dir: words.work_dir.as_ref().map(|it| it.display().to_string()),
        grpc_max_decoding_message_size: MESSAGE,
        grpc_max_encoding_message_size: MESSAGE,
        executor_heartbeat_interval_seconds: HEARTBEAT,
        memory_pool_size: Some(words.memory << 20),
        override_runtime_producer: Some(Arc::new(|_: &SessionConfig| stores::runtime(None))),
        ..ExecutorProcessConfig::default()
    };
    start_executor_process(Arc::new(config)).await.map_err(|error| Failure::io(at, error))
}
