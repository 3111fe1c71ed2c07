"""Open alerts that nobody judges any more: their rule, station, sensor, camera, zone, place or account is gone.

Nobody would ever clear them, so they are closed by name, and who heard of them hears why. Closed is
not over: the message says that nobody watches, not that all is well.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import AlertChange, Change, Kind
from models.alerting.open_alert import Open, Stored
from models.alerting.outbox import OutboxRow
from models.alerting.routing import Notification, addressed, concerned
from models.alerting.together import text_of
from models.alerting.wording import CLOSED_BY
from models.alerting.words import parameter_names
from models.catalogue.analytics import ZONE_KINDS, of_zone
from models.catalogue.derived import derivable
from models.envelope.evidence import Evidence
from models.envelope.reading import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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


class Closing(msgspec.Struct, frozen=True):
    """The closing changes of one place for one reason; the first, the worst of them, speaks for all."""

    changes: list[AlertChange]


def gone(alert: Open, commune: Commune) -> Evidence | None:
    """Why nobody can judge the alert any more; None where somebody can."""
    if alert.rule in OURS:
        return None
    if alert.station not in _places(commune):
        vi, en = _sort(alert)
        return _closed(f"{vi} {alert.name}".strip(), f"{en} {alert.name}".strip())
    station = next((each for each in commune.stations if each.id == alert.station), None)
    if alert.rule in OF_PLACES:
        return None
    if alert.rule in OF_SENSORS:
        lost = station is not None and alert.parameter not in WHOLE | _codes(station)
        return _closed("thông số", "parameter") if lost else None
    if alert.rule == PAYMENT:
        return None if commune.payments is not None else _closed("luật", "rule")
    if of_zone(alert.parameter) is not None:
        return _zone(alert, commune)
    rule = next((each for each in commune.rules if each.id == alert.rule), None)
    if (
        rule is None
        or station is None
        or alert.station not in rule.stations
        or alert.parameter != rule.parameter
    ):
        return _closed("luật", "rule")
    return None if alert.parameter in _codes(station) else _closed("thông số", "parameter")


def closings(open_alerts: Iterable[Open], commune: Commune, at: datetime) -> list[Closing]:
    """What closes at `at`, in the order given; a second look at what is left finds nothing."""
    groups: dict[tuple[str, str], list[tuple[Open, Evidence]]] = {}
    for alert in open_alerts:
        why = gone(alert, commune)
        if why is not None:
            groups.setdefault((alert.station, why.vi), []).append((alert, why))
    found = []
    for group in groups.values():
        in_order = sorted(group, key=lambda pair: (-pair[0].level, pair[0].alert))
        changes = [_change(alert, why, at) for alert, why in in_order]
        others = _others(changes, commune)
        if others is not None:
            changes[0] = msgspec.structs.replace(changes[0], evidence=[*changes[0].evidence, others])
        found.append(Closing(changes))
    return found


def closing_notifications(closing: Closing, commune: Commune, heard: set[str]) -> list[Notification]:
    """One message for each contact who has a message about one of the alerts (`heard`), or is concerned still."""
    change = closing.changes[0]
    wanted = heard | {contact.id for contact in concerned(change, commune)}
    text = text_of([change], [], commune)
    return [
        addressed(change, contact.id, [str(way) for way in contact.channels], text)
        for contact in commune.contacts
        if contact.id in wanted
    ]


def closing_rows(
    closing: Iterable[Closing],
    heard: Mapping[str, set[str]],
    commune: Commune,
    now: datetime,
    events: Mapping[str, str] | None = None,
) -> list[OutboxRow]:
    """The closings' messages as rows of the outbox, due `now`: what closes alerts by name waits for no other news.

    `heard`: by alert, the contacts who have a message about it; `events`: the event of each.
    """
    rows = []
    for group in closing:
        alerts = [change.alert for change in group.changes]
        contacts = {contact for alert in alerts for contact in heard.get(alert, ())}
        rows += [
            OutboxRow(
                notification=notification,
                place=group.changes[0].station,
                state="pending",
                next_at=now,
                shown=alerts,
                seqs=[change.seq for change in group.changes],
                event=(events or {}).get(group.changes[0].alert),
            )
            for notification in closing_notifications(group, commune, contacts)
        ]
    return rows


def after_closing(changes: Iterable[AlertChange], stored: Iterable[Stored]) -> list[AlertChange]:
    """The flows' changes, numbered behind the closing of their alert; `stored`: all changes of alerts once closed by name.

    A rule that comes back still counts from where it was: its next change has the number of our closing,
    and would be taken for a repetition. What is in the store already keeps its number there.
    """
    known: dict[str, list[Stored]] = {}
    for row in stored:
        known.setdefault(row.alert, []).append(row)
    found = []
    for change in changes:
        rows = known.get(change.alert)
        if rows is None:
            found.append(change)
            continue
        what = (change.at, change.level, change.previous)
        seq = next((row.seq for row in rows if (row.at, row.level, row.previous) == what), None)
        if seq is None:
            seq = max(change.seq, max(row.seq for row in rows) + 1)
            rows.append(Stored(change.alert, seq, *what))
        found.append(msgspec.structs.replace(change, seq=seq))
    return found


def _change(alert: Open, why: Evidence, at: datetime) -> AlertChange:
    return AlertChange(
        v=SCHEMA_VERSION,
        source=CLOSED_BY,
        seq=alert.seq + 1,
        at=at,
        alert=alert.alert,
        rule=alert.rule,
        kind=alert.kind,
        station=alert.station,
        parameter=alert.parameter,
        change=Change.CLEAR,
        level=0,
        previous=alert.level,
        value=alert.value,
        limit=alert.limit,
        unit=alert.unit,
        evidence=[why],
    )


def _others(changes: Sequence[AlertChange], commune: Commune) -> Evidence | None:
    first = parameter_names(changes[0], commune)
    named = dict.fromkeys(parameter_names(change, commune) for change in changes)
    names = [name for name in named if name != first]
    if not names:
        return None
    vi, en = ", ".join(vi for vi, _ in names), ", ".join(en for _, en in names)
    return Evidence(f"cùng đóng: {vi}", f"closed with it: {en}")


def _closed(vi: str, en: str) -> Evidence:
    return Evidence(f"{CLOSED}{vi} không còn", f"closed because the {en} is gone")


def _places(commune: Commune) -> set[str]:
    places = {station.id for station in commune.stations} | {camera.id for camera in commune.cameras}
    places |= {place.id for place in commune.flood_places} | {camera.id for camera in commune.water_cameras}
    return places | {merchant.code for merchant in commune.merchants}


def _sort(alert: Open) -> tuple[str, str]:
    """What kind of place it was."""
    if alert.kind is Kind.PAYMENT:
        return "tài khoản thu", "payment account"
    if (
        alert.kind is Kind.CROWD
        or alert.parameter in ("picture", "camera")
        or of_zone(alert.parameter) is not None
    ):
        return "camera", "camera"
    return ("nơi ngập", "flood place") if alert.rule == "witness" else ("trạm", "station")


def _zone(alert: Open, commune: Commune) -> Evidence | None:
    zones = [
        zone.rule(camera.id)
        for camera in commune.cameras
        for zone in camera.zones
        if camera.id == alert.station and ZONE_KINDS[zone.kind].levels
    ]
    return None if alert.rule in zones else _closed("vùng", "zone")


def _codes(station: Station) -> set[str]:
    measured = {parameter.code for parameter in station.parameters}
    return measured | set(derivable(measured))
