//! Text from the data, made harmless.

use std::borrow::Cow;
use std::fmt;

use crate::intake::is_hidden;

/// Text without control characters, and without characters that change the direction of what stands around them or cannot
/// be seen: a terminal then shows it and does nothing else. Tabs and line ends become spaces.
pub fn clean(text: &str) -> Cow<'_, str> {
    // Most text is plain.
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Cow::Borrowed(text);
    }
    if text.chars().any(is_unsafe) {
        let kept = text.chars().filter_map(|character| match character {
            '\t' | '\n' | '\r' => Some(' '),
            character if is_unsafe(character) => None,
            character => Some(character),
        });
        Cow::Owned(kept.collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Shows a text as [`clean`] leaves it.
pub struct Clean<'a>(pub &'a str);

impl fmt::Display for Clean<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&clean(self.0))
    }
}

/// Whether a character is left out: what does not show as itself, but for the joiners that some scripts and emoji are spelt with; and
/// the two that XML has no way to say.
pub(super) fn is_unsafe(character: char) -> bool {
    let is_joiner = matches!(character, '\u{200c}' | '\u{200d}');
    (is_hidden(character) && !is_joiner) || matches!(character, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_becomes_harmless() {
        for (text, shown) in [
            ("Acme", "Acme"),
            ("Þór & Söhne 株式会社", "Þór & Söhne 株式会社"),
            ("\u{1b}[31mred\u{1b}[0m", "[31mred[0m"),
            ("a\nb\tc\r", "a b c "),
            ("user\u{202e}gpj.exe", "usergpj.exe"),
            ("\u{9b}31m\u{7}", "31m"),
            ("a\u{ffff}b\u{fffe}", "ab"),
        ] {
            assert_eq!(clean(text), shown, "{text:?}");
        }
    }
}
