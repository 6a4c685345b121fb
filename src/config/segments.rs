//! `segments.toml`: bands and benchmarks of each segment.

use std::cell::{Cell, RefCell};

use super::ModelFile;
use super::fields::{Item, listed, nearest};
use super::problem::{Finding, Report};
use super::source::Origin;
use super::wording::label_of;
use crate::account::{Profile, Segments};
use crate::analysis::{Band, Tier};

/// The segments with their figures.
pub(super) struct Table<'a> {
    pub(super) list: Vec<Segment<'a>>,
    default: Option<Profile>,
}

pub(super) struct Segment<'a> {
    /// In lower case.
    pub(super) name: String,
    label: String,
    origin: Origin,
    /// The lower bounds of green, yellow and red.
    pub(super) bands: Option<[f64; 3]>,
    pub(super) benchmarks: Vec<Benchmark<'a>>,
    /// Benchmarks that signals name and the segment lacks, with the place of the signal.
    lacking: RefCell<Vec<(String, Origin)>>,
    /// Whether there is a table of benchmarks, or none on purpose.
    readable: bool,
}

pub(super) struct Benchmark<'a> {
    pub(super) name: &'a str,
    origin: Origin,
    /// `None` where it could not be read.
    pub(super) value: Option<f64>,
    /// Whether a signal reads it.
    read: Cell<bool>,
}

pub(super) fn decode(root: Item<'_>) -> Table<'_> {
    let mut table = Table { list: Vec::new(), default: None };
    let Some(mut file) = root.fields() else { return table };
    let default = file.required("default");
    if let Some(mut segments) = file.required("segments").and_then(Item::fields) {
        for (name, origin, item) in segments.rest() {
            segment(name, origin, item, &mut table.list);
        }
        if table.list.is_empty() || table.list.len() > usize::from(u16::MAX) {
            let title = format!("there are {} segments, expected 1 to {}", table.list.len(), u16::MAX);
            segments.item.report.add(segments.item.finding(title));
        }
    }
    table.default = default.and_then(|item| table.find_default(item));
    file.finish();
    table
}

fn segment<'a>(key: &'a str, origin: Origin, item: Item<'a>, list: &mut Vec<Segment<'a>>) {
    let name = key.to_lowercase();
    if Tier::ALL.into_iter().any(|tier| tier.name() == name) {
        let title = format!("a segment cannot be called `{key}`, which is a churn tier");
        let help = format!("any name but {}", listed(Tier::ALL.into_iter().map(Tier::name)));
        item.report.add(Finding::new(origin, title).help(help));
    }
    if name.trim().is_empty() {
        item.report.add(Finding::new(origin, "a segment needs a name".to_owned()));
    }
    if let Some(earlier) = list.iter().find(|earlier| earlier.name == name) {
        let finding = Finding::new(origin, format!("the segment `{key}` stands twice; case makes no difference"));
        item.report.add(finding.mark(earlier.origin, "the other one"));
    }
    let mut segment = Segment {
        name,
        label: label_of(key),
        origin,
        bands: None,
        benchmarks: Vec::new(),
        lacking: RefCell::default(),
        readable: false,
    };
    if let Some(mut fields) = item.fields() {
        if let Some(label) = fields.optional("label").and_then(Item::text) {
            label.clone_into(&mut segment.label);
        }
        segment.bands = fields.required("bands").and_then(bands);
        let benchmarks = fields.optional("benchmarks").map(Item::fields);
        segment.readable = !matches!(benchmarks, Some(None));
        for (name, origin, item) in benchmarks.flatten().map(|mut fields| fields.rest()).unwrap_or_default() {
            let value = item.number_where("a number above 0", |number| number > 0.0);
            segment.benchmarks.push(Benchmark { name, origin, value, read: Cell::new(false) });
        }
        fields.finish();
    }
    list.push(segment);
}

fn bands(item: Item<'_>) -> Option<[f64; 3]> {
    let mut fields = item.fields()?;
    let bounds = bounds(&mut fields, [Band::Green.name(), Band::Yellow.name()]);
    fields.finish();
    let [green, yellow] = bounds?;
    Some([green, yellow, 0.0])
}

/// Lower bounds within 0–100 that fall from each key to the next.
pub(super) fn bounds<const N: usize>(
    fields: &mut super::fields::Fields<'_>,
    keys: [&'static str; N],
) -> Option<[f64; N]> {
    let items = keys.map(|key| fields.required(key));
    let numbers =
        items.map(|item| item?.number_where("a number above 0 up to 100", |bound| bound > 0.0 && bound <= 100.0));
    let mut sound = true;
    for (bounds, items) in numbers.windows(2).zip(items.windows(2)) {
        if let ([Some(high), Some(low)], [Some(upper), Some(lower)]) = (bounds, items)
            && high <= low
        {
            let title = format!("{} starts at {low}, expected less than {} at {high}", lower.name, upper.name);
            lower.report.add(lower.finding(title).mark(upper.origin, "").latest_first());
            sound = false;
        }
    }
    let mut found = [0.0; N];
    for (place, number) in found.iter_mut().zip(numbers) {
        *place = number?;
    }
    sound.then_some(found)
}

impl<'a> Table<'a> {
    /// The segment that stands in for all others.
    fn find_default(&self, item: Item<'_>) -> Option<Profile> {
        let name = item.text()?.to_lowercase();
        let position = self.list.iter().position(|segment| segment.name == name);
        if position.is_none() {
            self.report_unknown(&name, item.origin, item.report);
        }
        position.and_then(|position| u16::try_from(position).ok()).map(Profile)
    }

    fn report_unknown(&self, name: &str, origin: Origin, report: &Report<'_>) {
        let finding = Finding::new(origin, format!("there is no segment `{name}` in segments.toml"));
        let finding = finding.suggest(nearest(name, self.names())).help(format!("known: {}", listed(self.names())));
        report.add(finding.relies_on(ModelFile::Segments));
    }

    /// The segment that a text names, case ignored; an unknown one is reported.
    pub(super) fn find(&self, item: Item<'_>) -> Option<Profile> {
        self.find_name(item.text()?, item.origin, item.report)
    }

    /// The segment of a name. An unknown one is reported, unless a shipped file names it: then
    /// the user's segments have taken its place, and what was said of it is moot.
    pub(super) fn find_name(&self, name: &str, origin: Origin, report: &Report<'_>) -> Option<Profile> {
        let lower = name.to_lowercase();
        let position = self.list.iter().position(|segment| segment.name == lower);
        if position.is_none() && !report.is_shipped(origin) {
            self.report_unknown(name, origin, report);
        }
        position.and_then(|position| u16::try_from(position).ok()).map(Profile)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|segment| segment.name.as_str())
    }

    /// The benchmark that a text names, for each segment. Where no segment has it, that is reported; where some lack it,
    /// [`Table::report_benchmarks`] does.
    pub(super) fn benchmark(&self, item: Item<'_>) -> Option<Vec<f64>> {
        let name = item.text()?;
        let find = |segment: &'_ Segment<'a>| segment.benchmarks.iter().position(|benchmark| benchmark.name == name);
        if self.list.iter().all(|segment| segment.readable && find(segment).is_none()) && !self.list.is_empty() {
            let names = self.list[0].benchmarks.iter().map(|benchmark| benchmark.name);
            let finding = item.finding(format!("no segment has the benchmark `{name}`")).suggest(nearest(name, names));
            let help = format!("give it under [segments.{}.benchmarks] in segments.toml", self.list[0].name);
            item.report.add(finding.help(help).relies_on(ModelFile::Segments));
            return None;
        }
        let mut values = Vec::with_capacity(self.list.len());
        for segment in &self.list {
            match find(segment) {
                Some(position) => {
                    segment.benchmarks[position].read.set(true);
                    values.extend(segment.benchmarks[position].value);
                }
                None => {
                    let mut lacking = segment.lacking.borrow_mut();
                    if !lacking.iter().any(|(known, _)| known == name) {
                        lacking.push((name.to_owned(), item.origin));
                    }
                }
            }
        }
        (values.len() == self.list.len() && !values.is_empty()).then_some(values)
    }

    /// Reports the benchmarks that segments lack, and those that no signal reads and that are spelt nearly
    /// like one that is read.
    pub(super) fn report_benchmarks(&self, report: &Report<'_>) {
        for segment in self.list.iter().filter(|segment| segment.readable) {
            let mut lacking = segment.lacking.take();
            for unread in segment.benchmarks.iter().filter(|benchmark| !benchmark.read.get()) {
                let wanted = lacking.iter().map(|(name, _)| name.as_str());
                let read = segment.benchmarks.iter().filter(|benchmark| benchmark.read.get());
                let near = nearest(unread.name, wanted.chain(read.map(|benchmark| benchmark.name)));
                let Some(near) = near.filter(|near| strsim::osa_distance(unread.name, near) <= 2).map(str::to_owned)
                else {
                    continue;
                };
                let title = format!("no signal reads the benchmark `{}` of `{}`", unread.name, segment.name);
                report.add(Finding::new(unread.origin, title).suggest(Some(&near)).relies_on(ModelFile::Health));
                lacking.retain(|(name, _)| *name != near);
            }
            let Some((_, first)) = lacking.first() else { continue };
            let plural = if lacking.len() == 1 { "" } else { "s" };
            let names = listed(lacking.iter().map(|(name, _)| name.as_str()));
            let title = format!("the segment `{}` lacks the benchmark{plural} {names}", segment.name);
            let help = format!("give a number above 0 for each under [segments.{}.benchmarks]", segment.name);
            report.add(Finding::new(segment.origin, title).mark(*first, "read here").help(help));
        }
    }

    pub(super) fn segments(&self) -> Option<Segments> {
        let names = self.list.iter().map(|segment| (segment.name.clone(), segment.label.clone())).collect();
        Some(Segments::new(names, self.default?))
    }

    pub(super) fn default_name(&self) -> Option<&str> {
        self.list.get(self.default?.index()).map(|segment| segment.name.as_str())
    }
}
