//! Which modules and departments a portfolio uses, and which it could.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;

/// Where a module or a department stands in a portfolio.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Whitespace {
    /// Its name, as first spelt.
    pub name: String,
    /// Accounts that have taken it up.
    pub adopted: u64,
    /// Accounts that are offered it and have not taken it up.
    pub unused: u64,
}

/// How often modules, or departments, are named in a part of a portfolio.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct WhitespaceCounts {
    list: Vec<Whitespace>,
    /// Looked up for each module and department of each account, so by a fast hash.
    places: HashMap<String, usize, RandomState>,
}

impl WhitespaceCounts {
    /// Counts an account that names one. `key` is the name by which different spellings are the same.
    pub(super) fn count(&mut self, name: &str, key: &str, adopted: bool) {
        let place = self.places.get(key).copied().unwrap_or_else(|| self.follow(name, key));
        let known = &mut self.list[place];
        *if adopted { &mut known.adopted } else { &mut known.unused } += 1;
    }

    fn follow(&mut self, name: &str, key: &str) -> usize {
        self.places.insert(key.to_owned(), self.list.len());
        self.list.push(Whitespace { name: name.to_owned(), ..Whitespace::default() });
        self.list.len() - 1
    }
}

/// Modules, or departments, over a portfolio. An account that does not name one is in neither of its counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WhitespaceTotals {
    counts: WhitespaceCounts,
    left_out: u64,
}

impl WhitespaceTotals {
    /// At most this many are followed by name, so that a portfolio of free text stays small.
    pub const FOLLOWED: usize = 1000;

    /// Those that are followed, in order of appearance.
    pub fn list(&self) -> &[Whitespace] {
        &self.counts.list
    }

    /// How often one was named that is not followed.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Adds what was counted in the next part of the portfolio. `key` gives the key of a name, by which that part was counted too.
    pub(super) fn add(&mut self, part: &WhitespaceCounts, key: impl Fn(&str) -> Cow<'_, str>) {
        let counts = &mut self.counts;
        for counted in &part.list {
            let key = key(&counted.name);
            let place = match counts.places.get(&*key) {
                Some(place) => *place,
                None if counts.list.len() < Self::FOLLOWED => counts.follow(&counted.name, &key),
                None => {
                    self.left_out += counted.adopted + counted.unused;
                    continue;
                }
            };
            let known = &mut counts.list[place];
            known.adopted += counted.adopted;
            known.unused += counted.unused;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_names_are_followed_however_the_portfolio_is_cut() {
        const MOST: usize = WhitespaceTotals::FOLLOWED;
        let part = |names: std::ops::Range<usize>| {
            let mut counts = WhitespaceCounts::default();
            for name in names {
                counts.count(&name.to_string(), &name.to_string(), name % 2 == 0);
            }
            counts
        };
        for (cuts, left_out) in [
            (&[0..MOST, 0..MOST][..], 0),
            (&[0..MOST + 1, 0..1], 1),
            (&[0..MOST - 1, MOST - 1..MOST + 2], 2),
            // Names that are not followed do not keep a part from counting those that are.
            (&[0..MOST, MOST..2 * MOST, 0..2 * MOST], 2 * MOST as u64),
            (&[0..1, 0..2 * MOST], MOST as u64),
        ] {
            let mut totals = WhitespaceTotals::default();
            for cut in cuts {
                totals.add(&part(cut.clone()), |name| name.into());
            }
            assert_eq!(totals.left_out(), left_out, "{cuts:?}");
            assert_eq!(totals.list().len(), MOST, "{cuts:?}");
            let times = |name: usize| cuts.iter().filter(|cut| cut.contains(&name)).count() as u64;
            for (name, found) in totals.list().iter().enumerate() {
                let (adopted, unused) = if name % 2 == 0 { (times(name), 0) } else { (0, times(name)) };
                assert_eq!(*found, Whitespace { name: name.to_string(), adopted, unused }, "{cuts:?}");
            }
        }
    }
}
