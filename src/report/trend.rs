//! How scores moved over a history.

use super::document::{Block, Cell, Column, Document, Line, Table, Tone, line};
use super::number::signed_hundredths;
use super::piece::{self, View};
use super::sentence::{Say as _, ValueText};
use super::{Context, signed};
use crate::account::Account;
use crate::analysis::{Band, Tier};
use crate::engine::{Hundredths, Presence, Scorecard};
use crate::evidence::{Cases, Census, Course, History, LastMove, On, Reading, Score, Trajectories, Trajectory};

/// A history with what was found in it.
#[derive(Debug, Clone, Copy)]
pub struct TrendFindings<'a> {
    /// The snapshots.
    pub history: &'a History,
    /// The last name of each customer.
    pub names: &'a [String],
    /// How the scores moved.
    pub found: &'a Trajectories,
    /// What is to be known of the history, such as snapshots that were left out.
    pub notes: &'a [String],
    /// The positions of the accounts that are listed, in their order.
    pub listed: &'a [usize],
}

impl<'a> TrendFindings<'a> {
    /// The accounts of a list of positions.
    pub(super) fn accounts(self, listed: &'a [usize]) -> impl Iterator<Item = &'a Trajectory> + 'a {
        listed.iter().filter_map(move |position| self.found.accounts.get(*position))
    }

    /// The name of an account.
    pub(super) fn name(self, account: &Trajectory) -> &'a str {
        self.names.get(account.customer.index()).map_or("", String::as_str)
    }

    /// The id of an account.
    pub(super) fn id(self, account: &Trajectory) -> &'a str {
        self.history.id(account.customer)
    }
}

/// The names of the bands of a score, in their order.
pub(super) fn band_names(on: On) -> Vec<&'static str> {
    match on {
        On::Health => Band::ALL.map(Band::name).to_vec(),
        On::Churn => Tier::ALL.map(Tier::name).to_vec(),
    }
}

fn band(on: On, score: Option<Score>) -> Cell {
    let band = score.map(|score| usize::from(score.band));
    match on {
        On::Health => piece::band(band.map(Band::at)),
        On::Churn => piece::tier(band.map(Tier::at)),
    }
}

/// A document of a history: how the portfolio and its accounts moved.
pub fn trend<'a>(context: &Context<'a>, findings: TrendFindings<'a>, view: View) -> Document<'a> {
    let found = findings.found;
    let on = found.following.on;
    let title = format!("Trend of {}", on.label());
    let days = match (found.standings.first(), found.standings.last()) {
        (Some(first), Some(last)) => format!(" from {} to {}", first.date, last.date),
        _ => String::new(),
    };
    let mut blocks: Vec<Block<'a>> = Vec::new();
    if view.summary {
        blocks.extend(summary(found));
        blocks.extend(notes(findings));
        blocks.push(Block::Heading("Portfolio".into()));
        blocks.push(Block::Table(portfolio(found)));
    }
    let shown = view.of(findings.listed);
    if findings.listed.is_empty() {
        blocks.push(Block::Text("No account to show.".into()));
    } else if view.cards {
        let context = *context;
        blocks.extend(findings.accounts(shown).flat_map(move |account| card(&context, findings, account)));
    } else {
        blocks.push(Block::Heading("Accounts".into()));
        blocks.push(Block::Remark(rule(found)));
        blocks.push(Block::Browse(accounts(findings, shown)));
    }
    blocks.extend(view.remark(findings.listed, "accounts"));
    Document {
        title: format!("{title}{days} · {}", context.source),
        masthead: context.masthead(&title),
        currency: context.currency(),
        blocks: Box::new(blocks.into_iter()),
    }
}

/// What is to be known of the history.
pub(super) fn notes(findings: TrendFindings<'_>) -> Vec<Block<'static>> {
    findings.notes.iter().map(|note| Block::Remark(sentence(note))).collect()
}

/// A note as a sentence.
fn sentence(note: &str) -> Line {
    line![format!("{}.", super::sentence::capitalised(note))]
}

/// When a fall counts as one.
pub(super) fn rule(found: &Trajectories) -> Line {
    let following = &found.following;
    let (beyond, fall) = match following.on {
        On::Health => ("below", "fall"),
        On::Churn => ("above", "rise of risk"),
    };
    line![format!(
        "A {fall} is confirmed by two readings in a row more than {} points {beyond} the level before, the median since the last \
         confirmed move; one such reading alone is told apart. Slope: points in 30 days over the last {} readings, the median of all pairs.",
        super::short_number(following.threshold),
        following.periods
    )]
}

/// What moved, in sentences.
pub(super) fn summary(found: &Trajectories) -> Vec<Block<'static>> {
    let on = found.following.on;
    let mut blocks = Vec::new();
    let scored = |standing: &&Census| standing.average.is_some();
    let (first, last) = (found.standings.iter().find(scored), found.standings.iter().rev().find(scored));
    if let (Some(first), Some(last)) = (first, last)
        && let (Some(before), Some(now)) = (first.average, last.average)
    {
        let mut line = line![
            format!("Average {} ", on.label()),
            Cell::Score(before),
            format!(" on {}, ", first.date),
            Cell::Score(now),
            format!(" on {}, over ", last.date),
        ];
        line.push(Cell::Count(found.standings.len() as u64));
        line.push(" snapshots.");
        blocks.push(Block::Text(line));
    }
    let mut facts: Vec<(String, Line)> = Vec::new();
    for (course, label) in [
        (Course::Fall, "Confirmed falls"),
        (Course::Dip, "Dips, to be confirmed"),
        (Course::Recovered, "Back after a dip"),
        (Course::Rise, "Confirmed rises"),
    ] {
        let label = match (on, course) {
            (On::Churn, Course::Fall) => "Risk risen, confirmed",
            (On::Churn, Course::Dip) => "Risk risen once, to be confirmed",
            (On::Churn, Course::Recovered) => "Back after a single rise",
            (On::Churn, Course::Rise) => "Risk gone down, confirmed",
            _ => label,
        };
        let tally = found.tally(course);
        let mut line = piece::counted(tally.accounts, "account", "accounts");
        if tally.accounts > 0 {
            line.push(", ARR ");
            line.push(Cell::Money(tally.arr));
        }
        facts.push((label.to_owned(), line));
    }
    for (label, cases) in [
        ("Arrived after the first snapshot", &found.arrived),
        ("Gone in the last snapshot", &found.departed),
        ("Missing in between and back", &found.returned),
    ] {
        if cases.count > 0 {
            facts.push((label.to_owned(), of_cases(cases)));
        }
    }
    blocks.push(Block::Facts(facts));
    blocks
}

/// How many customers, and which the first of them are.
pub(super) fn of_cases(cases: &Cases) -> Line {
    let mut line = line![Cell::Count(cases.count), ": ", cases.examples.join(", ")];
    if cases.has_more {
        line.push(", …");
    }
    line
}

/// The portfolio at each snapshot.
pub(super) fn portfolio(found: &Trajectories) -> Table<'_> {
    let on = found.following.on;
    let names = band_names(on);
    let mut columns = vec![Column::text("Day", 0), Column::figure("Accounts", 2), Column::figure("Average", 0)];
    columns.extend(names.iter().map(|name| Column::figure(&super::sentence::capitalised(name), 1)));
    columns.extend([Column::figure("ARR", 3), Column::figure("ARR at risk", 2)]);
    let bands = names.len();
    let rows = found.standings.iter().map(move |standing| {
        let scored = standing.scored();
        let mut row = vec![
            Cell::Date(standing.date),
            Cell::Count(standing.all.accounts),
            Cell::or_empty(standing.average, Cell::Score),
        ];
        row.extend((0..bands).map(|band| Cell::or_empty(standing.bands[band].share_of(&scored), Cell::Share)));
        row.push(Cell::Money(standing.all.arr));
        row.push(Cell::or_empty(standing.at_risk, |tally| Cell::Money(tally.arr)));
        row
    });
    Table { columns, rows: Box::new(rows) }
}

/// A row per account.
pub(super) fn accounts<'a>(findings: TrendFindings<'a>, listed: &'a [usize]) -> Table<'a> {
    let on = findings.found.following.on;
    let score_title = match on {
        On::Health => "Health",
        On::Churn => "Risk",
    };
    let band_column = match on {
        On::Health => piece::band_column("Band", 0),
        On::Churn => piece::tier_column("Tier", 0),
    };
    let columns = vec![
        Column::text("Account", 0),
        Column::text("Id", 5),
        Column::figure("ARR", 3),
        Column::figure(score_title, 0),
        band_column,
        Column::text("Since", 4),
        Column::text("Course", 2),
        Column::figure("Slope", 1),
        Column::figure("Change", 6),
        Column::text("Verdict", 0),
    ];
    let rows = findings.accounts(listed).map(move |account| {
        vec![
            Cell::from(findings.name(account)),
            Cell::from(findings.id(account)),
            Cell::Money(account.last.arr),
            piece::score(account.score().map(|score| score.value)),
            band(on, account.score()),
            Cell::or_empty(account.in_band_since, Cell::Date),
            Cell::Sparkline(account.line()),
            points(account.slope),
            points(account.change),
            verdict(findings, account),
        ]
    });
    Table { columns, rows: Box::new(rows) }
}

/// What something moved, with its sign, in the order of its size.
fn effect(points: Hundredths) -> Cell {
    Cell::Text(signed_hundredths(points)).ordered_by(Some(points.points()))
}

/// Points with their sign, in the order of their size.
fn points(points: Option<f64>) -> Cell {
    Cell::or_empty(points, |points| Cell::Text(signed(points)).ordered_by(Some(points)))
}

/// What the last readings say, in words.
pub(super) fn verdict(findings: TrendFindings<'_>, account: &Trajectory) -> Cell {
    let on = findings.found.following.on;
    let shift = || {
        let shift = account.shift?;
        let now = account.settled?;
        let first = account.readings.get(shift.first)?;
        Some(format!("{} since {}", signed(crate::engine::round1(now - shift.from)), first.date))
    };
    let shift = || shift().unwrap_or_default();
    let (text, tone) = match (account.course, on) {
        (Course::Fall, On::Health) => (format!("Fall {}", shift()), Tone::Bad),
        (Course::Fall, On::Churn) => (format!("Risk up {}", shift()), Tone::Bad),
        (Course::Rise, On::Health) => (format!("Rise {}", shift()), Tone::Good),
        (Course::Rise, On::Churn) => (format!("Risk down {}", shift()), Tone::Good),
        (Course::Dip, On::Health) => ("Dip, one reading".to_owned(), Tone::Caution),
        (Course::Dip, On::Churn) => ("Risk up, one reading".to_owned(), Tone::Caution),
        (Course::Recovered, _) => ("Back after one reading".to_owned(), Tone::Plain),
        (Course::Steady, _) => ("Steady".to_owned(), Tone::Plain),
        (Course::Short, _) => ("Too few readings".to_owned(), Tone::Muted),
        (Course::Gone, _) => ("Gone".to_owned(), Tone::Muted),
    };
    Cell::toned(text, tone)
}

/// All readings of one account.
fn card<'a>(context: &Context<'_>, findings: TrendFindings<'a>, account: &'a Trajectory) -> Vec<Block<'a>> {
    let found = findings.found;
    let on = found.following.on;
    let heading = format!("{} ({})", findings.name(account), findings.id(account));
    let mut standing = line![super::sentence::capitalised(on.label()), " "];
    standing.0.extend(piece::graded(account.score().map(|score| score.value), band(on, account.score())).0);
    if let Some(since) = account.in_band_since {
        standing.push(format!(" since {since}"));
    }
    standing.push(" · ");
    standing.push(verdict(findings, account));
    standing.push(" · ");
    standing.push(Cell::Sparkline(account.line()));
    let mut facts = Vec::new();
    if let Some(slope) = account.slope {
        let over = account.readings.len().min(found.following.periods);
        facts.push(("Slope".to_owned(), line![format!("{} points in 30 days, over {over} readings", signed(slope))]));
    }
    if let Some(level) = account.level {
        facts.push(("Level".to_owned(), line![Cell::Score(crate::engine::round1(level))]));
    }
    let mut days = Line::default();
    for (name, days_in_band) in band_names(on).iter().zip(account.days_in_bands).filter(|(_, days)| *days > 0) {
        if !days.0.is_empty() {
            days.push(", ");
        }
        days.push(format!("{days_in_band} {name}"));
    }
    if !days.0.is_empty() {
        facts.push(("Days by band".to_owned(), days));
    }
    if account.gaps > 0 {
        facts.push(("Missing in between".to_owned(), piece::counted(account.gaps as u64, "snapshot", "snapshots")));
    }
    let columns = vec![
        Column::text("Day", 0),
        Column::figure("Score", 0),
        match on {
            On::Health => piece::band_column("Band", 0),
            On::Churn => piece::tier_column("Tier", 0),
        },
        Column::figure("Change", 0),
    ];
    let rows = account.readings.iter().enumerate().map(move |(position, reading)| {
        let before = position.checked_sub(1).and_then(|before| account.readings.get(before));
        let change = before.map(|before| crate::engine::round1(reading.score.value - before.score.value));
        vec![Cell::Date(reading.date), Cell::Score(reading.score.value), band(on, Some(reading.score)), points(change)]
    });
    let table = Table { columns, rows: Box::new(rows) };
    let mut blocks = vec![Block::Heading(heading), Block::Text(standing), Block::Facts(facts), Block::Table(table)];
    blocks.extend(moved(context, findings, account).into_iter().flatten());
    blocks
}

/// What moved the score between the last two readings, where the accounts of both days are there and belong to one segment.
fn moved(context: &Context<'_>, findings: TrendFindings<'_>, account: &Trajectory) -> Option<[Block<'static>; 2]> {
    let models = context.models;
    let model = match findings.found.following.on {
        On::Health => &models.health.model,
        On::Churn => &models.churn.model,
    };
    let found = LastMove::of(findings.history, model, account)?;
    let value = |(_, account, card): &(Reading, Account, Scorecard), signal: usize| match card.signals[signal].presence
    {
        Presence::Absent | Presence::Stale => Cell::toned("no data", Tone::Muted),
        Presence::Present => {
            let (slot, value) = (model.signals()[signal].slot, card.signals[signal].value);
            Cell::from(ValueText { models, account, slot, value }.said())
        }
    };
    let of_signal = |(signal, points): &(usize, Hundredths)| {
        let label = models.schema.metric(model.signals()[*signal].slot).label.clone();
        vec![label.into(), value(&found.before, *signal), value(&found.after, *signal), effect(*points)]
    };
    let mut rows: Vec<Vec<Cell>> = found.signals.iter().map(of_signal).collect();
    for (label, points) in [("Nearness of the renewal", found.urgency), ("Rounding and limits", found.rest)] {
        if points != Hundredths::default() {
            rows.push(vec![Cell::toned(label, Tone::Muted), Cell::Empty, Cell::Empty, effect(points)]);
        }
    }
    if rows.is_empty() {
        return None;
    }
    let columns = vec![
        Column::text("Metric", 0),
        Column::figure(&found.before.0.date.to_string(), 0),
        Column::figure(&found.after.0.date.to_string(), 0),
        Column::figure("Points", 0),
    ];
    let title = Block::Text(Cell::toned("What moved it last", Tone::Strong).into());
    Some([title, Block::Table(Table::of(columns, rows))])
}
