//! Reading a portfolio, and telling what is wrong with it.

mod files;
mod portions;
mod rejects;
mod tell;

pub use files::{open, shown};

use std::collections::BTreeMap;
use std::fmt;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{Local, NaiveDate};

use super::args::{DiffArgs, FormatArgs, HistoryArgs, InvalidArgs, ModelArgs, SourceArgs, ThreadArgs};
use super::output::{self, Words};
use super::progress::{CountedAccounts, Progress, Work};
use super::{Failure, models};
use crate::account::{Account, Book, Field, FieldKind, Schema};
use crate::analysis::{Assessor, Scope, Survey};
use crate::config::Models;
use crate::config::mapping::Mapping;
use crate::evidence::LastPeriod;
use crate::intake::{
    self, Amend, AtError, Dating, Keep, Kept, Key, Needs, Options, Portion, Problem, ReadError, Reading, Saved, Source,
};
use crate::render::Clean;
use crate::workers::{Then, Threads};
use files::{check_inputs, length, name};
use portions::{Collected, Days, Surveyed};
use rejects::{Rejects, check_outputs, rejects_paths};

/// A portfolio that is about to be read: its models, its date, and where words about it go.
#[derive(Debug)]
pub struct Input<'a> {
    files: Vec<PathBuf>,
    format: &'a FormatArgs,
    /// Whether customers that the first file lacks are scored too.
    outer: bool,
    invalid: InvalidArgs,
    /// The models.
    pub models: Arc<Models>,
    mapping: Option<Arc<Mapping>>,
    key: Key,
    /// Today.
    pub as_of: NaiveDate,
    /// The name of the input in messages and results.
    pub name: String,
    /// Where words go.
    pub words: Words,
    /// How many bytes are to be read, where that is known.
    length: Option<u64>,
    threads: Threads,
    amendment: Option<Amendment>,
}

/// What is done to each account that is read.
struct Amendment(Box<dyn Fn(&mut Account) + Send + Sync>);

impl fmt::Debug for Amendment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Amendment")
    }
}

impl<'a> Input<'a> {
    /// Loads the models and settles the date. `output` must not be one of the files that are read.
    pub fn new(
        args: &'a SourceArgs,
        invalid: &InvalidArgs,
        output: Option<&Path>,
        words: Words,
        threads: ThreadArgs,
    ) -> Result<Self, Failure> {
        check_outputs(&args.portfolios, invalid, output)?;
        check_inputs(&args.portfolios)?;
        let reading = &args.reading;
        let input = Self::of(
            &args.model,
            (reading.mapping.as_deref(), &reading.format),
            reading.key.as_deref(),
            args.as_of,
            words,
        )?;
        let length = length(&args.portfolios);
        Ok(Self {
            name: name(&args.portfolios),
            files: args.portfolios.clone(),
            outer: reading.outer,
            invalid: invalid.clone(),
            length,
            threads: threads.threads(length),
            ..input
        })
    }

    /// The same for a history, whose files are read [beside](Self::beside) it; none of them is read with it. `output` must not be its
    /// file.
    pub fn of_history(
        args: &'a HistoryArgs,
        length: Option<u64>,
        output: Option<&Path>,
        words: Words,
    ) -> Result<Self, Failure> {
        let invalid = InvalidArgs { skip_invalid: args.skip_invalid, rejects: None };
        check_outputs(std::slice::from_ref(&args.history), &invalid, output)?;
        let input = Self::of(&args.model, (args.mapping.as_deref(), &args.format), None, args.as_of, words)?;
        Ok(Self { name: shown(&args.history), invalid, length, threads: args.threads.threads(length), ..input })
    }

    /// The same for two portfolios, each of which is read [beside](Self::beside) it; none of them is read with it. `output` must be
    /// neither of their files.
    pub fn of_pair(args: &'a DiffArgs, words: Words) -> Result<Self, Failure> {
        let invalid = InvalidArgs { skip_invalid: args.skip_invalid, rejects: None };
        let files = [args.old.clone(), args.new.clone()];
        check_outputs(&files, &invalid, args.output.target.output.as_deref())?;
        let input = Self::of(&args.model, (args.mapping.as_deref(), &args.read_as), None, args.as_of, words)?;
        let length = length(&files);
        Ok(Self { name: shown(&args.new), invalid, length, threads: args.threads.threads(length), ..input })
    }

    /// The same with other models. A mapping is looked for beside them, then where that of these models was looked for.
    pub fn with_models(&self, other: &ModelArgs, own: &ModelArgs, mapping: Option<&Path>) -> Result<Self, Failure> {
        let models = models::load(other)?;
        let found = match models::mapping(other, mapping, &self.key, &models)? {
            Some(found) => Some(found),
            None => models::mapping(own, mapping, &self.key, &models)?,
        };
        Ok(Self {
            name: self.name.clone(),
            files: self.files.clone(),
            invalid: self.invalid.clone(),
            models: Arc::new(models),
            mapping: found.map(|(_, mapping)| Arc::new(mapping)),
            key: self.key.clone(),
            amendment: None,
            ..*self
        })
    }

    /// No files yet: loads the models and settles the date.
    fn of(
        model: &ModelArgs,
        (mapping, format): (Option<&Path>, &'a FormatArgs),
        joined_by: Option<&str>,
        as_of: Option<NaiveDate>,
        words: Words,
    ) -> Result<Self, Failure> {
        let models = models::load(model)?;
        models::tell(&models, words);
        let key = key(joined_by, &models.schema)?;
        let is_named = mapping.is_some();
        let mapping = models::mapping(model, mapping, &key, &models)?;
        if let Some((path, _)) = &mapping
            && !is_named
        {
            words.say(format_args!("csm: mapping: {}", Clean(&path.display().to_string())));
        }
        Ok(Self {
            name: String::new(),
            files: Vec::new(),
            format,
            outer: false,
            invalid: InvalidArgs::default(),
            models: Arc::new(models),
            mapping: mapping.map(|(_, mapping)| Arc::new(mapping)),
            key,
            as_of: as_of.unwrap_or_else(|| Local::now().date_naive()),
            words,
            length: None,
            threads: Threads::ONE,
            amendment: None,
        })
    }

    /// Other files that are read in the same way, with the same models, as of another day. Records that are left out of them are not kept.
    pub fn beside(&self, files: Vec<PathBuf>, as_of: NaiveDate) -> Result<Self, Failure> {
        check_inputs(&files)?;
        Ok(Self {
            name: name(&files),
            length: length(&files),
            files,
            format: self.format,
            outer: self.outer,
            invalid: InvalidArgs { rejects: None, ..self.invalid },
            models: Arc::clone(&self.models),
            mapping: self.mapping.clone(),
            key: self.key.clone(),
            as_of,
            words: self.words,
            threads: self.threads,
            amendment: None,
        })
    }

    /// Puts the scores of an earlier day in the place of those that the files give for the last period.
    pub fn set_last_period(&mut self, last: LastPeriod) {
        let models = Arc::clone(&self.models);
        self.amendment = Some(Amendment(Box::new(move |account| last.amend(&models.health, account))));
    }

    /// Whether a file is one of those that are read.
    pub fn reads(&self, path: &Path) -> bool {
        let is_stdin = path == Path::new("-");
        self.files.iter().any(|file| (is_stdin && file == path) || output::is_same_file(file, path))
    }

    /// On how many threads the work is done.
    pub fn threads(&self) -> Threads {
        self.threads
    }

    /// An assessor of these models.
    pub fn assessor(&self, scope: Scope) -> Assessor<'_> {
        self.models.assessor(self.as_of, scope)
    }

    /// What an assessor reads; all metrics where everything is in its scope.
    pub fn needs(&self, assessor: &Assessor<'_>) -> Needs {
        let slots = if assessor.scope == Scope::ALL {
            self.models.schema.slots().map(|(slot, _)| slot).collect()
        } else {
            assessor.slots()
        };
        Needs { slots, footprint: assessor.scope.expansion, ..Needs::default() }
    }

    /// Reads the portfolio and tells its problems. Where it is not usable, the accounts that were handed out are worth nothing.
    pub fn read(&self, needs: &Needs, each: &mut dyn FnMut(&Account)) -> Result<Reading, Failure> {
        let reading = self.read_quietly(needs, Keep::First, each)?;
        self.tell(&reading, 0)?;
        Ok(reading)
    }

    /// Surveys the portfolio on several threads and tells its problems. Where it is not usable, the survey is worth nothing.
    pub fn survey(&self, needs: &Needs, survey: &mut Survey<'_>) -> Result<Reading, Failure> {
        self.survey_into(needs, survey, None)
    }

    /// The same, which also collects all accounts where that is asked for, whatever the survey does with them.
    pub fn survey_into(
        &self,
        needs: &Needs,
        survey: &mut Survey<'_>,
        mut all: Option<&mut Book>,
    ) -> Result<Reading, Failure> {
        let (surveyor, sums) = survey.split();
        let options = self.options(needs);
        let collects = all.is_some();
        let begin = || Surveyed { portion: surveyor.portion(), book: collects.then(Book::default) };
        let mut take = |Surveyed { portion, book }: Surveyed<'_>| {
            sums.take(portion);
            if let (Some(all), Some(book)) = (&mut all, book) {
                all.append(book);
            }
            Then::GoOn
        };
        let reading = self.read_portions(&options, &self.progress(), &begin, &mut take)?;
        self.tell(&reading, 0)?;
        Ok(reading)
    }

    /// Reads the portfolio in portions that several threads fill, and ends at the first error unless records with errors are left
    /// out. It leaves it to the caller to tell the problems.
    pub fn flow<P: Portion>(
        &self,
        needs: &Needs,
        progress: &Progress,
        begin: &(dyn Fn() -> P + Sync),
        take: &mut dyn FnMut(P) -> Then,
    ) -> Result<Reading, Failure> {
        let at_error = if self.invalid.skip_invalid { AtError::GoOn } else { AtError::End };
        let options = Options { at_error, ..self.options(needs) };
        self.read_portions(&options, progress, begin, take)
    }

    fn read_portions<P: Portion>(
        &self,
        options: &Options<'_>,
        progress: &Progress,
        begin: &(dyn Fn() -> P + Sync),
        take: &mut dyn FnMut(P) -> Then,
    ) -> Result<Reading, Failure> {
        let begin = || CountedAccounts::new(begin());
        let mut take = |counted: CountedAccounts<P>| {
            progress.add_accounts(counted.count);
            take(counted.portion)
        };
        self.read_sources(progress, |sources| {
            intake::read_portions(sources, options, self.threads(), &begin, &mut take)
        })
    }

    /// The progress of reading.
    pub fn progress(&self) -> Progress {
        Progress::new(Work::Reading(self.length), self.words)
    }

    /// Reads the portfolio, and leaves it to the caller to tell its problems.
    pub fn read_quietly(&self, needs: &Needs, keep: Keep, each: &mut dyn FnMut(&Account)) -> Result<Reading, Failure> {
        let options = Options { keep, ..self.options(needs) };
        let progress = self.progress();
        self.read_sources(&progress, |sources| {
            intake::read(sources, &options, &mut |account| {
                progress.add_accounts(1);
                each(account);
            })
        })
    }

    /// Reads accounts by the days that they are of: the input's own where their records say none. It leaves it to the caller to tell the
    /// problems.
    pub fn read_days(
        &self,
        needs: &Needs,
        progress: &Progress,
        threads: Threads,
    ) -> Result<(BTreeMap<NaiveDate, Book>, Reading), Failure> {
        let options = self.options(needs);
        let mut days = Days::of(self.as_of);
        let begin = || Days::of(self.as_of);
        let reading = self.read_sources(progress, |sources| {
            if !threads.are_many() {
                return intake::read(sources, &options, &mut |account| {
                    progress.add_accounts(1);
                    days.add(account);
                });
            }
            intake::read_portions(sources, &options, threads, &begin, &mut |portion| {
                progress.add_accounts(portion.books.values().map(|book| book.len() as u64).sum());
                days.append(portion);
                Then::GoOn
            })
        })?;
        Ok((days.books, reading))
    }

    /// Reads all accounts, on several threads, and leaves it to the caller to tell the problems.
    pub fn collect(&self, needs: &Needs) -> Result<(Book, Reading), Failure> {
        let mut all = Book::default();
        let options = self.options(needs);
        let mut take = |Collected(book)| {
            all.append(book);
            Then::GoOn
        };
        let reading = self.read_portions(&options, &self.progress(), &|| Collected(Book::default()), &mut take)?;
        Ok((all, reading))
    }

    /// What the file holds, as far as its beginning tells; whether the rows of a table say of which day they are is not looked at where
    /// that is known.
    pub fn kept(&self, has_day: bool) -> Result<Kept, Failure> {
        let Some(path) = self.files.first() else { return Ok(Kept::Undated) };
        let name = path.display().to_string();
        Ok(intake::kept_in(self.source(&name, 1, open(path)?), self.format.max_unpacked, has_day)?)
    }

    /// The days that the records say they are of, the earliest first; none where they say nothing.
    pub fn stated_days(&self) -> Result<Vec<NaiveDate>, Failure> {
        if self.kept(false)? != Kept::Dated {
            return Ok(Vec::new());
        }
        let needs = Needs { dating: Dating::Required, ..Needs::default() };
        // What is wrong with the records is told when they are read to be scored.
        let (days, _) = self.read_days(&needs, &self.progress(), self.threads())?;
        Ok(days.into_keys().collect())
    }

    /// Reads the results that an earlier run saved in the file.
    pub fn read_saved(&self, progress: &Progress) -> Result<Result<Saved, Problem>, Failure> {
        let path = self.files.first().map_or_else(|| Path::new("-"), PathBuf::as_path);
        let name = path.display().to_string();
        let source = self.source(&name, 1, progress.bytes(open(path)?));
        Ok(intake::read_saved(source, self.format.max_unpacked, &self.models.segments)?)
    }

    fn options<'o>(&'o self, needs: &'o Needs) -> Options<'o> {
        let Self { models, .. } = self;
        Options {
            rates: self.mapping.as_deref().and_then(|mapping| mapping.rates.as_ref()),
            key: &self.key,
            outer: self.outer,
            max_unpacked: self.format.max_unpacked,
            amend: self.amendment.as_ref().map(|amendment| Amend(&*amendment.0)),
            ..Options::new(&models.schema, &models.segments, needs, self.as_of)
        }
    }

    /// A file at a position, counted from 1, as it is to be read.
    fn source<'s>(&'s self, name: &'s str, position: usize, bytes: impl Read + Send + 's) -> Source<'s> {
        Source {
            format: self.format.input_format,
            encoding: self.format.encoding.as_deref(),
            sheet: self.format.sheet.as_deref(),
            mapping: self.mapping.as_ref().and_then(|mapping| mapping.source_for(name, position)),
            ..Source::new(name, bytes)
        }
    }

    /// Opens the files for `read`, and those of the records that are left out.
    fn read_sources(
        &self,
        progress: &Progress,
        read: impl FnOnce(Vec<Source<'_>>) -> Result<Reading, ReadError>,
    ) -> Result<Reading, Failure> {
        let mut rejects =
            rejects_paths(&self.files, &self.invalid).into_iter().map(Rejects::open).collect::<Result<Vec<_>, _>>()?;
        let names: Vec<String> = self.files.iter().map(|path| path.display().to_string()).collect();
        let mut outs = rejects.iter_mut();
        let mut sources = Vec::new();
        for (position, path) in self.files.iter().enumerate() {
            let source = self.source(&names[position], position + 1, progress.bytes(open(path)?));
            sources
                .push(Source { rejects: outs.next().map(|rejects| -> &mut dyn Write { &mut rejects.out }), ..source });
        }
        let reading = read(sources)?;
        // Also where nothing was left out: an older file must not pass for this run's.
        for rejects in rejects {
            rejects.end(!reading.problems.unusable())?;
        }
        Ok(reading)
    }
}

/// What files are joined by: a field of text, which may be one that the models do not know.
fn key(path: Option<&str>, schema: &Schema) -> Result<Key, Failure> {
    let Some(path) = path.filter(|path| *path != Field::Id.path()) else { return Ok(Key::Id) };
    let is_text = |field: &Field| matches!(field.kind(), FieldKind::Name | FieldKind::Text);
    let field = Field::ALL.into_iter().find(|field| field.path() == path);
    if schema.slot(path).is_none() && field.is_none_or(|field| is_text(&field)) {
        return Ok(Key::Path(path.to_owned()));
    }
    let known: Vec<&str> = Field::ALL.into_iter().filter(is_text).map(Field::path).collect();
    let known = known.join(", ");
    Err(Failure::Usage(format!(
        "files cannot be joined by {path}: expected {known}, or a column with text of your own"
    )))
}
