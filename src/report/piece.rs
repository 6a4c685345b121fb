//! Pieces that several reports share.

use super::Context;
use super::document::{Block, Cell, Column, Line, Table, Tone, line};
use super::sentence::{self, ValueText};
use crate::account::{Account, Entry, Renewal};
use crate::analysis::{Assessment, Attention, Band, Findings, Model, Tally, Tier, Trend};
use crate::engine::{Contributions, Scorecard, Severity};

/// How much of the findings is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// At most this many accounts; `None` shows all.
    pub top: Option<usize>,
    /// A card per account instead of a row.
    pub cards: bool,
    /// Whether the sums over the population open the document.
    pub summary: bool,
}

impl View {
    /// The entries that are shown.
    pub(super) fn of(self, entries: &[Entry]) -> &[Entry] {
        &entries[..self.top.unwrap_or(usize::MAX).min(entries.len())]
    }

    /// A remark on what is not shown, if anything is not.
    pub(super) fn remark(self, entries: &[Entry], what: &str) -> Option<Block<'static>> {
        let shown = self.of(entries).len();
        (shown < entries.len()).then(|| {
            Block::Remark(line![
                Cell::Count(shown as u64),
                " of ",
                Cell::Count(entries.len() as u64),
                format!(" {what} shown; --top N shows more, --top all shows all."),
            ])
        })
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

pub(super) fn band(band: Band) -> Cell {
    Cell::toned(sentence::capitalised(band.name()), band_tone(band))
}

pub(super) fn tier(tier: Tier) -> Cell {
    Cell::toned(sentence::capitalised(tier.name()), tier_tone(tier))
}

pub(super) fn attention(attention: Attention) -> Cell {
    let tone = match attention {
        Attention::Critical | Attention::High => Tone::Bad,
        Attention::Medium => Tone::Caution,
        Attention::Low => Tone::Plain,
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

/// Days to a renewal, or by how many it is overdue.
pub(super) fn renewal(renewal: Option<Renewal>) -> Cell {
    match renewal {
        None => Cell::toned("unknown", Tone::Muted),
        Some(Renewal::Due { days: 0 }) => Cell::toned("today", Tone::Bad),
        Some(Renewal::Due { days }) => {
            let tone = if days <= 30 { Tone::Bad } else { Tone::Plain };
            Cell::toned(format!("{days} days"), tone)
        }
        Some(Renewal::Overdue { days }) => Cell::toned(format!("overdue by {days} days"), Tone::Bad),
    }
}

/// A count with its noun.
pub(super) fn counted(count: u64, one: &str, many: &str) -> Line {
    line![Cell::Count(count), if count == 1 { format!(" {one}") } else { format!(" {many}") }]
}

/// One line per lifecycle that is not the usual one.
pub(super) fn lifecycles(onboarding: Tally, churned: Tally, apart: bool) -> Option<Block<'static>> {
    let mut text = Line::default();
    if onboarding.accounts > 0 {
        text.0.extend(counted(onboarding.accounts, "account is", "accounts are").0);
        text.push(if apart { " onboarding and shown apart. " } else { " onboarding. " });
    }
    if churned.accounts > 0 {
        text.0.extend(counted(churned.accounts, "account has", "accounts have").0);
        text.push(" churned and left out. ");
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

/// The contributions to a score, the largest loss first for a score that should be high, the largest contribution first for one that should be low.
pub(super) fn contributions(
    context: &Context<'_>,
    model: &Model,
    account: &Account,
    card: &Scorecard,
    contributions: &Contributions,
    good: Good,
) -> Block<'static> {
    let models = context.models;
    let plan = model.plan(account.profile);
    let lost = |signal: usize| contributions.full[signal] - contributions.signals[signal];
    let mut order: Vec<usize> = (0..card.signals.len()).collect();
    order.sort_by_key(|signal| match good {
        Good::High => std::cmp::Reverse(lost(*signal)),
        Good::Low => std::cmp::Reverse(contributions.signals[*signal]),
    });
    let benchmarks: Vec<Option<f64>> = plan.signals().map(|signal| signal.scale.benchmark()).collect();
    let row = |signal: usize| {
        let name = &model.signals()[signal];
        let scored = &card.signals[signal];
        let metric = models.schema.metric(name.slot);
        let value = ValueText { models, account, slot: name.slot, value: scored.value }.to_string();
        let value = if scored.absent {
            Cell::toned(format!("no data, counts as {value}"), Tone::Muted)
        } else {
            Cell::from(value)
        };
        let mut row =
            vec![Cell::from(metric.label.clone()), Cell::from(model.groups()[name.group].label.clone()), value];
        if good == Good::High {
            row.push(Cell::or_empty(benchmarks[signal], Cell::Number));
        }
        row.push(Cell::Points(contributions.signals[signal]));
        row.push(Cell::Points(match good {
            Good::High => lost(signal),
            Good::Low => contributions.full[signal],
        }));
        row
    };
    let mut rows: Vec<Vec<Cell>> = order.into_iter().map(row).collect();
    let width = rows.first().map_or(0, Vec::len);
    let mut closing = |label: &str, points: Cell| {
        let mut row = vec![Cell::Empty; width];
        row[0] = Cell::toned(label, Tone::Muted);
        row[width - 2] = points;
        rows.push(row);
    };
    closing("Rounding and limits", Cell::Points(contributions.rest));
    closing("Score", Cell::Score(card.score));
    let mut columns = vec![Column::text("Metric", 0), Column::text("Part", 2), Column::figure("Value", 1)];
    if good == Good::High {
        columns.push(Column::figure("Benchmark", 1));
    }
    columns.push(Column::figure(if good == Good::High { "Points won" } else { "Risk points" }, 0));
    columns.push(Column::figure(if good == Good::High { "Points lost" } else { "At most" }, 0));
    Block::Table(Table { columns, rows: Box::new(rows.into_iter()) })
}

/// Which end of a score is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Good {
    High,
    Low,
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
        line![Cell::toned(word, tone), format!(": {}", sentence::warning(context.models, account, card, *fired))]
    };
    (!card.warnings.is_empty()).then(|| Block::List(card.warnings.iter().map(warning).collect()))
}

/// The advice on an account's health.
pub(super) fn advice(context: &Context<'_>, account: &Account, assessment: &Assessment) -> Option<Block<'static>> {
    let card = &assessment.health.card;
    let advice =
        |fired: &crate::engine::Fired| Line::from(sentence::advice(context.models, account, card, *fired).to_string());
    (!card.advice.is_empty()).then(|| Block::List(card.advice.iter().map(advice).collect()))
}

/// The playbook of an account: what it is for, and its steps.
pub(super) fn playbook(context: &Context<'_>, assessment: &Assessment) -> Vec<Block<'static>> {
    let models = context.models;
    let goal = models.wording.playbooks.get(assessment.churn.playbook).map(|playbook| playbook.goal.clone());
    let heading = line![
        Cell::toned("Playbook ", Tone::Strong),
        tier(assessment.churn.tier()),
        Cell::from(goal.map(|goal| format!(": {goal}")).unwrap_or_default()),
    ];
    let steps = sentence::steps(models, assessment).map(|step| {
        line![step.action.clone(), Cell::toned(format!(" ({}, within {})", step.owner, step.within), Tone::Muted)]
    });
    vec![Block::Text(heading), Block::List(steps.collect())]
}
