//! Reading a history: the snapshots of a folder, or of one file.

mod files;
mod gathering;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::Failure;
use super::args::HistoryArgs;
use super::input::Input;
use super::output::{self, Words};
use crate::evidence::{Customer, History, SavedSnapshot};
use crate::intake::{Problems, Reading, Saved};
use crate::workers::{self, Then, Threads};
use files::{files, look};
use gathering::{Content, Gathering, listed};

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
    let mut gathering = Gathering::new(input);
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
