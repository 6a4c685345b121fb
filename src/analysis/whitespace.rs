//! Which modules and departments a portfolio uses, and which it could.

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

/// Modules, or departments, over a portfolio. An account that does not name one is in neither of its counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WhitespaceTotals {
    list: Vec<Whitespace>,
    /// Looked up for each module and department of each account, so by a fast hash.
    places: HashMap<String, usize, RandomState>,
    left_out: u64,
}

impl WhitespaceTotals {
    /// At most this many are followed by name, so that a portfolio of free text stays small.
    pub const FOLLOWED: usize = 1000;

    /// Those that are followed, in order of appearance.
    pub fn list(&self) -> &[Whitespace] {
        &self.list
    }

    /// How often one was named that is not followed.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Counts an account that names one. `key` is the name by which different spellings are the same.
    pub(super) fn count(&mut self, name: &str, key: &str, adopted: bool) {
        let place = match self.places.get(key) {
            Some(place) => *place,
            None if self.list.len() < Self::FOLLOWED => {
                self.places.insert(key.to_owned(), self.list.len());
                self.list.push(Whitespace { name: name.to_owned(), ..Whitespace::default() });
                self.list.len() - 1
            }
            None => {
                self.left_out += 1;
                return;
            }
        };
        let known = &mut self.list[place];
        *if adopted { &mut known.adopted } else { &mut known.unused } += 1;
    }
}
