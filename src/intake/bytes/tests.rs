use std::io::{self, Read, Write};

use encoding_rs::Encoding;
use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::{Broken, Content, Format, TextKind, content_error, open, size};

const MOST: u64 = 1 << 20;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

fn utf16(text: &str, mark: bool, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let mark = mark.then_some(0xfeff);
    mark.into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
}

/// Hands out few bytes at a time, as a pipe does.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(3);
        self.0.read(&mut buffer[..length])
    }
}

/// What an input holds: `json:` or `table:` and the text, or `zip:` and the number of bytes; or what is wrong with it.
fn read(
    bytes: &[u8],
    name: &str,
    format: Option<Format>,
    encoding: Option<&'static Encoding>,
    most: u64,
) -> Result<Vec<u8>, String> {
    match open(Box::new(Trickle(bytes)), name, format, encoding, most).map_err(said)? {
        Content::Workbook(bytes) => Ok(format!("zip:{}", bytes.len()).into_bytes()),
        Content::Text { mut bytes, kind } => {
            let mut text = match kind {
                TextKind::Json => b"json:".to_vec(),
                TextKind::Table => b"table:".to_vec(),
            };
            match bytes.read_to_end(&mut text) {
                Ok(_) => Ok(text),
                Err(error) => Err(content_error(&error).unwrap_or_else(|| format!("cannot read: {error}"))),
            }
        }
    }
}

fn said(broken: Broken) -> String {
    match broken {
        Broken::Input(error) => format!("cannot read: {error}"),
        Broken::Content { found, allowed, .. } if found.is_empty() => allowed,
        Broken::Content { found, allowed, .. } => format!("found {found}, {allowed}"),
    }
}

#[test]
fn recognises_text_by_its_content_and_then_by_its_name() {
    for (text, name, expected) in [
        ("{}", "a.csv", "json:{}"),
        (" \r\n\t[1]", "-", "json: \r\n\t[1]"),
        ("\u{feff}{}", "-", "json:\u{feff}{}"),
        ("id,arr", "a.csv", "table:id,arr"),
        ("id,arr", "-", "table:id,arr"),
        ("\u{feff}id;arr", "a.csv", "table:id;arr"),
        ("id\tarr", "export.xls", "table:id\tarr"),
        ("hello", "a.json", "json:hello"),
        ("hello", "a.JSONL.gz", "json:hello"),
        ("hello", "a.ndjson.zst", "json:hello"),
        ("hello", "json", "table:hello"),
        ("", "a.json", "json:"),
        ("", "a.csv", "table:"),
        ("", "-", "table:"),
        ("\u{feff}", "-", "table:"),
        ("id\n\u{0}", "a.csv", "table:id\n\u{0}"),
    ] {
        assert_eq!(read(text.as_bytes(), name, None, None, MOST), Ok(expected.as_bytes().to_vec()), "{text:?} {name}");
    }
}

#[test]
fn a_named_format_comes_before_what_is_recognised() {
    for (bytes, format, expected) in [
        (&b"[id],arr"[..], Format::Csv, Ok("table:[id],arr")),
        (b"[id]\tarr", Format::Tsv, Ok("table:[id]\tarr")),
        (b"1", Format::Json, Ok("json:1")),
        (b"1", Format::JsonLines, Ok("json:1")),
        (b"PK\x03\x04", Format::Xlsx, Ok("zip:4")),
        (b"id", Format::Xlsx, Err("found no zip archive, expected xlsx, as --input-format says")),
        (
            b"PK\x03\x04",
            Format::Csv,
            Err("found a zip archive, such as an XLSX file, expected csv, as --input-format says"),
        ),
        (
            b"PK\x03\x04",
            Format::Json,
            Err("found a zip archive, such as an XLSX file, expected json, as --input-format says"),
        ),
    ] {
        let expected = expected.map(|text| text.as_bytes().to_vec()).map_err(str::to_owned);
        assert_eq!(read(bytes, "-", Some(format), None, MOST), expected, "{format:?}");
        assert_eq!(read(&gzip(bytes), "-", Some(format), None, MOST), expected, "{format:?}");
    }
}

#[test]
fn names_files_that_are_not_read() {
    let name: Vec<u8> = utf16("EncryptedPackage", false, u16::to_le_bytes);
    let old = [&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], &vec![7; 200_000]].concat();
    let protected = [&old[..], &name, &[7; 100]].concat();
    // The name lies across what is read at once.
    let across = [&old[..(1 << 16) - 5], &name, &[7; 100]].concat();
    let locked = "found an Excel file that is protected by a password, expected one that can be read: save it as .xlsx without a password";
    for (bytes, expected) in [
        (&old[..], "found an old Excel file (.xls), expected .xlsx: save it as .xlsx"),
        (&protected, locked),
        (&across, locked),
        (b"%PDF-1.7", "found a PDF file, expected a table or JSON"),
        (
            b"\n<HTML><table>",
            "found an HTML page, expected a table or JSON: open it in Excel and save it as .xlsx or CSV",
        ),
        (
            b"\xef\xbb\xbf<!DOCTYPE html>",
            "found an HTML page, expected a table or JSON: open it in Excel and save it as .xlsx or CSV",
        ),
        (
            b"<?xml version=\"1.0\"?>",
            "found an XML file, expected a table or JSON: open it in Excel and save it as .xlsx or CSV",
        ),
        (b"PAR1\x15\x04", "found a Parquet file, expected a table or JSON: export it as CSV"),
        (b"PK\x05\x06", "found an empty zip archive, expected a workbook or text"),
        (b"BZh91AY&SY", "found bzip2 data, expected a file that is not packed, gzip or zstd"),
        (b"\xfd7zXZ\0", "found xz data, expected a file that is not packed, gzip or zstd"),
        (b"\xff\xfe\0\0i\0\0\0", "found UTF-32 text, expected UTF-8"),
        (b"i\0\0\0d\0\0\0", "found UTF-32 text, expected UTF-8"),
        (b"i\0d\0", "found UTF-16 text without a byte order mark, expected UTF-8; --encoding utf-16le reads it"),
        (b"\0i\0d", "found UTF-16 text without a byte order mark, expected UTF-8; --encoding utf-16be reads it"),
    ] {
        assert_eq!(read(bytes, "-", None, None, MOST), Err(expected.to_owned()));
    }
    for (bytes, found) in [(&b""[..], "an empty file"), (b"a\0\0b", "other data")] {
        let expected = format!("found {found}, expected an Excel workbook");
        assert_eq!(read(bytes, "a.xlsx.gz", None, None, MOST), Err(expected));
    }
}

#[test]
fn decodes_what_is_not_utf_8() {
    let text = "id,näme €\u{1f600}\n";
    let long = "ä€\u{1f600}x".repeat(20_000);
    let windows = encoding_rs::WINDOWS_1252;
    for (bytes, encoding, expected) in [
        (utf16(text, true, u16::to_le_bytes), None, text),
        (utf16(text, true, u16::to_be_bytes), None, text),
        (utf16(text, true, u16::to_be_bytes), Some(windows), text),
        (utf16(text, false, u16::to_le_bytes), Some(encoding_rs::UTF_16LE), text),
        (utf16(&long, true, u16::to_le_bytes), None, &long),
        (b"n\xe4me \x80".to_vec(), Some(windows), "näme €"),
        (text.as_bytes().to_vec(), Some(encoding_rs::UTF_8), text),
        ("\u{feff}näme".as_bytes().to_vec(), Some(windows), "näme"),
    ] {
        let expected = Ok(format!("table:{expected}").into_bytes());
        assert_eq!(read(&bytes, "-", None, encoding, MOST), expected);
        assert_eq!(read(&zstd(&bytes), "-", None, encoding, MOST), expected);
    }
    assert_eq!(read(&utf16(" {}", true, u16::to_le_bytes), "-", None, None, MOST), Ok(b"json: {}".to_vec()));
    for (bytes, encoding, expected) in [
        ("[\"é\"]".as_bytes().to_vec(), windows, "json:[\"é\"]"),
        (b"[\"\xe9\"]".to_vec(), windows, "json:[\"é\"]"),
        (utf16("[\"é\"]", false, u16::to_le_bytes), encoding_rs::UTF_16LE, "json:[\"é\"]"),
    ] {
        assert_eq!(read(&bytes, "-", None, Some(encoding), MOST), Ok(expected.as_bytes().to_vec()));
    }
    // What passes for UTF-8 is for the readers to judge, field by field.
    assert_eq!(read(b"id\xff\n", "-", None, None, MOST), Ok(b"table:id\xff\n".to_vec()));
}

#[test]
fn bytes_that_are_not_of_the_encoding_are_an_error() {
    let lone = [&utf16("ab", true, u16::to_le_bytes)[..], &[0x3d, 0xd8, b'c', 0]].concat();
    let cut = [&utf16("ab", true, u16::to_le_bytes)[..], b"c"].concat();
    let far = [&utf16(&"a".repeat(50_000), true, u16::to_be_bytes)[..], &[0xdc, 0]].concat();
    for (bytes, expected) in [
        (lone, "byte 5 of the text is not UTF-16LE"),
        (cut, "byte 5 of the text is not UTF-16LE"),
        (far, "byte 100001 of the text is not UTF-16BE"),
    ] {
        assert_eq!(read(&bytes, "-", None, None, MOST), Err(expected.to_owned()));
    }
}

#[test]
fn unpacks_gzip_and_zstd_in_each_other_up_to_three_times() {
    let text = "id,arr\n".repeat(30_000);
    let (first, second) = text.as_bytes().split_at(100_001);
    let skipped = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc", &zstd(first), &zstd(second)].concat();
    for bytes in [
        gzip(text.as_bytes()),
        zstd(text.as_bytes()),
        [gzip(first), gzip(b""), gzip(second)].concat(),
        [zstd(first), zstd(second)].concat(),
        skipped,
        gzip(&zstd(text.as_bytes())),
        zstd(&gzip(&zstd(text.as_bytes()))),
    ] {
        assert_eq!(read(&bytes, "-", None, None, MOST), Ok(format!("table:{text}").into_bytes()));
    }
    assert_eq!(read(&gzip(b"PK\x03\x04abc"), "-", None, None, MOST), Ok(b"zip:7".to_vec()));
    let four = gzip(&gzip(&gzip(&gzip(b"id"))));
    let expected =
        "found a file that is packed more than three times over, expected at most three layers of gzip or zstd";
    assert_eq!(read(&four, "-", None, None, MOST), Err(expected.to_owned()));
}

#[test]
fn no_cut_or_damaged_input_passes_for_a_whole_one() {
    let lines: Vec<String> = (0..1_000).map(|number| format!("{number},{}\n", number * 7919 % 1000)).collect();
    let text = lines.concat();
    for packed in [gzip(text.as_bytes()), zstd(text.as_bytes()), gzip(&zstd(text.as_bytes()))] {
        for length in (4..packed.len()).step_by(97).chain([packed.len() - 1]) {
            let cut = read(&packed[..length], "-", None, None, MOST).unwrap_err();
            assert!(cut.ends_with("data ends too early: the file is not complete"), "{length}: {cut}");
        }
        for at in (4..packed.len()).step_by(61) {
            let mut damaged = packed.clone();
            damaged[at] ^= 0x55;
            // A change of what is passed over, such as the time in a gzip header, may do no harm.
            if let Ok(read) = read(&damaged, "-", None, None, MOST) {
                assert_eq!(read, format!("table:{text}").into_bytes(), "{at}");
            }
        }
    }
    let mut damaged = gzip(text.as_bytes());
    let checksum = damaged.len() - 8;
    damaged[checksum] ^= 1;
    let said = read(&damaged, "-", None, None, MOST).unwrap_err();
    assert!(said.starts_with("the gzip data is damaged"), "{said}");
}

#[test]
fn a_bomb_ends_in_an_error() {
    let text = vec![b'a'; 4096];
    let expected = "more than 4095 bytes when unpacked; --max-unpacked sets the limit";
    for pack in [gzip, zstd] {
        assert_eq!(read(&pack(&text), "-", None, None, 4095), Err(expected.to_owned()));
        assert_eq!(read(&pack(&text), "-", None, None, 4096).map(|read| read.len()), Ok(4096 + "table:".len()));
        let within = read(&pack(&pack(&text)), "-", None, None, 4095);
        assert_eq!(within, Err(expected.to_owned()));
    }
    assert_eq!(read(&text, "-", None, None, 10).map(|read| read.len()), Ok(4096 + "table:".len()), "not packed");
    let workbook = [&b"PK\x03\x04"[..], &text].concat();
    let expected = "more than 4 KiB when unpacked; --max-unpacked sets the limit";
    assert_eq!(read(&workbook, "-", None, None, 4096), Err(expected.to_owned()));
}

#[test]
fn an_input_that_cannot_be_read_is_no_matter_of_its_content() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
    let text = vec![b'a'; 100_000];
    for packed in [text.clone(), gzip(&text), zstd(&text), zstd(&gzip(&text))] {
        let half = packed[..packed.len() / 2].to_vec();
        let raw = Box::new(io::Cursor::new(half).chain(Fails));
        let error = match open(raw, "-", None, None, MOST) {
            Ok(Content::Text { mut bytes, .. }) => bytes.read_to_end(&mut Vec::new()).unwrap_err(),
            Err(Broken::Input(error)) => error,
            _ => panic!("it fails"),
        };
        assert_eq!((error.kind(), content_error(&error)), (io::ErrorKind::UnexpectedEof, None));
    }
}

#[test]
fn sizes_are_shown_as_people_write_them() {
    for (bytes, expected) in [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1 KiB"),
        (1025, "1025 bytes"),
        (3 << 20, "3 MiB"),
        (8 << 30, "8 GiB"),
        (1536 << 20, "1536 MiB"),
    ] {
        assert_eq!(size(bytes), expected);
    }
}
