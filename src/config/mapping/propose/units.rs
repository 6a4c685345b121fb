//! In which unit the numbers of a column are, as far as header and values say.

use super::cells::Figure;
use super::header::Unit;
use super::judge::Judgement;
use crate::account::{Field, Metric};
use crate::config::mapping::{Convert, Decimal};

/// What a number measures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Measure {
    Percent,
    Ratio,
    Hours,
    Days,
    Nps,
    Csat,
    Money,
    Plain,
}

/// What the numbers of a path measure; `metric` is what stands there, where it is a metric.
pub(super) fn measure(path: &str, metric: Option<&Metric>) -> Measure {
    let Some(metric) = metric else {
        return if path == Field::Arr.path() {
            Measure::Money
        } else if path.ends_with(".usage_pct") {
            Measure::Percent
        } else {
            Measure::Plain
        };
    };
    let unit = metric.unit.as_deref().unwrap_or_default();
    let is_about = |what: &str| path.rsplit('.').next().is_some_and(|last| last.contains(what));
    match metric.range {
        _ if unit.starts_with('%') || unit.starts_with("percent") => Measure::Percent,
        Some((low, high)) if low >= -1.0 && high <= 1.0 => Measure::Ratio,
        Some((0.0, 10.0)) if is_about("nps") => Measure::Nps,
        Some((1.0, 5.0)) if is_about("csat") => Measure::Csat,
        _ if unit.starts_with("hour") => Measure::Hours,
        _ if unit.starts_with("day") => Measure::Days,
        _ => Measure::Plain,
    }
}

/// The values of a sample, as far as units show in them.
pub(super) struct Sampled {
    low: f64,
    high: f64,
    has_fractions: bool,
    pub percent: Signs,
}

/// How many cells have a percent sign.
#[derive(PartialEq)]
pub(super) enum Signs {
    All,
    Some,
    None,
}

impl Sampled {
    pub(super) fn new(figures: &[Figure], decimal: Decimal) -> Self {
        let values = || figures.iter().map(|figure| figure.value(decimal));
        let signs = figures.iter().filter(|figure| figure.is_percent).count();
        Self {
            low: values().fold(f64::INFINITY, f64::min),
            high: values().fold(f64::NEG_INFINITY, f64::max),
            has_fractions: values().any(|value| value.fract() != 0.0),
            percent: match signs {
                0 => Signs::None,
                signs if signs == figures.len() => Signs::All,
                _ => Signs::Some,
            },
        }
    }

    fn largest(&self) -> f64 {
        self.high.max(-self.low)
    }
}

/// The change of unit that header and values ask for.
pub(super) fn convert(
    measure: Measure,
    unit: Option<Unit>,
    sampled: &Sampled,
    judgement: &mut Judgement,
) -> Option<Convert> {
    if sampled.percent == Signs::Some {
        judgement.concern("some cells have a percent sign and some have none");
    }
    match measure {
        // A percent sign is understood as it stands.
        Measure::Percent | Measure::Ratio if sampled.percent != Signs::None => None,
        Measure::Percent if sampled.largest() <= 1.0 && unit != Some(Unit::Percent) => {
            if !sampled.has_fractions {
                judgement.concern("all sampled values are 0 or 1: are they ratios?");
                return None;
            }
            if unit != Some(Unit::Ratio) {
                judgement.concern("no sampled value is above 1, so they are taken as ratios");
            }
            Some(Convert::RatioToPercent)
        }
        Measure::Percent if sampled.largest() <= 1.0 && sampled.has_fractions => {
            judgement.concern("the header says percent, but no sampled value is above 1: are they ratios?");
            None
        }
        Measure::Ratio if sampled.largest() > 1.0 => {
            if unit != Some(Unit::Percent) {
                judgement.concern("there are values above 1, so they are taken as percentages");
            }
            Some(Convert::PercentToRatio)
        }
        Measure::Ratio if unit == Some(Unit::Percent) => {
            judgement.concern("the header says percent, but no sampled value is above 1");
            None
        }
        Measure::Nps if sampled.low < 0.0 || sampled.high > 10.0 => {
            judgement.concern("there are values beyond 0 to 10, so they are taken as -100 to 100");
            Some(Convert::NpsToTen)
        }
        Measure::Csat => csat(unit, sampled, judgement),
        Measure::Hours => match unit {
            Some(Unit::Hours) => None,
            Some(Unit::Days) => Some(Convert::DaysToHours),
            Some(Unit::Minutes) => Some(Convert::MinutesToHours),
            Some(Unit::Seconds) => {
                judgement.doubt("seconds must be turned into hours before");
                None
            }
            _ => {
                judgement.concern("the header names no unit; taken as hours");
                None
            }
        },
        Measure::Days => match unit {
            Some(Unit::Days) => None,
            Some(Unit::Hours) => Some(Convert::HoursToDays),
            Some(Unit::Minutes | Unit::Seconds) => {
                judgement.doubt("minutes or seconds must be turned into days before");
                None
            }
            _ => {
                judgement.concern("the header names no unit; taken as days");
                None
            }
        },
        Measure::Money => match unit {
            Some(Unit::Monthly) => {
                judgement.concern("the header says that it is per month");
                Some(Convert::MonthlyToYearly)
            }
            Some(Unit::Quarterly) => {
                judgement.concern("the header says that it is per quarter");
                Some(Convert::QuarterlyToYearly)
            }
            _ => None,
        },
        Measure::Percent | Measure::Ratio | Measure::Nps | Measure::Plain => None,
    }
}

fn csat(unit: Option<Unit>, sampled: &Sampled, judgement: &mut Judgement) -> Option<Convert> {
    if sampled.percent == Signs::All || unit == Some(Unit::Percent) {
        return Some(Convert::CsatPercentToFive);
    }
    if sampled.high <= 1.0 && sampled.has_fractions {
        judgement.doubt("no sampled value is above 1: ratios must be turned into percentages before");
        return None;
    }
    if sampled.high > 10.0 {
        judgement.concern("there are values above 10, so they are taken as percentages");
        return Some(Convert::CsatPercentToFive);
    }
    if sampled.high > 5.0 {
        judgement.concern("there are values above 5, so they are taken as 1 to 10");
        return Some(Convert::CsatTenToFive);
    }
    None
}
