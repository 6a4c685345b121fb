#!/usr/bin/env bash
# Prints the time and the memory that the commands over a history take: a year of weekly snapshots with some 10,000 accounts each.
#
# Usage: benches/history.sh [CUSTOMERS]   default: 14500 over the whole time, of which two thirds are there at a time
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo run --release --locked --quiet --example make_history -- "$work/history" --accounts "${1:-14500}" --snapshots 52 --days-between 7
# They lie beside the snapshots, where a history would name them as passed over.
mv "$work"/history/{outcomes,interventions}.csv "$work"
echo "$(cat "$work"/history/*.csv | wc -l) rows in $(ls "$work/history" | wc -l) snapshots"

cargo build --release --locked --quiet
measure() {
    echo "csm $1"
    if [ -x /usr/bin/time ]; then
        /usr/bin/time -f '  %e s, %M KiB of memory' target/release/csm "$@" >"$work/result"
    else
        time target/release/csm "$@" >"$work/result"
    fi
}
measure backtest "$work/history" --outcomes "$work/outcomes.csv" --interventions "$work/interventions.csv" --as-of 2026-06-30
measure calibrate "$work/history" --outcomes "$work/outcomes.csv" --recall 80% --as-of 2026-06-30
measure trend "$work/history" --as-of 2026-06-30
