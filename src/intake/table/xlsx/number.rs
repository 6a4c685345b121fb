//! What a cell's number format makes of its number.

use chrono::{Days, NaiveDate};

/// What numbers of a format stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Form {
    #[default]
    Plain,
    Percent,
    /// A day, with or without a time.
    Date,
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
        let mut characters = code.chars();
        let (mut days, mut months, mut clock) = (false, false, false);
        while let Some(character) = characters.next() {
            match character {
                // The next character is shown as it is, or only makes room.
                '\\' | '_' | '*' => _ = characters.next(),
                '"' => _ = characters.find(|c| *c == '"'),
                '[' => {
                    let inner: String = characters.by_ref().take_while(|c| *c != ']').collect();
                    clock |= matches!(inner.chars().next(), Some('h' | 'H' | 'm' | 'M' | 's' | 'S'))
                        && inner.chars().all(|c| matches!(c, 'h' | 'H' | 'm' | 'M' | 's' | 'S'));
                }
                '%' => return Self::Percent,
                'd' | 'D' | 'y' | 'Y' => days = true,
                'm' | 'M' => months = true,
                'h' | 'H' | 's' | 'S' => clock = true,
                // Negative numbers, zero and text have sections of their own.
                ';' => break,
                _ => {}
            }
        }
        if days || months && !clock { Self::Date } else { Self::Plain }
    }
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
