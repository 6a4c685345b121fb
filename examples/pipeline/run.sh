#!/bin/sh
# From scores to the tables that other tools read, with jq. Results go through files rather than
# straight into jq: a pipe would hide the exit code of csm.
set -eu
cd "$(dirname "$0")"

PORTFOLIO=../../assets/sample_customer_data.json
AS_OF=2026-06-30
# The shipped model, whatever configuration the user has.
CSM_CONFIG=../../config
export CSM_CONFIG

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Text that a spreadsheet would take for a formula gets an apostrophe in front.
SAFE='def safe: if type == "string" and test("^[=+@\\t\\r-]") then "'"'"'" + . else . end;'

echo "== Red enterprise accounts from 100,000 ARR, as CSV for the CRM"
csm health "$PORTFOLIO" --as-of "$AS_OF" --segment enterprise --min-arr 100000 --band red \
    --format json -o "$work/red.json"
jq -r "$SAFE"'
    ["id", "name", "arr", "health", "first_advice"],
    (.customers[] | [.customer_id, .name, .arr, .overall_score, .recommendations[0]])
    | map(safe) | @csv' "$work/red.json"

echo
echo "== Health and churn risk of each account, joined by id"
csm health "$PORTFOLIO" --as-of "$AS_OF" --format json -o "$work/health.json"
csm churn "$PORTFOLIO" --as-of "$AS_OF" --format json -o "$work/churn.json"
jq -rn --slurpfile health "$work/health.json" --slurpfile churn "$work/churn.json" "$SAFE"'
    INDEX($churn[0].customers[]; .customer_id) as $risk
    | ["id", "name", "health", "trend", "risk", "tier", "days_to_renewal"],
      ($health[0].customers[] | . as $account | $risk[.customer_id]
        | [.customer_id, .name, $account.overall_score, $account.trends.overall,
           .risk_score, .risk_tier, .days_to_renewal])
    | map(safe) | @csv'

echo
echo "== The model behind both tables is one and the same"
jq -rn --slurpfile health "$work/health.json" --slurpfile churn "$work/churn.json" '
    if $health[0].provenance == $churn[0].provenance
    then "as of \($health[0].provenance.as_of), one model"
    else error("the two results do not belong together") end'
