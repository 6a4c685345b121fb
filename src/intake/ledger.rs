//! What the records of one portfolio are checked against each other for.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

use foldhash::quality::FixedState;

/// The ids and the currency seen so far.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// A hash of each id with the record that had it first: 16 bytes an id, whatever its length.
    ids: HashMap<u64, u64, BuildHasherDefault<AsIs>>,
    currency: Option<(String, Origin)>,
}

/// Who named the portfolio's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    File,
    Record(u64),
}

impl Ledger {
    /// Notes the id of a record; gives the record that had it first, where there was one.
    pub fn id(&mut self, id: &str, record: u64) -> Option<u64> {
        match self.ids.entry(FixedState::default().hash_one(id)) {
            Entry::Occupied(first) => Some(*first.get()),
            Entry::Vacant(place) => {
                place.insert(record);
                None
            }
        }
    }

    /// Whether the portfolio may have an amount in this currency. Where it may not: the one it has, for a message.
    pub fn check_currency(&self, currency: &str) -> Result<(), String> {
        match &self.currency {
            Some((known, origin)) if !known.eq_ignore_ascii_case(currency) && *known != currency.to_uppercase() => {
                let known = super::text::plain(known);
                Err(match origin {
                    Origin::File => format!("{known} as the file says"),
                    Origin::Record(record) => format!("{known} as in record {record}"),
                })
            }
            _ => Ok(()),
        }
    }

    /// Notes the currency of the file or of a record; the first one named is the portfolio's.
    pub fn note_currency(&mut self, currency: &str, origin: Origin) {
        if self.currency.is_none() {
            self.currency = Some((currency.to_uppercase(), origin));
        }
    }

    /// The portfolio's currency, in upper case.
    pub fn into_currency(self) -> Option<String> {
        self.currency.map(|(currency, _)| currency)
    }
}

/// Passes a number that is a hash already through.
#[derive(Debug, Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_record_of_an_id_is_named() {
        let mut ledger = Ledger::default();
        assert_eq!(
            [("a", 1), ("b", 2), ("a", 3), ("a", 4)].map(|(id, record)| ledger.id(id, record)),
            [None, None, Some(1), Some(1)]
        );
    }

    #[test]
    fn a_portfolio_has_one_currency() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.check_currency("eur"), Ok(()));
        ledger.note_currency("eur", Origin::Record(2));
        ledger.note_currency("usd", Origin::File);
        assert_eq!(ledger.check_currency("EUR"), Ok(()));
        assert_eq!(ledger.check_currency("USD"), Err("EUR as in record 2".to_owned()));
        assert_eq!(ledger.into_currency(), Some("EUR".to_owned()));
    }
}
