//! Where values end in a list, found without parsing them.

use wide::u8x16;

/// A scan of the elements of a list, going on from piece to piece: brackets outside of texts are counted.
#[derive(Debug, Clone, Default)]
pub(super) struct Scan {
    depth: i64,
    /// All bits where the piece before ended within a text.
    in_text: u64,
    /// Whether it ended with a backslash that escapes what follows.
    escapes: u64,
}

/// What a scan found in a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Ends {
    /// The end of the last element that is an object or a list.
    pub last: Option<usize>,
    /// Where the list itself ends; nothing behind it was looked at.
    pub list: Option<usize>,
}

/// How many bytes are looked at together.
const WIDTH: usize = 64;

impl Scan {
    /// Scans what follows.
    pub fn go_on(&mut self, bytes: &[u8]) -> Ends {
        let mut ends = Ends::default();
        let (pieces, rest) = bytes.as_chunks::<WIDTH>();
        for (position, piece) in pieces.iter().enumerate() {
            self.piece(piece, position * WIDTH, &mut ends);
            if ends.list.is_some() {
                return ends;
            }
        }
        if !rest.is_empty() {
            let mut piece = [b' '; WIDTH];
            piece[..rest.len()].copy_from_slice(rest);
            let start = pieces.len() * WIDTH;
            // A backslash at the very end escapes what comes with the next piece, and no blank that fills this one.
            let escapes = self.escapes_behind(rest);
            self.piece(&piece, start, &mut ends);
            self.escapes = escapes;
        }
        ends
    }

    /// Whether the first byte behind these is escaped.
    fn escapes_behind(&self, bytes: &[u8]) -> u64 {
        let slashes = bytes.iter().rev().take_while(|byte| **byte == b'\\').count();
        // Of a piece of backslashes alone, what stood before decides with them.
        let before = if slashes == bytes.len() { self.escapes } else { 0 };
        (slashes as u64 + before) & 1
    }

    fn piece(&mut self, piece: &[u8; WIDTH], start: usize, ends: &mut Ends) {
        let Masks { quotes, slashes, opening, closing } = Masks::of(piece);
        let escaped = self.escaped(slashes);
        let in_text = prefix_xor(quotes & !escaped) ^ self.in_text;
        // The sign at the end goes to all bits.
        self.in_text = 0_u64.wrapping_sub(in_text >> 63);
        let (opening, closing) = (opening & !in_text, closing & !in_text);
        let after = self.depth + i64::from(opening.count_ones()) - i64::from(closing.count_ones());
        // No element can end here where all that closes would still be within it.
        if self.depth > i64::from(closing.count_ones()) {
            self.depth = after;
            return;
        }
        let mut brackets = opening | closing;
        while brackets != 0 {
            let position = brackets.trailing_zeros() as usize;
            if opening >> position & 1 == 1 {
                self.depth += 1;
            } else {
                self.depth -= 1;
                match self.depth {
                    0 => ends.last = Some(start + position + 1),
                    1.. => {}
                    _ => {
                        ends.list = Some(start + position);
                        return;
                    }
                }
            }
            brackets &= brackets - 1;
        }
    }

    /// The bytes that a backslash before them escapes.
    fn escaped(&mut self, slashes: u64) -> u64 {
        if slashes == 0 {
            return std::mem::take(&mut self.escapes);
        }
        let mut escaped = self.escapes;
        let mut rest = slashes & !self.escapes;
        self.escapes = 0;
        while rest != 0 {
            let position = rest.trailing_zeros();
            if position == 63 {
                self.escapes = 1;
                break;
            }
            // What is escaped escapes nothing itself.
            escaped |= 2 << position;
            rest &= !(3 << position);
        }
        escaped
    }
}

/// Where signs stand in a piece, a bit for each byte.
struct Masks {
    quotes: u64,
    slashes: u64,
    opening: u64,
    closing: u64,
}

impl Masks {
    fn of(piece: &[u8; WIDTH]) -> Self {
        let mut masks = Self { quotes: 0, slashes: 0, opening: 0, closing: 0 };
        let (lanes, _) = piece.as_chunks::<16>();
        for (position, lane) in lanes.iter().enumerate() {
            let lane = u8x16::new(*lane);
            // The two kinds of brackets differ in one bit.
            let folded = lane | u8x16::splat(0x20);
            let bits = |lane: u8x16| u64::from(lane.move_mask().cast_unsigned()) << (16 * position);
            masks.quotes |= bits(lane.cmp_eq(u8x16::splat(b'"')));
            masks.slashes |= bits(lane.cmp_eq(u8x16::splat(b'\\')));
            masks.opening |= bits(folded.cmp_eq(u8x16::splat(b'{')));
            masks.closing |= bits(folded.cmp_eq(u8x16::splat(b'}')));
        }
        masks
    }
}

/// For each bit, whether an odd number of bits is set up to it.
fn prefix_xor(bits: u64) -> u64 {
    [1, 2, 4, 8, 16, 32].into_iter().fold(bits, |bits, shift| bits ^ bits << shift)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same, byte by byte.
    fn plainly(bytes: &[u8]) -> Ends {
        let mut ends = Ends::default();
        let (mut depth, mut in_text, mut slash) = (0, false, false);
        for (position, byte) in bytes.iter().enumerate() {
            let escaped = std::mem::take(&mut slash);
            match byte {
                b'\\' => slash = !escaped,
                b'"' if !escaped => in_text = !in_text,
                b'{' | b'[' if !in_text => depth += 1,
                b'}' | b']' if !in_text => {
                    depth -= 1;
                    if depth == 0 {
                        ends.last = Some(position + 1);
                    } else if depth < 0 {
                        ends.list = Some(position);
                        return ends;
                    }
                }
                _ => {}
            }
        }
        ends
    }

    fn in_pieces(bytes: &[u8], length: usize) -> Ends {
        let mut scan = Scan::default();
        let mut ends = Ends::default();
        for (position, piece) in bytes.chunks(length).enumerate() {
            let start = position * length;
            let found = scan.go_on(piece);
            ends.last = found.last.map(|last| start + last).or(ends.last);
            if let Some(list) = found.list {
                ends.list = Some(start + list);
                break;
            }
        }
        ends
    }

    proptest! {
        #[test]
        fn ends_are_found_as_byte_by_byte(
            bytes in prop::collection::vec(prop::sample::select(&br#"{}[]"\a,: "#[..]), 0..400),
            length in 1_usize..200,
        ) {
            prop_assert_eq!(in_pieces(&bytes, length), plainly(&bytes));
        }
    }

    #[test]
    fn brackets_within_texts_end_nothing() {
        let list = br#"{"a":"}]\"}","b":[{}]} , {"c":"\\"},{"d":1}] x ]"#;
        let ends = Scan::default().go_on(list);
        assert_eq!((ends.last, ends.list), (Some(43), Some(43)));
    }
}
