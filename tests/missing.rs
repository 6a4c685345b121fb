//! Missing data: what is not scored, and what is too old.

#[expect(dead_code, reason = "the program is not run here")]
mod portfolio;

use csm::account::Account;
use csm::analysis::{Assessor, Health, Onboarding, Order, Population, Scope, Selection, Survey};
use csm::config::{ModelFile, Models};
use csm::engine::{Presence, Value};
use csm::intake::{self, Needs, Options, Source};

use portfolio::{assess, overlaid};

#[test]
fn accounts_without_a_score_come_last_in_orders_by_score() {
    let policy = "minimum-coverage = 0.25\n";
    let models = overlaid(&[(ModelFile::Health, policy), (ModelFile::Churn, policy)]);
    // Usage is 30 % of health, usage decline 30 % of churn risk.
    let usage = |logins: u32| {
        format!(r#""usage": {{"login_frequency": {logins}, "feature_adoption": {logins}, "dau_mau_ratio": 0}}"#)
    };
    let decline = |fall: u32| {
        format!(r#""usage_decline": {{"login_trend": -{fall}, "feature_adoption_change": 0, "dau_mau_change": 0}}"#)
    };
    let records = [
        r#"{"customer_id": "neither", "arr": 900}"#.to_owned(),
        format!(r#"{{"customer_id": "health", "arr": 800, {}}}"#, usage(80)),
        format!(r#"{{"customer_id": "churn", "arr": 700, {}}}"#, decline(5)),
        format!(r#"{{"customer_id": "both", "arr": 100, {}, {}}}"#, usage(10), decline(30)),
        r#"{"customer_id": "nothing", "arr": 50}"#.to_owned(),
    ];
    let accounts = assess(&models, &format!("{{\"customers\": [{}]}}", records.join(",")));
    for (order, ids) in [
        (Order::Input, ["neither", "health", "churn", "both", "nothing"]),
        (Order::Arr, ["neither", "health", "churn", "both", "nothing"]),
        (Order::Health, ["both", "health", "neither", "churn", "nothing"]),
        (Order::Risk, ["both", "churn", "neither", "health", "nothing"]),
        (Order::RiskAndArr, ["both", "churn", "neither", "health", "nothing"]),
        // By what is scored of them: red or yellow, low, unknown.
        (Order::Attention, ["both", "health", "churn", "neither", "nothing"]),
        (Order::AttentionAndStake, ["both", "health", "churn", "neither", "nothing"]),
    ] {
        let assessor = Assessor {
            health: &models.health,
            churn: &models.churn,
            expansion: &models.expansion,
            as_of: "2026-06-30".parse().expect("a date"),
            scope: Scope::ALL,
        };
        let (population, selection) = (Population::default(), Selection::default());
        let mut survey = Survey::new(assessor, &models.segments, population, selection, order, Onboarding::WithOthers);
        for (account, _) in &accounts {
            survey.add(account);
        }
        let findings = survey.finish();
        let mut found: Vec<String> = Vec::new();
        let listed: Result<(), ()> = findings.each(findings.listed(), |account: &Account, _| {
            found.push(account.id.clone());
            Ok(())
        });
        assert!(listed.is_ok());
        assert_eq!(found, ids, "{order:?}");
    }
}

#[test]
fn the_minimum_itself_is_enough() {
    // Usage, 30 % of the model, is all that is known.
    let portfolio =
        r#"{"customer_id": "A", "usage": {"login_frequency": 80, "feature_adoption": 70, "dau_mau_ratio": 0.4}}"#;
    for (minimum, scored) in [("0", true), ("0.29", true), ("0.3", true), ("0.3001", false), ("1", false)] {
        for (missing, score) in [("default", 70.5), ("redistribute", 100.0)] {
            let policy = format!("missing = \"{missing}\"\nminimum-coverage = {minimum}\n");
            let models = overlaid(&[(ModelFile::Health, &policy)]);
            let health = assess(&models, portfolio).pop().expect("one account").1.health;
            assert_eq!((health.card.score(), health.card.coverage), (scored.then_some(score), 0.3), "{policy}");
            assert_eq!(health.band().is_some(), scored, "{policy}");
        }
    }
}

/// The health of one account whose usage stands in three metrics, of which the logins may be too old; `dates` stand in the block, and those
/// behind a bar beside it.
fn with_dates(models: &Models, dates: &str) -> Health {
    let (inside, beside) = dates.split_once('|').unwrap_or((dates, ""));
    let portfolio = format!(
        r#"{{"customer_id": "A", {beside} "usage": {{{inside} "login_frequency": 40, "feature_adoption": 70, "dau_mau_ratio": 0.4}}}}"#
    );
    let mut found = assess(models, &portfolio);
    found.pop().expect("one account").1.health
}

#[test]
fn a_figure_is_stale_above_its_age_and_its_own_date_goes_first() {
    let overlay = "missing = \"redistribute\"\n[groups.usage.signals.login_frequency]\nstale-after = 30\n";
    let models = overlaid(&[(ModelFile::Health, overlay)]);
    // As of 2026-06-30, 2026-05-31 is 30 days ago.
    for (dates, presence) in [
        ("", Presence::Present),
        (r#""login_frequency_as_of": "2026-05-31","#, Presence::Present),
        (r#""login_frequency_as_of": "2026-05-30","#, Presence::Stale),
        (r#""as_of": "2026-05-31","#, Presence::Present),
        (r#""as_of": "2026-05-30","#, Presence::Stale),
        (r#""as_of": "2026-05-30T23:59:00Z","#, Presence::Stale),
        (r#""as_of": "2026-05-30", "login_frequency_as_of": "2026-06-01","#, Presence::Present),
        (r#""login_frequency_as_of": "2026-06-01", "as_of": "2026-05-30","#, Presence::Present),
        (r#""as_of": "2026-06-01", "login_frequency_as_of": "2020-01-01","#, Presence::Stale),
        (r#""login_frequency_as_of": "2020-01-01", "as_of": "2026-06-01","#, Presence::Stale),
        (r#""as_of": "2020-01-01", "login_frequency_as_of": null,"#, Presence::Stale),
        // What is yet to come is new.
        (r#""as_of": "2027-01-01","#, Presence::Present),
        // Dates of other metrics, blocks and the record say nothing of it.
        (r#""feature_adoption_as_of": "2020-01-01","#, Presence::Present),
        (r#"|"engagement": {"as_of": "2020-01-01"}, "as_of": "2020-01-01","#, Presence::Present),
    ] {
        let health = with_dates(&models, dates);
        assert_eq!(health.card.signals[0].presence, presence, "{dates}");
        // 40 of 80 weighs 0.35; the other two are at their targets.
        let usage = health.card.groups[0].expect("two metrics are never stale").score;
        assert_eq!(usage, if presence == Presence::Present { 82.5 } else { 100.0 }, "{dates}");
    }
}

#[test]
fn a_stale_figure_is_judged_by_the_default_where_that_is_the_policy() {
    let models = overlaid(&[(ModelFile::Health, "[groups.usage.signals.login_frequency]\nstale-after = 30\n")]);
    for (dates, coverage, value) in [
        (r#""as_of": "2026-05-31","#, 0.3, Value::Number(40.0)),
        (r#""as_of": "2026-05-30","#, 0.195, Value::Number(0.0)),
    ] {
        let card = with_dates(&models, dates).card;
        assert_eq!((card.coverage, card.signals[0].value), (coverage, value), "{dates}");
    }
}

#[test]
fn the_same_metric_may_be_stale_for_one_model_only() {
    let models = overlaid(&[
        (ModelFile::Health, "[groups.usage.signals.login_frequency]\nstale-after = 30\n"),
        (
            ModelFile::Churn,
            "[groups.commercial_factors.signals.logins]\nmetric = \"usage.login_frequency\"\nscale = { per-unit = 1 }\n\
             default = 0\nstale-after = 31\n",
        ),
    ]);
    let last = models.churn.model.signals().len() - 1;
    for (day, in_health, in_churn) in [
        ("2026-05-31", Presence::Present, Presence::Present),
        ("2026-05-30", Presence::Stale, Presence::Present),
        ("2026-05-29", Presence::Stale, Presence::Stale),
    ] {
        let portfolio = format!(r#"{{"customer_id": "A", "usage": {{"as_of": "{day}", "login_frequency": 40}}}}"#);
        let found = assess(&models, &portfolio).pop().expect("one account").1;
        let presence = (found.health.card.signals[0].presence, found.churn.card.signals[last].presence);
        assert_eq!(presence, (in_health, in_churn), "{day}");
    }
}

#[test]
fn a_date_is_about_the_values_of_its_own_source() {
    let models = overlaid(&[(ModelFile::Health, "[groups.usage.signals.login_frequency]\nstale-after = 30\n")]);
    let as_of = "2026-06-30".parse().expect("a date");
    let needs =
        Needs { slots: models.schema.slots().map(|(slot, _)| slot).collect(), footprint: false, ..Needs::default() };
    let options = Options::new(&models.schema, &models.segments, &needs, as_of);
    let age = models.schema.slot("usage.login_frequency_as_of").expect("an age");
    for (first, second, days) in [
        (r#""login_frequency": 40"#, r#""feature_adoption": 70, "as_of": "2020-01-01""#, None),
        (r#""feature_adoption": 70, "as_of": "2020-01-01""#, r#""login_frequency": 40"#, None),
        (
            r#""feature_adoption": 70, "as_of": "2020-01-01""#,
            r#""login_frequency": 40, "as_of": "2026-06-20""#,
            Some(10.0),
        ),
        (
            r#""login_frequency": 40, "as_of": "2026-06-29""#,
            r#""login_frequency": 40, "as_of": "2026-06-01""#,
            Some(1.0),
        ),
    ] {
        let texts = [first, second].map(|usage| format!(r#"{{"customer_id": "A", "usage": {{{usage}}}}}"#));
        let sources = texts.iter().zip(["first.json", "second.json"]);
        let sources = sources.map(|(text, name)| Source::new(name, text.as_bytes())).collect();
        let mut found = Vec::new();
        let reading = intake::read(sources, &options, &mut |account| found.push(account.row.get(age).number()));
        let reading = reading.expect("text can be read");
        assert_eq!((found, reading.problems.warnings()), (vec![days], &[][..]), "{first} and {second}");
    }
}
