//! Which of the attributes that were asked for a source has, and what else it has that may be meant.

use std::collections::BTreeSet;

use super::UnknownAttribute;
use crate::account::nearest;

/// Other names that are kept, and looked at: what a source calls a field stands in its first records.
const MOST_NAMES: usize = 500;
const MOST_LOOKS: usize = 10_000;

/// What was met of the attributes that were asked for.
#[derive(Debug, Default)]
pub(super) struct Sightings {
    /// For each attribute, whether it was met.
    seen: Vec<bool>,
    /// Names of fields that are not read.
    others: BTreeSet<String>,
    /// How many more names are looked at; none where nothing is asked for.
    looks: usize,
}

impl Sightings {
    /// Nothing yet of these attributes.
    pub fn new(attributes: &[String]) -> Self {
        let looks = if attributes.is_empty() { 0 } else { MOST_LOOKS };
        Self { seen: vec![false; attributes.len()], others: BTreeSet::new(), looks }
    }

    /// Notes that there is the attribute at this position.
    pub fn see(&mut self, position: usize) {
        if let Some(seen) = self.seen.get_mut(position) {
            *seen = true;
        }
    }

    /// Whether names of fields that are not read are of interest.
    pub fn is_looking(&self) -> bool {
        self.looks > 0
    }

    /// Notes the name of a field that is not read.
    pub fn look(&mut self, name: &str) {
        self.looks = self.looks.saturating_sub(1);
        if self.others.len() < MOST_NAMES && !self.others.contains(name) {
            self.others.insert(name.to_owned());
        }
    }

    /// Adds what another source has.
    pub fn append(&mut self, other: Self) {
        for (position, _) in other.seen.iter().enumerate().filter(|(_, seen)| **seen) {
            self.see(position);
        }
        self.others.extend(other.others);
    }

    /// The attributes that no source has.
    pub fn unknown(&self, attributes: &[String]) -> Vec<UnknownAttribute> {
        let unseen = attributes.iter().zip(&self.seen).enumerate().filter(|(_, (_, seen))| !**seen);
        let near = |path: &str| nearest(path, self.others.iter().map(String::as_str)).map(str::to_owned);
        unseen.map(|(position, (path, _))| UnknownAttribute { position, near: near(path) }).collect()
    }
}
