//! The columns of register-scale input (data model, section 2) and what they may hold.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Whole,
    Date,
    Instant,
}

/// A column of an input table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Whether a value may be missing.
    pub(crate) nullable: bool,
    /// Whether the whole column may be missing.
    pub(crate) optional: bool,
    /// The values it may have; empty for any.
    pub(crate) codes: &'static [&'static str],
}

const fn required(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, nullable: false, optional: false, codes: &[] }
}

const fn nullable(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, nullable: true, optional: false, codes: &[] }
}

const fn coded(name: &'static str, codes: &'static [&'static str]) -> Column {
    Column { name, kind: Kind::Text, nullable: false, optional: false, codes }
}

const UNIT_KINDS: &[&str] = &["FAMILIE", "VOKSEN", "BARN"];

/// One row a value, or one without variable where nothing was observed.
pub(crate) const SNAPSHOTS: &[Column] = &[
    coded("unit_kind", UNIT_KINDS),
    required("unit_id", Kind::Text),
    required("status_date", Kind::Date),
    coded("source", &["VEILEDER", "SELVRAPPORT", "REGISTER"]),
    nullable("register", Kind::Text),
    coded("occasion", &["PLANLAGT", "EKSTRA"]),
    required("recorded_at", Kind::Instant),
    coded(
        "record_status",
        &[
            "OBSERVERT",
            "IKKE_NADD",
            "TRAKK_SAMTYKKE",
            "SLUTTET_I_TILTAK",
            "FLYTTET",
            "DOD",
            "TILBAKEKALT",
        ],
    ),
    nullable("variable", Kind::Text),
    nullable("value_code", Kind::Text),
    nullable("value_num", Kind::Whole),
    Column {
        codes: &["UKJENT", "IKKE_SPURT", "VIL_IKKE_SVARE", "IKKE_AKTUELT"],
        ..nullable("missing_code", Kind::Text)
    },
];

/// One row a unit and draw.
pub(crate) const ASSIGNMENTS: &[Column] = &[
    required("draw", Kind::Whole),
    coded("unit_kind", UNIT_KINDS),
    required("unit_id", Kind::Text),
    required("family_id", Kind::Text),
    required("drawn_on", Kind::Date),
    nullable("arm", Kind::Text),
    // When the result was shown: a start that was recorded later is flagged. Without it, the
    // end of the day of the draw in Norway.
    Column { optional: true, ..nullable("shown_at", Kind::Instant) },
];

impl Kind {
    /// The type that queries see.
    pub(crate) fn arrow(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8View,
            Self::Whole => DataType::Int64,
            Self::Date => DataType::Date32,
            Self::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        }
    }

    /// Its name in messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Whole => "int64",
            Self::Date => "date32",
            Self::Instant => "timestamp[us, UTC]",
        }
    }
}

impl Column {
    /// Whether a file's column can be read as this one without losing anything.
    pub(crate) fn takes(&self, found: &DataType) -> bool {
        match (self.kind, found) {
            (_, DataType::Null) => self.nullable,
            (Kind::Text, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
            | (Kind::Whole, DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64)
            | (Kind::Date, DataType::Date32) => true,
            (Kind::Instant, DataType::Timestamp(TimeUnit::Microsecond, zone)) => zone.is_some(),
            _ => false,
        }
    }
}

/// The columns as queries see them. All may be null here: the check says where one must not be.
pub(crate) fn arrow(columns: &[Column]) -> SchemaRef {
    let fields = columns.iter().map(|it| Field::new(it.name, it.kind.arrow(), true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}
