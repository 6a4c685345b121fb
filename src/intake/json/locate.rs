//! Finding a value in the bytes of a record, and saying what it is.

use crate::intake::text;

/// A step from a value into it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    /// The value of a key; of its `nth` occurrence, from 0.
    Key(&'a str, usize),
    /// An item of a list, from 0.
    Item(usize),
}

/// Offsets of a value, and of what names it: its key, or the value itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub name: usize,
    pub value: usize,
}

/// Where the value at the end of a path stands. The bytes begin with the value from which the path leads; where they are
/// no JSON, nothing may be found.
pub(super) fn locate(bytes: &[u8], path: &[Step<'_>]) -> Option<Found> {
    let mut skim = Skim { bytes, at: 0 };
    let mut found = Found { name: 0, value: 0 };
    for step in path {
        found = skim.step(*step)?;
    }
    Some(found)
}

/// What the keys of an object say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    /// The key is among them.
    Found,
    /// The object ends at this offset, or is no JSON from there on, and the key is not among them.
    Ended(usize),
    /// The bytes end first.
    Cut,
}

/// Looks for a key of the object with which the bytes begin.
pub(super) fn keys_until(bytes: &[u8], key: &str) -> Keys {
    let mut skim = Skim { bytes, at: 0 };
    if skim.pass(b'{').is_none() {
        return Keys::Ended(0);
    }
    loop {
        match skim.peek() {
            None => return Keys::Cut,
            Some(b',') => skim.at += 1,
            Some(b'"') => {
                let start = skim.at;
                skim.string();
                let Some(name) = bytes.get(start..skim.at) else { return Keys::Cut };
                let is_key = is_key(name, key);
                match skim.peek() {
                    None => return Keys::Cut,
                    Some(b':') if is_key => return Keys::Found,
                    Some(b':') => skim.at += 1,
                    Some(_) => return Keys::Ended(skim.at),
                }
                if skim.peek().is_none() {
                    return Keys::Cut;
                }
                let value = skim.at;
                skim.value();
                if skim.at == value {
                    return Keys::Ended(value);
                }
            }
            Some(b'}') => return Keys::Ended(skim.at + 1),
            Some(_) => return Keys::Ended(skim.at),
        }
    }
}

/// The bytes of the value at an offset.
pub(super) fn value_at(bytes: &[u8], at: usize) -> &[u8] {
    let mut skim = Skim { bytes, at };
    skim.value();
    bytes.get(at..skim.at).unwrap_or_default()
}

/// What a value is, for a message.
pub(super) fn describe(value: &[u8]) -> String {
    match value.first() {
        None => "nothing".to_owned(),
        Some(b'{') => "an object".to_owned(),
        Some(b'[') => "a list".to_owned(),
        Some(b'"') => match serde_json::from_slice::<String>(value) {
            Ok(text) => text::quoted(&text),
            Err(_) => text::plain(&String::from_utf8_lossy(value)),
        },
        Some(_) => text::plain(&String::from_utf8_lossy(value)),
    }
}

/// Passes over JSON that has been checked; over anything else it goes wrong, but ends.
struct Skim<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Skim<'_> {
    fn peek(&mut self) -> Option<u8> {
        let rest = self.bytes.get(self.at..)?;
        self.at += rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        self.bytes.get(self.at).copied()
    }

    fn pass(&mut self, wanted: u8) -> Option<()> {
        if self.peek()? != wanted {
            return None;
        }
        self.at += 1;
        Some(())
    }

    fn step(&mut self, step: Step<'_>) -> Option<Found> {
        self.pass(if matches!(step, Step::Key(..)) { b'{' } else { b'[' })?;
        let mut before = match step {
            Step::Key(_, nth) | Step::Item(nth) => nth,
        };
        loop {
            let opens = self.peek()?;
            let name = self.at;
            let matches = match step {
                Step::Item(_) => true,
                Step::Key(key, _) if opens == b'"' => {
                    self.string();
                    let same = is_key(self.bytes.get(name..self.at)?, key);
                    self.pass(b':')?;
                    same
                }
                Step::Key(..) => return None,
            };
            self.peek()?;
            if matches && before == 0 {
                return Some(Found { name, value: self.at });
            }
            before -= usize::from(matches);
            self.value();
            self.pass(b',')?;
        }
    }

    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'"' => return,
                b'\\' => self.at += 1,
                _ => {}
            }
        }
    }

    fn value(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => self.string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                    continue;
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                byte if depth > 0 || is_literal(*byte) => {
                    let rest = &self.bytes[self.at..];
                    let ends = |byte: &u8| if depth > 0 { is_mark(*byte) } else { !is_literal(*byte) };
                    self.at += rest.iter().position(ends).unwrap_or(rest.len());
                }
                _ => return,
            }
            if depth == 0 {
                self.at = self.at.min(self.bytes.len());
                return;
            }
        }
        self.at = self.at.min(self.bytes.len());
    }
}

fn is_mark(byte: u8) -> bool {
    matches!(byte, b'"' | b'{' | b'[' | b'}' | b']')
}

fn is_literal(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !is_mark(byte) && !matches!(byte, b',' | b':')
}

fn is_key(quoted: &[u8], key: &str) -> bool {
    match quoted {
        [b'"', inner @ .., b'"'] if !inner.contains(&b'\\') => inner == key.as_bytes(),
        _ => serde_json::from_slice::<String>(quoted).is_ok_and(|text| text == key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found() {
        let bytes = br#"{ "a" : 1, "b\u0021": {"x\"": [ [1, 2], {"y": "}"}, -3.5e1 ]}, "a": null , "": [] }"#;
        for (path, name, value) in [
            (&[][..], "{ \"a\"", "an object"),
            (&[Step::Key("a", 0)], "\"a\" : 1", "1"),
            (&[Step::Key("a", 1)], "\"a\": null", "null"),
            (&[Step::Key("b!", 0)], "\"b\\u0021\"", "an object"),
            (&[Step::Key("b!", 0), Step::Key("x\"", 0), Step::Item(1), Step::Key("y", 0)], "\"y\"", "\"}\""),
            (&[Step::Key("b!", 0), Step::Key("x\"", 0), Step::Item(2)], "-3.5e1", "-3.5e1"),
            (&[Step::Key("", 0)], "\"\": []", "a list"),
        ] {
            let found = locate(bytes, path).unwrap_or_else(|| panic!("{path:?}"));
            assert!(bytes[found.name..].starts_with(name.as_bytes()), "{path:?}");
            assert_eq!(describe(value_at(bytes, found.value)), value, "{path:?}");
        }
        for path in
            [&[Step::Key("a", 2)][..], &[Step::Key("c", 0)], &[Step::Item(0)], &[Step::Key("a", 0), Step::Item(0)]]
        {
            assert_eq!(locate(bytes, path), None, "{path:?}");
        }
    }

    #[test]
    fn no_bytes_make_it_run_on_or_over() {
        let text = br#"{"a": [1, "x\"y", {"b": tru}], "c": "\\"#;
        for end in 0..=text.len() {
            for start in 0..=end {
                let bytes = &text[start..end];
                _ = locate(bytes, &[Step::Key("a", 0), Step::Item(2), Step::Key("b", 0)]);
                _ = locate(bytes, &[Step::Key("c", 0)]);
                for at in 0..=bytes.len() + 2 {
                    _ = describe(value_at(bytes, at));
                }
            }
        }
    }
}
