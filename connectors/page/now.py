"""What the page knows at a moment, as one value: read once, shown to everybody."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from connectors.timescale.canary import CanaryState
from models.catalogue.states import STATES, State, StateRow

FUTURE = timedelta(minutes=5)
"""A datum so far ahead of the clock tells of nothing that is."""


class Place(msgspec.Struct, frozen=True):
    """A row of places_at; `vi` is the whole sentence with its age.

    `apart`: why nothing can be known of it yet (apart_at: unsent, untaught, unsure); it is counted with others of its like, not told by itself.
    """

    kind: str
    place: str
    name: str
    hamlets: list[str]
    latitude: float | None
    longitude: float | None
    camera: str | None
    state: str
    since: datetime | None
    datum_at: datetime | None
    parameter: str
    value: float | None
    unit: str
    vi: str
    en: str
    level: int = 0
    apart: str = ""

    @property
    def look(self) -> StateRow:
        """Its state; a word that nobody knows is not to be trusted."""
        return state(self.state)


class Alert(msgspec.Struct, frozen=True):
    """A row of open_alerts_at."""

    alert: str
    kind_vi: str
    place: str
    name: str
    level_vi: str
    state: str
    since: datetime
    value_vi: str
    told: int
    arrived: int
    told_vi: str
    answered_vi: str
    kind: str = ""
    hamlets: list[str] = []
    level: int = 1

    @property
    def look(self) -> StateRow:
        """Its state."""
        return state(self.state)


class Unanswered(msgspec.Struct, frozen=True):
    """A row of nobody_at: an open event that nobody takes; `title` says so, `ring` are the numbers of offices."""

    event: str
    name: str
    level: int
    since: datetime
    title: str
    ring: str


class Rung(msgspec.Struct, frozen=True):
    """A row of ladder_at: something that the river reaches at `level` metres."""

    level: float
    vi: str
    en: str
    kind: str
    source: str
    reached: bool | None
    distance_m: float | None
    value: float | None
    datum_at: datetime | None


class Point(msgspec.Struct, frozen=True, gc=False):
    """A checked reading."""

    at: datetime
    value: float


class Forecast(msgspec.Struct, frozen=True):
    """When the next level may be reached, hours after `at`: the earliest, the likely, the latest (None: no trend)."""

    at: datetime
    low_h: float
    likely_h: float | None
    high_h: float | None


class River(msgspec.Struct, frozen=True):
    """A gauge: its ladder (highest first) and its last day."""

    place: str
    ladder: list[Rung]
    points: list[Point]
    forecast: Forecast | None


class Picture(msgspec.Struct, frozen=True):
    """The newest kept picture of a camera; people in it are pixelated. `alert` empty: one that is kept from time to time, `caption` says what it shows."""

    camera: str
    name: str
    alert: str
    seq: int
    at: datetime
    people: int
    caption: str = ""


class Now(msgspec.Struct, frozen=True):
    """All of it, as of `at`. `trouble` (vi, en): the store could not be read, and `places` are of before."""

    at: datetime
    places: list[Place]
    alerts: list[Alert]
    alert_count: int
    rivers: list[River]
    pictures: list[Picture]
    heard_at: datetime | None = None
    """When the process `places` last wrote."""
    trouble: tuple[str, str] | None = None
    canary: CanaryState | None = None
    """How old the canary is; None: the store could not be read, or the canary is off."""

    @property
    def canary_said(self) -> tuple[str, str]:
        """How old the canary is, vi and en; what is not known is said so."""
        if self.canary is None:
            return "Tin thử: không rõ", "The canary: not known"
        return self.canary.vi, self.canary.en

    nobody: list[Unanswered] = []
    """Events that nobody takes, the worst first."""

    @property
    def told(self) -> list[Place]:
        """The places that are told one by one, in their order."""
        return [place for place in self.places if not place.apart]

    @property
    def ages(self) -> list[tuple[Place, timedelta]]:
        """The places that have ever told anything, with how long ago; the oldest first."""
        found = [(place, self.at - place.datum_at) for place in self.told if place.datum_at is not None]
        return sorted(found, key=lambda one: -one[1])


def state(code: str) -> StateRow:
    """The row of a state's code."""
    try:
        return STATES[State(code)]
    except ValueError:
        return STATES[State.UNTRUSTED]


def sound(now: Now) -> Now:
    """The same where nothing is taken for known that cannot be: data of the future, a store that is away."""
    places = [_sound(place, now) for place in now.places]
    return msgspec.structs.replace(now, places=sorted(places, key=lambda place: place.look.rank))


def _sound(place: Place, now: Now) -> Place:
    if now.trouble is not None:
        vi, en = now.trouble
        before = f"; lần cuối đọc được: {place.vi}" if place.vi else ""
        before_en = f"; last read: {place.en}" if place.en else ""
        return msgspec.structs.replace(
            place,
            state=State.SILENT,
            value=None,
            vi=f"{place.name}: {vi}{before}",
            en=f"{place.name}: {en}{before_en}",
        )
    if place.datum_at is not None and place.datum_at > now.at + FUTURE:
        return msgspec.structs.replace(
            place, state=State.UNTRUSTED, value=None,
            vi=f"{place.name}: giờ đo nằm trong tương lai, số đo không tin được",
            en=f"{place.name}: measured in the future, not to be trusted",
        )  # fmt: skip
    return place
