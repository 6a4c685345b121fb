-- The health of each account: the standard's figures, in its order of summing.
WITH account AS (
    SELECT *, lower(coalesce(segment, 'mid-market')) AS own_segment,
        CASE own_segment
            WHEN 'enterprise' THEN {{'login': 90e0, 'adoption': 80e0, 'dau_mau': 0.50e0, 'volume': 5e0, 'attendance': 95e0, 'nps': 9e0, 'csat': 4.5e0, 'tickets': 10e0, 'escalation': 0.25e0, 'hours': 72e0, 'sponsor': 90e0, 'threads': 5e0, 'green': 75e0, 'yellow': 50e0}}
            WHEN 'smb' THEN {{'login': 70e0, 'adoption': 60e0, 'dau_mau': 0.30e0, 'volume': 10e0, 'attendance': 75e0, 'nps': 7e0, 'csat': 3.8e0, 'tickets': 20e0, 'escalation': 0.40e0, 'hours': 120e0, 'sponsor': 60e0, 'threads': 2e0, 'green': 65e0, 'yellow': 40e0}}
            ELSE {{'login': 80e0, 'adoption': 70e0, 'dau_mau': 0.40e0, 'volume': 8e0, 'attendance': 85e0, 'nps': 8e0, 'csat': 4.0e0, 'tickets': 15e0, 'escalation': 0.30e0, 'hours': 96e0, 'sponsor': 75e0, 'threads': 3e0, 'green': 70e0, 'yellow': 45e0}}
        END AS own
    FROM {accounts}
),
dimension AS (
    SELECT
        *, own.green AS green, own.yellow AS yellow,
        round1(
            ratio(coalesce(usage_login_frequency, 0e0), own.login) * 0.35e0
            + ratio(coalesce(usage_feature_adoption, 0e0), own.adoption) * 0.40e0
            + ratio(coalesce(usage_dau_mau_ratio, 0e0), own.dau_mau) * 0.25e0
        ) AS usage,
        round1(
            inverse(coalesce(engagement_support_ticket_volume, 0e0), own.volume) * 0.20e0
            + ratio(coalesce(engagement_meeting_attendance, 0e0), own.attendance) * 0.30e0
            + ratio(coalesce(engagement_nps_score, 5e0), own.nps) * 0.25e0
            + ratio(coalesce(engagement_csat_score, 3e0), own.csat) * 0.25e0
        ) AS engagement,
        round1(
            inverse(coalesce(support_open_tickets, 0e0), own.tickets) * 0.35e0
            + inverse(coalesce(support_escalation_rate, 0e0), own.escalation) * 0.35e0
            + inverse(coalesce(support_avg_resolution_hours, 0e0), own.hours) * 0.30e0
        ) AS support,
        round1(
            ratio(coalesce(relationship_executive_sponsor_engagement, 0e0), own.sponsor) * 0.35e0
            + ratio(coalesce(relationship_multi_threading_depth, 1e0), own.threads) * 0.30e0
            + CASE lower(relationship_renewal_sentiment)
                WHEN 'positive' THEN 100e0 WHEN 'neutral' THEN 60e0 WHEN 'negative' THEN 20e0 ELSE 50e0
            END * 0.35e0
        ) AS relationship
    FROM account
),
scored AS (
    SELECT *, round1(usage * 0.30e0 + engagement * 0.25e0 + support * 0.20e0 + relationship * 0.25e0) AS overall
    FROM dimension
)
SELECT
    customer_id, name, own_segment AS segment, coalesce(arr, 0e0) AS arr,
    overall AS overall_score,
    band(overall, green, yellow) AS classification,
    {{
        'usage': {{'score': usage, 'classification': band(usage, green, yellow)}},
        'engagement': {{'score': engagement, 'classification': band(engagement, green, yellow)}},
        'support': {{'score': support, 'classification': band(support, green, yellow)}},
        'relationship': {{'score': relationship, 'classification': band(relationship, green, yellow)}}
    }} AS dimensions,
    {{
        'usage': trend(usage - previous_period_usage_score),
        'engagement': trend(engagement - previous_period_engagement_score),
        'support': trend(support - previous_period_support_score),
        'relationship': trend(relationship - previous_period_relationship_score),
        'overall': trend(overall - previous_period_overall_score)
    }} AS trends
FROM scored
