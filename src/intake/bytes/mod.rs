//! From raw bytes to text or a workbook: unpacked, decoded and recognised.

mod decode;
mod recognise;
mod unpack;

#[cfg(test)]
mod tests;

use std::io::{self, Cursor, Read};

use encoding_rs::Encoding;

use super::table::Broken;
use decode::Decoded;
use recognise::{Mark, Shape};

pub(super) use recognise::is_readable_name;
use unpack::Packing;

/// How often an input may be packed, such as a gzip file within a zstd file.
const MAX_LAYERS: usize = 3;
/// How many bytes are looked at to recognise an input.
const HEAD: usize = 8 << 10;

type Raw<'a> = Box<dyn Read + Send + 'a>;

/// What an input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An object with a list of customers, or a list of them.
    Json,
    /// An object per line.
    JsonLines,
    /// A table whose cells are separated by commas, semicolons or tabs: the header tells.
    Csv,
    /// A table whose cells are separated by tabs.
    Tsv,
    /// An Excel workbook.
    Xlsx,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Json, Self::JsonLines, Self::Csv, Self::Tsv, Self::Xlsx];

    /// The name in options and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::JsonLines => "ndjson",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// What an input holds.
pub(super) enum Content<'a> {
    /// Text in UTF-8, or what passes for it: whether it is has not been checked.
    Text {
        /// The text. A table's does not begin with a byte order mark.
        bytes: Raw<'a>,
        /// What to read it as.
        kind: TextKind,
    },
    /// The zip file of a workbook.
    Workbook(Vec<u8>),
}

/// What text is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextKind {
    Json,
    Table,
}

/// What is wrong with the content of an input that is read as it comes; within the [`io::Error`] of a `read`.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unsound {
    #[error("more than {} when unpacked; --max-unpacked sets the limit", size(*.limit))]
    TooLarge { limit: u64 },
    #[error("the {packing} data ends too early: the file is not complete")]
    CutShort { packing: &'static str },
    #[error("the {packing} data is damaged: {why}")]
    Damaged { packing: &'static str, why: String },
    #[error("byte {} of the text is not {encoding}", .at + 1)]
    Garbled { encoding: &'static str, at: u64 },
}

/// What is wrong with the content, where an error says that and not that bytes cannot be had.
pub(super) fn content_error(error: &io::Error) -> Option<String> {
    error.get_ref()?.downcast_ref::<Unsound>().map(ToString::to_string)
}

/// A number of bytes, as people write it.
pub(super) fn size(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    match units.into_iter().find(|(shift, _)| bytes >> shift > 0 && bytes.trailing_zeros() >= *shift) {
        Some((shift, unit)) => format!("{} {unit}", bytes >> shift),
        None => format!("{bytes} bytes"),
    }
}

/// Unpacks and decodes an input and recognises what it is: by its content first, then by the extension of its name.
///
/// `format` says what it is instead, however it is packed. `encoding` is that of text without a byte order mark; without it,
/// that is UTF-8, and JSON that begins in UTF-8 goes on in it. What is packed may unpack to `max_unpacked` bytes.
///
/// # Errors
///
/// Where it is nothing that can be read. Text is only looked at as it is read, so that its errors are those of `read`, and
/// [`content_error`] tells them from others.
pub(super) fn open<'a>(
    raw: Raw<'a>,
    name: &str,
    format: Option<Format>,
    encoding: Option<&'static Encoding>,
    max_unpacked: u64,
) -> Result<Content<'a>, Broken> {
    let (head, raw) = unwrap(raw, max_unpacked)?;
    match recognise::shape(&head) {
        Shape::Zip if format.is_none_or(|format| format == Format::Xlsx) => {
            return Ok(Content::Workbook(whole(raw, max_unpacked)?));
        }
        Shape::Zip => return Err(not_as_said("a zip archive, such as an XLSX file", format)),
        Shape::Compound => return Err(recognise::compound(raw).map_err(broken)?),
        Shape::Other(what, remedy) => return Err(unfit(what, remedy)),
        Shape::Text if format == Some(Format::Xlsx) => return Err(not_as_said("no zip archive", format)),
        Shape::Text => {}
    }
    if format.is_none() && recognise::is_workbook_name(name) && (head.is_empty() || head.contains(&0)) {
        let found = if head.is_empty() { "an empty file" } else { "other data" };
        return Err(unfit(found, "expected an Excel workbook"));
    }
    let kind_of = |head: &[u8]| match format {
        Some(Format::Json | Format::JsonLines) => TextKind::Json,
        Some(_) => TextKind::Table,
        None => recognise::text_kind(head, name),
    };
    let is_json = |encoding: &'static Encoding| encoding.is_ascii_compatible() && kind_of(&head) == TextKind::Json;
    let encoding = encoding.filter(|encoding| !(is_json(encoding) && begins_as_utf_8(&head)));
    let (head, raw) = decoded(&head, raw, encoding)?;
    let kind = kind_of(&head);
    let bytes = match (kind, head.strip_prefix(recognise::UTF_8_MARK)) {
        (TextKind::Table, Some(_)) => behind(raw, recognise::UTF_8_MARK.len()).map_err(broken)?,
        _ => raw,
    };
    Ok(Content::Text { bytes, kind })
}

/// Takes off the ways of packing, one after the other.
fn unwrap(mut raw: Raw<'_>, max_unpacked: u64) -> Result<(Vec<u8>, Raw<'_>), Broken> {
    for _ in 0..=MAX_LAYERS {
        let (head, whole) = peek(raw).map_err(broken)?;
        match Packing::of(&head) {
            Some(packing) => raw = packing.unpack(whole, max_unpacked),
            None => return Ok((head, whole)),
        }
    }
    Err(unfit("a file that is packed more than three times over", "expected at most three layers of gzip or zstd"))
}

/// Whether bytes are UTF-8, or would be if they were not cut at their end.
fn begins_as_utf_8(head: &[u8]) -> bool {
    std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// The text as UTF-8, and how it begins.
fn decoded<'a>(head: &[u8], raw: Raw<'a>, encoding: Option<&'static Encoding>) -> Result<(Vec<u8>, Raw<'a>), Broken> {
    let text: Raw<'a> = match recognise::mark(head) {
        Some(Mark::Encoding(encoding, length)) => {
            Box::new(Decoded::new(behind(raw, length).map_err(broken)?, encoding))
        }
        Some(Mark::Utf8) => raw,
        Some(Mark::Utf32) => return Err(unfit("UTF-32 text", "expected UTF-8")),
        None => match encoding {
            Some(encoding) if encoding != encoding_rs::UTF_8 => Box::new(Decoded::new(raw, encoding)),
            Some(_) => raw,
            None => match recognise::unmarked_wide(head) {
                Some((what, remedy)) => return Err(unfit(what, remedy)),
                None => raw,
            },
        },
    };
    peek(text).map_err(broken)
}

/// The first bytes, and all of them from the first on.
fn peek(mut raw: Raw<'_>) -> io::Result<(Vec<u8>, Raw<'_>)> {
    let mut head = Vec::new();
    raw.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    Ok((head.clone(), Box::new(Cursor::new(head).chain(raw))))
}

/// The bytes behind the first `length`.
fn behind(mut raw: Raw<'_>, length: usize) -> io::Result<Raw<'_>> {
    io::copy(&mut raw.by_ref().take(length as u64), &mut io::sink())?;
    Ok(raw)
}

fn whole(mut raw: Raw<'_>, limit: u64) -> Result<Vec<u8>, Broken> {
    let mut bytes = Vec::new();
    raw.by_ref().take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 > limit {
        return Err(broken(io::Error::other(Unsound::TooLarge { limit })));
    }
    Ok(bytes)
}

fn broken(error: io::Error) -> Broken {
    match content_error(&error) {
        Some(allowed) => Broken::Content { line: 0, found: String::new(), allowed },
        None => Broken::Input(error),
    }
}

fn unfit(found: &str, allowed: &str) -> Broken {
    Broken::Content { line: 0, found: found.to_owned(), allowed: allowed.to_owned() }
}

fn not_as_said(found: &str, format: Option<Format>) -> Broken {
    let name = format.map_or("another format", Format::name);
    unfit(found, &format!("expected {name}, as --input-format says"))
}
