//! Choosing bounds of bands and tiers: by what the team can act on, on the earlier part of a history, judged on the later one.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::{Departure, History, Interval, Lives, On, Point, Ranked, Ranking, Rate, Row, Sample, bootstrap, enough};
use crate::account::{Lifecycle, Profile};
use crate::workers::Threads;

/// An alarm is early enough so many days before the customer leaves (the validation standard).
pub const EARLY_DAYS: u32 = 60;
/// The share of the evaluation dates, from the last, on which proposals are judged (our choice).
const HOLDOUT_SHARE: f64 = 1.0 / 3.0;
/// How often the holdout is drawn again for the interval of a gain.
const RESAMPLES: u32 = 2000;

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

/// A score and bounds in whole tenths, so that more is worse and a bound holds what it is equal to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Tenths(i64);

impl Tenths {
    #[expect(clippy::cast_possible_truncation, reason = "scores are 0–100")]
    fn of(on: On, score: f64) -> Self {
        let tenths = (score * 10.0).round() as i64;
        Self(match on {
            On::Health => 1000 - tenths,
            On::Churn => tenths,
        })
    }

    /// The least risk that raises an alarm by a bound: scores below it for health, from it on for risk.
    #[expect(clippy::cast_possible_truncation, reason = "bounds are 0–100")]
    fn of_bound(on: On, bound: f64) -> Self {
        // 67.3 × 10 is a little more than 673.
        let tenths = (bound * 10.0 - 1e-9).ceil() as i64;
        Self(match on {
            On::Health => 1001 - tenths,
            On::Churn => tenths,
        })
    }

    fn bound(self, on: On) -> f64 {
        let tenths = match on {
            On::Health => 1001 - self.0,
            On::Churn => self.0,
        };
        tenths as f64 / 10.0
    }
}

/// Two bounds in tenths of risk; the grave one is the higher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cuts {
    alarm: Tenths,
    grave: Tenths,
}

impl Cuts {
    fn of(on: On, bounds: Bounds) -> Self {
        Self { alarm: Tenths::of_bound(on, bounds.alarm), grave: Tenths::of_bound(on, bounds.grave) }
    }

    fn bounds(self, on: On) -> Bounds {
        Bounds { alarm: self.alarm.bound(on), grave: self.grave.bound(on) }
    }
}

/// Why bounds stay as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Refusal {
    /// Too few left, or stayed, in the earlier part: at least [`super::ENOUGH`] of each are needed.
    TooFew {
        /// How many left.
        churned: u64,
        /// How many stayed.
        retained: u64,
    },
    /// Nobody left in the later part, or all did: nothing to judge a proposal by.
    NothingToJudgeBy,
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
    /// On the later part, the interval of the gain over the present bounds holds 0.
    NoGain,
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

/// A customer that left, with its score early enough before.
struct Leaver {
    risk: Tenths,
    is_late_part: bool,
}

/// The rows and leavers of one segment, or of all.
struct Grounds<'a> {
    on: On,
    fit: Vec<&'a Row>,
    holdout: Vec<&'a Row>,
    leavers: Vec<Leaver>,
    /// The risks of the accounts of the last snapshot with their ARR.
    today: Vec<(Tenths, f64)>,
    /// The accounts of each evaluation date of the earlier part, whatever became of them.
    dates: Vec<Vec<Tenths>>,
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

impl<'a> Grounds<'a> {
    fn of(material: Material<'a>, departures: &[Departure], profile: Option<Profile>) -> Self {
        let Material { history, points, lives, sample, parting } = material;
        let on = sample.on;
        let is_of = |other: Profile| profile.is_none_or(|profile| profile == other);
        let rows = || sample.rows.iter().filter(|row| is_of(row.profile));
        let leavers = departures.iter().filter_map(|departure| {
            let (snapshot, profile, score) = departure.reading_before(EARLY_DAYS, on, history, points, lives)?;
            let is_late_part = departure.end > parting.day;
            // Of the later part, nothing that was read before it counts.
            let is_clean = !is_late_part || history.snapshots()[snapshot].date >= parting.day;
            (is_of(profile) && is_clean).then(|| Leaver { risk: Tenths::of(on, score.value), is_late_part })
        });
        let scored = |of_snapshot: &'a [Point]| {
            of_snapshot
                .iter()
                .filter(move |point| is_of(point.profile) && point.lifecycle != Lifecycle::Churned)
                .filter_map(move |point| Some((Tenths::of(on, on.score(point)?.value), point.arr)))
        };
        let dates = sample.evaluations[..parting.fit].iter().map(|evaluation| {
            let mut risks: Vec<Tenths> = scored(&points[evaluation.snapshot]).map(|(risk, _)| risk).collect();
            risks.sort_unstable_by_key(|risk| Reverse(*risk));
            risks
        });
        Self {
            on,
            fit: rows().filter(|row| row.evaluation < parting.fit).collect(),
            holdout: rows().filter(|row| row.evaluation >= parting.fit).collect(),
            leavers: leavers.collect(),
            today: points.last().map(|of_snapshot| scored(of_snapshot).collect()).unwrap_or_default(),
            dates: dates.collect(),
        }
    }

    fn risk(&self, row: &Row) -> Tenths {
        Tenths::of(self.on, row.score.value)
    }

    fn ranking(&self, rows: &[&Row]) -> Ranking {
        let ranked = rows.iter().map(|row| Ranked {
            value: self.on.risk(row.score.value),
            positive: row.churned,
            cluster: row.customer.0,
        });
        Ranking::new(ranked.collect())
    }

    fn performance(&self, cuts: Cuts) -> [Performance; 2] {
        let of = |rows: &[&Row], is_late_part: bool| {
            let mut performance = Performance::default();
            let add = |rate: &mut Rate, hit: bool| {
                rate.of += 1;
                rate.hits += u64::from(hit);
            };
            for row in rows {
                let risk = self.risk(row);
                let alarm = risk >= cuts.alarm;
                add(&mut performance.alarms, alarm);
                if alarm {
                    add(&mut performance.precision, row.churned);
                }
                let rate = if risk >= cuts.grave {
                    &mut performance.grave
                } else if alarm {
                    &mut performance.mild
                } else {
                    &mut performance.calm
                };
                add(rate, row.churned);
            }
            for leaver in self.leavers.iter().filter(|leaver| leaver.is_late_part == is_late_part) {
                add(&mut performance.early, leaver.risk >= cuts.alarm);
                add(&mut performance.early_grave, leaver.risk >= cuts.grave);
            }
            performance
        };
        [of(&self.fit, false), of(&self.holdout, true)]
    }

    fn split(&self, cuts: Cuts) -> Split {
        let mut split = Split::default();
        for (risk, arr) in &self.today {
            let part = usize::from(*risk < cuts.grave) + usize::from(*risk < cuts.alarm);
            split[part].0 += 1;
            split[part].1 += arr;
        }
        split
    }

    /// The least risk that a share of those who left in the earlier part had reached early enough.
    fn cut_for_recall(&self, share: f64) -> Option<Tenths> {
        let mut risks: Vec<Tenths> =
            self.leavers.iter().filter(|leaver| !leaver.is_late_part).map(|leaver| leaver.risk).collect();
        risks.sort_unstable_by_key(|risk| Reverse(*risk));
        // 0.7 × 10 is a little more than 7.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
        let needed = (share * risks.len() as f64 - 1e-9).ceil().max(1.0) as usize;
        risks.get(needed - 1).copied()
    }

    /// The least risk that at most so many accounts reach on any date of the earlier part and today.
    fn cut_for_capacity(&self, capacity: u64) -> Tenths {
        let mut today: Vec<Tenths> = self.today.iter().map(|(risk, _)| *risk).collect();
        today.sort_unstable_by_key(|risk| Reverse(*risk));
        let first_beyond = |risks: &Vec<Tenths>| risks.get(usize::try_from(capacity).unwrap_or(usize::MAX)).copied();
        let beyond = self.dates.iter().chain([&today]).filter_map(first_beyond).max();
        beyond.map_or(Tenths(1), |beyond| Tenths(beyond.0 + 1))
    }

    /// The most accounts that reach a risk on any date of the earlier part and today.
    fn most_at(&self, cut: Tenths) -> u64 {
        let of_date = |risks: &Vec<Tenths>| risks.partition_point(|risk| *risk >= cut);
        let today = self.today.iter().filter(|(risk, _)| *risk >= cut).count();
        self.dates.iter().map(of_date).fold(today, usize::max) as u64
    }

    /// The risk below the grave ones from which on alarms cost the least on the earlier part; of equal ones the highest.
    fn cut_for_cost(&self, false_alarm: f64, missed: f64, grave: Tenths) -> Option<Tenths> {
        let mut rows: Vec<(Tenths, bool)> = self.fit.iter().map(|row| (self.risk(row), row.churned)).collect();
        rows.sort_unstable_by_key(|(risk, _)| Reverse(*risk));
        let mut cost = rows.iter().filter(|(_, churned)| *churned).count() as f64 * missed;
        let mut best: Option<(f64, Tenths)> = None;
        let mut position = 0;
        while position < rows.len() {
            let risk = rows[position].0;
            while position < rows.len() && rows[position].0 == risk {
                cost += if rows[position].1 { -missed } else { false_alarm };
                position += 1;
            }
            if risk < grave && best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, risk));
            }
        }
        best.map(|(_, risk)| risk)
    }
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
    let cuts = match rule {
        Rule::Recall { alarm, grave } => {
            let alarm = grounds.cut_for_recall(alarm);
            let grave = grave.map_or(Some(now.grave), |share| grounds.cut_for_recall(share));
            alarm.zip(grave).map(|(alarm, grave)| Cuts { alarm, grave })
        }
        Rule::Capacity(_) => Some(Cuts { grave: grounds.cut_for_capacity(capacity.unwrap_or_default()), ..now }),
        Rule::Cost { false_alarm, missed } => {
            grounds.cut_for_cost(false_alarm, missed, now.grave).map(|alarm| Cuts { alarm, ..now })
        }
    };
    let fit = grounds.ranking(&grounds.fit);
    if !enough(fit.positives(), fit.negatives()) {
        proposal.refusals.push(Refusal::TooFew { churned: fit.positives(), retained: fit.negatives() });
        return proposal;
    }
    // A bound is more than 0 and at most 100.
    let is_possible = |cuts: &Cuts| [cuts.alarm, cuts.grave].iter().all(|cut| (1..=1000).contains(&cut.0));
    let Some(cuts) = cuts.filter(is_possible) else {
        proposal.refusals.push(Refusal::OutOfReach);
        return proposal;
    };
    let bounds = cuts.bounds(on);
    // Bounds with more decimals than scores have may part accounts in the same way.
    let bounds = if cuts == now { present } else { bounds };
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
    let holdout = grounds.ranking(&grounds.holdout);
    let (Some(fit_auc), Some(holdout_auc)) = (fit.auc(), holdout.auc()) else {
        proposal.refusals.push(Refusal::NothingToJudgeBy);
        return proposal;
    };
    let speaks = |interval: Option<Interval>| interval.is_some_and(|interval| interval.low > 0.5);
    let intervals = (fit.auc_interval(), holdout.auc_interval());
    if !speaks(intervals.0) || !speaks(intervals.1) {
        let (fit, holdout) = ((fit_auc, intervals.0), (holdout_auc, intervals.1));
        proposal.refusals.push(Refusal::NoEvidence { fit, holdout });
    }
    let Performance { grave, mild, .. } = after[1];
    // Where no account is grave by a bound that the rule leaves alone, there is nothing to hold against it.
    let churns_no_more = match grave.share().zip(mild.share()) {
        Some((grave, mild)) => grave <= mild,
        None => cuts.grave != now.grave,
    };
    if churns_no_more {
        proposal.refusals.push(Refusal::GraveChurnsNoMore { grave, mild });
    }
    if !proposal.refusals.is_empty() {
        return proposal;
    }
    let gain = gain(grounds, rule, capacity, [now, cuts], threads);
    if gain.interval.is_none_or(|interval| interval.low <= 0.0) {
        proposal.refusals.push(Refusal::NoGain);
    }
    proposal.gain = Some(gain);
    proposal
}

/// What weighted rows of the holdout come to by one pair of bounds.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    all: f64,
    churned: f64,
    flagged: f64,
    caught: f64,
}

impl Counts {
    fn add(&mut self, weight: f64, churned: bool, flagged: bool) {
        self.all += weight;
        if churned {
            self.churned += weight;
        }
        if flagged {
            self.flagged += weight;
        }
        if churned && flagged {
            self.caught += weight;
        }
    }

    /// The net benefit per row where one that leaves is worth so many false alarms: TP/N − FP/N · p/(1−p).
    fn net_benefit(self, odds: f64) -> f64 {
        (self.caught - (self.flagged - self.caught) * odds) / self.all
    }

    /// How many of those who left are among so many accounts: those that are flagged, at random where these are too many, and others at random
    /// where they are too few.
    fn caught_by(self, capacity: f64) -> f64 {
        if self.flagged > capacity {
            return self.caught * capacity / self.flagged;
        }
        let rest = self.all - self.flagged;
        let filled = (capacity - self.flagged).min(rest);
        if rest > 0.0 { self.caught + filled * (self.churned - self.caught) / rest } else { self.caught }
    }
}

/// What the second bounds gain over the first on the holdout. By cost: what is saved per account. By capacity: the share of those who left
/// that the same work catches more. By recall: the net benefit where leaving is worth as many false alarms as there are accounts that
/// stay for each that leaves, which is what is caught beyond as many alarms at random, per account.
fn gain(grounds: &Grounds<'_>, rule: Rule, capacity: Option<u64>, cuts: [Cuts; 2], threads: Threads) -> Gain {
    let mut customers: Vec<_> = grounds.holdout.iter().map(|row| row.customer).collect();
    customers.sort_unstable();
    customers.dedup();
    let cluster = |row: &Row| customers.binary_search(&row.customer).unwrap_or_default();
    let dates = {
        let mut dates: Vec<usize> = grounds.holdout.iter().map(|row| row.evaluation).collect();
        dates.dedup();
        dates
    };
    let flagged = |row: &Row, cuts: Cuts| match rule {
        Rule::Capacity(_) => grounds.risk(row) >= cuts.grave,
        Rule::Recall { .. } | Rule::Cost { .. } => grounds.risk(row) >= cuts.alarm,
    };
    let rows: Vec<(usize, usize, bool, [bool; 2])> = grounds
        .holdout
        .iter()
        .map(|row| {
            let date = dates.iter().position(|date| *date == row.evaluation).unwrap_or_default();
            (cluster(row), date, row.churned, cuts.map(|cuts| flagged(row, cuts)))
        })
        .collect();
    let base = {
        let churned = grounds.fit.iter().filter(|row| row.churned).count() as f64;
        churned / (grounds.fit.len() as f64 - churned)
    };
    let statistic = |weight: &dyn Fn(usize) -> f64| {
        let mut counts = vec![[Counts::default(); 2]; dates.len()];
        for (cluster, date, churned, flagged) in &rows {
            for (counts, flagged) in counts[*date].iter_mut().zip(flagged) {
                counts.add(weight(*cluster), *churned, *flagged);
            }
        }
        let mut all = [Counts::default(); 2];
        for (sum, side) in all.iter_mut().zip(0..) {
            let side: usize = side;
            for date in &counts {
                sum.all += date[side].all;
                sum.churned += date[side].churned;
                sum.flagged += date[side].flagged;
                sum.caught += date[side].caught;
            }
        }
        let [before, after] = all;
        if before.all <= 0.0 || before.churned <= 0.0 {
            return None;
        }
        Some(match rule {
            Rule::Recall { .. } => after.net_benefit(base) - before.net_benefit(base),
            Rule::Cost { false_alarm, missed } => {
                let cost = |counts: Counts| {
                    (counts.flagged - counts.caught) * false_alarm + (counts.churned - counts.caught) * missed
                };
                (cost(before) - cost(after)) / before.all
            }
            Rule::Capacity(_) => {
                let capacity = capacity.unwrap_or_default() as f64;
                let more: f64 =
                    counts.iter().map(|[before, after]| after.caught_by(capacity) - before.caught_by(capacity)).sum();
                more / before.churned
            }
        })
    };
    let value = statistic(&|_| 1.0).unwrap_or_default();
    let interval =
        bootstrap(customers.len(), RESAMPLES, threads, |weights| statistic(&|cluster| f64::from(weights[cluster])));
    Gain { value, interval: interval.map(|resampled| resampled.interval) }
}
