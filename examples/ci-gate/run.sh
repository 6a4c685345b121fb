#!/bin/sh
# A gate over a portfolio: exit code 1 is an answer, anything above it is a fault.
set -eu
cd "$(dirname "$0")"

# The shipped model, whatever configuration the user has.
CSM_CONFIG=../../config
export CSM_CONFIG

# gate NAME CONDITION...: runs the gate on the sample and says what came of it.
gate() {
    name=$1
    shift
    status=0
    csm report ../../assets/sample_customer_data.json --as-of 2026-06-30 --quiet "$@" >/dev/null || status=$?
    case $status in
        0) echo "$name: met" ;;
        1) echo "$name: not met, exit code 1" ;;
        *)
            echo "$name: could not be judged, exit code $status" >&2
            exit "$status"
            ;;
    esac
}

gate "no more than half of the accounts are red" --fail-on 'red>50%'
gate "no more than 15 % of the accounts are red" --fail-on 'red>15%'
gate "no account at critical risk, and at most 10 % of the ARR at risk" --fail-on critical --fail-on 'arr-at-risk>10%'
gate "scores rest on at least 80 % of the model's weight" --fail-on 'coverage<80%'
