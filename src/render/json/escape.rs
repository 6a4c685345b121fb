//! Texts within JSON.

use crate::render::clean::is_unsafe;

/// Puts a text behind what is written: what JSON reserves, and what could do harm on a terminal, as escapes.
pub(super) fn push_escaped(out: &mut Vec<u8>, text: &str) {
    if is_plain(text.as_bytes()) {
        out.extend_from_slice(text.as_bytes());
    } else {
        push_by_character(out, text);
    }
}

#[cold]
fn push_by_character(out: &mut Vec<u8>, text: &str) {
    let mut rest = text;
    while let Some(position) = rest.find(needs_escape) {
        let (before, behind) = rest.split_at(position);
        out.extend_from_slice(before.as_bytes());
        let mut characters = behind.chars();
        if let Some(character) = characters.next() {
            push_escape(out, character);
        }
        rest = characters.as_str();
    }
    out.extend_from_slice(rest.as_bytes());
}

fn needs_escape(character: char) -> bool {
    matches!(character, '"' | '\\') || is_unsafe(character)
}

fn push_escape(out: &mut Vec<u8>, character: char) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let short = match character {
        '"' | '\\' => character as u8,
        '\u{8}' => b'b',
        '\t' => b't',
        '\n' => b'n',
        '\u{c}' => b'f',
        '\r' => b'r',
        _ => {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let digit = |shift: u16| DIGITS[usize::from(*unit >> shift & 0xf)];
                out.extend_from_slice(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
            }
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

/// Whether these are bytes of ASCII that stand in JSON as they are, as nearly all texts are. They are looked at eight by eight; where
/// their number is no multiple of that, the last eight overlap the others.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    let special = if let Some(last) = bytes.last_chunk() {
        let (blocks, _) = bytes.as_chunks();
        blocks.iter().fold(special(*last), |found, block| found | special(*block))
    } else if let (Some([a, b, c, d]), Some([w, x, y, z])) = (bytes.first_chunk(), bytes.last_chunk()) {
        special([*a, *b, *c, *d, *w, *x, *y, *z])
    } else if let [first, .., last] = bytes {
        let middle = &bytes[bytes.len() / 2];
        special([*first, *middle, *last, b' ', b' ', b' ', b' ', b' '])
    } else {
        bytes.first().map_or(0, |only| special([*only; 8]))
    };
    special == 0
}

/// Not 0 where there is a byte among these that is no visible character of ASCII or blank, or that JSON reserves.
fn special(block: [u8; 8]) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGHEST: u64 = EACH << 7;
    let bytes = u64::from_le_bytes(block);
    // Where bytes are below 0x80, a difference has its highest bit if it is below 0. It may borrow from the byte above, but then there
    // is one that is found.
    let below = |bytes: u64, limit: u8| bytes.wrapping_sub(EACH * u64::from(limit)) & !bytes;
    let is = |byte: u8| below(bytes ^ (EACH * u64::from(byte)), 1);
    let beyond = bytes | bytes.wrapping_add(EACH);
    (below(bytes, b' ') | is(b'"') | is(b'\\') | beyond) & HIGHEST
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What `serde_json` wrote, with characters that could do harm on a terminal as escapes. Those of ASCII are escapes already, but
    /// for DEL; line ends stand between the values only.
    pub fn harmless(json: &str) -> String {
        let mut harmless = String::new();
        for character in json.chars() {
            if is_unsafe(character) && character != '\n' {
                harmless.extend(character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
            } else {
                harmless.push(character);
            }
        }
        harmless
    }

    #[test]
    fn each_character_is_found_wherever_it_stands() {
        let special = (0..=0x9f).filter_map(char::from_u32);
        let special =
            special.chain(['é', 'ÿ', '\u{200b}', '\u{200d}', '\u{202e}', '株', '🙂', '\u{e0041}', '\u{ffff}']);
        for character in special {
            for before in 0..20 {
                for behind in 0..20 {
                    let text = format!("{}{character}{}", "a".repeat(before), "z".repeat(behind));
                    let quoted = harmless(&serde_json::to_string(&text).expect("JSON"));
                    let mut out = b"x".to_vec();
                    push_escaped(&mut out, &text);
                    assert_eq!(out, [b"x", &quoted.as_bytes()[1..quoted.len() - 1]].concat(), "{text:?}");
                }
            }
        }
    }
}
