//! Several sources and tables, as cases.

mod attributes;
mod dated;
mod ended;
mod events;
mod joined;
mod reviews;
mod tables;

use std::num::NonZeroUsize;

use chrono::NaiveDate;

use super::outlet::InPortions;
use super::{Dating, Keep, Key, Needs, Options, Portion, Problem, Reading, Source, read, read_to};
use crate::account::{Account, Derived, Kind, Metric, Profile, Schema, Segments, Vocabulary};
use crate::config::load_mapping;
use crate::config::mapping::Mapping;
use crate::engine::{Slot, Value, Word};
use crate::workers::{Then, Threads};

fn metric(path: &str, kind: Kind, unit: &str, range: Option<(f64, f64)>) -> Metric {
    Metric { unit: Some(unit.to_owned()), range, ..Metric::new(path, kind) }
}

fn derived(path: &str, derived: Derived) -> Metric {
    Metric { derived: Some(derived), ..Metric::new(path, Kind::Number) }
}

fn words(words: &[&str]) -> Kind {
    Kind::Word(Vocabulary::new(words.iter().map(|word| (*word).to_owned()).collect()))
}

fn schema() -> Schema {
    Schema::new(vec![
        metric("usage.login_frequency", Kind::Number, "% of days", Some((0.0, 100.0))),
        metric("support.escalation_rate", Kind::Number, "share 0-1", Some((0.0, 1.0))),
        metric("support.open_tickets", Kind::Number, "tickets", Some((0.0, 300.0))),
        metric("support.avg_resolution_hours", Kind::Number, "hours", None),
        metric("engagement.csat_score", Kind::Number, "points 1-5", Some((1.0, 5.0))),
        metric("relationship.renewal_sentiment", words(&["positive", "neutral", "negative"]), "", None),
        metric("relationship.champion_left", Kind::Flag, "", None),
        derived("account.days_to_renewal", Derived::DaysToRenewal),
        derived("usage.login_frequency.age", Derived::Age(Slot(0))),
    ])
}

/// How the sources of a case are read.
#[derive(Default)]
struct How<'h> {
    mapping: &'h str,
    key: Key,
    outer: bool,
    encoding: Option<&'h str>,
    attributes: &'h [&'h str],
    review: bool,
    dating: Dating,
}

/// What reading gave.
struct Outcome {
    schema: Schema,
    reading: Reading,
    accounts: Vec<Account>,
    rejects: Vec<String>,
}

/// The accounts of a portion.
#[derive(Default)]
struct Accounts(Vec<Account>);

impl Portion for Accounts {
    fn add(&mut self, account: &Account) {
        self.0.push(account.clone());
    }
}

/// On how many threads and in blocks of how many bytes everything is read again, with the same result.
const BLOCKS: [(usize, usize); 4] = [(2, 1), (2, 60), (2, 150), (3, 100_000)];

impl How<'_> {
    fn read(&self, sources: &[(&str, &str)]) -> Outcome {
        let outcome = self.read_to(sources, |sources, options| {
            let mut accounts = Vec::new();
            let mut each = |account: &Account| accounts.push(account.clone());
            let reading = read(sources, options, &mut each).expect("bytes in memory");
            (reading, accounts)
        });
        for (threads, size) in BLOCKS {
            let threads = Threads::new(NonZeroUsize::new(threads).expect("a thread"));
            let in_blocks = self.read_to(sources, |sources, options| {
                let mut accounts = Vec::new();
                let mut take = |portion: Accounts| {
                    accounts.extend(portion.0);
                    Then::GoOn
                };
                let outlet = InPortions::new(threads, &Accounts::default, &mut take).in_blocks_of(size);
                let reading = read_to(sources, options, &outlet).expect("bytes in memory");
                outlet.end();
                (reading, accounts)
            });
            assert_eq!(in_blocks.reading, outcome.reading, "blocks of {size} of {sources:?}");
            assert_eq!(in_blocks.accounts, outcome.accounts, "blocks of {size} of {sources:?}");
            assert_eq!(in_blocks.rejects, outcome.rejects, "blocks of {size} of {sources:?}");
        }
        outcome
    }

    fn read_to(
        &self,
        sources: &[(&str, &str)],
        run: impl FnOnce(Vec<Source<'_>>, &Options<'_>) -> (Reading, Vec<Account>),
    ) -> Outcome {
        let schema = schema();
        let segments = ["enterprise", "mid-market", "smb"].map(|name| (name.into(), name.into()));
        let segments = Segments::new(segments.into(), Profile(1));
        let needs = Needs {
            slots: schema.slots().map(|(slot, _)| slot).collect(),
            footprint: true,
            attributes: self.attributes.iter().map(|path| (*path).to_owned()).collect(),
            review: self.review,
            dating: self.dating,
        };
        let as_of = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a date");
        let mapping = match self.mapping {
            "" => Mapping::default(),
            text => load_mapping("mapping.toml", &format!("format = 1\n{text}"), &schema, self.key.path())
                .expect("a mapping"),
        };
        let options = Options {
            rates: mapping.rates.as_ref(),
            key: &self.key,
            outer: self.outer,
            keep: Keep::All,
            ..Options::new(&schema, &segments, &needs, as_of)
        };
        let mut rejects = vec![Vec::new(); sources.len()];
        let with_rejects = sources.iter().zip(&mut rejects).enumerate();
        let sources = with_rejects.map(|(position, ((name, text), rejects))| Source {
            rejects: Some(rejects),
            encoding: self.encoding,
            mapping: mapping.source_for(name, position + 1),
            ..Source::new(name, text.as_bytes())
        });
        let (reading, accounts) = run(sources.collect(), &options);
        let rejects = rejects.into_iter().map(|rejects| String::from_utf8(rejects).expect("UTF-8")).collect();
        Outcome { schema, reading, accounts, rejects }
    }
}

/// Reads one source.
fn read_one(name: &str, text: &str) -> Outcome {
    How::default().read(&[(name, text)])
}

impl Outcome {
    fn errors(&self) -> Vec<String> {
        self.reading.problems.errors().iter().map(Problem::to_string).collect()
    }

    fn warnings(&self) -> Vec<String> {
        self.reading.problems.warnings().iter().map(Problem::to_string).collect()
    }

    fn notes(&self) -> Vec<String> {
        self.reading.problems.notes().iter().map(Problem::to_string).collect()
    }

    fn ids(&self) -> Vec<&str> {
        self.accounts.iter().map(|account| account.id.as_str()).collect()
    }

    /// What an account has at a path, for comparison: of metrics the value as text.
    fn value(&self, account: usize, path: &str) -> String {
        let account = &self.accounts[account];
        let Some(slot) = self.schema.slot(path) else { panic!("no metric {path}") };
        match account.row.get(slot) {
            Value::Absent => "absent".to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Flag(flag) => flag.to_string(),
            Value::Word(Word::OTHER) => account.other_word(slot).unwrap_or_default().to_owned(),
            Value::Word(word) => match &self.schema.metric(slot).kind {
                Kind::Word(vocabulary) => vocabulary.text(word).unwrap_or_default().to_owned(),
                _ => String::new(),
            },
        }
    }
}

#[test]
fn a_schema_has_its_slots() {
    assert_eq!(schema().slot("support.open_tickets"), Some(Slot(2)));
}
