//! What a portfolio's data is like: what is filled, how it is distributed, what looks odd. Nothing is scored.

use std::collections::{HashMap, HashSet};

use crate::account::{Account, Kind, Schema};
use crate::engine::Value;

/// Counts what accounts hold, metric by metric. Of numbers every value is kept, 8 bytes each, for their median.
#[derive(Debug, Clone)]
pub struct Inventory<'m> {
    schema: &'m Schema,
    accounts: Vec<AccountCoverage>,
    metrics: Vec<MetricCount>,
    /// The positions of the accounts of a name, by the name in lower case.
    names: HashMap<String, Vec<usize>>,
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
const FEWEST: usize = 3;
/// So large a part of the values must lie beyond the metric's range: a single one is a slip, and no other unit.
const LEAST_PART: f64 = 0.25;

impl OddUnit {
    /// What ordered values look like, by the plausible range of their metric (our choice).
    fn of(range: (f64, f64), numbers: &[f64]) -> Option<Self> {
        let (least, greatest) = (*numbers.first()?, *numbers.last()?);
        if numbers.len() < FEWEST {
            return None;
        }
        let below = |bound: f64| numbers.partition_point(|number| *number < bound);
        let above = |bound: f64| numbers.len() - numbers.partition_point(|number| *number <= bound);
        let many = |count: usize| count as f64 >= LEAST_PART * numbers.len() as f64;
        match range {
            (0.0, 100.0) if least >= 0.0 && greatest <= 1.0 && greatest > 0.0 => Some(Self::Ratio),
            (0.0, 1.0) if many(above(1.0)) && greatest <= 100.0 => Some(Self::Percent),
            (0.0, 10.0) if many(below(0.0) + above(10.0)) => Some(Self::NetScore),
            (1.0, 5.0) if many(above(10.0)) => Some(Self::PercentOfFive),
            (1.0, 5.0) if many(above(5.0)) => Some(Self::TenPoints),
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
        if account.name != "Unknown" {
            self.names.entry(account.name.to_lowercase()).or_default().push(self.accounts.len());
        }
        self.accounts.push(coverage);
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

    /// Names, as first spelt, that several customers have however they are spelt, with their ids, in alphabetical order. A customer that
    /// stands there on several days is one.
    pub fn shared_names(&self) -> Vec<(&str, Vec<&str>)> {
        let mut several: Vec<(&String, &Vec<usize>)> =
            self.names.iter().filter(|(_, accounts)| accounts.len() > 1).collect();
        several.sort_unstable();
        let account = |position: &usize| &self.accounts[*position];
        let named = |accounts: &Vec<usize>| {
            let mut seen = HashSet::new();
            let ids = accounts.iter().map(|position| &*account(position).id);
            (&*account(&accounts[0]).name, ids.filter(|id| seen.insert(*id)).collect::<Vec<&str>>())
        };
        several.into_iter().map(|(_, accounts)| named(accounts)).filter(|(_, ids)| ids.len() > 1).collect()
    }

    /// The metrics that can be read, in the order of the schema.
    pub fn metrics(&mut self) -> Vec<MetricCoverage> {
        let accounts = self.accounts.len() as u64;
        let counts = self.schema.metrics().iter().zip(&mut self.metrics).enumerate();
        let read = counts.filter(|(_, (metric, _))| metric.derived.is_none());
        read.map(|(position, (metric, count))| {
            let numbers = &mut count.numbers;
            numbers.sort_unstable_by(f64::total_cmp);
            let spread = spread(numbers).filter(|_| metric.kind == Kind::Number);
            let odd_unit = spread.and(metric.range).and_then(|range| OddUnit::of(range, numbers));
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
        // How many values there are of each.
        let of = |values: &[(usize, f64)]| {
            let mut numbers: Vec<f64> = values.iter().flat_map(|(count, value)| vec![*value; *count]).collect();
            numbers.sort_unstable_by(f64::total_cmp);
            numbers
        };
        for (range, values, odd) in [
            ((0.0, 100.0), &[(1, 0.0), (1, 0.5), (1, 1.0)][..], Some(OddUnit::Ratio)),
            ((0.0, 100.0), &[(1, 0.5), (1, 1.0)], None),
            ((0.0, 100.0), &[(5, 0.0)], None),
            ((0.0, 100.0), &[(99, 0.5), (1, 1.01)], None),
            ((0.0, 1.0), &[(3, 0.5), (1, 1.0)], None),
            ((0.0, 1.0), &[(3, 0.5), (1, 1.01)], Some(OddUnit::Percent)),
            ((0.0, 1.0), &[(3, 0.5), (1, 100.0)], Some(OddUnit::Percent)),
            ((0.0, 1.0), &[(3, 0.5), (1, 101.0)], None),
            ((0.0, 1.0), &[(4, 0.5), (1, 100.0)], None),
            ((0.0, 10.0), &[(2, 5.0), (1, 11.0)], Some(OddUnit::NetScore)),
            ((0.0, 10.0), &[(1, -50.0), (1, 50.0)], None),
            ((0.0, 10.0), &[(3, 5.0), (1, 10.0)], None),
            ((0.0, 10.0), &[(3, 5.0), (1, 10.1)], Some(OddUnit::NetScore)),
            ((0.0, 10.0), &[(3, 5.0), (1, -0.1)], Some(OddUnit::NetScore)),
            ((0.0, 10.0), &[(6, 5.0), (1, -0.1), (1, 10.1)], Some(OddUnit::NetScore)),
            ((0.0, 10.0), &[(7, 5.0), (1, -0.1), (1, 10.1)], None),
            ((0.0, 10.0), &[(99, 8.0), (1, 11.0)], None),
            ((1.0, 5.0), &[(3, 4.0), (1, 5.0)], None),
            ((1.0, 5.0), &[(3, 4.0), (1, 5.1)], Some(OddUnit::TenPoints)),
            ((1.0, 5.0), &[(4, 4.0), (1, 5.1)], None),
            ((1.0, 5.0), &[(3, 4.0), (1, 10.0)], Some(OddUnit::TenPoints)),
            ((1.0, 5.0), &[(3, 4.0), (1, 10.1)], Some(OddUnit::PercentOfFive)),
            ((1.0, 5.0), &[(3, 8.0), (1, 10.1)], Some(OddUnit::PercentOfFive)),
            ((1.0, 5.0), &[(4, 8.0), (1, 10.1)], Some(OddUnit::TenPoints)),
            ((1.0, 5.0), &[(99, 4.0), (1, 55.0)], None),
            ((0.0, 300.0), &[(1, 0.0), (1, 0.5), (1, 1.0)], None),
        ] {
            assert_eq!(OddUnit::of(range, &of(values)), odd, "{range:?} {values:?}");
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
        assert_eq!(inventory.shared_names(), [("Acme", vec!["1", "2"])]);
    }

    #[test]
    fn a_customer_on_several_days_shares_its_name_with_nobody() {
        let schema = Schema::new(Vec::new());
        let mut inventory = Inventory::new(&schema);
        for (id, name) in [("1", "Acme"), ("2", "Birch"), ("1", "Acme"), ("2", "birch"), ("3", "Acme")] {
            inventory.add(&Account { id: id.into(), name: name.into(), ..Account::new(&schema) });
        }
        assert_eq!(inventory.shared_names(), [("Acme", vec!["1", "3"])]);
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
