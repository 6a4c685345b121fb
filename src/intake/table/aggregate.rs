//! Rows that are events of customers, put together into one record for each.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::column::{Cells, Column, Found, Wants, feed, is_id};
use super::plan::{Plan, resolve};
use super::rows::Rows;
use crate::account::{Field, same_word};
use crate::config::mapping::{Aggregate, Convert, Filter, FilterTest, How, Literal, Rates, SourceMapping, same_header};
use crate::intake::desk::Desk;
use crate::intake::draft::Draft;
use crate::intake::fault::{Fault, Rule};
use crate::intake::fields::{NodeId, Target};
use crate::intake::ledger::is_same;
use crate::intake::problem::Severity;
use crate::intake::text;

/// What is known of the customers of a table with several rows for each.
pub(super) struct Groups<'m> {
    sums: Vec<Sum<'m>>,
    numbers: HashMap<Arc<str>, usize>,
    customers: Vec<Customer>,
    /// How many rows do not say whose they are, and the line of the first.
    pub nameless: (u64, u64),
    /// Rows that are left out and of which nothing tells whose they are, where they are kept for mending.
    pub refused: Vec<KeptRow>,
    /// The field that names currencies, where amounts are computed with.
    currency: Option<NodeId>,
    as_of: NaiveDate,
}

/// One field that is computed from the rows of a customer.
struct Sum<'m> {
    node: NodeId,
    module: Option<String>,
    how: &'m How,
    /// The column that is computed with, and how its cells are read.
    value: Option<(usize, Cells<'m>)>,
    /// The column of the date that decides which row is the latest.
    by: Option<(usize, Cells<'m>)>,
    filters: Vec<(usize, Cells<'m>, &'m FilterTest)>,
    /// What becomes of a count or a share.
    convert: Option<Convert>,
    otherwise: Option<&'m Literal>,
}

/// A row as it stands in the table, kept for mending.
pub(super) struct KeptRow {
    /// Its number behind the header, from 1.
    pub row: u64,
    pub cells: Vec<String>,
}

/// What is wrong with a cell of a row.
pub(super) struct RowFault {
    pub column: usize,
    pub fault: Fault,
}

/// Where a row stands: its line, and its number behind the header.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub line: u64,
    pub row: u64,
}

/// One customer.
struct Customer {
    key: Arc<str>,
    first: Place,
    is_invalid: bool,
    rows: u64,
    plain: Vec<Option<Plain>>,
    sums: Vec<Running>,
    kept: Vec<KeptRow>,
}

/// The first filled cell of a customer in a column that is not computed with.
struct Plain {
    found: Found<'static>,
    place: Place,
    /// Whether another row has something else, which is told once.
    is_told: bool,
}

/// A computation up to the row at hand.
#[derive(Clone, Default)]
struct Running {
    /// Rows that meet the filters.
    rows: u64,
    /// Cells with a value.
    values: u64,
    number: f64,
    /// The day that counts so far, of dates the earliest or latest, and the value of its row.
    latest: Option<(NaiveDate, Found<'static>)>,
    /// The currency of the amounts; empty where none is named.
    currency: String,
}

/// The row at hand.
struct Event<'e, R> {
    rows: &'e R,
    line: u64,
    as_of: NaiveDate,
    /// The currency that a column names for the row.
    currency: Option<NamedCurrency<'e>>,
    rates: Option<&'e Rates>,
}

/// A currency that stands in a column.
#[derive(Clone, Copy)]
struct NamedCurrency<'e> {
    column: usize,
    node: NodeId,
    name: &'e str,
}

impl<'m> Groups<'m> {
    /// The groups of a source whose mapping computes fields from rows; nothing where it computes none.
    pub fn new(
        aggregates: &'m [Aggregate],
        source: Option<&'m SourceMapping>,
        headers: &[String],
        desk: &Desk<'_, '_>,
    ) -> Option<Self> {
        if aggregates.is_empty() {
            return None;
        }
        let column = |wanted: &str| headers.iter().position(|header| same_header(header, wanted));
        let sums = aggregates.iter().filter_map(|aggregate| {
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
            Some(Sum {
                node: to.node,
                module: to.module,
                how: &aggregate.how,
                value: value.and_then(|header| Some((column(header)?, cells(wants)))),
                by: by.and_then(|header| Some((column(header)?, cells(Wants::Date)))),
                filters: filters.collect(),
                convert: aggregate.reading.convert,
                otherwise: aggregate.otherwise.as_ref(),
            })
        });
        let sums: Vec<Sum<'m>> = sums.collect();
        let arr = Target::Field(Field::Arr);
        let has_amounts = sums.iter().any(|sum| desk.fields.node(sum.node).targets.contains(&arr));
        Some(Self {
            currency: has_amounts.then(|| desk.fields.find(Target::Field(Field::Currency))),
            sums,
            numbers: HashMap::new(),
            customers: Vec::new(),
            nameless: (0, 0),
            refused: Vec::new(),
            as_of: desk.options.as_of,
        })
    }

    /// Adds the row at hand; gives its customer, where the row says whose it is, and what is wrong with its cells.
    pub fn add<R: Rows>(
        &mut self,
        rows: &R,
        plan: &mut Plan<'m>,
        row: u64,
        desk: &mut Desk<'_, '_>,
    ) -> (Option<usize>, Vec<RowFault>) {
        let place = Place { line: rows.line(), row };
        let mut faults = Vec::new();
        let is_key = |column: &Column<'_>| {
            let targets = &desk.fields.node(column.node).targets;
            if desk.options.key == &crate::intake::Key::Id {
                targets.iter().any(|target| is_id(*target))
            } else {
                targets.contains(&Target::Key)
            }
        };
        let key = plan.columns.iter_mut().find(|column| is_key(column)).and_then(|column| {
            match column.cells.read(rows.cell(column.position), place.line) {
                Ok(Some(Found::Text(key))) => Some(key),
                Ok(_) => None,
                Err(rule) => {
                    faults.push(fault_of(column.position, column.node, None, rule));
                    None
                }
            }
        });
        let Some(key) = key else {
            if self.nameless.0 == 0 {
                self.nameless.1 = place.line;
            }
            self.nameless.0 += 1;
            return (None, faults);
        };
        desk.draft.account.id.push_str(&key);
        let number = self.customer(&key, place, plan);
        let Some(customer) = self.customers.get_mut(number) else { return (None, faults) };
        customer.rows += 1;
        let mut currency = None;
        for (column, kept) in plan.all_mut().zip(&mut customer.plain) {
            let found = match column.cells.read(rows.cell(column.position), place.line) {
                Ok(None) => continue,
                Ok(Some(found)) => found,
                Err(rule) => {
                    faults.push(fault_of(column.position, column.node, column.module.clone(), rule));
                    continue;
                }
            };
            // Amounts may have several currencies where there are rates, and are checked where there are none.
            let is_currency = self.currency == Some(column.node);
            if is_currency && let Found::Text(name) = &found {
                currency = Some((column.position, column.node, name.to_string()));
            }
            match kept {
                None => *kept = Some(Plain { found: found.into_owned(), place, is_told: false }),
                Some(kept) if !is_currency && !kept.is_told && !is_alike(&kept.found, &found) => {
                    kept.is_told = true;
                    let rule = Rule::OtherRow { record: kept.place.row, first: described(&kept.found) };
                    faults.push(fault_of(column.position, column.node, column.module.clone(), rule));
                }
                Some(_) => {}
            }
        }
        let currency = currency.as_ref().map(|(column, node, name)| NamedCurrency {
            column: *column,
            node: *node,
            name: name.trim(),
        });
        let event = Event { rows, line: place.line, as_of: self.as_of, currency, rates: desk.options.rates };
        for (sum, running) in self.sums.iter_mut().zip(&mut customer.sums) {
            if let Err(fault) = sum.take(&event, running, &mut faults) {
                faults.push(*fault);
            }
        }
        customer.is_invalid |= faults.iter().any(|fault| fault.fault.rule.severity() == Severity::Error);
        (Some(number), faults)
    }

    /// The position of a customer; of a new one, whose first row stands at a place.
    fn customer(&mut self, key: &str, place: Place, plan: &Plan<'_>) -> usize {
        if let Some(number) = self.numbers.get(key) {
            return *number;
        }
        let key: Arc<str> = key.into();
        self.numbers.insert(key.clone(), self.customers.len());
        self.customers.push(Customer {
            key,
            first: place,
            is_invalid: false,
            rows: 0,
            plain: plan.all().map(|_| None).collect(),
            sums: vec![Running::default(); self.sums.len()],
            kept: Vec::new(),
        });
        self.customers.len() - 1
    }

    /// Leaves a customer out since a row of it cannot be read; gives the customer.
    pub fn refuse(&mut self, key: &str, place: Place, plan: &Plan<'_>) -> usize {
        let number = self.customer(key, place, plan);
        if let Some(customer) = self.customers.get_mut(number) {
            customer.is_invalid = true;
        }
        number
    }

    /// Keeps a row for mending: that of a customer, or one that is left out as nothing tells whose it is.
    pub fn keep(&mut self, customer: Option<usize>, row: KeptRow) {
        match customer.and_then(|customer| self.customers.get_mut(customer)) {
            Some(customer) => customer.kept.push(row),
            None => self.refused.push(row),
        }
    }

    /// Takes the rows of a customer that were kept.
    pub fn take_kept(&mut self, customer: usize) -> Vec<KeptRow> {
        self.customers.get_mut(customer).map(|customer| std::mem::take(&mut customer.kept)).unwrap_or_default()
    }

    /// The positions of the customers, in the order of their first rows.
    pub fn customers(&self) -> std::ops::Range<usize> {
        0..self.customers.len()
    }

    /// What a customer's rows are joined by, and where the first of them stands.
    pub fn first(&self, customer: usize) -> Option<(Arc<str>, Place)> {
        self.customers.get(customer).map(|customer| (customer.key.clone(), customer.first))
    }

    /// The cells that are computed with or looked at, and the positions of their columns.
    pub fn cells(&self) -> impl Iterator<Item = (usize, &Cells<'m>)> {
        self.sums.iter().flat_map(|sum| {
            let filters = sum.filters.iter().map(|(column, cells, _)| (*column, cells));
            sum.value.iter().chain(&sum.by).map(|(column, cells)| (*column, cells)).chain(filters)
        })
    }

    /// The same, to be read.
    pub fn cells_mut(&mut self) -> impl Iterator<Item = (usize, &mut Cells<'m>)> {
        self.sums.iter_mut().flat_map(|sum| {
            let filters = sum.filters.iter_mut().map(|(column, cells, _)| (*column, cells));
            sum.value.iter_mut().chain(&mut sum.by).map(|(column, cells)| (*column, cells)).chain(filters)
        })
    }

    /// What the rows of a customer come to; nothing where one of them has an error.
    pub fn result(&self, customer: usize, plan: &Plan<'_>) -> Option<Vec<Fed>> {
        let customer = self.customers.get(customer).filter(|customer| !customer.is_invalid)?;
        let mut fed = Vec::new();
        for (column, plain) in plan.all().zip(&customer.plain) {
            if let Some(Plain { found, place, .. }) = plain {
                let module = column.module.clone();
                fed.push(Fed { node: column.node, module, found: found.clone(), line: place.line });
            }
        }
        for (sum, running) in self.sums.iter().zip(&customer.sums) {
            if let Some(found) = sum.result(running, customer.rows) {
                let line = customer.first.line;
                fed.push(Fed { node: sum.node, module: sum.module.clone(), found, line });
                if let Some(named) = self.currency.filter(|_| !running.currency.is_empty()) {
                    fed.retain(|fed| fed.node != named);
                    let found = Found::Text(running.currency.clone().into());
                    fed.push(Fed { node: named, module: None, found, line });
                }
            }
        }
        Some(fed)
    }

    /// What customers have that have no row.
    pub fn otherwise(&self) -> Vec<Fed> {
        let literal = |literal: &Literal| match literal {
            Literal::Number(number) => Found::Number(*number),
            Literal::Text(text) => Found::Text(text.clone().into()),
            Literal::Flag(flag) => Found::Flag(*flag),
        };
        let of = |sum: &Sum<'_>| {
            Some(Fed { node: sum.node, module: sum.module.clone(), found: literal(sum.otherwise?), line: 0 })
        };
        self.sums.iter().filter_map(of).collect()
    }
}

/// A value on its way to a field.
pub(super) struct Fed {
    pub node: NodeId,
    pub module: Option<String>,
    pub found: Found<'static>,
    /// The line of its row, or of the first of its rows.
    pub line: u64,
}

fn fault_of(column: usize, node: NodeId, module: Option<String>, rule: Rule) -> RowFault {
    RowFault { column, fault: Fault { node, module, item: None, rule } }
}

/// Whether two rows say the same of a customer: case makes no difference.
fn is_alike(ours: &Found<'_>, theirs: &Found<'_>) -> bool {
    match (ours, theirs) {
        (Found::Text(ours), Found::Text(theirs)) | (Found::Texts(ours), Found::Texts(theirs)) => {
            same_word(ours, theirs)
        }
        _ => ours == theirs,
    }
}

/// A value, for a message.
pub(super) fn described(found: &Found<'_>) -> String {
    match found {
        Found::Number(number) | Found::Money(number, _) => number.to_string(),
        Found::Flag(flag) => flag.to_string(),
        Found::Day(day) => day.to_string(),
        Found::Text(shown) | Found::Texts(shown) => text::quoted(shown),
    }
}

/// Gives values to a draft, those of a module together.
pub(super) fn feed_all(draft: &mut Draft<'_>, fed: &[Fed]) {
    for value in fed.iter().filter(|value| value.module.is_none()) {
        feed(draft, value.node, &value.found);
    }
    let mut modules: Vec<&str> = Vec::new();
    for name in fed.iter().filter_map(|value| value.module.as_deref()) {
        if modules.contains(&name) {
            continue;
        }
        modules.push(name);
        draft.module.clear();
        draft.module.push_str(name);
        draft.begin_module();
        for value in fed.iter().filter(|value| value.module.as_deref() == Some(name)) {
            feed(draft, value.node, &value.found);
        }
        draft.end_module();
    }
}

impl Sum<'_> {
    /// Takes a row into account; where a cell cannot be read, what is wrong.
    fn take<R: Rows>(
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
    fn result(&self, running: &Running, rows: u64) -> Option<Found<'static>> {
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
