"""A long table: a row a value, with a column that names what was measured."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from infra.rehearsal.recordings import columns, numbers, times, units
from infra.rehearsal.recordings.generic import SCHEMA, Got, Taken, odd, row_time, station_of
from infra.rehearsal.recordings.heads import Head
from infra.rehearsal.recordings.notes import Notes, shown
from infra.rehearsal.recordings.tables import Table


def read(
    table: Table, head: Head, made: times.Plan, own: times.Clock, folder: str, base: str, notes: Notes
) -> Got:
    """Read a table of a row a value: what was measured, the value, perhaps its unit."""
    names = head.names
    kind = next(i for i, name in enumerate(names) if columns.is_kind(name))
    value = next(i for i, name in enumerate(names) if columns.is_value(name))
    unit_at = next((i for i, name in enumerate(names) if columns.is_unit(name)), None)
    at_station, ids = station_of(head, base)
    got = Got(lines=len(head.rows), names={code: name for name, code in ids.items()})
    comma = numbers.decimal_comma(times.texts(head.rows, value), table.separator)
    out: list[tuple[str, str, str, datetime, int, float, int]] = []
    for row in head.rows:
        line, cells = row
        when = row_time(row, head, [value if unit_at is None else max(value, unit_at)], made, own, notes, got)
        if when is None:
            continue
        code = columns.code_of(cells[kind], folder)
        if code is None:
            notes.add(
                ("kind", cells[kind]),
                line,
                (f"thông số {shown(cells[kind])} không biết, bỏ qua", "parameter not known, left out"),
                1,
            )
            got.lost += 1
            continue
        unit = columns.MEASURES[code].unit
        given = (cells[unit_at] if unit_at is not None else "") or columns.named(cells[kind]).unit or unit
        turn = units.turn(given, code, unit)
        if turn is None:
            notes.add(
                ("foreign", code, given),
                line,
                (
                    f"{code} ghi đơn vị {shown(given)}, cần {unit}; bỏ dòng này",
                    f"unit {given}, expected {unit}; row left out",
                ),
                1,
            )
            got.lost += 1
            continue
        found = odd(
            cells[value], Taken(value, code, given, unit, turn), comma, notes, (line, names[value]), got
        )
        if found is not None:
            station = base if at_station is None else ids.get(cells[at_station], base)
            out.append((station, code, unit, when[0], when[1], found, line))
    got.parts.append(pl.DataFrame(out, schema=SCHEMA, orient="row"))
    return got
