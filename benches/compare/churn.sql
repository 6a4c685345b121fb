-- The churn risk of each account, the highest first: the standard's figures, in its order of summing.
WITH category AS (
    SELECT
        *,
        CASE WHEN contract_end_date IS NOT NULL THEN greatest(contract_end_date - DATE '{as_of}', 0) END AS days,
        round1(
            clamp(fall(usage_decline_login_trend) * 3e0) * 0.40e0
            + clamp(fall(usage_decline_feature_adoption_change) * 4e0) * 0.35e0
            + clamp(fall(usage_decline_dau_mau_change) * 500e0) * 0.25e0
        ) AS usage_decline,
        round1(
            clamp(coalesce(engagement_drop_meeting_cancellations, 0e0) * 25e0) * 0.30e0
            + clamp((coalesce(engagement_drop_response_time_days, 1e0) - 1e0) * 15e0) * 0.35e0
            + clamp(fall(engagement_drop_nps_change) * 20e0) * 0.35e0
        ) AS engagement_drop,
        round1(
            clamp(coalesce(support_issues_open_escalations, 0e0) * 35e0) * 0.35e0
            + clamp(coalesce(support_issues_unresolved_critical, 0e0) * 50e0) * 0.35e0
            + CASE lower(support_issues_satisfaction_trend)
                WHEN 'improving' THEN 10e0 WHEN 'declining' THEN 70e0 WHEN 'critical' THEN 95e0 ELSE 30e0
            END * 0.30e0
        ) AS support_issues,
        round1(clamp(
            CASE WHEN relationship_signals_champion_left THEN 45e0 ELSE 0e0 END
            + CASE WHEN relationship_signals_sponsor_change THEN 30e0 ELSE 0e0 END
            + CASE
                WHEN relationship_signals_competitor_mentions >= 3 THEN 35e0
                WHEN relationship_signals_competitor_mentions >= 1 THEN relationship_signals_competitor_mentions * 12e0
                ELSE 0e0
            END
        )) AS relationship_signals,
        round1(clamp(
            CASE lower(commercial_factors_contract_type) WHEN 'month-to-month' THEN 30e0 WHEN 'quarterly' THEN 15e0 ELSE 0e0 END
            + CASE WHEN commercial_factors_pricing_complaints THEN 35e0 ELSE 0e0 END
            + CASE WHEN commercial_factors_budget_cuts_mentioned THEN 40e0 ELSE 0e0 END
        )) AS commercial_factors
    FROM {accounts}
),
raw AS (
    SELECT
        *,
        usage_decline * 0.30e0 + engagement_drop * 0.25e0 + support_issues * 0.20e0 + relationship_signals * 0.15e0
            + commercial_factors * 0.10e0 AS raw,
        CASE
            WHEN days <= 30 THEN 1.5e0 WHEN days <= 60 THEN 1.35e0 WHEN days <= 90 THEN 1.2e0 WHEN days <= 180 THEN 1.1e0 ELSE 1e0
        END AS urgency
    FROM category
),
scored AS (
    SELECT *, clamp(round1(raw * urgency)) AS risk FROM raw
)
SELECT
    customer_id, name, coalesce(segment, 'unknown') AS segment, coalesce(arr, 0e0) AS arr,
    risk AS risk_score,
    round1(raw) AS raw_score,
    CASE WHEN risk >= 80 THEN 'critical' WHEN risk >= 60 THEN 'high' WHEN risk >= 40 THEN 'medium' ELSE 'low' END AS risk_tier,
    urgency AS urgency_multiplier,
    days AS days_to_renewal,
    {{
        'usage_decline': {{'score': usage_decline}},
        'engagement_drop': {{'score': engagement_drop}},
        'support_issues': {{'score': support_issues}},
        'relationship_signals': {{'score': relationship_signals}},
        'commercial_factors': {{'score': commercial_factors}}
    }} AS signal_scores
FROM scored
ORDER BY risk DESC, customer_id
