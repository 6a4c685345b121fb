//! Reading a history: the snapshots of a folder, or of one file.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::Failure;
use super::args::HistoryArgs;
use super::dated::date_in_name;
use super::input::Input;
use super::output::{self, Words};
use super::progress::Progress;
use crate::account::Book;
use crate::evidence::{Customer, History, SavedSnapshot};
use crate::intake::{self, Dating, Kept, Needs, Problems, Reading, Saved};
use crate::render::Clean;
use crate::workers::{self, Then, Threads};

/// How many examples a message shows.
const EXAMPLES: usize = 3;

/// A history that was read, and how.
#[derive(Debug)]
pub struct Told {
    /// The snapshots, at least one.
    pub history: History,
    /// What came of reading all files together: records, problems, the currency.
    pub reading: Reading,
    /// The last name of each customer, in the order of the history's customers.
    pub names: Vec<String>,
    /// What is to be known of the history beside its problems, such as snapshots that were left out; it has been said.
    pub notes: Vec<String>,
}

/// Reads the history that the arguments name, with all metrics of the models. `except` are files in its folder that are something else.
pub fn read<'a>(
    args: &'a HistoryArgs,
    except: &[&Path],
    output: Option<&Path>,
    words: Words,
) -> Result<(Input<'a>, Told), Failure> {
    let files = files(&args.history)?;
    let length = files.iter().try_fold(0_u64, |sum, path| Some(sum + fs::metadata(path).ok()?.len()));
    let input = Input::of_history(args, length, output, words)?;
    let told = read_beside(&input, &args.history, except)?;
    Ok((input, told))
}

/// Reads a history beside an input: with its models, up to its date.
pub fn read_beside(input: &Input<'_>, history: &Path, except: &[&Path]) -> Result<Told, Failure> {
    let is_other = |path: &PathBuf| except.iter().any(|other| output::is_same_file(path, other));
    let files = files(history)?.into_iter().filter(|path| !is_other(path)).collect::<Vec<_>>();
    let is_folder = fs::metadata(history).is_ok_and(|metadata| metadata.is_dir());
    let mut gathering =
        Gathering { input, days: Vec::new(), notes: Vec::new(), errors: Vec::new(), currencies: Vec::new() };
    let (wanted, undated, later) = look(input, files)?;
    let mut reading = Reading::default();
    let mut problems = Problems::default();
    let progress = input.progress();
    let mut failed = None;
    let (across, within) =
        if wanted.len() > 1 { (input.threads(), Threads::ONE) } else { (Threads::ONE, input.threads()) };
    let mut next = wanted.into_iter();
    workers::in_order(
        across,
        || next.next(),
        || (),
        |(), file| {
            let content = file.read(input, &progress, within);
            (file, content)
        },
        |(file, content)| match content {
            Ok(content) => {
                gathering.take(&file, content, &mut reading, &mut problems);
                Then::GoOn
            }
            Err(failure) => {
                failed = Some(failure);
                Then::Stop
            }
        },
    );
    drop(progress);
    if let Some(failure) = failed {
        return Err(failure);
    }
    reading.problems = problems;
    if is_folder {
        gathering.note_left_out(&undated, &later);
    }
    gathering.end(reading, history, is_folder)
}

/// The files that may hold snapshots, by name.
fn files(history: &Path) -> Result<Vec<PathBuf>, Failure> {
    if history == Path::new("-") {
        return Ok(vec![history.to_owned()]);
    }
    let failed = |source| Failure::File { action: "read", path: history.to_owned(), source };
    if !fs::metadata(history).map_err(failed)?.is_dir() {
        return Ok(vec![history.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(history).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = file_name(&path);
        // Model files and mappings may lie beside, and programs leave hidden files and locks.
        let is_aside = name.starts_with('.')
            || name.starts_with("~$")
            || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
        if !is_aside && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// A file with snapshots.
struct SnapshotFile {
    path: PathBuf,
    /// The day in its name.
    day: Option<NaiveDate>,
    kept: Kept,
}

/// What a file holds.
enum FileContent {
    Days(BTreeMap<NaiveDate, Book>, Reading),
    Saved(Saved),
    /// What is wrong with the file is in the reading.
    Nothing(Reading),
}

/// Files with snapshots, files whose day nothing tells, and files of days behind the as-of date.
type Looked = (Vec<SnapshotFile>, Vec<PathBuf>, Vec<PathBuf>);

/// Looks at files to find out what they hold.
fn look(input: &Input<'_>, files: Vec<PathBuf>) -> Result<Looked, Failure> {
    let (mut wanted, mut undated, mut later) = (Vec::new(), Vec::new(), Vec::new());
    let is_only = files.len() == 1;
    for path in files {
        let name = file_name(&path);
        if path == Path::new("-") {
            wanted.push(SnapshotFile { path, day: None, kept: Kept::Dated });
            continue;
        }
        let day = date_in_name(&name);
        if !(is_only || intake::is_readable_name(&name)) {
            undated.push(path);
            continue;
        }
        let kept = input.beside(vec![path.clone()], input.as_of)?.kept(day.is_some())?;
        match (kept, day) {
            (Kept::Undated, None) => undated.push(path),
            (Kept::Undated, Some(day)) if day > input.as_of => later.push(path),
            _ => wanted.push(SnapshotFile { path, day, kept }),
        }
    }
    Ok((wanted, undated, later))
}

impl SnapshotFile {
    fn read(&self, input: &Input<'_>, progress: &Progress, threads: Threads) -> Result<FileContent, Failure> {
        let beside = input.beside(vec![self.path.clone()], self.day.unwrap_or(input.as_of))?;
        if self.kept == Kept::Results {
            return Ok(match beside.read_saved(progress)? {
                Ok(saved) => FileContent::Saved(saved),
                Err(problem) => {
                    let mut problems = Problems::default();
                    problems.refuse(problem);
                    FileContent::Nothing(Reading { problems, ..Reading::default() })
                }
            });
        }
        let slots = input.models.schema.slots().map(|(slot, _)| slot).collect();
        let dating = if self.day.is_some() { Dating::Followed } else { Dating::Required };
        let needs = Needs { slots, dating, ..Needs::default() };
        let (days, reading) = beside.read_days(&needs, progress, threads)?;
        Ok(FileContent::Days(days, reading))
    }
}

/// What a day holds.
enum Content {
    Accounts(Book),
    Saved(Saved),
}

/// A history in the making.
struct Gathering<'g, 'i> {
    input: &'g Input<'i>,
    /// The days with what they were read from.
    days: Vec<(NaiveDate, String, Content)>,
    notes: Vec<String>,
    errors: Vec<String>,
    /// The currencies that files name, each with its first file and how many there are.
    currencies: Vec<(String, String, usize)>,
}

impl Gathering<'_, '_> {
    /// Takes what a file holds.
    fn take(&mut self, file: &SnapshotFile, content: FileContent, sum: &mut Reading, problems: &mut Problems) {
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
    fn note_left_out(&mut self, undated: &[PathBuf], later: &[PathBuf]) {
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
    fn end(mut self, mut reading: Reading, path: &Path, is_folder: bool) -> Result<Told, Failure> {
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
        let shown =
            if path == Path::new("-") { "<stdin>".to_owned() } else { Clean(&path.display().to_string()).to_string() };
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

/// The history of days in order.
fn told(input: &Input<'_>, days: Vec<(NaiveDate, String, Content)>, reading: Reading, mut notes: Vec<String>) -> Told {
    let mut history = History::new(&input.models.schema);
    let mut saved_names: HashMap<String, String> = HashMap::new();
    for (day, source, content) in days {
        match content {
            Content::Accounts(book) => _ = history.add(day, source, book),
            Content::Saved(Saved { model, points, .. }) => {
                let (points, names): (Vec<_>, Vec<_>) = points.into_iter().unzip();
                saved_names.extend(points.iter().map(|point| point.id.clone()).zip(names));
                _ = history.add_saved(source, SavedSnapshot { date: day, model, points });
            }
        }
    }
    let mut account = history.blank_account();
    let mut names = Vec::with_capacity(history.ids().len());
    for (position, id) in history.ids().iter().enumerate() {
        let customer = Customer(u32::try_from(position).unwrap_or(u32::MAX));
        let is_known = history.snapshots().iter().rev().any(|snapshot| snapshot.read(customer, &mut account));
        let mut saved = || saved_names.remove(&**id).unwrap_or_default();
        names.push(if is_known { account.name.clone() } else { saved() });
    }
    for note in lost_metrics(input, &history) {
        input.words.say(format_args!("note: {note}"));
        notes.push(note);
    }
    Told { history, reading, names, notes }
}

/// Says where a metric of the models has gone, since scores move then though no customer did.
fn lost_metrics(input: &Input<'_>, history: &History) -> Vec<String> {
    let models = [&input.models.health.model, &input.models.churn.model];
    let is_read = |slot| models.iter().any(|model| model.signals().iter().any(|signal| signal.slot == slot));
    let mut lost: Vec<(usize, Vec<String>)> = Vec::new();
    for (slot, snapshot) in history.lost_metrics().into_iter().filter(|(slot, _)| is_read(*slot)) {
        let label = input.models.schema.metric(slot).label.clone();
        match lost.last_mut().filter(|(known, _)| *known == snapshot) {
            Some((_, labels)) => labels.push(label),
            None => lost.push((snapshot, vec![label])),
        }
    }
    let note = |(snapshot, labels): (usize, Vec<String>)| {
        format!(
            "{}: no account has a value from {} on, and most had one before; scores that moved then may have moved for that alone",
            listed(labels.into_iter()),
            history.snapshots()[snapshot].date
        )
    };
    lost.into_iter().map(note).collect()
}

/// So many of a thing.
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The first of several, and how many more there are.
fn listed(items: impl Iterator<Item = String>) -> String {
    let mut items = items.map(|item| Clean(&item).to_string());
    let first: Vec<String> = items.by_ref().take(EXAMPLES).collect();
    match items.count() {
        0 => first.join(", "),
        rest => format!("{} and {rest} more", first.join(", ")),
    }
}
