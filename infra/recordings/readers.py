"""A file as rows: each table of it by its head, on the clock and in the units that the file says, or that are known of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from infra.recordings import columns, generic, heads, tables, times, wide_rows
from infra.recordings.frame import Rows, finish
from infra.recordings.generic import Got, Usual, slug
from infra.recordings.heads import Head
from infra.recordings.notes import FileError, Note, Notes, shown
from infra.recordings.tables import Table

UTAH_MIN, VIETNAM_MIN = -7 * 60, 7 * 60
UTAH = times.Clock(UTAH_MIN, "", ("giờ Utah không đổi mùa, UTC-7", "Utah's clock without summer time, UTC-7"))
VIETNAM = times.Clock(VIETNAM_MIN, "", ("giờ Việt Nam, +07:00", "Vietnam's clock, +07:00"))
LOGAN = Usual(UTAH, {
    "temp": "C", "cond": "uS/cm", "ph": "pH", "do": "mg/L", "turb": "NTU", "stage": "cm",
}, frozenset({"temp", "cond", "ph", "do", "turb", "stage"}))  # fmt: skip
"""The Logan River observatory: raw columns beside technicians' own (`_cor`, `_qual`), stage in cm, UTC-7 the whole year."""
POND = Usual(VIETNAM, {"Temperature": "C", "pH": "pH", "Turbidity": "NTU"})
"""The pond's file names no zone: +07:00 is our assumption."""
AIR = Usual(VIETNAM, dict.fromkeys(("pm25", "pm10", "o3", "no2", "so2", "co"), "ug/m3"))
"""Model output in UTC+7, not a sensor; the foreign indices beside it are left out."""
CAMERA_REGIONS = wide_rows.CAMERA_REGIONS
EXPECTED_TIME = "datetime, time, timestamp, ngày giờ, thời gian"
EXPECTED_VALUES = "mực nước / water level, mưa / rain, pH, DO, nhiệt độ / temperature, độ đục / turbidity, PM2.5, PM10, độ sâu ngập / depth"


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
    return next((one.name for one in path.parents if one.name in columns.FOLDERS), "")


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
            refused.append(_headless(each, own, folder))
            foreign = foreign and not _of_readings(each, path, folder)
            continue
        foreign = False
        got += [(own, _section(each, one, station, folder, usual, own)) for one in sections]
    parts = _stations([one for _, one in got], station, [one.sheet for one, _ in got])
    frame = pl.concat([*parts, pl.DataFrame(schema=generic.SCHEMA)])
    notes = [
        note
        for own in dict.fromkeys(id(one) for one, _ in got)
        for note in next(o for o, _ in got if id(o) == own).all()
    ]
    if frame.is_empty():
        raise FileError(
            sorted([*notes, *refused], key=lambda one: one.lost == 0)
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
        [*notes, *refused, *_times(frame)],
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
            f"không cột nào là thời gian đọc được; thấy {_listed(head.names)}, cần một trong {EXPECTED_TIME}",
            "no column holds times, expected one of these names"), 1)  # fmt: skip
        return Got(lines=len(head.rows), lost=len(head.rows))
    clock = times.clock(head, made, usual.clock)
    long = any(map(columns.is_kind, head.names)) and any(map(columns.is_value, head.names))
    if long:
        got = generic.long(each, head, made, clock, folder, station, notes)
    else:
        taken = generic.take(head, folder, made.used, usual, notes)
        got = generic.wide(each, head, taken, made, clock, station, notes)
        if not taken:
            notes.add(("no measure",), head.line, (f"không cột nào là số đo dùng được; thấy {_listed(head.names)}, cần {EXPECTED_VALUES}",
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


def _of_readings(each: Table, path: Path, folder: str) -> bool:
    """Is a table without a head that is known meant to hold readings: it has times, or names what is measured?

    A table deeper down, among pictures say, or one of places or boxes, is another thing, and no fault.
    """
    if heads.has_times(each):
        return True
    near = heads.unknown_head(each)
    if near is None:
        return path.suffix.lower() in {".csv", ".tsv", *tables.BOOKS}
    return path.parent.name == folder and any(columns.measure(one, folder) for one in near[1])


def _headless(each: Table, notes: Notes, folder: str) -> Note:
    """The sentence on a table without a head that is known."""
    near = heads.unknown_head(each)
    place = notes.place(None if near is None else near[0])
    if near is None:
        first = " ".join(each.rows[0][1]) if each.rows else ""
        return Note(place or notes.place(1), f"không thấy dòng tiêu đề; thấy {shown(first)}, cần {EXPECTED_TIME} và {EXPECTED_VALUES}",
                    "no header found, expected a column of time and one of readings")  # fmt: skip
    names = near[1]
    timed = any(map(columns.is_time, names))
    measured = any(columns.measure(one, folder) for one in names)
    if measured and not timed:
        return Note(place, f"thiếu cột thời gian; thấy {_listed(names)}, cần một trong {EXPECTED_TIME}",
                    "the column of time is missing, expected one of these names")  # fmt: skip
    if timed and not measured:
        return Note(place, f"thiếu cột số đo; thấy {_listed(names)}, cần {EXPECTED_VALUES}",
                    "a column of readings is missing, expected one of these names")  # fmt: skip
    return Note(place, f"không phải bảng số đo; thấy {_listed(names)}, cần {EXPECTED_TIME} và {EXPECTED_VALUES}",
                "not a table of readings, expected a column of time and one of readings")  # fmt: skip


def _listed(names: Sequence[str]) -> str:
    return shown(", ".join(one for one in names if one))


def _stations(got: Sequence[Got], base: str, sheets: Sequence[str]) -> list[pl.DataFrame]:
    """Sheets that overlap in time with the same parameter are stations of their own, a sheet a month is one station."""
    parts = [pl.concat(one.parts) if one.parts else pl.DataFrame(schema=generic.SCHEMA) for one in got]
    spans: dict[tuple[str, str], list[tuple[object, object]]] = {}
    overlap = False
    for part in parts:
        for (station, code), rows in part.group_by("station", "parameter"):
            own = (rows["at"].min(), rows["at"].max())
            past = spans.setdefault((str(station), str(code)), [])
            overlap = overlap or any(not (own[1] < one[0] or one[1] < own[0]) for one in past)  # type: ignore[operator]
            past.append(own)
    if not overlap or len(set(sheets)) < 2:
        return parts
    renamed = []
    for part, sheet, one in zip(parts, sheets, got, strict=True):
        own_id = f"{base}-{slug(sheet) or 'to'}"[: generic.LONGEST_ID]
        one.names.setdefault(own_id, sheet)
        renamed.append(
            part.with_columns(
                station=pl.when(pl.col("station") == base).then(pl.lit(own_id)).otherwise("station")
            )
        )
    return renamed


def _times(frame: pl.DataFrame) -> list[Note]:
    """What the times of a file show: two values of one time, rows out of order."""
    own = ["station", "parameter"]
    ordered = frame.with_columns(
        ms=pl.col("at").dt.epoch("ms") - pl.col("offset_min").cast(pl.Int64) * 60_000
    )
    clash = ordered.group_by(*own, "ms").agg(pl.col("value").n_unique().alias("n"), pl.col("line").max(), pl.col("at").first()).filter(pl.col("n") > 1).sort("line")  # fmt: skip
    notes = []
    if clash.height:
        first = clash.row(0, named=True)
        notes.append(Note(f"dòng {first['line']}", f"hai giá trị khác nhau của {first['parameter']} cùng lúc {first['at']:%Y-%m-%d %H:%M:%S}; "
                          "giá trị đứng trước được dùng", "two values of one time, the first is used", clash.height))  # fmt: skip
    turns = ordered.sort("line", maintain_order=True).select((pl.col("ms").diff().over(own) < 0).sum()).item()
    if turns:
        notes.append(
            Note(
                "",
                "các dòng không theo thứ tự thời gian, đã sắp lại",
                "rows out of order of time, sorted",
                int(turns),
            )
        )
    return notes
