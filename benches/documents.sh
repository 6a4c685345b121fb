#!/usr/bin/env bash
# Prints how long it takes to write the documents of a portfolio into a folder: the QBR document of each account, and its prep sheet.
#
# Usage: benches/documents.sh [ACCOUNTS | PORTFOLIO]   default: 1000 accounts made of those of the sample; needs jq
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source benches/portfolio.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

portfolio=$(given_or_made "${1:-1000}" "$work")

cargo build --release --locked --quiet
start=$(date +%s%N)
target/release/csm report "$portfolio" --as-of 2026-06-30 --quiet --template qbr --out-dir "$work/qbrs"
milliseconds=$((($(date +%s%N) - start) / 1000000))
echo "$(find "$work/qbrs" -name '*.md' | wc -l) files in $milliseconds ms"
