//! A history joined with what became of its customers.

use std::path::Path;

use chrono::NaiveDate;

use super::Failure;
use super::args::{HistoryArgs, ObservedArgs};
use super::history::{self, Told};
use super::input::Input;
use super::output::Words;
use crate::analysis::{Assessor, Scope};
use crate::evidence::{History, Intervention, Lives, Outcome, Point};
use crate::render::Clean;
use crate::report::Context;

/// What was read of a history, of outcomes and of interventions.
pub struct Joined<'a> {
    /// The models, and where words go.
    pub input: Input<'a>,
    /// The snapshots.
    pub told: Told,
    /// What was done for the customers.
    pub interventions: Vec<Intervention>,
    outcomes: Vec<Outcome>,
    observed_until: Option<NaiveDate>,
}

impl<'a> Joined<'a> {
    /// Reads a history, its outcomes and interventions; the file that results go to is none of them.
    pub fn read(
        history: &'a HistoryArgs,
        [outcomes, interventions]: [Option<&Path>; 2],
        observed: &ObservedArgs,
        output: Option<&Path>,
        words: Words,
    ) -> Result<Self, Failure> {
        let except: Vec<&Path> = [outcomes, interventions].into_iter().flatten().collect();
        let (input, told) = history::read(history, &except, output, words)?;
        check_observed(observed.observed_until, &told.history, input.as_of)?;
        let outcomes = match outcomes {
            Some(path) => super::outcomes::read_outcomes(path, &input, observed.date_format.as_ref())?,
            None => Vec::new(),
        };
        let interventions = match interventions {
            Some(path) => super::outcomes::read_interventions(path, &input, observed.date_format.as_ref())?,
            None => Vec::new(),
        };
        say_who_is_unknown(&interventions, &told.history, words);
        Ok(Self { input, told, interventions, outcomes, observed_until: observed.observed_until })
    }

    /// Scores the accounts with what can be held against outcomes.
    pub fn assessor(&self) -> Assessor<'_> {
        self.input.assessor(Scope::SCORES)
    }

    /// What became of the customers.
    pub fn lives(&self, points: &[Vec<Point>]) -> Result<Lives, Failure> {
        let model = self.input.models.fingerprint.to_string();
        Lives::new(&self.told.history, points, &self.outcomes, self.observed_until, &model)
            .ok_or_else(|| Failure::Input("the history has no snapshot".to_owned()))
    }

    /// The models, and where the data came from.
    pub fn context(&self) -> Context<'_> {
        let Self { input, told, .. } = self;
        Context { models: &input.models, as_of: input.as_of, source: &input.name, reading: &told.reading }
    }
}

/// Says how many interventions are of nobody in the history.
fn say_who_is_unknown(interventions: &[Intervention], history: &History, words: Words) {
    let mut unknown = interventions.iter().filter(|one| history.find(&one.customer).is_none());
    if let Some(first) = unknown.next() {
        words.say(format_args!(
            "note: {} of {} interventions of customers that no snapshot has, such as {}, which count for nothing",
            1 + unknown.count(),
            interventions.len(),
            Clean(&first.customer)
        ));
    }
}

/// Outcomes cannot be complete up to a day that is still to come, and whoever is in a snapshot was a customer then.
fn check_observed(until: Option<NaiveDate>, history: &History, as_of: NaiveDate) -> Result<(), Failure> {
    let Some(until) = until else { return Ok(()) };
    if until > as_of {
        return Err(Failure::Usage(format!(
            "--observed-until {until}: expected a day up to {as_of}, which counts as today"
        )));
    }
    match history.snapshots().last() {
        Some(last) if until < last.date => Err(Failure::Usage(format!(
            "--observed-until {until}: expected {} or later, the day of the last snapshot, which says who was a customer",
            last.date
        ))),
        _ => Ok(()),
    }
}
