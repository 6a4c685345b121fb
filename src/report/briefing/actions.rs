//! What to do first, and where not to trust a green score.

use crate::account::Profile;
use crate::analysis::{Assessment, Briefing, FalseGreen, Totals};
use crate::report::document::{Block, Card, Cell, Column, Line, Table, Tone, line};
use crate::report::piece::{self, View};
use crate::report::{Context, sentence};

/// The accounts that ask for attention, by attention and stake, each with the reason and the next step.
pub(super) fn what_to_do_first(context: &Context<'_>, briefing: &Briefing<'_>, view: View) -> Vec<Block<'static>> {
    let models = context.models;
    let findings = &briefing.findings;
    let urgent = &findings.listed()[..briefing.urgent];
    let mut blocks = vec![Block::Heading("What to do first".into())];
    let mut position = 0;
    let items = piece::each(findings, view.of(urgent), |account, assessment| {
        position += 1;
        let attention = piece::attention(assessment.attention());
        let tone = attention.tone();
        let mut about = line!["attention ", attention, " · "];
        match assessment.stake(account) {
            Some(stake) => about.0.extend([Cell::Money(stake), " at stake of ".into()]),
            None => about.push("stake unknown of "),
        }
        about.0.extend([Cell::Money(account.arr), " · renewal ".into(), piece::renewal(account, context.as_of)]);
        if !account.owner.is_empty() {
            about.push(format!(" · {}", account.owner));
        }
        let mut facts = vec![("Why".to_owned(), Line::from(sentence::reason(models, account, assessment)))];
        if let Some(step) = sentence::next_step(models, account, assessment, context.as_of) {
            let who = piece::who_by_when(&step);
            facts.extend([("Next".to_owned(), Line::from(step.action)), ("Who".to_owned(), who)]);
        }
        let situation = findings.assessor().situation(account, assessment);
        if let Some(wording) = sentence::escalations(models, &situation).next() {
            let call = format!("{}, within {} ({})", wording.level, wording.within, wording.label);
            facts.push(("Escalate".to_owned(), Line::from(call)));
        }
        Block::Card(Card { title: format!("{position}. {} ({})", account.name, account.id), about, tone, facts })
    });
    blocks.extend(items);
    blocks.extend(view.remark(urgent, "accounts"));
    let calm = (findings.listed().len() - urgent.len() - briefing.unknown) as u64;
    if calm > 0 {
        let mut line = piece::counted(calm, "account asks", "accounts ask");
        line.push(" for nothing beyond the standard cadence.");
        blocks.push(Block::Remark(line));
        blocks.extend(cadence(context, findings.totals()));
    }
    if briefing.unknown > 0 {
        let mut line = piece::counted(briefing.unknown as u64, "account is", "accounts are");
        line.push(" not scored at all: get the missing figures first, csm explain names them.");
        blocks.push(Block::Remark(line));
    }
    blocks
}

/// The standard cadence of the segments that have accounts; nothing where the model names none.
fn cadence(context: &Context<'_>, totals: &Totals) -> Option<Block<'static>> {
    let models = context.models;
    let segments = (0..).map(Profile).zip(&totals.health_by_segment).filter(|(_, health)| health.all.accounts > 0);
    let lines: Vec<Line> = segments
        .filter_map(|(profile, _)| {
            let cadence = models.wording.engagement.cadence_of(profile)?;
            let label = models.segments.label(profile);
            let meetings = format!(
                ": check-in {}, business review {}, executive review {}, success plan {}",
                cadence.check_in, cadence.business_review, cadence.executive_review, cadence.success_plan,
            );
            Some(line![Cell::toned(label, Tone::Strong), meetings])
        })
        .collect();
    (!lines.is_empty()).then_some(Block::List(lines))
}

/// Green accounts that may be worse than they look, each with what speaks against its score.
pub(super) fn false_greens<'a>(context: Context<'a>, briefing: &'a Briefing<'a>, view: View) -> Vec<Block<'a>> {
    let mut blocks = vec![Block::Heading("Green, but look again".into())];
    if briefing.false_greens.is_empty() {
        blocks.push(Block::Text(
            "None: no green account has a declining dimension, a critical warning or few figures.".into(),
        ));
        return blocks;
    }
    let found = &briefing.false_greens;
    let mut account = briefing.findings.blank_account();
    let mut assessment = Assessment::default();
    let rows = view.of(found).iter().map(move |found: &FalseGreen| {
        briefing.findings.read(found.entry, &mut account, &mut assessment);
        vec![
            Cell::from(account.name.clone()),
            Cell::from(account.owner.clone()),
            Cell::Money(account.arr),
            piece::score(assessment.health.card.score()),
            piece::tier(assessment.churn.tier()),
            Cell::from(sentence::false_green(context.models, &account, &assessment, *found)),
        ]
    });
    let columns = vec![
        Column::text("Account", 0),
        Column::text("Owner", 3),
        Column::figure("ARR", 1),
        Column::figure("Health", 0),
        Column::text("Churn risk", 2),
        Column::text("What speaks against it", 0),
    ];
    blocks.push(Block::Table(Table { columns, rows: Box::new(rows) }));
    blocks.extend(view.remark(found, "accounts"));
    blocks
}
