//! The report: tables, figures and sentences.
