//! What a history adds to the briefing: the scores of the last period, and how the scores moved up to now.

use std::collections::HashSet;
use std::path::Path;

use chrono::NaiveDate;

use crate::analysis::{Assessment, Briefing, Findings, Scope};
use crate::cli::args::{ReportArgs, TrendSort};
use crate::cli::history::{self, Told};
use crate::cli::input::Input;
use crate::cli::{Failure, trend};
use crate::evidence::{
    Course, Customer, Following, History, LastPeriod, On, PERIODS, Point, SavedPoint, SavedSnapshot, Score,
    Trajectories,
};
use crate::render::Clean;
use crate::report::TrendFindings;

/// Reads the snapshots before today, and has their scores stand for the last period.
pub fn read(input: &mut Input<'_>, args: &ReportArgs, path: &Path) -> Result<Told, Failure> {
    let as_of = input.as_of;
    let portfolios: Vec<&Path> = args.input.sources.portfolios.iter().map(|path| &**path).collect();
    let mut told = history::read_beside(&input.beside(vec![path.to_owned()], as_of)?, path, &portfolios)?;
    let shown = Clean(&path.display().to_string()).to_string();
    if told.history.drop_day(as_of) {
        input
            .words
            .say(format_args!("note: the snapshot of {as_of} in {shown} is left out: the portfolio is of that day"));
    }
    let Some(position) = LastPeriod::position(&told.history, as_of) else {
        return Err(Failure::Input(format!("{shown} holds no snapshot before {as_of}: a trend needs one")));
    };
    let last = LastPeriod::of(&told.history, position, &input.assessor(Scope::SCORES));
    if let Some(snapshot) = told.history.snapshots().get(position) {
        let (day, source) = (snapshot.date, Clean(&snapshot.source));
        input.words.say(format_args!("csm: the last period is {day} ({source}), in the place of previous_period"));
    }
    input.set_last_period(last);
    Ok(told)
}

/// How the scores moved up to now.
pub struct Moved {
    told: Told,
    found: Trajectories,
    listed: Vec<usize>,
}

impl Moved {
    /// Adds the portfolio of now to the history, and follows its scores.
    pub fn new(mut told: Told, input: &Input<'_>, args: &ReportArgs, findings: &Findings<'_>) -> Self {
        add_now(&mut told, input, findings);
        let mut points = told.history.points(&input.assessor(Scope::SCORES), input.threads());
        if let Some(day) = drop_repeated(&mut told.history, &mut points) {
            let note =
                format!("the snapshot of {day} says the same of every account as the portfolio, and is left out");
            input.words.say(format_args!("note: {note}"));
            told.notes.push(note);
        }
        let following = Following { on: On::Health, threshold: input.models.health.trend_threshold, periods: PERIODS };
        let found = Trajectories::new(&told.history, &points, following, |point| {
            trend::admits(&args.population, input, &told.history, point)
        });
        let listed = trend::in_order(&found, &told.names, TrendSort::Fall);
        Self { told, found, listed }
    }

    /// The briefing with the green accounts whose fall is confirmed.
    pub fn mark<'m>(&self, briefing: Briefing<'m>) -> Briefing<'m> {
        let fallen = self.found.accounts.iter().filter(|account| account.course == Course::Fall);
        let fallen: HashSet<&str> = fallen.map(|account| self.told.history.id(account.customer)).collect();
        briefing.with_confirmed_falls(|id| fallen.contains(id))
    }

    /// What there is to show.
    pub fn findings(&self) -> TrendFindings<'_> {
        let Told { history, names, notes, .. } = &self.told;
        TrendFindings { history, names, found: &self.found, notes, listed: &self.listed }
    }
}

/// Takes the snapshot before the last away where it is the same export again, whose scores would confirm themselves: each account has
/// the same health and ARR. Gives its day.
fn drop_repeated(history: &mut History, points: &mut Vec<Vec<Point>>) -> Option<NaiveDate> {
    let [.., before, now] = points.as_slice() else { return None };
    let is_same = |(a, b): (&Point, &Point)| (a.customer, a.arr, a.health) == (b.customer, b.arr, b.health);
    if before.len() != now.len() || now.is_empty() || !before.iter().zip(now).all(is_same) {
        return None;
    }
    let position = points.len() - 2;
    let day = history.snapshots().get(position)?.date;
    points.remove(position);
    history.drop_day(day).then_some(day)
}

/// Puts the scores of now behind the snapshots.
fn add_now(told: &mut Told, input: &Input<'_>, findings: &Findings<'_>) {
    let mut account = findings.blank_account();
    let mut assessment = Assessment::default();
    let mut points = Vec::new();
    let mut names = Vec::new();
    let mut seen = HashSet::new();
    for entry in findings.listed().iter().chain(findings.onboarding()) {
        findings.score(*entry, Scope::SCORES, &mut account, &mut assessment);
        // In a JSON portfolio a customer may stand twice, which has been told.
        if !seen.insert(account.id.clone()) {
            continue;
        }
        let score = |card: &crate::engine::Scorecard| {
            let grade = card.grade?;
            Some(Score { value: grade.score, band: u8::try_from(grade.band).unwrap_or(u8::MAX) })
        };
        let point = Point {
            customer: Customer(0),
            profile: account.profile,
            lifecycle: account.lifecycle,
            arr: account.arr,
            health: score(&assessment.health.card),
            churn: score(&assessment.churn.card),
        };
        points.push(SavedPoint { id: account.id.clone(), point });
        names.push((account.id.clone(), account.name.clone()));
    }
    let model = input.models.fingerprint.to_string();
    let now = SavedSnapshot { date: input.as_of, model, points };
    // The day is free: its snapshot was dropped.
    let _ = told.history.add_saved(input.name.clone(), now);
    told.names.resize(told.history.ids().len(), String::new());
    for (id, name) in names {
        if let Some(known) = told.history.find(&id).and_then(|customer| told.names.get_mut(customer.index())) {
            *known = name;
        }
    }
}
