//! A portfolio on several days.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::account::{Account, Book, Entry, Lifecycle, Profile, Schema};
use crate::analysis::{Assessment, Assessor};
use crate::engine::{Slot, Value};
use crate::workers::{self, Then, Threads};

/// A customer of a history, by the order in which the history first saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Customer(pub u32);

impl Customer {
    /// The position among all customers of the history.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A portfolio on several days, each at most once, the earliest first.
#[derive(Debug, Clone)]
pub struct History {
    snapshots: Vec<Snapshot>,
    ids: Vec<Arc<str>>,
    customers: HashMap<Arc<str>, Customer>,
    slots: usize,
}

/// A portfolio as of a day.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The day.
    pub date: NaiveDate,
    /// What it was read from.
    pub source: String,
    content: Content,
}

/// What is known of a day.
#[derive(Debug, Clone)]
enum Content {
    /// The accounts, the place of each by the customer, and how many of them have a value in each slot.
    Accounts { book: Book, places: Vec<(Customer, Entry)>, filled: Vec<u32> },
    /// What an earlier run said of them, by the customer, and the fingerprint of its model.
    Saved { points: Vec<Point>, model: String },
}

/// A result that an earlier run saved.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedSnapshot {
    /// The day that it is of.
    pub date: NaiveDate,
    /// The fingerprint of the model that made it.
    pub model: String,
    /// What it says of each account; an id stands there once.
    pub points: Vec<SavedPoint>,
}

/// What a saved result says of one account.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedPoint {
    /// The customer's id.
    pub id: String,
    /// The rest; its customer is filled in by the history.
    pub point: Point,
}

/// A score and the band or tier that it lies in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// 0–100, one decimal.
    pub value: f64,
    /// The band of health from the best, or the tier of churn risk from the gravest.
    pub band: u8,
}

/// What a snapshot says of one account.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The account.
    pub customer: Customer,
    /// The segment that it is scored with.
    pub profile: Profile,
    /// Where it is in its life; one that has churned is not scored.
    pub lifecycle: Lifecycle,
    /// Annual recurring revenue.
    pub arr: f64,
    /// The health score; `None` where it is not scored, or nothing is known of it.
    pub health: Option<Score>,
    /// The churn risk score; `None` where it is not scored, or nothing is known of it.
    pub churn: Option<Score>,
}

impl History {
    /// A history without snapshots, of accounts with the metrics of a schema.
    pub fn new(schema: &Schema) -> Self {
        Self { snapshots: Vec::new(), ids: Vec::new(), customers: HashMap::new(), slots: schema.metrics().len() }
    }

    /// Adds the accounts of a day; gives them back where there is a snapshot of this day. An id stands among them once. Snapshots are added
    /// in the order of their days where the numbers of customers are to be those of their first appearance.
    ///
    /// # Errors
    ///
    /// The accounts, where the history has a snapshot of this day already.
    pub fn add(&mut self, date: NaiveDate, source: String, book: Book) -> Result<(), Book> {
        let Err(position) = self.snapshots.binary_search_by_key(&date, |snapshot| snapshot.date) else {
            return Err(book);
        };
        let mut account = self.blank_account();
        let mut places: Vec<(Customer, Entry)> = Vec::with_capacity(book.len());
        let mut filled = vec![0; self.slots];
        for entry in book.entries() {
            book.read(entry, &mut account);
            for (count, value) in filled.iter_mut().zip(account.row.values()) {
                *count += u32::from(*value != Value::Absent);
            }
            places.push((self.customer(&account.id), entry));
        }
        places.sort_unstable();
        self.snapshots.insert(position, Snapshot { date, source, content: Content::Accounts { book, places, filled } });
        Ok(())
    }

    /// Adds what an earlier run saved of a day.
    ///
    /// # Errors
    ///
    /// The result, where the history has a snapshot of this day already.
    pub fn add_saved(&mut self, source: String, saved: SavedSnapshot) -> Result<(), SavedSnapshot> {
        let Err(position) = self.snapshots.binary_search_by_key(&saved.date, |snapshot| snapshot.date) else {
            return Err(saved);
        };
        let SavedSnapshot { date, model, points } = saved;
        let mut points: Vec<Point> =
            points.into_iter().map(|saved| Point { customer: self.customer(&saved.id), ..saved.point }).collect();
        points.sort_unstable_by_key(|point| point.customer);
        self.snapshots.insert(position, Snapshot { date, source, content: Content::Saved { points, model } });
        Ok(())
    }

    /// Takes the snapshot of a day away; false where there is none.
    pub fn drop_day(&mut self, date: NaiveDate) -> bool {
        let before = self.snapshots.len();
        self.snapshots.retain(|snapshot| snapshot.date != date);
        self.snapshots.len() < before
    }

    fn customer(&mut self, id: &str) -> Customer {
        if let Some(customer) = self.customers.get(id) {
            return *customer;
        }
        let customer = Customer(u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
        let id: Arc<str> = id.into();
        self.ids.push(Arc::clone(&id));
        self.customers.insert(id, customer);
        customer
    }

    /// The snapshots, the earliest first.
    pub fn snapshots(&self) -> &[Snapshot] {
        &self.snapshots
    }

    /// The ids of all customers, in their order.
    pub fn ids(&self) -> &[Arc<str>] {
        &self.ids
    }

    /// The id of a customer; empty where it is not of this history.
    pub fn id(&self, customer: Customer) -> &str {
        self.ids.get(customer.index()).map_or("", |id| id)
    }

    /// The customer of an id.
    pub fn find(&self, id: &str) -> Option<Customer> {
        self.customers.get(id).copied()
    }

    /// An empty account to read into.
    pub fn blank_account(&self) -> Account {
        Account { row: crate::engine::Row::new(self.slots), ..Account::default() }
    }

    /// Where a metric that at least half of the accounts had is empty for all of them from one snapshot to the next, as where an export lost
    /// a column: the slot, and the later snapshot by its position. Saved results have no metrics.
    pub fn lost_metrics(&self) -> Vec<(Slot, usize)> {
        let mut lost = Vec::new();
        let mut before: Option<(&[u32], usize)> = None;
        for (position, snapshot) in self.snapshots.iter().enumerate() {
            let Content::Accounts { places, filled, .. } = &snapshot.content else { continue };
            if places.is_empty() {
                continue;
            }
            if let Some((earlier, accounts)) = before {
                let slots = (0..).map(Slot).zip(earlier.iter().zip(filled));
                let gone = slots.filter(|(_, (was, is))| **was as usize * 2 >= accounts && **is == 0);
                lost.extend(gone.map(|(slot, _)| (slot, position)));
            }
            before = Some((filled, places.len()));
        }
        lost
    }

    /// What each snapshot says of each account, by the models of an assessor as of the day of the snapshot. What was saved is taken as it
    /// stands.
    pub fn points(&self, assessor: &Assessor<'_>, threads: Threads) -> Vec<Vec<Point>> {
        let mut snapshots = self.snapshots.iter();
        let mut points = Vec::with_capacity(self.snapshots.len());
        workers::in_order(
            threads,
            || snapshots.next(),
            || (self.blank_account(), Assessment::default()),
            |(account, assessment), snapshot| snapshot.points(assessor, account, assessment),
            |of_snapshot| {
                points.push(of_snapshot);
                Then::GoOn
            },
        );
        points
    }
}

impl Snapshot {
    /// Refills an account with that of a customer on this day. Says whether there is one; a saved result has none.
    pub fn read(&self, customer: Customer, account: &mut Account) -> bool {
        let Content::Accounts { book, places, .. } = &self.content else { return false };
        let Ok(position) = places.binary_search_by_key(&customer, |(customer, _)| *customer) else { return false };
        book.read(places[position].1, account);
        true
    }

    /// The fingerprint of the model whose scores were saved; `None` where the accounts themselves are there.
    pub fn saved_model(&self) -> Option<&str> {
        match &self.content {
            Content::Accounts { .. } => None,
            Content::Saved { model, .. } => Some(model),
        }
    }

    /// What an earlier run saved of each account, by the customer; nothing where the accounts themselves are there.
    pub fn saved_points(&self) -> &[Point] {
        match &self.content {
            Content::Accounts { .. } => &[],
            Content::Saved { points, .. } => points,
        }
    }

    /// How many accounts there are.
    pub fn len(&self) -> usize {
        match &self.content {
            Content::Accounts { places, .. } => places.len(),
            Content::Saved { points, .. } => points.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is to be said of each account, by the customer.
    fn points(&self, assessor: &Assessor<'_>, account: &mut Account, assessment: &mut Assessment) -> Vec<Point> {
        let (book, places) = match &self.content {
            Content::Accounts { book, places, .. } => (book, places),
            Content::Saved { points, .. } => return points.clone(),
        };
        let assessor = Assessor { as_of: self.date, ..*assessor };
        let point = |(customer, entry): &(Customer, Entry)| {
            book.read(*entry, account);
            let scored = account.lifecycle != Lifecycle::Churned;
            if scored {
                assessor.score(account, assessment);
            }
            let score = |card: &crate::engine::Scorecard, in_scope: bool| {
                let grade = card.grade.filter(|_| scored && in_scope)?;
                Some(Score { value: grade.score, band: u8::try_from(grade.band).unwrap_or(u8::MAX) })
            };
            Point {
                customer: *customer,
                profile: account.profile,
                lifecycle: account.lifecycle,
                arr: account.arr,
                health: score(&assessment.health.card, assessor.scope.health),
                churn: score(&assessment.churn.card, assessor.scope.churn),
            }
        };
        places.iter().map(point).collect()
    }
}
