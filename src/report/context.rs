//! What every report needs to know beside its findings.

use chrono::NaiveDate;

use super::document::{Currency, Masthead};
use crate::analysis::{Assessor, Scope};
use crate::config::Models;
use crate::intake::Reading;

/// The models, the date, and where the data came from.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The models, with their wording.
    pub models: &'a Models,
    /// Today, for all that depends on it.
    pub as_of: NaiveDate,
    /// The name of the input.
    pub source: &'a str,
    /// What was read, and the problems that were met.
    pub reading: &'a Reading,
}

impl Context<'_> {
    /// An assessor of these models for everything.
    pub fn assessor(&self) -> Assessor<'_> {
        self.models.assessor(self.as_of, Scope::ALL)
    }

    /// What a document of this title rests on.
    pub(super) fn masthead(&self, title: &str) -> Masthead {
        let facts = [
            ("As of", self.as_of.to_string()),
            ("Source", self.source.to_owned()),
            ("Model", self.models.fingerprint.to_string()),
        ];
        let facts = facts.map(|(label, fact)| (label.to_owned(), fact)).to_vec();
        Masthead { title: title.to_owned(), facts }
    }

    /// The currency of the input.
    pub fn currency(&self) -> Currency {
        Currency { code: self.reading.currency.clone() }
    }
}
