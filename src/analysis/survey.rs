//! A portfolio, account by account: who belongs to it, what it sums to, and which accounts are listed in which order.

use super::addends::Addends;
use super::flow::Flow;
use super::{Assessment, Assessor, Order, Outlook, Population, Scope, Selection, Totals};
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

/// Who belongs to a portfolio, what is scored, and which accounts are listed in which order. Any thread can make portions of it.
#[derive(Debug, Clone)]
pub struct Surveyor<'m> {
    pub(super) assessor: Assessor<'m>,
    segments: &'m Segments,
    population: Population,
    pub(super) selection: Selection,
    order: Order,
    onboarding: Onboarding,
}

/// What a survey does with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treatment {
    /// Nothing more: it is counted, if it belongs to the population.
    Count,
    /// It is listed apart.
    ListApart,
    /// It is scored and summed.
    Score,
}

/// What an order sorts by, lowest first.
type Key = (f64, f64);

impl<'m> Surveyor<'m> {
    /// Nothing of the next part of the portfolio yet.
    pub fn portion(&self) -> Portion<'_> {
        Portion { surveyor: self, surveyed: Surveyed::default() }
    }

    /// The same of a portfolio whose accounts go on as they come.
    pub fn flow(&self) -> Flow<'_> {
        Flow::new(self)
    }

    /// Counts an account, and says what is done with it.
    pub(super) fn count(&self, account: &Account, addends: &mut Addends) -> Treatment {
        if !self.population.admits(account, self.segments) {
            return Treatment::Count;
        }
        if account.lifecycle == Lifecycle::Churned {
            addends.churned.push(account.arr);
            return Treatment::Count;
        }
        if account.lifecycle == Lifecycle::Onboarding {
            addends.onboarding.push(account.arr);
            if self.onboarding == Onboarding::Apart {
                return Treatment::ListApart;
            }
        }
        match account.segment.as_deref() {
            None => addends.counts.no_segment += 1,
            Some(segment) if self.segments.find(segment).is_none() => addends.counts.unknown_segment += 1,
            Some(_) => {}
        }
        Treatment::Score
    }

    /// The models, the date and the analyses that the survey runs.
    pub fn assessor(&self) -> &Assessor<'m> {
        &self.assessor
    }

    /// What the order sorts an account by; `None` where it does not go by what is found.
    fn key(&self, account: &Account, assessment: &Assessment) -> Option<Key> {
        let Assessment { health, churn, expansion } = assessment;
        let highest_first = |figure: Option<f64>| figure.map_or(f64::INFINITY, |figure| -figure);
        let attention = || f64::from(assessment.attention() as u8);
        Some(match self.order {
            Order::Input | Order::Name => return None,
            Order::Attention => (attention(), -account.arr),
            Order::AttentionAndStake => (attention(), highest_first(assessment.stake(account))),
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
        })
    }
}

/// A part of a portfolio, to be scored on any thread, whatever becomes of the others.
#[derive(Debug, Clone)]
pub struct Portion<'s> {
    surveyor: &'s Surveyor<'s>,
    surveyed: Surveyed,
}

impl Portion<'_> {
    /// Adds the next account of the portion. Churned accounts are counted and not scored.
    pub fn add(&mut self, account: &Account) {
        self.surveyed.add(account, self.surveyor);
    }
}

/// What was found in a part of a portfolio.
#[derive(Debug, Clone, Default)]
struct Surveyed {
    addends: Addends,
    accounts: Accounts,
    assessment: Assessment,
}

/// The accounts of a portfolio that are listed, and those that are shown apart.
#[derive(Debug, Clone, Default)]
struct Accounts {
    book: Book,
    /// What the listed ones are sorted by; none where they are not sorted by what is found.
    keys: Vec<Key>,
    /// Those that are shown apart. All others in the book are listed.
    apart: Vec<Entry>,
    slots: usize,
}

impl Surveyed {
    fn add(&mut self, account: &Account, surveyor: &Surveyor<'_>) {
        let Self { addends, accounts, assessment } = self;
        let treatment = surveyor.count(account, addends);
        if treatment != Treatment::Count {
            accounts.slots = account.row.values().len();
        }
        match treatment {
            Treatment::Count => return,
            Treatment::ListApart => return accounts.apart.push(accounts.book.push(account)),
            Treatment::Score => {}
        }
        surveyor.assessor.score(account, assessment);
        addends.add(account, &surveyor.assessor, assessment);
        surveyor.selection.apply(&mut assessment.expansion, &surveyor.assessor);
        if surveyor.selection.admits(assessment) {
            accounts.book.push(account);
            accounts.keys.extend(surveyor.key(account, assessment));
        }
    }
}

impl Accounts {
    fn append(&mut self, other: Self) {
        let before = self.book.append(other.book);
        self.keys.extend(other.keys);
        self.apart.extend(other.apart.into_iter().map(|entry| entry.behind(before)));
        self.slots = self.slots.max(other.slots);
    }

    /// The listed accounts in order; equal ones stay as they were.
    fn listed(&mut self, order: Order) -> Vec<Entry> {
        // The book is in input order, and so are those apart.
        let mut apart = self.apart.iter().peekable();
        let mut listed: Vec<Entry> =
            self.book.entries().filter(|entry| apart.next_if(|apart| *apart == entry).is_none()).collect();
        if order == Order::Name {
            let mut account = Account::default();
            listed.sort_by_cached_key(|entry| {
                self.book.read(*entry, &mut account);
                account.name.to_lowercase()
            });
        } else if !self.keys.is_empty() {
            let keys = std::mem::take(&mut self.keys);
            let by_key = |a: &Key, b: &Key| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1));
            let mut keyed: Vec<(Key, Entry)> = keys.into_iter().zip(listed.iter().copied()).collect();
            keyed.sort_unstable_by(|a, b| by_key(&a.0, &b.0).then(a.1.cmp(&b.1)));
            listed.clear();
            listed.extend(keyed.into_iter().map(|(_, entry)| entry));
        }
        listed
    }
}

/// What the portions of a portfolio add up to. Floating-point sums are added account by account in input order, so that they do not
/// depend on how the portfolio was cut.
#[derive(Debug, Clone)]
pub struct Sums {
    renewal_rates: [Outlook; 4],
    totals: Totals,
    accounts: Accounts,
    /// What was added last and is in no sum yet.
    open: Surveyed,
}

impl Sums {
    /// At least so many are looked at before they are added up.
    const PORTION: usize = 256;

    /// Takes the next portion in input order.
    pub fn take(&mut self, portion: Portion<'_>) {
        self.close();
        self.merge(portion.surveyed);
    }

    /// Takes the next portion in input order of accounts that have gone on.
    pub fn take_flow(&mut self, flow: &Flow<'_>) {
        self.close();
        self.totals.add(&flow.addends, &self.renewal_rates);
    }

    fn add(&mut self, account: &Account, surveyor: &Surveyor<'_>) {
        self.open.add(account, surveyor);
        if self.open.addends.len() >= Self::PORTION {
            self.close();
        }
    }

    fn close(&mut self) {
        let open = std::mem::take(&mut self.open);
        self.merge(open);
    }

    fn merge(&mut self, surveyed: Surveyed) {
        self.totals.add(&surveyed.addends, &self.renewal_rates);
        self.accounts.append(surveyed.accounts);
    }
}

/// What a portfolio adds up to, and which of its accounts are listed.
#[derive(Debug, Clone)]
pub struct Survey<'m> {
    surveyor: Surveyor<'m>,
    sums: Sums,
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
        let assessor = Assessor { scope, ..assessor };
        Self {
            surveyor: Surveyor { assessor, segments, population, selection, order, onboarding },
            sums: Sums {
                renewal_rates: assessor.churn.renewal_rates,
                totals: Totals::new(segments),
                accounts: Accounts::default(),
                open: Surveyed::default(),
            },
        }
    }

    /// The models, the date and the analyses that the survey runs.
    pub fn assessor(&self) -> &Assessor<'m> {
        self.surveyor.assessor()
    }

    /// Adds the next account of the input. Churned accounts are counted and not scored.
    pub fn add(&mut self, account: &Account) {
        self.sums.add(account, &self.surveyor);
    }

    /// What makes portions, on any thread, and what takes them in input order.
    pub fn split(&mut self) -> (&Surveyor<'m>, &mut Sums) {
        (&self.surveyor, &mut self.sums)
    }

    /// Puts the listed accounts in order.
    pub fn finish(mut self) -> Findings<'m> {
        self.sums.close();
        let Self { surveyor, sums: Sums { totals, mut accounts, .. } } = self;
        let listed = accounts.listed(surveyor.order);
        let Accounts { book, apart, slots, .. } = accounts;
        let Surveyor { assessor, selection, .. } = surveyor;
        Findings { assessor, selection, totals, book, listed, apart, slots }
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

    /// Refills an account, and scores it within a scope, without the rules that only speak. What lies outside of the scope stays as it was.
    pub fn score(&self, entry: Entry, scope: Scope, account: &mut Account, assessment: &mut Assessment) {
        self.book.read(entry, account);
        let assessor = Assessor { scope, ..self.assessor };
        assessor.score(account, assessment);
        if scope.expansion {
            self.selection.apply(&mut assessment.expansion, &assessor);
        }
    }

    /// Refills an account, and assesses it as it was assessed for the totals, with only the selected plays.
    pub fn read(&self, entry: Entry, account: &mut Account, assessment: &mut Assessment) {
        self.book.read(entry, account);
        self.assessor.assess(account, assessment);
        self.selection.apply(&mut assessment.expansion, &self.assessor);
    }
}
