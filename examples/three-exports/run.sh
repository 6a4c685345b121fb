#!/bin/sh
# From three exports to a briefing, with the mapping that `csm map` proposed and somebody has looked at.
set -eu
cd "$(dirname "$0")"

AS_OF=2026-06-30
# The shipped model, whatever configuration the user has.
CSM_CONFIG=../../config
export CSM_CONFIG

echo "== What csm map proposes"
csm map crm_accounts.csv product_usage.csv support_tickets.csv -o - | head -n 30

echo
echo "== Is the data fit to be scored?"
csm validate crm_accounts.csv product_usage.csv support_tickets.csv --mapping mapping.toml --as-of "$AS_OF"

echo
echo "== The briefing"
csm report crm_accounts.csv product_usage.csv support_tickets.csv --mapping mapping.toml --as-of "$AS_OF"
