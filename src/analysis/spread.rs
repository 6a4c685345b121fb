//! How scores spread over a portfolio.

/// Scores by tenths of a point, from which their median comes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spread {
    tenths: Vec<u64>,
}

impl Default for Spread {
    fn default() -> Self {
        Self { tenths: vec![0; 1001] }
    }
}

impl Spread {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "scores lie within 0–100")]
    pub(super) fn add(&mut self, score: f64) {
        let tenth = (score * 10.0).round() as usize;
        self.tenths[tenth.min(1000)] += 1;
    }

    /// The middle score, or the mean of the two in the middle.
    pub(super) fn median(&self) -> Option<f64> {
        let count: u64 = self.tenths.iter().sum();
        if count == 0 {
            return None;
        }
        let at = |rank: u64| {
            let mut seen = 0;
            let tenth = self.tenths.iter().position(|count| {
                seen += count;
                seen > rank
            });
            tenth.unwrap_or(1000) as f64 / 10.0
        };
        Some(f64::midpoint(at((count - 1) / 2), at(count / 2)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_two() {
        for (scores, median) in [
            (&[] as &[f64], None),
            (&[72.3], Some(72.3)),
            (&[10.0, 100.0, 50.1], Some(50.1)),
            (&[10.0, 20.0, 30.0, 0.0], Some(15.0)),
        ] {
            let mut spread = Spread::default();
            for score in scores {
                spread.add(*score);
            }
            assert_eq!(spread.median(), median, "{scores:?}");
        }
    }
}
