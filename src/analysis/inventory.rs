//! What a portfolio's data is like: what is filled, how it is distributed, what looks odd. Nothing is scored.

use std::collections::HashMap;

use crate::account::{Account, Kind, Schema};
use crate::engine::Value;

/// Counts what accounts hold, metric by metric. Of numbers every value is kept, 8 bytes each, for their median.
#[derive(Debug, Clone)]
pub struct Inventory<'m> {
    schema: &'m Schema,
    accounts: Vec<AccountCoverage>,
    metrics: Vec<MetricCount>,
    names: HashMap<String, Vec<String>>,
}

/// How much is known of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountCoverage {
    /// The customer's id.
    pub id: String,
    /// The customer's name.
    pub name: String,
    /// How many of the metrics that can be read it has.
    pub filled: usize,
    /// How many can be read.
    pub metrics: usize,
}

impl AccountCoverage {
    /// Metrics that it has ÷ metrics that can be read, 0–1.
    pub fn share(&self) -> f64 {
        if self.metrics == 0 { 0.0 } else { self.filled as f64 / self.metrics as f64 }
    }
}

#[derive(Debug, Clone, Default)]
struct MetricCount {
    filled: u64,
    numbers: Vec<f64>,
}

/// What is known of one metric over all accounts.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricCoverage {
    /// The position of the metric in the schema.
    pub metric: usize,
    /// Accounts that have it.
    pub filled: u64,
    /// Accounts in all.
    pub accounts: u64,
    /// Least, middle and greatest value, where it is a number that some account has.
    pub spread: Option<[f64; 3]>,
    /// What its unit looks like, where that is not the metric's.
    pub odd_unit: Option<OddUnit>,
}

impl MetricCoverage {
    /// Accounts that have it ÷ accounts, 0–1.
    pub fn share(&self) -> f64 {
        if self.accounts == 0 { 0.0 } else { self.filled as f64 / self.accounts as f64 }
    }
}

/// A unit that values seem to have in place of the metric's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OddUnit {
    /// Shares from 0 to 1, where percentages belong.
    Ratio,
    /// Percentages, where shares from 0 to 1 belong.
    Percent,
    /// A net score from −100 to 100, where 0 to 10 belongs.
    NetScore,
    /// Points from 1 to 10, where 1 to 5 belong.
    TenPoints,
    /// Percentages, where 1 to 5 belong.
    PercentOfFive,
}

/// From so many values on, what they look like is said.
const FEWEST: usize = 5;

impl OddUnit {
    /// What values look like, by the plausible range of their metric and their least, middle and greatest value (our choice).
    fn of(range: (f64, f64), [least, middle, greatest]: [f64; 3]) -> Option<Self> {
        match range {
            (0.0, 100.0) if least >= 0.0 && greatest <= 1.0 && greatest > 0.0 => Some(Self::Ratio),
            (0.0, 1.0) if middle > 1.0 && greatest <= 100.0 => Some(Self::Percent),
            (0.0, 10.0) if least < 0.0 || greatest > 10.0 => Some(Self::NetScore),
            (1.0, 5.0) if greatest > 10.0 => Some(Self::PercentOfFive),
            (1.0, 5.0) if greatest > 5.0 => Some(Self::TenPoints),
            _ => None,
        }
    }
}

impl<'m> Inventory<'m> {
    /// Nothing yet, of the metrics of a schema.
    pub fn new(schema: &'m Schema) -> Self {
        let metrics = vec![MetricCount::default(); schema.metrics().len()];
        Self { schema, accounts: Vec::new(), metrics, names: HashMap::new() }
    }

    /// Adds an account.
    pub fn add(&mut self, account: &Account) {
        let mut coverage =
            AccountCoverage { id: account.id.clone(), name: account.name.clone(), filled: 0, metrics: 0 };
        for ((slot, metric), count) in self.schema.slots().zip(&mut self.metrics) {
            if metric.derived.is_some() {
                continue;
            }
            coverage.metrics += 1;
            let value = account.row.get(slot);
            if value.is_absent() {
                continue;
            }
            coverage.filled += 1;
            count.filled += 1;
            if let Value::Number(number) = value {
                count.numbers.push(number);
            }
        }
        self.accounts.push(coverage);
        if account.name != "Unknown" {
            self.names.entry(account.name.to_lowercase()).or_default().push(account.id.clone());
        }
    }

    /// The accounts, in input order.
    pub fn accounts(&self) -> &[AccountCoverage] {
        &self.accounts
    }

    /// The accounts of which least is known first; of equal ones in input order.
    pub fn least_known(&self) -> Vec<&AccountCoverage> {
        let mut accounts: Vec<&AccountCoverage> = self.accounts.iter().collect();
        accounts.sort_by_key(|account| account.filled);
        accounts
    }

    /// Names, in lower case, that several customers have, with their ids, in alphabetical order.
    pub fn shared_names(&self) -> Vec<(&str, &[String])> {
        let several = self.names.iter().filter(|(_, ids)| ids.len() > 1);
        let mut several: Vec<(&str, &[String])> = several.map(|(name, ids)| (name.as_str(), ids.as_slice())).collect();
        several.sort_unstable();
        several
    }

    /// The metrics that can be read, in the order of the schema.
    pub fn metrics(&self) -> Vec<MetricCoverage> {
        let accounts = self.accounts.len() as u64;
        let counts = self.schema.metrics().iter().zip(&self.metrics).enumerate();
        let read = counts.filter(|(_, (metric, _))| metric.derived.is_none());
        read.map(|(position, (metric, count))| {
            let mut numbers = count.numbers.clone();
            numbers.sort_unstable_by(f64::total_cmp);
            let spread = spread(&numbers).filter(|_| metric.kind == Kind::Number);
            let odd_unit = match (spread, metric.range) {
                (Some(spread), Some(range)) if numbers.len() >= FEWEST => OddUnit::of(range, spread),
                _ => None,
            };
            MetricCoverage { metric: position, filled: count.filled, accounts, spread, odd_unit }
        })
        .collect()
    }
}

/// The least, the middle and the greatest of ordered numbers; of two in the middle their mean.
fn spread(numbers: &[f64]) -> Option<[f64; 3]> {
    let (least, greatest) = (*numbers.first()?, *numbers.last()?);
    let middle = f64::midpoint(numbers[(numbers.len() - 1) / 2], numbers[numbers.len() / 2]);
    Some([least, middle, greatest])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Metric;
    use crate::engine::Slot;

    #[test]
    fn units_that_look_odd_are_named() {
        for (range, spread, odd) in [
            ((0.0, 100.0), [0.0, 0.5, 1.0], Some(OddUnit::Ratio)),
            ((0.0, 100.0), [0.0, 0.0, 0.0], None),
            ((0.0, 100.0), [0.0, 0.5, 1.01], None),
            ((0.0, 1.0), [0.5, 1.01, 100.0], Some(OddUnit::Percent)),
            ((0.0, 1.0), [0.5, 1.0, 100.0], None),
            ((0.0, 1.0), [0.5, 2.0, 101.0], None),
            ((0.0, 10.0), [-0.1, 5.0, 10.0], Some(OddUnit::NetScore)),
            ((0.0, 10.0), [0.0, 5.0, 10.1], Some(OddUnit::NetScore)),
            ((0.0, 10.0), [0.0, 5.0, 10.0], None),
            ((1.0, 5.0), [1.0, 4.0, 5.0], None),
            ((1.0, 5.0), [1.0, 4.0, 5.1], Some(OddUnit::TenPoints)),
            ((1.0, 5.0), [1.0, 8.0, 10.0], Some(OddUnit::TenPoints)),
            ((1.0, 5.0), [1.0, 8.0, 10.1], Some(OddUnit::PercentOfFive)),
            ((0.0, 300.0), [0.0, 0.5, 1.0], None),
        ] {
            assert_eq!(OddUnit::of(range, spread), odd, "{range:?} {spread:?}");
        }
    }

    #[test]
    fn metrics_and_accounts_are_counted() {
        let metric = |path: &str, kind| Metric { range: Some((0.0, 100.0)), ..Metric::new(path, kind) };
        let schema = Schema::new(vec![metric("a.x", Kind::Number), metric("a.y", Kind::Flag)]);
        let mut inventory = Inventory::new(&schema);
        for (id, name, x, y) in [
            ("1", "Acme", Some(4.0), Some(true)),
            ("2", "ACME", Some(1.0), None),
            ("3", "Unknown", None, None),
            ("4", "Unknown", Some(2.0), None),
        ] {
            let mut account = Account { id: id.into(), name: name.into(), ..Account::new(&schema) };
            account.row.set(Slot(0), x.map_or(Value::Absent, Value::Number));
            account.row.set(Slot(1), y.map_or(Value::Absent, Value::Flag));
            inventory.add(&account);
        }
        let metrics = inventory.metrics();
        assert_eq!(metrics.iter().map(|metric| metric.filled).collect::<Vec<_>>(), [3, 1]);
        assert_eq!(metrics.iter().map(|metric| metric.spread).collect::<Vec<_>>(), [Some([1.0, 2.0, 4.0]), None]);
        assert_eq!(metrics[0].share(), 0.75);
        let least: Vec<&str> = inventory.least_known().iter().map(|account| account.id.as_str()).collect();
        assert_eq!(least, ["3", "2", "4", "1"]);
        assert_eq!(inventory.shared_names(), [("acme", &["1".to_owned(), "2".to_owned()][..])]);
    }

    #[test]
    fn the_middle_of_an_even_count_lies_between() {
        for (numbers, expected) in [
            (&[][..], None),
            (&[2.0], Some([2.0, 2.0, 2.0])),
            (&[1.0, 2.0], Some([1.0, 1.5, 2.0])),
            (&[1.0, 2.0, 9.0], Some([1.0, 2.0, 9.0])),
        ] {
            assert_eq!(spread(numbers), expected);
        }
    }
}
