//! Pieces that several reports share.

use super::{Context, short_number};
use chrono::NaiveDate;

use super::document::{Bar, Bars, Block, Cell, Column, Document, Line, Table, Tone, line};
use super::sentence::{self, NextStep, Say as _, ValueText};
use crate::account::{Account, Entry, Renewal};
use crate::analysis::{Assessment, Attention, Band, Findings, Model, Tally, Tier, Trend};
use crate::engine::{Contributions, Presence, Scorecard, Severity, Value};

/// How much of the findings is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// At most this many accounts; `None` shows all.
    pub top: Option<usize>,
    /// A card per account instead of a row.
    pub cards: bool,
    /// Whether the sums over the population open the document.
    pub summary: bool,
    /// What stands around the lists.
    pub setting: Setting,
}

impl View {
    /// Those of a list that are shown.
    pub(super) fn of<T>(self, listed: &[T]) -> &[T] {
        first(listed, self.top)
    }

    /// A remark on what is not shown, if anything is not.
    pub(super) fn remark<T>(self, listed: &[T], what: &str) -> Option<Block<'static>> {
        let shown = self.of(listed).len();
        (shown < listed.len()).then(|| {
            let rest = match self.setting {
                Setting::Alone | Setting::CutPage => "--top N shows more, --top all shows all.",
                Setting::Page => "the table of all accounts has the others.",
            };
            Block::Remark(line![
                Cell::Count(shown as u64),
                " of ",
                Cell::Count(listed.len() as u64),
                format!(" {what} shown; {rest}"),
            ])
        })
    }
}

/// At most so many of a list, from its start; all where no limit is given.
pub(super) fn first<T>(listed: &[T], top: Option<usize>) -> &[T] {
    &listed[..top.unwrap_or(usize::MAX).min(listed.len())]
}

/// What stands around the lists of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// Nothing: what is not listed is not shown.
    Alone,
    /// Charts before them and a table of all accounts behind them.
    Page,
    /// The same, with a table that is cut as they are.
    CutPage,
}

/// A document of a portfolio and its accounts: what opens it, then a row or a card per account. Its title comes with what stands behind
/// date and source.
pub(super) fn frame<'a>(
    context: &Context<'a>,
    findings: &'a Findings<'a>,
    view: View,
    (title, behind): (&str, &str),
    mut opening: Vec<Block<'a>>,
    card: impl FnMut(&Account, &Assessment) -> Vec<Block<'a>> + 'a,
    table: impl FnOnce() -> Table<'a>,
) -> Document<'a> {
    let listed = findings.listed();
    if view.summary && !findings.selection().is_empty() {
        opening.push(Block::Remark("The accounts below are a selection; the figures above are of all.".into()));
    }
    let body: Box<dyn Iterator<Item = Block<'a>> + 'a> = if listed.is_empty() {
        Box::new(std::iter::once(Block::Text(Line::from("No account to show."))))
    } else if view.cards {
        Box::new(each(findings, view.of(listed), card).flatten())
    } else {
        Box::new([Block::Heading("Accounts".into()), Block::Browse(table())].into_iter())
    };
    let blocks = opening.into_iter().chain(body).chain(view.remark(listed, "accounts"));
    Document {
        title: format!("{title} as of {} · {}{behind}", context.as_of, context.source),
        masthead: context.masthead(title),
        currency: context.currency(),
        blocks: Box::new(blocks),
    }
}

/// What is made of each entry, read and assessed.
pub(super) fn each<'f, T: 'f>(
    findings: &'f Findings<'_>,
    entries: &'f [Entry],
    mut make: impl FnMut(&Account, &Assessment) -> T + 'f,
) -> impl Iterator<Item = T> + 'f {
    let mut account = findings.blank_account();
    let mut assessment = Assessment::default();
    entries.iter().map(move |entry| {
        findings.read(*entry, &mut account, &mut assessment);
        make(&account, &assessment)
    })
}

pub(super) fn band_tone(band: Band) -> Tone {
    match band {
        Band::Green => Tone::Good,
        Band::Yellow => Tone::Caution,
        Band::Red => Tone::Bad,
    }
}

pub(super) fn tier_tone(tier: Tier) -> Tone {
    match tier {
        Tier::Critical | Tier::High => Tone::Bad,
        Tier::Medium => Tone::Caution,
        Tier::Low => Tone::Good,
    }
}

/// What stands where a score, a band or a tier would be.
fn unscored() -> Cell {
    Cell::toned(sentence::NOT_SCORED, Tone::Muted)
}

pub(super) fn score(score: Option<f64>) -> Cell {
    score.map_or_else(unscored, Cell::Score)
}

pub(super) fn band(band: Option<Band>) -> Cell {
    band.map_or_else(unscored, |band| Cell::toned(sentence::capitalised(band.name()), band_tone(band)))
}

pub(super) fn tier(tier: Option<Tier>) -> Cell {
    tier.map_or_else(unscored, |tier| Cell::toned(sentence::capitalised(tier.name()), tier_tone(tier)))
}

/// A score and the name of its band or tier, said once where there is neither.
pub(super) fn graded(score: Option<f64>, name: Cell) -> Line {
    match score {
        Some(score) => line![Cell::Score(score), " ", name],
        None => line![name],
    }
}

/// The score of a group, for a table: what is empty in an account that is scored is said to be so.
pub(super) fn group_score(card: &Scorecard, group: usize) -> Cell {
    match card.groups[group] {
        Some(grade) => Cell::Score(grade.score),
        None if card.grade.is_some() => Cell::toned("no data", Tone::Muted),
        None => Cell::Empty,
    }
}

pub(super) fn attention(attention: Attention) -> Cell {
    let tone = match attention {
        Attention::Critical | Attention::High => Tone::Bad,
        Attention::Medium => Tone::Caution,
        Attention::Low => Tone::Plain,
        Attention::NotScored => return unscored(),
    };
    Cell::toned(sentence::capitalised(attention.name()), tone)
}

pub(super) fn trend(trend: Trend) -> Cell {
    match trend {
        Trend::Improving => Cell::toned("▲ improving", Tone::Good),
        Trend::Stable => Cell::from("= stable"),
        Trend::Declining => Cell::toned("▼ declining", Tone::Bad),
        Trend::NoData => Cell::toned("no trend", Tone::Muted),
    }
}

/// A column whose cells [`band`] makes.
pub(super) fn band_column(title: &str, rank: u8) -> Column {
    in_words(title, rank, Band::ALL.map(|given| band(Some(given))).into_iter().chain([unscored()]))
}

/// A column whose cells [`tier`] makes.
pub(super) fn tier_column(title: &str, rank: u8) -> Column {
    in_words(title, rank, Tier::ALL.map(|given| tier(Some(given))).into_iter().chain([unscored()]))
}

/// A column whose cells [`attention`] makes.
pub(super) fn attention_column(title: &str, rank: u8) -> Column {
    in_words(title, rank, Attention::ALL.map(attention).into_iter())
}

/// A column whose cells [`trend`] makes.
pub(super) fn trend_column(title: &str, rank: u8) -> Column {
    let trends = [Trend::Improving, Trend::Stable, Trend::Declining, Trend::NoData];
    in_words(title, rank, trends.map(trend).into_iter())
}

fn in_words(title: &str, rank: u8, cells: impl Iterator<Item = Cell>) -> Column {
    let words = cells.filter_map(|cell| match cell {
        Cell::Text(text) | Cell::Toned(text, _) => Some(text),
        _ => None,
    });
    Column::words(title, rank, words)
}

/// The same as [`renewal`], in the order of the days on which it is decided.
pub(super) fn renewal_in_order(account: &Account, as_of: NaiveDate) -> Cell {
    let day = account.term.pending(as_of).or(account.term.end);
    renewal(account, as_of).ordered_by(day.map(|day| (day - as_of).num_days() as f64))
}

/// Days to the end of the contract, with those to the notice date where that is ahead; or by how many it is overdue.
pub(super) fn renewal(account: &Account, as_of: NaiveDate) -> Cell {
    let soon = |days: i64| if days <= 30 { Tone::Bad } else { Tone::Plain };
    let notice = account.term.notice.map(|notice| (notice - as_of).num_days()).filter(|days| *days >= 0);
    match (account.term.renewal(as_of), notice) {
        (None, None) => Cell::toned("unknown", Tone::Muted),
        (None, Some(notice)) => Cell::toned(format!("notice in {}", days_text(notice)), soon(notice)),
        (Some(Renewal::Overdue { days }), _) => Cell::toned(format!("overdue by {}", days_text(days)), Tone::Bad),
        (Some(Renewal::Due { days }), Some(notice)) if notice < days => {
            Cell::toned(format!("{}, notice in {notice}", days_text(days)), soon(notice))
        }
        (Some(Renewal::Due { days: 0 }), _) => Cell::toned("today", Tone::Bad),
        (Some(Renewal::Due { days }), _) => Cell::toned(days_text(days), soon(days)),
    }
}

fn days_text(days: i64) -> String {
    format!("{days} {}", if days == 1 { "day" } else { "days" })
}

/// A count with its noun.
pub(super) fn counted(count: u64, one: &str, many: &str) -> Line {
    line![Cell::Count(count), if count == 1 { format!(" {one}") } else { format!(" {many}") }]
}

/// Who takes a step, and until when as far as that is known.
pub(super) fn who_by_when(step: &NextStep) -> Line {
    let mut line = line![step.owner.clone()];
    match step.due {
        Some(due) => line.0.extend([", by ".into(), Cell::Date(due)]),
        None if step.within.is_empty() => {}
        None => line.push(format!(", within {}", step.within)),
    }
    line
}

/// One line per lifecycle that is not the usual one.
pub(super) fn lifecycles(onboarding: Tally, churned: Tally, apart: bool) -> Option<Block<'static>> {
    let mut text = Line::default();
    if onboarding.accounts > 0 {
        text.0.extend(counted(onboarding.accounts, "account is", "accounts are").0);
        text.push(if apart { " onboarding and shown apart. " } else { " onboarding. " });
    }
    if churned.accounts > 0 {
        text.0.extend(counted(churned.accounts, "churned account is", "churned accounts are").0);
        text.push(" left out. ");
    }
    (!text.0.is_empty()).then_some(Block::Remark(text))
}

/// The heading of a card: who it is about.
pub(super) fn card_heading(context: &Context<'_>, account: &Account) -> Block<'static> {
    let models = context.models;
    let segment = sentence::segment(models, account);
    let scored_as = models.segments.name(account.profile);
    let mut line = line![format!("{} ({})", account.name, account.id), " · ", segment.to_string()];
    if segment != scored_as {
        line.push(format!(" (scored as {scored_as})"));
    }
    line.push(" · ARR ");
    line.push(Cell::Money(account.arr));
    if !account.owner.is_empty() {
        line.push(format!(" · {}", account.owner));
    }
    if let Some(lifecycle) = sentence::lifecycle(account) {
        line.push(format!(" · {lifecycle}"));
    }
    Block::Subheading(line)
}

/// The contributions to a score, the largest loss first for a score that should be high, the largest contribution first for one that should be
/// low; without a score, only what it would rest on.
pub(super) fn contributions(
    context: &Context<'_>,
    model: &Model,
    account: &Account,
    card: &Scorecard,
    contributions: Option<&Contributions>,
    good: Good,
) -> Block<'static> {
    let models = context.models;
    let plan = model.plan(account.profile);
    let lost = |brought: &Contributions, signal: usize| brought.full[signal] - brought.signals[signal];
    let mut order: Vec<usize> = (0..card.signals.len()).collect();
    if let Some(brought) = contributions {
        order.sort_by_key(|signal| match good {
            Good::High => std::cmp::Reverse(lost(brought, *signal)),
            Good::Low => std::cmp::Reverse(brought.signals[*signal]),
        });
    }
    let benchmarks: Vec<Option<f64>> = plan.signals().map(|signal| signal.scale.benchmark()).collect();
    let row = |signal: usize| {
        let name = &model.signals()[signal];
        let scored = &card.signals[signal];
        let metric = models.schema.metric(name.slot);
        let value = ValueText { models, account, slot: name.slot, value: scored.value }.said();
        let in_its_place = if scored.value == Value::Absent { String::new() } else { format!(" ({value})") };
        let value = match scored.presence {
            Presence::Present => Cell::from(value),
            Presence::Absent => Cell::toned(format!("no data{in_its_place}"), Tone::Muted),
            Presence::Stale => {
                let days = sentence::age(model, account, signal).map_or_else(String::new, short_number);
                Cell::toned(format!("stale, {days} days old{in_its_place}"), Tone::Muted)
            }
        };
        let mut row =
            vec![Cell::from(metric.label.clone()), Cell::from(model.groups()[name.group].label.clone()), value];
        if good == Good::High {
            row.push(Cell::or_empty(benchmarks[signal], Cell::Number));
        }
        if let Some(brought) = contributions {
            let points = [
                brought.signals[signal],
                match good {
                    Good::High => lost(brought, signal),
                    Good::Low => brought.full[signal],
                },
            ];
            // What does not count neither won nor lost.
            let counts = scored.value != Value::Absent;
            row.extend(points.map(|points| if counts { Cell::Points(points) } else { Cell::Empty }));
        }
        row
    };
    let mut rows: Vec<Vec<Cell>> = order.into_iter().map(row).collect();
    let width = rows.first().map_or(0, Vec::len);
    if let Some((brought, score)) = contributions.zip(card.score()) {
        for (label, points) in [("Rounding and limits", Cell::Points(brought.rest)), ("Score", Cell::Score(score))] {
            let mut row = vec![Cell::Empty; width];
            row[0] = Cell::toned(label, Tone::Muted);
            row[width - 2] = points;
            rows.push(row);
        }
    }
    let mut columns = vec![Column::text("Metric", 0), Column::text("Part", 3), Column::figure("Value", 1)];
    if good == Good::High {
        columns.push(Column::figure("Benchmark", 2));
    }
    if contributions.is_some() {
        let titles = if good == Good::High { ["Points won", "Points lost"] } else { ["Risk points", "At most"] };
        columns.extend(titles.map(|title| Column::figure(title, 0)));
    }
    Block::Table(Table::of(columns, rows))
}

/// Which end of a score is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Good {
    High,
    Low,
}

/// The groups of a model with their scores and the weights with which they count, each with the tone of its band and perhaps its trend.
/// `None` where the account is not scored.
pub(super) fn groups(
    model: &Model,
    account: &Account,
    card: &Scorecard,
    tone: impl Fn(usize) -> Tone,
    trends: Option<&[Trend]>,
) -> Option<Block<'static>> {
    card.grade?;
    let weights = model.plan(account.profile).group_weights(card);
    let groups = model.groups().iter().zip(weights).enumerate();
    let bars = groups.map(|(position, (group, weight))| {
        let grade = card.groups[position];
        let trend = trends.and_then(|trends| trends.get(position)).map(|given| trend(*given));
        Bar {
            label: Cell::from(group.label.clone()),
            share: grade.map_or(0.0, |grade| grade.score / 100.0),
            tone: grade.map_or(Tone::Muted, |grade| tone(grade.band)),
            figures: [group_score(card, position), Cell::Text(format!("× {}", short_number(weight)))]
                .into_iter()
                .chain(trend)
                .collect(),
        }
    });
    let mut columns = vec![Column::text("Part", 0), Column::figure("Score", 0), Column::figure("Weight", 0)];
    columns.extend(trends.map(|_| Column::text("Trend", 0)));
    Some(Block::Bars(Bars { columns, bars: bars.collect() }))
}

/// Accounts and ARR by band or tier, which the title names.
pub(super) fn tallies(title: &str, all: Tally, parts: impl Iterator<Item = (Cell, Tone, Tally)>) -> Block<'static> {
    let bars = parts.map(|(label, tone, tally)| {
        let share = tally.share_of(&all).unwrap_or(0.0);
        let arr_share = (all.arr > 0.0).then(|| tally.arr / all.arr);
        let figures = vec![
            Cell::Count(tally.accounts),
            Cell::Share(share),
            Cell::Money(tally.arr),
            Cell::or_empty(arr_share, Cell::Share),
        ];
        Bar { label, share, tone, figures }
    });
    let figures = ["Accounts", "Share", "ARR", "Share of ARR"].map(|title| Column::figure(title, 0));
    let columns = std::iter::once(Column::text(title, 0)).chain(figures).collect();
    Block::Bars(Bars { columns, bars: bars.collect() })
}

/// The warnings of an account, each with its severity.
pub(super) fn warnings(context: &Context<'_>, account: &Account, assessment: &Assessment) -> Option<Block<'static>> {
    let card = &assessment.churn.card;
    let warning = |fired: &crate::engine::Fired| {
        let (word, tone) = match fired.severity {
            Some(Severity::Critical) => ("Critical", Tone::Bad),
            Some(Severity::High) => ("High", Tone::Bad),
            Some(Severity::Medium) | None => ("Medium", Tone::Caution),
        };
        line![Cell::toned(word, tone), format!(": {}", sentence::warning(context.models, account, card, *fired).said())]
    };
    (!card.warnings.is_empty()).then(|| Block::List(card.warnings.iter().map(warning).collect()))
}

/// The advice on an account's health.
pub(super) fn advice(context: &Context<'_>, account: &Account, assessment: &Assessment) -> Option<Block<'static>> {
    let card = &assessment.health.card;
    let advice =
        |fired: &crate::engine::Fired| Line::from(sentence::advice(context.models, account, card, *fired).said());
    (!card.advice.is_empty()).then(|| Block::List(card.advice.iter().map(advice).collect()))
}

/// The playbook of an account: what it is for, and its steps.
pub(super) fn playbook(context: &Context<'_>, assessment: &Assessment) -> Vec<Block<'static>> {
    let models = context.models;
    let playbook = assessment.churn.playbook.and_then(|playbook| models.wording.playbooks.get(playbook));
    let goal = playbook.map(|playbook| playbook.goal.clone());
    let heading = match assessment.churn.tier() {
        Some(of) => line![
            Cell::toned("Playbook ", Tone::Strong),
            tier(Some(of)),
            Cell::from(goal.map(|goal| format!(": {goal}")).unwrap_or_default()),
        ],
        None => line![Cell::toned("No playbook", Tone::Strong), ": churn risk is not scored"],
    };
    let steps = sentence::steps(models, assessment).map(|step| {
        line![step.action.clone(), Cell::toned(format!(" ({}, within {})", step.owner, step.within), Tone::Muted)]
    });
    let steps: Vec<Line> = steps.collect();
    let list = (!steps.is_empty()).then_some(Block::List(steps));
    std::iter::once(Block::Text(heading)).chain(list).collect()
}
