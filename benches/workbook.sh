#!/usr/bin/env bash
# Prints the time and the memory that the workbook of a large portfolio takes.
#
# Usage: benches/workbook.sh [ACCOUNTS | PORTFOLIO]   default: 100000 accounts made of those of the sample; needs jq
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source benches/portfolio.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

portfolio=$(given_or_made "${1:-100000}" "$work")

cargo build --release --locked --quiet
run=(target/release/csm report "$portfolio" --as-of 2026-06-30 --quiet -o "$work/report.xlsx")
if [ -x /usr/bin/time ]; then
    /usr/bin/time -f '%e s, %M KiB of memory' "${run[@]}"
else
    time "${run[@]}"
fi
echo "$(stat -c %s "$work/report.xlsx") bytes"
