//! The numbers of a column, as spreadsheets give them.
//!
//! `$120,000`, `120.000,50 €`, `85%`, `(1,200)` and `1.2M` are numbers. Which of `.` and `,` stands before decimals may follow
//! from the number itself (`1,234.5`), from the mapping, or from nothing: then `.` does, unless the column speaks for grouping. A
//! number that could be read two ways in its column is never guessed.

use super::spelling::{Body, Spelled, plain};
use crate::config::mapping::Decimal;

/// A number as its cell spells it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    pub value: f64,
    /// Whether a percent sign follows; 85 % has the value 85.
    pub is_percent: bool,
    /// The currency that is named, by its code, or `$` where it is a dollar of some country.
    pub currency: Option<&'static str>,
}

/// Why a text is not taken as a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum NoNumber {
    /// It is none.
    Text,
    /// It can be read in two ways: with `.` before decimals, and with `,`.
    TwoReadings {
        point: f64,
        comma: f64,
        /// What else in the column speaks for grouping.
        beside: String,
    },
    /// Others in the column have the other sign before decimals: one of them.
    Mixed(String),
}

/// What the numbers of a column have shown of the way they are written.
#[derive(Debug, Clone, Default)]
pub(super) struct Writing {
    declared: Option<Decimal>,
    /// A number with grouping, or with a currency.
    grouping: Option<String>,
    /// Numbers that can only be read with this sign before decimals.
    point: Option<String>,
    comma: Option<String>,
    /// A number such as `12.345` that was taken as having decimals.
    taken_as_decimal: Option<Taken>,
    /// A number such as `12,345` that was taken as grouped.
    taken_as_grouped: Option<Taken>,
}

/// A number that was taken one way although there is another.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Taken {
    pub text: String,
    pub line: u64,
    pub point: f64,
    pub comma: f64,
}

impl Writing {
    /// A column in which this sign stands before decimals.
    pub fn declared(decimal: Option<Decimal>) -> Self {
        Self { declared: decimal, ..Self::default() }
    }

    /// Whether a comma stands before decimals.
    pub fn has_comma(&self) -> bool {
        self.declared.map_or(self.comma.is_some(), |declared| declared == Decimal::Comma)
    }

    /// Reads the number in a cell of a line.
    pub fn read(&mut self, text: &str, line: u64) -> Result<Number, NoNumber> {
        // Most numbers are plain digits, with or without a point.
        if let Some((value, has_point)) = plain(text)
            && !(has_point && (self.declared == Some(Decimal::Comma) || self.comma.is_some()))
        {
            if has_point {
                note(&mut self.point, text);
            }
            return Ok(Number { value, is_percent: false, currency: None });
        }
        let spelled = Spelled::of(text).ok_or(NoNumber::Text)?;
        let value = self.value(&spelled, text, line)?;
        if !value.is_finite() {
            return Err(NoNumber::Text);
        }
        let signed = if spelled.is_negative { -value } else { value };
        Ok(Number { value: signed + 0.0, is_percent: spelled.is_percent, currency: spelled.currency })
    }

    /// A number that was taken as having decimals where all numbers with a point could be grouped.
    pub fn doubtful(&self) -> Option<&Taken> {
        self.taken_as_decimal.as_ref().filter(|_| self.point.is_none() && self.declared.is_none())
    }

    /// The number that was taken one way before the column spoke for the other.
    pub fn contradicted(&mut self) -> Option<(Taken, String)> {
        let against_decimal = self.grouping.as_ref().or(self.comma.as_ref());
        if let (Some(taken), Some(other)) = (&self.taken_as_decimal, against_decimal) {
            let found = (taken.clone(), other.clone());
            self.taken_as_decimal = None;
            return Some(found);
        }
        if let (Some(taken), Some(other)) = (&self.taken_as_grouped, &self.comma) {
            let found = (taken.clone(), other.clone());
            self.taken_as_grouped = None;
            return Some(found);
        }
        None
    }

    /// Adds what the numbers of rows behind these have shown; false where some of them would have been read in another way behind these.
    pub fn join(&mut self, behind: &Self) -> bool {
        let fits = match (behind.point.is_some(), behind.comma.is_some()) {
            (point, comma) if point && self.comma.is_some() || comma && self.point.is_some() => false,
            _ if behind.taken_as_decimal.is_some() => self.grouping.is_none() && self.comma.is_none(),
            _ if behind.taken_as_grouped.is_some() => self.comma.is_none(),
            _ => true,
        };
        if fits {
            let Self { declared: _, grouping, point, comma, taken_as_decimal, taken_as_grouped } = behind;
            for (own, other) in [(&mut self.grouping, grouping), (&mut self.point, point), (&mut self.comma, comma)] {
                if own.is_none() {
                    own.clone_from(other);
                }
            }
            for (own, other) in
                [(&mut self.taken_as_decimal, taken_as_decimal), (&mut self.taken_as_grouped, taken_as_grouped)]
            {
                if own.is_none() {
                    own.clone_from(other);
                }
            }
        }
        fits
    }

    fn value(&mut self, spelled: &Spelled<'_>, text: &str, line: u64) -> Result<f64, NoNumber> {
        let body = Body::of(spelled.body).ok_or(NoNumber::Text)?;
        let scale = |number: f64| number * spelled.factor;
        if spelled.currency.is_some() {
            note(&mut self.grouping, text);
        }
        match (body, self.declared) {
            (Body::Whole(value), _) => Ok(scale(value)),
            (Body::Grouped { value, sign }, declared) => {
                if sign.is_some_and(|sign| declared.is_some_and(|declared| declared != sign)) {
                    return Err(NoNumber::Text);
                }
                self.note_sign(sign, text)?;
                note(&mut self.grouping, text);
                Ok(scale(value))
            }
            (Body::Decimals { value, sign }, declared) => {
                if declared.is_some_and(|declared| declared != sign) {
                    return Err(NoNumber::Text);
                }
                self.note_sign(Some(sign), text)?;
                Ok(scale(value))
            }
            (Body::Either { point, .. }, Some(Decimal::Point)) => Ok(scale(point)),
            (Body::Either { comma, .. }, Some(Decimal::Comma)) => Ok(scale(comma)),
            (Body::Either { point, comma, is_point }, None) => {
                let (point, comma) = (scale(point), scale(comma));
                let grouping = if is_point { self.grouping.as_ref() } else { None };
                let against = grouping.or(self.comma.as_ref());
                let itself = (is_point && spelled.currency.is_some()).then(|| text.to_owned());
                if let Some(beside) = against.cloned().or(itself) {
                    return Err(NoNumber::TwoReadings { point, comma, beside });
                }
                let taken = Taken { text: text.to_owned(), line, point, comma };
                if is_point {
                    self.taken_as_decimal.get_or_insert(taken);
                } else {
                    self.taken_as_grouped.get_or_insert(taken);
                    note(&mut self.grouping, text);
                }
                Ok(point)
            }
        }
    }

    /// Notes which sign stands before decimals in a number that leaves no doubt.
    fn note_sign(&mut self, sign: Option<Decimal>, text: &str) -> Result<(), NoNumber> {
        if self.declared.is_some() {
            return Ok(());
        }
        let (own, other) = match sign {
            Some(Decimal::Point) => (&mut self.point, &self.comma),
            Some(Decimal::Comma) => (&mut self.comma, &self.point),
            None => return Ok(()),
        };
        if let Some(other) = other {
            return Err(NoNumber::Mixed(other.clone()));
        }
        note(own, text);
        Ok(())
    }
}

fn note(place: &mut Option<String>, text: &str) {
    if place.is_none() {
        *place = Some(text.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<f64, NoNumber> {
        Writing::default().read(text, 1).map(|number| number.value)
    }

    #[test]
    fn numbers_are_read_as_spreadsheets_write_them() {
        for (text, value, currency, is_percent) in [
            ("0", 0.0, None, false),
            ("-0", 0.0, None, false),
            ("12", 12.0, None, false),
            ("12.5", 12.5, None, false),
            ("12,5", 12.5, None, false),
            (".5", 0.5, None, false),
            ("5.", 5.0, None, false),
            ("0.123", 0.123, None, false),
            ("0,123", 0.123, None, false),
            ("1234.567", 1234.567, None, false),
            ("12.345", 12.345, None, false),
            ("12,345", 12_345.0, None, false),
            ("$120,000", 120_000.0, Some("$"), false),
            ("120.000,50 €", 120_000.5, Some("EUR"), false),
            ("1.234.567", 1_234_567.0, None, false),
            ("1,234,567.89", 1_234_567.89, None, false),
            ("1 234 567,89", 1_234_567.89, None, false),
            ("1\u{a0}234", 1234.0, None, false),
            ("1'234.50 CHF", 1234.5, Some("CHF"), false),
            ("12,34,567", 1_234_567.0, None, false),
            ("₹12,34,567.00", 1_234_567.0, Some("INR"), false),
            ("85%", 85.0, None, true),
            ("8,5 %", 8.5, None, true),
            ("(1,200)", -1200.0, None, false),
            ("($1,200.50)", -1200.5, Some("$"), false),
            ("-$5", -5.0, Some("$"), false),
            ("$-5", -5.0, Some("$"), false),
            ("\u{2212}5", -5.0, None, false),
            ("+5", 5.0, None, false),
            ("1.2M", 1_200_000.0, None, false),
            ("€ 1.2 m", 1_200_000.0, Some("EUR"), false),
            ("12k", 12_000.0, None, false),
            ("1.5bn USD", 1_500_000_000.0, Some("USD"), false),
            ("USD 120000", 120_000.0, Some("USD"), false),
            ("US$3", 3.0, Some("USD"), false),
            ("1e3", 1000.0, None, false),
            ("1.5E-2", 0.015, None, false),
            ("  7  ", 7.0, None, false),
        ] {
            let number = Writing::default().read(text, 1);
            assert_eq!(number, Ok(Number { value, is_percent, currency }), "{text}");
        }
    }

    #[test]
    fn other_text_is_no_number() {
        for text in [
            "",
            " ",
            "-",
            "%",
            "$",
            "()",
            "(5",
            "5)",
            "--5",
            "(-5)",
            "5%%",
            "$5$",
            "k",
            "1.2.3",
            "1,2,3",
            "1,23,45",
            "12,34.5.6",
            "1.234,567.8",
            "1,,000",
            "1..5",
            ".",
            ",",
            "1e",
            "e5",
            "1e999",
            "0x10",
            "NaN",
            "inf",
            "12 apples",
            "1/2",
            "5 k%",
            "１２",
            "1_000",
            "12kk",
            "1.2M€x",
            "1 23",
            "1234 567",
            ",,5",
        ] {
            assert_eq!(read(text), Err(NoNumber::Text), "{text}");
        }
    }

    #[test]
    fn a_number_that_can_be_read_two_ways_in_its_column_is_refused() {
        for (column, refused, beside) in [
            (&["12.345"][..], None, ""),
            (&["12.345", "12.5", "7"], None, ""),
            (&["12,345", "1,234.5"], None, ""),
            (&["120,000", "12.345"], Some(1), "120,000"),
            (&["1.234,50", "12.345"], Some(1), "1.234,50"),
            (&["1,234.50", "12.345"], Some(1), "1,234.50"),
            (&["$5", "12.345"], Some(1), "$5"),
            (&["$12.345"], Some(0), "$12.345"),
            (&["12,5", "12,345"], Some(1), "12,5"),
            (&["12,5", "12.345"], Some(1), "12,5"),
            (&["1 000", "12.345"], Some(1), "1 000"),
        ] {
            let mut writing = Writing::default();
            for (position, text) in column.iter().enumerate() {
                let number = writing.read(text, 1);
                match refused {
                    Some(at) if at == position => {
                        let Err(NoNumber::TwoReadings { point, comma, beside: found }) = number else {
                            panic!("{column:?}: {number:?}")
                        };
                        let digits = text.trim_start_matches('$');
                        let readings = if digits.contains('.') { (12.345, 12_345.0) } else { (12_345.0, 12.345) };
                        assert_eq!(((point, comma), found.as_str()), (readings, beside), "{column:?}");
                    }
                    _ => assert!(number.is_ok(), "{column:?}: {text}"),
                }
            }
            assert_eq!(writing.contradicted(), None, "{column:?}");
        }
    }

    #[test]
    fn a_number_that_was_taken_one_way_is_told_when_the_column_speaks_for_the_other() {
        for (column, taken) in [
            (&["12.345", "1,234.50"][..], Some("12.345")),
            (&["12.345", "$5"], Some("12.345")),
            (&["12.345", "120,000"], Some("12.345")),
            (&["12,345", "12,5"], Some("12,345")),
            (&["12,345", "1.234,50"], Some("12,345")),
            (&["12,345", "12.5"], None),
            (&["12.345", "12.5"], None),
            (&["1234.567", "1,000"], None),
        ] {
            let mut writing = Writing::default();
            for (line, text) in (1..).zip(column) {
                assert!(writing.read(text, line).is_ok(), "{column:?}: {text}");
            }
            let found = writing.contradicted();
            assert_eq!(found.as_ref().map(|(found, _)| found.text.as_str()), taken, "{column:?}");
            assert_eq!(writing.contradicted(), None, "{column:?}");
        }
    }

    #[test]
    fn a_column_in_which_all_points_may_group_is_doubtful() {
        for (column, doubtful) in [
            (&["120.000", "85.000"][..], true),
            (&["12.345"], true),
            (&["12.345", "7"], true),
            (&["12.345", "7.5"], false),
            (&["0.345"], false),
            (&["120", "85"], false),
        ] {
            let mut writing = Writing::default();
            for text in column {
                assert!(writing.read(text, 1).is_ok());
            }
            assert_eq!(writing.doubtful().is_some(), doubtful, "{column:?}");
        }
    }

    #[test]
    fn a_column_has_one_sign_before_decimals() {
        for (first, second) in
            [("12.5", "12,5"), ("12,5", "1,234.5"), ("12,5", "12.5"), ("1.234,5", "12.55"), ("0,123", "0.5")]
        {
            let mut writing = Writing::default();
            assert!(writing.read(first, 1).is_ok());
            assert_eq!(writing.read(second, 2), Err(NoNumber::Mixed(first.to_owned())), "{first} {second}");
        }
    }

    #[test]
    fn what_the_mapping_declares_decides() {
        for (decimal, text, value) in [
            (Decimal::Comma, "12.345", Some(12_345.0)),
            (Decimal::Comma, "12,345", Some(12.345)),
            (Decimal::Comma, "1.234,5", Some(1234.5)),
            (Decimal::Comma, "1,234.5", None),
            (Decimal::Comma, "12.5", None),
            (Decimal::Comma, "7", Some(7.0)),
            (Decimal::Point, "12.345", Some(12.345)),
            (Decimal::Point, "$12.345", Some(12.345)),
            (Decimal::Point, "12,345", Some(12_345.0)),
            (Decimal::Point, "12,5", None),
            (Decimal::Point, "1.234,5", None),
        ] {
            let mut writing = Writing::declared(Some(decimal));
            assert!(writing.read("1 000", 1).is_ok());
            assert_eq!(writing.read(text, 1).ok().map(|number| number.value), value, "{decimal:?} {text}");
        }
    }

    proptest! {
        #[test]
        fn plain_digits_are_read_to_the_last_digit(number in -1e12..1e12_f64, decimals in 0..6_usize) {
            let text = format!("{number:.decimals$}");
            let expected = text.parse::<f64>().expect("digits") + 0.0;
            prop_assert_eq!(read(&text), Ok(expected));
        }

        #[test]
        fn no_text_panics(text in "[-+0-9.,' $€%()kKmMbBeE\u{a0}]{0,12}") {
            let mut writing = Writing::default();
            for line in 1..3 {
                if let Ok(number) = writing.read(&text, line) {
                    prop_assert!(number.value.is_finite());
                }
            }
            writing.contradicted();
        }
    }
}
