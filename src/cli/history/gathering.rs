//! A history in the making: days from files, and what is odd about them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::files::{FileContent, SnapshotFile, file_name};
use super::{Told, told};
use crate::account::Book;
use crate::cli::Failure;
use crate::cli::input::{Input, shown};
use crate::cli::output::Words;
use crate::intake::{Problems, Reading, Saved};
use crate::render::Clean;

/// How many examples a message shows.
const EXAMPLES: usize = 3;

/// What a day holds.
pub(super) enum Content {
    Accounts(Book),
    Saved(Saved),
}

/// A history in the making.
pub(super) struct Gathering<'g, 'i> {
    input: &'g Input<'i>,
    /// The days with what they were read from.
    days: Vec<(NaiveDate, String, Content)>,
    notes: Vec<String>,
    errors: Vec<String>,
    /// The currencies that files name, each with its first file and how many there are.
    currencies: Vec<(String, String, usize)>,
}

impl<'g, 'i> Gathering<'g, 'i> {
    /// Nothing yet.
    pub(super) fn new(input: &'g Input<'i>) -> Self {
        Self { input, days: Vec::new(), notes: Vec::new(), errors: Vec::new(), currencies: Vec::new() }
    }

    /// Takes what a file holds.
    pub(super) fn take(
        &mut self,
        file: &SnapshotFile,
        content: FileContent,
        sum: &mut Reading,
        problems: &mut Problems,
    ) {
        let name = file.path.display().to_string();
        let as_of = self.input.as_of;
        let (content, reading) = match content {
            FileContent::Days(days, reading) => {
                let behind = days.keys().filter(|day| **day > as_of).count();
                if behind > 0 {
                    self.notes.push(format!(
                        "{}: {} after {as_of}, the day that counts as today, left out",
                        Clean(&name),
                        counted(behind, "snapshot")
                    ));
                }
                (days.into_iter().map(|(day, book)| (day, Content::Accounts(book))).collect(), reading)
            }
            FileContent::Saved(saved) => match saved.date.or(file.day) {
                Some(day) if day > as_of => {
                    self.notes.push(format!(
                        "{}: results of {day}, after {as_of}, the day that counts as today, left out",
                        Clean(&name)
                    ));
                    return;
                }
                Some(day) => {
                    let records = saved.points.len() as u64;
                    if let Some(total) = saved.total.filter(|total| *total > records) {
                        self.notes.push(format!(
                            "{}: lists {records} of {total} accounts, and the others count as gone: --top and what leaves accounts out have \
                             no place in a history",
                            Clean(&name)
                        ));
                    }
                    let reading = Reading { records, currency: saved.currency.clone(), ..Reading::default() };
                    (vec![(day, Content::Saved(saved))], reading)
                }
                None => {
                    self.errors.push(format!(
                        "{}: results that do not say of which day they are: expected their day in the name of the file",
                        Clean(&name)
                    ));
                    return;
                }
            },
            FileContent::Nothing(reading) => (Vec::new(), reading),
        };
        if let (Some(named), Some((day, _))) = (file.day, content.iter().find(|(day, _)| Some(*day) != file.day)) {
            self.notes.push(format!(
                "{}: says that it is of {day}, which counts, and not of {named} as its name does",
                Clean(&name)
            ));
        }
        sum.records += reading.records;
        sum.invalid += reading.invalid;
        problems.append(reading.problems);
        if let Some(currency) = reading.currency {
            match self.currencies.iter_mut().find(|(known, ..)| *known == currency) {
                Some((.., count)) => *count += 1,
                None => self.currencies.push((currency, name.clone(), 1)),
            }
        }
        self.days.extend(
            content.into_iter().filter(|(day, _)| *day <= as_of).map(|(day, content)| (day, name.clone(), content)),
        );
    }

    /// Notes the files that are not read.
    pub(super) fn note_left_out(&mut self, undated: &[PathBuf], later: &[PathBuf]) {
        if !undated.is_empty() {
            let files = counted(undated.len(), "file");
            let (is, export) = if undated.len() == 1 { ("is", "an export") } else { ("are", "exports") };
            self.notes.push(format!(
                "{files} {is} passed over, not being {export} with one date in the name or a snapshot_date: {}",
                listed(undated.iter().map(|path| file_name(path)))
            ));
        }
        if !later.is_empty() {
            self.notes.push(format!(
                "{} after {}, the day that counts as today, left out: {}",
                counted(later.len(), "snapshot"),
                self.input.as_of,
                listed(later.iter().map(|path| file_name(path)))
            ));
        }
    }

    /// Puts the days into order, and tells what is wrong with them.
    pub(super) fn end(mut self, mut reading: Reading, path: &Path, is_folder: bool) -> Result<Told, Failure> {
        self.days.sort_by_key(|(day, ..)| *day);
        self.join_results();
        self.check_days();
        self.check_currencies();
        let has_days = !self.days.is_empty();
        self.note_models();
        for note in &self.notes {
            self.input.words.say(format_args!("note: {note}"));
        }
        for error in &self.errors {
            Words::tell(format_args!("error: {error}"));
        }
        reading.currency = self.currencies.into_iter().next().map(|(currency, ..)| currency);
        if reading.records > 0 || reading.problems.error_count() > 0 {
            self.input.tell(&reading, 0)?;
        }
        let shown = Clean(&shown(path)).to_string();
        if !self.errors.is_empty() {
            return Err(Failure::Input(format!("{shown} is unusable as a history, nothing was scored")));
        }
        if !has_days {
            return Err(Failure::Input(if is_folder {
                format!(
                    "{shown} holds no snapshot up to {}: expected exports with their day in the name, such as 2026-06-30.csv or \
                     portfolio-2026-06-30.json, or records with a snapshot_date",
                    self.input.as_of
                )
            } else {
                format!(
                    "{shown} is no history: expected a folder of exports with their day in the name, such as 2026-06-30.csv, or a file \
                     whose records have a snapshot_date"
                )
            }));
        }
        Ok(told(self.input, self.days, reading, self.notes))
    }

    /// Joins what `csm health` and `csm churn` said on a day by the same model.
    fn join_results(&mut self) {
        let mut joined: Vec<(NaiveDate, String, Content)> = Vec::with_capacity(self.days.len());
        for (day, name, content) in self.days.drain(..) {
            let content = match (content, joined.last_mut()) {
                (Content::Saved(saved), Some((known, source, Content::Saved(first))))
                    if *known == day && first.model == saved.model =>
                {
                    match join(first, saved) {
                        None => {
                            source.push_str(" + ");
                            source.push_str(&name);
                            continue;
                        }
                        Some(saved) => Content::Saved(saved),
                    }
                }
                (content, _) => content,
            };
            joined.push((day, name, content));
        }
        self.days = joined;
    }

    fn check_days(&mut self) {
        let twice: Vec<String> = self
            .days
            .windows(2)
            .filter(|pair| pair[0].0 == pair[1].0)
            .map(|pair| format!("{} ({} and {})", pair[0].0, Clean(&pair[0].1), Clean(&pair[1].1)))
            .collect();
        if !twice.is_empty() {
            let days = counted(twice.len(), "day");
            let error = format!("{days} with two snapshots, expected one: {}", listed(twice.into_iter()));
            self.errors.push(error);
        }
    }

    fn check_currencies(&mut self) {
        if self.currencies.len() > 1 {
            let each = self.currencies.iter().map(|(currency, file, count)| {
                let more = if *count > 1 { format!(" and {} more", count - 1) } else { String::new() };
                format!("{} ({}{more})", Clean(currency), Clean(file))
            });
            self.errors.push(format!(
                "the snapshots have different currencies, expected one: {}",
                each.collect::<Vec<_>>().join(", ")
            ));
        }
    }

    /// Says where scores come from several models, so that what moved between them may be the model's doing.
    fn note_models(&mut self) {
        let now = self.input.models.fingerprint.to_string();
        let mut others: Vec<(&str, Vec<NaiveDate>)> = Vec::new();
        for (day, _, content) in &self.days {
            let Content::Saved(saved) = content else { continue };
            if saved.model == now {
                continue;
            }
            match others.iter_mut().find(|(model, _)| *model == saved.model) {
                Some((_, days)) => days.push(*day),
                None => others.push((&saved.model, vec![*day])),
            }
        }
        if others.is_empty() {
            return;
        }
        let models = others.into_iter().map(|(model, days)| {
            let model = if model.is_empty() {
                "a model that their lines do not name".to_owned()
            } else {
                format!("model {}", Clean(model))
            };
            format!(
                "{} by {model} ({})",
                counted(days.len(), "snapshot"),
                listed(days.iter().map(NaiveDate::to_string))
            )
        });
        let models = models.collect::<Vec<_>>().join("; ");
        self.notes.push(format!(
            "saved results were not, or not for sure, made by the model in use ({now}): {models}; what moves from one model to the other may be the model's doing"
        ));
    }
}

/// Joins results of one day, one with health and one with churn risk; gives the second back where they are not.
fn join(first: &mut Saved, second: Saved) -> Option<Saved> {
    let has = |saved: &Saved| {
        let points = || saved.points.iter().map(|(saved, _)| saved.point);
        (points().any(|point| point.health.is_some()), points().any(|point| point.churn.is_some()))
    };
    if !matches!((has(first), has(&second)), ((true, false), (false, true)) | ((false, true), (true, false))) {
        return Some(second);
    }
    let places: HashMap<String, usize> =
        first.points.iter().enumerate().map(|(place, (point, _))| (point.id.clone(), place)).collect();
    for (point, name) in second.points {
        match places.get(&point.id).and_then(|place| first.points.get_mut(*place)) {
            Some((known, _)) => {
                known.point.health = known.point.health.or(point.point.health);
                known.point.churn = known.point.churn.or(point.point.churn);
            }
            None => first.points.push((point, name)),
        }
    }
    None
}

/// So many of a thing.
pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The first of several, and how many more there are.
pub(super) fn listed(items: impl Iterator<Item = String>) -> String {
    let mut items = items.map(|item| Clean(&item).to_string());
    let first: Vec<String> = items.by_ref().take(EXAMPLES).collect();
    match items.count() {
        0 => first.join(", "),
        rest => format!("{} and {rest} more", first.join(", ")),
    }
}
