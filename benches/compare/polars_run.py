"""One report by Polars: polars_run.py health|churn PORTFOLIO OUTPUT THREADS AS_OF

A lazy query over the file on the streaming engine, with an explicit schema, whose results go out as a line of JSON per account.
"""

import os
import sys
from datetime import date
from pathlib import Path

# Read once, when Polars is loaded.
os.environ["POLARS_MAX_THREADS"] = sys.argv[4]

import polars as pl

from fields import FIELDS, blocks, column

TYPES = {"text": pl.String, "number": pl.Float64, "flag": pl.Boolean, "date": pl.Date}

# The figures of a segment: enterprise, SMB, and mid-market for every other one.
BENCHMARKS = {
    "login_frequency": (90, 70, 80),
    "feature_adoption": (80, 60, 70),
    "dau_mau_ratio": (0.50, 0.30, 0.40),
    "support_ticket_volume": (5, 10, 8),
    "meeting_attendance": (95, 75, 85),
    "nps_score": (9, 7, 8),
    "csat_score": (4.5, 3.8, 4.0),
    "open_tickets": (10, 20, 15),
    "escalation_rate": (0.25, 0.40, 0.30),
    "avg_resolution_hours": (72, 120, 96),
    "executive_sponsor_engagement": (90, 60, 75),
    "multi_threading_depth": (5, 2, 3),
    "green": (75, 65, 70),
    "yellow": (50, 40, 45),
}


def source(fields, path):
    """The file as a frame with a column for each field."""
    if path.suffix == ".csv":
        # Polars reads dates of texts faster by itself than by a query.
        types = {name: TYPES[kind] for name, kind in fields.items()}
        frame = pl.scan_csv(path, schema_overrides=types, infer_schema=False)
        return frame.select(pl.col(name).alias(column(name)) for name in fields)
    # JSON has no dates: they come as texts.
    types = TYPES | {"date": pl.String}
    schema = {
        name: types[of] if isinstance(of, str) else pl.Struct({key: types[kind] for key, kind in of.items()})
        for name, of in blocks(fields).items()
    }
    frame = pl.scan_ndjson(path, schema=schema)

    def field(path):
        block, _, key = path.partition(".")
        found = pl.col(block).struct.field(key) if key else pl.col(block)
        return (found.str.to_date("%Y-%m-%d") if fields[path] == "date" else found).alias(column(path))

    return frame.select(field(path) for path in fields)


def round1(x):
    """To one decimal, as the exact decimal value of the binary figure rounds, ties to even.

    Polars' own rounding multiplies by ten and may be a tenth off next to a tie. Whether the figure lies above the tie is exact here:
    it is split into two halves whose products with twenty have no error.
    """
    below = (x * 10).floor()
    high = x * 134217729.0 - (x * 134217729.0 - x)
    above_tie = (high * 20 - (below * 2 + 1)) + (x - high) * 20
    up = (above_tie > 0) | ((above_tie == 0) & (below % 2 == 1))
    # A division by a constant is a multiplication in Polars; rounding again, far from ties now, gives the nearest figure.
    return ((below + up.cast(pl.Float64)) / 10).round(1)


def clamp(x):
    return x.clip(0.0, 100.0)


def total(signals):
    """The sum of weighted figures from left to right."""
    (first, weight), *rest = signals
    value = first * weight
    for signal, weight in rest:
        value = value + signal * weight
    return value


def lookup(name, words, other):
    """The figure of a word; a missing one is `other` too."""
    return pl.col(name).str.to_lowercase().replace_strict(words, default=other, return_dtype=pl.Float64)


def health(frame):
    segment = pl.col("segment").fill_null("mid-market").str.to_lowercase()
    frame = frame.with_columns(own_segment=segment)
    own = pl.col("own_segment")

    def benchmark(name):
        enterprise, smb, other = map(float, BENCHMARKS[name])
        return pl.when(own == "enterprise").then(enterprise).when(own == "smb").then(smb).otherwise(other)

    def value(block, name, default):
        return pl.col(f"{block}_{name}").fill_null(float(default))

    def ratio(block, name, default=0):
        return clamp(value(block, name, default) / benchmark(name) * 100)

    def inverse(block, name):
        return clamp((1 - value(block, name, 0) / benchmark(name)) * 100)

    sentiments = {"positive": 100.0, "neutral": 60.0, "negative": 20.0}
    dimensions = {
        "usage": [
            (ratio("usage", "login_frequency"), 0.35),
            (ratio("usage", "feature_adoption"), 0.40),
            (ratio("usage", "dau_mau_ratio"), 0.25),
        ],
        "engagement": [
            (inverse("engagement", "support_ticket_volume"), 0.20),
            (ratio("engagement", "meeting_attendance"), 0.30),
            (ratio("engagement", "nps_score", 5), 0.25),
            (ratio("engagement", "csat_score", 3), 0.25),
        ],
        "support": [
            (inverse("support", "open_tickets"), 0.35),
            (inverse("support", "escalation_rate"), 0.35),
            (inverse("support", "avg_resolution_hours"), 0.30),
        ],
        "relationship": [
            (ratio("relationship", "executive_sponsor_engagement"), 0.35),
            (ratio("relationship", "multi_threading_depth", 1), 0.30),
            (lookup("relationship_renewal_sentiment", sentiments, 50.0), 0.35),
        ],
    }
    names = list(dimensions)
    frame = frame.with_columns(total(signals).alias(name) for name, signals in dimensions.items())
    frame = frame.with_columns(round1(pl.col(name)).alias(name) for name in names)
    weights = [(pl.col(name), weight) for name, weight in zip(names, (0.30, 0.25, 0.20, 0.25))]
    frame = frame.with_columns(overall=total(weights), green=benchmark("green"), yellow=benchmark("yellow"))
    frame = frame.with_columns(overall=round1(pl.col("overall")))

    def band(name):
        score = pl.col(name)
        green = score >= pl.col("green")
        return pl.when(green).then(pl.lit("green")).when(score >= pl.col("yellow")).then(pl.lit("yellow")).otherwise(pl.lit("red"))

    def trend(name):
        change = pl.col(name) - pl.col(f"previous_period_{name}_score")
        return (
            pl.when(change.is_null())
            .then(pl.lit("no_data"))
            .when(change > 5)
            .then(pl.lit("improving"))
            .when(change < -5)
            .then(pl.lit("declining"))
            .otherwise(pl.lit("stable"))
            .alias(name)
        )

    def dimension(name):
        return pl.struct(pl.col(name).alias("score"), band(name).alias("classification")).alias(name)

    return frame.select(
        "customer_id",
        "name",
        own.alias("segment"),
        pl.col("arr").fill_null(0.0),
        pl.col("overall").alias("overall_score"),
        band("overall").alias("classification"),
        pl.struct(dimension(name) for name in names).alias("dimensions"),
        pl.struct(trend(name) for name in [*names, "overall"]).alias("trends"),
    )


def churn(frame, as_of):
    def value(name, default=0.0):
        return pl.col(name).fill_null(default)

    def fall(name):
        return (-value(name)).clip(lower_bound=0.0)

    def flag(name, points):
        return pl.when(pl.col(name)).then(points).otherwise(0.0)

    mentions = value("relationship_signals_competitor_mentions")
    mentioned = pl.when(mentions >= 3).then(35.0).when(mentions >= 1).then(mentions * 12).otherwise(0.0)
    trends = {"improving": 10.0, "declining": 70.0, "critical": 95.0}
    contracts = {"month-to-month": 30.0, "quarterly": 15.0}
    categories = {
        "usage_decline": total(
            [
                (clamp(fall("usage_decline_login_trend") * 3), 0.40),
                (clamp(fall("usage_decline_feature_adoption_change") * 4), 0.35),
                (clamp(fall("usage_decline_dau_mau_change") * 500), 0.25),
            ]
        ),
        "engagement_drop": total(
            [
                (clamp(value("engagement_drop_meeting_cancellations") * 25), 0.30),
                (clamp((value("engagement_drop_response_time_days", 1.0) - 1) * 15), 0.35),
                (clamp(fall("engagement_drop_nps_change") * 20), 0.35),
            ]
        ),
        "support_issues": total(
            [
                (clamp(value("support_issues_open_escalations") * 35), 0.35),
                (clamp(value("support_issues_unresolved_critical") * 50), 0.35),
                (lookup("support_issues_satisfaction_trend", trends, 30.0), 0.30),
            ]
        ),
        "relationship_signals": clamp(
            flag("relationship_signals_champion_left", 45.0) + flag("relationship_signals_sponsor_change", 30.0) + mentioned
        ),
        "commercial_factors": clamp(
            lookup("commercial_factors_contract_type", contracts, 0.0)
            + flag("commercial_factors_pricing_complaints", 35.0)
            + flag("commercial_factors_budget_cuts_mentioned", 40.0)
        ),
    }
    names = list(categories)
    days = (pl.col("contract_end_date") - as_of).dt.total_days().clip(lower_bound=0)
    frame = frame.with_columns(days.alias("days"), *(each.alias(name) for name, each in categories.items()))
    frame = frame.with_columns(round1(pl.col(name)).alias(name) for name in names)
    days = pl.col("days")
    urgency = pl.when(days <= 30).then(1.5).when(days <= 60).then(1.35).when(days <= 90).then(1.2).when(days <= 180).then(1.1)
    weights = [(pl.col(name), weight) for name, weight in zip(names, (0.30, 0.25, 0.20, 0.15, 0.10))]
    frame = frame.with_columns(raw=total(weights), urgency=urgency.otherwise(1.0))
    frame = frame.with_columns(raw_score=round1(pl.col("raw")), risk=round1(pl.col("raw") * pl.col("urgency")))
    frame = frame.with_columns(risk=clamp(pl.col("risk")))
    risk = pl.col("risk")
    tier = pl.when(risk >= 80).then(pl.lit("critical")).when(risk >= 60).then(pl.lit("high")).when(risk >= 40)
    scores = pl.struct(pl.struct(pl.col(name).alias("score")).alias(name) for name in names)
    return frame.select(
        "customer_id",
        "name",
        pl.col("segment").fill_null("unknown"),
        pl.col("arr").fill_null(0.0),
        risk.alias("risk_score"),
        "raw_score",
        tier.then(pl.lit("medium")).otherwise(pl.lit("low")).alias("risk_tier"),
        pl.col("urgency").alias("urgency_multiplier"),
        days.alias("days_to_renewal"),
        scores.alias("signal_scores"),
    ).sort(["risk_score", "customer_id"], descending=[True, False])


def main():
    report, path, output, _, as_of = sys.argv[1:]
    frame = source(FIELDS[report], Path(path))
    query = health(frame) if report == "health" else churn(frame, date.fromisoformat(as_of))
    query.sink_ndjson(output, engine="streaming")


main()
