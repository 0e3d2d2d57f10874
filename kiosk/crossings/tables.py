"""Rows as CSV (RFC 4180, UTF-8) and as JSON lines. PURE.

A spreadsheet runs a cell that begins like a formula. What people wrote into a document must not run at a ministry: in CSV such a cell gets
an apostrophe before it, which spreadsheets take for "this is text". JSON lines hold every value as it is.
"""

import csv
import io
from collections.abc import Sequence
from typing import Any

import msgspec

from kiosk.crossings.columns import Column, Kind

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the wide ones of East Asia run as well


def csv_head(columns: Sequence[Column]) -> str:
    """The first line: the names."""
    return _line([column.name for column in columns])


def csv_row(columns: Sequence[Column], values: Sequence[Any]) -> str:
    """One row, CRLF at its end; an empty value is nothing between two commas."""
    return _line([_cell(column, value) for column, value in zip(columns, values, strict=True)])


def as_object(columns: Sequence[Column], values: Sequence[Any]) -> dict[str, Any]:
    """One row by the names of its columns: JSON columns as objects, empty ones None."""
    return {
        column.name: msgspec.json.decode(value) if column.kind is Kind.JSON and value else None if value == "" else value
        for column, value in zip(columns, values, strict=True)
    }


def json_line(columns: Sequence[Column], values: Sequence[Any]) -> str:
    """One row as a JSON object on a line."""
    return msgspec.json.encode(as_object(columns, values)).decode() + "\n"


def _cell(column: Column, value: Any) -> Any:
    if value is None:
        return ""
    text = str(value)
    # numbers of ours may begin with a minus, and are no text of anybody
    return f"'{text}" if column.kind in (Kind.TEXT, Kind.JSON) and text.startswith(FORMULA_SIGNS) else text


def _line(cells: Sequence[Any]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue()
