//! Office files to rows, or to located findings.
