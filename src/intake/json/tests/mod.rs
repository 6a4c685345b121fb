//! Reading portfolios, as tables of cases.

mod cuts;
mod files;
mod forms;
mod places;
mod records;
mod whole;

use std::io::{self, Read};
use std::num::NonZeroUsize;

use chrono::NaiveDate;

use super::portfolio::read;
use crate::account::{Account, Derived, Kind, Metric, Profile, Schema, Segments, Vocabulary};
use crate::engine::Slot;
use crate::intake::desk::{Desk, Role};
use crate::intake::fields::Fields;
use crate::intake::join::Join;
use crate::intake::ledger::Currency;
use crate::intake::outlet::{InPortions, OneByOne, Outlet};
use crate::intake::{Key, Needs, Options, Portion, Problem, Reading};
use crate::workers::{Then, Threads};

/// A metric of a test, a number unless changed.
fn metric(path: &str) -> Metric {
    Metric::new(path, Kind::Number)
}

fn words(words: &[&str]) -> Kind {
    Kind::Word(Vocabulary::new(words.iter().map(|word| (*word).to_owned()).collect()))
}

fn schema() -> Schema {
    Schema::new(vec![
        Metric { range: Some((0.0, 100.0)), ..metric("usage.login_frequency") },
        Metric { range: Some((0.0, 1.0)), minimum: Some(0.0), ..metric("support.escalation_rate") },
        Metric { range: Some((1.0, 5.0)), ..metric("engagement.csat_score") },
        Metric { kind: words(&["positive", "neutral", "negative"]), ..metric("relationship.renewal_sentiment") },
        Metric { kind: Kind::Flag, ..metric("relationship.champion_left") },
        metric("health_index"),
        metric("a.b.c"),
        Metric { derived: Some(Derived::DaysToRenewal), ..metric("term.days_to_renewal") },
        Metric { derived: Some(Derived::DaysSinceStart), ..metric("term.days_since_start") },
    ])
}

/// What reading gave.
#[derive(Debug, PartialEq)]
struct Outcome {
    reading: Reading,
    accounts: Vec<Account>,
    rejects: String,
}

impl Outcome {
    fn errors(&self) -> Vec<String> {
        self.reading.problems.errors().iter().map(Problem::to_string).collect()
    }

    fn warnings(&self) -> Vec<String> {
        self.reading.problems.warnings().iter().map(Problem::to_string).collect()
    }
}

/// How accounts are handed on.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    OneByOne,
    InPortions(usize),
}

/// The accounts of a portion.
#[derive(Default)]
struct Accounts(Vec<Account>);

impl Portion for Accounts {
    fn add(&mut self, account: &Account) {
        self.0.push(account.clone());
    }
}

fn read_by(way: Way, schema: &Schema, footprint: bool, input: impl Read + Send, chunk: usize) -> Outcome {
    let mut accounts = Vec::new();
    match way {
        Way::OneByOne => {
            let mut each = |account: &Account| accounts.push(account.clone());
            let (reading, rejects) = read_to(&OneByOne::new(&mut each), schema, footprint, input, chunk);
            Outcome { reading, accounts, rejects }
        }
        Way::InPortions(threads) => {
            let threads = Threads::new(NonZeroUsize::new(threads).expect("a thread"));
            let mut take = |portion: Accounts| {
                accounts.extend(portion.0);
                Then::GoOn
            };
            let outlet = InPortions::new(threads, &Accounts::default, &mut take).in_blocks_of(chunk);
            let (reading, rejects) = read_to(&outlet, schema, footprint, input, chunk);
            outlet.end();
            Outcome { reading, accounts, rejects }
        }
    }
}

fn read_to(
    outlet: &dyn Outlet,
    schema: &Schema,
    footprint: bool,
    input: impl Read + Send,
    chunk: usize,
) -> (Reading, String) {
    let segments =
        Segments::new(["enterprise", "mid-market", "smb"].map(|name| (name.into(), name.into())).into(), Profile(1));
    let slots = (0..u16::try_from(schema.metrics().len()).expect("few metrics")).map(Slot).collect();
    let needs = Needs { slots, footprint, review: true, ..Needs::default() };
    let as_of = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a date");
    let options = Options::new(schema, &segments, &needs, as_of);
    let mut rejects: Vec<u8> = Vec::new();
    let fields = Fields::new(schema, &needs, &Key::Id);
    let (mut currency, mut join) = (Currency::default(), Join::default());
    let desk = Desk::new(&fields, &options, "p.json".into(), &mut currency, Role::Lead { join: &mut join, outlet });
    let desk = read(input, None, desk, Some(&mut rejects), chunk).expect("bytes in memory");
    let (records, invalid, problems) = (desk.records, desk.invalid, desk.problems);
    let reading = Reading { records, invalid, currency: currency.into_code(), problems, ..Reading::default() };
    (reading, String::from_utf8_lossy(&rejects).into_owned())
}

fn read_as(schema: &Schema, footprint: bool, input: impl Read + Send, chunk: usize) -> Outcome {
    read_by(Way::OneByOne, schema, footprint, input, chunk)
}

/// Reads an input, which must give the same in portions, however they are cut.
fn read_all(input: impl AsRef<[u8]>) -> Outcome {
    let input = input.as_ref();
    let outcome = read_as(&schema(), true, input, super::CHUNK);
    for (threads, chunk) in [(1, 300), (2, 1), (2, 50), (2, super::CHUNK), (3, 120)] {
        let portions = read_by(Way::InPortions(threads), &schema(), true, input, chunk);
        let shown = String::from_utf8_lossy(input);
        assert_eq!(portions, outcome, "{threads} threads, pieces of {chunk} for {shown}");
    }
    outcome
}

/// Hands its bytes out in pieces of one size, with interruptions.
struct Pieces<'a> {
    bytes: &'a [u8],
    size: usize,
    interrupt: bool,
}

impl Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.interrupt = !self.interrupt;
        if self.interrupt {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let length = self.size.min(self.bytes.len()).min(out.len());
        let (piece, rest) = self.bytes.split_at(length);
        out[..length].copy_from_slice(piece);
        self.bytes = rest;
        Ok(length)
    }
}
