//! The pilot on disk: SQLite, the ledger, Parquet.
