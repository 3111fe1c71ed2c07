"""One event, one message: what a contact is told of a change, when, and why what is not told is not.

    change ── over? behind an outage? never begun? easing? the place told at this level? ──> muted, by name
           ├─ held back by routing.yaml or a silence (models/alerting/holding.py)? ──> muted, by name
           └─ news ── a message of the place waits ──> takes its place, tells what it told too (the old one: merged)
                   └─ worse than told, or level 3 ──> now; out of hours, when they begin
                   └─ else ──> when the group's interval since the last message is over

Pure: models/alerting/knowledge.py gives what the contact has heard, the time is an argument. Suspect may raise, only the
end of all may clear: an all-clear goes out once, when nothing the contact has heard of at that place goes on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import DANGER, AlertChange, Change, Kind
from models.alerting.places import HEALTH, danger_of
from models.alerting.stage import Hold, Stage, never

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.commune.configuration import Contact

GATHER = 0.2
"""Share of the interval for which the first news on instruments waits: what breaks together is told together."""
PICTURE = "picture"
"""What a camera sends comes another way than readings."""
SWING = timedelta(hours=1)
"""A level that a contact was told of so lately is no news when it is reached anew: a value that swings around its limit."""
SERIOUS = 2
"""An alert that was held back behind another one is told when that one ends, from this level on."""


class KnownAlert(msgspec.Struct, frozen=True):
    """An alert as one contact knows it.

    `heard` is the level last given out to the contact (0: nothing, or that it is over), `low` the lowest level since
    then and before the newest change. `unsure`: the message that gave it out is being tried again. `muted` is the stage
    that held back its last news; `told_at` when a sender took what was last given out.
    """

    newest: AlertChange
    heard: int = 0
    low: int = 0
    unsure: bool = False
    muted: str = ""
    told_at: datetime | None = None

    @property
    def open(self) -> bool:
        """It goes on, as far as is known."""
        return self.newest.level > 0 and (self.heard > 0 or not self.newest.over)

    @property
    def believed(self) -> int:
        """The level that the contact heard of and that is still true."""
        return min(self.heard, self.low, self.newest.level)

    @property
    def settled(self) -> bool:
        """Over, and nothing of it is left to tell."""
        return self.newest.level == 0 and not self.heard


class Waiting(msgspec.Struct, frozen=True):
    """The message of the group that no sender has taken yet, due `at`, and the alerts that it tells of."""

    id: str
    at: datetime
    alerts: list[str]


class Group(msgspec.Struct, frozen=True):
    """What one contact knows of one place, by alert; `last` is when its last message was given out."""

    place: str
    alerts: dict[str, KnownAlert]
    waiting: Waiting | None = None
    last: datetime | None = None


class Decision(msgspec.Struct, frozen=True):
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
    silence: int | None = None
    put_off: str = ""


def decide(
    change: AlertChange,
    group: Group,
    contact: Contact,
    now: datetime,
    interval_s: float,
    hold: Callable[[AlertChange], Hold | None] = never,
) -> Decision:
    """Tell it, merge it, or mute it by name; `change` is the newest of its alert in `group`.

    `interval_s`: seconds from the last message about the place within which news waits to be one message. `hold`: what holds back
    what would be told; it is asked last, so that it names only what it hides. What already waits in a message goes on.
    """
    own, waiting = group.alerts[change.alert], group.waiting
    held = set(waiting.alerts) if waiting is not None else set()
    if change.alert not in held:
        stage, by = _muted(own, group, contact, now)
        if stage is not None:
            return Decision(now, stage, by)
        held_back = hold(change)
        if held_back is not None and held_back.until is None:
            return Decision(now, held_back.stage, held_back.by, silence=held_back.silence)
    wanted = {change.alert} | held
    freed, still = _freed(wanted, group, contact, now)
    holds = {name: hold(group.alerts[name].newest) for name in freed}
    freed = {name for name, one in holds.items() if one is None or one.until is not None}
    news = [
        alert
        for name, alert in group.alerts.items()
        if name in wanted | freed and (_news(alert, contact, now) or (name in held and _outage_over(alert)))
    ]
    news = [alert for alert in news if _blocked(alert, group)[0] is None]
    absorbs = waiting.id if waiting is not None else ""
    if not news:
        # It began and ended before anybody was told of it.
        return Decision(now, Stage.OVER, absorbs=absorbs)
    news.sort(key=_worst_first)
    due = _due(news, group, now, interval_s)
    put_off = _put_off(news, waiting, hold)
    if put_off is not None and (put_off.until is None or put_off.until <= due):
        put_off = None
    return Decision(
        due if put_off is None or put_off.until is None else put_off.until,
        shown=[alert.newest for alert in news],
        still=still,
        absorbs=absorbs,
        put_off=put_off.by if put_off is not None else "",
    )


def _put_off(
    news: list[KnownAlert], waiting: Waiting | None, hold: Callable[[AlertChange], Hold | None]
) -> Hold | None:
    """What all of the news waits for, the first of it; None where some waits for nothing, and takes the rest with it.

    What already waits in a message and is held back since goes out with it, at its time.
    """
    found: list[Hold] = []
    for alert in news:
        one = hold(alert.newest)
        if one is None:
            return None
        if one.until is None and waiting is not None:
            one = msgspec.structs.replace(one, until=waiting.at)
        found.append(one)
    return min(found, key=lambda one: (one.until is None, one.until))


def _outage_over(alert: KnownAlert) -> bool:
    """An outage that is over before anybody was told of it is told as such: data of its time came late or not at all."""
    return alert.newest.kind is Kind.OUTAGE and alert.newest.level == 0 and not alert.newest.over


def _muted(own: KnownAlert, group: Group, contact: Contact, now: datetime) -> tuple[Stage | None, str]:
    """Why the newest change of `own` is not told, and the alert that is the reason, if it is one."""
    change = own.newest
    if change.over and not (change.level == 0 and own.heard):
        return Stage.OVER, ""
    if change.level == 0 and not own.heard:
        # Of whose beginning the contact was not told, he is not told the end.
        return Stage(own.muted or Stage.OVER), ""
    if not _news(own, contact, now):
        return (Stage.EASING if change.change is Change.BETTER else Stage.INHIBITED), ""
    return _blocked(own, group)


def _news(alert: KnownAlert, contact: Contact, now: datetime) -> bool:
    """Whether the contact knows less than the newest change says."""
    level = alert.newest.level
    if level == 0:
        return alert.heard > 0
    if not alert.heard:
        return not alert.newest.over
    lately = alert.told_at is not None and now - alert.told_at < SWING
    if lately and not alert.unsure and alert.low < level <= alert.heard and level < DANGER:
        return False
    return alert.unsure or level > alert.low or (contact.tells_easing and level < alert.heard)


def _blocked(alert: KnownAlert, group: Group) -> tuple[Stage | None, str]:
    """The alert, if any, behind which this news is not told."""
    change, danger = alert.newest, danger_of(alert.newest)
    others = [other for other in group.alerts.values() if other.open and other.newest.alert != change.alert]
    if change.kind is Kind.SILENT and change.level and not alert.heard:
        for other in others:
            if _covers(other.newest, change):
                return Stage.OUTAGE, other.newest.alert
    for other in others:
        same = danger_of(other.newest) == danger
        if same and other.heard and (change.level == 0 or other.believed >= change.level):
            return Stage.INHIBITED, other.newest.alert
    return None, ""


def _covers(outage: AlertChange, silent: AlertChange) -> bool:
    """Before the stations that it names an outage stands; one that names none before all stations, but no camera."""
    if outage.kind is not Kind.OUTAGE:
        return False
    return silent.station in outage.parameters if outage.parameters else silent.parameter != PICTURE


def _freed(
    wanted: set[str], group: Group, contact: Contact, now: datetime
) -> tuple[set[str], list[AlertChange]]:
    """What was held back behind alerts that now end: to tell with them, and to mention beside them."""
    ends = [
        alert
        for name, alert in group.alerts.items()
        if name in wanted
        and alert.newest.level == 0
        and _news(alert, contact, now)
        and _blocked(alert, group)[0] is None
    ]
    dangers = {danger_of(alert.newest) for alert in ends}
    outages = [alert.newest for alert in ends if alert.newest.kind is Kind.OUTAGE]
    freed, still = set[str](), list[AlertChange]()
    for name, alert in group.alerts.items():
        if name in wanted:
            continue
        newest = alert.newest
        silent = newest.kind is Kind.SILENT and any(_covers(outage, newest) for outage in outages)
        if not (silent or danger_of(newest) in dangers):
            continue
        if newest.level == 0 or (not alert.heard and (silent or newest.level >= SERIOUS)):
            freed.add(name)
        elif alert.open and not alert.heard:
            still.append(newest)
    return freed, still


def _worst_first(alert: KnownAlert) -> tuple[bool, int, int, datetime, str]:
    change = alert.newest
    return change.kind is not Kind.OUTAGE, -change.level, -alert.heard, change.at, change.alert


def _due(news: list[KnownAlert], group: Group, now: datetime, interval_s: float) -> datetime:
    """Now, or when the interval since the last message of the place is over."""
    worst = max(alert.newest.level for alert in news)
    known = max((alert.heard for alert in group.alerts.values() if alert.open), default=0)
    if group.place == HEALTH:
        worse = any(alert.newest.kind is Kind.OUTAGE and alert.open and not alert.heard for alert in news)
    else:
        worse = worst > known
    if worse or worst >= DANGER:
        return now
    interval = timedelta(seconds=interval_s)
    earliest = now + interval * GATHER if group.place == HEALTH else now
    due = earliest if group.last is None else max(earliest, group.last + interval)
    # What waits may wait for the morning; it never makes other news wait longer than the interval.
    return due if group.waiting is None else min(due, group.waiting.at)
