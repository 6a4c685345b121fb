#!/usr/bin/env bash
# Prints how long it takes to write the documents of a portfolio into a folder: the QBR document of each account, and its prep sheet.
#
# Usage: benches/documents.sh [ACCOUNTS | PORTFOLIO]   default: 1000 accounts made of those of the sample; needs jq
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

portfolio=${1:-1000}
if [ ! -e "$portfolio" ]; then
    accounts=$portfolio
    portfolio=$work/portfolio.json
    jq -c --argjson accounts "$accounts" '
        .customers as $known
        | .customers = [range($accounts) as $at | $known[$at % ($known | length)]
            | .customer_id = "C-\($at)" | .name = "\(.name) \($at)"]' \
        assets/sample_customer_data.json >"$portfolio"
fi

cargo build --release --locked --quiet
start=$(date +%s%N)
target/release/csm report "$portfolio" --as-of 2026-06-30 --quiet --template qbr --out-dir "$work/qbrs"
milliseconds=$((($(date +%s%N) - start) / 1000000))
echo "$(find "$work/qbrs" -name '*.md' | wc -l) files in $milliseconds ms"
