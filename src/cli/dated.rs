//! The day that a file is of.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::Failure;
use super::input::{self, Input};
use crate::render::Clean;

/// The day of a portfolio: the one that is asked for, else the one in its name, else the `snapshot_date` that all its records have. `None`
/// where nothing tells it; standard input is not looked at.
pub fn day_of(input: &Input<'_>, path: &Path, asked_for: Option<NaiveDate>) -> Result<Option<NaiveDate>, Failure> {
    let named = || date_in_name(&path.file_name()?.to_string_lossy());
    if let Some(day) = asked_for.or_else(named) {
        return Ok(Some(day));
    }
    if path == Path::new("-") {
        return Ok(None);
    }
    let days = input.beside(vec![PathBuf::from(path)], input.as_of)?.stated_days()?;
    match days.as_slice() {
        [] => Ok(None),
        [day] => Ok(Some(*day)),
        [first, .., last] => Err(Failure::Input(format!(
            "{} is of {} days, {first} to {last}, expected one: csm trend reads histories",
            Clean(&input::shown(path)),
            days.len()
        ))),
    }
}

/// The day in the name of a file, as `portfolio-2026-06-30.csv`, `2026_06_30.json` and `export_20260630.xlsx` have it. Digits beside it
/// make it another number, and a name with two different days says of neither that it is the file's.
pub fn date_in_name(name: &str) -> Option<NaiveDate> {
    let bytes = name.as_bytes();
    let mut found = None;
    for start in 0..bytes.len() {
        if start.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_digit()) {
            continue;
        }
        let Some((date, length)) = date_at(&bytes[start..]) else { continue };
        if bytes.get(start + length).is_some_and(u8::is_ascii_digit) {
            continue;
        }
        if found.is_some_and(|known| known != date) {
            return None;
        }
        found = Some(date);
    }
    found
}

/// The day that a text begins with, and how long it is.
fn date_at(text: &[u8]) -> Option<(NaiveDate, usize)> {
    if let Some([year @ .., b'-' | b'_', m0, m1, b'-' | b'_', d0, d1]) = text.first_chunk::<10>()
        && text[4] == text[7]
    {
        return day(year, &[*m0, *m1], &[*d0, *d1]).map(|date| (date, 10));
    }
    let [y0, y1, y2, y3, m0, m1, d0, d1] = *text.first_chunk::<8>()?;
    // Eight digits are often the number of something else.
    let is_likely = (y0, y1) == (b'2', b'0') || (y0, y1) == (b'1', b'9');
    day(&[y0, y1, y2, y3], &[m0, m1], &[d0, d1]).filter(|_| is_likely).map(|date| (date, 8))
}

fn day(year: &[u8], month: &[u8], day: &[u8]) -> Option<NaiveDate> {
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0, |number: u32, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
    };
    NaiveDate::from_ymd_opt(i32::try_from(number(year)?).ok()?, number(month)?, number(day)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_one_day_or_none() {
        for (name, found) in [
            ("2026-06-30.csv", Some("2026-06-30")),
            ("portfolio-2026-06-30.json.gz", Some("2026-06-30")),
            ("2026_06_30.xlsx", Some("2026-06-30")),
            ("export_20260630.csv", Some("2026-06-30")),
            ("export_20260630T235900.csv", Some("2026-06-30")),
            ("2026-06-30_2026-06-30.csv", Some("2026-06-30")),
            ("2026-06-30_20260630.csv", Some("2026-06-30")),
            ("2026-02-29.csv", None),
            ("2024-02-29.csv", Some("2024-02-29")),
            ("2026-06-31.csv", None),
            ("2026-13-01.csv", None),
            ("2026-06-01--2026-06-30.csv", None),
            ("2026-06_30.csv", None),
            ("2026-6-3.csv", None),
            ("12026-06-30.csv", None),
            ("2026-06-301.csv", None),
            ("id-31260630.csv", None),
            ("202606301.csv", None),
            ("120260630.csv", None),
            ("crm.csv", None),
            ("2026-06-3", None),
            ("", None),
            ("Jänner-2026-01-31–ü.csv", Some("2026-01-31")),
        ] {
            assert_eq!(date_in_name(name).map(|date| date.to_string()).as_deref(), found, "{name}");
        }
    }
}
