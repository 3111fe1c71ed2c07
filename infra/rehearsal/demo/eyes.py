"""What the cameras said of the flood and of themselves, and when, beside what was true. Pure: rows in, rows out.

A camera is the second witness: its word is held against the water's true depth and against the alert of the gauge that watches
the same place. A camera that cannot see must say so, and say nothing else meanwhile.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from infra.rehearsal.demo.accounting import ChangeRow, minutes
from infra.rehearsal.demo.flood_eyes import BOARD_LEVELS, COUNT, FORD_LEVELS, LEVEL
from infra.rehearsal.simulator.scene.flood_cameras import BOARD, CAMERAS, FORD, SPELLS, CameraFault
from infra.rehearsal.simulator.scene.floodplain import FORD_M
from infra.rehearsal.simulator.truth import Curve
from models.alerting.alert import Change
from models.catalogue.flags import Flag
from models.commune.configuration import Commune
from models.river.configuration import FloodPlace

RIVER, WITNESS, BLIND = "river_level", "witness", "blind"
ALARM = 2
"""The level of a place that two kinds of witnesses make."""
DOUBT = ("blind", "frozen", "silent")
"""Kinds of alerts by which a camera says that it does not see."""
FAULTS = {
    CameraFault.COVERED: ("bị tấm bạt che", "covered by a tarpaulin"),
    CameraFault.MOVED: ("bị gió xoay", "turned by the wind"),
    CameraFault.DARK: ("đèn đường hỏng, tối", "the street lamp failed: dark"),
}
Series = Sequence[tuple[datetime, float, int]]
"""(time, value, flag) in order."""


class Eyed(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was true before a camera, and what it said of it; times are event times, None: never.

    `lead_min`: before the gauge's own alert of the place, negative after it. `vi`, `en`: the truth; `said_vi`, `said_en`: what else there is to tell.
    """

    camera: str
    vi: str
    en: str
    true_at: datetime | None
    said_at: datetime | None
    over_true: datetime | None = None
    over_said: datetime | None = None
    delay_min: float | None = None
    lead_min: float | None = None
    said_vi: str = ""
    said_en: str = ""


class Evidences(msgspec.Struct, frozen=True):
    """The words of the alerts by (alert, seq), and what the cameras observed by (camera, parameter)."""

    words: Mapping[tuple[str, int], Sequence[tuple[str, str]]]
    observed: Mapping[tuple[str, str], Series]


def told(
    commune: Commune, start: datetime, curves: Sequence[Curve], changes: Sequence[ChangeRow], found: Evidences
) -> list[Eyed]:
    """A row for each level of the ford, its place, the board, and each camera that something befell; empty without such cameras."""
    known = {camera.id for camera in commune.cameras}
    river = next((curve for curve in curves if curve.parameter == RIVER), None)
    if river is None or not known & set(CAMERAS):
        return []
    last = start + timedelta(seconds=river.step_s * (len(river.values) - 1))
    place = next((place for place in commune.flood_places if FORD in place.cameras), None)
    rows = _ford(commune, start, river, changes, found, place) if FORD in known else []
    if place is not None and FORD in known:
        rows.append(_place(place, start, river, changes))
    if BOARD in known:
        rows += _board(commune, start, river, changes, found)
    return rows + [
        _fault(spell.camera, spell.fault, (start + timedelta(hours=spell.since_h), start + timedelta(hours=spell.until_h)),
               last, changes, found)
        for spell in SPELLS
        if spell.camera in known
    ]  # fmt: skip


def crosses(start: datetime, river: Curve, level: float) -> datetime | None:
    """When the river first truly stands at `level` m: by a straight line between two values of its curve."""
    if river.values and river.values[0] >= level:
        return start
    for i, (before, value) in enumerate(pairwise(river.values)):
        if before < level <= value:
            return start + timedelta(seconds=river.step_s * (i + (level - before) / (value - before)))
    return None


def falls(start: datetime, river: Curve, level: float, after: datetime | None) -> datetime | None:
    """When it is first below `level` again after that."""
    if after is None:
        return None
    for i, (before, value) in enumerate(pairwise(river.values)):
        at = start + timedelta(seconds=river.step_s * (i + 1))
        if at > after and before >= level > value:
            return at
    return None


def _ford(
    commune: Commune, start: datetime, river: Curve, changes: Sequence[ChangeRow], found: Evidences,
    place: FloodPlace | None,
) -> list[Eyed]:  # fmt: skip
    """A row for each level: how deep the water truly was, what the camera said, and the gauge's alert."""
    gauge_at = None if place is None else _gauge(place, changes)
    rule = next(
        (zone.rule(camera.id) for camera in commune.cameras if camera.id == FORD for zone in camera.zones), ""
    )
    rows = []
    for level in FORD_LEVELS:
        number, deep = int(str(level["level"])), int(str(level["raise_at"]))
        true_at = crosses(start, river, FORD_M + deep / 100)
        raised = _first(changes, rule, FORD, number)
        said_at = None if raised is None else raised.at
        words = _words(found, raised)
        rows.append(
            Eyed(
                camera=FORD, vi=f"nước trên đường sâu từ {deep} cm", en=f"water {deep} cm deep on the road", true_at=true_at,
                said_at=said_at, over_true=falls(start, river, FORD_M + int(str(level["clear_at"])) / 100, true_at),
                over_said=_over(changes, raised), delay_min=_between(true_at, said_at),
                lead_min=_between(said_at, gauge_at), said_vi=words[0], said_en=words[1],
            )
        )  # fmt: skip
    return rows


def _gauge(place: FloodPlace, changes: Sequence[ChangeRow]) -> datetime | None:
    """When the gauge of the place first said that it floods."""
    rises = [
        change.at
        for change in changes
        if change.station in place.gauges
        and change.kind == "river"
        and change.level >= place.flood_from > change.previous
    ]
    return min(rises, default=None)


def _place(place: FloodPlace, start: datetime, river: Curve, changes: Sequence[ChangeRow]) -> Eyed:
    """When the place was a check, and when two kinds of witnesses made an alarm of it."""
    own = [change for change in changes if change.rule == WITNESS and change.station == place.id]
    check = min((change.at for change in own if change.level >= 1), default=None)
    alarm = min((change.at for change in own if change.level >= ALARM), default=None)
    true_at = crosses(start, river, FORD_M + int(str(FORD_LEVELS[0]["raise_at"])) / 100)
    clock = "%H:%M"
    zone = start.tzinfo
    said = [
        ("cần kiểm tra", "a check", check),
        ("báo động, hai nhân chứng", "an alarm of two witnesses", alarm),
    ]
    return Eyed(
        camera=FORD, vi=f"nơi: {place.name}", en="the place: camera and gauge together", true_at=true_at, said_at=alarm,
        delay_min=_between(true_at, alarm),
        said_vi="; ".join(f"{vi} {'-' if at is None else at.astimezone(zone).strftime(clock)}" for vi, _, at in said),
        said_en="; ".join(f"{en} {'-' if at is None else at.astimezone(zone).strftime(clock)}" for _, en, at in said),
    )  # fmt: skip


def _board(
    commune: Commune, start: datetime, river: Curve, changes: Sequence[ChangeRow], found: Evidences
) -> list[Eyed]:
    """A row for each alarm level at the board; the first tells how far its readings lie from the water and from the gauge."""
    rule = next(
        (zone.rule(camera.id) for camera in commune.cameras if camera.id == BOARD for zone in camera.zones),
        "",
    )
    values = found.observed.get((BOARD, LEVEL), ())
    gauge = found.observed.get((river.station, RIVER), ())
    words = _errors(values, start, river, gauge)
    rows: list[Eyed] = []
    for level in BOARD_LEVELS:
        raised = _first(changes, rule, BOARD, int(str(level["level"])))
        cm = int(str(level["raise_at"]))
        true_at = crosses(start, river, cm / 100)
        said_at = None if raised is None else raised.at
        beside = next(
            (
                change.at
                for change in changes
                if change.station == river.station
                and change.kind == "river"
                and change.limit == cm / 100
                and change.level > change.previous
            ),
            None,
        )
        rows.append(
            Eyed(
                camera=BOARD, vi=f"thước: nước tới {cm} cm", en=f"the board: water at {cm} cm", true_at=true_at, said_at=said_at,
                delay_min=_between(true_at, said_at), lead_min=_between(said_at, beside), said_vi=words[0] if not rows else "",
                said_en=words[1] if not rows else "",
            )
        )  # fmt: skip
    return rows


def _errors(values: Series, start: datetime, river: Curve, gauge: Series) -> tuple[str, str]:
    """How far the readings that are sure lie from the true water, and from the gauge's newest reading; how many say that they are not."""
    sure = [(at, value) for at, value, flag in values if flag == Flag.GOOD]
    unsure = sum(flag == Flag.SUSPECT for _, _, flag in values)
    unknown = len(values) - len(sure) - unsure
    if not sure:
        return (f"không có số đọc chắc chắn ({unsure} nghi ngờ, {unknown} không rõ)",
                f"no reading that is sure ({unsure} in doubt, {unknown} unknown)")  # fmt: skip
    off = [abs(value - 100 * level_at(river, (at - start).total_seconds())) for at, value in sure]
    times = [at for at, _, _ in gauge]
    beside = [
        abs(value - 100 * gauge[place - 1][1])
        for at, value in sure
        if (place := bisect_right(times, at)) and at - times[place - 1] <= timedelta(minutes=15)
    ]
    mean, worst = sum(off) / len(off), max(off)
    apart = f"{sum(beside) / len(beside):.1f}" if beside else "-"
    vi = (
        f"{len(sure)} số đọc, lệch nước thật trung bình {mean:.1f} cm, nhiều nhất {worst:.1f} cm, lệch trạm {apart} cm; "
        f"{unsure} nghi ngờ, {unknown} không rõ"
    )
    en = (
        f"{len(sure)} readings, off the true water by {mean:.1f} cm, at worst {worst:.1f} cm, off the gauge by {apart} cm; "
        f"{unsure} in doubt, {unknown} unknown"
    )
    return vi.replace(".", ","), en


def level_at(river: Curve, second: float) -> float:
    """The true level (m) at a second of the day."""
    place = min(max(second / river.step_s, 0.0), len(river.values) - 1.0)
    before = min(int(place), len(river.values) - 2)
    return river.values[before] + (place - before) * (river.values[before + 1] - river.values[before])


def _fault(
    camera: str, fault: CameraFault, span: tuple[datetime, datetime], last: datetime, changes: Sequence[ChangeRow],
    found: Evidences,
) -> Eyed:  # fmt: skip
    """When it said that it does not see, and what it still called known meanwhile."""
    since, until = span
    own = [change for change in changes if change.station == camera and change.kind in DOUBT]
    raised = next((c for c in own if c.change == Change.RAISE and since <= c.at < until), None)
    early = sum(c.change == Change.RAISE and not since <= c.at < until + timedelta(hours=1) for c in own)
    values = found.observed.get((camera, COUNT), ())
    meanwhile = [flag for at, _, flag in values if since <= at < min(until, last)]
    unknown = sum(flag == Flag.UNKNOWN for flag in meanwhile)
    words = _words(found, raised)
    vi, en = FAULTS[fault]
    said_vi = f"{words[0]}; " if words[0] else ""
    said_en = f"{words[1]}; " if words[1] else ""
    return Eyed(
        camera=camera, vi=vi, en=en, true_at=since if since <= last else None, said_at=None if raised is None else raised.at,
        over_true=until if until < last else None, over_said=_over(changes, raised),
        delay_min=_between(since, None if raised is None else raised.at),
        said_vi=f"{said_vi}{unknown}/{len(meanwhile)} giá trị trong lúc ấy là không rõ" + (f"; báo nhầm {early} lần" if early else ""),
        said_en=f"{said_en}{unknown} of {len(meanwhile)} values meanwhile are unknown" + (f"; {early} false" if early else ""),
    )  # fmt: skip


def _first(changes: Sequence[ChangeRow], rule: str, camera: str, level: int) -> ChangeRow | None:
    """The first rise to the level or above it."""
    rises = (c for c in changes if (c.rule, c.station) == (rule, camera) and c.level >= level > c.previous)
    return min(rises, key=lambda change: change.at, default=None)


def _over(changes: Sequence[ChangeRow], raised: ChangeRow | None) -> datetime | None:
    """When what was raised was left again."""
    if raised is None:
        return None
    falls_of = (
        change.at for change in changes
        if change.alert == raised.alert and change.seq > raised.seq and change.level < raised.level
    )  # fmt: skip
    return min(falls_of, default=None)


def _words(found: Evidences, change: ChangeRow | None) -> tuple[str, str]:
    if change is None:
        return "", ""
    lines = found.words.get((change.alert, change.seq), ())
    return "; ".join(vi for vi, _ in lines), "; ".join(en for _, en in lines)


def _between(first: datetime | None, second: datetime | None) -> float | None:
    return None if first is None or second is None else minutes(second - first)
