//! What holds of every reading, whatever was read.

use std::fmt::Write as _;
use std::io::{self, Read};

use csm::account::Account;
use csm::analysis::{
    Assessment, Assessor, Briefing, Inventory, Onboarding, Order, Population, Reviews, Scope, Selection, Survey,
};
use csm::config::Models;
use csm::config::mapping::{Rates, SourceMapping};
use csm::engine::Value;
use csm::intake::{self, Format, Keep, Key, Needs, Options, Reading, Severity, Source};
use csm::render::csv::{Guard, write_problems};
use csm::render::json::Json;
use csm::render::text::{self, Layout};
use csm::report::document::Document;
use csm::report::record::{Extent, write_briefing, write_explanation, write_validation};
use csm::report::{self, Context, Preparation, Setting, Validation, View};

use super::MODELS;

/// Inputs up to this length are read in pieces too.
pub const SMALL: usize = 1 << 13;
/// So many accounts are shown.
const SHOWN: usize = 4;
/// What a packed input may unpack to: little, so that a bomb is met early.
pub const MAX_UNPACKED: u64 = 1 << 16;

/// One source.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
    pub format: Option<Format>,
    pub encoding: Option<&'a str>,
    pub mapping: Option<&'a SourceMapping>,
}

impl<'a> Given<'a> {
    /// A source whose bytes tell what it is.
    pub fn new(name: &'a str, bytes: &'a [u8]) -> Self {
        Self { name, bytes, format: None, encoding: None, mapping: None }
    }
}

/// Sources that are read together, the first one leading.
pub struct Portfolio<'a> {
    pub sources: Vec<Given<'a>>,
    pub rates: Option<&'a Rates>,
    pub key: Key,
    pub outer: bool,
}

/// What came of a reading.
#[derive(Debug, PartialEq)]
pub struct Found {
    pub reading: Reading,
    pub accounts: Vec<Account>,
    /// What was left out of the first source, as it was kept.
    pub rejects: Vec<u8>,
}

/// How bytes come.
#[derive(Clone, Copy, PartialEq)]
enum Pieces {
    Whole,
    /// One at a time.
    Bytes,
}

struct Drip<'a>(&'a [u8]);

impl Read for Drip<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = out.len().min(1);
        self.0.read(&mut out[..length])
    }
}

impl<'a> Portfolio<'a> {
    /// One source alone.
    pub fn of(source: Given<'a>) -> Self {
        Self { sources: vec![source], rates: None, key: Key::Id, outer: false }
    }

    /// Reads the sources.
    pub fn read(&self) -> Found {
        self.read_in(&MODELS, Pieces::Whole)
    }

    /// Reads the sources and checks all that must hold.
    pub fn check(&self) -> Found {
        self.check_with(&MODELS)
    }

    /// The same, and scores what was read and shows it in each way.
    pub fn check_and_show(&self) -> Found {
        let found = self.check();
        found.show(&MODELS);
        found
    }

    /// Reads the sources for other models, checks all that must hold, and shows what was read.
    pub fn check_and_show_with(&self, models: &Models) {
        self.check_with(models).show(models);
    }

    fn check_with(&self, models: &Models) -> Found {
        let found = self.read_in(models, Pieces::Whole);
        found.check(self.sources.len());
        if self.sources.iter().map(|source| source.bytes.len()).sum::<usize>() <= SMALL {
            let again = self.read_in(models, Pieces::Bytes);
            assert!(again == found, "bytes that come one by one give {again:#?} and not {found:#?}");
        }
        found
    }

    fn read_in(&self, models: &Models, pieces: Pieces) -> Found {
        let as_of = "2026-06-30".parse().expect("a date");
        let needs = Needs {
            slots: models.schema.slots().map(|(slot, _)| slot).collect(),
            footprint: true,
            attributes: ["region", "company.country"].map(str::to_owned).to_vec(),
            review: true,
            ..Needs::default()
        };
        let options = Options {
            rates: self.rates,
            key: &self.key,
            outer: self.outer,
            keep: Keep::First,
            max_unpacked: MAX_UNPACKED,
            ..Options::new(&models.schema, &models.segments, &needs, as_of)
        };
        let mut rejects = vec![Vec::new(); self.sources.len()];
        let sources = self.sources.iter().zip(&mut rejects).map(|(given, rejects)| {
            let bytes: Box<dyn Read + Send> = match pieces {
                Pieces::Whole => Box::new(given.bytes),
                Pieces::Bytes => Box::new(Drip(given.bytes)),
            };
            Source {
                rejects: Some(rejects),
                format: given.format,
                encoding: given.encoding,
                mapping: given.mapping,
                ..Source::new(given.name, bytes)
            }
        });
        let sources = sources.collect();
        let mut accounts = Vec::new();
        let reading = intake::read(sources, &options, &mut |account| accounts.push(account.clone()));
        let reading = reading.expect("bytes in memory can be read");
        Found { reading, accounts, rejects: rejects.swap_remove(0) }
    }
}

impl Found {
    fn check(&self, sources: usize) {
        let Self { reading, accounts, .. } = self;
        let problems = &reading.problems;
        assert!(reading.invalid <= reading.records, "{reading:?}");
        if !problems.unusable() {
            assert_eq!(accounts.len() as u64, reading.records - reading.invalid, "{reading:#?}");
        }
        let left_out = reading.invalid > 0 || problems.unusable();
        // Records of the sources behind the first one are not counted.
        assert!(
            if sources == 1 {
                left_out == (problems.error_count() > 0)
            } else {
                !left_out || problems.error_count() > 0
            },
            "{reading:#?}"
        );
        let kept = [
            (problems.errors(), problems.error_count(), Severity::Error),
            (problems.warnings(), problems.warning_count(), Severity::Warning),
            (problems.notes(), problems.note_count(), Severity::Note),
        ];
        for (list, count, severity) in kept {
            assert!(list.len() as u64 <= count);
            for problem in list {
                assert_eq!(problem.severity, severity);
                let mut shown = problem.to_string();
                assert!(!shown.chars().any(char::is_control), "{shown:?}");
                assert!(shown.len() < 1 << 16, "{} bytes", shown.len());
                if let Some(excerpt) = &problem.excerpt {
                    _ = write!(shown, "{excerpt}");
                }
            }
        }
        for account in accounts {
            check_account(account);
        }
    }

    /// Scores the accounts and writes them as text and as records.
    fn show(&self, models: &Models) {
        let as_of = "2026-06-30".parse().expect("a date");
        let assessor = Assessor {
            health: &models.health,
            churn: &models.churn,
            expansion: &models.expansion,
            as_of,
            scope: Scope::ALL,
        };
        let mut survey = Survey::new(
            assessor,
            &models.segments,
            Population::default(),
            Selection::default(),
            Order::AttentionAndStake,
            Onboarding::Apart,
        );
        let mut inventory = Inventory::new(&models.schema);
        let context = Context { models, as_of, source: "portfolio", reading: &self.reading };
        for (position, account) in self.accounts.iter().take(SHOWN).enumerate() {
            survey.add(account);
            inventory.add(account);
            let mut assessment = Assessment::default();
            assessor.assess(account, &mut assessment);
            check_assessment(&assessment);
            let situation = assessor.situation(account, &assessment);
            _ = models.engagement.escalations(&situation);
            _ = models.engagement.lacking(account, Reviews::Read);
            _ = Preparation::new(models, &situation);
            if let Some(decided) = account.term.pending(as_of) {
                _ = models.engagement.renewal_stages(decided, as_of);
            }
            if position == 0 {
                let explanation = assessor.explain(account, &assessment);
                write_text(report::explanation(context, account, &assessment, &explanation));
                write_json(|json| write_explanation(&context, account, &assessment, &explanation, json));
            }
        }
        let validation = Validation::new(&context, &mut inventory);
        write_text(report::validation(context, &inventory, &validation, None));
        write_json(|json| write_validation(&context, &inventory, &validation, json));
        write_problems(&mut io::sink(), validation.problems.iter(), Guard::On).expect("a sink takes all");

        let findings = survey.finish();
        let totals = findings.totals();
        check_number(totals.all.arr);
        check_number(totals.churn.arr_at_risk);
        check_number(totals.expansion.total.revenue);
        for view in [
            View { top: None, cards: false, summary: true, setting: Setting::Alone },
            View { top: Some(2), cards: true, summary: true, setting: Setting::Alone },
        ] {
            write_text(report::health(context, &findings, view));
            write_text(report::churn(context, &findings, view));
            write_text(report::expansion(context, &findings, view));
        }
        let briefing = Briefing::new(findings, csm::workers::Threads::ONE);
        write_text(report::briefing(
            context,
            &briefing,
            View { top: None, cards: false, summary: true, setting: Setting::Alone },
        ));
        write_json(|json| write_briefing(&context, &briefing, Extent { top: None, detail: true }, json));
    }
}

fn write_text(document: Document<'_>) {
    let mut written = Vec::new();
    text::write(&mut written, document, Layout { width: 80, colour: false }).expect("memory takes all");
    let written = String::from_utf8(written).expect("text is UTF-8");
    let harmful = written.chars().find(|character| character.is_control() && *character != '\n');
    assert_eq!(harmful, None, "{written}");
}

fn write_json(write: impl FnOnce(&mut Json<'_>) -> io::Result<()>) {
    let mut written = Vec::new();
    write(&mut Json::new(&mut written)).expect("memory takes all");
    let parsed = serde_json::from_slice::<serde_json::Value>(&written);
    assert!(parsed.is_ok(), "{parsed:?} of {}", String::from_utf8_lossy(&written));
}

fn check_number(number: f64) {
    assert!(number.is_finite(), "{number}");
}

/// An amount of money or the like.
fn check_amount(number: f64) {
    assert!((0.0..=f64::MAX).contains(&number), "{number}");
}

fn check_account(account: &Account) {
    let footprint = &account.footprint;
    for amount in [account.arr, footprint.licensed_seats, footprint.active_seats] {
        check_amount(amount);
    }
    for module in footprint.modules.iter() {
        check_amount(module.usage_pct);
    }
    for value in account.row.values() {
        if let Value::Number(number) = value {
            check_number(*number);
        }
    }
    assert!(!account.id.is_empty() && !account.name.is_empty());
}

fn check_assessment(assessment: &Assessment) {
    let Assessment { health, churn, expansion } = assessment;
    for card in [&health.card, &churn.card] {
        let grades = card.groups.iter().flatten().map(|grade| grade.score);
        for score in card.score().into_iter().chain(grades) {
            assert!((0.0..=100.0).contains(&score), "{score}");
        }
    }
    check_amount(expansion.total);
}
