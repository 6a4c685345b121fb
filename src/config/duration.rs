//! Times such as `48 hours`, as playbooks and escalations give them.

/// A number up to 1,000 of hours, days, weeks or months, in hours; `None` for any other text.
pub(super) fn hours(text: &str) -> Option<u32> {
    let (count, unit) = text.trim().split_once(' ')?;
    let unit = unit.trim();
    let hours = match unit.strip_suffix('s').unwrap_or(unit) {
        "hour" => 1,
        "day" => 24,
        "week" => 7 * 24,
        // A month of work is four weeks and some days.
        "month" => 30 * 24,
        _ => return None,
    };
    let is_plain = count.bytes().all(|byte| byte.is_ascii_digit());
    let count: u32 = count.parse().ok().filter(|count| is_plain && *count <= 1000)?;
    Some(count * hours)
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_are_hours() {
        for (text, hours) in [
            ("0 hours", Some(0)),
            ("1 hour", Some(1)),
            ("25 hours", Some(25)),
            ("7 days", Some(168)),
            ("1 day", Some(24)),
            (" 2  weeks ", Some(336)),
            ("3 months", Some(2160)),
            ("1000 days", Some(24_000)),
            ("1001 days", None),
            ("-3 days", None),
            ("+3 days", None),
            ("5 working days", None),
            ("3 dayss", None),
            ("99999999999 days", None),
            ("a week", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(super::hours(text), hours, "{text}");
        }
    }
}
