//! The scores of an earlier snapshot in the place of those that the input gives for the last period.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use super::{Customer, History};
use crate::account::{Account, Lifecycle};
use crate::analysis::{Assessment, Assessor, HealthModel, Scope};
use crate::engine::{Slot, Value};

/// A snapshot is the last period's where it is at least so many days old (our choice: the exports of a month may be three weeks apart).
pub const LAST_PERIOD_DAYS: u64 = 21;

/// What an earlier snapshot says of the health of each account.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LastPeriod {
    /// By id: the overall score, and that of each dimension.
    scores: HashMap<String, (Option<f64>, Vec<Option<f64>>)>,
}

impl LastPeriod {
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
            scores.insert(history.id(point.customer).to_owned(), (overall, Vec::new()));
        }
        for (position, id) in history.ids().iter().enumerate() {
            let customer = Customer(u32::try_from(position).unwrap_or(u32::MAX));
            if !snapshot.read(customer, &mut account) || account.lifecycle == Lifecycle::Churned {
                continue;
            }
            assessor.score(&account, &mut assessment);
            let card = &assessment.health.card;
            let groups = card.groups.iter().map(|grade| grade.map(|grade| grade.score)).collect();
            scores.insert(id.to_string(), (card.score(), groups));
        }
        Self { scores }
    }

    /// Puts the scores in the place of those of the account's last period; one that was not there has none.
    pub fn amend(&self, model: &HealthModel, account: &mut Account) {
        let (overall, groups) = match self.scores.get(&account.id) {
            Some((overall, groups)) => (*overall, groups.as_slice()),
            None => (None, &[][..]),
        };
        let mut set = |slot: Option<Slot>, score: Option<f64>| {
            if let Some(slot) = slot {
                account.row.set(slot, score.map_or(Value::Absent, Value::Number));
            }
        };
        set(model.previous_overall, overall);
        for (position, slot) in model.previous.iter().enumerate() {
            set(*slot, groups.get(position).copied().flatten());
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
