//! Every threshold of the scoring standard: on it, just below it, just above it.

#[expect(dead_code, reason = "no overlay is laid here")]
mod portfolio;

use csm::account::Account;
use csm::analysis::{Assessment, Band, Play, Target, Tier, Trend};
use csm::config::Models;
use csm::engine::{Bands, Severity};

use portfolio::{assess, shipped};

/// An account with these fields.
fn account(models: &Models, fields: &str) -> (Account, Assessment) {
    let mut accounts = assess(models, &format!("{{\"customers\": [{{{fields}}}]}}"));
    accounts.pop().expect("one account")
}

/// The fields `"block": {"metric": value}` of a dotted path.
fn metric(path: &str, value: &str) -> String {
    let (block, name) = path.split_once('.').expect("a dotted path");
    format!("\"{block}\": {{\"{name}\": {value}}}")
}

#[test]
fn health_bands_start_at_their_bounds() {
    let models = shipped();
    for (segment, green, yellow) in [("enterprise", 75.0, 50.0), ("mid-market", 70.0, 45.0), ("smb", 65.0, 40.0)] {
        let profile = models.segments.find(segment).expect("a segment");
        let bands = models.health.model.plan(profile).bands();
        for (score, band) in [
            (100.0, Band::Green),
            (green + 0.1, Band::Green),
            (green, Band::Green),
            (green - 0.1, Band::Yellow),
            (yellow + 0.1, Band::Yellow),
            (yellow, Band::Yellow),
            (yellow - 0.1, Band::Red),
            (0.0, Band::Red),
        ] {
            assert_eq!(Band::at(bands.of(score)), band, "{segment}: {score}");
        }
    }
}

#[test]
fn accounts_and_dimensions_lie_in_the_bands_of_their_segment() {
    let models = shipped();
    // All metrics with a target run from nothing to it, so that the score passes every tenth of a point on its way.
    let targets = [
        ("usage", &[("login_frequency", 0.09), ("feature_adoption", 0.08), ("dau_mau_ratio", 0.0005)][..]),
        ("engagement", &[("meeting_attendance", 0.095), ("nps_score", 0.009), ("csat_score", 0.0045)]),
        ("relationship", &[("executive_sponsor_engagement", 0.09), ("multi_threading_depth", 0.005)]),
    ];
    let record = |segment: &str, step: u32| {
        let blocks = targets.iter().map(|(block, metrics)| {
            let metrics: Vec<String> =
                metrics.iter().map(|(name, unit)| format!("\"{name}\": {}", unit * f64::from(step) / 3.0)).collect();
            format!("\"{block}\": {{{}}}", metrics.join(", "))
        });
        let blocks: Vec<String> = blocks.collect();
        format!("{{\"segment\": \"{segment}\", {}}}", blocks.join(", "))
    };
    for (segment, green, yellow) in
        [("enterprise", 75.0, 50.0), ("mid-market", 70.0, 45.0), ("smb", 65.0, 40.0), ("startup", 70.0, 45.0)]
    {
        let records: Vec<String> = (0..=3000).map(|step| record(segment, step)).collect();
        let band = |score: f64| match score {
            score if score >= green => Band::Green,
            score if score >= yellow => Band::Yellow,
            _ => Band::Red,
        };
        let mut scores = Vec::new();
        for (_, found) in assess(&models, &format!("{{\"customers\": [{}]}}", records.join(","))) {
            let card = &found.health.card;
            for grade in card.groups.iter().chain([&card.grade]).map(|grade| grade.expect("all are scored")) {
                assert_eq!(Band::at(grade.band), band(grade.score), "{segment}: {}", grade.score);
            }
            scores.push((card.score().expect("a score") * 10.0).round());
        }
        for tenths in [green, yellow].into_iter().flat_map(|bound| [bound * 10.0 - 1.0, bound * 10.0]) {
            assert!(scores.contains(&tenths), "{segment}: no account scores {tenths} tenths");
        }
    }
}

#[test]
fn churn_tiers_start_at_their_bounds() {
    let models = shipped();
    for segment in models.segments.names() {
        let profile = models.segments.find(segment).expect("a segment");
        let bands = models.churn.model.plan(profile).bands();
        for (score, tier) in [
            (100.0, Tier::Critical),
            (80.1, Tier::Critical),
            (80.0, Tier::Critical),
            (79.9, Tier::High),
            (79.5, Tier::High),
            (60.1, Tier::High),
            (60.0, Tier::High),
            (59.9, Tier::Medium),
            (59.5, Tier::Medium),
            (40.1, Tier::Medium),
            (40.0, Tier::Medium),
            (39.9, Tier::Low),
            (39.5, Tier::Low),
            (0.0, Tier::Low),
        ] {
            assert_eq!(Tier::at(bands.of(score)), tier, "{segment}: {score}");
        }
    }
}

#[test]
fn scored_accounts_lie_in_the_tiers_of_their_scores() {
    let models = shipped();
    // Found by search: whole numbers whose risk score is exactly the one that is given.
    for (fields, score, tier) in [
        (
            r#""contract_end_date": "2026-07-15", "usage_decline": {"login_trend": -33, "feature_adoption_change": -27}, "engagement_drop": {"meeting_cancellations": 4}, "support_issues": {"unresolved_critical": 2}, "relationship_signals": {"champion_left": true, "sponsor_change": true}, "commercial_factors": {"pricing_complaints": true}"#,
            80.1,
            Tier::Critical,
        ),
        (
            r#""usage_decline": {"login_trend": -30, "feature_adoption_change": -29}, "engagement_drop": {"meeting_cancellations": 2, "response_time_days": 7, "nps_change": -5}, "support_issues": {"open_escalations": 3, "unresolved_critical": 2}, "relationship_signals": {"champion_left": true, "sponsor_change": true, "competitor_mentions": 3}, "commercial_factors": {"pricing_complaints": true, "budget_cuts_mentioned": true}"#,
            80.0,
            Tier::Critical,
        ),
        (
            r#""contract_end_date": "2026-07-15", "usage_decline": {"login_trend": -27, "feature_adoption_change": -25}, "engagement_drop": {"meeting_cancellations": 4, "response_time_days": 6}, "support_issues": {"unresolved_critical": 2}, "relationship_signals": {"champion_left": true}, "commercial_factors": {"pricing_complaints": true}"#,
            80.0,
            Tier::Critical,
        ),
        (
            r#""contract_end_date": "2026-07-15", "usage_decline": {"login_trend": -37, "feature_adoption_change": -26}, "engagement_drop": {"response_time_days": 7}, "support_issues": {"open_escalations": 3, "unresolved_critical": 2}, "relationship_signals": {"competitor_mentions": 2}, "commercial_factors": {"pricing_complaints": true}"#,
            79.9,
            Tier::High,
        ),
        (
            r#""contract_end_date": "2026-07-15", "usage_decline": {"login_trend": -26, "feature_adoption_change": -22}, "engagement_drop": {"meeting_cancellations": 3, "response_time_days": 8}, "support_issues": {"unresolved_critical": 2}, "relationship_signals": {"champion_left": true, "sponsor_change": true}"#,
            79.5,
            Tier::High,
        ),
        (
            r#""usage_decline": {"login_trend": -32, "feature_adoption_change": -20}, "engagement_drop": {"meeting_cancellations": 2, "response_time_days": 8, "nps_change": -6}, "support_issues": {"open_escalations": 3, "unresolved_critical": 2}, "relationship_signals": {"champion_left": true, "sponsor_change": true, "competitor_mentions": 3}, "commercial_factors": {"pricing_complaints": true, "budget_cuts_mentioned": true}"#,
            79.5,
            Tier::High,
        ),
        (
            r#""contract_end_date": "2026-07-15", "usage_decline": {"login_trend": -33, "feature_adoption_change": -21}, "engagement_drop": {"meeting_cancellations": 3}, "support_issues": {"open_escalations": 2, "unresolved_critical": 2}"#,
            60.0,
            Tier::High,
        ),
        (
            r#""contract_end_date": "2026-07-15", "usage_decline": {"login_trend": -24, "feature_adoption_change": -21}, "engagement_drop": {"response_time_days": 8, "nps_change": -4}, "support_issues": {"open_escalations": 2}"#,
            59.9,
            Tier::Medium,
        ),
        (
            r#""contract_end_date": "2026-07-15", "usage_decline": {"login_trend": -37, "feature_adoption_change": -29}, "engagement_drop": {"meeting_cancellations": 4, "response_time_days": 7}"#,
            59.5,
            Tier::Medium,
        ),
        (
            r#""usage_decline": {"login_trend": -36}, "engagement_drop": {"meeting_cancellations": 3, "response_time_days": 6, "nps_change": -4}, "support_issues": {"unresolved_critical": 2}"#,
            40.0,
            Tier::Medium,
        ),
        (
            r#""usage_decline": {"login_trend": -35, "feature_adoption_change": -27}, "engagement_drop": {"meeting_cancellations": 1}, "support_issues": {"unresolved_critical": 2}, "relationship_signals": {"champion_left": true}"#,
            39.9,
            Tier::Low,
        ),
        (
            r#""usage_decline": {"login_trend": -40}, "engagement_drop": {"nps_change": -6}, "support_issues": {"open_escalations": 2}, "relationship_signals": {"champion_left": true, "competitor_mentions": 3}"#,
            39.5,
            Tier::Low,
        ),
    ] {
        let (_, found) = account(&models, fields);
        assert_eq!((found.churn.card.score(), found.churn.tier()), (Some(score), Some(tier)), "{fields}");
    }
}

#[test]
fn bands_meet_without_gaps() {
    let bands = Bands::new(vec![80.0, 60.0, 40.0, 0.0]).expect("falling bounds");
    for (score, position) in [
        (80.0, 0),
        (79.999, 1),
        (79.9, 1),
        (79.5, 1),
        (79.0, 1),
        (60.0, 1),
        (59.999, 2),
        (59.5, 2),
        (40.0, 2),
        (39.999, 3),
    ] {
        assert_eq!(bands.of(score), position, "{score}");
    }
}

#[test]
fn urgency_steps_at_most() {
    let models = shipped();
    // The accounts are scored as of 2026-06-30.
    for (end, days, urgency) in [
        ("2026-06-01", 0, 1.5),
        ("2026-06-29", 0, 1.5),
        ("2026-06-30", 0, 1.5),
        ("2026-07-01", 1, 1.5),
        ("2026-07-29", 29, 1.5),
        ("2026-07-30", 30, 1.5),
        ("2026-07-31", 31, 1.35),
        ("2026-08-28", 59, 1.35),
        ("2026-08-29", 60, 1.35),
        ("2026-08-30", 61, 1.2),
        ("2026-09-27", 89, 1.2),
        ("2026-09-28", 90, 1.2),
        ("2026-09-29", 91, 1.1),
        ("2026-12-26", 179, 1.1),
        ("2026-12-27", 180, 1.1),
        ("2026-12-28", 181, 1.0),
        ("2029-06-30", 1096, 1.0),
        ("2026-07-30T23:59:59Z", 30, 1.5),
    ] {
        let (_, found) = account(&models, &format!("\"contract_end_date\": \"{end}\""));
        let left = found.churn.renewal.expect("an end").days_left();
        assert_eq!((left, found.churn.card.multiplier), (days, urgency), "{end}");
    }
    let (_, found) = account(&models, "\"arr\": 1");
    assert_eq!((found.churn.renewal, found.churn.card.multiplier), (None, 1.0));
}

/// The severity of the warning that a value of a churn metric gives.
fn warning(models: &Models, path: &str, value: &str) -> Option<Severity> {
    let (_, found) = account(models, &metric(path, value));
    let slot = models.schema.slot(path).expect("a metric");
    let signals = models.churn.model.signals();
    let mut warnings = found.churn.card.warnings.iter().filter(|fired| signals[fired.signal].slot == slot);
    let first = warnings.next();
    assert!(warnings.next().is_none(), "{path} = {value}: at most one warning of a ladder");
    first.map(|fired| fired.severity.expect("a severity"))
}

#[test]
fn warnings_fire_at_their_limits() {
    const CRITICAL: Option<Severity> = Some(Severity::Critical);
    const HIGH: Option<Severity> = Some(Severity::High);
    const MEDIUM: Option<Severity> = Some(Severity::Medium);
    let models = shipped();
    for (path, cases) in [
        (
            "usage_decline.login_trend",
            &[
                ("-20.1", CRITICAL),
                ("-20", CRITICAL),
                ("-19.9", HIGH),
                ("-10.1", HIGH),
                ("-10", HIGH),
                ("-9.9", MEDIUM),
                ("-5.1", MEDIUM),
                ("-5", None),
                ("-4.9", None),
                ("5", None),
            ][..],
        ),
        (
            "usage_decline.feature_adoption_change",
            &[("-15.1", HIGH), ("-15", HIGH), ("-14.9", MEDIUM), ("-5.1", MEDIUM), ("-5", None), ("-4.9", None)],
        ),
        ("usage_decline.dau_mau_change", &[("-0.11", HIGH), ("-0.10", HIGH), ("-0.09", None)]),
        (
            "engagement_drop.meeting_cancellations",
            &[("4", CRITICAL), ("3", CRITICAL), ("2.9", HIGH), ("2.1", HIGH), ("2", HIGH), ("1.9", None), ("1", None)],
        ),
        (
            "engagement_drop.response_time_days",
            &[
                ("7.1", CRITICAL),
                ("7", CRITICAL),
                ("6.9", HIGH),
                ("4.1", HIGH),
                ("4", HIGH),
                ("3.9", None),
                ("1", None),
            ],
        ),
        (
            "engagement_drop.nps_change",
            &[("-4.1", CRITICAL), ("-4", CRITICAL), ("-3.9", HIGH), ("-2.1", HIGH), ("-2", HIGH), ("-1.9", None)],
        ),
        (
            "support_issues.open_escalations",
            &[("3", HIGH), ("2", HIGH), ("1.9", MEDIUM), ("1", MEDIUM), ("0.9", None), ("0", None)],
        ),
        (
            "support_issues.unresolved_critical",
            &[("3", CRITICAL), ("2", CRITICAL), ("1.9", HIGH), ("1", HIGH), ("0.9", None), ("0", None)],
        ),
        (
            "support_issues.satisfaction_trend",
            &[
                ("\"critical\"", CRITICAL),
                ("\"CRITICAL\"", CRITICAL),
                ("\"declining\"", HIGH),
                ("\"stable\"", None),
                ("\"improving\"", None),
                ("\"other\"", None),
                ("null", None),
            ],
        ),
        ("relationship_signals.champion_left", &[("true", CRITICAL), ("false", None), ("null", None)]),
        ("relationship_signals.sponsor_change", &[("true", HIGH), ("false", None)]),
        (
            "relationship_signals.competitor_mentions",
            &[
                ("4", CRITICAL),
                ("3", CRITICAL),
                ("2.9", MEDIUM),
                ("2", MEDIUM),
                ("1", MEDIUM),
                ("0.9", None),
                ("0", None),
            ],
        ),
        (
            "commercial_factors.contract_type",
            &[
                ("\"month-to-month\"", MEDIUM),
                ("\"quarterly\"", None),
                ("\"annual\"", None),
                ("\"multi-year\"", None),
                ("\"other\"", None),
            ],
        ),
        ("commercial_factors.pricing_complaints", &[("true", HIGH), ("false", None)]),
        ("commercial_factors.budget_cuts_mentioned", &[("true", HIGH), ("false", None)]),
    ] {
        for (value, severity) in cases {
            assert_eq!(warning(&models, path, value), *severity, "{path} = {value}");
        }
    }
}

/// Whether a value of a health metric gives advice in a segment.
fn is_advised(models: &Models, segment: &str, path: &str, value: &str) -> bool {
    let (_, found) = account(models, &format!("\"segment\": \"{segment}\", {}", metric(path, value)));
    let slot = models.schema.slot(path).expect("a metric");
    let signals = models.health.model.signals();
    found.health.card.advice.iter().any(|fired| signals[fired.signal].slot == slot)
}

#[test]
fn advice_is_given_beyond_its_limits() {
    let models = shipped();
    let segments = ["enterprise", "mid-market", "smb"];
    // A limit on the score, 60 or 50, or on the share of the maximum, 0.5, lies at another value in every segment.
    for (path, limits, step, below) in [
        ("usage.login_frequency", [54.0, 48.0, 42.0], 0.1, true),
        ("usage.feature_adoption", [40.0, 35.0, 30.0], 0.1, true),
        ("usage.dau_mau_ratio", [0.25, 0.2, 0.15], 0.001, true),
        ("engagement.meeting_attendance", [57.0, 51.0, 45.0], 0.1, true),
        ("engagement.nps_score", [7.0, 7.0, 7.0], 0.1, true),
        ("engagement.csat_score", [3.5, 3.5, 3.5], 0.1, true),
        ("support.open_tickets", [5.0, 7.5, 10.0], 0.1, false),
        ("support.escalation_rate", [0.125, 0.15, 0.2], 0.001, false),
        ("support.avg_resolution_hours", [36.0, 48.0, 60.0], 0.1, false),
        ("relationship.executive_sponsor_engagement", [45.0, 37.5, 30.0], 0.1, true),
        ("relationship.multi_threading_depth", [2.0, 2.0, 2.0], 0.1, true),
    ] {
        for (segment, limit) in segments.into_iter().zip(limits) {
            for (value, advised) in [(limit - step, below), (limit, false), (limit + step, !below)] {
                let found = is_advised(&models, segment, path, &value.to_string());
                assert_eq!(found, advised, "{segment}: {path} = {value}");
            }
        }
    }
}

#[test]
fn advice_goes_by_words_and_defaults() {
    let models = shipped();
    for (path, value, advised) in [
        ("relationship.renewal_sentiment", "\"negative\"", true),
        ("relationship.renewal_sentiment", "\"Negative\"", true),
        ("relationship.renewal_sentiment", "\"neutral\"", false),
        ("relationship.renewal_sentiment", "\"positive\"", false),
        ("relationship.renewal_sentiment", "\"unknown\"", false),
        ("relationship.renewal_sentiment", "\"other\"", false),
        ("relationship.renewal_sentiment", "null", false),
        // What is absent is judged by its default.
        ("usage.login_frequency", "null", true),
        ("usage.feature_adoption", "null", true),
        ("usage.dau_mau_ratio", "null", true),
        ("engagement.meeting_attendance", "null", true),
        ("engagement.nps_score", "null", true),
        ("engagement.csat_score", "null", true),
        ("support.open_tickets", "null", false),
        ("support.escalation_rate", "null", false),
        ("support.avg_resolution_hours", "null", false),
        ("relationship.executive_sponsor_engagement", "null", true),
        ("relationship.multi_threading_depth", "null", true),
        // No advice is known for the number of tickets.
        ("engagement.support_ticket_volume", "50", false),
    ] {
        assert_eq!(is_advised(&models, "mid-market", path, value), advised, "{path} = {value}");
    }
}

#[test]
fn trends_need_more_than_five_points() {
    let models = shipped();
    // Support has its full score, 100, where nothing is known of it; the whole has 40.5 then.
    for (metric, previous, dimension, overall) in [
        ("support_score", "94.9", Trend::Improving, Trend::NoData),
        ("support_score", "95", Trend::Stable, Trend::NoData),
        ("support_score", "95.1", Trend::Stable, Trend::NoData),
        ("overall_score", "35.4", Trend::NoData, Trend::Improving),
        ("overall_score", "35.5", Trend::NoData, Trend::Stable),
        ("overall_score", "35.6", Trend::NoData, Trend::Stable),
        ("overall_score", "45.4", Trend::NoData, Trend::Stable),
        ("overall_score", "45.5", Trend::NoData, Trend::Stable),
        ("overall_score", "45.6", Trend::NoData, Trend::Declining),
        ("overall_score", "null", Trend::NoData, Trend::NoData),
    ] {
        let (_, found) = account(&models, &format!("\"previous_period\": {{\"{metric}\": {previous}}}"));
        let group = found.health.card.groups[2].map(|grade| grade.score);
        assert_eq!((found.health.card.score(), group), (Some(40.5), Some(100.0)));
        assert_eq!((found.health.trends[2], found.health.trend), (dimension, overall), "{metric} = {previous}");
    }
}

#[test]
fn competitor_mentions_count_in_steps() {
    let models = shipped();
    let position = models.churn.model.groups().iter().position(|group| group.name == "relationship_signals");
    for (mentions, points) in
        [("0", 0.0), ("0.9", 0.0), ("1", 12.0), ("2", 24.0), ("2.9", 34.8), ("3", 35.0), ("4", 35.0), ("50", 35.0)]
    {
        let (_, found) = account(&models, &metric("relationship_signals.competitor_mentions", mentions));
        let group = found.churn.card.groups[position.expect("a group")];
        assert_eq!(group.map(|grade| grade.score), Some(points), "{mentions}");
    }
}

/// The revenue of the plays of one kind.
fn revenues(models: &Models, fields: &str, play: Play) -> Vec<f64> {
    let (_, found) = account(models, fields);
    let plays = found.expansion.opportunities.iter().filter(|opportunity| opportunity.play == play);
    plays.map(|opportunity| opportunity.revenue).collect()
}

#[test]
fn seats_are_proposed_from_nine_tenths() {
    let models = shipped();
    for (segment, share) in [
        ("\"enterprise\"", 0.25),
        ("\"mid-market\"", 0.20),
        ("\"smb\"", 0.15),
        ("\"SMB\"", 0.15),
        ("\"startup\"", 0.15),
        ("null", 0.20),
    ] {
        for (licensed, active, proposed) in [
            ("1000", "899", false),
            ("1000", "900", true),
            ("1000", "901", true),
            ("10", "9", true),
            ("1000", "1200", true),
            ("0", "9", false),
            ("null", "9", false),
        ] {
            let fields = format!(
                r#""segment": {segment}, "arr": 1000, "contract": {{"licensed_seats": {licensed}, "active_seats": {active}}}"#
            );
            let expected = if proposed { vec![1000.0 * share] } else { vec![] };
            assert_eq!(revenues(&models, &fields, Play::SeatExpansion), expected, "{fields}");
        }
    }
    // Without revenue, no more seats are proposed.
    let nothing = r#""arr": 1, "contract": {"licensed_seats": 1, "active_seats": 1}"#;
    assert_eq!(revenues(&models, nothing, Play::SeatExpansion), Vec::<f64>::new());
}

#[test]
fn the_next_plan_is_the_lowest_above_the_current_one() {
    let models = shipped();
    for (current, available, target, revenue) in [
        ("professional", r#"["starter", "professional", "enterprise", "enterprise_plus"]"#, Some(2), 667.0),
        ("professional", r#"["enterprise_plus", "enterprise", "starter"]"#, Some(1), 667.0),
        ("starter", r#"["enterprise_plus", "enterprise", "professional"]"#, Some(2), 800.0),
        ("starter", r#"["Enterprise", "PROFESSIONAL", "professional"]"#, Some(1), 800.0),
        ("starter", r#"["enterprise", "enterprise", "enterprise_plus"]"#, Some(0), 2000.0),
        ("custom", r#"["bespoke", "starter", "enterprise_plus"]"#, Some(2), 3500.0),
        ("enterprise_plus", r#"["starter", "enterprise_plus"]"#, None, 0.0),
        ("starter", r#"["starter", "bespoke"]"#, None, 0.0),
        ("", r#"["professional"]"#, Some(0), 800.0),
        ("starter", "[]", None, 0.0),
    ] {
        let fields =
            format!(r#""arr": 1000, "contract": {{"plan_tier": "{current}", "available_tiers": {available}}}"#);
        let (_, found) = account(&models, &fields);
        let plays: Vec<_> = found.expansion.opportunities.iter().map(|play| (play.target, play.revenue)).collect();
        let expected: Vec<_> = target.map(|position| (Target::Tier(position), revenue)).into_iter().collect();
        assert_eq!(plays, expected, "{current} in {available}");
    }
}

#[test]
fn modules_are_enabled_below_30_and_ready_from_75_percent() {
    let models = shipped();
    assert_eq!((models.expansion.enablement_below, models.expansion.ready_from), (30.0, 75.0));
    let enough = serde_json::json!({"a": 29.9, "b": 30, "c": 30.1, "d": 74.9, "e": 75, "f": 75.1});
    let modules: Vec<String> = enough
        .as_object()
        .expect("an object")
        .iter()
        .map(|(name, usage)| format!("\"{name}\": {{\"adopted\": true, \"usage_pct\": {usage}}}"))
        .collect();
    let text = format!(r#"{{"customers": [{{"customer_id": "A", "product_usage": {{{}}}}}]}}"#, modules.join(", "));
    let output = portfolio::run(&["expand", "-", "--format", "json"], &text);
    let account = &output["customers"][0];
    assert_eq!(account["enablement_modules"], serde_json::json!(["a"]), "{account}");
    assert_eq!(account["ready_modules"], serde_json::json!(["e", "f"]), "{account}");
    assert_eq!(account["opportunity_count"], 0);
}

#[test]
fn an_unknown_segment_scores_as_mid_market_and_keeps_its_name() {
    let models = shipped();
    let fields = |segment: &str| {
        format!(
            r#"{segment} "arr": 1000, "usage": {{"login_frequency": 60, "feature_adoption": 41}}, "support": {{"open_tickets": 6}}, "contract": {{"licensed_seats": 10, "active_seats": 10}}"#
        )
    };
    let (_, as_mid_market) = account(&models, &fields("\"segment\": \"mid-market\","));
    for (segment, name) in [("\"segment\": \"Startup\",", Some("Startup")), ("\"segment\": null,", None), ("", None)] {
        let (found, assessment) = account(&models, &fields(segment));
        assert_eq!(found.segment.as_deref(), name);
        assert_eq!(assessment.health, as_mid_market.health, "{segment}");
        assert_eq!(assessment.churn, as_mid_market.churn, "{segment}");
        let share = if name.is_some() { 150.0 } else { 200.0 };
        assert_eq!(assessment.expansion.total, share, "{segment}");
    }
    let text = format!("{{\"customers\": [{{{}}}]}}", fields("\"segment\": \"Startup\","));
    for (command, name) in [("health", "startup"), ("churn", "Startup"), ("expand", "startup")] {
        let output = portfolio::run(&[command, "-", "--format", "json"], &text);
        assert_eq!(output["customers"][0]["segment"], name, "{command}");
    }
}
