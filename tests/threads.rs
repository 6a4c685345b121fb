//! Reports for machines are the same however many threads make their records.

#[expect(dead_code, reason = "the program is not run here, and no overlay is laid")]
mod portfolio;

use std::io;

use csm::analysis::{Assessor, Briefing, Findings, Onboarding, Order, Population, Scope, Selection, Survey};
use csm::intake::Reading;
use csm::render::json::Json;
use csm::report::Context;
use csm::report::record::{Extent, write_briefing, write_churn, write_expansion, write_health};
use csm::workers::Threads;

const COUNTS: [usize; 4] = [1, 2, 3, 8];

/// Some hundred customers that differ in all that reports list.
fn customers() -> String {
    let customer = |number: u32| {
        let share = |step: u32| number * step % 101;
        format!(
            r#"{{"customer_id": "C-{number}", "name": "Ünïted {number}", "segment": "{}", "arr": {}, "csm": "Owner {}",
            "contract_end_date": "2026-{:02}-15", "usage": {{"login_frequency": {}, "feature_adoption": {}}},
            "engagement": {{"nps_score": {}}}, "previous_period": {{"overall_score": {}}},
            "relationship_signals": {{"champion_left": {}}}, "usage_decline": {{"login_trend": -{}}},
            "departments": {{"current": ["sales"], "potential": ["ops", "legal"]}}, "lifecycle": "{}",
            "contract": {{"licensed_seats": 100, "active_seats": {}, "plan_tier": "starter", "available_tiers": ["enterprise"]}}}}"#,
            ["smb", "Enterprise", "mid-market", "startup"][number as usize % 4],
            1000 + share(77) * 250,
            number % 7,
            1 + number % 12,
            share(3),
            share(7),
            share(5) / 10,
            share(11),
            number.is_multiple_of(5),
            share(13) / 2,
            if number.is_multiple_of(17) { "onboarding" } else { "live" },
            share(29),
        )
    };
    format!("{{\"customers\": [{}]}}", (0..700).map(customer).collect::<Vec<_>>().join(","))
}

fn check(name: &str, write: impl Fn(&mut Json<'_>) -> io::Result<()>) {
    let written = |threads: usize| {
        let mut out = Vec::new();
        let threads = Threads::new(threads.try_into().expect("some threads"));
        write(&mut Json::new(&mut out).on(threads)).expect("a vector takes all");
        out
    };
    let alone = written(1);
    assert!(alone.len() > 10_000, "{name}");
    serde_json::from_slice::<serde_json::Value>(&alone).expect("JSON");
    for threads in COUNTS {
        assert!(written(threads) == alone, "{name} on {threads} threads");
    }
}

#[test]
fn reports_are_the_same_however_many_threads_make_them() {
    let models = portfolio::shipped();
    let accounts = portfolio::assess(&models, &customers());
    let as_of = "2026-06-30".parse().expect("a date");
    let (health, churn, expansion) = (&models.health, &models.churn, &models.expansion);
    let assessor = Assessor { health, churn, expansion, as_of, scope: Scope::ALL };
    let found = |order, onboarding| -> Findings<'_> {
        let (population, selection) = (Population::default(), Selection::default());
        let mut survey = Survey::new(assessor, &models.segments, population, selection, order, onboarding);
        for (account, _) in &accounts {
            survey.add(account);
        }
        survey.finish()
    };
    let reading = Reading::default();
    let context = Context { models: &models, as_of, source: "portfolio.json", reading: &reading };
    let findings = found(Order::Input, Onboarding::WithOthers);
    let brief = |threads: usize| {
        let threads = Threads::new(threads.try_into().expect("some threads"));
        let briefing = Briefing::new(found(Order::AttentionAndStake, Onboarding::Apart), threads);
        briefing.with_readiness(&models.engagement)
    };
    let briefing = brief(1);
    let written = |briefing: &Briefing<'_>| {
        let mut out = Vec::new();
        write_briefing(&context, briefing, Extent::default(), &mut Json::new(&mut out)).expect("a vector takes all");
        out
    };
    for threads in COUNTS {
        assert!(written(&brief(threads)) == written(&briefing), "a briefing made by {threads} threads");
    }
    for top in [None, Some(100)] {
        for detail in [false, true] {
            let extent = Extent { top, detail };
            check("health", |json| write_health(&context, &findings, extent, json));
            check("churn", |json| write_churn(&context, &findings, extent, json));
            check("expand", |json| write_expansion(&context, &findings, extent, json));
            check("report", |json| write_briefing(&context, &briefing, extent, json));
        }
    }
}
