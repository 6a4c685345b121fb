//! Overdue interventions for machines.

use serde::Serialize;

use super::{TallyRecord, Who};
use crate::account::Account;
use crate::evidence::{Overdue, OverdueIntervention};
use crate::report::Context;

/// How many interventions are pending and overdue.
#[derive(Debug, Serialize)]
pub struct InterventionsRecord<'a> {
    pending: u64,
    overdue: u64,
    overdue_accounts: TallyRecord,
    overdue_elsewhere: ElsewhereRecord<'a>,
}

/// Customers with overdue interventions that are not among the accounts.
#[derive(Debug, Serialize)]
struct ElsewhereRecord<'a> {
    count: u64,
    examples: &'a [String],
}

impl<'a> From<&'a Overdue<'_>> for InterventionsRecord<'a> {
    fn from(overdue: &'a Overdue<'_>) -> Self {
        let elsewhere = &overdue.elsewhere;
        Self {
            pending: overdue.pending,
            overdue: overdue.interventions.len() as u64,
            overdue_accounts: overdue.accounts.into(),
            overdue_elsewhere: ElsewhereRecord { count: elsewhere.count, examples: &elsewhere.examples },
        }
    }
}

/// An intervention that is overdue.
#[derive(Debug, Serialize)]
pub struct OverdueRecord<'a> {
    #[serde(flatten)]
    who: Who<'a>,
    play: Option<&'a str>,
    owner: Option<&'a str>,
    status: &'static str,
    due: String,
    days_overdue: i64,
}

impl<'a> OverdueRecord<'a> {
    /// The record of an intervention and its account.
    pub fn new(context: &Context<'a>, overdue: &OverdueIntervention<'a>, account: &'a Account) -> Self {
        let said = |text: &'a String| Some(text.as_str()).filter(|text| !text.is_empty());
        let intervention = overdue.intervention;
        Self {
            who: Who::of(context, account),
            play: said(&intervention.play),
            owner: said(&intervention.owner),
            status: intervention.status.name(),
            due: intervention.date.to_string(),
            days_overdue: overdue.days,
        }
    }
}
