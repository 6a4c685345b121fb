//! What joins health and churn risk: attention and stake.

use super::{Band, Tier, Trend};

/// How soon somebody must look at an account. Ordered from the most urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attention {
    /// Today.
    Critical,
    /// This week.
    High,
    /// At the next regular touch.
    Medium,
    /// As planned.
    Low,
    /// Unknown: neither health nor churn risk is scored.
    NotScored,
}

impl Attention {
    /// All levels, from the most urgent.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::NotScored];

    /// The attention that a band, the trend of the overall score and a churn tier ask for (our choice): red is critical, and
    /// high where it improves; yellow is medium, and critical where it declines; green is low, and high
    /// where it declines. A critical tier lifts any account to critical, a high one to at least high. Where one of the two is not scored,
    /// the other decides alone.
    pub fn of(band: Option<Band>, trend: Trend, tier: Option<Tier>) -> Self {
        let by_health = band.map_or(Self::NotScored, |band| match (band, trend) {
            (Band::Red, Trend::Improving) | (Band::Green, Trend::Declining) => Self::High,
            (Band::Red, _) | (Band::Yellow, Trend::Declining) => Self::Critical,
            (Band::Yellow, _) => Self::Medium,
            (Band::Green, _) => Self::Low,
        });
        let by_churn = tier.map_or(Self::NotScored, |tier| match tier {
            Tier::Critical => Self::Critical,
            Tier::High => Self::High,
            Tier::Medium | Tier::Low => Self::Low,
        });
        by_health.min(by_churn)
    }

    /// Within how many days somebody must have acted (our choice); `None` where nothing is known.
    pub fn days_to_act(self) -> Option<i64> {
        match self {
            Self::Critical => Some(2),
            Self::High => Some(7),
            Self::Medium => Some(14),
            Self::Low => Some(30),
            Self::NotScored => None,
        }
    }

    /// The name in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::NotScored => "not_scored",
        }
    }
}

/// What is at stake in an account: ARR × risk score ÷ 100 (our choice). The urgency of the renewal is in the risk score already.
pub fn stake(arr: f64, risk_score: f64) -> f64 {
    arr * risk_score / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn health_sets_the_attention_and_churn_lifts_it() {
        for (band, trend, tier, attention) in [
            (Band::Red, Trend::Stable, Tier::Low, Attention::Critical),
            (Band::Red, Trend::NoData, Tier::Low, Attention::Critical),
            (Band::Red, Trend::Declining, Tier::Low, Attention::Critical),
            (Band::Red, Trend::Improving, Tier::Low, Attention::High),
            (Band::Red, Trend::Improving, Tier::Critical, Attention::Critical),
            (Band::Yellow, Trend::Stable, Tier::Low, Attention::Medium),
            (Band::Yellow, Trend::Improving, Tier::Medium, Attention::Medium),
            (Band::Yellow, Trend::Declining, Tier::Low, Attention::Critical),
            (Band::Yellow, Trend::Stable, Tier::High, Attention::High),
            (Band::Green, Trend::Stable, Tier::Low, Attention::Low),
            (Band::Green, Trend::Declining, Tier::Low, Attention::High),
            (Band::Green, Trend::Stable, Tier::High, Attention::High),
            (Band::Green, Trend::Stable, Tier::Critical, Attention::Critical),
        ] {
            assert_eq!(Attention::of(Some(band), trend, Some(tier)), attention, "{band:?} {trend:?} {tier:?}");
        }
    }

    #[test]
    fn what_is_scored_decides_alone() {
        for (band, trend, tier, attention) in [
            (None, Trend::NoData, Some(Tier::Critical), Attention::Critical),
            (None, Trend::NoData, Some(Tier::High), Attention::High),
            (None, Trend::NoData, Some(Tier::Medium), Attention::Low),
            (Some(Band::Red), Trend::Stable, None, Attention::Critical),
            (Some(Band::Yellow), Trend::Stable, None, Attention::Medium),
            (Some(Band::Green), Trend::Declining, None, Attention::High),
            (Some(Band::Green), Trend::Stable, None, Attention::Low),
            (None, Trend::NoData, None, Attention::NotScored),
        ] {
            assert_eq!(Attention::of(band, trend, tier), attention, "{band:?} {trend:?} {tier:?}");
        }
        assert_eq!(Attention::ALL.into_iter().max(), Some(Attention::NotScored));
    }

    #[test]
    fn the_stake_is_the_share_of_arr_that_the_risk_says() {
        for (arr, risk, expected) in [
            (100_000.0, 79.5, 79_500.0),
            (100_000.0, 100.0, 100_000.0),
            (100_000.0, 0.0, 0.0),
            (0.0, 80.0, 0.0),
            (1.0, 0.5, 0.005),
        ] {
            assert_eq!(stake(arr, risk), expected, "{arr} at {risk}");
        }
    }
}
