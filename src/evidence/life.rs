//! What became of each customer of a history.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Customer, Fate, History, Outcome, Point};
use crate::account::Lifecycle;

/// A row of a snapshot that is no older than this beside the day on which its customer left is a late one; a later row is that of
/// a customer who came back (our choice: exports lag by up to a month).
pub const LATE_DAYS: i64 = 31;

/// What is known of one customer's time with the team.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Life {
    /// The days on which it left, in order; more than one where it came back.
    pub ends: Vec<NaiveDate>,
    /// The last day on which it is known to have been a customer without having left since; `None` where no snapshot has it.
    pub last_known: Option<NaiveDate>,
    /// The first snapshot that has it, by position; `None` where none has.
    pub first_seen: Option<usize>,
    /// The last snapshot that has it, by position.
    pub last_seen: Option<usize>,
}

impl Life {
    /// The day on which the customer left next after a day.
    pub fn next_end(&self, day: NaiveDate) -> Option<NaiveDate> {
        self.ends.iter().copied().find(|end| *end > day)
    }

    /// The last day up to a day on which the customer had left.
    pub fn last_end(&self, day: NaiveDate) -> Option<NaiveDate> {
        self.ends.iter().rev().copied().find(|end| *end <= day)
    }

    /// Whether a row of a day is one of a customer that had left already and is still listed.
    pub fn is_late(&self, day: NaiveDate) -> bool {
        self.last_end(day).is_some_and(|end| (day - end).num_days() <= LATE_DAYS)
    }
}

/// What is odd about customers: how often, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cases {
    /// How often it was found; a customer may have several.
    pub count: u64,
    /// The ids of the first customers, each once.
    pub examples: Vec<String>,
    /// Whether there are customers beyond the examples.
    pub has_more: bool,
}

impl Cases {
    /// So many are named.
    const NAMED: usize = 5;

    /// Notes a customer; all that is found of one comes in a row.
    pub fn note(&mut self, id: &str) {
        self.count += 1;
        if self.examples.last().is_some_and(|last| last == id) {
            return;
        }
        if self.examples.len() < Self::NAMED {
            self.examples.push(id.to_owned());
        } else {
            self.has_more = true;
        }
    }
}

/// What a reader of the figures must know about the data behind them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Oddities {
    /// Customers with the same outcome of the same day several times: it counts once.
    pub duplicate: Cases,
    /// Customers that left and stayed on the same day: neither counts.
    pub contradicting: Cases,
    /// Customers with different outcomes on different days: all of them count, one after the other.
    pub repeated: Cases,
    /// Outcomes of customers that no snapshot has.
    pub unknown: Cases,
    /// Outcomes dated before the first snapshot.
    pub before: Cases,
    /// Outcomes dated after the last snapshot.
    pub after: Cases,
    /// Customers that are there more than a month after they left.
    pub returned: Cases,
    /// Customers that are no longer there and of whom no outcome is known.
    pub vanished: Cases,
    /// Customers that the snapshots call churned and of whom no such outcome is known.
    pub unconfirmed: Cases,
    /// Customers that left and that no snapshot before has.
    pub unseen: Cases,
    /// Snapshots whose scores an earlier run saved, by another model than that of now: their sources.
    pub other_models: Cases,
}

impl Oddities {
    /// Each kind with its name in output.
    pub fn named(&self) -> [(&'static str, &Cases); 11] {
        [
            ("duplicate_outcomes", &self.duplicate),
            ("contradicting_outcomes", &self.contradicting),
            ("different_outcomes", &self.repeated),
            ("unknown_customers", &self.unknown),
            ("before_first_snapshot", &self.before),
            ("after_last_snapshot", &self.after),
            ("returned", &self.returned),
            ("vanished_without_outcome", &self.vanished),
            ("called_churned_without_outcome", &self.unconfirmed),
            ("left_before_any_snapshot", &self.unseen),
            ("saved_by_other_models", &self.other_models),
        ]
    }

    /// Notes what is odd about a customer by the first and the last day on which snapshots have it.
    fn note_life(
        &mut self,
        id: &str,
        life: &Life,
        [first, last]: [NaiveDate; 2],
        is_there: bool,
        called_churned: bool,
    ) {
        let has_returned = life.ends.iter().any(|end| (last - *end).num_days() > LATE_DAYS);
        if has_returned {
            self.returned.note(id);
        } else if life.ends.iter().any(|end| first >= *end) {
            self.unseen.note(id);
        }
        let is_explained = is_there || life.next_end(last).is_some() || life.last_end(last).is_some() && !has_returned;
        match (is_explained, called_churned) {
            (true, _) => {}
            (false, false) => self.vanished.note(id),
            (false, true) => self.unconfirmed.note(id),
        }
    }
}

/// The outcomes that count, by customer and day, with whom they are of.
fn settled<'o>(outcomes: &'o [Outcome], history: &History, oddities: &mut Oddities) -> Vec<(Customer, &'o Outcome)> {
    let mut sorted: Vec<&Outcome> = outcomes.iter().collect();
    sorted.sort_by(|a, b| (&a.customer, a.date).cmp(&(&b.customer, b.date)));
    let mut settled: Vec<(Customer, &Outcome)> = Vec::with_capacity(sorted.len());
    for of_customer in sorted.chunk_by(|a, b| a.customer == b.customer) {
        let id = &of_customer[0].customer;
        let Some(customer) = history.find(id) else {
            for _ in of_customer {
                oddities.unknown.note(id);
            }
            continue;
        };
        let before = settled.len();
        let (mut is_double, mut contradicts) = (false, false);
        for of_day in of_customer.chunk_by(|a, b| a.date == b.date) {
            let first = of_day[0];
            if of_day.iter().any(|other| other.fate != first.fate) {
                contradicts = true;
                continue;
            }
            is_double |= of_day.len() > 1;
            settled.push((customer, first));
        }
        let left = &settled[before..];
        if is_double {
            oddities.duplicate.note(id);
        }
        if contradicts {
            oddities.contradicting.note(id);
        }
        if left.iter().any(|(_, outcome)| outcome.fate != left[0].1.fate) {
            oddities.repeated.note(id);
        }
    }
    settled
}

/// A customer as snapshots have it.
#[derive(Debug, Clone, Default)]
struct Seen {
    life: Life,
    /// Whether one of them calls it churned.
    called_churned: bool,
}

/// When each customer was there.
fn seen(history: &History, points: &[Vec<Point>]) -> Vec<Seen> {
    let mut found = vec![Seen::default(); history.ids().len()];
    for (position, of_snapshot) in points.iter().enumerate() {
        for point in of_snapshot {
            let Seen { life, called_churned } = &mut found[point.customer.index()];
            if point.lifecycle == Lifecycle::Churned {
                *called_churned = true;
                continue;
            }
            life.first_seen.get_or_insert(position);
            life.last_seen = Some(position);
        }
    }
    found
}

/// What became of the customers of a history.
#[derive(Debug, Clone, PartialEq)]
pub struct Lives {
    all: Vec<Life>,
    /// The day up to which it is known who is a customer.
    pub observed_until: NaiveDate,
    /// How many outcomes there were, of whomever.
    pub outcomes: u64,
    /// What is odd about the data.
    pub oddities: Oddities,
}

impl Lives {
    /// Above this share of outcomes that are of nobody in the history, ids are likelier to be written in two ways than customers to be missing
    /// (our choice).
    const UNKNOWN_SHARE: f64 = 0.2;

    /// Whether so many outcomes are of nobody in the history that what is left of them tells little.
    pub fn are_ids_doubtful(&self) -> bool {
        self.oddities.unknown.count as f64 > Self::UNKNOWN_SHARE * self.outcomes as f64
    }

    /// Joins a history with outcomes. Whoever is in the last snapshot and has not left since is a customer until `observed_until`, at least
    /// until that snapshot. `model` is the fingerprint of the model of now. `None` where the history has no snapshot.
    pub fn new(
        history: &History,
        points: &[Vec<Point>],
        outcomes: &[Outcome],
        observed_until: Option<NaiveDate>,
        model: &str,
    ) -> Option<Self> {
        let snapshots = history.snapshots();
        let (first, last) = (snapshots.first()?.date, snapshots.last()?.date);
        let observed_until = observed_until.unwrap_or(last).max(last);
        let mut oddities = Oddities::default();
        let mut found = seen(history, points);
        let mut renewals: HashMap<Customer, NaiveDate> = HashMap::new();
        for (customer, outcome) in settled(outcomes, history, &mut oddities) {
            if outcome.date < first {
                oddities.before.note(&outcome.customer);
            } else if outcome.date > observed_until {
                oddities.after.note(&outcome.customer);
            }
            match outcome.fate {
                Fate::Churned => found[customer.index()].life.ends.push(outcome.date),
                Fate::Renewed => {
                    let latest = renewals.entry(customer).or_insert(outcome.date);
                    *latest = outcome.date.max(*latest);
                }
            }
        }
        for ((customer, id), Seen { life, called_churned }) in (0..).map(Customer).zip(history.ids()).zip(&mut found) {
            life.ends.sort_unstable();
            life.ends.dedup();
            let Some((first_seen, last_seen)) = life.first_seen.zip(life.last_seen) else { continue };
            let [first_day, last_day] = [first_seen, last_seen].map(|position| snapshots[position].date);
            let is_there = last_seen + 1 == snapshots.len();
            oddities.note_life(id, life, [first_day, last_day], is_there, *called_churned);
            let has_left_since = life.next_end(last_day).is_some();
            let until = (is_there && !has_left_since).then_some(observed_until);
            life.last_known = [Some(last_day), renewals.get(&customer).copied(), until].into_iter().flatten().max();
        }
        for snapshot in snapshots.iter().filter(|snapshot| snapshot.saved_model().is_some_and(|saved| saved != model)) {
            oddities.other_models.note(&snapshot.source);
        }
        let all = found.into_iter().map(|seen| seen.life).collect();
        Some(Self { all, observed_until, outcomes: outcomes.len() as u64, oddities })
    }

    /// The life of a customer.
    pub fn of(&self, customer: Customer) -> &Life {
        &self.all[customer.index()]
    }

    /// All customers with their lives.
    pub fn iter(&self) -> impl Iterator<Item = (Customer, &Life)> {
        (0..).map(Customer).zip(&self.all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::made::{self, day, point};

    /// A history of these days with the customers that are there on each, all live, joined with outcomes.
    fn lives(days: &[(&str, &[&str])], outcomes: &[(&str, Fate, &str)]) -> (History, Lives) {
        let mut ids: Vec<&str> = Vec::new();
        for (_, there) in days {
            ids.extend(there.iter().filter(|id| !ids.contains(id)).copied().collect::<Vec<_>>());
        }
        let seen = |id: &str| days.iter().map(|(_, there)| there.contains(&id).then(|| point(80.0, 0.0))).collect();
        let seen: Vec<Vec<Option<Point>>> = ids.iter().map(|id| seen(id)).collect();
        let customers: Vec<(&str, &[Option<Point>])> =
            ids.iter().zip(&seen).map(|(id, points)| (*id, points.as_slice())).collect();
        let days: Vec<NaiveDate> = days.iter().map(|(date, _)| day(date)).collect();
        let (history, points) = made::history(&days, &customers);
        let lives = made::lives(&history, &points, outcomes);
        (history, lives)
    }

    #[test]
    fn odd_outcomes_are_told_with_examples() {
        use Fate::{Churned, Renewed};
        let months: [(&str, &[&str]); 4] = [
            ("2026-01-31", &["stays", "leaves", "comes back", "late", "vanishes", "twice", "both"]),
            ("2026-02-28", &["stays", "late", "vanishes", "twice", "both"]),
            ("2026-03-31", &["stays", "late", "comes back", "twice", "both"]),
            ("2026-04-30", &["stays", "comes back", "twice", "both", "unseen"]),
        ];
        let (history, lives) = lives(
            &months,
            &[
                ("leaves", Churned, "2026-02-10"),
                ("leaves", Churned, "2026-02-10"),
                ("comes back", Churned, "2026-02-10"),
                ("late", Churned, "2026-03-20"),
                ("twice", Renewed, "2026-01-15"),
                ("twice", Churned, "2026-05-15"),
                ("both", Renewed, "2026-04-01"),
                ("both", Churned, "2026-04-01"),
                ("unseen", Churned, "2026-04-20"),
                ("nobody", Churned, "2026-03-01"),
            ],
        );
        let told: Vec<(&str, Vec<&str>)> = lives
            .oddities
            .named()
            .into_iter()
            .filter(|(_, cases)| cases.count > 0)
            .map(|(name, cases)| (name, cases.examples.iter().map(String::as_str).collect()))
            .collect();
        assert!(!lives.are_ids_doubtful());
        assert_eq!(
            told,
            [
                ("duplicate_outcomes", vec!["leaves"]),
                ("contradicting_outcomes", vec!["both"]),
                ("different_outcomes", vec!["twice"]),
                ("unknown_customers", vec!["nobody"]),
                ("before_first_snapshot", vec!["twice"]),
                ("after_last_snapshot", vec!["twice"]),
                ("returned", vec!["comes back"]),
                ("vanished_without_outcome", vec!["vanishes"]),
                ("left_before_any_snapshot", vec!["unseen"]),
            ]
        );
        let known = |id: &str| lives.of(history.find(id).expect("a customer")).last_known;
        for (id, until) in [
            ("stays", "2026-04-30"),
            ("leaves", "2026-01-31"),
            ("vanishes", "2026-02-28"),
            ("both", "2026-04-30"),
            ("comes back", "2026-04-30"),
        ] {
            assert_eq!(known(id), Some(day(until)), "{id}");
        }
    }

    #[test]
    fn ids_are_doubtful_where_more_than_a_fifth_of_the_outcomes_is_of_nobody() {
        let months: [(&str, &[&str]); 1] = [("2026-01-31", &["C-01", "C-02", "C-03", "C-04"])];
        let churned = |id: &'static str| (id, Fate::Churned, "2026-02-10");
        let known = ["C-01", "C-02", "C-03", "C-04"].map(churned);
        let doubtful = |unknown: &[&'static str]| {
            let outcomes: Vec<_> = known.into_iter().chain(unknown.iter().map(|id| churned(id))).collect();
            lives(&months, &outcomes).1.are_ids_doubtful()
        };
        assert!(!doubtful(&["c-1"]));
        assert!(doubtful(&["c-1", "c-2"]));
    }

    #[test]
    fn rows_up_to_a_month_after_the_end_are_late_ones() {
        let life = Life { ends: vec![day("2026-02-10")], ..Life::default() };
        for (date, is_late) in
            [("2026-02-09", false), ("2026-02-10", true), ("2026-03-13", true), ("2026-03-14", false)]
        {
            assert_eq!(life.is_late(day(date)), is_late, "{date}");
        }
    }
}
