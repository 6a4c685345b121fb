//! The scores of the last period, from its portfolio or from what was said of it.

use std::path::Path;

use chrono::NaiveDate;

use super::Failure;
use super::args::PreviousArgs;
use super::dated::day_of;
use super::input::{self, Input};
use super::output;
use crate::account::Book;
use crate::analysis::Scope;
use crate::evidence::difference::Side;
use crate::evidence::{LastPeriod, LastScores};
use crate::intake::{Kept, Reading, Saved};
use crate::render::Clean;
use crate::report::Context;

/// What the portfolio of the last period rests on.
pub struct Previous<'a> {
    input: Input<'a>,
    reading: Reading,
}

impl<'a> Previous<'a> {
    /// Has the scores of the last period stand in the place of those that the input gives. Gives back its accounts, where there
    /// are some and not what was said of them.
    pub fn read(input: &mut Input<'a>, args: &PreviousArgs, scope: Scope) -> Result<Option<(Self, Book)>, Failure> {
        let Some(path) = &args.previous else { return Ok(None) };
        check(input, path)?;
        let shown = Clean(&input::shown(path)).to_string();
        let known = day_of(input, path, args.previous_as_of)?;
        let beside = input.beside(vec![path.clone()], known.unwrap_or(input.as_of))?;
        if path != Path::new("-") && beside.kept(true)? == Kept::Results {
            let saved = match beside.read_saved(&beside.progress())? {
                Ok(saved) => saved,
                Err(problem) => return Err(Failure::Input(problem.to_string())),
            };
            take_saved(input, &shown, known, saved)?;
            return Ok(None);
        }
        let (book, reading) = beside.collect(&beside.needs(&beside.assessor(scope)))?;
        beside.tell(&reading, 0)?;
        let assessor = beside.assessor(Scope { health: true, ..Scope::default() });
        let last = LastPeriod::of_accounts(&book, beside.models.schema.metrics().len(), &assessor);
        tell(input, &shown, Some(beside.as_of), &last);
        if known.is_none() {
            input.words.say(format_args!(
                "csm: nothing says of which day {shown} is: its renewals are counted from {}, unless --previous-as-of says another day",
                beside.as_of
            ));
        }
        input.set_last_period(last);
        Ok(Some((Self { input: beside, reading }, book)))
    }

    /// What the portfolio rests on.
    pub fn context(&self) -> Context<'_> {
        let Self { input, reading } = self;
        Context { models: &input.models, as_of: input.as_of, source: &input.name, reading }
    }

    /// The accounts with what they are scored by.
    pub fn side(&self, book: Book) -> Side<'_> {
        side(&self.input, book)
    }

    /// Fails where its amounts are in another currency.
    pub fn check_currency(&self, input: &Input<'_>, reading: &Reading) -> Result<(), Failure> {
        check_currencies([(&self.input, &self.reading), (input, reading)])
    }
}

/// A portfolio that was read, with what it is scored by.
pub fn side<'i>(input: &'i Input<'_>, book: Book) -> Side<'i> {
    Side {
        assessor: input.assessor(Scope::SCORES),
        segments: &input.models.segments,
        slots: input.models.schema.metrics().len(),
        book,
    }
}

/// Amounts of both must be in one currency.
pub fn check_currencies(readings: [(&Input<'_>, &Reading); 2]) -> Result<(), Failure> {
    let [(old, was), (new, is)] = readings;
    match (&was.currency, &is.currency) {
        (Some(before), Some(now)) if before != now => Err(Failure::Input(format!(
            "{} is in {} and {} in {}: expected one currency, or [rates] in the mapping",
            Clean(&old.name),
            Clean(before),
            Clean(&new.name),
            Clean(now)
        ))),
        _ => Ok(()),
    }
}

/// The model must have a place for the scores, and nothing can be read twice.
fn check(input: &Input<'_>, path: &Path) -> Result<(), Failure> {
    let model = &input.models.health;
    if model.previous_overall.is_none() && model.previous.iter().all(Option::is_none) {
        return Err(Failure::Usage(
            "--previous: the model names no figure of the last period: expected `overall` under [trend], or `previous` of a group, in \
             health.toml"
                .to_owned(),
        ));
    }
    if input.reads(path) {
        let shown = Clean(&input::shown(path)).to_string();
        return Err(Failure::Usage(format!("{shown} is the portfolio itself: --previous is that of the last period")));
    }
    Ok(())
}

/// Takes the scores that were saved.
fn take_saved(input: &mut Input<'_>, shown: &str, known: Option<NaiveDate>, saved: Saved) -> Result<(), Failure> {
    let Saved { date, model, points, mut dimensions, .. } = saved;
    let groups = input.models.health.model.groups();
    let scores = points.into_iter().map(|(saved, _)| {
        let named = dimensions.remove(&saved.id).unwrap_or_default();
        let of = |name: &str| named.iter().find(|(known, _)| known == name).map(|(_, score)| *score);
        let dimensions = groups.iter().map(|group| of(&group.name)).collect();
        (saved.id, LastScores { overall: saved.point.health.map(|score| score.value), dimensions })
    });
    let last: LastPeriod = scores.collect();
    if !last.has_scores() {
        return Err(Failure::Input(format!("{shown} tells no health score: expected what csm health wrote")));
    }
    tell(input, shown, date.or(known), &last);
    let now = input.models.fingerprint.to_string();
    if !model.is_empty() && model != now {
        input.words.say(format_args!(
            "note: the scores in {shown} are those of another model ({}, now {now}): a trend may be the model's",
            Clean(&model)
        ));
    }
    input.set_last_period(last);
    Ok(())
}

/// Says what stands for the last period.
fn tell(input: &Input<'_>, shown: &str, day: Option<NaiveDate>, last: &LastPeriod) {
    let accounts = if last.len() == 1 { "account" } else { "accounts" };
    let of_day = day.map_or_else(String::new, |day| format!("{day}, "));
    input.words.say(format_args!(
        "csm: the last period is {of_day}{shown} with {} {accounts}, in the place of previous_period",
        last.len()
    ));
    if day.is_some_and(|day| day > input.as_of) {
        input.words.say(format_args!("note: that is after {}, the day of the portfolio", input.as_of));
    }
}

/// Whether a file is one of those that are written.
pub fn check_output(args: &PreviousArgs, written: Option<&Path>) -> Result<(), Failure> {
    match (&args.previous, written) {
        (Some(previous), Some(written)) if output::is_same_file(previous, written) => {
            let shown = Clean(&input::shown(written)).to_string();
            Err(Failure::Usage(format!("{shown} is the portfolio of the last period, and would be written over")))
        }
        _ => Ok(()),
    }
}
