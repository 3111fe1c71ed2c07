"""A file as tables of text cells with their lines: CSV with any separator, RDB, text, workbook, JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from infra.rehearsal.recordings.notes import FileError, Note
from infra.rehearsal.recordings.text import NotTextError, decoded

Row = tuple[int, list[str]]
"""Line in the file, counted from 1, and its cells."""
BOOKS = frozenset({".xlsx", ".xlsm"})
TEXTS = frozenset({".csv", ".tsv", ".tab", ".txt", ".rdb", ".dat"})
SUFFIXES = BOOKS | TEXTS | {".json", ".xls"}
OLD_BOOK, ZIP = b"\xd0\xcf\x11\xe0", b"PK"
SEPARATORS = ("\t", ";", "|", ",")
LOOKED_AT = 60
AGREEING = 0.6
"""Share of the first lines that must have as many cells as most."""
BIG_FIELD = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one sheet; `remarks` are its comment lines, `separator` is empty where no text was split."""

    sheet: str
    rows: list[Row]
    separator: str = ""
    remarks: list[str] = field(default_factory=list)
    coding: str = ""


def read(path: Path) -> list[Table]:
    """All tables of a file; raises FileError with the sentence that says why there is none."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise refused("không mở được", f"cannot be opened: {error.strerror}") from error
    if not raw.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise refused("tệp trống, cần dòng tiêu đề và số liệu", "empty file, expected a header and data")
    if raw.startswith(OLD_BOOK) or (path.suffix.lower() == ".xls" and not raw.startswith(ZIP)):
        raise refused("bảng Excel kiểu cũ (.xls), cần lưu lại thành .xlsx hay .csv",
                      "old Excel workbook, expected .xlsx or .csv: save it again")  # fmt: skip
    if raw.startswith(ZIP):
        return _book(raw)
    try:
        text, coding = decoded(raw)
    except NotTextError as error:
        raise refused("không phải văn bản hay bảng Excel, cần CSV (UTF-8) hay .xlsx",
                      f"neither text nor workbook ({error}), expected CSV (UTF-8) or .xlsx") from error  # fmt: skip
    if path.suffix.lower() == ".json":
        return _json(text, coding)
    if text.lstrip()[:1] == "<":
        raise refused("là trang HTML hay XML, cần bảng CSV hay .xlsx", "HTML or XML, expected CSV or .xlsx")
    return [_split(text, coding)]


def refused(vi: str, en: str, line: int | None = None) -> FileError:
    """One sentence on a whole file."""
    return FileError([Note("" if line is None else f"dòng {line}", vi, en)])


def _split(text: str, coding: str) -> Table:
    csv.field_size_limit(BIG_FIELD)
    lines = io.StringIO(text, newline=None).read().split("\n")
    remarks = [line.lstrip("# ").strip() for line in lines if line.startswith("#")]
    # A remark keeps its line, empty: lines are counted as an editor counts them.
    lines = ["" if line.startswith(("#", "\x1a")) else line for line in lines]
    if lines[0].lower().startswith("sep=") and len(lines[0]) > len("sep="):
        separator, lines[0] = lines[0][len("sep=")], ""
    else:
        separator = _separator([line for line in lines if line.strip()][:LOOKED_AT])
    return Table("", list(_rows(lines, separator)), separator, remarks, coding)


def _rows(lines: Sequence[str], separator: str) -> Iterator[Row]:
    if separator == " ":
        yield from ((number, line.split()) for number, line in enumerate(lines, 1) if line.strip())
        return
    reader = csv.reader((line + "\n" for line in lines), delimiter=separator, skipinitialspace=True)
    before = 0
    for cells in reader:
        # A field in quotation marks may span lines: the row is where it begins.
        number, before = before + 1, reader.line_num
        if cells:
            yield number, [cell.strip() for cell in cells]


def _separator(sample: Sequence[str]) -> str:
    """The first that splits most lines into equally many; a space where none does."""
    best, most = ",", 0.0
    for separator in (*SEPARATORS, " "):
        counts = Counter(len(cells) for _, cells in _rows(sample, separator))
        # One who writes a column more or less in a few lines still has written a table.
        cells, lines = max(counts.items(), key=lambda each: (each[0] > 1, each[1]), default=(1, 0))
        share = lines / max(1, counts.total())
        if cells > 1 and share >= AGREEING:
            return separator
        if cells > 1 and share > most and separator != " ":
            best, most = separator, share
    return best


def _book(raw: bytes) -> list[Table]:
    try:
        # What a formula gave, not the formula.
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError) as error:
        raise refused("bảng Excel hỏng, cần lưu lại thành .xlsx hay .csv",
                      f"broken workbook ({type(error).__name__}), expected .xlsx or .csv") from error  # fmt: skip
    tables = []
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        rows = [
            (number, [_cell(value) for value in row]) for number, row in enumerate(sheet.iter_rows(values_only=True), 1)
        ]  # fmt: skip
        kept = [(number, cells) for number, cells in rows if any(cells)]
        if kept:
            tables.append(Table(str(sheet.title), kept))
    if not tables:
        raise refused(
            "bảng Excel trống, cần dòng tiêu đề và số liệu", "empty workbook, expected a header and data"
        )
    return tables


def _cell(value: Any) -> str:
    """A cell as it is read in a CSV."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        # A workbook keeps days as a fraction: 10:00 may come as 09:59:59.999997.
        whole = (value + timedelta(microseconds=500)).replace(tzinfo=None)
        return whole.replace(microsecond=whole.microsecond // 1000 * 1000).isoformat(sep=" ")
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _json(text: str, coding: str) -> list[Table]:
    """A list of records, or columns of equal length as Open-Meteo gives them; the line is the record's number."""
    try:
        whole = json.loads(text)
    except ValueError as error:
        raise refused("JSON hỏng", f"broken JSON: {error}") from error
    if isinstance(whole, dict):
        for name, block in whole.items():
            if isinstance(block, dict) and isinstance(block.get("time"), list):
                units = whole.get(f"{name}_units") or {}
                head = [f"{key} ({units[key]})" if units.get(key) and key != "time" else key for key in block]
                columns = [[_plain(one) for one in column] for column in block.values()]
                rows = [(0, head), *((i, list(row)) for i, row in enumerate(zip(*columns, strict=False), 1))]
                remarks = [f"{key}: {one}" for key, one in whole.items() if not isinstance(one, dict | list)]
                return [Table("", rows, "json", remarks, coding)]
        whole = next((one for one in whole.values() if isinstance(one, list)), [])
    records = [dict(_flat(one)) for one in whole if isinstance(one, dict)] if isinstance(whole, list) else []
    if not records:
        raise refused("JSON không có danh sách số đo", "JSON without a list of records")
    head = list(dict.fromkeys(key for record in records for key in record))
    rows = [(0, head), *((i, [record.get(key, "") for key in head]) for i, record in enumerate(records, 1))]
    return [Table("", rows, "json", [], coding)]


def _flat(record: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in record.items():
        name = re.sub(r"^properties_", "", f"{before}{key}")
        if isinstance(value, dict):
            yield from _flat(value, f"{name}_")
        elif not isinstance(value, list):
            yield name, _plain(value)


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
