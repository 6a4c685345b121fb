"""Writes figures.json: what scikit-learn and scipy make of small made-up data, for tests/statistics.rs.

    python3 -m venv target/statistics
    target/statistics/bin/pip install -r tests/statistics/requirements.txt
    target/statistics/bin/python tests/statistics/figures.py

The inputs stand in the file too, so that the tests need neither Python nor these libraries. What the libraries do not have is written
out here by its definition, without regard to speed: the variance of the AUC by DeLong and by Obuchowski as a sum over all pairs, lift as a
point of the ROC curve.
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score, roc_curve

Z = stats.norm.ppf(0.975)
SHARES = [0.01, 0.1, 0.25, 0.5, 1.0]


def pairs(values, positive):
    """For each pair of a positive one (row) and another (column): 1 where the positive one is higher, 1/2 where both are equal."""
    high, low = values[positive][:, None], values[~positive][None, :]
    return (high > low) + (high == low) / 2


def delong(values, positive):
    """Variance of the AUC by DeLong, DeLong and Clarke-Pearson 1988."""
    right = pairs(values, positive)
    return right.mean(axis=1).var(ddof=1) / right.shape[0] + right.mean(axis=0).var(ddof=1) / right.shape[1]


def obuchowski(values, positive, clusters):
    """Variance of the AUC with things in clusters by Obuchowski 1997, formulas 4 and 5."""
    right = pairs(values, positive)
    auc = right.mean()
    m, n = right.shape
    both = np.unique(clusters)
    of_positives = np.array([(right.mean(axis=1)[clusters[positive] == c] - auc).sum() for c in both])
    of_others = np.array([(right.mean(axis=0)[clusters[~positive] == c] - auc).sum() for c in both])
    i = len(both)
    i10, i01 = len(np.unique(clusters[positive])), len(np.unique(clusters[~positive]))
    s10 = i10 / ((i10 - 1) * m) * (of_positives**2).sum()
    s01 = i01 / ((i01 - 1) * n) * (of_others**2).sum()
    s11 = i / (i - 1) * (of_positives * of_others).sum()
    return s10 / m + s01 / n + 2 * s11 / (m * n)


def hanley_mcneil(auc, m, n):
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    return np.sqrt((auc * (1 - auc) + (m - 1) * (q1 - auc**2) + (n - 1) * (q2 - auc**2)) / (m * n))


def wilson(hits, of):
    interval = stats.binomtest(hits, of).proportion_ci(confidence_level=0.95, method="wilson")
    return [interval.low, interval.high]


def interval(values, positive, clusters, auc):
    kinds = [np.unique(clusters[positive]), np.unique(clusters[~positive])]
    fewest = min(len(kind) for kind in kinds)
    if fewest < 2:
        return None
    if auc in (0, 1):
        return wilson(fewest if auc == 1 else 0, fewest)
    variance = obuchowski(values, positive, clusters)
    if len(np.unique(clusters)) == len(clusters):
        assert np.isclose(variance, delong(values, positive), rtol=1e-12, atol=1e-25)
        variance = delong(values, positive)
    if abs(variance) < 1e-25:
        return [auc, auc] if len(np.unique(values)) == 1 else None
    reach = Z * np.sqrt(variance)
    return [max(0, auc - reach), min(1, auc + reach)]


def ranking(name, values, positive, clusters=None):
    values, positive = np.asarray(values, dtype=float), np.asarray(positive, dtype=bool)
    clusters = np.arange(len(values)) if clusters is None else np.asarray(clusters)
    m, n = int(positive.sum()), int((~positive).sum())
    figures = dict.fromkeys(["auc", "interval", "hanley_mcneil", "average_precision", "lift", "gains"])
    if m:
        figures["average_precision"] = average_precision_score(positive, values)
        # Each point of the ROC curve is a run of equal values; between two of them the positive ones of a run are shared evenly.
        if n:
            false, true, _ = roc_curve(positive, values, drop_intermediate=False)
        else:
            true = np.append(0, np.cumsum(np.unique(values, return_counts=True)[1][::-1]) / m)
            false = np.zeros_like(true)
        seen = (false * n + true * m) / (m + n)
        figures["gains"] = [[float(x), float(y)] for x, y in zip(seen, true)]
        figures["lift"] = [[share, float(np.interp(share, seen, true)) / share] for share in SHARES]
    if m and n:
        auc = roc_auc_score(positive, values)
        figures["auc"] = auc
        figures["interval"] = interval(values, positive, clusters, auc)
        figures["hanley_mcneil"] = hanley_mcneil(auc, m, n)
    rows = [[float(v), bool(p), int(c)] for v, p, c in zip(values, positive, clusters)]
    return {"name": name, "rows": rows, **figures}


def rankings(random):
    def drawn(size, share, shift, digits):
        positive = random.random(size) < share
        return np.round(random.normal(50, 15, size) + shift * positive, digits), positive

    accounts = np.repeat(np.arange(40), 5)
    # What the rows of an account share is most of what they are.
    own = np.repeat(random.normal(0, 12, 40), 5)
    left = np.repeat(random.random(40) < 0.4, 5) & (random.random(200) < 0.5)
    clustered = np.round(own + random.normal(50, 6, 200) + 8 * left, 1)
    few = random.random(12) < 0.5
    extremes = [1.7e308, -1.7e308, 5e-324, 0.0, -0.0, -5e-324, 1e16, 1e16 + 2, 1.7e308, 1.0]
    return [
        ranking("random", *drawn(150, 0.3, 10, 4)),
        ranking("no relation", *drawn(120, 0.5, 0, 4)),
        ranking("the wrong way round", *drawn(80, 0.4, -12, 2)),
        ranking("few positive ones", *drawn(150, 0.05, 15, 3)),
        ranking("heavy ties", *(lambda v, p: (np.round(v / 15), p))(*drawn(150, 0.3, 12, 4))),
        ranking("two values", *(lambda v, p: (v > 50, p))(*drawn(60, 0.3, 12, 4))),
        ranking("all equal", np.full(30, 61.5), np.arange(30) % 3 == 0),
        ranking("only positive ones", [3, 1, 1, 2], [True] * 4),
        ranking("no positive ones", [3, 1, 1, 2], [False] * 4),
        ranking("nothing", [], []),
        ranking("a single positive one", [1], [True]),
        ranking("a single other one", [1], [False]),
        ranking("one of each", [2, 1], [True, False]),
        ranking("two of each", [4, 2, 3, 1], [True, True, False, False]),
        ranking("without a fault", np.arange(50), np.arange(50) >= 35),
        ranking("without a hit", np.arange(50), np.arange(50) < 35),
        ranking("without a fault, in accounts", np.arange(50), np.arange(50) >= 35, np.arange(50) // 5),
        ranking("extremes", extremes, [True, False, True, False, True, True, False, True, True, False]),
        ranking("accounts", clustered, left, accounts),
        ranking("accounts with ties", np.round(clustered / 10), left, accounts),
        ranking("accounts of one row", *drawn(60, 0.3, 10, 2), random.permutation(60)),
        ranking("two accounts", np.round(random.normal(50, 9, 12) + 9 * few, 2), few, np.arange(12) % 2),
        ranking("accounts that mirror each other", [3, 2, 1, 3, 2, 1], [True, False, True] * 2, [0, 0, 0, 1, 1, 1]),
        ranking("one account", np.round(random.normal(50, 9, 12), 2), few, np.zeros(12, dtype=int)),
        ranking("all positive ones in one account", np.round(random.normal(50, 9, 12), 2), few, np.where(few, 99, np.arange(12))),
    ]


def forecasts(random):
    def forecast(name, forecasts, happened):
        forecasts, happened = np.asarray(forecasts, dtype=float), np.asarray(happened, dtype=bool)
        brier = brier_score_loss(happened, forecasts, pos_label=True)
        base = happened.mean()
        skill = 1 - brier / (base * (1 - base)) if 0 < base < 1 else None
        return {
            "name": name,
            "pairs": [[float(f), bool(h)] for f, h in zip(forecasts, happened)],
            "brier": float(brier),
            "skill": None if skill is None else float(skill),
        }

    chances = np.round(random.random(120), 4)
    return [
        forecast("calibrated", chances, random.random(120) < chances),
        forecast("unrelated", chances, random.random(120) < 0.3),
        forecast("certain and right", [1, 0, 0, 1], [True, False, False, True]),
        forecast("certain and wrong", [1, 0, 0, 1], [False, True, True, False]),
        forecast("the base rate", [0.25] * 8, [True, True] + [False] * 6),
        forecast("all happened", [0.9, 0.4, 1.0], [True] * 3),
        forecast("none happened", [0.9, 0.4, 0.0], [False] * 3),
        forecast("one", [0.3], [True]),
    ]


def rates():
    counts = [(0, 1), (1, 1), (0, 30), (1, 30), (15, 30), (29, 30), (30, 30), (3, 7), (317, 1000), (1, 10**6), (999_999, 10**6)]
    return [{"hits": hits, "of": of, "wilson": wilson(hits, of)} for hits, of in counts]


def auc_of(values, positive, axis):
    ranks = stats.rankdata(values, axis=axis)
    m, n = positive.sum(axis=axis), (1 - positive).sum(axis=axis)
    return ((ranks * positive).sum(axis=axis) - m * (m + 1) / 2) / (m * n)


def bootstraps(random, seeds=60, resamples=2000):
    """Percentile intervals by scipy, from many seeds: the mean of each end and how much it varies from seed to seed."""

    def ends(data, statistic):
        found = []
        for seed in range(seeds):
            result = stats.bootstrap(
                data, statistic, n_resamples=resamples, paired=True, vectorized=True, method="percentile",
                confidence_level=0.95, rng=np.random.default_rng(seed),
            )
            found.append(result.confidence_interval)
        found = np.array(found)
        return {"ends": found.mean(axis=0).tolist(), "noise": found.std(axis=0, ddof=1).tolist()}

    positive = np.arange(80) % 4 == 0
    values = np.round(random.normal(50, 15, 80) + 10 * positive, 0)
    of = random.integers(1, 6, 60)
    hits = random.binomial(of, random.beta(1, 3, 60))

    def share(hits, of, axis):
        return hits.sum(axis=axis) / of.sum(axis=axis)

    return {
        "resamples": resamples,
        "auc": {
            "rows": [[float(v), bool(p), c] for c, (v, p) in enumerate(zip(values, positive))],
            **ends((values, positive.astype(float)), auc_of),
        },
        "share": {"accounts": [[int(h), int(o)] for h, o in zip(hits, of)], **ends((hits, of), share)},
    }


def main():
    random = np.random.default_rng(20261123)
    figures = {
        "rankings": rankings(random),
        "forecasts": forecasts(random),
        "rates": rates(),
        "bootstraps": bootstraps(random),
    }
    # A case per line, so that a difference can be read.
    parts = []
    for name, cases in figures.items():
        if isinstance(cases, list):
            lines = ",\n".join(json.dumps(case, allow_nan=False) for case in cases)
            parts.append(f'"{name}": [\n{lines}\n]')
        else:
            parts.append(f'"{name}": {json.dumps(cases, allow_nan=False)}')
    Path(__file__).with_name("figures.json").write_text("{\n" + ",\n".join(parts) + "\n}\n")


if __name__ == "__main__":
    main()
