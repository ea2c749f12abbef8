//! `lodd report`: what can be typed.

use clap::{Args, ValueEnum, builder::PossibleValuesParser};
use lodd_report::Format;

/// Write the report in bokmål, nynorsk and English, as HTML, PDF and XLSX
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "Every number is the same in all formats and stands in a Parquet file beside \
                  them. The public report goes to public/, after disclosure control: \
                  docs/disclosure.md.\n\nExamples:\n  lodd report\n  lodd report --format html,pdf\n  \
                  lodd report --public --round 3"
)]
pub(crate) struct Report {
    /// Formats to write
    #[arg(long, value_enum, value_name = "FORMAT", value_delimiter = ',',
          default_values_t = ReportFormat::ALL)]
    pub(crate) format: Vec<ReportFormat>,
    /// The report that may be published, with what could give families away withheld
    #[arg(long)]
    pub(crate) public: bool,
    /// The report for those who work with the pilot: everything [default]
    #[arg(long, conflicts_with = "public")]
    pub(crate) internal: bool,
    /// Round all counts to multiples of 3 or 5 instead of withholding the small ones
    #[arg(long, value_name = "BASE", requires = "public", value_parser = PossibleValuesParser::new(["3", "5"]))]
    pub(crate) round: Option<String>,
}

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
    pub(crate) const ALL: [Self; 3] = [Self::Html, Self::Pdf, Self::Xlsx];
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
