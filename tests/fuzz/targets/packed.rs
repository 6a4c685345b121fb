//! Inputs of any kind, packed and in other encodings.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::reading::{Given, Portfolio, SMALL};

/// Encodings that differ in how many bytes a character has, and in which bytes mean nothing.
const ENCODINGS: [&str; 6] = ["utf-8", "utf-16le", "utf-16be", "windows-1252", "shift_jis", "gb18030"];

/// Bytes that tell what they are: packed or not, with or without a byte order mark. Packed once more, and as UTF-16, they must
/// give the same.
pub fn bytes(data: &[u8]) {
    let found = Portfolio::of(Given::new("portfolio", data)).check();
    for name in ["portfolio.json.gz", "portfolio.xlsx"] {
        Portfolio::of(Given::new(name, data)).check();
    }
    for encoding in ENCODINGS {
        Portfolio::of(Given { encoding: Some(encoding), ..Given::new("portfolio", data) }).check();
    }
    if !is_packed(data) && data.len() <= SMALL {
        let again = Portfolio::of(Given::new("portfolio", &gzip(data))).check();
        assert!(again == found, "packed: {again:#?} and not {found:#?}");
    }
    if let Ok(text) = str::from_utf8(data)
        && data.len() <= SMALL
        && text.starts_with(['{', '[', 'c', '"'])
        // Zeros between characters are taken for UTF-16 without a mark, which is refused.
        && !text.contains('\0')
    {
        let wide: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        let again = Portfolio::of(Given::new("portfolio", &wide)).check();
        assert!(again == found, "as UTF-16: {again:#?} and not {found:#?}");
    }
}

fn is_packed(data: &[u8]) -> bool {
    matches!(data, [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(data).expect("memory takes all");
    packed.finish().expect("memory takes all")
}
