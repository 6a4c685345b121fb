//! Rows that are events of customers, put together into one record for each.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::column::{Cells, Found, feed};
use super::plan::Plan;
use super::rows::Rows;
use super::sum::{Event, NamedCurrency, RowFault, Running, Sum, fault_of};
use crate::account::{Field, same_word};
use crate::config::mapping::{Aggregate, Literal, SourceMapping};
use crate::intake::desk::Desk;
use crate::intake::draft::Draft;
use crate::intake::fault::Rule;
use crate::intake::fields::{NodeId, Target};
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

/// A row as it stands in the table, kept for mending.
pub(super) struct KeptRow {
    /// Its number behind the header, from 1.
    pub row: u64,
    pub cells: Vec<String>,
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
        let of = |aggregate| Sum::new(aggregate, source, headers, desk);
        let sums: Vec<Sum<'m>> = aggregates.iter().filter_map(of).collect();
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
        let key = plan.key_mut().and_then(|column| match column.cells.read(rows.cell(column.position), place.line) {
            Ok(Some(Found::Text(key))) => Some(key),
            Ok(_) => None,
            Err(rule) => {
                faults.push(fault_of(column.position, column.node, None, rule));
                None
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
        self.sums.iter().flat_map(Sum::cells)
    }

    /// The same, to be read.
    pub fn cells_mut(&mut self) -> impl Iterator<Item = (usize, &mut Cells<'m>)> {
        self.sums.iter_mut().flat_map(Sum::cells_mut)
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
    // By first appearance, and looked up by name: a table may have very many modules.
    let mut modules: Vec<(&str, Vec<&Fed>)> = Vec::new();
    let mut positions: HashMap<&str, usize> = HashMap::new();
    for value in fed {
        let Some(name) = value.module.as_deref() else { continue };
        let position = *positions.entry(name).or_insert(modules.len());
        match modules.get_mut(position) {
            Some((_, values)) => values.push(value),
            None => modules.push((name, vec![value])),
        }
    }
    for (name, values) in modules {
        draft.module.clear();
        draft.module.push_str(name);
        draft.begin_module();
        for value in values {
            feed(draft, value.node, &value.found);
        }
        draft.end_module();
    }
}
