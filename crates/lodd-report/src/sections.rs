//! The report's sections, each from the model to what the page shows.

pub(crate) mod draw;
pub(crate) mod effects;
pub(crate) mod flow;
pub(crate) mod method;
pub(crate) mod status;
