"""Any table of readings as rows: wide (a column a parameter) or long (a row a value), of one station or of many.

Nothing is guessed in silence: what is assumed, left out or not read is told with its place. readings + gaps + lost = lines x columns.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import polars as pl

from infra.rehearsal.recordings import columns, numbers, times, units
from infra.rehearsal.recordings.frame import MISSING_CODES
from infra.rehearsal.recordings.heads import Head
from infra.rehearsal.recordings.notes import Notes, shown
from infra.rehearsal.recordings.tables import Row, Table
from models.alerting.gsm7 import unaccented
from models.catalogue.units import UNITLESS

LONGEST_ID = 48
MANY_NAMES = 200
"""More stations than this in one table are no stations."""
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "station": pl.String, "parameter": pl.String, "unit": pl.String, "at": pl.Datetime("ms"), "offset_min": pl.Int32, "value": pl.Float64,
    "line": pl.Int64,
}  # fmt: skip


class Usual(NamedTuple):
    """What is known of a file from elsewhere: its clock, and the unit of a column whose head names none."""

    clock: times.Clock | None = None
    units: dict[str, str] = {}  # noqa: RUF012 - never changed
    only: frozenset[str] = frozenset()
    """The columns to be read; empty: all that are known."""


@dataclass(slots=True)
class Got:
    """What a table gave: its rows, how many lines and gaps, values that were not read, names of stations."""

    parts: list[pl.DataFrame] = field(default_factory=list)
    lines: int = 0
    gaps: int = 0
    lost: int = 0
    names: dict[str, str] = field(default_factory=dict)
    floods: bool = False


class Taken(NamedTuple):
    """A column that is read: where, what it is, the unit of the file, our unit and the way there."""

    i: int
    code: str
    given: str
    unit: str
    turn: units.Turn


def slug(text: str) -> str:
    """Letters, digits and dashes, as a station's id is written."""
    return re.sub(r"[^a-z0-9]+", "-", unaccented(text).lower()).strip("-")


def take(head: Head, folder: str, used: set[int], usual: Usual, notes: Notes) -> list[Taken]:
    """The columns to be read, one a parameter; what is left out is told."""
    best: dict[str, tuple[int, Taken]] = {}
    left: list[str] = []
    for i, name in enumerate(head.names):
        if i in used or not name or (usual.only and name not in usual.only):
            continue
        found = columns.measure(name, folder)
        if found is None:
            if not columns.is_time(name) and not columns.is_station(name):
                left.append(name)
            continue
        code, in_head, rank = found
        rank -= name in usual.units
        given = _spoken(in_head) or _spoken(head.unit_row.get(i, "")) or usual.units.get(name, "")
        one = _taken(head, i, code, given, notes, quiet=usual.clock is not None or code == "ph")
        if one is None:
            continue
        if rank >= columns.BEGUN:
            notes.add(
                ("begun", name), head.line, (f"cột {shown(name)} hiểu là {code}", f"column taken as {code}")
            )
        if code in best:
            kept, other = sorted((best[code], (rank, one)), key=lambda each: (each[0], each[1].i))
            first, second = kept[1].i, other[1].i
            notes.add(("twice", code), head.line, (
                (f"hai cột cùng là {code}: {shown(head.names[first])} (cột {first + 1}) và {shown(head.names[second])} (cột {second + 1});"
                f" dùng cột {first + 1}"), f"two columns of one parameter, column {first + 1} is used"))  # fmt: skip
            best[code] = kept
        else:
            best[code] = (rank, one)
    if left:
        some = ", ".join(left[:12]) + (", …" if len(left) > 12 else "")
        notes.add(("left",), head.line, (f"cột không dùng: {some}", "columns not used"))
    return sorted((one for _, one in best.values()), key=lambda each: each.i)


def _taken(head: Head, i: int, code: str, given: str, notes: Notes, *, quiet: bool) -> Taken | None:
    """A column with the way from its unit to ours; None, and told, where there is none."""
    name, unit = shown(head.names[i]), columns.MEASURES[code].unit
    if not given:
        given = _unit_of(head, i, code)
        if given != unit or not quiet:
            words = (
                f"cột {name} không ghi đơn vị, hiểu là {given}",
                f"no unit in the head, taken as {given}",
            )
            notes.add(("unit", name), head.line, words)
    turn = units.turn(given, code, unit)
    if turn is None:
        vi = f"cột {name} ghi đơn vị {shown(given)}, cần {unit} hay đơn vị đổi được ra {unit}; bỏ cột này"
        en = f"unit {given}, expected {unit} or one that becomes it; column left out"
        notes.add(("foreign", name), head.line, (vi, en))
        return None
    if turn.note:
        notes.add(("turn", name), head.line, (f"cột {name}: hiểu {turn.note}", f"taken as {turn.note}"))
    return Taken(i, code, given, unit, turn)


def _spoken(unit: str) -> str:
    """A unit, or nothing where a dash stands for it."""
    return "" if unit in UNITLESS else unit


def _unit_of(head: Head, i: int, code: str) -> str:
    """Vietnam's river bulletins write centimetres, whole: 352; everything else is taken for our own unit."""
    if code == "river_level":
        cells = [text for text in times.texts(head.rows[:400], i) if text]
        found = [numbers.parse(cell) for cell in cells]
        values = [one[0] for one in found if one is not None and one[0] not in MISSING_CODES]
        if values and all(value.is_integer() for value in values) and sorted(values)[len(values) // 2] > 30:
            return "cm"
    return columns.MEASURES[code].unit


def station_of(head: Head, base: str) -> tuple[int | None, dict[str, str]]:
    """The column that names the station where it names several, and the id of each name."""
    for i, name in enumerate(head.names):
        if columns.is_station(name):
            found = list(dict.fromkeys(text for text in times.texts(head.rows, i) if text))
            if 1 < len(found) <= MANY_NAMES:
                return i, ids_of(found, base)
    return None, {}


def ids_of(names: Sequence[str], base: str) -> dict[str, str]:
    """A station's id for each name of a file, each once."""
    ids: dict[str, str] = {}
    for name in names:
        wanted = f"{base}-{slug(name) or 'tram'}"[: LONGEST_ID - 4].rstrip("-")
        ids[name] = wanted if wanted not in ids.values() else f"{wanted}-{len(ids) + 1}"
    return ids


def wide(table: Table, head: Head, taken: Sequence[Taken], made: times.Plan, own: times.Clock, base: str, notes: Notes) -> Got:  # fmt: skip
    """Read a table of a column a parameter."""
    got = Got(lines=len(head.rows))
    at_station, ids = station_of(head, base)
    good: list[Row] = []
    stamps: list[tuple[datetime, int]] = []
    for row in head.rows:
        when = row_time(row, head, [one.i for one in taken], made, own, notes, got)
        if when is not None:
            good.append(row)
            stamps.append(when)
    stations = [
        base if at_station is None else ids.get(row[1][at_station] if at_station < len(row[1]) else "", base)
        for row in good
    ]
    got.names = {code: name for name, code in ids.items()} if ids else {}
    common = {
        "station": pl.Series(stations, dtype=pl.String),
        "at": pl.Series([one for one, _ in stamps], dtype=pl.Datetime("ms")),
        "offset_min": pl.Series([one for _, one in stamps], dtype=pl.Int32),
        "line": pl.Series([line for line, _ in good], dtype=pl.Int64),
    }
    for one in taken:
        values = _values(table, head, good, one, notes, got)
        part = pl.DataFrame({**common, "value": values}).with_columns(
            parameter=pl.lit(one.code), unit=pl.lit(one.unit)
        )
        got.parts.append(part.select(list(SCHEMA)).drop_nulls("value"))
    return got


def row_time(row: Row, head: Head, at: Sequence[int], made: times.Plan, own: times.Clock, notes: Notes, got: Got) -> tuple[datetime, int] | None:  # fmt: skip
    """The time of a row that has as many cells as the head; None, told and counted, for one that is not so."""
    line, cells = row
    if not any(cells):
        got.gaps += len(at)
        return None
    extra = [cell for cell in cells[len(head.names) :] if cell]
    short = max([*at, *made.used]) >= len(cells)
    if extra or short:
        hint = ", dấu phẩy thập phân cần để trong ngoặc kép hay tách cột bằng chấm phẩy" if extra else ""
        hint_en = "; a decimal comma needs quotation marks or semicolons between columns" if extra else ""
        notes.add(("ragged",), line, (f"thấy {len(cells)} ô, cần {len(head.names)}{hint}; bỏ dòng này",
                  f"found {len(cells)} fields, expected {len(head.names)}{hint_en}; row left out"), len(at))  # fmt: skip
        got.lost += len(at)
        return None
    when = times.of_row(row, made, own)
    if not isinstance(when, str):
        return when
    asked = times.described(head, made)
    notes.add(("time",), line, ((f"thời gian {shown(when)} ở cột {shown(asked)} không đọc được, cần như 2025-10-15 07:00, 15/10/2025 07:00, "
              "2025-10-15T07:00:00+07:00; bỏ dòng này"),
              "not a time, expected as in 2025-10-15 07:00 or 15/10/2025 07:00; row left out"), len(at))  # fmt: skip
    got.lost += len(at)
    return None


def _values(table: Table, head: Head, good: Sequence[Row], taken: Taken, notes: Notes, got: Got) -> pl.Series:
    texts = [cells[taken.i] for _, cells in good]
    raw = pl.Series(texts, dtype=pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    bare = pl.DataFrame({"raw": raw}).select(
        pl.when(pl.col("raw").is_in(list(MISSING_CODES))).then("raw")
        .otherwise((pl.col("raw") * taken.turn.factor + taken.turn.shift).round(4))
    ).to_series().to_list()  # fmt: skip
    comma = numbers.decimal_comma(texts, table.separator)
    name = head.names[taken.i]
    out = [
        value
        if value is not None and math.isfinite(value)
        else odd(text, taken, comma, notes, (line, name), got)
        for (line, _), text, value in zip(good, texts, bare, strict=True)
    ]
    return pl.Series(out, dtype=pl.Float64)


def odd(text: str, taken: Taken, comma: bool, notes: Notes, where: tuple[int, str], got: Got) -> float | None:
    """A cell that is no bare number: no value, a decimal comma, a unit behind it; what cannot be read is told."""
    if numbers.nothing(text):
        got.gaps += 1
        return None
    found = numbers.parse(text, comma)
    if found is not None:
        value, unit = found
        turn = taken.turn if not unit else units.turn(unit, taken.code, taken.unit)
        if turn is not None:
            return turned(value, turn)
    line, name = where
    notes.add(("value", name), line, (f"giá trị {shown(text)} ở cột {shown(name)} không đọc được, cần một số ({taken.given or taken.unit}); bỏ giá trị này",
              f"not a value, expected a number ({taken.given or taken.unit}); value left out"), 1)  # fmt: skip
    got.lost += 1
    return None


def turned(value: float, turn: units.Turn) -> float:
    """In our unit, to 1e-4; what a logger writes for no value is not a measurement and stays as it is."""
    return value if value in MISSING_CODES else round(value * turn.factor + turn.shift, 4)
