//! A portfolio whose accounts go on as they come, in input order, and are not kept.

use super::Assessment;
use super::addends::Addends;
use super::survey::{Surveyor, Treatment};
use crate::account::Account;

/// A part of a portfolio, to be scored on any thread. It keeps what the sums need, and none of the accounts.
#[derive(Debug, Clone)]
pub struct Flow<'s> {
    surveyor: &'s Surveyor<'s>,
    pub(super) addends: Addends,
    assessment: Assessment,
}

impl<'s> Flow<'s> {
    pub(super) fn new(surveyor: &'s Surveyor<'s>) -> Self {
        Self { surveyor, addends: Addends::default(), assessment: Assessment::default() }
    }

    /// Adds the next account of the portion; where it is listed, gives what the models say of it, with only the selected plays.
    /// Churned accounts are counted and not scored.
    pub fn add(&mut self, account: &Account) -> Option<&Assessment> {
        let Self { surveyor, addends, assessment } = self;
        let Surveyor { assessor, selection, .. } = surveyor;
        if surveyor.count(account, addends) != Treatment::Score {
            return None;
        }
        // Rules that only speak are spared those that are not selected.
        if selection.is_empty() {
            assessor.assess(account, assessment);
        } else {
            assessor.score(account, assessment);
        }
        addends.add(account, assessor, assessment);
        if selection.is_empty() {
            return Some(assessment);
        }
        selection.apply(&mut assessment.expansion, assessor);
        if !selection.admits(assessment) {
            return None;
        }
        assessor.assess(account, assessment);
        selection.apply(&mut assessment.expansion, assessor);
        Some(assessment)
    }
}
