"""Open alerts that nobody judges any more: their rule, station, sensor, camera, zone, place or account is gone.

Nobody would ever clear them, so they are closed by name, and who heard of them hears why. Closed is
not over: the message says that nobody watches, not that all is well.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import AlertChange, Change, Evidence, Kind
from models.alerting.routing import Notification, addressed, notifications
from models.alerting.together import text_of
from models.alerting.wording import CLOSED_BY
from models.alerting.words import parameter_names
from models.catalogue.analytics import ZONE_KINDS, of_zone
from models.telemetry.derived import derivable
from models.telemetry.reading import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.commune.configuration import Commune, Station

OF_SENSORS = frozenset({"silent", "untrusted", "frozen"})
"""Rule ids that stand in no file and belong to one sensor, or to a station or camera as a whole."""
OF_PLACES = frozenset({"clock", "blind", "witness"})
"""The same, of a station, camera or place as a whole."""
CLOSED = "đóng vì "
"""How the evidence of a closing begins."""
PAYMENT = "odd-payment"
OURS = frozenset({"outage"})
"""An outage of our own belongs to no place; who told it tells its end."""
WHOLE = frozenset({"station", "camera", "picture", "clock", "flood", "payment"})
"""Parameters that no sensor measures."""


class Open(msgspec.Struct, frozen=True):
    """An alert that is open, with its last change; `name` is what its place was called in its messages, "" if unknown."""

    alert: str
    rule: str
    kind: Kind
    station: str
    parameter: str
    level: int
    value: float
    unit: str
    seq: int
    limit: float
    name: str = ""


class Stored(msgspec.Struct, frozen=True):
    """A change of an alert as the store has it."""

    alert: str
    seq: int
    at: datetime
    level: int
    previous: int


class Closing(msgspec.Struct, frozen=True):
    """The closing changes of one place for one reason; the first, the worst of them, speaks for all."""

    changes: list[AlertChange]


def gone(one: Open, commune: Commune) -> Evidence | None:
    """Why nobody can judge the alert any more; None where somebody can."""
    if one.rule in OURS:
        return None
    if one.station not in _places(commune):
        vi, en = _sort(one)
        return _closed(f"{vi} {one.name}".strip(), f"{en} {one.name}".strip())
    station = next((each for each in commune.stations if each.id == one.station), None)
    if one.rule in OF_PLACES:
        return None
    if one.rule in OF_SENSORS:
        lost = station is not None and one.parameter not in WHOLE | _codes(station)
        return _closed("thông số", "parameter") if lost else None
    if one.rule == PAYMENT:
        return None if commune.payments is not None else _closed("luật", "rule")
    if of_zone(one.parameter) is not None:
        return _zone(one, commune)
    rule = next((each for each in commune.rules if each.id == one.rule), None)
    if rule is None or station is None or one.station not in rule.stations or one.parameter != rule.parameter:
        return _closed("luật", "rule")
    return None if one.parameter in _codes(station) else _closed("thông số", "parameter")


def closings(standing: Iterable[Open], commune: Commune, at: datetime) -> list[Closing]:
    """What closes at `at`, in the order given; a second look at what is left finds nothing."""
    groups: dict[tuple[str, str], list[tuple[Open, Evidence]]] = {}
    for one in standing:
        why = gone(one, commune)
        if why is not None:
            groups.setdefault((one.station, why.vi), []).append((one, why))
    found = []
    for group in groups.values():
        in_order = sorted(group, key=lambda pair: (-pair[0].level, pair[0].alert))
        changes = [_change(one, why, at) for one, why in in_order]
        others = _others(changes, commune)
        if others is not None:
            changes[0] = msgspec.structs.replace(changes[0], evidence=[*changes[0].evidence, others])
        found.append(Closing(changes))
    return found


def closing_notifications(closing: Closing, commune: Commune, told: set[str]) -> list[Notification]:
    """One message for each contact who was told of one of the alerts (`told`), or is concerned still."""
    change = closing.changes[0]
    wanted = told | {one.contact for one in notifications(change, commune)}
    text = text_of([change], [], commune)
    return [
        addressed(change, one.id, [str(each) for each in one.channels], text)
        for one in commune.contacts
        if one.id in wanted
    ]


def after_closing(changes: Iterable[AlertChange], stored: Iterable[Stored]) -> list[AlertChange]:
    """The flows' changes, numbered behind the closing of their alert; `stored`: all changes of alerts once closed by name.

    A rule that comes back still counts from where it was: its next change has the number of our closing,
    and would be taken for a repetition. What is in the store already keeps its number there.
    """
    known: dict[str, list[Stored]] = {}
    for one in stored:
        known.setdefault(one.alert, []).append(one)
    found = []
    for change in changes:
        rows = known.get(change.alert)
        if rows is None:
            found.append(change)
            continue
        what = (change.at, change.level, change.previous)
        seq = next((one.seq for one in rows if (one.at, one.level, one.previous) == what), None)
        if seq is None:
            seq = max(change.seq, max(one.seq for one in rows) + 1)
            rows.append(Stored(change.alert, seq, *what))
        found.append(msgspec.structs.replace(change, seq=seq))
    return found


def _change(one: Open, why: Evidence, at: datetime) -> AlertChange:
    return AlertChange(
        SCHEMA_VERSION,
        CLOSED_BY,
        one.seq + 1,
        at,
        one.alert,
        one.rule,
        one.kind,
        one.station,
        one.parameter,
        Change.CLEAR,
        0,
        one.level,
        one.value,
        one.limit,
        one.unit,
        [why],
    )


def _others(changes: Sequence[AlertChange], commune: Commune) -> Evidence | None:
    first = parameter_names(changes[0], commune)
    names = [one for one in dict.fromkeys(parameter_names(each, commune) for each in changes) if one != first]
    if not names:
        return None
    vi, en = ", ".join(one[0] for one in names), ", ".join(one[1] for one in names)
    return Evidence(f"cùng đóng: {vi}", f"closed with it: {en}")


def _closed(vi: str, en: str) -> Evidence:
    return Evidence(f"{CLOSED}{vi} không còn", f"closed because the {en} is gone")


def _places(commune: Commune) -> set[str]:
    found = {one.id for one in commune.stations} | {one.id for one in commune.cameras}
    found |= {one.id for one in commune.flood_places} | {one.id for one in commune.water_cameras}
    return found | {one.code for one in commune.merchants}


def _sort(one: Open) -> tuple[str, str]:
    """What kind of place it was."""
    if one.kind is Kind.PAYMENT:
        return "tài khoản thu", "payment account"
    if one.kind is Kind.CROWD or one.parameter in ("picture", "camera") or of_zone(one.parameter) is not None:
        return "camera", "camera"
    return ("nơi ngập", "flood place") if one.rule == "witness" else ("trạm", "station")


def _zone(one: Open, commune: Commune) -> Evidence | None:
    zones = [
        zone.rule(camera.id)
        for camera in commune.cameras
        for zone in camera.zones
        if camera.id == one.station and ZONE_KINDS[zone.kind].levels
    ]
    return None if one.rule in zones else _closed("vùng", "zone")


def _codes(station: Station) -> set[str]:
    measured = {one.code for one in station.parameters}
    return measured | set(derivable(measured))
