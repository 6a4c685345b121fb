//! The renewals ahead, and those overdue.

use std::collections::BTreeSet;

use crate::analysis::{Assessment, Briefing, RENEWAL_WINDOW_DAYS, RenewalStage, UpcomingRenewal};
use crate::report::Context;
use crate::report::document::{Block, Cell, Column, Table, Tone, line};
use crate::report::piece::{self, View};

pub(super) fn renewals<'a>(context: Context<'a>, briefing: &'a Briefing<'a>, view: View) -> Vec<Block<'a>> {
    let (overdue, ahead): (Vec<UpcomingRenewal>, Vec<UpcomingRenewal>) =
        briefing.renewals.iter().partition(|renewal| renewal.decided < context.as_of);
    let steps = steps_due(context, briefing, &ahead, view);
    let declining: Vec<UpcomingRenewal> = ahead.iter().copied().filter(|renewal| renewal.declining).collect();
    let mut blocks = vec![Block::Heading("Renewals ahead".into())];
    blocks.push(Block::Table(windows(briefing)));
    for (heading, renewals, always) in [
        (format!("Decided within {RENEWAL_WINDOW_DAYS} days"), ahead, true),
        ("Of these, declining".to_owned(), declining, true),
        ("Past the end of the contract".to_owned(), overdue, false),
    ] {
        if !renewals.is_empty() {
            blocks.push(Block::Subheading(heading.into()));
            blocks.extend(renewal_table(context, briefing, renewals, view));
        } else if always {
            blocks.extend([Block::Subheading(heading.into()), Block::Text("None.".into())]);
        }
    }
    blocks.extend(steps);
    blocks
}

/// The stage in which each renewal ahead is, the renewal that is decided first at the top, and the steps of these stages.
fn steps_due<'a>(
    context: Context<'a>,
    briefing: &'a Briefing<'a>,
    ahead: &[UpcomingRenewal],
    view: View,
) -> Vec<Block<'a>> {
    let engagement = &context.models.engagement;
    let staged =
        ahead.iter().filter_map(|renewal| Some((*renewal, engagement.current_stage(renewal.decided, context.as_of)?)));
    let staged: Vec<(UpcomingRenewal, RenewalStage)> = staged.collect();
    if staged.is_empty() {
        return Vec::new();
    }
    let remark = view.remark(&staged, "renewals");
    let shown = view.of(&staged).len();
    let reached: BTreeSet<usize> = staged[..shown].iter().map(|(_, stage)| stage.stage).collect();
    let name = |stage: usize| format!("{} days before", engagement.renewal[stage]);
    let steps = reached.into_iter().map(|stage| {
        let steps = context.models.wording.engagement.steps_of(stage).iter();
        let steps: Vec<String> = steps.map(|step| format!("{}: {}.", step.owner, step.action)).collect();
        line![Cell::toned(name(stage), Tone::Strong), format!(" – {}", steps.join(" "))]
    });
    let steps = Block::List(steps.collect());
    let mut account = briefing.findings.blank_account();
    let rows = staged.into_iter().take(shown).map(move |(renewal, stage)| {
        briefing.findings.account(renewal.entry, &mut account);
        vec![
            Cell::from(account.name.clone()),
            Cell::from(account.owner.clone()),
            Cell::Money(account.arr),
            Cell::Date(stage.due),
            Cell::from(name(stage.stage)),
        ]
    });
    let columns = vec![
        Column::text("Account", 0),
        Column::text("Owner", 1),
        Column::figure("ARR", 2),
        Column::text("Due since", 0),
        Column::text("Stage", 0),
    ];
    let table = Block::Table(Table { columns, rows: Box::new(rows) });
    let heading = Block::Subheading("Renewal work that is due".into());
    [heading, table].into_iter().chain(remark).chain([steps]).collect()
}

/// Renewals and their ARR by the days within which they are decided.
fn windows(briefing: &Briefing<'_>) -> Table<'static> {
    let rows: Vec<Vec<Cell>> = briefing
        .windows
        .iter()
        .map(|window| {
            vec![
                Cell::from(format!("within {} days", window.days)),
                Cell::Count(window.renewals.accounts),
                Cell::Money(window.renewals.arr),
                Cell::Count(window.at_risk.accounts),
                Cell::Money(window.at_risk.arr),
            ]
        })
        .collect();
    let columns = vec![
        Column::text("Decided", 0),
        Column::figure("Renewals", 0),
        Column::figure("ARR", 0),
        Column::figure("At risk", 0),
        Column::figure("ARR at risk", 0),
    ];
    Table::of(columns, rows)
}

fn renewal_table<'a>(
    context: Context<'a>,
    briefing: &'a Briefing<'a>,
    renewals: Vec<UpcomingRenewal>,
    view: View,
) -> Vec<Block<'a>> {
    let columns = vec![
        Column::text("Decided", 0),
        Column::text("Contract end", 4),
        Column::text("Account", 0),
        Column::text("Owner", 5),
        Column::figure("ARR", 0),
        Column::text("Health", 2),
        Column::text("Trend", 3),
        Column::text("Churn risk", 1),
    ];
    let remark = view.remark(&renewals, "renewals");
    let shown = view.of(&renewals).len();
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
