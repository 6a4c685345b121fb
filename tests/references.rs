//! The tables of `references/` say what the shipped models say.
//!
//! Each table stands under a heading, and has its model's counterpart below. A table that has none, because it holds no figures of the
//! models, is named in [`WITHOUT_FIGURES`]; those of [`OUTPUTS`] are made by a test of their own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use csm::account::{Kind, MODULES, Profile};
use csm::analysis::{Attention, Band, Effort, Model, Need, Occasion, Outlook, Play, Tier, Trend};
use csm::config::{self, Models, Part, Prompt, Step, Template};
use csm::engine::{Ladder, Scale, Severity, Signal, Slot, StepGives, Test, Value};
use csm::report::need_label;

const FRAMEWORK: &str = "health-scoring-framework.md";
const METRICS: &str = "cs-metrics-benchmarks.md";
const PLAYBOOKS: &str = "cs-playbooks.md";
const OUTPUTS: &str = "outputs.md";

/// Tables about the world outside, or about what people agree on, by file and heading.
const WITHOUT_FIGURES: [(&str, &str); 23] = [
    ("performance.md", "The floor"),
    ("model-files.md", "`metrics.toml`: the dictionary of the data"),
    ("model-files.md", "`health.toml` and `churn.toml`"),
    ("model-files.md", "`health.toml` and `churn.toml`"),
    ("model-files.md", "`health.toml` and `churn.toml`"),
    ("model-files.md", "`engagement.toml`"),
    ("model-files.md", "`engagement.toml`"),
    ("mapping-files.md", "Sources"),
    ("mapping-files.md", "Columns"),
    ("mapping-files.md", "Columns"),
    ("mapping-files.md", "Aggregates"),
    ("mapping-files.md", "Aggregates"),
    // These are held against the code where documents are tested.
    ("templates.md", "Templates of documents"),
    ("templates.md", "Fields"),
    ("templates.md", "Fields for the team"),
    ("templates.md", "Filters"),
    ("architecture.md", "The house"),
    // Held equal to the notes that are read in `reviews.rs`.
    ("review-notes.md", "Parts"),
    ("review-notes.md", "Parts"),
    (METRICS, "What bounds these figures"),
    (METRICS, "By industry"),
    (METRICS, "Which figure for which question"),
    (PLAYBOOKS, "Onboarding"),
];

type Rows = Vec<Vec<String>>;
/// Tables by file, heading and position under it, from 0; the header is left out.
type Tables = BTreeMap<(String, String, usize), Rows>;

fn shipped() -> Models {
    config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}"))
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("references")
}

fn written() -> Tables {
    let mut tables = Tables::new();
    for entry in fs::read_dir(folder()).expect("references") {
        let path = entry.expect("an entry").path();
        let file = path.file_name().and_then(|name| name.to_str()).expect("UTF-8").to_owned();
        if file == OUTPUTS {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a text");
        let (mut heading, mut position, mut rows) = (String::new(), 0, Rows::new());
        for line in text.lines().chain([""]) {
            if let Some(cells) = line.strip_prefix('|') {
                let cells = cells.trim_end().trim_end_matches('|').split('|');
                rows.push(cells.map(|cell| cell.trim().replace('`', "")).collect());
                continue;
            }
            if !rows.is_empty() {
                let body = rows.split_off(2);
                assert!(rows[1].iter().all(|cell| cell.chars().all(|dash| "-:".contains(dash))), "{file}: {rows:?}");
                tables.insert((file.clone(), heading.clone(), position), body);
                position += 1;
                rows.clear();
            }
            if line.starts_with('#') {
                line.trim_start_matches('#').trim().clone_into(&mut heading);
                position = 0;
            }
        }
    }
    tables
}

/// Whether two cells say the same: figures by value, all else by letter.
fn same(a: &str, b: &str) -> bool {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

fn row(cells: &[&dyn ToString]) -> Vec<String> {
    cells.iter().map(|cell| cell.to_string()).collect()
}

/// The tables that the models make.
struct Expected<'m> {
    models: &'m Models,
    tables: Tables,
}

impl Expected<'_> {
    fn add(&mut self, file: &str, heading: &str, rows: Rows) {
        let position = self.tables.keys().filter(|(f, h, _)| f == file && h == heading).count();
        self.tables.insert((file.to_owned(), heading.to_owned(), position), rows);
    }

    fn profiles(&self) -> Vec<Profile> {
        let names = self.models.segments.names();
        names.iter().map(|name| self.models.segments.find(name).expect("a segment")).collect()
    }

    fn default_profile(&self) -> Profile {
        self.models.segments.default_profile()
    }

    /// The signals of a group by name, with their own names, as the default segment has them.
    fn signals<'a>(&self, model: &'a Model, group: &str) -> Vec<(&'a str, &'a Signal)> {
        let position = model.groups().iter().position(|known| known.name == group).expect("a group");
        let names = model.signals().iter().map(|signal| (signal.group, signal.name.as_str()));
        let signals = model.plan(self.default_profile()).signals();
        names
            .zip(signals)
            .filter(|((group, _), _)| *group == position)
            .map(|((_, name), signal)| (name, signal))
            .collect()
    }

    fn unit(&self, signal: &Signal) -> String {
        let metric = self.models.schema.metric(signal.slot);
        metric.unit.clone().unwrap_or_else(|| if matches!(metric.kind, Kind::Word(_)) { "word" } else { "" }.to_owned())
    }

    fn value(&self, slot: Slot, value: Value) -> String {
        match (value, &self.models.schema.metric(slot).kind) {
            (Value::Number(number), _) => number.to_string(),
            (Value::Flag(flag), _) => flag.to_string(),
            (Value::Word(word), Kind::Word(vocabulary)) => vocabulary.text(word).unwrap_or_default().to_owned(),
            _ => String::new(),
        }
    }

    /// The points of each word, and behind them those of any other.
    fn lookup(&self, signal: &Signal, with_other: bool) -> Rows {
        let (Scale::Lookup { points, other }, Kind::Word(vocabulary)) =
            (&signal.scale, &self.models.schema.metric(signal.slot).kind)
        else {
            panic!("a lookup over words, found {signal:?}")
        };
        let words = vocabulary.words().iter().zip(points);
        let mut rows: Rows = words.map(|(word, points)| row(&[word, &points.unwrap_or(*other)])).collect();
        if with_other {
            rows.push(row(&[&"any other", other]));
        }
        rows
    }

    fn test(&self, slot: Slot, test: Test) -> (&'static str, String) {
        match test {
            Test::AtLeast(bound) => ("at-least", bound.to_string()),
            Test::Above(bound) => ("above", bound.to_string()),
            Test::AtMost(bound) => ("at-most", bound.to_string()),
            Test::Below(bound) => ("below", bound.to_string()),
            Test::Is(value) => ("is", self.value(slot, value)),
            Test::ScoreBelow(bound) => ("score-below", bound.to_string()),
            Test::ScoreAbove(bound) => ("score-above", bound.to_string()),
            Test::ShareAbove(share) => ("share-above", share.to_string()),
        }
    }

    fn health(&mut self) {
        let models = self.models;
        let model = &models.health.model;
        let weights = |model: &Model| model.groups().iter().map(|group| row(&[&group.name, &group.weight])).collect();
        self.add(FRAMEWORK, "Health: dimensions and signals", weights(model));
        let mut advice = Rows::new();
        for group in model.groups() {
            let mut rows = Rows::new();
            for (name, signal) in self.signals(model, &group.name) {
                let scale = match signal.scale {
                    Scale::Ratio { .. } => "ratio",
                    Scale::Inverse { .. } => "inverse",
                    Scale::Lookup { .. } => "lookup",
                    _ => panic!("{name} has another scale"),
                };
                rows.push(row(&[
                    &name,
                    &signal.weight,
                    &scale,
                    &self.value(signal.slot, signal.default),
                    &self.unit(signal),
                ]));
                for rule in signal.advise.rules() {
                    for test in &rule.tests {
                        let (test, limit) = self.test(signal.slot, *test);
                        advice.push(row(&[&name, &test, &limit]));
                    }
                }
            }
            self.add(FRAMEWORK, &group.label, rows);
            for (_, signal) in self.signals(model, &group.name) {
                if matches!(signal.scale, Scale::Lookup { .. }) {
                    self.add(FRAMEWORK, &group.label, self.lookup(signal, false));
                }
            }
        }
        self.add(FRAMEWORK, "Advice", advice);
        let names: Vec<&str> =
            models.benchmarks[self.default_profile().index()].iter().map(|(name, _)| name.as_str()).collect();
        let benchmark = |name: &str, profile| models.benchmark(profile, name).expect("a benchmark").to_string();
        let rows = names.iter().map(|name| {
            let figures = self.profiles().into_iter().map(|profile| benchmark(name, profile));
            [(*name).to_owned()].into_iter().chain(figures).collect()
        });
        let rows = rows.collect();
        self.add(FRAMEWORK, "Benchmarks by segment", rows);
        let bands = [Band::Green, Band::Yellow].map(|band| {
            let bounds = self
                .profiles()
                .into_iter()
                .map(|profile| model.plan(profile).bands().bounds()[band as usize].to_string());
            [band.name().to_owned()].into_iter().chain(bounds).collect()
        });
        self.add(FRAMEWORK, "Bands by segment", bands.to_vec());
    }

    fn churn(&mut self) {
        let models = self.models;
        let model = &models.churn.model;
        let rows = model.groups().iter().map(|group| row(&[&group.name, &group.weight])).collect();
        self.add(FRAMEWORK, "Churn risk: categories and signals", rows);
        let mut lookups = Vec::new();
        let mut warnings = Rows::new();
        for group in model.groups() {
            let mut rows = Rows::new();
            for (name, signal) in self.signals(model, &group.name) {
                let (scale, points) = match &signal.scale {
                    Scale::Fall { per_unit } => ("fall", per_unit.to_string()),
                    Scale::PerUnit { per_unit, .. } => ("per-unit", per_unit.to_string()),
                    Scale::Lookup { .. } => ("lookup", "by word".to_owned()),
                    Scale::Points { when_set } => ("points", when_set.to_string()),
                    Scale::Steps(steps) => ("steps", steps_in_words(steps)),
                    scale => panic!("{name}: {scale:?}"),
                };
                let default = self.value(signal.slot, signal.default);
                rows.push(if group.name == "relationship_signals" || group.name == "commercial_factors" {
                    row(&[&name, &points, &default])
                } else {
                    row(&[&name, &signal.weight, &scale, &points, &default, &self.unit(signal)])
                });
                if matches!(signal.scale, Scale::Lookup { .. }) {
                    lookups.push(self.lookup(signal, true));
                }
                warnings.push(self.warnings(name, signal, &signal.warn));
            }
            self.add(FRAMEWORK, &group.label, rows);
        }
        for rows in lookups {
            self.add(FRAMEWORK, "Commercial factors", rows);
        }
        self.add(FRAMEWORK, "Warnings", warnings);
        let plan = model.plan(self.default_profile());
        let steps = plan.multiplier().expect("urgency").steps();
        self.add(FRAMEWORK, "Urgency", steps.iter().map(|(days, factor)| row(&[days, factor])).collect());
        let bounds = Tier::ALL.iter().zip(plan.bands().bounds()).take(3);
        self.add(FRAMEWORK, "Tiers", bounds.map(|(tier, bound)| row(&[&tier.name(), bound])).collect());
        let attention = |band, trend| Attention::of(Some(band), trend, Some(Tier::Low)).name();
        let rows = Band::ALL.map(|band| {
            assert_eq!(attention(band, Trend::Stable), attention(band, Trend::NoData));
            let [up, level, down] =
                [Trend::Improving, Trend::Stable, Trend::Declining].map(|trend| attention(band, trend));
            row(&[&band.name(), &up, &level, &down])
        });
        self.add(FRAMEWORK, "Attention: what comes first", rows.to_vec());
    }

    fn warnings(&self, name: &str, signal: &Signal, ladder: &Ladder) -> Vec<String> {
        let mut cells = vec![name.to_owned(), String::new(), String::new(), String::new()];
        for rule in ladder.rules() {
            let column = match rule.severity.expect("a severity") {
                Severity::Critical => 1,
                Severity::High => 2,
                Severity::Medium => 3,
            };
            assert!(cells[column].is_empty(), "{name} has two rules of a severity");
            let tests: Vec<String> = rule
                .tests
                .iter()
                .map(|test| self.test(signal.slot, *test))
                .map(|(test, limit)| format!("{test} {limit}"))
                .collect();
            cells[column] = tests.join(" and ");
        }
        cells
    }

    fn industry(&mut self) {
        let models = self.models;
        let industry = &models.industry;
        let names = models.segments.names().iter().zip(self.profiles());
        let (mut retention, mut health) = (Rows::new(), Rows::new());
        for (name, profile) in names {
            let norm = industry.retention_of(profile).expect("a norm");
            retention.push(row(&[name, &norm.grr_median, &norm.nrr_median, &norm.logo_churn_median]));
            let norm = industry.health_of(profile).expect("a norm");
            health.push(row(&[name, &norm.median, &norm.target]));
        }
        self.add(METRICS, "Retention", retention);
        self.add(METRICS, "Health of a portfolio", health);
        let targets = &industry.targets;
        self.add(
            METRICS,
            "Health of a portfolio",
            vec![
                row(&[&"green-share-at-least", &targets.green_share_at_least]),
                row(&[&"red-share-below", &targets.red_share_below]),
            ],
        );
    }

    fn expansion(&mut self) {
        let models = self.models;
        let expansion = &models.expansion;
        let cases = |name: &str, outlook: &Outlook| row(&[&name, &outlook.low, &outlook.base, &outlook.high]);
        let rates = Tier::ALL.iter().zip(&models.churn.renewal_rates);
        self.add(METRICS, "Retention outlook", rates.map(|(tier, rate)| cases(tier.name(), rate)).collect());
        let plays = Play::ALL.map(|play| (play, &expansion.terms[play.index()]));
        let rows = plays.map(|(play, terms)| row(&[&play.name(), &terms.kind.name(), &terms.effort.name()]));
        self.add(METRICS, "Expansion", rows.to_vec());
        self.add(METRICS, "Expansion", expansion.seat_shares.iter().map(|(name, share)| row(&[name, share])).collect());
        self.add(METRICS, "Expansion", expansion.tiers.iter().map(|tier| row(&[&tier.name, &tier.multiple])).collect());
        self.add(
            METRICS,
            "Expansion",
            expansion.modules.iter().map(|module| row(&[&module.name, &module.share])).collect(),
        );
        let efforts = Effort::ALL.iter().zip(expansion.effort_multiples);
        self.add(METRICS, "Expansion", efforts.map(|(effort, multiple)| row(&[&effort.name(), &multiple])).collect());
        self.add(METRICS, "Win rates", plays.map(|(play, terms)| cases(play.name(), &terms.win_rate)).to_vec());
        let includes = expansion.tiers.iter().map(|tier| row(&[&tier.name, &tier.includes.join(", ")]));
        self.add(METRICS, "Without counting twice", includes.collect());
    }

    fn playbooks(&mut self, written: &Tables) {
        let models = self.models;
        let table = |steps: &[Step]| steps.iter().map(|step| row(&[&step.action, &step.owner, &step.within])).collect();
        for profile in self.profiles() {
            for tier in Tier::ALL {
                let playbook = &models.wording.playbooks[models.churn.playbooks[profile.index()][tier.index()]];
                let rows: Rows = table(&playbook.steps);
                let own = format!("{}, {}", models.segments.label(profile), tier.name());
                let mut general = tier.name().to_owned();
                general[..1].make_ascii_uppercase();
                let heading = if written.contains_key(&(PLAYBOOKS.to_owned(), own.clone(), 0)) { own } else { general };
                let before = self.tables.insert((PLAYBOOKS.to_owned(), heading.clone(), 0), rows.clone());
                assert!(before.is_none_or(|before| before == rows), "{heading}: segments differ and share a table");
            }
        }
        for branch in &models.wording.branches {
            let ending = format!("(`{}`)", branch.name);
            let heading = written.keys().map(|(_, heading, _)| heading).find(|heading| heading.ends_with(&ending));
            let heading = heading.unwrap_or_else(|| panic!("the branch {} has no heading", branch.name)).clone();
            self.add(PLAYBOOKS, &heading, table(&branch.steps));
        }
        let key = (PLAYBOOKS.to_owned(), "Expansion".to_owned(), 0);
        let rows = Play::ALL.iter().enumerate().map(|(position, play)| {
            // When a play is worth a conversation is advice to people.
            let advice = written.get(&key).and_then(|rows| rows.get(position)?.get(1)).cloned().unwrap_or_default();
            row(&[&play.name(), &advice, &models.wording.plays[play.index()].next])
        });
        let rows = rows.collect();
        self.tables.insert(key, rows);
    }
}

impl Expected<'_> {
    fn engagement(&mut self) {
        let models = self.models;
        let (engagement, wording) = (&models.engagement, &models.wording.engagement);
        let stages = engagement.renewal.iter().zip(&wording.renewal);
        let steps = stages.flat_map(|(days, steps)| steps.iter().map(move |step| (days, step)));
        self.add(
            PLAYBOOKS,
            "Renewal",
            steps.map(|(days, step)| row(&[days, &plain(&step.action), &step.owner])).collect(),
        );
        let rows = wording
            .escalations
            .iter()
            .map(|escalation| row(&[&escalation.label, &escalation.level, &escalation.within]));
        self.add(PLAYBOOKS, "Escalation", rows.collect());
        let cadences = self.profiles().into_iter().map(|profile| {
            let of = wording.cadence_of(profile).expect("a cadence");
            let texts = [&of.check_in, &of.business_review, &of.executive_review, &of.success_plan];
            [models.segments.label(profile)].into_iter().chain(texts.map(String::as_str)).map(str::to_owned).collect()
        });
        let rows = cadences.collect();
        self.add(PLAYBOOKS, "Cadence", rows);
        let needs = engagement.needs().iter().map(|need| row(&[&self.path(*need), &need_label(models, *need)]));
        let rows = needs.collect();
        self.add(PLAYBOOKS, "Strategic accounts", rows);
        for (heading, prompts, occasions) in [
            ("What is worth saying", &wording.talking_points, &engagement.talking_points),
            ("What the customer may object", &wording.objections, &engagement.objections),
            ("What is better not raised", &wording.avoid, &engagement.avoid),
        ] {
            let rows = prompts.iter().zip(occasions).map(|(prompt, occasion)| self.prompt(prompt, occasion)).collect();
            self.add(PLAYBOOKS, heading, rows);
        }
    }

    fn path(&self, need: Need) -> String {
        match need {
            Need::Metric(slot) => self.models.schema.metric(slot).path.clone(),
            Need::Field(field) => field.path().to_owned(),
            Need::Modules => MODULES.to_owned(),
            Need::Review(part) => part.path().to_owned(),
        }
    }

    /// When something is said, and what.
    fn prompt(&self, prompt: &Prompt, occasion: &Occasion) -> Vec<String> {
        assert!(occasion.profiles.is_empty(), "a segment has no words here");
        let conditions = occasion.conditions.iter().map(|condition| {
            let (test, limit) = self.test(condition.slot, condition.test);
            format!("{} {test} {limit}", self.models.schema.metric(condition.slot).path)
        });
        let list = |what: &str, names: Vec<&str>| (!names.is_empty()).then(|| format!("{what} {}", names.join(" or ")));
        let bands = list("band", occasion.bands.iter().map(|band| band.name()).collect());
        let tiers = list("tier", occasion.tiers.iter().map(|tier| tier.name()).collect());
        let trends = list("trend", occasion.trends.iter().map(|trend| trend.name()).collect());
        let gate = occasion.gate_opens.map(|opens| if opens { "gate open" } else { "gate closed" }.to_owned());
        let when: Vec<String> = conditions.chain([bands, tiers, trends, gate].into_iter().flatten()).collect();
        let texts = [Some(&prompt.say), prompt.answer.as_ref()].into_iter().flatten().map(written_out);
        [when.join(", ")].into_iter().chain(texts).collect()
    }
}

/// A text of the model as the tables have it, whose backticks are taken away.
fn plain(text: &str) -> String {
    text.replace('`', "")
}

/// A template as it is written.
fn written_out(template: &Template) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => plain(text),
        Part::Field(field) => format!("{{{}}}", field.name()),
    };
    template.parts.iter().map(part).collect()
}

fn steps_in_words(steps: &[csm::engine::Step]) -> String {
    match steps {
        [first, second] => match (first.gives, second.gives) {
            (StepGives::Points(points), StepGives::Each(each)) if second.at_least == 1.0 => {
                format!("{points} from {} on, else {each} each", first.at_least)
            }
            _ => panic!("{steps:?}"),
        },
        _ => panic!("{steps:?}"),
    }
}

#[test]
fn every_table_says_what_the_models_say() {
    let models = shipped();
    let written = written();
    let mut expected = Expected { models: &models, tables: Tables::new() };
    expected.health();
    expected.churn();
    expected.industry();
    expected.expansion();
    expected.playbooks(&written);
    expected.engagement();
    let mut wrong = Vec::new();
    for (place @ (file, heading, _), rows) in &written {
        match expected.tables.get(place) {
            Some(model) => {
                let equal = model.len() == rows.len()
                    && model.iter().zip(rows).all(|(model, row)| {
                        model.len() == row.len()
                            && model.iter().zip(row).all(|(model, cell)| {
                                // A test and its limit share a cell.
                                let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
                                let (model, cell) = (words(model), words(cell));
                                model.len() == cell.len() && model.iter().zip(&cell).all(|(a, b)| same(a, b))
                            })
                    });
                if !equal {
                    wrong.push(format!("{place:?}: found {rows:#?}, the model says {model:#?}"));
                }
            }
            None if WITHOUT_FIGURES.contains(&(file.as_str(), heading.as_str())) => {}
            None => wrong.push(format!("{place:?} has no counterpart in the model")),
        }
    }
    for place in expected.tables.keys().filter(|place| !written.contains_key(place)) {
        wrong.push(format!("{place:?} is missing"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(written.len(), expected.tables.len() + WITHOUT_FIGURES.len());
}

#[test]
fn figures_in_sentences_are_those_of_the_models() {
    let models = shipped();
    let (expansion, targets) = (&models.expansion, &models.industry.targets);
    let plan = models.churn.model.plan(models.segments.default_profile());
    let tiers = plan.bands().bounds();
    let other = |path: &str| {
        let slot = models.schema.slot(path).expect("a metric");
        let health = models.health.model.plan(models.segments.default_profile()).signals();
        match health.chain(plan.signals()).find(|signal| signal.slot == slot).map(|signal| &signal.scale) {
            Some(Scale::Lookup { other, .. }) => *other,
            scale => panic!("{scale:?}"),
        }
    };
    let mut sentences = vec![
        (METRICS, format!("at least {:.2}, ARR × share of the segment", expansion.seats_at_utilisation)),
        (METRICS, format!("any other segment: {}", expansion.other_seat_share)),
        (METRICS, format!("any other plan: {:.1}", expansion.other_tier_multiple)),
        (METRICS, format!("any other module: {:.2}", expansion.other_module_share)),
        (METRICS, format!("ARR ÷ departments today × {}, for each", expansion.department_factor)),
        (METRICS, format!("less than {}%", expansion.enablement_below)),
        (METRICS, format!("from {}% its users", expansion.ready_from)),
        (METRICS, format!("min( revenue ÷ {}, 100 )", expansion.revenue_per_point)),
        (FRAMEWORK, format!("not in the list counts {}", other("relationship.renewal_sentiment"))),
        (PLAYBOOKS, format!("Risk score {} and above", tiers[0])),
        (PLAYBOOKS, format!("Risk score {} to below {}", tiers[1], tiers[0])),
        (PLAYBOOKS, format!("Risk score {} to below {}", tiers[2], tiers[1])),
    ];
    let strategic = models.engagement.strategic.as_ref().expect("a rule");
    let segments: Vec<&str> = strategic.profiles.iter().map(|profile| models.segments.label(*profile)).collect();
    let least = strategic.min_arr.expect("an amount");
    sentences.push((
        PLAYBOOKS,
        format!("every account of the segment {} and every one with an ARR of {least} or more", segments.join(", ")),
    ));
    for playbook in &models.wording.playbooks {
        sentences.push((PLAYBOOKS, playbook.goal.clone()));
    }
    assert!(targets.green_share_at_least > targets.red_share_below);
    let flat = |file: &str| {
        let text = fs::read_to_string(folder().join(file)).expect("a text");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let missing: Vec<_> = sentences.iter().filter(|(file, sentence)| !flat(file).contains(sentence.as_str())).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}
