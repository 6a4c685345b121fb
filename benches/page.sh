#!/usr/bin/env bash
# How long a browser takes to open the page of a large portfolio and to sort its table.
#
# benches/page.sh [ACCOUNTS]   (5000 unless told otherwise; needs jq, Node and Chromium, and `npm ci` in tests/page)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source benches/portfolio.sh

accounts=${1:-5000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

portfolio "$accounts" "$folder/portfolio.json"

cargo build --release --quiet
start=$(date +%s%N)
target/release/csm report "$folder/portfolio.json" --as-of 2026-06-30 --quiet -o "$folder/page.html"
echo "page written     $((($(date +%s%N) - start) / 1000000)) ms, $(stat -c %s "$folder/page.html") bytes"
CSM_BROWSER=${CSM_BROWSER:-$(command -v chromium || command -v google-chrome)} node tests/page/bench.mjs "$folder/page.html"
