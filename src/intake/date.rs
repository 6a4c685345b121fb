//! Dates as text.

use chrono::NaiveDate;

/// The date of an ISO date, or of a date-time whose date part counts; `None` for all other text.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let (day, time) = text.as_bytes().split_at_checked(10)?;
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *day else { return None };
    let year = digits(&[y0, y1, y2, y3])?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, digits(&[m0, m1])?, digits(&[d0, d1])?)?;
    (time.is_empty() || is_time(time)).then_some(date)
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

/// Whether this is `T` or a blank, a time of day and perhaps an offset from UTC.
fn is_time(bytes: &[u8]) -> bool {
    let [b'T' | b't' | b' ', clock @ ..] = bytes else { return false };
    let zone = clock.iter().position(|byte| matches!(byte, b'Z' | b'z' | b'+' | b'-')).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(zone);
    is_clock(clock) && is_zone(zone)
}

/// `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fraction`; 60 is a leap second.
fn is_clock(bytes: &[u8]) -> bool {
    let (hour_minute, rest) = match bytes.split_at_checked(5) {
        Some(([h0, h1, b':', m0, m1], rest)) => ([[*h0, *h1], [*m0, *m1]], rest),
        _ => return false,
    };
    let second = match rest {
        [] => return within(hour_minute[0], 24) && within(hour_minute[1], 59),
        [b':', s0, s1] => [*s0, *s1],
        [b':', s0, s1, b'.' | b',', fraction @ ..]
            if !fraction.is_empty() && fraction.iter().all(u8::is_ascii_digit) =>
        {
            [*s0, *s1]
        }
        _ => return false,
    };
    within(hour_minute[0], 24) && within(hour_minute[1], 59) && within(second, 60)
}

fn is_zone(bytes: &[u8]) -> bool {
    match *bytes {
        [] | [b'Z' | b'z'] => true,
        [b'+' | b'-', h0, h1] => within([h0, h1], 23),
        [b'+' | b'-', h0, h1, m0, m1] | [b'+' | b'-', h0, h1, b':', m0, m1] => {
            within([h0, h1], 23) && within([m0, m1], 59)
        }
        _ => false,
    }
}

fn within(pair: [u8; 2], most: u32) -> bool {
    digits(&pair).is_some_and(|number| number <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_and_all_else_is_refused() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 28);
        for text in [
            "2026-12-28",
            "2026-12-28T00:00:00Z",
            "2026-12-28t23:59",
            "2026-12-28 10:00:00",
            "2026-12-28T24:00:00",
            "2026-12-28T10:00:00.123456+02:00",
            "2026-12-28T10:00:00-0530",
            "2026-12-28T10:00+14",
        ] {
            assert_eq!(date(text), day, "{text}");
        }
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2026-02-29",
            "2026-00-10",
            "12/28/2026",
            "28.12.2026",
            "20261228",
            "2026-1-1",
            " 2026-12-28",
            "2026-12-28 ",
            "2026-12-28T",
            "2026-12-28Tnoon",
            "2026-12-28T25:00",
            "2026-12-28T10:60",
            "2026-12-28T10:00:61",
            "2026-12-28T10:00:00.",
            "2026-12-28T10:00+2",
            "2026-12-28X10:00",
            "２026-12-28",
            "2026-12-2é",
            "+026-12-28",
            "2026-12-281",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
        assert_eq!(date("2028-02-29"), NaiveDate::from_ymd_opt(2028, 2, 29));
    }
}
