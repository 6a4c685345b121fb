//! Accounts of any kind, as properties need them.

use proptest::prelude::*;
use proptest::sample::select;

/// What better means for a metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Better {
    More,
    Less,
}

/// How the values of a metric look.
#[derive(Debug, Clone, Copy)]
pub enum Values {
    /// Any number from the first to the second.
    Number(f64, f64),
    /// Whole numbers from 0.
    Count(u32),
    /// Words, the worst first.
    Words(&'static [&'static str]),
    /// A flag, of which true is the worse.
    Flag,
}

use Better::{Less, More};
use Values::{Count, Flag, Number, Words};

/// Every metric of the health and churn models. Counts are whole, as in life: 2.9 mentions of a competitor cost more than 3 by the
/// standard.
pub const METRICS: [(&str, Values, Better); 28] = [
    ("usage.login_frequency", Number(0.0, 120.0), More),
    ("usage.feature_adoption", Number(0.0, 100.0), More),
    ("usage.dau_mau_ratio", Number(0.0, 1.0), More),
    ("engagement.support_ticket_volume", Count(15), Less),
    ("engagement.meeting_attendance", Number(0.0, 100.0), More),
    ("engagement.nps_score", Number(-1.0, 10.0), More),
    ("engagement.csat_score", Number(0.0, 5.0), More),
    ("support.open_tickets", Count(30), Less),
    ("support.escalation_rate", Number(0.0, 1.0), Less),
    ("support.avg_resolution_hours", Number(0.0, 200.0), Less),
    ("relationship.executive_sponsor_engagement", Number(0.0, 100.0), More),
    ("relationship.multi_threading_depth", Count(8), More),
    ("relationship.renewal_sentiment", Words(&["negative", "unknown", "neutral", "positive"]), More),
    ("usage_decline.login_trend", Number(-100.0, 50.0), More),
    ("usage_decline.feature_adoption_change", Number(-50.0, 30.0), More),
    ("usage_decline.dau_mau_change", Number(-0.5, 0.5), More),
    ("engagement_drop.meeting_cancellations", Count(6), Less),
    ("engagement_drop.response_time_days", Number(0.0, 20.0), Less),
    ("engagement_drop.nps_change", Number(-8.0, 8.0), More),
    ("support_issues.open_escalations", Count(5), Less),
    ("support_issues.unresolved_critical", Count(4), Less),
    ("support_issues.satisfaction_trend", Words(&["critical", "declining", "stable", "improving"]), More),
    ("relationship_signals.champion_left", Flag, Less),
    ("relationship_signals.sponsor_change", Flag, Less),
    ("relationship_signals.competitor_mentions", Count(6), Less),
    ("commercial_factors.contract_type", Words(&["month-to-month", "quarterly", "annual", "multi-year"]), More),
    ("commercial_factors.pricing_complaints", Flag, Less),
    ("commercial_factors.budget_cuts_mentioned", Flag, Less),
];

/// The value of a metric at a position from 0 to 1 in its range, as JSON; a later position is a greater number or a better word.
fn value(values: Values, position: f64) -> String {
    match values {
        Number(least, most) => (least + position * (most - least)).to_string(),
        Count(most) => (position * f64::from(most)).round().to_string(),
        Words(words) => format!("{:?}", words[whole(position * (words.len() - 1) as f64)]),
        Flag => (position > 0.5).to_string(),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positions in a short list")]
fn whole(position: f64) -> usize {
    position.round() as usize
}

/// An account as positions in the ranges of its metrics; `None` is absent.
#[derive(Debug, Clone)]
pub struct Draft {
    pub segment: &'static str,
    pub arr: u32,
    pub end: &'static str,
    pub metrics: Vec<Option<f64>>,
    pub previous: Vec<Option<f64>>,
    pub rest: &'static str,
}

const RESTS: [&str; 4] = [
    r#""region": "EMEA""#,
    r#""lifecycle": "onboarding", "departments": {"current": ["sales"], "potential": ["ops", "Sales", "legal"]}"#,
    r#""lifecycle": "churned", "contract": {"licensed_seats": 10, "active_seats": 10}"#,
    r#""contract": {"licensed_seats": 100, "active_seats": 93, "plan_tier": "starter", "available_tiers": ["enterprise", "professional"]}, "product_usage": {"analytics_module": {"adopted": false}, "core_platform": {"adopted": true, "usage_pct": 33.3}}"#,
];

impl Draft {
    /// Any account.
    pub fn any() -> impl Strategy<Value = Self> {
        let position = || prop::option::weighted(0.75, prop_oneof![4 => 0.0..=1.0, 1 => Just(0.0), 1 => Just(1.0)]);
        (
            select(vec!["\"enterprise\"", "\"mid-market\"", "\"SMB\"", "\"startup\"", "null"]),
            0..2_000_000_u32,
            select(vec!["null", "\"2026-06-01\"", "\"2026-07-15\"", "\"2026-09-10\"", "\"2028-01-01\""]),
            prop::collection::vec(position(), METRICS.len()),
            prop::collection::vec(prop::option::of(0.0..=100.0), 5),
            select(RESTS.to_vec()),
        )
            .prop_map(|(segment, arr, end, metrics, previous, rest)| Self {
                segment,
                arr,
                end,
                metrics,
                previous,
                rest,
            })
    }

    /// The account as a JSON object.
    pub fn json(&self, id: usize) -> String {
        let mut fields = vec![
            format!("\"customer_id\": \"C-{id}\", \"name\": \"Name {id}\", \"segment\": {}", self.segment),
            format!("\"arr\": {}, \"contract_end_date\": {}, {}", self.arr, self.end, self.rest),
        ];
        let names = ["usage", "engagement", "support", "relationship", "overall"];
        let previous: Vec<String> = names
            .iter()
            .zip(&self.previous)
            .filter_map(|(name, score)| score.map(|score| format!("\"{name}_score\": {score}")))
            .collect();
        fields.push(format!("\"previous_period\": {{{}}}", previous.join(", ")));
        let mut blocks: Vec<(&str, Vec<String>)> = Vec::new();
        for ((path, values, _), position) in METRICS.iter().zip(&self.metrics) {
            let Some(position) = position else { continue };
            let (block, name) = path.split_once('.').expect("a dotted path");
            let field = format!("\"{name}\": {}", value(*values, *position));
            match blocks.last_mut().filter(|(last, _)| *last == block) {
                Some((_, fields)) => fields.push(field),
                None => blocks.push((block, vec![field])),
            }
        }
        fields.extend(blocks.iter().map(|(block, metrics)| format!("\"{block}\": {{{}}}", metrics.join(", "))));
        format!("{{{}}}", fields.join(", "))
    }
}

/// Accounts as a portfolio; each has its position in its id.
pub fn text(drafts: &[Draft]) -> String {
    let records: Vec<String> = drafts.iter().enumerate().map(|(id, draft)| draft.json(id)).collect();
    format!("{{\"customers\": [{}]}}", records.join(",\n"))
}
