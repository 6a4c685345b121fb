//! What became of a portfolio from one day to another, and what moved the scores of its accounts.

mod moves;
mod shift;
mod totals;

use std::collections::HashMap;
use std::collections::hash_map::Entry as Place;

pub use moves::{Moves, Standing};
pub use shift::{Part, Parts, Shift};
pub use totals::{DifferenceTotals, ScoreTotals, SignalMoves};

use super::Score;
use crate::account::{Account, Book, Entry, Lifecycle, Segments};
use crate::analysis::{Assessor, Band, Model, Population, Tally, Tier};
use crate::engine::{Hundredths, Row, Scorecard};
use crate::workers::{self, Then, Threads};
use shift::{Scored, Seen};
use totals::{PartSums, standing};

/// A portfolio as of a day, with the models that it is scored by.
#[derive(Debug, Clone)]
pub struct Side<'m> {
    /// The models and the day. Of what is in its scope, only health and churn are looked at.
    pub assessor: Assessor<'m>,
    /// The segments of the models.
    pub segments: &'m Segments,
    /// How many metrics there are.
    pub slots: usize,
    /// All accounts, as they were read for these models and this day.
    pub book: Book,
}

impl Side<'_> {
    fn blank_account(&self) -> Account {
        Account { row: Row::new(self.slots), ..Account::default() }
    }
}

/// An account that was there on both days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    old: Entry,
    /// Where it stands as the models of now read the data of then; the same as `old` where they are those of then.
    reread: Option<Entry>,
    new: Entry,
    /// How far its health moved; `None` where that is not scored on both days.
    pub health: Option<Hundredths>,
    /// How far its churn risk moved; `None` where that is not scored on both days.
    pub churn: Option<Hundredths>,
    /// Its ARR now.
    pub arr: f64,
}

/// An account that was there on one of the days only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Single {
    entry: Entry,
    /// Whether its lifecycle says that it has churned: now, of one that left; then, of one that came.
    pub churned: bool,
    /// Its health on the day on which it was there.
    pub health: Option<Score>,
    /// Its churn risk on that day.
    pub churn: Option<Score>,
    /// Its ARR on that day.
    pub arr: f64,
}

/// What an order sorts pairs by; ties stay in input order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoverOrder {
    /// The greatest fall of health × ARR first, the greatest rise last; those without one behind them.
    Fall,
    /// The greatest rise of health × ARR first.
    Rise,
    /// The greatest rise of churn risk × ARR first.
    Risk,
    /// The highest ARR first.
    Arr,
    /// By name, in the order of Unicode code points, case ignored.
    Name,
    /// As the later portfolio has them.
    Input,
}

/// A portfolio on two days.
#[derive(Debug, Clone)]
pub struct Difference<'m> {
    old: Side<'m>,
    reread: Option<Book>,
    new: Side<'m>,
    pairs: Vec<Pair>,
    arrived: Vec<Single>,
    departed: Vec<Single>,
    totals: DifferenceTotals,
}

/// An account on two days, refilled for each.
#[derive(Debug, Clone)]
pub struct ComparedAccount {
    /// The account of then as the models of now read it, as of then.
    pub old: Account,
    /// The account of now.
    pub new: Account,
    /// Its health.
    pub health: Shift,
    /// Its churn risk.
    pub churn: Shift,
    /// The account of then as the models of then read it, where these are others.
    was: Account,
}

/// Where the accounts of a book stand, by their ids: the first of each.
struct Places {
    by_id: HashMap<Box<str>, usize>,
    known: Vec<Known>,
    repeated: u64,
}

/// What matching needs of an account.
struct Known {
    entry: Entry,
    churned: bool,
    taken: bool,
}

impl Places {
    fn of(book: &Book, account: &mut Account) -> Self {
        let mut places = Self { by_id: HashMap::with_capacity(book.len()), known: Vec::new(), repeated: 0 };
        for entry in book.entries() {
            book.read(entry, account);
            match places.by_id.entry(account.id.as_str().into()) {
                Place::Occupied(_) => places.repeated += 1,
                Place::Vacant(place) => {
                    place.insert(places.known.len());
                    places.known.push(Known { entry, churned: account.lifecycle == Lifecycle::Churned, taken: false });
                }
            }
        }
        places
    }

    fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }
}

impl<'m> Difference<'m> {
    /// The difference between two portfolios, account by account, by their ids. Where the models of the two are not the same, `reread` has
    /// the accounts of then as the models of now read them, as of the day of then. An account is in the population that belongs to it now,
    /// and one that left where it belonged to it then.
    pub fn new(old: Side<'m>, reread: Option<Book>, new: Side<'m>, population: &Population, threads: Threads) -> Self {
        let signals = |model: &Model| model.signals().len();
        let (health, churn) = (&new.assessor.health.model, &new.assessor.churn.model);
        let scope = new.assessor.scope;
        let bands = |bands: usize| u8::try_from(bands).unwrap_or(u8::MAX);
        let totals = DifferenceTotals {
            old: Tally::default(),
            new: Tally::default(),
            stayed_old: Tally::default(),
            stayed_new: Tally::default(),
            arrived: Tally::default(),
            departed: Tally::default(),
            churned: Tally::default(),
            onboarding: Tally::default(),
            health: scope.health.then(|| ScoreTotals::new(bands(Band::ALL.len()), signals(health))),
            churn: scope.churn.then(|| ScoreTotals::new(bands(Tier::ALL.len()), signals(churn))),
            repeated_old: 0,
            repeated_new: 0,
        };
        let (pairs, arrived, departed) = (Vec::new(), Vec::new(), Vec::new());
        let mut difference = Self { old, reread, new, pairs, arrived, departed, totals };
        difference.match_accounts(population);
        difference.compare(threads);
        difference
    }

    /// Finds who stayed, who came and who left.
    fn match_accounts(&mut self, population: &Population) {
        let (mut was, mut is) = (self.old.blank_account(), self.new.blank_account());
        let mut old = Places::of(&self.old.book, &mut was);
        let reread = self.reread.as_ref().map(|book| Places::of(book, &mut is));
        let new = Places::of(&self.new.book, &mut is);
        (self.totals.repeated_old, self.totals.repeated_new) = (old.repeated, new.repeated);
        for known in &new.known {
            self.new.book.read(known.entry, &mut is);
            let place = old.find(&is.id);
            if let Some(place) = place {
                old.known[place].taken = true;
            }
            // What left belongs to the population by what it was.
            if let Some(before) = place.map(|place| &old.known[place]).filter(|before| known.churned && !before.churned)
            {
                let entry = before.entry;
                self.old.book.read(entry, &mut was);
                if population.admits(&was, self.old.segments) {
                    self.depart(entry, true, &was);
                }
                continue;
            }
            if !population.admits(&is, self.new.segments) {
                continue;
            }
            if is.lifecycle == Lifecycle::Onboarding {
                self.totals.onboarding.add(is.arr);
            }
            match place.map(|place| &old.known[place]) {
                Some(before) if before.churned && known.churned => {}
                None if known.churned => {}
                Some(before) if before.churned => self.arrive(known.entry, true, &is),
                None => self.arrive(known.entry, false, &is),
                Some(before) => {
                    let entry = before.entry;
                    self.old.book.read(entry, &mut was);
                    let reread = match &reread {
                        None => Some(entry),
                        Some(places) => places.find(&is.id).map(|place| places.known[place].entry),
                    };
                    self.totals.old.add(was.arr);
                    self.totals.new.add(is.arr);
                    self.totals.stayed_old.add(was.arr);
                    self.totals.stayed_new.add(is.arr);
                    self.pairs.push(Pair {
                        old: entry,
                        reread,
                        new: known.entry,
                        health: None,
                        churn: None,
                        arr: is.arr,
                    });
                }
            }
        }
        for known in old.known.iter().filter(|known| !known.taken && !known.churned) {
            self.old.book.read(known.entry, &mut was);
            if population.admits(&was, self.old.segments) {
                self.depart(known.entry, false, &was);
            }
        }
        for singles in [&mut self.arrived, &mut self.departed] {
            singles.sort_by(|a, b| b.arr.total_cmp(&a.arr).then(a.entry.cmp(&b.entry)));
        }
    }

    fn arrive(&mut self, entry: Entry, churned: bool, account: &Account) {
        let single = single(&self.new.assessor, entry, churned, account);
        self.totals.new.add(single.arr);
        self.totals.arrived.add(single.arr);
        for (totals, score) in [(&mut self.totals.health, single.health), (&mut self.totals.churn, single.churn)] {
            if let Some(totals) = totals {
                totals.moves.add(Standing::Gone, standing(score), single.arr);
            }
        }
        self.arrived.push(single);
    }

    fn depart(&mut self, entry: Entry, churned: bool, account: &Account) {
        let single = single(&self.old.assessor, entry, churned, account);
        self.totals.old.add(single.arr);
        self.totals.departed.add(single.arr);
        if churned {
            self.totals.churned.add(single.arr);
        }
        for (totals, score) in [(&mut self.totals.health, single.health), (&mut self.totals.churn, single.churn)] {
            if let Some(totals) = totals {
                totals.moves.add(standing(score), Standing::Gone, single.arr);
            }
        }
        self.departed.push(single);
    }

    /// Scores those who stayed.
    fn compare(&mut self, threads: Threads) {
        /// So many are compared at once.
        const PORTION: usize = 256;
        type Scores = [(Option<Score>, Option<Score>); 2];
        let mut totals = (self.totals.health.take(), self.totals.churn.take());
        let mut scores: Vec<Scores> = Vec::with_capacity(self.pairs.len());
        {
            let this = &*self;
            let mut portions = this.pairs.chunks(PORTION);
            workers::in_order(
                threads,
                || portions.next(),
                || this.blank(),
                |compared, pairs| {
                    let mut sums = [PartSums::default(), PartSums::default()];
                    let mut scores = Vec::with_capacity(pairs.len());
                    for pair in pairs {
                        this.read(pair, compared);
                        let [health, churn] = &mut sums;
                        health.add(&compared.health);
                        churn.add(&compared.churn);
                        scores.push([&compared.health, &compared.churn].map(|shift| (shift.old, shift.new)));
                    }
                    (scores, sums)
                },
                |(portion, [health, churn])| {
                    for (totals, sums) in [(&mut totals.0, health), (&mut totals.1, churn)] {
                        if let Some(totals) = totals {
                            totals.merge(&sums);
                        }
                    }
                    scores.extend(portion);
                    Then::GoOn
                },
            );
        }
        let moved = |(old, new): (Option<Score>, Option<Score>)| {
            old.zip(new).map(|(old, new)| Hundredths::nearest(new.value) - Hundredths::nearest(old.value))
        };
        for (pair, [health, churn]) in self.pairs.iter_mut().zip(scores) {
            (pair.health, pair.churn) = (moved(health), moved(churn));
            for (totals, (old, new)) in [(&mut totals.0, health), (&mut totals.1, churn)] {
                if let Some(totals) = totals {
                    totals.add(old, new, pair.arr);
                }
            }
        }
        (self.totals.health, self.totals.churn) = totals;
    }

    /// What the portfolio sums to.
    pub fn totals(&self) -> &DifferenceTotals {
        &self.totals
    }

    /// The models and the day of then.
    pub fn then(&self) -> &Assessor<'m> {
        &self.old.assessor
    }

    /// The models and the day of now.
    pub fn now(&self) -> &Assessor<'m> {
        &self.new.assessor
    }

    /// Whether the models of then are others than those of now.
    pub fn has_other_model(&self) -> bool {
        self.reread.is_some()
    }

    /// The accounts that were there on both days, in the order of the later portfolio.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// The same in another order.
    pub fn in_order(&self, order: MoverOrder) -> Vec<Pair> {
        let mut pairs = self.pairs.clone();
        let by = |points: fn(&Pair) -> Option<Hundredths>, sign: f64| {
            move |pair: &Pair| {
                let key = |points: Hundredths| (sign * points.points() * pair.arr, sign * points.points());
                points(pair).map_or((f64::INFINITY, f64::INFINITY), key)
            }
        };
        let sort = |pairs: &mut Vec<Pair>, key: &dyn Fn(&Pair) -> (f64, f64)| {
            pairs.sort_by(|a, b| {
                let (a, b) = (key(a), key(b));
                a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
            });
        };
        match order {
            MoverOrder::Fall => sort(&mut pairs, &by(|pair| pair.health, 1.0)),
            MoverOrder::Rise => sort(&mut pairs, &by(|pair| pair.health, -1.0)),
            MoverOrder::Risk => sort(&mut pairs, &by(|pair| pair.churn, -1.0)),
            MoverOrder::Arr => sort(&mut pairs, &|pair| (-pair.arr, 0.0)),
            MoverOrder::Name => {
                let mut account = self.new.blank_account();
                pairs.sort_by_cached_key(|pair| {
                    self.new.book.read(pair.new, &mut account);
                    account.name.to_lowercase()
                });
            }
            MoverOrder::Input => {}
        }
        pairs
    }

    /// The accounts that came, the highest ARR first.
    pub fn arrived(&self) -> &[Single] {
        &self.arrived
    }

    /// The accounts that left, the highest ARR first.
    pub fn departed(&self) -> &[Single] {
        &self.departed
    }

    /// Refills an account with one that came, as it is.
    pub fn read_arrived(&self, single: &Single, account: &mut Account) {
        self.new.book.read(single.entry, account);
    }

    /// Refills an account with one that left, as it was.
    pub fn read_departed(&self, single: &Single, account: &mut Account) {
        self.old.book.read(single.entry, account);
    }

    /// An empty account to read into.
    pub fn blank_account(&self) -> Account {
        self.new.blank_account()
    }

    /// Nothing of an account yet, to read into.
    pub fn blank(&self) -> ComparedAccount {
        ComparedAccount {
            old: self.new.blank_account(),
            new: self.new.blank_account(),
            health: Shift::default(),
            churn: Shift::default(),
            was: self.old.blank_account(),
        }
    }

    /// Refills what there is to say of an account that was there on both days.
    pub fn read(&self, pair: &Pair, compared: &mut ComparedAccount) {
        let ComparedAccount { old, new, health, churn, was } = compared;
        self.new.book.read(pair.new, new);
        let is_reread = match &self.reread {
            None => {
                self.old.book.read(pair.old, old);
                true
            }
            Some(book) => {
                self.old.book.read(pair.old, was);
                match pair.reread {
                    Some(entry) => book.read(entry, old),
                    None => old.clear(),
                }
                pair.reread.is_some()
            }
        };
        let other = self.reread.is_some();
        let seen = Seen { was, reread: is_reread.then_some(&*old), is: new };
        let scope = self.new.assessor.scope;
        for (shift, in_scope, model) in [
            (health, scope.health, (|assessor| &assessor.health.model) as for<'a> fn(&'a Assessor<'m>) -> &'a Model),
            (churn, scope.churn, |assessor| &assessor.churn.model),
        ] {
            if in_scope {
                let then = other.then(|| model(&self.old.assessor));
                shift.fill(Scored { then, now: model(&self.new.assessor) }, seen);
            } else {
                shift.clear();
            }
        }
    }
}

/// The scores of an account that was there on one of the days.
fn single(assessor: &Assessor<'_>, entry: Entry, churned: bool, account: &Account) -> Single {
    let score = |in_scope: bool, model: &Model| {
        let mut card = Scorecard::default();
        in_scope.then(|| model.score(account, &mut card))?;
        shift::score(&card)
    };
    Single {
        entry,
        churned,
        health: score(assessor.scope.health, &assessor.health.model),
        churn: score(assessor.scope.churn, &assessor.churn.model),
        arr: account.arr,
    }
}
