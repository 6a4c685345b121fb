//! How a number is spelled: its digits, and what stands around and between them.
//!
//! What the text of one number tells by itself; what its column tells beside is in [`super::number`].

use crate::config::mapping::Decimal;

/// The value of plain digits, and whether a point stands among them; `None` where that point could be one of grouping.
pub(super) fn plain(text: &str) -> Option<(f64, bool)> {
    const TENS: [f64; 17] =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16];
    let (digits, is_negative) = match text.as_bytes() {
        [b'-', rest @ ..] => (rest, true),
        rest => (rest, false),
    };
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let mut mantissa = 0_u64;
    let mut point = None;
    for (position, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(position),
            _ => return None,
        }
    }
    let decimals = point.map_or(0, |point| digits.len() - point - 1);
    // Up to 2^53 and 10^22 both sides of the division are exact, so the quotient is the nearest double.
    if mantissa > 1 << 53 || digits.len() == usize::from(point.is_some()) {
        return None;
    }
    if decimals == 3 && point != Some(0) && digits[0] != b'0' && point.is_some_and(|point| point <= 3) {
        return None;
    }
    let value = mantissa as f64 / TENS[decimals];
    Some((if is_negative && value != 0.0 { -value } else { value }, point.is_some()))
}

/// A number without what stands around its digits.
pub(super) struct Spelled<'t> {
    pub body: &'t str,
    pub is_negative: bool,
    pub is_percent: bool,
    pub currency: Option<&'static str>,
    pub factor: f64,
}

/// Signs and codes of currencies, longer ones first, with the code that they stand for.
const CURRENCIES: [(&str, &str); 30] = [
    ("US$", "USD"),
    ("CA$", "CAD"),
    ("AU$", "AUD"),
    ("NZ$", "NZD"),
    ("C$", "CAD"),
    ("A$", "AUD"),
    ("R$", "BRL"),
    ("$", "$"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("₹", "INR"),
    ("₩", "KRW"),
    ("₺", "TRY"),
    ("USD", "USD"),
    ("EUR", "EUR"),
    ("GBP", "GBP"),
    ("CAD", "CAD"),
    ("AUD", "AUD"),
    ("NZD", "NZD"),
    ("CHF", "CHF"),
    ("JPY", "JPY"),
    ("CNY", "CNY"),
    ("SEK", "SEK"),
    ("NOK", "NOK"),
    ("DKK", "DKK"),
    ("PLN", "PLN"),
    ("INR", "INR"),
    ("BRL", "BRL"),
    ("MXN", "MXN"),
    ("SGD", "SGD"),
];

/// Endings that multiply.
const FACTORS: [(&str, f64); 6] = [("bn", 1e9), ("b", 1e9), ("mn", 1e6), ("m", 1e6), ("k", 1e3), ("tsd", 1e3)];

impl<'t> Spelled<'t> {
    /// The parts of a text; nothing where signs, currencies or factors stand in it twice.
    pub fn of(text: &'t str) -> Option<Self> {
        let mut spelled =
            Self { body: text.trim(), is_negative: false, is_percent: false, currency: None, factor: 1.0 };
        let mut is_signed = false;
        if let Some(inner) = spelled.body.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            spelled.body = inner.trim();
            spelled.is_negative = true;
            is_signed = true;
        }
        // A sign and a currency may stand before the digits in either order, a factor, a percent sign and a currency behind them.
        loop {
            let body = spelled.body;
            if let Some(rest) = body.strip_prefix(['-', '+', '\u{2212}']) {
                if is_signed {
                    return None;
                }
                is_signed = true;
                spelled.is_negative = !body.starts_with('+');
                spelled.body = rest.trim_start();
            } else if let Some((rest, currency)) = cut_currency(body, |body, sign| body.strip_prefix(sign)) {
                if spelled.currency.replace(currency).is_some() {
                    return None;
                }
                spelled.body = rest.trim_start();
            } else {
                break;
            }
        }
        loop {
            let body = spelled.body;
            if let Some(rest) = body.strip_suffix('%') {
                if spelled.is_percent || spelled.factor != 1.0 {
                    return None;
                }
                spelled.is_percent = true;
                spelled.body = rest.trim_end();
            } else if let Some((rest, currency)) = cut_currency(body, |body, sign| body.strip_suffix(sign)) {
                if spelled.currency.replace(currency).is_some() {
                    return None;
                }
                spelled.body = rest.trim_end();
            } else if let Some((rest, factor)) = cut_factor(body) {
                if spelled.factor != 1.0 || spelled.is_percent {
                    return None;
                }
                spelled.factor = factor;
                spelled.body = rest.trim_end();
            } else {
                break;
            }
        }
        Some(spelled)
    }
}

/// The currency that a text names, if it names nothing else.
pub(super) fn currency_named(text: &str) -> Option<&'static str> {
    CURRENCIES.into_iter().find(|(sign, _)| *sign == text).map(|(_, code)| code)
}

fn cut_currency<'t>(
    body: &'t str,
    cut: impl Fn(&'t str, &'static str) -> Option<&'t str>,
) -> Option<(&'t str, &'static str)> {
    CURRENCIES.into_iter().find_map(|(sign, code)| Some((cut(body, sign)?, code)))
}

fn cut_factor(body: &str) -> Option<(&str, f64)> {
    FACTORS.into_iter().find_map(|(ending, factor)| {
        let (rest, last) = body.split_at_checked(body.len().checked_sub(ending.len())?)?;
        let follows_digit = rest.trim_end().ends_with(|last: char| last.is_ascii_digit());
        (last.eq_ignore_ascii_case(ending) && follows_digit).then_some((rest, factor))
    })
}

/// The digits of a number with the signs between them.
#[derive(Debug, PartialEq)]
pub(super) enum Body {
    /// Digits only, or with an exponent.
    Whole(f64),
    /// Groups of digits, and perhaps decimals; the sign before decimals where that follows.
    Grouped { value: f64, sign: Option<Decimal> },
    /// Decimals without groups.
    Decimals { value: f64, sign: Decimal },
    /// One sign with three digits behind it.
    Either { point: f64, comma: f64, is_point: bool },
}

/// Signs between groups that are never before decimals: blanks of several kinds and apostrophes.
fn is_spacer(character: char) -> bool {
    matches!(character, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}')
}

impl Body {
    /// What digits and the signs between them can mean; nothing where they are no number.
    pub fn of(body: &str) -> Option<Self> {
        if !body.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '.' | ',')) {
            return None;
        }
        if let Some(value) = scientific(body) {
            return Some(Self::Whole(value));
        }
        let is_digit = |character: char| character.is_ascii_digit();
        let signs: Vec<(usize, char)> = body.char_indices().filter(|(_, character)| !is_digit(*character)).collect();
        if !signs.iter().all(|(_, sign)| matches!(sign, '.' | ',') || is_spacer(*sign)) {
            return None;
        }
        let Some((last, last_sign)) = signs.last().copied() else { return Some(Self::Whole(number(body, "")?)) };
        let count = |wanted: char| signs.iter().filter(|(_, sign)| *sign == wanted).count();
        let first_sign = signs[0].1;
        let after = body.len() - last - last_sign.len_utf8();
        if is_spacer(last_sign) {
            return Some(Self::Grouped { value: grouped(body)?, sign: None });
        }
        let decimal = || if last_sign == '.' { Decimal::Point } else { Decimal::Comma };
        if signs.len() == 1 {
            let (before, behind) = (&body[..last], &body[last + 1..]);
            let value = number(before, behind)?;
            let has_group = after == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0');
            if !has_group {
                return Some(Self::Decimals { value, sign: decimal() });
            }
            let whole = number(&format!("{before}{behind}"), "")?;
            let is_point = last_sign == '.';
            let (point, comma) = if is_point { (value, whole) } else { (whole, value) };
            return Some(Self::Either { point, comma, is_point });
        }
        if count(last_sign) == 1 {
            let groups = &body[..last];
            if !signs[..signs.len() - 1].iter().all(|(_, sign)| *sign == first_sign) {
                return None;
            }
            let whole = grouped(groups)?;
            let digits: String = groups.chars().filter(|character| is_digit(*character)).collect();
            let value = if after == 0 { whole } else { number(&digits, &body[last + 1..])? };
            return Some(Self::Grouped { value, sign: Some(decimal()) });
        }
        // Several of one sign are groups, and the other sign is the one before decimals.
        if count(last_sign) != signs.len() {
            return None;
        }
        let sign = if last_sign == '.' { Decimal::Comma } else { Decimal::Point };
        Some(Self::Grouped { value: grouped(body)?, sign: Some(sign) })
    }
}

/// The value of digits in groups: the last one of three, those before it of three or, as is usual in India, of two.
fn grouped(body: &str) -> Option<f64> {
    let mut signs = body.chars().filter(|character| !character.is_ascii_digit());
    let sign = signs.next()?;
    if !signs.all(|other| other == sign) {
        return None;
    }
    let groups: Vec<&str> = body.split(sign).collect();
    let [first, between @ .., last] = groups.as_slice() else { return None };
    let widths_fit = |width: usize| between.iter().all(|group| group.len() == width);
    let fits = last.len() == 3 && (1..=3).contains(&first.len()) && (widths_fit(3) || widths_fit(2));
    if fits { number(&groups.concat(), "") } else { None }
}

/// Digits before and behind the decimal sign as a number.
fn number(whole: &str, decimals: &str) -> Option<f64> {
    if whole.is_empty() && decimals.is_empty() {
        return None;
    }
    let text = format!("{whole}.{decimals}");
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// A number with an exponent, which has no groups.
fn scientific(body: &str) -> Option<f64> {
    let (mantissa, exponent) = body.split_once(['e', 'E'])?;
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let is_whole = !exponent.is_empty() && exponent.bytes().all(|byte| byte.is_ascii_digit());
    if !is_plain(mantissa) || !is_whole {
        return None;
    }
    body.parse::<f64>().ok().filter(|number| number.is_finite())
}
