"""What holds back news that a contact would be told, stage by stage: inhibited, quiet days, silences, hours. Pure.

Each stage says why, or None; flows/alerts.py has their order. None of them is asked of level 3, which always rings, and but for
the hours none of an end: who was told that it began is told that it is over.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import DANGER, Kind
from models.alerting.places import place_of
from models.alerting.routing import apart, hamlets_concerned
from models.alerting.silence import Silence, hides
from models.alerting.stage import Hold, Stage
from models.alerting.words import VIETNAM
from models.commune.configuration import Commune
from models.commune.place import hamlets_of
from models.commune.routing import DayProfile, Hours, Same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from models.alerting.alert import AlertChange
    from models.alerting.around import Standing
    from models.commune.configuration import Contact
    from models.commune.routing import Inhibition


class Scene(msgspec.Struct, frozen=True):
    """What the stages may look at: `at` is the platform's time, `now` the senders'; `inhibitors` are open, `silences` in force."""

    commune: Commune
    at: datetime
    now: datetime
    inhibitors: tuple[Standing, ...] = ()
    silences: tuple[Silence, ...] = ()


if TYPE_CHECKING:
    Holding = Callable[[AlertChange, Contact, Scene], Hold | None]
    """A stage."""


def held_back(change: AlertChange, contact: Contact, scene: Scene, stages: Iterable[Holding]) -> Hold | None:
    """The first of the stages that holds the news back for the contact; level 3 is asked of none."""
    if change.level >= DANGER:
        return None
    return next((found for stage in stages if (found := stage(change, contact, scene)) is not None), None)


def inhibit(change: AlertChange, contact: Contact, scene: Scene) -> Hold | None:
    """An open alert that says as much or more holds it back (routing.yaml), if the contact is one who is told of that.

    An outage that names stations holds back what comes of these alone.
    """
    rules = scene.commune.routing.inhibitions if scene.commune.routing else []
    if not change.level:
        return None
    for rule in rules:
        if change.kind not in rule.mutes:
            continue
        for other in scene.inhibitors:
            if _holds(other, change, rule, scene.commune) and _told_of(other, change, contact, scene):
                return Hold(Stage.RULE, other.alert)
    return None


def quiet_day(change: AlertChange, _contact: Contact, scene: Scene) -> Hold | None:
    """On a market day a crowd is no news: kinds that are quiet today, below the level from which they ring."""
    profiles = scene.commune.routing.profiles if scene.commune.routing else []
    if not change.level:
        return None
    today = scene.at.astimezone(VIETNAM)
    for profile in profiles:
        if change.kind in profile.quiet and change.level < profile.rings_from and holds_on(profile, today):
            return Hold(Stage.HOURS, profile.name)
    return None


def silence(change: AlertChange, contact: Contact, scene: Scene) -> Hold | None:
    """A person said that it is not to ring for a while."""
    if not change.level or not scene.silences:
        return None
    hamlets = hamlets_concerned(change, scene.commune)
    for each in scene.silences:
        if each.in_force(scene.at) and hides(each, change, contact, hamlets):
            stage = Stage.MAINTENANCE if each.maintenance else Stage.SILENCED
            return Hold(stage, f"#{each.id}: {each.because}", silence=each.id)
    return None


def keep_hours(change: AlertChange, contact: Contact, scene: Scene) -> Hold | None:
    """Out of the hours of the contact's role it is due when they begin."""
    hours = scene.commune.routing.hours if scene.commune.routing else []
    local = scene.at.astimezone(VIETNAM)
    for each in hours:
        if contact.role not in each.roles or change.kind not in each.kinds:
            continue
        if change.level >= each.rings_from or within(each, local.time()):
            return None
        begins = next_begin(each, local)
        return Hold(Stage.HOURS, f"{begins:%H:%M %d/%m}", until=scene.now + (begins - local))
    return None


def holds_on(profile: DayProfile, day: datetime) -> bool:
    """Whether the day of Vietnam is one of the profile's."""
    if day.date() in profile.dates or day.isoweekday() in profile.days:
        return True
    if profile.from_day is None or profile.to_day is None:
        return False
    today = f"{day:%m-%d}"
    if profile.from_day <= profile.to_day:
        return profile.from_day <= today <= profile.to_day
    return today >= profile.from_day or today <= profile.to_day


def within(hours: Hours, now: time) -> bool:
    """Whether a time of the day lies in them; they may pass midnight.

    >>> within(Hours(["trưởng thôn"], [Kind.AIR], "21:00", "05:00"), time(23, 30))
    True
    """
    begins, ends = time.fromisoformat(hours.begins), time.fromisoformat(hours.ends)
    if begins < ends:
        return begins <= now < ends
    return now >= begins or now < ends


def next_begin(hours: Hours, local: datetime) -> datetime:
    """When they begin next, after a time of Vietnam."""
    begins = datetime.combine(local.date(), time.fromisoformat(hours.begins), local.tzinfo)
    return begins if begins > local else begins + timedelta(days=1)


def _holds(other: Standing, change: AlertChange, rule: Inhibition, commune: Commune) -> bool:
    """Whether an open alert is one that the rule lets hold back the change."""
    if other.alert == change.alert or other.kind not in rule.by:
        return False
    if not rule.least_level <= other.level >= change.level:
        return False
    if other.kind is Kind.OUTAGE and other.parameters:
        return change.station in other.parameters
    match rule.same:
        case Same.PLACE:
            return place_of(other, commune) == place_of(change, commune)
        case Same.STATION:
            return other.station == change.station
        case Same.HAMLET:
            return not hamlets_of(other.station, commune).isdisjoint(hamlets_of(change.station, commune))
        case Same.COMMUNE:
            return True


def _told_of(other: Standing, change: AlertChange, contact: Contact, scene: Scene) -> bool:
    """Whether the contact is told of the other alert: who is not, would be told of nothing at all.

    What a silence or a quiet day hides is not told either.
    """
    as_change = msgspec.structs.replace(
        change,
        alert=other.alert,
        kind=other.kind,
        station=other.station,
        level=other.level,
        previous=0,
        parameters=other.parameters,
    )
    if apart(as_change, contact, scene.commune) is not None:
        return False
    return held_back(as_change, contact, scene, (quiet_day, silence)) is None
