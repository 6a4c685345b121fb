//! Bands of a score.

/// Bands of a score: lower bounds that meet, so that every score from 0 lies in exactly one.
#[derive(Debug, Clone, PartialEq)]
pub struct Bands {
    bounds: Vec<f64>,
}

/// Why a list of bounds makes no bands.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum BandsError {
    /// There is no bound, or the last one is not 0.
    #[error("the lowest band must start at 0")]
    OpenBelow,
    /// A bound is not a number from 0 to 100.
    #[error("a band starts at {0}, expected 0 to 100")]
    OutOfRange(f64),
    /// A bound is not below the one before it.
    #[error("a band that starts at {lower} follows one that starts at {upper}")]
    OutOfOrder {
        /// The bound before.
        upper: f64,
        /// The bound that is not below it.
        lower: f64,
    },
}

impl Bands {
    /// Bands from their lower bounds, highest first; the last is 0.
    ///
    /// # Errors
    ///
    /// Where the last bound is not 0, one is not within 0–100, or one does not lie below the one before.
    pub fn new(bounds: Vec<f64>) -> Result<Self, BandsError> {
        if bounds.last() != Some(&0.0) {
            return Err(BandsError::OpenBelow);
        }
        if let Some(bound) = bounds.iter().find(|bound| !(0.0..=100.0).contains(*bound)) {
            return Err(BandsError::OutOfRange(*bound));
        }
        match bounds.windows(2).find(|pair| pair[0] <= pair[1]) {
            Some(pair) => Err(BandsError::OutOfOrder { upper: pair[0], lower: pair[1] }),
            None => Ok(Self { bounds }),
        }
    }

    /// The band that a score lies in, by its position from the highest, 0.
    pub fn of(&self, score: f64) -> usize {
        self.bounds.iter().position(|bound| score >= *bound).unwrap_or(self.bounds.len() - 1)
    }

    /// The lower bounds, highest first.
    pub fn bounds(&self) -> &[f64] {
        &self.bounds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_meet_at_their_lower_bounds() {
        let bands = Bands::new(vec![75.0, 50.0, 0.0]).expect("ordered bounds");
        for (score, band) in [(100.0, 0), (75.0, 0), (74.9, 1), (50.0, 1), (49.9, 2), (0.0, 2)] {
            assert_eq!(bands.of(score), band, "{score}");
        }
    }

    #[test]
    fn bands_that_leave_a_gap_or_cross_are_refused() {
        for (bounds, error) in [
            (vec![], BandsError::OpenBelow),
            (vec![75.0, 50.0], BandsError::OpenBelow),
            (vec![101.0, 0.0], BandsError::OutOfRange(101.0)),
            (vec![50.0, 75.0, 0.0], BandsError::OutOfOrder { upper: 50.0, lower: 75.0 }),
            (vec![50.0, 50.0, 0.0], BandsError::OutOfOrder { upper: 50.0, lower: 50.0 }),
        ] {
            assert_eq!(Bands::new(bounds), Err(error));
        }
        assert!(Bands::new(vec![f64::NAN, 0.0]).is_err());
    }
}
