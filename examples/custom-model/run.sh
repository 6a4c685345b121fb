#!/bin/sh
# A metric that exists only in ./model is read from JSON and scored.
set -eu
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "== What the overlay brings"
csm config --config model --origin >"$work/origin"
grep -E 'model/[a-z]+\.toml:' "$work/origin" | cut -c1-110

echo
echo "== Health with the overlay"
csm health portfolio.json --config model --as-of 2026-06-30 --quiet

echo
echo "== What the new metric brings to each score"
csm health portfolio.json --config model --as-of 2026-06-30 --quiet --detail --format json -o "$work/health.json"
jq -r '.customers[]
    | .name as $name | .overall_score as $score
    | .contributions.signals[] | select(.metric == "value.outcomes_reached")
    | "\($name): \(.points) of \(.points_possible) points\(if .absent then " (no figure)" else "" end), health \($score)"' \
    "$work/health.json"
