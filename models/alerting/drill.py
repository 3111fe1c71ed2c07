"""A drill beside what is real: its changes, its own names for places and events, its words, its end and its accounting. Pure.

    Scenario ── changes_of ──> topic alerts (exercise) ── the same stages ──> as_exercise ──> outbox, event
All names of a drill begin with `drill-N`: alerts, places, events. So it shares none with what is real, and changes nothing of it.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from models.alerting.alert import AlertChange
from models.alerting.change import Place as Where
from models.alerting.change import identity, verb
from models.alerting.gsm7 import SINGLE, septets, unaccented
from models.alerting.outbox import Outgoing
from models.alerting.rule import Step
from models.alerting.together import Text, text_of
from models.alerting.wording import FIELDS
from models.alerting.words import VIETNAM
from models.commune.drill import names_value, played
from models.envelope.evidence import Evidence
from models.envelope.reading import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from models.alerting.around import Around
    from models.alerting.outbox import Earlier
    from models.commune.configuration import Commune
    from models.commune.drill import Scenario

HEAD = "DIỄN TẬP: "
"""In front of every text of a drill."""
SOURCE = "drill"
ENDED = "DIỄN TẬP KẾT THÚC"
_OF = re.compile(r"^drill-(\d+)[:/]")


class Drill(msgspec.Struct, frozen=True):
    """A drill that goes on: `contacts` alone are told (none: all whom it concerns); `real`: by the real gateways."""

    id: int
    scenario: str
    name: str
    contacts: list[str] = []
    real: bool = False


class Why(NamedTuple):
    """Why a drill ended."""

    vi: str
    en: str


OVER = Why("đã diễn xong", "it was played to its end")
STOPPED = Why("người trực dừng", "it was stopped by hand")
REAL = Why("có cảnh báo thật mức 3", "a real alert of level 3 is open")


def changes_of(
    scenario: Scenario, drill: int, begun_at: datetime, commune: Commune
) -> list[tuple[float, AlertChange]]:
    """The changes of a drill, each with the minute at which it is played; event time is `begun_at` and that many minutes.

    Whoever plays faster gives each change the time of its playing (`played_at`): messages tell it, and people read it on a clock.
    """
    begun: dict[tuple[str, str], tuple[int, int, float]] = {}
    found = []
    for turn, about, previous in played(scenario, commune):
        if about is None:
            msg = f"{scenario.name}: {turn.kind} at {turn.station}: no rule speaks of it"
            raise ValueError(msg)
        at_ms = round((begun_at + timedelta(minutes=turn.minute)).timestamp() * 1000)
        own = (str(turn.kind), turn.station)
        onset_ms, seq, limit = begun.get(own, (at_ms, 0, 0.0)) if previous else (at_ms, 0, 0.0)
        limit = about.limits.get(turn.level, limit)
        begun[own] = (onset_ms, seq + 1, limit)
        place = Where(SOURCE, turn.station, about.parameter, about.unit)
        change = AlertChange(
            v=SCHEMA_VERSION,
            source=SOURCE,
            seq=seq + 1,
            at=datetime.fromtimestamp(at_ms / 1000, begun_at.tzinfo),
            alert=f"{alerts_of(drill)}{identity(about.rule, place, onset_ms)}",
            rule=about.rule,
            kind=turn.kind,
            station=turn.station,
            parameter=about.parameter,
            change=verb(Step(previous, turn.level, limit)),
            level=turn.level,
            previous=previous,
            value=turn.value if names_value(turn.kind) or turn.value else float(turn.level or previous),
            limit=limit,
            unit=about.unit,
            parameters=turn.stations,
            exercise=True,
        )
        found.append((turn.minute, change))
    return found


def played_at(change: AlertChange, at: datetime) -> AlertChange:
    """The change at the moment of its playing."""
    return msgspec.structs.replace(change, at=at.replace(microsecond=at.microsecond // 1000 * 1000))


def alerts_of(drill: int) -> str:
    """How the alerts of a drill begin."""
    return f"drill-{drill}:"


def belonging(changes: Iterable[AlertChange], drill: Drill) -> list[AlertChange]:
    """Those of the drill; what another one left on the topic is not played any more."""
    return [change for change in changes if change.exercise and change.alert.startswith(alerts_of(drill.id))]


def drill_of(name: str) -> int | None:
    """The number of the drill to which an alert, place or event belongs; None: it is real.

    >>> drill_of("drill-7:river-phu-oc:phu-oc:..."), drill_of("water:ven-song@1761955200000")
    (7, None)
    """
    found = _OF.match(name)
    return int(found[1]) if found else None


def marked(drill: int, name: str) -> str:
    """A place or event under the drill's own name."""
    return f"drill-{drill}/{name}"


def unmarked(name: str) -> str:
    """A place or event as the stages call it."""
    return name.partition("/")[2] if drill_of(name) is not None else name


def as_exercise(outgoing: Outgoing, drill: Drill) -> Outgoing:
    """What the stages made of the drill's changes, under its own names, for its contacts only."""
    wanted = set(drill.contacts)
    rows = [
        msgspec.structs.replace(
            row, place=marked(drill.id, row.place), event=_marked(drill.id, row.event), exercise=True
        )
        for row in outgoing.rows
        if not wanted or row.notification.contact in wanted
    ]
    return Outgoing(
        rows,
        outgoing.merged,
        outgoing.done,
        [
            msgspec.structs.replace(
                event, id=marked(drill.id, event.id), place=marked(drill.id, event.place), exercise=True
            )
            for event in outgoing.events
        ],
        {alert: marked(drill.id, event) for alert, event in outgoing.alerts.items()},
        [
            msgspec.structs.replace(code, event=marked(drill.id, code.event))
            for code in outgoing.codes
            if not wanted or code.contact in wanted
        ],
    )


def as_stages_see(around: Around, drill: Drill) -> Around:
    """What goes on in the drill, under the names of the stages. Nobody's silence hides a drill."""
    return msgspec.structs.replace(
        around,
        events=[
            msgspec.structs.replace(event, id=unmarked(event.id), place=unmarked(event.place))
            for event in around.events
        ],
        standing=[
            msgspec.structs.replace(each, event=each.event and unmarked(each.event))
            for each in around.standing
        ],
        codes=[
            msgspec.structs.replace(code, event=unmarked(code.event))
            if drill_of(code.event) == drill.id
            else code
            for code in around.codes
        ],
        silences=[],
    )


def earlier_seen(earlier: Iterable[Earlier]) -> list[Earlier]:
    """Earlier notifications of the drill, under the names of the stages."""
    return [
        msgspec.structs.replace(
            row, place=row.place and unmarked(row.place), event=row.event and unmarked(row.event)
        )
        for row in earlier
    ]


def headed(
    shown: Sequence[AlertChange],
    still: Sequence[AlertChange],
    commune: Commune,
    longest: int,
    head: str = HEAD,
) -> Text:
    """The words of a message behind `head`, which is never cut: before the SMS, and of Zalo's fields before where it is and what to do."""
    plain = unaccented(head)
    text = text_of(shown, still, commune, longest - septets(plain))
    fields = {name: f"{head}{text.fields[name]}" for name in (FIELDS[0], FIELDS[-1])}
    return text._replace(sms=f"{plain}{text.sms}", fields=text.fields | fields)


class Ending(NamedTuple):
    """What everybody who was told hears when a drill ends."""

    sms: str
    fields: dict[str, str]


def ending(drill: Drill, why: Why, at: datetime) -> Ending:
    """In one segment, whatever the drill is called."""
    told = "Các tin diễn tập trước hết hiệu lực, không phải làm gì."
    sms = unaccented(f"{ENDED}: {why.vi}. {told}")
    fields = dict.fromkeys(FIELDS, why.vi) | {
        "tram": ENDED, "hien_tuong": drill.name, "muc": "Kết thúc", "thoi_gian": f"{at.astimezone(VIETNAM):%H:%M %d/%m}",
        "viec_can_lam": told,
    }  # fmt: skip
    return Ending(sms[:SINGLE] if septets(sms) > SINGLE else sms, fields)


def evidence_of(why: Why) -> list[Evidence]:
    """What stands beside the changes that close a drill's alerts."""
    return [Evidence(f"diễn tập kết thúc: {why.vi}", f"the drill ended: {why.en}")]


class Told(msgspec.Struct, frozen=True):
    """One contact in the accounting: when first told, by what, when answered (None: not), how many messages."""

    contact: str
    messages: int
    told_at: datetime | None = None
    way: str = ""
    answered_at: datetime | None = None
    answer: str = ""


def accounting(told: Sequence[Told], names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Who was told when, who answered after how many minutes and who did not: a line each, vi and en; who did not answer first."""
    for one in sorted(
        told, key=lambda each: (each.answered_at is not None, each.told_at is not None, each.contact)
    ):
        name = names.get(one.contact, one.contact)
        if one.told_at is None:
            yield (
                f"{name}: {one.messages} tin, KHÔNG tin nào tới",
                f"{name}: {one.messages} messages, none arrived",
            )
            continue
        at = f"{one.told_at.astimezone(VIETNAM):%H:%M:%S}"
        begun = (
            f"{name}: {one.messages} tin, tin đầu {at} ({one.way})",
            f"{name}: {one.messages} messages, the first {at} ({one.way})",
        )
        if one.answered_at is None:
            yield f"{begun[0]}, CHƯA TRẢ LỜI", f"{begun[1]}, not answered"
        else:
            minutes = max(0.0, (one.answered_at - one.told_at).total_seconds() / 60)
            yield (
                f"{begun[0]}, trả lời sau {minutes:.0f} phút ({one.answer})",
                f"{begun[1]}, answered after {minutes:.0f} min ({one.answer})",
            )


def _marked(drill: int, name: str | None) -> str | None:
    return None if name is None else marked(drill, name)
