//! What moved scores adds up to their change, for any two portfolios and any two models.

#[path = "portfolio/draft.rs"]
mod draft;
#[expect(dead_code, reason = "nothing is printed here")]
mod portfolio;

use std::collections::HashMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::LazyLock;

use chrono::NaiveDate;
use csm::account::Book;
use csm::analysis::{Assessment, Population, Scope, Tally};
use csm::config::{self, Layer, ModelFile, Models, SourceFile};
use csm::engine::{Hundredths, Slot};
use csm::evidence::difference::{Difference, MoverOrder, Pair, Parts, Shift, Side, Standing};
use csm::intake::{self, Needs, Options, Source};
use csm::workers::Threads;
use proptest::prelude::*;

use draft::{Draft, text};
use portfolio::{overlaid, shipped};

/// Models that differ in what a difference has to tell apart.
static MODELS: LazyLock<Vec<Models>> = LazyLock::new(|| {
    let handed_on = "missing = \"redistribute\"\nminimum-coverage = 0.4";
    vec![
        shipped(),
        // Other figures of the segments, one of which is gone.
        overlaid(&[(
            ModelFile::Segments,
            "[segments.smb]\nremove = true\n[segments.enterprise]\nbands = { green = 60, yellow = 30 }\n\
             [segments.mid-market.benchmarks]\nlogin_frequency = 50",
        )]),
        // Other weights and other tiers.
        overlaid(&[
            (ModelFile::Health, "[groups.usage]\nweight = 0.50\n[groups.engagement]\nweight = 0.05"),
            (ModelFile::Churn, "[tiers]\nmedium = 30\n[urgency]\n30 = 2.0"),
        ]),
        // Absent metrics hand their weight on, and some accounts are not scored.
        overlaid(&[(ModelFile::Health, handed_on), (ModelFile::Churn, handed_on)]),
        // Another metric.
        config::load(vec![custom()]).unwrap_or_else(|error| panic!("{error}")),
        // Nothing that the portfolios have.
        overlaid(&[
            (ModelFile::Metrics, "[metrics.\"other.figure\"]\nlabel = \"Other\"\nkind = \"number\""),
            (
                ModelFile::Health,
                "base = \"none\"\nmissing = \"redistribute\"\nminimum-coverage = 0\n[trend]\nthreshold = 5\n\
                 [groups.other]\nlabel = \"Other\"\nweight = 1\n[groups.other.signals.figure]\nmetric = \"other.figure\"\n\
                 weight = 1\nscale = { per-unit = 1 }\ndefault = 0",
            ),
        ]),
    ]
});

fn custom() -> Layer {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/custom-model/model");
    let files = [ModelFile::Health, ModelFile::Metrics, ModelFile::Segments].map(|file| SourceFile {
        file,
        path: file.file_name().to_owned(),
        text: fs::read_to_string(folder.join(file.file_name())).expect("a model file"),
    });
    Layer { files: files.into() }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn read(models: &Models, portfolio: &str, as_of: NaiveDate) -> Book {
    let slots = (0..).map(Slot).take(models.schema.metrics().len()).collect();
    let needs = Needs { slots, ..Needs::default() };
    let options = Options::new(&models.schema, &models.segments, &needs, as_of);
    let mut book = Book::default();
    let source = Source::new("portfolio.json", portfolio.as_bytes());
    intake::read(vec![source], &options, &mut |account| _ = book.push(account)).expect("text can be read");
    book
}

const SCOPE: Scope = Scope { health: true, churn: true, expansion: false };

fn side<'m>(models: &'m Models, portfolio: &str, as_of: NaiveDate) -> Side<'m> {
    Side {
        assessor: models.assessor(as_of, SCOPE),
        segments: &models.segments,
        slots: models.schema.metrics().len(),
        book: read(models, portfolio, as_of),
    }
}

fn difference<'m>(old: (&'m Models, &str), new: (&'m Models, &str), threads: usize) -> Difference<'m> {
    let (then, now) = (day("2026-06-30"), day("2026-09-30"));
    let other = old.0.fingerprint.to_string() != new.0.fingerprint.to_string();
    let reread = other.then(|| read(new.0, old.1, then));
    let threads = Threads::new(NonZeroUsize::new(threads).expect("some threads"));
    Difference::new(side(old.0, old.1, then), reread, side(new.0, new.1, now), &Population::default(), threads)
}

/// A portfolio and one in which some accounts have left, some have come, and some stayed as they were.
fn pair() -> impl Strategy<Value = (Vec<Draft>, Vec<Draft>)> {
    let account = (Draft::any(), Draft::any(), any::<bool>())
        .prop_map(|(old, new, same)| if same { (old.clone(), old) } else { (old, new) });
    (prop::collection::vec(account, 1..12), prop::collection::vec(Draft::any(), 0..4), any::<bool>()).prop_map(
        |(both, more, to_new)| {
            let (mut old, mut new): (Vec<Draft>, Vec<Draft>) = both.into_iter().unzip();
            if to_new {
                new.extend(more);
            } else {
                old.extend(more);
            }
            (old, new)
        },
    )
}

fn check(shift: &Shift, sum: &mut Parts) -> Result<(), TestCaseError> {
    let scores = shift.old.zip(shift.new);
    prop_assert_eq!(shift.parts.is_some(), scores.is_some());
    prop_assert_eq!(shift.change().is_some(), scores.is_some());
    let Some(((old, new), parts)) = scores.zip(shift.parts.as_ref()) else { return Ok(()) };
    let change = Hundredths::nearest(new.value) - Hundredths::nearest(old.value);
    prop_assert_eq!(parts.total(), change);
    prop_assert_eq!(shift.change(), Some(change));
    prop_assert_eq!(parts.each().map(|(_, points)| points).sum::<Hundredths>(), change);
    prop_assert_eq!(parts.largest().iter().map(|(_, points)| *points).sum::<Hundredths>(), change);
    sum.model += parts.model;
    sum.segment += parts.segment;
    sum.change.multiplier += parts.change.multiplier;
    sum.change.rest += parts.change.rest;
    for (sums, parts) in
        [(&mut sum.change.coverage, &parts.change.coverage), (&mut sum.change.data, &parts.change.data)]
    {
        prop_assert_eq!(sums.len(), parts.len());
        sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += *part);
    }
    Ok(())
}

/// Accounts come by a figure, the least first, and those without it last; none is lost.
fn check_order(
    difference: &Difference<'_>,
    order: MoverOrder,
    key: impl Fn(&Pair) -> Option<f64>,
) -> Result<(), TestCaseError> {
    let pairs = difference.in_order(order);
    prop_assert!(pairs.iter().map(|pair| key(pair).unwrap_or(f64::INFINITY)).is_sorted(), "{:?}", order);
    prop_assert!(difference.pairs().iter().all(|pair| pairs.contains(pair)));
    prop_assert_eq!(pairs.len(), difference.pairs().len());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_parts_add_up(
        (old, new) in pair(),
        models in (0..MODELS.len(), 0..MODELS.len()),
        threads in 1_usize..4,
    ) {
        let (old_text, new_text) = (text(&old), text(&new));
        let (then, now) = (&MODELS[models.0], &MODELS[models.1]);
        let difference = difference((then, &old_text), (now, &new_text), threads);
        let totals = difference.totals();
        let [mut health, mut churn] = [now.health.model.signals().len(), now.churn.model.signals().len()].map(Parts::none);
        let mut compared = difference.blank();
        let (mut was, mut is) = (HashMap::new(), HashMap::new());
        for (book, models, as_of, found) in [
            (read(then, &old_text, day("2026-06-30")), then, "2026-06-30", &mut was),
            (read(now, &new_text, day("2026-09-30")), now, "2026-09-30", &mut is),
        ] {
            let mut account = csm::account::Account::new(&models.schema);
            let mut assessment = Assessment::default();
            for entry in book.entries() {
                book.read(entry, &mut account);
                models.assessor(day(as_of), SCOPE).score(&account, &mut assessment);
                let scores = (assessment.health.card.score(), assessment.churn.card.score());
                found.insert(account.id.clone(), scores);
            }
        }
        for pair in difference.pairs() {
            difference.read(pair, &mut compared);
            check(&compared.health, &mut health)?;
            check(&compared.churn, &mut churn)?;
            prop_assert_eq!((pair.health, pair.churn), (compared.health.change(), compared.churn.change()));
            // The scores are those that any other command gives.
            let value = |shift: &Shift, new: bool| if new { shift.new } else { shift.old }.map(|score| score.value);
            let scores = |new| (value(&compared.health, new), value(&compared.churn, new));
            prop_assert_eq!(was[&compared.new.id], scores(false));
            prop_assert_eq!(is[&compared.new.id], scores(true));
            if models.0 == models.1 {
                for parts in [&compared.health.parts, &compared.churn.parts].into_iter().flatten() {
                    prop_assert_eq!(parts.model, Hundredths(0));
                }
            }
        }
        for (sums, expected) in [(&totals.health, health), (&totals.churn, churn)] {
            let sums = sums.as_ref().expect("both are in scope");
            prop_assert_eq!(sums.parts.total(), sums.new - sums.old);
            prop_assert_eq!(&sums.parts, &expected);
            let all: u64 = sums.moves.standings().map(|from| sums.moves.from(from).accounts).sum();
            prop_assert_eq!(all, totals.stayed_new.accounts + totals.arrived.accounts + totals.departed.accounts);
            prop_assert_eq!(sums.moves.from(Standing::Gone).accounts, totals.arrived.accounts);
            prop_assert_eq!(sums.moves.to(Standing::Gone).accounts, totals.departed.accounts);
        }
        prop_assert_eq!(totals.stayed_new.accounts, difference.pairs().len() as u64);
        prop_assert_eq!(totals.old.accounts, totals.stayed_old.accounts + totals.departed.accounts);
        prop_assert_eq!(totals.new.accounts, totals.stayed_new.accounts + totals.arrived.accounts);
        let points = |points: Option<Hundredths>| points.map(Hundredths::points);
        check_order(&difference, MoverOrder::Fall, |pair| points(pair.health).map(|points| points * pair.arr))?;
        check_order(&difference, MoverOrder::Rise, |pair| points(pair.health).map(|points| -points * pair.arr))?;
        check_order(&difference, MoverOrder::Risk, |pair| points(pair.churn).map(|points| -points * pair.arr))?;
        check_order(&difference, MoverOrder::Arr, |pair| Some(-pair.arr))?;
        prop_assert_eq!(difference.in_order(MoverOrder::Input), difference.pairs());
        let mut names = Vec::new();
        for pair in &difference.in_order(MoverOrder::Name) {
            difference.read(pair, &mut compared);
            names.push(compared.new.name.to_lowercase());
        }
        prop_assert!(names.is_sorted());
    }
}

/// A portfolio of accounts with these fields.
fn of(records: &[&str]) -> String {
    format!("{{\"customers\": [{}]}}", records.join(","))
}

#[test]
fn who_came_and_who_left_is_told_by_ids_and_lifecycle() {
    let record = |id: &str, rest: &str| format!("{{\"customer_id\": \"{id}\", \"arr\": 100 {rest}}}");
    let churned = ", \"lifecycle\": \"churned\"";
    let old = [
        record("stays", ""),
        record("leaves", ""),
        record("churns", ""),
        record("returns", churned),
        record("gone", churned),
        record("stays", ""),
    ];
    let new = [
        record("churns", churned),
        record("stays", ""),
        record("returns", ""),
        record("comes", ""),
        record("gone", churned),
        record("other", churned),
    ];
    let old = of(&old.iter().map(String::as_str).collect::<Vec<_>>());
    let new = of(&new.iter().map(String::as_str).collect::<Vec<_>>());
    let models = &MODELS[0];
    let difference = difference((models, &old), (models, &new), 1);
    let mut account = difference.blank_account();
    let mut arrived = Vec::new();
    for single in difference.arrived() {
        difference.read_arrived(single, &mut account);
        arrived.push((account.id.clone(), single.churned));
    }
    let mut departed = Vec::new();
    for single in difference.departed() {
        difference.read_departed(single, &mut account);
        departed.push((account.id.clone(), single.churned));
    }
    let told =
        |list: &[(&str, bool)]| list.iter().map(|(id, churned)| ((*id).to_owned(), *churned)).collect::<Vec<_>>();
    assert_eq!(arrived, told(&[("returns", true), ("comes", false)]));
    assert_eq!(departed, told(&[("leaves", false), ("churns", true)]));
    let totals = difference.totals();
    assert_eq!((totals.old.accounts, totals.new.accounts, totals.stayed_new.accounts), (3, 3, 1));
    assert_eq!((totals.churned.accounts, totals.repeated_old, totals.repeated_new), (1, 1, 0));
}

#[test]
fn an_account_that_churned_is_of_the_population_that_it_was_of() {
    let record = |id: &str, arr: u32, lifecycle: &str| {
        format!("{{\"customer_id\": \"{id}\", \"arr\": {arr}, \"lifecycle\": \"{lifecycle}\"}}")
    };
    let old = [record("large", 500, "live"), record("small", 50, "live"), record("long gone", 500, "churned")];
    // What an export says of one that has left is often 0.
    let new = [record("large", 0, "churned"), record("small", 500, "churned"), record("long gone", 500, "churned")];
    let [old, new] = [old, new].map(|records| of(&records.iter().map(String::as_str).collect::<Vec<_>>()));
    let (then, now) = (day("2026-06-30"), day("2026-09-30"));
    let population = Population { min_arr: Some(100.0), ..Population::default() };
    let sides = [side(&MODELS[0], &old, then), side(&MODELS[0], &new, now)];
    let [old, new] = sides;
    let difference = Difference::new(old, None, new, &population, Threads::new(NonZeroUsize::MIN));
    let mut account = difference.blank_account();
    let departed = difference.departed().iter().map(|single| {
        difference.read_departed(single, &mut account);
        (account.id.clone(), account.arr, single.churned)
    });
    assert_eq!(departed.collect::<Vec<_>>(), [("large".to_owned(), 500.0, true)]);
    assert_eq!(difference.totals().departed, Tally { accounts: 1, arr: 500.0 });
}

#[test]
fn each_cause_has_its_part() {
    let record = |segment: &str, end: &str, logins: u32| {
        of(&[&format!(
            "{{\"customer_id\": \"C\", \"segment\": \"{segment}\", \"arr\": 1000, \"contract_end_date\": \"{end}\", \
             \"usage\": {{\"login_frequency\": {logins}}}, \"usage_decline\": {{\"login_trend\": -20}}}}"
        )])
    };
    let parts = |old: (usize, &str), new: (usize, &str)| {
        let difference = difference((&MODELS[old.0], old.1), (&MODELS[new.0], new.1), 1);
        let mut compared = difference.blank();
        difference.read(&difference.pairs()[0], &mut compared);
        (compared.health.parts.expect("scored"), compared.churn.parts.expect("scored"))
    };
    let (far, near) = ("2028-01-01", "2026-10-15");
    let none = Hundredths(0);
    let first = record("enterprise", far, 45);
    // The same data as of another day.
    let (health, churn) = parts((0, &first), (0, &first));
    assert_eq!((health.total(), churn.total()), (none, none));
    // A renewal that has come near.
    let (_, churn) = parts((0, &first), (0, &record("enterprise", near, 45)));
    assert!(churn.change.multiplier > none);
    assert_eq!(churn.total(), churn.change.multiplier + churn.change.rest);
    // Another segment.
    let (health, _) = parts((0, &first), (0, &record("smb", far, 45)));
    assert!(health.segment > none);
    assert_eq!(health.total(), health.segment);
    // Fewer logins: 45 of 90 are 50 points, 18 of 90 are 20, at 0.35 of 0.30.
    let (health, _) = parts((0, &first), (0, &record("enterprise", far, 18)));
    assert_eq!(health.change.data[0], Hundredths(-315));
    // Another model: usage weighs 0.50 rather than 0.30, engagement less.
    let (health, churn) = parts((0, &first), (2, &first));
    assert_ne!(health.model, none);
    assert_eq!((health.total(), churn.total()), (health.model, none));
    // A model that sees nothing of the data of then has all of the change.
    let other = first.replace("\"usage\":", "\"other\": {\"figure\": 80}, \"usage\":");
    let (health, _) = parts((0, &first), (5, &other));
    assert_eq!(health.total(), health.model);
    assert_ne!(health.model, none);
}
