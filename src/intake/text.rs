//! Text from the data, made harmless and short for messages.

/// The most characters of one piece of data that a message shows.
const LONGEST: usize = 60;

/// The text with control and invisible characters escaped, shortened.
pub fn plain(text: &str) -> String {
    shorten(text, push_visible)
}

/// The text in quotes, with quotes and backslashes escaped too, shortened.
pub fn quoted(text: &str) -> String {
    let inner = shorten(text, |character, out| match character {
        '"' | '\\' => {
            out.push('\\');
            out.push(character);
        }
        _ => push_visible(character, out),
    });
    format!("\"{inner}\"")
}

/// Puts a character behind the others: as it is, or escaped where it would not show or would change how its neighbours do.
pub(super) fn push_visible(character: char, out: &mut String) {
    if is_hidden(character) { out.extend(character.escape_unicode()) } else { out.push(character) }
}

/// Known words as a list for a message: `a, b or c`.
pub(super) fn one_of(words: &[impl AsRef<str>]) -> String {
    let mut list = String::new();
    for (position, word) in words.iter().enumerate() {
        if position > 0 {
            list.push_str(if position + 1 == words.len() { " or " } else { ", " });
        }
        list.push_str(word.as_ref());
    }
    list
}

fn shorten(text: &str, mut push: impl FnMut(char, &mut String)) -> String {
    let mut out = String::new();
    for (position, character) in text.chars().enumerate() {
        if position == LONGEST {
            out.push('…');
            break;
        }
        push(character, &mut out);
    }
    out
}

/// Whether a character does not show as itself: control, bidirectional and other invisible format characters, and fillers that look
/// like nothing.
pub fn is_hidden(character: char) -> bool {
    // Letters of most scripts are looked at for nothing else.
    if matches!(character, ' '..='~' | '\u{ae}'..='\u{34e}' | '\u{350}'..='\u{61b}' | '\u{3165}'..='\u{fefe}') {
        return false;
    }
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_harmless_and_short() {
        for (text, plainly, in_quotes) in [
            ("Ångström & 東京", "Ångström & 東京", "\"Ångström & 東京\""),
            ("a\"b\\c", "a\"b\\c", "\"a\\\"b\\\\c\""),
            ("\u{1b}[31m\n\u{9b}", "\\u{1b}[31m\\u{a}\\u{9b}", "\"\\u{1b}[31m\\u{a}\\u{9b}\""),
            ("\u{202e}evil\u{2066}\u{200b}", "\\u{202e}evil\\u{2066}\\u{200b}", "\"\\u{202e}evil\\u{2066}\\u{200b}\""),
            ("\u{feff}\u{e0041}", "\\u{feff}\\u{e0041}", "\"\\u{feff}\\u{e0041}\""),
        ] {
            assert_eq!((plain(text).as_str(), quoted(text).as_str()), (plainly, in_quotes));
        }
        assert_eq!(plain(&"é".repeat(60)), "é".repeat(60));
        assert_eq!(plain(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
    }

    #[test]
    fn words_are_listed() {
        for (words, list) in [(&[][..], ""), (&["a"], "a"), (&["a", "b"], "a or b"), (&["a", "b", "c"], "a, b or c")] {
            assert_eq!(one_of(words), list);
        }
    }
}
