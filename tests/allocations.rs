//! Reading and scoring ask for no memory per account, once the first accounts have been through: counted, not timed.

use std::alloc::System;
use std::fmt;

use csm::analysis::{Assessment, Assessor, Scope};
use csm::config::{self, Models};
use csm::intake::{self, Format, Needs, Options, Source};
use made::Form;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[path = "portfolio/made.rs"]
mod made;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Accounts of the smaller portfolio; the larger one has twice as many.
const ACCOUNTS: u64 = 2000;
/// What each further record of JSON with metrics may cost: `serde_json` asks for memory where a value has a fraction, and keeps it to
/// the end of the record. What is ours asks for none.
const PER_RECORD_OF_JSON: u64 = 1;
/// What a further row of a table may cost.
const PER_ROW: u64 = 0;
/// What the further accounts may cost together: the lists of the ids that have been seen grow, and one name in two hundred has escapes,
/// which are undone in memory of their own.
const GROWTH: u64 = 80;

/// What is asked of the allocator, in calls.
#[derive(Clone, Copy)]
struct Calls {
    /// For new memory.
    allocations: u64,
    /// For more of it.
    reallocations: u64,
}

impl Calls {
    fn all(self) -> u64 {
        self.allocations + self.reallocations
    }
}

impl fmt::Display for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} allocations and {} reallocations", self.allocations, self.reallocations)
    }
}

/// The calls while a portfolio is read and each account is assessed.
fn calls(models: &Models, scope: Scope, text: &[u8], format: Format, accounts: u64) -> Calls {
    let as_of = "2026-06-30".parse().expect("a date");
    let assessor: Assessor<'_> = models.assessor(as_of, scope);
    let needs = Needs { slots: assessor.slots(), footprint: scope.expansion, ..Needs::default() };
    let options = Options::new(&models.schema, &models.segments, &needs, as_of);
    let mut assessment = Assessment::default();
    let region = Region::new(ALLOCATOR);
    let source = Source { format: Some(format), ..Source::new("portfolio", text) };
    let reading = intake::read(vec![source], &options, &mut |account| assessor.assess(account, &mut assessment));
    let change = region.change();
    let reading = reading.expect("text can be read");
    assert_eq!((reading.records, reading.invalid), (accounts, 0), "{format:?}");
    Calls { allocations: change.allocations as u64, reallocations: change.reallocations as u64 }
}

/// One test alone: what another one allocates meanwhile would be counted too.
#[test]
fn reading_and_scoring_allocate_nothing_per_account() {
    let models = config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}"));
    let scopes = [
        ("health", Scope { health: true, ..Scope::default() }),
        ("churn", Scope { churn: true, ..Scope::default() }),
        ("expansion", Scope { expansion: true, ..Scope::default() }),
    ];
    let forms = [
        (Form::Json, Format::Json, PER_RECORD_OF_JSON),
        (Form::JsonLines, Format::JsonLines, PER_RECORD_OF_JSON),
        (Form::Csv, Format::Csv, PER_ROW),
    ];
    for (form, format, each) in forms {
        let text = |accounts| {
            let mut text = Vec::new();
            made::write(&mut text, form, accounts).expect("memory takes what is written");
            text
        };
        let (some, more) = (text(ACCOUNTS), text(2 * ACCOUNTS));
        for (name, scope) in scopes {
            let calls = |text, accounts| calls(&models, scope, text, format, accounts);
            let (some, more) = (calls(&some, ACCOUNTS), calls(&more, 2 * ACCOUNTS));
            let further = more.all().saturating_sub(some.all());
            assert!(
                further <= each * ACCOUNTS + GROWTH,
                "{name} of {form:?}: {some}, of twice as many accounts {more}"
            );
        }
    }
}
