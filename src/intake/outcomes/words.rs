//! The words in which people say what became of customers, and what was done for them.

use crate::evidence::{Fate, InterventionStatus};

/// The words for those who left, case, blanks and hyphens ignored.
const LEFT: [&str; 16] = [
    "churned",
    "churn",
    "left",
    "lost",
    "closed lost",
    "cancelled",
    "canceled",
    "terminated",
    "expired",
    "lapsed",
    "nonrenewed",
    "nonrenewal",
    "not renewed",
    "did not renew",
    "no renewal",
    "ended",
];
/// The words for those who stayed.
const STAYED: [&str; 11] = [
    "renewed",
    "renewal",
    "retained",
    "stayed",
    "active",
    "kept",
    "won",
    "closed won",
    "customer",
    "extended",
    "expanded",
];
const YES: [&str; 4] = ["yes", "true", "1", "y"];
const NO: [&str; 4] = ["no", "false", "0", "n"];
/// The words for how far an intervention has come.
const STATUSES: [(InterventionStatus, &[&str]); 4] = [
    (InterventionStatus::Open, &["open", "planned", "todo", "to do", "new", "not started", "scheduled"]),
    (InterventionStatus::Started, &["started", "in progress", "ongoing", "running", "active"]),
    (InterventionStatus::Done, &["done", "completed", "complete", "closed", "finished"]),
    (InterventionStatus::Cancelled, &["cancelled", "canceled", "dropped", "skipped", "void"]),
];

fn is_in(words: &[&str], word: &str) -> bool {
    words.iter().any(|known| plain_word(known) == plain_word(word))
}

/// What became of a customer, in the words of people. Case, blanks and hyphens make no difference.
pub(super) fn told(word: &str) -> Option<Fate> {
    match () {
        () if is_in(&LEFT, word) => Some(Fate::Churned),
        () if is_in(&STAYED, word) => Some(Fate::Renewed),
        () => None,
    }
}

/// What became of a customer where the column asks whether it left: yes or no, or the words for it.
pub fn fate(word: &str) -> Option<Fate> {
    match () {
        () if is_in(&YES, word) => Some(Fate::Churned),
        () if is_in(&NO, word) => Some(Fate::Renewed),
        () => told(word),
    }
}

/// The same where the column asks whether it stayed.
pub(super) fn fate_of_stayed(word: &str) -> Option<Fate> {
    match () {
        () if is_in(&YES, word) => Some(Fate::Renewed),
        () if is_in(&NO, word) => Some(Fate::Churned),
        () => told(word),
    }
}

pub(super) fn status(word: &str) -> Option<InterventionStatus> {
    let word = plain_word(word);
    let known = STATUSES.iter().find(|(_, words)| words.iter().any(|known| plain_word(known) == word));
    known.map(|(status, _)| *status)
}

/// Letters and digits alone, in lower case.
pub(super) fn plain_word(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
