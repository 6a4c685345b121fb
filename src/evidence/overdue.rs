//! What a team meant to have done for customers by now, and has not.

use std::collections::{HashMap, HashSet};

use super::{Cases, Intervention};
use crate::account::Entry;
use crate::analysis::{Findings, Tally};

/// An intervention that is still to be done, or not finished, although its day has passed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OverdueIntervention<'i> {
    /// What was to be done.
    pub intervention: &'i Intervention,
    /// The account.
    pub entry: Entry,
    /// How many days have passed since its day, at least 1.
    pub days: i64,
    arr: f64,
}

/// The overdue interventions of a portfolio.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overdue<'i> {
    /// The highest ARR first; of an account, the longest overdue first; else as they came.
    pub interventions: Vec<OverdueIntervention<'i>>,
    /// The accounts that they are for, each counted once.
    pub accounts: Tally,
    /// All interventions for accounts of the portfolio that are still to be done, or not finished, the overdue ones among them.
    pub pending: u64,
    /// Customers with overdue interventions that the portfolio, or the part of it that is looked at, does not have.
    pub elsewhere: Cases,
}

impl<'i> Overdue<'i> {
    /// The interventions whose day is before that of the findings. An intervention of that very day is not overdue.
    pub fn new(findings: &Findings<'_>, interventions: &'i [Intervention]) -> Self {
        let as_of = findings.assessor().as_of;
        let accounts = accounts(findings, interventions);
        let mut found = Self::default();
        let mut counted = HashSet::new();
        for intervention in interventions.iter().filter(|intervention| intervention.status.is_pending()) {
            let id = intervention.customer.as_str();
            let account = accounts.get(id);
            found.pending += u64::from(account.is_some());
            let days = (as_of - intervention.date).num_days();
            if days < 1 {
                continue;
            }
            let is_new = counted.insert(id);
            match account {
                Some((entry, arr)) => {
                    if is_new {
                        found.accounts.add(*arr);
                    }
                    found.interventions.push(OverdueIntervention { intervention, entry: *entry, days, arr: *arr });
                }
                None if is_new => found.elsewhere.note(id),
                None => {}
            }
        }
        found
            .interventions
            .sort_by(|a, b| b.arr.total_cmp(&a.arr).then(a.entry.cmp(&b.entry)).then(b.days.cmp(&a.days)));
        found
    }
}

/// The accounts that there are interventions for, with their ARR. Where a customer stands twice, the first is meant.
fn accounts<'i>(findings: &Findings<'_>, interventions: &'i [Intervention]) -> HashMap<&'i str, (Entry, f64)> {
    let wanted: HashSet<&str> = interventions.iter().map(|intervention| intervention.customer.as_str()).collect();
    let mut account = findings.blank_account();
    let mut accounts = HashMap::new();
    let mut entries: Vec<Entry> = findings.listed().iter().chain(findings.onboarding()).copied().collect();
    entries.sort_unstable();
    for entry in entries {
        findings.account(entry, &mut account);
        if let Some(id) = wanted.get(account.id.as_str()) {
            accounts.entry(*id).or_insert((entry, account.arr));
        }
    }
    accounts
}
