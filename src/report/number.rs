//! Numbers within sentences.

use std::fmt;

use crate::engine::{Hundredths, whole_hundredths};

/// Shows a number with at most two decimals, ties to even, and no trailing zeros.
#[derive(Debug, Clone, Copy)]
pub struct ShortNumber(pub f64);

impl ShortNumber {
    /// Puts the number behind a text.
    pub fn push_to(self, out: &mut String) {
        // Most figures have at most two decimals already, and integers are shown many times faster than floats.
        let Some(hundredths) = whole_hundredths(self.0) else {
            let text = format!("{:.2}", self.0);
            let text = text.trim_end_matches('0').trim_end_matches('.');
            return out.push_str(if text == "-0" { "0" } else { text });
        };
        if hundredths < 0 {
            out.push('-');
        }
        let size = hundredths.unsigned_abs();
        let mut buffer = itoa::Buffer::new();
        out.push_str(buffer.format(size / 100));
        let rest = size % 100;
        if rest > 0 {
            out.push('.');
            // With a digit before them, so that there are always two.
            out.push_str(buffer.format(100 + rest)[1..].trim_end_matches('0'));
        }
    }
}

impl fmt::Display for ShortNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.push_to(&mut text);
        f.write_str(&text)
    }
}

/// A number with at most two decimals, ties to even, and no trailing zeros.
pub fn short_number(number: f64) -> String {
    let mut text = String::new();
    ShortNumber(number).push_to(&mut text);
    text
}

/// A difference of scores with its sign, one decimal.
pub fn signed(difference: f64) -> String {
    let shown = format!("{difference:+.1}");
    if matches!(shown.as_str(), "+0.0" | "-0.0") { "±0.0".to_owned() } else { shown }
}

/// Points that something moved, with their sign, two decimals.
pub(super) fn signed_hundredths(points: Hundredths) -> String {
    if points.0 == 0 { "±0.00".to_owned() } else { format!("{:+.2}", points.points()) }
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
        for (points, shown) in [(0, "±0.00"), (5, "+0.05"), (-5, "-0.05"), (-630, "-6.30"), (10_000, "+100.00")] {
            assert_eq!(signed_hundredths(Hundredths(points)), shown);
        }
    }
}
