//! The three analyses joined, a row per account; and the renewals that are decided soon.

use chrono::NaiveDate;

use super::super::document::{Cell, Tone};
use super::super::{Context, expansion as plays, sentence};
use super::field::{
    Field, Item, band, coverage, days_overdue, days_to_renewal, field, group_scores, identity, lifecycle, risk, score,
    sheet_of_accounts, text, tier, urgency,
};
use super::{ATTENTIONS, Kind, Sheet, TRENDS, first, flag};
use crate::account::{Account, Entry, Lifecycle};
use crate::analysis::{Briefing, Doubts};

/// What the gate says of an account's plays.
const GATE: Kind = Kind::Word(&[("propose", Tone::Good), ("earn_first", Tone::Caution), ("none", Tone::Muted)]);

/// Every account with all three analyses, in the order of what to do first; onboarding accounts close the list.
pub fn accounts<'a>(context: Context<'a>, briefing: &'a Briefing<'a>, top: Option<usize>) -> Sheet<'a> {
    let findings = &briefing.findings;
    let mut fields = identity(context);
    fields.push(lifecycle());
    fields.extend([attention(), stake(), score(), band(), trend()]);
    fields.push(field(
        "attention_trend",
        "Trend for attention",
        TRENDS,
        "The trend that attention goes by: that of the dimensions where the last overall score is absent.",
        |item| Cell::from(item.assessment.health.attention_trend.name()),
    ));
    fields.extend(group_scores(
        &context.models.health.model,
        "dimensions",
        |assessment| &assessment.health.card,
        "Health",
    ));
    fields.push(coverage("health_coverage", "Health data", |assessment| &assessment.health.card));
    fields.extend([risk(), tier()]);
    fields.push(coverage("churn_coverage", "Churn data", |assessment| &assessment.churn.card));
    fields.extend(contract(context));
    fields.extend(growth(context));
    fields.extend(judgement(context));
    let mut entries: Vec<Entry> = first(findings.listed(), top).to_vec();
    entries.extend(first(findings.onboarding(), top));
    sheet_of_accounts("Accounts", findings, entries, fields)
}

/// Onboarding accounts are shown and not judged.
fn judged<'i>(item: &'i Item<'_, ()>) -> Option<&'i Item<'i, ()>> {
    (item.account.lifecycle != Lifecycle::Onboarding).then_some(item)
}

/// How soon somebody must look.
fn attention<'a>() -> Field<'a, ()> {
    let note = "How soon somebody must look: critical today, high this week, medium at the next touch; empty while onboarding.";
    field("attention", "Attention", ATTENTIONS, note, |item| {
        Cell::or_empty(judged(item), |item| Cell::from(item.assessment.attention().name()))
    })
}

/// Why the account stands where it stands, and what is next.
fn judgement(context: Context<'_>) -> Vec<Field<'_, ()>> {
    let models = context.models;
    let mut fields = vec![
        field("reason", "Why", Kind::Prose, "Why the account stands where it stands.", move |item| {
            Cell::or_empty(judged(item), |item| sentence::reason(models, item.account, item.assessment).into())
        }),
        field(
            "doubts",
            "Doubts about green",
            Kind::Prose,
            "What speaks against a green score, if anything does.",
            move |item| {
                let doubts = judged(item).and_then(|item| Doubts::of(item.assessment));
                Cell::or_empty(doubts, |doubts| sentence::doubts(models, item.account, item.assessment, doubts).into())
            },
        ),
    ];
    fields.extend(next_step(context));
    fields
}

fn stake<'a>() -> Field<'a, ()> {
    field("stake", "At stake", Kind::Money, "ARR × churn risk ÷ 100; empty where churn risk is not scored.", |item| {
        let stake = judged(item).and_then(|item| item.assessment.stake(item.account));
        Cell::or_empty(stake, Cell::Money)
    })
}

/// What is next, who does it, and until when.
fn next_step(context: Context<'_>) -> [Field<'_, ()>; 3] {
    let step = move |item: &Item<'_, ()>| {
        judged(item).and_then(|item| sentence::next_step(context.models, item.account, item.assessment, context.as_of))
    };
    [
        field("next_step", "Next step", Kind::Prose, "What to do next.", move |item| {
            Cell::or_empty(step(item), |step| Cell::from(step.to_string()))
        }),
        field("next_step_owner", "Next step, who", Kind::Text, "Who does it.", move |item| {
            Cell::or_empty(step(item), |step| text(&step.owner))
        }),
        field(
            "next_step_due",
            "Next step, due",
            Kind::Date,
            "Until when, where the time for it is known.",
            move |item| Cell::or_empty(step(item).and_then(|step| step.due), Cell::Date),
        ),
    ]
}

fn trend<'a>() -> Field<'a, ()> {
    field("trend", "Trend", TRENDS, "Where the health score is going against the last period.", |item| {
        Cell::from(item.assessment.health.trend.name())
    })
}

fn date<'a>(
    key: &'static str,
    title: &'static str,
    note: &'static str,
    day: impl Fn(&Account) -> Option<NaiveDate> + 'a,
) -> Field<'a, ()> {
    field(key, title, Kind::Date, note, move |item| Cell::or_empty(day(item.account), Cell::Date))
}

fn contract_end<'a>() -> Field<'a, ()> {
    date("contract_end_date", "Contract end", "The day the contract ends.", |account| account.term.end)
}

fn auto_renew<'a>() -> Field<'a, ()> {
    field("auto_renew", "Renews by itself", Kind::Flag, "Whether the contract renews by itself.", |item| {
        Cell::or_empty(item.account.term.auto_renew, flag)
    })
}

/// The dates of the contract and how near the renewal is.
fn contract(context: Context<'_>) -> Vec<Field<'_, ()>> {
    vec![
        date("contract_start_date", "Contract start", "The day the contract began.", |account| account.term.start),
        contract_end(),
        date("notice_date", "Notice date", "The last day to give notice.", |account| account.term.notice),
        auto_renew(),
        date(
            "decided",
            "Renewal decided",
            "The day on which the open renewal is decided: the notice date, else the end; the end once that is past.",
            move |account| account.term.pending(context.as_of),
        ),
        days_to_renewal(),
        days_overdue(),
        urgency(),
    ]
}

/// The plays that are open, and whether to propose them.
fn growth(context: Context<'_>) -> Vec<Field<'_, ()>> {
    let gate = &context.models.expansion.gate;
    vec![
        field("opportunity_count", "Plays", Kind::Count, "Expansion plays that are open.", |item| {
            Cell::Count(item.assessment.expansion.opportunities.len() as u64)
        }),
        field(
            "total_estimated_revenue",
            "Est. revenue, all plays",
            Kind::Money,
            "Estimate: the revenue a year if all plays were won, overlaps counted twice.",
            |item| Cell::Money(item.assessment.expansion.total),
        ),
        field(
            "estimated_pipeline.base",
            "Est. pipeline",
            Kind::Money,
            "Estimate: the revenue a year of the plays without double counting, before win rates.",
            |item| Cell::Money(item.assessment.expansion.pipeline.base),
        ),
        field(
            "expansion",
            "Expansion",
            GATE,
            "Whether to propose the plays now, or to earn it first; none where no play is open, empty while onboarding.",
            move |item| Cell::or_empty(judged(item), |item| Cell::from(item.assessment.proposal(gate).name())),
        ),
        field(
            "start_with",
            "Start with",
            Kind::Text,
            "The play of the highest priority that counts in the pipeline.",
            move |item| {
                let best = item.assessment.expansion.opportunities.iter().find(|play| play.counts);
                Cell::or_empty(best, |play| plays::named(&context, item.account, play).into())
            },
        ),
    ]
}

/// The renewals of a briefing, in its order: overdue ones, and those that are decided soon.
pub fn renewals<'a>(context: Context<'a>, briefing: &'a Briefing<'a>, top: Option<usize>) -> Sheet<'a> {
    let mut fields = identity(context);
    fields.extend([
        date(
            "decided",
            "Decided",
            "The day on which the renewal is decided: the notice date, else the end; the end once that is past.",
            move |account| account.term.pending(context.as_of),
        ),
        contract_end(),
        days_overdue(),
        auto_renew(),
        score(),
        band(),
        trend(),
        risk(),
        tier(),
        stake(),
    ]);
    fields.extend(next_step(context));
    let entries: Vec<Entry> = briefing.renewals.iter().map(|renewal| renewal.entry).collect();
    sheet_of_accounts("Renewals", &briefing.findings, first(&entries, top).to_vec(), fields)
}
