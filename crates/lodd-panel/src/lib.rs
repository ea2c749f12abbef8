//! Screening, horizons and outcomes as portable SQL.
