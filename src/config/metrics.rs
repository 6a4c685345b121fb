//! `metrics.toml`: the dictionary of the data.

use super::ModelFile;
use super::fields::{Fields, Item, listed, nearest};
use super::problem::Finding;
use super::source::Origin;
use crate::account::{Derived, Kind, Metric, Schema, Topic, Vocabulary};
use crate::engine::{Slot, Value, Word};

/// The schema, and which of its metrics were read without fault.
pub(super) struct Dictionary {
    pub(super) schema: Schema,
    sound: Vec<bool>,
}

/// A metric of the dictionary.
#[derive(Clone, Copy)]
pub(super) struct Known<'d> {
    pub(super) slot: Slot,
    pub(super) metric: &'d Metric,
}

/// The most metrics, and the most words of one, that slots and words can number.
const MOST: usize = u16::MAX as usize;

const DERIVED: [(&str, Derived); 2] =
    [("days-to-renewal", Derived::DaysToRenewal), ("days-since-start", Derived::DaysSinceStart)];

pub(super) fn decode(root: Item<'_>) -> Dictionary {
    let mut metrics = Vec::new();
    let mut sound = Vec::new();
    if let Some(mut file) = root.fields() {
        let mut derived: Vec<(Derived, Origin)> = Vec::new();
        if let Some(mut table) = file.required("metrics").and_then(Item::fields) {
            for (path, origin, item) in table.rest() {
                let metric = metric(path, origin, item, &mut derived);
                sound.push(metric.is_some());
                metrics.push(metric.unwrap_or_else(|| stand_in(path)));
            }
            if metrics.len() > MOST {
                let title = format!("there are {} metrics, at most {MOST} are possible", metrics.len());
                table.item.report.add(table.item.finding(title));
            }
        }
        file.finish();
    }
    Dictionary { schema: Schema::new(metrics), sound }
}

/// What holds the place of a metric that could not be read, so that its name is known.
fn stand_in(path: &str) -> Metric {
    Metric::new(path, Kind::Number)
}

fn metric(path: &str, origin: Origin, item: Item<'_>, derived: &mut Vec<(Derived, Origin)>) -> Option<Metric> {
    let mut fields = item.fields()?;
    if path.split('.').any(|part| part.trim().is_empty()) {
        let title = format!("the path of the metric \"{path}\" has an empty part");
        item.report.add(Finding::new(origin, title).help("for example \"usage.login_frequency\"".to_owned()));
    }
    if fields.holds_tables_only() {
        let title = format!("`{path}` holds no metric but further tables");
        let help = "put the whole path in quotes, for example [metrics.\"usage.login_frequency\"]";
        item.report.add(Finding::new(origin, title).help(help.to_owned()));
        return None;
    }
    let last = path.rsplit('.').next().unwrap_or(path);
    let label = fields.optional("label").and_then(Item::text).map_or_else(|| last.replace('_', " "), str::to_owned);
    let word = |kind| move |item: Item<'_>| item.one_of("kind", kind);
    let kinds = [("number", "number"), ("word", "word"), ("flag", "flag")];
    let kind = fields.required("kind").and_then(word(&kinds));
    let unit = fields.optional("unit").and_then(Item::text).map(str::to_owned);
    let range = fields.optional("range").and_then(|item| number_only(item, kind, range));
    let minimum = fields.optional("minimum").and_then(|item| number_only(item, kind, Item::number));
    let words = words(&mut fields, kind);
    let derived = fields.optional("derived").and_then(|item| number_only(item, kind, |item| once(item, derived)));
    let internal = fields.optional("internal").and_then(Item::flag).unwrap_or_default();
    let topics = [("adoption", Topic::Adoption), ("support", Topic::Support)];
    let topic = fields.optional("topic").and_then(|item| item.one_of("topic", &topics));
    fields.finish();
    let kind = match kind? {
        "number" => Kind::Number,
        "flag" => Kind::Flag,
        _ => Kind::Word(Vocabulary::new(words?)),
    };
    Some(Metric { path: path.to_owned(), label, kind, unit, range, minimum, derived, internal, topic })
}

/// Reads a key that only a number may have.
fn number_only<'a, T>(item: Item<'a>, kind: Option<&str>, read: impl FnOnce(Item<'a>) -> Option<T>) -> Option<T> {
    match kind {
        Some(kind) if kind != "number" => {
            let title = format!("`{}` has no place in a metric of kind \"{kind}\", only in a number", item.key());
            item.report.add(item.finding(title));
            None
        }
        _ => read(item),
    }
}

fn range(item: Item<'_>) -> Option<(f64, f64)> {
    let ends: Vec<f64> = item.list()?.into_iter().map(Item::number).collect::<Option<_>>()?;
    let title = match ends[..] {
        [low, high] if low <= high => return Some((low, high)),
        [low, high] => format!("the range runs from {low} down to {high}"),
        _ => format!("`range` has {} numbers", ends.len()),
    };
    item.report.add(item.finding(title).help("write the lowest and the highest plausible value: [0, 100]".to_owned()));
    None
}

fn once(item: Item<'_>, derived: &mut Vec<(Derived, Origin)>) -> Option<Derived> {
    let found = item.one_of("derivation", &DERIVED)?;
    if let Some((_, earlier)) = derived.iter().find(|(known, _)| *known == found) {
        let finding = item.finding("two metrics are derived alike".to_owned());
        item.report.add(finding.mark(*earlier, "the other one"));
        return None;
    }
    derived.push((found, item.origin));
    Some(found)
}

fn words(fields: &mut Fields<'_>, kind: Option<&str>) -> Option<Vec<String>> {
    let item = match kind {
        Some("word") => fields.required("words")?,
        Some(kind) => {
            let item = fields.optional("words")?;
            let title = format!("`words` has no place in a metric of kind \"{kind}\", only in a word");
            item.report.add(item.finding(title));
            return None;
        }
        None => fields.optional("words")?,
    };
    let mut words: Vec<String> = Vec::new();
    let mut known = std::collections::HashSet::new();
    let items = item.list()?;
    if items.is_empty() {
        item.report.add(item.finding("`words` is empty, expected at least one word".to_owned()));
    } else if items.len() > MOST {
        let title = format!("`words` has {} entries, at most {MOST} are possible", items.len());
        item.report.add(item.finding(title));
    }
    for item in items {
        let word = item.text()?;
        if !known.insert(word.to_lowercase()) {
            let title = format!("the word \"{word}\" stands twice; case makes no difference");
            item.report.add(item.finding(title));
        }
        words.push(word.to_owned());
    }
    Some(words)
}

impl Dictionary {
    /// The metric that a text names; an unknown one is reported.
    pub(super) fn find(&self, item: Item<'_>) -> Option<Known<'_>> {
        self.find_path(item.text()?, item)
    }

    /// The metric of a path; `at` is where an unknown one is reported.
    pub(super) fn find_path(&self, path: &str, at: Item<'_>) -> Option<Known<'_>> {
        if let Some(slot) = self.schema.slot(path) {
            let sound = self.sound.get(slot.index()).copied().unwrap_or_default();
            return sound.then(|| Known { slot, metric: self.schema.metric(slot) });
        }
        let known = self.schema.metrics().iter().map(|metric| metric.path.as_str());
        let finding = Finding::new(at.origin, format!("there is no metric `{path}` in metrics.toml"));
        let help = format!("describe a new metric under [metrics.\"{path}\"] in metrics.toml");
        at.report.add(finding.suggest(nearest(path, known)).help(help).relies_on(ModelFile::Metrics));
        None
    }

    /// The metric of a text that must hold numbers.
    pub(super) fn find_number(&self, item: Item<'_>) -> Option<Slot> {
        let known = self.find(item)?;
        if known.metric.kind == Kind::Number {
            return Some(known.slot);
        }
        let title = format!("`{}` is {}, expected a number", known.metric.path, known.kind());
        item.report.add(item.finding(title));
        None
    }

    /// The metric that holds the age of another one, which is made where there is none yet; `at` is where it is reported that there can be
    /// none.
    pub(super) fn age_of(&mut self, slot: Slot, at: Item<'_>) -> Option<Slot> {
        if let Some(known) = self.derived(Derived::Age(slot)) {
            return Some(known);
        }
        let metric = self.schema.metric(slot);
        if metric.derived.is_some() {
            let title = format!("`{}` has no place here: `{}` is computed, not read", at.key(), metric.path);
            at.report.add(at.finding(title));
            return None;
        }
        let path = format!("{}_as_of", metric.path);
        let age = Metric {
            label: format!("age of {}", metric.label),
            unit: Some("days".to_owned()),
            derived: Some(Derived::Age(slot)),
            internal: metric.internal,
            ..stand_in(&path)
        };
        let found = self.schema.push(age);
        match found {
            Some(_) => self.sound.push(true),
            None if self.schema.slot(&path).is_some() => {
                let title =
                    format!("`{}` needs the date of the metric at `{path}`, which is a metric itself", at.key());
                at.report.add(at.finding(title).relies_on(ModelFile::Metrics));
            }
            None => {
                let title = format!("`{}` needs a further metric, and at most {MOST} are possible", at.key());
                at.report.add(at.finding(title));
            }
        }
        found
    }

    /// The metric that is derived in this way.
    pub(super) fn derived(&self, wanted: Derived) -> Option<Slot> {
        let metric = self.schema.metrics().iter().find(|metric| metric.derived == Some(wanted))?;
        self.schema.slot(&metric.path)
    }
}

impl Known<'_> {
    /// What the metric holds, as messages say it.
    pub(super) fn kind(self) -> &'static str {
        match self.metric.kind {
            Kind::Number => "a number",
            Kind::Word(_) => "a word",
            Kind::Flag => "a flag",
        }
    }

    /// A value of the metric's kind.
    pub(super) fn value(self, item: Item<'_>) -> Option<Value> {
        match &self.metric.kind {
            Kind::Number => item.number().map(Value::Number),
            Kind::Flag => item.flag().map(Value::Flag),
            Kind::Word(_) => self.word(item.text()?, item).map(Value::Word),
        }
    }

    /// A word of the metric; an unknown one is reported at `at`.
    pub(super) fn word(self, text: &str, at: Item<'_>) -> Option<Word> {
        let Kind::Word(vocabulary) = &self.metric.kind else { return None };
        let word = vocabulary.word(text);
        if word != Word::OTHER {
            return Some(word);
        }
        let known = || vocabulary.words().iter().map(String::as_str);
        let finding = at.finding(format!("`{}` knows no word \"{text}\"", self.metric.path));
        let help = format!("known: {}; add further words in metrics.toml", listed(known()));
        at.report.add(finding.suggest(nearest(text, known())).help(help).relies_on(ModelFile::Metrics));
        None
    }
}
