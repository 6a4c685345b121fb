//! Expansion for people. Every amount is called an estimate.

use super::Context;
use super::document::{Bar, Block, Cell, Column, Document, Line, Table, Tone, line};
use super::piece::{self, View};
use super::sentence::{self, Rationale};
use crate::account::Account;
use crate::analysis::{Assessment, Effort, ExpansionTotals, Findings, Opportunity, Play, Whitespace};

/// How many modules, departments and quick wins are shown.
const SHOWN: usize = 12;

/// The expansion of a portfolio and of its accounts. The findings must have expansion in scope.
pub fn expansion<'a>(context: Context<'a>, findings: &'a Findings<'a>, view: View) -> Document<'a> {
    let totals = findings.totals();
    let mut opening = vec![];
    if view.summary && totals.expansion.all.accounts > 0 {
        opening.push(Block::Text(potential(&totals.expansion)));
        opening.push(plays(&context, &totals.expansion));
        opening.extend(whitespace(&context, &totals.expansion));
        opening.extend(quick_wins(&context, findings));
    }
    opening.extend(piece::lifecycles(totals.onboarding, totals.churned, false));
    let shown = view.of(findings.listed());
    let body: Box<dyn Iterator<Item = Block<'a>> + 'a> = if shown.is_empty() {
        Box::new(std::iter::once(Block::Text(Line::from("No account to show."))))
    } else if view.cards {
        let cards = piece::each(findings, shown, move |account, assessment| card(&context, account, assessment));
        Box::new(cards.flatten())
    } else {
        Box::new([Block::Heading("Accounts".into()), Block::Table(accounts(context, findings, view))].into_iter())
    };
    Document {
        title: format!("Expansion as of {} · {} · all revenue is an estimate", context.as_of, context.source),
        currency: context.currency(),
        blocks: Box::new(opening.into_iter().chain(body).chain(view.remark(findings.listed(), "accounts"))),
    }
}

fn potential(totals: &ExpansionTotals) -> Line {
    let mut line = piece::counted(totals.all.accounts, "account", "accounts");
    line.push(", ARR ");
    line.push(Cell::Money(totals.all.arr));
    line.push(". ");
    line.0.extend(piece::counted(totals.total.plays, "play", "plays").0);
    line.push(", estimated revenue ");
    line.push(Cell::Money(totals.total.revenue));
    line.push(" a year if all were won; `csm report` says which to propose now.");
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
    Block::Bars(Play::ALL.into_iter().map(bar).collect())
}

/// Modules and departments × adopted, unused, absent; those with the most accounts still open first.
fn whitespace(context: &Context<'_>, totals: &ExpansionTotals) -> Vec<Block<'static>> {
    let models = context.models;
    let all = totals.all.accounts;
    let table = |title: &str, list: &[Whitespace], label: &dyn Fn(&str) -> String| {
        let mut list: Vec<&Whitespace> = list.iter().collect();
        list.sort_by_key(|item| std::cmp::Reverse(item.open));
        let rows: Vec<Vec<Cell>> = list
            .iter()
            .take(SHOWN)
            .map(|item| {
                let named = item.adopted + item.open;
                vec![
                    Cell::from(label(&item.name)),
                    Cell::Count(item.adopted),
                    Cell::Count(item.open),
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
        let more = list.len().saturating_sub(SHOWN);
        let remark = (more > 0).then(|| Block::Remark(format!("… and {more} more.").into()));
        std::iter::once(Block::Table(Table { columns, rows: Box::new(rows.into_iter()) })).chain(remark)
    };
    let mut blocks = vec![Block::Heading("Whitespace".into())];
    if !totals.modules.is_empty() {
        blocks.extend(table("Module", &totals.modules, &|name| models.wording.module_label(name).to_owned()));
    }
    if !totals.departments.is_empty() {
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
        let best = assessment.expansion.opportunities.iter().find(low)?;
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
        Block::Heading("Quick wins: the best play of low effort per account".into()),
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
    match sentence::target(&account.footprint, opportunity) {
        Some(target) => format!("{label}: {}", wording.module_label(target)),
        None => label.clone(),
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
        Column::text("Effort", 4),
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
            Cell::Share(expansion.adoption.seat_utilisation / 100.0),
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
            line![
                Cell::Number(footprint.active_seats),
                " of ",
                Cell::Number(footprint.licensed_seats),
                " in use, ",
                Cell::Share(adoption.seat_utilisation / 100.0),
            ],
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
    let modules = |label: &str, used: &dyn Fn(f64) -> bool| {
        let modules = footprint.modules.iter().filter(|module| module.adopted && used(module.usage_pct));
        let names: Vec<&str> = modules.map(|module| models.wording.module_label(module.name)).collect();
        (!names.is_empty()).then(|| (label.to_owned(), Line::from(names.join(", "))))
    };
    facts.extend(modules("Enable, do not sell", &|usage| usage < models.expansion.enablement_below));
    facts.extend(modules("Ready for more", &|usage| usage >= models.expansion.ready_from));
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
            Rationale { models, footprint, opportunity: *play }.to_string(),
            Cell::toned(format!(" Next: {}", models.wording.plays[play.play.index()].next), Tone::Muted),
        ]
    });
    blocks.push(Block::List(reasons.collect()));
    blocks
}
