//! How well an order foretells which of two kinds something is of.

use super::rate::Z;
use super::{Interval, Rate};

/// One thing in an order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// What it is ordered by; not NaN.
    pub value: f64,
    /// Whether it is one of those that are expected at the high end.
    pub positive: bool,
    /// What it shares with others that do not vary on their own: the account.
    pub cluster: u32,
}

/// Things in order, with what the figures need of each.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The highest value first.
    rows: Vec<Ranked>,
    positives: u64,
}

impl Ranking {
    /// A ranking of things in any order.
    pub fn new(mut rows: Vec<Ranked>) -> Self {
        // −0 and 0 are one value. Equal values have an order too: sums run in it, and their last digit would tell how rows came in.
        rows.sort_unstable_by(|a, b| {
            let by_value = (b.value + 0.0).total_cmp(&(a.value + 0.0));
            by_value.then(a.cluster.cmp(&b.cluster)).then(a.positive.cmp(&b.positive))
        });
        let positives = rows.iter().filter(|row| row.positive).count() as u64;
        Self { rows, positives }
    }

    /// How many positive ones there are.
    pub fn positives(&self) -> u64 {
        self.positives
    }

    /// How many others there are.
    pub fn negatives(&self) -> u64 {
        self.rows.len() as u64 - self.positives
    }

    /// How many clusters have a positive one, and how many have another.
    pub fn clusters(&self) -> [u64; 2] {
        [true, false].map(|kind| {
            let mut clusters: Vec<u32> =
                self.rows.iter().filter(|row| row.positive == kind).map(|row| row.cluster).collect();
            clusters.sort_unstable();
            clusters.dedup();
            clusters.len() as u64
        })
    }

    /// Runs of equal values, the highest first.
    fn ties(&self) -> impl Iterator<Item = &[Ranked]> {
        self.rows.chunk_by(|a, b| a.value == b.value)
    }

    /// The chance that of a positive one and another the positive one has the higher value, ties half: the area under the ROC curve,
    /// (R₁ − n₁(n₁+1)/2) ÷ (n₁·n₀) with R₁ the sum of the positives' midranks. `None` where one kind is missing.
    pub fn auc(&self) -> Option<f64> {
        let (positives, negatives) = (self.positives(), self.negatives());
        if positives == 0 || negatives == 0 {
            return None;
        }
        // Pairs in halves, which are whole numbers.
        let mut below = negatives;
        let mut halves: u128 = 0;
        for tie in self.ties() {
            let of_tie = tie.iter().filter(|row| row.positive).count() as u64;
            let others = tie.len() as u64 - of_tie;
            below -= others;
            halves += u128::from(of_tie) * u128::from(2 * below + others);
        }
        Some(halves as f64 / 2.0 / (positives as f64 * negatives as f64))
    }

    /// The 95 % interval of the AUC by the variance of DeLong (1988), doi 10.2307/2531595, with what things of one cluster add to it by
    /// Obuchowski (1997), doi 10.2307/2533958; both are the same where each thing is a cluster of its own. Within 0–1.
    ///
    /// An order without a fault has no variance; then the interval is that of Wilson for as many successes as the rarer kind has clusters,
    /// since so many chances there were to find one (our choice). With a fault or two it is narrower than that. Where all values are equal
    /// it is 0.5 to 0.5: such an order says nothing, whatever comes. `None` where one kind is missing or has a single cluster, and where
    /// clusters are so alike that what they add cancels out.
    pub fn auc_interval(&self) -> Option<Interval> {
        /// A variance below this is what rounding left of none: a single fault among 10⁵ × 10⁷ pairs gives more.
        const NONE: f64 = 1e-25;
        /// So little of what the rows add is what rounding left of them where they cancel out.
        const CANCELLED: f64 = 1e-9;
        let auc = self.auc()?;
        let variance = self.auc_variance()?;
        if auc <= 0.0 || auc >= 1.0 {
            let of = variance.fewest_clusters;
            return Rate { hits: if auc >= 1.0 { of } else { 0 }, of }.wilson();
        }
        if variance.value < NONE.max(variance.of_rows * CANCELLED) {
            return (self.ties().count() == 1).then_some(Interval { low: auc, high: auc });
        }
        let reach = Z * variance.value.sqrt();
        Some(Interval { low: (auc - reach).max(0.0), high: (auc + reach).min(1.0) })
    }

    fn auc_variance(&self) -> Option<Variance> {
        let auc = self.auc()?;
        let (positives, negatives) = (self.positives() as f64, self.negatives() as f64);
        // For each thing the share of the other kind that it is on the right side of, ties half, summed by cluster.
        let mut clusters: Vec<Cluster> = Vec::with_capacity(self.rows.len());
        let (mut above, mut below) = (0.0, negatives);
        for tie in self.ties() {
            let of_tie = tie.iter().filter(|row| row.positive).count() as f64;
            let others = tie.len() as f64 - of_tie;
            below -= others;
            for row in tie {
                clusters.push(if row.positive {
                    let share = (below + others / 2.0) / negatives;
                    Cluster { id: row.cluster, positives: 1.0, of_positives: share - auc, ..Cluster::default() }
                } else {
                    let share = (above + of_tie / 2.0) / positives;
                    Cluster { id: row.cluster, negatives: 1.0, of_negatives: share - auc, ..Cluster::default() }
                });
            }
            above += of_tie;
        }
        clusters.sort_by_key(|cluster| cluster.id);
        let sums: Vec<Cluster> = clusters
            .chunk_by(|a, b| a.id == b.id)
            .map(|of_one| of_one.iter().fold(Cluster::default(), Cluster::with))
            .collect();
        let with_positives = sums.iter().filter(|cluster| cluster.positives > 0.0).count();
        let with_negatives = sums.iter().filter(|cluster| cluster.negatives > 0.0).count();
        if with_positives < 2 || with_negatives < 2 {
            return None;
        }
        let spread = |count: usize, sum: f64| count as f64 / (count as f64 - 1.0) * sum;
        let s10 = spread(with_positives, sums.iter().map(|cluster| cluster.of_positives.powi(2)).sum()) / positives;
        let s01 = spread(with_negatives, sums.iter().map(|cluster| cluster.of_negatives.powi(2)).sum()) / negatives;
        let s11 = spread(sums.len(), sums.iter().map(|cluster| cluster.of_positives * cluster.of_negatives).sum());
        let of_rows = s10 / positives + s01 / negatives;
        let value = of_rows + 2.0 * s11 / (positives * negatives);
        Some(Variance { value, of_rows, fewest_clusters: with_positives.min(with_negatives) as u64 })
    }

    /// The standard error of the AUC A by Hanley and McNeil (1982), doi 10.1148/radiology.143.1.7063747, which looks at nothing but A and the
    /// counts: SE² = [A(1−A) + (n₁−1)(Q₁−A²) + (n₀−1)(Q₂−A²)] ÷ (n₁n₀), Q₁ = A/(2−A), Q₂ = 2A²/(1+A). `None` where one kind is
    /// missing.
    pub fn hanley_mcneil_error(&self) -> Option<f64> {
        let auc = self.auc()?;
        let (positives, negatives) = (self.positives() as f64, self.negatives() as f64);
        let (square, first, second) = (auc * auc, auc / (2.0 - auc), 2.0 * auc * auc / (1.0 + auc));
        let sum = auc * (1.0 - auc) + (positives - 1.0) * (first - square) + (negatives - 1.0) * (second - square);
        Some((sum.max(0.0) / (positives * negatives)).sqrt())
    }

    /// Average precision: Σ (recall gained at a value) × (precision there), equal values in one step. `None` without positive ones.
    pub fn average_precision(&self) -> Option<f64> {
        if self.positives == 0 {
            return None;
        }
        let (mut seen, mut found, mut sum) = (0.0, 0.0, 0.0);
        for tie in self.ties() {
            let of_tie = tie.iter().filter(|row| row.positive).count() as f64;
            seen += tie.len() as f64;
            found += of_tie;
            sum += of_tie * found / seen;
        }
        Some(sum / self.positives as f64)
    }

    /// The share of the positive ones that the highest `share` (0–1) of all holds, by that share: 1 is chance. Equal values at the cut share
    /// their positive ones evenly. `None` without positive ones or for a share of 0.
    pub fn lift(&self, share: f64) -> Option<f64> {
        if self.positives == 0 || share <= 0.0 {
            return None;
        }
        let mut left = share.min(1.0) * self.rows.len() as f64;
        let mut found = 0.0;
        for tie in self.ties() {
            let taken = (tie.len() as f64).min(left);
            found += tie.iter().filter(|row| row.positive).count() as f64 * taken / tie.len() as f64;
            left -= taken;
            if left <= 0.0 {
                break;
            }
        }
        Some(found / self.positives as f64 / share.min(1.0))
    }

    /// The most that the lift of a share could be: min(1/π, 1/share), π being the share of positive ones.
    pub fn lift_ceiling(&self, share: f64) -> Option<f64> {
        let most = self.rows.len() as f64 / self.positives as f64;
        (self.positives > 0 && share > 0.0).then(|| most.min(1.0 / share.min(1.0)))
    }

    /// The share of the positive ones, by the share of all that is looked at from the highest value on, both 0–1, from (0, 0) to (1, 1); equal
    /// values in one step, and at most `most` steps (no fewer than one), evenly chosen. Empty without positive ones.
    pub fn gains(&self, most: usize) -> Vec<(f64, f64)> {
        if self.positives == 0 {
            return Vec::new();
        }
        let (mut seen, mut found) = (0.0, 0.0);
        let steps: Vec<(f64, f64)> = self
            .ties()
            .map(|tie| {
                seen += tie.len() as f64;
                found += tie.iter().filter(|row| row.positive).count() as f64;
                (seen / self.rows.len() as f64, found / self.positives as f64)
            })
            .collect();
        let count = most.max(1).min(steps.len());
        let chosen = (1..=count).map(|step| steps[step * steps.len() / count - 1]);
        std::iter::once((0.0, 0.0)).chain(chosen).collect()
    }
}

/// What one cluster adds to the variance.
#[derive(Debug, Clone, Copy, Default)]
struct Cluster {
    id: u32,
    positives: f64,
    negatives: f64,
    /// Σ over its positive ones of their share of right pairs − AUC.
    of_positives: f64,
    /// The same over the others.
    of_negatives: f64,
}

impl Cluster {
    fn with(self, other: &Self) -> Self {
        Self {
            id: other.id,
            positives: self.positives + other.positives,
            negatives: self.negatives + other.negatives,
            of_positives: self.of_positives + other.of_positives,
            of_negatives: self.of_negatives + other.of_negatives,
        }
    }
}

struct Variance {
    value: f64,
    /// What it would be if the two kinds of a cluster had nothing to do with each other.
    of_rows: f64,
    /// Of the kind that has fewer.
    fewest_clusters: u64,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(value: f64, positive: bool, cluster: u32) -> Ranked {
        Ranked { value, positive, cluster }
    }

    /// The mean of some figures, and the variance of that mean.
    fn mean(figures: &[f64]) -> (f64, f64) {
        let count = figures.len() as f64;
        let mean = figures.iter().sum::<f64>() / count;
        let squares: f64 = figures.iter().map(|figure| (figure - mean).powi(2)).sum();
        (mean, squares / (count - 1.0) / count)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn where_each_row_is_its_own_cluster_the_variance_is_that_of_delong(
            rows in prop::collection::vec((-6_i8..6, any::<bool>()), 0..60)
        ) {
            let rows: Vec<_> = (0..).zip(rows).map(|(cluster, (value, positive))| row(value.into(), positive, cluster)).collect();
            let (positives, others): (Vec<&Ranked>, Vec<&Ranked>) = rows.iter().partition(|one| one.positive);
            prop_assume!(positives.len() > 1 && others.len() > 1);
            let right = |a: &Ranked, b: &Ranked| f64::midpoint((a.value > b.value).into(), (a.value >= b.value).into());
            let of_positive = |a: &&Ranked| mean(&others.iter().map(|b| right(a, b)).collect::<Vec<_>>()).0;
            let of_other = |b: &&Ranked| mean(&positives.iter().map(|a| right(a, b)).collect::<Vec<_>>()).0;
            let (first, second): (Vec<f64>, Vec<f64>) =
                (positives.iter().map(of_positive).collect(), others.iter().map(of_other).collect());
            let expected = mean(&first).1 + mean(&second).1;
            let found = Ranking::new(rows.clone()).auc_variance().map(|variance| variance.value);
            prop_assert!(found.is_some_and(|found| (found - expected).abs() < 1e-12), "{found:?}, expected {expected}");
        }

        #[test]
        fn accounts_that_never_change_tell_nothing_of_those_that_leave(values in prop::collection::vec(-1_000_i16..1_000, 2..200)) {
            // Each leaves once and stays once, with the same value.
            let pair = |(cluster, value): (u32, &i16)| [true, false].map(|positive| row((*value).into(), positive, cluster));
            let ranking = Ranking::new((0..).zip(&values).flat_map(pair).collect());
            let is_one_value = values.iter().all(|value| *value == values[0]);
            prop_assert_eq!(ranking.auc_interval().is_some(), is_one_value, "{:?}", ranking.auc_interval());
        }
    }

    #[test]
    fn a_cluster_counts_once_of_a_kind() {
        let rows = [(1, true), (1, false), (1, false), (2, false), (3, true), (3, true)];
        let ranking = Ranking::new(rows.iter().map(|(cluster, positive)| row(1.0, *positive, *cluster)).collect());
        assert_eq!((ranking.positives(), ranking.negatives(), ranking.clusters()), (3, 3, [2, 2]));
    }

    #[test]
    fn an_order_without_a_fault_is_not_taken_for_certain() {
        for of in [2_u32, 3, 30, 400] {
            for is_right in [true, false] {
                let rows = (0..2 * of).map(|place| row(f64::from(place), (place >= of) == is_right, place));
                let interval = Ranking::new(rows.collect()).auc_interval().expect("an interval");
                assert!(interval.high - interval.low > 1.0 / f64::from(of), "{of}: {interval:?}");
            }
        }
    }
}
