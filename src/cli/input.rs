//! Reading a portfolio, and telling what is wrong with it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use chrono::{Local, NaiveDate};

use super::args::InputArgs;
use super::output::{self, Words};
use super::{Failure, models};
use crate::account::Account;
use crate::analysis::{Assessor, Scope};
use crate::config::Models;
use crate::intake::{self, Needs, Options, Problem, Reading};
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
        let models = models::load(&args.model)?;
        for (_, overlay) in models.effective.overlays() {
            words.say(format_args!("csm: model: {}", Clean(overlay)));
        }
        let as_of = args.as_of.unwrap_or_else(|| Local::now().date_naive());
        let name =
            if args.portfolio == Path::new("-") { "<stdin>".to_owned() } else { args.portfolio.display().to_string() };
        Ok(Self { args, models, as_of, name: Clean(&name).to_string(), words })
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

    /// What the analyses in a scope read; all metrics where everything is in scope.
    pub fn needs(&self, scope: Scope) -> Needs {
        let slots = if scope == Scope::ALL {
            self.models.schema.slots().map(|(slot, _)| slot).collect()
        } else {
            self.assessor(scope).slots()
        };
        Needs { slots, footprint: scope.expansion }
    }

    /// Reads the portfolio and tells its problems. Where it is not usable, the accounts that were handed out are worth nothing.
    pub fn read(&self, needs: &Needs, each: &mut dyn FnMut(&Account)) -> Result<Reading, Failure> {
        let options = Options {
            schema: &self.models.schema,
            segments: &self.models.segments,
            needs,
            as_of: self.as_of,
            name: &self.name,
        };
        let source = self.open()?;
        let reading = match &self.args.rejects {
            None => intake::read_json(source, &options, None, each)?,
            Some(path) => {
                let failed = |source| Failure::File { action: "write", path: path.clone(), source };
                let mut file = output::temporary(path).map_err(failed)?;
                let mut rejects = BufWriter::new(file.as_file_mut());
                let reading = intake::read_json(source, &options, Some(&mut rejects), each)?;
                rejects.flush().map_err(failed)?;
                drop(rejects);
                if reading.invalid > 0 && !reading.problems.unusable() {
                    output::keep(file, path)?;
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
        if let Some(line) = rest(problems.error_count(), problems.errors(), "errors") {
            Words::tell(line);
        }
        for problem in problems.warnings().iter().take(SHOWN) {
            self.words.say(format_args!("warning: {}", Located(problem)));
        }
        if let Some(line) = rest(problems.warning_count(), problems.warnings(), "warnings") {
            self.words.say(line);
        }
        if problems.error_count() == 0 {
            return Ok(());
        }
        if problems.unusable() || !self.args.skip_invalid {
            let hint = if problems.unusable() { "" } else { "; --skip-invalid scores the valid records" };
            return Err(Failure::Input(format!("{} is unusable, nothing was scored{hint}", self.name)));
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

/// How many problems there are beyond those shown.
fn rest(count: u64, kept: &[Problem], what: &str) -> Option<String> {
    let rest = count.saturating_sub(kept.len().min(SHOWN) as u64);
    (rest > 0).then(|| format!("… and {rest} more {what}"))
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
