//! Values of arguments.

use chrono::{Datelike, NaiveDate};

use crate::analysis::{Band, Effort, PlayType, Tier};
use crate::intake;

pub fn date(text: &str) -> Result<NaiveDate, String> {
    // As in the data, a year has four digits: the days around such a one can be reckoned and written everywhere.
    text.parse()
        .ok()
        .filter(|day: &NaiveDate| (0..=9999).contains(&day.year()))
        .ok_or_else(|| "expected a date such as 2026-12-31".to_owned())
}

pub fn amount(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|amount| amount.is_finite() && *amount >= 0.0)
        .ok_or_else(|| "expected a number of at least 0".to_owned())
}

pub fn input_format(text: &str) -> Result<intake::Format, String> {
    one_of(text, &intake::Format::ALL, intake::Format::name)
}

/// A number of bytes, such as `500M`, `20GB` or `8GiB`; units are powers of 1024.
pub fn size(text: &str) -> Result<u64, String> {
    let upper = text.trim().to_ascii_uppercase();
    let unit = upper.find(|character: char| !character.is_ascii_digit()).unwrap_or(upper.len());
    let factor = match upper[unit..].trim() {
        "" | "B" => Some(1_u64),
        "K" | "KB" | "KIB" => Some(1 << 10),
        "M" | "MB" | "MIB" => Some(1 << 20),
        "G" | "GB" | "GIB" => Some(1 << 30),
        "T" | "TB" | "TIB" => Some(1 << 40),
        _ => None,
    };
    let number = upper[..unit].parse::<u64>().ok();
    let size = number.zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
    size.filter(|size| *size > 0).ok_or_else(|| "expected a size such as 500M or 20G".to_owned())
}

pub fn band(text: &str) -> Result<Band, String> {
    one_of(text, &Band::ALL, Band::name)
}

pub fn tier(text: &str) -> Result<Tier, String> {
    one_of(text, &Tier::ALL, Tier::name)
}

pub fn effort(text: &str) -> Result<Effort, String> {
    one_of(text, &Effort::ALL, Effort::name)
}

pub fn play_type(text: &str) -> Result<PlayType, String> {
    one_of(&text.replace('-', "_"), &PlayType::ALL, PlayType::name)
}

fn one_of<T: Copy>(text: &str, all: &[T], name: impl Fn(T) -> &'static str) -> Result<T, String> {
    all.iter().copied().find(|item| name(*item).eq_ignore_ascii_case(text)).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|item| name(*item)).collect();
        format!("expected {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [
            ("1", Some(1)),
            ("7k", Some(7 << 10)),
            ("500M", Some(500 << 20)),
            ("20 GB", Some(20 << 30)),
            ("8GiB", Some(8 << 30)),
            ("2T", Some(2 << 40)),
            ("0", None),
            ("", None),
            ("G", None),
            ("1.5G", None),
            ("-1", None),
            ("5X", None),
            ("99999999999999999999", None),
            ("18446744073709551615T", None),
            ("5é", None),
        ] {
            assert_eq!(size(text).ok(), bytes, "{text}");
        }
    }
}
