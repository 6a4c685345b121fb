//! One field that is computed from the rows of a customer, one row after the other.

use chrono::NaiveDate;

use super::column::{Cells, Found, Wants};
use super::plan::resolve;
use super::rows::Rows;
use crate::account::same_word;
use crate::config::mapping::{Aggregate, Convert, Filter, FilterTest, How, Literal, Rates, SourceMapping, same_header};
use crate::intake::desk::Desk;
use crate::intake::fault::{Fault, Rule};
use crate::intake::fields::NodeId;
use crate::intake::ledger::is_same;
use crate::intake::text;

/// One field that is computed from the rows of a customer.
pub(super) struct Sum<'m> {
    pub node: NodeId,
    pub module: Option<String>,
    how: &'m How,
    /// The column that is computed with, and how its cells are read.
    value: Option<(usize, Cells<'m>)>,
    /// The column of the date that decides which row is the latest.
    by: Option<(usize, Cells<'m>)>,
    filters: Vec<(usize, Cells<'m>, &'m FilterTest)>,
    /// What becomes of a count or a share.
    convert: Option<Convert>,
    pub otherwise: Option<&'m Literal>,
}

/// A computation up to the row at hand.
#[derive(Clone, Default)]
pub(super) struct Running {
    /// Rows that meet the filters.
    rows: u64,
    /// Cells with a value.
    values: u64,
    number: f64,
    /// The day that counts so far, of dates the earliest or latest, and the value of its row.
    latest: Option<(NaiveDate, Found<'static>)>,
    /// The currency of the amounts; empty where none is named.
    pub currency: String,
}

/// The row at hand.
pub(super) struct Event<'e, R> {
    pub rows: &'e R,
    pub line: u64,
    pub as_of: NaiveDate,
    /// The currency that a column names for the row.
    pub currency: Option<NamedCurrency<'e>>,
    pub rates: Option<&'e Rates>,
}

/// A currency that stands in a column.
#[derive(Clone, Copy)]
pub(super) struct NamedCurrency<'e> {
    pub column: usize,
    pub node: NodeId,
    pub name: &'e str,
}

/// What is wrong with a cell of a row.
pub(super) struct RowFault {
    pub column: usize,
    pub fault: Fault,
}

impl<'m> Sum<'m> {
    /// What an aggregate computes; nothing where the table lacks what it is about.
    pub fn new(
        aggregate: &'m Aggregate,
        source: Option<&'m SourceMapping>,
        headers: &[String],
        desk: &Desk<'_, '_>,
    ) -> Option<Self> {
        let column = |wanted: &str| headers.iter().position(|header| same_header(header, wanted));
        let to = resolve(&aggregate.path, desk.fields, desk.options.schema)?;
        let wants = Wants::of(to.target, desk.options.schema);
        let cells = |wants| Cells::new(wants, source, Some(&aggregate.reading));
        let plain = |wants| Cells::new(wants, source, None);
        let mut read = aggregate.how.columns();
        let (value, by) = (read.next(), read.next());
        let filters = aggregate.filters.iter().filter_map(|Filter { column: header, test }| {
            let wants = match test {
                FilterTest::Is(_) | FilterTest::Not(_) | FilterTest::Filled | FilterTest::Empty => Wants::Name,
                FilterTest::AtLeast(_) | FilterTest::AtMost(_) => Wants::Number(super::column::PercentIs::Hundred),
                FilterTest::WithinDays(_) => Wants::Date,
            };
            Some((column(header)?, plain(wants), test))
        });
        Some(Self {
            node: to.node,
            module: to.module,
            how: &aggregate.how,
            value: value.and_then(|header| Some((column(header)?, cells(wants)))),
            by: by.and_then(|header| Some((column(header)?, cells(Wants::Date)))),
            filters: filters.collect(),
            convert: aggregate.reading.convert,
            otherwise: aggregate.otherwise.as_ref(),
        })
    }

    /// The cells that it reads, and the positions of their columns.
    pub fn cells(&self) -> impl Iterator<Item = (usize, &Cells<'m>)> {
        let filters = self.filters.iter().map(|(column, cells, _)| (*column, cells));
        self.value.iter().chain(&self.by).map(|(column, cells)| (*column, cells)).chain(filters)
    }

    /// The same, to be read.
    pub fn cells_mut(&mut self) -> impl Iterator<Item = (usize, &mut Cells<'m>)> {
        let filters = self.filters.iter_mut().map(|(column, cells, _)| (*column, cells));
        self.value.iter_mut().chain(&mut self.by).map(|(column, cells)| (*column, cells)).chain(filters)
    }

    /// Takes a row into account; where a cell cannot be read, what is wrong.
    pub fn take<R: Rows>(
        &mut self,
        event: &Event<'_, R>,
        running: &mut Running,
        faults: &mut Vec<RowFault>,
    ) -> Result<(), Box<RowFault>> {
        let Self { node, module, .. } = self;
        let fault = |column: usize, rule: Rule| Box::new(fault_of(column, *node, module.clone(), rule));
        let day = |cells: &mut Cells<'_>, column: usize| {
            let no_date = |rule| match rule {
                Rule::Kind => Rule::NoDate("YYYY-MM-DD".to_owned()),
                rule => rule,
            };
            cells.read(event.rows.cell(column), event.line).map_err(no_date)
        };
        for (column, cells, test) in &mut self.filters {
            let found = match test {
                FilterTest::WithinDays(_) => day(cells, *column),
                _ => cells.read(event.rows.cell(*column), event.line),
            };
            let found = match found {
                Ok(found) => found,
                Err(Rule::CellError) => {
                    faults.push(*fault(*column, Rule::CellError));
                    None
                }
                Err(rule) => return Err(fault(*column, rule)),
            };
            if !holds(test, found.as_ref(), event.as_of) {
                return Ok(());
            }
        }
        running.rows += 1;
        let Some((column, cells)) = &mut self.value else { return Ok(()) };
        let found = cells.read(event.rows.cell(*column), event.line).map_err(|rule| fault(*column, rule))?;
        let Some(mut found) = found else { return Ok(()) };
        let mut currency = String::new();
        if let Found::Money(amount, sign) = found {
            // The latest amount alone counts, in whatever currency the others are.
            let known = if matches!(self.how, How::Latest { .. }) { &mut currency } else { &mut running.currency };
            found = Found::Number(event.amount(amount, sign, known).map_err(|rule| match event.currency {
                Some(named) if sign.is_none() => Box::new(fault_of(named.column, named.node, None, rule)),
                _ => fault(*column, rule),
            })?);
        }
        if let How::Latest { .. } = self.how {
            let Some((column, cells)) = &mut self.by else { return Ok(()) };
            let day = day(cells, *column).map_err(|rule| fault(*column, rule))?;
            let Some(Found::Day(day)) = day else { return Ok(()) };
            // Of two on one day, the one further down counts.
            if running.latest.as_ref().is_none_or(|(latest, _)| day >= *latest) {
                running.latest = Some((day, found.into_owned()));
                running.currency = currency;
            }
            return Ok(());
        }
        if let Found::Day(day) = found {
            let kept = match (&running.latest, self.how) {
                (None, _) => day,
                (Some((kept, _)), How::Min { .. }) => day.min(*kept),
                (Some((kept, _)), _) => day.max(*kept),
            };
            running.latest = Some((kept, Found::Day(kept)));
            return Ok(());
        }
        let number = match found {
            Found::Number(number) => number,
            Found::Flag(flag) => f64::from(u8::from(flag)),
            _ => return Err(fault(*column, Rule::Kind)),
        };
        running.number = match self.how {
            _ if running.values == 0 => number,
            How::Min { .. } => running.number.min(number),
            How::Max { .. } => running.number.max(number),
            _ => running.number + number,
        };
        running.values += 1;
        Ok(())
    }

    /// What the rows of a customer come to; nothing where none has a value.
    pub fn result(&self, running: &Running, rows: u64) -> Option<Found<'static>> {
        let converted = |number: f64| self.convert.map_or(number, |convert| convert.apply(number));
        let number = match self.how {
            How::Count => converted(running.rows as f64),
            How::Share if rows > 0 => converted(running.rows as f64 / rows as f64),
            How::Latest { .. } | How::Min { .. } | How::Max { .. } if running.latest.is_some() => {
                return running.latest.as_ref().map(|(_, found)| found.clone());
            }
            _ if running.values == 0 => return None,
            How::Mean { .. } => running.number / running.values as f64,
            _ => running.number,
        };
        Some(Found::Number(number))
    }
}

impl<R: Rows> Event<'_, R> {
    /// What an amount counts for: in the base where there are rates, else in the currency that is `known` of the customer's others.
    fn amount(&self, amount: f64, sign: Option<&str>, known: &mut String) -> Result<f64, Rule> {
        let currency = match (sign, self.currency.map(|named| named.name)) {
            (Some(sign), Some(name)) if !is_same(&name.to_uppercase(), sign) => {
                return Err(Rule::OtherCurrency(text::plain(name)));
            }
            (_, Some(name)) => name,
            (Some(sign), None) => sign,
            (None, None) => return Ok(amount),
        };
        if let Some(rates) = self.rates {
            let rate = rates.rate(currency).ok_or_else(|| Rule::NoRate(rates.currencies().join(", ")))?;
            known.clone_from(&rates.base);
            return Ok(amount * rate);
        }
        if !known.is_empty() && !is_same(&known.to_uppercase(), currency) {
            return Err(Rule::OtherCurrency(text::plain(known)));
        }
        // A code says more than a sign before it.
        if known.is_empty() || known == "$" {
            currency.clone_into(known);
        }
        Ok(amount)
    }
}

/// Whether a cell meets a condition.
fn holds(test: &FilterTest, found: Option<&Found<'_>>, as_of: NaiveDate) -> bool {
    let shown = match found {
        Some(Found::Text(shown)) => Some(shown.as_ref()),
        _ => None,
    };
    let is_one = |words: &[String]| shown.is_some_and(|shown| words.iter().any(|word| same_word(word, shown)));
    match (test, found) {
        (FilterTest::Is(words), _) => is_one(words),
        (FilterTest::Not(words), _) => !is_one(words),
        (FilterTest::Filled, found) => found.is_some(),
        (FilterTest::Empty, found) => found.is_none(),
        (FilterTest::AtLeast(least), Some(Found::Number(number))) => number >= least,
        (FilterTest::AtMost(most), Some(Found::Number(number))) => number <= most,
        (FilterTest::WithinDays(days), Some(Found::Day(day))) => {
            let age = (as_of - *day).num_days();
            age >= 0 && age as f64 <= *days
        }
        _ => false,
    }
}

/// A fault of a cell in a column.
pub(super) fn fault_of(column: usize, node: NodeId, module: Option<String>, rule: Rule) -> RowFault {
    RowFault { column, fault: Fault { node, module, item: None, key: None, rule } }
}
