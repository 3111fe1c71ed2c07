"""What is remembered of one sensor (a parameter of a station) between two readings."""

from __future__ import annotations

import math
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

import msgspec

from models.air.aqi import Pollutant
from models.alerting.rule import LevelState, Limits
from models.commune.configuration import Level, Parameter
from models.envelope.refusal import LATE_MS
from models.fish.night import NightHabit
from models.quality.clockwork import Clockwork
from models.quality.settings import Quality
from models.quality.trust import Trust
from models.river.configuration import Gauge
from models.river.flood import FloodState
from models.river.release import Reservoir
from models.telemetry.seen import Seen

BRIDGE, INTAKE = "bridge", "intake"
"""The two processes that put readings on the topic; each says now and then that it lives."""


@dataclass(slots=True)
class Silence:
    """`heard_ms` is when it was last heard, `onset_ms` the deadline it missed, 0 while it speaks."""

    heard_ms: int = 0
    onset_ms: int = 0


@dataclass(slots=True)
class SensorState:
    """All memory of one sensor; `levels` by rule id. It is pickled at each snapshot.

    `silence` is by arrival (a clock that is slow is not silent), `doubt` by the readings' own time. `delay_ms`: how late the
    newest reading came, `catching_up`: it is of a backlog that is being read. `closed_ms` ends the last hour whose mean was told to the rules on hourly means.
    """

    seen: Seen = field(default_factory=Seen)
    silence: Silence = field(default_factory=Silence)
    doubt: Silence = field(default_factory=Silence)
    """The same of readings that rules may use."""
    clockwork: Clockwork = field(default_factory=Clockwork)
    trust: Trust = field(default_factory=Trust)
    levels: dict[str, LevelState] = field(default_factory=dict)
    delay_ms: int = 0
    catching_up: bool = False
    closed_ms: int = 0
    site: SiteState | None = None
    """Of the whole station, under the key (station, SITE)."""
    ways: dict[str, Way] = field(default_factory=dict)
    """Of the whole partition, under the key (SITE, SITE): what carries readings to us, by name."""

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        """Take a snapshot of an earlier version too: what it did not know begins anew."""
        _restore(self, state[1])


@dataclass(slots=True)
class Way:
    """A process that carries readings to us, by its own beats.

    The newest, within what time the next is promised, when its last outage ended, and whether one is told.
    """

    beat_ms: int = 0
    promise_ms: int = 0
    back_ms: int = 0
    told: bool = False


@dataclass(slots=True)
class Spell:
    """A silence that was told: its alert's onset, what is silent, and what of it has been heard again (and since when)."""

    onset_ms: int
    codes: list[str]
    never: bool
    back: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class SiteState:
    """What is remembered of a station as a whole.

    `reckoned_ms`: up to where (event time) each group of derived values has been told; `means`: hourly means by code, by the
    end of the hour in ms; `floods`: what the record of floods was after each reading that changed it.
    `spells` and `calmed`: silences that are told, and when earlier ones ended; `odd`: sensors whose clock is wrong, the
    alert that tells it, and how far a clock that is far ahead is taken back. `due_ms`: before it time alone changes nothing.
    """

    reckoned_ms: dict[str, int] = field(default_factory=dict)
    means: dict[str, dict[int, tuple[float, int]]] = field(default_factory=dict)
    closed_ms: int = 0
    floods: list[tuple[int, FloodState]] = field(default_factory=list)
    spells: list[Spell] = field(default_factory=list)
    calmed: list[int] = field(default_factory=list)
    odd: set[str] = field(default_factory=set)
    odd_onset_ms: int = 0
    odd_s: float = 0.0
    ahead_ms: int = 0
    heard_ms: int = 0
    due_ms: int = 0

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        """As of SensorState."""
        _restore(self, state[1])


def _restore(one: SensorState | SiteState, known: dict[str, Any]) -> None:
    for each in fields(one):
        made = each.default if each.default_factory is MISSING else each.default_factory()
        setattr(one, each.name, known.get(each.name, made))


SITE = ""
"""No parameter's code: the place of what belongs to a station as a whole."""
Shard = dict[tuple[str, str], SensorState]
"""The memory of one partition: (station, parameter) -> state."""


class Sensor(msgspec.Struct, frozen=True):
    """What the configuration says of one sensor: its parameter and the rules that watch it."""

    station: str
    parameter: Parameter
    key: tuple[str, str]
    each: tuple[Limits, ...]
    hourly: tuple[Limits, ...]
    pollutant: Pollutant | None = None
    to_ug_m3: float = 1.0
    """What the index reckons with, and the factor from the station's unit."""
    quality: Quality | None = None
    reach: int = 1
    span_ms: int = LATE_MS
    """Settings of quality control, how many readings back a flag may hang on, and how long readings are remembered."""
    site: Site | None = None
    """Its station, where something is reckoned from this parameter; None: the reading stands for itself."""
    late_ms: int = LATE_MS
    """How long after its time a reading may come and still be judged."""
    offset_ms: int = 0
    """How far the station's clock is ahead, as the commune says."""
    jump: float = math.inf
    """A change an hour that cannot be: what comes after it is doubted until it is near again, or has lived for hours."""
    way: str = BRIDGE
    """What carries its readings to us."""


class Site(msgspec.Struct, frozen=True):
    """A station: its sensors, and those that are reckoned (rules may watch them; nobody sends them)."""

    station: str
    sensors: dict[str, Sensor]
    derived: dict[str, Sensor]
    gauge: Gauge | None = None
    alarms: tuple[Level, ...] = ()
    """The alarm levels of its gauge, the lowest first."""
    nights: NightHabit | None = None
    oxygen_limit: float | None = None
    reservoir: Reservoir | None = None
    hourly: list[str] = []
    """Parameters whose hourly means say something together."""
    watched: list[str] = []
    """Derived values that a rule watches."""
    """Of stations at cages: how nights go there, and the lowest limit of its oxygen rule."""


Plan = dict[str, dict[str, Sensor]]
"""station -> parameter -> Sensor, looked up for every reading."""
