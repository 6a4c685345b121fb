"""One report by DuckDB: duckdb_run.py health|churn PORTFOLIO OUTPUT THREADS AS_OF

A single query over the file, with explicit columns, whose results go out as a line of JSON per account.
"""

import csv
import sys
from pathlib import Path

import duckdb

from fields import FIELDS, blocks, column

TYPES = {"text": "VARCHAR", "number": "DOUBLE", "flag": "BOOLEAN", "date": "DATE"}

# `round` multiplies by ten and may be a tenth off where the figure lies next to a tie. Only there is the slow, exact way taken.
MACROS = """
CREATE MACRO round1(x) AS CASE
    WHEN abs(x * 10 - floor(x * 10) - 0.5e0) < 1e-6 THEN CAST(format('{:.1f}', x) AS DOUBLE)
    ELSE round(x, 1)
END;
CREATE MACRO clamp(x) AS least(greatest(x, 0e0), 100e0);
CREATE MACRO of_segment(kind, enterprise, mid_market, smb) AS CASE kind WHEN 1 THEN enterprise WHEN 2 THEN mid_market ELSE smb END;
CREATE MACRO ratio(value, target) AS clamp(value / target * 100e0);
CREATE MACRO inverse(value, maximum) AS clamp((1e0 - value / maximum) * 100e0);
CREATE MACRO fall(change) AS greatest(-coalesce(change, 0e0), 0e0);
CREATE MACRO band(score, green, yellow) AS CASE WHEN score >= green THEN 'green' WHEN score >= yellow THEN 'yellow' ELSE 'red' END;
CREATE MACRO trend(change) AS CASE
    WHEN change IS NULL THEN 'no_data' WHEN change > 5 THEN 'improving' WHEN change < -5 THEN 'declining' ELSE 'stable'
END;
"""


def quoted(text):
    return "'" + str(text).replace("'", "''") + "'"


def source(fields, path):
    """The file as a table with a column for each field."""
    if path.suffix == ".csv":
        with open(path, encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        columns = ", ".join(f"{quoted(name)}: '{TYPES[fields.get(name, 'text')]}'" for name in header)
        table = f"read_csv({quoted(path)}, header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}})"
        names = (f'"{field}" AS {column(field)}' for field in fields)
    else:

        def kind(of):
            if isinstance(of, str):
                return TYPES[of]
            return "STRUCT(" + ", ".join(f"{name} {TYPES[each]}" for name, each in of.items()) + ")"

        columns = ", ".join(f"{name}: '{kind(of)}'" for name, of in blocks(fields).items())
        table = f"read_json({quoted(path)}, format = 'newline_delimited', columns = {{{columns}}})"
        names = (f"{field} AS {column(field)}" for field in fields)
    return f"(SELECT {', '.join(names)} FROM {table})"


def main():
    report, path, output, threads, as_of = sys.argv[1:]
    query = (Path(__file__).parent / f"{report}.sql").read_text()
    query = query.format(accounts=source(FIELDS[report], Path(path)), as_of=as_of)
    database = duckdb.connect(config={"threads": int(threads)})
    database.execute(MACROS)
    database.execute(f"COPY ({query}) TO {quoted(output)} (FORMAT json, USE_TMP_FILE false)")


main()
