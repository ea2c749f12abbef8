//! The draw: protocol lodd/1, its files and its verification.
