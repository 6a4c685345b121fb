"""Whether another program found what csm found: check.py CSM_RESULT OTHER_RESULT

The first file is `csm … --format json`, the second has a line of JSON per account in the same order. Every figure and word that the
second has must be equal in the first. Prints the number of accounts that were compared, or the first differences.
"""

import json
import sys
from itertools import zip_longest

SHOWN = 5


def records(path):
    """The records of a report of csm, which stand on lines of their own between the brackets of `customers`."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith('  "customers": ['):
                break
        for line in file:
            if line.startswith("  ]"):
                return
            yield json.loads(line.strip().removesuffix(","))


def lines(path):
    with open(path, encoding="utf-8") as file:
        yield from map(json.loads, file)


def differences(found, other, path=""):
    if isinstance(other, dict):
        for key, value in other.items():
            within = found.get(key) if isinstance(found, dict) else None
            yield from differences(within, value, f"{path}.{key}" if path else key)
    elif found != other:
        yield f"{path}: csm {found!r}, other {other!r}"


def main():
    ours, other = sys.argv[1:]
    accounts = 0
    differing = []
    for accounts, (found, line) in enumerate(zip_longest(records(ours), lines(other)), 1):
        if found is None or line is None:
            differing.append(f"one of the results ends before account {accounts}")
            break
        differing += (f"{line.get('customer_id')}: {each}" for each in differences(found, line))
        if len(differing) > SHOWN:
            break
    if differing or accounts == 0:
        sys.exit("\n".join(["the results differ:", *differing[:SHOWN]]))
    print(accounts)


main()
