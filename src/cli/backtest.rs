//! `csm backtest`: a score held against what happened.

use std::collections::HashMap;

use super::args::{BacktestArgs, DocumentFormat, Format, Top};
use super::history::Told;
use super::input::Input;
use super::joined::Joined;
use super::output::{self, Words, write_document};
use super::{Failure, gate};
use crate::account::{Book, Lifecycle};
use crate::analysis::Scope;
use crate::evidence::{Backtest, Fate, History, On, Sample, Subject};
use crate::intake::{self, Dating, Needs};
use crate::render::json::Json;
use crate::report::record::write_backtest;
use crate::report::{self, Backtested, Context};

/// Accounts that each list of a document shows unless told otherwise.
const DOCUMENT_ROWS: usize = 20;

pub fn run(args: &BacktestArgs) -> Result<(), Failure> {
    let format = Format::chosen(args.format, &args.target, Format::EXPLANATIONS)?;
    let words = Words::new(args.target.quiet);
    match &args.outcome_column {
        Some(column) => of_table(args, column, format, words),
        None => of_history(args, format, words),
    }
}

fn of_history(args: &BacktestArgs, format: Format, words: Words) -> Result<(), Failure> {
    let beside = [args.outcomes.as_deref(), args.interventions.as_deref()];
    let joined = Joined::read(&args.history, beside, &args.observed, args.target.output.as_deref(), words)?;
    let Joined { input, told: Told { history, .. }, interventions, .. } = &joined;
    let assessor = joined.assessor();
    let points = history.points(&assessor, input.threads());
    let lives = joined.lives(&points)?;
    let sample = Sample::of_history(history, &points, &lives, interventions, args.on.into(), args.observed.horizon);
    let subject =
        Subject { history, points: &points, lives: Some(&lives), schema: &input.models.schema, assessor: &assessor };
    let backtest = Backtest::of(subject, sample, input.threads());
    let backtested = Backtested { context: joined.context(), history, lives: Some(&lives), backtest: &backtest };
    write(args, format, backtested)
}

/// The same for a single table whose rows say who left.
fn of_table(args: &BacktestArgs, column: &str, format: Format, words: Words) -> Result<(), Failure> {
    let path = &args.history.history;
    let length = std::fs::metadata(path).ok().map(|metadata| metadata.len());
    let input = Input::of_history(&args.history, length, args.target.output.as_deref(), words)?;
    let input = input.beside(vec![path.clone()], input.as_of)?;
    let assessor = input.assessor(Scope::SCORES);
    let slots = input.models.schema.slots().map(|(slot, _)| slot).collect();
    // A row is an account, so each must have an id of its own.
    let needs = Needs { slots, attributes: vec![column.to_owned()], dating: Dating::Followed, ..Needs::default() };
    let mut book = Book::default();
    let mut fates: HashMap<String, Option<Fate>> = HashMap::new();
    let (mut unknown, mut repeated): (Vec<String>, Vec<String>) = Default::default();
    let reading = input.read(&needs, &mut |account| {
        let word = account.attributes.get(0).unwrap_or_default();
        // Rows of several days may be of one account.
        if fates.contains_key(&account.id) {
            repeated.push(account.id.clone());
            return;
        }
        let fate = intake::fate(word);
        if fate.is_none() && account.lifecycle != Lifecycle::Churned {
            unknown.push(format!("{} ({})", account.id, intake::quoted(word)));
        }
        fates.insert(account.id.clone(), fate);
        book.push(account);
    })?;
    if let Some(missing) = reading.unknown_attributes.first() {
        let near = missing.near.as_deref().map_or_else(String::new, |near| format!("; is it {near}?"));
        return Err(Failure::Usage(format!("--outcome-column {column}: {} has no such column{near}", input.name)));
    }
    if !unknown.is_empty() {
        let why = format!("{column} does not say whether the account left");
        left_out(&unknown, &why, words);
    }
    if !repeated.is_empty() {
        left_out(&repeated, "a row is an account here, and these stand further up too", words);
    }
    let mut history = History::new(&input.models.schema);
    let source = input.name.clone();
    history.add(input.as_of, source, book).map_err(|_| Failure::Input("two snapshots of one day".to_owned()))?;
    let points = history.points(&assessor, input.threads());
    let on: On = args.on.into();
    let labelled = points.first().into_iter().flatten().filter_map(|point| {
        let fate = fates.get(history.id(point.customer)).copied().flatten()?;
        Some((*point, fate == Fate::Churned))
    });
    let sample = Sample::of_labels(on, input.as_of, labelled);
    let subject =
        Subject { history: &history, points: &points, lives: None, schema: &input.models.schema, assessor: &assessor };
    let backtest = Backtest::of(subject, sample, input.threads());
    let context = Context { models: &input.models, as_of: input.as_of, source: &input.name, reading: &reading };
    let backtested = Backtested { context, history: &history, lives: None, backtest: &backtest };
    write(args, format, backtested)
}

/// Says how many rows are left out, and the first of them.
fn left_out(rows: &[String], why: &str, words: Words) {
    let named = rows[..rows.len().min(5)].join(", ");
    let more = if rows.len() > 5 { ", …" } else { "" };
    let rows = if rows.len() == 1 { "1 row is".to_owned() } else { format!("{} rows are", rows.len()) };
    words.say(format_args!("note: {rows} left out, since {why}: {named}{more}"));
}

fn write(args: &BacktestArgs, format: Format, backtested: Backtested<'_>) -> Result<(), Failure> {
    let target = args.target.output.as_deref();
    output::write(target, |out| match format {
        Format::Document(format) => {
            let top = args.top.map_or(Some(DOCUMENT_ROWS), Top::limit);
            let charts = format == DocumentFormat::Html;
            write_document(out, report::backtest(backtested, top, charts), format, &args.target)
        }
        Format::Json => write_backtest(&backtested, &mut Json::new(out)),
        Format::Ndjson | Format::Csv | Format::Xlsx => Err(format.refused()),
    })?;
    gate::judge(&args.fail_on, backtested.backtest)
}
