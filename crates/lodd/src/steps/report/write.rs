//! The files of the report: made in memory, all of them, before the first is written.

use lodd_report::{Format, Lang, Report, render};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::refused;
use crate::{
    cli::ReportFormat,
    contained::contained,
    problem::Failure,
    steps::{Context, estimate::on_threads, outputs},
};

/// A file of the report: its name in `out/` and its bytes.
pub(super) type File = (String, Vec<u8>);

/// `report.nb.html`
fn name(lang: Lang, format: Format) -> String {
    format!("report.{}.{}", lang.code(), format.ending())
}

/// Every file in the formats asked for, by language, languages beside each other.
///
/// # Errors
///
/// If a table would say what it must not, or a format can't hold what is in it.
pub(super) fn made(
    context: &Context,
    report: &Report,
    formats: &[ReportFormat],
) -> Result<Vec<File>, Failure> {
    let asked: Vec<Format> = Format::ALL
        .into_iter()
        .filter(|it| formats.iter().any(|f| Format::from(*f) == *it))
        .collect();
    let pairs: Vec<(Lang, Format)> =
        Lang::ALL.into_iter().flat_map(|lang| asked.iter().map(move |it| (lang, *it))).collect();
    let made = |(lang, format): (Lang, Format)| {
        let name = name(lang, format);
        let bytes = contained(|| render(report, lang, format));
        let bytes = bytes.map_err(|error| Failure::internal(&name, &error))?;
        Ok((name, bytes.map_err(|error| refused(&error))?))
    };
    let all = || pairs.into_par_iter().map(made).collect::<Result<Vec<_>, Failure>>();
    on_threads(context.threads, all)?
}

/// Writes them.
///
/// # Errors
///
/// If the disk refuses.
pub(super) fn kept(context: &Context, files: &[File]) -> Result<Vec<String>, Failure> {
    for (name, bytes) in files {
        outputs::write(context, name, bytes)?;
    }
    Ok(files.iter().map(|(name, _)| format!("out/{name}")).collect())
}
