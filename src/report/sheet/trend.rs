//! How scores moved over a history, a row per account and snapshot.

use super::super::Context;
use super::super::document::Cell;
use super::super::trend::{TrendFindings, band_names};
use super::{BANDS, Kind, Rows, Sheet, SheetColumn, TIERS, first};
use crate::engine::round1;
use crate::evidence::{On, Trajectory};

/// The readings of every listed account, in their order, each account's from the earliest on.
pub fn trend<'a>(context: Context<'a>, findings: TrendFindings<'a>, top: Option<usize>) -> Sheet<'a> {
    let on = findings.found.following.on;
    let (score, bands, what) = match on {
        On::Health => ("Health", BANDS, "The health score, 0 to 100, higher is better."),
        On::Churn => ("Churn risk", TIERS, "The churn risk score, 0 to 100, higher is worse."),
    };
    let columns = vec![
        SheetColumn::new("customer_id", "Customer id", Kind::Text, "The customer's id."),
        SheetColumn::new("name", "Name", Kind::Text, "The customer's name, as last known."),
        SheetColumn::new("segment", "Segment", Kind::Text, "The segment that the customer was last scored with."),
        SheetColumn::new("snapshot_date", "Day", Kind::Date, "The day of the snapshot."),
        SheetColumn::new("score", score, Kind::Score, what),
        SheetColumn::new("band", "Band", bands, "The band of the health score, or the tier of the churn risk."),
        SheetColumn::new("change", "Change", Kind::Number, "Points since the reading before."),
        SheetColumn::new(
            "course",
            "Course",
            Kind::Text,
            "What the last readings of the account say: fall, dip, recovered, rise, steady, short or gone; the same in all of its rows.",
        ),
    ];
    let listed = first(findings.listed, top);
    let row = move |account: &'a Trajectory, position: usize| {
        let reading = account.readings.get(position)?;
        let before = position.checked_sub(1).and_then(|before| account.readings.get(before));
        let band = band_names(on).get(usize::from(reading.score.band)).copied();
        Some(vec![
            Cell::from(findings.id(account)),
            Cell::from(findings.name(account)),
            Cell::from(context.models.segments.name(account.last.profile)),
            Cell::Date(reading.date),
            Cell::Score(reading.score.value),
            Cell::or_empty(band, Cell::from),
            Cell::or_empty(before, |before| Cell::Number(round1(reading.score.value - before.score.value))),
            Cell::from(account.course.name()),
        ])
    };
    let make =
        move || -> Rows<'a> {
            Box::new(findings.accounts(listed).flat_map(move |account| {
                (0..account.readings.len()).filter_map(move |position| row(account, position))
            }))
        };
    let count = move || findings.accounts(listed).map(|account| account.readings.len() as u64).sum();
    let (opening, charts) = (Vec::new(), Vec::new());
    Sheet { name: "Trend", opening, columns, held: 2, charts, make: Box::new(make), count: Box::new(count) }
}
