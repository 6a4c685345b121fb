//! Made-up histories for tests.

use chrono::NaiveDate;

use super::{Customer, Fate, History, Lives, Outcome, Point, SavedPoint, SavedSnapshot, Score};
use crate::account::{Lifecycle, Profile, Schema};

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// A live account by its health, green from 75 and yellow from 50 on, and its ARR.
pub fn point(health: f64, arr: f64) -> Point {
    let band = if health >= 75.0 { 0 } else { u8::from(health < 50.0) + 1 };
    Point {
        customer: Customer(0),
        profile: Profile(0),
        lifecycle: Lifecycle::Live,
        arr,
        health: Some(Score { value: health, band }),
        churn: None,
    }
}

/// A history of customers by what each day says of them: `None` where its snapshot lacks them.
pub fn history(days: &[NaiveDate], customers: &[(&str, &[Option<Point>])]) -> (History, Vec<Vec<Point>>) {
    let mut history = History::new(&Schema::new(Vec::new()));
    for (snapshot, date) in days.iter().enumerate() {
        let points = customers.iter().filter_map(|(id, points)| {
            let point = (*points.get(snapshot)?)?;
            Some(SavedPoint { id: (*id).to_owned(), point })
        });
        let saved = SavedSnapshot { date: *date, model: String::new(), points: points.collect() };
        history.add_saved(String::new(), saved).expect("a day of its own");
    }
    let points = history.snapshots().iter().map(|snapshot| snapshot.saved_points().to_vec()).collect();
    (history, points)
}

/// What became of the customers of a history by outcomes.
pub fn lives(history: &History, points: &[Vec<Point>], outcomes: &[(&str, Fate, &str)]) -> Lives {
    let outcomes = (1..).zip(outcomes).map(|(record, (customer, fate, date))| Outcome {
        customer: (*customer).to_owned(),
        fate: *fate,
        date: day(date),
        record,
    });
    let outcomes: Vec<Outcome> = outcomes.collect();
    Lives::new(history, points, &outcomes, None, "").expect("snapshots")
}
