//! Which paths a header may mean.

use std::collections::HashMap;

use super::header::{self, Header, Unit};
use super::lexicon::{Lexicon, Strength};
use crate::account::{Field, MODULES, ModuleField, Schema};
use crate::config::mapping::Convert;
use crate::config::mapping::target::{self, holds};

/// A path that a header may mean.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    pub path: String,
    pub closeness: Closeness,
    pub convert: Option<Convert>,
    /// The name that the header is like.
    pub name: String,
}

/// How close a header is to a name of a path, from far to near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Closeness {
    /// The name mostly means something else.
    Faint,
    /// It has all words of the name, and others.
    Shared,
    /// The name may mean something else too.
    Loose,
    /// It is spelt nearly alike.
    Spelling,
    /// The name without what stands around it.
    Bare,
    /// The name.
    Name,
    /// The path itself.
    Path,
}

/// All names of all paths.
pub(super) struct Names {
    names: Vec<Known>,
    by_squeezed: HashMap<String, usize>,
}

struct Known {
    squeezed: String,
    words: Vec<String>,
    text: String,
    path: String,
    strength: Strength,
    convert: Option<Convert>,
}

/// Names of less letters are not looked for in longer ones or in those that are spelt nearly alike.
const SHORTEST: usize = 8;
/// From so many letters on, two may differ.
const LONG: usize = 12;
/// Headers that are longer are no names.
const LONGEST: usize = 100;

impl Names {
    pub(super) fn new(schema: &Schema) -> Self {
        let mut names = Self { names: Vec::new(), by_squeezed: HashMap::new() };
        let fields = Field::ALL.into_iter().map(|field| (field.path(), None));
        let metrics = target::read(schema).map(|metric| (metric.path.as_str(), Some(metric.label.as_str())));
        let paths: Vec<(&str, Option<&str>)> = fields.chain(metrics).collect();
        for (path, _) in &paths {
            names.add(path, path, Strength::Firm, None);
        }
        for name in &Lexicon::shipped().names {
            if holds(schema, &name.path).is_ok() {
                names.add(&name.text, &name.path, name.strength, name.convert);
            }
        }
        for (path, label) in paths {
            if let Some(label) = label {
                names.add(label, path, Strength::Firm, None);
            }
            let last = path.rsplit('.').next().unwrap_or(path);
            // A short end such as `current` says too little by itself.
            if last.contains('_') {
                names.add(last, path, Strength::Firm, None);
            }
        }
        names
    }

    /// Adds a name, unless it is taken.
    fn add(&mut self, text: &str, path: &str, strength: Strength, convert: Option<Convert>) {
        let squeezed = header::squeezed(text);
        if squeezed.is_empty() || self.by_squeezed.contains_key(&squeezed) {
            return;
        }
        self.by_squeezed.insert(squeezed.clone(), self.names.len());
        let words = header::words(text);
        let (text, path) = (text.to_owned(), path.to_owned());
        self.names.push(Known { squeezed, words, text, path, strength, convert });
    }

    /// The paths that a header may mean, the closest first, each once.
    pub(super) fn candidates(&self, text: &str, header: &Header, schema: &Schema) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        if holds(schema, text.trim()).is_ok() {
            let path = text.trim().to_owned();
            found.push(Candidate { name: path.clone(), path, closeness: Closeness::Path, convert: None });
        }
        if header.squeezed.is_empty() || header.squeezed.len() > LONGEST {
            return found;
        }
        let whole = self.by_squeezed.get(&header.squeezed).map(|known| (*known, Closeness::Name));
        let bare = self
            .by_squeezed
            .get(&header.bare)
            .map(|known| (*known, if header.has_remark { Closeness::Loose } else { Closeness::Bare }));
        for (known, closeness) in whole.into_iter().chain(bare) {
            let known = &self.names[known];
            let closeness = match known.strength {
                Strength::Firm => closeness,
                Strength::Loose => Closeness::Loose,
                Strength::Faint => Closeness::Faint,
            };
            add(&mut found, known, closeness);
        }
        for known in &self.names {
            if known.strength == Strength::Firm && is_near(&header.squeezed, &known.squeezed) {
                add(&mut found, known, Closeness::Spelling);
            } else if known.strength == Strength::Firm && shares(&header.words, &known.words) {
                add(&mut found, known, Closeness::Shared);
            }
        }
        found.extend(module_candidate(header));
        // The sort is stable, so that of equally close names the earlier one stays first.
        found.sort_by_key(|candidate| std::cmp::Reverse(candidate.closeness));
        found
    }
}

/// The field of a module that a header may mean: `analytics_module_adopted`, `API access usage %`.
fn module_candidate(header: &Header) -> Option<Candidate> {
    let words: Vec<&str> = header.words.iter().map(String::as_str).collect();
    let (name, field) = match words.as_slice() {
        [name @ .., "adopted" | "enabled"] => (name, ModuleField::Adopted),
        [name @ .., "usage", "pct" | "percent" | "percentage"] => (name, ModuleField::UsagePct),
        [name @ .., "usage"] if header.unit == Some(Unit::Percent) => (name, ModuleField::UsagePct),
        _ => return None,
    };
    // `Adopted` alone, or `product usage %`, names no module.
    if name.is_empty() || matches!(name, ["product" | "feature" | "total" | "overall" | "seat" | "license"]) {
        return None;
    }
    let path = format!("{MODULES}.{}.{}", name.join("_"), field.name());
    Some(Candidate { name: "a module of the product".to_owned(), path, closeness: Closeness::Loose, convert: None })
}

fn add(found: &mut Vec<Candidate>, known: &Known, closeness: Closeness) {
    if found.iter().all(|candidate| candidate.path != known.path) {
        let (path, name) = (known.path.clone(), known.text.clone());
        found.push(Candidate { path, closeness, convert: known.convert, name });
    }
}

/// Whether two names differ by a slip of the pen.
fn is_near(header: &str, name: &str) -> bool {
    let length = name.len().min(header.len());
    if length < SHORTEST || name.len().abs_diff(header.len()) > 4 || header.chars().next() != name.chars().next() {
        return false;
    }
    strsim::osa_distance(header, name) <= if length >= LONG { 2 } else { 1 }
}

/// Whether a header has all words of a name of several words, and at most two others.
fn shares(header: &[String], name: &[String]) -> bool {
    name.len() > 1
        && name.iter().map(String::len).sum::<usize>() >= SHORTEST
        && header.len() <= name.len() + 2
        && name.iter().all(|word| header.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;

    #[test]
    fn headers_mean_the_paths_whose_names_they_are() {
        let schema = config::load(Vec::new()).expect("the shipped files").schema;
        let names = Names::new(&schema);
        for (text, found) in [
            ("usage.login_frequency", Some(("usage.login_frequency", Closeness::Path))),
            ("product_usage.api.adopted", Some(("product_usage.api.adopted", Closeness::Path))),
            ("usage.as_of", Some(("usage.as_of", Closeness::Path))),
            ("Usage Login Frequency", Some(("usage.login_frequency", Closeness::Name))),
            ("login_frequency", Some(("usage.login_frequency", Closeness::Name))),
            ("Renewal_Date__c", Some(("contract_end_date", Closeness::Name))),
            ("SFDC Account ID", Some(("customer_id", Closeness::Name))),
            ("Account Owner", Some(("csm", Closeness::Loose))),
            ("analytics_module_adopted", Some(("product_usage.analytics_module.adopted", Closeness::Loose))),
            ("API access: usage %", Some(("product_usage.api_access.usage_pct", Closeness::Loose))),
            ("api_access_usage_pct", Some(("product_usage.api_access.usage_pct", Closeness::Loose))),
            ("Product usage %", None),
            ("adopted", None),
            ("Customer Segment", Some(("segment", Closeness::Name))),
            ("Client Segment", Some(("segment", Closeness::Bare))),
            ("Number of Open Tickets", Some(("support.open_tickets", Closeness::Bare))),
            ("Resolution Time (days)", Some(("support.avg_resolution_hours", Closeness::Bare))),
            ("Sentiment (AI)", Some(("relationship.renewal_sentiment", Closeness::Loose))),
            ("MRR", Some(("arr", Closeness::Name))),
            ("Renewl Date", Some(("contract_end_date", Closeness::Spelling))),
            ("Latest renewal date EMEA", Some(("contract_end_date", Closeness::Shared))),
            ("Close Date", Some(("contract_start_date", Closeness::Faint))),
            ("Score (0-10)", Some(("engagement.nps_score", Closeness::Faint))),
            ("Score", None),
            ("Send Date", None),
            ("Annual Revenue", None),
            ("Industry", None),
            ("current", None),
            ("", None),
        ] {
            let candidates = names.candidates(text, &Header::new(text), &schema);
            let first = candidates.first().map(|candidate| (candidate.path.as_str(), candidate.closeness));
            assert_eq!(first, found, "{text}");
        }
    }
}
