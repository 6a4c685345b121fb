//! Choosing bounds of bands and tiers: by what the team can act on, on the earlier part of a history, judged on the later one.

mod gain;
mod grounds;
mod tenths;

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::{AccountCounts, Departure, History, Interval, Lives, Point, Ranking, Rate, Sample};
use crate::account::Profile;
use crate::workers::Threads;
use gain::Holdout;
use grounds::Grounds;
use tenths::{Cuts, Tenths};

/// An alarm is early enough so many days before the customer leaves (the validation standard).
pub const EARLY_DAYS: u32 = 60;
/// The share of the evaluation dates, from the last, on which proposals are judged (our choice).
const HOLDOUT_SHARE: f64 = 1.0 / 3.0;

/// By what bounds are chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// At least this share of those who leave raise an alarm early enough.
    Recall {
        /// Of those below green, or of medium risk and above, 0–1.
        alarm: f64,
        /// Of those that are red, or of high risk and above, 0–1; `None` leaves that bound as it is.
        grave: Option<f64>,
    },
    /// At most so many accounts are red, or of high risk and above, on any date.
    Capacity(u64),
    /// What alarms for nothing and missed customers cost together is the least.
    Cost {
        /// An alarm on an account that stays.
        false_alarm: f64,
        /// A customer that leaves without an alarm.
        missed: f64,
    },
}

/// The two bounds that rules set: where an alarm begins, and where it becomes grave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Green begins here; or medium risk does.
    pub alarm: f64,
    /// Yellow begins here; or high risk does.
    pub grave: f64,
}

/// The bounds of now of a segment, or of all accounts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Present {
    /// The segment; `None` for all accounts.
    pub profile: Option<Profile>,
    /// Its bounds.
    pub bounds: Bounds,
    /// A bound that no rule sets and behind which none may come: where critical risk begins.
    pub limit: Option<f64>,
}

/// Why bounds stay as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Refusal {
    /// Too few left, or stayed, in the earlier part: at least [`super::ENOUGH`] of each are needed.
    TooFew(AccountCounts),
    /// Nobody left in the later part, or all did: nothing to judge a proposal by.
    NothingToJudgeBy(AccountCounts),
    /// The score does not rank those who leave before those who stay, on the earlier part or on the later one.
    NoEvidence {
        /// The AUC on the earlier part, and its interval.
        fit: (f64, Option<Interval>),
        /// The same on the later part.
        holdout: (f64, Option<Interval>),
    },
    /// No bound does what was asked for.
    OutOfReach,
    /// The alarm would begin where, or after, it becomes grave; or it would become grave where, or after, critical risk begins.
    OutOfOrder {
        /// What they would be.
        bounds: Bounds,
    },
    /// On the later part, the grave ones would not churn more than those with a mere alarm.
    GraveChurnsNoMore {
        /// Of the grave ones.
        grave: Rate,
        /// Of those with a mere alarm.
        mild: Rate,
    },
    /// On the later part, the interval of what a bound gains over that of now holds 0.
    NoGain {
        /// Whether it is the bound from which on an alarm is grave, and not that from which on there is one.
        is_grave: bool,
        /// That of now.
        present: f64,
        /// The one that was considered.
        considered: f64,
    },
}

/// What is gained over the present bounds, on the later part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gain {
    /// How much.
    pub value: f64,
    /// Its 95 % interval, by drawing accounts again.
    pub interval: Option<Interval>,
}

/// What bounds do on one part of the history.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Performance {
    /// Of those who left, how many raised an alarm early enough.
    pub early: Rate,
    /// Of those who left, how many were grave early enough.
    pub early_grave: Rate,
    /// Of the alarms, how many left within the horizon: the precision.
    pub precision: Rate,
    /// Of the rows, how many raise an alarm.
    pub alarms: Rate,
    /// Those who left of the grave ones.
    pub grave: Rate,
    /// Those who left of the ones with a mere alarm.
    pub mild: Rate,
    /// Those who left of the others.
    pub calm: Rate,
}

/// Accounts and their ARR by gravity: grave, with a mere alarm, calm.
pub type Split = [(u64, f64); 3];

/// What is proposed for a segment, or for the tiers of all.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The segment; `None` for all accounts.
    pub profile: Option<Profile>,
    /// The bounds of now.
    pub present: Bounds,
    /// What the rule chose; `None` where it could not.
    pub chosen: Option<Bounds>,
    /// Why the bounds of now stay; empty where the chosen ones are proposed or are the same.
    pub refusals: Vec<Refusal>,
    /// What those of now do on the earlier and on the later part.
    pub before: [Performance; 2],
    /// What the chosen ones do.
    pub after: Option<[Performance; 2]>,
    /// What the chosen ones gain on the later part; `None` where they are refused for another reason.
    pub gain: Option<Gain>,
    /// How many accounts the capacity leaves to this segment, where the rule is one.
    pub capacity: Option<u64>,
    /// The most accounts that the bounds of now called grave on any day that a bound by capacity rests on, where the rule is one.
    pub most_grave: Option<u64>,
    /// The accounts of the last snapshot by the bounds of now, and by the chosen ones.
    pub today: (Split, Option<Split>),
}

impl Proposal {
    /// The bounds that are to replace those of now; `None` where these stay.
    pub fn bounds(&self) -> Option<Bounds> {
        self.chosen.filter(|chosen| self.refusals.is_empty() && *chosen != self.present)
    }
}

/// How a history is parted in two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parting {
    /// The evaluation dates of the earlier part.
    pub fit: usize,
    /// Those of the later part.
    pub holdout: usize,
    /// The day on which the later part begins.
    pub day: NaiveDate,
}

impl Parting {
    /// The parting of a sample; `None` with fewer than two evaluation dates.
    pub fn of(sample: &Sample) -> Option<Self> {
        let dates = sample.evaluations.len();
        if dates < 2 {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
        let holdout = ((dates as f64 * HOLDOUT_SHARE).round() as usize).clamp(1, dates - 1);
        Some(Self { fit: dates - holdout, holdout, day: sample.evaluations[dates - holdout].date })
    }
}

/// What bounds are chosen from.
#[derive(Clone, Copy)]
pub struct Material<'a> {
    /// The snapshots.
    pub history: &'a History,
    /// The scores of each.
    pub points: &'a [Vec<Point>],
    /// What became of the customers.
    pub lives: &'a Lives,
    /// The accounts on evaluation dates.
    pub sample: &'a Sample,
    /// How the sample is parted.
    pub parting: Parting,
}

/// Chooses bounds for each of `present`, in its order.
pub fn propose(material: Material<'_>, rule: Rule, present: &[Present], threads: Threads) -> Vec<Proposal> {
    let departures = Departure::all(material.history, material.lives);
    let grounds: Vec<Grounds<'_>> =
        present.iter().map(|present| Grounds::of(material, &departures, present.profile)).collect();
    let capacities = match rule {
        Rule::Capacity(capacity) => {
            let accounts: Vec<u64> = grounds.iter().map(|grounds| grounds.today.len() as u64).collect();
            shared(capacity, &accounts).into_iter().map(Some).collect()
        }
        Rule::Recall { .. } | Rule::Cost { .. } => vec![None; present.len()],
    };
    let each = present.iter().zip(grounds).zip(capacities);
    each.map(|((present, grounds), capacity)| proposal(&grounds, rule, capacity, *present, threads)).collect()
}

/// A number shared out by sizes, in whole numbers that add up to it; the largest remainders get what is left.
fn shared(number: u64, sizes: &[u64]) -> Vec<u64> {
    let all: u64 = sizes.iter().sum();
    if all == 0 {
        return vec![0; sizes.len()];
    }
    let product = |size: u64| u128::from(number) * u128::from(size);
    let whole = |size: u64| u64::try_from(product(size) / u128::from(all)).unwrap_or(u64::MAX);
    let mut shares: Vec<u64> = sizes.iter().map(|size| whole(*size)).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|position| Reverse(product(sizes[*position]) % u128::from(all)));
    let left = number.saturating_sub(shares.iter().sum());
    for position in order.into_iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        shares[position] += 1;
    }
    shares
}

fn proposal(
    grounds: &Grounds<'_>,
    rule: Rule,
    capacity: Option<u64>,
    Present { profile, bounds: present, limit }: Present,
    threads: Threads,
) -> Proposal {
    let on = grounds.on;
    let now = Cuts::of(on, present);
    let mut proposal = Proposal {
        profile,
        present,
        chosen: None,
        refusals: Vec::new(),
        before: grounds.performance(now),
        after: None,
        gain: None,
        capacity,
        most_grave: capacity.map(|_| grounds.most_at(now.grave)),
        today: (grounds.split(now), None),
    };
    let fit = grounds.ranking(&grounds.fit);
    let accounts = AccountCounts::of(&fit);
    if !accounts.is_enough() {
        proposal.refusals.push(Refusal::TooFew(accounts));
        return proposal;
    }
    let Some(cuts) = chosen(grounds, rule, capacity, now) else {
        proposal.refusals.push(Refusal::OutOfReach);
        return proposal;
    };
    // Bounds with more decimals than scores have may part accounts in the same way.
    let bounds = if cuts == now { present } else { cuts.bounds(on) };
    proposal.chosen = Some(bounds);
    if cuts.alarm >= cuts.grave || limit.is_some_and(|limit| cuts.grave >= Tenths::of_bound(on, limit)) {
        proposal.refusals.push(Refusal::OutOfOrder { bounds });
        return proposal;
    }
    let after = grounds.performance(cuts);
    proposal.after = Some(after);
    proposal.today.1 = Some(grounds.split(cuts));
    if cuts == now {
        return proposal;
    }
    proposal.refusals.extend(no_evidence(&fit, &grounds.ranking(&grounds.holdout)));
    proposal.refusals.extend(grave_churns_no_more(&after[1], cuts.grave != now.grave));
    if !proposal.refusals.is_empty() {
        return proposal;
    }
    // Each bound that moves must be worth it; what the first of them gains is told, or what the one that is not does.
    let holdout = Holdout::of(grounds);
    let moves = [
        (false, [now.alarm, cuts.alarm], [present.alarm, bounds.alarm]),
        (true, [now.grave, cuts.grave], [present.grave, bounds.grave]),
    ];
    for (is_grave, cuts, [present, considered]) in moves.into_iter().filter(|(_, [now, cut], _)| now != cut) {
        let gain = holdout.gain(rule, capacity, cuts, threads);
        if gain.interval.is_none_or(|interval| interval.low <= 0.0) {
            proposal.gain = Some(gain);
            proposal.refusals.push(Refusal::NoGain { is_grave, present, considered });
            break;
        }
        proposal.gain.get_or_insert(gain);
    }
    proposal
}

/// The bounds that a rule chooses on the earlier part; `None` where there are none, or none above 0 and up to 100.
fn chosen(grounds: &Grounds<'_>, rule: Rule, capacity: Option<u64>, now: Cuts) -> Option<Cuts> {
    let cuts = match rule {
        Rule::Recall { alarm, grave } => {
            let alarm = grounds.cut_for_recall(alarm)?;
            let grave = grave.map_or(Some(now.grave), |share| grounds.cut_for_recall(share))?;
            Cuts { alarm, grave }
        }
        Rule::Capacity(_) => {
            let cut = grounds.cut_for_capacity(capacity.unwrap_or_default());
            // Where all with an alarm may be grave, the grave ones begin as near to the others as they can.
            Cuts { grave: cut.max(Tenths(now.alarm.0 + 1)), ..now }
        }
        Rule::Cost { false_alarm, missed } => {
            Cuts { alarm: grounds.cut_for_cost(false_alarm, missed, now.grave)?, ..now }
        }
    };
    [cuts.alarm, cuts.grave].iter().all(|cut| (1..=1000).contains(&cut.0)).then_some(cuts)
}

/// Why bounds cannot rest on an order: it tells nothing on the earlier part or the later one, or nothing can be seen of the later one.
fn no_evidence(fit: &Ranking, holdout: &Ranking) -> Option<Refusal> {
    let (Some(fit_auc), Some(holdout_auc)) = (fit.auc(), holdout.auc()) else {
        return Some(Refusal::NothingToJudgeBy(AccountCounts::of(holdout)));
    };
    let (fit, holdout) = ((fit_auc, fit.auc_interval()), (holdout_auc, holdout.auc_interval()));
    let speaks = |interval: Option<Interval>| interval.is_some_and(|interval| interval.low > 0.5);
    (!speaks(fit.1) || !speaks(holdout.1)).then_some(Refusal::NoEvidence { fit, holdout })
}

/// Whether on the later part the grave ones churn no more than those with a mere alarm. Where no account is grave by a bound that the rule
/// leaves alone, there is nothing to hold against it.
fn grave_churns_no_more(after: &Performance, is_grave_moved: bool) -> Option<Refusal> {
    let Performance { grave, mild, .. } = *after;
    let churns_no_more = grave.share().zip(mild.share()).map_or(is_grave_moved, |(grave, mild)| grave <= mild);
    churns_no_more.then_some(Refusal::GraveChurnsNoMore { grave, mild })
}
