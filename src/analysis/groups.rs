//! A portfolio by what its accounts have in common: an owner, a region, a plan.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

use super::{Assessment, Assessor, Attention, Band, Findings, Tally};
use crate::account::{Account, Entry, Field, Kind, Schema, lower_case};
use crate::engine::{Slot, Value, round1};

/// Renewals that are decided within this many days count in a group (our choice).
pub const GROUP_RENEWAL_DAYS: i64 = 90;

/// What accounts are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// A field of the account.
    Field(Field),
    /// A metric.
    Metric(Slot),
    /// A text attribute, by its position in what was asked for.
    Attribute(usize),
}

impl GroupBy {
    /// What an account has there, as it is spelt; empty where it is unknown.
    pub fn of<'a>(self, account: &'a Account, schema: &'a Schema) -> Cow<'a, str> {
        match self {
            Self::Field(field) => field.text(account),
            Self::Metric(slot) => match account.row.get(slot) {
                Value::Absent => Cow::default(),
                Value::Number(number) => number.to_string().into(),
                Value::Flag(flag) => if flag { "yes" } else { "no" }.into(),
                Value::Word(word) => {
                    let known = match &schema.metric(slot).kind {
                        Kind::Word(vocabulary) => vocabulary.text(word),
                        _ => None,
                    };
                    known.or_else(|| account.other_word(slot)).unwrap_or_default().into()
                }
            },
            Self::Attribute(position) => account.attributes.get(position).unwrap_or_default().into(),
        }
    }
}

/// The accounts of a portfolio that have something in common.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// What they have in common, as the first of them spells it; empty where that is unknown.
    pub name: String,
    /// All of them.
    pub all: Tally,
    /// By health band, from green.
    pub bands: [Tally; 3],
    /// Those whose health is scored.
    pub scored: Tally,
    /// Those at critical or high churn risk.
    pub at_risk: Tally,
    /// Those whose renewal is decided within [`GROUP_RENEWAL_DAYS`].
    pub renewals: Tally,
    /// Σ base pipeline of the accounts that pass the expansion gate.
    pub pipeline: f64,
    /// Those that ask for more attention than low, in the order of what to do first.
    pub urgent: Vec<Entry>,
    score_sum: f64,
}

impl Group {
    /// The mean health, one decimal; `None` where none is scored.
    pub fn average(&self) -> Option<f64> {
        (self.scored.accounts > 0).then(|| round1(self.score_sum / self.scored.accounts as f64))
    }

    fn add(&mut self, account: &Account, assessment: &Assessment, assessor: &Assessor<'_>) {
        let (health, churn) = (&assessment.health, &assessment.churn);
        self.all.add(account.arr);
        if let Some((score, band)) = health.card.score().zip(health.band()) {
            self.scored.add(account.arr);
            self.score_sum += score;
            self.bands[band as usize].add(account.arr);
        }
        if churn.tier().is_some_and(super::Tier::at_risk) {
            self.at_risk.add(account.arr);
        }
        let days = account.term.pending(assessor.as_of).map(|day| (day - assessor.as_of).num_days());
        if days.is_some_and(|days| (0..=GROUP_RENEWAL_DAYS).contains(&days)) {
            self.renewals.add(account.arr);
        }
        if assessment.passes(&assessor.expansion.gate) {
            self.pipeline += assessment.expansion.pipeline.base;
        }
    }

    /// The tally of a health band.
    pub fn band(&self, band: Band) -> Tally {
        self.bands[band as usize]
    }
}

/// The groups of the listed accounts, whose findings have everything in scope: the highest ARR first, then by name; the accounts of
/// which nothing is known come last. Case does not tell groups apart. Sums run in input order.
pub fn groups(findings: &Findings<'_>, by: GroupBy, schema: &Schema) -> Vec<Group> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut account = findings.blank_account();
    let mut assessment = Assessment::default();
    let mut entries: Vec<(Entry, usize)> = findings.listed().iter().copied().zip(0..).collect();
    entries.sort_unstable();
    let mut urgent: Vec<Vec<(usize, Entry)>> = Vec::new();
    for (entry, rank) in entries {
        findings.read(entry, &mut account, &mut assessment);
        let name = by.of(&account, schema);
        let name = name.trim();
        let place = match places.get(lower_case(name).as_ref()) {
            Some(place) => *place,
            None => {
                places.insert(lower_case(name).into_owned(), groups.len());
                groups.push(Group { name: name.to_owned(), ..Group::default() });
                urgent.push(Vec::new());
                groups.len() - 1
            }
        };
        groups[place].add(&account, &assessment, findings.assessor());
        if assessment.attention() < Attention::Low {
            urgent[place].push((rank, entry));
        }
    }
    for (group, mut urgent) in groups.iter_mut().zip(urgent) {
        urgent.sort_unstable();
        group.urgent = urgent.into_iter().map(|(_, entry)| entry).collect();
    }
    groups.sort_by(|a, b| match a.name.is_empty().cmp(&b.name.is_empty()) {
        Ordering::Equal => b.all.arr.total_cmp(&a.all.arr).then_with(|| a.name.cmp(&b.name)),
        order => order,
    });
    groups
}
