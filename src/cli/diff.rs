//! `csm diff`: what became of a portfolio from one day to another.

use std::collections::HashSet;
use std::path::Path;

use chrono::{Local, NaiveDate};

use super::Failure;
use super::args::{DiffArgs, DocumentFormat, Format, ModelArgs, Top};
use super::dated::day_of;
use super::input::{self, Input};
use super::output::{self, Words, write_document};
use super::previous::{check_currencies, side};
use super::survey::population;
use crate::account::{Account, Book};
use crate::analysis::Scope;
use crate::evidence::difference::{Difference, MoverOrder};
use crate::intake::{Needs, Reading};
use crate::render::json::Json;
use crate::render::{Clean, csv};
use crate::report::record::{Extent, write_difference};
use crate::report::{self, Comparison, Context, Setting, View, sheet};

/// Accounts that a document shows in each list unless told otherwise.
const DOCUMENT_ROWS: usize = 10;

pub fn run(args: &DiffArgs) -> Result<(), Failure> {
    let target = &args.output.target;
    let format = args.output.format(args.format, Format::DIFFERENCES)?;
    let words = Words::new(target.quiet);
    check_pair(args)?;
    let input = Input::of_pair(args, words)?;
    let day = |path, asked_for| Ok::<_, Failure>(day_of(&input, path, asked_for)?.unwrap_or_else(today));
    let (old_day, new_day) = (day(&args.old, args.old_as_of)?, day(&args.new, args.as_of)?);
    let new = input.beside(vec![args.new.clone()], new_day)?;
    let reread = input.beside(vec![args.old.clone()], old_day)?;
    let old = match &args.old_config {
        None => reread.beside(vec![args.old.clone()], old_day)?,
        Some(folder) => {
            let model = ModelArgs { config: Some(folder.clone()) };
            reread.with_models(&model, &args.model, args.mapping.as_deref())?
        }
    };
    let has_other_model = old.models.fingerprint.to_string() != new.models.fingerprint.to_string();
    check_readings(args, has_other_model)?;
    tell_days(args, (old_day, new_day), has_other_model, words);

    let (old_book, old_reading) = read(&old)?;
    let (new_book, new_reading) = read(&new)?;
    check_currencies([(&old, &old_reading), (&new, &new_reading)])?;
    let reread = has_other_model.then(|| read_again(&reread)).transpose()?;
    let population = population(&args.population);
    let (old_side, new_side) = (side(&old, old_book), side(&new, new_book));
    let difference = Difference::new(old_side, reread, new_side, &population, new.threads());
    tell_accounts(&difference, [&old.name, &new.name], words);
    tell_missing(&difference, &args.population.customer, words);

    let then = Context { models: &old.models, as_of: old_day, source: &old.name, reading: &old_reading };
    let now = Context { models: &new.models, as_of: new_day, source: &new.name, reading: &new_reading };
    let comparison = Comparison { then, now, difference: &difference };
    let order = args.sort.map(MoverOrder::from);
    let most = args.top.and_then(Top::limit);
    output::write_long(target.output.as_deref(), words, |out| match format {
        Format::Document(format) => {
            let all = format == DocumentFormat::Html && !args.detail;
            let top = args.top.map_or((!all).then_some(DOCUMENT_ROWS), Top::limit);
            let cards = args.detail || !args.population.customer.is_empty();
            let view = View { top, cards, summary: true, setting: Setting::Alone };
            write_document(out, report::difference(comparison, order, view), format, target)
        }
        Format::Json => {
            let extent = Extent { top: most, detail: args.detail };
            let order = order.unwrap_or(MoverOrder::Fall);
            write_difference(&comparison, order, extent, &mut Json::new(out).on(new.threads()))
        }
        Format::Csv => {
            let order = order.unwrap_or(MoverOrder::Fall);
            csv::write_sheet(out, &sheet::difference(comparison, order, most), args.output.guard.guard())
        }
        Format::Ndjson | Format::Xlsx => Err(format.refused()),
    })
}

fn today() -> NaiveDate {
    Local::now().date_naive()
}

/// Two portfolios, or one under two models.
fn check_pair(args: &DiffArgs) -> Result<(), Failure> {
    let is_stdin = |path: &Path| path == Path::new("-");
    if is_stdin(&args.old) && is_stdin(&args.new) {
        return Err(Failure::Usage("standard input cannot be both OLD and NEW: at most one of them is -".to_owned()));
    }
    let is_one = output::is_same_file(&args.old, &args.new);
    if is_one && args.old_config.is_none() && args.old_as_of == args.as_of {
        let path = Clean(&input::shown(&args.new)).to_string();
        return Err(Failure::Usage(format!(
            "{path} is both OLD and NEW, and nothing can have changed: --old-config DIR shows what another model makes of it"
        )));
    }
    Ok(())
}

/// What both models read must be there twice.
fn check_readings(args: &DiffArgs, has_other_model: bool) -> Result<(), Failure> {
    if has_other_model && args.old == Path::new("-") {
        return Err(Failure::Usage(
            "OLD is read by both models, and standard input can be read only once: expected a file".to_owned(),
        ));
    }
    Ok(())
}

/// Says which days are compared, and what is odd about them.
fn tell_days(args: &DiffArgs, (old, new): (NaiveDate, NaiveDate), has_other_model: bool, words: Words) {
    let [old_name, new_name] = [&args.old, &args.new].map(|path| Clean(&input::shown(path)).to_string());
    words.say(format_args!("csm: comparing {old_name} as of {old} with {new_name} as of {new}"));
    if old > new {
        words.say(format_args!("csm: OLD is of a later day than NEW: are they the wrong way round?"));
    }
    if args.old_config.is_some() && !has_other_model {
        words.say(format_args!("csm: the model of --old-config is the same as that of NEW"));
    }
}

fn read(input: &Input<'_>) -> Result<(Book, Reading), Failure> {
    let (book, reading) = input.collect(&needs(input))?;
    input.tell(&reading, 0)?;
    Ok((book, reading))
}

/// Reads accounts that were read by another model before; what is wrong with them has been told, unless it is worse now.
fn read_again(input: &Input<'_>) -> Result<Book, Failure> {
    let (book, reading) = input.collect(&needs(input))?;
    if reading.problems.error_count() > 0 {
        input.tell(&reading, 0)?;
    }
    Ok(book)
}

fn needs(input: &Input<'_>) -> Needs {
    input.needs(&input.assessor(Scope::SCORES))
}

/// Says which of the customers that were asked for are not among those compared.
fn tell_missing(difference: &Difference<'_>, asked_for: &[String], words: Words) {
    if asked_for.is_empty() {
        return;
    }
    let mut found: HashSet<String> = HashSet::new();
    let mut compared = difference.blank();
    for pair in difference.pairs() {
        difference.read(pair, &mut compared);
        found.insert(compared.new.id.clone());
    }
    let mut account = difference.blank_account();
    for single in difference.arrived() {
        difference.read_arrived(single, &mut account);
        found.insert(account.id.clone());
    }
    for single in difference.departed() {
        difference.read_departed(single, &mut account);
        found.insert(account.id.clone());
    }
    for id in asked_for.iter().filter(|id| !found.contains(*id)) {
        words.say(format_args!(
            "csm: neither portfolio has the customer {}, or --segment or --min-arr leave it out",
            Clean(id)
        ));
    }
}

/// Says which records were passed over, and where no ids meet.
fn tell_accounts(difference: &Difference<'_>, names: [&str; 2], words: Words) {
    let totals = difference.totals();
    for (name, repeated) in names.into_iter().zip([totals.repeated_old, totals.repeated_new]) {
        if repeated > 0 {
            let records = if repeated == 1 { "record has" } else { "records have" };
            words.say(format_args!(
                "csm: {}: {repeated} {records} an id that stands there before; only the first is compared",
                Clean(name)
            ));
        }
    }
    let (arrived, departed) = (difference.arrived().first(), difference.departed().first());
    if let (0, Some(arrived), Some(departed)) = (totals.stayed_new.accounts, arrived, departed) {
        let mut account = Account::default();
        difference.read_departed(departed, &mut account);
        let before = account.id.clone();
        difference.read_arrived(arrived, &mut account);
        words.say(format_args!(
            "csm: no id stands in both: {} has such as {}, {} such as {}",
            Clean(names[0]),
            Clean(&before),
            Clean(names[1]),
            Clean(&account.id)
        ));
    }
}
