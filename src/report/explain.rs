//! Why one account scores as it does, for people.

use super::document::{Block, Cell, Document, Line, Tone, line};
use super::piece::{self, Good};
use super::{Context, churn, coverage, short_number};
use crate::account::Account;
use crate::analysis::{Assessment, Band, Explanation, Tier};
use crate::engine::Reach;

/// Every contribution to the health and the churn risk of one account, and what it would take to reach the next band.
pub fn explanation<'a>(
    context: Context<'a>,
    account: &Account,
    assessment: &Assessment,
    explanation: &Explanation,
) -> Document<'a> {
    let models = context.models;
    let (health, risk) = (&assessment.health, &assessment.churn);
    let mut blocks = vec![piece::card_heading(&context, account)];

    blocks.push(Block::Heading("Health".into()));
    let (model, card) = (&models.health.model, &health.card);
    if let Some(score) = card.score() {
        blocks.push(Block::Text(line![
            Cell::Score(score),
            " of 100, ",
            piece::band(health.band()),
            ", ",
            piece::trend(health.trend),
            ". ",
            bounds(&context, account),
        ]));
    }
    blocks.extend(coverage::of(model, card));
    blocks.extend(piece::groups(model, account, card, |band| piece::band_tone(Band::at(band)), Some(&health.trends)));
    blocks.push(piece::contributions(&context, model, account, card, explanation.health.as_ref(), Good::High));
    if card.grade.is_some() {
        blocks.push(Block::Text(next_band(&context, account, explanation)));
    }

    blocks.push(Block::Heading("Churn risk".into()));
    let (model, card) = (&models.churn.model, &risk.card);
    blocks.push(Block::Text(churn::urgency(&context, account, assessment)));
    blocks.extend(why_this_tier(&context, account, assessment).map(Block::Text));
    blocks.extend(coverage::of(model, card));
    blocks.extend(piece::groups(model, account, card, |band| piece::tier_tone(Tier::at(band)), None));
    blocks.push(piece::contributions(&context, model, account, card, explanation.churn.as_ref(), Good::Low));

    if let Some(warnings) = piece::warnings(&context, account, assessment) {
        blocks.push(Block::Heading("Warnings".into()));
        blocks.push(warnings);
    }
    if let Some(advice) = piece::advice(&context, account, assessment) {
        blocks.push(Block::Heading("Advice".into()));
        blocks.push(advice);
    }
    blocks.push(Block::Heading("What to do".into()));
    blocks.extend(piece::playbook(&context, assessment));
    Document {
        title: format!("Why {} scores as it does, as of {} · {}", account.name, context.as_of, context.source),
        masthead: context.masthead(&format!("Why {} scores as it does", account.name)),
        currency: context.currency(),
        blocks: Box::new(blocks.into_iter()),
    }
}

/// Where the bands of the account's segment begin.
fn bounds(context: &Context<'_>, account: &Account) -> String {
    let models = context.models;
    let plan = models.health.model.plan(account.profile);
    let bounds = Band::ALL.into_iter().zip(plan.bands().bounds()).filter(|(_, bound)| **bound > 0.0);
    let bounds: Vec<String> =
        bounds.map(|(band, bound)| format!("{} from {}", band.name(), short_number(*bound))).collect();
    format!("In {}: {}.", models.segments.name(account.profile), bounds.join(", "))
}

/// The fewest metrics that would lift the account into the next band.
fn next_band(context: &Context<'_>, account: &Account, explanation: &Explanation) -> Line {
    let Some((band, bound, reach)) = &explanation.next_band else {
        return Line::from("It is in the best band already.");
    };
    let models = context.models;
    let plan = models.health.model.plan(account.profile);
    let mut line = line!["To reach ", piece::band(Some(*band)), format!(" ({}): ", short_number(*bound))];
    match reach {
        Reach::Already => line.push("it is there already."),
        Reach::OutOfReach { score, exact } => {
            line.push(if *exact { "out of reach" } else { "no set of metrics was found that suffices" });
            line.push("; with every metric at its full score it would be ");
            line.push(Cell::Score(*score));
            line.push(".");
        }
        Reach::Moving { signals, score, exact } => {
            line.push(if *exact { "the fewest metrics that suffice: " } else { "at most these metrics are needed: " });
            for (position, signal) in signals.iter().enumerate() {
                if position > 0 {
                    line.push(if position + 1 == signals.len() { " and " } else { ", " });
                }
                let metric = models.schema.metric(models.health.model.signals()[*signal].slot);
                line.push(Cell::toned(metric.label.clone(), Tone::Strong));
                let full = plan.signals().nth(*signal).and_then(|signal| signal.scale.full_value());
                if let Some(full) = full {
                    line.push(format!(" (to {})", short_number(full)));
                }
            }
            line.push(if signals.len() == 1 { ", at its full score: " } else { ", each at its full score: " });
            line.push(Cell::Score(*score));
            line.push(".");
        }
    }
    line
}

/// Which bounds put the risk score into its tier, and what the tier would be without urgency; `None` where it is in none.
fn why_this_tier(context: &Context<'_>, account: &Account, assessment: &Assessment) -> Option<Line> {
    let plan = context.models.churn.model.plan(account.profile);
    let raw = assessment.churn.card.shown_raw()?;
    let bounds = Tier::ALL.into_iter().zip(plan.bands().bounds()).filter(|(_, bound)| **bound > 0.0);
    let bounds: Vec<String> =
        bounds.map(|(tier, bound)| format!("{} from {}", tier.name(), short_number(*bound))).collect();
    let mut line = line![format!("Tiers: {}.", bounds.join(", "))];
    let without = Some(Tier::at(plan.bands().of(raw)));
    if without != assessment.churn.tier() {
        line.push(" Without the urgency of the renewal it would be ");
        line.push(piece::tier(without));
        line.push(".");
    }
    Some(line)
}
