//! How the team works with accounts: the stages of a renewal, escalations, strategic accounts, and what to say in a meeting.

use chrono::{Days, NaiveDate};

use super::{Occasion, Situation};
use crate::account::{Account, Field, Part, Profile};
use crate::engine::Slot;

/// How the team works with accounts. What people read of it stands in the model's wording, by the same positions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Engagement {
    /// The stages of a renewal, the earliest first, each by the days before the decision on which it begins.
    pub renewal: Vec<u32>,
    /// When whom to call in, in the order of the model.
    pub escalations: Vec<Escalation>,
    /// Which accounts are strategic; `None` where the model calls none so.
    pub strategic: Option<Strategic>,
    /// What is worth saying in a meeting.
    pub talking_points: Vec<Occasion>,
    /// What the customer may object.
    pub objections: Vec<Occasion>,
    /// What is better not raised.
    pub avoid: Vec<Occasion>,
}

/// A reason to call in somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Escalation {
    /// Where it applies; `None` where only people can tell.
    pub occasion: Option<Occasion>,
    /// Within how many hours somebody must have spoken to the CSM or to the customer.
    pub hours: u32,
}

/// Which accounts are strategic, and what a review with them cannot do without.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Strategic {
    /// The accounts of these segments are strategic.
    pub profiles: Vec<Profile>,
    /// So are those with this ARR or more, in the portfolio's currency.
    pub min_arr: Option<f64>,
    /// What must be known of them.
    pub needs: Vec<Need>,
}

/// Something that must be known of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Need {
    /// A metric.
    Metric(Slot),
    /// A field.
    Field(Field),
    /// At least one module.
    Modules,
    /// A part of the notes for reviews.
    Review(Part),
}

/// Whether the notes for reviews were read, so that their absence says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reviews {
    /// They were.
    Read,
    /// They were not.
    Unread,
}

/// One stage of the renewal of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenewalStage {
    /// The position of the stage.
    pub stage: usize,
    /// The day on which it begins: the day of the decision less the days of the stage.
    pub due: NaiveDate,
    /// Where it stands.
    pub progress: Progress,
}

/// Where a stage of a renewal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// A later stage has begun: its steps should be done.
    Past,
    /// Its steps are due now.
    Current,
    /// It has not begun.
    Ahead,
}

/// What a meeting with an account is prepared with, by position, in the order of the model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prompts {
    /// What is worth saying.
    pub talking_points: Vec<usize>,
    /// What the customer may object.
    pub objections: Vec<usize>,
    /// What is better not raised.
    pub avoid: Vec<usize>,
}

impl Engagement {
    /// The stages of a renewal that is decided on a day, the earliest first. The last one that has begun is current, also once the day has passed.
    pub fn renewal_stages(&self, decided: NaiveDate, as_of: NaiveDate) -> Vec<RenewalStage> {
        let due = |days: u32| decided.checked_sub_days(Days::new(days.into()));
        let stages = self.renewal.iter().enumerate().filter_map(|(stage, days)| Some((stage, due(*days)?)));
        let mut stages: Vec<RenewalStage> =
            stages.map(|(stage, due)| RenewalStage { stage, due, progress: Progress::Ahead }).collect();
        let begun = stages.iter().take_while(|stage| stage.due <= as_of).count();
        for stage in &mut stages[..begun] {
            stage.progress = Progress::Past;
        }
        if let Some(last) = stages[..begun].last_mut() {
            last.progress = Progress::Current;
        }
        stages
    }

    /// The stage of a renewal whose steps are due; `None` before the first.
    pub fn current_stage(&self, decided: NaiveDate, as_of: NaiveDate) -> Option<RenewalStage> {
        self.renewal_stages(decided, as_of).into_iter().find(|stage| stage.progress == Progress::Current)
    }

    /// The escalations that apply, by position, the most urgent response first.
    pub fn escalations(&self, situation: &Situation<'_>) -> Vec<usize> {
        let applying =
            self.escalations.iter().enumerate().filter(|(_, escalation)| {
                escalation.occasion.as_ref().is_some_and(|occasion| situation.meets(occasion))
            });
        let mut positions: Vec<usize> = applying.map(|(position, _)| position).collect();
        positions.sort_by_key(|position| self.escalations[*position].hours);
        positions
    }

    /// The escalations that only people can tell, by position.
    pub fn manual_escalations(&self) -> impl Iterator<Item = usize> {
        let manual = self.escalations.iter().enumerate().filter(|(_, escalation)| escalation.occasion.is_none());
        manual.map(|(position, _)| position)
    }

    /// Whether an account is strategic.
    pub fn is_strategic(&self, account: &Account) -> bool {
        self.strategic.as_ref().is_some_and(|strategic| {
            strategic.profiles.contains(&account.profile) || strategic.min_arr.is_some_and(|least| account.arr >= least)
        })
    }

    /// What a review with a strategic account cannot do without.
    pub fn needs(&self) -> &[Need] {
        self.strategic.as_ref().map_or(&[], |strategic| &strategic.needs)
    }

    /// The needs that an account does not meet, strategic or not, in the order of the model. What was not read, metrics among it, is
    /// lacking; only the notes for reviews are then left out.
    pub fn lacking(&self, account: &Account, reviews: Reviews) -> Vec<Need> {
        let lacks = |need: &Need| match *need {
            Need::Metric(slot) => account.row.get(slot).is_absent(),
            Need::Field(field) => account.lacks(field),
            Need::Modules => account.footprint.modules.iter().next().is_none(),
            Need::Review(part) => reviews == Reviews::Read && account.lacks_part(part),
        };
        self.needs().iter().copied().filter(lacks).collect()
    }

    /// What a meeting with an account is prepared with.
    pub fn prompts(&self, situation: &Situation<'_>) -> Prompts {
        let applying = |occasions: &[Occasion]| {
            let applying = occasions.iter().enumerate().filter(|(_, occasion)| situation.meets(occasion));
            applying.map(|(position, _)| position).collect()
        };
        Prompts {
            talking_points: applying(&self.talking_points),
            objections: applying(&self.objections),
            avoid: applying(&self.avoid),
        }
    }

    /// The metrics that it looks at; one may stand there twice.
    pub fn slots(&self) -> impl Iterator<Item = Slot> {
        let escalations = self.escalations.iter().filter_map(|escalation| escalation.occasion.as_ref());
        let occasions = escalations.chain(&self.talking_points).chain(&self.objections).chain(&self.avoid);
        let conditions = occasions.flat_map(|occasion| &occasion.conditions).map(|condition| condition.slot);
        conditions.chain(self.needs().iter().filter_map(|need| match need {
            Need::Metric(slot) => Some(*slot),
            _ => None,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Goal, Review};
    use crate::engine::{Row, Value};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn the_last_stage_that_has_begun_is_current() {
        use Progress::{Ahead, Current, Past};
        let engagement = Engagement { renewal: vec![120, 90, 60, 30], ..Engagement::default() };
        let decided = day("2026-12-31");
        for (days_left, progress) in [
            (121, [Ahead, Ahead, Ahead, Ahead]),
            (120, [Current, Ahead, Ahead, Ahead]),
            (91, [Current, Ahead, Ahead, Ahead]),
            (90, [Past, Current, Ahead, Ahead]),
            (75, [Past, Current, Ahead, Ahead]),
            (60, [Past, Past, Current, Ahead]),
            (31, [Past, Past, Current, Ahead]),
            (30, [Past, Past, Past, Current]),
            (0, [Past, Past, Past, Current]),
            (-10, [Past, Past, Past, Current]),
        ] {
            let as_of = decided - chrono::Duration::days(days_left);
            let stages = engagement.renewal_stages(decided, as_of);
            assert_eq!(stages.iter().map(|stage| stage.progress).collect::<Vec<_>>(), progress, "{days_left}");
            let current = progress.iter().position(|progress| *progress == Current);
            assert_eq!(engagement.current_stage(decided, as_of).map(|stage| stage.stage), current, "{days_left}");
        }
        let due: Vec<_> = engagement.renewal_stages(decided, decided).iter().map(|stage| stage.due).collect();
        assert_eq!(due, [day("2026-09-02"), day("2026-10-02"), day("2026-11-01"), day("2026-12-01")]);
        assert_eq!(engagement.renewal_stages(NaiveDate::MIN, decided), [], "no day lies before the first");
    }

    #[test]
    fn a_segment_or_the_arr_makes_an_account_strategic() {
        let strategic = Strategic { profiles: vec![Profile(0)], min_arr: Some(250_000.0), needs: Vec::new() };
        let engagement = Engagement { strategic: Some(strategic), ..Engagement::default() };
        for (profile, arr, is_strategic) in
            [(0, 0.0, true), (1, 249_999.99, false), (1, 250_000.0, true), (1, 250_000.01, true)]
        {
            let account = Account { profile: Profile(profile), arr, ..Account::default() };
            assert_eq!(engagement.is_strategic(&account), is_strategic, "{profile} {arr}");
            assert!(!Engagement::default().is_strategic(&account));
        }
    }

    #[test]
    fn what_is_unknown_is_lacking_and_unread_notes_are_not_judged() {
        let needs = vec![
            Need::Metric(Slot(0)),
            Need::Field(Field::Owner),
            Need::Field(Field::Arr),
            Need::Modules,
            Need::Review(Part::at("qbr.goals").expect("a part")),
            Need::Review(Part::at("qbr.attendees").expect("a part")),
        ];
        let strategic = Some(Strategic { needs: needs.clone(), ..Strategic::default() });
        let engagement = Engagement { strategic, ..Engagement::default() };
        let mut account = Account { row: Row::new(1), ..Account::default() };
        assert_eq!(engagement.lacking(&account, Reviews::Read), needs);
        assert_eq!(engagement.lacking(&account, Reviews::Unread), needs[..4]);
        account.row.set(Slot(0), Value::Flag(false));
        account.owner = "Kim".to_owned();
        account.arr = 1.0;
        account.footprint.modules.push(crate::account::Module { name: "a", adopted: false, usage_pct: 0.0 });
        account.review = Some(Box::new(Review { goals: vec![Goal::default()], ..Review::default() }));
        assert_eq!(engagement.lacking(&account, Reviews::Read), needs[5..]);
        assert_eq!(engagement.lacking(&account, Reviews::Unread), []);
    }
}
