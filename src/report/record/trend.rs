//! How scores moved over a history, for machines.

use std::io;

use serde::Serialize;

use super::super::Context;
use super::super::trend::{TrendFindings, band_names};
use super::scored::Named;
use super::{Extent, Head, Sink};
use crate::analysis::Tally;
use crate::evidence::{Census, Course, On, Trajectory};

/// The sums of a history.
#[derive(Debug, Serialize)]
struct TrendSummary {
    on: &'static str,
    snapshot_count: usize,
    first_date: Option<String>,
    last_date: Option<String>,
    periods: usize,
    threshold: f64,
    courses: Named<'static, TallyRecord>,
    arrived_count: u64,
    departed_count: u64,
    returned_count: u64,
}

/// How many accounts, and their ARR.
#[derive(Debug, Serialize)]
struct TallyRecord {
    count: u64,
    arr: f64,
}

impl From<Tally> for TallyRecord {
    fn from(tally: Tally) -> Self {
        Self { count: tally.accounts, arr: tally.arr }
    }
}

/// A portfolio at one snapshot.
#[derive(Debug, Serialize)]
struct StandingRecord<'a> {
    snapshot_date: String,
    input: &'a str,
    count: u64,
    arr: f64,
    average_score: Option<f64>,
    bands: Named<'static, TallyRecord>,
    at_risk_count: Option<u64>,
    arr_at_risk: Option<f64>,
}

/// How the score of one account moved.
#[derive(Debug, Serialize)]
struct TrajectoryRecord<'a> {
    customer_id: &'a str,
    name: &'a str,
    segment: &'a str,
    arr: f64,
    score: Option<f64>,
    band: Option<&'static str>,
    in_band_since: Option<String>,
    course: &'static str,
    level: Option<f64>,
    slope: Option<f64>,
    change: Option<f64>,
    shift: Option<ShiftRecord>,
    days_in_bands: Named<'static, i64>,
    missing_snapshots: usize,
    readings: Vec<ReadingRecord>,
}

/// A confirmed move.
#[derive(Debug, Serialize)]
struct ShiftRecord {
    direction: &'static str,
    from: f64,
    first_date: Option<String>,
    confirmed_date: Option<String>,
}

/// A score on the day of a snapshot.
#[derive(Debug, Serialize)]
struct ReadingRecord {
    snapshot_date: String,
    score: f64,
    band: Option<&'static str>,
}

fn band(on: On, band: u8) -> Option<&'static str> {
    band_names(on).get(usize::from(band)).copied()
}

impl<'a> TrajectoryRecord<'a> {
    fn new(context: &Context<'a>, findings: TrendFindings<'a>, account: &Trajectory) -> Self {
        let on = findings.found.following.on;
        let date = |reading: usize| account.readings.get(reading).map(|reading| reading.date.to_string());
        let shift = account.shift.map(|shift| ShiftRecord {
            direction: if shift.is_worse { "worse" } else { "better" },
            from: shift.from,
            first_date: date(shift.first),
            confirmed_date: date(shift.confirmed),
        });
        let readings = account.readings.iter().map(|reading| ReadingRecord {
            snapshot_date: reading.date.to_string(),
            score: reading.score.value,
            band: band(on, reading.score.band),
        });
        Self {
            customer_id: findings.id(account),
            name: findings.name(account),
            segment: context.models.segments.name(account.last.profile),
            arr: account.last.arr,
            score: account.score().map(|score| score.value),
            band: account.score().and_then(|score| band(on, score.band)),
            in_band_since: account.in_band_since.map(|day| day.to_string()),
            course: account.course.name(),
            level: account.level,
            slope: account.slope,
            change: account.change,
            shift,
            days_in_bands: Named(band_names(on).into_iter().zip(account.days_in_bands).collect()),
            missing_snapshots: account.gaps,
            readings: readings.collect(),
        }
    }
}

impl<'a> StandingRecord<'a> {
    fn new(on: On, input: &'a str, standing: &Census) -> Self {
        let bands = band_names(on).into_iter().zip(standing.bands.map(TallyRecord::from));
        Self {
            snapshot_date: standing.date.to_string(),
            input,
            count: standing.all.accounts,
            arr: standing.all.arr,
            average_score: standing.average,
            bands: Named(bands.collect()),
            at_risk_count: standing.at_risk.map(|tally| tally.accounts),
            arr_at_risk: standing.at_risk.map(|tally| tally.arr),
        }
    }
}

/// Writes the portfolio at each snapshot as `snapshots`, and the accounts whose fall is confirmed as `confirmed_falls`.
pub(super) fn write_trends(
    context: &Context<'_>,
    findings: TrendFindings<'_>,
    extent: Extent,
    sink: &mut impl Sink,
) -> io::Result<()> {
    write_snapshots(findings, sink)?;
    sink.list("confirmed_falls")?;
    let fallen = findings.accounts(findings.listed).filter(|account| account.course == Course::Fall);
    for account in fallen.take(extent.top.unwrap_or(usize::MAX)) {
        sink.record(&TrajectoryRecord::new(context, findings, account))?;
    }
    Ok(())
}

fn write_snapshots(findings: TrendFindings<'_>, sink: &mut impl Sink) -> io::Result<()> {
    let found = findings.found;
    sink.list("snapshots")?;
    for (standing, snapshot) in found.standings.iter().zip(findings.history.snapshots()) {
        sink.record(&StandingRecord::new(found.following.on, &snapshot.source, standing))?;
    }
    Ok(())
}

/// Writes how scores moved: the portfolio at each of the `snapshots`, and the `customers` with all of their readings.
///
/// # Errors
///
/// Where the output cannot be written.
pub fn write_trend(
    context: &Context<'_>,
    findings: TrendFindings<'_>,
    extent: Extent,
    sink: &mut impl Sink,
) -> io::Result<()> {
    let found = findings.found;
    let date = |standing: Option<&Census>| standing.map(|standing| standing.date.to_string());
    let courses = Course::ALL.map(|course| (course.name(), TallyRecord::from(found.tally(course))));
    sink.head(&Head::new(
        "trend",
        context,
        TrendSummary {
            on: found.following.on.name(),
            snapshot_count: found.standings.len(),
            first_date: date(found.standings.first()),
            last_date: date(found.standings.last()),
            periods: found.following.periods,
            threshold: found.following.threshold,
            courses: Named(courses.into()),
            arrived_count: found.arrived.count,
            departed_count: found.departed.count,
            returned_count: found.returned.count,
        },
    ))?;
    write_snapshots(findings, sink)?;
    sink.list("customers")?;
    let most = extent.top.unwrap_or(usize::MAX).min(findings.listed.len());
    for account in findings.accounts(&findings.listed[..most]) {
        sink.record(&TrajectoryRecord::new(context, findings, account))?;
    }
    sink.end()
}
