//! `lodd report`: what can be typed.

use clap::ValueEnum;
use lodd_report::Format;

/// A format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// One page a language, which needs no other file
    Html,
    /// Tagged for screen readers and archives: PDF/UA-1 and PDF/A-2a
    Pdf,
    /// A sheet a table, numbers as numbers
    Xlsx,
}

impl ReportFormat {
    pub(super) const ALL: [Self; 3] = [Self::Html, Self::Pdf, Self::Xlsx];
}

impl From<ReportFormat> for Format {
    fn from(it: ReportFormat) -> Self {
        match it {
            ReportFormat::Html => Self::Html,
            ReportFormat::Pdf => Self::Pdf,
            ReportFormat::Xlsx => Self::Xlsx,
        }
    }
}
