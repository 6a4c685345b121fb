//! Text as cells can hold it.

use std::borrow::Cow;

use super::super::clean;

/// A cell holds this many of the units of UTF-16.
const MOST: usize = 32_767;

/// The text as far as a cell or a note can hold it.
pub(super) fn fitting(text: &str) -> Cow<'_, str> {
    // No character has more units than bytes.
    if text.len() <= MOST || text.encode_utf16().count() <= MOST {
        return text.into();
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > MOST - 1
    });
    end.map_or(text.into(), |(end, _)| format!("{}…", &text[..end]).into())
}

/// Text from the data as a cell shows it: harmless, and no longer than a cell can hold.
pub(super) fn cell_text(text: &str) -> Cow<'_, str> {
    // Most text is short and plain.
    if text.len() <= MOST && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.into();
    }
    let cleaned = clean(text);
    match fitting(&cleaned) {
        Cow::Owned(cut) => cut.into(),
        Cow::Borrowed(_) => cleaned,
    }
}

/// Appends text as content of an element. A workbook reads `_x0041_` as a character, so that its underscore is spelt out.
pub(super) fn push_escaped(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    if memchr::memchr3(b'&', b'<', b'>', bytes).is_none() && memchr::memmem::find(bytes, b"_x").is_none() {
        return out.extend_from_slice(bytes);
    }
    let mut copied = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let escape: &[u8] = match byte {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'_' if is_code(&bytes[at..]) => b"_x005F_",
            _ => continue,
        };
        out.extend_from_slice(&bytes[copied..at]);
        out.extend_from_slice(escape);
        copied = at + 1;
    }
    out.extend_from_slice(&bytes[copied..]);
}

/// Whether text begins with a character by its code, such as `_x000D_`.
fn is_code(bytes: &[u8]) -> bool {
    matches!(bytes, [b'_', b'x', a, b, c, d, b'_', ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_where_a_cell_ends() {
        for (text, length) in [
            ("a".repeat(MOST - 1), MOST - 1),
            ("a".repeat(MOST), MOST),
            ("a".repeat(MOST + 1), MOST),
            ("ä".repeat(MOST), MOST),
            // Characters of two units: the last one does not fit in half.
            ("😀".repeat(16_383), 32_766),
            ("😀".repeat(16_384), 32_767),
        ] {
            let cut = cell_text(&text);
            assert_eq!(cut.encode_utf16().count(), length);
            assert_eq!(cut.ends_with('…'), cut != text, "{length}");
        }
    }

    #[test]
    fn escapes_keep_the_text() {
        for (text, xml) in [
            ("a & b <c>", "a &amp; b &lt;c&gt;"),
            ("]]>", "]]&gt;"),
            ("_x000D_", "_x005F_x000D_"),
            ("_x00G0_ _x_ snake_case", "_x00G0_ _x_ snake_case"),
            ("a\u{ffff}b\u{1b}c\u{202e}\td", "abc d"),
        ] {
            let mut out = Vec::new();
            push_escaped(&mut out, &cell_text(text));
            assert_eq!(String::from_utf8(out).expect("UTF-8"), xml);
        }
    }
}
