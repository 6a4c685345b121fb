//! Values of arguments.

use chrono::NaiveDate;

use crate::analysis::{Band, Effort, PlayType, Tier};
use crate::intake;

pub fn date(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "expected a date such as 2026-12-31".to_owned())
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

pub fn size(text: &str) -> Result<u64, String> {
    let (digits, factor) = match text.to_ascii_uppercase().strip_suffix('B').unwrap_or(&text.to_ascii_uppercase()) {
        rest if rest.ends_with('K') => (rest[..rest.len() - 1].to_owned(), 1 << 10),
        rest if rest.ends_with('M') => (rest[..rest.len() - 1].to_owned(), 1 << 20),
        rest if rest.ends_with('G') => (rest[..rest.len() - 1].to_owned(), 1 << 30),
        rest => (rest.to_owned(), 1),
    };
    let size = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
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
