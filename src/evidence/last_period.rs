//! The scores of an earlier snapshot in the place of those that the input gives for the last period.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use super::{Customer, History};
use crate::account::{Account, Book, Lifecycle};
use crate::analysis::{Assessment, Assessor, HealthModel, Scope};
use crate::engine::{Row, Slot, Value};

/// A snapshot is the last period's where it is at least so many days old (our choice: the exports of a month may be three weeks apart).
pub const LAST_PERIOD_DAYS: u64 = 21;

/// What an earlier snapshot says of the health of each account.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LastPeriod {
    /// By id.
    scores: HashMap<String, LastScores>,
}

/// The health scores of an account in the last period.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LastScores {
    /// The overall score.
    pub overall: Option<f64>,
    /// That of each dimension, in the order of the model; those that are not there are unknown.
    pub dimensions: Vec<Option<f64>>,
}

impl LastScores {
    /// What an assessor with health in scope says of an account; `None` of one that has churned.
    fn of(account: &Account, assessor: &Assessor<'_>, assessment: &mut Assessment) -> Option<Self> {
        if account.lifecycle == Lifecycle::Churned {
            return None;
        }
        assessor.score(account, assessment);
        let card = &assessment.health.card;
        let dimensions = card.groups.iter().map(|grade| grade.map(|grade| grade.score)).collect();
        Some(Self { overall: card.score(), dimensions })
    }
}

impl FromIterator<(String, LastScores)> for LastPeriod {
    /// The first scores of each id count.
    fn from_iter<I: IntoIterator<Item = (String, LastScores)>>(scores: I) -> Self {
        let mut last = Self::default();
        for (id, scores) in scores {
            last.scores.entry(id).or_insert(scores);
        }
        last
    }
}

impl LastPeriod {
    /// The scores of accounts with so many metrics by an assessor with health in scope, as of its day. Those that have churned are not
    /// there.
    pub fn of_accounts(book: &Book, slots: usize, assessor: &Assessor<'_>) -> Self {
        let mut account = Account { row: Row::new(slots), ..Account::default() };
        let mut assessment = Assessment::default();
        let scores = book.entries().filter_map(|entry| {
            book.read(entry, &mut account);
            let scores = LastScores::of(&account, assessor, &mut assessment)?;
            Some((account.id.clone(), scores))
        });
        scores.collect()
    }

    /// How many accounts there are.
    pub fn len(&self) -> usize {
        self.scores.len()
    }

    /// Whether any of them has a score.
    pub fn has_scores(&self) -> bool {
        let has_some = |scores: &LastScores| scores.overall.is_some() || scores.dimensions.iter().any(Option::is_some);
        self.scores.values().any(has_some)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }

    /// The position of the snapshot that stands for the last period as of a day: the latest that is old enough, else the latest before;
    /// `None` where none is before.
    pub fn position(history: &History, as_of: NaiveDate) -> Option<usize> {
        let before =
            |day: NaiveDate| history.snapshots().partition_point(|snapshot| snapshot.date < day).checked_sub(1);
        let old_enough = as_of.checked_sub_days(Days::new(LAST_PERIOD_DAYS - 1)).and_then(before);
        old_enough.or_else(|| before(as_of))
    }

    /// The scores of a snapshot by the model of now, as of its day; of results that were saved, the overall ones alone.
    pub fn of(history: &History, position: usize, assessor: &Assessor<'_>) -> Self {
        let Some(snapshot) = history.snapshots().get(position) else { return Self::default() };
        let scope = Scope { health: true, ..Scope::default() };
        let assessor = Assessor { as_of: snapshot.date, scope, ..*assessor };
        let mut account = history.blank_account();
        let mut assessment = Assessment::default();
        let mut scores = HashMap::new();
        for point in snapshot.saved_points() {
            let overall = point.health.map(|score| score.value);
            scores.insert(history.id(point.customer).to_owned(), LastScores { overall, dimensions: Vec::new() });
        }
        for (position, id) in history.ids().iter().enumerate() {
            let customer = Customer(u32::try_from(position).unwrap_or(u32::MAX));
            if !snapshot.read(customer, &mut account) {
                continue;
            }
            if let Some(found) = LastScores::of(&account, &assessor, &mut assessment) {
                scores.insert(id.to_string(), found);
            }
        }
        Self { scores }
    }

    /// Puts the scores in the place of those of the account's last period; one that was not there has none.
    pub fn amend(&self, model: &HealthModel, account: &mut Account) {
        let scores = self.scores.get(&account.id);
        let mut set = |slot: Option<Slot>, score: Option<f64>| {
            if let Some(slot) = slot {
                account.row.set(slot, score.map_or(Value::Absent, Value::Number));
            }
        };
        set(model.previous_overall, scores.and_then(|scores| scores.overall));
        for (position, slot) in model.previous.iter().enumerate() {
            set(*slot, scores.and_then(|scores| scores.dimensions.get(position).copied().flatten()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Schema;
    use crate::evidence::SavedSnapshot;

    #[test]
    fn the_last_period_is_three_weeks_ago_where_there_is_such_a_snapshot() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        for (dates, position) in [
            (&["2026-05-31", "2026-06-09", "2026-06-10"][..], Some(1)),
            (&["2026-05-31", "2026-06-09", "2026-06-29", "2026-06-30"], Some(1)),
            (&["2026-06-10", "2026-06-20"], Some(1)),
            (&["2026-06-30", "2026-07-31"], None),
            (&[], None),
        ] {
            let mut history = History::new(&Schema::new(Vec::new()));
            for date in dates {
                let saved = SavedSnapshot { date: day(date), model: String::new(), points: Vec::new() };
                history.add_saved(String::new(), saved).expect("a day of its own");
            }
            assert_eq!(LastPeriod::position(&history, day("2026-06-30")), position, "{dates:?}");
        }
    }
}
