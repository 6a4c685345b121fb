#!/usr/bin/env bash
# How long a browser takes to open the page of a large portfolio and to sort its table.
#
# benches/page.sh [ACCOUNTS]   (5000 unless told otherwise; needs jq, Node and Chromium, and `npm ci` in tests/page)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

accounts=${1:-5000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The customers of the sample over and over, each with an id, a name and figures of its own.
jq -c --argjson accounts "$accounts" '.customers as $sample | {customers: [range($accounts) as $n | $sample[$n % ($sample | length)]
    | .customer_id = "C-\($n)" | .name += " \($n)" | .arr = 5000 + ($n * 7919 % 900001)
    | .usage.login_frequency = ($n * 31 % 101) | .usage.feature_adoption = ($n * 17 % 97)]}' \
    assets/sample_customer_data.json >"$folder/portfolio.json"

cargo build --release --quiet
start=$(date +%s%N)
target/release/csm report "$folder/portfolio.json" --as-of 2026-06-30 --quiet -o "$folder/page.html"
echo "page written     $((($(date +%s%N) - start) / 1000000)) ms, $(stat -c %s "$folder/page.html") bytes"
CSM_BROWSER=${CSM_BROWSER:-$(command -v chromium || command -v google-chrome)} node tests/page/bench.mjs "$folder/page.html"
