//! Ladders of advice and warnings, and the tests in them.

use super::fields::{Fields, Item, listed};
use super::metrics::Known;
use super::problem::Finding;
use super::scale::ScaleBySegment;
use super::segments;
use super::source::Origin;
use super::template::{Field, Template};
use crate::account::Kind;
use crate::engine::{Ladder, Rule, Severity, Shadow, Test};

const SEVERITIES: [(&str, Severity); 3] =
    [("critical", Severity::Critical), ("high", Severity::High), ("medium", Severity::Medium)];

type OfNumber = fn(f64) -> Test;

/// The tests on a value.
const VALUE_TESTS: [(&str, OfNumber); 4] =
    [("at-least", Test::AtLeast), ("above", Test::Above), ("at-most", Test::AtMost), ("below", Test::Below)];

/// Whether the rules of a ladder must say how grave they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SeverityIs {
    Optional,
    Required,
}

/// The signal that a ladder belongs to, as far as it could be read.
#[derive(Clone, Copy)]
pub(super) struct Signal<'s> {
    pub(super) metric: Option<Known<'s>>,
    pub(super) scale: Option<&'s ScaleBySegment>,
    pub(super) segments: &'s segments::Table<'s>,
}

/// A ladder with the texts of its rules.
#[derive(Default)]
pub(super) struct Decoded {
    pub(super) ladder: Ladder,
    pub(super) says: Vec<Template>,
}

pub(super) fn decode(item: Item<'_>, signal: Signal<'_>, severity: SeverityIs) -> Option<Decoded> {
    let items = item.list()?;
    let mut rules = Vec::with_capacity(items.len());
    let mut says = Vec::with_capacity(items.len());
    for item in &items {
        let Some(mut fields) = item.fields() else { continue };
        let tests = tests(&mut fields, signal.metric, Allowed::OfSignal(signal.scale));
        let grave = match severity {
            SeverityIs::Required => fields.required("severity"),
            SeverityIs::Optional => fields.optional("severity"),
        };
        let is_given = grave.is_some();
        let grave = grave.and_then(|item| item.one_of("severity", &SEVERITIES));
        let say = fields.required("say").and_then(|item| say(item, signal.scale));
        fields.finish();
        let complete = grave.is_some() || (!is_given && severity == SeverityIs::Optional);
        if let (Some(tests), Some(say), true) = (tests, say, complete) {
            rules.push(Rule { tests, severity: grave });
            says.push(say);
        }
    }
    if rules.len() < items.len() {
        return None;
    }
    let ladder = Ladder::new(rules);
    find_shadows(&ladder, &items, signal);
    Some(Decoded { ladder, says })
}

/// Reports the rules that can never fire, with the segments where that is so.
fn find_shadows(ladder: &Ladder, items: &[Item<'_>], signal: Signal<'_>) {
    let Some(scale) = signal.scale else { return };
    let mut found: Vec<(Shadow, Vec<&str>)> = Vec::new();
    for (profile, name) in signal.segments.names().enumerate() {
        for shadow in ladder.shadows(scale.of(profile).benchmark()) {
            match found.iter_mut().find(|(known, _)| *known == shadow) {
                Some((_, segments)) => segments.push(name),
                None => found.push((shadow, vec![name])),
            }
        }
    }
    for (shadow, segments) in found {
        let place = if segments.len() == signal.segments.list.len() {
            String::new()
        } else {
            format!(" in {}", listed(segments.into_iter()))
        };
        let finding = match shadow {
            Shadow::Contradiction { rule } => {
                let item = items[rule];
                item.finding(format!("{} can never hold{place}: its tests exclude each other", item.name))
            }
            Shadow::Covered { rule, by } => {
                let (item, earlier) = (items[rule], items[by]);
                let title = format!("{} is never reached{place}: entry {} holds for all of it", item.name, by + 1);
                let help = "the first entry that holds wins: list the severest first";
                item.finding(title).mark(earlier.origin, "this one comes first").help(help.to_owned())
            }
        };
        items[0].report.add(finding);
    }
}

/// Which tests there are.
#[derive(Clone, Copy)]
pub(super) enum Allowed<'s> {
    /// Those on a value.
    OfValue,
    /// Also those on the score and on the share of the benchmark, given the scale as far as it could be read.
    OfSignal(Option<&'s ScaleBySegment>),
}

/// Takes all tests out of a rule or a condition.
pub(super) fn tests(fields: &mut Fields<'_>, metric: Option<Known<'_>>, allowed: Allowed<'_>) -> Option<Vec<Test>> {
    let mut tests = Vec::new();
    let mut found = 0;
    for (key, test) in VALUE_TESTS {
        if let Some(item) = fields.optional(key) {
            found += 1;
            tests.extend(of_numbers(item, metric).and_then(Item::number).map(test));
        }
    }
    if let Some(item) = fields.optional("is") {
        found += 1;
        tests.extend(is(item, metric));
    }
    if let Allowed::OfSignal(scale) = allowed {
        for (key, test) in [("score-below", Test::ScoreBelow as OfNumber), ("score-above", Test::ScoreAbove)] {
            if let Some(item) = fields.optional(key) {
                found += 1;
                let score = item.number_where("a score from 0 to 100", |score| (0.0..=100.0).contains(&score));
                tests.extend(score.map(test));
            }
        }
        if let Some(item) = fields.optional("share-above") {
            found += 1;
            tests.extend(share_above(item, metric, scale));
        }
    }
    if found == 0 {
        let item = fields.item;
        let help = match allowed {
            Allowed::OfSignal(_) => {
                "one or more of at-least, above, at-most, below, is, score-below, score-above, share-above"
            }
            Allowed::OfValue => "one or more of at-least, above, at-most, below, is",
        };
        item.report.add(item.finding(format!("{} has no test", item.name)).help(help.to_owned()));
    }
    (found > 0 && tests.len() == found).then_some(tests)
}

/// Reports a test on numbers whose metric holds something else.
fn of_numbers<'a>(item: Item<'a>, metric: Option<Known<'_>>) -> Option<Item<'a>> {
    let Some(metric) = metric.filter(|metric| metric.metric.kind != Kind::Number) else { return Some(item) };
    let title = format!("`{}` tests a number, but `{}` is {}", item.key(), metric.metric.path, metric.kind());
    item.report.add(item.finding(title).help(format!("for {}: is", metric.kind())));
    None
}

fn is(item: Item<'_>, metric: Option<Known<'_>>) -> Option<Test> {
    let metric = metric?;
    if metric.metric.kind == Kind::Number {
        let title = format!("`is` tests a word or a flag, but `{}` is a number", metric.metric.path);
        item.report.add(item.finding(title).help("for a number: at-least, above, at-most, below".to_owned()));
        return None;
    }
    metric.value(item).map(Test::Is)
}

fn share_above(item: Item<'_>, metric: Option<Known<'_>>, scale: Option<&ScaleBySegment>) -> Option<Test> {
    let share = of_numbers(item, metric)?.number_where("a share from 0", |share| share >= 0.0)?;
    if scale.is_some_and(|scale| !scale.has_benchmark()) {
        let title = "`share-above` needs a benchmark, and this signal has none".to_owned();
        item.report.add(item.finding(title).help("a benchmark comes with the scales ratio and inverse".to_owned()));
        return None;
    }
    Some(Test::ShareAbove(share))
}

fn say(item: Item<'_>, scale: Option<&ScaleBySegment>) -> Option<Template> {
    let template = template(item, &Field::SAY)?;
    if template.has(Field::Benchmark) && scale.is_some_and(|scale| !scale.has_benchmark()) {
        let finding = placed(item, "{benchmark} needs a benchmark, and this signal has none".to_owned(), "{benchmark}");
        item.report.add(finding.help("a benchmark comes with the scales ratio and inverse".to_owned()));
        return None;
    }
    Some(template)
}

/// Reads a text with places; every fault in it is reported.
pub(super) fn template(item: Item<'_>, allowed: &[Field]) -> Option<Template> {
    let text = item.text()?;
    let errors = match Template::parse(text, allowed) {
        Ok(template) => return Some(template),
        Err(errors) => errors,
    };
    let braced: Vec<String> = allowed.iter().map(|field| format!("{{{}}}", field.name())).collect();
    for error in errors {
        let (what, suggestion) = match &error {
            super::template::TemplateError::Unknown(name) => {
                let known = allowed.iter().map(|field| field.name());
                (format!("{{{name}}}"), super::fields::nearest(name, known))
            }
            _ => (String::new(), None),
        };
        let finding = placed(item, error.to_string(), &what);
        let finding = finding.suggest(suggestion.map(|name| format!("{{{name}}}")).as_deref());
        let known = if braced.is_empty() { "none".to_owned() } else { braced.join(" ") };
        item.report.add(finding.help(format!("known placeholders: {known}; a literal brace is `{{{{` or `}}}}`")));
    }
    None
}

/// A problem with a part of a text, marked where the source spells it the same way.
pub(super) fn placed(item: Item<'_>, title: String, part: &str) -> Finding {
    let origin = match item.report.find(item.origin, part) {
        Some(start) => Origin { start, end: start + part.len(), ..item.origin },
        None => item.origin,
    };
    Finding::new(origin, title)
}
