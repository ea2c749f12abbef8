//! Where files lie: on this machine, or behind an object store's URL.

use std::{path::PathBuf, sync::Arc};

use datafusion::{
    error::{DataFusionError, Result},
    execution::{
        memory_pool::GreedyMemoryPool,
        object_store::{DefaultObjectStoreRegistry, ObjectStoreRegistry},
        runtime_env::{RuntimeEnv, RuntimeEnvBuilder},
    },
};
use object_store::{ClientConfigKey, ObjectStore};
use url::Url;

/// Opens a store the first time that an address names it: `s3://BUCKET/…`, `https://HOST/…`.
/// Credentials come from the environment (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT`, …), so that no
/// command line and no plan holds one.
#[derive(Debug, Default)]
pub(crate) struct Stores {
    open: DefaultObjectStoreRegistry,
}

impl ObjectStoreRegistry for Stores {
    fn register_store(
        &self,
        url: &Url,
        store: Arc<dyn ObjectStore>,
    ) -> Option<Arc<dyn ObjectStore>> {
        self.open.register_store(url, store)
    }

    fn get_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        if let Ok(store) = self.open.get_store(url) {
            return Ok(store);
        }
        let root = Url::parse(&url.origin().ascii_serialization()).unwrap_or_else(|_| {
            // A bucket is no origin: `s3://bucket`.
            let mut root = url.clone();
            root.set_path("");
            root
        });
        let mut options: Vec<(String, String)> =
            std::env::vars().map(|(key, value)| (key.to_ascii_lowercase(), value)).collect();
        if url.scheme() == "http" {
            options.push((ClientConfigKey::AllowHttp.as_ref().to_owned(), "true".to_owned()));
        }
        let (store, _) = object_store::parse_url_opts(&root, options)
            .map_err(|error| DataFusionError::ObjectStore(Box::new(error)))?;
        let store: Arc<dyn ObjectStore> = Arc::from(store);
        self.open.register_store(url, Arc::clone(&store));
        Ok(store)
    }
}

/// Memory that queries share, and the folder they spill to when it is not enough.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    pub(crate) bytes: usize,
    pub(crate) spill: PathBuf,
}

/// The surroundings of queries: stores opened as they are named, and a bound on memory.
///
/// # Errors
///
/// If the folder for spilling can't be used.
pub(crate) fn runtime(budget: Option<&Budget>) -> Result<Arc<RuntimeEnv>> {
    let mut builder =
        RuntimeEnvBuilder::new().with_object_store_registry(Arc::new(Stores::default()));
    if let Some(budget) = budget {
        builder = builder
            .with_memory_pool(Arc::new(GreedyMemoryPool::new(budget.bytes)))
            .with_temp_file_path(&budget.spill);
    }
    builder.build_arc()
}
