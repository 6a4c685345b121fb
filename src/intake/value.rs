//! One scalar of the input, as the kind of value that a field wants.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::date::date;

/// A scalar as a format hands it over; what is absent is not handed over at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scalar<'a> {
    Flag(bool),
    Whole(i64),
    Natural(u64),
    Real(f64),
    Text(&'a str),
    /// A calendar day, from a format that has days.
    Day(NaiveDate),
}

impl Scalar<'_> {
    /// The number, also where it stands in text; `None` where it is none, or not finite.
    pub fn number(self) -> Option<f64> {
        let number = match self {
            Self::Whole(number) => number as f64,
            Self::Natural(number) => number as f64,
            Self::Real(number) => number,
            Self::Text(text) => number(text)?,
            Self::Flag(_) | Self::Day(_) => return None,
        };
        // Negative zero becomes zero.
        number.is_finite().then_some(number + 0.0)
    }

    /// The calendar day, also where it stands in text as a date or a date with a time of day.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Self::Text(text) => date(text),
            Self::Day(day) => Some(day),
            _ => None,
        }
    }

    /// Yes or no: true and false, 1 and 0, and the texts of these and of yes and no, case ignored.
    pub fn flag(self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(flag),
            Self::Text(text) => {
                let is = |words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
                if is(["true", "yes", "1"]) { Some(true) } else { is(["false", "no", "0"]).then_some(false) }
            }
            _ => match self.number()? {
                1.0 => Some(true),
                0.0 => Some(false),
                _ => None,
            },
        }
    }
}

impl<'a> Scalar<'a> {
    /// The text that it is, or as which it is written; `None` of a fraction, of which only the text of the record gives the digits.
    pub fn written(self) -> Option<Cow<'a, str>> {
        Some(match self {
            Self::Text(text) => text.into(),
            Self::Natural(number) => number.to_string().into(),
            Self::Whole(number) => number.to_string().into(),
            Self::Flag(flag) => flag.to_string().into(),
            Self::Day(day) => day.to_string().into(),
            Self::Real(_) => return None,
        })
    }
}

/// The finite decimal number that a text is, blanks around it ignored.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let decimal = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    if decimal { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_text_too() {
        for (scalar, number) in [
            (Scalar::Whole(-3), Some(-3.0)),
            (Scalar::Natural(u64::MAX), Some(18_446_744_073_709_551_615.0)),
            (Scalar::Real(0.1), Some(0.1)),
            (Scalar::Real(f64::NAN), None),
            (Scalar::Flag(true), None),
            (Scalar::Text("85"), Some(85.0)),
            (Scalar::Text(" 85\t"), Some(85.0)),
            (Scalar::Text("1e3"), Some(1000.0)),
            (Scalar::Text("-0.5"), Some(-0.5)),
            (Scalar::Text("1e999"), None),
            (Scalar::Text("12k"), None),
            (Scalar::Text("1,5"), None),
            (Scalar::Text("0x10"), None),
            (Scalar::Text(""), None),
            (Scalar::Text("e"), None),
            (Scalar::Text("NaN"), None),
            (Scalar::Text("inf"), None),
            (Scalar::Text("-Infinity"), None),
        ] {
            assert_eq!(scalar.number(), number, "{scalar:?}");
        }
        assert!(Scalar::Real(-0.0).number().is_some_and(f64::is_sign_positive));
    }

    #[test]
    fn flags_are_few() {
        for (scalar, flag) in [
            (Scalar::Flag(true), Some(true)),
            (Scalar::Natural(1), Some(true)),
            (Scalar::Natural(0), Some(false)),
            (Scalar::Real(1.0), Some(true)),
            (Scalar::Natural(2), None),
            (Scalar::Whole(-1), None),
            (Scalar::Text("YES"), Some(true)),
            (Scalar::Text("No"), Some(false)),
            (Scalar::Text("True"), Some(true)),
            (Scalar::Text("FALSE"), Some(false)),
            (Scalar::Text("1"), Some(true)),
            (Scalar::Text("0"), Some(false)),
            (Scalar::Text("on"), None),
            (Scalar::Text("y"), None),
            (Scalar::Text("1.0"), None),
            (Scalar::Text(""), None),
        ] {
            assert_eq!(scalar.flag(), flag, "{scalar:?}");
        }
    }
}
