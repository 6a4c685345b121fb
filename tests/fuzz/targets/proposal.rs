//! Mappings that are proposed for tables of unknown columns.

use csm::config;
use csm::config::mapping::propose::{TableSample, propose as proposal, to_toml};
use csm::intake::{self, Key, Sampled, Source};

use super::reading::{Given, MAX_UNPACKED, Portfolio};
use super::{MODELS, parts};

/// Tables: what is proposed for them must load, and they can be read by it.
pub fn propose(data: &[u8]) {
    let tables: Vec<(&str, &[u8])> = ["crm.csv", "tickets.csv", "usage.csv"].into_iter().zip(parts(data)).collect();
    let mut samples: Vec<TableSample> = Vec::new();
    for (position, (name, table)) in (1..).zip(&tables) {
        match intake::sample(Source::new(name, *table), position, MAX_UNPACKED).expect("bytes in memory can be read") {
            Ok(Sampled::Table(sample)) => samples.push(sample),
            Ok(Sampled::Json) => return,
            Err(problem) => {
                assert!(!problem.to_string().is_empty());
                return;
            }
        }
    }
    let text = to_toml(&proposal(&samples, &MODELS.schema, &MODELS.segments));
    let harmful = text.chars().find(|character| character.is_control() && *character != '\n');
    assert_eq!(harmful, None, "{text}");
    let mapping = config::load_mapping("mapping.toml", &text, &MODELS.schema, None);
    let mapping = mapping.unwrap_or_else(|error| panic!("{error}\n\n{text}"));
    let sources = tables.iter().enumerate().map(|(index, (name, table))| {
        let mapping = mapping.source_for(name, index + 1);
        assert!(mapping.is_some(), "{name} in {text}");
        Given { mapping, ..Given::new(name, table) }
    });
    let portfolio = Portfolio { sources: sources.collect(), rates: mapping.rates.as_ref(), key: Key::Id, outer: true };
    portfolio.check();
}
