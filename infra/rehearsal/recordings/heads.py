"""Where a table begins and what its columns are: the head below a title, in two lines, above a line of units, or told again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from infra.rehearsal.recordings import columns, stamps
from infra.rehearsal.recordings.numbers import nothing
from infra.rehearsal.recordings.numbers import parse as number
from infra.rehearsal.recordings.tables import Row, Table

SEARCHED = 80
"""Lines in which the head must stand."""
SAMPLE = 400
ENOUGH = 0.5
"""Share of a column's cells that must be times before it is taken for the time."""
_FORMAT = re.compile(r"\d+[sdn]")
"""The second line of the USGS: `5s`, `20d`, `14n`."""


@dataclass(slots=True)
class Head:
    """Line and names of a head and the rows below it; `unit_row` what a line of units says by column."""

    line: int
    names: list[str]
    rows: list[Row]
    before: list[str]
    unit_row: dict[int, str] = field(default_factory=dict)


def sections(table: Table, folder: str) -> list[Head]:
    """Each head of the table with its rows; a head that is told again goes on with the same section."""
    found: list[Head] = []
    before: list[str] = list(table.remarks)
    rows = table.rows
    i = 0
    while i < len(rows):
        names = None
        if (not found and i < SEARCHED) or (found and _again(rows[i][1], found[-1].names)):
            names, used = _head(rows, i, folder)
        if names is None:
            if found:
                found[-1].rows.append(rows[i])
            else:
                before += [" ".join(one for one in rows[i][1] if one), *_pairs(rows, i)]
        else:
            if not found or found[-1].names != names:
                found.append(Head(rows[i][0], names, [], before))
            i += used - 1
        i += 1
    if not found and (near := _by_content(table, folder)) is not None:
        found = [near]
    for head in found:
        _take_units(head)
    return found


def _by_content(table: Table, folder: str) -> Head | None:
    """A head that names what is measured, above a column of times under a name that nobody knows."""
    near = unknown_head(table)
    if near is None or not has_times(table) or not any(columns.measure(one, folder) for one in near[1]):
        return None
    rows = [row for row in table.rows if row[0] > near[0]]
    return Head(near[0], near[1], rows, list(table.remarks)) if rows else None


def _pairs(rows: Sequence[Row], i: int) -> list[str]:
    """`timezone: GMT` of a line of names above a line of values, as Open-Meteo writes."""
    if i + 1 >= len(rows) or len(rows[i][1]) != len(rows[i + 1][1]):
        return []
    return [
        f"{name}: {value}" for name, value in zip(rows[i][1], rows[i + 1][1], strict=True) if name and value
    ]


def _again(cells: Sequence[str], names: Sequence[str]) -> bool:
    """May a line below a head be a head too? Asked of every line, so it is asked cheaply."""
    return any(cell in names for cell in cells if cell) or (
        cells[0][:1].isalpha() and columns.is_time(cells[0])
    )


def _wordy(cells: Sequence[str]) -> bool:
    return sum(bool(cell) and cell[0].isalpha() and not nothing(cell) for cell in cells) >= 2


def _head(rows: Sequence[Row], i: int, folder: str) -> tuple[list[str] | None, int]:
    names = _cut(rows[i][1])
    if is_head(names, folder):
        return names, 1
    if i + 1 < len(rows) and _wordy(rows[i][1]):
        # A head in two lines: what stands above several columns in one cell, and their own names below.
        below = rows[i + 1][1]
        wide = max(len(names), len(below))
        first, second = (list(one) + [""] * (wide - len(one)) for one in (names, below))
        joined = [low or high for high, low in zip(first, second, strict=True)]
        if not any(number(one) for one in second if one) and is_head(joined, folder):
            return _cut(joined), 2
    return None, 1


def _cut(cells: Sequence[str]) -> list[str]:
    """Without the empty cells at the end, which a separator at the end of a line makes."""
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def is_head(names: Sequence[str], folder: str) -> bool:
    """Has the line a time and a measure, or is it the head of a long table, or of floods of streets, or of a river camera?"""
    if special(names):
        return True
    timed = any(map(columns.is_time, names)) or len({columns.calendar(name) for name in names} - {None}) >= 3
    measured = [name for name in names if columns.measure(name, folder) and not columns.is_time(name)]
    long = any(map(columns.is_kind, names)) and any(map(columns.is_value, names))
    return timed and (bool(measured) or long)


def special(names: Sequence[str]) -> str:
    """`floods` or `camera` for the two shapes that hold many readings in a row; else empty."""
    own = set(names)
    if {"sensor_id", "flood_start_time", "flood_profile_depth_inches", "flood_profile_time_secs"} <= own:
        return "floods"
    return "camera" if {"image_timestamp", "roi"} <= own else ""


def _take_units(head: Head) -> None:
    """Lines right below the head that are no data: formats, units, the kind of sample of a logger."""
    timed = [i for i, name in enumerate(head.names) if columns.is_time(name) or columns.calendar(name)]
    while head.rows and len(head.rows) > 1:
        cells = head.rows[0][1]
        if any(i < len(cells) and _digit(cells[i]) and not _FORMAT.fullmatch(cells[i]) for i in timed):
            return
        marks = [cell for cell in cells if cell]
        others = [cell for i, cell in enumerate(cells) if i not in timed and cell]
        if not all(_FORMAT.fullmatch(mark) for mark in marks) and any(
            number(other) is not None for other in others
        ):
            return
        for i, cell in enumerate(cells):
            if (
                i < len(head.names)
                and i not in timed
                and not _FORMAT.fullmatch(cell)
                and cell
                and i not in head.unit_row
            ):
                head.unit_row[i] = cell.strip("()[] ")
        head.rows.pop(0)


def _digit(text: str) -> bool:
    return any(one.isdigit() for one in text)


def unknown_head(table: Table) -> tuple[int, list[str]] | None:
    """The line most like a head where none is known: the first with as many words as most lines have cells."""
    widths = Counter(len(cells) for _, cells in table.rows[:SEARCHED])
    wide = widths.most_common(1)[0][0] if widths else 0
    for line, cells in table.rows[:SEARCHED]:
        if len(_cut(cells)) >= min(2, wide) and _wordy(cells) and abs(len(cells) - wide) <= 1:
            return line, _cut(cells)
    return None


def has_times(table: Table) -> bool:
    """Does a column of the table hold times in most of its rows?"""
    rows = [cells for _, cells in table.rows[1:SAMPLE]]
    wide = max((len(row) for row in rows), default=0)
    for i in range(wide):
        cells = [row[i] for row in rows if i < len(row) and row[i]]
        good = sum(stamps.parse(cell) is not None for cell in cells)
        if cells and good / len(cells) >= ENOUGH and good > 1:
            return True
    return False


def shares(rows: Sequence[Row], column: int, month_first: bool) -> tuple[float, float, float]:
    """Shares of a column's cells that are a whole time, a date alone, a time of day alone."""
    cells = [cells[column] for _, cells in rows[:SAMPLE] if column < len(cells) and cells[column]]
    if not cells:
        return 0.0, 0.0, 0.0
    found = [stamps.parse(cell, month_first) for cell in cells]
    whole = sum(one is not None and one.has_time for one in found)
    days = sum(one is not None and not one.has_time for one in found)
    clocks = sum(
        one is None and stamps.span(text) is not None for one, text in zip(found, cells, strict=True)
    )
    return whole / len(cells), days / len(cells), clocks / len(cells)
