//! Proposed bounds of bands and tiers, for people.

use super::backtest::{alarmed, band_cell, band_name, doubtful_ids, oddities};
use super::document::{Block, Cell, Column, Document, Line, Table, Tone, line};
use super::{Context, short_number};
use crate::evidence::{
    AccountCounts, Bounds, EARLY_DAYS, ENOUGH, Gain, History, Interval, Lives, On, Parting, Performance, Proposal,
    Rate, Refusal, Rule, Sample,
};

/// What was proposed for one score, and what it rests on.
#[derive(Debug, Clone)]
pub struct Calibration {
    /// The accounts on evaluation dates.
    pub sample: Sample,
    /// How they are parted; `None` where there are fewer than two evaluation dates.
    pub parting: Option<Parting>,
    /// A proposal per segment, or one for all; empty without a parting.
    pub proposals: Vec<Proposal>,
}

/// Proposed bounds and what they rest on.
#[derive(Clone, Copy)]
pub struct Proposed<'a> {
    /// The models, and where the data came from.
    pub context: Context<'a>,
    /// What was asked for.
    pub rule: Rule,
    /// What became of the customers.
    pub lives: &'a Lives,
    /// What was proposed, for each score that was looked at.
    pub calibrations: &'a [Calibration],
    /// The files that the bounds were written into; `None` where nothing was to be written.
    pub written: Option<&'a [String]>,
}

impl Calibration {
    /// The names of the bounds that rules set: where an alarm begins, and where it becomes grave.
    pub(super) fn bound_names(on: On) -> [&'static str; 2] {
        match on {
            On::Health => ["green", "yellow"],
            On::Churn => ["medium", "high"],
        }
    }
}

/// What was asked for, in words.
pub(super) fn asked(rule: Rule) -> String {
    let percent = |share: f64| format!("{} %", short_number((share * 1000.0).round() / 10.0));
    match rule {
        Rule::Recall { alarm, grave: None } => {
            format!("at least {} of those who leave raise an alarm {EARLY_DAYS} days before", percent(alarm))
        }
        Rule::Recall { alarm, grave: Some(grave) } => format!(
            "at least {} of those who leave raise an alarm {EARLY_DAYS} days before, and {} a grave one",
            percent(alarm),
            percent(grave)
        ),
        Rule::Capacity(capacity) => format!("at most {capacity} accounts with a grave alarm on any day"),
        Rule::Cost { false_alarm, missed } => format!(
            "the least cost, a false alarm at {} and a missed customer at {}",
            short_number(false_alarm),
            short_number(missed)
        ),
    }
}

/// Where written bounds come from, for whoever reads the model file: from which data, of which period, and by which rule.
pub fn calibration_note(rule: Rule, history: &History, source: &str, outcomes: &str) -> String {
    let days = match history.snapshots() {
        [first, .., last] => format!(" ({} to {})", first.date, last.date),
        [only] => format!(" ({})", only.date),
        [] => String::new(),
    };
    format!("from {source}{days} and {outcomes}: {}", asked(rule))
}

/// Which segment a proposal is for.
pub(super) fn whose<'a>(context: &Context<'a>, proposal: &Proposal) -> &'a str {
    proposal.profile.map_or("All accounts", |profile| context.models.segments.label(profile))
}

/// Why bounds stay as they are, as a clause.
pub(super) fn refusal(on: On, refusal: &Refusal) -> String {
    let [alarm, grave] = Calibration::bound_names(on);
    let share = |rate: Rate| match rate.share() {
        Some(share) => format!("{} % of {}", short_number((share * 1000.0).round() / 10.0), rate.of),
        None => "none at all".to_owned(),
    };
    let figure = |(auc, interval): (f64, Option<Interval>)| match interval {
        Some(Interval { low, high }) => {
            format!("{auc:.2} ({low:.2} to {high:.2})")
        }
        None => format!("{auc:.2}"),
    };
    match *refusal {
        Refusal::TooFew(AccountCounts { churned, retained }) => {
            format!(
                "in the earlier part {churned} left and {retained} stayed, and it takes at least {ENOUGH} accounts of each"
            )
        }
        Refusal::NothingToJudgeBy(AccountCounts { churned, retained }) => {
            format!("in the later part {churned} left and {retained} stayed, so nothing can be judged")
        }
        Refusal::NoEvidence { fit, holdout } => format!(
            "the score does not tell who leaves: AUC {} on the earlier part, {} on the later one",
            figure(fit),
            figure(holdout)
        ),
        Refusal::OutOfReach => "no bound does what was asked for".to_owned(),
        Refusal::OutOfOrder { bounds } => format!(
            "{alarm} would begin at {} and {grave} at {}, which is out of order with what the rule leaves as it is",
            short_number(bounds.alarm),
            short_number(bounds.grave)
        ),
        Refusal::GraveChurnsNoMore { grave, mild } => format!(
            "on the later part, {} accounts would leave no more often than {} ones: {} against {}",
            band_name(on, on.bands() - 3),
            band_name(on, on.bands() - 2),
            share(grave),
            share(mild)
        ),
        Refusal::NoGain { is_grave, present, considered } => {
            let name = if is_grave { grave } else { alarm };
            let [considered, present] = [considered, present].map(short_number);
            format!(
                "on the later part, {name} from {considered} does no better than {name} from {present}, or than chance"
            )
        }
    }
}

/// A bound of now and, where another is chosen, that.
fn moved(present: f64, chosen: Option<f64>) -> Cell {
    match chosen.filter(|chosen| *chosen != present) {
        Some(chosen) => Cell::toned(format!("{} → {}", short_number(present), short_number(chosen)), Tone::Strong),
        None => short_number(present).into(),
    }
}

/// Proposed bounds for people.
pub fn calibration(subject: Proposed<'_>) -> Document<'_> {
    let Proposed { context, rule, lives, calibrations, written } = subject;
    let mut blocks = vec![Block::Text(line![format!("Asked for: {}.", asked(rule))])];
    blocks.extend(doubtful_ids(lives).map(Block::Text));
    for calibration in calibrations {
        blocks.extend(of_score(&context, rule, calibration));
    }
    let oddities = oddities(lives);
    if !oddities.is_empty() {
        blocks.push(Block::Heading("Data".into()));
        blocks.push(Block::List(oddities));
    }
    let proposed = calibrations.iter().flat_map(|calibration| &calibration.proposals);
    let count = proposed.filter(|proposal| proposal.bounds().is_some()).count();
    let text = match (written, count) {
        (_, 0) => "Nothing is proposed, and nothing was written.".to_owned(),
        (None, _) => "Nothing was written: --write puts the proposed bounds into the model.".to_owned(),
        (Some(files), _) => format!("Written into {}.", files.join(" and ")),
    };
    blocks.push(Block::Remark(text.into()));
    Document {
        title: format!("Calibration · {}", context.source),
        masthead: context.masthead("Calibration"),
        currency: context.currency(),
        blocks: Box::new(blocks.into_iter()),
    }
}

fn of_score(context: &Context<'_>, rule: Rule, calibration: &Calibration) -> Vec<Block<'static>> {
    let Calibration { sample, parting, proposals } = calibration;
    let on = sample.on;
    let title = match on {
        On::Health => "Bands of health",
        On::Churn => "Tiers of churn risk",
    };
    let mut blocks = vec![Block::Heading(title.into())];
    let Some(parting) = parting else {
        blocks.push(Block::Text(line![format!(
            "Nothing can be proposed: the history has {} evaluation {}, and it takes two, one to choose bounds on and a later one to judge \
             them by; they are {} days apart.",
            sample.evaluations.len(),
            if sample.evaluations.len() == 1 { "date" } else { "dates" },
            sample.horizon
        )]));
        return blocks;
    };
    let [alarm, grave] = Calibration::bound_names(on);
    let mut columns = vec![
        Column::text("Segment", 0),
        Column::figure(&format!("{alarm} from"), 0),
        Column::figure(&format!("{grave} from"), 0),
        Column::text("Proposal", 0),
    ];
    let is_capacity = matches!(rule, Rule::Capacity(_));
    if is_capacity {
        columns.push(Column::figure("Share of the capacity", 1));
    }
    let rows = proposals.iter().map(|proposal| {
        let chosen = proposal.bounds();
        let what = match (chosen, proposal.refusals.is_empty()) {
            (Some(_), _) => Cell::toned("change", Tone::Good),
            (None, true) => Cell::toned("stays: the rule chooses the same", Tone::Plain),
            (None, false) => Cell::toned("stays", Tone::Caution),
        };
        let mut row = vec![
            whose(context, proposal).into(),
            moved(proposal.present.alarm, chosen.map(|bounds| bounds.alarm)),
            moved(proposal.present.grave, chosen.map(|bounds| bounds.grave)),
            what,
        ];
        if is_capacity {
            row.push(Cell::or_empty(proposal.capacity, Cell::Count));
        }
        row
    });
    blocks.push(Block::Table(Table::of(columns, rows.collect::<Vec<_>>())));
    let stays: Vec<Line> = proposals
        .iter()
        .filter(|proposal| !proposal.refusals.is_empty())
        .map(|proposal| {
            let why: Vec<String> = proposal.refusals.iter().map(|reason| refusal(on, reason)).collect();
            let considered = proposal.chosen.filter(|chosen| *chosen != proposal.present);
            let considered = considered.map_or_else(String::new, |Bounds { alarm: a, grave: g }| {
                format!(" (considered: {alarm} from {}, {grave} from {})", short_number(a), short_number(g))
            });
            let beyond = proposal.most_grave.zip(proposal.capacity).filter(|(most, capacity)| most > capacity);
            let beyond = beyond.map_or_else(String::new, |(most, capacity)| {
                format!(
                    " So the capacity is not kept: by the bounds of now, up to {most} were {} on a day, against {capacity}.",
                    band_name(on, on.bands() - 3)
                )
            });
            line![
                Cell::toned(whose(context, proposal), Tone::Strong),
                format!(": as it is{considered}, since {}.{beyond}", why.join("; "))
            ]
        })
        .collect();
    if !stays.is_empty() {
        blocks.push(Block::List(stays));
    }
    blocks.push(Block::Subheading(line!["On the later part, from ", Cell::Date(parting.day)]));
    blocks.push(judged(context, on, rule, proposals));
    if proposals.iter().any(|proposal| proposal.bounds().is_some()) {
        blocks.push(Block::Subheading("Accounts of the last snapshot, before and after".into()));
        blocks.push(today(context, on, proposals));
    }
    let dates = |count: usize| if count == 1 { "1 date".to_owned() } else { format!("{count} dates") };
    blocks.push(Block::Remark(line![
        format!("Chosen on {} before, judged on {}: ", dates(parting.fit), dates(parting.holdout)),
        Cell::Count(sample.rows.len() as u64),
        " observations, of which ",
        Cell::Count(sample.churned()),
        format!(" left within {} days. Intervals are 95 % intervals.", sample.horizon),
    ]));
    blocks
}

/// What a gain is counted in.
fn gain_title(rule: Rule) -> &'static str {
    match rule {
        Rule::Recall { .. } => "Net benefit per 100",
        Rule::Capacity(_) => "More caught, %",
        Rule::Cost { .. } => "Saved per 100",
    }
}

/// A gain times 100, with its interval.
fn hundredfold(gain: Gain) -> String {
    // A large figure needs no decimals.
    let shown = |figure: f64| short_number(if figure.abs() < 1000.0 { figure } else { figure.round() });
    let text = |value: f64| shown(value * 100.0);
    match gain.interval {
        Some(Interval { low, high }) => format!("{} ({} to {})", text(gain.value), text(low), text(high)),
        None => text(gain.value),
    }
}

/// What the bounds of now and the chosen ones do on the later part.
fn judged(context: &Context<'_>, on: On, rule: Rule, proposals: &[Proposal]) -> Block<'static> {
    let bands = on.bands();
    let rate = |name: &str| format!("{name} left");
    let columns = vec![
        Column::text("Segment", 0),
        Column::text("Bounds", 0),
        Column::figure(&format!("{} {EARLY_DAYS} days before", alarmed(on)), 0),
        Column::figure("of", 2),
        Column::figure("from", 2),
        Column::figure("to", 2),
        Column::figure("Alarms", 0),
        Column::figure("of which left", 1),
        Column::figure(&rate(band_name(on, bands - 3)), 3),
        Column::figure(&rate(band_name(on, bands - 2)), 4),
        Column::figure(&rate(band_name(on, bands - 1)), 4),
        Column::text(gain_title(rule), 0),
    ];
    let share = |rate: Rate| Cell::or_empty(rate.share(), Cell::Share);
    let row = |whose: &str, which: &str, performance: &Performance, gain: Cell| {
        let interval = performance.early.wilson();
        vec![
            whose.into(),
            which.into(),
            share(performance.early),
            Cell::Count(performance.early.of),
            Cell::or_empty(interval.map(|interval| interval.low), Cell::Share),
            Cell::or_empty(interval.map(|interval| interval.high), Cell::Share),
            share(performance.alarms),
            share(performance.precision),
            share(performance.grave),
            share(performance.mild),
            share(performance.calm),
            gain,
        ]
    };
    let mut rows = Vec::new();
    for proposal in proposals {
        let whose = whose(context, proposal);
        rows.push(row(whose, "now", &proposal.before[1], Cell::Empty));
        if let Some([_, after]) = proposal.after.filter(|_| proposal.chosen != Some(proposal.present)) {
            let gain = proposal.gain.map_or(Cell::Empty, |gain| hundredfold(gain).into());
            let which = if proposal.bounds().is_some() { "proposed" } else { "considered" };
            rows.push(row(whose, which, &after, gain));
        }
    }
    Block::Table(Table::of(columns, rows))
}

/// The accounts of the last snapshot by the bounds of now, and by the proposed ones, where these differ.
fn today(context: &Context<'_>, on: On, proposals: &[Proposal]) -> Block<'static> {
    let columns = vec![
        Column::text("Segment", 0),
        Column::text(if on == On::Health { "Band" } else { "Tier" }, 0),
        Column::figure("Accounts", 0),
        Column::figure("after", 0),
        Column::figure("ARR", 1),
        Column::figure("after", 1),
    ];
    let mut rows = Vec::new();
    for proposal in proposals.iter().filter(|proposal| proposal.bounds().is_some()) {
        let (before, after) = proposal.today;
        let after = after.unwrap_or(before);
        for (part, (before, after)) in before.iter().zip(after).enumerate() {
            let gravity = on.bands() - 3 + part;
            let mut band = band_cell(on, gravity);
            if on == On::Churn && part == 0 {
                band = Cell::toned("critical and high", Tone::Bad);
            }
            rows.push(vec![
                whose(context, proposal).into(),
                band,
                Cell::Count(before.0),
                Cell::Count(after.0),
                Cell::Money(before.1),
                Cell::Money(after.1),
            ]);
        }
    }
    Block::Table(Table::of(columns, rows))
}
