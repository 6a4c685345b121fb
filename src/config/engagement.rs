//! `engagement.toml`: how the team works with accounts.

use super::fields::{Fields, Item, nearest};
use super::health::HealthDraft;
use super::ladder::{placed, template};
use super::occasion::{self, Names, Read};
use super::problem::{Finding, Reported};
use super::segments;
use super::source::Origin;
use super::template::{Field as Blank, Template};
use super::wording::{Cadence, EngagementWording, EscalationWording, Prompt, RenewalStep};
use super::{ModelFile, duration};
use crate::account::{Field, MODULES, Part};
use crate::analysis::{Condition, Engagement, Escalation, Need, Occasion, Strategic};

/// The most days before a decision, about ten years.
const MOST_DAYS: u32 = 3650;

pub(super) fn decode(
    root: Item<'_>,
    names: Names<'_>,
    health: Option<&HealthDraft<'_>>,
) -> Option<(Engagement, EngagementWording)> {
    let mut file = root.fields()?;
    let renewal = file.required("renewal").and_then(renewal);
    let escalations = file.required("escalations").and_then(|item| escalations(item, names));
    let cadence = file.required("cadence").and_then(|item| cadence(item, names.segments));
    let strategic = match file.optional("strategic") {
        Some(item) => strategic(item, names).map(Some),
        None => Some(None),
    };
    let prompts = file.required("prepare").and_then(|item| prepare(item, names, health));
    file.finish();
    let (renewal, renewal_wording) = renewal?.into_iter().unzip();
    let (escalations, escalation_wording) = escalations?.into_iter().unzip();
    let [talking, objecting, avoiding] = prompts?.map(|prompts| prompts.into_iter().unzip());
    let ((talking_points, talking), (objections, objecting), (avoid, avoiding)) = (talking, objecting, avoiding);
    let wording = EngagementWording {
        renewal: renewal_wording,
        escalations: escalation_wording,
        cadence: cadence?,
        talking_points: talking,
        objections: objecting,
        avoid: avoiding,
    };
    Some((Engagement { renewal, escalations, strategic: strategic?, talking_points, objections, avoid }, wording))
}

/// The stages of a renewal. They are taken by their days, so that an overlay can add one in between.
fn renewal(item: Item<'_>) -> Option<Vec<(u32, Vec<RenewalStep>)>> {
    let mut fields = item.fields()?;
    let mut stages: Vec<(u32, Origin, Vec<RenewalStep>)> = Vec::new();
    let mut sound = true;
    for (key, origin, stage) in fields.rest() {
        let steps = stage.fields().and_then(|mut fields| {
            let steps = fields.required("steps").and_then(steps);
            fields.finish();
            steps
        });
        let days = key.parse().ok().filter(|days| *days <= MOST_DAYS && key.bytes().all(|byte| byte.is_ascii_digit()));
        if days.is_none() {
            let finding = Finding::new(origin, format!("`{key}` is no number of days up to {MOST_DAYS}"));
            item.report.add(finding.help("a stage begins so many days before the decision: [renewal.90]".to_owned()));
        }
        match days.zip(steps) {
            Some((days, steps)) => stages.push((days, origin, steps)),
            None => sound = false,
        }
    }
    stages.sort_by_key(|(days, ..)| std::cmp::Reverse(*days));
    for pair in stages.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        let finding = Finding::new(pair[1].1, format!("there are two stages of {} days", pair[1].0));
        item.report.add(finding.mark(pair[0].1, "the other one"));
        sound = false;
    }
    sound.then(|| stages.into_iter().map(|(days, _, steps)| (days, steps)).collect())
}

fn steps(item: Item<'_>) -> Option<Vec<RenewalStep>> {
    let items = item.list()?;
    if items.is_empty() {
        item.report.add(item.finding("`steps` is empty, expected at least one step".to_owned()));
        return None;
    }
    let count = items.len();
    let steps = items.into_iter().filter_map(|item| {
        let mut fields = item.fields()?;
        let [action, owner] = ["do", "owner"].map(|key| fields.required(key).and_then(Item::text));
        fields.finish();
        Some(RenewalStep { action: action?.to_owned(), owner: owner?.to_owned() })
    });
    let steps: Vec<RenewalStep> = steps.collect();
    (steps.len() == count).then_some(steps)
}

/// The entries of a table whose names the user chose, without those that are moot; `None` where one could not be read.
fn entries<T>(
    item: Item<'_>,
    mut read: impl FnMut(&str, &mut Fields<'_>) -> Result<Option<T>, Reported>,
) -> Option<Vec<T>> {
    let mut fields = item.fields()?;
    let mut found = Vec::new();
    let mut sound = true;
    for (name, _, item) in fields.rest() {
        let entry = item.fields().ok_or(Reported).and_then(|mut fields| {
            let entry = read(name, &mut fields);
            fields.finish();
            entry
        });
        match entry {
            Ok(entry) => found.extend(entry),
            Err(Reported) => sound = false,
        }
    }
    sound.then_some(found)
}

fn escalations(item: Item<'_>, names: Names<'_>) -> Option<Vec<(Escalation, EscalationWording)>> {
    entries(item, |name, fields| escalation(name, fields, names))
}

fn escalation(
    name: &str,
    fields: &mut Fields<'_>,
    names: Names<'_>,
) -> Result<Option<(Escalation, EscalationWording)>, Reported> {
    let [label, level] = ["label", "level"].map(|key| fields.required(key).and_then(Item::text));
    let within = fields.required("within");
    let hours = within.and_then(hours);
    let manual = match fields.optional("manual") {
        Some(item) => item.flag().ok_or(Reported),
        None => Ok(false),
    };
    let read = occasion::occasion(fields, names);
    let (Some(label), Some(level), Some(within), Some(hours)) = (label, level, within.and_then(Item::text), hours)
    else {
        return Err(Reported);
    };
    let (manual, read) = (manual?, read?);
    let Read::Occasion(occasion) = read else { return Ok(None) };
    let item = fields.item;
    if manual != (occasion == Occasion::default()) {
        let title = if manual {
            format!("{} is manual, so nothing else may say when it applies", item.name)
        } else {
            format!("{} does not say when it applies", item.name)
        };
        let help = format!("either one or more of {}, or manual = true where only people can tell", occasion::KEYS);
        item.report.add(item.finding(title).help(help));
        return Err(Reported);
    }
    let wording = EscalationWording {
        name: name.to_owned(),
        label: label.to_owned(),
        level: level.to_owned(),
        within: within.to_owned(),
    };
    Ok(Some((Escalation { occasion: (!manual).then_some(occasion), hours }, wording)))
}

/// A time such as `48 hours`, in hours.
fn hours(item: Item<'_>) -> Option<u32> {
    let text = item.text()?;
    let hours = duration::hours(text).filter(|hours| *hours > 0);
    if hours.is_none() {
        let title = format!("`within` is \"{text}\", expected a number of hours, days or weeks");
        item.report.add(item.finding(title).help("for example \"48 hours\" or \"3 days\"".to_owned()));
    }
    hours
}

fn cadence(item: Item<'_>, segments: &segments::Table<'_>) -> Option<Vec<Option<Cadence>>> {
    let mut fields = item.fields()?;
    let mut found = vec![None; segments.list.len()];
    let mut sound = true;
    for (name, origin, item) in fields.rest() {
        let cadence = item.fields().and_then(|mut fields| {
            let texts = ["check-in", "business-review", "executive-review", "success-plan"]
                .map(|key| fields.required(key).and_then(Item::text).map(str::to_owned));
            fields.finish();
            let [check_in, business_review, executive_review, success_plan] = texts;
            Some(Cadence {
                check_in: check_in?,
                business_review: business_review?,
                executive_review: executive_review?,
                success_plan: success_plan?,
            })
        });
        sound &= cadence.is_some();
        if let Some(profile) = segments.find_name(name, origin, item.report) {
            found[profile.index()] = cadence;
        }
    }
    sound.then_some(found)
}

fn strategic(item: Item<'_>, names: Names<'_>) -> Option<Strategic> {
    let mut fields = item.fields()?;
    let segments = fields.optional("segments");
    let least = fields.optional("min-arr");
    if segments.is_none() && least.is_none() {
        let title = format!("{} has neither `segments` nor `min-arr`, so no account would be strategic", item.name);
        item.report.add(item.finding(title).help("to have none, take the whole table away".to_owned()));
    }
    let profiles = match segments {
        Some(item) => occasion::profiles(item, names.segments, "rule"),
        None => Some(Vec::new()),
    };
    let min_arr = match least {
        Some(item) => item.number_where("an amount above 0", |amount| amount > 0.0).map(Some),
        None => Some(None),
    };
    let needs = fields.required("needs").and_then(|item| needs(item, names));
    fields.finish();
    Some(Strategic { profiles: profiles?, min_arr: min_arr?, needs: needs? })
}

fn needs(item: Item<'_>, names: Names<'_>) -> Option<Vec<Need>> {
    let mut needs: Vec<Need> = Vec::new();
    let mut sound = true;
    for item in item.list()? {
        match need(item, names) {
            Ok(Some(need)) if needs.contains(&need) => {
                item.report.add(item.finding(format!("{} stands twice", item.name)));
                sound = false;
            }
            Ok(need) => needs.extend(need),
            Err(Reported) => sound = false,
        }
    }
    sound.then_some(needs)
}

/// What stands at a path; `Ok(None)` for a metric of a shipped file that the dictionary no longer has.
fn need(item: Item<'_>, names: Names<'_>) -> Result<Option<Need>, Reported> {
    let path = item.text().ok_or(Reported)?;
    if let Some(part) = Part::at(path) {
        return Ok(Some(Need::Review(part)));
    }
    if let Some(field) = Field::ALL.into_iter().find(|field| field.path() == path) {
        if field.can_lack() {
            return Ok(Some(Need::Field(field)));
        }
        let title = format!("`{path}` has a value in every account, so that none can lack it");
        item.report.add(item.finding(title));
        return Err(Reported);
    }
    if path == MODULES {
        return Ok(Some(Need::Modules));
    }
    let schema = &names.dictionary.schema;
    if schema.slot(path).is_some() {
        return names.dictionary.find(item).map(|known| Some(Need::Metric(known.slot))).ok_or(Reported);
    }
    if item.report.is_shipped(item.origin) {
        return Ok(None);
    }
    let fields = Field::ALL.iter().filter(|field| field.can_lack()).map(|field| -> &str { field.path() });
    let parts = Part::all().map(|part| -> &str { part.path() });
    let metrics = schema.metrics().iter().map(|metric| metric.path.as_str());
    let known = metrics.chain(fields).chain(parts).chain([MODULES]);
    let finding = item.finding(format!("there is no metric, field or part of `qbr` at `{path}`"));
    let help = "for example usage.login_frequency, contract_end_date or qbr.goals".to_owned();
    item.report.add(finding.suggest(nearest(path, known)).help(help).relies_on(ModelFile::Metrics));
    Err(Reported)
}

/// What a meeting is prepared with: talking points, objections, and what is better not raised.
fn prepare(item: Item<'_>, names: Names<'_>, health: Option<&HealthDraft<'_>>) -> Option<[Vec<(Occasion, Prompt)>; 3]> {
    let mut fields = item.fields()?;
    let found =
        [("talking-points", None), ("objections", Some("answer")), ("avoid", Some("why"))].map(|(key, answer)| {
            let item = fields.required(key)?;
            entries(item, |name, fields| prompt(name, fields, answer, names, health))
        });
    fields.finish();
    let [Some(talking_points), Some(objections), Some(avoid)] = found else { return None };
    Some([talking_points, objections, avoid])
}

fn prompt(
    name: &str,
    fields: &mut Fields<'_>,
    answer: Option<&'static str>,
    names: Names<'_>,
    health: Option<&HealthDraft<'_>>,
) -> Result<Option<(Occasion, Prompt)>, Reported> {
    let read = occasion::occasion(fields, names);
    let subject = match &read {
        Ok(Read::Occasion(occasion)) => Subject::Of(occasion.conditions.first().copied(), health),
        _ => Subject::Unknown,
    };
    let mut texts = Vec::new();
    let mut sound = true;
    let mut moot = false;
    for key in std::iter::once("say").chain(answer) {
        match fields.required(key).ok_or(Reported).and_then(|item| subject.text(item)) {
            Ok(Some(text)) => texts.push(text),
            Ok(None) => moot = true,
            Err(Reported) => sound = false,
        }
    }
    let read = read?;
    if !sound {
        return Err(Reported);
    }
    let mut texts = texts.into_iter();
    let (Read::Occasion(occasion), false, Some(say)) = (read, moot, texts.next()) else { return Ok(None) };
    Ok(Some((occasion, Prompt { name: name.to_owned(), say, answer: texts.next() })))
}

/// What the places of a text are about: the metric of the first condition, if there is one.
enum Subject<'h> {
    Of(Option<Condition>, Option<&'h HealthDraft<'h>>),
    Unknown,
}

impl Subject<'_> {
    /// A text whose places can be filled in; `Ok(None)` for one of a shipped file that needs a benchmark which the model no longer has.
    fn text(&self, item: Item<'_>) -> Result<Option<Template>, Reported> {
        let text = template(item, &Blank::PREPARE).ok_or(Reported)?;
        let Self::Of(condition, health) = self else { return Ok(Some(text)) };
        let Some(condition) = condition else {
            let Some(blank) = Blank::PREPARE.into_iter().find(|blank| text.has(*blank)) else { return Ok(Some(text)) };
            let blank = format!("{{{}}}", blank.name());
            let title = format!("{blank} needs a condition, whose metric it is about");
            let help = "a text speaks of the metric of the first entry of `when`".to_owned();
            item.report.add(placed(item, title, &blank).help(help));
            return Err(Reported);
        };
        if !text.has(Blank::Benchmark) || health.is_none_or(|health| health.has_benchmark(condition.slot)) {
            return Ok(Some(text));
        }
        if item.report.is_shipped(item.origin) {
            return Ok(None);
        }
        let title =
            "{benchmark} needs a benchmark, and no signal of health.toml measures this metric by one".to_owned();
        item.report.add(placed(item, title, "{benchmark}").relies_on(ModelFile::Health));
        Err(Reported)
    }
}
