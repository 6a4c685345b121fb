//! The joined figures: retention over two segments, and the renewals of the window.

#[expect(dead_code, reason = "the program is not run here")]
mod portfolio;

use csm::account::{Account, Field};
use csm::analysis::{
    Assessment, Assessor, Briefing, GroupBy, Onboarding, Order, Outlook, Population, Retention, Scope, Selection,
    Survey, Tally,
};
use csm::config::{ModelFile, Models};
use csm::evidence::{Intervention, InterventionStatus, Overdue};

use portfolio::{assess, overlaid, shipped};

/// The briefing on these records as of 2026-06-30.
fn briefing<'m>(models: &'m Models, records: &[String]) -> Briefing<'m> {
    let assessor = Assessor {
        health: &models.health,
        churn: &models.churn,
        expansion: &models.expansion,
        as_of: "2026-06-30".parse().expect("a date"),
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
    for (account, _) in assess(models, &format!("{{\"customers\": [{}]}}", records.join(","))) {
        survey.add(&account);
    }
    Briefing::new(survey.finish(), csm::workers::Threads::ONE)
}

/// A record whose health is full in any segment.
fn healthy(fields: &str) -> String {
    format!(
        r#"{{{fields}, "usage": {{"login_frequency": 100, "feature_adoption": 100, "dau_mau_ratio": 1}}, "engagement": {{"meeting_attendance": 100, "nps_score": 10, "csat_score": 5}}, "relationship": {{"executive_sponsor_engagement": 100, "multi_threading_depth": 9, "renewal_sentiment": "positive"}}}}"#
    )
}

/// A record whose churn risk is critical, 80.0.
fn critical(fields: &str) -> String {
    format!(
        r#"{{{fields}, "usage_decline": {{"login_trend": -30, "feature_adoption_change": -29}}, "engagement_drop": {{"meeting_cancellations": 2, "response_time_days": 7, "nps_change": -5}}, "support_issues": {{"open_escalations": 3, "unresolved_critical": 2}}, "relationship_signals": {{"champion_left": true, "sponsor_change": true, "competitor_mentions": 3}}, "commercial_factors": {{"pricing_complaints": true, "budget_cuts_mentioned": true}}}}"#
    )
}

/// The shipped models with rates that are easy to reckon with.
fn round_rates() -> Models {
    let outlook = |low, base, high| Outlook { low, base, high };
    let mut models = shipped();
    models.churn.renewal_rates =
        [outlook(0.2, 0.4, 0.6), outlook(0.5, 0.6, 0.7), outlook(0.7, 0.8, 0.9), outlook(0.9, 0.95, 1.0)];
    for terms in &mut models.expansion.terms {
        terms.win_rate = outlook(0.1, 0.2, 0.5);
    }
    models
}

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-12
}

fn check(found: Outlook, [low, base, high]: [f64; 3], what: &str) {
    assert!(near(found.low, low) && near(found.base, base) && near(found.high, high), "{what}: {found:?}");
}

const SEATS: &str = r#""contract": {"licensed_seats": 10, "active_seats": 10}"#;

/// An enterprise account that is green at low risk, and an SMB account at critical risk, both open to more seats: for 25,000 and 6,000. The
/// others count nowhere.
fn two_segments() -> Vec<String> {
    vec![
        healthy(&format!(r#""segment": "enterprise", "arr": 100000, {SEATS}"#)),
        critical(&format!(r#""segment": "smb", "arr": 40000, {SEATS}"#)),
        healthy(&format!(r#""segment": "smb", "arr": 70000, "lifecycle": "onboarding", {SEATS}"#)),
        healthy(&format!(r#""segment": "mid-market", "arr": 90000, "lifecycle": "churned", {SEATS}"#)),
        healthy(&format!(r#""segment": "mid-market", "arr": 0, {SEATS}"#)),
    ]
}

#[test]
fn retention_is_weighted_by_arr_over_tiers_and_segments() {
    let models = round_rates();
    let briefing = briefing(&models, &two_segments());
    let totals = briefing.findings.totals();
    assert_eq!((totals.churn.all.arr, totals.gated.accounts, totals.earn_first.accounts), (140_000.0, 1, 1));
    assert_eq!((totals.pipeline.base, totals.earn_first_revenue), (25_000.0, 6_000.0));

    let [enterprise, smb] = ["enterprise", "smb"].map(|name| models.segments.find(name).expect("a segment"));
    let field = |profile| match profile {
        profile if profile == enterprise => Some(Retention { grr: 0.95, nrr: 1.15 }),
        profile if profile == smb => Some(Retention { grr: 0.8, nrr: 0.9 }),
        // Nothing is known of mid-market, where there is no ARR.
        _ => None,
    };
    let outlook = briefing.retention(field).expect("some ARR");
    let share = |kept: f64| kept / 140_000.0;
    check(outlook.grr, [90_000.0 + 8_000.0, 95_000.0 + 16_000.0, 100_000.0 + 24_000.0].map(share), "GRR");
    // To that, 25,000 at 0.1, 0.2 and 0.5; the SMB account does not pass the gate.
    check(outlook.nrr, [98_000.0 + 2_500.0, 111_000.0 + 5_000.0, 124_000.0 + 12_500.0].map(share), "NRR");
    let field_medians = outlook.field.expect("both segments have figures");
    assert!(near(field_medians.grr, share(95_000.0 + 32_000.0)), "{field_medians:?}");
    assert!(near(field_medians.nrr, share(115_000.0 + 36_000.0)), "{field_medians:?}");
    assert!(near(outlook.pipeline_coverage.expect("a target"), 25_000.0 / 151_000.0), "{outlook:?}");

    // Without a figure for a segment that has ARR there is no target, and the outlook stands all the same.
    let known = outlook;
    let outlook = briefing.retention(|profile| field(profile).filter(|_| profile == enterprise)).expect("some ARR");
    assert_eq!((outlook.grr, outlook.nrr), (known.grr, known.nrr));
    assert_eq!((outlook.field, outlook.pipeline_coverage), (None, None));
}

#[test]
fn without_arr_there_is_no_retention() {
    let models = round_rates();
    let records = two_segments();
    for records in [&records[2..], &records[2..4], &records[4..]] {
        let briefing = briefing(&models, records);
        assert_eq!(briefing.retention(|_| Some(Retention { grr: 0.9, nrr: 1.0 })), None);
    }
}

#[test]
fn renewals_are_listed_that_are_decided_in_the_window_or_past_their_end() {
    let models = shipped();
    // As of 2026-06-30: the notice, the end, and the day of the renewal that is listed.
    for (notice, end, decided) in [
        (None, Some("2026-06-30"), Some("2026-06-30")),
        (None, Some("2026-07-01"), Some("2026-07-01")),
        (None, Some("2026-12-26"), Some("2026-12-26")),
        (None, Some("2026-12-27"), Some("2026-12-27")),
        (None, Some("2026-12-28"), None),
        (None, None, None),
        (Some("2026-06-30"), Some("2026-09-30"), Some("2026-06-30")),
        (Some("2026-12-27"), Some("2027-06-30"), Some("2026-12-27")),
        (Some("2026-12-28"), Some("2027-06-30"), None),
        // Notice has passed and the contract runs on: decided.
        (Some("2026-06-29"), Some("2026-09-30"), None),
        (Some("2026-06-29"), Some("2026-06-30"), None),
        // The end has passed: overdue.
        (None, Some("2026-06-29"), Some("2026-06-29")),
        (Some("2026-05-01"), Some("2026-06-29"), Some("2026-06-29")),
        (None, Some("2020-01-31"), Some("2020-01-31")),
        (Some("2026-07-31"), None, Some("2026-07-31")),
        (Some("2026-06-29"), None, None),
    ] {
        let date = |date: Option<&str>| date.map_or("null".to_owned(), |date| format!("\"{date}\""));
        let record = format!(r#"{{"arr": 1, "notice_date": {}, "contract_end_date": {}}}"#, date(notice), date(end));
        let briefing = briefing(&models, &[record]);
        let found: Vec<String> = briefing.renewals.iter().map(|renewal| renewal.decided.to_string()).collect();
        assert_eq!(found, decided.into_iter().collect::<Vec<_>>(), "notice {notice:?}, end {end:?}");
    }
}

#[test]
fn renewals_run_by_their_day_then_the_highest_arr() {
    let models = shipped();
    let record = |id: &str, arr: u32, end: &str| {
        format!(r#"{{"customer_id": "{id}", "arr": {arr}, "contract_end_date": "{end}"}}"#)
    };
    let records = [
        record("later", 900, "2026-08-01"),
        record("small", 10, "2026-07-15"),
        record("large", 20, "2026-07-15"),
        record("small too", 10, "2026-07-15"),
        record("overdue", 1, "2026-06-01"),
    ];
    let briefing = briefing(&models, &records);
    let mut account: Account = briefing.findings.blank_account();
    let mut assessment = Assessment::default();
    let ids = briefing.renewals.iter().map(|renewal| {
        briefing.findings.read(renewal.entry, &mut account, &mut assessment);
        account.id.clone()
    });
    assert_eq!(ids.collect::<Vec<_>>(), ["overdue", "large", "small", "small too", "later"]);
}

#[test]
fn what_is_not_scored_is_in_no_part_of_the_outlook() {
    let minimum = "minimum-coverage = 0.5\n";
    let models = overlaid(&[(ModelFile::Churn, minimum), (ModelFile::Health, minimum)]);
    let records = [
        critical(r#""segment": "smb", "arr": 40000"#),
        // Health is scored and churn risk is not, with a play that waits for it.
        healthy(&format!(r#""segment": "enterprise", "arr": 100000, {SEATS}"#)),
        format!(r#"{{"segment": "smb", "arr": 7000, {SEATS}}}"#),
    ];
    let briefing = briefing(&models, &records);
    let totals = briefing.findings.totals();
    let counted = |tally: Tally| (tally.accounts, tally.arr);
    assert_eq!(
        [totals.churn.all, totals.churn.scored, totals.churn.not_scored].map(counted),
        [(3, 147_000.0), (1, 40_000.0), (2, 107_000.0)]
    );
    assert_eq!([totals.health.scored, totals.health.not_scored].map(counted), [(1, 100_000.0), (2, 47_000.0)]);
    assert_eq!(counted(totals.not_scored), (3, 147_000.0));
    assert_eq!((totals.gated.accounts, totals.earn_first.accounts), (0, 2));
    assert_eq!((briefing.urgent, briefing.unknown), (1, 1));
    let outlook = briefing.retention(|_| Some(Retention { grr: 0.9, nrr: 1.0 })).expect("some ARR");
    let rate = models.churn.renewal_rates[0];
    check(outlook.grr, [rate.low, rate.base, rate.high], "GRR");
    assert!(near(outlook.field.expect("a figure for each").grr, 0.9));
    assert_eq!((totals.health.average(), totals.churn.arr_at_risk), (Some(100.0), 40_000.0));
}

#[test]
fn renewal_windows_hold_those_before_them_and_none_that_is_overdue() {
    let models = shipped();
    // As of 2026-06-30: 30, 31, 60, 90, 91, 180 and 181 days ahead, one overdue, one without a date.
    let days = [
        "2026-07-30",
        "2026-07-31",
        "2026-08-29",
        "2026-09-28",
        "2026-09-29",
        "2026-12-27",
        "2026-12-28",
        "2026-06-29",
    ];
    let mut records: Vec<String> =
        days.iter().map(|end| healthy(&format!(r#""arr": 1000, "contract_end_date": "{end}""#))).collect();
    records.push(critical(r#""arr": 500, "contract_end_date": "2026-08-10""#));
    records.push(healthy(r#""arr": 9000"#));
    let briefing = briefing(&models, &records);
    let found = briefing.windows.map(|window| (window.days, window.renewals, window.at_risk));
    let tally = |accounts, arr| Tally { accounts, arr };
    assert_eq!(
        found,
        [
            (30, tally(1, 1000.0), tally(0, 0.0)),
            (60, tally(4, 3500.0), tally(1, 500.0)),
            (90, tally(5, 4500.0), tally(1, 500.0)),
            (180, tally(7, 6500.0), tally(1, 500.0)),
        ]
    );
}

#[test]
fn the_last_period_is_compared_over_the_accounts_that_have_both_scores() {
    let models = shipped();
    let with = |last: &str| format!(r#""segment": "smb", "arr": 1000, "previous_period": {{{last}}}"#);
    let records = [
        healthy(&with(r#""overall_score": 40"#)),
        healthy(&with(r#""overall_score": 39.9"#)),
        healthy(&with(r#""usage_score": 10"#)),
    ];
    let briefing = briefing(&models, &records);
    let compared = &briefing.findings.totals().health.compared;
    let counts = |bands: [Tally; 3]| bands.map(|band| band.accounts);
    assert_eq!((compared.all.accounts, counts(compared.before), counts(compared.now)), (2, [0, 1, 1], [2, 0, 0]));
    let (before, now) = compared.averages().expect("two accounts");
    assert_eq!((before, Some(now)), (40.0, briefing.findings.totals().health.average()));
}

#[test]
fn groups_do_not_look_at_case_and_the_unknown_come_last() {
    let models = shipped();
    let owned = |owner: &str, arr: u32| healthy(&format!(r#""csm": "{owner}", "arr": {arr}"#));
    let records = [
        owned("Ines", 1000),
        healthy(r#""arr": 90000"#),
        owned("Mei", 5000),
        owned(" INES ", 3000),
        critical(r#""csm": "Ines", "arr": 500, "contract_end_date": "2026-09-28""#),
    ];
    let briefing = briefing(&models, &records).grouped("csm", GroupBy::Field(Field::Owner), &models.schema);
    let grouped = briefing.grouped.expect("was asked for");
    let found: Vec<_> =
        grouped.groups.iter().map(|group| (group.name.as_str(), group.all.accounts, group.urgent.len())).collect();
    assert_eq!(found, [("Mei", 1, 0), ("Ines", 3, 1), ("", 1, 0)]);
    let ines = &grouped.groups[1];
    assert_eq!((ines.all.arr, ines.at_risk.arr, ines.renewals.accounts), (4500.0, 500.0, 1));
}

#[test]
fn strategic_accounts_are_ready_once_they_lack_nothing() {
    let overlay =
        "[strategic]\nsegments = [\"enterprise\"]\nmin-arr = 50000\nneeds = [\"csm\", \"usage.login_frequency\"]\n";
    let models = overlaid(&[(ModelFile::Engagement, overlay)]);
    let records = [
        healthy(r#""name": "ready", "segment": "enterprise", "arr": 10, "csm": "Ines""#),
        healthy(r#""name": "small", "segment": "smb", "arr": 49999"#),
        healthy(r#""name": "large", "segment": "smb", "arr": 50000"#),
        r#"{"name": "blank", "segment": "enterprise", "arr": 70000}"#.to_owned(),
    ];
    let briefing = briefing(&models, &records).with_readiness(&models.engagement);
    let readiness = briefing.readiness.as_ref().expect("was asked for");
    assert_eq!(readiness.strategic, Tally { accounts: 3, arr: 120_010.0 });
    let mut account = briefing.findings.blank_account();
    let found: Vec<(String, usize)> = readiness
        .unready
        .iter()
        .map(|unready| {
            briefing.findings.account(unready.entry, &mut account);
            (account.name.clone(), unready.lacking.len())
        })
        .collect();
    assert_eq!(found, [("blank".to_owned(), 2), ("large".to_owned(), 1)]);
}

#[test]
fn interventions_are_overdue_from_the_day_after_theirs_until_they_are_done() {
    use InterventionStatus::{Cancelled, Done, Open, Started};
    let models = shipped();
    let records: Vec<String> =
        [("A", 100, "live"), ("B", 300, "live"), ("C", 200, "onboarding"), ("D", 400, "churned")]
            .map(|(id, arr, lifecycle)| {
                healthy(&format!(r#""customer_id": "{id}", "arr": {arr}, "lifecycle": "{lifecycle}""#))
            })
            .into();
    let briefing = briefing(&models, &records);
    let interventions = [
        ("A", "2026-06-29", Open),
        ("A", "2026-06-30", Open),
        ("A", "2026-07-01", Open),
        ("B", "2026-06-29", Started),
        ("B", "2026-06-20", Open),
        ("B", "2026-06-19", Done),
        ("B", "2026-06-19", Cancelled),
        ("C", "2026-06-29", Open),
        // These are not in the portfolio, or no longer customers.
        ("D", "2026-06-29", Open),
        ("E", "2026-06-30", Open),
        ("F", "2026-06-29", Open),
        ("F", "2026-06-28", Started),
        ("G", "2026-06-01", Done),
    ]
    .map(|(customer, date, status)| Intervention {
        customer: customer.to_owned(),
        date: date.parse().expect("a date"),
        play: String::new(),
        owner: String::new(),
        status,
        outcome: String::new(),
        record: 0,
    });
    let overdue = Overdue::new(&briefing.findings, &interventions);
    let found: Vec<(&str, i64)> =
        overdue.interventions.iter().map(|overdue| (overdue.intervention.customer.as_str(), overdue.days)).collect();
    assert_eq!(found, [("B", 10), ("B", 1), ("C", 1), ("A", 1)]);
    assert_eq!(overdue.pending, 6);
    assert_eq!(overdue.accounts, Tally { accounts: 3, arr: 600.0 });
    assert_eq!((overdue.elsewhere.count, overdue.elsewhere.examples), (2, vec!["D".to_owned(), "F".to_owned()]));
    assert_eq!(Overdue::new(&briefing.findings, &[]), Overdue::default());
}
