//! The three analyses joined, for people.

use std::collections::BTreeSet;

use super::document::{Block, Cell, Column, Document, Line, Table, Tone, line};
use super::piece::{self, View};
use super::{Context, churn, coverage, expansion, health, note, sentence, short_number};
use crate::account::{Entry, Profile};
use crate::analysis::{
    Assessment, Briefing, Findings, Outlook, Play, RENEWAL_WINDOW_DAYS, Retention, RetentionOutlook, Tier,
    UpcomingRenewal,
};

/// Where the portfolio stands, what to do first, what renews, what to propose, and what to be careful with.
pub fn briefing<'a>(context: Context<'a>, briefing: &'a Briefing<'a>, view: View) -> Document<'a> {
    let findings = &briefing.findings;
    let mut blocks: Vec<Block<'a>> = Vec::new();
    if findings.totals().all.accounts == 0 {
        blocks.push(Block::Text("No account to report on.".into()));
    } else {
        blocks.extend(standing(&context, briefing));
        blocks.extend(what_to_do_first(&context, briefing, view));
        blocks.extend(renewals(context, briefing, view));
        blocks.extend(proposals(context, briefing, view));
    }
    blocks.extend(onboarding(context, findings, view));
    blocks.extend(note::notes(&context, briefing));
    Document {
        title: format!("Portfolio briefing as of {} · {}", context.as_of, context.source),
        currency: context.currency(),
        blocks: Box::new(blocks.into_iter()),
    }
}

fn standing(context: &Context<'_>, briefing: &Briefing<'_>) -> Vec<Block<'static>> {
    let totals = briefing.findings.totals();
    let mut blocks = vec![Block::Heading("Where the portfolio stands".into())];
    blocks.extend(health::standing(context, &totals.health));
    blocks.extend([Block::Table(segments(context, briefing)), Block::Subheading("Churn risk".into())]);
    blocks.extend(churn::standing(context, &totals.churn));
    let goal = context.models.expansion.coverage_goal;
    if let Some(retention) = retention(context, briefing) {
        blocks.push(Block::Subheading("Outlook for twelve months".into()));
        blocks.push(Block::Facts(vec![
            ("Gross retention (GRR)".into(), compared(retention.grr, retention.field.map(|field| field.grr))),
            ("Net retention (NRR)".into(), compared(retention.nrr, retention.field.map(|field| field.nrr))),
            ("Expansion to propose, estimate".into(), cases(totals.pipeline, Cell::Money)),
            ("Pipeline coverage".into(), pipeline_coverage(retention.pipeline_coverage, goal)),
        ]));
        blocks.push(Block::Remark(assumptions(context, briefing)));
    }
    blocks
}

/// The retention outlook against the medians of each segment.
pub(super) fn retention(context: &Context<'_>, briefing: &Briefing<'_>) -> Option<RetentionOutlook> {
    let industry = &context.models.industry;
    briefing.retention(|profile: Profile| {
        let norm = industry.retention_of(profile)?;
        Some(Retention { grr: norm.grr_median, nrr: norm.nrr_median })
    })
}

fn cases(outlook: Outlook, cell: impl Fn(f64) -> Cell) -> Line {
    line![cell(outlook.base), " (low ", cell(outlook.low), ", high ", cell(outlook.high), ")"]
}

/// The cases of a rate beside what the field has.
fn compared(outlook: Outlook, field: Option<f64>) -> Line {
    let mut line = cases(outlook, Cell::Share);
    if let Some(field) = field {
        line.push(", field median ");
        line.push(Cell::Share(field));
    }
    line
}

fn pipeline_coverage(coverage: Option<f64>, goal: f64) -> Line {
    let Some(coverage) = coverage else { return Line::from("unknown") };
    let tone = if coverage >= goal { Tone::Good } else { Tone::Caution };
    line![
        Cell::Share(coverage),
        " of the NRR target (the field median), goal ",
        Cell::Share(goal),
        ": ",
        Cell::toned(if coverage >= goal { "met" } else { "missed" }, tone),
    ]
}

fn assumptions(context: &Context<'_>, briefing: &Briefing<'_>) -> Line {
    let totals = briefing.findings.totals();
    let mut line = line!["Estimates. Accounts renew at the rates that churn.toml assumes for their tier ("];
    for (position, tier) in Tier::ALL.into_iter().enumerate() {
        let rate = context.models.churn.renewal_rates[tier.index()].base;
        let separator = if position == 0 { "" } else { ", " };
        line.push(format!("{separator}{} ", tier.name()));
        line.push(Cell::Share(rate));
    }
    line.push("), plays are won at the rates of expansion.toml: assumptions until you calibrate them. Field medians: ");
    line.push(context.models.industry.retention_source.clone());
    line.push(".");
    let left_out = totals.churn.not_scored;
    if left_out.accounts > 0 {
        line.push(" Left out, for their churn risk is not scored: ");
        line.0.extend(piece::counted(left_out.accounts, "account", "accounts").0);
        line.push(", ARR ");
        line.push(Cell::Money(left_out.arr));
        line.push(".");
    }
    if let Some(share) = totals.churn.no_renewal.share_of(&totals.churn.all).filter(|share| *share > 0.0) {
        line.push(" ");
        line.push(Cell::Share(share));
        line.push(" of the accounts have no renewal date.");
    }
    line
}

fn segments(context: &Context<'_>, briefing: &Briefing<'_>) -> Table<'static> {
    let models = context.models;
    let totals = briefing.findings.totals();
    let some_are_not = totals.health.not_scored.accounts > 0;
    let rows: Vec<Vec<Cell>> = (0..)
        .map(Profile)
        .zip(&totals.health_by_segment)
        .filter(|(_, health)| health.all.accounts > 0)
        .map(|(profile, health)| {
            let benchmark = models.industry.health_of(profile);
            let bands = health.bands.map(|band| Cell::Count(band.accounts));
            let compared = |value: Option<f64>, with: Option<f64>| match (value, with) {
                (Some(value), Some(with)) => {
                    let tone = if value >= with { Tone::Good } else { Tone::Caution };
                    Cell::toned(format!("{value:.1} / {}", short_number(with)), tone)
                }
                (value, _) => Cell::or_empty(value, Cell::Score),
            };
            let mut row = vec![
                Cell::from(models.segments.label(profile)),
                Cell::Count(health.all.accounts),
                Cell::Money(health.all.arr),
            ];
            row.extend(bands);
            row.extend(some_are_not.then_some(Cell::Count(health.not_scored.accounts)));
            row.push(compared(health.average(), benchmark.map(|benchmark| benchmark.target)));
            row.push(compared(health.median(), benchmark.map(|benchmark| benchmark.median)));
            row
        })
        .collect();
    let mut columns = vec![Column::text("Segment", 0), Column::figure("Accounts", 0), Column::figure("ARR", 0)];
    columns.extend(["Green", "Yellow", "Red"].map(|band| Column::figure(band, 1)));
    columns.extend(some_are_not.then(|| Column::figure("Not scored", 1)));
    columns.extend([Column::figure("Average / target", 2), Column::figure("Median / industry", 2)]);
    Table { columns, rows: Box::new(rows.into_iter()) }
}

/// The accounts that ask for attention, by attention and stake, each with the reason and the next step.
fn what_to_do_first(context: &Context<'_>, briefing: &Briefing<'_>, view: View) -> Vec<Block<'static>> {
    let models = context.models;
    let findings = &briefing.findings;
    let urgent = &findings.listed()[..briefing.urgent];
    let mut blocks = vec![Block::Heading("What to do first".into())];
    let mut position = 0;
    let items = piece::each(findings, view.of(urgent), |account, assessment| {
        position += 1;
        let mut heading = line![
            format!("{position}. {} ({})", account.name, account.id),
            " · attention ",
            piece::attention(assessment.attention()),
            " · ",
        ];
        match assessment.stake(account) {
            Some(stake) => heading.0.extend([Cell::Money(stake), " at stake of ".into()]),
            None => heading.push("stake unknown of "),
        }
        heading.0.extend([Cell::Money(account.arr), " · renewal ".into(), piece::renewal(account, context.as_of)]);
        if !account.owner.is_empty() {
            heading.push(format!(" · {}", account.owner));
        }
        let facts = vec![
            ("Why".to_owned(), Line::from(sentence::reason(models, account, assessment))),
            ("Next".to_owned(), Line::from(sentence::next_step(models, account, assessment))),
        ];
        [Block::Subheading(heading), Block::Facts(facts)]
    });
    blocks.extend(items.flatten());
    blocks.extend(view.remark(urgent, "accounts"));
    let calm = (findings.listed().len() - urgent.len() - briefing.unknown) as u64;
    if calm > 0 {
        let mut line = piece::counted(calm, "account asks", "accounts ask");
        line.push(" for nothing beyond the standard cadence.");
        blocks.push(Block::Remark(line));
    }
    if briefing.unknown > 0 {
        let mut line = piece::counted(briefing.unknown as u64, "account is", "accounts are");
        line.push(" not scored at all: get the missing figures first, `csm explain` names them.");
        blocks.push(Block::Remark(line));
    }
    blocks
}

fn renewals<'a>(context: Context<'a>, briefing: &'a Briefing<'a>, view: View) -> Vec<Block<'a>> {
    let (overdue, ahead): (Vec<UpcomingRenewal>, Vec<UpcomingRenewal>) =
        briefing.renewals.iter().partition(|renewal| renewal.decided < context.as_of);
    let declining: Vec<UpcomingRenewal> = ahead.iter().copied().filter(|renewal| renewal.declining).collect();
    let mut blocks = Vec::new();
    for (heading, renewals, always) in [
        (format!("Renewals decided within {RENEWAL_WINDOW_DAYS} days"), ahead, true),
        ("Of these, declining".to_owned(), declining, true),
        ("Past the end of the contract".to_owned(), overdue, false),
    ] {
        if !renewals.is_empty() {
            blocks.push(Block::Heading(heading));
            blocks.extend(renewal_table(context, briefing, renewals, view));
        } else if always {
            blocks.extend([Block::Heading(heading), Block::Text("None.".into())]);
        }
    }
    blocks
}

fn renewal_table<'a>(
    context: Context<'a>,
    briefing: &'a Briefing<'a>,
    renewals: Vec<UpcomingRenewal>,
    view: View,
) -> Vec<Block<'a>> {
    let columns = vec![
        Column::text("Decided", 0),
        Column::text("Contract end", 3),
        Column::text("Account", 0),
        Column::text("Owner", 4),
        Column::figure("ARR", 0),
        Column::text("Health", 1),
        Column::text("Trend", 2),
        Column::text("Churn risk", 1),
    ];
    let entries: Vec<Entry> = renewals.iter().map(|renewal| renewal.entry).collect();
    let remark = view.remark(&entries, "renewals");
    let shown = view.of(&entries).len();
    let mut account = briefing.findings.blank_account();
    let mut assessment = Assessment::default();
    let rows = renewals.into_iter().take(shown).map(move |renewal| {
        briefing.findings.read(renewal.entry, &mut account, &mut assessment);
        let past = renewal.decided < context.as_of;
        vec![
            if past { Cell::toned(renewal.decided.to_string(), Tone::Bad) } else { Cell::Date(renewal.decided) },
            piece::renewal(&account, context.as_of),
            Cell::from(account.name.clone()),
            Cell::from(account.owner.clone()),
            Cell::Money(account.arr),
            piece::band(assessment.health.band()),
            piece::trend(assessment.health.trend),
            piece::tier(assessment.churn.tier()),
        ]
    });
    let table = Block::Table(Table { columns, rows: Box::new(rows) });
    std::iter::once(table).chain(remark).collect()
}

fn proposals<'a>(context: Context<'a>, briefing: &'a Briefing<'a>, view: View) -> Vec<Block<'a>> {
    let findings = &briefing.findings;
    let models = context.models;
    let gate = &models.expansion.gate;
    let names = |names: Vec<&str>| names.join(" or ");
    let bands = names(gate.bands.iter().map(|band| band.name()).collect());
    let tiers = names(gate.tiers.iter().map(|tier| tier.name()).collect());
    let mut blocks = vec![
        Block::Heading("Expansion to propose now".into()),
        Block::Remark(
            format!("Accounts in {bands} health and at {tiers} churn risk. All revenue is an estimate, without double counting.").into(),
        ),
    ];
    if briefing.proposals.is_empty() {
        blocks.push(Block::Text("None.".into()));
    } else {
        let rows = piece::each(findings, view.of(&briefing.proposals), move |account, assessment| {
            let plays = &assessment.expansion.opportunities;
            let best = plays.iter().find(|play| play.counts);
            vec![
                Cell::from(account.name.clone()),
                Cell::Money(account.arr),
                Cell::Money(assessment.expansion.pipeline.base),
                Cell::or_empty(best, |play| Cell::from(expansion::named(&context, account, play))),
                coverage::data(assessment.churn.card.coverage.min(assessment.health.card.coverage)),
            ]
        });
        let columns = vec![
            Column::text("Account", 0),
            Column::figure("ARR", 2),
            Column::figure("Est. revenue", 0),
            Column::text("Start with", 0),
            Column::figure("Data", 1),
        ];
        blocks.push(Block::Table(Table { columns, rows: Box::new(rows) }));
        blocks.push(next_steps(&context, findings, view.of(&briefing.proposals)));
        blocks.extend(view.remark(&briefing.proposals, "accounts"));
    }
    if !briefing.earn_first.is_empty() {
        blocks.push(Block::Heading("Earn it first".into()));
        let rows = piece::each(findings, view.of(&briefing.earn_first), move |account, assessment| {
            vec![
                Cell::from(account.name.clone()),
                Cell::Money(account.arr),
                Cell::Money(assessment.expansion.pipeline.base),
                Cell::from(sentence::barrier(models, assessment)),
            ]
        });
        let columns = vec![
            Column::text("Account", 0),
            Column::figure("ARR", 1),
            Column::figure("Est. revenue", 0),
            Column::text("What stands in the way", 0),
        ];
        blocks.push(Block::Table(Table { columns, rows: Box::new(rows) }));
        blocks.extend(view.remark(&briefing.earn_first, "accounts"));
    }
    blocks
}

/// The next step of each play that an account starts with.
fn next_steps(context: &Context<'_>, findings: &Findings<'_>, proposals: &[Entry]) -> Block<'static> {
    let starts = piece::each(findings, proposals, |_, assessment| {
        assessment.expansion.opportunities.iter().find(|play| play.counts).map(|play| play.play)
    });
    let starts: BTreeSet<Play> = starts.flatten().collect();
    let steps = starts.into_iter().map(|play| {
        let wording = &context.models.wording.plays[play.index()];
        line![Cell::toned(wording.label.clone(), Tone::Strong), format!(": {}", wording.next)]
    });
    Block::List(steps.collect())
}

fn onboarding<'a>(context: Context<'a>, findings: &'a Findings<'a>, view: View) -> Vec<Block<'a>> {
    let totals = findings.totals();
    let mut blocks: Vec<Block<'a>> = Vec::new();
    let apart = findings.onboarding();
    if !apart.is_empty() {
        blocks.push(Block::Heading("Onboarding, not in the figures above".into()));
        let rows = piece::each(findings, view.of(apart), move |account, assessment| {
            let started = account.term.days_since_start(context.as_of);
            vec![
                Cell::from(account.name.clone()),
                Cell::from(account.owner.clone()),
                Cell::Money(account.arr),
                Cell::or_empty(started, |days| {
                    Cell::from(if days < 0 { format!("starts in {}", -days) } else { format!("day {days}") })
                }),
                piece::score(assessment.health.card.score()),
                Cell::or_empty(assessment.health.band(), |band| piece::band(Some(band))),
            ]
        });
        let columns = vec![
            Column::text("Account", 0),
            Column::text("Owner", 2),
            Column::figure("ARR", 1),
            Column::text("Since start", 0),
            Column::figure("Health", 0),
            Column::text("Band", 1),
        ];
        blocks.push(Block::Table(Table { columns, rows: Box::new(rows) }));
        blocks.extend(view.remark(apart, "accounts"));
    }
    blocks.extend(piece::lifecycles(totals.onboarding, totals.churned, true));
    blocks
}
