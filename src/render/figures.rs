//! Figures as people read them.

use crate::report::document::{Cell, Currency};

/// The text of a value, not yet made harmless.
pub(super) fn text(cell: &Cell, currency: &Currency) -> String {
    match cell {
        Cell::Empty | Cell::Bar(..) => String::new(),
        Cell::Text(text) | Cell::Toned(text, _) => text.clone(),
        Cell::Score(score) => format!("{score:.1}"),
        Cell::Points(points) => points.to_string(),
        Cell::Number(number) => crate::report::ShortNumber(*number).to_string(),
        Cell::Count(count) => grouped(&count.to_string()),
        Cell::Money(amount) => money(*amount, currency),
        Cell::Share(share) => format!("{:.1} %", share * 100.0),
        Cell::Date(date) => date.to_string(),
        Cell::Trend(scores) => joined(scores.iter().map(|score| Some(*score)), " → "),
        Cell::Sparkline(scores) => sparkline(scores),
        Cell::Profile(gauges) => joined(gauges.iter().map(|gauge| gauge.score), " · "),
        Cell::Ordered(cell, _) => text(cell, currency),
    }
}

/// So many of the last scores of a line are shown where it is made of letters.
const SHOWN: usize = 24;
/// The least difference of scores that fills the height of a line: a steady score must not look like mountains.
pub(super) const HEIGHT: f64 = 24.0;

/// The line of scores in blocks, a dot where there is none.
fn sparkline(scores: &[Option<f64>]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let shown = &scores[scores.len().saturating_sub(SHOWN)..];
    let known = || shown.iter().flatten().copied();
    let (least, most) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    let middle = f64::midpoint(least, most);
    let height = (most - least).max(HEIGHT);
    let block = |score: f64| {
        let step = ((score - middle) / height + 0.5) * BLOCKS.len() as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a step of the blocks")]
        let step = step.clamp(0.0, 7.0) as usize;
        BLOCKS[step.min(BLOCKS.len() - 1)]
    };
    shown.iter().map(|score| score.map_or('·', block)).collect()
}

/// Scores beside each other, a dash for those that are unknown.
fn joined(scores: impl Iterator<Item = Option<f64>>, between: &str) -> String {
    let scores = scores.map(|score| score.map_or_else(|| "–".to_owned(), |score| format!("{score:.1}")));
    scores.collect::<Vec<_>>().join(between)
}

/// An amount in whole units, with its currency and grouped digits.
pub(super) fn money(amount: f64, currency: &Currency) -> String {
    let digits = grouped(&format!("{:.0}", amount.abs()));
    let sign = if amount <= -0.5 { "-" } else { "" };
    in_currency(sign, &digits, currency)
}

/// An amount of at least 0 for a scale: thousands, millions and billions by their letter.
pub(super) fn short_money(amount: f64, currency: &Currency) -> String {
    let (divisor, letter) = match amount {
        1e9.. => (1e9, "B"),
        1e6.. => (1e6, "M"),
        1e3.. => (1e3, "k"),
        _ => (1.0, ""),
    };
    in_currency("", &format!("{}{letter}", crate::report::ShortNumber(amount / divisor)), currency)
}

fn in_currency(sign: &str, digits: &str, currency: &Currency) -> String {
    match currency.code.as_deref() {
        None | Some("USD") => format!("{sign}${digits}"),
        Some("EUR") => format!("{sign}€{digits}"),
        Some("GBP") => format!("{sign}£{digits}"),
        Some(code) => format!("{sign}{code} {digits}"),
    }
}

/// Digits in groups of three.
pub(super) fn grouped(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_carry_the_currency_of_the_input() {
        let shown = |amount, code: Option<&str>| money(amount, &Currency { code: code.map(str::to_owned) });
        for (amount, code, expected) in [
            (0.0, None, "$0"),
            (999.0, None, "$999"),
            (1_234_567.4, None, "$1,234,567"),
            (120_000.0, Some("EUR"), "€120,000"),
            (120_000.0, Some("SEK"), "SEK 120,000"),
            (-1_500.0, Some("USD"), "-$1,500"),
            (-0.2, None, "$0"),
        ] {
            assert_eq!(shown(amount, code), expected);
        }
    }

    #[test]
    fn lines_are_as_high_as_the_scores_differ() {
        for (scores, expected) in [
            (&[][..], ""),
            (&[Some(50.0)], "▅"),
            (&[Some(50.0), None, Some(50.0)], "▅·▅"),
            (&[Some(0.0), Some(50.0), Some(100.0)], "▁▅█"),
            (&[Some(48.0), Some(50.0), Some(52.0)], "▄▅▅"),
            (&[None, None], "··"),
        ] {
            assert_eq!(sparkline(scores), expected, "{scores:?}");
        }
        assert_eq!(sparkline(&[Some(1.0); 100]).chars().count(), SHOWN);
    }

    #[test]
    fn amounts_of_a_scale_are_short() {
        let currency = Currency { code: Some("EUR".to_owned()) };
        for (amount, expected) in
            [(0.0, "€0"), (999.0, "€999"), (1_000.0, "€1k"), (250_000.0, "€250k"), (1_500_000.0, "€1.5M"), (2e9, "€2B")]
        {
            assert_eq!(short_money(amount, &currency), expected);
        }
    }
}
