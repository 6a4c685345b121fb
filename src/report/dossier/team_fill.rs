//! From an account and its assessment to what is the team's alone.

use chrono::NaiveDate;

use super::customer_fill::{change, last_score, metric, trend_word};
use super::shape::Day;
use super::{
    AvoidFacts, ChangeFacts, ChurnFacts, DriverFacts, EscalationFacts, GapFacts, LossFacts, ObjectionFacts, PlayFacts,
    PlaybookFacts, RenewalStageFacts, RenewalStepFacts, StanceFacts, StepFacts, TeamFacts, WarningFacts,
};
use crate::account::{Account, Review};
use crate::analysis::{Assessment, Assessor, Attention, Explanation, Model, Progress, Reviews};
use crate::config::{EscalationWording, RenewalStep, Step};
use crate::engine::{Fired, Hundredths, Presence, Scorecard, round1};
use crate::report::preparation::{Preparation, need_label};
use crate::report::record::severity;
use crate::report::sentence::{self, Rationale, Say as _, ValueText};
use crate::report::{Context, expansion, short_number};

/// Losses and drivers that are worth a line each.
const LISTED: usize = 6;

pub(super) fn facts(
    context: &Context<'_>,
    account: &Account,
    assessment: &Assessment,
    assessor: &Assessor<'_>,
) -> TeamFacts {
    let explanation = &assessor.explain(account, assessment);
    let situation = assessor.situation(account, assessment);
    let models = context.models;
    let none = Review::default();
    let review = account.review.as_deref().unwrap_or(&none);
    let (health, churn, expansion) = (&assessment.health, &assessment.churn, &assessment.expansion);
    let attention = assessment.attention();
    let gate_opens = assessment.passes(&models.expansion.gate);
    let playbook = churn.playbook.and_then(|playbook| models.wording.playbooks.get(playbook));
    let all_losses = losses(context, account, assessment, explanation);
    let gaps = gaps(context, &models.health.model, account, &health.card, "health").chain(gaps(
        context,
        &models.churn.model,
        account,
        &churn.card,
        "churn risk",
    ));
    let preparation = Preparation::new(models, &situation);
    let engagement = &models.engagement;
    TeamFacts {
        attention: (attention != Attention::NotScored).then(|| attention.name().to_owned()),
        stake: assessment.stake(account),
        reason: sentence::reason(models, account, assessment),
        next_step: sentence::next_step(models, account, assessment, context.as_of).map(|next| StepFacts {
            action: next.action,
            owner: next.owner,
            within: next.within,
            due: next.due.map(Day),
        }),
        churn: ChurnFacts {
            score: churn.card.score(),
            tier: churn.tier().map(|tier| tier.name().to_owned()),
            urgency: churn.card.multiplier,
        },
        warnings: churn
            .card
            .warnings
            .iter()
            .map(|fired| WarningFacts {
                severity: severity(fired.severity).to_owned(),
                text: sentence::warning(models, account, &churn.card, *fired).said(),
            })
            .collect(),
        playbook: PlaybookFacts {
            goal: playbook.map(|playbook| playbook.goal.clone()),
            steps: steps(context, assessment),
        },
        advice: advice(context, account, assessment, explanation),
        drivers: drivers(context, account, assessment, explanation),
        all_dimensions: changes(context, account, assessment, &all_losses),
        losses: all_losses.into_iter().map(|(_, loss)| loss).take(LISTED).collect(),
        gaps: gaps.collect(),
        health_coverage: round1(health.card.coverage * 100.0),
        churn_coverage: round1(churn.card.coverage * 100.0),
        plays: expansion.opportunities.iter().map(|play| play_facts(context, account, play)).collect(),
        proposable: gate_opens,
        barrier: (!gate_opens).then(|| sentence::barrier(models, assessment)),
        pipeline: expansion.pipeline.base,
        escalations: sentence::escalations(models, &situation).map(escalation).collect(),
        manual_escalations: sentence::manual_escalations(models).map(escalation).collect(),
        renewal_stages: renewal_stages(context, account),
        talking_points: preparation.talking_points,
        objections: preparation
            .objections
            .into_iter()
            .map(|(objection, answer)| ObjectionFacts { objection, answer })
            .collect(),
        avoid: preparation.avoid.into_iter().map(|(what, because)| AvoidFacts { what, because }).collect(),
        strategic: engagement.is_strategic(account),
        lacking: lacking(context, account),
        stances: stances(review),
        internal_notes: review.internal_notes.clone(),
    }
}

fn escalation(wording: &EscalationWording) -> EscalationFacts {
    let (label, level, within) = (wording.label.clone(), wording.level.clone(), wording.within.clone());
    EscalationFacts { label, level, within }
}

/// The stages of a renewal that is open, from the day on which the first one begins.
fn renewal_stages(context: &Context<'_>, account: &Account) -> Vec<RenewalStageFacts> {
    let models = context.models;
    let Some(decided) = account.term.pending(context.as_of) else { return Vec::new() };
    let stages = models.engagement.renewal_stages(decided, context.as_of);
    if stages.iter().all(|stage| stage.progress == Progress::Ahead) {
        return Vec::new();
    }
    let facts = stages.into_iter().map(|stage| RenewalStageFacts {
        due: Day(stage.due),
        progress: match stage.progress {
            Progress::Past => "past",
            Progress::Current => "current",
            Progress::Ahead => "ahead",
        }
        .to_owned(),
        steps: models.wording.engagement.steps_of(stage.stage).iter().map(renewal_step).collect(),
    });
    facts.collect()
}

fn renewal_step(given: &RenewalStep) -> RenewalStepFacts {
    RenewalStepFacts { action: given.action.clone(), owner: given.owner.clone() }
}

/// What a strategic account lacks for a review; nothing for all others.
fn lacking(context: &Context<'_>, account: &Account) -> Vec<String> {
    let engagement = &context.models.engagement;
    if !engagement.is_strategic(account) {
        return Vec::new();
    }
    let needs = engagement.lacking(account, Reviews::Read);
    needs.into_iter().map(|need| need_label(context.models, need)).collect()
}

/// The steps of the playbook and of its branches, the earliest due first; those due on one day in their order.
fn steps(context: &Context<'_>, assessment: &Assessment) -> Vec<StepFacts> {
    let mut steps: Vec<StepFacts> =
        sentence::steps(context.models, assessment).map(|given| step(context.as_of, given)).collect();
    steps.sort_by_key(|step| (step.due.is_none(), step.due));
    steps
}

fn step(as_of: NaiveDate, given: &Step) -> StepFacts {
    StepFacts {
        action: given.action.clone(),
        owner: given.owner.clone(),
        within: given.within.clone(),
        due: given.due(as_of).map(Day),
    }
}

/// Advice that rests on figures, that on the largest loss first.
fn advice(context: &Context<'_>, account: &Account, assessment: &Assessment, explanation: &Explanation) -> Vec<String> {
    let card = &assessment.health.card;
    let lost = |signal: usize| {
        explanation.health.as_ref().map_or(Hundredths(0), |brought| brought.full[signal] - brought.signals[signal])
    };
    let mut founded: Vec<Fired> =
        card.advice.iter().copied().filter(|fired| card.signals[fired.signal].presence.is_present()).collect();
    founded.sort_by_key(|fired| std::cmp::Reverse(lost(fired.signal)));
    founded.into_iter().map(|fired| sentence::advice(context.models, account, card, fired).said()).collect()
}

/// What each metric costs in health, the largest first, with its group.
fn losses(
    context: &Context<'_>,
    account: &Account,
    assessment: &Assessment,
    explanation: &Explanation,
) -> Vec<(usize, LossFacts)> {
    let model = &context.models.health.model;
    let Some(brought) = &explanation.health else { return Vec::new() };
    let mut losses: Vec<(Hundredths, usize)> =
        (0..model.signals().len()).map(|signal| (brought.full[signal] - brought.signals[signal], signal)).collect();
    losses.retain(|(lost, _)| *lost > Hundredths(0));
    losses.sort_by_key(|(lost, signal)| (std::cmp::Reverse(*lost), *signal));
    let facts = losses.into_iter().map(|(lost, signal)| {
        let metric = metric(context, account, assessment, signal);
        let group = model.signals()[signal].group;
        let dimension = model.groups()[group].label.clone();
        let loss =
            LossFacts { metric: metric.label, dimension, text: metric.text, aim: metric.aim, lost: lost.points() };
        (group, loss)
    });
    facts.collect()
}

fn drivers(
    context: &Context<'_>,
    account: &Account,
    assessment: &Assessment,
    explanation: &Explanation,
) -> Vec<DriverFacts> {
    let models = context.models;
    let model = &models.churn.model;
    let Some(brought) = &explanation.churn else { return Vec::new() };
    let mut order: Vec<usize> = (0..model.signals().len()).collect();
    order.retain(|signal| brought.signals[*signal] > Hundredths(0));
    order.sort_by_key(|signal| std::cmp::Reverse(brought.signals[*signal]));
    let facts = order.into_iter().take(LISTED).map(|signal| {
        let name = &model.signals()[signal];
        let scored = &assessment.churn.card.signals[signal];
        let text = ValueText { models, account, slot: name.slot, value: scored.value };
        DriverFacts {
            metric: models.schema.metric(name.slot).label.clone(),
            category: model.groups()[name.group].label.clone(),
            text: scored.presence.is_present().then(|| text.said()),
            points: brought.signals[signal].points(),
        }
    });
    facts.collect()
}

fn changes(
    context: &Context<'_>,
    account: &Account,
    assessment: &Assessment,
    losses: &[(usize, LossFacts)],
) -> Vec<ChangeFacts> {
    let model = &context.models.health;
    let health = &assessment.health;
    let groups = model.model.groups().iter().enumerate();
    let facts = groups.map(|(group, name)| {
        let score = health.card.groups.get(group).copied().flatten().map(|grade| grade.score);
        let previous = last_score(account, model.previous.get(group).copied().flatten());
        let why = losses.iter().find(|(of, _)| *of == group).map(|(_, loss)| {
            let value = loss.text.clone().unwrap_or_else(|| "no figure".to_owned());
            let aim = loss.aim.as_ref().map_or_else(String::new, |aim| format!(" ({aim})"));
            format!("{}: {value}{aim}, costs {} points", loss.metric, short_number(loss.lost))
        });
        ChangeFacts {
            label: name.label.clone(),
            score,
            previous,
            change: change(score, previous),
            trend: trend_word(health.trends.get(group).copied().unwrap_or_default()),
            why,
            shown: !context.models.is_internal_group(group),
        }
    });
    facts.collect()
}

/// The metrics of a model that have no figure to go by.
fn gaps<'a>(
    context: &'a Context<'_>,
    model: &'a Model,
    account: &'a Account,
    card: &'a Scorecard,
    name: &'a str,
) -> impl Iterator<Item = GapFacts> + 'a {
    model.signals().iter().zip(&card.signals).enumerate().filter_map(move |(position, (signal, scored))| {
        let why = match scored.presence {
            Presence::Present => return None,
            Presence::Absent => "no figure".to_owned(),
            Presence::Stale => match sentence::age(model, account, position) {
                Some(days) => format!("{} days old", short_number(days)),
                None => "too old".to_owned(),
            },
        };
        let metric = context.models.schema.metric(signal.slot).label.clone();
        Some(GapFacts { metric, model: name.to_owned(), why })
    })
}

fn play_facts(context: &Context<'_>, account: &Account, play: &crate::analysis::Opportunity) -> PlayFacts {
    let models = context.models;
    PlayFacts {
        label: expansion::named(context, account, play),
        rationale: Rationale { models, footprint: &account.footprint, opportunity: *play }.said(),
        next: models.wording.plays[play.play.index()].next.clone(),
        revenue: play.revenue,
        effort: models.expansion.terms[play.play.index()].effort.name().to_owned(),
        priority: play.priority,
        counts: play.counts,
    }
}

/// People whose stance is known, each once.
fn stances(review: &Review) -> Vec<StanceFacts> {
    let mut stances: Vec<StanceFacts> = Vec::new();
    for person in review.stakeholders.iter().chain(&review.attendees) {
        let Some(stance) = person.stance.clone() else { continue };
        let facts = StanceFacts { name: person.name.clone(), role: person.role.clone(), stance };
        if !stances.contains(&facts) {
            stances.push(facts);
        }
    }
    stances
}
