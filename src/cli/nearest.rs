//! The id that was meant, where one that was asked for is not there.

use crate::render::Clean;

/// How alike an id must be to be suggested.
const ALIKE: f64 = 0.75;

/// The id most like one that was asked for.
#[derive(Debug)]
pub struct Nearest {
    wanted: String,
    found: Option<(f64, String)>,
}

impl Nearest {
    /// The id most like this one, of those that are to be seen.
    pub fn to(wanted: &str) -> Self {
        Self { wanted: wanted.to_lowercase(), found: None }
    }

    /// Looks at a further id.
    pub fn see(&mut self, id: &str) {
        let likeness = strsim::jaro_winkler(&id.to_lowercase(), &self.wanted);
        if likeness >= ALIKE && self.found.as_ref().is_none_or(|(best, _)| likeness > *best) {
            self.found = Some((likeness, id.to_owned()));
        }
    }

    /// The end of a message that suggests it; empty where none is alike.
    pub fn hint(&self) -> String {
        self.found.as_ref().map(|(_, id)| format!("; did you mean {}?", Clean(id))).unwrap_or_default()
    }
}
