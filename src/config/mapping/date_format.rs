//! How dates are written.

use std::fmt;

use chrono::format::{Item, Parsed, StrftimeItems, parse_and_remainder};
use chrono::{Datelike, FixedOffset, NaiveDate, TimeZone};

/// How dates are written: as text of a pattern, or as the day numbers of a spreadsheet.
#[derive(Debug, Clone, PartialEq)]
pub struct DateFormat {
    text: String,
    form: Form,
}

#[derive(Debug, Clone, PartialEq)]
enum Form {
    Pattern {
        items: Vec<Item<'static>>,
        /// Numbers follow each other with nothing between, so that each must have all of its digits.
        is_fixed: bool,
    },
    Serial,
}

/// Why a text is no date format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateFormatError {
    /// A part that is not known.
    #[error("`{0}` is not known in a date format")]
    Unknown(String),
    /// A date cannot be read back from it.
    #[error("a date format names day, month and year, each once")]
    Incomplete,
}

/// The word for the day numbers of a spreadsheet.
const SERIAL: &str = "excel";

/// The first and the last year that a date may have: others are misread.
const YEARS: std::ops::RangeInclusive<i32> = 1000..=9999;

impl DateFormat {
    /// The format that a text describes: with letters as in `DD.MM.YYYY` or `D MMM YYYY`, with the `%` parts of strftime as in
    /// `%d.%m.%Y`, or the word `excel`.
    ///
    /// # Errors
    ///
    /// Where a part is unknown, or day, month and year do not follow from it.
    pub fn new(text: &str) -> Result<Self, DateFormatError> {
        let text = text.trim().to_owned();
        if text.eq_ignore_ascii_case(SERIAL) {
            return Ok(Self { text, form: Form::Serial });
        }
        let pattern = if text.contains('%') { text.clone() } else { from_letters(&text)? };
        let items = StrftimeItems::new(&pattern).parse_to_owned();
        let items = items.map_err(|_| DateFormatError::Unknown(text.clone()))?;
        let is_fixed = items.windows(2).any(|pair| matches!(pair, [Item::Numeric(..), Item::Numeric(..)]));
        let format = Self { text, form: Form::Pattern { items, is_fixed } };
        if format.reads_back() { Ok(format) } else { Err(DateFormatError::Incomplete) }
    }

    /// The format as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether dates are the day numbers of a spreadsheet.
    pub fn is_serial(&self) -> bool {
        self.form == Form::Serial
    }

    /// The day that a text names; a time of day behind it, after a blank or `T`, is ignored. `None` where it is no date of this
    /// format, or its year has not four digits.
    pub fn parse(&self, text: &str) -> Option<NaiveDate> {
        let text = text.trim();
        match &self.form {
            Form::Serial => Self::from_serial(text.parse().ok()?),
            Form::Pattern { items, is_fixed } => {
                let mut parsed = Parsed::new();
                let rest = parse_and_remainder(&mut parsed, text, items.iter()).ok()?;
                let date = parsed.to_naive_date().ok().filter(|date| YEARS.contains(&date.year()))?;
                let taken = &text[..text.len() - rest.len()];
                let is_whole = !is_fixed || written(items, date).is_some_and(|text| text.len() == taken.len());
                (is_whole && is_time(rest)).then_some(date)
            }
        }
    }

    /// A day as text of this format; `None` where another day would be read from it.
    pub fn write(&self, day: NaiveDate) -> Option<String> {
        let text = match &self.form {
            Form::Serial => {
                let start = NaiveDate::from_ymd_opt(1899, 12, 30)?;
                (day - start).num_days().to_string()
            }
            Form::Pattern { items, .. } => written(items, day)?,
        };
        (self.parse(&text) == Some(day)).then_some(text)
    }

    /// The day of a day number as spreadsheets count them: 1 is 1900-01-01, 61 is 1900-03-01, and 60 is a day that never was. A
    /// fraction is the time of day, which is ignored. `None` beyond 1 to 2958465 (9999-12-31).
    pub fn from_serial(serial: f64) -> Option<NaiveDate> {
        if !(1.0..2_958_466.0).contains(&serial) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range has been checked")]
        let day = serial as u64;
        // The count has a 29 February 1900, so that days before it are one further from the end of the year.
        let start = match day {
            60 => return None,
            1..60 => NaiveDate::from_ymd_opt(1899, 12, 31),
            _ => NaiveDate::from_ymd_opt(1899, 12, 30),
        };
        start?.checked_add_days(chrono::Days::new(day))
    }

    /// Whether dates that are written in this format are read as they were.
    fn reads_back(&self) -> bool {
        let Form::Pattern { items, .. } = &self.form else { return true };
        // Each differs from the others in what a format may have left out.
        let days = [(2026, 3, 4), (2025, 11, 30), (2024, 2, 29)];
        days.into_iter().all(|(year, month, day)| {
            let date = NaiveDate::from_ymd_opt(year, month, day);
            date.is_some_and(|date| written(items, date).is_some_and(|text| self.parse(&text) == Some(date)))
        })
    }
}

impl fmt::Display for DateFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A day in a format; `None` where the format cannot be written.
fn written(items: &[Item<'_>], date: NaiveDate) -> Option<String> {
    use fmt::Write;
    let noon = FixedOffset::east_opt(0)?.from_local_datetime(&date.and_hms_opt(12, 0, 0)?).single()?;
    let mut text = String::new();
    write!(text, "{}", noon.format_with_items(items.iter())).ok()?;
    Some(text)
}

/// Whether what stands behind a date is a time of day, or nothing.
fn is_time(rest: &str) -> bool {
    let rest = rest.trim_end();
    let Some(time) = rest.strip_prefix([' ', 'T', 't', '\u{a0}']) else { return rest.is_empty() };
    time.trim_start().starts_with(|first: char| first.is_ascii_digit())
}

/// The strftime pattern of a format in letters, such as `DD.MM.YYYY`.
fn from_letters(text: &str) -> Result<String, DateFormatError> {
    let mut pattern = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if !first.is_alphabetic() {
            pattern.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let end = rest.find(|other: char| !other.eq_ignore_ascii_case(&first)).unwrap_or(rest.len());
        let (letters, behind) = rest.split_at(end);
        pattern.push_str(match letters.to_ascii_uppercase().as_str() {
            "YYYY" => "%Y",
            "YY" => "%y",
            "MMMM" => "%B",
            "MMM" => "%b",
            "MM" | "M" => "%m",
            "DD" | "D" => "%d",
            _ => return Err(DateFormatError::Unknown(letters.to_owned())),
        });
        rest = behind;
    }
    Ok(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_by_their_format() {
        for (format, text, date) in [
            ("DD.MM.YYYY", "04.03.2026", Some("2026-03-04")),
            ("DD.MM.YYYY", " 4.3.2026 ", Some("2026-03-04")),
            ("dd.mm.yyyy", "04.03.2026 14:30", Some("2026-03-04")),
            ("DD.MM.YYYY", "04.03.2026T14:30:00Z", Some("2026-03-04")),
            ("DD.MM.YYYY", "04.03.2026 soon", None),
            ("DD.MM.YYYY", "04.03.2026x", None),
            ("DD.MM.YYYY", "04.03.26", None),
            ("DD.MM.YYYY", "04.03.20260", None),
            ("DD.MM.YYYY", "04/03/2026", None),
            ("DD.MM.YYYY", "31.02.2026", None),
            ("DD.MM.YYYY", "", None),
            ("MM/DD/YYYY", "3/4/2026 3:15 PM", Some("2026-03-04")),
            ("MM/DD/YYYY", "13/4/2026", None),
            ("DD/MM/YY", "04/03/26", Some("2026-03-04")),
            ("YYYYMMDD", "20260304", Some("2026-03-04")),
            ("YYYYMMDD", "2026034", None),
            ("YYYYMMDD", "202603041", None),
            ("D MMM YYYY", "4 Mar 2026", Some("2026-03-04")),
            ("D MMM YYYY", "04 mar 2026", Some("2026-03-04")),
            ("D MMMM YYYY", "4 March 2026", Some("2026-03-04")),
            ("MMM D, YYYY", "Mar 4, 2026", Some("2026-03-04")),
            ("%d.%m.%Y", "04.03.2026", Some("2026-03-04")),
            ("%d.%m.%Y %H:%M", "04.03.2026 14:30", Some("2026-03-04")),
            ("%Y%m%d%H%M%S", "20260304143000", Some("2026-03-04")),
            ("%Y%m%d%H%M%S", "2026034143000", None),
            ("%Y-%m-%dT%H:%M:%S%z", "2026-03-04T14:30:00+0200", Some("2026-03-04")),
            ("excel", "46085", Some("2026-03-04")),
            ("Excel", "46085.75", Some("2026-03-04")),
            ("excel", "04.03.2026", None),
        ] {
            let read = DateFormat::new(format).expect(format).parse(text);
            assert_eq!(read.map(|date| date.to_string()).as_deref(), date, "{text:?} as {format}");
        }
    }

    #[test]
    fn formats_without_a_whole_date_are_refused() {
        let unknown = |part: &str| DateFormatError::Unknown(part.to_owned());
        for (format, error) in [
            ("DD.MM.YYY", unknown("YYY")),
            ("DD.MM.YYYY HH:mm", unknown("HH")),
            ("German", unknown("G")),
            ("%d.%Q", unknown("%d.%Q")),
            ("%", unknown("%")),
            ("DD.MM", DateFormatError::Incomplete),
            ("%H:%M", DateFormatError::Incomplete),
            ("YYYY", DateFormatError::Incomplete),
            ("DD.DD.YYYY", DateFormatError::Incomplete),
            ("2026", DateFormatError::Incomplete),
            ("", DateFormatError::Incomplete),
        ] {
            assert_eq!(DateFormat::new(format), Err(error), "{format}");
        }
    }

    #[test]
    fn days_are_written_where_they_are_read_back() {
        for (format, day, text) in [
            ("DD.MM.YYYY", (2026, 3, 4), Some("04.03.2026")),
            ("MM/DD/YY", (2026, 3, 4), Some("03/04/26")),
            ("MM/DD/YY", (1950, 3, 4), None),
            ("excel", (2026, 12, 31), Some("46387")),
            ("excel", (1900, 3, 1), Some("61")),
            ("excel", (1900, 2, 28), None),
        ] {
            let (year, month, of_month) = day;
            let date = NaiveDate::from_ymd_opt(year, month, of_month).expect("a date");
            let written = DateFormat::new(format).expect("a format").write(date);
            assert_eq!(written.as_deref(), text, "{format} {day:?}");
        }
    }

    #[test]
    fn day_numbers_are_those_of_spreadsheets() {
        for (serial, date) in [
            (0.0, None),
            (0.999, None),
            (1.0, Some("1900-01-01")),
            (59.0, Some("1900-02-28")),
            (60.0, None),
            (61.0, Some("1900-03-01")),
            (61.999, Some("1900-03-01")),
            (2_958_465.999, Some("9999-12-31")),
            (2_958_466.0, None),
            (f64::NAN, None),
            (f64::INFINITY, None),
            (-1.0, None),
        ] {
            let read = DateFormat::from_serial(serial).map(|date| date.to_string());
            assert_eq!(read.as_deref(), date, "{serial}");
        }
    }
}
