//! The document as a tagged PDF: PDF/UA-1 and PDF/A-2a, by typst, in memory.
//!
//! The look stands in `templates/report.typ`; every text reaches it as a value, never as markup. There
//! are no files, no packages, no clock and no network, and no fonts but those that come with typst.

mod fonts;
mod inputs;
mod widths;

use std::sync::atomic::{AtomicUsize, Ordering};

use typst::{
    Feature, Library, LibraryExt, World, comemo,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Dict, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::{ReportError, document::Document, instant::Instant};

/// The file, in the document's language.
///
/// # Errors
///
/// If it can't be set or does not hold to its standards.
pub(crate) fn render(document: &Document) -> Result<Vec<u8>, ReportError> {
    let _under_way = UnderWay::begin();
    let world = Pages::new(inputs::inputs(document)?)?;
    let pages = typst::compile(&world).output.map_err(|errors| refused(&errors))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a])
        .map_err(|error| ReportError::Pdf(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(format!(
            "{} {} {}",
            document.pilot,
            document.cut,
            document.lang.code()
        )),
        creator: Smart::Custom(Some(document.program.clone())),
        timestamp: timestamp(&document.cut),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&pages, &options).map_err(|errors| refused(&errors))
}

/// Reports that are being set, in any thread.
static SETTING: AtomicUsize = AtomicUsize::new(0);

/// One of them. What reports leave behind is of no use to the next, and is dropped with the last one:
/// what is dropped under one that is being set is computed again.
struct UnderWay;

impl UnderWay {
    fn begin() -> Self {
        SETTING.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if SETTING.fetch_sub(1, Ordering::Relaxed) == 1 {
            comemo::evict(0);
        }
    }
}

fn refused(errors: &[SourceDiagnostic]) -> ReportError {
    let messages: Vec<&str> = errors.iter().map(|it| it.message.as_str()).collect();
    ReportError::Pdf(messages.join("; "))
}

/// The cut, the only time in the file.
fn timestamp(cut: &str) -> Option<Timestamp> {
    let it = Instant::read(cut)?;
    let datetime =
        Datetime::from_ymd_hms(it.year.into(), it.month, it.day, it.hour, it.minute, it.second)?;
    match it.offset_minutes {
        0 => Some(Timestamp::new_utc(datetime)),
        offset => Timestamp::new_local(datetime, offset),
    }
}

/// Everything typst can see: one template, the inputs, the fonts.
struct Pages {
    library: LazyHash<Library>,
    template: Source,
}

impl Pages {
    fn new(inputs: Dict) -> Result<Self, ReportError> {
        let path = VirtualPath::new("report.typ").map_err(|it| ReportError::Pdf(it.to_string()))?;
        let id = RootedPath::new(VirtualRoot::Project, path).intern();
        let template = Source::new(id, include_str!("../templates/report.typ").to_owned());
        // The heads of rows are cells of head too, which typst still calls an extra.
        let features = [Feature::A11yExtras].into_iter().collect();
        let library = Library::builder().with_inputs(inputs).with_features(features).build();
        Ok(Self { library: LazyHash::new(library), template })
    }
}

impl World for Pages {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &fonts::FONTS.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            Ok(self.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts::FONTS.all.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
