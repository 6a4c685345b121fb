//! How the shipped model works with accounts: who is called in, and what a meeting is prepared with.

#[expect(dead_code, reason = "the program is not run here")]
mod portfolio;

use csm::account::Profile;
use csm::analysis::{Reviews, Scope, Situation};
use csm::config::{ModelFile, Models};
use csm::report::{Preparation, need_label};

use portfolio::{assess, overlaid, shipped};

/// Something of the situation of the one account of a portfolio.
fn situated<T>(models: &Models, record: &str, look: impl FnOnce(&Situation<'_>) -> T) -> T {
    let accounts = assess(models, &format!("{{\"customers\": [{{{record}}}]}}"));
    let assessor = models.assessor("2026-06-30".parse().expect("a date"), Scope::ALL);
    look(&assessor.situation(&accounts[0].0, &accounts[0].1))
}

fn escalations<'m>(models: &'m Models, record: &str) -> Vec<&'m str> {
    let wording = &models.wording.engagement.escalations;
    let positions = situated(models, record, |situation| models.engagement.escalations(situation));
    positions.into_iter().map(|position| wording[position].name.as_str()).collect()
}

const HEALTHY: &str = r#""usage": {"login_frequency": 100, "feature_adoption": 100, "dau_mau_ratio": 1}, "engagement": {"meeting_attendance": 100, "nps_score": 10, "csat_score": 5}, "relationship": {"executive_sponsor_engagement": 100, "multi_threading_depth": 9, "renewal_sentiment": "positive"}"#;

/// Churn risk that is critical, without an event of which somebody must be told.
const CRITICAL: &str = r#""contract_end_date": "2026-07-10", "usage_decline": {"login_trend": -60, "feature_adoption_change": -60, "dau_mau_change": -1}, "engagement_drop": {"meeting_cancellations": 4, "response_time_days": 20, "nps_change": -10}, "support_issues": {"open_escalations": 1, "satisfaction_trend": "critical"}"#;

#[test]
fn who_is_called_in_follows_from_the_account() {
    let models = shipped();
    for (record, expected) in [
        (HEALTHY.to_owned(), vec![]),
        (format!(r#""segment": "enterprise", {CRITICAL}, {HEALTHY}"#), vec!["critical-enterprise"]),
        (format!(r#""segment": "SMB", {CRITICAL}, {HEALTHY}"#), vec!["critical-smb"]),
        (format!(r#""segment": "mid-market", {CRITICAL}, {HEALTHY}"#), vec!["critical"]),
        (format!(r#""segment": "startup", {CRITICAL}, {HEALTHY}"#), vec!["critical"]),
        (format!(r#"{HEALTHY}, "support_issues": {{"unresolved_critical": 1}}"#), vec!["critical-issue"]),
        (format!(r#"{HEALTHY}, "support_issues": {{"unresolved_critical": 2}}"#), vec!["critical-issues"]),
        (format!(r#"{HEALTHY}, "support_issues": {{"open_escalations": 1}}"#), vec![]),
        (format!(r#"{HEALTHY}, "support_issues": {{"open_escalations": 2}}"#), vec!["open-escalations"]),
        (format!(r#"{HEALTHY}, "relationship_signals": {{"competitor_mentions": 2}}"#), vec![]),
        (format!(r#"{HEALTHY}, "relationship_signals": {{"competitor_mentions": 3}}"#), vec!["competitor"]),
        (format!(r#"{HEALTHY}, "contract_end_date": "2026-06-30""#), vec![]),
        (format!(r#"{HEALTHY}, "contract_end_date": "2026-06-29""#), vec!["overdue"]),
        (
            format!(
                r#"{HEALTHY}, "relationship_signals": {{"sponsor_change": true, "champion_left": true}}, "support_issues": {{"unresolved_critical": 1}}"#
            ),
            // The most urgent response first: within 24 hours, 5 days, 7 days.
            vec!["critical-issue", "champion-left", "sponsor-change"],
        ),
        (
            r#""previous_period": {"overall_score": 90}, "usage": {"login_frequency": 40, "feature_adoption": 40, "dau_mau_ratio": 0.2}"#
                .to_owned(),
            vec!["yellow-declining"],
        ),
    ] {
        assert_eq!(escalations(&models, &record), expected, "{record}");
    }
    let manual: Vec<usize> = models.engagement.manual_escalations().collect();
    assert_eq!(manual.len(), 1, "what only people can tell never fires by itself");
    assert_eq!(models.wording.engagement.escalations[manual[0]].name, "no-reply");
}

#[test]
fn a_stale_figure_calls_in_nobody() {
    let record = r#""support_issues": {"unresolved_critical": 2, "unresolved_critical_as_of": "2026-05-30"}"#;
    let stale = |days: u32| {
        let text = format!("[groups.support_issues.signals.unresolved_critical]\nstale-after = {days}");
        escalations(&overlaid(&[(ModelFile::Churn, &text)]), record).contains(&"critical-issues")
    };
    assert!(stale(31) && !stale(30));
}

#[test]
fn a_meeting_is_prepared_with_the_figures_of_the_account() {
    let models = shipped();
    let record = r#""segment": "enterprise", "usage": {"feature_adoption": 41.5}, "usage_decline": {"login_trend": -12}, "commercial_factors": {"pricing_complaints": true}, "contract_end_date": "2026-09-28""#;
    let prepared = situated(&models, record, |situation| Preparation::new(&models, situation));
    for said in [
        "Logins changed by -12% against the period before.",
        "Feature adoption is 41.5% (target 80%).",
        "The contract ends in 90 days.",
    ] {
        assert!(prepared.talking_points.iter().any(|point| point.starts_with(said)), "{said}: {prepared:#?}");
    }
    assert!(prepared.objections.iter().any(|(say, answer)| say == "It is too expensive." && !answer.is_empty()));
    assert!(prepared.avoid.iter().any(|(say, why)| say.starts_with("More seats") && !why.is_empty()), "{prepared:#?}");
    let good = situated(&models, HEALTHY, |situation| Preparation::new(&models, situation));
    assert!(good.talking_points.iter().any(|point| point.contains("reference call")), "{good:#?}");
    assert_eq!((good.objections.len(), good.avoid.len()), (0, 0), "{good:#?}");
}

#[test]
fn every_text_is_filled_in_without_a_gap() {
    let models = shipped();
    let wording = &models.wording.engagement;
    for (prompts, count) in [(&wording.talking_points, 8), (&wording.objections, 6), (&wording.avoid, 6)] {
        assert!(prompts.len() >= count, "{prompts:?}");
    }
    let names: Vec<&str> = wording.talking_points.iter().map(|prompt| prompt.name.as_str()).collect();
    assert_eq!(names.len(), models.engagement.talking_points.len());
    // An account that has every trouble at once, and one that has none.
    let troubled = format!(
        r#"{CRITICAL}, "usage": {{"login_frequency": 10, "feature_adoption": 10}}, "engagement": {{"nps_score": 2}}, "support": {{"escalation_rate": 0.4, "avg_resolution_hours": 200}}, "relationship": {{"executive_sponsor_engagement": 5, "multi_threading_depth": 1}}, "relationship_signals": {{"champion_left": true, "sponsor_change": true, "competitor_mentions": 4}}, "commercial_factors": {{"pricing_complaints": true, "budget_cuts_mentioned": true}}"#
    );
    for (record, least) in [(troubled.as_str(), 20), (HEALTHY, 1)] {
        let prepared = situated(&models, record, |situation| Preparation::new(&models, situation));
        let pairs = prepared.objections.iter().chain(&prepared.avoid).flat_map(|(say, answer)| [say, answer]);
        let texts: Vec<&String> = prepared.talking_points.iter().chain(pairs).collect();
        assert!(texts.len() >= least, "{texts:#?}");
        for text in texts {
            let gaps = ["{", "}", "  ", " %", "()", " .", " ,", "(target )", "(target %)"];
            assert!(!gaps.into_iter().any(|gap| text.contains(gap)), "{text}");
        }
    }
}

#[test]
fn judgements_of_the_team_are_internal() {
    let models = shipped();
    let internal = |group: usize| models.is_internal_group(group);
    let groups = models.health.model.groups().iter().enumerate();
    let names: Vec<&str> = groups.filter(|(at, _)| internal(*at)).map(|(_, group)| group.name.as_str()).collect();
    assert_eq!(names, ["relationship"]);
    let open = overlaid(&[(ModelFile::Metrics, "[metrics.\"relationship.multi_threading_depth\"]\ninternal = false")]);
    assert!(!(0..4).any(|group| open.is_internal_group(group)), "one metric that may be shown opens its group");
}

#[test]
fn strategic_accounts_need_what_a_review_cannot_do_without() {
    let models = shipped();
    let account = &assess(&models, r#"{"customers": [{"customer_id": "a", "arr": 250000, "csm": "Kim"}]}"#)[0].0;
    assert!(models.engagement.is_strategic(account));
    let labels: Vec<String> =
        models.engagement.lacking(account, Reviews::Read).into_iter().map(|need| need_label(&models, need)).collect();
    assert_eq!(labels.len(), models.engagement.needs().len() - 2, "arr and csm are known: {labels:?}");
    assert!(labels.iter().all(|label| !label.is_empty()));
    let unread = models.engagement.lacking(account, Reviews::Unread);
    assert_eq!(labels.len() - unread.len(), 4, "parts of the notes");
    let cadence =
        |profile| models.wording.engagement.cadence_of(Profile(profile)).map(|cadence| cadence.check_in.as_str());
    assert_eq!([0, 1, 2, 3].map(cadence), [Some("every week"), Some("every two weeks"), Some("every month"), None]);
}
