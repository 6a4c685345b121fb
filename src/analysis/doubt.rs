//! What speaks against a green score.

use super::{Assessment, Band, LOW_COVERAGE, Trend};
use crate::engine::Severity;

/// Why an account may be worse than its green score says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Doubts {
    /// Whether the overall score or that of a dimension declines against the last period.
    pub declining: bool,
    /// Whether there is a critical warning of churn.
    pub critical_warning: bool,
    /// Whether the score rests on less than [`LOW_COVERAGE`] of the model's weight.
    pub low_coverage: bool,
}

impl Doubts {
    /// The doubts about an account, at least one; `None` where it is not green or nothing speaks against it. The assessment needs its warnings.
    pub fn of(assessment: &Assessment) -> Option<Self> {
        let health = &assessment.health;
        if health.band() != Some(Band::Green) {
            return None;
        }
        let warnings = &assessment.churn.card.warnings;
        let doubts = Self {
            declining: health.trend == Trend::Declining || health.trends.contains(&Trend::Declining),
            critical_warning: warnings.iter().any(|fired| fired.severity == Some(Severity::Critical)),
            low_coverage: health.card.coverage < LOW_COVERAGE,
        };
        (doubts.declining || doubts.critical_warning || doubts.low_coverage).then_some(doubts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Fired, Grade};

    fn assessment(band: Band, trends: &[Trend], severity: Option<Severity>, coverage: f64) -> Assessment {
        let mut assessment = Assessment::default();
        assessment.health.card.grade = Some(Grade { score: 80.0, band: band as usize });
        assessment.health.card.coverage = coverage;
        assessment.health.trend = trends[0];
        assessment.health.trends = trends[1..].to_vec();
        let warning = severity.map(|severity| Fired { signal: 0, rule: 0, severity: Some(severity) });
        assessment.churn.card.warnings = warning.into_iter().collect();
        assessment
    }

    #[test]
    fn only_a_green_score_is_doubted_and_each_ground_is_enough() {
        use Trend::{Declining, Improving, NoData, Stable};
        let doubts = |declining, critical_warning, low_coverage| Doubts { declining, critical_warning, low_coverage };
        let (critical, high) = (Some(Severity::Critical), Some(Severity::High));
        for (band, trends, severity, coverage, expected) in [
            (Band::Green, [Stable, Stable, Improving], None, 1.0, None),
            (Band::Green, [Stable, Stable, NoData], high, LOW_COVERAGE, None),
            (Band::Green, [Stable, Declining, Improving], None, 1.0, Some(doubts(true, false, false))),
            (Band::Green, [Declining, Stable, Stable], None, 1.0, Some(doubts(true, false, false))),
            (Band::Green, [Stable, Stable, Stable], critical, 1.0, Some(doubts(false, true, false))),
            (Band::Green, [Stable, Stable, Stable], None, 0.599, Some(doubts(false, false, true))),
            (Band::Green, [Declining, Stable, Stable], critical, 0.0, Some(doubts(true, true, true))),
            (Band::Yellow, [Declining, Declining, Stable], critical, 0.0, None),
            (Band::Red, [Declining, Declining, Stable], critical, 0.0, None),
        ] {
            assert_eq!(Doubts::of(&assessment(band, &trends, severity, coverage)), expected, "{band:?} {trends:?}");
        }
        let mut unscored = assessment(Band::Green, &[Declining], critical, 0.0);
        unscored.health.card.grade = None;
        assert_eq!(Doubts::of(&unscored), None);
    }
}
