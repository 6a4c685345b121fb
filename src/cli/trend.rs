//! `csm trend`: how scores moved over the snapshots of a history.

use std::cmp::Ordering;

use super::Failure;
use super::args::{DocumentFormat, Format, PopulationArgs, Top, TrendArgs, TrendSort};
use super::history::{self, Told};
use super::input::Input;
use super::output::{self, Words, write_document};
use crate::account::same_word;
use crate::analysis::Scope;
use crate::evidence::{Course, Following, History, Point, Trajectories, Trajectory};
use crate::render::csv;
use crate::render::json::Json;
use crate::report::record::{Extent, write_trend};
use crate::report::{self, Context, Setting, TrendFindings, View, sheet};

/// Accounts that a document shows unless told otherwise.
const DOCUMENT_ROWS: usize = 20;

pub fn run(args: &TrendArgs) -> Result<(), Failure> {
    let TrendArgs { population, top, output, .. } = args;
    let format = output.format(args.format, Format::TRENDS)?;
    let target = output.target.output.as_deref();
    let (input, told) = history::read(&args.history, &[], target, Words::new(output.target.quiet))?;
    if let [only] = told.history.snapshots() {
        return Err(Failure::Input(format!(
            "{} has one snapshot, of {}: a trend needs two",
            crate::render::Clean(&input.name),
            only.date
        )));
    }
    let points = told.history.points(&input.assessor(Scope::SCORES), input.threads());
    let following =
        Following { on: args.on.into(), threshold: input.models.health.trend_threshold, periods: args.periods };
    let found =
        Trajectories::new(&told.history, &points, following, |point| admits(population, &input, &told.history, point));
    drop(points);
    say_who_is_unknown(population, &input, &told.history, &found);
    let Told { history, reading, names, notes, .. } = &told;
    let listed = in_order(&found, names, args.sort);
    let findings = TrendFindings { history, names, found: &found, notes, listed: &listed };
    let as_of = history.snapshots().last().map_or(input.as_of, |last| last.date);
    let context = Context { models: &input.models, as_of, source: &input.name, reading };
    let most = top.and_then(Top::limit);
    let single = !population.customer.is_empty();
    output::write_long(target, input.words, |out| match format {
        Format::Document(format) => {
            let all = format == DocumentFormat::Html;
            let top = top.map_or((!all).then_some(DOCUMENT_ROWS), Top::limit);
            let view = View { top, cards: single, summary: !single, setting: Setting::Alone };
            write_document(out, report::trend(&context, findings, view), format, &output.target)
        }
        Format::Json => {
            let extent = Extent { top: most, detail: false };
            write_trend(&context, findings, extent, &mut Json::new(out).on(input.threads()))
        }
        Format::Csv => csv::write_sheet(out, &sheet::trend(context, findings, most), output.guard.guard()),
        Format::Ndjson | Format::Xlsx => Err(format.refused()),
    })
}

/// Whether a customer belongs to the population, by the last that is known of it.
pub fn admits(args: &PopulationArgs, input: &Input<'_>, history: &History, point: &Point) -> bool {
    let segment = input.models.segments.name(point.profile);
    (args.segment.is_empty() || args.segment.iter().any(|wanted| same_word(wanted, segment)))
        && (args.customer.is_empty() || args.customer.iter().any(|id| id == history.id(point.customer)))
        && args.min_arr.is_none_or(|least| point.arr >= least)
}

fn say_who_is_unknown(args: &PopulationArgs, input: &Input<'_>, history: &History, found: &Trajectories) {
    for id in args.customer.iter().filter(|id| history.find(id).is_none()) {
        input.words.say(format_args!("csm: no snapshot has the customer {}", crate::render::Clean(id)));
    }
    if found.accounts.is_empty() {
        let segments = input.models.segments.names().join(", ");
        input.words.say(format_args!(
            "csm: no account is left: check --segment (the model knows {segments}), --customer and --min-arr"
        ));
    }
}

/// The positions of the accounts in an order.
pub fn in_order(found: &Trajectories, names: &[String], sort: TrendSort) -> Vec<usize> {
    let on = found.following.on;
    let name = |account: &Trajectory| names.get(account.customer.index()).map_or("", String::as_str);
    // Points for the worse in 30 days, and how bad the score is.
    let decline = |account: &Trajectory| account.slope.map_or(f64::NEG_INFINITY, |slope| on.risk(slope) - on.risk(0.0));
    let risk = |account: &Trajectory| account.score().map_or(f64::NEG_INFINITY, |score| on.risk(score.value));
    let rank = |account: &Trajectory| match account.course {
        Course::Fall => 0,
        Course::Dip => 1,
        Course::Gone => 3,
        _ => 2,
    };
    let by_arr = |a: &Trajectory, b: &Trajectory| b.last.arr.total_cmp(&a.last.arr);
    let compare = |a: &Trajectory, b: &Trajectory| match sort {
        TrendSort::Fall => {
            let fallen = |account: &Trajectory| account.fallen(on).unwrap_or_default();
            rank(a)
                .cmp(&rank(b))
                .then(fallen(b).total_cmp(&fallen(a)))
                .then(decline(b).total_cmp(&decline(a)))
                .then(by_arr(a, b))
        }
        // The last score of an account that is gone is one of long ago.
        TrendSort::Health => {
            let is_gone = |account: &Trajectory| account.course == Course::Gone;
            is_gone(a).cmp(&is_gone(b)).then(risk(b).total_cmp(&risk(a))).then(by_arr(a, b))
        }
        TrendSort::Arr => by_arr(a, b),
        TrendSort::Name => name(a).cmp(name(b)),
        TrendSort::Input => Ordering::Equal,
    };
    let mut order: Vec<usize> = (0..found.accounts.len()).collect();
    order.sort_by(|a, b| compare(&found.accounts[*a], &found.accounts[*b]));
    order
}
