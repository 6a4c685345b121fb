//! What the first bytes of an input tell.

use std::io::{self, Read};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use memchr::memmem;

use super::{Broken, Raw, TextKind, unfit};

/// The byte order mark of UTF-8.
pub(super) const UTF_8_MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// What kind of file it is.
pub(super) enum Shape {
    /// A zip archive.
    Zip,
    /// A compound file, as of old or protected Excel files.
    Compound,
    /// Something that is not read: what, and what to do about it.
    Other(&'static str, &'static str),
    /// None of these.
    Text,
}

/// What kind of file begins with these bytes.
pub(super) fn shape(head: &[u8]) -> Shape {
    match head {
        [b'P', b'K', 3, 4, ..] => return Shape::Zip,
        [b'P', b'K', 5, 6, ..] => return Shape::Other("an empty zip archive", "expected a workbook or text"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return Shape::Compound,
        [b'%', b'P', b'D', b'F', b'-', ..] => return Shape::Other("a PDF file", "expected a table or JSON"),
        [b'P', b'A', b'R', b'1', 0..=8 | 0x0e..=0x1f, ..] => {
            return Shape::Other("a Parquet file", "expected a table or JSON: export it as CSV");
        }
        [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', ..] => {
            return Shape::Other("bzip2 data", "expected a file that is not packed, gzip or zstd");
        }
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => {
            return Shape::Other("xz data", "expected a file that is not packed, gzip or zstd");
        }
        _ => {}
    }
    let text = head.strip_prefix(UTF_8_MARK).unwrap_or(head).trim_ascii_start();
    let begins = |word: &[u8]| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    if begins(b"<html") || begins(b"<!doctype") || begins(b"<table") {
        return Shape::Other("an HTML page", "expected a table or JSON: open it in Excel and save it as .xlsx or CSV");
    }
    if begins(b"<?xml") {
        return Shape::Other("an XML file", "expected a table or JSON: open it in Excel and save it as .xlsx or CSV");
    }
    Shape::Text
}

/// Which Excel file that is not read a compound file is.
pub(super) fn compound(mut raw: Raw<'_>) -> io::Result<Broken> {
    // The name of the part that holds the encrypted workbook, as it stands in the directory of the file.
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let finder = memmem::Finder::new(&name);
    let mut window = Vec::new();
    loop {
        let length = raw.by_ref().take(1 << 16).read_to_end(&mut window)?;
        if finder.find(&window).is_some() {
            let remedy = "expected one that can be read: save it as .xlsx without a password";
            return Ok(unfit("an Excel file that is protected by a password", remedy));
        }
        if length == 0 {
            return Ok(unfit("an old Excel file (.xls)", "expected .xlsx: save it as .xlsx"));
        }
        window.drain(..window.len().saturating_sub(name.len()));
    }
}

/// A byte order mark.
pub(super) enum Mark {
    Utf8,
    /// Of an encoding that is decoded, and its length.
    Encoding(&'static Encoding, usize),
    Utf32,
}

/// The byte order mark at the start.
pub(super) fn mark(head: &[u8]) -> Option<Mark> {
    match head {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some(Mark::Utf32),
        [0xff, 0xfe, ..] => Some(Mark::Encoding(UTF_16LE, 2)),
        [0xfe, 0xff, ..] => Some(Mark::Encoding(UTF_16BE, 2)),
        [0xef, 0xbb, 0xbf, ..] => Some(Mark::Utf8),
        _ => None,
    }
}

/// Which encoding text without a mark shows by the zero bytes of its first characters, and what to do.
pub(super) fn unmarked_wide(head: &[u8]) -> Option<(&'static str, &'static str)> {
    Some(match head {
        [1..=0xff, 0, 0, 0, ..] | [0, 0, 0, 1..=0xff, ..] => ("UTF-32 text", "expected UTF-8"),
        [1..=0xff, 0, 1..=0xff, 0, ..] | [1..=0xff, 0] => {
            ("UTF-16 text without a byte order mark", "expected UTF-8; --encoding utf-16le reads it")
        }
        [0, 1..=0xff, 0, 1..=0xff, ..] | [0, 1..=0xff] => {
            ("UTF-16 text without a byte order mark", "expected UTF-8; --encoding utf-16be reads it")
        }
        _ => return None,
    })
}

/// What text is, by its first character and else by the name of its file.
pub(super) fn text_kind(head: &[u8], name: &str) -> TextKind {
    match head.strip_prefix(UTF_8_MARK).unwrap_or(head).trim_ascii_start().first() {
        Some(b'{' | b'[') => TextKind::Json,
        _ if matches!(extension(name).as_str(), "json" | "ndjson" | "jsonl") => TextKind::Json,
        _ => TextKind::Table,
    }
}

/// Whether a file's name says that it is a workbook.
pub(super) fn is_workbook_name(name: &str) -> bool {
    matches!(extension(name).as_str(), "xlsx" | "xlsm" | "xls" | "xlsb")
}

/// Whether a file's name says that it is something that is read.
pub(in crate::intake) fn is_readable_name(name: &str) -> bool {
    is_workbook_name(name) || matches!(extension(name).as_str(), "json" | "ndjson" | "jsonl" | "csv" | "tsv")
}

/// The extension of a name in lower case, those of packing left out.
fn extension(name: &str) -> String {
    let mut rest = name;
    while let Some((stem, last)) = rest.rsplit_once('.') {
        let last = last.to_ascii_lowercase();
        if !matches!(last.as_str(), "gz" | "gzip" | "zst" | "zstd") {
            return last;
        }
        rest = stem;
    }
    String::new()
}
