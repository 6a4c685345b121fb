//! What a sample of cells shows: numbers, dates, words.

use crate::config::mapping::{DateFormat, Decimal};

/// The number in a cell, as people and spreadsheets write it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figure {
    /// Read with a point before decimals, where that is possible.
    point: Option<f64>,
    /// Read with a comma before decimals, where that is possible.
    comma: Option<f64>,
    pub is_percent: bool,
}

impl Figure {
    /// The number in a text such as `$120,000`, `120.000,50 €`, `85%`, `(1,200)` or `1.2M`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut rest = text.trim();
        let (mut is_signed, mut sign) = (false, 1.0);
        if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            rest = inner.trim();
            (is_signed, sign) = (true, -1.0);
        }
        let mut has_currency = false;
        let mut factor = None;
        let mut is_percent = false;
        // Each piece around the digits is taken away once, whatever the order; what stands there twice is no number.
        loop {
            if let Some(other) = without_currency(rest).filter(|_| !has_currency) {
                has_currency = true;
                rest = other;
            } else if let Some(other) = rest.strip_prefix(['-', '−', '+']).filter(|_| !is_signed) {
                (is_signed, sign) = (true, if rest.starts_with('+') { 1.0 } else { -1.0 });
                rest = other.trim_start();
            } else if let Some(other) = rest.strip_suffix('%').filter(|_| !is_percent && factor.is_none()) {
                is_percent = true;
                rest = other.trim_end();
            } else if let Some((other, scale)) = scaled(rest).filter(|_| !is_percent && factor.is_none()) {
                factor = Some(scale);
                rest = other;
            } else {
                break;
            }
        }
        let scale = factor.unwrap_or(1.0) * sign;
        if let Some(number) = scientific(rest) {
            return Some(Self { point: Some(number * scale), comma: Some(number * scale), is_percent });
        }
        // Blanks and apostrophes part groups wherever they stand; then no other sign does.
        let is_spacer = |letter: char| matches!(letter, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}');
        let digits = rest.replace(is_spacer, " ");
        let has_groups = digits.contains(' ');
        let value = |grouping, decimal| {
            plain(&digits, if has_groups { ' ' } else { grouping }, decimal).map(|number| number * scale)
        };
        let (point, comma) = (value(',', '.'), value('.', ','));
        (point.is_some() || comma.is_some()).then_some(Self { point, comma, is_percent })
    }

    /// The number, with this before decimals where the cell leaves a choice.
    pub(super) fn value(self, decimal: Decimal) -> f64 {
        let (first, second) = match decimal {
            Decimal::Point => (self.point, self.comma),
            Decimal::Comma => (self.comma, self.point),
        };
        first.or(second).unwrap_or(f64::NAN)
    }

    /// What must stand before decimals; `None` where both are possible.
    fn decides(self) -> Option<Decimal> {
        match (self.point, self.comma) {
            (Some(_), None) => Some(Decimal::Point),
            (None, Some(_)) => Some(Decimal::Comma),
            _ => None,
        }
    }

    /// Whether the point in it may part thousands as well as decimals, as in `1.234`. Three digits behind a comma are thousands
    /// wherever nothing speaks against it.
    fn is_open(self) -> bool {
        matches!((self.point, self.comma), (Some(point), Some(comma)) if point.abs() < comma.abs())
    }
}

/// Letters behind a number that multiply it.
fn scaled(text: &str) -> Option<(&str, f64)> {
    const SCALES: [(&str, f64); 6] = [("mn", 1e6), ("bn", 1e9), ("k", 1e3), ("m", 1e6), ("b", 1e9), ("tsd", 1e3)];
    let lower = text.to_ascii_lowercase();
    let found = SCALES.iter().find_map(|(letters, scale)| Some((lower.strip_suffix(letters)?.trim_end(), *scale)))?;
    found.0.ends_with(|last: char| last.is_ascii_digit()).then(|| (&text[..found.0.len()], found.1))
}

/// Signs and codes of the currencies that the readers know in a cell, longer ones first.
const CURRENCIES: [&str; 30] = [
    "US$", "CA$", "AU$", "NZ$", "C$", "A$", "R$", "$", "€", "£", "₹", "₩", "₺", "USD", "EUR", "GBP", "CAD", "AUD",
    "NZD", "CHF", "JPY", "CNY", "SEK", "NOK", "DKK", "PLN", "INR", "BRL", "MXN", "SGD",
];

/// A number without the sign or code of a currency before or behind it.
fn without_currency(text: &str) -> Option<&str> {
    let found = CURRENCIES.iter().find_map(|sign| text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)));
    found.map(str::trim)
}

/// A number with an exponent, which has no groups.
fn scientific(digits: &str) -> Option<f64> {
    let (mantissa, exponent) = digits.split_once(['e', 'E'])?;
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = mantissa.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_number = is_plain && is_digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent));
    if is_number { digits.parse().ok().filter(|number: &f64| number.is_finite()) } else { None }
}

/// Digits with groups and decimals: the last group of three digits, those before it of three or, as is usual in India, of two.
fn plain(digits: &str, grouping: char, decimal: char) -> Option<f64> {
    let (whole, decimals) = match digits.split_once(decimal) {
        Some((whole, decimals)) => (whole, decimals),
        None => (digits, ""),
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let groups: Vec<&str> = whole.split(grouping).collect();
    if let [first, between @ .., last] = groups.as_slice() {
        let are_wide = |width: usize| between.iter().all(|group| group.len() == width);
        let leads = (1..=3).contains(&first.len()) && !first.starts_with('0');
        if !leads || last.len() != 3 || !(are_wide(3) || are_wide(2)) {
            return None;
        }
    }
    let joined = groups.concat();
    if !is_digits(&joined) || !is_digits(decimals) || (joined.is_empty() && decimals.is_empty()) {
        return None;
    }
    format!("{joined}.{decimals}0").parse().ok().filter(|number: &f64| number.is_finite())
}

/// What the numbers of a column have before decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decimals {
    Decided(Decimal),
    /// Some cells such as `1.234` can be read in two ways, and none decides.
    Open,
    /// Cells contradict each other.
    Mixed,
    /// It makes no difference.
    Unknown,
}

pub(super) fn decimals(figures: &[Figure]) -> Decimals {
    let decided = |wanted| figures.iter().any(|figure| figure.decides() == Some(wanted));
    match (decided(Decimal::Point), decided(Decimal::Comma)) {
        (true, false) => Decimals::Decided(Decimal::Point),
        (false, true) => Decimals::Decided(Decimal::Comma),
        (true, true) => Decimals::Mixed,
        (false, false) if figures.iter().any(|figure| figure.is_open()) => Decimals::Open,
        _ => Decimals::Unknown,
    }
}

/// How the dates of a column are written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Dates {
    /// In the format [`ISO`].
    Iso,
    Decided(DateFormat),
    /// Day and month may be the one or the other.
    Open(DateFormat, DateFormat),
}

/// Dates and how many of the cells they are.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DatesFound {
    pub dates: Dates,
    pub cells: usize,
}

/// The format that is read where none is declared.
pub(super) const ISO: &str = "YYYY-MM-DD";

/// The formats that are tried, in order; those in pairs can be confused with each other.
const FORMATS: [(&str, Option<&str>); 16] = [
    ("DD.MM.YYYY", None),
    ("DD.MM.YY", None),
    ("YYYY/MM/DD", None),
    ("YYYY.MM.DD", None),
    ("D MMM YYYY", None),
    ("D MMMM YYYY", None),
    ("MMM D, YYYY", None),
    ("MMMM D, YYYY", None),
    ("D-MMM-YYYY", None),
    ("D-MMM-YY", None),
    ("D/MMM/YY", None),
    ("YYYYMMDD", None),
    ("DD/MM/YYYY", Some("MM/DD/YYYY")),
    ("DD/MM/YY", Some("MM/DD/YY")),
    ("DD-MM-YYYY", Some("MM-DD-YYYY")),
    ("DD-MM-YY", Some("MM-DD-YY")),
];

/// The dates that most cells are; `None` where fewer than four in five are dates of one kind.
pub(super) fn dates(cells: &[&str]) -> Option<DatesFound> {
    let enough = |count: usize| count > 0 && count * 5 >= cells.len() * 4;
    let format = |text: &str| DateFormat::new(text).ok();
    let count = |format: &DateFormat| cells.iter().filter(|cell| format.parse(cell).is_some()).count();
    let iso = count(&format(ISO)?);
    if enough(iso) {
        return Some(DatesFound { dates: Dates::Iso, cells: iso });
    }
    let mut best: Option<DatesFound> = None;
    for (first, second) in FORMATS {
        let first = format(first)?;
        let cells_of_first = count(&first);
        let mut found = DatesFound { dates: Dates::Decided(first.clone()), cells: cells_of_first };
        if let Some(second) = second.and_then(format) {
            let cells_of_second = count(&second);
            if cells_of_second > cells_of_first {
                found = DatesFound { dates: Dates::Decided(second), cells: cells_of_second };
            } else if cells_of_second == cells_of_first {
                found.dates = Dates::Open(first, second);
            }
        }
        if enough(found.cells) && best.as_ref().is_none_or(|best| found.cells > best.cells) {
            best = Some(found);
        }
    }
    best
}

/// Whether cells are the day numbers of a spreadsheet, of years in which contracts run.
pub(super) fn are_serials(cells: &[&str]) -> bool {
    // 1982 to 2064
    let is_day = |number: f64| (30_000.0..60_000.0).contains(&number);
    !cells.is_empty() && cells.iter().all(|cell| cell.parse().is_ok_and(is_day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_spreadsheets_write_them() {
        for (text, point, comma) in [
            ("120000", Some(120_000.0), Some(120_000.0)),
            ("$120,000", Some(120_000.0), Some(120.0)),
            ("120.000,50 €", None, Some(120_000.5)),
            ("1.234.567", None, Some(1_234_567.0)),
            ("1,234,567.5", Some(1_234_567.5), None),
            ("85%", Some(85.0), Some(85.0)),
            ("85,5 %", None, Some(85.5)),
            ("(1,200)", Some(-1200.0), Some(-1.2)),
            ("-$5", Some(-5.0), Some(-5.0)),
            ("$ -5", Some(-5.0), Some(-5.0)),
            ("1.2M", Some(1_200_000.0), None),
            ("EUR 45k", Some(45_000.0), Some(45_000.0)),
            ("45 000 SEK", Some(45_000.0), Some(45_000.0)),
            ("1'200.50", Some(1200.5), None),
            (".5", Some(0.5), None),
            ("0.421", Some(0.421), None),
            ("4.125", Some(4.125), Some(4125.0)),
            ("0,35", None, Some(0.35)),
            ("US$5", Some(5.0), Some(5.0)),
            ("-CA$5", Some(-5.0), Some(-5.0)),
            ("AU$ 5", Some(5.0), Some(5.0)),
            ("NZ$5", Some(5.0), Some(5.0)),
            ("C$5", Some(5.0), Some(5.0)),
            ("A$5", Some(5.0), Some(5.0)),
            ("R$ 1.234,50", None, Some(1234.5)),
            ("€5", Some(5.0), Some(5.0)),
            ("£-5", Some(-5.0), Some(-5.0)),
            ("5 ₩", Some(5.0), Some(5.0)),
            ("₺5", Some(5.0), Some(5.0)),
            ("₹12,34,567", Some(1_234_567.0), None),
            ("₹1,12,34,567.50", Some(11_234_567.5), None),
            ("12,34,567", Some(1_234_567.0), None),
            ("1’200", Some(1200.0), Some(1200.0)),
            ("1e5", Some(100_000.0), Some(100_000.0)),
            ("1.5E+3", Some(1500.0), Some(1500.0)),
            ("$2e-1", Some(0.2), Some(0.2)),
            ("1,5e3", None, None),
            ("e5", None, None),
            ("1e", None, None),
            ("12,345,67", None, None),
            ("1,23,45", None, None),
            ("XYZ 5", None, None),
            ("1 234 567,89", None, Some(1_234_567.89)),
            ("--5", None, None),
            ("(-5)", None, None),
            ("5%%", None, None),
            ("5k%", None, None),
            ("$5 USD", None, None),
            ("12 34 56", None, None),
            ("1,2,3", None, None),
            ("abc", None, None),
            ("EUR", None, None),
            ("", None, None),
            (".", None, None),
            ("12 hours", None, None),
            ("2026-03-04", None, None),
        ] {
            let read = Figure::read(text);
            let values = read.map_or((None, None), |figure| (figure.point, figure.comma));
            assert_eq!(values, (point, comma), "{text}");
        }
    }

    #[test]
    fn a_cell_that_can_be_read_in_one_way_decides_for_its_column() {
        for (cells, found) in [
            (vec!["1,234.5", "10"], Decimals::Decided(Decimal::Point)),
            (vec!["1.234,5", "10"], Decimals::Decided(Decimal::Comma)),
            (vec!["0,35", "1.234"], Decimals::Decided(Decimal::Comma)),
            (vec!["1.234", "2.345"], Decimals::Open),
            (vec!["1,234", "2"], Decimals::Unknown),
            (vec!["1234", "2"], Decimals::Unknown),
            (vec!["1.5", "1,5"], Decimals::Mixed),
            (vec![], Decimals::Unknown),
        ] {
            let figures: Vec<Figure> = cells.iter().filter_map(|cell| Figure::read(cell)).collect();
            assert_eq!(decimals(&figures), found, "{cells:?}");
        }
    }

    #[test]
    fn dates_are_decided_by_the_day_that_can_be_no_month() {
        let decided = |text: &str| Some(Dates::Decided(DateFormat::new(text).expect("a format")));
        let open = |first: &str, second: &str| {
            let format = |text: &str| DateFormat::new(text).expect("a format");
            Some(Dates::Open(format(first), format(second)))
        };
        for (cells, found) in [
            (vec!["2026-03-04", "2026-03-05T10:00:00Z"], Some(Dates::Iso)),
            (vec!["04.03.2026"], decided("DD.MM.YYYY")),
            (vec!["4.3.26"], decided("DD.MM.YY")),
            (vec!["13/03/2026", "01/02/2026"], decided("DD/MM/YYYY")),
            (vec!["03/13/2026", "01/02/2026"], decided("MM/DD/YYYY")),
            (vec!["3/13/26 4:05 PM"], decided("MM/DD/YY")),
            (vec!["03/04/2026", "01/02/2026"], open("DD/MM/YYYY", "MM/DD/YYYY")),
            (vec!["12/12/2026"], open("DD/MM/YYYY", "MM/DD/YYYY")),
            (vec!["13/03/2026", "03/13/2026"], None),
            (vec!["20260304"], decided("YYYYMMDD")),
            (vec!["4 Mar 2026", "12 Dec 2025"], decided("D MMM YYYY")),
            (vec!["4 March 2026", "12 May 2025"], decided("D MMMM YYYY")),
            (vec!["Mar 4, 2026"], decided("MMM D, YYYY")),
            (vec!["2026-03-04", "2026-03-04", "2026-03-04", "2026-03-04", "soon"], Some(Dates::Iso)),
            (vec!["2026-03-04", "2026-03-04", "2026-03-04", "soon"], None),
            (vec!["42", "7"], None),
            (vec![], None),
        ] {
            assert_eq!(dates(&cells).map(|found| found.dates), found, "{cells:?}");
        }
    }

    #[test]
    fn day_numbers_are_those_of_our_time() {
        for (cells, are) in [
            (vec!["46085", "45900.5"], true),
            (vec!["30000", "59999.9"], true),
            (vec!["29999"], false),
            (vec!["60000"], false),
            (vec!["46085", "soon"], false),
            (vec![], false),
        ] {
            assert_eq!(are_serials(&cells), are, "{cells:?}");
        }
    }
}
