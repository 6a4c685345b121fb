"""The fields that the queries read, by their dotted paths."""

COMMON = {"customer_id": "text", "name": "text", "segment": "text", "arr": "number"}

FIELDS = {
    "health": COMMON
    | dict.fromkeys(
        (
            "usage.login_frequency",
            "usage.feature_adoption",
            "usage.dau_mau_ratio",
            "engagement.support_ticket_volume",
            "engagement.meeting_attendance",
            "engagement.nps_score",
            "engagement.csat_score",
            "support.open_tickets",
            "support.escalation_rate",
            "support.avg_resolution_hours",
            "relationship.executive_sponsor_engagement",
            "relationship.multi_threading_depth",
        ),
        "number",
    )
    | {"relationship.renewal_sentiment": "text"}
    | dict.fromkeys(
        (
            "previous_period.usage_score",
            "previous_period.engagement_score",
            "previous_period.support_score",
            "previous_period.relationship_score",
            "previous_period.overall_score",
        ),
        "number",
    ),
    "churn": COMMON
    | {"contract_end_date": "date"}
    | dict.fromkeys(
        (
            "usage_decline.login_trend",
            "usage_decline.feature_adoption_change",
            "usage_decline.dau_mau_change",
            "engagement_drop.meeting_cancellations",
            "engagement_drop.response_time_days",
            "engagement_drop.nps_change",
            "support_issues.open_escalations",
            "support_issues.unresolved_critical",
        ),
        "number",
    )
    | {
        "support_issues.satisfaction_trend": "text",
        "relationship_signals.champion_left": "flag",
        "relationship_signals.sponsor_change": "flag",
        "relationship_signals.competitor_mentions": "number",
        "commercial_factors.contract_type": "text",
        "commercial_factors.pricing_complaints": "flag",
        "commercial_factors.budget_cuts_mentioned": "flag",
    },
}


def blocks(fields):
    """The fields as a tree of one level: a block has its fields, a field outside of blocks has its kind."""
    tree = {}
    for path, kind in fields.items():
        block, _, key = path.partition(".")
        if key:
            tree.setdefault(block, {})[key] = kind
        else:
            tree[block] = kind
    return tree


def column(path):
    """The name of a field in a query."""
    return path.replace(".", "_")
