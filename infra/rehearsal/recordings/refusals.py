"""The sentence on a table that holds no readings which can be known: what its head has, and what one of readings has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from infra.rehearsal.recordings import columns, heads, tables
from infra.rehearsal.recordings.notes import Note, Notes, shown
from infra.rehearsal.recordings.tables import Table

EXPECTED_TIME = "datetime, time, timestamp, ngày giờ, thời gian"
EXPECTED_VALUES = "mực nước / water level, mưa / rain, pH, DO, nhiệt độ / temperature, độ đục / turbidity, PM2.5, PM10, độ sâu ngập / depth"


def of_readings(each: Table, path: Path, folder: str) -> bool:
    """Is a table without a head that is known meant to hold readings: it has times, or names what is measured?

    A table deeper down, among pictures say, or one of places or boxes, is another thing, and no fault.
    """
    if heads.has_times(each) or (not each.sheet and path.suffix.lower() in tables.BOOKS):
        return True
    near = heads.unknown_head(each)
    if near is None:
        return path.suffix.lower() in {".csv", ".tsv", *tables.BOOKS}
    return path.parent.name == folder and any(columns.measure(one, folder) for one in near[1])


def headless(each: Table, notes: Notes, folder: str) -> Note:
    """The sentence on a table without a head that is known."""
    near = heads.unknown_head(each)
    place = notes.place(None if near is None else near[0])
    if near is None:
        first = " ".join(each.rows[0][1]) if each.rows else ""
        return Note(place or notes.place(1), f"không thấy dòng tiêu đề; thấy {shown(first)}, cần {EXPECTED_TIME} và {EXPECTED_VALUES}",
                    "no header found, expected a column of time and one of readings")  # fmt: skip
    names = near[1]
    timed = any(map(columns.is_time, names))
    measured = any(columns.measure(name, folder) for name in names)
    if measured and not timed:
        return Note(place, f"thiếu cột thời gian; thấy {listed(names)}, cần một trong {EXPECTED_TIME}",
                    "the column of time is missing, expected one of these names")  # fmt: skip
    if timed and not measured:
        return Note(place, f"thiếu cột số đo; thấy {listed(names)}, cần {EXPECTED_VALUES}",
                    "a column of readings is missing, expected one of these names")  # fmt: skip
    return Note(place, f"không phải bảng số đo; thấy {listed(names)}, cần {EXPECTED_TIME} và {EXPECTED_VALUES}",
                "not a table of readings, expected a column of time and one of readings")  # fmt: skip


def listed(names: Sequence[str]) -> str:
    """The names of a head as one quotation."""
    return shown(", ".join(name for name in names if name))
