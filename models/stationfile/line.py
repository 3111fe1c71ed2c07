"""One line of a file: `name<TAB>value<TAB>unit<TAB>yyyyMMddHHmmss<TAB>status` (Circular 10/2021/TT-BTNMT).

Nothing is filled in: a missing status is not 00, a value that cannot be read is not 0. Whatever is wrong is told with line
and column, and harms no other line.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from models.envelope.refusal import Refusal
from models.envelope.rejected import Reason
from models.stationfile.name import local_time
from models.stationfile.symbols import name_key

if TYPE_CHECKING:
    from datetime import datetime

    from models.stationfile.station import FileStation, Named
    from models.stationfile.text import Line

COLUMNS = 5
NAME, VALUE, UNIT, TIME, STATUS = range(1, COLUMNS + 1)
WORDS = {
    NAME: ("tên thông số", "name"),
    VALUE: ("giá trị", "value"),
    UNIT: ("đơn vị", "unit"),
    TIME: ("thời gian", "time"),
    STATUS: ("trạng thái", "status"),
}
STATUSES = {"00": 0, "01": 1, "02": 2}
"""Measuring, calibrating, device error. A single digit is what a cut line leaves: refused."""
LONGEST = 1000
"""Characters of a line; a real one has about 40."""
SHOWN = 40
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_COMMA = re.compile(r"[+-]?[0-9.]*,[0-9.,]*")
_NOT_FINITE = re.compile(r"[+-]?(?:1\.#.*|nan|inf|infinity)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Value(NamedTuple):
    """What a good line says; `status` as Reading has it."""

    named: Named
    value: float
    at: datetime
    status: int


class Wrong(Exception):
    """What is wrong with a line, and in which column (0: the line as a whole)."""

    def __init__(self, column: int, why: Refusal) -> None:
        super().__init__(why.en)
        self.column, self.why = column, why


def parse(line: Line, station: FileStation) -> Value:
    """Read one line. Raises Wrong."""
    cells = _cells(line)
    named = station.names.get(name_key(cells[0]))
    if named is None and _is_header(cells):
        words = "dòng tiêu đề, không có số liệu", "a header, no value in it"
        raise _wrong(line, 0, Reason.WRONG_CONTENT, *words)
    if named is None:
        known = ", ".join(sorted({name.code for name in station.names.values()}))
        raise _wrong(
            line, NAME, Reason.UNKNOWN_PARAMETER, f"trạm {station.id} không có {_quoted(cells[0])}; có: {known}",
            f"station {station.id} has no {_quoted(cells[0])}; it has {known}",
        )  # fmt: skip
    value = _number(line, cells[1])
    if not named.measured_in(cells[2]):
        raise _wrong(
            line, UNIT, Reason.WRONG_UNIT, f"{named.code} cần {named.unit}, thấy {_quoted(cells[2])}",
            f"{named.code}: expected {named.unit}, found {_quoted(cells[2])}",
        )  # fmt: skip
    at = local_time(cells[3])
    if at is None:
        raise _wrong(
            line, TIME, Reason.WRONG_TYPE, f"cần yyyyMMddHHmmss, thấy {_quoted(cells[3])}",
            f"expected yyyyMMddHHmmss, found {_quoted(cells[3])}",
        )  # fmt: skip
    return Value(named, value, at, _status(line, cells[4]))


def _cells(line: Line) -> list[str]:
    """The five columns; only a TAB parts them, since names and units may hold spaces."""
    if len(line.text) > LONGEST:
        words = f"dòng quá dài, tối đa {LONGEST} ký tự", f"too long, at most {LONGEST} characters"
        raise _wrong(line, 0, Reason.TOO_BIG, *words)
    if _CONTROL.search(line.text):
        raise _wrong(line, 0, Reason.WRONG_CONTENT, "có ký tự điều khiển", "control characters in it")
    cells = [cell.strip() for cell in line.text.split("\t")]
    while len(cells) > COLUMNS and not cells[-1]:
        cells.pop()  # some firmware ends each column with a TAB, the last one too
    if len(cells) == COLUMNS - 1:
        raise _wrong(
            line, STATUS, Reason.WRONG_TYPE, "thiếu; cần 00, 01 hoặc 02", "missing; expected 00, 01 or 02"
        )
    if len(cells) != COLUMNS:
        raise _wrong(
            line, 0, Reason.WRONG_CONTENT, f"cần {COLUMNS} cột cách nhau bằng TAB, thấy {len(cells)}",
            f"expected {COLUMNS} columns with TABs between, found {len(cells)}",
        )  # fmt: skip
    return cells


def _is_header(cells: list[str]) -> bool:
    """Names of columns: no digit where a value, a time and a status have to be."""
    told = "".join((cells[1], cells[3], cells[4]))
    return bool(told) and not any(char.isdigit() for char in told) and any(char.isalpha() for char in told)


def _number(line: Line, text: str) -> float:
    if _NUMBER.fullmatch(text):
        value = float(text)
        if math.isfinite(value):
            return value
    if _NUMBER.fullmatch(text) or _NOT_FINITE.fullmatch(text):
        raise _wrong(
            line, VALUE, Reason.NOT_FINITE, f"cần số hữu hạn, thấy {_quoted(text)}",
            f"expected a finite number, found {_quoted(text)}",
        )  # fmt: skip
    comma = bool(_COMMA.fullmatch(text))
    vi, en = (" với dấu chấm, không phải dấu phẩy", " with a point, not a comma") if comma else ("", "")
    raise _wrong(
        line, VALUE, Reason.WRONG_TYPE, f"cần số{vi}, thấy {_quoted(text)}",
        f"expected a number{en}, found {_quoted(text)}",
    )  # fmt: skip


def _status(line: Line, text: str) -> int:
    if text not in STATUSES:
        raise _wrong(
            line, STATUS, Reason.WRONG_TYPE, f"cần 00, 01 hoặc 02, thấy {_quoted(text)}",
            f"expected 00, 01 or 02, found {_quoted(text)}",
        )  # fmt: skip
    return STATUSES[text]


def _quoted(text: str) -> str:
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")


def _wrong(line: Line, column: int, reason: Reason, vi: str, en: str) -> Wrong:
    where_vi, where_en = f"Dòng {line.number}", f"line {line.number}"
    if column:
        name_vi, name_en = WORDS[column]
        where_vi, where_en = (
            f"{where_vi}, cột {column} ({name_vi})",
            f"{where_en}, column {column} ({name_en})",
        )
    return Wrong(column, Refusal(reason, f"{where_vi}: {vi}", f"{where_en}: {en}"))
