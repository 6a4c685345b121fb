//! When something of the engagement applies to an account.

use super::{Assessment, Assessor, Band, Condition, Tier, Trend};
use crate::account::{Account, Profile};
use crate::engine::Slot;

/// Where something applies: all that is asked must hold, and what is left open makes no difference. What is not scored is in no band and in
/// no tier.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Occasion {
    /// All of these must be met.
    pub conditions: Vec<Condition>,
    /// Only in these health bands; empty: in all.
    pub bands: Vec<Band>,
    /// Only in these churn tiers; empty: in all.
    pub tiers: Vec<Tier>,
    /// Only where attention goes by one of these trends; empty: by any.
    pub trends: Vec<Trend>,
    /// Only in these segments; empty: in all.
    pub profiles: Vec<Profile>,
    /// Only where expansion is proposed (`Some(true)`), or only where it is not.
    pub gate_opens: Option<bool>,
}

/// What occasions look at: an account, and what the models say of it.
#[derive(Debug, Clone)]
pub struct Situation<'a> {
    account: &'a Account,
    band: Option<Band>,
    tier: Option<Tier>,
    trend: Trend,
    gate_opens: bool,
    /// The metrics that are too old for a signal.
    stale: Vec<Slot>,
}

impl Assessor<'_> {
    /// What occasions look at; needs an assessment of health and churn that this assessor made of the account.
    pub fn situation<'a>(&self, account: &'a Account, assessment: &Assessment) -> Situation<'a> {
        let Assessment { health, churn, .. } = assessment;
        let (band, tier) = (health.band(), churn.tier());
        let stale = self.health.model.stale(&health.card).chain(self.churn.model.stale(&churn.card));
        Situation {
            account,
            band,
            tier,
            trend: health.attention_trend,
            gate_opens: self.expansion.gate.opens(band, tier),
            stale: stale.collect(),
        }
    }
}

impl<'a> Situation<'a> {
    /// The account.
    pub fn account(&self) -> &'a Account {
        self.account
    }

    /// Whether something applies.
    pub fn meets(&self, occasion: &Occasion) -> bool {
        (occasion.bands.is_empty() || self.band.is_some_and(|band| occasion.bands.contains(&band)))
            && (occasion.tiers.is_empty() || self.tier.is_some_and(|tier| occasion.tiers.contains(&tier)))
            && (occasion.trends.is_empty() || occasion.trends.contains(&self.trend))
            && (occasion.profiles.is_empty() || occasion.profiles.contains(&self.account.profile))
            && occasion.gate_opens.is_none_or(|opens| opens == self.gate_opens)
            && occasion
                .conditions
                .iter()
                .all(|condition| condition.holds(self.account, |slot| self.stale.contains(&slot)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Row, Test, Value};

    #[test]
    fn an_occasion_asks_for_all_that_it_names() {
        let mut account = Account { profile: Profile(1), row: Row::new(2), ..Account::default() };
        account.row.set(Slot(0), Value::Number(3.0));
        let situation = Situation {
            account: &account,
            band: Some(Band::Yellow),
            tier: None,
            trend: Trend::Declining,
            gate_opens: false,
            stale: Vec::new(),
        };
        let at_least = |slot, bound| Condition { slot: Slot(slot), test: Test::AtLeast(bound) };
        let open = Occasion::default;
        for (occasion, applies) in [
            (open(), true),
            (Occasion { conditions: vec![at_least(0, 3.0)], ..open() }, true),
            (Occasion { conditions: vec![at_least(0, 3.0), at_least(0, 3.1)], ..open() }, false),
            (Occasion { conditions: vec![at_least(1, -100.0)], ..open() }, false),
            (Occasion { bands: vec![Band::Red, Band::Yellow], ..open() }, true),
            (Occasion { bands: vec![Band::Green], ..open() }, false),
            (Occasion { bands: vec![Band::Yellow], trends: vec![Trend::Declining], ..open() }, true),
            (Occasion { bands: vec![Band::Yellow], trends: vec![Trend::Stable], ..open() }, false),
            // What is not scored is in no tier.
            (Occasion { tiers: Tier::ALL.to_vec(), ..open() }, false),
            (Occasion { profiles: vec![Profile(1)], ..open() }, true),
            (Occasion { profiles: vec![Profile(0)], ..open() }, false),
            (Occasion { gate_opens: Some(false), ..open() }, true),
            (Occasion { gate_opens: Some(true), ..open() }, false),
        ] {
            assert_eq!(situation.meets(&occasion), applies, "{occasion:?}");
        }
        let stale = Situation { stale: vec![Slot(0)], ..situation };
        assert!(!stale.meets(&Occasion { conditions: vec![at_least(0, 3.0)], ..open() }));
    }
}
