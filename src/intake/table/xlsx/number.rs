//! What a cell's number format makes of its number.

use chrono::{Days, NaiveDate};

use super::super::spelling::currency_named;

/// What numbers of a format stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Form {
    #[default]
    Plain,
    Percent,
    /// A day, with or without a time.
    Date,
    /// An amount of a currency.
    Money(&'static str),
    /// Whole numbers, shown with zeros before them up to so many digits.
    Padded(u8),
}

/// The day that is number 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Epoch {
    /// Of Excel as it is.
    Y1900,
    /// Of workbooks that began on an old Macintosh.
    Y1904,
}

impl Form {
    /// What a format that is built in stands for.
    pub fn built_in(id: u32) -> Self {
        match id {
            9 | 10 => Self::Percent,
            // 27 to 36 and 50 to 58 are dates in the languages of East Asia; 32 and 33 are times.
            14..=17 | 22 | 27..=31 | 34..=36 | 50..=58 => Self::Date,
            _ => Self::Plain,
        }
    }

    /// What a format code such as `0.0%` or `dd/mm/yyyy` stands for. Times of day and durations, such as `[h]:mm`, are plain: their
    /// numbers count days.
    pub fn of_code(code: &str) -> Self {
        if code.len() > 1 && code.bytes().all(|byte| byte == b'0') {
            return u8::try_from(code.len()).map_or(Self::Plain, Self::Padded);
        }
        let mut characters = code.chars();
        // What stands beside the digits, up to the next of them.
        let (mut beside, mut currency) = (String::new(), None);
        let (mut days, mut months, mut clock) = (false, false, false);
        while let Some(character) = characters.next() {
            match character {
                // The next character is shown as it is, or only makes room.
                '\\' => beside.extend(characters.next()),
                '_' | '*' => _ = characters.next(),
                '"' => beside.extend(characters.by_ref().take_while(|c| *c != '"')),
                '[' => {
                    let inner: String = characters.by_ref().take_while(|c| *c != ']').collect();
                    if let Some(sign) = inner.strip_prefix('$') {
                        beside.push_str(sign.split('-').next().unwrap_or_default());
                    }
                    clock |= matches!(inner.chars().next(), Some('h' | 'H' | 'm' | 'M' | 's' | 'S'))
                        && inner.chars().all(|c| matches!(c, 'h' | 'H' | 'm' | 'M' | 's' | 'S'));
                }
                '%' => return Self::Percent,
                'd' | 'D' | 'y' | 'Y' => days = true,
                'm' | 'M' => months = true,
                'h' | 'H' | 's' | 'S' => clock = true,
                // Negative numbers, zero and text have sections of their own.
                ';' => break,
                '#' | '0' | '?' | '.' | ',' => {
                    currency = currency.or(currency_named(beside.trim()));
                    beside.clear();
                }
                other => beside.push(other),
            }
        }
        if days || months && !clock {
            return Self::Date;
        }
        currency.or(currency_named(beside.trim())).map_or(Self::Plain, Self::Money)
    }
}

/// A number with zeros before it up to so many digits; `None` where it is shown as it is.
pub(super) fn padded(number: f64, digits: u8) -> Option<String> {
    /// Up to here a spreadsheet knows each digit.
    const MOST: f64 = 1e15;
    let whole = (0.0..MOST).contains(&number) && number.fract() == 0.0;
    // Adding nothing makes −0 a 0.
    let text = if whole { (number + 0.0).to_string() } else { return None };
    (text.len() < usize::from(digits)).then(|| format!("{text:0>width$}", width = usize::from(digits)))
}

/// The day of a serial number; `None` where it is none: a time without a day, or beyond the calendar of Excel.
pub(super) fn date(serial: f64, epoch: Epoch) -> Option<NaiveDate> {
    /// The last day of the year 9999, with the epoch 1900.
    const LAST: f64 = 2_958_465.0;
    // Half a millisecond: times are that exact, and the last one of a day must not fall short of midnight.
    let days = (serial + 0.5 / 86_400_000.0).floor();
    let (first, base) = match epoch {
        Epoch::Y1904 => (0.0, NaiveDate::from_ymd_opt(1904, 1, 1)?),
        // Excel takes 1900 for a leap year, and counts a day too many from March 1900 on.
        Epoch::Y1900 if days < 60.0 => (1.0, NaiveDate::from_ymd_opt(1899, 12, 31)?),
        Epoch::Y1900 => (1.0, NaiveDate::from_ymd_opt(1899, 12, 30)?),
    };
    if !(first..=LAST).contains(&days) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number between 0 and LAST")]
    base.checked_add_days(Days::new(days as u64))
}
