//! Changes of unit.

/// A change of unit: what becomes of the number in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Convert {
    /// v ÷ 100
    PercentToRatio,
    /// v × 100
    RatioToPercent,
    /// v × 24
    DaysToHours,
    /// v ÷ 24
    HoursToDays,
    /// v ÷ 60
    MinutesToHours,
    /// NPS from −100–100 to 0–10: (v + 100) ÷ 20; our choice.
    NpsToTen,
    /// CSAT from 0–100 % to 1–5: 1 + v ÷ 25; our choice.
    CsatPercentToFive,
    /// CSAT from 1–10 to 1–5: 1 + (v − 1) × 4 ÷ 9; our choice.
    CsatTenToFive,
    /// v × 12
    MonthlyToYearly,
    /// v × 4
    QuarterlyToYearly,
}

impl Convert {
    /// All changes of unit, in the order in which they are listed.
    pub const ALL: [Self; 10] = [
        Self::PercentToRatio,
        Self::RatioToPercent,
        Self::DaysToHours,
        Self::HoursToDays,
        Self::MinutesToHours,
        Self::NpsToTen,
        Self::CsatPercentToFive,
        Self::CsatTenToFive,
        Self::MonthlyToYearly,
        Self::QuarterlyToYearly,
    ];

    /// The word of the change in a mapping.
    pub fn name(self) -> &'static str {
        match self {
            Self::PercentToRatio => "percent-to-ratio",
            Self::RatioToPercent => "ratio-to-percent",
            Self::DaysToHours => "days-to-hours",
            Self::HoursToDays => "hours-to-days",
            Self::MinutesToHours => "minutes-to-hours",
            Self::NpsToTen => "nps-to-ten",
            Self::CsatPercentToFive => "csat-percent-to-five",
            Self::CsatTenToFive => "csat-ten-to-five",
            Self::MonthlyToYearly => "monthly-to-yearly",
            Self::QuarterlyToYearly => "quarterly-to-yearly",
        }
    }

    /// The number in the new unit; it is not finite where that is too large.
    pub fn apply(self, v: f64) -> f64 {
        match self {
            Self::PercentToRatio => v / 100.0,
            Self::RatioToPercent => v * 100.0,
            Self::DaysToHours => v * 24.0,
            Self::HoursToDays => v / 24.0,
            Self::MinutesToHours => v / 60.0,
            Self::NpsToTen => (v + 100.0) / 20.0,
            Self::CsatPercentToFive => 1.0 + v / 25.0,
            Self::CsatTenToFive => 1.0 + (v - 1.0) * 4.0 / 9.0,
            Self::MonthlyToYearly => v * 12.0,
            Self::QuarterlyToYearly => v * 4.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_keep_their_ends() {
        for (convert, from, to) in [
            (Convert::PercentToRatio, 85.0, 0.85),
            (Convert::RatioToPercent, 0.25, 25.0),
            (Convert::DaysToHours, 1.5, 36.0),
            (Convert::HoursToDays, 36.0, 1.5),
            (Convert::MinutesToHours, 90.0, 1.5),
            (Convert::NpsToTen, -100.0, 0.0),
            (Convert::NpsToTen, 0.0, 5.0),
            (Convert::NpsToTen, 100.0, 10.0),
            (Convert::CsatPercentToFive, 0.0, 1.0),
            (Convert::CsatPercentToFive, 100.0, 5.0),
            (Convert::CsatTenToFive, 1.0, 1.0),
            (Convert::CsatTenToFive, 10.0, 5.0),
            (Convert::MonthlyToYearly, 1_000.0, 12_000.0),
            (Convert::QuarterlyToYearly, 1_000.0, 4_000.0),
        ] {
            assert_eq!(convert.apply(from), to, "{}", convert.name());
        }
    }
}
