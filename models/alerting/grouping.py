"""One event, one message: what a contact is told of a change, when, and why what is not told is not.

    change ── over? behind an outage? never begun? easing? the place told at this level? ──> muted, by name
           └─ news ── a message of the place waits ──> takes its place, tells what it told too (the old one: merged)
                   └─ worse than told, or level 3 ──> now
                   └─ else ──> when the group's interval since the last message is over

Pure: the store gives what the contact has been told, the time is an argument. Suspect may raise, only the end of all
may clear: an all-clear goes out once, when nothing the contact was told of at that place goes on.
"""

from __future__ import annotations

import enum
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import AlertChange, Change, Kind
from models.alerting.places import HEALTH, danger_of

if TYPE_CHECKING:
    from models.commune.configuration import Contact

AT_ONCE_FROM = 3
"""This level never waits."""
GATHER = 0.2
"""Share of the interval for which the first news on instruments waits: what breaks together is told together."""
PICTURE = "picture"
"""What a camera sends comes another way than readings."""
SERIOUS = 2
"""An alert that was held back behind another one is told when that one ends, from this level on."""


class Stage(enum.StrEnum):
    """Why a change is no message of its own."""

    MERGED = "merged"
    INHIBITED = "inhibited"
    OVER = "over"
    EASING = "easing"
    OUTAGE = "outage"


class Standing(msgspec.Struct, frozen=True):
    """An alert as one contact knows it.

    `told` is the level last given out to the contact (0: nothing, or that it is over), `low` the lowest level since
    then and before the newest change. `unsure`: the message that told it is being tried again. `muted` is the stage
    that held back its last news.
    """

    newest: AlertChange
    told: int = 0
    low: int = 0
    unsure: bool = False
    muted: str = ""

    @property
    def open(self) -> bool:
        """It goes on, as far as is known."""
        return self.newest.level > 0 and (self.told > 0 or not self.newest.over)

    @property
    def believed(self) -> int:
        """What the contact was told and is still true of it."""
        return min(self.told, self.low, self.newest.level)

    @property
    def settled(self) -> bool:
        """Over, and nothing of it is left to tell."""
        return self.newest.level == 0 and not self.told


class Waiting(msgspec.Struct, frozen=True):
    """The message of the group that no sender has taken yet, and the alerts that it tells of."""

    id: str
    at: datetime
    alerts: list[str]


class Group(msgspec.Struct, frozen=True):
    """What one contact knows of one place; `last` is when its last message was given out."""

    place: str
    standings: dict[str, Standing]
    waiting: Waiting | None = None
    last: datetime | None = None


class Verdict(msgspec.Struct, frozen=True):
    """What becomes of a change for one contact.

    Without a stage it is a message due `at`, on `shown`, worst first; `still` goes on and is only mentioned. With a
    stage it is muted, `by` the alert that did it. The message `absorbs` is merged into it.
    """

    at: datetime
    stage: Stage | None = None
    by: str = ""
    shown: list[AlertChange] = []
    still: list[AlertChange] = []
    absorbs: str = ""


def decide(change: AlertChange, group: Group, contact: Contact, now: datetime, interval_s: float) -> Verdict:
    """Tell it, merge it, or mute it by name; `change` is the newest of its alert in `group`."""
    mine, waiting = group.standings[change.alert], group.waiting
    held = set(waiting.alerts) if waiting is not None else set()
    if change.alert not in held:
        stage, by = _muted(mine, group, contact)
        if stage is not None:
            return Verdict(now, stage, by)
    wanted = {change.alert} | held
    freed, still = _freed(wanted, group, contact)
    told = [
        one
        for alert, one in group.standings.items()
        if alert in wanted | freed and (_news(one, contact) or (alert in held and _outage_over(one)))
    ]
    told = [one for one in told if _blocked(one, group)[0] is None]
    absorbs = waiting.id if waiting is not None else ""
    if not told:
        # It began and ended before anybody was told of it.
        return Verdict(now, Stage.OVER, absorbs=absorbs)
    told.sort(key=_worst_first)
    return Verdict(
        _due(told, group, now, interval_s),
        shown=[one.newest for one in told],
        still=still,
        absorbs=absorbs,
    )


def _outage_over(one: Standing) -> bool:
    """An outage that is over before anybody was told of it is told as such: data of its time came late or not at all."""
    return one.newest.kind is Kind.OUTAGE and one.newest.level == 0 and not one.newest.over


def _muted(mine: Standing, group: Group, contact: Contact) -> tuple[Stage | None, str]:
    change = mine.newest
    if change.over and not (change.level == 0 and mine.told):
        return Stage.OVER, ""
    if change.level == 0 and not mine.told:
        # Of whose beginning the contact was not told, he is not told the end.
        return Stage(mine.muted or Stage.OVER), ""
    if not _news(mine, contact):
        return (Stage.EASING if change.change is Change.BETTER else Stage.INHIBITED), ""
    return _blocked(mine, group)


def _news(one: Standing, contact: Contact) -> bool:
    """Whether the contact knows less than the newest change says."""
    level = one.newest.level
    if level == 0:
        return one.told > 0
    if not one.told:
        return not one.newest.over
    return one.unsure or level > one.low or (contact.tells_easing and level < one.told)


def _blocked(one: Standing, group: Group) -> tuple[Stage | None, str]:
    """The alert, if any, behind which this news is not told."""
    change, danger = one.newest, danger_of(one.newest)
    others = [each for each in group.standings.values() if each.open and each.newest.alert != change.alert]
    if change.kind is Kind.SILENT and change.level and not one.told:
        for each in others:
            if _covers(each.newest, change):
                return Stage.OUTAGE, each.newest.alert
    for each in others:
        same = danger_of(each.newest) == danger
        if same and each.told and (change.level == 0 or each.believed >= change.level):
            return Stage.INHIBITED, each.newest.alert
    return None, ""


def _covers(outage: AlertChange, silent: AlertChange) -> bool:
    """Before the stations that it names an outage stands; one that names none before all stations, but no camera."""
    if outage.kind is not Kind.OUTAGE:
        return False
    return silent.station in outage.parameters if outage.parameters else silent.parameter != PICTURE


def _freed(wanted: set[str], group: Group, contact: Contact) -> tuple[set[str], list[AlertChange]]:
    """What was held back behind alerts that now end: to tell with them, and to mention beside them."""
    ends = [
        one
        for alert, one in group.standings.items()
        if alert in wanted
        and one.newest.level == 0
        and _news(one, contact)
        and _blocked(one, group)[0] is None
    ]
    dangers = {danger_of(one.newest) for one in ends}
    outages = [one.newest for one in ends if one.newest.kind is Kind.OUTAGE]
    freed, still = set[str](), list[AlertChange]()
    for alert, one in group.standings.items():
        if alert in wanted:
            continue
        silent = one.newest.kind is Kind.SILENT and any(_covers(each, one.newest) for each in outages)
        if not (silent or danger_of(one.newest) in dangers):
            continue
        if one.newest.level == 0 or (not one.told and (silent or one.newest.level >= SERIOUS)):
            freed.add(alert)
        elif one.open and not one.told:
            still.append(one.newest)
    return freed, still


def _worst_first(one: Standing) -> tuple[bool, int, int, datetime, str]:
    change = one.newest
    return change.kind is not Kind.OUTAGE, -change.level, -one.told, change.at, change.alert


def _due(told: list[Standing], group: Group, now: datetime, interval_s: float) -> datetime:
    """Now, or when the interval since the last message of the place is over."""
    worst = max(one.newest.level for one in told)
    known = max((one.told for one in group.standings.values() if one.open), default=0)
    if group.place == HEALTH:
        worse = any(one.newest.kind is Kind.OUTAGE and one.open and not one.told for one in told)
    else:
        worse = worst > known
    if worse or worst >= AT_ONCE_FROM:
        return now
    if group.waiting is not None:
        return group.waiting.at
    interval = timedelta(seconds=interval_s)
    earliest = now + interval * GATHER if group.place == HEALTH else now
    return earliest if group.last is None else max(earliest, group.last + interval)
