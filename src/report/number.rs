//! Numbers within sentences.

use std::fmt;

/// Shows a number with at most two decimals, ties to even, and no trailing zeros.
#[derive(Debug, Clone, Copy)]
pub struct ShortNumber(pub f64);

impl fmt::Display for ShortNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Most figures have at most two decimals already, and integers are shown many times faster than floats.
        if let Some(hundredths) = whole_hundredths(self.0) {
            return write_hundredths(hundredths, f);
        }
        let text = format!("{:.2}", self.0);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        f.write_str(if text == "-0" { "0" } else { text })
    }
}

/// Writes a count of hundredths in one piece: what takes pieces of text does more for each of them than there is to do here.
fn write_hundredths(hundredths: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut whole = itoa::Buffer::new();
    let whole = whole.format(hundredths.unsigned_abs() / 100);
    let rest = (hundredths.unsigned_abs() % 100) as u8;
    let sign = if hundredths < 0 { "-" } else { "" };
    let (tenth, hundredth) = (b'0' + rest / 10, b'0' + rest % 10);
    let decimals = match (tenth, hundredth) {
        (b'0', b'0') if hundredths >= 0 => return f.write_str(whole),
        (b'0', b'0') => &[][..],
        (_, b'0') => &[b'.', tenth],
        _ => &[b'.', tenth, hundredth],
    };
    // A sign, 20 digits at most, a point and two decimals.
    let mut text = [0; 24];
    let mut end = 0;
    for piece in [sign.as_bytes(), whole.as_bytes(), decimals] {
        text[end..end + piece.len()].copy_from_slice(piece);
        end += piece.len();
    }
    f.write_str(str::from_utf8(&text[..end]).map_err(|_| fmt::Error)?)
}

/// A number as hundredths, where it is the double nearest to a whole count of them.
fn whole_hundredths(number: f64) -> Option<i64> {
    // Rounds to the nearest by a cast, which is much cheaper than a call of `round`.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float cast saturates, and what does not come back is refused"
    )]
    let hundredths = (number * 100.0 + 0.5_f64.copysign(number)) as i64;
    (hundredths.unsigned_abs() < 1 << 40 && hundredths as f64 / 100.0 == number).then_some(hundredths)
}

/// A number with at most two decimals, ties to even, and no trailing zeros.
pub fn short_number(number: f64) -> String {
    ShortNumber(number).to_string()
}

/// A difference of scores with its sign, one decimal.
pub fn signed(difference: f64) -> String {
    let shown = format!("{difference:+.1}");
    if matches!(shown.as_str(), "+0.0" | "-0.0") { "±0.0".to_owned() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (-0.001, "0"),
            (12.0, "12"),
            (0.125, "0.12"),
            (0.30, "0.3"),
            (0.07, "0.07"),
            (-0.05, "-0.05"),
            (1234.5, "1234.5"),
            (-4.0, "-4"),
            (10_995_116_277.75, "10995116277.75"),
            (-10_995_116_277.76, "-10995116277.76"),
            (1e12 + 0.25, "1000000000000.25"),
            (1e21, "1000000000000000000000"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(short_number(number), text);
        }
    }
    #[test]
    fn differences_have_a_sign() {
        for (difference, shown) in [(0.0, "±0.0"), (-0.04, "±0.0"), (0.05, "+0.1"), (-3.25, "-3.2"), (12.0, "+12.0")]
        {
            assert_eq!(signed(difference), shown);
        }
    }
}
