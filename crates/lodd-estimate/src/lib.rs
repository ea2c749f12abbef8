//! Numbers from arrays: estimators and inference.
