//! Columns: where the cells of one go, and how each becomes a value.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::number::{NoNumber, Number, Taken, Writing};
use super::rows::Cell;
use crate::account::{FieldKind, Kind, Metric, ModuleField, PartKind, Schema, same_word};
use crate::config::mapping::{Convert, DateFormat, SourceMapping, ValueReading};
use crate::intake::date::date;
use crate::intake::draft::Draft;
use crate::intake::fault::Rule;
use crate::intake::fields::{NodeId, Target};
use crate::intake::value::Scalar;

/// A column that is read.
#[derive(Debug, Clone)]
pub(super) struct Column<'m> {
    /// Its position in the table, from 0.
    pub position: usize,
    /// The field that it feeds.
    pub node: NodeId,
    /// The module that the field is one of.
    pub module: Option<String>,
    /// How its cells become values.
    pub cells: Cells<'m>,
}

/// How the cells of a column become values.
#[derive(Debug, Clone)]
pub(super) struct Cells<'m> {
    wants: Wants,
    words: &'m [(String, String)],
    absent: &'m [String],
    convert: Option<Convert>,
    date: Option<&'m DateFormat>,
    writing: Writing,
}

/// What a field wants of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    /// Text, or a number as it is written.
    Name,
    /// Text, or a word.
    Text,
    /// A number; what one that is a percentage becomes.
    Number(PercentIs),
    /// Money.
    Money,
    /// Yes or no.
    Flag,
    /// A calendar day.
    Date,
    /// Texts between semicolons.
    Texts,
}

/// What a percentage is to a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PercentIs {
    /// 85 % is 85.
    Hundred,
    /// 85 % is 0.85.
    One,
    /// No value of it.
    Wrong,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found<'c> {
    Number(f64),
    Money(f64, Option<&'static str>),
    Flag(bool),
    Text(Cow<'c, str>),
    Day(NaiveDate),
    Texts(Cow<'c, str>),
}

impl Found<'_> {
    /// The same, kept beyond its row.
    pub fn into_owned(self) -> Found<'static> {
        match self {
            Self::Text(text) => Found::Text(text.into_owned().into()),
            Self::Texts(text) => Found::Texts(text.into_owned().into()),
            Self::Number(number) => Found::Number(number),
            Self::Money(amount, currency) => Found::Money(amount, currency),
            Self::Flag(flag) => Found::Flag(flag),
            Self::Day(day) => Found::Day(day),
        }
    }
}

impl Wants {
    /// What a target wants.
    pub fn of(target: Target, schema: &Schema) -> Self {
        match target {
            Target::Key | Target::Attribute(_) => Self::Name,
            Target::Part(part) => match part.kind() {
                PartKind::Text(_) => Self::Name,
                PartKind::Date(_) => Self::Date,
                PartKind::List(_) => Self::Texts,
            },
            Target::MetricDate(_) | Target::BlockDate(_) | Target::Snapshot => Self::Date,
            Target::Field(field) => match field.kind() {
                FieldKind::Name => Self::Name,
                FieldKind::Text => Self::Text,
                FieldKind::Money => Self::Money,
                FieldKind::Count => Self::Number(PercentIs::Wrong),
                FieldKind::Date => Self::Date,
                FieldKind::Flag => Self::Flag,
                FieldKind::Texts => Self::Texts,
            },
            Target::Module(ModuleField::Adopted) => Self::Flag,
            Target::Module(ModuleField::UsagePct) => Self::Number(PercentIs::Hundred),
            Target::Metric(slot) => {
                let metric = schema.metric(slot);
                match metric.kind {
                    Kind::Number => Self::Number(PercentIs::of(metric)),
                    Kind::Word(_) => Self::Text,
                    Kind::Flag => Self::Flag,
                }
            }
        }
    }
}

impl PercentIs {
    /// What 85 % is to a metric: its unit and its plausible range tell.
    fn of(metric: &Metric) -> Self {
        let is_percent = metric.unit.as_deref().is_some_and(|unit| unit.trim_start().starts_with('%'));
        match metric.range {
            _ if is_percent => Self::Hundred,
            Some((_, high)) if high <= 1.0 => Self::One,
            Some((_, 100.0)) => Self::Hundred,
            _ => Self::Wrong,
        }
    }
}

impl<'m> Cells<'m> {
    /// Cells of a column of a source, read as the mapping says.
    pub fn new(wants: Wants, source: Option<&'m SourceMapping>, reading: Option<&'m ValueReading>) -> Self {
        let decimal = reading.and_then(|reading| reading.decimal).or(source.and_then(|source| source.decimal));
        let own = reading.and_then(|reading| reading.date.as_ref());
        Self {
            wants,
            words: reading.map_or(&[], |reading| &reading.words),
            absent: source.map_or(&[], |source| &source.absent),
            convert: reading.and_then(|reading| reading.convert),
            date: own.or(source.and_then(|source| source.date.as_ref())),
            writing: Writing::declared(decimal),
        }
    }

    /// An amount that was taken as having decimals where all amounts with a point could be grouped.
    pub fn doubtful(&self) -> Option<&Taken> {
        self.writing.doubtful().filter(|_| self.wants == Wants::Money)
    }

    /// What the numbers of the column have shown of the way they are written.
    pub fn writing(&self) -> &Writing {
        &self.writing
    }

    /// Adds what rows behind these have shown of it; false where that depends on these.
    pub fn join(&mut self, behind: &Writing) -> bool {
        self.writing.join(behind)
    }

    /// The number that was taken one way before the column spoke for the other.
    pub fn contradicted(&mut self) -> Option<(Taken, String)> {
        self.writing.contradicted()
    }

    /// What a cell of a line holds; nothing where it is empty.
    pub fn read<'c>(&mut self, cell: Cell<'c>, line: u64) -> Result<Option<Found<'c>>, Rule> {
        // What the mapping says of a cell goes by what is seen in it, whatever its kind.
        if !(self.absent.is_empty() && self.words.is_empty()) && cell != Cell::Empty {
            let seen = as_text(cell);
            if self.absent.iter().any(|word| same_word(word, &seen)) {
                return Ok(None);
            }
            if let Some((_, ours)) = self.words.iter().find(|(theirs, _)| same_word(theirs, &seen)) {
                return self.word(ours).map(Some);
            }
        }
        match cell {
            Cell::Empty => return Ok(None),
            Cell::Error(_) => return Err(Rule::CellError),
            Cell::Garbled => return Err(Rule::Garbled),
            Cell::Text(text) if is_error(text) => return Err(Rule::CellError),
            _ => {}
        }
        let found = self.value(cell, line).map_err(|rule| match (rule, cell) {
            (Rule::Kind, Cell::Text(text)) if is_placeholder(text) => Rule::Placeholder,
            (rule, _) => rule,
        });
        found.map(Some)
    }

    /// A cell as text from which the same is read.
    pub fn written<'c>(&self, cell: Cell<'c>) -> Cow<'c, str> {
        let shown = as_text(cell);
        match (cell, self.wants) {
            (Cell::Date(day), Wants::Date) => self.date.and_then(|format| format.write(day)).map_or(shown, Cow::from),
            (Cell::Number(_) | Cell::Percent(_), Wants::Number(_) | Wants::Money) => {
                let digits = shown.trim_end_matches('%');
                let Some((whole, decimals)) = digits.split_once('.') else { return shown };
                let sign = if self.writing.has_comma() { ',' } else { '.' };
                // Three digits behind a sign may be thousands, four are not.
                let zero = if decimals.len() == 3 { "0" } else { "" };
                format!("{whole}{sign}{decimals}{zero}{}", &shown[digits.len()..]).into()
            }
            _ => shown,
        }
    }

    /// The value that a word of the mapping stands for, as it would stand in JSON: nothing is computed from it.
    fn word(&self, word: &str) -> Result<Found<'static>, Rule> {
        let text = Scalar::Text(word);
        let found = match self.wants {
            Wants::Name | Wants::Text => Some(Found::Text(word.to_owned().into())),
            Wants::Texts => Some(Found::Texts(word.to_owned().into())),
            Wants::Number(_) => text.number().map(Found::Number),
            Wants::Money => text.number().map(|number| Found::Money(number, None)),
            Wants::Flag => text.flag().map(Found::Flag),
            Wants::Date => date(word).map(Found::Day),
        };
        found.ok_or(Rule::Kind)
    }

    fn value<'c>(&mut self, cell: Cell<'c>, line: u64) -> Result<Found<'c>, Rule> {
        let cell = match cell {
            Cell::Money(number, _) if self.wants != Wants::Money => Cell::Number(number),
            cell => cell,
        };
        match self.wants {
            Wants::Name => Ok(Found::Text(as_text(cell))),
            Wants::Text => match cell {
                Cell::Text(text) => Ok(Found::Text(text.into())),
                // A spreadsheet takes TRUE for a flag also where it is meant as a word.
                Cell::Flag(_) | Cell::Number(_) => Ok(Found::Text(as_text(cell))),
                _ => Err(Rule::Kind),
            },
            Wants::Texts => match cell {
                Cell::Text(_) | Cell::Number(_) => Ok(Found::Texts(as_text(cell))),
                _ => Err(Rule::Kind),
            },
            Wants::Flag => flag(cell).map(Found::Flag).ok_or(Rule::Kind),
            Wants::Date => self.day(cell).map(Found::Day).ok_or_else(|| match (self.date, cell) {
                (Some(format), _) => Rule::NoDate(format.text().to_owned()),
                (None, Cell::Text(text)) if is_placeholder(text) => Rule::Kind,
                (None, _) => Rule::NoDate("2026-12-31, or as a mapping declares".to_owned()),
            }),
            Wants::Money => {
                let (number, currency) = match cell {
                    Cell::Text(text) => {
                        let Number { value, is_percent, currency } =
                            self.writing.read(text, line).map_err(no_number)?;
                        if is_percent {
                            return Err(Rule::Kind);
                        }
                        (value, currency)
                    }
                    Cell::Number(number) => (number, None),
                    Cell::Money(number, currency) => (number, Some(currency)),
                    _ => return Err(Rule::Kind),
                };
                Ok(Found::Money(self.converted(number)?, currency))
            }
            Wants::Number(percent) => self.number(cell, line, percent).map(Found::Number),
        }
    }

    fn number(&mut self, cell: Cell<'_>, line: u64, percent: PercentIs) -> Result<f64, Rule> {
        let (value, is_percent) = match cell {
            Cell::Text(text) => {
                let number = self.writing.read(text, line).map_err(no_number)?;
                (number.value, number.is_percent)
            }
            Cell::Number(number) => (number, false),
            // A cell of 0.07 shown as 7 % holds 7 and nothing behind the 15th digit.
            Cell::Percent(number) => (round_to_digits(number * 100.0), true),
            _ => return Err(Rule::Kind),
        };
        match (is_percent, self.convert) {
            (false, _) | (true, Some(Convert::PercentToRatio | Convert::CsatPercentToFive)) => self.converted(value),
            // It says itself that it is a percentage, also where the other cells of its column are ratios.
            (true, Some(Convert::RatioToPercent)) => Ok(value),
            (true, Some(_)) => Err(Rule::NoPercentage),
            (true, None) => match percent {
                PercentIs::Hundred => Ok(value),
                PercentIs::One => Ok(value / 100.0),
                PercentIs::Wrong => Err(Rule::NoPercentage),
            },
        }
    }

    fn converted(&self, value: f64) -> Result<f64, Rule> {
        let value = self.convert.map_or(value, |convert| convert.apply(value));
        if value.is_finite() { Ok(value) } else { Err(Rule::Kind) }
    }

    /// The day in a cell.
    pub fn day(&self, cell: Cell<'_>) -> Option<NaiveDate> {
        match (cell, self.date) {
            (Cell::Date(day), _) => Some(day),
            (Cell::Number(serial), Some(format)) if format.is_serial() => DateFormat::from_serial(serial),
            (Cell::Number(number), Some(format)) => format.parse(&number.to_string()),
            (Cell::Text(text), Some(format)) => format.parse(text),
            (Cell::Text(text), None) => date(text),
            _ => None,
        }
    }
}

/// The digits that a spreadsheet keeps of a number.
fn round_to_digits(number: f64) -> f64 {
    format!("{number:.14e}").parse().unwrap_or(number)
}

fn no_number(error: NoNumber) -> Rule {
    match error {
        NoNumber::Text => Rule::Kind,
        NoNumber::TwoReadings { point, comma, beside } => Rule::TwoReadings { point, comma, beside },
        NoNumber::Mixed(other) => Rule::MixedDecimals(other),
    }
}

/// A cell as text.
pub(super) fn as_text(cell: Cell<'_>) -> Cow<'_, str> {
    match cell {
        Cell::Empty => "".into(),
        Cell::Text(text) | Cell::Error(text) => text.into(),
        Cell::Number(number) | Cell::Money(number, _) => number.to_string().into(),
        Cell::Percent(number) => format!("{}%", round_to_digits(number * 100.0)).into(),
        Cell::Flag(flag) => if flag { "TRUE" } else { "FALSE" }.into(),
        Cell::Date(day) => day.to_string().into(),
        Cell::Garbled => "\u{fffd}".into(),
    }
}

/// Yes or no, as people fill a column in: also by an x.
fn flag(cell: Cell<'_>) -> Option<bool> {
    match cell {
        Cell::Flag(flag) => Some(flag),
        Cell::Number(number) => Scalar::Real(number).flag(),
        Cell::Text(text) => {
            let is = |words: [&str; 5]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
            if is(["yes", "true", "x", "1", "y"]) {
                Some(true)
            } else {
                is(["no", "false", "0", "n", "-"]).then_some(false)
            }
        }
        _ => None,
    }
}

/// Whether a text is what people write where nothing is known.
fn is_placeholder(text: &str) -> bool {
    const PLACEHOLDERS: [&str; 10] = ["n/a", "na", "n.a.", "n/k", "-", "--", "null", "none", "nil", "tbd"];
    PLACEHOLDERS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a text is what a spreadsheet shows for a formula that failed.
fn is_error(text: &str) -> bool {
    text.starts_with('#')
        && matches!(
            text,
            "#N/A" | "#REF!" | "#VALUE!" | "#DIV/0!" | "#NAME?" | "#NUM!" | "#NULL!" | "#SPILL!" | "#CALC!" | "#ERROR!"
        )
}

/// Gives what a cell holds to a field of the record in the making.
pub(super) fn feed(draft: &mut Draft<'_>, node: NodeId, found: &Found<'_>) {
    match found {
        Found::Number(number) => draft.scalar(node, Scalar::Real(*number)),
        Found::Money(amount, currency) => {
            if let Some(currency) = currency {
                draft.sign = Some(currency);
            }
            draft.scalar(node, Scalar::Real(*amount));
        }
        Found::Flag(flag) => draft.scalar(node, Scalar::Flag(*flag)),
        Found::Text(text) => draft.scalar(node, Scalar::Text(text)),
        Found::Day(day) => draft.scalar(node, Scalar::Day(*day)),
        Found::Texts(texts) => {
            let items = texts.split(';').map(str::trim).filter(|item| !item.is_empty());
            for (position, item) in items.enumerate() {
                draft.item(node, position, Scalar::Text(item));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::mapping::Decimal;

    fn read(wants: Wants, cell: Cell<'_>) -> Result<Option<Found<'_>>, Rule> {
        Cells::new(wants, None, None).read(cell, 1)
    }

    fn undeclared() -> Rule {
        Rule::NoDate("2026-12-31, or as a mapping declares".to_owned())
    }

    #[test]
    fn cells_become_what_a_field_wants() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 31).expect("a date");
        let text = |text: &'static str| Ok(Some(Found::Text(text.into())));
        for (wants, cell, found) in [
            (Wants::Name, Cell::Text("00123"), text("00123")),
            (Wants::Name, Cell::Number(1001.0), text("1001")),
            (Wants::Name, Cell::Number(0.5), text("0.5")),
            (Wants::Text, Cell::Text("smb"), text("smb")),
            (Wants::Text, Cell::Date(day), Err(Rule::Kind)),
            (Wants::Number(PercentIs::Wrong), Cell::Text("1.2k"), Ok(Some(Found::Number(1200.0)))),
            (Wants::Number(PercentIs::Wrong), Cell::Text("85%"), Err(Rule::NoPercentage)),
            (Wants::Number(PercentIs::Hundred), Cell::Text("85%"), Ok(Some(Found::Number(85.0)))),
            (Wants::Number(PercentIs::One), Cell::Text("85%"), Ok(Some(Found::Number(0.85)))),
            (Wants::Number(PercentIs::Hundred), Cell::Percent(0.07), Ok(Some(Found::Number(7.0)))),
            (Wants::Number(PercentIs::One), Cell::Percent(0.29), Ok(Some(Found::Number(0.29)))),
            (Wants::Number(PercentIs::One), Cell::Flag(true), Err(Rule::Kind)),
            (Wants::Money, Cell::Text("$1,200"), Ok(Some(Found::Money(1200.0, Some("$"))))),
            (Wants::Money, Cell::Money(1200.0, "EUR"), Ok(Some(Found::Money(1200.0, Some("EUR"))))),
            (Wants::Number(PercentIs::One), Cell::Money(0.5, "EUR"), Ok(Some(Found::Number(0.5)))),
            (Wants::Name, Cell::Money(1001.0, "EUR"), text("1001")),
            (Wants::Money, Cell::Text("5%"), Err(Rule::Kind)),
            (Wants::Money, Cell::Percent(0.05), Err(Rule::Kind)),
            (Wants::Flag, Cell::Text("X"), Ok(Some(Found::Flag(true)))),
            (Wants::Flag, Cell::Text("No"), Ok(Some(Found::Flag(false)))),
            (Wants::Flag, Cell::Number(1.0), Ok(Some(Found::Flag(true)))),
            (Wants::Flag, Cell::Number(2.0), Err(Rule::Kind)),
            (Wants::Flag, Cell::Text("maybe"), Err(Rule::Kind)),
            (Wants::Date, Cell::Date(day), Ok(Some(Found::Day(day)))),
            (Wants::Date, Cell::Text("2026-12-31"), Ok(Some(Found::Day(day)))),
            (Wants::Date, Cell::Text("31.12.2026"), Err(undeclared())),
            (Wants::Date, Cell::Number(46_387.0), Err(undeclared())),
            (Wants::Date, Cell::Text("TBD"), Err(Rule::Placeholder)),
            (Wants::Money, Cell::Text("n/a"), Err(Rule::Placeholder)),
            (Wants::Texts, Cell::Text("a; b"), Ok(Some(Found::Texts("a; b".into())))),
            (Wants::Name, Cell::Empty, Ok(None)),
            (Wants::Name, Cell::Error("#N/A"), Err(Rule::CellError)),
            (Wants::Name, Cell::Text("#N/A"), Err(Rule::CellError)),
            (Wants::Name, Cell::Text("#1 Supplies"), text("#1 Supplies")),
            (Wants::Name, Cell::Garbled, Err(Rule::Garbled)),
        ] {
            assert_eq!(read(wants, cell), found, "{wants:?} {cell:?}");
        }
    }

    #[test]
    fn a_percent_sign_says_what_a_cell_is_whatever_is_converted() {
        for (convert, cell, found) in [
            (Convert::RatioToPercent, Cell::Text("0.85"), Ok(85.0)),
            (Convert::RatioToPercent, Cell::Text("85%"), Ok(85.0)),
            (Convert::RatioToPercent, Cell::Percent(0.85), Ok(85.0)),
            (Convert::PercentToRatio, Cell::Text("85"), Ok(0.85)),
            (Convert::PercentToRatio, Cell::Text("85%"), Ok(0.85)),
            (Convert::CsatPercentToFive, Cell::Text("75%"), Ok(4.0)),
            (Convert::DaysToHours, Cell::Text("85%"), Err(Rule::NoPercentage)),
        ] {
            let reading = ValueReading { convert: Some(convert), ..ValueReading::default() };
            let mut cells = Cells::new(Wants::Number(PercentIs::Hundred), None, Some(&reading));
            let found = found.map(|number| Some(Found::Number(number)));
            assert_eq!(cells.read(cell, 1), found, "{} {cell:?}", convert.name());
        }
    }

    #[test]
    fn what_is_written_of_a_cell_is_read_the_same() {
        let day = |year, month, day| Cell::Date(NaiveDate::from_ymd_opt(year, month, day).expect("a date"));
        for (wants, date, decimal, cell, written) in [
            (Wants::Money, None, Some(Decimal::Comma), Cell::Number(1.5), "1,5"),
            (Wants::Money, None, Some(Decimal::Comma), Cell::Number(1234.0), "1234"),
            (Wants::Money, None, None, Cell::Number(1.25), "1.25"),
            (Wants::Number(PercentIs::Wrong), None, Some(Decimal::Comma), Cell::Number(1.234), "1,2340"),
            (Wants::Number(PercentIs::Wrong), None, Some(Decimal::Point), Cell::Number(-1.234), "-1.2340"),
            (Wants::Number(PercentIs::Wrong), None, None, Cell::Number(1.234), "1.2340"),
            (Wants::Number(PercentIs::Hundred), None, Some(Decimal::Comma), Cell::Percent(0.075), "7,5%"),
            (Wants::Name, None, Some(Decimal::Comma), Cell::Number(1.5), "1.5"),
            (Wants::Date, None, None, day(2026, 12, 31), "2026-12-31"),
            (Wants::Date, Some("DD.MM.YY"), None, day(2026, 12, 31), "31.12.26"),
            (Wants::Date, Some("D MMM YYYY"), None, day(2026, 5, 1), "01 May 2026"),
            (Wants::Date, Some("excel"), None, Cell::Number(46_387.0), "46387"),
        ] {
            let date = date.map(|text| DateFormat::new(text).expect("a format"));
            let reading = ValueReading { date, decimal, ..ValueReading::default() };
            let mut cells = Cells::new(wants, None, Some(&reading));
            assert_eq!(cells.written(cell), written, "{wants:?} {cell:?}");
            let again = cells.read(Cell::Text(written), 2);
            assert_eq!(cells.read(cell, 1), again, "{wants:?} {cell:?}");
        }
    }

    #[test]
    fn units_tell_what_a_percentage_is() {
        let metric = |unit: Option<&str>, range| Metric {
            unit: unit.map(str::to_owned),
            range,
            ..Metric::new("", Kind::Number)
        };
        for (unit, range, percent) in [
            (Some("% of features"), Some((0.0, 100.0)), PercentIs::Hundred),
            (Some("% change"), Some((-100.0, 300.0)), PercentIs::Hundred),
            (Some("points 0-100"), Some((0.0, 100.0)), PercentIs::Hundred),
            (Some("ratio 0-1"), Some((0.0, 1.0)), PercentIs::One),
            (Some("tickets"), Some((0.0, 300.0)), PercentIs::Wrong),
            (None, None, PercentIs::Wrong),
        ] {
            assert_eq!(PercentIs::of(&metric(unit, range)), percent, "{unit:?}");
        }
    }
}
