//! From which bands accounts moved into which.

use crate::analysis::Tally;

/// Where a score of an account stands on one of two days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// In a band of health from the best, or in a tier of churn risk from the gravest.
    Band(u8),
    /// It is not scored.
    NotScored,
    /// The account is not there, or has churned.
    Gone,
}

/// Accounts by where a score of theirs stood and where it stands: those that are there on both days with their ARR of the later one,
/// those that came with theirs, and those that left with the one they had.
#[derive(Debug, Clone, PartialEq)]
pub struct Moves {
    bands: u8,
    cells: Vec<Tally>,
}

impl Moves {
    /// No moves between so many bands.
    pub fn new(bands: u8) -> Self {
        let standings = usize::from(bands) + 2;
        Self { bands, cells: vec![Tally::default(); standings * standings] }
    }

    /// All standings: the bands in their order, not scored, gone.
    pub fn standings(&self) -> impl Iterator<Item = Standing> + use<> {
        (0..self.bands).map(Standing::Band).chain([Standing::NotScored, Standing::Gone])
    }

    fn position(&self, standing: Standing) -> usize {
        match standing {
            Standing::Band(band) => usize::from(band.min(self.bands.saturating_sub(1))),
            Standing::NotScored => usize::from(self.bands),
            Standing::Gone => usize::from(self.bands) + 1,
        }
    }

    fn cell(&self, from: Standing, to: Standing) -> usize {
        self.position(from) * (usize::from(self.bands) + 2) + self.position(to)
    }

    pub(super) fn add(&mut self, from: Standing, to: Standing, arr: f64) {
        let cell = self.cell(from, to);
        self.cells[cell].add(arr);
    }

    /// The accounts that moved from one standing to another, or stayed in it.
    pub fn between(&self, from: Standing, to: Standing) -> Tally {
        self.cells[self.cell(from, to)]
    }

    /// All accounts that stood there.
    pub fn from(&self, from: Standing) -> Tally {
        self.sum(|one, _| one == from)
    }

    /// All accounts that stand there now.
    pub fn to(&self, to: Standing) -> Tally {
        self.sum(|_, other| other == to)
    }

    /// The accounts that moved into a band before their own: into a better one of health, into a graver tier.
    pub fn towards_first(&self) -> Tally {
        self.sum(|from, to| matches!((from, to), (Standing::Band(from), Standing::Band(to)) if to < from))
    }

    /// The accounts that moved into a band behind their own.
    pub fn towards_last(&self) -> Tally {
        self.sum(|from, to| matches!((from, to), (Standing::Band(from), Standing::Band(to)) if to > from))
    }

    /// The accounts that were not scored and are so now.
    pub fn newly_scored(&self) -> Tally {
        self.sum(|from, to| from == Standing::NotScored && matches!(to, Standing::Band(_)))
    }

    /// The accounts that were scored and are so no longer.
    pub fn no_longer_scored(&self) -> Tally {
        self.sum(|from, to| matches!(from, Standing::Band(_)) && to == Standing::NotScored)
    }

    fn sum(&self, counts: impl Fn(Standing, Standing) -> bool) -> Tally {
        let mut sum = Tally::default();
        for from in self.standings() {
            for to in self.standings().filter(|to| counts(from, *to)) {
                let cell = self.between(from, to);
                sum.accounts += cell.accounts;
                sum.arr += cell.arr;
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_counted_where_they_came_from_and_went_to() {
        use Standing::{Band, Gone, NotScored};
        let mut moves = Moves::new(3);
        for (from, to, arr) in [
            (Band(0), Band(0), 1.0),
            (Band(0), Band(2), 10.0),
            (Band(1), Band(2), 100.0),
            (Band(2), Band(1), 1_000.0),
            (NotScored, Band(1), 10_000.0),
            (Band(1), NotScored, 1e5),
            (Gone, Band(2), 1e6),
            (Band(0), Gone, 1e7),
        ] {
            moves.add(from, to, arr);
        }
        let tally = |accounts, arr| Tally { accounts, arr };
        assert_eq!(moves.between(Band(0), Band(2)), tally(1, 10.0));
        assert_eq!(moves.between(Band(2), Band(0)), Tally::default());
        assert_eq!(moves.from(Band(0)), tally(3, 10_000_011.0));
        assert_eq!(moves.to(Band(2)), tally(3, 1_000_110.0));
        assert_eq!(moves.towards_last(), tally(2, 110.0));
        assert_eq!(moves.towards_first(), tally(1, 1_000.0));
        assert_eq!(moves.to(NotScored), tally(1, 1e5));
        assert_eq!((moves.newly_scored(), moves.no_longer_scored()), (tally(1, 10_000.0), tally(1, 1e5)));
        assert_eq!(moves.standings().count(), 5);
    }
}
