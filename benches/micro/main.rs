//! How fast the parts are, one at a time: the engine, the readers, a whole report, and the yardstick beside them.

use std::hint::black_box;
use std::io;

use chrono::NaiveDate;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use csm::account::Account;
use csm::analysis::{Assessment, Assessor, Onboarding, Order, Population, Scope, Selection, Survey};
use csm::config::{self, Models};
use csm::intake::{self, Format, Needs, Options, Reading, Source};
use csm::render::json::Json;
use csm::report::Context;
use csm::report::record::{Extent, write_health};
use made::Form;

#[path = "../../tests/portfolio/made.rs"]
mod made;
#[path = "../yardstick/src/parse.rs"]
mod parse;

/// Accounts of the portfolios that are read.
const ACCOUNTS: u64 = 2000;

const FORMS: [(Form, Format, &str); 3] = [
    (Form::Json, Format::Json, "json"),
    (Form::JsonLines, Format::JsonLines, "ndjson"),
    (Form::Csv, Format::Csv, "csv"),
];

const HEALTH: Scope = Scope { health: true, churn: false, expansion: false };
const CHURN: Scope = Scope { health: false, churn: true, expansion: false };

/// The shipped models and a day.
struct Setting {
    models: Models,
    as_of: NaiveDate,
}

impl Setting {
    fn new() -> Self {
        let models = config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}"));
        Self { models, as_of: "2026-06-01".parse().expect("a date") }
    }

    fn read(&self, assessor: &Assessor<'_>, text: &[u8], format: Format, each: &mut dyn FnMut(&Account)) -> Reading {
        let needs = Needs { slots: assessor.slots(), footprint: assessor.scope.expansion, ..Needs::default() };
        let options = Options::new(&self.models.schema, &self.models.segments, &needs, self.as_of);
        let source = Source { format: Some(format), ..Source::new("portfolio", text) };
        intake::read(vec![source], &options, each).expect("text can be read")
    }

    /// The accounts of a portfolio, with what an analysis looks at.
    fn accounts(&self, scope: Scope) -> Vec<Account> {
        let assessor = self.models.assessor(self.as_of, scope);
        let mut accounts = Vec::new();
        self.read(&assessor, &portfolio(Form::JsonLines), Format::JsonLines, &mut |account| {
            accounts.push(account.clone());
        });
        accounts
    }
}

fn portfolio(form: Form) -> Vec<u8> {
    let mut text = Vec::new();
    made::write(&mut text, form, ACCOUNTS).expect("memory takes what is written");
    text
}

/// One account after the other through a model: the score alone, and with advice and warnings.
fn engine(criterion: &mut Criterion) {
    let setting = Setting::new();
    let mut group = criterion.benchmark_group("engine");
    for (name, scope) in [("health", HEALTH), ("churn", CHURN)] {
        let accounts = setting.accounts(scope);
        let assessor = setting.models.assessor(setting.as_of, scope);
        let mut assessment = Assessment::default();
        let mut next = accounts.iter().cycle();
        group.bench_function(format!("score {name}"), |bencher| {
            bencher.iter(|| assessor.score(next.next().expect("an account"), black_box(&mut assessment)));
        });
        group.bench_function(format!("assess {name}"), |bencher| {
            bencher.iter(|| assessor.assess(next.next().expect("an account"), black_box(&mut assessment)));
        });
    }
    group.finish();
}

/// A portfolio in memory, as accounts with what health looks at.
fn readers(criterion: &mut Criterion) {
    let setting = Setting::new();
    let assessor = setting.models.assessor(setting.as_of, HEALTH);
    let mut group = criterion.benchmark_group("read");
    group.throughput(Throughput::Elements(ACCOUNTS));
    for (form, format, name) in FORMS {
        let text = portfolio(form);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                setting.read(&assessor, &text, format, &mut |account| {
                    black_box(account);
                })
            });
        });
    }
    group.finish();
}

/// From the bytes of a portfolio to the JSON of its health.
fn reports(criterion: &mut Criterion) {
    let setting = Setting::new();
    let mut group = criterion.benchmark_group("report health");
    group.throughput(Throughput::Elements(ACCOUNTS));
    for (form, format, name) in FORMS {
        let text = portfolio(form);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let assessor = setting.models.assessor(setting.as_of, HEALTH);
                let (population, selection) = (Population::default(), Selection::default());
                let segments = &setting.models.segments;
                let mut survey =
                    Survey::new(assessor, segments, population, selection, Order::Input, Onboarding::WithOthers);
                let reading = setting.read(&assessor, &text, format, &mut |account| survey.add(account));
                let findings = survey.finish();
                let (models, as_of) = (&setting.models, setting.as_of);
                let context = Context { models, as_of, source: "portfolio", reading: &reading };
                write_health(&context, &findings, Extent::default(), &mut Json::new(&mut io::sink()))
            });
        });
    }
    group.finish();
}

/// The typed parse of the fields of health, and the loading of the models that every process begins with.
fn yardsticks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("yardstick");
    let text = portfolio(Form::Json);
    group.throughput(Throughput::Elements(ACCOUNTS));
    group.bench_function("typed parse", |bencher| bencher.iter(|| parse::parse(text.as_slice())));
    group.finish();
    criterion.bench_function("load the shipped models", |bencher| {
        bencher.iter_batched(Vec::new, config::load, BatchSize::SmallInput);
    });
}

criterion_group!(parts, engine, readers, reports, yardsticks);
criterion_main!(parts);
