#!/bin/sh
# What changed between two exports, and how much of it the model did.
set -eu
cd "$(dirname "$0")"

NOW=../../assets/sample_customer_data.json
AS_OF=2026-06-30
# The shipped model, whatever configuration the user has.
CSM_CONFIG=../../config
export CSM_CONFIG

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "== The accounts whose health fell most, and what moved it"
csm diff 2026-03-31.json "$NOW" --as-of "$AS_OF" --quiet --format json -o "$work/changes.json"
jq -r '.customers[] | select(.health.change < 0)
    | "\(.name): \(.health.change), of it \(.health.parts.data) by other values"' "$work/changes.json" | head -n 3

echo
echo "== The parts add up to the change"
jq -r '[.customers[].health | select(.parts != null)
    | .change - (.parts.model + .parts.segment + .parts.coverage + .parts.data + .parts.urgency + .parts.rounding_and_limits)]
    | if all(fabs < 1e-9) then "in each of \(length) accounts" else error("they do not") end' "$work/changes.json"

echo
echo "== What another model makes of the accounts of today"
csm diff "$NOW" "$NOW" --as-of "$AS_OF" --old-as-of "$AS_OF" --old-config ../custom-model/model --quiet --format json \
    -o "$work/model.json"
jq -r '.summary.health | "average health \(.average_old * 10 | round / 10) by the model of before, \(.average_new * 10 | round / 10) by that of now"' \
    "$work/model.json"
