"""Reads a workbook with openpyxl and holds its sheets against CSV files of the same rows.

Usage: check.py WORKBOOK [SHEET=CSV]...
"""

import csv
import datetime
import sys
import warnings

import openpyxl
from openpyxl.utils.escape import unescape

# Bars behind figures are written twice, and openpyxl knows the older way only.
warnings.simplefilter("ignore")


# What a cell can hold, in the units of UTF-16.
LONGEST = 32767


def text(cell):
    """A cell as CSV has it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, str):
        # A literal `_x0041_` is spelt out in the file, and openpyxl leaves that to the caller.
        return unescape(value)
    return value


def same(cell, expected):
    value = text(cell)
    if isinstance(value, (int, float)):
        return value == float(expected)
    if value.endswith("…") and len(value.encode("utf-16-le")) == 2 * LONGEST:
        # A cell ends where CSV goes on.
        value = value[:-1]
        expected = expected[: len(value) + expected.startswith("'")]
    # CSV puts an apostrophe before what would be a formula.
    return value == expected or "'" + value == expected


def main():
    book = openpyxl.load_workbook(sys.argv[1])
    assert book.properties.created is not None
    for sheet in book:
        tables = list(sheet.tables.values())
        assert len(tables) == 1, f"{sheet.title} has {len(tables)} tables"
        table = tables[0]
        assert table.autoFilter is not None, f"{sheet.title} has no filters"
        assert sheet.freeze_panes, f"{sheet.title} has no frozen head"
        head = sheet[table.ref][0]
        titles = [cell.value for cell in head]
        assert titles == [column.name for column in table.tableColumns], sheet.title
        assert all(cell.comment for cell in head), f"{sheet.title} has a column without a note"
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in "nsbd", f"{sheet.title}!{cell.coordinate} is of type {cell.data_type}"
                if cell.data_type == "n" and cell.value is not None:
                    assert cell.number_format != "General", f"{sheet.title}!{cell.coordinate} has no number format"
    compared = 0
    for pair in sys.argv[2:]:
        name, path = pair.split("=", 1)
        sheet = book[name]
        rows = sheet[list(sheet.tables.values())[0].ref][1:]
        csv.field_size_limit(1 << 30)
        with open(path, newline="", encoding="utf-8") as file:
            expected = list(csv.reader(file))[1:]
        # A table without rows has an empty one.
        assert len(rows) == max(len(expected), 1), f"{name}: {len(rows)} rows, expected {len(expected)}"
        for row, line in zip(rows, expected):
            for cell, value in zip(row, line, strict=True):
                assert same(cell, value), f"{name}!{cell.coordinate}: {cell.value!r}, expected {value!r}"
                compared += 1
    if "Summary" in book.sheetnames:
        assert len(book["Summary"]._charts) == 2
    print(compared)


main()
