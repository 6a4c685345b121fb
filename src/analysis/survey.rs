//! A portfolio, account by account: who belongs to it, what it sums to, and which accounts are listed in which order.

use std::cmp::Ordering;

use super::{Assessment, Assessor, Order, Population, Selection, Totals};
use crate::account::{Account, Book, Entry, Lifecycle, Segments};
use crate::engine::Row;

/// What is done with accounts whose lifecycle is onboarding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Onboarding {
    /// They are summed and listed with the others.
    WithOthers,
    /// They are listed apart, and counted but not summed.
    Apart,
}

#[derive(Debug, Clone)]
struct Listed {
    entry: Entry,
    key: (f64, f64),
}

/// What a portfolio adds up to, and which of its accounts are listed.
#[derive(Debug, Clone)]
pub struct Survey<'m> {
    assessor: Assessor<'m>,
    segments: &'m Segments,
    population: Population,
    selection: Selection,
    order: Order,
    onboarding: Onboarding,
    totals: Totals,
    book: Book,
    listed: Vec<Listed>,
    apart: Vec<Entry>,
    slots: usize,
    assessment: Assessment,
}

impl<'m> Survey<'m> {
    /// An empty survey. What selection and order look at joins the scope of the assessor.
    pub fn new(
        assessor: Assessor<'m>,
        segments: &'m Segments,
        population: Population,
        selection: Selection,
        order: Order,
        onboarding: Onboarding,
    ) -> Self {
        let scope = assessor.scope.with(order.scope()).with(selection.scope());
        Self {
            assessor: Assessor { scope, ..assessor },
            segments,
            population,
            selection,
            order,
            onboarding,
            totals: Totals::new(segments),
            book: Book::default(),
            listed: Vec::new(),
            apart: Vec::new(),
            slots: 0,
            assessment: Assessment::default(),
        }
    }

    /// The models, the date and the analyses that the survey runs.
    pub fn assessor(&self) -> &Assessor<'m> {
        &self.assessor
    }

    /// Adds the next account of the input. Churned accounts are counted and not scored.
    pub fn add(&mut self, account: &Account) {
        if !self.population.admits(account, self.segments) {
            return;
        }
        if account.lifecycle == Lifecycle::Churned {
            self.totals.churned.add(account.arr);
            return;
        }
        self.slots = account.row.values().len();
        if account.lifecycle == Lifecycle::Onboarding {
            self.totals.onboarding.add(account.arr);
            if self.onboarding == Onboarding::Apart {
                self.apart.push(self.book.push(account));
                return;
            }
        }
        match account.segment.as_deref() {
            None => self.totals.no_segment += 1,
            Some(segment) if self.segments.find(segment).is_none() => self.totals.unknown_segment += 1,
            Some(_) => {}
        }
        self.assessor.score(account, &mut self.assessment);
        self.totals.add(account, &self.assessor, &self.assessment);
        self.selection.apply(&mut self.assessment.expansion, &self.assessor);
        if self.selection.admits(&self.assessment) {
            let key = self.key(account);
            self.listed.push(Listed { entry: self.book.push(account), key });
        }
    }

    /// What the order sorts by, lowest first.
    fn key(&self, account: &Account) -> (f64, f64) {
        let Assessment { health, churn, expansion } = &self.assessment;
        let highest_first = |figure: Option<f64>| figure.map_or(f64::INFINITY, |figure| -figure);
        match self.order {
            Order::Input | Order::Name => (0.0, 0.0),
            Order::Attention => (f64::from(self.assessment.attention() as u8), -account.arr),
            Order::AttentionAndStake => {
                (f64::from(self.assessment.attention() as u8), highest_first(self.assessment.stake(account)))
            }
            Order::Health => (health.card.score().unwrap_or(f64::INFINITY), -account.arr),
            Order::Risk => (highest_first(churn.card.score()), 0.0),
            Order::RiskAndArr => (highest_first(churn.card.score()), -account.arr),
            Order::Expansion => (-expansion.total, 0.0),
            Order::Arr => (-account.arr, 0.0),
            Order::Renewal => {
                let days =
                    account.term.pending(self.assessor.as_of).map(|day| (day - self.assessor.as_of).num_days() as f64);
                (days.unwrap_or(f64::INFINITY), -account.arr)
            }
        }
    }

    /// Puts the listed accounts in order.
    pub fn finish(mut self) -> Findings<'m> {
        if self.order == Order::Name {
            let mut account = Account::default();
            let book = &self.book;
            self.listed.sort_by_cached_key(|listed| {
                book.read(listed.entry, &mut account);
                account.name.to_lowercase()
            });
        } else {
            let by_key = |a: &(f64, f64), b: &(f64, f64)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1));
            self.listed.sort_by(|a, b| match by_key(&a.key, &b.key) {
                Ordering::Equal => a.entry.cmp(&b.entry),
                order => order,
            });
        }
        Findings {
            assessor: self.assessor,
            selection: self.selection,
            totals: self.totals,
            book: self.book,
            listed: self.listed.into_iter().map(|listed| listed.entry).collect(),
            apart: self.apart,
            slots: self.slots,
        }
    }
}

/// The result of a survey.
#[derive(Debug, Clone)]
pub struct Findings<'m> {
    assessor: Assessor<'m>,
    selection: Selection,
    totals: Totals,
    book: Book,
    listed: Vec<Entry>,
    apart: Vec<Entry>,
    slots: usize,
}

impl<'m> Findings<'m> {
    /// The sums over the population.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// The accounts that are listed, in order.
    pub fn listed(&self) -> &[Entry] {
        &self.listed
    }

    /// Which of the accounts are listed.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Onboarding accounts that are shown apart, in input order.
    pub fn onboarding(&self) -> &[Entry] {
        &self.apart
    }

    /// An empty account to read into.
    pub fn blank_account(&self) -> Account {
        Account { row: Row::new(self.slots), ..Account::default() }
    }

    /// The models and the date that the findings rest on.
    pub fn assessor(&self) -> &Assessor<'m> {
        &self.assessor
    }

    /// Calls `visit` with each of the entries, read and assessed, until it fails.
    ///
    /// # Errors
    ///
    /// The first error of `visit`.
    pub fn each<E>(
        &self,
        entries: &[Entry],
        mut visit: impl FnMut(&Account, &Assessment) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut account = self.blank_account();
        let mut assessment = Assessment::default();
        entries.iter().try_for_each(|entry| {
            self.read(*entry, &mut account, &mut assessment);
            visit(&account, &assessment)
        })
    }

    /// Refills an account, without assessing it.
    pub fn account(&self, entry: Entry, account: &mut Account) {
        self.book.read(entry, account);
    }

    /// Refills an account, and assesses it as it was assessed for the totals, with only the selected plays.
    pub fn read(&self, entry: Entry, account: &mut Account, assessment: &mut Assessment) {
        self.book.read(entry, account);
        self.assessor.assess(account, assessment);
        self.selection.apply(&mut assessment.expansion, &self.assessor);
    }
}
