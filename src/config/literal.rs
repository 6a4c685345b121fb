//! Values as TOML.

use std::fmt::Write;

/// A number; whole numbers that a double holds exactly are written as such.
pub(super) fn number(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number}") } else { format!("{number:?}") }
}

/// A key, in quotes where it needs them.
pub(super) fn quoted_key(key: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !key.is_empty() && key.bytes().all(bare) { key.to_owned() } else { quoted(key) }
}

/// A basic string. What a terminal or an editor would not show as it stands is escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            letter if is_unseen(letter) => {
                let _ = write!(out, "\\u{:04X}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Whether a character is shown as nothing, or changes how others are shown: control characters and those of text direction.
pub(super) fn is_unseen(letter: char) -> bool {
    let directs = matches!(
        letter,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    );
    letter.is_control() || directs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_so_that_they_come_back_and_are_seen() {
        for (text, written) in [
            ("plain", "plain"),
            ("", "\"\""),
            ("a b", "\"a b\""),
            ("a\"b\\c", "\"a\\\"b\\\\c\""),
            ("line\nend\r\t", "\"line\\nend\\u000D\\t\""),
            ("\u{202e}x\u{7f}", "\"\\u202Ex\\u007F\""),
            ("größe", "\"größe\""),
        ] {
            assert_eq!(quoted_key(text), written);
        }
    }
}
