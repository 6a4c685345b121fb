//! Shares, and how sure they are.

/// The two-sided 95 % quantile of the normal distribution.
pub(super) const Z: f64 = 1.959_963_984_540_054;

/// A 95 % interval, both ends included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// How many of some had something happen to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rate {
    /// How many it happened to.
    pub hits: u64,
    /// Of how many.
    pub of: u64,
}

impl Rate {
    /// The rate of what happened or did not.
    pub fn of(happened: impl IntoIterator<Item = bool>) -> Self {
        let mut rate = Self::default();
        happened.into_iter().for_each(|hit| rate.count(hit));
        rate
    }

    /// Counts one more.
    pub fn count(&mut self, hit: bool) {
        self.of += 1;
        self.hits += u64::from(hit);
    }

    /// hits ÷ of, 0–1; `None` of none.
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }

    /// The 95 % interval of the share by Wilson (1927), doi 10.2307/2276774: with p = hits ÷ of,
    /// [p + z²/2n ± z√(p(1−p)/n + z²/4n²)] ÷ (1 + z²/n). `None` of none.
    pub fn wilson(self) -> Option<Interval> {
        let share = self.share()?;
        let count = self.of as f64;
        let middle = share + Z * Z / (2.0 * count);
        let reach = Z * (share * (1.0 - share) / count + Z * Z / (4.0 * count * count)).sqrt();
        let whole = 1.0 + Z * Z / count;
        // The ends of none and of all are exactly 0 and 1, which rounding may miss.
        let low = if self.hits == 0 { 0.0 } else { ((middle - reach) / whole).max(0.0) };
        let high = if self.hits == self.of { 1.0 } else { ((middle + reach) / whole).min(1.0) };
        Some(Interval { low, high })
    }
}

/// The mean squared distance of forecasts, 0–1, from what happened; `None` of none.
pub fn brier(forecasts: &[(f64, bool)]) -> Option<f64> {
    let squares = forecasts.iter().map(|(forecast, happened)| (forecast - f64::from(u8::from(*happened))).powi(2));
    (!forecasts.is_empty()).then(|| squares.sum::<f64>() / forecasts.len() as f64)
}

/// 1 − Brier ÷ (π(1−π)), where π is the share of what happened: 1 for perfect forecasts, 0 for those that are π throughout. `None` where
/// all or none happened.
pub fn skill(forecasts: &[(f64, bool)]) -> Option<f64> {
    let base = forecasts.iter().filter(|(_, happened)| *happened).count() as f64 / forecasts.len() as f64;
    let uncertainty = base * (1.0 - base);
    (uncertainty > 0.0).then_some(())?;
    Some(1.0 - brier(forecasts)? / uncertainty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_none_and_of_all_are_exact() {
        for of in [1, 3, 29, 1_000_000] {
            assert_eq!(Rate { hits: 0, of }.wilson().map(|interval| interval.low), Some(0.0));
            assert_eq!(Rate { hits: of, of }.wilson().map(|interval| interval.high), Some(1.0));
        }
        assert_eq!(Rate::default().wilson(), None);
        assert_eq!(Rate::default().share(), None);
    }

    #[test]
    fn a_forecast_of_the_base_rate_has_no_skill() {
        let pairs = [(0.25, true), (0.25, false), (0.25, false), (0.25, false)];
        assert_eq!((brier(&pairs), skill(&pairs)), (Some(0.1875), Some(0.0)));
        assert_eq!((brier(&[]), skill(&[])), (None, None));
        assert_eq!(skill(&[(0.5, true)]), None);
        assert_eq!(skill(&[(1.0, true), (0.0, false)]), Some(1.0));
    }
}
