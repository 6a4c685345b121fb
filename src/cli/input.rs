//! Reading a portfolio, and telling what is wrong with it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use chrono::{Local, NaiveDate};

use super::args::InputArgs;
use super::output::{self, Pending, Words};
use super::{Failure, models};
use crate::account::Account;
use crate::analysis::{Assessor, Scope};
use crate::config::Models;
use crate::intake::{self, Needs, Options, Problem, Reading, Source};
use crate::render::Clean;

/// Problems that are shown; the rest are counted.
const SHOWN: usize = 50;

/// A portfolio that is about to be read: its models, its date, and where words about it go.
#[derive(Debug)]
pub struct Input<'a> {
    args: &'a InputArgs,
    /// The models.
    pub models: Models,
    /// Today.
    pub as_of: NaiveDate,
    /// The name of the input in messages and results.
    pub name: String,
    /// Where words go.
    pub words: Words,
}

impl<'a> Input<'a> {
    /// Loads the models and settles the date. `output` must not be the portfolio itself.
    pub fn new(args: &'a InputArgs, output: Option<&Path>, words: Words) -> Result<Self, Failure> {
        for written in [output, args.rejects.as_deref()].into_iter().flatten() {
            if output::is_same_file(written, &args.portfolio) {
                let path = Clean(&written.display().to_string()).to_string();
                return Err(Failure::Usage(format!("{path} is the portfolio itself, and would be written over")));
            }
        }
        if let (Some(output), Some(rejects)) = (output, &args.rejects)
            && output::is_same_place(output, rejects)
        {
            let path = Clean(&output.display().to_string()).to_string();
            return Err(Failure::Usage(format!("{path} cannot take both the results and the records left out")));
        }
        let models = models::load(&args.model)?;
        for (_, overlay) in models.effective.overlays() {
            words.say(format_args!("csm: model: {}", Clean(overlay)));
        }
        let as_of = args.as_of.unwrap_or_else(|| Local::now().date_naive());
        let name =
            if args.portfolio == Path::new("-") { "<stdin>".to_owned() } else { args.portfolio.display().to_string() };
        Ok(Self { args, models, as_of, name, words })
    }

    /// An assessor of these models.
    pub fn assessor(&self, scope: Scope) -> Assessor<'_> {
        let models = &self.models;
        Assessor {
            health: &models.health,
            churn: &models.churn,
            expansion: &models.expansion,
            as_of: self.as_of,
            scope,
        }
    }

    /// What an assessor reads; all metrics where everything is in its scope.
    pub fn needs(&self, assessor: &Assessor<'_>) -> Needs {
        let slots = if assessor.scope == Scope::ALL {
            self.models.schema.slots().map(|(slot, _)| slot).collect()
        } else {
            assessor.slots()
        };
        Needs { slots, footprint: assessor.scope.expansion }
    }

    /// Reads the portfolio and tells its problems. Where it is not usable, the accounts that were handed out are worth nothing.
    pub fn read(&self, needs: &Needs, each: &mut dyn FnMut(&Account)) -> Result<Reading, Failure> {
        let models = &self.models;
        let options = Options::new(&models.schema, &models.segments, needs, self.as_of);
        let source = Source::new(&self.name, self.open()?);
        let reading = match &self.args.rejects {
            None => intake::read(vec![source], &options, each)?,
            Some(path) => {
                let failed = |source| Failure::File { action: "write", path: path.clone(), source };
                let mut file = Pending::open(path).map_err(failed)?;
                let mut rejects = BufWriter::new(&mut file);
                let source = Source { rejects: Some(&mut rejects), ..source };
                let reading = intake::read(vec![source], &options, each)?;
                rejects.flush().map_err(failed)?;
                drop(rejects);
                // Also where nothing was left out: an older file must not pass for this run's.
                if !reading.problems.unusable() {
                    file.keep().map_err(failed)?;
                }
                reading
            }
        };
        self.tell(&reading)?;
        Ok(reading)
    }

    /// Says that no account is left to score, and what to look at.
    pub fn say_nothing_left(&self) {
        let segments = self.models.segments.names().join(", ");
        self.words.say(format_args!(
            "csm: no account is left to score: check --segment (the model knows {segments}), --customer, --min-arr and the \
             lifecycle of the accounts"
        ));
    }

    fn open(&self) -> Result<Box<dyn Read>, Failure> {
        let path = &self.args.portfolio;
        if path == Path::new("-") {
            return Ok(Box::new(io::stdin().lock()));
        }
        let failed = |source| Failure::File { action: "read", path: path.clone(), source };
        if fs::metadata(path).map_err(failed)?.is_dir() {
            return Err(failed(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, expected a file")));
        }
        Ok(Box::new(File::open(path).map_err(failed)?))
    }

    fn tell(&self, reading: &Reading) -> Result<(), Failure> {
        let problems = &reading.problems;
        for problem in problems.errors().iter().take(SHOWN) {
            Words::tell(format_args!("error: {}", Located(problem)));
        }
        let rest = problems.error_count().saturating_sub(problems.errors().len().min(SHOWN) as u64);
        if rest > 0 {
            Words::tell(format_args!("… and {rest} more errors"));
        }
        for line in grouped(problems.warnings()) {
            self.words.say(line);
        }
        let rest = problems.warning_count().saturating_sub(problems.warnings().len() as u64);
        if rest > 0 {
            self.words.say(format_args!("… and {rest} more warnings"));
        }
        if problems.error_count() == 0 {
            return Ok(());
        }
        if problems.unusable() || !self.args.skip_invalid {
            let hint = if problems.unusable() { "" } else { "; --skip-invalid scores the valid records" };
            return Err(Failure::Input(format!("{} is unusable, nothing was scored{hint}", Clean(&self.name))));
        }
        if reading.invalid == reading.records {
            return Err(Failure::Input(format!("{} has no valid record, nothing was scored", Clean(&self.name))));
        }
        let kept = match &self.args.rejects {
            Some(path) => format!(", kept in {}", Clean(&path.display().to_string())),
            None => String::new(),
        };
        // Records that are left out are never passed over in silence.
        Words::tell(format_args!("csm: {} of {} records left out as invalid{kept}", reading.invalid, reading.records));
        Ok(())
    }
}

/// Warnings of one kind about one field told together: the first in full, the others counted.
fn grouped(warnings: &[Problem]) -> Vec<String> {
    let mut kinds: Vec<(&Problem, usize)> = Vec::new();
    for warning in warnings {
        let same =
            |known: &&mut (&Problem, usize)| known.0.field == warning.field && known.0.allowed == warning.allowed;
        match kinds.iter_mut().find(same) {
            Some((_, count)) => *count += 1,
            None => kinds.push((warning, 1)),
        }
    }
    let rest = kinds.len().saturating_sub(SHOWN);
    let mut lines: Vec<String> = kinds
        .into_iter()
        .take(SHOWN)
        .map(|(first, count)| match count {
            1 => format!("warning: {}", Located(first)),
            _ => format!("warning: {} (and {} more like it)", Located(first), count - 1),
        })
        .collect();
    if rest > 0 {
        lines.push(format!("… and warnings of {rest} more kinds"));
    }
    lines
}

/// A problem with the text around its place, where there is some.
struct Located<'a>(&'a Problem);

impl std::fmt::Display for Located<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        if let Some(excerpt) = self.0.excerpt.as_ref().filter(|excerpt| !excerpt.text.trim().is_empty()) {
            for line in excerpt.to_string().lines() {
                write!(f, "\n  | {line}")?;
            }
        }
        Ok(())
    }
}
