#!/bin/sh
# A model for another product, held against who left.
set -eu
cd "$(dirname "$0")"

csm backtest clinics.csv --config model --outcome-column left --as-of 2026-01-01 --quiet
