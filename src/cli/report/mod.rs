//! `csm report`: the three analyses joined.

mod documents;
mod file_name;
mod index;
mod pdf;
mod trends;

use std::path::Path;

use super::args::{DocumentFormat, Format, ReportArgs, Top};
use super::history::Told;
use super::input::Input;
use super::outcomes::read_interventions;
use super::output::{self, Words, write_document};
use super::previous::{Previous, check_output, side};
use super::{Failure, gate, survey};
use crate::account::{Book, Field, Place, Schema, nearest};
use crate::analysis::{Briefing, GroupBy, Onboarding, Order, Scope, Selection, Survey};
use crate::config::mapping::DateFormat;
use crate::evidence::difference::Difference;
use crate::evidence::{Intervention, Overdue};
use crate::intake::Reading;
use crate::render::json::Json;
use crate::render::{Clean, csv, html, xlsx};
use crate::report::record::{Extent, write_briefing_over_time};
use crate::report::{self, Comparison, Context, Past, Setting, View, sheet};

/// Accounts that each list of a document shows unless told otherwise.
const DOCUMENT_ROWS: usize = 10;

pub fn run(args: &ReportArgs) -> Result<(), Failure> {
    if let Some(template) = &args.documents.template {
        return documents::run(args, template);
    }
    let target = &args.output.target;
    let format = args.output.format(args.format, Format::REPORTS)?;
    let browser = args.pdf.as_deref().map(|file| pdf::Browser::find().map(|browser| (browser, file))).transpose()?;
    let words = Words::new(target.quiet);
    if let Some(path) = &args.forecast {
        check_forecast(path, args)?;
    }
    if let Some(path) =
        args.pdf.as_deref().filter(|path| ends_like(path, &["html", "htm", "md", "csv", "xlsx", "json"]))
    {
        let shown = path.display().to_string();
        return Err(Failure::Usage(format!("{} does not end like a PDF, which --pdf writes", Clean(&shown))));
    }
    let written = target.output.as_deref().or(args.pdf.as_deref());
    let mut input = Input::new(&args.input.sources, &args.input.invalid, written, words, args.threads)?;
    check_output(&args.previous, written)?;
    let (previous, before) = Previous::read(&mut input, &args.previous, Scope::SCORES)?.unzip();
    let history = args.history.as_deref().map(|path| trends::read(&mut input, args, path)).transpose()?;
    let input = input;
    let dates = args.date_format.as_ref();
    let interventions =
        args.interventions.as_deref().map(|path| interventions(path, &input, dates, written)).transpose()?;
    let mut survey = Survey::new(
        input.assessor(Scope::ALL),
        &input.models.segments,
        survey::population(&args.population),
        Selection::default(),
        Order::AttentionAndStake,
        Onboarding::Apart,
    );
    let by = args.by.as_deref().map(|field| (field, group_by(field, &input.models.schema)));
    let mut needs = input.needs(survey.assessor());
    if let Some((field, GroupBy::Attribute(_))) = by {
        needs.attributes.push(field.to_owned());
    }
    needs.review = args.strategic;
    let mut all = previous.is_some().then(Book::default);
    let reading = input.survey_into(&needs, &mut survey, all.as_mut())?;
    if let Some(unknown) = reading.unknown_attributes.first() {
        let near = unknown.near.as_deref();
        return Err(no_field(&needs.attributes[unknown.position], near, &input.models.schema, &input.name));
    }
    if let Some(told) = &history {
        check_currency(told, &reading)?;
    }
    let mut briefing = Briefing::new(survey.finish(), input.threads());
    let moved = history.map(|told| trends::Moved::new(told, &input, args, &briefing.findings));
    if let Some(moved) = &moved {
        briefing = moved.mark(briefing);
    }
    let trends = moved.as_ref().map(trends::Moved::findings);
    if let Some(previous) = &previous {
        previous.check_currency(&input, &reading)?;
    }
    let population = survey::population(&args.population);
    let difference = previous.as_ref().zip(before).zip(all).map(|((previous, before), all)| {
        Difference::new(previous.side(before), None, side(&input, all), &population, input.threads())
    });
    if let Some((field, by)) = by {
        briefing = briefing.grouped(field, by, &input.models.schema);
    }
    if args.strategic {
        briefing = briefing.with_readiness(&input.models.engagement);
    }
    input.say_where_nothing_is_left(briefing.findings.totals());
    let context = Context { models: &input.models, as_of: input.as_of, source: &input.name, reading: &reading };
    let changes = previous.as_ref().zip(difference.as_ref());
    let changes =
        changes.map(|(previous, difference)| Comparison { then: previous.context(), now: context, difference });
    let overdue = interventions.as_ref().map(|interventions| Overdue::new(&briefing.findings, interventions));
    let past = Past { trends, changes, overdue: overdue.as_ref() };
    let most = args.top.and_then(Top::limit);
    if let Some(path) = &args.forecast {
        let forecast = sheet::forecast(context, &briefing);
        output::write(Some(path), |out| csv::write_sheet(out, &forecast, args.output.guard.guard()))?;
    }
    let view = |top| View { top, cards: false, summary: true, setting: Setting::Alone };
    let lists = view(args.top.map_or(Some(DOCUMENT_ROWS), Top::limit));
    let page = || report::briefing_page_over_time(context, &briefing, past, lists, view(most));
    if let Some((browser, file)) = browser {
        browser.print(file, |out| html::write(out, page()))?;
        return gate::judge(&args.gate.fail_on, briefing.findings.totals());
    }
    output::write_long(target.output.as_deref(), words, |out| match format {
        Format::Document(format @ DocumentFormat::Html) => write_document(out, page(), format, target),
        Format::Document(format) => {
            write_document(out, report::briefing_over_time(context, &briefing, past, lists), format, target)
        }
        Format::Json => {
            let extent = Extent { top: most, detail: false };
            write_briefing_over_time(&context, &briefing, past, extent, &mut Json::new(out).on(input.threads()))
        }
        Format::Ndjson => Err(format.refused()),
        Format::Csv => csv::write_sheet(out, &sheet::accounts(context, &briefing, most), args.output.guard.guard()),
        Format::Xlsx => xlsx::write(out, &sheet::briefing(context, &briefing, most)),
    })?;
    gate::judge(&args.gate.fail_on, briefing.findings.totals())
}

/// Reads what the team means to do for its customers.
fn interventions(
    path: &Path,
    input: &Input<'_>,
    dates: Option<&DateFormat>,
    written: Option<&Path>,
) -> Result<Vec<Intervention>, Failure> {
    if written.is_some_and(|written| output::is_same_file(written, path)) {
        let shown = Clean(&path.display().to_string()).to_string();
        return Err(Failure::Usage(format!("{shown} holds the interventions, and would be written over")));
    }
    if input.reads(path) {
        let shown = Clean(&path.display().to_string()).to_string();
        return Err(Failure::Usage(format!("{shown} cannot be both the portfolio and the interventions")));
    }
    read_interventions(path, input, dates)
}

/// The portfolio and its history have one currency.
fn check_currency(told: &Told, reading: &Reading) -> Result<(), Failure> {
    match (&told.reading.currency, &reading.currency) {
        (Some(then), Some(now)) if then != now => Err(Failure::Input(format!(
            "the history is in {} and the portfolio in {}: expected one currency",
            Clean(then),
            Clean(now)
        ))),
        _ => Ok(()),
    }
}

/// The forecast is CSV, in a file of its own.
fn check_forecast(path: &Path, args: &ReportArgs) -> Result<(), Failure> {
    let shown = Clean(&path.display().to_string()).to_string();
    if ends_like(path, &["xlsx", "json", "html", "htm", "md", "pdf"]) {
        return Err(Failure::Usage(format!("{shown} does not end like CSV, which --forecast writes")));
    }
    if args.input.sources.portfolios.iter().any(|portfolio| output::is_same_file(path, portfolio)) {
        return Err(Failure::Usage(format!("{shown} is the portfolio itself, and would be written over")));
    }
    let others = [&args.output.target.output, &args.pdf, &args.input.invalid.rejects];
    if others.into_iter().flatten().any(|other| output::is_same_place(path, other)) {
        return Err(Failure::Usage(format!("{shown} cannot take both the forecast and something else")));
    }
    Ok(())
}

/// Whether the name of a file has one of these endings.
fn ends_like(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| endings.iter().any(|other| ending.eq_ignore_ascii_case(other)))
}

/// What a path stands for: a field, a metric that is read, or else a text attribute, the only one that is asked for.
fn group_by(path: &str, schema: &Schema) -> GroupBy {
    match schema.place(path) {
        Some(Place::Field(field)) => GroupBy::Field(field),
        Some(Place::Metric(slot)) => GroupBy::Metric(slot),
        Some(Place::Module { .. }) | None => GroupBy::Attribute(0),
    }
}

/// What is told of a field to group by that the portfolio does not have. A path that the model knows may be meant by its last
/// name alone.
fn no_field(path: &str, near: Option<&str>, schema: &Schema, source: &str) -> Failure {
    let known = || {
        let metrics = schema.metrics().iter().map(|metric| metric.path.as_str());
        Field::ALL.iter().map(|field| field.path()).chain(metrics)
    };
    let last = |known: &&str| known.rsplit('.').next().is_some_and(|name| name.eq_ignore_ascii_case(path));
    let hint = match (known().find(last), near) {
        (Some(known), _) => format!("is it {known}?"),
        // A column of this very name is read as the field that it is mapped to.
        (None, Some(near)) if near == path => format!("its {near} is read as a field of another name"),
        (None, Some(near)) => format!("is it {near}?"),
        (None, None) => match nearest(path, known()) {
            Some(known) => format!("is it {known}?"),
            None => "any of its fields of text can stand here, or segment, csm, contract.plan_tier".to_owned(),
        },
    };
    Failure::Usage(Clean(&format!("--by {path}: {source} has no such field; {hint}")).to_string())
}
