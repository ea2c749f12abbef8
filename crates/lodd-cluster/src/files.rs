//! The Parquet files of an input: found, opened and held against their schema.

use std::{collections::BTreeMap, sync::Arc};

use datafusion::{
    arrow::datatypes::{DataType, SchemaRef},
    catalog::TableProvider,
    datasource::{
        file_format::parquet::ParquetFormat,
        listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl},
    },
    execution::object_store::ObjectStoreUrl,
    prelude::SessionContext,
};
use futures::{StreamExt, TryStreamExt};
use object_store::ObjectMeta;
use parquet::{
    arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions},
    file::metadata::ParquetMetaData,
};

use crate::{
    problem::{Failure, Place, Problem},
    schema::{self, Column},
    stored::Stored,
    text::say,
};

/// Files read at once while footers are fetched.
const AT_ONCE: usize = 16;

/// One Parquet file.
#[derive(Clone, Debug)]
pub(crate) struct InputFile {
    /// Its path or URL, for messages.
    pub(crate) name: String,
    url: ListingTableUrl,
    stored: Stored,
    pub(crate) footer: ArrowReaderMetadata,
}

/// The files of one table, in the order of their names.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) files: Vec<InputFile>,
    pub(crate) columns: Vec<Column>,
}

impl InputFile {
    /// A reader of its bytes.
    pub(crate) fn reader(&self) -> Stored {
        self.stored.clone()
    }

    pub(crate) fn parquet(&self) -> &ParquetMetaData {
        self.footer.metadata()
    }
}

/// Footers are read without the Arrow schema that some writers embed: Parquet's own types say all.
fn footer_options() -> ArrowReaderOptions {
    ArrowReaderOptions::new().with_skip_arrow_metadata(true)
}

impl Input {
    /// Finds and opens files. An argument is a path, a folder, a pattern of paths (`part-*.parquet`)
    /// or an object store's URL.
    ///
    /// # Errors
    ///
    /// Refused where a file is not Parquet or has other columns, each with its place; could not
    /// run where nothing is found or can be read.
    pub(crate) async fn open(
        session: &SessionContext,
        words: &[String],
        columns: &[Column],
    ) -> Result<Self, Failure> {
        let mut found = BTreeMap::new();
        for word in words {
            for (url, stored) in find(session, word).await? {
                found.insert(url.as_str().to_owned(), (url, stored));
            }
        }
        let opened = futures::stream::iter(found.into_values())
            .map(|(url, stored)| open(url, stored))
            .buffered(AT_ONCE)
            .try_collect::<Vec<_>>()
            .await?;
        let first = opened.first().map(|it| it.url.object_store());
        if opened.iter().any(|it| Some(it.url.object_store()) != first) {
            return Err(Failure::could_not(say!(
                "filene til én tabell må ligge i samme lager",
                "the files of one table must lie in one store"
            )));
        }
        let there = |column: &Column| {
            let has = |file: &InputFile| file.footer.schema().field_with_name(column.name).is_ok();
            !column.optional || opened.iter().any(has)
        };
        let columns: Vec<Column> = columns.iter().copied().filter(there).collect();
        let problems: Vec<Problem> =
            opened.iter().flat_map(|file| check_schema(file, &columns)).collect();
        if problems.is_empty() {
            Ok(Self { files: opened, columns })
        } else {
            Err(Failure::refused(problems))
        }
    }

    /// Rows of all files, by their footers.
    pub(crate) fn rows(&self) -> usize {
        let rows = |file: &InputFile| file.parquet().file_metadata().num_rows();
        self.files.iter().map(|it| usize::try_from(rows(it)).unwrap_or(0)).sum()
    }

    pub(crate) fn schema(&self) -> SchemaRef {
        schema::arrow(&self.columns)
    }

    /// The files as one table of a query.
    ///
    /// # Errors
    ///
    /// If the engine does not take them.
    pub(crate) fn table(&self) -> Result<Arc<dyn TableProvider>, Failure> {
        let urls = self.files.iter().map(|it| it.url.clone()).collect();
        let options =
            ListingOptions::new(Arc::new(ParquetFormat::default())).with_file_extension("");
        let config = ListingTableConfig::new_with_multi_paths(urls)
            .with_listing_options(options)
            .with_schema(self.schema());
        let table =
            ListingTable::try_new(config).map_err(|error| Failure::internal("parquet", error))?;
        Ok(Arc::new(table))
    }
}

/// The files that a word stands for.
async fn find(
    session: &SessionContext,
    word: &str,
) -> Result<Vec<(ListingTableUrl, Stored)>, Failure> {
    let fail = |error: &dyn std::fmt::Display| Failure::io(word, error);
    let url = ListingTableUrl::parse(word).map_err(|error| fail(&error))?;
    let store_url: ObjectStoreUrl = url.object_store();
    let store = session.runtime_env().object_store(&store_url).map_err(|error| fail(&error))?;
    let state = session.state();
    let metas: Vec<ObjectMeta> = url
        .list_all_files(&state, store.as_ref(), "")
        .await
        .map_err(|error| fail(&error))?
        .try_collect()
        .await
        .map_err(|error| fail(&error))?;
    let whole_folder = url.is_folder();
    let wanted = |meta: &ObjectMeta| {
        meta.size > 0 && (!whole_folder || meta.location.as_ref().ends_with(".parquet"))
    };
    let one = |meta: ObjectMeta| {
        let text = format!("{}{}", store_url.as_str(), meta.location);
        let url = ListingTableUrl::parse(text).map_err(|error| fail(&error))?;
        Ok((url, Stored { store: Arc::clone(&store), meta }))
    };
    let found = metas.into_iter().filter(wanted).map(one).collect::<Result<Vec<_>, Failure>>()?;
    if found.is_empty() {
        return Err(Failure::could_not(say!(
            "det finnes ingen fil `{word}`",
            "there is no file `{word}`"
        )));
    }
    Ok(found)
}

async fn open(url: ListingTableUrl, stored: Stored) -> Result<InputFile, Failure> {
    let text = url.as_str();
    let name = text.strip_prefix("file://").unwrap_or(text).to_owned();
    let footer = ArrowReaderMetadata::load_async(&mut stored.clone(), footer_options()).await;
    let footer = footer.map_err(|error| {
        let message = say!(
            "er ikke en Parquet-fil som kan leses: {error}",
            "is not a Parquet file that can be read: {error}"
        );
        Failure::one(Place::file(&name), message)
    })?;
    Ok(InputFile { name, url, stored, footer })
}

/// Columns that are missing or of another type. More columns than asked for do no harm.
fn check_schema(file: &InputFile, columns: &[Column]) -> Vec<Problem> {
    let found = file.footer.schema();
    let problem = |column: &Column| {
        let place = Place::file(&file.name).column(column.name);
        let expected = column.kind.name();
        let Ok(field) = found.field_with_name(column.name) else {
            let message = say!(
                "kolonnen mangler; ventet {expected}",
                "the column is missing; expected {expected}"
            );
            return Some(Problem::new(place, message));
        };
        let kind = shown(field.data_type());
        (!column.takes(field.data_type())).then(|| {
            Problem::new(
                place,
                say!("ventet {expected}, fant {kind}", "expected {expected}, found {kind}"),
            )
        })
    };
    columns.iter().filter_map(problem).collect()
}

/// A type as Arrow's documents write it.
fn shown(kind: &DataType) -> String {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "string".to_owned(),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
            "bytes without a character set".to_owned()
        }
        DataType::Timestamp(unit, zone) => {
            let unit = match unit {
                datafusion::arrow::datatypes::TimeUnit::Second => "s",
                datafusion::arrow::datatypes::TimeUnit::Millisecond => "ms",
                datafusion::arrow::datatypes::TimeUnit::Microsecond => "us",
                datafusion::arrow::datatypes::TimeUnit::Nanosecond => "ns",
            };
            let zone = zone.as_ref().map_or("no zone", |it| it.as_ref());
            format!("timestamp[{unit}, {zone}]")
        }
        other => other.to_string().to_lowercase(),
    }
}
