#!/usr/bin/env bash
# Prints the time and the memory that the workbook of a large portfolio takes.
#
# Usage: benches/workbook.sh [ACCOUNTS | PORTFOLIO]   default: 100000 accounts made of those of the sample; needs jq
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

portfolio=${1:-100000}
if [ ! -e "$portfolio" ]; then
    accounts=$portfolio
    portfolio=$work/portfolio.json
    jq -c --argjson accounts "$accounts" '
        .customers as $known
        | .customers = [range($accounts) as $at | $known[$at % ($known | length)]
            | .customer_id = "C-\($at)" | .name = "\(.name) \($at)" | .arr = .arr + $at % 977]' \
        assets/sample_customer_data.json >"$portfolio"
fi

cargo build --release --locked --quiet
run=(target/release/csm report "$portfolio" --as-of 2026-06-30 --quiet -o "$work/report.xlsx")
if [ -x /usr/bin/time ]; then
    /usr/bin/time -f '%e s, %M KiB of memory' "${run[@]}"
else
    time "${run[@]}"
fi
echo "$(stat -c %s "$work/report.xlsx") bytes"
