//! Customer health, churn risk and expansion from the exports that a customer success team already has.
//!
//! The crate is the `csm` command and the library that it is made of. The modules stand in reading order, the ground floor
//! first; each uses only those before it.
//!
//! 0. [`workers`] runs work on several threads and hands the results over in order. It knows nothing of the rest.
//! 1. [`engine`] scores rows of values by a plan of weighted signals, and says what each score rests on. It knows no customer,
//!    no file and no clock, and can be used alone.
//! 2. [`account`] is what is known of a customer, and the schema that gives each metric its place.
//! 3. [`analysis`] finds health, churn risk and expansion of accounts, and what joins them over a portfolio.
//! 4. [`evidence`] looks at accounts over time: what moved their scores, and whether the scores foretold who left.
//! 5. [`config`] turns TOML into checked models, the shipped ones with a user's overlays on them.
//! 6. [`intake`] turns files into accounts, one at a time, and says where something is wrong.
//! 7. [`report`] turns results into neutral documents and into records for machines.
//! 8. [`render`] writes documents and records in one format each.
//! 9. [`cli`] is the command line: the only place that touches files, the clock, the environment and the terminal.
//!
//! What is read flows forward through them: bytes → [`account::Account`] → [`analysis::Assessment`] → [`report::document::Document`]
//! → bytes. One account is in memory at a time, but for the packed ones that wait to be put in order
//! ([`account::Book`]).
//!
//! ```
//! use csm::analysis::Health;
//! use csm::{config, intake};
//!
//! let models = config::load(vec![])?;
//! let as_of = "2026-06-30".parse()?;
//! let needs = intake::Needs { slots: vec![models.schema.slot("usage.login_frequency").unwrap()], ..intake::Needs::default() };
//! let options = intake::Options::new(&models.schema, &models.segments, &needs, as_of);
//! let portfolio = r#"{"customers": [{"customer_id": "C-1", "usage": {"login_frequency": 40}}]}"#;
//! let sources = vec![intake::Source::new("portfolio.json", portfolio.as_bytes())];
//! let mut logins = None;
//! let reading = intake::read(sources, &options, &mut |account| {
//!     let mut health = Health::default();
//!     models.health.evaluate(account, &mut health);
//!     logins = Some(health.card.signals[0].score);
//! })?;
//! assert_eq!((reading.records, logins), (1, Some(50.0)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod workers;

pub mod engine;

pub mod account;

pub mod analysis;

pub mod evidence;

pub mod config;

pub mod intake;

pub mod report;

pub mod render;

pub mod cli;
