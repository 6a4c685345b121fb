//! From an account and its assessment to what the customer may see of it.

use std::collections::BTreeMap;

use super::shape::Day;
use super::{
    AchievementFacts, AdoptionFacts, CadenceFacts, ContractFacts, CustomerDossier, CustomerFacts, DimensionFacts,
    DocumentFacts, GoalFacts, GrowthFacts, HealthFacts, IdeaFacts, MetricFacts, MilestoneFacts, ModuleFacts, PastFacts,
    PersonFacts, PhaseFacts, RiskFacts, RoadmapFacts, SeatFacts, Subject, SupportFacts, TaskFacts, ValueFacts,
};
use crate::account::{Account, ActionItem, Issue, Metric, Milestone, Person, Renewal, Review, Topic};
use crate::analysis::{Assessment, Band, LOW_COVERAGE, Opportunity, Target, Trend, Uptake};
use crate::engine::{Scale, Slot, Value, round1};
use crate::report::sentence::{self, Say as _, ValueText};
use crate::report::{Context, short_number};

pub(super) fn dossier(
    context: &Context<'_>,
    subject: Subject<'_>,
    account: &Account,
    assessment: &Assessment,
) -> CustomerDossier {
    let none = Review::default();
    let review = account.review.as_deref().unwrap_or(&none);
    let attribute = |name: &str| {
        let position = subject.attributes.iter().position(|asked| asked == name)?;
        known(account.attributes.get(position)?)
    };
    let owner = known(&account.owner);
    CustomerDossier {
        document: DocumentFacts {
            title: subject.title.to_owned(),
            as_of: Day(context.as_of),
            period: review.period.clone(),
            meeting_date: review.meeting_date.map(Day),
            next_meeting_date: review.next_meeting_date.map(Day),
            lead: review.lead.clone().or_else(|| owner.clone()),
            currency: context.reading.currency.clone(),
        },
        customer: CustomerFacts {
            id: account.id.clone(),
            name: account.name.clone(),
            segment: context.models.segments.label(account.profile).to_owned(),
            industry: attribute("industry"),
            region: attribute("region"),
            owner,
        },
        attributes: subject.attributes.iter().map(|name| (name.clone(), attribute(name))).collect::<BTreeMap<_, _>>(),
        contract: contract(context, account),
        adoption: adoption(context, account, assessment),
        support: support(context, account, assessment),
        health: health(context, account, assessment, review),
        growth: GrowthFacts { ideas: ideas(context, account, assessment) },
        summary: review.summary.clone(),
        attendees: review.attendees.iter().map(person).collect(),
        stakeholders: review.stakeholders.iter().map(person).collect(),
        achievements: review
            .achievements
            .iter()
            .map(|given| AchievementFacts {
                title: given.title.clone(),
                result: given.result.clone(),
                date: given.date.map(Day),
            })
            .collect(),
        goals: review
            .goals
            .iter()
            .map(|given| GoalFacts {
                title: given.title.clone(),
                measure: given.measure.clone(),
                baseline: given.baseline.clone(),
                target: given.target.clone(),
                actual: given.actual.clone(),
                due: given.due.map(Day),
                owner: given.owner.clone(),
                status: given.status.clone(),
            })
            .collect(),
        value_delivered: review
            .value_delivered
            .iter()
            .map(|given| ValueFacts {
                title: given.title.clone(),
                amount: given.amount.clone(),
                evidence: given.evidence.clone(),
            })
            .collect(),
        roadmap: review
            .roadmap
            .iter()
            .map(|given| RoadmapFacts {
                title: given.title.clone(),
                expected: given.expected.clone(),
                benefit: given.benefit.clone(),
                status: given.status.clone(),
            })
            .collect(),
        open_issues: review.open_issues.iter().map(issue).collect(),
        action_items: review.action_items.iter().map(action).collect(),
        risks: review
            .risks
            .iter()
            .map(|given| RiskFacts {
                title: given.title.clone(),
                impact: given.impact.clone(),
                likelihood: given.likelihood.clone(),
                mitigation: given.mitigation.clone(),
                owner: given.owner.clone(),
            })
            .collect(),
        cadence: context.models.wording.engagement.cadence_of(account.profile).map(|cadence| CadenceFacts {
            check_in: cadence.check_in.clone(),
            business_review: cadence.business_review.clone(),
            executive_review: cadence.executive_review.clone(),
            success_plan: cadence.success_plan.clone(),
        }),
        phases: phases(&review.milestones),
    }
}

fn known(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn person(given: &Person) -> PersonFacts {
    PersonFacts { name: given.name.clone(), role: given.role.clone(), company: given.company.clone() }
}

fn issue(given: &Issue) -> TaskFacts {
    TaskFacts {
        title: given.title.clone(),
        severity: given.severity.clone(),
        owner: given.owner.clone(),
        due: given.due.map(Day),
        status: given.status.clone(),
    }
}

fn action(given: &ActionItem) -> TaskFacts {
    TaskFacts {
        title: given.title.clone(),
        severity: None,
        owner: given.owner.clone(),
        due: given.due.map(Day),
        status: given.status.clone(),
    }
}

/// The milestones by phase, phases in order of appearance.
fn phases(milestones: &[Milestone]) -> Vec<PhaseFacts> {
    let mut phases: Vec<PhaseFacts> = Vec::new();
    for milestone in milestones {
        let facts = MilestoneFacts {
            title: milestone.title.clone(),
            due: milestone.due.map(Day),
            owner: milestone.owner.clone(),
            status: milestone.status.clone(),
        };
        match phases.iter_mut().find(|phase| phase.name == milestone.phase) {
            Some(phase) => phase.milestones.push(facts),
            None => phases.push(PhaseFacts { name: milestone.phase.clone(), milestones: vec![facts] }),
        }
    }
    phases
}

fn contract(context: &Context<'_>, account: &Account) -> ContractFacts {
    let term = &account.term;
    let renewal = term.renewal(context.as_of);
    ContractFacts {
        start: term.start.map(Day),
        end: term.end.map(Day),
        notice: term.notice.map(Day),
        auto_renew: term.auto_renew,
        days_to_renewal: renewal.and_then(|renewal| match renewal {
            Renewal::Due { days } => Some(days),
            Renewal::Overdue { .. } => None,
        }),
        days_overdue: renewal.and_then(Renewal::days_overdue),
        days_since_start: term.days_since_start(context.as_of),
        plan: known(&account.footprint.plan_tier),
        annual_value: (account.arr > 0.0).then_some(account.arr),
    }
}

pub(super) fn trend_word(trend: Trend) -> Option<String> {
    (trend != Trend::NoData).then(|| trend.name().to_owned())
}

/// Score less that of the last period, as people would subtract them.
pub(super) fn change(score: Option<f64>, previous: Option<f64>) -> Option<f64> {
    score.zip(previous).map(|(score, previous)| round1(score - previous))
}

/// Health for the customer: a score that mostly rests on defaults says more of the data than of them, and is withheld.
fn health(context: &Context<'_>, account: &Account, assessment: &Assessment, review: &Review) -> HealthFacts {
    let model = &context.models.health;
    let health = &assessment.health;
    let card = &health.card;
    let score = card.score().filter(|_| card.coverage >= LOW_COVERAGE);
    let band = health.band().filter(|_| score.is_some());
    let previous = health.last.map(|last| last.score);
    let groups = (0..model.model.groups().len()).filter(|group| !context.models.is_internal_group(*group));
    HealthFacts {
        score,
        band: band.map(|band| band.name().to_owned()),
        green_from: model.model.plan(account.profile).bands().bounds()[Band::Green as usize],
        trend: trend_word(health.trend).filter(|_| score.is_some()),
        previous,
        change: change(score, previous),
        dimensions: groups.map(|group| dimension(context, account, assessment, group)).collect(),
        history: review
            .history
            .iter()
            .map(|past| PastFacts { period: past.period.clone(), score: past.overall_score.clone() })
            .collect(),
    }
}

/// The score of the last period that stands in a slot.
pub(super) fn last_score(account: &Account, slot: Option<Slot>) -> Option<f64> {
    account.row.get(slot?).number()
}

/// One dimension of health for the customer; without a score where it rests on too little.
fn dimension(context: &Context<'_>, account: &Account, assessment: &Assessment, group: usize) -> DimensionFacts {
    let model = &context.models.health;
    let health = &assessment.health;
    let grade = health.card.groups.get(group).copied().flatten();
    let grade = grade.filter(|_| is_founded(context, account, assessment, group));
    let score = grade.map(|grade| grade.score);
    let previous = last_score(account, model.previous.get(group).copied().flatten());
    let trend = health.trends.get(group).copied().unwrap_or_default();
    DimensionFacts {
        label: model.model.groups()[group].label.clone(),
        score,
        band: grade.map(|grade| Band::at(grade.band).name().to_owned()),
        trend: trend_word(trend).filter(|_| score.is_some()),
        previous,
        change: change(score, previous),
        metrics: metrics(context, account, assessment, |of, _| of == group),
    }
}

/// Whether a dimension rests on enough data for its score to say something of the customer.
fn is_founded(context: &Context<'_>, account: &Account, assessment: &Assessment, group: usize) -> bool {
    let model = &context.models.health.model;
    let plan = model.plan(account.profile);
    let scored = model.signals().iter().zip(plan.signals()).zip(&assessment.health.card.signals);
    let (mut present, mut all) = (0.0, 0.0);
    for ((name, signal), score) in scored {
        if name.group == group {
            all += signal.weight.abs();
            if score.presence.is_present() {
                present += signal.weight.abs();
            }
        }
    }
    present > 0.0 && present >= all * LOW_COVERAGE
}

/// The metrics of the health model that the customer may see and that are wanted, by group and metric.
fn metrics(
    context: &Context<'_>,
    account: &Account,
    assessment: &Assessment,
    wanted: impl Fn(usize, &Metric) -> bool,
) -> Vec<MetricFacts> {
    let models = context.models;
    let signals = models.health.model.signals().iter().enumerate();
    signals
        .filter(|(_, signal)| {
            let metric = models.schema.metric(signal.slot);
            !metric.internal && wanted(signal.group, metric)
        })
        .map(|(position, _)| metric(context, account, assessment, position))
        .collect()
}

/// One signal of the health model against its benchmark.
pub(super) fn metric(
    context: &Context<'_>,
    account: &Account,
    assessment: &Assessment,
    position: usize,
) -> MetricFacts {
    let models = context.models;
    let model = &models.health.model;
    let slot = model.signals()[position].slot;
    let metric = models.schema.metric(slot);
    let scored = &assessment.health.card.signals[position];
    let present = scored.presence.is_present();
    let value = scored.value.number().filter(|_| present);
    let scale = model.plan(account.profile).signals().nth(position).map(|signal| &signal.scale);
    let (benchmark, aim, meets) = match scale {
        Some(Scale::Ratio { target }) => (
            Some(*target),
            Some(format!("at least {}", short_number(*target))),
            value.map(|value| (value >= *target, ["below target", "on target"])),
        ),
        Some(Scale::Inverse { maximum }) => (
            Some(*maximum),
            Some(format!("below {}", short_number(*maximum))),
            value.map(|value| (value < *maximum, ["above limit", "within limit"])),
        ),
        _ => (None, None, None),
    };
    let standing = match (present, meets) {
        (false, _) => "no figure this period",
        (true, None) => "no benchmark",
        (true, Some((meets, words))) => words[usize::from(meets)],
    };
    let text = ValueText { models, account, slot, value: scored.value };
    MetricFacts {
        label: metric.label.clone(),
        // What the name says already is not said again: open tickets are counted in tickets.
        unit: metric.unit.clone().filter(|unit| !metric.label.to_lowercase().contains(&unit.to_lowercase())),
        text: (present && scored.value != Value::Absent).then(|| text.said()),
        value,
        benchmark,
        aim,
        meets: meets.map(|(meets, _)| meets),
        standing: standing.to_owned(),
    }
}

fn adoption(context: &Context<'_>, account: &Account, assessment: &Assessment) -> AdoptionFacts {
    let models = context.models;
    let footprint = &account.footprint;
    let adoption = &assessment.expansion.adoption;
    let modules = footprint.modules.iter().map(|module| ModuleFacts {
        label: models.wording.module_label(module.name).to_owned(),
        in_use: module.adopted,
        usage: module.adopted.then_some(module.usage_pct),
        standing: match models.expansion.uptake(&module) {
            Uptake::Open => "not in use",
            Uptake::Enable => "just started",
            Uptake::InUse => "in use",
            Uptake::Ready => "well used",
        }
        .to_owned(),
    });
    AdoptionFacts {
        metrics: metrics(context, account, assessment, |_, metric| metric.topic == Some(Topic::Adoption)),
        seats: (footprint.licensed_seats > 0.0).then_some(SeatFacts {
            licensed: footprint.licensed_seats,
            active: footprint.active_seats,
            used: adoption.seat_utilisation,
        }),
        modules: modules.collect(),
        modules_in_use: i64::try_from(adoption.adopted).unwrap_or(i64::MAX),
        average_usage: (adoption.adopted > 0).then_some(adoption.average_usage),
        departments: footprint.departments.current.iter().map(str::to_owned).collect(),
    }
}

fn support(context: &Context<'_>, account: &Account, assessment: &Assessment) -> SupportFacts {
    let models = context.models;
    let group = models.health.model.groups().iter().position(|group| group.name == "support");
    let shown = group.filter(|group| !models.is_internal_group(*group));
    let dimension = shown.map(|group| dimension(context, account, assessment, group));
    SupportFacts {
        metrics: metrics(context, account, assessment, |_, metric| metric.topic == Some(Topic::Support)),
        score: dimension.as_ref().and_then(|dimension| dimension.score),
        trend: dimension.and_then(|dimension| dimension.trend),
    }
}

/// What may be proposed, without amounts; nothing while health or risk speak against it.
fn ideas(context: &Context<'_>, account: &Account, assessment: &Assessment) -> Vec<IdeaFacts> {
    if !assessment.passes(&context.models.expansion.gate) {
        return Vec::new();
    }
    let plays = assessment.expansion.opportunities.iter().filter(|play| play.counts);
    plays.map(|play| idea(context, account, play)).collect()
}

fn idea(context: &Context<'_>, account: &Account, play: &Opportunity) -> IdeaFacts {
    let footprint = &account.footprint;
    let target = sentence::target(footprint, play).unwrap_or_default();
    let (label, what) = match play.target {
        Target::Seats => {
            let (active, licensed) = (short_number(footprint.active_seats), short_number(footprint.licensed_seats));
            ("Seats", format!("{active} of {licensed} seats are in use"))
        }
        Target::Tier(_) if footprint.plan_tier.is_empty() => ("Plan", target.to_owned()),
        Target::Tier(_) => ("Plan", format!("from {} to {target}", footprint.plan_tier)),
        Target::Module(_) => ("Module", context.models.wording.module_label(target).to_owned()),
        Target::Department(_) => ("Department", target.to_owned()),
    };
    IdeaFacts { label: label.to_owned(), what }
}
