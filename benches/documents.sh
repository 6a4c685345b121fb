#!/bin/sh
# Times the documents of a portfolio: QBR and prep sheet of each account, written into a folder.
# usage: benches/documents.sh PORTFOLIO.json   (say 1,000 accounts; the goal is 2 s for their QBR documents)
set -eu
portfolio=${1:?"usage: $0 PORTFOLIO.json"}
cargo build --release --quiet
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for audience in customer internal; do
    echo "$audience:"
    time ./target/release/csm report "$portfolio" --template qbr --audience "$audience" --out-dir "$folder/$audience" --as-of 2026-06-30
done
