//! What the records of a portfolio are checked against each other for.

use std::hash::BuildHasher;
use std::sync::Arc;

use chrono::NaiveDate;
use foldhash::quality::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::text;
use crate::config::mapping::is_dollar;

/// Keys by a hash of 8 bytes, each with a number: some 20 bytes a key, whatever its length.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// Positions in the list that follows.
    positions: HashTable<u32>,
    hashes: Vec<u64>,
    /// The number of the first key.
    first: u64,
    /// The numbers of the keys from the first on that is not numbered behind the one before it.
    others: Vec<u64>,
}

impl Keys {
    /// The hash that stands for a key.
    pub fn hash(key: &str) -> u64 {
        FixedState::default().hash_one(key)
    }

    /// The hash that stands for a key on a day.
    pub fn hash_on(key: &str, day: NaiveDate) -> u64 {
        FixedState::default().hash_one((key, day))
    }

    /// Notes a key with its number; gives the number that was noted with it first, where there was one.
    pub fn note(&mut self, key: &str, number: u64) -> Option<u64> {
        self.note_hash(Self::hash(key), number)
    }

    /// The same of a key by its hash.
    pub fn note_hash(&mut self, hash: u64, number: u64) -> Option<u64> {
        let Self { positions, hashes, first, others } = self;
        let known = |position: &u32| hashes.get(*position as usize).copied();
        let place = positions.entry(
            hash,
            |position| known(position) == Some(hash),
            |position| known(position).unwrap_or_default(),
        );
        match place {
            Entry::Occupied(place) => {
                let position = *place.get();
                Some(self.number(position))
            }
            Entry::Vacant(place) => {
                place.insert(u32::try_from(hashes.len()).unwrap_or(u32::MAX));
                if hashes.is_empty() {
                    *first = number;
                }
                if !others.is_empty() || number != *first + hashes.len() as u64 {
                    others.push(number);
                }
                hashes.push(hash);
                None
            }
        }
    }

    /// The number of the key at a position.
    fn number(&self, position: u32) -> u64 {
        let in_order = self.hashes.len() - self.others.len();
        let other = (position as usize).checked_sub(in_order).and_then(|other| self.others.get(other));
        other.copied().unwrap_or(self.first + u64::from(position))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Forgets all but the first.
    pub fn truncate(&mut self, length: usize) {
        let in_order = self.hashes.len() - self.others.len();
        self.others.truncate(length.saturating_sub(in_order));
        for (position, hash) in self.hashes.drain(length.min(self.hashes.len())..).enumerate() {
            let position = length + position;
            if let Ok(place) = self.positions.find_entry(hash, |other| *other as usize == position) {
                place.remove();
            }
        }
    }

    /// The number that was noted with a key.
    pub fn find(&self, key: &str) -> Option<u64> {
        let hash = Self::hash(key);
        let position = self.positions.find(hash, |position| self.hashes.get(*position as usize) == Some(&hash))?;
        Some(self.number(*position))
    }
}

/// The currency of a portfolio: the first one that is named.
#[derive(Debug, Clone, Default)]
pub(super) struct Currency {
    known: Option<(String, Origin)>,
}

/// Who named the portfolio's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// The file as a whole.
    File(Arc<str>),
    /// A record of a file, by its number.
    Record(Arc<str>, u64),
}

/// A currency sign that several currencies have, so that it names none of them.
const DOLLAR: &str = "$";

impl Currency {
    /// Whether the portfolio may have an amount in this currency. Where it may not: the one it has, for a message about `input`.
    pub fn check(&self, currency: &str, input: &Arc<str>) -> Result<(), String> {
        match &self.known {
            Some((known, origin)) if !is_same(known, currency) => {
                let known = text::plain(known);
                let of = |file: &Arc<str>| if file == input { String::new() } else { format!(" of {file}") };
                Err(match origin {
                    Origin::File(file) if file == input => format!("{known} as the file says"),
                    Origin::File(file) => format!("{known} as {file} says"),
                    Origin::Record(file, record) => format!("{known} as in record {record}{}", of(file)),
                })
            }
            _ => Ok(()),
        }
    }

    /// Notes the currency of a file or of a record; the first one named is the portfolio's. A code says more than a sign before it.
    pub fn note(&mut self, currency: &str, origin: Origin) {
        let sign_only = self.known.as_ref().is_some_and(|(known, _)| known == DOLLAR);
        if self.known.is_none() || (sign_only && currency != DOLLAR) {
            self.known = Some((currency.to_uppercase(), origin));
        }
    }

    /// Takes the currency of records behind these over, where the two go together; whether they do.
    pub fn join(&mut self, behind: &Self, input: &Arc<str>, records: u64) -> bool {
        let Some((currency, origin)) = &behind.known else { return true };
        if self.check(currency, input).is_err() {
            return false;
        }
        let origin = match origin {
            Origin::Record(input, number) => Origin::Record(input.clone(), records + number),
            Origin::File(input) => Origin::File(input.clone()),
        };
        self.note(currency, origin);
        true
    }

    /// The portfolio's currency, in upper case; `None` where it is named by a dollar sign alone.
    pub fn into_code(self) -> Option<String> {
        self.known.map(|(currency, _)| currency).filter(|currency| currency != DOLLAR)
    }
}

/// Whether two currencies, the first in upper case, can be one: a dollar sign is that of any dollar.
pub(super) fn is_same(known: &str, other: &str) -> bool {
    known.eq_ignore_ascii_case(other)
        || *known == other.to_uppercase()
        || (known == DOLLAR && is_dollar(other))
        || (other == DOLLAR && is_dollar(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_of_a_key_is_kept() {
        let mut keys = Keys::default();
        assert_eq!(
            [("a", 1), ("b", 2), ("a", 3), ("a", 4)].map(|(key, number)| keys.note(key, number)),
            [None, None, Some(1), Some(1)]
        );
        assert_eq!(["a", "b", "c"].map(|key| keys.find(key)), [Some(1), Some(2), None]);
        keys.truncate(1);
        assert_eq!(["a", "b", "c"].map(|key| keys.find(key)), [Some(1), None, None]);
        assert_eq!(
            [("b", 5), ("a", 6), ("b", 7)].map(|(key, number)| keys.note(key, number)),
            [None, Some(1), Some(5)]
        );
    }

    #[test]
    fn many_keys_are_found_again() {
        let mut keys = Keys::default();
        for number in 0..10_000 {
            assert_eq!(keys.note(&number.to_string(), number), None);
        }
        keys.truncate(7_000);
        assert_eq!((keys.len(), keys.find("6999"), keys.find("7000")), (7_000, Some(6_999), None));
        // A record without a key leaves a gap in the numbers.
        assert_eq!([("x", 7_000), ("y", 7_002), ("z", 7_003)].map(|(key, number)| keys.note(key, number)), [None; 3]);
        assert_eq!(["6999", "x", "y", "z"].map(|key| keys.find(key)), [6_999, 7_000, 7_002, 7_003].map(Some));
        keys.truncate(7_002);
        assert_eq!((keys.find("y"), keys.find("z"), keys.note("z", 9)), (Some(7_002), None, None));
        assert_eq!(keys.find("z"), Some(9));
    }

    #[test]
    fn a_portfolio_has_one_currency() {
        let (here, there): (Arc<str>, Arc<str>) = ("a.csv".into(), "b.csv".into());
        let mut currency = Currency::default();
        assert_eq!(currency.check("eur", &here), Ok(()));
        currency.note("eur", Origin::Record(here.clone(), 2));
        currency.note("usd", Origin::File(here.clone()));
        assert_eq!(currency.check("EUR", &here), Ok(()));
        assert_eq!(currency.check("USD", &here), Err("EUR as in record 2".to_owned()));
        assert_eq!(currency.check("$", &there), Err("EUR as in record 2 of a.csv".to_owned()));
        assert_eq!(currency.into_code(), Some("EUR".to_owned()));
    }

    #[test]
    fn a_dollar_sign_is_that_of_any_dollar() {
        let here: Arc<str> = "a.csv".into();
        for (first, second, fits, code) in [
            ("$", "CAD", true, Some("CAD")),
            ("aud", "$", true, Some("AUD")),
            ("$", "$", true, None),
            ("$", "EUR", false, None),
            ("$", "KWD", false, None),
            ("JOD", "$", false, Some("JOD")),
            ("USD", "CAD", false, Some("USD")),
        ] {
            let mut currency = Currency::default();
            currency.note(first, Origin::Record(here.clone(), 1));
            assert_eq!(currency.check(second, &here).is_ok(), fits, "{first} {second}");
            if fits {
                currency.note(second, Origin::Record(here.clone(), 2));
            }
            assert_eq!(currency.into_code().as_deref(), code, "{first} {second}");
        }
    }
}
