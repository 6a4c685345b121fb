//! Expansion for people. Every amount is called an estimate.

use super::Context;
use super::document::{Bar, Bars, Block, Cell, Column, Document, Line, Table, Tone, line};
use super::piece::{self, View};
use super::sentence::{self, Rationale, Say as _};
use crate::account::Account;
use crate::analysis::{
    Assessment, Effort, ExpansionTotals, Findings, Opportunity, Play, Target, Uptake, Whitespace, WhitespaceTotals,
};

/// How many modules, departments and quick wins are shown.
const SHOWN: usize = 12;

/// The expansion of a portfolio and of its accounts. The findings must have expansion in scope.
pub fn expansion<'a>(context: Context<'a>, findings: &'a Findings<'a>, view: View) -> Document<'a> {
    let totals = findings.totals();
    let mut opening = vec![];
    if view.summary && totals.expansion.all.accounts > 0 {
        opening.push(Block::Text(potential(&totals.expansion)));
        let unknown = totals.expansion.unknown_plan;
        if unknown > 0 {
            let mut line = piece::counted(unknown, "account is", "accounts are");
            line.push(" on a plan that expansion.toml does not list, which counts as the cheapest.");
            opening.push(Block::Remark(line));
        }
        opening.extend(piece::lifecycles(totals.onboarding, totals.churned, false));
        opening.push(plays(&context, &totals.expansion));
        opening.extend(whitespace(&context, &totals.expansion, view));
        opening.extend(quick_wins(&context, findings));
    }
    piece::frame(
        &context,
        findings,
        view,
        ("Expansion", " · all revenue is an estimate"),
        opening,
        move |account, assessment| card(&context, account, assessment),
        || accounts(context, findings, view),
    )
}

fn potential(totals: &ExpansionTotals) -> Line {
    let mut line = piece::counted(totals.all.accounts, "account", "accounts");
    line.push(", ARR ");
    line.push(Cell::Money(totals.all.arr));
    line.push(". ");
    line.0.extend(piece::counted(totals.total.plays, "play", "plays").0);
    line.push(", estimated revenue ");
    line.push(Cell::Money(totals.total.revenue));
    line.push(" a year if all were won; csm report says which to propose now.");
    line
}

/// Plays and their estimated revenue, by kind.
fn plays(context: &Context<'_>, totals: &ExpansionTotals) -> Block<'static> {
    let bar = |play: Play| {
        let tally = totals.play(play);
        let share = if totals.total.revenue > 0.0 { tally.revenue / totals.total.revenue } else { 0.0 };
        Bar {
            label: Cell::from(context.models.wording.plays[play.index()].label.clone()),
            share,
            tone: Tone::Plain,
            figures: vec![Cell::Count(tally.plays), Cell::Money(tally.revenue), Cell::Share(share)],
        }
    };
    let columns = vec![
        Column::text("Play", 0),
        Column::figure("Plays", 0),
        Column::figure("Est. revenue", 0),
        Column::figure("Share", 0),
    ];
    Block::Bars(Bars { columns, bars: Play::ALL.into_iter().map(bar).collect() })
}

/// Modules and departments × adopted, unused, absent; those with the most accounts still open first.
fn whitespace(context: &Context<'_>, totals: &ExpansionTotals, view: View) -> Vec<Block<'static>> {
    let models = context.models;
    let all = totals.all.accounts;
    let table = |title: &str, totals: &WhitespaceTotals, label: &dyn Fn(&str) -> String| {
        let mut list: Vec<&Whitespace> = totals.list().iter().collect();
        list.sort_by_key(|item| std::cmp::Reverse(item.unused));
        let shown = if view.top.is_none() { list.len() } else { SHOWN.min(list.len()) };
        let rows: Vec<Vec<Cell>> = list[..shown]
            .iter()
            .map(|item| {
                let named = item.adopted + item.unused;
                vec![
                    Cell::from(label(&item.name)),
                    Cell::Count(item.adopted),
                    Cell::Count(item.unused),
                    Cell::Count(all.saturating_sub(named)),
                    Cell::Bar(item.adopted as f64 / named.max(1) as f64, Tone::Plain),
                ]
            })
            .collect();
        let columns = vec![
            Column::text(title, 0),
            Column::figure("Adopted", 0),
            Column::figure("Unused", 0),
            Column::figure("Absent", 0),
            Column::text("Adopted where named", 1),
        ];
        let more = list.len() - shown;
        let more = (more > 0).then(|| Block::Remark(format!("… and {more} more; --top all shows all.").into()));
        let left_out = (totals.left_out() > 0).then(|| {
            let followed = WhitespaceTotals::FOLLOWED;
            Block::Remark(
                format!("Only the first {followed} names are followed; others stand {} times.", totals.left_out())
                    .into(),
            )
        });
        std::iter::once(Block::Table(Table::of(columns, rows))).chain(more).chain(left_out)
    };
    let mut blocks = vec![Block::Heading("Whitespace, in accounts".into())];
    if !totals.modules.list().is_empty() {
        blocks.extend(table("Module", &totals.modules, &|name| models.wording.module_label(name).to_owned()));
    }
    if !totals.departments.list().is_empty() {
        blocks.extend(table("Department", &totals.departments, &str::to_owned));
    }
    if blocks.len() == 1 { Vec::new() } else { blocks }
}

/// Low effort, highest priority first.
fn quick_wins(context: &Context<'_>, findings: &Findings<'_>) -> Vec<Block<'static>> {
    let models = context.models;
    let mut wins: Vec<(f64, Vec<Cell>)> = Vec::new();
    for win in piece::each(findings, findings.listed(), |account, assessment| {
        let low = |play: &&Opportunity| models.expansion.terms[play.play.index()].effort == Effort::Low;
        let best = assessment.expansion.opportunities.iter().filter(|play| play.counts).find(low)?;
        Some((best.priority, quick_win(context, account, best)))
    }) {
        wins.extend(win);
        if wins.len() > 64 * SHOWN {
            wins.sort_by(|a, b| b.0.total_cmp(&a.0));
            wins.truncate(SHOWN);
        }
    }
    wins.sort_by(|a, b| b.0.total_cmp(&a.0));
    wins.truncate(SHOWN);
    if wins.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        Column::text("Account", 0),
        Column::text("Play", 0),
        Column::figure("Est. revenue", 0),
        Column::figure("Priority", 1),
    ];
    let rows = wins.into_iter().map(|(_, row)| row);
    vec![
        Block::Heading("Quick wins: low effort, the highest priority first, one per account".into()),
        Block::Table(Table { columns, rows: Box::new(rows) }),
    ]
}

fn quick_win(context: &Context<'_>, account: &Account, play: &Opportunity) -> Vec<Cell> {
    vec![
        Cell::from(account.name.clone()),
        Cell::from(named(context, account, play)),
        Cell::Money(play.revenue),
        Cell::Score(play.priority),
    ]
}

/// A play with what it is about.
pub(super) fn named(context: &Context<'_>, account: &Account, opportunity: &Opportunity) -> String {
    let wording = &context.models.wording;
    let label = &wording.plays[opportunity.play.index()].label;
    match (sentence::target(&account.footprint, opportunity), opportunity.target) {
        (Some(module), Target::Module(_)) => format!("{label}: {}", wording.module_label(module)),
        (Some(target), _) => format!("{label}: {target}"),
        (None, _) => label.clone(),
    }
}

fn accounts<'a>(context: Context<'a>, findings: &'a Findings<'a>, view: View) -> Table<'a> {
    let models = context.models;
    let columns = vec![
        Column::text("Account", 0),
        Column::text("Id", 2),
        Column::text("Segment", 6),
        Column::figure("ARR", 1),
        Column::figure("Seats used", 7),
        Column::figure("Modules", 8),
        Column::figure("Plays", 5),
        Column::figure("Est. revenue", 0),
        Column::text("Best play", 3),
        Column::words("Effort", 4, Effort::ALL.map(|effort| effort.name().to_owned())),
        Column::figure("Priority", 4),
    ];
    let rows = piece::each(findings, view.of(findings.listed()), move |account, assessment| {
        let expansion = &assessment.expansion;
        let best = expansion.opportunities.first();
        vec![
            Cell::from(account.name.clone()),
            Cell::from(account.id.clone()),
            Cell::from(sentence::segment(models, account).into_owned()),
            Cell::Money(account.arr),
            if account.footprint.licensed_seats > 0.0 {
                Cell::Share(expansion.adoption.seat_utilisation / 100.0)
            } else {
                Cell::toned("unknown", Tone::Muted)
            },
            Cell::from(format!("{}/{}", expansion.adoption.adopted, expansion.adoption.modules)),
            Cell::Count(expansion.opportunities.len() as u64),
            Cell::Money(expansion.total),
            Cell::or_empty(best, |play| Cell::from(named(&context, account, play))),
            Cell::or_empty(best, |play| Cell::from(models.expansion.terms[play.play.index()].effort.name())),
            Cell::or_empty(best, |play| Cell::Score(play.priority)),
        ]
    });
    Table { columns, rows: Box::new(rows) }
}

/// All about one account's expansion.
fn card(context: &Context<'_>, account: &Account, assessment: &Assessment) -> Vec<Block<'static>> {
    let models = context.models;
    let expansion = &assessment.expansion;
    let adoption = &expansion.adoption;
    let footprint = &account.footprint;
    let plan = if footprint.plan_tier.is_empty() { "unknown" } else { footprint.plan_tier.as_str() };
    let mut facts = vec![
        ("Plan".to_owned(), Line::from(plan)),
        (
            "Seats".to_owned(),
            if footprint.licensed_seats > 0.0 {
                line![
                    Cell::Number(footprint.active_seats),
                    " of ",
                    Cell::Number(footprint.licensed_seats),
                    " in use, ",
                    Cell::Share(adoption.seat_utilisation / 100.0),
                ]
            } else {
                Line::from("unknown")
            },
        ),
        (
            "Modules".to_owned(),
            line![
                format!("{} of {} adopted, used ", adoption.adopted, adoption.modules),
                Cell::Share(adoption.average_usage / 100.0),
                " on average",
            ],
        ),
        (
            "Departments".to_owned(),
            Line::from(format!("{} in use, {} possible", adoption.departments_current, adoption.departments_potential)),
        ),
    ];
    for (label, wanted) in [("Enable, do not sell", Uptake::Enable), ("Ready for more", Uptake::Ready)] {
        let modules = footprint.modules.iter().filter(|module| models.expansion.uptake(module) == wanted);
        let names: Vec<&str> = modules.map(|module| models.wording.module_label(module.name)).collect();
        if !names.is_empty() {
            facts.push((label.to_owned(), Line::from(names.join(", "))));
        }
    }
    let mut blocks = vec![piece::card_heading(context, account), Block::Facts(facts)];
    if expansion.opportunities.is_empty() {
        blocks.push(Block::Text("No play is open.".into()));
        return blocks;
    }
    let rows = expansion.opportunities.iter().map(|play| {
        let terms = &models.expansion.terms[play.play.index()];
        vec![
            Cell::from(named(context, account, play)),
            Cell::Money(play.revenue),
            Cell::from(terms.effort.name()),
            Cell::Score(play.priority),
            if play.counts { Cell::Empty } else { Cell::toned("overlaps", Tone::Muted) },
        ]
    });
    let columns = vec![
        Column::text("Play", 0),
        Column::figure("Est. revenue", 0),
        Column::text("Effort", 1),
        Column::figure("Priority", 1),
        Column::text("", 2),
    ];
    blocks.push(Block::Table(Table { columns, rows: Box::new(rows.collect::<Vec<_>>().into_iter()) }));
    let pipeline = expansion.pipeline;
    blocks.push(Block::Text(line![
        "Estimate without double counting: ",
        Cell::Money(pipeline.base),
        " (low ",
        Cell::Money(pipeline.low),
        ", high ",
        Cell::Money(pipeline.high),
        ").",
    ]));
    let reasons = expansion.opportunities.iter().map(|play| {
        line![
            Rationale { models, footprint, opportunity: *play }.said(),
            Cell::toned(format!(" Next: {}", models.wording.plays[play.play.index()].next), Tone::Muted),
        ]
    });
    blocks.push(Block::List(reasons.collect()));
    blocks
}
