"""How an event finds a person who acts: ladders, inhibitions, hours, rota, budget. The file routing.yaml.

Who is concerned at all stands in contacts.yaml (hamlet, kind, least level); this says in what order people are asked, what holds
back what, and when.
"""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Annotated

import msgspec

from models.catalogue.channels import Channel
from models.catalogue.kinds import Kind

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment with its offset from UTC."""
CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
DAY = r"^[0-1][0-9]-[0-3][0-9]$"
Clock = Annotated[str, msgspec.Meta(pattern=CLOCK)]
"""A time of the day in Vietnam, such as 05:30."""


class Rung(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is called when nobody has answered `after_min` minutes after the event rose: contacts of these roles."""

    after_min: Annotated[int, msgspec.Meta(ge=0, le=1440)]
    roles: Annotated[list[str], msgspec.Meta(min_length=1)]


class Ladder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The order in which people are asked for an event of one of `kinds` (none: any) at one of `levels`.

    `answers`: how many persons have to say that they go. `repeat_min`: minutes after which who has not answered is told again, once;
    none: never. The first ladder that fits is the one.
    """

    levels: Annotated[list[Annotated[int, msgspec.Meta(ge=1, le=5)]], msgspec.Meta(min_length=1)]
    rungs: Annotated[list[Rung], msgspec.Meta(min_length=1)]
    kinds: list[Kind] = []
    answers: Annotated[int, msgspec.Meta(ge=1, le=5)] = 1
    repeat_min: Annotated[int, msgspec.Meta(ge=1, le=1440)] | None = None


class Same(enum.StrEnum):
    """What two alerts must have in common so that one holds back the other."""

    PLACE = "place"
    STATION = "station"
    HAMLET = "hamlet"
    COMMUNE = "commune"


class Inhibition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An open alert of one of `by` from `least_level` on holds back news of `mutes` that is not worse than it."""

    by: Annotated[list[Kind], msgspec.Meta(min_length=1)]
    mutes: Annotated[list[Kind], msgspec.Meta(min_length=1)]
    least_level: Annotated[int, msgspec.Meta(ge=1, le=5)] = 1
    same: Same = Same.PLACE


class DayProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days with rules of their own: a market day, a festival, the flood season.

    It holds on the given `dates`, on `days` of the week (1 Monday to 7 Sunday), and between the days of the year `from_day` and
    `to_day` (MM-DD, both included, may pass the new year). Kinds in `quiet` below `rings_from` are kept for the screen only.
    """

    name: str
    quiet: list[Kind] = []
    rings_from: Annotated[int, msgspec.Meta(ge=2, le=3)] = 2
    dates: list[date] = []
    days: list[Annotated[int, msgspec.Meta(ge=1, le=7)]] = []
    from_day: Annotated[str, msgspec.Meta(pattern=DAY)] | None = None
    to_day: Annotated[str, msgspec.Meta(pattern=DAY)] | None = None


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When people of `roles` are told of `kinds` below level 3: from `begins` to `ends`, in Vietnam's time; else at `begins`."""

    roles: Annotated[list[str], msgspec.Meta(min_length=1)]
    kinds: list[Kind]
    begins: Clock
    ends: Clock
    rings_from: Annotated[int, msgspec.Meta(ge=2, le=3)] = 3


class Shift(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who has the duty of `role` from `begins` to before `ends`; a role with shifts has no other contacts."""

    role: str
    contacts: Annotated[list[str], msgspec.Meta(min_length=1)]
    begins: Instant
    ends: Instant


class Budget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What messages may cost in a month of Vietnam, in VND. Nothing is ever stopped by it.

    `roles` are told when `warn_share` of it is spent and when all is; none: the screens only. `prices`: VND that a message is
    reckoned at by a way whose service names no price.
    """

    month_vnd: Annotated[int, msgspec.Meta(gt=0)]
    warn_share: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.8
    prices: dict[Channel, Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]] = {}
    roles: list[str] = []


class Office(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number that the wall shows when nobody has answered; of an office, never of a person."""

    name: str
    number: str


class Routing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file routing.yaml."""

    ladders: list[Ladder] = []
    inhibitions: list[Inhibition] = []
    profiles: list[DayProfile] = []
    hours: list[Hours] = []
    rota: list[Shift] = []
    budget: Budget | None = None
    ring: list[Office] = []
