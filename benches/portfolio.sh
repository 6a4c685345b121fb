# shellcheck shell=bash
# A portfolio for what is measured, for the scripts beside it: `source benches/portfolio.sh`, from the folder of the repository.

# Writes a portfolio of so many accounts: those of the sample over and over, each with an id, a name and figures of its own. Needs jq.
portfolio() { # ACCOUNTS FILE
    jq -c --argjson accounts "$1" '.customers as $sample | {customers: [range($accounts) as $n | $sample[$n % ($sample | length)]
        | .customer_id = "C-\($n)" | .name += " \($n)" | .arr = 5000 + ($n * 7919 % 900001)
        | .usage.login_frequency = ($n * 31 % 101) | .usage.feature_adoption = ($n * 17 % 97)]}' \
        assets/sample_customer_data.json >"$2"
}

# Prints the name of a portfolio: that of the file that is given, or of one of so many accounts that is made in a folder.
given_or_made() { # ACCOUNTS|FILE FOLDER
    if [ -e "$1" ]; then
        echo "$1"
    else
        portfolio "$1" "$2/portfolio.json"
        echo "$2/portfolio.json"
    fi
}
