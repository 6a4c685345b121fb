//! What a JSON error says, and where.

/// The offset of the byte at which the parser of a slice stopped.
pub(super) fn offset(error: &serde_json::Error, slice: &[u8]) -> usize {
    if error.is_eof() {
        return slice.len();
    }
    let newlines = error.line().saturating_sub(1);
    let line = match newlines.checked_sub(1) {
        None => 0,
        Some(last) => memchr::memchr_iter(b'\n', slice).nth(last).map_or(slice.len(), |newline| newline + 1),
    };
    let at = (line + error.column()).saturating_sub(1).min(slice.len());
    match &slice[at..] {
        // A number that the end of the input cuts is reported as a number.
        [b'-' | b'+' | b'.' | b'e' | b'E'] => slice.len(),
        _ => at,
    }
}

/// What the error says, without the place.
pub(super) fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// Why a value that is JSON could not be read, as the clause of a message.
pub(super) fn why_unreadable(error: &serde_json::Error) -> String {
    let message = message(error);
    match message.as_str() {
        "number out of range" => "expected a number that is finite".to_owned(),
        "invalid unicode code point" => "expected UTF-8".to_owned(),
        "lone leading surrogate in hex escape" | "unexpected end of hex escape" => {
            "expected whole surrogate pairs in its escapes".to_owned()
        }
        "recursion limit exceeded" => "expected at most 128 levels of nesting".to_owned(),
        _ => message,
    }
}

/// What other format the first bytes of an input show.
pub(super) fn other_format(bytes: &[u8]) -> Option<&'static str> {
    Some(match bytes {
        [0xff, 0xfe, 0, 0, ..] | [_, 0, 0, 0, ..] => "UTF-32 text, little-endian",
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, _, ..] => "UTF-32 text, big-endian",
        [0xff, 0xfe, ..] | [1..=0xff, 0, ..] => "UTF-16 text, little-endian",
        [0xfe, 0xff, ..] | [0, 1..=0xff, ..] => "UTF-16 text, big-endian",
        [0x1f, 0x8b, ..] => "gzip data",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "zstd data",
        [b'P', b'K', 3, 4, ..] => "a zip archive, such as an XLSX file",
        _ => return None,
    })
}
