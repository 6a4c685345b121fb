//! What threads gather of a portfolio.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::account::{Account, Book};
use crate::analysis;
use crate::intake::Portion;

/// Accounts by the days that they are of.
pub(super) struct Days {
    /// The day of those whose records say none.
    other: NaiveDate,
    pub(super) books: BTreeMap<NaiveDate, Book>,
}

impl Days {
    pub(super) fn of(other: NaiveDate) -> Self {
        Self { other, books: BTreeMap::new() }
    }

    pub(super) fn append(&mut self, behind: Self) {
        for (day, book) in behind.books {
            self.books.entry(day).or_default().append(book);
        }
    }
}

impl Portion for Days {
    fn add(&mut self, account: &Account) {
        self.books.entry(account.snapshot.unwrap_or(self.other)).or_default().push(account);
    }
}

/// The accounts of a part of a portfolio.
pub(super) struct Collected(pub(super) Book);

impl Portion for Collected {
    fn add(&mut self, account: &Account) {
        self.0.push(account);
    }
}

/// A part of a portfolio that a thread surveys.
pub(super) struct Surveyed<'s> {
    pub(super) portion: analysis::Portion<'s>,
    /// All of its accounts, where they are collected.
    pub(super) book: Option<Book>,
}

impl Portion for Surveyed<'_> {
    fn add(&mut self, account: &Account) {
        self.portion.add(account);
        if let Some(book) = &mut self.book {
            book.push(account);
        }
    }
}
