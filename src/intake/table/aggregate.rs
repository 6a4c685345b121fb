//! Rows that are events of customers, put together into one record for each.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::column::{Cells, Column, Found, Wants, as_text, feed, is_id};
use super::plan::{Plan, resolve};
use super::rows::Rows;
use crate::account::same_word;
use crate::config::mapping::{Aggregate, Convert, Filter, FilterTest, How, Literal, SourceMapping, same_header};
use crate::intake::desk::Desk;
use crate::intake::draft::Draft;
use crate::intake::fault::Rule;
use crate::intake::fields::{NodeId, Target};

/// What is known of the customers of a table with several rows for each.
pub(super) struct Groups<'m> {
    sums: Vec<Sum<'m>>,
    /// The columns that are not put together: of each the first cell that is filled counts.
    plain: usize,
    numbers: HashMap<String, usize>,
    customers: Vec<Customer>,
    /// Rows that do not say whose they are.
    pub rows_without_key: u64,
    as_of: NaiveDate,
}

/// One field that is computed from the rows of a customer.
struct Sum<'m> {
    node: NodeId,
    module: Option<String>,
    how: Kind,
    /// The column that is computed with, and how its cells are read.
    value: Option<(usize, Cells<'m>)>,
    /// The column of the date that decides which row is the latest.
    by: Option<(usize, Cells<'m>)>,
    filters: Vec<(usize, Cells<'m>, &'m FilterTest)>,
    /// What becomes of a count or a share.
    convert: Option<Convert>,
    otherwise: Option<&'m Literal>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Count,
    Share,
    Sum,
    Mean,
    Min,
    Max,
    Latest,
}

/// One customer.
struct Customer {
    line: u64,
    is_invalid: bool,
    rows: u64,
    plain: Vec<Option<Found<'static>>>,
    sums: Vec<Running>,
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
            let (how, value, by) = match &aggregate.how {
                How::Count => (Kind::Count, None, None),
                How::Share => (Kind::Share, None, None),
                How::Sum { column } => (Kind::Sum, Some(column), None),
                How::Mean { column } => (Kind::Mean, Some(column), None),
                How::Min { column } => (Kind::Min, Some(column), None),
                How::Max { column } => (Kind::Max, Some(column), None),
                How::Latest { column, by } => (Kind::Latest, Some(column), Some(by)),
            };
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
                how,
                value: value.and_then(|header| Some((column(header)?, cells(wants)))),
                by: by.and_then(|header| Some((column(header)?, cells(Wants::Date)))),
                filters: filters.collect(),
                convert: aggregate.reading.convert,
                otherwise: aggregate.otherwise.as_ref(),
            })
        });
        Some(Self {
            sums: sums.collect(),
            plain: 0,
            numbers: HashMap::new(),
            customers: Vec::new(),
            rows_without_key: 0,
            as_of: desk.options.as_of,
        })
    }

    /// Adds the row at hand; gives what is wrong with its cells: the column, the rule and the field.
    pub fn add<R: Rows>(
        &mut self,
        rows: &R,
        plan: &mut Plan<'m>,
        line: u64,
        desk: &mut Desk<'_, '_>,
    ) -> Vec<(usize, Rule, NodeId)> {
        let mut faults = Vec::new();
        let is_key = |column: &Column<'_>| {
            let targets = &desk.fields.node(column.node).targets;
            if desk.options.key == &crate::intake::Key::Id {
                targets.iter().any(|target| is_id(*target))
            } else {
                targets.contains(&Target::Key)
            }
        };
        let key = plan.columns.iter().find(|column| is_key(column)).map(|column| as_text(rows.cell(column.position)));
        let Some(key) = key.filter(|key| !key.is_empty()) else {
            self.rows_without_key += 1;
            return faults;
        };
        desk.draft.account.id.push_str(&key);
        self.plain = plan.all().count();
        let number = match self.numbers.get(key.as_ref()) {
            Some(number) => *number,
            None => {
                self.numbers.insert(key.into_owned(), self.customers.len());
                self.customers.push(Customer {
                    line,
                    is_invalid: false,
                    rows: 0,
                    plain: vec![None; self.plain],
                    sums: vec![Running::default(); self.sums.len()],
                });
                self.customers.len() - 1
            }
        };
        let customer = &mut self.customers[number];
        customer.rows += 1;
        let mut fault = |customer: &mut Customer, column: usize, rule: Rule, node: NodeId| {
            customer.is_invalid |= rule.severity() == crate::intake::Severity::Error;
            faults.push((column, rule, node));
        };
        for (place, column) in plan.all_mut().enumerate() {
            if customer.plain[place].is_some() {
                continue;
            }
            match column.cells.read(rows.cell(column.position), line) {
                Ok(None) => {}
                Ok(Some(found)) => customer.plain[place] = Some(found.into_owned()),
                Err(rule) => fault(customer, column.position, rule, column.node),
            }
        }
        for (place, sum) in self.sums.iter_mut().enumerate() {
            match sum.take(rows, line, self.as_of, &mut customer.sums[place]) {
                Ok(()) => {}
                Err((column, rule)) => fault(customer, column, rule, sum.node),
            }
        }
        faults
    }

    /// The positions of the customers, in the order of their first rows.
    pub fn customers(&self) -> std::ops::Range<usize> {
        0..self.customers.len()
    }

    /// The line of a customer's first row.
    pub fn line(&self, customer: usize) -> u64 {
        self.customers.get(customer).map_or(0, |customer| customer.line)
    }

    /// Fills a draft with what the rows of a customer give; false where one of them has an error.
    pub fn fill(&self, customer: usize, plan: &Plan<'_>, draft: &mut Draft<'_>) -> bool {
        draft.clear();
        let Some(customer) = self.customers.get(customer) else { return false };
        let mut fed: Vec<Fed<'_>> = Vec::new();
        for (column, found) in plan.all().zip(&customer.plain) {
            if let Some(found) = found {
                fed.push(Fed { node: column.node, module: column.module.as_deref(), found: found.clone() });
            }
        }
        for (sum, running) in self.sums.iter().zip(&customer.sums) {
            if let Some(found) = sum.result(running, customer.rows) {
                fed.push(Fed { node: sum.node, module: sum.module.as_deref(), found });
            }
        }
        feed_all(draft, &fed);
        !customer.is_invalid
    }

    /// Fills a draft with what customers have that have no row; whether there is anything.
    pub fn fill_otherwise(&self, draft: &mut Draft<'_>) -> bool {
        draft.clear();
        let fed: Vec<Fed<'_>> = self
            .sums
            .iter()
            .filter_map(|sum| {
                let found = match sum.otherwise? {
                    Literal::Number(number) => Found::Number(*number),
                    Literal::Text(text) => Found::Text(text.as_str().into()),
                    Literal::Flag(flag) => Found::Flag(*flag),
                };
                Some(Fed { node: sum.node, module: sum.module.as_deref(), found })
            })
            .collect();
        feed_all(draft, &fed);
        !fed.is_empty()
    }
}

/// A value on its way to a field.
struct Fed<'f> {
    node: NodeId,
    module: Option<&'f str>,
    found: Found<'f>,
}

/// Gives values to a draft, those of a module together.
fn feed_all(draft: &mut Draft<'_>, fed: &[Fed<'_>]) {
    for value in fed.iter().filter(|value| value.module.is_none()) {
        feed(draft, value.node, &value.found);
    }
    let mut modules: Vec<&str> = Vec::new();
    for name in fed.iter().filter_map(|value| value.module) {
        if modules.contains(&name) {
            continue;
        }
        modules.push(name);
        draft.module.clear();
        draft.module.push_str(name);
        draft.begin_module();
        for value in fed.iter().filter(|value| value.module == Some(name)) {
            feed(draft, value.node, &value.found);
        }
        draft.end_module();
    }
}

impl Sum<'_> {
    /// Takes a row into account; where a cell cannot be read, its column and what is wrong.
    fn take<R: Rows>(
        &mut self,
        rows: &R,
        line: u64,
        as_of: NaiveDate,
        running: &mut Running,
    ) -> Result<(), (usize, Rule)> {
        for (column, cells, test) in &mut self.filters {
            let cell = rows.cell(*column);
            let found = match cells.read(cell, line) {
                Ok(found) => found,
                Err(Rule::CellError) => None,
                Err(rule) if matches!(test, FilterTest::WithinDays(_)) => return Err((*column, no_date(rule))),
                Err(rule) => return Err((*column, rule)),
            };
            if !holds(test, found.as_ref(), as_of) {
                return Ok(());
            }
        }
        running.rows += 1;
        let Some((column, cells)) = &mut self.value else { return Ok(()) };
        let Some(found) = cells.read(rows.cell(*column), line).map_err(|rule| (*column, rule))? else { return Ok(()) };
        if self.how == Kind::Latest {
            let Some((column, cells)) = &mut self.by else { return Ok(()) };
            let day = cells.read(rows.cell(*column), line).map_err(|rule| (*column, no_date(rule)))?;
            let Some(Found::Day(day)) = day else { return Ok(()) };
            // Of two on one day, the one further down counts.
            if day <= as_of && running.latest.as_ref().is_none_or(|(latest, _)| day >= *latest) {
                running.latest = Some((day, found.into_owned()));
            }
            return Ok(());
        }
        if let Found::Day(day) = found {
            let kept = match (&running.latest, self.how) {
                (None, _) => day,
                (Some((kept, _)), Kind::Min) => day.min(*kept),
                (Some((kept, _)), _) => day.max(*kept),
            };
            running.latest = Some((kept, Found::Day(kept)));
            return Ok(());
        }
        let number = match found {
            Found::Number(number) | Found::Money(number, _) => number,
            Found::Flag(flag) => f64::from(u8::from(flag)),
            _ => return Err((*column, Rule::Kind)),
        };
        running.number = match self.how {
            _ if running.values == 0 => number,
            Kind::Min => running.number.min(number),
            Kind::Max => running.number.max(number),
            _ => running.number + number,
        };
        running.values += 1;
        Ok(())
    }

    /// What the rows of a customer come to; nothing where none has a value.
    fn result(&self, running: &Running, rows: u64) -> Option<Found<'static>> {
        let converted = |number: f64| self.convert.map_or(number, |convert| convert.apply(number));
        let number = match self.how {
            Kind::Count => converted(running.rows as f64),
            Kind::Share if rows > 0 => converted(running.rows as f64 / rows as f64),
            Kind::Latest | Kind::Min | Kind::Max if running.latest.is_some() => {
                return running.latest.as_ref().map(|(_, found)| found.clone());
            }
            _ if running.values == 0 => return None,
            Kind::Mean => running.number / running.values as f64,
            _ => running.number,
        };
        Some(Found::Number(number))
    }
}

/// The rule about a cell that should hold a date, whatever its field wants.
fn no_date(rule: Rule) -> Rule {
    if rule == Rule::Kind { Rule::NoDate("YYYY-MM-DD".to_owned()) } else { rule }
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
