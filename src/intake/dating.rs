//! Of which day records are: a portfolio has one day, a history has several.

use std::io::Read;

use super::bytes::{self, Content, TextKind};
use super::table::{self, Broken, CsvRows};
use super::{Format, ReadError, Source, encoding_of, saved, shown_name};
use crate::account::SNAPSHOT_DATE;
use crate::config::mapping::SourceMapping;

/// What the date of a record's snapshot (`snapshot_date`) is to the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dating {
    /// It is not read: all records are of the as-of date.
    #[default]
    Ignored,
    /// Metrics that follow from dates are counted from it, and ids are compared within a day; a record without it is of the as-of date.
    Read,
    /// As before; besides, customers are followed from day to day, so each must have an id, and stands once a day.
    Followed,
    /// As before; besides, every record must have it.
    Required,
}

impl Dating {
    /// Whether the date is looked at.
    pub(super) fn is_read(self) -> bool {
        self != Self::Ignored
    }

    /// Whether customers are followed from day to day.
    pub(super) fn follows(self) -> bool {
        matches!(self, Self::Followed | Self::Required)
    }
}

/// What a file of a history holds, as far as its beginning tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Records that say of which day they are, or whose head says it.
    Dated,
    /// Records that do not, or nothing that can be read.
    Undated,
    /// What an earlier run said of a portfolio.
    Results,
}

/// Whether a file's name ends like one of the formats that are read, packed or not.
pub fn is_readable_name(name: &str) -> bool {
    bytes::is_readable_name(name)
}

/// Whether a column says of which day its row is: by its own name, or by a mapping.
pub(super) fn is_snapshot_date(header: &str, mapping: Option<&SourceMapping>) -> bool {
    let mut mapped = mapping.into_iter().flat_map(|mapping| mapping.columns_of(header));
    header == SNAPSHOT_DATE || mapped.any(|column| column.path == SNAPSHOT_DATE)
}

/// So much of a JSON text is looked at: its head and its first records.
const LOOKED_AT: u64 = 256 << 10;

/// What a source holds. Whether the rows of a table say of which day they are is not looked at where `has_day` says that the day is known.
///
/// # Errors
///
/// Where bytes cannot be read.
pub fn kept_in(source: Source<'_>, max_unpacked: u64, has_day: bool) -> Result<Kept, ReadError> {
    let Source { name, bytes, format, encoding, sheet, mapping, .. } = source;
    let encoding = mapping.and_then(|mapping| mapping.encoding.as_deref()).or(encoding);
    let sheet = sheet.or(mapping.and_then(|mapping| mapping.sheet.as_deref()));
    let look = || -> Result<Kept, Broken> {
        let content =
            encoding_of(encoding).and_then(|encoding| bytes::open(bytes, name, format, encoding, max_unpacked))?;
        let sample = match content {
            Content::Text { mut bytes, kind: TextKind::Json } => {
                let mut text = Vec::new();
                bytes.by_ref().take(LOOKED_AT).read_to_end(&mut text).map_err(Broken::Input)?;
                let has_key = |key: &str| memchr::memmem::find(&text, format!("\"{key}\"").as_bytes()).is_some();
                return Ok(match () {
                    () if saved::is_result(&text) => Kept::Results,
                    () if has_key(SNAPSHOT_DATE) => Kept::Dated,
                    () => Kept::Undated,
                });
            }
            _ if has_day => return Ok(Kept::Undated),
            Content::Text { bytes, kind: TextKind::Table } => {
                let delimiter = (format == Some(Format::Tsv)).then_some(b'\t');
                table::sample(&mut CsvRows::new(bytes, delimiter)?, name)?
            }
            Content::Workbook(bytes) => {
                table::with_rows(&bytes, sheet, max_unpacked, |rows| table::sample(rows, name))??
            }
        };
        let is_dated = sample.columns.iter().any(|column| is_snapshot_date(&column.header, mapping));
        Ok(if is_dated { Kept::Dated } else { Kept::Undated })
    };
    match look() {
        Ok(kept) => Ok(kept),
        Err(Broken::Content { .. }) => Ok(Kept::Undated),
        Err(Broken::Input(source)) => Err(ReadError::Input { name: shown_name(name).to_string(), source }),
    }
}
