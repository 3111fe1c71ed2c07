"""The time of each row of a table: which columns make it, in which order day and month stand, on which clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from infra.rehearsal.recordings import columns, stamps
from infra.rehearsal.recordings.heads import ENOUGH, Head, shares
from infra.rehearsal.recordings.notes import Notes, shown
from infra.rehearsal.recordings.tables import Row
from models.alerting.gsm7 import unaccented

_SAID = re.compile(
    r"(?:time ?zone|timezone|tz|mui gio|times?(?: are)?(?: in)?|gio|datum)\W{0,4}(?:is |la |in )?\W{0,2}"
    r"((?:utc|gmt)\s*(?:[+-]\s*\d{1,2}(?::?\d{2})?)?|[+-]\d{1,2}:?\d{2}|[a-z]+/[a-z_]+)", re.IGNORECASE)  # fmt: skip
SURELY = 0.95
_SECONDS = re.compile(r"utc_offset_seconds: (-?\d+)")


@dataclass(frozen=True, slots=True)
class Clock:
    """Minutes from UTC, or a place; `said` how we know: its words in Vietnamese and English."""

    offset_min: int
    place: str
    said: tuple[str, str]

    def minutes(self, at: datetime) -> int:
        """The distance from UTC at a time of this clock."""
        zone = stamps.place(self.place) if self.place else None
        away = None if zone is None else at.replace(tzinfo=zone).utcoffset()
        return self.offset_min if away is None else round(away.total_seconds() / 60)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which columns make a time: one, a date and a time of day, or the parts of the calendar; and the column of the zone."""

    whole: int | None
    day: int | None
    clock: int | None
    parts: dict[str, int]
    zone: int | None
    month_first: bool

    @property
    def used(self) -> set[int]:
        """The columns of this plan."""
        some = (self.whole, self.day, self.clock, self.zone)
        return {part for part in (*some, *self.parts.values()) if part is not None}


def plan(head: Head, notes: Notes) -> Plan | None:
    """The plan of a head; None where no column holds a time."""
    names = head.names
    zone = next((i for i, name in enumerate(names) if columns.is_zone(name)), None)
    asked = [i for i, name in enumerate(names) if columns.is_time(name)]
    asked += [
        i for i in range(len(names)) if i not in asked and i != zone and not columns.measure(names[i], "")
    ]
    firsts, found = {}, {}
    for i in asked:
        texts = [cells[i] for _, cells in head.rows if i < len(cells)]
        firsts[i], certain = stamps.month_first(texts)
        found[i] = shares(head.rows, i, firsts[i])
        if not certain and columns.is_time(names[i]):
            order = ("tháng/ngày", "month/day") if firsts[i] else ("ngày/tháng", "day/month")
            notes.add(("order",), None, (f"cột {shown(names[i])} không rõ ngày hay tháng đứng trước, hiểu là {order[0]}",
                                         f"day or month first is not certain, taken as {order[1]}"))  # fmt: skip
    timed = [i for i in asked if columns.is_time(names[i])]
    wholes = [i for i in timed if found[i][0] >= ENOUGH]
    if wholes:
        # One that names its zone is worth more than one that leaves it open; then the first.
        best = min(wholes, key=lambda i: (not _zoned(head, i), i))
        return Plan(best, None, None, {}, zone, firsts[best])
    days = [i for i in timed if found[i][1] >= ENOUGH]
    clocks = [i for i in timed if found[i][2] >= ENOUGH and i not in days]
    if days:
        return Plan(None, days[0], clocks[0] if clocks else None, {}, zone, firsts[days[0]])
    parts: dict[str, int] = {}
    for i, name in enumerate(names):
        part = columns.calendar(name)
        if part is not None:
            # NOAA's MM is the month, its mm the minute.
            parts.setdefault("minute" if part == "month" and "month" in parts else part, i)
    if {"year", "month", "day"} <= parts.keys():
        return Plan(None, None, None, parts, zone, month_first=False)
    # No name says time: a column that holds nothing but times does.
    other = next((i for i in asked if found[i][0] >= SURELY), None)
    return None if other is None else Plan(other, None, None, {}, zone, firsts[other])


def _zoned(head: Head, i: int) -> bool:
    text = next((cells[i] for _, cells in head.rows if i < len(cells) and cells[i]), "")
    stamp = stamps.parse(text)
    return (stamp is not None and stamp.offset_min is not None) or _of_name(head.names[i]) is not None


def _of_name(name: str) -> int | None:
    """What the head of a column says of its zone: `time (UTC)`, `datetime_gmt`, `Giờ (UTC+7)`."""
    unit = columns.named(name).unit
    if unit and (found := stamps.offset(unit)) is not None:
        return found
    inside = re.search(r"(?:UTC|GMT)\s*([+-]\s*\d{1,2}(?::?\d{2})?)?", name, re.IGNORECASE)
    if inside is None:
        return None
    return stamps.offset(f"UTC{(inside[1] or '+0').replace(' ', '')}")


def clock(head: Head, made: Plan, usual: Clock | None) -> Clock:
    """The clock of stamps that name none: the head's, a remark's, what is known of the file, else Vietnam's."""
    for i in (made.whole, made.clock, made.day):
        found = None if i is None else _of_name(head.names[i])
        if found is not None:
            return Clock(found, "", ("múi giờ theo tiêu đề", "time zone by the head"))
    for line in head.before:
        if seconds := _SECONDS.search(line):
            return Clock(
                int(seconds[1]) // 60, "", ("múi giờ theo đầu tệp", "time zone by the file's first lines")
            )
        said = _SAID.search(unaccented(line))
        if said is not None:
            minutes = stamps.offset(said[1].upper().replace(" ", ""))
            if minutes is not None or stamps.place(said[1]) is not None:
                words = (
                    f"múi giờ theo đầu tệp: {said[1]}",
                    f"time zone by the file's first lines: {said[1]}",
                )
                return Clock(minutes or 0, "" if minutes is not None else said[1], words)
    if usual is not None:
        return usual
    return Clock(stamps.VIETNAM_MIN, "", ("tệp không ghi múi giờ, hiểu là giờ Việt Nam (+07:00)",
                                          "the file names no time zone, taken as Vietnam's, +07:00"))  # fmt: skip


def of_row(row: Row, made: Plan, own: Clock) -> tuple[datetime, int] | str:
    """(clock time, minutes from UTC) of a row, or the text that is no time; empty where there is none."""
    cells = row[1]

    def cell(i: int | None) -> str:
        return cells[i] if i is not None and i < len(cells) else ""

    stamp: stamps.Stamp | None
    if made.whole is not None:
        text = cell(made.whole)
        stamp = stamps.parse(text, made.month_first)
    elif made.day is not None:
        text = cell(made.day)
        stamp = stamps.parse(text, made.month_first)
        if stamp is not None and made.clock is not None:
            text = f"{text} {cell(made.clock)}".strip()
            passed = stamps.span(cell(made.clock))
            stamp = (
                None if passed is None else stamps.Stamp(stamp.at + passed[0], passed[1] or stamp.offset_min)
            )
    else:
        text = " ".join(cell(i) for i in made.parts.values())
        stamp = _calendar({part: cell(i) for part, i in made.parts.items()})
    if stamp is None:
        return text
    if stamp.offset_min is not None:
        return stamp.at, stamp.offset_min
    if made.zone is not None and cell(made.zone):
        said = cell(made.zone)
        minutes = stamps.offset(said)
        zone = stamps.place(said)
        if minutes is None and zone is not None:
            minutes = Clock(0, said, ("", "")).minutes(stamp.at)
        return f"{text} {said}" if minutes is None else (stamp.at, minutes)
    return stamp.at, own.minutes(stamp.at)


def _calendar(parts: dict[str, str]) -> stamps.Stamp | None:
    try:
        year, month, day = (int(float(parts[one])) for one in ("year", "month", "day"))
        hour, minute = (int(float(parts.get(one) or 0)) for one in ("hour", "minute"))
        midnight = datetime(year + (2000 if year < 100 else 0), month, day)  # noqa: DTZ001
    except ValueError:
        return None
    return (
        stamps.Stamp(midnight + timedelta(hours=hour, minutes=minute), None)
        if hour <= 24 and minute < 60
        else None
    )


def described(head: Head, made: Plan) -> str:
    """The columns that make the time, for people."""
    return " + ".join(head.names[i] for i in sorted(made.used - ({made.zone} - {None})))


def texts(rows: Sequence[Row], i: int) -> list[str]:
    """The cells of a column; empty where a row is too short."""
    return [cells[i] if i < len(cells) else "" for _, cells in rows]
