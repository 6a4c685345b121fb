//! How a value is shown, and whether a cell shows it.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::AS_OF;

/// How a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As it is.
    Text,
    /// By a word that may begin with a capital, or stands last.
    Word,
    /// By a word, of accounts that JSON has one of.
    KnownWord,
    /// As a figure, rounded to the digits that are shown.
    Figure,
    /// As a figure whose value is rounded to one decimal itself.
    Tenth,
    /// As several figures with words between them; the values are a list.
    Figures,
    /// As a share of a value out of 100.
    Percent,
    /// As a share that is left out where it is all.
    Coverage,
    /// With more behind it.
    Start,
    /// As two figures with a slash or an arrow between; the two values are a list.
    Pair,
    /// A day, as the days until then, or since.
    Days,
    /// By nothing that JSON has.
    Unrecorded,
}

use Kind::{Coverage, Days, Figure, Figures, KnownWord, Pair, Percent, Start, Tenth, Text, Unrecorded, Word};

pub fn list(value: &Value) -> Vec<Value> {
    value.as_array().expect("a list").clone()
}

pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// What a figure is, and half a unit of its last digit. Signs of currencies, groups and words around it are left out.
fn figure(shown: &str) -> Option<(f64, f64)> {
    let digits: String = shown.chars().filter(|character| matches!(character, '0'..='9' | '.' | '-')).collect();
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let scale = if shown.contains('%') { 0.01 } else { 1.0 };
    let half = 0.5 * 0.1_f64.powi(i32::try_from(decimals).ok()?);
    Some((digits.parse::<f64>().ok()? * scale, half * scale))
}

/// Whether a figure is a value, as far as its digits go.
fn is_figure(shown: &str, value: f64, slack: f64) -> bool {
    figure(shown).is_some_and(|(figure, half)| (figure - value).abs() <= half + slack + value.abs() * 1e-12)
}

/// The figures among words, each with the sign behind it that makes it a share.
fn figures(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        let sign = if rest[..start].ends_with(['-', '–']) { "-" } else { "" };
        let part = |character: char| character.is_ascii_digit() || ".,".contains(character);
        let behind = &rest[start..];
        let end = behind.find(|character| !part(character)).unwrap_or(behind.len());
        rest = &behind[end..];
        let share = if rest.trim_start().starts_with('%') { "%" } else { "" };
        found.push(format!("{sign}{}{share}", behind[..end].trim_end_matches(['.', ','])));
    }
    found
}

/// Whether the figures among words are these values, in their order.
pub fn are_figures(shown: &str, values: &[f64]) -> bool {
    let found = figures(shown);
    found.len() == values.len() && found.iter().zip(values).all(|(shown, value)| is_figure(shown, *value, 0.0))
}

/// Whether a cell shows a value.
pub fn shows(shown: &str, value: &Value, kind: Kind) -> bool {
    match (kind, value) {
        (Unrecorded, _) | (KnownWord, Value::Null) => true,
        (Days, Value::Null) => shown == "unknown" || shown.starts_with("notice in"),
        (_, Value::Null) => ["", "not scored", "no data", "unknown"].contains(&shown),
        (Text, _) => value.as_str().is_some_and(|text| shown == text),
        (Word | KnownWord, _) => {
            let word = value.as_str().expect("a word").to_lowercase().replace("no_data", "no trend").replace('_', " ");
            shown.to_lowercase().trim_start_matches(['▲', '▼', '=', ' ']) == word
        }
        (Start, _) => value
            .as_str()
            .is_some_and(|text| !text.is_empty() && shown.to_lowercase().starts_with(&text.to_lowercase())),
        (Figure, _) => is_figure(shown, number(value), 0.0),
        (Tenth, _) => is_figure(shown, number(value), 0.05),
        (Figures, _) => are_figures(shown, &list(value).iter().filter_map(Value::as_f64).collect::<Vec<_>>()),
        // Where no seat is licensed, the standard has the share of one.
        (Percent, _) if shown == "unknown" => number(value) % 100.0 == 0.0,
        (Percent, _) => is_figure(shown, number(value) / 100.0, 0.0),
        (Coverage, _) => {
            (shown.is_empty() && number(value) == 1.0) || (!shown.is_empty() && is_figure(shown, number(value), 0.0))
        }
        (Pair, _) => {
            let values = list(value);
            let parts: Vec<&str> = shown.split(['/', '→']).collect();
            parts.len() == values.len()
                && parts.iter().zip(&values).all(|(part, value)| is_figure(part, number(value), 0.0))
        }
        (Days, _) => {
            let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
            let days = value.as_i64().unwrap_or_else(|| (day(value.as_str().expect("a day")) - day(AS_OF)).num_days());
            match days {
                0 => shown == "today" || shown.starts_with("notice"),
                1.. => shown.starts_with(&format!("{days} day")),
                _ => shown.starts_with(&format!("overdue by {} day", -days)),
            }
        }
    }
}

#[test]
fn a_figure_is_held_to_the_digits_that_are_shown() {
    for (shown, value, kind, same) in [
        ("36.8", json!(36.8), Figure, true),
        ("36.8", json!(36.9), Figure, false),
        ("$310,000", json!(310_000.4), Figure, true),
        ("$310,000", json!(310_000.6), Figure, false),
        ("95.2 %", json!(0.952_4), Figure, true),
        ("95.2 %", json!(0.953), Figure, false),
        ("× 1.35", json!(1.35), Figure, true),
        ("", json!(0), Figure, false),
        ("72.9 % to 89.6 % · field 93.5 %", json!([0.729, 0.896, 0.935]), Figures, true),
        ("72.9 % to 89.6 %", json!([0.729]), Figures, false),
        ("7 accounts, ARR $976,000.", json!([7, 976_000]), Figures, true),
        ("66.2 -4.9", json!([66.2, 4.9]), Figures, false),
        ("", json!(1), Coverage, true),
        ("", json!(0.99), Coverage, false),
        ("4/6", json!([4, 6]), Pair, true),
        ("4/6", json!([4, 5]), Pair, false),
        ("▼ declining", json!("declining"), Word, true),
        ("▼ declining", json!("stable"), Word, false),
        ("50 days, notice in 20", json!("2026-08-19"), Days, true),
        ("5 days", json!(50), Days, false),
        ("overdue by 18 days", json!(-18), Days, true),
        ("", Value::Null, Text, true),
        ("x", Value::Null, Text, false),
    ] {
        assert_eq!(shows(shown, &value, kind), same, "{shown:?} {value} {kind:?}");
    }
}
