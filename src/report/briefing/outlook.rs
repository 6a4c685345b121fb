//! The outlook for twelve months, and what it assumes.

use crate::account::Profile;
use crate::analysis::{Briefing, Outlook, Retention, RetentionOutlook, Tier};
use crate::report::document::{Block, Cell, Line, Tone, line};
use crate::report::{Context, piece};

/// Retention and expansion over twelve months in three cases, each with what it assumes; nothing without any ARR that is scored.
pub(super) fn outlook(context: &Context<'_>, briefing: &Briefing<'_>) -> Vec<Block<'static>> {
    let Some(retention) = retention(context, briefing) else { return Vec::new() };
    let goal = context.models.expansion.coverage_goal;
    let pipeline = briefing.findings.totals().pipeline;
    vec![
        Block::Subheading("Outlook for twelve months".into()),
        Block::Facts(vec![
            ("Gross retention (GRR)".into(), compared(retention.grr, retention.field.map(|field| field.grr))),
            ("Net retention (NRR)".into(), compared(retention.nrr, retention.field.map(|field| field.nrr))),
            ("Expansion to propose, estimate".into(), cases(pipeline, Cell::Money)),
            ("Pipeline coverage".into(), pipeline_coverage(retention.pipeline_coverage, goal)),
        ]),
        Block::Remark(assumptions(context, briefing)),
    ]
}

/// The retention outlook against the medians of each segment.
pub(in crate::report) fn retention(context: &Context<'_>, briefing: &Briefing<'_>) -> Option<RetentionOutlook> {
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
