"""A file as rows: each table of it by its head, on the clock and in the units that the file says, or that are known of it."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from infra.rehearsal.recordings import (
    columns,
    generic,
    heads,
    long_rows,
    refusals,
    tables,
    times,
    together,
    wide_rows,
)
from infra.rehearsal.recordings.frame import Rows, finish
from infra.rehearsal.recordings.generic import SCHEMA, Got, Usual
from infra.rehearsal.recordings.heads import Head
from infra.rehearsal.recordings.notes import FileError, Note, Notes
from infra.rehearsal.recordings.tables import Table
from models.air.aqi import Pollutant

UTAH_MIN, VIETNAM_MIN = -7 * 60, 7 * 60
UTAH = times.Clock(UTAH_MIN, "", ("giờ Utah không đổi mùa, UTC-7", "Utah's clock without summer time, UTC-7"))
VIETNAM = times.Clock(VIETNAM_MIN, "", ("giờ Việt Nam, +07:00", "Vietnam's clock, +07:00"))
LOGAN = Usual(UTAH, {
    "temp": "C", "cond": "uS/cm", "ph": "pH", "do": "mg/L", "turb": "NTU", "stage": "cm",
}, frozenset({"temp", "cond", "ph", "do", "turb", "stage"}))  # fmt: skip
"""The Logan River observatory: raw columns beside technicians' own (`_cor`, `_qual`), stage in cm, UTC-7 the whole year."""
POND = Usual(VIETNAM, {"Temperature": "C", "pH": "pH", "Turbidity": "NTU"})
"""The pond's file names no zone: +07:00 is our assumption."""
AIR = Usual(VIETNAM, {one.value: "ug/m3" for one in Pollutant})
"""Model output in UTC+7, not a sensor; the foreign indices beside it are left out."""
CAMERA_REGIONS = wide_rows.CAMERA_REGIONS


def gauge(path: Path, station: str = "logan-river") -> Rows:
    """USGS stage in feet (to metres); the column `tz_cd` says for every row which clock it is on."""
    return table(path, station, "river")


def camera(path: Path, station: str = "") -> Rows:
    """Water pixels of two regions, two stations."""
    return table(path, station, "river", Usual(UTAH))


def water(path: Path, station: str) -> Rows:
    """A water station of the Logan River observatory: the raw columns, as the sensor sent them."""
    return table(path, station, "water", LOGAN)


def fish_pond(path: Path, station: str = "fish-pond") -> Rows:
    """Temperature, pH, turbidity each 58 s."""
    return table(path, station, "water", POND)


def sea_level(path: Path, station: str = "sea-level") -> Rows:
    """Hourly sea level in metres; the file says Z."""
    return table(path, station, "water", Usual(None, {"sea_surface_height_above_sea_level": "m"}))


def da_nang(path: Path, station: str = "da-nang") -> Rows:
    """Hourly air of Đà Nẵng."""
    return table(path, station, "air", AIR)


def street_floods(path: Path) -> Rows:
    """Depth profiles of street floods, inches (to cm), a station per sensor; the clock is UTC."""
    return table(path, "", "flood")


def folder_of(path: Path) -> str:
    """The nearest of the known folders above a file; empty where there is none."""
    return next((parent.name for parent in path.parents if parent.name in columns.FOLDERS), "")


def table(path: Path, station: str, folder: str, usual: Usual | None = None) -> Rows:
    """Read a file whose columns are known by their names; raises FileError where nothing of it is a reading."""
    got: list[tuple[Notes, Got]] = []
    refused: list[Note] = []
    foreign = True
    found = tables.read(path)
    for each in found:
        own = Notes(each.sheet if len(found) > 1 else "")
        if each.coding not in {"", "utf-8", "utf-8-sig"}:
            own.add(("coding",), None, (f"mã chữ {each.coding}", f"text coding {each.coding}"))
        sections = heads.sections(each, folder)
        if not sections:
            refused.append(refusals.headless(each, own, folder))
            foreign = foreign and not refusals.of_readings(each, path, folder)
            continue
        foreign = False
        got += [(own, _section(each, section, station, folder, usual, own)) for section in sections]
    parts = together.stations([one for _, one in got], station, [one.sheet for one, _ in got])
    frame = pl.concat([*parts, pl.DataFrame(schema=SCHEMA)])
    notes = [
        note
        for own in dict.fromkeys(id(one) for one, _ in got)
        for note in next(o for o, _ in got if id(o) == own).all()
    ]
    if frame.is_empty():
        raise FileError(
            sorted([*notes, *refused], key=lambda note: note.lost == 0)
            or [Note("", "không có số liệu nào", "no data")],
            foreign=foreign and not got,
        )
    names = {key: value for _, one in got for key, value in one.names.items()}
    lines, gaps, lost = (sum(getattr(one, what) for _, one in got) for what in ("lines", "gaps", "lost"))
    return Rows(
        finish(frame),
        lines,
        gaps,
        lost,
        [*notes, *refused, *together.told(frame)],
        names,
        any(one.floods for _, one in got),
    )


def _section(each: Table, head: Head, station: str, folder: str, usual: Usual | None, notes: Notes) -> Got:
    shape = heads.special(head.names)
    if shape == "floods":
        return wide_rows.floods(head, station, notes)
    if shape == "camera":
        return wide_rows.camera(head, station, notes)
    if usual is None and any(name.endswith("_qual") for name in head.names) and "temp" in head.names:
        usual = LOGAN
        notes.add(("logan",), head.line, ("tiêu đề của đài sông Logan: giờ UTC-7, mực nước bằng cm", "head of the Logan River observatory: UTC-7, stage in cm"))  # fmt: skip
    usual = usual or Usual()
    if not head.rows:
        notes.add(
            ("no rows",),
            head.line,
            ("có tiêu đề mà không có dòng số liệu nào", "a header and no rows of data"),
            1,
        )
        return Got()
    made = times.plan(head, notes)
    if made is None:
        notes.add(("no time",), head.line, (
            f"không cột nào là thời gian đọc được; thấy {refusals.listed(head.names)}, cần một trong {refusals.EXPECTED_TIME}",
            "no column holds times, expected one of these names"), 1)  # fmt: skip
        return Got(lines=len(head.rows), lost=len(head.rows))
    clock = times.clock(head, made, usual.clock)
    long = any(map(columns.is_kind, head.names)) and any(map(columns.is_value, head.names))
    if long:
        got = long_rows.read(each, head, made, clock, folder, station, notes)
    else:
        taken = generic.take(head, folder, made.used, usual, notes)
        got = generic.wide(each, head, taken, made, clock, station, notes)
        if not taken:
            notes.add(("no measure",), head.line, (f"không cột nào là số đo dùng được; thấy {refusals.listed(head.names)}, cần {refusals.EXPECTED_VALUES}",
                      "no column of a known parameter in a unit that can be used"), 1)  # fmt: skip
    if usual.clock is None and not _all_zoned(head, made):
        notes.add(("clock",), None, clock.said)
    return got


def _all_zoned(head: Head, made: times.Plan) -> bool:
    """Does every row say its zone, so that no other clock is asked?"""
    if made.zone is not None:
        return True
    other = times.Clock(1, "", ("", ""))
    found = (times.of_row(row, made, other) for row in head.rows[: heads.SAMPLE])
    return all(isinstance(one, str) or one[1] != 1 for one in found)
